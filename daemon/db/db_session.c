#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/db/db_flight.h"
#include "daemon/db/db_link.h"
#include "daemon/db/db_session.h"

/* Ten minutes a statement: long reports and runs of the jobs process, but not for ever. Scripts have no limit. */
#define SESSION_SETTINGS DB_LINK_SETTINGS "-c statement_timeout=600s -c lock_timeout=10s"

struct channel {
    struct channel *next;
    const char *name;
};

struct db_session {
    struct arena *arena;
    PGconn *pg;
    struct prepared prepared;
    struct flight flight;
    struct channel *channels;
    bool is_spoilt; /* libpq gave up reading without closing the connection: what it did not read would be taken for the answer to what is asked next */
};

static bool fail(const struct db_session *s, struct err *e)
{
    return err_set(e, "%s", PQerrorMessage(s->pg));
}

/* Warnings are judged (db_flight_warn) and otherwise dropped: nobody reads what a blocking client would print. */
static void on_notice(void *arg, const PGresult *notice)
{
    struct db_session *s = arg;
    db_flight_warn(&s->flight, notice);
}

struct db_session *db_session_open(const char *conninfo, struct err *e)
{
    struct arena *a = arena_create(0);
    struct db_session *s = arena_alloc(a, sizeof *s);
    struct link_params params;
    s->arena = a;
    if (db_link_params(a, conninfo, SESSION_SETTINGS, &params, e)) {
        s->pg = PQconnectdbParams(params.keywords, params.values, 1);
        if (PQstatus(s->pg) == CONNECTION_OK) {
            PQsetNoticeReceiver(s->pg, on_notice, s);
            return s;
        }
        fail(s, e);
    }
    db_session_close(&s);
    return NULL;
}

void db_session_close(struct db_session **s)
{
    if (!s || !*s)
        return;
    db_prepared_finish(&(*s)->prepared);
    PQfinish((*s)->pg);
    struct arena *a = (*s)->arena;
    *s = NULL;
    arena_destroy(&a);
}

PGconn *db_session_connection(struct db_session *s)
{
    return s->pg;
}

/* ---- staying connected ---- */

/* Errors without a severity are libpq's own. */
static void note_spoilt(struct db_session *s, const PGresult *res)
{
    bool is_error = !res || PQresultStatus(res) == PGRES_FATAL_ERROR;
    s->is_spoilt = s->is_spoilt || (is_error && !PQresultErrorField(res, PG_DIAG_SEVERITY_NONLOCALIZED));
}

static bool listen_again(struct db_session *s, const char *channel)
{
    char *name = PQescapeIdentifier(s->pg, channel, strlen(channel));
    struct buf sql = {0};
    buf_addf(&sql, "LISTEN %s", name ? name : "");
    PGresult *res = PQexec(s->pg, buf_str(&sql).p);
    bool ok = PQresultStatus(res) == PGRES_COMMAND_OK;
    note_spoilt(s, res);
    PQclear(res);
    PQfreemem(name);
    buf_finish(&sql);
    return ok;
}

static bool is_connected(struct db_session *s)
{
    if (PQstatus(s->pg) == CONNECTION_OK && !s->is_spoilt)
        return true;
    db_prepared_finish(&s->prepared);
    PQreset(s->pg);
    s->is_spoilt = false;
    bool ok = PQstatus(s->pg) == CONNECTION_OK;
    for (struct channel *c = s->channels; ok && c; c = c->next)
        ok = listen_again(s, c->name);
    log_event(ok ? LOG_INFO : LOG_WARN, "db.reset", "link=session ok=%d", ok);
    return ok;
}

/* ---- units ---- */

/* True when the Sync came. */
static bool fly(struct db_session *s, struct db_unit *u, bool *ret_sent)
{
    bool was_end = false, is_over = false;
    *ret_sent = db_flight_send(&s->flight, s->pg, &s->prepared, &u, 1);
    while (*ret_sent && !is_over) {
        PGresult *res = PQgetResult(s->pg);
        if (!res && was_end)
            break;
        was_end = !res;
        is_over = db_flight_take(&s->flight, res);
    }
    return is_over;
}

static void pause_ms(unsigned ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    while (nanosleep(&t, &t) != 0 && errno == EINTR)
        ;
}

/* One try. FLIGHT_AGAIN asks for the next. */
static enum flight_verdict attempt(struct db_session *s, struct db_unit *u)
{
    bool is_sent, is_over;
    if (!is_connected(s) || !PQenterPipelineMode(s->pg)) {
        u->result.outcome = DB_AWAY;
        return FLIGHT_OVER;
    }
    is_over = fly(s, u, &is_sent);
    PQexitPipelineMode(s->pg);
    s->is_spoilt = !is_sent || !is_over || s->flight.is_fatal;
    if (is_sent)
        return db_flight_judge(&s->flight, s->flight.riders, !is_over);
    u->result.outcome = DB_AWAY;
    enum flight_verdict verdict = u->was_resent ? FLIGHT_OVER : FLIGHT_AGAIN;
    u->was_resent = true;
    return verdict;
}

