/* What units that share a commit promise: the same answers as alone, all of them or none, and nobody pays for another's refusal. */
#include "tests/sql/db_test.h"

static const struct db_config one_connection = {.fast = 1, .slow = 1, .queue = 1000, .deadline_ms = 10000};
static const struct db_config two_connections = {.fast = 2, .slow = 1, .queue = 1000, .deadline_ms = 10000};

/* n is the number of the transaction, or of the cells that were there before. */
WRITES_TWO(cell_in_xact, "INSERT INTO t.cell (id, n) SELECT $1::bigint, pg_current_xact_id()::text::bigint WHERE $2::bigint IS NOT NULL");
WRITES_TWO(cell_in_turn, "INSERT INTO t.cell (id, n) SELECT $1::bigint, count(*) FROM t.cell WHERE $2::bigint IS NOT NULL");

static struct db_unit *sharer(struct bench *b, const char *order, const struct db_stmt *stmt, int64_t id, int64_t n)
{
    struct db_unit *u = bench_unit(b);
    db_unit_add(u, stmt, &(struct two){id, n});
    db_unit_share(u, order);
    return u;
}

/* While it is under way, others that may share wait for each other. */
static struct db_unit *run_first(struct bench *b, double seconds)
{
    struct db_unit *u = sharer(b, "first", &cell_in_xact, 10, 0);
    db_unit_add(u, &nap, &(struct seconds_only){seconds});
    bench_run(b, u);
    return u;
}

static void what_waits_shares_one_transaction(void **state)
{
    enum { N = 20, MOST = 16 };
    struct bench b;
    struct db_unit *units[N];
    int64_t in[N];
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), one_connection);
    bench_ready(&b);
    struct db_unit *first = run_first(&b, 0.1);
    for (int i = 0; i < N; i++) {
        units[i] = sharer(&b, "a", &cell_in_xact, 100 + i, 0);
        db_unit_add(units[i], &cell_get, &(struct two){100 + i, 0});
        bench_run(&b, units[i]);
    }
    assert_int_equal(db_pool_counters(b.pool)->waiting, N);
    bench_wait(&b);
    assert_int_equal(outcome(first), DB_DONE);
    for (int i = 0; i < N; i++) {
        struct two row;
        assert_int_equal(outcome(units[i]), DB_DONE);
        assert_true(db_unit_row(units[i], 1, &row));
        assert_int_equal(row.a, 100 + i);
        in[i] = row.b;
        assert_int_equal(in[i], in[i < MOST ? 0 : MOST]);
    }
    assert_int_not_equal(in[0], cell(&b, 10));
    assert_int_not_equal(in[0], in[MOST]);
    bench_close(&b);
}

/* Answers that came together are followed by questions that come one after the other: they go together again. A smaller number is not waited for long. */
static void as_many_as_before_are_waited_for_a_moment(void **state)
{
    enum { N = 3 };
    struct bench b;
    struct db_unit *units[N];
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), one_connection);
    bench_ready(&b);
    run_first(&b, 0.1);
    for (int i = 0; i < N; i++)
        bench_run(&b, sharer(&b, "a", &cell_in_xact, 100 + i, 0));
    bench_wait(&b);
    for (int i = 0; i < N; i++) {
        units[i] = sharer(&b, "a", &cell_in_xact, 200 + i, 0);
        bench_run(&b, units[i]);
        assert_int_equal(db_pool_counters(b.pool)->in_flight, i == N - 1);
    }
    bench_wait(&b);
    for (int i = 0; i < N; i++) {
        assert_int_equal(outcome(units[i]), DB_DONE);
        assert_int_equal(cell(&b, 200 + i), cell(&b, 200));
    }
    struct db_unit *fewer = sharer(&b, "a", &cell_in_xact, 300, 0);
    bench_run(&b, fewer);
    assert_int_equal(db_pool_counters(b.pool)->in_flight, 0);
    bench_wait(&b);
    assert_int_equal(outcome(fewer), DB_DONE);
    struct db_unit *next = sharer(&b, "a", &cell_in_xact, 301, 0);
    bench_run(&b, next);
    assert_int_equal(db_pool_counters(b.pool)->in_flight, 1);
    bench_wait(&b);
    assert_int_equal(outcome(next), DB_DONE);
    bench_close(&b);
}

