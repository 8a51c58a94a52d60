/* A blocking session whose system calls fail: the next question never gets the answer to the last one. */
#include "tests/sql/db_test.h"

#include <errno.h>
#include <poll.h>
#include <time.h>

static unsigned polls_until_failure; /* 0: none fails */

/* Stands before the C library's, for libpq too. It fails as a kernel without memory would make it. */
int poll(struct pollfd *fds, nfds_t n, int ms)
{
    struct timespec wait = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    if (polls_until_failure && !--polls_until_failure) {
        errno = ENOMEM;
        return -1;
    }
    return ppoll(fds, n, ms < 0 ? NULL : &wait, NULL);
}

static struct db_session *open_session(void)
{
    struct err e = {""};
    struct db_session *s = db_session_open(conninfo("mc_web", ""), &e);
    assert_non_null(s);
    return s;
}

static void expect_cell(struct db_session *s, struct arena *a, int64_t id, int64_t n)
{
    struct two row = {0};
    struct db_unit *u = db_unit_create(a);
    db_unit_add(u, &cell_get, &(struct two){id, 0});
    assert_int_equal(db_session_run(s, u), DB_DONE);
    assert_true(db_unit_row(u, 0, &row));
    assert_int_equal(row.a, id);
    assert_int_equal(row.b, n);
}

/* However far it came before it could not wait for its answer. */
static void a_lost_answer_is_not_the_next_one(void **state)
{
    (void)state;
    for (unsigned at = 1; at <= 6; at++) {
        struct arena *a = arena_create(0);
        struct db_session *s = open_session();
        expect_cell(s, a, 1, 0);
        struct db_unit *write = db_unit_create(a);
        db_unit_add(write, &cell_get, &(struct two){1, 0});
        db_unit_add(write, &nap, &(struct seconds_only){0.05});
        db_unit_add(write, &cell_put, &(struct two){100 + at, 7});
        db_unit_add(write, &cell_get, &(struct two){100 + at, 0});
        polls_until_failure = at;
        enum db_outcome outcome = db_session_run(s, write);
        bool has_failed = polls_until_failure == 0;
        polls_until_failure = 0;
        assert_int_equal(outcome, has_failed ? DB_UNKNOWN : DB_DONE);
        expect_cell(s, a, 2, 0);
        expect_cell(s, a, 1, 0);
        db_session_close(&s);
        arena_destroy(&a);
        if (!has_failed)
            assert_true(at > 1);
    }
}

static void a_read_is_asked_again(void **state)
{
    struct arena *a = arena_create(0);
    struct db_session *s = open_session();
    struct two row = {0};
    (void)state;
    expect_cell(s, a, 1, 0);
    struct db_unit *u = db_unit_create(a);
    db_unit_add(u, &nap, &(struct seconds_only){0.05});
    db_unit_add(u, &cell_get, &(struct two){2, 0});
    polls_until_failure = 1;
    assert_int_equal(db_session_run(s, u), DB_DONE);
    assert_true(db_unit_row(u, 1, &row));
    assert_int_equal(row.a, 2);
    db_session_close(&s);
    arena_destroy(&a);
}

static void a_script_and_a_copy_leave_nothing_behind(void **state)
{
    struct arena *a = arena_create(0);
    struct db_session *s = open_session();
    struct err e = {""};
    (void)state;
    polls_until_failure = 1;
    assert_false(db_session_script(s, "SELECT pg_sleep(0.05); SELECT 41", &e));
    polls_until_failure = 0;
    expect_cell(s, a, 1, 0);
    polls_until_failure = 1;
    assert_false(db_session_copy(s, "COPY t.cell FROM STDIN", STR("60\t4\n"), &e));
    polls_until_failure = 0;
    expect_cell(s, a, 2, 0);
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
        cmocka_unit_test_setup(a_lost_answer_is_not_the_next_one, setup),
        cmocka_unit_test_setup(a_read_is_asked_again, setup),
        cmocka_unit_test_setup(a_script_and_a_copy_leave_nothing_behind, setup),
    };
    return cmocka_run_group_tests_name("db session", tests, NULL, NULL);
}
