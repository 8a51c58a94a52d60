/*
 * One pipelined connection of a lane: up to `limit` flights under way, answered in the order they were sent.
 * The connection owns its flights; units belong to their callers and come back to the lane through db_lane_finish or db_lane_again.
 * When it dies, every unit in flight is judged, and the link below it connects anew.
 */
#ifndef DAEMON_DB_DB_CONN_H
#define DAEMON_DB_DB_CONN_H

#include "daemon/db/db_flight.h"
#include "daemon/db/db_link.h"

enum { CONN_FLIGHTS = 16 };

struct conn {
    struct lane *lane;
    struct link link;
    struct prepared prepared;
    struct flight ring[CONN_FLIGHTS];
    unsigned first, n, limit;
    struct event stall; /* nothing came back for longer than any statement may take */
    bool was_up;
};

void db_conn_start(struct conn *c);
/* Judges what is in flight as lost; nothing is sent again. */
void db_conn_stop(struct conn *c);
bool db_conn_has_room(const struct conn *c);
/* Whether units that may share a commit are under way here. */
bool db_conn_is_sharing(const struct conn *c);
/* One to FLIGHT_SHARE units under one Sync. False: the connection is broken, nothing of them was executed, and there is no room here any more. */
bool db_conn_send(struct conn *c, struct db_unit *const *units, unsigned n);

#endif
