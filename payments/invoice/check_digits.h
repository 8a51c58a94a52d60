/*
 * Check digits and formats of the identifiers that Peppol rules name. Pure functions of a text, nothing is owned, nothing fails:
 * an identifier is in order or it is not. Sources: GS1 General Specifications 7.9 (GLN); Peppol BIS Billing 3.0.21, rules COMMON-R040 to R057.
 */
#ifndef PAYMENTS_INVOICE_CHECK_DIGITS_H
#define PAYMENTS_INVOICE_CHECK_DIGITS_H

#include <stdbool.h>
#include <stddef.h>

/* Exactly n digits; n 0: one or more. */
bool is_digits(const char *s, size_t n);

bool is_gln(const char *s);                     /* 0088 */
bool is_norwegian_organisation(const char *s);  /* 0192 */
bool is_danish_cvr(const char *s);              /* 0184 */
bool is_danish_p(const char *s);                /* 0096 */
bool is_danish_se(const char *s);               /* 0198 */
bool is_belgian_enterprise(const char *s);      /* 0208 */
bool is_italian_ipa(const char *s);             /* 0201 */
bool is_italian_tax_code(const char *s);        /* 0210, 9907 */
bool is_italian_vat(const char *s);             /* 0211 */
bool is_swedish_organisation(const char *s);    /* 0007 */
bool is_australian_business(const char *s);     /* 0151 */
bool is_dutch_company(const char *s);           /* 0106 */
bool is_dutch_organisation(const char *s);      /* 0190 */
bool is_dutch_establishment(const char *s);     /* 0217 */
bool is_dutch_vat(const char *s);               /* 9944 */

#endif
