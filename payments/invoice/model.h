/*
 * The semantic model of EN 16931-1: one C struct whatever the syntax, each value with the element that it came from.
 * Texts and lists belong to the arena that the invoice was made in; sources point into the parsed document of the same arena, NULL when there was none.
 * Numbers and dates stay the texts that were sent (use decimal_read, civil_read): the model keeps what was said, the rules judge whether it makes sense.
 */
#ifndef PAYMENTS_INVOICE_MODEL_H
#define PAYMENTS_INVOICE_MODEL_H

#include <stdbool.h>
#include <stddef.h>

struct _xmlNode;

/* text NULL: not stated. */
struct value {
    const char *text;
    struct _xmlNode *source;
};

#define LIST_OF(type) \
    struct { \
        type *items; \
        size_t n; \
    }

enum invoice_syntax { SYNTAX_UNKNOWN, SYNTAX_UBL_INVOICE, SYNTAX_UBL_CREDIT_NOTE, SYNTAX_CII };

/* BG-5, BG-8, BG-12, BG-15 */
struct postal_address {
    struct value line1, line2, line3, city, postcode, subdivision, country;
};

/* An identifier and the scheme it belongs to. */
struct scheme_id {
    struct value id, scheme;
};

/* BG-4 seller, BG-7 buyer */
struct invoice_party {
    struct scheme_id endpoint;
    LIST_OF(struct scheme_id) ids;
    struct value sepa_id; /* BT-90, the bank's creditor identifier of a seller */
    struct value trading_name;
    struct postal_address address;
    struct value vat_id, tax_id; /* tax_id: BT-32, any scheme that is not VAT */
    struct value tax_id_scheme;
    struct value name;
    struct scheme_id legal_id;
    struct value legal_form, contact_name, contact_phone, contact_email;
};

/* BG-10 */
struct invoice_payee {
    struct scheme_id id;
    struct value name;
    struct scheme_id legal_id;
};

/* BG-11 */
struct invoice_representative {
    struct value name, vat_id;
    struct postal_address address;
};

/* BG-13 */
struct invoice_delivery {
    struct value date, name;
    struct scheme_id location;
    struct postal_address address;
};

/* BG-16 to BG-19 */
struct invoice_payment {
    struct value code, text, due_date, reference, card_number, card_holder, account, account_name, branch, mandate, debited_account;
};

/* BG-1 */
struct invoice_note {
    struct value subject, text;
};

/* BG-3 */
struct invoice_preceding {
    struct value number, date;
};

/* BG-24 */
struct invoice_attachment {
    struct value reference, description, uri, content, mime, filename;
};

/* BG-20, BG-21, BG-27, BG-28 */
struct invoice_adjustment {
    struct value reason_code, reason, percent, amount, base, vat_category, vat_rate;
};

/* BG-23 */
struct invoice_vat {
    struct value taxable, tax, category, rate, reason_code, reason;
};

/* BG-32 */
struct invoice_attribute {
    struct value name, value;
};

struct invoice_classification {
    struct value code, list, version;
};

/* BG-25 */
struct invoice_line {
    struct value id, note;
    struct scheme_id object;
    struct value quantity, unit, net, accounting_reference, period_start, period_end, order_line;
    LIST_OF(struct invoice_adjustment) allowances;
    LIST_OF(struct invoice_adjustment) charges;
    struct value description, name, buyer_item, seller_item;
    struct scheme_id standard_item;
    struct value origin_country;
    LIST_OF(struct invoice_classification) classifications;
    struct value vat_category, vat_rate;
    LIST_OF(struct invoice_attribute) attributes;
    struct value price, base_quantity, base_unit, discount, gross_price;
};

struct invoice {
    enum invoice_syntax syntax;
    struct value specification, process, number, issue_date, due_date, type;
    LIST_OF(struct invoice_note) notes;
    struct value tax_point_date, currency, tax_currency, accounting_reference, buyer_reference;
    struct value period_start, period_end, tax_point_code;
    struct value order, sales_order;
    LIST_OF(struct invoice_preceding) preceding;
    struct value despatch, receipt, tender, contract;
    struct scheme_id object;
    LIST_OF(struct invoice_attachment) attachments;
    struct value project;
    struct invoice_party seller, buyer;
    struct invoice_payee payee;
    struct invoice_representative representative;
    struct invoice_delivery delivery;
    LIST_OF(struct invoice_payment) payments;
    struct value terms;
    LIST_OF(struct invoice_adjustment) allowances;
    LIST_OF(struct invoice_adjustment) charges;
    struct value vat_total, vat_total_accounting; /* BT-110, BT-111 */
    LIST_OF(struct invoice_vat) vat;
    struct value line_total, total_without_vat, total_with_vat, allowance_total, charge_total, paid, rounding, due;
    LIST_OF(struct invoice_line) lines;
};

#endif
