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
#include <sys/wait.h>
#include <time.h>
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

/* ---- the answer handed on in pieces ---- */

struct taker {
    struct buf got;
    size_t pieces, most, stop_at; /* stop_at: the piece that is refused, from 1 */
};

static bool take(void *self, struct str piece, struct err *e)
{
    struct taker *t = self;
    buf_add(&t->got, piece.p, piece.n);
    t->most = piece.n > t->most ? piece.n : t->most;
    return ++t->pieces != t->stop_at || err_set(e, "no more, thank you");
}

/* The only one that is open: what is written there arrives. */
static void say(const char *text, size_t n)
{
    for (int fd = 3; fd < 1024; fd++)
        if (write(fd, text, n) >= 0)
            return;
}

/* Half an answer that calls itself done, and then the end that the file says. */
static bool die_half_way(struct str in, struct buf *out, struct err *e)
{
    static char half[1 << 18] = "d";
    (void)out;
    (void)e;
    memset(half + 1, 'x', sizeof half - 1);
    say(half, sizeof half);
    if (str_is(in, "unsaid"))
        _exit(4);
    abort();
}

static bool count_up(struct str in, struct buf *out, struct err *e)
{
    (void)e;
    for (int i = 0; i < 1 << 18; i++)
        buf_add(out, in.p, in.n);
    return true;
}

static void long_answers_come_in_pieces(void **state)
{
    (void)state;
    struct taker t = {0};
    struct err e = {""};
    assert_int_equal(jail_run_to(count_up, STR("abc"), &tight, take, &t, &e), JAIL_READ);
    assert_int_equal(t.got.n, 3 << 18);
    for (size_t i = 0; i < t.got.n; i++)
        assert_int_equal(t.got.p[i], "abc"[i % 3]);
    assert_true(t.pieces >= 12 && t.most <= 65536);
    buf_finish(&t.got);
}

static void half_an_answer_is_none(void **state)
{
    (void)state;
    struct taker t = {0};
    struct buf out = {0};
    struct err e = {""};
    assert_int_equal(jail_run_to(die_half_way, STR("unsaid"), &tight, take, &t, &e), JAIL_FAILED);
    assert_int_equal(t.got.n, (1 << 18) - 1); /* it was on its way before it was known to be half of one */
    assert_int_equal(jail_run_to(die_half_way, STR("killed"), &tight, take, &t, &e), JAIL_REFUSED);
    assert_non_null(strstr(e.text, "safely"));
    assert_int_equal(jail_run(die_half_way, STR("killed"), &tight, &out, &e), JAIL_REFUSED);
    assert_int_equal(jail_run(die_half_way, STR("unsaid"), &tight, &out, &e), JAIL_FAILED);
    assert_int_equal(out.n, 0);
    buf_finish(&t.got);
}

static void a_refusal_is_not_handed_on(void **state)
{
    (void)state;
    struct taker t = {0};
    struct err e = {""};
    assert_int_equal(jail_run_to(refuse, STR("soon"), &tight, take, &t, &e), JAIL_REFUSED);
    assert_string_equal(e.text, "line 3: soon is not a date");
    assert_int_equal(jail_run_to(flood, STR("x"), &tight, take, &t, &e), JAIL_REFUSED);
    assert_non_null(strstr(e.text, "more than we can take"));
    assert_true(t.got.n <= tight.output);
    buf_finish(&t.got);
}

static void a_sink_can_say_no(void **state)
{
    (void)state;
    struct taker t = {.stop_at = 2};
    struct err e = {""};
    assert_int_equal(jail_run_to(count_up, STR("abc"), &tight, take, &t, &e), JAIL_FAILED);
    assert_string_equal(e.text, "no more, thank you");
    assert_int_equal(t.pieces, 2);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* and no child is left */
    buf_finish(&t.got);
}

static bool dawdle(void *self, struct str piece, struct err *e)
{
    struct taker *t = self;
    if (!t->pieces)
        nanosleep(&(struct timespec){.tv_sec = tight.wall_seconds, .tv_nsec = 200000000}, NULL);
    return take(self, piece, e);
}

static void the_time_of_a_sink_is_not_the_childs(void **state)
{
    (void)state;
    struct taker t = {0};
    struct err e = {""};
    assert_int_equal(jail_run_to(count_up, STR("abc"), &tight, dawdle, &t, &e), JAIL_READ);
    assert_int_equal(t.got.n, 3 << 18);
    buf_finish(&t.got);
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
        cmocka_unit_test(long_answers_come_in_pieces),
        cmocka_unit_test(half_an_answer_is_none),
        cmocka_unit_test(a_refusal_is_not_handed_on),
        cmocka_unit_test(a_sink_can_say_no),
        cmocka_unit_test(the_time_of_a_sink_is_not_the_childs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
