#include <inttypes.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/civil.h"
#include "daemon/base/json.h"
#include "daemon/base/money.h"
#include "daemon/db/db.h"

static bool is_text(enum db_type type)
{
    return type == DB_TEXT || type == DB_TIME || type == DB_UUID || type == DB_JSON;
}

static bool is_null(const struct db_column *c, const char *row)
{
    const void *at = row + c->offset;
    if (is_text(c->type))
        return !*(const char *const *)at;
    if (c->type == DB_BYTES)
        return !((const struct str *)at)->p;
    if (c->type == DB_DATE)
        return *(const int32_t *)at == CIVIL_NONE;
    return c->nullable && *(const bool *)(row + c->null_offset);
}

/* Everything but text, in the form that CSV and JSON share. */
static const char *plain(struct arena *a, const struct db_column *c, const char *row)
{
    const void *at = row + c->offset;
    switch (c->type) {
    case DB_INT:
        return arena_printf(a, "%" PRId32, *(const int32_t *)at);
    case DB_BIGINT:
        return arena_printf(a, "%" PRId64, *(const int64_t *)at);
    case DB_MONEY:
        return money_plain(a, *(const int64_t *)at);
    case DB_BOOL:
        return *(const bool *)at ? "true" : "false";
    case DB_DATE:
        return civil_iso(a, *(const int32_t *)at);
    case DB_REAL:
        return arena_printf(a, "%.15g", *(const double *)at);
    case DB_BYTES: {
        const struct str *s = at;
        return text_hex(a, s->p, s->n);
    }
    case DB_TEXT:
    case DB_TIME:
    case DB_UUID:
    case DB_JSON:
        break;
    }
    return *(const char *const *)at;
}

/* ---- CSV ---- */

/* What a spreadsheet would start a formula with, behind any spaces; the last four are the full-width forms of = + - @. */
static bool looks_like_formula(const char *s)
{
    static const char *const starts[] = {"=", "+", "-", "@", "\t", "\r", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"};
    while (*s == ' ' || *s == '\n')
        s++;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (strncmp(s, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

static void csv_cell(struct buf *out, const char *s, bool is_guarded)
{
    const char *guard = is_guarded && looks_like_formula(s) ? "'" : "";
    size_t n = strlen(s);
    if (!strpbrk(s, ",\"\r\n") && (!n || (s[0] != ' ' && s[n - 1] != ' '))) {
        buf_adds(out, guard);
        buf_adds(out, s);
        return;
    }
    buf_addc(out, '"');
    buf_adds(out, guard);
    for (; *s; s++) {
        if (*s == '"')
            buf_addc(out, '"');
        buf_addc(out, *s);
    }
    buf_addc(out, '"');
}

static void csv_row(struct buf *out, struct arena *a, const struct db_stmt *stmt, const char *row)
{
    const char *comma = "";
    for (size_t i = 0; i < stmt->columns_n; i++) {
        const struct db_column *c = &stmt->columns[i];
        if (c->hidden)
            continue;
        buf_adds(out, comma);
        comma = ",";
        if (!row)
            csv_cell(out, c->name, false);
        else if (!is_null(c, row))
            csv_cell(out, plain(a, c, row), is_text(c->type));
    }
    buf_adds(out, "\r\n");
}

void db_rows_csv(struct buf *out, const struct db_stmt *stmt, const void *rows, size_t n)
{
    buf_adds(out, "\uFEFF");
    csv_row(out, NULL, stmt, NULL);
    db_rows_csv_more(out, stmt, rows, n);
}

void db_rows_csv_more(struct buf *out, const struct db_stmt *stmt, const void *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct arena *a = arena_create(0);
        csv_row(out, a, stmt, (const char *)rows + i * stmt->row_size);
        arena_destroy(&a);
    }
}

/* ---- JSON ---- */

static void json_value(struct buf *out, struct arena *a, const struct db_column *c, const char *row)
{
    bool is_quoted = (is_text(c->type) && c->type != DB_JSON) || c->type == DB_MONEY || c->type == DB_DATE || c->type == DB_BYTES;
    if (is_null(c, row))
        buf_adds(out, "null");
    else if (is_quoted)
        json_write_text(out, plain(a, c, row));
    else
        buf_adds(out, plain(a, c, row));
}

static void json_row(struct buf *out, struct arena *a, const struct db_stmt *stmt, const char *row)
{
    const char *comma = "{";
    for (size_t i = 0; i < stmt->columns_n; i++) {
        const struct db_column *c = &stmt->columns[i];
        if (c->hidden)
            continue;
        buf_addf(out, "%s\"%s\":", comma, c->name);
        json_value(out, a, c, row);
        comma = ",";
    }
    buf_adds(out, *comma == '{' ? "{}" : "}");
}

void db_rows_json(struct buf *out, const struct db_stmt *stmt, const void *rows, size_t n)
{
    buf_addc(out, '[');
    for (size_t i = 0; i < n; i++) {
        struct arena *a = arena_create(0);
        if (i)
            buf_addc(out, ',');
        json_row(out, a, stmt, (const char *)rows + i * stmt->row_size);
        arena_destroy(&a);
    }
    buf_addc(out, ']');
}
