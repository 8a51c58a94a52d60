#include "daemon/db/db_flight.h"

#include <stdio.h>
#include <string.h>

#include "daemon/base/id.h"
#include "daemon/base/json.h"
#include "daemon/base/log.h"
#include "daemon/db/db_decode.h"

/* ---- what is prepared ---- */

static size_t prepared_n(const struct prepared *p)
{
    return p->list.n / sizeof(struct db_stmt *);
}

static const struct db_stmt **prepared_at(const struct prepared *p, size_t i)
{
    return (const struct db_stmt **)(void *)p->list.p + i;
}

static bool prepared_has(const struct prepared *p, const struct db_stmt *stmt)
{
    for (size_t i = 0, n = prepared_n(p); i < n; i++)
        if (*prepared_at(p, i) == stmt)
            return true;
    return false;
}

/* Refused statements at the end are dropped, so that asking again and again does not grow the list. */
static void prepared_answer(struct prepared *p, bool is_refused)
{
    if (is_refused)
        *prepared_at(p, p->answered) = NULL;
    p->answered++;
    while (p->answered && p->answered == prepared_n(p) && !*prepared_at(p, p->answered - 1)) {
        p->list.n -= sizeof(struct db_stmt *);
        p->answered--;
    }
}

void db_prepared_finish(struct prepared *p)
{
    buf_finish(&p->list);
    p->answered = 0;
}

/* ---- sending ---- */

/* Two groups may want the same locks in another order, or one may wait for somebody who takes long while others wait for it: then its units are better off alone. */
static const struct db_column share_column = {.name = "set_config", .type = DB_TEXT};
static const struct db_stmt share = {.name = "share", .room = "db", .sql = "SELECT set_config('lock_timeout', '100ms', true)", .columns = &share_column, .columns_n = 1};

static bool send_prepare(struct flight *f, PGconn *pg, const struct db_stmt *stmt)
{
    if (prepared_has(f->prepared, stmt))
        return true;
    if (!PQsendPrepare(pg, stmt->name, stmt->sql, 0, NULL))
        return false;
    buf_add(&f->prepared->list, &stmt, sizeof stmt);
    f->is_preparing = true;
    return true;
}

static bool send_prepares(struct flight *f, PGconn *pg)
{
    if (f->is_shared && !send_prepare(f, pg, &share))
        return false;
    if (f->together && !send_prepare(f, pg, f->together))
        return false;
    for (unsigned r = 0; r < f->n && !f->together; r++)
        for (size_t i = 0; f->riders[r].unit && i < f->riders[r].n; i++)
            if (!send_prepare(f, pg, f->riders[r].unit->steps[i].stmt))
                return false;
    return !f->is_preparing || PQpipelineSync(pg);
}

static bool send_unit(const struct db_unit *u, PGconn *pg)
{
    for (size_t i = 0; i < u->n; i++) {
        const struct db_step *step = &u->steps[i];
        if (!PQsendQueryPrepared(pg, step->stmt->name, (int)step->stmt->params_n, step->values, NULL, NULL, 0))
            return false;
    }
    return true;
}

/* Every one of them names it, and there are several: one alone has its own answer to give when it is refused. */
static const struct db_stmt *together_of(struct db_unit *const *units, unsigned n)
{
    for (unsigned i = 1; i < n; i++)
        if (units[i]->together != units[0]->together)
            return NULL;
    return n > 1 ? units[0]->together : NULL;
}

static void write_params(struct buf *b, const struct db_unit *u)
{
    const char *before = "[";
    for (size_t i = 0; i < u->n; i++)
        for (size_t p = 0; p < u->steps[i].stmt->params_n; p++, before = ",") {
            const char *value = u->steps[i].values[p];
            buf_adds(b, before);
            if (value)
                json_write_text(b, value);
            else
                buf_adds(b, "null");
        }
    buf_adds(b, "]");
}

static bool send_together(const struct db_stmt *stmt, struct db_unit *const *units, unsigned n, PGconn *pg)
{
    struct buf all = {0};
    for (unsigned i = 0; i < n; i++) {
        buf_adds(&all, i ? "," : "[");
        write_params(&all, units[i]);
    }
    buf_adds(&all, "]");
    const char *param = all.p;
    bool is_sent = PQsendQueryPrepared(pg, stmt->name, 1, &param, NULL, NULL, 0);
    buf_finish(&all);
    return is_sent;
}

