#include "daemon/db/db_decode.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/civil.h"

static char *copy(struct str text, char **spare)
{
    char *s = memcpy(*spare, text.p, text.n);
    s[text.n] = '\0';
    *spare += text.n + 1;
    return s;
}

static bool decode_int(struct str text, char *at)
{
    int64_t v;
    if (!text_read_i64(text, INT32_MIN, INT32_MAX, &v))
        return false;
    *(int32_t *)(void *)at = (int32_t)v;
    return true;
}

static bool decode_bool(struct str text, char *at)
{
    *(bool *)at = str_is(text, "t");
    return *(bool *)at || str_is(text, "f");
}

static bool decode_real(struct str text, char *at)
{
    char *end;
    double v = strtod(text.p, &end);
    if (!text.n || end != text.p + text.n || !isfinite(v))
        return false;
    *(double *)(void *)at = v;
    return true;
}

/* "\x…": two digits a byte. The bytes are never more than their text, so the spare room counted for text is enough. */
static bool decode_bytes(struct str text, char **spare, char *at)
{
    if (!str_starts(text, "\\x"))
        return false;
    struct str hex = {text.p + 2, text.n - 2};
    size_t n = hex.n / 2;
    if (!text_unhex(hex, (unsigned char *)*spare, n))
        return false;
    *(struct str *)(void *)at = (struct str){*spare, n};
    *spare += n + 1;
    return true;
}

/* "2026-05-03 10:00:00.5+00" becomes "2026-05-03T10:00:00.5Z" (RFC 3339); infinity stays as it is. */
static bool decode_time(struct str text, char **spare, char *at)
{
    char *s = copy(text, spare);
    if (text.n >= 22 && s[10] == ' ' && strcmp(s + text.n - 3, "+00") == 0) {
        s[10] = 'T';
        memcpy(s + text.n - 3, "Z", 2);
    }
    *(char **)(void *)at = s;
    return true;
}

bool db_decode_value(const struct db_column *c, struct str text, char **spare, char *row)
{
    char *at = row + c->offset;
    switch (c->type) {
    case DB_INT:
        return decode_int(text, at);
    case DB_BIGINT:
    case DB_MONEY:
        return text_read_i64(text, INT64_MIN, INT64_MAX, (int64_t *)(void *)at);
    case DB_BOOL:
        return decode_bool(text, at);
    case DB_DATE:
        return civil_read(text, (int32_t *)(void *)at);
    case DB_REAL:
        return decode_real(text, at);
    case DB_BYTES:
        return decode_bytes(text, spare, at);
    case DB_TIME:
        return decode_time(text, spare, at);
    case DB_TEXT:
    case DB_UUID:
    case DB_JSON:
        break;
    }
    *(char **)(void *)at = copy(text, spare);
    return true;
}

/* Text columns are NULL in zeroed memory already; 0 is a possible offset of a value, never of a flag. */
static void decode_null(const struct db_column *c, char *row)
{
    if (c->type == DB_DATE)
        *(int32_t *)(void *)(row + c->offset) = CIVIL_NONE;
    else if (c->null_offset)
        *(bool *)(row + c->null_offset) = true;
}

/* Rows of a result, or a part of one row. */
struct window {
    const PGresult *res;
    int row, rows, column;
};

static bool decode_row(const struct db_stmt *stmt, const struct window *w, int r, char **spare, char *row, struct err *e)
{
    for (size_t i = 0; i < stmt->columns_n; i++) {
        const struct db_column *c = &stmt->columns[i];
        int at = w->column + (int)i;
        struct str text = {PQgetvalue(w->res, r, at), (size_t)PQgetlength(w->res, r, at)};
        if (PQgetisnull(w->res, r, at)) {
            if (!c->nullable)
                return err_set(e, "column %s of %s is null, but not declared so", c->name, stmt->name);
            decode_null(c, row);
        } else if (!db_decode_value(c, text, spare, row)) {
            return err_set(e, "column %s of %s holds what its type does not allow", c->name, stmt->name);
        }
    }
    return true;
}

static size_t text_bytes(const struct db_stmt *stmt, const struct window *w)
{
    size_t bytes = 0;
    for (int r = w->row; r < w->row + w->rows; r++)
        for (size_t i = 0; i < stmt->columns_n; i++)
            bytes += (size_t)PQgetlength(w->res, r, w->column + (int)i) + 1;
    return bytes;
}

static bool decode(struct arena *a, const struct db_stmt *stmt, const struct window *w, size_t max, size_t *used, const void **ret_rows, struct err *e)
{
    size_t text = text_bytes(stmt, w), fixed = (size_t)w->rows * stmt->row_size;
    if (text + fixed > max - *used)
        return err_set(e, "the rows of %s need more than %zu bytes", stmt->name, max);
    *used += text + fixed;
    char *rows = arena_alloc(a, fixed), *spare = arena_alloc(a, text);
    for (int r = 0; r < w->rows; r++)
        if (!decode_row(stmt, w, w->row + r, &spare, rows + (size_t)r * stmt->row_size, e))
            return false;
    *ret_rows = rows;
    return true;
}

bool db_decode_rows(struct arena *a, const struct db_stmt *stmt, const PGresult *res, size_t max, size_t *used,
                 const void **ret_rows, size_t *ret_n, struct err *e)
{
    struct window all = {res, 0, PQntuples(res), 0};
    *ret_rows = NULL;
    *ret_n = stmt->columns_n ? (size_t)all.rows : 0;
    if (!stmt->columns_n)
        return true;
    if ((size_t)PQnfields(res) != stmt->columns_n)
        return err_set(e, "%s gives %d columns, declared are %zu", stmt->name, PQnfields(res), stmt->columns_n);
    return decode(a, stmt, &all, max, used, ret_rows, e);
}

bool db_decode_part(struct arena *a, const struct db_stmt *stmt, const PGresult *res, int row, int column, size_t max, size_t *used, const void **ret_row, struct err *e)
{
    *ret_row = NULL;
    if (row >= PQntuples(res) || (size_t)column + stmt->columns_n > (size_t)PQnfields(res))
        return err_set(e, "no row %d with the columns of %s from column %d on", row, stmt->name, column);
    return decode(a, stmt, &(struct window){res, row, 1, column}, max, used, ret_row, e);
}
