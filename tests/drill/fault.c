/*
 * Preloaded into the server by the drills: makes an allocation or a system call fail, or ends the process at a message to the database.
 * FAULT_FILE names a file with one order; it is read on SIGVTALRM, so that one worker is armed while it runs, or at the start when FAULT_NOW is set:
 *   malloc N    the N-th allocation fails           large N      the next one of N bytes or more fails
 *   send N      death at the N-th message to the database; each counts twice, before and after it
 *   stop N      a standstill there instead, until SIGCONT
 *   call N      the N-th system call fails as it does when something is used up or gone
 *   eintr N     the N-th one that may be interrupted is
 *   short N     the N-th one that moves bytes moves a single one
 * What was done is written to FAULT_FILE.hit. A process that then dies by a signal says on standard error where the fault was made and where it died, for
 * addr2line. A drill's tool: it is no part of the product and nothing links it.
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);

enum order { NOTHING, MALLOC, LARGE, SEND, STOP, CALL, EINTR_ONCE, SHORT, ORDERS };

static const char *const order_names[ORDERS] = {"nothing ", "malloc ", "large ", "send ", "stop ", "call ", "eintr ", "short "};
static volatile long left[ORDERS];
static char path[512];

/* ---- saying what was done ---- */

/* Kept when the fault is made, for a process that dies of it later. */
static void *fault_frames[32];
static int fault_frames_n;

/* With system calls of its own, because the functions of these names stand below. */
static void say_hit(const char *what)
{
    char hit[520];
    size_t n = strlen(path);
    int error = errno;
    memcpy(hit, path, n);
    memcpy(hit + n, ".hit", 5);
    fault_frames_n = backtrace(fault_frames, 32);
    long fd = syscall(SYS_openat, AT_FDCWD, hit, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (fd >= 0 && (syscall(SYS_write, fd, what, strlen(what)) < 0 || syscall(SYS_write, fd, "\n", 1) < 0))
        _exit(99);
    syscall(SYS_close, fd);
    errno = error;
}

static void on_death(int number)
{
    void *frames[32];
    (void)number;
    static const char fault[] = "fault made at:\n", death[] = "died at:\n";
    if (syscall(SYS_write, 2, fault, sizeof fault - 1) < 0)
        return;
    backtrace_symbols_fd(fault_frames, fault_frames_n, 2);
    if (syscall(SYS_write, 2, death, sizeof death - 1) < 0)
        return;
    backtrace_symbols_fd(frames, backtrace(frames, 32), 2);
}

/* The handler runs once and returns into the same death by the default action. */
static void catch_death(void)
{
    static char stack[1 << 16];
    static const int deaths[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGSYS};
    void *frames[2];
    backtrace(frames, 2); /* its library is loaded now, not when memory is short */
    sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL);
    struct sigaction a = {.sa_handler = on_death, .sa_flags = (int)(SA_RESETHAND | SA_ONSTACK)};
    for (size_t i = 0; i < sizeof deaths / sizeof *deaths; i++)
        sigaction(deaths[i], &a, NULL);
}

static bool is_due(enum order order)
{
    return left[order] > 0 && __atomic_sub_fetch(&left[order], 1, __ATOMIC_SEQ_CST) == 0;
}

/* ---- memory ---- */

static bool must_fail(size_t n)
{
    bool is_large = left[LARGE] > 0 && n >= (size_t)left[LARGE];
    if (!is_large && !is_due(MALLOC))
        return false;
    left[LARGE] = 0;
    say_hit("allocation");
    errno = ENOMEM;
    return true;
}

void *malloc(size_t n)
{
    return must_fail(n) ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
    return must_fail(n * size) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
    return must_fail(n) ? NULL : __libc_realloc(p, n);
}

/* ---- system calls ---- */

/* error: what this call answers when something is used up or gone; may_eintr: POSIX lets a signal interrupt it. A connection said to be lost is. */
static bool call_fails(const char *name, int fd, int error, bool may_eintr)
{
    bool is_interrupted = may_eintr && is_due(EINTR_ONCE);
    if (!is_interrupted && !is_due(CALL))
        return false;
    say_hit(name);
    if (!is_interrupted && fd > 2 && (error == ECONNRESET || error == EPIPE))
        syscall(SYS_shutdown, fd, SHUT_RDWR);
    errno = is_interrupted ? EINTR : error;
    return true;
}

