/*
 * What the database tests share: where the scratch cluster is, a table of their own, and units run on a loop until all have answered.
 * tests/sql/run_c.sh starts the cluster and sets MC_TEST_DIR and MC_TEST_SOCKET. Every helper asserts; none returns a failure.
 */
#ifndef TESTS_SQL_DB_TEST_H
#define TESTS_SQL_DB_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <event2/event.h>

#include "daemon/base/arena.h"
#include "daemon/db/db.h"

struct two {
    int64_t a, b;
};
struct text_only {
    const char *t;
};
struct seconds_only {
    double s;
};

static const struct db_column two_columns[] = {
    {"a", DB_BIGINT, false, false, offsetof(struct two, a), 0},
    {"b", DB_BIGINT, false, false, offsetof(struct two, b), 0},
};
static const struct db_column text_columns[] = {{"t", DB_TEXT, true, false, offsetof(struct text_only, t), 0}};
static const struct db_column seconds_columns[] = {{"s", DB_REAL, false, false, offsetof(struct seconds_only, s), 0}};

#define WRITES_TWO(NAME, SQL) \
    static const struct db_stmt NAME = {.name = #NAME, .sql = SQL, .params = two_columns, .params_n = 2, .writes = true, .rows = "none"}

/* b is not used by statements that only need a key: `$2::bigint IS NOT NULL` keeps the parameter. */
WRITES_TWO(cell_put, "INSERT INTO t.cell (id, n) VALUES ($1::bigint, $2::bigint)");
WRITES_TWO(cell_add, "UPDATE t.cell SET n = n + $2::bigint WHERE id = $1::bigint");
WRITES_TWO(tie_put, "INSERT INTO t.tie (id, cell) VALUES ($1::bigint, $2::bigint)");
static const struct db_stmt cell_get = {
    .name = "cell_get",
    .sql = "SELECT id, n FROM t.cell WHERE id = $1::bigint AND $2::bigint IS NOT NULL",
    .params = two_columns, .params_n = 2, .columns = two_columns, .columns_n = 2, .row_size = sizeof(struct two), .rows = "maybe"};
static const struct db_stmt cell_sum = {
    .name = "cell_sum", .sql = "SELECT count(*), coalesce(sum(n), 0)::bigint FROM t.cell",
    .columns = two_columns, .columns_n = 2, .row_size = sizeof(struct two), .rows = "one"};
static const struct db_stmt nap = {
    .name = "nap", .sql = "SELECT pg_sleep($1::float8)::text",
    .params = seconds_columns, .params_n = 1, .columns = text_columns, .columns_n = 1, .row_size = sizeof(struct text_only), .rows = "one"};
static const struct db_stmt council_set = {
    .name = "council_set", .sql = "SELECT set_config('mc.council', $1::text, true)",
    .params = text_columns, .params_n = 1, .columns = text_columns, .columns_n = 1, .row_size = sizeof(struct text_only), .rows = "one"};
static const struct db_stmt council_get = {
    .name = "council_get", .sql = "SELECT current_setting('mc.council', true)",
    .columns = text_columns, .columns_n = 1, .row_size = sizeof(struct text_only), .rows = "one"};

static inline const char *conninfo(const char *user, const char *more)
{
    static char text[8][512];
    static unsigned next;
    char *s = text[next++ % 8];
    snprintf(s, sizeof text[0], "host=%s dbname=mc user=%s %s", getenv("MC_TEST_SOCKET"), user, more);
    return s;
}

/* A statement run on a connection of its own, as the superuser. */
static inline void admin(const char *sql)
{
    struct err e = {""};
    struct db_session *s = db_session_open(conninfo("postgres", ""), &e);
    assert_non_null(s);
    if (!db_session_script(s, sql, &e))
        fail_msg("%s: %s", sql, e.text);
    db_session_close(&s);
}

/* Waits until they are gone: a read runs again once only, and must not meet a second connection that is still dying. */
#define KILL_WEB "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'mc_web'"

static inline void tables_reset(void)
{
    admin("DROP SCHEMA IF EXISTS t CASCADE; CREATE SCHEMA t; GRANT USAGE ON SCHEMA t TO mc_web;"
          "CREATE TABLE t.cell (id bigint PRIMARY KEY, n bigint NOT NULL CONSTRAINT cell_n CHECK (n >= 0));"
          "CREATE TABLE t.tie (id bigint PRIMARY KEY, cell bigint CONSTRAINT tie_cell REFERENCES t.cell DEFERRABLE INITIALLY DEFERRED);"
          "INSERT INTO t.cell VALUES (1, 0), (2, 0); GRANT ALL ON ALL TABLES IN SCHEMA t TO mc_web");
}

/* ---- a loop, a pool and what is still to be answered ---- */

struct bench {
    struct event_base *loop;
    struct db_pool *pool;
    struct arena *arena;
    unsigned left;
};

static inline void bench_open(struct bench *b, const char *info, struct db_config config)
{
    *b = (struct bench){.loop = event_base_new(), .arena = arena_create(0)};
    config.conninfo = info;
    b->pool = db_pool_create(b->loop, &config);
    alarm(60);
}

static inline void bench_close(struct bench *b)
{
    db_pool_destroy(&b->pool);
    assert_int_equal(b->left, 0);
    event_base_free(b->loop);
    arena_destroy(&b->arena);
}

static inline void bench_done(struct db_unit *u, void *context)
{
    struct bench *b = context;
    (void)u;
    assert_true(b->left > 0);
    b->left--;
}

static inline struct db_unit *bench_unit(struct bench *b)
{
    return db_unit_create(b->arena);
}

static inline void bench_run(struct bench *b, struct db_unit *u)
{
    unsigned before = ++b->left;
    db_run(b->pool, u, bench_done, b);
    assert_int_equal(b->left, before);
}

static inline void bench_wait(struct bench *b)
{
    while (b->left)
        event_base_loop(b->loop, EVLOOP_ONCE);
}

static inline void bench_turn(struct bench *b, int ms)
{
    struct timeval t = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
    event_base_loopexit(b->loop, &t);
    event_base_dispatch(b->loop);
}

static inline void bench_ready(struct bench *b)
{
    while (!db_pool_is_ready(b->pool))
        bench_turn(b, 10);
}

/* Runs one unit of one statement. */
static inline struct db_unit *bench_one(struct bench *b, const struct db_stmt *stmt, const void *params)
{
    struct db_unit *u = bench_unit(b);
    db_unit_add(u, stmt, params);
    bench_run(b, u);
    bench_wait(b);
    return u;
}

static inline enum db_outcome outcome(const struct db_unit *u)
{
    return db_unit_result(u)->outcome;
}

static inline int64_t cell(struct bench *b, int64_t id)
{
    struct two row;
    struct db_unit *u = bench_one(b, &cell_get, &(struct two){id, 0});
    assert_int_equal(outcome(u), DB_DONE);
    return db_unit_row(u, 0, &row) ? row.b : -1;
}

#endif
