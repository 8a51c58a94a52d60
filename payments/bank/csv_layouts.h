/*
 * The CSV layouts of UK banks, told apart by their exact header line. A file with any other header is read by the names of its columns, when they leave no doubt
 * what is money in and what is money out; else it is refused with this list.
 * Rows are constants. To add a bank: one row in csv_layouts.c with its header and what each column holds; to add a name of a column: one word in `names`.
 */
#ifndef PAYMENTS_BANK_CSV_LAYOUTS_H
#define PAYMENTS_BANK_CSV_LAYOUTS_H

#include <stdbool.h>
#include <stddef.h>

/* One letter a column: D date, V value date, A signed amount, F fee that is taken besides it, O money out, I money in, X credit or debit mark behind or before the
 * amount, B balance, T text, N counterparty's name, M its name where that is empty, K kind, S sort code, C account, P counterparty's sort code and account,
 * R bank's reference, E end-to-end reference, Y currency, Z state, - of no interest. */
struct csv_layout {
    const char *name, *header, *columns;
};

extern const struct csv_layout csv_layouts[];
extern const size_t csv_layouts_n;

enum { CSV_COLUMNS_MAX = 40 };

/*
 * What each of the n columns of a header line holds, by their names: capitals, brackets and what is in them, signs and the currency do not count. `ret` has room
 * for n letters (at most CSV_COLUMNS_MAX) and the end. False when there is no date, or the amount is not certain: two columns of money in and out, or one amount
 * beside a mark or a running balance. A second column of a kind that can be only once is of no interest.
 */
bool csv_layout_by_names(const char *const header[], size_t n, char *ret);

#endif
