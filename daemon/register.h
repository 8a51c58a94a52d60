/*
 * `marketcross register`: an operator names from lists what no page creates: councils and their bank accounts, organisations, people, who has which role, the
 * outcomes in people's plans, agreed prices. A list sent again changes nothing; one with a fault in any line changes nothing either.
 * Nothing outlives the command.
 */
#ifndef DAEMON_REGISTER_H
#define DAEMON_REGISTER_H

#include "daemon/base/arena.h"
#include "daemon/base/err.h"
#include "daemon/base/text.h"
#include "daemon/db/db.h"
#include "daemon/jail/jail.h"

int register_command(int argc, char **argv);

/* For the jail and for tests: a CSV as a JSON array of objects whose names are those of its first line, and "line". At most 200,000 lines. */
bool register_read(struct str in, struct buf *out, struct err *e);

/*
 * A command that brings a list: a CSV file of at most 16 MiB is read in the jail by `read`, and what that makes of it is stored in the database. Says what was
 * wrong with the file, and returns the exit code of sysexits.h: EX_DATAERR for the file, EX_UNAVAILABLE for the database.
 */
typedef bool list_store_fn(struct db_session *s, struct arena *a, const void *context, struct str rows, struct err *e);
int list_command(const char *command, const char *database, const char *path, jail_fn *read, list_store_fn *store, const void *context);

#endif
