/* The jail: what a parser may do there, and what ends it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/jail/jail.h"

static const struct jail_limits tight = {.cpu_seconds = 1, .wall_seconds = 2, .memory = 64 << 20, .output = 1 << 20};

static bool copy_upper(struct str in, struct buf *out, struct err *e)
{
    (void)e;
    for (size_t i = 0; i < in.n; i++)
        buf_addc(out, (char)(in.p[i] - ('a' - 'A')));
    return true;
}

static bool refuse(struct str in, struct buf *out, struct err *e)
{
    (void)out;
    return err_set(e, "line 3: %.*s is not a date", (int)in.n, in.p);
}

static bool spin(struct str in, struct buf *out, struct err *e)
{
    (void)out;
    (void)e;
    for (volatile uint64_t i = 0; in.n; i++)
        continue;
    return true;
}

static bool open_file(struct str in, struct buf *out, struct err *e)
{
    (void)in;
    (void)e;
    int fd = open("/etc/hostname", O_RDONLY | O_CLOEXEC);
    buf_adds(out, fd >= 0 ? "opened" : "not opened");
    return true;
}

static bool open_socket(struct str in, struct buf *out, struct err *e)
{
    (void)in;
    (void)e;
    buf_adds(out, socket(AF_INET, SOCK_STREAM, 0) >= 0 ? "socket" : "no socket");
    return true;
}

static bool fork_again(struct str in, struct buf *out, struct err *e)
{
    (void)in;
    (void)e;
    buf_adds(out, fork() >= 0 ? "forked" : "not forked");
    return true;
}

static bool flood(struct str in, struct buf *out, struct err *e)
{
    (void)in;
    (void)e;
    for (int i = 0; i < 3 << 20; i++)
        buf_addc(out, 'x');
    return true;
}

static void answers_come_back(void **state)
{
    (void)state;
    struct buf out = {0};
    struct err e = {""};
    if (jail_run(copy_upper, STR("abc"), &tight, &out, &e) != JAIL_READ)
        fail_msg("%s", e.text);
    assert_string_equal(out.p, "ABC");
    assert_int_equal(jail_run(copy_upper, STR("d"), &tight, &out, &e), JAIL_READ);
    assert_string_equal(out.p, "ABCD");
    buf_finish(&out);
}

static void a_refusal_keeps_its_reason(void **state)
{
    (void)state;
    struct buf out = {0};
    struct err e = {""};
    assert_int_equal(jail_run(refuse, STR("soon"), &tight, &out, &e), JAIL_REFUSED);
    assert_string_equal(e.text, "line 3: soon is not a date");
    assert_int_equal(out.n, 0);
    buf_finish(&out);
}

static void assert_refused(jail_fn *fn, const char *reason_part)
{
    struct buf out = {0};
    struct err e = {""};
    assert_int_equal(jail_run(fn, STR("x"), &tight, &out, &e), JAIL_REFUSED);
    assert_non_null(strstr(e.text, reason_part));
    assert_int_equal(out.n, 0);
    buf_finish(&out);
}

static void time_is_limited(void **state)
{
    (void)state;
    assert_refused(spin, "too long");
}

static void files_sockets_and_processes_are_out_of_reach(void **state)
{
    (void)state;
    assert_refused(open_file, "safely");
    assert_refused(open_socket, "safely");
    assert_refused(fork_again, "safely");
}

static void output_is_limited(void **state)
{
    (void)state;
    assert_refused(flood, "more than we can take");
}

/* Ends without having said anything, as when its answer does not leave it. */
static bool end_unsaid(struct str in, struct buf *out, struct err *e)
{
    (void)in;
    (void)out;
    (void)e;
    _exit(4);
}

static void what_the_system_refuses_is_no_fault_of_the_file(void **state)
{
    (void)state;
    struct buf out = {0};
    struct err e = {""};
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &(struct rlimit){3, before.rlim_max}), 0);
    enum jail_outcome without_pipe = jail_run(copy_upper, STR("abc"), &tight, &out, &e);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(without_pipe, JAIL_FAILED);
    assert_int_equal(jail_run(end_unsaid, STR("abc"), &tight, &out, &e), JAIL_FAILED);
    assert_int_equal(out.n, 0);
    buf_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_come_back),
        cmocka_unit_test(a_refusal_keeps_its_reason),
        cmocka_unit_test(time_is_limited),
        cmocka_unit_test(files_sockets_and_processes_are_out_of_reach),
        cmocka_unit_test(output_is_limited),
        cmocka_unit_test(what_the_system_refuses_is_no_fault_of_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
