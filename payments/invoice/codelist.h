/*
 * The code lists that invoices are judged by, as constant data; one edition is compiled in and named beside each list.
 * Nothing is owned and nothing can fail: a code is in a list or it is not.
 */
#ifndef PAYMENTS_INVOICE_CODELIST_H
#define PAYMENTS_INVOICE_CODELIST_H

#include <stdbool.h>
#include <stddef.h>

struct code_list {
    const char *const *codes;
    size_t n;
};

/* Exactly, case and white space matter. */
bool code_is_in(const struct code_list *list, const char *code);

extern const struct code_list code_unit;
extern const struct code_list code_object_scheme;
extern const struct code_list code_note_subject;
extern const struct code_list code_cii_note_subject; /* beside the others */
extern const struct code_list code_item_scheme;
extern const struct code_list code_country;
extern const struct code_list code_currency;
extern const struct code_list code_peppol_currency;
extern const struct code_list code_icd;
extern const struct code_list code_endpoint;
extern const struct code_list code_peppol_endpoint;
extern const struct code_list code_peppol_cii_currency;
extern const struct code_list code_peppol_cii_endpoint;
extern const struct code_list code_invoice_type;
extern const struct code_list code_credit_note_type;
extern const struct code_list code_peppol_invoice_type;
extern const struct code_list code_peppol_credit_note_type;
extern const struct code_list code_tax_point;
extern const struct code_list code_cii_tax_point;
extern const struct code_list code_vat_category;
extern const struct code_list code_payment_means;
extern const struct code_list code_allowance_reason;
extern const struct code_list code_charge_reason;
extern const struct code_list code_vatex;
extern const struct code_list code_mime;

#endif
