/*
 * The tests of single UBL rules that need more than a path, shared between the tables of rules.
 * Each answers whether its rule holds for the element; nothing is owned and nothing fails.
 */
#ifndef PAYMENTS_INVOICE_RULES_UBL_H
#define PAYMENTS_INVOICE_RULES_UBL_H

#include "payments/invoice/facts.h"
#include "payments/invoice/rule.h"

bool is_typed(struct judge *j, xmlNode *n, const struct rule *r);                  /* BR-04 */
bool has_one_tax_point(struct judge *j, xmlNode *n, const struct rule *r);         /* BR-CO-03 */
bool vat_id_has_country(struct judge *j, xmlNode *n, const struct rule *r);        /* BR-CO-09 */
bool lines_add_up(struct judge *j, xmlNode *n, const struct rule *r);              /* BR-CO-10 */
bool allowances_add_up(struct judge *j, xmlNode *n, const struct rule *r);         /* BR-CO-11 */
bool charges_add_up(struct judge *j, xmlNode *n, const struct rule *r);            /* BR-CO-12 */
bool total_without_vat_adds_up(struct judge *j, xmlNode *n, const struct rule *r); /* BR-CO-13 */
bool vat_adds_up(struct judge *j, xmlNode *n, const struct rule *r);               /* BR-CO-14 */
bool total_with_vat_adds_up(struct judge *j, xmlNode *n, const struct rule *r);    /* BR-CO-15 */
bool amount_due_adds_up(struct judge *j, xmlNode *n, const struct rule *r);        /* BR-CO-16 */
bool breakdown_is_taxed_right(struct judge *j, xmlNode *n, const struct rule *r);  /* BR-CO-17 */
bool period_says_something(struct judge *j, xmlNode *n, const struct rule *r);     /* BR-CO-19 */
bool breakdown_has_rate(struct judge *j, xmlNode *n, const struct rule *r);        /* BR-48 */
bool note_subject_is_known(struct judge *j, xmlNode *n, const struct rule *r);     /* BR-CL-08 */
bool payee_is_named_and_other(struct judge *j, xmlNode *n, const struct rule *r);  /* BR-17 */

/* Whether the tax is within one currency unit of base × rate, as BR-CO-17 and the -09 rules allow. */
bool tax_is_near(struct decimal tax, struct decimal base, struct decimal rate);

/* Reports "BR-S-08" and the like; nothing for a category without a family. */
void vat_fire(struct judge *j, enum vat category, int number, xmlNode *n, const char *advice);
const char *vat_identity_advice(enum vat category);

/* The VAT families: BR-S, -Z, -E, -AE, -IC, -G, -O, -AF, -AG and -B. */
void judge_vat_document(struct judge *j, xmlNode *root);
void judge_vat_breakdown(struct judge *j, xmlNode *category);
void judge_vat_allowance(struct judge *j, xmlNode *category);
void judge_vat_charge(struct judge *j, xmlNode *category);
void judge_vat_line(struct judge *j, xmlNode *category);

#endif
