#include "daemon/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/conf.h"
#include "daemon/base/id.h"
#include "daemon/base/log.h"
#include "daemon/http/http.h"
#include "daemon/jobs.h"
#include "daemon/modulus_files.h"
#include "daemon/worker.h"

/* LISTENING,METRICS,PID of who hands its sockets over. */
#define SOCKETS_VARIABLE "MARKETCROSS_SOCKETS"

enum { CHILDREN_MAX = METRICS_WORKERS + 1, STOP_SECONDS = 35, SECRET_MIN = 32, SECRET_MAX = 4096, SETTINGS_MAX = 64 };

/* A child is a worker or the jobs process; its slot keeps the number over restarts. */
struct child {
    pid_t pid;
    bool is_jobs, was_ready; /* was_ready: it could serve since its last start */
    unsigned char number;
    unsigned crashes; /* in a row, before it was ready */
    int64_t restart_at_ms; /* 0: running or not wanted */
};

struct supervisor {
    struct arena *arena;
    const struct conf *conf;
    const char *conf_path;
    const char **set;
    size_t set_n;
    struct str secret;
    const struct modulus_table *modulus;
    int listen_fd, metrics_fd, ready_fds[2];
    char **argv;             /* as main got them: a successor is started with the same */
    pid_t predecessor;       /* whose sockets were taken over; told to end when this one is ready */
    struct metrics *metrics;
    struct child children[CHILDREN_MAX];
    unsigned children_n;
    bool is_stopping, is_announced;
    int64_t stop_deadline_ms;
    sigset_t heard; /* the signals that got through before: those caught reach this process only while it waits */
    uid_t uid;
    gid_t gid;
    bool drops_rights;
};

static volatile sig_atomic_t got_term, got_hup, got_child, got_successor;

