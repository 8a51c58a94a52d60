#include "daemon/db/db_unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon/base/civil.h"

struct db_unit *db_unit_create(struct arena *a)
{
    struct db_unit *u = arena_alloc(a, sizeof *u);
    u->arena = a;
    return u;
}

static bool is_null(const struct db_column *c, const char *params)
{
    const void *at = params + c->offset;
    switch (c->type) {
    case DB_TEXT:
    case DB_TIME:
    case DB_UUID:
    case DB_JSON:
        return !*(const char *const *)at;
    case DB_BYTES:
        return !((const struct str *)at)->p;
    case DB_DATE:
        return *(const int32_t *)at == CIVIL_NONE;
    case DB_INT:
    case DB_BIGINT:
    case DB_MONEY:
    case DB_BOOL:
    case DB_REAL:
        break;
    }
    return c->nullable && *(const bool *)(params + c->null_offset);
}

static const char *encode(struct arena *a, const struct db_column *c, const char *params)
{
    const void *at = params + c->offset;
    if (is_null(c, params))
        return NULL;
    switch (c->type) {
    case DB_INT:
        return arena_printf(a, "%" PRId32, *(const int32_t *)at);
    case DB_BIGINT:
    case DB_MONEY:
        return arena_printf(a, "%" PRId64, *(const int64_t *)at);
    case DB_BOOL:
        return *(const bool *)at ? "t" : "f";
    case DB_DATE:
        return civil_iso(a, *(const int32_t *)at);
    case DB_REAL:
        return arena_printf(a, "%.17g", *(const double *)at);
    case DB_BYTES: {
        const struct str *s = at;
        return arena_printf(a, "\\x%s", text_hex(a, s->p, s->n));
    }
    case DB_TEXT:
    case DB_TIME:
    case DB_UUID:
    case DB_JSON:
        break;
    }
    return arena_strdup(a, *(const char *const *)at);
}

int db_unit_add(struct db_unit *u, const struct db_stmt *stmt, const void *params)
{
    if (u->n == u->cap) {
        u->cap = u->cap ? 2 * u->cap : 8;
        u->steps = arena_grow(u->arena, u->steps, u->n, u->cap, sizeof *u->steps);
    }
    struct db_step *step = &u->steps[u->n];
    *step = (struct db_step){.stmt = stmt, .values = arena_array(u->arena, stmt->params_n, sizeof *step->values)};
    for (size_t i = 0; i < stmt->params_n; i++)
        step->values[i] = encode(u->arena, &stmt->params[i], params);
    return (int)u->n++;
}

size_t db_unit_count(const struct db_unit *u)
{
    return u->n;
}

bool db_unit_writes(const struct db_unit *u)
{
    for (size_t i = 0; i < u->n; i++)
        if (u->steps[i].stmt->writes)
            return true;
    return false;
}

void db_unit_share(struct db_unit *u, const char *order)
{
    u->share = order;
}

void db_unit_together(struct db_unit *u, const struct db_stmt *stmt)
{
    u->together = stmt;
}

bool db_unit_shares(const struct db_unit *u)
{
    return u->share && !u->is_alone;
}

enum db_lane db_unit_lane(const struct db_unit *u)
{
    for (size_t i = 0; i < u->n; i++)
        if (u->steps[i].stmt->lane == DB_SLOW)
            return DB_SLOW;
    return DB_FAST;
}

static const struct db_step *step_at(const struct db_unit *u, int step)
{
    return step >= 0 && (size_t)step < u->n ? &u->steps[step] : NULL;
}

const struct db_stmt *db_unit_stmt(const struct db_unit *u, int step)
{
    const struct db_step *s = step_at(u, step);
    return s ? s->stmt : NULL;
}

const struct db_result *db_unit_result(const struct db_unit *u)
{
    return &u->result;
}

size_t db_unit_rows(const struct db_unit *u, int step, const void **ret_rows)
{
    const struct db_step *s = step_at(u, step);
    bool has_rows = s && u->result.outcome == DB_DONE;
    *ret_rows = has_rows ? s->rows : NULL;
    return has_rows ? s->rows_n : 0;
}

bool db_unit_row(const struct db_unit *u, int step, void *ret_row)
{
    const void *rows;
    if (!db_unit_rows(u, step, &rows))
        return false;
    memcpy(ret_row, rows, u->steps[step].stmt->row_size);
    return true;
}

void db_unit_cut(struct db_unit *u)
{
    for (size_t i = 0; i < u->n; i++) {
        struct db_step *s = &u->steps[i];
        s->has_more = s->stmt->page && s->rows_n > s->stmt->page;
        if (s->has_more)
            s->rows_n = s->stmt->page;
    }
}

bool db_unit_has_more(const struct db_unit *u, int step)
{
    const struct db_step *s = step_at(u, step);
    return s && s->has_more;
}

void db_unit_reset(struct db_unit *u)
{
    u->result = (struct db_result){0};
    for (size_t i = 0; i < u->n; i++)
        u->steps[i].rows = NULL, u->steps[i].rows_n = 0;
}
