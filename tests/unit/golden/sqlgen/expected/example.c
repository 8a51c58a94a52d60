/* Made by sqlgen from sql/queries/example: change those files instead. */
#include "sql/example.h"

static const struct db_column every_type_params[] = {
    {"a", DB_TEXT, false, false, offsetof(struct sql_every_type_params, a), 0},
    {"b", DB_INT, true, false, offsetof(struct sql_every_type_params, b), offsetof(struct sql_every_type_params, b_null)},
    {"c", DB_BIGINT, true, false, offsetof(struct sql_every_type_params, c), offsetof(struct sql_every_type_params, c_null)},
    {"d", DB_MONEY, false, false, offsetof(struct sql_every_type_params, d), 0},
    {"e", DB_BOOL, true, false, offsetof(struct sql_every_type_params, e), offsetof(struct sql_every_type_params, e_null)},
    {"f", DB_DATE, true, false, offsetof(struct sql_every_type_params, f), 0},
    {"g", DB_TIME, true, false, offsetof(struct sql_every_type_params, g), 0},
    {"h", DB_UUID, false, false, offsetof(struct sql_every_type_params, h), 0},
    {"i", DB_BYTES, true, false, offsetof(struct sql_every_type_params, i), 0},
    {"j", DB_JSON, true, false, offsetof(struct sql_every_type_params, j), 0},
    {"k", DB_REAL, true, false, offsetof(struct sql_every_type_params, k), offsetof(struct sql_every_type_params, k_null)},
};

static const struct db_column every_type_row[] = {
    {"a", DB_TEXT, true, false, offsetof(struct sql_every_type_row, a), 0},
    {"b", DB_INT, false, false, offsetof(struct sql_every_type_row, b), 0},
    {"b2", DB_INT, true, false, offsetof(struct sql_every_type_row, b2), offsetof(struct sql_every_type_row, b2_null)},
    {"c", DB_BIGINT, false, false, offsetof(struct sql_every_type_row, c), 0},
    {"d", DB_MONEY, true, false, offsetof(struct sql_every_type_row, d), offsetof(struct sql_every_type_row, d_null)},
    {"e", DB_BOOL, false, false, offsetof(struct sql_every_type_row, e), 0},
    {"f", DB_DATE, false, false, offsetof(struct sql_every_type_row, f), 0},
    {"g", DB_TIME, false, false, offsetof(struct sql_every_type_row, g), 0},
    {"h", DB_UUID, false, false, offsetof(struct sql_every_type_row, h), 0},
    {"i", DB_BYTES, false, false, offsetof(struct sql_every_type_row, i), 0},
    {"j", DB_JSON, false, false, offsetof(struct sql_every_type_row, j), 0},
    {"k", DB_REAL, false, false, offsetof(struct sql_every_type_row, k), 0},
    {"secret", DB_TEXT, false, true, offsetof(struct sql_every_type_row, secret), 0},
    {"note", DB_TEXT, true, true, offsetof(struct sql_every_type_row, note), 0},
};

const struct db_stmt sql_every_type_stmt = {
    .name = "every_type",
    .room = "example",
    .sql =
        "-- A comment in the statement may hold $99, ' and ; without harm.\n"
        "SELECT $1::text, $2::int, $2::int, $3::bigint, $4::bigint, $5::bool, $6::date, $7::timestamptz, $8::uuid,\n"
        "\t$9::bytea, $10::jsonb, $11::float8, '$12 is not; a parameter''s \"place\"', $$it's ; $13$$ /* $14 ; */\n"
        "  FROM identity.council\n"
        " WHERE name ~ 'really\?\?\\d' AND \"odd;$name\" = $q$;$15$q$",
    .params = every_type_params,
    .params_n = 11,
    .columns = every_type_row,
    .columns_n = 14,
    .row_size = sizeof(struct sql_every_type_row),
    .lane = DB_SLOW,
    .writes = false,
    .rows = "many",
};

int sql_every_type_add(struct db_unit *u, const struct sql_every_type_params *params)
{
    return db_unit_add(u, &sql_every_type_stmt, params);
}

bool sql_every_type_one(const struct db_unit *u, int step, struct sql_every_type_row *ret_row)
{
    return db_unit_row(u, step, ret_row);
}

size_t sql_every_type_rows(const struct db_unit *u, int step, const struct sql_every_type_row **ret_rows)
{
    const void *rows = NULL;
    size_t n = db_unit_rows(u, step, &rows);
    *ret_rows = rows;
    return n;
}

static const struct db_column write_only_params[] = {
    {"id", DB_BIGINT, false, false, offsetof(struct sql_write_only_params, id), 0},
};

const struct db_stmt sql_write_only_stmt = {
    .name = "write_only",
    .room = "example",
    .sql =
        "DELETE FROM jobs.mail WHERE id = $1::bigint",
    .params = write_only_params,
    .params_n = 1,
    .lane = DB_FAST,
    .writes = true,
    .rows = "none",
};

int sql_write_only_add(struct db_unit *u, const struct sql_write_only_params *params)
{
    return db_unit_add(u, &sql_write_only_stmt, params);
}
