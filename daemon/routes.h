/*
 * The whole public surface on one page: every feature's route table, in the order they are tried.
 * Constants; nothing is owned and nothing fails.
 */
#ifndef DAEMON_ROUTES_H
#define DAEMON_ROUTES_H

#include "daemon/identity/app.h"

extern const struct route_table route_tables[];
extern const size_t route_tables_n;

/* `marketcross routes`: method, pattern, who, input, handler. */
int routes_command(int argc, char **argv);

#endif
