/*
 * One line on standard error that says how far a long command is: redrawn on a terminal, a plain line every ten seconds or 5 % elsewhere.
 * The struct is the caller's; nothing is allocated and nothing fails. Standard output stays clean.
 */
#ifndef CATALOGUE_IMPORT_PROGRESS_H
#define CATALOGUE_IMPORT_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum progress_mode { PROGRESS_AUTO, PROGRESS_PLAIN, PROGRESS_NEVER };

struct progress {
    const char *label;
    size_t total, done, skipped;
    enum progress_mode mode; /* AUTO became redrawing (on a terminal) or PLAIN */
    uint64_t started_ms, drawn_ms;
    size_t drawn_done;
    bool has_line;
};

void progress_start(struct progress *p, const char *label, size_t total, enum progress_mode mode);
void progress_step(struct progress *p, size_t done, size_t skipped);
/* Ends the line; the time it all took, in milliseconds. */
uint64_t progress_end(struct progress *p);

/* "12,400": for people. Returns out. */
char *progress_number(char out[32], uint64_t n);

#endif
