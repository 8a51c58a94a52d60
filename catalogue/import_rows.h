/*
 * From a published CSV or JSON file to clean rows, in the jail: two jail functions and what they write.
 * Both are pure: bytes in, lines out. A row that cannot be used is a line of the report; false refuses the whole file with a reason.
 *
 * Lines written, columns parted by tabs in the text format of PostgreSQL's COPY:
 *   R line source_key kind category name summary description phone email web source_web address postcode lat lon opens hours minimum_age maximum_age    for catalogue.import_row
 *   P postcode lon lat                 for catalogue.import_postcode
 *   E 1|0 line column what advice      a fault; 1: the row was left out, 0: only the value was
 */
#ifndef CATALOGUE_IMPORT_ROWS_H
#define CATALOGUE_IMPORT_ROWS_H

#include "daemon/base/err.h"
#include "daemon/base/text.h"

/* in: what import_pack made of a mapping and a file. */
bool import_read_entries(struct str in, struct buf *out, struct err *e);
void import_pack(struct buf *in, struct str map, struct str file);

/* in: a file with the columns postcode, lon and lat. */
bool import_read_postcodes(struct str in, struct buf *out, struct err *e);

/* Appends a tab and the value, escaped for COPY; NULL as \N. */
void import_add_column(struct buf *out, const char *value);

#endif
