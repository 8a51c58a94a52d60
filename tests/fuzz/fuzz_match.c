#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/json.h"
#include "payments/bank/match_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Items before the first line "--", statements behind it. Every answer is one line of JSON an entry, and the same when asked again. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data, *cut = size ? memmem(text, size, "\n--\n", 4) : NULL;
    if (!cut)
        return 0;
    struct str items = {text, (size_t)(cut - text)}, statements = {cut + 4, size - items.n - 4};
    struct buf out = {0}, again = {0};
    struct err e = {""};
    bool matched = match_json(items, statements, &out, &e);
    if (!matched && out.n)
        abort();
    if (matched) {
        if (!match_json(items, statements, &again, &e) || !str_equal(buf_str(&out), buf_str(&again)))
            abort();
        for (struct str rest = buf_str(&out), line; str_cut(&rest, '\n', &line);) {
            struct arena *a = arena_create(0);
            if (line.n && !json_read(a, line, SIZE_MAX, &e))
                abort();
            arena_destroy(&a);
        }
    }
    buf_finish(&out);
    buf_finish(&again);
    return 0;
}
