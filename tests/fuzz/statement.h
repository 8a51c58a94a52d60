/* What the fuzzers of all kinds of statements ask: each takes the bytes that are for it. */
#ifndef TESTS_FUZZ_STATEMENT_H
#define TESTS_FUZZ_STATEMENT_H

#include <stdint.h>
#include <stdlib.h>

#include "daemon/base/arena.h"
#include "daemon/base/json.h"
#include "payments/bank/statement.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As lines it is read when it is read as one object, and they are as many as its entries and statements. */
static inline void fuzz_lines(struct str in, bool read, const struct buf *whole)
{
    struct buf lines = {0};
    struct err e = {""};
    struct arena *a = arena_create(0);
    if (statement_read_lines(in, &lines, &e) != read || (!read && lines.n))
        abort();
    size_t wanted = 0, found = 0, i;
    json_t *statement;
    json_array_foreach(json_object_get(read ? json_read(a, buf_str(whole), SIZE_MAX, &e) : NULL, "statements"), i, statement)
        wanted += 1 + json_array_size(json_object_get(statement, "entries"));
    for (struct str rest = {lines.p, read ? lines.n - 1 : 0}, line; read && str_cut(&rest, '\n', &line); found++)
        if (!json_read(a, line, SIZE_MAX, &e))
            abort();
    if (found != wanted)
        abort();
    arena_destroy(&a);
    buf_finish(&lines);
}

/* Whatever is read is JSON, and the answer does not depend on the pieces in which the bytes come. */
static inline int fuzz_statement(struct str in)
{
    struct buf whole = {0}, pieces = {0};
    struct err e = {""};
    bool read = statement_read_json(in, &whole, &e);
    if (!read && whole.n)
        abort();
    buf_addc(&pieces, '{');
    struct statement_stream *s = statement_open(&pieces);
    bool again = true;
    for (size_t at = 0; again && at < in.n; at += 7)
        again = statement_feed(s, (struct str){in.p + at, in.n - at < 7 ? in.n - at : 7}, &e);
    again = again && statement_finish(s, &e);
    statement_close(&s);
    if (read != again)
        abort();
    if (read) {
        buf_adds(&pieces, "}\n");
        struct arena *a = arena_create(0);
        if (!str_equal(buf_str(&whole), buf_str(&pieces)) || !json_read(a, buf_str(&whole), SIZE_MAX, &e))
            abort();
        arena_destroy(&a);
    }
    fuzz_lines(in, read, &whole);
    buf_finish(&whole);
    buf_finish(&pieces);
    return 0;
}

#endif
