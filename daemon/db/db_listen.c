#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/db/db_pool.h"

enum { BEAT_MS = 250, DEAF_MS = 1000 };

/* One connection for all channels, outside of pipeline mode, opened when the first channel is asked for. */
struct channel {
    struct channel *next;
    const char *name;
    db_notify_fn *fn;
    void *context;
    bool is_listening;
};

struct listener {
    struct arena *arena;
    struct link link;
    struct channel *channels, *asked; /* asked: whose LISTEN is under way */
    bool is_started;
    /* An empty statement goes out at every beat: its answer comes behind every notification that was sent before, so it tells up to when all was heard. */
    struct event beat;
    int64_t beat_at, heard_at; /* 0: no beat is under way; nothing was heard */
};

/* One LISTEN at a time; its answer asks for the next. */
static void listen_next(struct listener *l)
{
    if (!l->link.is_up || l->asked || l->beat_at)
        return;
    struct channel *c = l->channels;
    while (c && c->is_listening)
        c = c->next;
    if (!c)
        return;
    char *name = PQescapeIdentifier(l->link.pg, c->name, strlen(c->name));
    struct arena *a = arena_create(0);
    bool is_sent = name && PQsendQuery(l->link.pg, arena_printf(a, "LISTEN %s", name));
    arena_destroy(&a);
    PQfreemem(name);
    l->asked = c;
    if (is_sent)
        db_link_flush(&l->link);
    else
        db_link_lost(&l->link, "LISTEN failed");
}

static void on_up(struct link *link)
{
    listen_next(link->owner);
}

/* Whatever was sent before the LISTEN is missed: the call without a payload makes up for it. */
static void answer(struct listener *l, const PGresult *res)
{
    if (PQresultStatus(res) != PGRES_COMMAND_OK || !l->asked)
        return;
    l->asked->is_listening = true;
    l->asked->fn(l->asked->name, NULL, l->asked->context);
}

static void deliver(struct listener *l, const PGnotify *n)
{
    for (struct channel *c = l->channels; c; c = c->next)
        if (strcmp(c->name, n->relname) == 0)
            c->fn(c->name, n->extra, c->context);
}

static bool all_are_listening(const struct listener *l)
{
    for (const struct channel *c = l->channels; c; c = c->next)
        if (!c->is_listening)
            return false;
    return l->channels != NULL;
}

static void end_question(struct listener *l)
{
    if (l->beat_at && all_are_listening(l))
        l->heard_at = l->beat_at;
    l->asked = NULL;
    l->beat_at = 0;
}

static void on_beat(evutil_socket_t fd, short what, void *arg)
{
    struct listener *l = arg;
    (void)fd;
    (void)what;
    if (l->link.is_up && !l->link.is_broken && !l->asked && !l->beat_at && PQsendQuery(l->link.pg, "")) {
        l->beat_at = db_link_now();
        db_link_flush(&l->link);
    }
    db_link_timer(&l->beat, BEAT_MS);
}

bool db_listener_hears(const struct listener *l)
{
    return l->link.is_up && l->heard_at && db_link_now() - l->heard_at < DEAF_MS;
}

static void take_results(struct listener *l)
{
    while ((l->asked || l->beat_at) && !PQisBusy(l->link.pg)) {
        PGresult *res = PQgetResult(l->link.pg);
        if (!res)
            end_question(l);
        else if (l->asked)
            answer(l, res);
        PQclear(res);
    }
}

static void on_readable(struct link *link)
{
    struct listener *l = link->owner;
    bool is_alive = PQconsumeInput(link->pg) && !link->is_broken;
    take_results(l);
    for (PGnotify *n; (n = PQnotifies(link->pg)) != NULL; PQfreemem(n))
        deliver(l, n);
    if (is_alive && PQstatus(link->pg) == CONNECTION_OK)
        listen_next(l);
    else
        db_link_lost(link, PQerrorMessage(link->pg));
}

static void on_lost(struct link *link)
{
    struct listener *l = link->owner;
    l->asked = NULL;
    l->beat_at = l->heard_at = 0;
    for (struct channel *c = l->channels; c; c = c->next)
        c->is_listening = false;
}

static const struct link_calls calls = {on_up, on_readable, on_lost};

struct listener *db_listener_create(struct arena *a, struct event_base *loop, const char *conninfo)
{
    struct listener *l = arena_alloc(a, sizeof *l);
    l->arena = a;
    l->link = (struct link){.loop = loop, .conninfo = conninfo, .settings = DB_LINK_SETTINGS, .label = "listen",
                            .calls = &calls, .owner = l};
    return l;
}

void db_listener_add(struct listener *l, const char *channel, db_notify_fn *fn, void *context)
{
    struct channel *c = arena_alloc(l->arena, sizeof *c), **end = &l->channels;
    *c = (struct channel){.name = arena_strdup(l->arena, channel), .fn = fn, .context = context};
    while (*end)
        end = &(*end)->next;
    *end = c;
    if (!l->is_started) {
        db_link_start(&l->link);
        evtimer_assign(&l->beat, l->link.loop, on_beat, l);
        db_link_timer(&l->beat, BEAT_MS);
    }
    l->is_started = true;
    listen_next(l);
}

void db_listener_stop(struct listener *l)
{
    if (!l->is_started)
        return;
    evtimer_del(&l->beat);
    db_link_stop(&l->link);
}
