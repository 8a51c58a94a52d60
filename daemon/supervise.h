/*
 * The parent: opens sockets, reads keys, forks the workers and the jobs process, replaces what crashes, drains on SIGTERM, reloads on SIGHUP,
 * and on SIGUSR2 starts the program anew on the same sockets and drains when that one is ready: a release that loses no request.
 * It serves nothing itself and never touches the database. Ends when its children have ended.
 */
#ifndef DAEMON_SUPERVISE_H
#define DAEMON_SUPERVISE_H

/* marketcross serve [FILE] [--set KEY=VALUE]… [--ready-line] */
int serve_command(int argc, char **argv);

/* marketcross -n [FILE]: checks a configuration and says every fault. */
int check_command(int argc, char **argv);

/* marketcross config print|sample [FILE] */
int config_command(int argc, char **argv);

#endif
