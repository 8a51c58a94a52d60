#include "daemon/worker.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include <event2/event.h>

#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/confine.h"
#include "daemon/db/db.h"
#include "daemon/http/http.h"
#include "daemon/identity/app.h"
#include "daemon/identity/offload.h"
#include "daemon/identity/page_cache.h"
#include "daemon/routes.h"

enum { NAMES_MAX = 32, DRAIN_SECONDS = 30, HASH_THREADS = 2, HASH_QUEUE = 64 };

struct worker {
    const struct worker_start *start;
    struct arena *arena;
    struct event_base *loop;
    struct app app;
    struct http_server *http, *metrics_http;
    struct event *on_term, *on_hup, *tick, *give_up;
    bool was_ready;
};

/* Answered without the database: whether this process lives, and whether it can serve. */
static bool serve_health(struct worker *w, struct http_request *r)
{
    if (str_is(r->path, "/health/live")) {
        http_reply(r, 200, "text/plain; charset=utf-8", STR("live\n"));
        return true;
    }
    if (!str_is(r->path, "/health/ready"))
        return false;
    if (db_pool_is_ready(w->app.db) && !w->app.is_draining) {
        http_reply(r, 200, "text/plain; charset=utf-8", STR("ready\n"));
    } else {
        http_add_header(r, "Retry-After", "2");
        http_reply(r, 503, "text/plain; charset=utf-8", STR("the database cannot be reached\n"));
    }
    return true;
}

static void on_request(struct http_request *r, void *context)
{
    struct worker *w = context;
    if (!serve_health(w, r))
        request_handle(r, &w->app);
}

static size_t on_body_limit(const struct http_request *r, void *context)
{
    struct worker *w = context;
    return app_body_limit(r, &w->app);
}

static void on_metrics(struct http_request *r, void *context)
{
    struct worker *w = context;
    struct buf out = {0};
    if (!str_is(r->path, "/metrics")) {
        http_reply(r, 404, "text/plain; charset=utf-8", STR("see /metrics\n"));
        return;
    }
    metrics_write(w->start->metrics, &out);
    http_reply(r, 200, "text/plain; version=0.0.4; charset=utf-8", buf_str(&out));
    buf_finish(&out);
}

static size_t no_body(const struct http_request *r, void *context)
{
    (void)r;
    (void)context;
    return 0;
}

/* Each writes its own number only; a number that is a moment old does no harm. */
static unsigned open_beside(unsigned open, void *context)
{
    struct worker *w = context;
    struct metrics_slot *slots = w->start->metrics->workers, *mine = &slots[w->start->number];
    uint64_t least = UINT_MAX;
    __atomic_store_n(&mine->open, open, __ATOMIC_RELAXED);
    for (unsigned i = 0; i < (unsigned)w->start->conf->workers && i < METRICS_WORKERS; i++) {
        uint64_t other = &slots[i] == mine || !slots[i].is_ready ? UINT_MAX : __atomic_load_n(&slots[i].open, __ATOMIC_RELAXED);
        least = other < least ? other : least;
    }
    return (unsigned)least;
}

static void copy_counters(struct worker *w)
{
    struct metrics_slot *slot = &w->start->metrics->workers[w->start->number];
    const struct http_counters *h = http_server_counters(w->http);
    const struct db_counters *d = db_pool_counters(w->app.db);
    slot->accepted = h->accepted;
    slot->requests = h->requests;
    slot->refused = h->refused;
    slot->timeouts = h->timeouts;
    slot->open = h->open;
    memcpy(slot->answers, h->answers, sizeof slot->answers);
    slot->kept = w->app.counters.kept;
    slot->microseconds = w->app.counters.microseconds;
    slot->db_units = d->units;
    slot->db_failed = d->failed;
    slot->db_retried = d->retried;
    slot->db_busy = d->busy;
    slot->db_expired = d->expired;
    slot->db_unknown = d->unknown;
    slot->db_reconnects = d->reconnects;
    slot->db_waiting = d->waiting;
    slot->db_in_flight = d->in_flight;
    slot->db_connections = d->connections;
    slot->is_ready = true;
}

static void on_tick(evutil_socket_t fd, short what, void *context)
{
    struct worker *w = context;
    (void)fd;
    (void)what;
    if (!w->was_ready && db_pool_is_ready(w->app.db)) {
        w->was_ready = true;
        log_event(LOG_INFO, "worker.ready", "pid=%d", (int)getpid());
        if (write(w->start->ready_fd, &w->start->number, 1) < 0)
            log_event(LOG_WARN, "worker.ready_unsaid", "errno=%d", errno);
        /* From now on once a second is enough. */
        event_add(w->tick, &(struct timeval){1, 0});
    }
    copy_counters(w);
}

static void end_loop(void *context)
{
    struct worker *w = context;
    event_base_loopbreak(w->loop);
}

static void on_give_up(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    log_event(LOG_WARN, "worker.drain_cut", "seconds=%d", DRAIN_SECONDS);
    end_loop(context);
}

static void on_terminate(evutil_socket_t fd, short what, void *context)
{
    struct worker *w = context;
    (void)fd;
    (void)what;
    if (w->app.is_draining)
        return;
    w->app.is_draining = true;
    log_event(LOG_INFO, "worker.draining", "open=%u", http_server_counters(w->http)->open);
    event_add(w->give_up, &(struct timeval){DRAIN_SECONDS, 0});
    http_server_drain(w->http, end_loop, w);
}

