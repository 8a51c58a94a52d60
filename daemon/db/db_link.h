/*
 * One libpq connection kept up for ever: connecting without blocking, going through the hosts of the connection string, and trying again
 * after a growing, random pause. The owner of the link owns its memory; the link owns the PGconn and its events.
 * A failure is an event like any other: the owner hears `lost`, and later `up` again. Name resolution is libpq's and blocks: give
 * addresses (hostaddr) or socket folders in production.
 */
#ifndef DAEMON_DB_DB_LINK_H
#define DAEMON_DB_DB_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include <event2/event.h>
#include <event2/event_struct.h>
#include <libpq-fe.h>

struct link;

struct link_calls {
    void (*up)(struct link *l);       /* connected, non-blocking */
    void (*readable)(struct link *l);
    void (*lost)(struct link *l);     /* it was up; l->pg is still there for the last time */
};

struct link {
    struct event_base *loop;
    const char *conninfo;
    const char *settings; /* "-c name=value …" of every session */
    const char *label;    /* in logs */
    const struct link_calls *calls;
    void *owner;
    PGconn *pg;
    bool is_up;
    bool is_broken;    /* up, but only to hear what the server still said: `lost` follows from the loop */
    unsigned failures; /* since it was last up */
    struct event io, write, timer;
};

/* The settings that every session of the program has. */
#define DB_LINK_SETTINGS \
    "-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=iso_8601 -c bytea_output=hex -c idle_in_transaction_session_timeout=10s "

void db_link_start(struct link *l);
void db_link_stop(struct link *l);

/* Gives the connection up and arranges for a new one. */
void db_link_lost(struct link *l, const char *why);

/* Nothing more can be sent: has `readable` called once more from the loop, which reads the rest and finds the end. */
void db_link_broken(struct link *l);

/* Sends what is buffered; what the socket does not take follows by itself. */
void db_link_flush(struct link *l);

/* Keywords and values for PQconnectStartParams, in the arena; NULL with a reason when conninfo cannot be read. */
struct arena;
struct err;
struct link_params {
    const char *keywords[12], *values[12];
};
bool db_link_params(struct arena *a, const char *conninfo, const char *settings, struct link_params *ret, struct err *e);

/* Milliseconds of the monotonic clock. */
int64_t db_link_now(void);

/* Arms a timer event; again: from now. */
void db_link_timer(struct event *timer, int64_t ms);

#endif
