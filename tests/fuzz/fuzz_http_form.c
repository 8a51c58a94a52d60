/* application/x-www-form-urlencoded bodies and query strings. */
#include <stdlib.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/http/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create(0);
    struct http_pairs pairs;
    struct err e;
    if (http_read_urlencoded(a, (struct str){(const char *)data, size}, &pairs, &e))
        for (size_t i = 0; i < pairs.n; i++)
            if (!text_is_utf8(pairs.items[i].name, strlen(pairs.items[i].name)) || strchr(pairs.items[i].value, '\r') ||
                !http_pair_get(&pairs, pairs.items[i].name))
                abort();
    arena_destroy(&a);
    return 0;
}
