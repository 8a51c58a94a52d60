/* multipart/form-data: the first line of the input is the Content-Type, the rest the body. */
#include <stdlib.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/http/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str body = {(const char *)data, size}, type;
    struct arena *a = arena_create(0);
    struct http_pairs pairs;
    struct err e;
    if (str_cut(&body, '\n', &type) && body.p && http_read_multipart(a, body, type, &pairs, &e)) {
        for (size_t i = 0; i < pairs.n; i++) {
            const struct http_pair *p = &pairs.items[i];
            if (!p->name || !p->value || strchr(p->value, '\r') || (p->file_name && strpbrk(p->file_name, "/\\\r\n")))
                abort();
            if (p->bytes.n && (p->bytes.p < body.p || p->bytes.p + p->bytes.n > body.p + body.n))
                abort();
        }
    }
    arena_destroy(&a);
    return 0;
}
