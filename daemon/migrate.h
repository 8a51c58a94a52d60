/*
 * Brings a database to the schema that this program carries: `marketcross migrate --database CONNINFO [--dry-run]`.
 * Migrations run forward only, once, each in its own transaction; functions and views are re-created as a set whenever one of them changed.
 * It refuses a database whose applied migrations are not exactly the first ones of this program, and then changes nothing.
 */
#ifndef DAEMON_MIGRATE_H
#define DAEMON_MIGRATE_H

#include <stddef.h>

/* A file of the schema, embedded by sqlgen: migrations first, then functions, then views, each in name order. */
struct migrate_file {
    const char *kind;   /* "migrations", "functions" or "views" */
    const char *name;   /* without .sql */
    const char *sha256; /* 64 hexadecimal characters */
    const char *text;
};

extern const struct migrate_file migrate_files[];
extern const size_t migrate_files_n;

/* Exit code 0 (also when there was nothing to do), 1 refused or failed, 64 usage, 69 database not reachable. */
int migrate_command(int argc, char **argv);

#endif
