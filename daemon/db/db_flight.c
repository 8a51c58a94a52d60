#include "daemon/db/db_flight.h"

#include <stdio.h>
#include <string.h>

#include "daemon/base/id.h"
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

static bool send_prepares(struct flight *f, PGconn *pg)
{
    for (size_t i = 0; i < f->unit->n; i++) {
        const struct db_stmt *stmt = f->unit->steps[i].stmt;
        if (prepared_has(f->prepared, stmt))
            continue;
        if (!PQsendPrepare(pg, stmt->name, stmt->sql, 0, NULL))
            return false;
        buf_add(&f->prepared->list, &stmt, sizeof stmt);
        f->is_preparing = true;
    }
    return !f->is_preparing || PQpipelineSync(pg);
}

bool db_flight_send(struct flight *f, PGconn *pg, struct prepared *p, struct db_unit *u)
{
    *f = (struct flight){.unit = u, .prepared = p};
    db_unit_reset(u);
    if (PQstatus(pg) != CONNECTION_OK || !send_prepares(f, pg))
        return false;
    for (size_t i = 0; i < u->n; i++) {
        const struct db_step *step = &u->steps[i];
        if (!PQsendQueryPrepared(pg, step->stmt->name, (int)step->stmt->params_n, step->values, NULL, NULL, 0))
            return false;
    }
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
static void take_error(struct flight *f, const PGresult *res, size_t step)
{
    const char *severity = PQresultErrorField(res, PG_DIAG_SEVERITY_NONLOCALIZED);
    bool is_fatal = !severity || strcmp(severity, "ERROR") != 0;
    f->is_fatal = f->is_fatal || is_fatal;
    if (f->has_error || !f->unit)
        return;
    f->has_error = true;
    struct db_result *r = &f->unit->result;
    const char *sqlstate = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    snprintf(r->sqlstate, sizeof r->sqlstate, "%s", sqlstate ? sqlstate : "08006");
    r->message = field(f->unit->arena, res, PG_DIAG_MESSAGE_PRIMARY);
    r->constraint = field(f->unit->arena, res, PG_DIAG_CONSTRAINT_NAME);
    r->detail = field(f->unit->arena, res, PG_DIAG_MESSAGE_DETAIL);
    r->step = (int)step;
}

static void take_rows(struct flight *f, const PGresult *res)
{
    struct db_unit *u = f->unit;
    struct err e;
    if (!u || f->at >= u->n)
        return;
    struct db_step *step = &u->steps[f->at];
    if (db_decode_rows(u->arena, step->stmt, res, UNIT_BYTES_MAX, &u->bytes, &step->rows, &step->rows_n, &e))
        return;
    log_event(LOG_ERROR, "db.undecodable", "query=%s why=%s", step->stmt->name, e.text);
    f->is_undecodable = true;
    memcpy(u->result.sqlstate, "XX000", sizeof u->result.sqlstate);
    u->result.message = arena_strdup(u->arena, e.text);
    u->result.step = (int)f->at;
}

/* Why it was refused is what the unit reports; that the statement is unknown later (26000) only follows from it. */
static void take_prepared(struct flight *f, const PGresult *res)
{
    size_t i = f->prepared->answered, step = 0;
    if (i == prepared_n(f->prepared))
        return;
    const struct db_stmt *stmt = *prepared_at(f->prepared, i);
    if (PQresultStatus(res) == PGRES_FATAL_ERROR) {
        while (f->unit && step < f->unit->n && f->unit->steps[step].stmt != stmt)
            step++;
        take_error(f, res, step);
    }
    prepared_answer(f->prepared, PQresultStatus(res) != PGRES_COMMAND_OK);
}

static bool take_sync(struct flight *f)
{
    bool is_over = !f->is_preparing;
    f->is_preparing = false;
    f->is_answered = false;
    f->at = 0;
    return is_over;
}

bool db_flight_take(struct flight *f, PGresult *res)
{
    ExecStatusType status = res ? PQresultStatus(res) : PGRES_EMPTY_QUERY;
    bool is_over = false;
    if (!res) {
        f->at += f->is_answered;
        f->is_answered = false;
    } else if (status == PGRES_PIPELINE_SYNC) {
        is_over = take_sync(f);
    } else {
        f->is_answered = true;
        if (f->is_preparing)
            take_prepared(f, res);
        else if (status == PGRES_TUPLES_OK)
            take_rows(f, res);
        else if (status != PGRES_COMMAND_OK && status != PGRES_PIPELINE_ABORTED)
            take_error(f, res, f->at);
    }
    PQclear(res);
    return is_over;
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

enum flight_verdict db_flight_judge(struct flight *f, bool is_lost)
{
    struct db_unit *u = f->unit;
    if (f->is_fatal || (is_lost && !f->has_error))
        return judge_lost(u);
    if (f->has_error && is_worth_another_try(u)) {
        u->tries++;
        return FLIGHT_AGAIN;
    }
    if (f->has_error)
        u->result.outcome = DB_FAILED;
    else if (f->is_undecodable)
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
