/* Whatever is read as a bank's answer is one JSON object; what is refused leaves nothing behind. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "daemon/base/arena.h"
#include "daemon/base/json.h"
#include "payments/bank/pain002.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf out = {0};
    struct err e = {""};
    bool read = pain002_read_json((struct str){(const char *)data, size}, &out, &e);
    if (!read && (out.n || !e.text[0]))
        abort();
    struct arena *a = arena_create(0);
    if (read && !json_read(a, buf_str(&out), SIZE_MAX, &e))
        abort();
    arena_destroy(&a);
    buf_finish(&out);
    return 0;
}
