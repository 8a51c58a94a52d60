#include "daemon/base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static enum log_level log_level = LOG_INFO;
static char log_process[32];

void log_set_level(enum log_level level)
{
    log_level = level;
}

void log_set_process(const char *name)
{
    snprintf(log_process, sizeof log_process, " %s", name);
}

/* Copies text with control characters made visible; returns the bytes written, at most out_n - 1. */
static size_t log_escape(char *out, size_t out_n, const char *text)
{
    size_t o = 0;
    for (const unsigned char *p = (const unsigned char *)text; *p && o + 5 < out_n; p++) {
        if (*p < 0x20 || *p == 0x7F)
            o += (size_t)snprintf(out + o, out_n - o, "\\x%02x", *p);
        else
            out[o++] = (char)*p;
    }
    out[o] = '\0';
    return o;
}

void log_event(enum log_level level, const char *event, const char *fmt, ...)
{
    static const char *const names[] = {"error", "warn", "info", "debug"};
    if (level > log_level)
        return;
    char pairs[2048], safe[4096], line[4400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(pairs, sizeof pairs, fmt, ap);
    va_end(ap);
    log_escape(safe, sizeof safe, pairs);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    struct tm utc;
    gmtime_r(&now.tv_sec, &utc);
    char stamp[32];
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
    int n = snprintf(line, sizeof line, "%s%s%s%s at=%s.%03ldZ level=%s\n", event, log_process, *safe ? " " : "", safe, stamp,
                     now.tv_nsec / 1000000, names[level]);
    /* One write a line: lines of several processes never interleave. */
    if (n > 0 && write(STDERR_FILENO, line, (size_t)n) < 0)
        return;
}
