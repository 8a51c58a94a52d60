/*
 * `marketcross verify`: proves log and ledger of a live or restored database, as the role that may only read.
 * Every check is a set-based SQL function that returns one row a finding; this command prints them. Exit 0: nothing found; 1: findings; 69: no database.
 */
#ifndef DAEMON_VERIFY_H
#define DAEMON_VERIFY_H

/* marketcross verify [--database CONNINFO] [--anchor FILE] [--json] */
int verify_command(int argc, char **argv);

#endif
