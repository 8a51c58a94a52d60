#include "catalogue/import_progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

char *progress_number(char out[32], uint64_t n)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n), at = 0;
    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = 0;
    return out;
}

static bool is_redrawable(void)
{
    const char *term = getenv("TERM");
    return isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
}

void progress_start(struct progress *p, const char *label, size_t total, enum progress_mode mode)
{
    if (mode == PROGRESS_AUTO && !is_redrawable())
        mode = PROGRESS_PLAIN;
    *p = (struct progress){.label = label, .total = total, .mode = mode, .started_ms = now_ms()};
}

/* Asked at every drawing, so that a changed window is noticed without a signal. */
static int columns(void)
{
    struct winsize w;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col ? w.ws_col : 80;
}

static void draw(struct progress *p, uint64_t now)
{
    char done[32], total[32], rate[32], line[256], bar[21];
    uint64_t ms = now - p->started_ms, per_second = ms ? p->done * 1000 / ms : 0;
    size_t percent = p->total ? p->done * 100 / p->total : 100;
    for (size_t i = 0; i < 20; i++)
        bar[i] = i < percent / 5 ? '#' : '-';
    bar[20] = 0;
    int n = snprintf(line, sizeof line, "%s  [%s]  %zu%%  %s/%s  %s/s", p->label, bar, percent, progress_number(done, p->done), progress_number(total, p->total),
                     progress_number(rate, per_second));
    if (per_second && p->done < p->total)
        n += snprintf(line + n, sizeof line - (size_t)n, "  about %" PRIu64 "s left", (p->total - p->done) / per_second + 1);
    if (p->skipped)
        snprintf(line + n, sizeof line - (size_t)n, "  %zu skipped", p->skipped);
    if (p->mode == PROGRESS_PLAIN)
        fprintf(stderr, "%s\n", line);
    else
        fprintf(stderr, "\r%-*.*s", columns() - 1, columns() - 1, line);
    p->has_line = p->mode != PROGRESS_PLAIN;
    p->drawn_ms = now;
    p->drawn_done = p->done;
}

void progress_step(struct progress *p, size_t done, size_t skipped)
{
    p->done = done;
    p->skipped = skipped;
    uint64_t now = now_ms();
    bool is_last = done == p->total;
    bool is_due = p->mode == PROGRESS_AUTO ? now - p->drawn_ms >= 100
                                           : now - p->drawn_ms >= 10000 || (done - p->drawn_done) * 20 >= p->total;
    if (p->mode != PROGRESS_NEVER && (is_due || is_last))
        draw(p, now);
}

uint64_t progress_end(struct progress *p)
{
    if (p->has_line)
        fputc('\n', stderr);
    p->has_line = false;
    return now_ms() - p->started_ms;
}
