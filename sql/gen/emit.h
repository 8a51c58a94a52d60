/*
 * Writes C from named queries (structs, calls, statement tables) and from the files of the schema.
 * Output is appended to a buffer of the caller. Nothing fails here: what could not become valid C was refused by query_read.
 */
#ifndef SQL_GEN_EMIT_H
#define SQL_GEN_EMIT_H

#include "sql/gen/query.h"

/* ROOM.h and ROOM.c: those of the n queries that belong to the room. */
void emit_header(struct buf *out, const char *room, const struct query *list, size_t n);
void emit_source(struct buf *out, const char *room, const struct query *list, size_t n);

/* stmts.c: db_stmts over all rooms. */
void emit_stmts(struct buf *out, const struct query *list, size_t n);

struct schema_file {
    const char *kind, *name; /* "migrations", "0001-core" */
    const char *sha256;
    struct str text;
};

/* schema.c: the table declared in daemon/migrate.h. */
void emit_schema(struct buf *out, const struct schema_file *list, size_t n);

#endif
