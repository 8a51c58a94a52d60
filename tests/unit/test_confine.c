/* A confined worker: what it may still do, and what ends it. Each case runs in a process of its own, because a filter stays. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/confine.h"

#ifdef __SANITIZE_ADDRESS__
static void test_sanitized(void **state)
{
    (void)state;
    struct err e = {""};
    assert_true(confine_worker(&e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sanitized)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else

/* The exit status of `act` in a confined process, or minus the signal that ended it. */
static int run_confined(int (*act)(void))
{
    pid_t pid = fork();
    int status;
    if (pid == 0) {
        struct err e = {""};
        _exit(confine_worker(&e) ? act() : 99);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int serve(void)
{
    int pair[2] = {-1, -1}, s = socket(AF_INET, SOCK_STREAM, 0), u = socket(AF_UNIX, SOCK_STREAM, 0);
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return s >= 0 && u >= 0 && page != MAP_FAILED && pipe2(pair, 0) == 0 && write(pair[1], "x", 1) == 1 ? 0 : 1;
}

static int start_program(void)
{
    return execl("/bin/true", "true", (char *)NULL);
}

static int start_process(void)
{
    return fork() == 0 ? 0 : 1;
}

static int make_executable(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED && errno == EPERM ? 7 : 1;
}

static int other_family(void)
{
    return socket(AF_PACKET, SOCK_RAW, 0) < 0 && errno == EPERM ? 7 : 1;
}

static int listen_again(void)
{
    int s = socket(AF_INET, SOCK_STREAM, 0);
    return listen(s, 1) < 0 && errno == EPERM ? 7 : 1;
}

static int become_root(void)
{
    return setuid(0) < 0 && errno == EPERM ? 7 : 1;
}

static void test_serving_goes_on(void **state)
{
    (void)state;
    assert_int_equal(run_confined(serve), 0);
}

static void test_attacks_end_it(void **state)
{
    (void)state;
    assert_int_equal(run_confined(start_program), -SIGSYS);
    assert_int_equal(run_confined(start_process), -SIGSYS);
}

static void test_the_rest_is_refused(void **state)
{
    (void)state;
    assert_int_equal(run_confined(make_executable), 7);
    assert_int_equal(run_confined(other_family), 7);
    assert_int_equal(run_confined(listen_again), 7);
    assert_int_equal(run_confined(become_root), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_serving_goes_on), cmocka_unit_test(test_attacks_end_it),
                                       cmocka_unit_test(test_the_rest_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#endif
