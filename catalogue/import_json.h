/*
 * A directory feed as JSON (Open Referral, any version) as rows of cells, so that the same mappings serve it as a CSV file.
 * A column is a path, "organization.name". Through an array it takes the first element in which there is something, and keeps to it: a latitude is never that
 * of another place than the postcode. With "[]" it takes all of them, "a|b". A schedule at the end of a path becomes its weekly hours (import_hours.h). Nothing outlives the call; foreign files are read in the jail only.
 */
#ifndef CATALOGUE_IMPORT_JSON_H
#define CATALOGUE_IMPORT_JSON_H

#include "daemon/base/csv.h"

/* Whether the file is JSON and not a table. */
bool import_is_json(struct str file);

/* A page ("contents", "content"), a list, one service, or a service a line. The line told to `row` is the number of the service in the file. */
bool import_json_read(struct str file, const char *const *columns, size_t columns_n, csv_row_fn *row, void *context, struct err *e);

#endif
