/*
 * The jobs process: everything slow or secret. It takes messages from the outbox, has stored files parsed in the jail, sends mail, seals the audit log,
 * and lets promises run out when their day has come. A blocking loop with a connection of its own; any number may run side by side.
 * A message whose handler fails comes back later; one that was half done is done again, because every effect is idempotent.
 */
#ifndef DAEMON_JOBS_H
#define DAEMON_JOBS_H

#include "daemon/base/conf.h"
#include "daemon/base/err.h"
#include "daemon/db/db.h"
#include "daemon/metrics.h"

struct jobs_start {
    const struct conf *conf;
    struct metrics *metrics;
    int ready_fd; /* one byte, the number, is written when the database was reached; -1: nobody waits */
    unsigned char number;
};

int jobs_run(const struct jobs_start *start);

/* One round, for commands and tests: messages until none is due, then sealing and what has run out. */
bool jobs_round(struct db_session *s, const struct conf *conf, struct metrics *metrics, struct err *e);

/* marketcross jobs --once [--database CONNINFO] */
int jobs_command(int argc, char **argv);

#endif
