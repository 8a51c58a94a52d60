#include "daemon/db/db_link.h"

#include <string.h>
#include <time.h>

#include "daemon/base/arena.h"
#include "daemon/base/err.h"
#include "daemon/base/id.h"
#include "daemon/base/log.h"

enum { CONNECT_SECONDS = 15, PAUSE_FIRST_MS = 50, PAUSE_MOST_MS = 1000 };

int64_t db_link_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void db_link_timer(struct event *timer, int64_t ms)
{
    struct timeval t = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
    evtimer_add(timer, &t);
}

/* ---- parameters ---- */

/* The `options` of the connection string; NULL when it has none. *ret_ok is false when it cannot be read. */
static const char *own_options(struct arena *a, const char *conninfo, bool *ret_ok, struct err *e)
{
    char *why = NULL;
    const char *found = NULL;
    PQconninfoOption *options = PQconninfoParse(conninfo, &why);
    *ret_ok = options != NULL;
    if (!options)
        err_set(e, "%s", why ? why : "the connection string cannot be read");
    for (PQconninfoOption *o = options; o && o->keyword; o++)
        if (o->val && strcmp(o->keyword, "options") == 0)
            found = arena_strdup(a, o->val);
    PQconninfoFree(options);
    PQfreemem(why);
    return found;
}

bool db_link_params(struct arena *a, const char *conninfo, const char *settings, struct link_params *ret, struct err *e)
{
    bool ok;
    const char *own = own_options(a, conninfo, &ok, e);
    if (!ok)
        return false;
    const char *options = own ? arena_printf(a, "%s %s", own, settings) : settings;
    /* Before dbname: what the connection string may override. A dead host is given up after 3 s, also while connecting,
     * which makes libpq go on to the next one. Behind dbname: what it may not. */
    *ret = (struct link_params){
        {"tcp_user_timeout", "keepalives_idle", "connect_timeout", "fallback_application_name", "dbname", "options",
         "client_encoding", NULL},
        {"3000", "30", "5", "marketcross", conninfo, options, "UTF8", NULL},
    };
    return true;
}

/* ---- connecting ---- */

static void on_timer(evutil_socket_t fd, short what, void *arg);
static void on_connecting(evutil_socket_t fd, short what, void *arg);
static void on_readable(evutil_socket_t fd, short what, void *arg);
static void on_writable(evutil_socket_t fd, short what, void *arg);

/* Never longer than a second, so that a database which is back is found within one. */
static unsigned pause_ms(unsigned failures)
{
    unsigned chance, most = failures < 5 ? (unsigned)PAUSE_FIRST_MS << failures : PAUSE_MOST_MS;
    id_random(&chance, sizeof chance);
    return most / 2 + chance % (most / 2);
}

static void drop(struct link *l)
{
    event_del(&l->io);
    event_del(&l->write);
    evtimer_del(&l->timer);
    PQfinish(l->pg);
    l->pg = NULL;
    l->is_up = l->is_broken = false;
}

static void try_later(struct link *l, const char *why)
{
    log_event(l->failures ? LOG_DEBUG : LOG_WARN, "db.away", "link=%s why=%s", l->label, why);
    drop(l);
    db_link_timer(&l->timer, pause_ms(l->failures++));
}

/* libpq may have moved to another host and so to another socket: the event is made anew after every step. */
static bool watch(struct link *l, short what, event_callback_fn fn)
{
    event_del(&l->io);
    event_assign(&l->io, l->loop, PQsocket(l->pg), what, fn, l);
    if (event_add(&l->io, NULL) == 0)
        return true;
    try_later(l, "its socket cannot be watched");
    return false;
}

static void connected(struct link *l)
{
    evtimer_del(&l->timer);
    if (PQsetnonblocking(l->pg, 1) != 0) {
        try_later(l, PQerrorMessage(l->pg));
        return;
    }
    event_assign(&l->write, l->loop, PQsocket(l->pg), EV_WRITE, on_writable, l);
    if (!watch(l, EV_READ | EV_PERSIST, on_readable))
        return;
    l->is_up = true;
    l->failures = 0;
    l->calls->up(l);
}

static void connect_step(struct link *l, PostgresPollingStatusType status)
{
    switch (status) {
    case PGRES_POLLING_READING:
        watch(l, EV_READ, on_connecting);
        break;
    case PGRES_POLLING_WRITING:
        watch(l, EV_WRITE, on_connecting);
        break;
    case PGRES_POLLING_OK:
        connected(l);
        break;
    default:
        try_later(l, PQerrorMessage(l->pg));
    }
}

static void on_connecting(evutil_socket_t fd, short what, void *arg)
{
    struct link *l = arg;
    (void)fd;
    (void)what;
    connect_step(l, PQconnectPoll(l->pg));
}

static void connect_begin(struct link *l)
{
    struct arena *a = arena_create(0);
    struct link_params params;
    struct err e = {"out of memory"};
    if (db_link_params(a, l->conninfo, l->settings, &params, &e))
        l->pg = PQconnectStartParams(params.keywords, params.values, 1);
    arena_destroy(&a);
    if (!l->pg || PQstatus(l->pg) == CONNECTION_BAD) {
        try_later(l, l->pg ? PQerrorMessage(l->pg) : e.text);
        return;
    }
    db_link_timer(&l->timer, CONNECT_SECONDS * 1000);
    connect_step(l, PGRES_POLLING_WRITING);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct link *l = arg;
    (void)fd;
    (void)what;
    if (l->pg)
        try_later(l, "connecting took too long");
    else
        connect_begin(l);
}

void db_link_start(struct link *l)
{
    evtimer_assign(&l->timer, l->loop, on_timer, l);
    event_assign(&l->io, l->loop, -1, 0, on_connecting, l);
    event_assign(&l->write, l->loop, -1, 0, on_writable, l);
    db_link_timer(&l->timer, 0);
}

void db_link_stop(struct link *l)
{
    drop(l);
}

/* ---- up ---- */

void db_link_lost(struct link *l, const char *why)
{
    l->is_up = false;
    l->calls->lost(l);
    try_later(l, why);
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
    struct link *l = arg;
    (void)fd;
    (void)what;
    l->calls->readable(l);
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    db_link_flush(arg);
}

/* libpq may have closed the socket in the middle of a call, so the events go before its number is used again. */
void db_link_broken(struct link *l)
{
    l->is_broken = true;
    event_del(&l->io);
    event_del(&l->write);
    event_active(&l->io, EV_READ, 0);
}

void db_link_flush(struct link *l)
{
    int rest = PQflush(l->pg);
    if (PQstatus(l->pg) != CONNECTION_OK || (rest == 1 && event_add(&l->write, NULL) != 0))
        db_link_broken(l);
}