static void on_signal(int number)
{
    if (number == SIGHUP)
        got_hup = 1;
    else if (number == SIGCHLD)
        got_child = 1;
    else if (number == SIGUSR2)
        got_successor = 1;
    else
        got_term = 1;
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- what is read before rights are dropped ---- */

static bool read_secret(struct supervisor *s, struct err *e)
{
    char *bytes = arena_alloc(s->arena, SECRET_MAX);
    size_t n = SECRET_MIN;
    if (text_is_empty(s->conf->secret_file)) {
        id_random(bytes, n);
    } else {
        FILE *f = fopen(s->conf->secret_file, "re");
        if (!f)
            return err_set(e, "secret_file %s: %s", s->conf->secret_file, strerror(errno));
        n = fread(bytes, 1, SECRET_MAX, f);
        fclose(f);
        if (n < SECRET_MIN)
            return err_set(e, "secret_file %s: needs at least %d bytes", s->conf->secret_file, SECRET_MIN);
    }
    s->secret = (struct str){bytes, n};
    return true;
}

/* Root's children become the configured user, or the owner of the spool folder; nobody else has rights to drop. */
static bool find_user(struct supervisor *s, struct err *e)
{
    if (geteuid() != 0)
        return true;
    struct stat st;
    if (!text_is_empty(s->conf->user)) {
        const struct passwd *p = getpwnam(s->conf->user);
        if (!p)
            return err_set(e, "user %s does not exist", s->conf->user);
        s->uid = p->pw_uid;
        s->gid = p->pw_gid;
    } else if (stat(s->conf->spool_dir, &st) == 0) {
        s->uid = st.st_uid;
        s->gid = st.st_gid;
    }
    s->drops_rights = s->uid != 0;
    return true;
}

/* A release: the sockets of the program before, which lives until this one is ready. Only its own child is believed. */
static bool take_sockets(struct supervisor *s)
{
    const char *given = getenv(SOCKETS_VARIABLE);
    int listen_fd, metrics_fd, pid;
    if (!given || sscanf(given, "%d,%d,%d", &listen_fd, &metrics_fd, &pid) != 3 || getppid() != pid || !http_listen_port(listen_fd))
        return false;
    unsetenv(SOCKETS_VARIABLE);
    s->listen_fd = listen_fd;
    s->metrics_fd = metrics_fd;
    s->predecessor = pid;
    fcntl(listen_fd, F_SETFD, FD_CLOEXEC);
    if (metrics_fd >= 0)
        fcntl(metrics_fd, F_SETFD, FD_CLOEXEC);
    return true;
}

static bool bind_sockets(struct supervisor *s, struct err *e)
{
    s->listen_fd = http_listen(s->conf->listen_address, (uint16_t)s->conf->port, e);
    if (s->listen_fd < 0)
        return false;
    s->metrics_fd = -1;
    if (s->conf->metrics_port)
        s->metrics_fd = http_listen("127.0.0.1", (uint16_t)s->conf->metrics_port, e);
    return !s->conf->metrics_port || s->metrics_fd >= 0;
}

static bool open_sockets(struct supervisor *s, struct err *e)
{
    if (!take_sockets(s) && !bind_sockets(s, e))
        return false;
    if (pipe2(s->ready_fds, O_CLOEXEC | O_NONBLOCK) != 0)
        return err_set(e, "pipe: %s", strerror(errno));
    s->metrics = metrics_create();
    return s->metrics || err_set(e, "no memory for metrics");
}

/* ---- children ---- */

static void drop_rights(const struct supervisor *s)
{
    if (s->drops_rights && (setgroups(0, NULL) != 0 || setresgid(s->gid, s->gid, s->gid) != 0 || setresuid(s->uid, s->uid, s->uid) != 0)) {
        log_event(LOG_ERROR, "supervise.rights_not_dropped", "errno=%d", errno);
        _exit(EX_OSERR);
    }
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static _Noreturn void run_child(struct supervisor *s, const struct child *c, pid_t parent)
{
    static char name[32];
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_IGN); /* Ctrl-C reaches the whole group: only the supervisor decides */
    signal(SIGHUP, SIG_DFL);
    signal(SIGUSR2, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
    sigprocmask(SIG_SETMASK, &s->heard, NULL);
    snprintf(name, sizeof name, c->is_jobs ? "process=jobs" : "worker=%u", c->number + 1);
    log_set_process(name);
    close(s->ready_fds[0]);
    drop_rights(s);
    /* When the supervisor dies, so do its children. Asked for last: who changes their user is forgotten by it. */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(0);
    int code;
    if (c->is_jobs) {
        close(s->listen_fd);
        code = jobs_run(&(struct jobs_start){.conf = s->conf, .metrics = s->metrics, .ready_fd = s->ready_fds[1], .number = c->number});
    } else {
        code = worker_run(&(struct worker_start){.conf = s->conf,
                                                 .secret = s->secret,
                                                 .modulus = s->modulus,
                                                 .listen_fd = s->listen_fd,
                                                 .metrics_fd = s->metrics_fd,
                                                 .ready_fd = s->ready_fds[1],
                                                 .number = c->number,
                                                 .metrics = s->metrics});
    }
    exit(code);
}

static void start_child(struct supervisor *s, struct child *c)
{
    pid_t parent = getpid();
    c->restart_at_ms = 0;
    c->was_ready = false;
    c->pid = fork();
    if (c->pid == 0)
        run_child(s, c, parent);
    if (c->pid < 0) {
        c->pid = 0;
        c->restart_at_ms = now_ms() + 1000;
        log_event(LOG_ERROR, "supervise.fork_failed", "errno=%d", errno);
    }
}

/* One that could serve is replaced at once, however often it ends, and so is one that ended once before it could: that may be chance. From the second
 * time on it waits longer each time, at most 30 s. */
static void plan_restart(struct supervisor *s, struct child *c)
{
    c->crashes = c->was_ready ? 0 : c->crashes + 1;
    int64_t wait = c->crashes < 2 ? 0 : c->crashes > 8 ? 30000 : 100 << c->crashes;
    c->restart_at_ms = now_ms() + wait;
    s->metrics->restarts++;
}

/* Each child that became ready has written its number. */
static void note_ready(struct supervisor *s)
{
    unsigned char numbers[CHILDREN_MAX];
    ssize_t n = read(s->ready_fds[0], numbers, sizeof numbers);
    for (ssize_t i = 0; i < n; i++)
        if (numbers[i] < s->children_n)
            s->children[numbers[i]].was_ready = true;
}

static void reap(struct supervisor *s)
{
    int status;
    note_ready(s); /* what it wrote before it ended */
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        for (unsigned i = 0; i < s->children_n; i++) {
            struct child *c = &s->children[i];
            if (c->pid != pid)
                continue;
            c->pid = 0;
            bool is_fine = WIFEXITED(status) && WEXITSTATUS(status) == 0;
            if (s->is_stopping)
                break;
            log_event(is_fine ? LOG_INFO : LOG_ERROR, "supervise.child_ended", "child=%s%u pid=%d exit=%d signal=%d", c->is_jobs ? "jobs" : "worker",
                      c->number + 1, (int)pid, WIFEXITED(status) ? WEXITSTATUS(status) : -1, WIFSIGNALED(status) ? WTERMSIG(status) : 0);
            if (WIFEXITED(status) && WEXITSTATUS(status) == EX_CONFIG && !s->is_announced)
                got_term = 1; /* it would fail for ever: stop and let the operator see the reason */
            else
                plan_restart(s, c);
        }
    }
}

static void signal_children(const struct supervisor *s, int number)
{
    for (unsigned i = 0; i < s->children_n; i++)
        if (s->children[i].pid > 0)
            kill(s->children[i].pid, number);
}

static unsigned living(const struct supervisor *s)
{
    unsigned n = 0;
    for (unsigned i = 0; i < s->children_n; i++)
        n += s->children[i].pid > 0;
    return n;
}

/* ---- the loop ---- */

static void announce(struct supervisor *s)
{
    for (unsigned i = 0; i < s->children_n; i++)
        if (!s->children[i].was_ready)
            return;
    s->is_announced = true;
    printf("Market Cross is ready at http%s://localhost:%u\n", text_is_empty(s->conf->tls_certificate) ? "" : "s",
           http_listen_port(s->listen_fd));
    fflush(stdout);
    if (s->predecessor && getppid() == s->predecessor)
        kill(s->predecessor, SIGTERM);
}

/* Starts the program anew, as it now lies on the disk, on the same sockets: requests wait in them and none is refused. This one goes on serving until
 * its successor is ready and says so with SIGTERM; if the successor fails, nothing has changed. */
static void start_successor(struct supervisor *s)
{
    char path[PATH_MAX], sockets[64];
    got_successor = 0;
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n < 0 || s->is_stopping)
        return;
    path[n] = '\0';
    /* A program that was replaced on the disk is called "… (deleted)". */
    char *gone = strstr(path, " (deleted)");
    if (gone)
        *gone = '\0';
    snprintf(sockets, sizeof sockets, "%d,%d,%d", s->listen_fd, s->metrics_fd, (int)getpid());
    pid_t pid = fork();
    if (pid == 0) {
        sigprocmask(SIG_SETMASK, &s->heard, NULL);
        fcntl(s->listen_fd, F_SETFD, 0);
        if (s->metrics_fd >= 0)
            fcntl(s->metrics_fd, F_SETFD, 0);
        setenv(SOCKETS_VARIABLE, sockets, 1);
        execv(path, s->argv);
        _exit(EX_OSERR);
    }
    log_event(pid < 0 ? LOG_ERROR : LOG_INFO, "supervise.successor", "pid=%d program=%s", (int)pid, path);
}

