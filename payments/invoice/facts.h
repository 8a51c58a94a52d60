/*
 * What rules want to know of the whole document, gathered in one walk so that no rule has to search it again.
 * Lives in the judge's arena. Sums that cannot be computed are marked as broken, and every rule about them then fires.
 */
#ifndef PAYMENTS_INVOICE_FACTS_H
#define PAYMENTS_INVOICE_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "payments/invoice/decimal.h"
#include "payments/invoice/node.h"

struct arena;

enum vat { VAT_S, VAT_Z, VAT_E, VAT_AE, VAT_K, VAT_G, VAT_O, VAT_L, VAT_M, VAT_B, VAT_OTHER, VAT_COUNT };

enum vat vat_of(const char *code);

/* Occurrences of one category; _vat counts only those whose tax scheme is VAT, _any all of them. */
struct vat_places {
    unsigned category_vat, category_any;     /* TaxCategory anywhere */
    unsigned line_vat, line_any;             /* ClassifiedTaxCategory anywhere */
    unsigned adjusted_vat, adjusted_any;     /* of allowances and charges anywhere */
    unsigned allowance_vat, charge_vat;      /* the same, by kind */
    unsigned own_allowance_vat, own_charge_vat; /* of the document itself, not of its lines */
    unsigned breakdown_vat, breakdown_any;   /* in the VAT breakdown */
    unsigned exact_breakdown_vat, exact_any; /* UBL: without white space around the code; exact_any: lines, too */
};

/* What belongs to one category, or to one category and rate. */
struct vat_sum {
    enum vat category;
    bool has_rate, is_broken;
    struct decimal rate;
    struct decimal invoice_lines, credit_note_lines, charges, allowances;
    bool has_invoice_line, has_credit_note_line, has_adjustment; /* has_adjustment: anywhere in the document */
};

struct facts {
    struct vat_places vat[VAT_COUNT];
    bool has_seller_tax_id, has_seller_vat_id, has_representative_vat_id, has_buyer_vat_id, has_buyer_legal_id;
    bool has_invoice_line, has_credit_note_line;
    bool has_foreign_country; /* other than Italy */
    bool has_object_attachment, has_object_description; /* of a reference of type 130 */
    bool has_mixed_payment_ids, has_mixed_payment_codes;
    struct decimal lines, own_allowances, own_charges; /* sums: lines anywhere, allowances and charges of the document itself */
    bool lines_are_broken, own_allowances_are_broken, own_charges_are_broken;
    bool has_own_allowance, has_own_charge;
    const char *currency, *period_start, *period_end; /* of the document, NULL when not stated */
    bool has_breakdown, has_billed_unit, taxes_are_broken; /* CII */
    struct decimal taxes; /* CII: the breakdown's amounts added up */
    xmlNode *seller; /* first AccountingSupplierParty, NULL when there is none */
    bool has_mixed_payment_texts, has_mixed_tax_point_codes, has_tax_point_date, has_tax_point_code, has_mandate; /* CII */
    unsigned sepa_ids, payment_references;
    const char *payment_id, *payment_code, *payment_text, *tax_point_code; /* the first of each */
    struct vat_sum *sums; /* open addressing, `room` is a power of two */
    size_t n_sums, room;
};

/* Where a line or an adjustment says its categories, rates and amount, by syntax. */
struct vat_paths {
    const char *taxes, *code, *rate, *amount; /* code and rate from each of taxes */
    bool trims; /* whether white space around a code is nothing */
};

struct adjustment_kind {
    bool own, charge, allowance; /* own: of the document itself */
};

void facts_add_line(struct facts *f, struct arena *a, xmlNode *line, const struct vat_paths *paths, bool own, bool credit);
void facts_add_adjustment(struct facts *f, struct arena *a, xmlNode *n, const struct vat_paths *paths, struct adjustment_kind kind);

struct facts *facts_of_ubl(struct arena *a, xmlNode *root);
struct facts *facts_of_cii(struct arena *a, xmlNode *root);

/* The row of a category (rate NULL) or of a category and rate; NULL when nothing belongs to it. */
const struct vat_sum *facts_sum(const struct facts *f, enum vat category, const struct decimal *rate);

/* The same for filling in: never NULL. */
struct vat_sum *facts_sum_row(struct facts *f, struct arena *a, enum vat category, const struct decimal *rate);

#endif
