/*
 * Modulus checking of British sort codes and account numbers: the published method as code, its weight table loaded by the operator.
 * The table owns nothing outside its arena. Three answers: a sort code that the table does not cover cannot be checked, which does not make it valid.
 */
#ifndef PAYMENTS_BANK_MODULUS_H
#define PAYMENTS_BANK_MODULUS_H

#include <stdbool.h>

#include "daemon/base/arena.h"
#include "daemon/base/err.h"
#include "daemon/base/text.h"

enum modulus_answer { MODULUS_UNCHECKED, MODULUS_VALID, MODULUS_INVALID };

struct modulus_table;

/* weights: lines of "FROM TO METHOD w1 … w14 [EXCEPTION]", METHOD one of MOD10, MOD11, DBLAL; substitutions: lines of "FROM TO", may be empty.
 * NULL with the line that cannot be read. */
struct modulus_table *modulus_load(struct arena *a, struct str weights, struct str substitutions, struct err *e);

/* sort_code: 6 digits; account: 8 digits; hyphens and spaces do not matter. Anything else is MODULUS_INVALID. */
enum modulus_answer modulus_check(const struct modulus_table *t, const char *sort_code, const char *account);

#endif
