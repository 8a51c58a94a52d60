/*
 * Lanes: a queue and its connections. What the connection (db_conn) tells its lane, for the files of this room only.
 * The pool owns lanes and connections. Units are finished through one list, emptied by an event of its own, so that no done callback runs
 * inside another call of this room.
 */
#ifndef DAEMON_DB_DB_POOL_H
#define DAEMON_DB_DB_POOL_H

#include "daemon/db/db_conn.h"

struct lane {
    struct db_pool *pool;
    enum db_lane kind;
    struct conn *conns;
    unsigned conns_n;
    struct unit_list queue, sharing, paused; /* sharing: those that may share a commit */
    unsigned waiting; /* in queue and sharing */
    unsigned shared;  /* units that went together last; 0: that many are not waited for any more */
    struct event gather; /* the end of waiting for as many again */
    struct event away_timer;
    bool is_away; /* no connection for longer than a request is asked to wait */
};

void db_lane_up(struct lane *lane, bool is_again);
void db_lane_down(struct lane *lane);
/* Sends what waits, as far as connections have room. */
void db_lane_dispatch(struct lane *lane);
void db_lane_finish(struct lane *lane, struct db_unit *u, enum db_outcome outcome);
/* After a pause: whom it met in conflict has gone on by then, and connections that died together are known to be dead. */
void db_lane_again(struct lane *lane, struct db_unit *u);
/* It, or one it shared a commit with, was refused or waited too long for a lock: at once, and with a commit of its own. */
void db_lane_alone(struct lane *lane, struct db_unit *u);
unsigned db_lane_silence_ms(const struct lane *lane);

struct listener;
struct listener *db_listener_create(struct arena *a, struct event_base *loop, const char *conninfo);
void db_listener_add(struct listener *l, const char *channel, db_notify_fn *fn, void *context);
bool db_listener_hears(const struct listener *l);
void db_listener_stop(struct listener *l);

#endif
