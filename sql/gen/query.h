/*
 * One named query as its .sql file declares it (sql/README.md): name, typed parameters and row, lane, and the statement itself.
 * Everything read belongs to the arena. A file that breaks a rule is refused with "file:line: reason"; nothing is guessed.
 */
#ifndef SQL_GEN_QUERY_H
#define SQL_GEN_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/base/err.h"
#include "daemon/base/text.h"

struct arena;

enum { QUERY_BYTES_MAX = 64 * 1024, QUERY_FIELDS_MAX = 100, QUERY_NAME_MAX = 58, QUERY_PAGE_MAX = 1000 };

struct field_type {
    const char *name;    /* in the header */
    const char *symbol;  /* enum db_type */
    const char *c;       /* declaration up to the member's name */
    bool is_flagged;     /* when null: by a bool beside it, because the C type has no value to spare */
};

struct field {
    const char *name;
    const struct field_type *type;
    bool nullable, hidden;
};

struct fields {
    struct field *list;
    size_t n;
};

struct query {
    const char *path, *room, *name, *about, *rows, *sql;
    struct fields params, row;
    bool is_slow, writes;
    unsigned page; /* rows of a page, 0: not in pages */
};

/* path is …/ROOM/NAME.sql; text is the file's content. */
bool query_read(struct arena *a, const char *path, struct str text, struct query *ret, struct err *e);

/* Finds the second query of the same name, whatever its room. */
bool query_check_names(const struct query *list, size_t n, struct err *e);

#endif
