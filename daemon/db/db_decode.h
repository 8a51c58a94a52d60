/*
 * PostgreSQL's text values to the C values of a row struct, as the column table says.
 * Rows belong to the arena given; the PGresult may be cleared afterwards. Refuses what the declaration does not allow
 * (another number of columns, a null, a value out of range) and what would be too large for an arena.
 */
#ifndef DAEMON_DB_DB_DECODE_H
#define DAEMON_DB_DB_DECODE_H

#include <libpq-fe.h>

#include "daemon/db/db.h"

/* *used counts the bytes taken from the arena, against max. */
bool db_decode_rows(struct arena *a, const struct db_stmt *stmt, const PGresult *res, size_t max, size_t *used,
                 const void **ret_rows, size_t *ret_n, struct err *e);

/* The same for what lies in one row of a wider result: from `column` on. */
bool db_decode_part(struct arena *a, const struct db_stmt *stmt, const PGresult *res, int row, int column, size_t max, size_t *used, const void **ret_row, struct err *e);

/* One value into its place in a row; text is NUL-terminated and is copied to *spare, which moves behind it. */
bool db_decode_value(const struct db_column *c, struct str text, char **spare, char *row);

#endif
