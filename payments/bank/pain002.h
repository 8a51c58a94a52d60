/*
 * The bank's answer to a payment file (pain.002, every version) read as a stream: what became of the whole file, of each batch, of each payment.
 * Nothing is owned; the caller's buffer gets one JSON object: {"format", "answers": [{"level": "group|batch|payment", "id", "instruction_id", "status",
 * "code", "info"}]} in the order of the file, absent texts null. Fails with a reason, the buffer unchanged, on anything that is not such an answer,
 * has an answer without reference or status, or more than 200,000 of them.
 */
#ifndef PAYMENTS_BANK_PAIN002_H
#define PAYMENTS_BANK_PAIN002_H

#include "daemon/base/err.h"
#include "daemon/base/text.h"

bool pain002_read_json(struct str in, struct buf *out, struct err *e);

/* A file that a bank gave: an answer, on one line, when its first bytes say pain.002, else the lines of its statements. Fits the jail. */
bool bank_file_read_lines(struct str in, struct buf *out, struct err *e);

#endif
