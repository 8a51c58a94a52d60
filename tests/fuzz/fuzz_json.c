/* Bounded JSON in, escaped text out: whatever is written as a string reads back as well-formed JSON. */
#include <stdlib.h>

#include "daemon/base/arena.h"
#include "daemon/base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create(0);
    struct err e = {""};
    struct buf b = {0};
    json_read(a, (struct str){(const char *)data, size}, 1 << 16, &e);
    buf_addc(&b, '[');
    json_write_str(&b, (struct str){(const char *)data, size});
    buf_addc(&b, ']');
    if (!json_read(a, buf_str(&b), (size_t)1 << 24, &e))
        abort();
    buf_finish(&b);
    arena_destroy(&a);
    return 0;
}
