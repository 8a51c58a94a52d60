/* Made by sqlgen: every named query of the program. */
#include "daemon/db/db.h"

extern const struct db_stmt sql_every_type_stmt;
extern const struct db_stmt sql_write_only_stmt;
extern const struct db_stmt sql_no_params_stmt;

const struct db_stmt *const db_stmts[] = {
    &sql_every_type_stmt, /* example */
    &sql_write_only_stmt, /* example */
    &sql_no_params_stmt, /* empty */
    NULL,
};
const size_t db_stmts_n = 3;
