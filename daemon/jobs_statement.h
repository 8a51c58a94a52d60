/*
 * The lines of a bank's file on their way from the jail to the database, a piece at a time, so that neither side ever holds them all: each piece is staged in
 * a transaction of its own, and one unit imports them when all are there. The answer to a payment file is a single line and stays whole.
 * Whoever starts one finishes it. It fails when a piece is refused, with a sentence for the sender, or when the database does not answer.
 */
#ifndef DAEMON_JOBS_STATEMENT_H
#define DAEMON_JOBS_STATEMENT_H

#include "daemon/base/err.h"
#include "daemon/db/db.h"

struct arena;

struct jobs_statement {
    struct db_session *session;
    struct arena *arena; /* outlives it: has the refusal */
    int council;
    const char *file;    /* its reference */
    const char *attempt; /* this reading of it: what another one staged is not mixed with it */
    struct buf held;     /* not staged yet */
    size_t whole, lines; /* of what is held: bytes and number of its whole lines */
    int pieces, statement;
    const char *refusal; /* for the sender; NULL when nothing was refused */
};

void jobs_statement_init(struct jobs_statement *j, struct db_session *s, struct arena *a, int council, const char *file);
void jobs_statement_finish(struct jobs_statement *j);

/* A jail_sink. */
bool jobs_statement_take(void *self, struct str piece, struct err *e);
/* Everything was taken: stages what is still held. */
bool jobs_statement_end(struct jobs_statement *j, struct err *e);
/* The step that gives the file its effect. */
void jobs_statement_import(const struct jobs_statement *j, struct db_unit *u);

#endif
