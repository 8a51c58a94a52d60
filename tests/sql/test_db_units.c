/* What one unit promises: all or nothing, the truth about the commit, and another try where that is safe. */
#include "tests/sql/db_test.h"

static const struct db_config plain = {.fast = 2, .slow = 1, .queue = 20000, .deadline_ms = 10000};

static void many_units_answer_in_pipelines(void **state)
{
    enum { N = 5000 };
    struct bench b;
    struct db_unit **units;
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), plain);
    units = arena_array(b.arena, N, sizeof *units);
    for (int i = 0; i < N; i++) {
        units[i] = bench_unit(&b);
        db_unit_add(units[i], &cell_put, &(struct two){100 + i, i});
        db_unit_add(units[i], &cell_get, &(struct two){100 + i, 0});
        bench_run(&b, units[i]);
    }
    bench_wait(&b);
    for (int i = 0; i < N; i++) {
        struct two row = {0};
        assert_int_equal(outcome(units[i]), DB_DONE);
        assert_true(db_unit_row(units[i], 1, &row));
        assert_int_equal(row.a, 100 + i);
        assert_int_equal(row.b, i);
    }
    assert_int_equal(db_pool_counters(b.pool)->units, N);
    bench_close(&b);
}

static void a_failure_in_the_middle_undoes_all(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), plain);
    struct db_unit *u = bench_unit(&b);
    db_unit_add(u, &cell_put, &(struct two){10, 1});
    db_unit_add(u, &cell_add, &(struct two){1, -5});
    db_unit_add(u, &cell_put, &(struct two){11, 1});
    bench_run(&b, u);
    struct db_unit *next = bench_unit(&b);
    db_unit_add(next, &cell_put, &(struct two){12, 7});
    bench_run(&b, next);
    bench_wait(&b);
    assert_int_equal(outcome(u), DB_FAILED);
    assert_string_equal(db_unit_result(u)->sqlstate, "23514");
    assert_string_equal(db_unit_result(u)->constraint, "cell_n");
    assert_int_equal(db_unit_result(u)->step, 1);
    assert_int_equal(outcome(next), DB_DONE);
    assert_int_equal(cell(&b, 10), -1);
    assert_int_equal(cell(&b, 11), -1);
    assert_int_equal(cell(&b, 12), 7);
    bench_close(&b);
}

static void a_refused_commit_is_a_failure(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), plain);
    struct db_unit *u = bench_unit(&b);
    db_unit_add(u, &cell_put, &(struct two){20, 1});
    db_unit_add(u, &tie_put, &(struct two){1, 999});
    bench_run(&b, u);
    bench_wait(&b);
    assert_int_equal(outcome(u), DB_FAILED);
    assert_string_equal(db_unit_result(u)->sqlstate, "23503");
    assert_string_equal(db_unit_result(u)->constraint, "tie_cell");
    assert_int_equal(db_unit_result(u)->step, 2);
    assert_int_equal(cell(&b, 20), -1);
    bench_close(&b);
}

/* The first use of a statement prepares it; a unit that fails before does not take the preparation along. */
static void a_failed_unit_leaves_its_statements_prepared(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), (struct db_config){.fast = 1, .slow = 1, .queue = 100, .deadline_ms = 5000});
    bench_ready(&b);
    struct db_unit *bad = bench_unit(&b), *good = bench_unit(&b);
    db_unit_add(bad, &cell_add, &(struct two){1, -5});
    db_unit_add(bad, &cell_get, &(struct two){1, 0});
    db_unit_add(good, &cell_get, &(struct two){1, 0});
    bench_run(&b, bad);
    bench_run(&b, good);
    bench_wait(&b);
    assert_int_equal(outcome(bad), DB_FAILED);
    assert_int_equal(outcome(good), DB_DONE);
    assert_int_equal(db_pool_counters(b.pool)->retried, 0);
    bench_close(&b);
}

static void a_statement_that_cannot_be_prepared_says_why(void **state)
{
    static const struct db_stmt broken = {.name = "broken", .sql = "SELECT 1 FROM t.nowhere", .rows = "none"};
    struct bench b;
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), plain);
    for (int i = 0; i < 3; i++) {
        struct db_unit *u = bench_one(&b, &broken, NULL);
        assert_int_equal(outcome(u), DB_FAILED);
        assert_string_equal(db_unit_result(u)->sqlstate, "42P01");
    }
    bench_close(&b);
}

static void a_deadlock_is_run_again(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), plain);
    while (db_pool_counters(b.pool)->connections < 3)
        bench_turn(&b, 10);
    struct db_unit *units[2];
    for (int i = 0; i < 2; i++) {
        units[i] = bench_unit(&b);
        db_unit_add(units[i], &cell_add, &(struct two){1 + i, 1});
        db_unit_add(units[i], &nap, &(struct seconds_only){0.3});
        db_unit_add(units[i], &cell_add, &(struct two){2 - i, 1});
        bench_run(&b, units[i]);
    }
    bench_wait(&b);
    assert_int_equal(outcome(units[0]), DB_DONE);
    assert_int_equal(outcome(units[1]), DB_DONE);
    assert_true(db_pool_counters(b.pool)->retried >= 1);
    assert_int_equal(cell(&b, 1), 2);
    assert_int_equal(cell(&b, 2), 2);
    bench_close(&b);
}

