#include "daemon/db/db_pool.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/log.h"

enum { GATHER_MS = 1, AWAY_MS = 2000, SLOW_DEADLINE_MS = 60000, FAST_DEADLINE_MS = 5000 };

/* The silence is longer than the statement timeout, which the server keeps as long as it lives. */
static const struct {
    const char *label, *settings;
    unsigned silence_ms;
} kinds[] = {
    [DB_FAST] = {"fast", DB_LINK_SETTINGS "-c statement_timeout=2s -c lock_timeout=2s", 7000},
    [DB_SLOW] = {"slow", DB_LINK_SETTINGS "-c statement_timeout=60s -c lock_timeout=2s", 65000},
};

struct db_pool {
    struct arena *arena;
    struct event_base *loop;
    struct db_config config;
    struct lane lanes[2];
    struct unit_list finished;
    struct event finish;
    struct listener *listener;
    struct db_counters counters;
};

unsigned db_lane_silence_ms(const struct lane *lane)
{
    return kinds[lane->kind].silence_ms;
}

/* ---- the end of a unit ---- */

void db_lane_finish(struct lane *lane, struct db_unit *u, enum db_outcome outcome)
{
    struct db_pool *p = lane->pool;
    event_del(&u->timer);
    u->place = UNIT_FINISHED;
    u->result.outcome = outcome;
    p->counters.units++;
    p->counters.failed += outcome == DB_FAILED;
    p->counters.busy += outcome == DB_BUSY;
    p->counters.expired += outcome == DB_EXPIRED;
    p->counters.unknown += outcome == DB_UNKNOWN;
    TAILQ_INSERT_TAIL(&p->finished, u, link);
    event_active(&p->finish, 0, 0);
}

/* Only those that were finished when this began: a done callback may run the next unit, and others want their turn. */
static void on_finish(evutil_socket_t fd, short what, void *arg)
{
    struct db_pool *p = arg;
    struct unit_list now = TAILQ_HEAD_INITIALIZER(now);
    (void)fd;
    (void)what;
    TAILQ_CONCAT(&now, &p->finished, link);
    while (!TAILQ_EMPTY(&now)) {
        struct db_unit *u = TAILQ_FIRST(&now);
        TAILQ_REMOVE(&now, u, link);
        u->done(u, u->context);
    }
}

/* ---- waiting ---- */

static struct unit_list *queue_of(struct lane *lane, const struct db_unit *u)
{
    return db_unit_shares(u) ? &lane->sharing : &lane->queue;
}

static void queue_add(struct lane *lane, struct db_unit *u, bool at_head)
{
    u->place = UNIT_QUEUED;
    if (at_head)
        TAILQ_INSERT_HEAD(queue_of(lane, u), u, link);
    else
        TAILQ_INSERT_TAIL(queue_of(lane, u), u, link);
    lane->waiting++;
}

static void queue_remove(struct lane *lane, struct db_unit *u)
{
    TAILQ_REMOVE(queue_of(lane, u), u, link);
    lane->waiting--;
}

static void arm(struct db_unit *u, int64_t at)
{
    int64_t ms = at - db_link_now();
    db_link_timer(&u->timer, ms > 0 ? ms : 0);
}

/* The connection drains the late answer of a unit that was sent; the flight only forgets whom it was for. */
static void expire(struct db_unit *u)
{
    if (u->place == UNIT_QUEUED)
        queue_remove(u->lane, u);
    else if (u->place == UNIT_PAUSED)
        TAILQ_REMOVE(&u->lane->paused, u, link);
    else if (u->flight)
        db_flight_leave(u->flight, u);
    u->flight = NULL;
    db_lane_finish(u->lane, u, DB_EXPIRED);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct db_unit *u = arg;
    (void)fd;
    (void)what;
    if (db_link_now() >= u->deadline) {
        expire(u);
        return;
    }
    arm(u, u->deadline);
    if (u->place == UNIT_PAUSED) {
        TAILQ_REMOVE(&u->lane->paused, u, link);
        queue_add(u->lane, u, true);
        db_lane_dispatch(u->lane);
    }
}

void db_lane_again(struct lane *lane, struct db_unit *u)
{
    lane->pool->counters.retried++;
    u->place = UNIT_PAUSED;
    TAILQ_INSERT_TAIL(&lane->paused, u, link);
    int64_t resume_at = db_link_now() + db_flight_pause_ms(u->tries);
    arm(u, resume_at < u->deadline ? resume_at : u->deadline);
}

void db_lane_alone(struct lane *lane, struct db_unit *u)
{
    lane->pool->counters.retried++;
    u->is_alone = true;
    queue_add(lane, u, false);
}

