#include "daemon/jobs_match.h"

#include <inttypes.h>

#include "daemon/base/arena.h"
#include "daemon/base/civil.h"
#include "daemon/base/log.h"
#include "daemon/jobs_unit.h"
#include "payments/bank/match_json.h"
#include "sql/jobs.h"

/* How much goes from and to the database at once. */
enum { PAGE = 2000 };

/* A round over one account. */
struct round {
    struct db_session *s;
    int council;
    const struct sql_matching_accounts_row *account;
    struct match_round *match;
    struct arena *a;
    int64_t *ids; /* of the entries, in their order */
    size_t ids_n, ids_cap, unmatched, not_expected;
};

static bool failed(const struct db_unit *u, struct err *e)
{
    const char *message = db_unit_result(u)->message;
    return err_set(e, "matching: %s", message ? message : "the database did not answer");
}

/* ---- what is expected, what is open ---- */

static bool read_items(struct round *r, const char *kind, int64_t *after, size_t *ret_n, struct err *e)
{
    struct arena *a = arena_create(0);
    struct db_unit *u = jobs_unit(a, r->council);
    const struct sql_matching_items_row *rows;
    int step = sql_matching_items_add(u, &(struct sql_matching_items_params){.bank_account = r->account->id, .kind = kind, .after = *after, .most = PAGE});
    bool ok = db_session_run(r->s, u) == DB_DONE || failed(u, e);
    size_t n = ok ? sql_matching_items_rows(u, step, &rows) : 0;
    for (size_t i = 0; i < n && ok; i++) {
        ok = match_round_item(r->match, str_of(rows[i].item), e);
        *after = rows[i].id;
    }
    arena_destroy(&a);
    *ret_n = n;
    return ok;
}

static bool read_all_items(struct round *r, struct err *e)
{
    static const char *const kinds[] = {"run", "payment", "income"};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        int64_t after = 0;
        size_t n;
        do {
            if (!read_items(r, kinds[k], &after, &n, e))
                return false;
        } while (n == PAGE);
    }
    return true;
}

static void keep_id(struct round *r, int64_t id)
{
    if (r->ids_n == r->ids_cap) {
        r->ids_cap = r->ids_cap ? 2 * r->ids_cap : PAGE;
        r->ids = arena_grow(r->a, r->ids, r->ids_n, r->ids_cap, sizeof *r->ids);
    }
    r->ids[r->ids_n++] = id;
}

static bool read_entries(struct round *r, int32_t *day, int64_t *after, size_t *ret_n, struct err *e)
{
    struct arena *a = arena_create(0);
    struct db_unit *u = jobs_unit(a, r->council);
    const struct sql_matching_entries_row *rows;
    int step = sql_matching_entries_add(u, &(struct sql_matching_entries_params){.bank_account = r->account->id, .day = *day, .after = *after, .most = PAGE});
    bool ok = db_session_run(r->s, u) == DB_DONE || failed(u, e);
    size_t n = ok ? sql_matching_entries_rows(u, step, &rows) : 0;
    for (size_t i = 0; i < n && ok; i++) {
        ok = match_round_entry(r->match, r->account->account, r->account->currency, str_of(rows[i].entry), e);
        keep_id(r, rows[i].id);
        *day = rows[i].booked_on;
        *after = rows[i].id;
    }
    arena_destroy(&a);
    *ret_n = n;
    return ok;
}

static bool read_all_entries(struct round *r, struct err *e)
{
    int32_t day = CIVIL_NONE;
    int64_t after = 0;
    size_t n;
    do {
        if (!read_entries(r, &day, &after, &n, e))
            return false;
    } while (n == PAGE);
    return true;
}

/* ---- the answer ---- */

/* The matcher's lines of the entries from..to; *ret_taken says what the books made of them. */
static bool give(struct round *r, size_t from, size_t to, struct sql_matching_take_row *ret_taken, struct err *e)
{
    struct arena *a = arena_create(0);
    struct buf ids = {0}, results = {0};
    for (size_t i = from; i < to; i++)
        buf_addf(&ids, "%c%" PRId64, i > from ? ',' : '{', r->ids[i]);
    buf_addc(&ids, '}');
    match_round_write(r->match, from, to, &results);
    struct db_unit *u = jobs_unit(a, r->council);
    int step = sql_matching_take_add(u, &(struct sql_matching_take_params){.entries = str_dup(a, buf_str(&ids)), .results = str_dup(a, buf_str(&results))});
    bool ok = (db_session_run(r->s, u) == DB_DONE && sql_matching_take_one(u, step, ret_taken)) || failed(u, e);
    buf_finish(&ids);
    buf_finish(&results);
    arena_destroy(&a);
    return ok;
}

/* A return needs its payment settled, whichever line comes first: a piece of which something did not fit is given once more when all have been. */
static bool give_all(struct round *r, struct err *e)
{
    size_t pieces = (r->ids_n + PAGE - 1) / PAGE;
    struct sql_matching_take_row *taken = arena_array(r->a, pieces + 1, sizeof *taken);
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < pieces; i++) {
            size_t from = i * PAGE, to = from + PAGE < r->ids_n ? from + PAGE : r->ids_n;
            bool is_due = pass == 0 || (pieces > 1 && taken[i].not_expected > 0);
            if (is_due && !give(r, from, to, &taken[i], e))
                return false;
        }
    for (size_t i = 0; i < pieces; i++) {
        r->unmatched += (size_t)taken[i].unmatched;
        r->not_expected += (size_t)taken[i].not_expected;
    }
    return true;
}

static bool match_account(struct db_session *s, int council, const struct sql_matching_accounts_row *account, size_t *ret_unmatched, struct err *e)
{
    struct round r = {.s = s, .council = council, .account = account, .match = match_round_open(), .a = arena_create(0)};
    bool ok = read_all_items(&r, e) && read_all_entries(&r, e) && match_round_run(r.match, e) && give_all(&r, e);
    if (ok)
        log_event(LOG_INFO, "jobs.matched", "council=%d unmatched=%zu not_expected=%zu", council, r.unmatched, r.not_expected);
    *ret_unmatched += r.unmatched;
    match_round_close(&r.match);
    arena_destroy(&r.a);
    return ok;
}

bool jobs_match(struct db_session *s, int council, size_t *ret_unmatched, struct err *e)
{
    struct arena *a = arena_create(0);
    struct db_unit *u = jobs_unit(a, council);
    const struct sql_matching_accounts_row *accounts;
    size_t unmatched = 0;
    int step = sql_matching_accounts_add(u, NULL);
    bool ok = db_session_run(s, u) == DB_DONE || failed(u, e);
    size_t n = ok ? sql_matching_accounts_rows(u, step, &accounts) : 0;
    for (size_t i = 0; i < n && ok; i++)
        ok = match_account(s, council, &accounts[i], &unmatched, e);
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
