/*
 * Invoices that were written here become European invoices: a UBL file, judged by the same rules as what providers send, kept with its verdict.
 * Everything lives in the arena of the message.
 * A file of ours that breaks a rule is a fault of ours: the message fails, is tried again and at last parked for a person, and the invoice stays as it is.
 */
#ifndef DAEMON_JOBS_INVOICE_H
#define DAEMON_JOBS_INVOICE_H

#include "daemon/base/err.h"
#include "daemon/db/db.h"

struct arena;
struct sql_outbox_claim_row;

/* The handler of topic "invoice_written": payload {"ref": …}. */
bool jobs_invoice_write(struct db_session *s, struct arena *a, const struct sql_outbox_claim_row *m, struct err *e);

#endif
