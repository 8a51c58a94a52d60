/* What the pool promises when things go wrong: full queues, deadlines, lost connections, a restarted database. */
#include "tests/sql/db_test.h"

#include <signal.h>
#include <time.h>

static const struct db_config plain = {.fast = 2, .slow = 1, .queue = 1000, .deadline_ms = 10000};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void a_full_queue_is_busy(void **state)
{
    enum { FLYING = 16, WAITING = 2, N = FLYING + WAITING + 3 };
    struct bench b;
    struct db_unit *units[N];
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), (struct db_config){.fast = 1, .slow = 1, .queue = WAITING, .deadline_ms = 10000});
    bench_ready(&b);
    for (int i = 0; i < N; i++) {
        units[i] = bench_unit(&b);
        db_unit_add(units[i], &nap, &(struct seconds_only){0.02});
        bench_run(&b, units[i]);
    }
    assert_int_equal(db_pool_counters(b.pool)->in_flight, FLYING);
    assert_int_equal(db_pool_counters(b.pool)->waiting, WAITING);
    bench_wait(&b);
    for (int i = 0; i < N; i++)
        assert_int_equal(outcome(units[i]), i < FLYING + WAITING ? DB_DONE : DB_BUSY);
    assert_int_equal(db_pool_counters(b.pool)->busy, 3);
    bench_close(&b);
}

static void expired_done(struct db_unit *u, void *context)
{
    struct arena **a = context;
    assert_int_equal(db_unit_result(u)->outcome, DB_EXPIRED);
    arena_destroy(a);
}

/* The unit's arena dies with the callback, while its answer is still to come. */
static void a_deadline_frees_the_caller_and_the_connection_goes_on(void **state)
{
    struct bench b;
    struct arena *own = arena_create(0);
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), (struct db_config){.fast = 1, .slow = 1, .queue = 10, .deadline_ms = 200});
    bench_ready(&b);
    struct db_unit *u = db_unit_create(own);
    db_unit_add(u, &nap, &(struct seconds_only){0.6});
    double start = now();
    db_run(b.pool, u, expired_done, &own);
    while (own)
        event_base_loop(b.loop, EVLOOP_ONCE);
    assert_true(now() - start < 0.5);
    assert_int_equal(db_pool_counters(b.pool)->in_flight, 1);
    bench_turn(&b, 700);
    assert_int_equal(db_pool_counters(b.pool)->in_flight, 0);
    assert_int_equal(cell(&b, 1), 0);
    assert_int_equal(db_pool_counters(b.pool)->reconnects, 0);
    bench_close(&b);
}

static void a_statement_may_not_take_for_ever(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), plain);
    struct db_unit *u = bench_one(&b, &nap, &(struct seconds_only){8});
    assert_int_equal(outcome(u), DB_FAILED);
    assert_string_equal(db_unit_result(u)->sqlstate, "57014");
    bench_close(&b);
}

static void a_killed_write_is_unknown_and_a_killed_read_runs_again(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), plain);
    bench_ready(&b);
    struct db_unit *write = bench_unit(&b), *read = bench_unit(&b);
    db_unit_add(write, &cell_add, &(struct two){1, 1});
    db_unit_add(write, &nap, &(struct seconds_only){0.5});
    db_unit_add(read, &cell_sum, NULL);
    db_unit_add(read, &nap, &(struct seconds_only){0.5});
    bench_run(&b, write);
    bench_run(&b, read);
    bench_turn(&b, 100);
    admin(KILL_WEB);
    bench_wait(&b);
    assert_int_equal(outcome(write), DB_UNKNOWN);
    assert_int_equal(outcome(read), DB_DONE);
    assert_int_equal(cell(&b, 1), 0);
    assert_true(db_pool_counters(b.pool)->reconnects >= 1);
    bench_close(&b);
}

