/*
 * Bank lines matched with what is expected: what is open is read from the database, the library in payments/bank decides, the database takes the answer.
 * Nothing is owned between two calls, and a round that was cut off is simply done again: it finds what is still open.
 * Fails only when the database does not answer, or on rows that the library cannot read, which is a fault of ours.
 */
#ifndef DAEMON_JOBS_MATCH_H
#define DAEMON_JOBS_MATCH_H

#include "daemon/base/err.h"
#include "daemon/db/db.h"

struct arena;
struct sql_outbox_claim_row;

/* One round over every bank account of a council; *ret_unmatched is how many lines are left for a person. */
bool jobs_match(struct db_session *s, int council, size_t *ret_unmatched, struct err *e);

/* The handler of topic "reconcile". */
bool jobs_match_message(struct db_session *s, struct arena *a, const struct sql_outbox_claim_row *m, struct err *e);

#endif
