/* The start of a piece of work for one council: a unit whose first step sets the context, acting for nobody. It belongs to the arena. Nothing fails. */
#ifndef DAEMON_JOBS_UNIT_H
#define DAEMON_JOBS_UNIT_H

#include "daemon/db/db.h"

struct db_unit *jobs_unit(struct arena *a, int council);

#endif
