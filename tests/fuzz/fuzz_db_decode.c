/* Any text as a value of any type; what is accepted is written as CSV and JSON, and CSV never starts a formula. */
#include <stdlib.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/db/db_decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

union value {
    const char *text;
    int32_t n;
    int64_t big;
    bool flag;
    struct str bytes;
    double real;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size || memchr(data + 1, '\0', size - 1))
        return 0;
    const struct db_column column = {.name = "x", .type = (enum db_type)(data[0] % (DB_REAL + 1))};
    const struct db_stmt stmt = {.name = "x", .columns = &column, .columns_n = 1, .row_size = sizeof(union value)};
    struct arena *a = arena_create(0);
    const char *text = arena_strndup(a, (const char *)data + 1, size - 1);
    char *spare = arena_alloc(a, size);
    union value row = {0};
    struct buf csv = {0}, json = {0};
    if (db_decode_value(&column, (struct str){text, size - 1}, &spare, (char *)&row)) {
        db_rows_csv(&csv, &stmt, &row, 1);
        db_rows_json(&json, &stmt, &row, 1);
        const char *cell = strchr(csv.p, '\n') + 1;
        cell += *cell == '"';
        if (column.type == DB_TEXT && strchr("=+-@\t", *cell))
            abort();
        if (!text_is_utf8(json.p, json.n) && column.type != DB_JSON)
            abort();
    }
    buf_finish(&csv);
    buf_finish(&json);
    arena_destroy(&a);
    return 0;
}
