/*
 * Files that arrived: taken from where the worker stored them, parsed in the jail, and applied by one idempotent SQL function each.
 * Everything lives in the caller's arena. A file that cannot be read is 'refused' with a reason for its sender; only trouble of our own is a failure.
 */
#ifndef DAEMON_JOBS_FILE_H
#define DAEMON_JOBS_FILE_H

#include "daemon/base/err.h"
#include "daemon/db/db.h"

struct arena;
struct sql_outbox_claim_row;

/* The handler of topic "file": payload {"ref": …}. */
bool jobs_file_read(struct db_session *s, struct arena *a, const struct sql_outbox_claim_row *m, struct err *e);

#endif
