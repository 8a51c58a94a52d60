/*
 * One invoice as a CSV file, for providers whose software writes no XML: a heading and one row a visit or week, columns in any order.
 * The model and the rows' line numbers belong to the arena; nothing of the file is kept.
 * A file of two invoices, an unknown or missing column, a number or a day that is none are refused with the line; the rules judge the rest.
 */
#ifndef PAYMENTS_INVOICE_READ_CSV_H
#define PAYMENTS_INVOICE_READ_CSV_H

#include "daemon/base/err.h"
#include "daemon/base/text.h"
#include "payments/invoice/model.h"

struct arena;

/* Whether the first line is a heading of ours: it names the column invoice_no. */
bool invoice_is_csv(struct str bytes);

/* *ret_lines: where in the file each line of the invoice stands. NULL with a reason. */
struct invoice *invoice_read_csv(struct arena *a, struct str bytes, const size_t **ret_lines, struct err *e);

#endif
