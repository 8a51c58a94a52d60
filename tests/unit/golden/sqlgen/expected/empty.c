/* Made by sqlgen from sql/queries/empty: change those files instead. */
#include "sql/empty.h"

static const struct db_column no_params_row[] = {
    {"n", DB_INT, false, false, offsetof(struct sql_no_params_row, n), 0},
};

const struct db_stmt sql_no_params_stmt = {
    .name = "no_params",
    .room = "empty",
    .sql =
        "SELECT 1",
    .columns = no_params_row,
    .columns_n = 1,
    .row_size = sizeof(struct sql_no_params_row),
    .lane = DB_FAST,
    .writes = false,
    .rows = "one",
};

int sql_no_params_add(struct db_unit *u, const struct sql_no_params_params *params)
{
    return db_unit_add(u, &sql_no_params_stmt, params);
}

bool sql_no_params_one(const struct db_unit *u, int step, struct sql_no_params_row *ret_row)
{
    return db_unit_row(u, step, ret_row);
}

size_t sql_no_params_rows(const struct db_unit *u, int step, const struct sql_no_params_row **ret_rows)
{
    const void *rows = NULL;
    size_t n = db_unit_rows(u, step, &rows);
    *ret_rows = rows;
    return n;
}