/* ---- connections ---- */

static struct conn *least_loaded(struct lane *lane)
{
    struct conn *best = NULL;
    for (unsigned i = 0; i < lane->conns_n; i++) {
        struct conn *c = &lane->conns[i];
        if (db_conn_has_room(c) && (!best || c->n < best->n))
            best = c;
    }
    return best;
}

/* What comes while a commit is under way waits for it, and shares the next: one group at a time, a worker being about a core. */
static struct conn *ready_to_share(struct lane *lane)
{
    for (unsigned i = 0; i < lane->conns_n; i++)
        if (db_conn_is_sharing(&lane->conns[i]))
            return NULL;
    return least_loaded(lane);
}

static unsigned take_sharers(struct lane *lane, struct db_unit **units)
{
    unsigned n = 0;
    while (n < FLIGHT_SHARE && !TAILQ_EMPTY(&lane->sharing)) {
        struct db_unit *u = TAILQ_FIRST(&lane->sharing);
        queue_remove(lane, u);
        unsigned at = n++;
        for (; at && strcmp(units[at - 1]->share, u->share) > 0; at--)
            units[at] = units[at - 1];
        units[at] = u;
    }
    return n;
}

/*
 * Those whose answers came together ask again together, a moment apart: without waiting for them the first would go alone, and all others wait behind its
 * commit. When as many do not come, nobody is waited for the next time.
 */
static bool is_gathered(struct lane *lane)
{
    unsigned n = 0;
    struct db_unit *u;
    TAILQ_FOREACH (u, &lane->sharing, link)
        if (++n >= lane->shared)
            return true;
    if (!evtimer_pending(&lane->gather, NULL))
        db_link_timer(&lane->gather, GATHER_MS);
    return false;
}

static void on_gathered(evutil_socket_t fd, short what, void *arg)
{
    struct lane *lane = arg;
    (void)fd;
    (void)what;
    lane->shared = 0;
    db_lane_dispatch(lane);
}

static void send_or_keep(struct lane *lane, struct conn *c, struct db_unit **units, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        units[i]->place = UNIT_SENT;
    if (!db_conn_send(c, units, n))
        for (unsigned i = n; i-- > 0;)
            queue_add(lane, units[i], true);
}

void db_lane_dispatch(struct lane *lane)
{
    struct conn *c;
    struct db_unit *units[FLIGHT_SHARE];
    while (!TAILQ_EMPTY(&lane->queue) && (c = least_loaded(lane)) != NULL) {
        units[0] = TAILQ_FIRST(&lane->queue);
        queue_remove(lane, units[0]);
        send_or_keep(lane, c, units, 1);
    }
    while (!TAILQ_EMPTY(&lane->sharing) && (c = ready_to_share(lane)) != NULL && is_gathered(lane)) {
        evtimer_del(&lane->gather);
        lane->shared = take_sharers(lane, units);
        send_or_keep(lane, c, units, lane->shared);
    }
}

static bool is_up(const struct lane *lane)
{
    for (unsigned i = 0; i < lane->conns_n; i++)
        if (lane->conns[i].link.is_up)
            return true;
    return false;
}

void db_lane_up(struct lane *lane, bool is_again)
{
    lane->pool->counters.reconnects += is_again;
    lane->is_away = false;
    evtimer_del(&lane->away_timer);
    db_lane_dispatch(lane);
}

void db_lane_down(struct lane *lane)
{
    if (is_up(lane))
        db_lane_dispatch(lane);
    else if (!lane->is_away && !evtimer_pending(&lane->away_timer, NULL))
        db_link_timer(&lane->away_timer, AWAY_MS);
}

static void fail_queue(struct lane *lane)
{
    struct db_unit *u;
    while ((u = TAILQ_FIRST(&lane->queue)) != NULL || (u = TAILQ_FIRST(&lane->sharing)) != NULL) {
        queue_remove(lane, u);
        db_lane_finish(lane, u, DB_AWAY);
    }
}

static void on_away(evutil_socket_t fd, short what, void *arg)
{
    struct lane *lane = arg;
    (void)fd;
    (void)what;
    lane->is_away = true;
    log_event(LOG_ERROR, "db.lane_away", "lane=%s waiting=%u", kinds[lane->kind].label, lane->waiting);
    fail_queue(lane);
}

/* ---- the pool ---- */

