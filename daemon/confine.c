#include "daemon/confine.h"

#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <seccomp.h>

#if defined __SANITIZE_ADDRESS__ || defined MC_UNCONFINED
/* The sanitizers look for leaks from a process of their own when they end, and valgrind writes the code that it runs. */
bool confine_worker(struct err *e)
{
    (void)e;
    return true;
}
#else

static const char *const allowed_calls[] = {
    /* bytes in and out */
    "read", "readv", "pread64", "write", "writev", "pwrite64", "close", "lseek", "sendfile", "ioctl", "fcntl",
    /* spool files, certificates, and what the resolver and libpq read */
    "open", "openat", "access", "faccessat", "faccessat2", "readlink", "readlinkat", "getcwd", "stat", "lstat", "fstat", "newfstatat", "statx", "ftruncate",
    "fadvise64", "unlink", "unlinkat", "umask",
    /* sockets; new ones only of the families below */
    "connect", "accept4", "getsockname", "getpeername", "getsockopt", "setsockopt", "sendto", "sendmsg", "sendmmsg", "recvfrom", "recvmsg", "recvmmsg",
    "shutdown",
    /* the event loop */
    "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "epoll_pwait2", "eventfd2", "pipe2", "timerfd_create", "timerfd_settime", "poll", "ppoll",
    "select", "pselect6",
    /* memory; mmap and mprotect stand below */
    "brk", "munmap", "mremap", "madvise",
    /* signals, clocks, threads, and ending */
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "futex", "set_robust_list", "rseq", "sched_yield", "sched_getaffinity", "nanosleep",
    "clock_nanosleep", "clock_gettime", "clock_getres", "gettimeofday", "time", "getrandom", "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid",
    "getegid", "uname", "sysinfo", "prlimit64", "getrlimit", "getrusage", "restart_syscall", "tgkill", "exit", "exit_group"};

/* What serving never does, and an attacker does first: the worker ends, and the supervisor says so in its log. */
static const char *const deadly_calls[] = {"execve", "execveat", "fork", "vfork", "clone", "clone3", "ptrace", "process_vm_readv", "process_vm_writev",
                                           "memfd_create", "mount", "bpf", "init_module", "finit_module", "kexec_load", "userfaultfd"};

static bool add_calls(scmp_filter_ctx filter, uint32_t action, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int call = seccomp_syscall_resolve_name(names[i]);
        /* A name may be unknown to an older library, and a call absent from this processor. */
        if (call != __NR_SCMP_ERROR && seccomp_rule_add(filter, action, call, 0) != 0)
            return false;
    }
    return true;
}

static bool add_families(scmp_filter_ctx filter)
{
    static const int families[] = {AF_UNIX, AF_INET, AF_INET6};
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[i], 0)) != 0)
            return false;
    return true;
}

/* Memory yes, but never executable. */
static bool add_memory(scmp_filter_ctx filter)
{
    static const int calls[] = {SCMP_SYS(mmap), SCMP_SYS(mprotect)};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) != 0)
            return false;
    return true;
}

bool confine_worker(struct err *e)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    /* The helper threads exist already, so the filter must reach them too. */
    bool ok = filter && seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
              add_calls(filter, SCMP_ACT_ALLOW, allowed_calls, sizeof allowed_calls / sizeof *allowed_calls) &&
              add_calls(filter, SCMP_ACT_KILL_PROCESS, deadly_calls, sizeof deadly_calls / sizeof *deadly_calls) && add_families(filter) &&
              add_memory(filter) && seccomp_load(filter) == 0;
    if (filter)
        seccomp_release(filter);
    return ok || err_set(e, "this kernel does not let a worker be confined (seccomp)");
}
#endif
