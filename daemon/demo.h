/*
 * The invented demonstration town: loading it, and listing who lives there.
 * Refuses a database that holds anything else. Nothing is owned.
 */
#ifndef DAEMON_DEMO_H
#define DAEMON_DEMO_H

/* marketcross demo load --database CONNINFO --seed FOLDER
 * marketcross demo people --database CONNINFO
 * marketcross demo story [--url URL]: plays the main job against a running demonstration and tells it */
int demo_command(int argc, char **argv);

#endif