static void on_reload(evutil_socket_t fd, short what, void *context)
{
    struct worker *w = context;
    struct err e = {""};
    (void)fd;
    (void)what;
    if (text_is_empty(w->start->conf->tls_certificate))
        return;
    if (http_server_reload_tls(w->http, &e))
        log_event(LOG_INFO, "worker.certificate_reloaded", "file=%s", w->start->conf->tls_certificate);
    else
        log_event(LOG_ERROR, "worker.certificate_kept", "reason=\"%s\"", e.text);
}

/* A list in the configuration: names separated by spaces. */
static struct str *names_of(struct worker *w, const char *list, size_t *ret_n)
{
    struct str *names = arena_array(w->arena, NAMES_MAX, sizeof *names);
    struct str rest = str_of(list), name;
    *ret_n = 0;
    while (*ret_n < NAMES_MAX && str_cut(&rest, ' ', &name))
        if (name.n)
            names[(*ret_n)++] = name;
    return names;
}

static struct http_config http_settings(struct worker *w)
{
    const struct conf *c = w->start->conf;
    size_t hosts_n, proxies_n;
    struct str *hosts = names_of(w, c->hosts, &hosts_n), *proxies = names_of(w, c->trusted_proxies, &proxies_n);
    return (struct http_config){
        .hosts = hosts,
        .hosts_n = hosts_n,
        .proxies = proxies,
        .proxies_n = proxies_n,
        .max_connections = (unsigned)c->connections,
        .max_per_address = (unsigned)c->connections_per_address,
        .head_seconds = 10,
        .body_seconds = 60,
        .idle_seconds = 60,
        .write_seconds = 30,
        .answer_seconds = 90,
        .spool_dir = c->spool_dir,
        .tls_cert = text_is_empty(c->tls_certificate) ? NULL : c->tls_certificate,
        .tls_key = text_is_empty(c->tls_key) ? NULL : c->tls_key,
        .handler = on_request,
        .body_limit = on_body_limit,
        .beside = open_beside,
        .context = w,
    };
}

static bool open_servers(struct worker *w, struct err *e)
{
    struct http_config http = http_settings(w);
    w->http = http_server_create(w->loop, w->start->listen_fd, &http, e);
    if (!w->http)
        return false;
    if (w->start->metrics_fd < 0)
        return true;
    http.handler = on_metrics;
    http.body_limit = no_body;
    http.beside = NULL;
    http.tls_cert = http.tls_key = NULL;
    w->metrics_http = http_server_create(w->loop, w->start->metrics_fd, &http, e);
    return w->metrics_http != NULL;
}

/* The catalogue changed, or the worker could not hear for a while whether it did. */
static void on_catalogue(const char *channel, const char *payload, void *context)
{
    struct worker *w = context;
    (void)channel;
    (void)payload;
    page_cache_empty(w->app.pages);
}

static void keep_pages(struct worker *w)
{
    if (!w->start->conf->page_memory_mb)
        return;
    w->app.pages = page_cache_create((size_t)w->start->conf->page_memory_mb << 20);
    db_listen(w->app.db, "catalogue", on_catalogue, w);
}

static bool open_worker(struct worker *w, struct err *e)
{
    const struct conf *c = w->start->conf;
    w->arena = arena_create(0);
    w->loop = event_base_new();
    if (!w->loop)
        return err_set(e, "no event loop");
    w->app = (struct app){.conf = c, .tables = route_tables, .tables_n = route_tables_n, .secret = w->start->secret, .modulus = w->start->modulus};
    w->app.db = db_pool_create(w->loop, &(struct db_config){.conninfo = c->database,
                                                            .fast = (unsigned)c->fast_connections,
                                                            .slow = (unsigned)c->slow_connections,
                                                            .queue = (unsigned)c->queue,
                                                            .deadline_ms = (unsigned)c->deadline_ms});
    keep_pages(w);
    w->app.offload = offload_create(w->loop, HASH_THREADS, HASH_QUEUE, e);
    if (!w->app.offload || !open_servers(w, e))
        return false;
    w->on_term = evsignal_new(w->loop, SIGTERM, on_terminate, w);
    w->on_hup = evsignal_new(w->loop, SIGHUP, on_reload, w);
    w->tick = event_new(w->loop, -1, EV_PERSIST, on_tick, w);
    w->give_up = evtimer_new(w->loop, on_give_up, w);
    return w->on_term && w->on_hup && w->tick && w->give_up && event_add(w->on_term, NULL) == 0 && event_add(w->on_hup, NULL) == 0 &&
           event_add(w->tick, &(struct timeval){0, 20000}) == 0;
}

static void close_worker(struct worker *w)
{
    struct event *events[] = {w->on_term, w->on_hup, w->tick, w->give_up};
    http_server_destroy(&w->http);
    http_server_destroy(&w->metrics_http);
    offload_destroy(&w->app.offload);
    db_pool_destroy(&w->app.db);
    page_cache_destroy(&w->app.pages);
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (events[i])
            event_free(events[i]);
    if (w->loop)
        event_base_free(w->loop);
    arena_destroy(&w->arena);
}

int worker_run(const struct worker_start *start)
{
    struct worker w = {.start = start};
    struct err e = {""};
    /* An event that cannot be added would leave a client waiting for ever, and half an answer must not leave: without memory the worker ends. */
    event_set_mem_functions(memory_take, memory_retake, free);
    if (!open_worker(&w, &e) || !confine_worker(&e)) {
        log_event(LOG_ERROR, "worker.not_started", "reason=\"%s\"", e.text);
        close_worker(&w);
        return EX_CONFIG;
    }
    log_event(LOG_INFO, "worker.started", "pid=%d", (int)getpid());
    event_base_dispatch(w.loop);
    copy_counters(&w);
    close_worker(&w);
    log_event(LOG_INFO, "worker.ended", "pid=%d", (int)getpid());
    return 0;
}