/* Whatever the moment: done means stored, failed means not stored; only unknown may be either. */
static void what_was_said_about_a_commit_is_true(void **state)
{
    enum { ROUNDS = 40, UNITS = 50 };
    struct bench b;
    unsigned done = 0, unknown = 0;
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), plain);
    for (int round = 0; round < ROUNDS; round++) {
        struct db_unit *units[UNITS];
        bench_ready(&b);
        for (int i = 0; i < UNITS; i++) {
            units[i] = bench_unit(&b);
            db_unit_add(units[i], &cell_put, &(struct two){1000 + round * UNITS + i, 1});
            bench_run(&b, units[i]);
        }
        bench_turn(&b, round % 7);
        admin(KILL_WEB);
        bench_wait(&b);
        for (int i = 0; i < UNITS; i++) {
            int64_t found = cell(&b, 1000 + round * UNITS + i);
            enum db_outcome said = outcome(units[i]);
            assert_true(said == DB_UNKNOWN || said == DB_DONE);
            assert_true(said == DB_UNKNOWN || found == 1);
            done += said == DB_DONE;
            unknown += said == DB_UNKNOWN;
        }
    }
    print_message("done %u, unknown %u\n", done, unknown);
    assert_true(done > 0);
    bench_close(&b);
}

static void cluster(const char *command)
{
    char line[600];
    snprintf(line, sizeof line, "MC_PG_OPTIONS='-c fsync=off' config/cluster.sh %s %s >/dev/null", command, getenv("MC_TEST_DIR"));
    assert_int_equal(system(line), 0);
}

static void a_restart_is_survived(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), plain);
    assert_int_equal(cell(&b, 1), 0);
    cluster("stop");
    double start = now();
    struct db_unit *u = bench_one(&b, &cell_sum, NULL);
    assert_int_equal(outcome(u), DB_AWAY);
    assert_true(now() - start < 4);
    start = now();
    assert_int_equal(outcome(bench_one(&b, &cell_sum, NULL)), DB_AWAY);
    assert_true(now() - start < 0.2);
    assert_false(db_pool_is_ready(b.pool));
    cluster("start");
    bench_ready(&b);
    assert_int_equal(cell(&b, 1), 0);
    assert_true(db_pool_counters(b.pool)->reconnects >= 1);
    bench_close(&b);
}

/* A short absence is waited for. */
static void a_moment_without_the_database_is_only_slower(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), plain);
    assert_int_equal(cell(&b, 1), 0);
    cluster("stop");
    bench_turn(&b, 50);
    struct db_unit *u = bench_unit(&b);
    db_unit_add(u, &cell_add, &(struct two){1, 3});
    bench_run(&b, u);
    cluster("start");
    bench_wait(&b);
    assert_int_equal(outcome(u), DB_DONE);
    assert_int_equal(cell(&b, 1), 3);
    bench_close(&b);
}

static void psql(const char *sql)
{
    char line[900];
    snprintf(line, sizeof line, "psql -X -q -h %s -U postgres -d mc -c \"%s\" -c 'SELECT pg_reload_conf()' >/dev/null",
             getenv("MC_TEST_SOCKET"), sql);
    assert_int_equal(system(line), 0);
}

/* The row is there, but perhaps not on the standby: neither done nor failed. */
static void a_commit_that_may_not_be_replicated_is_unknown(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), plain);
    assert_int_equal(cell(&b, 1), 0);
    psql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    bench_turn(&b, 300);
    struct db_unit *u = bench_unit(&b);
    db_unit_add(u, &cell_add, &(struct two){1, 4});
    bench_run(&b, u);
    bench_turn(&b, 300);
    assert_int_equal(b.left, 1);
    admin("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename = 'mc_web' AND wait_event = 'SyncRep'");
    bench_wait(&b);
    psql("ALTER SYSTEM RESET synchronous_standby_names");
    assert_int_equal(outcome(u), DB_UNKNOWN);
    assert_int_equal(cell(&b, 1), 4);
    bench_close(&b);
}

/* A server that neither answers nor hangs up (here: a stopped process) is given up. */
static void a_silent_connection_is_given_up(void **state)
{
    static const struct db_stmt who = {.name = "who", .sql = "SELECT pg_backend_pid()::bigint, 0::bigint", .columns = two_columns,
                                       .columns_n = 2, .row_size = sizeof(struct two), .rows = "one"};
    struct bench b;
    struct two row;
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), (struct db_config){.fast = 1, .slow = 1, .queue = 10, .deadline_ms = 1000});
    assert_true(db_unit_row(bench_one(&b, &who, NULL), 0, &row));
    assert_int_equal(kill((pid_t)row.a, SIGSTOP), 0);
    double start = now();
    assert_int_equal(outcome(bench_one(&b, &cell_sum, NULL)), DB_EXPIRED);
    assert_true(now() - start < 2);
    while (!db_pool_counters(b.pool)->reconnects && now() - start < 12)
        bench_turn(&b, 50);
    assert_int_equal(kill((pid_t)row.a, SIGCONT), 0);
    assert_int_equal(cell(&b, 1), 0);
    bench_close(&b);
}

