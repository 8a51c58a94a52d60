#include "daemon/jail/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <seccomp.h>

const struct jail_limits jail_limits_document = {
    .cpu_seconds = 5, .wall_seconds = 20, .memory = (size_t)512 << 20, .output = (size_t)64 << 20};
const struct jail_limits jail_limits_statement = {
    .cpu_seconds = 120, .wall_seconds = 300, .memory = (size_t)256 << 20, .output = (size_t)128 << 20};

enum { STATUS_DONE = 'd', STATUS_REFUSED = 'r' };

/* How the child ends when it was not confined, or its answer did not leave it. */
enum { EXIT_UNCONFINED = 3, EXIT_UNSAID = 4 };

#ifdef MC_UNCONFINED
/* valgrind runs what it has translated, writes its findings to a file and takes its time. */
static bool confine(const struct jail_limits *limits)
{
    return limits->memory > 0;
}
#else
/* What a parser needs once its input is in memory: memory, the pipe, a clock, and to end. */
static const int allowed_calls[] = {SCMP_SYS(write),     SCMP_SYS(brk),           SCMP_SYS(munmap),
                                    SCMP_SYS(mremap),    SCMP_SYS(madvise),       SCMP_SYS(futex),
                                    SCMP_SYS(exit),      SCMP_SYS(exit_group),    SCMP_SYS(getrandom),  SCMP_SYS(clock_gettime),
                                    SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask), SCMP_SYS(getpid), SCMP_SYS(gettid),
                                    SCMP_SYS(sigaltstack)};

static bool filter_calls(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    bool ok = filter != NULL;
    for (size_t i = 0; ok && i < sizeof allowed_calls / sizeof *allowed_calls; i++)
        ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed_calls[i], 0) == 0;
    /* Memory yes, but never executable: a parser has no use for it, an exploit does. */
    static const int memory_calls[] = {SCMP_SYS(mmap), SCMP_SYS(mprotect)};
    for (size_t i = 0; ok && i < sizeof memory_calls / sizeof *memory_calls; i++)
        ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, memory_calls[i], 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
    ok = ok && seccomp_load(filter) == 0;
    if (filter)
        seccomp_release(filter);
    return ok;
}

static bool limit_one(__rlimit_resource_t what, rlim_t value)
{
    struct rlimit l = {value, value};
    return setrlimit(what, &l) == 0;
}