static void begin_stop(struct supervisor *s)
{
    got_term = 0;
    if (s->is_stopping)
        return;
    s->is_stopping = true;
    s->stop_deadline_ms = now_ms() + STOP_SECONDS * 1000;
    signal_children(s, SIGTERM);
}

/* New workers get the new configuration; those running finish what they have. A bad file changes nothing. */
static void reload(struct supervisor *s)
{
    got_hup = 0;
    const struct conf *fresh = conf_load(s->arena, s->conf_path, s->set, s->set_n, stderr);
    if (!fresh) {
        log_event(LOG_ERROR, "supervise.reload_refused", "file=%s", s->conf_path ? s->conf_path : "-");
        return;
    }
    s->conf = fresh;
    signal_children(s, SIGHUP);
    log_event(LOG_INFO, "supervise.reloaded", "file=%s", s->conf_path ? s->conf_path : "-");
}

static void start_due(struct supervisor *s)
{
    for (unsigned i = 0; i < s->children_n && !s->is_stopping; i++)
        if (!s->children[i].pid && s->children[i].restart_at_ms && s->children[i].restart_at_ms <= now_ms())
            start_child(s, &s->children[i]);
}

/* When there is something to do without being told; 0: never. */
static int64_t next_due_ms(const struct supervisor *s)
{
    int64_t next = s->is_stopping ? s->stop_deadline_ms : 0;
    for (unsigned i = 0; i < s->children_n && !s->is_stopping; i++) {
        int64_t at = s->children[i].pid ? 0 : s->children[i].restart_at_ms;
        if (at && (!next || at < next))
            next = at;
    }
    return next;
}

/* Waits for a child that became ready, a signal, or the time of what is due. No signal can come between looking and waiting. */
static void await(struct supervisor *s)
{
    struct pollfd p = {.fd = s->ready_fds[0], .events = POLLIN};
    int64_t due = next_due_ms(s), now = now_ms(), left = due > now ? due - now : 0;
    struct timespec t = {.tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000};
    if (ppoll(&p, 1, due ? &t : NULL, &s->heard) > 0)
        note_ready(s);
}

