/*
 * One event loop: the HTTP server, the database pool, the helper threads. Forked by the supervisor; ends with an exit code.
 * It owns nothing but its own loop: listening sockets, configuration and the metrics page are the supervisor's.
 */
#ifndef DAEMON_WORKER_H
#define DAEMON_WORKER_H

#include "daemon/base/conf.h"
#include "daemon/base/text.h"
#include "daemon/metrics.h"

struct modulus_table;

struct worker_start {
    const struct conf *conf;
    struct str secret;
    const struct modulus_table *modulus; /* NULL: account numbers are not checked */
    int listen_fd, metrics_fd; /* metrics_fd -1: none */
    int ready_fd;              /* one byte, the number, is written when the first request could be served */
    unsigned char number;
    struct metrics *metrics;
};

int worker_run(const struct worker_start *start);

#endif
