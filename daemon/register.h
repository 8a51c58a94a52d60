/*
 * `marketcross register`: an operator names from lists what no page creates: councils and their bank accounts, organisations, people, who has which role, the
 * outcomes in people's plans, agreed prices. A list sent again changes nothing; one with a fault in any line changes nothing either.
 * Nothing outlives the command.
 */
#ifndef DAEMON_REGISTER_H
#define DAEMON_REGISTER_H

#include "daemon/base/err.h"
#include "daemon/base/text.h"
#include "daemon/jail/jail.h"

int register_command(int argc, char **argv);

/* For the jail and for tests: a CSV as a JSON array of objects whose names are those of its first line, and "line". At most 200,000 lines. */
bool register_read(struct str in, struct buf *out, struct err *e);

/* What the jail makes of a CSV file of at most 16 MiB that an operator names. */
bool register_file(const char *path, jail_fn *read, struct buf *out, struct err *e);

#endif
