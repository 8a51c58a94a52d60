/*
 * Counters of all processes in one shared page, printed in Prometheus' text format 0.0.4.
 * The supervisor makes the page before it forks and owns it; every worker writes its own slot only. Nothing fails after metrics_create.
 */
#ifndef DAEMON_METRICS_H
#define DAEMON_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/base/text.h"

enum { METRICS_WORKERS = 64 };

struct metrics_slot {
    bool is_ready;
    uint64_t accepted, requests, refused, timeouts, answers[6], microseconds, kept;
    uint64_t db_units, db_failed, db_retried, db_busy, db_expired, db_unknown, db_reconnects;
    uint64_t open, db_waiting, db_in_flight, db_connections;
};

struct metrics {
    uint64_t restarts, started_at;
    uint64_t outbox_waiting, outbox_parked, outbox_done, sealed, log_findings, jobs_failed;
    struct metrics_slot workers[METRICS_WORKERS];
};

/* Shared between parent and children; NULL when memory is short. */
struct metrics *metrics_create(void);
void metrics_write(const struct metrics *m, struct buf *out);

#endif