static void a_serialization_failure_is_run_again(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, conninfo("mc_web", "options='-c default_transaction_isolation=serializable'"), plain);
    while (db_pool_counters(b.pool)->connections < 3)
        bench_turn(&b, 10);
    struct db_unit *units[2];
    for (int i = 0; i < 2; i++) {
        units[i] = bench_unit(&b);
        db_unit_add(units[i], &cell_sum, NULL);
        db_unit_add(units[i], &nap, &(struct seconds_only){0.2});
        db_unit_add(units[i], &cell_add, &(struct two){1 + i, 1});
        bench_run(&b, units[i]);
    }
    bench_wait(&b);
    struct two first, second;
    assert_int_equal(outcome(units[0]), DB_DONE);
    assert_int_equal(outcome(units[1]), DB_DONE);
    assert_true(db_pool_counters(b.pool)->retried >= 1);
    assert_true(db_unit_row(units[0], 0, &first) && db_unit_row(units[1], 0, &second));
    assert_int_equal(first.b + second.b, 1); /* one saw 0, the one after it 1 */
    bench_close(&b);
}

static void settings_of_a_unit_end_with_it(void **state)
{
    enum { N = 10000 };
    struct bench b;
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), plain);
    struct db_unit **units = arena_array(b.arena, N, sizeof *units);
    for (int i = 0; i < N; i++) {
        units[i] = bench_unit(&b);
        db_unit_add(units[i], &council_get, NULL);
        db_unit_add(units[i], &council_set, &(struct text_only){i % 2 ? "1" : "2"});
        db_unit_add(units[i], &council_get, NULL);
        bench_run(&b, units[i]);
    }
    bench_wait(&b);
    for (int i = 0; i < N; i++) {
        struct text_only before, after;
        assert_int_equal(outcome(units[i]), DB_DONE);
        assert_true(db_unit_row(units[i], 0, &before) && db_unit_row(units[i], 2, &after));
        assert_true(!before.t || !*before.t);
        assert_string_equal(after.t, i % 2 ? "1" : "2");
    }
    bench_close(&b);
}

static void a_session_runs_units_too(void **state)
{
    struct err e = {""};
    struct arena *a = arena_create(0);
    struct two row;
    (void)state;
    struct db_session *s = db_session_open(conninfo("mc_web", ""), &e);
    assert_non_null(s);
    struct db_unit *bad = db_unit_create(a), *good = db_unit_create(a);
    db_unit_add(bad, &cell_put, &(struct two){30, 1});
    db_unit_add(bad, &tie_put, &(struct two){3, 999});
    assert_int_equal(db_session_run(s, bad), DB_FAILED);
    assert_string_equal(db_unit_result(bad)->sqlstate, "23503");
    db_unit_add(good, &cell_get, &(struct two){30, 0});
    db_unit_add(good, &cell_get, &(struct two){1, 0});
    assert_int_equal(db_session_run(s, good), DB_DONE);
    assert_false(db_unit_row(good, 0, &row));
    assert_true(db_unit_row(good, 1, &row));
    assert_true(db_session_copy(s, "COPY t.cell FROM STDIN", STR("40\t4\n41\t5\n"), &e));
    assert_false(db_session_copy(s, "COPY t.cell FROM STDIN", STR("42\t4\n40\t5\n"), &e));
    assert_non_null(strstr(e.text, "duplicate key"));
    assert_false(db_session_script(s, "INSERT INTO t.cell VALUES (50, 1);\nSELECT nothing", &e));
    assert_string_equal(e.text, "line 2: column \"nothing\" does not exist");
    assert_false(db_session_script(s, "INSERT INTO t.cell VALUES (50, 1); COMMIT", &e));
    struct db_unit *sum = db_unit_create(a);
    db_unit_add(sum, &cell_sum, NULL);
    assert_int_equal(db_session_run(s, sum), DB_DONE);
    assert_true(db_unit_row(sum, 0, &row));
    assert_int_equal(row.a, 5); /* 1, 2, 40, 41 and, because the script itself said so, 50 */
    db_session_close(&s);
    arena_destroy(&a);
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
        cmocka_unit_test_setup(many_units_answer_in_pipelines, setup),
        cmocka_unit_test_setup(a_failure_in_the_middle_undoes_all, setup),
        cmocka_unit_test_setup(a_refused_commit_is_a_failure, setup),
        cmocka_unit_test_setup(a_failed_unit_leaves_its_statements_prepared, setup),
        cmocka_unit_test_setup(a_statement_that_cannot_be_prepared_says_why, setup),
        cmocka_unit_test_setup(a_deadlock_is_run_again, setup),
        cmocka_unit_test_setup(a_serialization_failure_is_run_again, setup),
        cmocka_unit_test_setup(settings_of_a_unit_end_with_it, setup),
        cmocka_unit_test_setup(a_session_runs_units_too, setup),
    };
    return cmocka_run_group_tests_name("db units", tests, NULL, NULL);
}