#ifdef __SANITIZE_ADDRESS__
/* The sanitizer reserves terabytes of address space for itself, so there is no sensible limit under it. */
static bool limit_memory(size_t more)
{
    return more > 0;
}
#else
static size_t mapped_bytes(void)
{
    FILE *f = fopen("/proc/self/statm", "re");
    char line[64];
    unsigned long pages = 0;
    if (f) {
        if (fgets(line, sizeof line, f))
            pages = strtoul(line, NULL, 10);
        fclose(f);
    }
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static bool limit_memory(size_t more)
{
    return limit_one(RLIMIT_AS, mapped_bytes() + more);
}
#endif

static bool limit_resources(const struct jail_limits *limits)
{
    bool ok = limit_one(RLIMIT_CPU, limits->cpu_seconds) && limit_one(RLIMIT_CORE, 0) && limit_one(RLIMIT_FSIZE, 0) &&
              limit_one(RLIMIT_NPROC, 0);
    return ok && limit_memory(limits->memory) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

static bool confine(const struct jail_limits *limits)
{
    return limit_resources(limits) && filter_calls();
}
#endif

static bool write_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t w = write(fd, p, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return false;
        p += w;
        n -= (size_t)w;
    }
    return true;
}

static void close_all_but(int keep)
{
    long most = sysconf(_SC_OPEN_MAX);
    if (keep > 3)
        close_range(3, (unsigned)keep - 1, 0);
    close_range((unsigned)(keep < 3 ? 3 : keep + 1), most > 0 ? (unsigned)most : ~0U, 0);
}

static _Noreturn void run_child(jail_fn *fn, struct str in, const struct jail_limits *limits, int out_fd)
{
    close_all_but(out_fd);
    if (!confine(limits))
        _exit(EXIT_UNCONFINED);
    struct buf out = {0};
    struct err e = {""};
    bool ok = fn(in, &out, &e);
    char status = ok ? STATUS_DONE : STATUS_REFUSED;
    struct str answer = ok ? buf_str(&out) : str_of(e.text);
    ok = write_all(out_fd, &status, 1) && write_all(out_fd, answer.p, answer.n);
    _exit(ok ? 0 : EXIT_UNSAID);
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

enum collected { COLLECTED, TOO_SLOW, TOO_MUCH, CUT_OFF, NOT_WANTED };

/* What a child says, on its way: its status, then its rows to the sink, or the reason of its refusal. */
struct answer {
    jail_sink *sink;
    void *self;
    char status; /* 0: nothing was said yet */
    size_t n;    /* bytes, the status among them */
    struct buf reason;
};

static bool hand_on(struct answer *answer, struct str piece, struct err *e)
{
    if (!answer->status && piece.n) {
        answer->status = *piece.p;
        piece = (struct str){piece.p + 1, piece.n - 1};
    }
    if (answer->status == STATUS_DONE)
        return !piece.n || answer->sink(answer->self, piece, e);
    buf_add(&answer->reason, piece.p, piece.n);
    return true;
}

static enum collected collect(int fd, const struct jail_limits *limits, struct answer *answer, struct err *e)
{
    char piece[65536];
    int64_t deadline = now_ms() + (int64_t)limits->wall_seconds * 1000;
    for (;;) {
        int64_t left = deadline - now_ms();
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int ready = left > 0 ? poll(&p, 1, (int)left) : 0;
        if (ready == 0)
            return TOO_SLOW;
        ssize_t n = ready > 0 ? read(fd, piece, sizeof piece) : -1;
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n ? CUT_OFF : COLLECTED;
        answer->n += (size_t)n;
        if (answer->n > limits->output + 1)
            return TOO_MUCH;
        /* The child waits meanwhile: the time that its reader takes is not its own. */
        int64_t before = now_ms();
        if (!hand_on(answer, (struct str){piece, (size_t)n}, e))
            return NOT_WANTED;
        deadline += now_ms() - before;
    }
}

static enum jail_outcome refused(struct err *e, const char *reason)
{
    err_set(e, "%s", reason);
    return JAIL_REFUSED;
}

static enum jail_outcome failed(struct err *e, const char *what, int error)
{
    err_set(e, "%s: %s", what, strerror(error));
    return JAIL_FAILED;
}

static enum jail_outcome judge(enum collected how, int status, const struct answer *answer, struct err *e)
{
    if (how == NOT_WANTED)
        return JAIL_FAILED;
    if (how == TOO_SLOW || (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU))
        return refused(e, "the file took too long to read");
    if (how == TOO_MUCH)
        return refused(e, "the file holds more than we can take in one piece");
    bool has_ended = WIFEXITED(status);
    if (how == CUT_OFF || (has_ended && (WEXITSTATUS(status) == EXIT_UNCONFINED || WEXITSTATUS(status) == EXIT_UNSAID)))
        return failed(e, "the reader's answer did not arrive", EIO);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        return refused(e, "the file took too long to read");
    if (!has_ended || WEXITSTATUS(status) != 0 || !answer->status)
        return refused(e, "the file could not be read safely (it needed too much memory, or is built to do harm)");
    return answer->status == STATUS_DONE ? JAIL_READ : refused(e, buf_str(&answer->reason).p);
}

enum jail_outcome jail_run_to(jail_fn *fn, struct str in, const struct jail_limits *limits, jail_sink *sink, void *self, struct err *e)
{
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0)
        return failed(e, "cannot start the reader", errno);
    pid_t child = fork();
    if (child < 0) {
        int error = errno;
        close(fds[0]);
        close(fds[1]);
        return failed(e, "cannot start the reader", error);
    }
    if (child == 0)
        run_child(fn, in, limits, fds[1]);
    close(fds[1]);
    struct answer answer = {.sink = sink, .self = self};
    enum collected how = collect(fds[0], limits, &answer, e);
    close(fds[0]);
    if (how != COLLECTED)
        kill(child, SIGKILL);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    enum jail_outcome outcome = judge(how, status, &answer, e);
    buf_finish(&answer.reason);
    return outcome;
}

static bool keep(void *self, struct str piece, struct err *e)
{
    (void)e;
    buf_add(self, piece.p, piece.n);
    return true;
}

enum jail_outcome jail_run(jail_fn *fn, struct str in, const struct jail_limits *limits, struct buf *out, struct err *e)
{
    struct buf answer = {0};
    enum jail_outcome outcome = jail_run_to(fn, in, limits, keep, &answer, e);
    if (outcome == JAIL_READ)
        buf_add(out, answer.p, answer.n);
    buf_finish(&answer);
    return outcome;
}