static void lane_start(struct db_pool *p, enum db_lane kind, unsigned conns_n)
{
    struct lane *lane = &p->lanes[kind];
    *lane = (struct lane){.pool = p, .kind = kind, .conns_n = conns_n};
    TAILQ_INIT(&lane->queue);
    TAILQ_INIT(&lane->sharing);
    TAILQ_INIT(&lane->paused);
    evtimer_assign(&lane->away_timer, p->loop, on_away, lane);
    evtimer_assign(&lane->gather, p->loop, on_gathered, lane);
    lane->conns = arena_array(p->arena, conns_n, sizeof *lane->conns);
    for (unsigned i = 0; i < conns_n; i++) {
        struct conn *c = &lane->conns[i];
        c->lane = lane;
        c->limit = kind == DB_FAST ? CONN_FLIGHTS : 1;
        c->link.loop = p->loop;
        c->link.conninfo = p->config.conninfo;
        c->link.settings = kinds[kind].settings;
        c->link.label = kinds[kind].label;
        db_conn_start(c);
    }
    db_lane_down(lane);
}

struct db_pool *db_pool_create(struct event_base *loop, const struct db_config *config)
{
    struct arena *a = arena_create(0);
    struct db_pool *p = arena_alloc(a, sizeof *p);
    *p = (struct db_pool){.arena = a, .loop = loop, .config = *config};
    p->config.conninfo = arena_strdup(a, config->conninfo);
    if (!p->config.deadline_ms)
        p->config.deadline_ms = FAST_DEADLINE_MS;
    TAILQ_INIT(&p->finished);
    event_assign(&p->finish, loop, -1, 0, on_finish, p);
    lane_start(p, DB_FAST, config->fast ? config->fast : 1);
    lane_start(p, DB_SLOW, config->slow ? config->slow : 1);
    p->listener = db_listener_create(a, loop, p->config.conninfo);
    return p;
}

static void lane_stop(struct lane *lane)
{
    for (unsigned i = 0; i < lane->conns_n; i++)
        db_conn_stop(&lane->conns[i]);
    struct db_unit *u;
    while ((u = TAILQ_FIRST(&lane->paused)) != NULL) {
        TAILQ_REMOVE(&lane->paused, u, link);
        queue_add(lane, u, false);
    }
    fail_queue(lane);
    evtimer_del(&lane->away_timer);
    evtimer_del(&lane->gather);
}

/* The callbacks of what was still under way are called here: it must not be called from one of them. */
void db_pool_destroy(struct db_pool **p)
{
    if (!p || !*p)
        return;
    for (size_t i = 0; i < 2; i++)
        lane_stop(&(*p)->lanes[i]);
    db_listener_stop((*p)->listener);
    while (!TAILQ_EMPTY(&(*p)->finished))
        on_finish(-1, 0, *p);
    event_del(&(*p)->finish);
    struct arena *a = (*p)->arena;
    *p = NULL;
    arena_destroy(&a);
}

void db_run(struct db_pool *p, struct db_unit *u, db_done_fn *done, void *context)
{
    enum db_lane kind = db_unit_lane(u);
    struct lane *lane = &p->lanes[kind];
    u->lane = lane;
    u->done = done;
    u->context = context;
    u->deadline = db_link_now() + (kind == DB_SLOW ? SLOW_DEADLINE_MS : (int64_t)p->config.deadline_ms);
    evtimer_assign(&u->timer, p->loop, on_timer, u);
    if (!u->n) {
        db_lane_finish(lane, u, DB_DONE);
    } else if (lane->is_away) {
        db_lane_finish(lane, u, DB_AWAY);
    } else if (lane->waiting >= p->config.queue && !(db_unit_shares(u) ? ready_to_share(lane) : least_loaded(lane))) {
        db_lane_finish(lane, u, DB_BUSY);
    } else {
        arm(u, u->deadline);
        queue_add(lane, u, false);
        db_lane_dispatch(lane);
    }
}

bool db_pool_is_ready(const struct db_pool *p)
{
    return is_up(&p->lanes[DB_FAST]);
}

bool db_hears(const struct db_pool *p)
{
    return db_listener_hears(p->listener);
}

void db_listen(struct db_pool *p, const char *channel, db_notify_fn *fn, void *context)
{
    db_listener_add(p->listener, channel, fn, context);
}

/* What waits and flies is counted when asked for; the pool that the lane knows is the same one, not const. */
const struct db_counters *db_pool_counters(const struct db_pool *p)
{
    struct db_counters *n = &p->lanes[DB_FAST].pool->counters;
    n->waiting = n->in_flight = n->connections = 0;
    for (size_t i = 0; i < 2; i++) {
        n->waiting += p->lanes[i].waiting;
        for (unsigned j = 0; j < p->lanes[i].conns_n; j++) {
            n->in_flight += p->lanes[i].conns[j].n;
            n->connections += p->lanes[i].conns[j].link.is_up;
        }
    }
    return n;
}
