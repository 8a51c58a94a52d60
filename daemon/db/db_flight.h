/*
 * One unit on one pipelined connection, from sending it until its Sync came back: the protocol rules, without any event loop.
 * A flight borrows its unit, which may be taken away (unit = NULL) when nobody waits any more; results are then dropped.
 * Statements are prepared when a connection first needs them, in a segment of their own before the unit's: so an aborted unit
 * never takes a preparation with it that the next unit counts on, and a connection is usable at once.
 */
#ifndef DAEMON_DB_DB_FLIGHT_H
#define DAEMON_DB_DB_FLIGHT_H

#include <libpq-fe.h>

#include "daemon/db/db_unit.h"

enum { FLIGHT_TRIES = 3 };

struct flight {
    struct db_unit *unit;
    struct prepared *prepared;
    size_t at;           /* commands answered in this segment */
    bool is_preparing;   /* the segment before the unit's */
    bool is_answered;    /* the command at hand has a result */
    bool has_error, is_fatal;
    bool is_undecodable; /* committed or not, its rows cannot be read */
    bool is_doubtful;    /* committed here, perhaps not on the standby */
};

/* What a connection has prepared: statement pointers in the order of sending; NULL for one that was refused. */
struct prepared {
    struct buf list;
    size_t answered;
};
void db_prepared_finish(struct prepared *p);

/* False when the connection broke before the Sync was handed over: the unit was not, and will not be, executed. */
bool db_flight_send(struct flight *f, PGconn *pg, struct prepared *p, struct db_unit *u);

/* The next result (NULL: the end of a command), which is cleared. True when the flight is over. */
bool db_flight_take(struct flight *f, PGresult *res);

/* A warning from the server while this flight is the oldest. */
void db_flight_warn(struct flight *f, const PGresult *notice);

enum flight_verdict { FLIGHT_OVER, FLIGHT_AGAIN };

/* Sets the unit's outcome, or says that it has to be run again. is_lost: the connection died before the Sync came. */
enum flight_verdict db_flight_judge(struct flight *f, bool is_lost);

/* Milliseconds before try number n: longer each time, and by chance, so that two units do not meet again. */
unsigned db_flight_pause_ms(unsigned n);

#endif