/* What does not share goes on beside them, on the same connection too. */
static void others_do_not_wait_for_sharers(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), two_connections);
    bench_ready(&b);
    struct db_unit *first = run_first(&b, 0.2), *waits = sharer(&b, "a", &cell_in_xact, 100, 0);
    bench_run(&b, waits);
    struct db_unit *read = bench_unit(&b);
    db_unit_add(read, &cell_get, &(struct two){1, 0});
    bench_run(&b, read);
    assert_int_equal(db_pool_counters(b.pool)->waiting, 1);
    bench_wait(&b);
    assert_int_equal(outcome(first), DB_DONE);
    assert_int_equal(outcome(waits), DB_DONE);
    assert_int_equal(outcome(read), DB_DONE);
    bench_close(&b);
}

static void they_stand_in_the_order_that_they_say(void **state)
{
    static const char *const orders[] = {"c", "a", "d", "b"};
    struct bench b;
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), one_connection);
    bench_ready(&b);
    run_first(&b, 0.1);
    for (int i = 0; i < 4; i++)
        bench_run(&b, sharer(&b, orders[i], &cell_in_turn, 100 + orders[i][0], 0));
    bench_wait(&b);
    for (int i = 0; i < 4; i++)
        assert_int_equal(cell(&b, 100 + 'a' + i), cell(&b, 100 + 'a') + i);
    bench_close(&b);
}

static void a_refusal_is_of_one_and_the_others_are_done(void **state)
{
    struct bench b;
    struct db_unit *units[4];
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), one_connection);
    bench_ready(&b);
    run_first(&b, 0.1);
    for (int i = 0; i < 4; i++) {
        units[i] = sharer(&b, "a", &cell_add, 1 + i % 2, i == 2 ? -5 : 1);
        bench_run(&b, units[i]);
    }
    bench_wait(&b);
    for (int i = 0; i < 4; i++)
        assert_int_equal(outcome(units[i]), i == 2 ? DB_FAILED : DB_DONE);
    assert_string_equal(db_unit_result(units[2])->constraint, "cell_n");
    assert_int_equal(db_unit_result(units[2])->step, 0);
    assert_int_equal(cell(&b, 1), 1);
    assert_int_equal(cell(&b, 2), 2);
    bench_close(&b);
}

static void a_refused_commit_is_of_one_too(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), one_connection);
    bench_ready(&b);
    run_first(&b, 0.1);
    struct db_unit *good = sharer(&b, "b", &cell_add, 1, 1), *bad = sharer(&b, "a", &tie_put, 1, 999);
    bench_run(&b, good);
    bench_run(&b, bad);
    bench_wait(&b);
    assert_int_equal(outcome(good), DB_DONE);
    assert_int_equal(outcome(bad), DB_FAILED);
    assert_string_equal(db_unit_result(bad)->constraint, "tie_cell");
    assert_int_equal(cell(&b, 1), 1);
    bench_close(&b);
}

static void a_statement_that_cannot_be_prepared_stops_nobody(void **state)
{
    static const struct db_stmt broken = {.name = "broken_share", .sql = "SELECT 1 FROM t.nowhere", .rows = "none"};
    struct bench b;
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), one_connection);
    bench_ready(&b);
    run_first(&b, 0.1);
    struct db_unit *good = sharer(&b, "a", &cell_add, 1, 1), *bad = sharer(&b, "b", &broken, 0, 0);
    bench_run(&b, good);
    bench_run(&b, bad);
    bench_wait(&b);
    assert_int_equal(outcome(good), DB_DONE);
    assert_int_equal(outcome(bad), DB_FAILED);
    assert_string_equal(db_unit_result(bad)->sqlstate, "42P01");
    assert_int_equal(cell(&b, 1), 1);
    bench_close(&b);
}

/* Whoever wants what somebody else holds for long waits alone. */
static void a_lock_is_waited_for_alone(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), two_connections);
    while (db_pool_counters(b.pool)->connections < 3)
        bench_turn(&b, 10);
    struct db_unit *holder = bench_unit(&b);
    db_unit_add(holder, &cell_add, &(struct two){1, 1});
    db_unit_add(holder, &nap, &(struct seconds_only){1});
    bench_run(&b, holder);
    run_first(&b, 0.05);
    struct db_unit *blocked = sharer(&b, "a", &cell_add, 1, 1), *free = sharer(&b, "b", &cell_add, 2, 1);
    bench_run(&b, blocked);
    bench_run(&b, free);
    bench_wait(&b);
    assert_int_equal(outcome(holder), DB_DONE);
    assert_int_equal(outcome(blocked), DB_DONE);
    assert_int_equal(outcome(free), DB_DONE);
    assert_int_equal(db_pool_counters(b.pool)->retried, 2);
    assert_int_equal(cell(&b, 1), 2);
    assert_int_equal(cell(&b, 2), 1);
    bench_close(&b);
}

