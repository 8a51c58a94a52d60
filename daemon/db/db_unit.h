/*
 * Inside of a unit, for the files of this room only: its steps, and where the pool has put it while it runs.
 * Everything lies in the unit's arena; a unit that was finished is never touched again, because its arena may be gone.
 * Nothing here fails.
 */
#ifndef DAEMON_DB_DB_UNIT_H
#define DAEMON_DB_DB_UNIT_H

#include <sys/queue.h>

#include <event2/event.h>
#include <event2/event_struct.h>

#include "daemon/base/arena.h"
#include "daemon/db/db.h"

/* Of one unit. More is refused, because an arena that overflows ends the process. */
enum { UNIT_BYTES_MAX = 32 * 1024 * 1024 };

struct db_step {
    const struct db_stmt *stmt;
    const char **values; /* parameters as text, NULL for null */
    const void *rows;
    size_t rows_n;
    bool has_more; /* than a page */
};

enum unit_place { UNIT_IDLE, UNIT_QUEUED, UNIT_SENT, UNIT_PAUSED, UNIT_FINISHED };

struct flight;
struct lane;

struct db_unit {
    struct arena *arena;
    struct db_step *steps;
    size_t n, cap;
    size_t bytes; /* of rows decoded so far, in all tries */
    struct db_result result;
    unsigned tries;    /* run again after 40001 and the like */
    bool was_resent;   /* a read, after its connection was lost */
    const char *share; /* NULL: its commit is its own */
    const struct db_stmt *together; /* what may stand for its own statements; NULL: nothing */
    bool is_alone;     /* it was not committed with those it shared with: from now on its commit is its own */

    /* the pool's */
    struct lane *lane;
    TAILQ_ENTRY(db_unit) link;
    enum unit_place place;
    struct flight *flight; /* while UNIT_SENT */
    struct event timer;    /* the deadline, or the end of the pause before the next try */
    int64_t deadline;
    db_done_fn *done;
    void *context;
};

TAILQ_HEAD(unit_list, db_unit);

enum db_lane db_unit_lane(const struct db_unit *u);

/* Whether it may go with others, and so waits in the lane's list of those that may. */
bool db_unit_shares(const struct db_unit *u);

/* Forgets rows and errors of an earlier try. */
void db_unit_reset(struct db_unit *u);

#endif
