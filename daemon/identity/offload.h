/*
 * A bounded pool of helper threads for slow or secret work (password hashing), so that the event loop never waits.
 * The caller's state must stay valid until done() ran, on the loop. A full queue is said at once, before anything is started.
 */
#ifndef DAEMON_IDENTITY_OFFLOAD_H
#define DAEMON_IDENTITY_OFFLOAD_H

#include <stdbool.h>

#include "daemon/base/err.h"

struct event_base;
struct offload;

typedef void offload_work_fn(void *state);

/* threads: 1 to 16; queue: jobs waiting at most. */
struct offload *offload_create(struct event_base *loop, unsigned threads, unsigned queue, struct err *e);
/* Runs work(state) on a thread, then done(state) on the loop; false when the queue is full. */
bool offload_submit(struct offload *o, offload_work_fn *work, offload_work_fn *done, void *state);
/* Waits for running work, drops what waits. */
void offload_destroy(struct offload **o);

#endif