/* Also when nobody has come to share with it yet: the next ones would wait behind it. */
static void one_that_waits_for_a_lock_gives_way(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), two_connections);
    while (db_pool_counters(b.pool)->connections < 3)
        bench_turn(&b, 10);
    struct db_unit *holder = bench_unit(&b), *blocked = sharer(&b, "a", &cell_add, 1, 1);
    db_unit_add(holder, &cell_add, &(struct two){1, 1});
    db_unit_add(holder, &nap, &(struct seconds_only){0.6});
    bench_run(&b, holder);
    bench_turn(&b, 100);
    bench_run(&b, blocked);
    bench_wait(&b);
    assert_int_equal(outcome(holder), DB_DONE);
    assert_int_equal(outcome(blocked), DB_DONE);
    assert_int_equal(db_pool_counters(b.pool)->retried, 1);
    assert_int_equal(cell(&b, 1), 2);
    bench_close(&b);
}

/* Locks in opposite order: neither group knows of the other, and both end. */
static void crossed_locks_end_well(void **state)
{
    struct bench b[2];
    struct db_unit *units[4];
    (void)state;
    for (int i = 0; i < 2; i++) {
        bench_open(&b[i], conninfo("mc_web", ""), one_connection);
        bench_ready(&b[i]);
    }
    for (int i = 0; i < 2; i++) {
        struct db_unit *first = sharer(&b[i], "first", &cell_in_xact, 10 + i, 0);
        db_unit_add(first, &nap, &(struct seconds_only){0.1});
        bench_run(&b[i], first);
        units[2 * i] = sharer(&b[i], "a", &cell_add, 1 + i, 1);
        db_unit_add(units[2 * i], &nap, &(struct seconds_only){0.3});
        bench_run(&b[i], units[2 * i]);
        units[2 * i + 1] = sharer(&b[i], "b", &cell_add, 2 - i, 1);
        bench_run(&b[i], units[2 * i + 1]);
    }
    while (b[0].left + b[1].left)
        for (int i = 0; i < 2; i++)
            event_base_loop(b[i].loop, EVLOOP_NONBLOCK);
    for (int i = 0; i < 4; i++)
        assert_int_equal(outcome(units[i]), DB_DONE);
    assert_int_equal(cell(&b[0], 1), 2);
    assert_int_equal(cell(&b[0], 2), 2);
    for (int i = 0; i < 2; i++)
        bench_close(&b[i]);
}

static void a_deadline_is_of_one(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), (struct db_config){.fast = 1, .slow = 1, .queue = 10, .deadline_ms = 800});
    bench_ready(&b);
    run_first(&b, 0.5);
    struct db_unit *early = sharer(&b, "a", &cell_add, 1, 1);
    bench_run(&b, early);
    bench_turn(&b, 400);
    struct db_unit *late = sharer(&b, "b", &cell_add, 2, 1);
    db_unit_add(late, &nap, &(struct seconds_only){0.5});
    bench_run(&b, late);
    bench_wait(&b);
    assert_int_equal(outcome(early), DB_EXPIRED);
    assert_int_equal(outcome(late), DB_DONE);
    assert_int_equal(cell(&b, 1), 1); /* its answer came too late; the commit was everybody's */
    assert_int_equal(cell(&b, 2), 1);
    bench_close(&b);
}

static void a_lost_connection_leaves_all_of_them_unknown(void **state)
{
    struct bench b;
    struct db_unit *units[3];
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), one_connection);
    bench_ready(&b);
    run_first(&b, 0.1);
    for (int i = 0; i < 3; i++) {
        units[i] = sharer(&b, "a", &cell_put, 100 + i, 1);
        db_unit_add(units[i], &nap, &(struct seconds_only){0.5});
        bench_run(&b, units[i]);
    }
    bench_turn(&b, 300);
    admin(KILL_WEB);
    bench_wait(&b);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(outcome(units[i]), DB_UNKNOWN);
        assert_int_equal(cell(&b, 100 + i), -1);
    }
    bench_close(&b);
}

