/*
 * Exact decimal numbers as the invoice rules compute with them (xs:decimal of XML Schema, fn:round of XPath 2).
 * Plain values, nothing is owned. An operation whose exact result does not fit fails and leaves *ret untouched, so that
 * a caller never decides anything on a wrapped or rounded number.
 */
#ifndef PAYMENTS_INVOICE_DECIMAL_H
#define PAYMENTS_INVOICE_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/base/text.h"

struct arena;

__extension__ typedef __int128 decimal_int;

/* m / 10^scale; scale is 0 to DECIMAL_SCALE_MAX. */
struct decimal {
    decimal_int m;
    int scale;
};

enum { DECIMAL_SCALE_MAX = 36, DECIMAL_DIGITS_MAX = 30 };

#define DECIMAL_ZERO ((struct decimal){0, 0})

struct decimal decimal_of(int64_t m, int scale);

/* The lexical form of xs:decimal with surrounding XML white space, at most DECIMAL_DIGITS_MAX significant digits: no exponent. */
bool decimal_read(struct str s, struct decimal *ret);

bool decimal_add(struct decimal a, struct decimal b, struct decimal *ret);
bool decimal_sub(struct decimal a, struct decimal b, struct decimal *ret);
bool decimal_mul(struct decimal a, struct decimal b, struct decimal *ret);

/* To 18 decimals, cut off; false for a divisor of zero. */
bool decimal_div(struct decimal a, struct decimal b, struct decimal *ret);

struct decimal decimal_abs(struct decimal a);

/* fn:round to `places` decimals: a half goes towards positive infinity (-2.5 becomes -2). */
struct decimal decimal_round(struct decimal a, int places);

/* Negative, zero or positive, like strcmp. */
int decimal_compare(struct decimal a, struct decimal b);
bool decimal_equal(struct decimal a, struct decimal b);

/* Without trailing zeros behind the point, at least `places` of them: "12.50". */
char *decimal_text(struct arena *a, struct decimal d, int places);

/* Pence of an amount with at most two decimals; false for any other. */
bool decimal_pence(struct decimal d, int64_t *ret);

#endif
