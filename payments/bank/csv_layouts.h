/*
 * The CSV layouts of UK banks, told apart by their exact header line; a file with any other header is refused with this list.
 * Rows are constants. To add a bank: one row in csv_layouts.c with its header and what each column holds.
 */
#ifndef PAYMENTS_BANK_CSV_LAYOUTS_H
#define PAYMENTS_BANK_CSV_LAYOUTS_H

#include <stddef.h>

/* One letter a column: D date, V value date, A signed amount, O money out, I money in, X credit or debit mark behind or before the amount, B balance,
 * T text, N counterparty's name, K kind, S sort code, C account, P counterparty's sort code and account, R bank's reference, E end-to-end reference,
 * Y currency, Z state, - of no interest. */
struct csv_layout {
    const char *name, *header, *columns;
};

extern const struct csv_layout csv_layouts[];
extern const size_t csv_layouts_n;

#endif
