/*
 * The invented demonstration town: loading it, listing who lives there, and walking its story at a terminal.
 * Refuses a database that holds anything else. Nothing is owned.
 */
#ifndef DAEMON_DEMO_H
#define DAEMON_DEMO_H

/* marketcross demo load --database CONNINFO --seed FOLDER
 * marketcross demo people --database CONNINFO
 * marketcross demo story [--url http://localhost:8080] */
int demo_command(int argc, char **argv);

/* Plays the main job over HTTP against a running demonstration server and tells it line by line. 0 when every step held. */
int demo_story(const char *url);

#endif
