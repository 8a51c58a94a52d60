/*
 * What one Sync commits on one pipelined connection, from sending it until the Sync came back: the protocol rules, without any event loop.
 * Mostly one unit; units that may share a commit ride together. A flight borrows its units, each of which may be taken away (unit = NULL) when nobody
 * waits for it any more; its results are then dropped.
 * Statements are prepared when a connection first needs them, in a segment of their own before the unit's: so an aborted unit
 * never takes a preparation with it that the next unit counts on, and a connection is usable at once.
 */
#ifndef DAEMON_DB_DB_FLIGHT_H
#define DAEMON_DB_DB_FLIGHT_H

#include <libpq-fe.h>

#include "daemon/db/db_unit.h"

enum {
    FLIGHT_TRIES = 3,
    FLIGHT_SHARE = 16, /* units that share a commit, at most */
    FLIGHT_RIDERS = FLIGHT_SHARE + 1
};

/* A unit and its part of the answers. */
struct rider {
    struct db_unit *unit;
    size_t n;            /* statements */
    bool is_undecodable; /* committed or not, its rows cannot be read */
};

struct flight {
    struct rider riders[FLIGHT_RIDERS];
    unsigned n, now;     /* riders; the one whose answers are coming */
    struct prepared *prepared;
    size_t at;           /* statements of that rider answered */
    bool is_preparing;   /* the segment before the units' */
    bool is_answered;    /* the command at hand has a result */
    bool has_error, is_fatal;
    bool is_shared;      /* its units may share a commit, however many came together: none may keep the next ones waiting for long */
    const struct db_stmt *together; /* what was sent for all units in one; NULL: their own statements */
    bool is_doubtful;    /* committed here, perhaps not on the standby */
};

/* What a connection has prepared: statement pointers in the order of sending; NULL for one that was refused. */
struct prepared {
    struct buf list;
    size_t answered;
};
void db_prepared_finish(struct prepared *p);

/* False when the connection broke before the Sync was handed over: the units were not, and will not be, executed. Of one to FLIGHT_SHARE units. */
bool db_flight_send(struct flight *f, PGconn *pg, struct prepared *p, struct db_unit *const *units, unsigned n);

/* The next result (NULL: the end of a command), which is cleared. True when the flight is over. */
bool db_flight_take(struct flight *f, PGresult *res);

/* Nobody waits for this unit any more. */
void db_flight_leave(struct flight *f, const struct db_unit *u);

/* A warning from the server while this flight is the oldest. */
void db_flight_warn(struct flight *f, const PGresult *notice);

enum flight_verdict {
    FLIGHT_OVER,
    FLIGHT_AGAIN, /* after a pause */
    FLIGHT_ALONE  /* at once, sharing with nobody: it or one that it shared with was refused, so nothing of any was committed */
};

/* Sets the outcome of a rider's unit, or says that it has to be run again. is_lost: the connection died before the Sync came. */
enum flight_verdict db_flight_judge(struct flight *f, const struct rider *r, bool is_lost);

/* Milliseconds before try number n: longer each time, and by chance, so that two units do not meet again. */
unsigned db_flight_pause_ms(unsigned n);

#endif
