/*
 * The bank's answer to a payment file (pain.002, every version) read as a stream: what became of the whole file, of each batch, of each payment.
 * Nothing is owned; the caller's buffer gets one JSON object: {"format", "answers": [{"level": "group|batch|payment", "id", "instruction_id", "status",
 * "code", "info"}]} in the order of the file, absent texts null; of several reasons the first is the code, the others stand among the words of "info".
 * A payment that is named without a status has that of its batch, else of the file, with its reason; below PART it has none.
 * Fails with a reason, the buffer unchanged, on anything that is not such an answer, has an answer without reference, or more than 200,000.
 */
#ifndef PAYMENTS_BANK_PAIN002_H
#define PAYMENTS_BANK_PAIN002_H

#include "daemon/base/err.h"
#include "daemon/base/text.h"

bool pain002_read_json(struct str in, struct buf *out, struct err *e);
/* The same without the braces of the object; what a refusal left in the buffer is the caller's to drop. */
bool pain002_read_members(struct str in, struct buf *out, struct err *e);

/* Whether the beginning of a file is that of an answer. */
bool pain002_is(struct str in);
/* A file that a bank gave: an answer, on one line, or the lines of its statements. Fits the jail. */
bool bank_file_read_lines(struct str in, struct buf *out, struct err *e);

#endif
