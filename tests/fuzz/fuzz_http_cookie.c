/* The lists in fields: Cookie and Accept. The first byte tells how many bytes the name has. */
#include <stdlib.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/http/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    size_t n = data[0] % 16 < size ? data[0] % 16 : size - 1;
    struct str list = {(const char *)data + 1 + n, size - 1 - n};
    struct arena *a = arena_create(0);
    const char *name = arena_strndup(a, (const char *)data + 1, n);
    struct http_field fields[] = {{STR("cookie"), list}, {STR("accept"), list}};
    struct http_request r = {.fields = fields, .fields_n = 2};
    struct str value = http_cookie(&r, name);
    if (value.n && (value.p < list.p || value.p + value.n > list.p + list.n))
        abort();
    if (http_accepts(&r, "text/html"))
        abort();
    http_accepts(&r, name);
    arena_destroy(&a);
    return 0;
}