static void too_many_that_wait_are_busy(void **state)
{
    enum { WAITING = 3, N = 5 };
    struct bench b;
    struct db_unit *units[N];
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), (struct db_config){.fast = 2, .slow = 1, .queue = WAITING, .deadline_ms = 10000});
    bench_ready(&b);
    run_first(&b, 0.1);
    for (int i = 0; i < N; i++) {
        units[i] = sharer(&b, "a", &cell_put, 100 + i, 1);
        bench_run(&b, units[i]);
    }
    bench_wait(&b);
    for (int i = 0; i < N; i++)
        assert_int_equal(outcome(units[i]), i < WAITING ? DB_DONE : DB_BUSY);
    bench_close(&b);
}

/* ---- one statement for all of them ---- */

static const struct db_column note_columns[] = {
    {"t", DB_TEXT, true, false, offsetof(struct text_only, t), 0},
};
static const struct db_stmt note = {
    .name = "note", .sql = "SELECT $1::text", .params = note_columns, .params_n = 1, .columns = note_columns, .columns_n = 1, .row_size = sizeof(struct text_only), .rows = "one"};
static const struct db_stmt cell_count = {
    .name = "cell_count", .sql = "INSERT INTO t.cell (id, n) VALUES ($1::bigint, $2::bigint) RETURNING id, n",
    .params = two_columns, .params_n = 2, .columns = two_columns, .columns_n = 2, .row_size = sizeof(struct two), .writes = true, .rows = "one"};

/* What it says of each is told from what the units' own statements would say by a thousand more. */
#define TOGETHER(NAME, SQL) \
    static const struct db_stmt NAME = {.name = #NAME, .sql = SQL, .params = note_columns, .params_n = 1, .writes = true, .rows = "many"}
TOGETHER(cells_put, "WITH asked AS (SELECT a, n FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS x (a, n)), "
                    "put AS (INSERT INTO t.cell (id, n) SELECT (a ->> 1)::bigint, (a ->> 2)::bigint FROM asked) "
                    "SELECT a ->> 0, (a ->> 1)::bigint, (a ->> 2)::bigint + 1000 FROM asked ORDER BY n");
TOGETHER(cells_put_too_few, "SELECT 'one'::text, 1::bigint, 2::bigint WHERE $1::text IS NOT NULL");
TOGETHER(cells_put_nothing, "SELECT no_such_thing($1::text)");

static struct db_unit *joiner(struct bench *b, const struct db_stmt *together, const char *said, int64_t id, int64_t n)
{
    struct db_unit *u = bench_unit(b);
    db_unit_add(u, &note, &(struct text_only){said});
    db_unit_add(u, &cell_count, &(struct two){id, n});
    db_unit_share(u, "a");
    db_unit_together(u, together);
    return u;
}

static void one_statement_is_for_all_and_each_has_its_own_answer(void **state)
{
    enum { N = 5 };
    static const char *const said[N] = {"plain", NULL, "\"quoted\", \\ and\nnew", "\xc3\xa9\xe2\x82\xac", ""};
    struct bench b;
    struct db_unit *units[N];
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), one_connection);
    bench_ready(&b);
    run_first(&b, 0.1);
    for (int i = 0; i < N; i++) {
        units[i] = joiner(&b, &cells_put, said[i], 100 + i, i);
        bench_run(&b, units[i]);
    }
    bench_wait(&b);
    for (int i = 0; i < N; i++) {
        struct text_only text;
        struct two row;
        assert_int_equal(outcome(units[i]), DB_DONE);
        assert_true(db_unit_row(units[i], 0, &text));
        assert_true(db_unit_row(units[i], 1, &row));
        if (said[i])
            assert_string_equal(text.t, said[i]);
        else
            assert_null(text.t);
        assert_int_equal(row.a, 100 + i);
        assert_int_equal(row.b, 1000 + i);
        assert_int_equal(cell(&b, 100 + i), i);
    }
    bench_close(&b);
}

