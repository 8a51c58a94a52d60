/*
 * Which VAT category a provider's service is invoiced with, decided from what we know of the provider: it is never asked of the person who bills.
 * A pure function; texts are constants. Source: VATA 1994 Schedule 9 Group 7 item 9, HMRC Notice 701/2; categories of UNTDID 5305 as EN 16931 uses them.
 */
#ifndef PAYMENTS_INVOICE_VAT_CHOICE_H
#define PAYMENTS_INVOICE_VAT_CHOICE_H

#include <stdbool.h>

/* What the office recorded of the provider and the service, with dates and evidence, elsewhere. */
struct vat_profile {
    bool is_registered;  /* for VAT */
    bool has_tax_id;     /* another tax number that may be stated, such as a UTR (BT-32) */
    bool is_exempt;      /* a welfare service of a charity, public body or state-regulated provider */
    bool is_zero_rated;  /* such as equipment for disabled people with a declaration */
    const char *rate;    /* percent of taxable services, "20" when NULL */
};

struct vat_choice {
    const char *category;    /* "S", "Z", "E" or "O" */
    const char *rate;        /* "20", "0", NULL for O, which has none */
    const char *reason_code; /* VATEX, NULL for S and Z */
    const char *reason;
    bool states_vat_id, states_tax_id; /* which identifiers of the seller the invoice must show; O must show no VAT number of anyone */
};

struct vat_choice vat_choose(const struct vat_profile *p);

#endif
