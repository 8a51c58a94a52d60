#include "daemon/db/db_conn.h"

#include "daemon/db/db_pool.h"

static struct flight *oldest(struct conn *c)
{
    return &c->ring[c->first];
}

static void pop(struct conn *c)
{
    c->first = (c->first + 1) % CONN_FLIGHTS;
    c->n--;
}

/* Restarted by every sign of life, so that it only measures silence. */
static void watch_stall(struct conn *c)
{
    if (c->n)
        db_link_timer(&c->stall, db_lane_silence_ms(c->lane));
    else
        evtimer_del(&c->stall);
}

static void settle(struct conn *c, struct flight *f, bool is_lost)
{
    for (unsigned i = 0; i < f->n; i++) {
        struct db_unit *u = f->riders[i].unit;
        if (!u)
            continue;
        u->flight = NULL;
        switch (db_flight_judge(f, &f->riders[i], is_lost)) {
        case FLIGHT_OVER:
            db_lane_finish(c->lane, u, u->result.outcome);
            break;
        case FLIGHT_AGAIN:
            db_lane_again(c->lane, u);
            break;
        case FLIGHT_ALONE:
            db_lane_alone(c->lane, u);
            break;
        }
    }
}

/* False when libpq has nothing more to say though units are in flight. */
static bool take_results(struct conn *c)
{
    bool was_end = false;
    while (c->n && !PQisBusy(c->link.pg)) {
        PGresult *res = PQgetResult(c->link.pg);
        if (!res && was_end)
            return false;
        was_end = !res;
        struct flight *f = oldest(c);
        if (db_flight_take(f, res)) {
            pop(c);
            settle(c, f, false);
        }
    }
    return true;
}

static void on_notice(void *arg, const PGresult *notice)
{
    struct conn *c = arg;
    if (c->n)
        db_flight_warn(oldest(c), notice);
}

static void on_up(struct link *l)
{
    struct conn *c = l->owner;
    PQsetNoticeReceiver(l->pg, on_notice, c);
    if (!PQenterPipelineMode(l->pg)) {
        db_link_lost(l, "pipeline mode refused");
        return;
    }
    db_lane_up(c->lane, c->was_up);
    c->was_up = true;
}

/* Also after the end of the stream: what the server said before it is still in libpq's buffer. */
static void on_readable(struct link *l)
{
    struct conn *c = l->owner;
    bool is_alive = PQconsumeInput(l->pg) && !l->is_broken;
    is_alive = take_results(c) && is_alive && PQstatus(l->pg) == CONNECTION_OK;
    if (!is_alive) {
        db_link_lost(l, PQerrorMessage(l->pg));
        return;
    }
    db_link_flush(l);
    watch_stall(c);
    db_lane_dispatch(c->lane);
}

static void forget(struct conn *c)
{
    evtimer_del(&c->stall);
    db_prepared_finish(&c->prepared);
    c->first = c->n = 0;
}

static void on_lost(struct link *l)
{
    struct conn *c = l->owner;
    for (unsigned i = 0; i < c->n; i++)
        settle(c, &c->ring[(c->first + i) % CONN_FLIGHTS], true);
    forget(c);
    db_lane_down(c->lane);
}

static void on_stall(evutil_socket_t fd, short what, void *arg)
{
    struct conn *c = arg;
    (void)fd;
    (void)what;
    db_link_lost(&c->link, "no answer");
}

static const struct link_calls calls = {on_up, on_readable, on_lost};

void db_conn_start(struct conn *c)
{
    c->link.calls = &calls;
    c->link.owner = c;
    evtimer_assign(&c->stall, c->link.loop, on_stall, c);
    db_link_start(&c->link);
}

void db_conn_stop(struct conn *c)
{
    for (; c->n; pop(c)) {
        struct flight *f = oldest(c);
        for (unsigned i = 0; i < f->n; i++)
            if (f->riders[i].unit)
                f->riders[i].unit->was_resent = true;
        settle(c, f, true);
    }
    forget(c);
    db_link_stop(&c->link);
}

bool db_conn_has_room(const struct conn *c)
{
    return c->link.is_up && !c->link.is_broken && c->n < c->limit;
}

bool db_conn_is_sharing(const struct conn *c)
{
    for (unsigned i = 0; i < c->n; i++)
        if (c->ring[(c->first + i) % CONN_FLIGHTS].is_shared)
            return true;
    return false;
}

bool db_conn_send(struct conn *c, struct db_unit *const *units, unsigned n)
{
    struct flight *f = &c->ring[(c->first + c->n) % CONN_FLIGHTS];
    if (!db_flight_send(f, c->link.pg, &c->prepared, units, n)) {
        db_link_broken(&c->link);
        return false;
    }
    for (unsigned i = 0; i < n; i++)
        units[i]->flight = f;
    c->n++;
    if (c->n == 1)
        watch_stall(c);
    db_link_flush(&c->link);
    return true;
}