static size_t call_moves(const char *name, size_t n)
{
    if (n < 2 || !is_due(SHORT))
        return n;
    say_hit(name);
    return 1;
}

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) \
        *(void **)&real = dlsym(RTLD_NEXT, #name)

/* The calls of libevent, libpq, OpenSSL and the program itself: parameters, then how they are passed on, then the error and whether EINTR may come. */
#define FAILING(type, name, parameters, passed, fd, error, may_eintr) \
    type name parameters \
    { \
        REAL(name); \
        return call_fails(#name, fd, error, may_eintr) ? (type)-1 : real passed; \
    }
/* Those that move n bytes, which may be fewer than asked for. */
#define MOVING(name, parameters, passed, error) \
    ssize_t name parameters \
    { \
        REAL(name); \
        if (call_fails(#name, fd, error, true)) \
            return -1; \
        n = call_moves(#name, n); \
        return real passed; \
    }

MOVING(read, (int fd, void *p, size_t n), (fd, p, n), ECONNRESET)
MOVING(write, (int fd, const void *p, size_t n), (fd, p, n), EPIPE)
MOVING(recv, (int fd, void *p, size_t n, int flags), (fd, p, n, flags), ECONNRESET)
FAILING(ssize_t, readv, (int fd, const struct iovec *v, int n), (fd, v, n), fd, ECONNRESET, true)
FAILING(int, accept4, (int fd, struct sockaddr *a, socklen_t *n, int flags), (fd, a, n, flags), fd, EMFILE, true)
FAILING(int, socket, (int family, int type, int protocol), (family, type, protocol), -1, EMFILE, false)
FAILING(int, connect, (int fd, const struct sockaddr *a, socklen_t n), (fd, a, n), fd, ECONNREFUSED, true)
FAILING(int, setsockopt, (int fd, int level, int name, const void *p, socklen_t n), (fd, level, name, p, n), fd, ENOBUFS, false)
FAILING(int, getsockopt, (int fd, int level, int name, void *p, socklen_t *n), (fd, level, name, p, n), fd, ENOBUFS, false)
FAILING(int, getsockname, (int fd, struct sockaddr *a, socklen_t *n), (fd, a, n), fd, ENOBUFS, false)
FAILING(int, shutdown, (int fd, int how), (fd, how), fd, ENOTCONN, false)
FAILING(int, poll, (struct pollfd *p, nfds_t n, int ms), (p, n, ms), -1, ENOMEM, true)
FAILING(int, epoll_ctl, (int fd, int what, int of, struct epoll_event *e), (fd, what, of, e), fd, ENOSPC, false)
FAILING(int, mkostemp, (char *name, int flags), (name, flags), -1, EMFILE, false)
FAILING(int, unlink, (const char *name), (name), -1, EIO, false)
FAILING(void *, mmap, (void *at, size_t n, int prot, int flags, int fd, off_t from), (at, n, prot, flags, fd, from), fd, ENOMEM, false)

/* Waiting fails by a signal alone. */
int epoll_wait(int fd, struct epoll_event *events, int n, int ms)
{
    REAL(epoll_wait);
    return call_fails("epoll_wait", -1, EINTR, true) ? -1 : real(fd, events, n, ms);
}

int open(const char *name, int flags, ...)
{
    REAL(open);
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
    va_end(more);
    return call_fails("open", -1, EMFILE, true) ? -1 : real(name, flags, mode);
}

/* Of several pieces only the first byte of the first. */
static ssize_t move_pieces(int fd, const struct iovec *v, size_t n, ssize_t (*all)(int, const struct iovec *, int))
{
    if (n && call_moves("writev", v->iov_len) == 1 && v->iov_len > 1)
        return syscall(SYS_write, fd, v->iov_base, 1);
    return all(fd, v, (int)n);
}

ssize_t writev(int fd, const struct iovec *v, int n)
{
    REAL(writev);
    return call_fails("writev", fd, EPIPE, true) ? -1 : move_pieces(fd, v, (size_t)n, real);
}

ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
    REAL(sendmsg);
    if (call_fails("sendmsg", fd, EPIPE, true))
        return -1;
    if (m->msg_iovlen && m->msg_iov->iov_len > 1 && call_moves("sendmsg", m->msg_iov->iov_len) == 1)
        return syscall(SYS_sendto, fd, m->msg_iov->iov_base, 1, flags, NULL, 0);
    return real(fd, m, flags);
}

static void end_here(const char *when, enum order order)
{
    say_hit(when);
    kill(getpid(), order == STOP ? SIGSTOP : SIGKILL);
}

/* libpq sends with send(2): dying before it, the database never sees the message; dying after it, the answer is never seen. */
ssize_t send(int fd, const void *p, size_t n, int flags)
{
    REAL(send);
    if (call_fails("send", fd, EPIPE, true))
        return -1;
    n = call_moves("send", n);
    enum order order = left[STOP] > 0 ? STOP : SEND;
    bool before = is_due(order);
    if (before)
        end_here("before", order);
    ssize_t sent = real(fd, p, n, flags);
    if (!before && is_due(order))
        end_here("after", order);
    return sent;
}

/* ---- orders ---- */

static void arm(int number)
{
    (void)number;
    char text[64] = "";
    int error = errno;
    long fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY);
    if (fd < 0)
        return;
    long n = syscall(SYS_read, fd, text, sizeof text - 1);
    syscall(SYS_close, fd);
    for (int order = NOTHING; n > 0 && order < ORDERS; order++) {
        size_t name = strlen(order_names[order]);
        left[order] = 0;
        for (const char *p = strncmp(text, order_names[order], name) == 0 ? text + name : ""; *p >= '0' && *p <= '9'; p++)
            left[order] = left[order] * 10 + (*p - '0');
    }
    errno = error;
}

__attribute__((constructor)) static void begin(void)
{
    const char *name = getenv("FAULT_FILE");
    if (!name || strlen(name) >= sizeof path)
        return;
    strcpy(path, name);
    struct sigaction a = {.sa_handler = arm, .sa_flags = SA_RESTART};
    sigaction(SIGVTALRM, &a, NULL);
    catch_death();
    if (getenv("FAULT_NOW"))
        arm(0);
}
