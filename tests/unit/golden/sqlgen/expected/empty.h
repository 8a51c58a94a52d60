/* Made by sqlgen from sql/queries/empty: change those files instead. */
#ifndef SQL_QUERIES_empty_H
#define SQL_QUERIES_empty_H

#include "daemon/db/db.h"

/* Neither parameters nor a lane. */
extern const struct db_stmt sql_no_params_stmt;
struct sql_no_params_params; /* there are none: give NULL */
struct sql_no_params_row {
    int32_t n;
};
int sql_no_params_add(struct db_unit *u, const struct sql_no_params_params *params);
bool sql_no_params_one(const struct db_unit *u, int step, struct sql_no_params_row *ret_row);
size_t sql_no_params_rows(const struct db_unit *u, int step, const struct sql_no_params_row **ret_rows);

#endif
