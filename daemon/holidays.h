/*
 * `marketcross holidays`: an operator adds the bank holidays of another year, so that pay days and the days by which money is expected stay right.
 * Nothing outlives the command. A file that is no list of days changes nothing.
 */
#ifndef DAEMON_HOLIDAYS_H
#define DAEMON_HOLIDAYS_H

#include "daemon/base/err.h"
#include "daemon/base/text.h"

int holidays_command(int argc, char **argv);

/* For the jail and for tests: a CSV with the columns date and name (in any order, others are skipped) as a JSON array of {"date", "name"}. */
bool holidays_read(struct str in, struct buf *out, struct err *e);

#endif
