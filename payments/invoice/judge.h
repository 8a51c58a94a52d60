/*
 * Runs rule patterns over a document in time linear in its size: one walk, each element meets only the contexts that end with its name.
 * The judge owns nothing but what it takes from its arena. Nothing can fail; what is wrong with the invoice becomes a finding.
 */
#ifndef PAYMENTS_INVOICE_JUDGE_H
#define PAYMENTS_INVOICE_JUDGE_H

#include "payments/invoice/rule.h"

/* patterns ends with NULL. */
void judge_patterns(struct judge *j, const struct pattern *const *patterns);

extern const struct pattern pattern_ubl_model, pattern_ubl_syntax, pattern_ubl_codes;
extern const struct pattern pattern_peppol_empty, pattern_peppol_credit_note, pattern_peppol_model, pattern_peppol_codes;
extern const struct pattern pattern_peppol_cii_model, pattern_peppol_cii_codes;
extern const struct pattern pattern_cii_model, pattern_cii_syntax, pattern_cii_codes;

/* UBL-CR, UBL-DT and CII-SR: what a syntax knows but the European invoice does not. */
void judge_ubl_extras(struct judge *j);
void judge_cii_extras(struct judge *j);

#endif
