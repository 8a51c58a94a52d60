/*
 * Foreign bytes (XML, CSV, bank files) are turned into our own rows by a short-lived child with no files, no network and little time.
 * jail_run forks, limits and seccomp-filters the child, runs fn on the bytes there, and copies what fn wrote back; jail_run_to hands it on instead, piece by
 * piece, and never holds the whole. Call them from the jobs process or the command line only, never on an event loop. A child that is killed, times out or
 * writes too much is a refusal with a reason, not a fault; what the system would not give us (a process, a pipe, a whole answer) is no fault of the file,
 * which is read again later.
 */
#ifndef DAEMON_JAIL_JAIL_H
#define DAEMON_JAIL_JAIL_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/base/err.h"
#include "daemon/base/text.h"

struct jail_limits {
    unsigned cpu_seconds, wall_seconds;
    size_t memory; /* bytes of address space beyond what the parent has mapped */
    size_t output; /* bytes that fn may write */
};

extern const struct jail_limits jail_limits_document;  /* 5 s, 20 s, 512 MiB, 64 MiB: an invoice, a CSV */
extern const struct jail_limits jail_limits_statement; /* 120 s, 300 s, 256 MiB, 128 MiB: about 300,000 lines, as much as fits the child's memory */

/* Runs in the child: reads `in`, appends its rows (JSON lines by convention) to `out`. False with a reason refuses the file. */
typedef bool jail_fn(struct str in, struct buf *out, struct err *e);

enum jail_outcome { JAIL_READ, JAIL_REFUSED, JAIL_FAILED };

/* Takes the next bytes of what fn wrote, cut anywhere; they are gone when it returns. False, with a reason, ends the child. */
typedef bool jail_sink(void *self, struct str piece, struct err *e);

/* Appends the child's output to *out; else *out is unchanged and *e has the reason (fn's own, or "took too long", "needed too much memory", or what the
 * system said). */
enum jail_outcome jail_run(jail_fn *fn, struct str in, const struct jail_limits *limits, struct buf *out, struct err *e);

/* The same with a sink, which gets nothing before fn is done and nothing of a refusal. What it got counts only once this returns JAIL_READ: a child may
 * end in the middle of what it has to say. A sink that says no makes it JAIL_FAILED with the sink's reason. The sink's time is not the child's. */
enum jail_outcome jail_run_to(jail_fn *fn, struct str in, const struct jail_limits *limits, jail_sink *sink, void *self, struct err *e);

#endif
