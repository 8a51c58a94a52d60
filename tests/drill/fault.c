/*
 * Preloaded into the server by the drills: makes the n-th allocation fail, or ends the process at its n-th message to the database.
 * FAULT_FILE names a file with the number; it is read on SIGVTALRM, so that one worker is armed while it runs, or at the start when FAULT_NOW is set.
 * What was done is written to FAULT_FILE.hit. A drill's tool: it is no part of the product and nothing links it.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);

static volatile long allocations_left, messages_left;
static char path[512];

static void say_hit(const char *what)
{
    char hit[520];
    size_t n = strlen(path);
    memcpy(hit, path, n);
    memcpy(hit + n, ".hit", 5);
    int fd = open(hit, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (fd >= 0 && write(fd, what, strlen(what)) < 0)
        _exit(99);
    close(fd);
}

static bool is_due(volatile long *left)
{
    if (*left <= 0)
        return false;
    return __atomic_sub_fetch(left, 1, __ATOMIC_SEQ_CST) == 0;
}

static bool must_fail(void)
{
    if (!is_due(&allocations_left))
        return false;
    say_hit("allocation\n");
    errno = ENOMEM;
    return true;
}

void *malloc(size_t n)
{
    return must_fail() ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
    return must_fail() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
    return must_fail() ? NULL : __libc_realloc(p, n);
}

/* libpq sends with send(2): dying before it, the database never sees the message; dying after it, the answer is never seen. */
ssize_t send(int fd, const void *bytes, size_t n, int flags)
{
    static ssize_t (*real)(int, const void *, size_t, int);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "send");
    bool before = is_due(&messages_left);
    ssize_t sent = before ? 0 : real(fd, bytes, n, flags);
    if (before || is_due(&messages_left)) {
        say_hit(before ? "before\n" : "after\n");
        kill(getpid(), SIGKILL);
    }
    return sent;
}

/* The file: `malloc N` or `send N`; each send counts twice, before and after. */
static void arm(int number)
{
    (void)number;
    char text[64] = "";
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    long value = 0;
    for (const char *p = n > 0 ? strchr(text, ' ') : NULL; p && p[1] >= '0' && p[1] <= '9'; p++)
        value = value * 10 + (p[1] - '0');
    if (text[0] == 'm')
        allocations_left = value;
    else
        messages_left = value;
}

__attribute__((constructor)) static void begin(void)
{
    const char *name = getenv("FAULT_FILE");
    if (!name || strlen(name) >= sizeof path)
        return;
    strcpy(path, name);
    signal(SIGVTALRM, arm);
    if (getenv("FAULT_NOW"))
        arm(0);
}
