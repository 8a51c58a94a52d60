/*
 * One pipelined connection of a lane: up to `limit` units in flight, answered in the order they were sent.
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
/* False: the connection is broken, nothing of the unit was executed, and there is no room here any more. */
bool db_conn_send(struct conn *c, struct db_unit *u);

#endif
