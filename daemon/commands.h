/*
 * The command line: `marketcross COMMAND …`. Every command is a row of one table in commands.c; a room exports its commands as functions of the
 * type below. Exit codes: 0 ok, 1 failed, 2 unreadable input (where documented), 64 usage, 65 bad data, 69 database unavailable, 75 try again, 78 bad config.
 */
#ifndef DAEMON_COMMANDS_H
#define DAEMON_COMMANDS_H

/* argv[0] is the command's name. */
typedef int command_fn(int argc, char **argv);

int command_run(int argc, char **argv);

#endif
