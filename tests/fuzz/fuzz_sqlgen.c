/* Any bytes as a named query: refused with a reason, or turned into C. */
#include <stdlib.h>

#include "daemon/base/arena.h"
#include "sql/gen/emit.c"
#include "sql/gen/query.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create(0);
    struct query q;
    struct err e = {""};
    struct buf out = {0};
    if (query_read(a, "room/x.sql", (struct str){(const char *)data, size}, &q, &e)) {
        emit_header(&out, "room", &q, 1);
        emit_source(&out, "room", &q, 1);
        emit_stmts(&out, &q, 1);
        if (!text_is_utf8(out.p, out.n) || memchr(out.p, '\0', out.n))
            abort();
    } else if (!*e.text) {
        abort();
    }
    buf_finish(&out);
    arena_destroy(&a);
    return 0;
}