/* Alone, with others that name something else, or when it is refused, each has its own statements. */
static void their_own_statements_are_used_otherwise(void **state)
{
    const struct {
        int64_t id, n;
        enum db_outcome outcome;
    } rows[] = {
        {100, 1, DB_DONE}, /* goes alone, being the first */
        {101, 1, DB_DONE},
        {102, -1, DB_FAILED},
        {103, 1, DB_DONE},
    };
    struct db_unit *units[4], *other[3];
    struct bench b;
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), one_connection);
    bench_ready(&b);
    for (int i = 0; i < 4; i++) {
        units[i] = joiner(&b, &cells_put, "x", rows[i].id, rows[i].n);
        bench_run(&b, units[i]);
    }
    bench_wait(&b);
    for (int i = 0; i < 4; i++) {
        struct two row;
        assert_int_equal(outcome(units[i]), rows[i].outcome);
        assert_int_equal(cell(&b, rows[i].id), rows[i].n > 0 ? 1 : -1);
        if (rows[i].n > 0)
            assert_true(db_unit_row(units[i], 1, &row) && row.b == 1);
    }
    assert_string_equal(db_unit_result(units[2])->constraint, "cell_n");
    assert_int_equal(db_unit_result(units[2])->step, 1);
    run_first(&b, 0.1);
    for (int i = 0; i < 3; i++) {
        other[i] = joiner(&b, i == 1 ? NULL : &cells_put, "x", 200 + i, 1);
        bench_run(&b, other[i]);
    }
    bench_wait(&b);
    for (int i = 0; i < 3; i++) {
        struct two row;
        assert_int_equal(outcome(other[i]), DB_DONE);
        assert_true(db_unit_row(other[i], 1, &row) && row.b == 1);
    }
    bench_close(&b);
}

/* What becomes of two that wait together and name this statement. */
static void run_two(const struct db_stmt *together, enum db_outcome ret_outcomes[static 2])
{
    struct db_unit *units[2];
    struct bench b;
    bench_open(&b, conninfo("mc_web", ""), one_connection);
    bench_ready(&b);
    run_first(&b, 0.1);
    for (int i = 0; i < 2; i++) {
        units[i] = joiner(&b, together, "x", 100 + i, 1);
        bench_run(&b, units[i]);
    }
    bench_wait(&b);
    for (int i = 0; i < 2; i++)
        ret_outcomes[i] = outcome(units[i]);
    bench_close(&b);
}

static void a_together_that_cannot_be_prepared_stops_nobody(void **state)
{
    enum db_outcome outcomes[2];
    (void)state;
    run_two(&cells_put_nothing, outcomes);
    assert_int_equal(outcomes[0], DB_DONE);
    assert_int_equal(outcomes[1], DB_DONE);
}

/* It was committed, and nobody knows what: the missing row is never taken for an answer. */
static void an_answer_that_is_missing_is_unknown(void **state)
{
    enum db_outcome outcomes[2];
    (void)state;
    run_two(&cells_put_too_few, outcomes);
    assert_int_equal(outcomes[0], DB_DONE);
    assert_int_equal(outcomes[1], DB_UNKNOWN);
}

static int setup(void **state)
{
    (void)state;
    tables_reset();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_waits_shares_one_transaction, setup),
        cmocka_unit_test_setup(as_many_as_before_are_waited_for_a_moment, setup),
        cmocka_unit_test_setup(others_do_not_wait_for_sharers, setup),
        cmocka_unit_test_setup(they_stand_in_the_order_that_they_say, setup),
        cmocka_unit_test_setup(a_refusal_is_of_one_and_the_others_are_done, setup),
        cmocka_unit_test_setup(a_refused_commit_is_of_one_too, setup),
        cmocka_unit_test_setup(a_statement_that_cannot_be_prepared_stops_nobody, setup),
        cmocka_unit_test_setup(a_lock_is_waited_for_alone, setup),
        cmocka_unit_test_setup(one_that_waits_for_a_lock_gives_way, setup),
        cmocka_unit_test_setup(crossed_locks_end_well, setup),
        cmocka_unit_test_setup(a_deadline_is_of_one, setup),
        cmocka_unit_test_setup(a_lost_connection_leaves_all_of_them_unknown, setup),
        cmocka_unit_test_setup(too_many_that_wait_are_busy, setup),
        cmocka_unit_test_setup(one_statement_is_for_all_and_each_has_its_own_answer, setup),
        cmocka_unit_test_setup(their_own_statements_are_used_otherwise, setup),
        cmocka_unit_test_setup(a_together_that_cannot_be_prepared_stops_nobody, setup),
        cmocka_unit_test_setup(an_answer_that_is_missing_is_unknown, setup),
    };
    return cmocka_run_group_tests_name("db share", tests, NULL, NULL);
}
