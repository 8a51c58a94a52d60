#include "daemon/jobs_match.h"

#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/jobs_unit.h"
#include "payments/bank/match_json.h"
#include "sql/jobs.h"

/* The work of a council with 100,000 open lines is about 100 MB of text. */
static const size_t arena_bytes = (size_t)1 << 30;

static bool failed(const struct db_unit *u, struct err *e)
{
    const char *message = db_unit_result(u)->message;
    return err_set(e, "matching: %s", message ? message : "the database did not answer");
}

static bool match_account(struct db_session *s, struct arena *a, int council, const struct sql_matching_work_row *work, size_t *ret_unmatched, struct err *e)
{
    struct buf out = {0};
    struct sql_matching_take_row taken;
    bool ok = match_json(str_of(work->items), str_of(work->statements), &out, e);
    const char *results = ok ? str_dup(a, buf_str(&out)) : NULL;
    buf_finish(&out);
    if (!ok)
        return false;
    struct db_unit *u = jobs_unit(a, council);
    int step = sql_matching_take_add(u, &(struct sql_matching_take_params){.entries = work->entries, .results = results});
    if (db_session_run(s, u) != DB_DONE || !sql_matching_take_one(u, step, &taken))
        return failed(u, e);
    *ret_unmatched += (size_t)taken.unmatched;
    log_event(LOG_INFO, "jobs.matched", "council=%d unmatched=%d not_expected=%d", council, taken.unmatched, taken.not_expected);
    return true;
}

bool jobs_match(struct db_session *s, int council, size_t *ret_unmatched, struct err *e)
{
    struct arena *a = arena_create(arena_bytes);
    struct db_unit *u = jobs_unit(a, council);
    const struct sql_matching_work_row *work;
    size_t unmatched = 0;
    int step = sql_matching_work_add(u, NULL);
    bool ok = db_session_run(s, u) == DB_DONE || failed(u, e);
    size_t n = ok ? sql_matching_work_rows(u, step, &work) : 0;
    for (size_t i = 0; i < n && ok; i++)
        ok = match_account(s, a, council, &work[i], &unmatched, e);
    arena_destroy(&a);
    if (ok)
        *ret_unmatched = unmatched;
    return ok;
}

bool jobs_match_message(struct db_session *s, struct arena *a, const struct sql_outbox_claim_row *m, struct err *e)
{
    size_t unmatched;
    if (m->council_id_null)
        return err_set(e, "the message names no council");
    if (!jobs_match(s, m->council_id, &unmatched, e))
        return false;
    struct db_unit *u = db_unit_create(a);
    sql_outbox_settle_add(u, &(struct sql_outbox_settle_params){.id = m->id});
    return db_session_run(s, u) == DB_DONE || err_set(e, "the message could not be settled");
}
