/*
 * A strict reader of CSV files (RFC 4180) on libcsv, with limits and line numbers.
 * Nothing outlives the call. A file that is not UTF-8, has a quotation mark in the wrong place or breaks a limit is refused with the line.
 * Foreign files are read in the jail only (daemon/jail).
 */
#ifndef DAEMON_BASE_CSV_H
#define DAEMON_BASE_CSV_H

#include "daemon/base/err.h"
#include "daemon/base/text.h"

enum { CSV_MAX_COLUMNS = 64, CSV_MAX_CELL = 16 * 1024, CSV_MAX_ROWS = 200000 };

/* Called for each row, the heading included; line is where the row begins. cells are valid during the call. False stops with the reason. */
typedef bool csv_row_fn(void *context, size_t line, const struct str *cells, size_t cells_n, struct err *e);

bool csv_read(struct str text, csv_row_fn *row, void *context, struct err *e);

#endif