static bool send_units(const struct flight *f, struct db_unit *const *units, unsigned n, PGconn *pg)
{
    if (f->together)
        return send_together(f->together, units, n, pg);
    for (unsigned i = 0; i < n; i++)
        if (!send_unit(units[i], pg))
            return false;
    return true;
}

bool db_flight_send(struct flight *f, PGconn *pg, struct prepared *p, struct db_unit *const *units, unsigned n)
{
    *f = (struct flight){.prepared = p, .is_shared = db_unit_shares(units[0])};
    f->together = f->is_shared ? together_of(units, n) : NULL;
    if (f->is_shared)
        f->riders[f->n++] = (struct rider){.n = 1};
    for (unsigned i = 0; i < n; i++) {
        db_unit_reset(units[i]);
        /* The first one's statement is everybody's. */
        f->riders[f->n++] = (struct rider){.unit = units[i], .n = f->together ? !i : units[i]->n};
    }
    if (PQstatus(pg) != CONNECTION_OK || !send_prepares(f, pg))
        return false;
    if (f->is_shared && !PQsendQueryPrepared(pg, share.name, 0, NULL, NULL, NULL, 0))
        return false;
    if (!send_units(f, units, n, pg))
        return false;
    /* From here on the server may have it all, even when this reports a broken connection. */
    PQpipelineSync(pg);
    return true;
}

/* ---- results ---- */

static const char *field(struct arena *a, const PGresult *res, int code)
{
    const char *s = PQresultErrorField(res, code);
    return s ? arena_strdup(a, s) : NULL;
}

/* Errors without a severity are libpq's own: the connection is gone, and nothing is known of the transaction. */
static void take_error(struct flight *f, struct db_unit *u, const PGresult *res, size_t step)
{
    const char *severity = PQresultErrorField(res, PG_DIAG_SEVERITY_NONLOCALIZED);
    bool is_fatal = !severity || strcmp(severity, "ERROR") != 0;
    bool is_first = !f->has_error;
    f->is_fatal = f->is_fatal || is_fatal;
    f->has_error = true;
    if (!is_first || !u)
        return;
    struct db_result *r = &u->result;
    const char *sqlstate = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    snprintf(r->sqlstate, sizeof r->sqlstate, "%s", sqlstate ? sqlstate : "08006");
    r->message = field(u->arena, res, PG_DIAG_MESSAGE_PRIMARY);
    r->constraint = field(u->arena, res, PG_DIAG_CONSTRAINT_NAME);
    r->detail = field(u->arena, res, PG_DIAG_MESSAGE_DETAIL);
    r->step = (int)step;
}

/* Whose answer this is, asked at every one; the last one's is also what comes after all of them: the refusal of the commit. */
static struct rider *rider_now(struct flight *f)
{
    while (f->now + 1 < f->n && f->at >= f->riders[f->now].n) {
        f->now++;
        f->at = 0;
    }
    return &f->riders[f->now];
}

static void note_undecodable(struct rider *r, size_t step, const struct err *e)
{
    struct db_unit *u = r->unit;
    log_event(LOG_ERROR, "db.undecodable", "query=%s why=%s", u->steps[step].stmt->name, e->text);
    r->is_undecodable = true;
    memcpy(u->result.sqlstate, "XX000", sizeof u->result.sqlstate);
    u->result.message = arena_strdup(u->arena, e->text);
    u->result.step = (int)step;
}

static void take_rows(struct flight *f, struct rider *r, const PGresult *res)
{
    struct db_unit *u = r->unit;
    struct err e;
    if (!u || f->at >= r->n)
        return;
    struct db_step *step = &u->steps[f->at];
    if (!db_decode_rows(u->arena, step->stmt, res, UNIT_BYTES_MAX, &u->bytes, &step->rows, &step->rows_n, &e))
        note_undecodable(r, f->at, &e);
}

static void take_row_of(struct rider *r, const PGresult *res, int row)
{
    struct db_unit *u = r->unit;
    struct err e;
    size_t column = 0;
    for (size_t i = 0; i < u->n; i++) {
        struct db_step *step = &u->steps[i];
        if (!db_decode_part(u->arena, step->stmt, res, row, (int)column, UNIT_BYTES_MAX, &u->bytes, &step->rows, &e)) {
            note_undecodable(r, i, &e);
            return;
        }
        step->rows_n = 1;
        column += step->stmt->columns_n;
    }
}

static void take_together(struct flight *f, const PGresult *res)
{
    for (unsigned r = 1; r < f->n; r++)
        if (f->riders[r].unit)
            take_row_of(&f->riders[r], res, (int)r - 1);
}