struct heard {
    unsigned fresh, payloads;
    char last[64];
};

static void on_notify(const char *channel, const char *payload, void *context)
{
    struct heard *h = context;
    assert_string_equal(channel, "outbox");
    h->fresh += !payload;
    h->payloads += payload != NULL;
    snprintf(h->last, sizeof h->last, "%s", payload ? payload : "");
}

static void listening_goes_on_after_a_reconnect(void **state)
{
    struct bench b;
    struct heard h = {0};
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), plain);
    assert_false(db_hears(b.pool));
    db_listen(b.pool, "outbox", on_notify, &h);
    for (unsigned round = 1; round <= 2; round++) {
        while (h.fresh < round)
            bench_turn(&b, 10);
        admin("NOTIFY outbox, 'mail'");
        while (h.payloads < round)
            bench_turn(&b, 10);
        assert_string_equal(h.last, "mail");
        while (!db_hears(b.pool))
            bench_turn(&b, 10);
        admin(KILL_WEB);
        while (db_hears(b.pool))
            bench_turn(&b, 10);
        assert_int_equal(h.fresh, round);
    }
    bench_close(&b);
}

static void a_dead_host_is_passed_over(void **state)
{
    char info[512];
    struct bench b;
    (void)state;
    snprintf(info, sizeof info, "host=/nowhere,%s dbname=mc user=mc_web target_session_attrs=read-write", getenv("MC_TEST_SOCKET"));
    bench_open(&b, info, plain);
    assert_int_equal(cell(&b, 1), 0);
    bench_close(&b);
}

static void an_unreachable_database_is_away(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, "host=/nowhere dbname=mc", plain);
    assert_int_equal(outcome(bench_one(&b, &cell_sum, NULL)), DB_AWAY);
    bench_close(&b);
}

static void destroying_answers_everyone(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, conninfo("mc_web", ""), (struct db_config){.fast = 1, .slow = 1, .queue = 1000, .deadline_ms = 10000});
    bench_ready(&b);
    struct db_unit *units[40];
    for (int i = 0; i < 40; i++) {
        units[i] = bench_unit(&b);
        db_unit_add(units[i], i ? &cell_add : &nap, i ? (const void *)&(struct two){1, 1} : &(struct seconds_only){0.5});
        bench_run(&b, units[i]);
    }
    db_pool_destroy(&b.pool);
    assert_int_equal(b.left, 0);
    assert_int_equal(outcome(units[0]), DB_AWAY);
    assert_int_equal(outcome(units[1]), DB_UNKNOWN);
    assert_int_equal(outcome(units[39]), DB_AWAY);
    bench_close(&b);
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
        cmocka_unit_test_setup(a_full_queue_is_busy, setup),
        cmocka_unit_test_setup(a_deadline_frees_the_caller_and_the_connection_goes_on, setup),
        cmocka_unit_test_setup(a_statement_may_not_take_for_ever, setup),
        cmocka_unit_test_setup(a_killed_write_is_unknown_and_a_killed_read_runs_again, setup),
        cmocka_unit_test_setup(what_was_said_about_a_commit_is_true, setup),
        cmocka_unit_test_setup(a_restart_is_survived, setup),
        cmocka_unit_test_setup(a_moment_without_the_database_is_only_slower, setup),
        cmocka_unit_test_setup(a_commit_that_may_not_be_replicated_is_unknown, setup),
        cmocka_unit_test_setup(a_silent_connection_is_given_up, setup),
        cmocka_unit_test_setup(listening_goes_on_after_a_reconnect, setup),
        cmocka_unit_test_setup(a_dead_host_is_passed_over, setup),
        cmocka_unit_test_setup(an_unreachable_database_is_away, setup),
        cmocka_unit_test_setup(destroying_answers_everyone, setup),
    };
    return cmocka_run_group_tests_name("db pool", tests, NULL, NULL);
}