static void supervise(struct supervisor *s)
{
    for (;;) {
        await(s);
        if (!s->is_announced)
            announce(s);
        if (got_child) {
            got_child = 0;
            reap(s);
        }
        if (got_hup)
            reload(s);
        if (got_successor)
            start_successor(s);
        if (got_term)
            begin_stop(s);
        start_due(s);
        if (s->is_stopping && living(s) == 0)
            return;
        if (s->is_stopping && now_ms() > s->stop_deadline_ms) {
            signal_children(s, SIGKILL);
            s->stop_deadline_ms = now_ms() + 1000;
        }
    }
}

static void catch_signals(struct supervisor *s)
{
    static const int caught[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR2, SIGCHLD};
    struct sigaction a = {.sa_handler = on_signal};
    sigset_t held;
    sigemptyset(&a.sa_mask);
    sigemptyset(&held);
    for (size_t i = 0; i < sizeof caught / sizeof *caught; i++) {
        sigaction(caught[i], &a, NULL);
        sigaddset(&held, caught[i]);
    }
    sigprocmask(SIG_BLOCK, &held, &s->heard);
    signal(SIGPIPE, SIG_IGN);
}

static enum log_level level_of(const char *name)
{
    return strcmp(name, "error") == 0 ? LOG_ERROR : strcmp(name, "warn") == 0 ? LOG_WARN : strcmp(name, "debug") == 0 ? LOG_DEBUG : LOG_INFO;
}

/* serve, -n and config share their arguments: an optional FILE and any number of --set KEY=VALUE. */
static bool read_arguments(struct supervisor *s, int argc, char **argv)
{
    s->set = arena_array(s->arena, SETTINGS_MAX, sizeof *s->set);
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--set") == 0 && i + 1 < argc && s->set_n < SETTINGS_MAX)
            s->set[s->set_n++] = argv[++i];
        else if (argv[i][0] != '-' && !s->conf_path)
            s->conf_path = argv[i];
        else
            return false;
    }
    return true;
}

int serve_command(int argc, char **argv)
{
    struct supervisor s = {.arena = arena_create(0)};
    struct err e = {""};
    int code = EX_CONFIG;
    if (!read_arguments(&s, argc, argv)) {
        fputs("Usage: marketcross serve [FILE] [--set KEY=VALUE]...\n", stderr);
        code = EX_USAGE;
    } else if ((s.conf = conf_load(s.arena, s.conf_path, s.set, s.set_n, stderr)) != NULL) {
        log_set_level(level_of(s.conf->log_level));
        if (!read_secret(&s, &e) || !modulus_files_load(s.arena, s.conf, &s.modulus, &e) || !find_user(&s, &e) || !open_sockets(&s, &e)) {
            fprintf(stderr, "marketcross: %s\n", e.text);
        } else {
            catch_signals(&s);
            s.argv = argv - 1; /* commands.c passes main's arguments on from the second */
            s.children_n = (unsigned)s.conf->workers + 1;
            for (unsigned i = 0; i < s.children_n; i++) {
                s.children[i] = (struct child){.is_jobs = i == s.children_n - 1, .number = (unsigned char)i};
                start_child(&s, &s.children[i]);
            }
            supervise(&s);
            code = 0;
        }
    }
    arena_destroy(&s.arena);
    return code;
}

int check_command(int argc, char **argv)
{
    struct supervisor s = {.arena = arena_create(0)};
    struct err e = {""};
    bool ok = read_arguments(&s, argc, argv) && (s.conf = conf_load(s.arena, s.conf_path, s.set, s.set_n, stderr)) != NULL;
    if (ok && !modulus_files_load(s.arena, s.conf, &s.modulus, &e)) {
        fprintf(stderr, "marketcross: %s\n", e.text);
        ok = false;
    }
    if (ok)
        puts("The configuration is fine.");
    arena_destroy(&s.arena);
    return ok ? 0 : EX_CONFIG;
}

int config_command(int argc, char **argv)
{
    struct supervisor s = {.arena = arena_create(0)};
    int code = 0;
    if (argc == 2 && strcmp(argv[1], "sample") == 0) {
        conf_print_sample(stdout);
    } else if (argc >= 2 && strcmp(argv[1], "print") == 0 && read_arguments(&s, argc - 1, argv + 1)) {
        const struct conf *c = conf_load(s.arena, s.conf_path, s.set, s.set_n, stderr);
        if (c)
            conf_print(c, stdout);
        code = c ? 0 : EX_CONFIG;
    } else {
        fputs("Usage: marketcross config print [FILE] [--set KEY=VALUE]... | marketcross config sample\n", stderr);
        code = EX_USAGE;
    }
    arena_destroy(&s.arena);
    return code;
}
