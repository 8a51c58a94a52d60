/*
 * The start of a piece of work for one council: a unit whose first step sets the context, acting for nobody. It belongs to the arena. Nothing fails.
 */
#ifndef DAEMON_JOBS_UNIT_H
#define DAEMON_JOBS_UNIT_H

#include "daemon/db/db.h"

struct db_unit *jobs_unit(struct arena *a, int council);

/* What a unit that applies a file says to its sender: data that our own functions refuse is the sender's to correct. NULL: the trouble is ours, and the file
 * is tried again. */
const char *jobs_unit_refusal(const struct db_unit *u);

#endif
