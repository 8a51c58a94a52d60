/* Prepares every named query as the role that runs it, and lists each one whose types are not the declared ones. */
#include "tests/sql/db_test.h"

static bool is_of_jobs(const struct db_stmt *stmt)
{
    return strcmp(stmt->room, "jobs") == 0;
}

/* The checker itself: a wrong declaration must be found, or its silence means nothing. */
static bool finds_mistakes(struct db_session *s)
{
    static const struct db_column wrong[] = {{"a", DB_INT, false, false, 0, 0}, {"b", DB_TEXT, false, false, 0, 0}};
    const struct db_stmt stmt = {.name = "mistaken", .sql = "SELECT 1::bigint, $1::text, 2", .params = wrong, .params_n = 1,
                                 .columns = wrong, .columns_n = 2, .rows = "one"};
    struct buf found = {0};
    db_session_check(s, &stmt, &found);
    bool ok = str_is(buf_str(&found), "mistaken: param a is declared int, but is type 25\n"
                                      "mistaken: declares 2 columns, has 3\n"
                                      "mistaken: column a is declared int, but is type 20\n");
    buf_finish(&found);
    return ok;
}

int main(void)
{
    struct err e = {""};
    struct buf found = {0};
    struct db_session *web = db_session_open(conninfo("mc_web", ""), &e), *jobs = db_session_open(conninfo("mc_jobs", ""), &e);
    if (!web || !jobs || !finds_mistakes(web)) {
        fprintf(stderr, "check-sql: %s\n", *e.text ? e.text : "the checker does not find mistakes");
        return 1;
    }
    size_t bad = 0;
    for (size_t i = 0; i < db_stmts_n; i++)
        bad += !db_session_check(is_of_jobs(db_stmts[i]) ? jobs : web, db_stmts[i], &found);
    printf("%scheck-sql: %zu queries, %zu with mistakes\n", buf_str(&found).p, db_stmts_n, bad);
    db_session_close(&web);
    db_session_close(&jobs);
    buf_finish(&found);
    return bad ? 1 : 0;
}