static bool has_stmt(const struct db_unit *u, const struct db_stmt *stmt, size_t *ret_step)
{
    for (*ret_step = 0; u && *ret_step < u->n; ++*ret_step)
        if (u->steps[*ret_step].stmt == stmt)
            return true;
    return false;
}

/* Why it was refused is what the unit reports; that the statement is unknown later (26000) only follows from it. */
static void take_prepared(struct flight *f, const PGresult *res)
{
    size_t i = f->prepared->answered, step = 0;
    if (i == prepared_n(f->prepared))
        return;
    const struct db_stmt *stmt = *prepared_at(f->prepared, i);
    if (PQresultStatus(res) == PGRES_FATAL_ERROR) {
        unsigned r = 0;
        while (r + 1 < f->n && !has_stmt(f->riders[r].unit, stmt, &step))
            r++;
        has_stmt(f->riders[r].unit, stmt, &step);
        take_error(f, f->riders[r].unit, res, step);
    }
    prepared_answer(f->prepared, PQresultStatus(res) != PGRES_COMMAND_OK);
}

static bool take_sync(struct flight *f)
{
    bool is_over = !f->is_preparing;
    f->is_preparing = false;
    f->is_answered = false;
    f->at = 0;
    f->now = 0;
    return is_over;
}

static void take_answer(struct flight *f, const PGresult *res)
{
    ExecStatusType status = PQresultStatus(res);
    f->is_answered = true;
    if (f->is_preparing) {
        take_prepared(f, res);
        return;
    }
    struct rider *r = rider_now(f);
    if (status == PGRES_TUPLES_OK && f->together && f->now > 0)
        take_together(f, res);
    else if (status == PGRES_TUPLES_OK)
        take_rows(f, r, res);
    else if (status != PGRES_COMMAND_OK && status != PGRES_PIPELINE_ABORTED)
        take_error(f, r->unit, res, f->at);
}

bool db_flight_take(struct flight *f, PGresult *res)
{
    bool is_over = false;
    if (!res) {
        f->at += f->is_answered;
        f->is_answered = false;
    } else if (PQresultStatus(res) == PGRES_PIPELINE_SYNC) {
        is_over = take_sync(f);
    } else {
        take_answer(f, res);
    }
    PQclear(res);
    return is_over;
}

void db_flight_leave(struct flight *f, const struct db_unit *u)
{
    for (unsigned i = 0; i < f->n; i++)
        if (f->riders[i].unit == u)
            f->riders[i].unit = NULL;
}

/* The function's name does not depend on the server's language, unlike the text. */
void db_flight_warn(struct flight *f, const PGresult *notice)
{
    const char *function = PQresultErrorField(notice, PG_DIAG_SOURCE_FUNCTION);
    if (function && strcmp(function, "SyncRepWaitForLSN") == 0)
        f->is_doubtful = true;
}

/* ---- the verdict ---- */

/* Serialization failure, deadlock, and a statement that an earlier unit on the connection could not prepare: nothing was committed. */
static bool is_worth_another_try(const struct db_unit *u)
{
    static const char *const states[] = {"40001", "40P01", "26000"};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp(u->result.sqlstate, states[i]) == 0)
            return u->tries < FLIGHT_TRIES;
    return false;
}

static enum flight_verdict judge_lost(struct db_unit *u)
{
    if (!db_unit_writes(u) && !u->was_resent) {
        u->was_resent = true;
        return FLIGHT_AGAIN;
    }
    u->result.outcome = db_unit_writes(u) ? DB_UNKNOWN : DB_AWAY;
    return FLIGHT_OVER;
}

enum flight_verdict db_flight_judge(struct flight *f, const struct rider *r, bool is_lost)
{
    struct db_unit *u = r->unit;
    if (f->is_fatal || (is_lost && !f->has_error))
        return judge_lost(u);
    if (f->has_error && f->is_shared)
        return FLIGHT_ALONE;
    if (f->has_error && is_worth_another_try(u)) {
        u->tries++;
        return FLIGHT_AGAIN;
    }
    if (f->has_error)
        u->result.outcome = DB_FAILED;
    else if (r->is_undecodable)
        u->result.outcome = db_unit_writes(u) ? DB_UNKNOWN : DB_FAILED;
    else
        u->result.outcome = f->is_doubtful ? DB_UNKNOWN : DB_DONE;
    return FLIGHT_OVER;
}

unsigned db_flight_pause_ms(unsigned n)
{
    unsigned chance;
    id_random(&chance, sizeof chance);
    unsigned most = 10u << (n < 5 ? n : 5);
    return most / 2 + chance % most;
}
