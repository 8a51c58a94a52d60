/* Made by sqlgen from sql/queries/example: change those files instead. */
#ifndef SQL_QUERIES_example_H
#define SQL_QUERIES_example_H

#include "daemon/db/db.h"

/* Every type, with and without null, and a "quoted" text. */
extern const struct db_stmt sql_every_type_stmt;
struct sql_every_type_params {
    const char *a;
    int32_t b;
    bool b_null;
    int64_t c;
    bool c_null;
    int64_t d;
    bool e;
    bool e_null;
    int32_t f;
    const char *g;
    const char *h;
    struct str i;
    const char *j;
    double k;
    bool k_null;
};
struct sql_every_type_row {
    const char *a;
    int32_t b;
    int32_t b2;
    bool b2_null;
    int64_t c;
    int64_t d;
    bool d_null;
    bool e;
    int32_t f;
    const char *g;
    const char *h;
    struct str i;
    const char *j;
    double k;
    const char *secret;
    const char *note;
};
int sql_every_type_add(struct db_unit *u, const struct sql_every_type_params *params);
bool sql_every_type_one(const struct db_unit *u, int step, struct sql_every_type_row *ret_row);
size_t sql_every_type_rows(const struct db_unit *u, int step, const struct sql_every_type_row **ret_rows);

/* A write that gives nothing back: £. */
extern const struct db_stmt sql_write_only_stmt;
struct sql_write_only_params {
    int64_t id;
};
int sql_write_only_add(struct db_unit *u, const struct sql_write_only_params *params);

#endif
