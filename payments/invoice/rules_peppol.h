/*
 * What the rules of Peppol for UBL and for CII share.
 * Findings go to the judge; nothing is owned and nothing fails.
 */
#ifndef PAYMENTS_INVOICE_RULES_PEPPOL_H
#define PAYMENTS_INVOICE_RULES_PEPPOL_H

#include "payments/invoice/decimal.h"
#include "payments/invoice/rule.h"

/* Within 0.02, as every calculated amount of Peppol may be. */
bool peppol_is_near(struct decimal stated, struct decimal expected);

/* A missing number counts as `otherwise`; an unreadable one fails. */
bool peppol_number_or(struct judge *j, xmlNode *n, const char *path, int64_t otherwise, struct decimal *ret);

/* ---- tests; `path` is rule->arg ---- */
bool peppol_quantity_is_positive(struct judge *j, xmlNode *n, const struct rule *r); /* or missing */
bool peppol_specification_is_stated(struct judge *j, xmlNode *n, const struct rule *r);

/* PEPPOL-COMMON: the form and the check digits of an identifier, by its schemeID. False when no rule is about the scheme. */
bool peppol_judge_scheme(struct judge *j, xmlNode *n, bool endpoint);
extern const char *const peppol_dutch_vat_advice;

/* R040: the amount is the base times the percentage, where both are given; a missing amount counts as nothing. */
bool peppol_is_percentage(struct judge *j, xmlNode *n, const char *amount_path, const char *base_path, const char *percent_path);

#endif