enum db_outcome db_session_run(struct db_session *s, struct db_unit *u)
{
    if (!u->n)
        return u->result.outcome = DB_DONE;
    while (attempt(s, u) == FLIGHT_AGAIN)
        if (u->tries)
            pause_ms(db_flight_pause_ms(u->tries));
    s->flight.n = 0;
    return u->result.outcome;
}

/* ---- scripts and COPY ---- */

/* The line in which character number `at` (from 1) stands; continuation bytes are no characters. */
static unsigned line_of(const char *sql, int64_t at)
{
    unsigned line = 1;
    for (const char *p = sql; *p && at > 1; p++) {
        line += *p == '\n';
        at -= ((unsigned char)p[1] & 0xC0) != 0x80;
    }
    return line;
}

/* "line 12: …" when the server says where. */
static bool fail_result(const PGresult *res, const char *sql, struct err *e)
{
    const char *position = PQresultErrorField(res, PG_DIAG_STATEMENT_POSITION);
    const char *message = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
    const char *detail = PQresultErrorField(res, PG_DIAG_MESSAGE_DETAIL);
    int64_t at;
    if (!message)
        return err_set(e, "%s", PQresultErrorMessage(res));
    if (!detail)
        detail = "";
    const char *gap = *detail ? ": " : "";
    if (position && text_read_i64(str_of(position), 1, INT32_MAX, &at))
        return err_set(e, "line %u: %s%s%s", line_of(sql, at), message, gap, detail);
    return err_set(e, "%s%s%s", message, gap, detail);
}

static bool exec(struct db_session *s, const char *sql, ExecStatusType expected, struct err *e)
{
    PGresult *res = PQexec(s->pg, sql);
    ExecStatusType status = PQresultStatus(res);
    bool ok = status == expected || (expected == PGRES_COMMAND_OK && status == PGRES_TUPLES_OK) ||
              (expected == PGRES_COMMAND_OK && status == PGRES_EMPTY_QUERY) || fail_result(res, sql, e);
    note_spoilt(s, res);
    PQclear(res);
    return ok;
}

bool db_session_script(struct db_session *s, const char *sql, struct err *e)
{
    if (!is_connected(s))
        return fail(s, e);
    if (!exec(s, "BEGIN; SET LOCAL statement_timeout = 0", PGRES_COMMAND_OK, e))
        return false;
    bool ok = exec(s, sql, PGRES_COMMAND_OK, e);
    if (ok && PQtransactionStatus(s->pg) != PQTRANS_INTRANS)
        ok = err_set(e, "the script ended its transaction itself");
    if (ok)
        return exec(s, "COMMIT", PGRES_COMMAND_OK, e);
    exec(s, "ROLLBACK", PGRES_COMMAND_OK, NULL);
    return false;
}

/* Chunks keep libpq's own buffer small. */
static bool put_rows(struct db_session *s, struct str rows)
{
    enum { CHUNK = 1 << 20 };
    bool ok = true;
    while (rows.n && ok) {
        size_t n = rows.n < CHUNK ? rows.n : CHUNK;
        ok = PQputCopyData(s->pg, rows.p, (int)n) == 1;
        rows.p += n;
        rows.n -= n;
    }
    return PQputCopyEnd(s->pg, ok ? NULL : "not all rows could be sent") == 1 && ok;
}

bool db_session_copy(struct db_session *s, const char *sql, struct str rows, struct err *e)
{
    if (!is_connected(s))
        return fail(s, e);
    if (!exec(s, sql, PGRES_COPY_IN, e))
        return false;
    bool ok = put_rows(s, rows) || fail(s, e);
    s->is_spoilt = !ok;
    for (PGresult *res; (res = PQgetResult(s->pg)) != NULL; PQclear(res)) {
        note_spoilt(s, res);
        if (ok && PQresultStatus(res) != PGRES_COMMAND_OK)
            ok = fail_result(res, sql, e);
    }
    return ok;
}

/* ---- LISTEN ---- */

bool db_session_listen(struct db_session *s, const char *channel)
{
    struct channel *c = arena_alloc(s->arena, sizeof *c);
    *c = (struct channel){s->channels, arena_strdup(s->arena, channel)};
    bool was_connected = PQstatus(s->pg) == CONNECTION_OK;
    s->channels = c;
    return was_connected ? listen_again(s, channel) : is_connected(s);
}

static bool take_notifies(struct db_session *s)
{
    bool any = false;
    for (PGnotify *n; (n = PQnotifies(s->pg)) != NULL; PQfreemem(n))
        any = true;
    return any;
}

bool db_session_wait(struct db_session *s, int timeout_ms, bool *ret_lost)
{
    int64_t end = db_link_now() + timeout_ms;
    *ret_lost = !is_connected(s);
    if (*ret_lost) {
        pause_ms((unsigned)(timeout_ms > 0 ? timeout_ms : 0));
        return false;
    }
    for (;;) {
        if (take_notifies(s))
            return true;
        int64_t left = end - db_link_now();
        struct pollfd fd = {.fd = PQsocket(s->pg), .events = POLLIN};
        int n = left > 0 ? poll(&fd, 1, (int)left) : 0;
        /* A signal ends the wait, so that the jobs process hears of its own end. */
        if (n <= 0)
            return false;
        *ret_lost = !PQconsumeInput(s->pg);
        if (*ret_lost)
            return false;
    }
}
