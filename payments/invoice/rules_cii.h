/*
 * The VAT families as they are bound to CII, called from the table of CII rules.
 * Findings go to the judge; nothing is owned and nothing fails.
 */
#ifndef PAYMENTS_INVOICE_RULES_CII_H
#define PAYMENTS_INVOICE_RULES_CII_H

#include "payments/invoice/rule.h"

/* Country codes as BR-CO-09, BR-CL-14 and -15 of CII have them. */
bool cii_country_is_known(const char *code);

void judge_cii_vat_document(struct judge *j, xmlNode *root);
void judge_cii_vat_breakdown(struct judge *j, xmlNode *code); /* a CategoryCode */
void judge_cii_vat_allowance(struct judge *j, xmlNode *tax);
void judge_cii_vat_charge(struct judge *j, xmlNode *tax);
void judge_cii_vat_line(struct judge *j, xmlNode *tax);
void judge_cii_vat_entry(struct judge *j, xmlNode *tax); /* an entry of the breakdown */

#endif
