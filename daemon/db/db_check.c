#include <string.h>

#include <libpq-fe.h>

#include "daemon/db/db.h"
#include "daemon/db/db_session.h"

/* Object identifiers of built-in types (src/include/catalog/pg_type.dat): fixed for ever. */
static const struct {
    const char *name;
    Oid oids[3];
} expected[] = {
    [DB_TEXT] = {"text", {25, 1043, 19}}, /* text, varchar, name */
    [DB_INT] = {"int", {23}},
    [DB_BIGINT] = {"bigint", {20}},
    [DB_MONEY] = {"money (bigint)", {20}},
    [DB_BOOL] = {"bool", {16}},
    [DB_DATE] = {"date", {1082}},
    [DB_TIME] = {"time (timestamptz)", {1184}},
    [DB_UUID] = {"uuid", {2950}},
    [DB_BYTES] = {"bytes (bytea)", {17}},
    [DB_JSON] = {"json", {3802, 114}}, /* jsonb, json */
    [DB_REAL] = {"real (float8)", {701}},
};

static bool is_expected(enum db_type type, Oid oid)
{
    for (size_t i = 0; i < 3; i++)
        if (oid && expected[type].oids[i] == oid)
            return true;
    return false;
}

typedef Oid type_fn(const PGresult *res, int i);

static void check_list(struct buf *out, const struct db_stmt *stmt, const char *what, const struct db_column *list, size_t n,
                       const PGresult *res, int actual_n, type_fn *type)
{
    if ((size_t)actual_n != n)
        buf_addf(out, "%s: declares %zu %ss, has %d\n", stmt->name, n, what, actual_n);
    for (size_t i = 0; i < n && (int)i < actual_n; i++)
        if (!is_expected(list[i].type, type(res, (int)i)))
            buf_addf(out, "%s: %s %s is declared %s, but is type %u\n", stmt->name, what, list[i].name, expected[list[i].type].name,
                     type(res, (int)i));
}

static PGresult *describe(PGconn *pg, const struct db_stmt *stmt)
{
    PGresult *res = PQprepare(pg, "", stmt->sql, 0, NULL);
    if (PQresultStatus(res) != PGRES_COMMAND_OK)
        return res;
    PQclear(res);
    return PQdescribePrepared(pg, "");
}

bool db_session_check(struct db_session *s, const struct db_stmt *stmt, struct buf *out)
{
    size_t before = out->n;
    PGresult *res = describe(db_session_connection(s), stmt);
    if (PQresultStatus(res) != PGRES_COMMAND_OK) {
        buf_addf(out, "%s: %s", stmt->name, PQresultErrorMessage(res));
    } else {
        check_list(out, stmt, "param", stmt->params, stmt->params_n, res, PQnparams(res), PQparamtype);
        if (strcmp(stmt->rows, "none") != 0)
            check_list(out, stmt, "column", stmt->columns, stmt->columns_n, res, PQnfields(res), PQftype);
    }
    PQclear(res);
    return out->n == before;
}
