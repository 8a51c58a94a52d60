/* Peppol BIS Billing 3.0.21, the general rules; those of single countries are left out, as none is of the United Kingdom. */
#include <string.h>

#include "daemon/base/arena.h"
#include "payments/invoice/check_digits.h"
#include "payments/invoice/facts.h"
#include "payments/invoice/judge.h"
#include "payments/invoice/rules_peppol.h"

#define F INVOICE_FATAL
#define W INVOICE_WARNING
#define ID(number) "PEPPOL-EN16931-" number

/* ---- empty elements, projects ---- */

static bool is_not_empty(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    return xmlFirstElementChild(n) || *node_trimmed(j->arena, n, ".");
}

static const struct rule empty_rules[] = {{ID("R008"), F, is_not_empty, NULL, "Leave out elements that say nothing.", NULL}};
static const struct context empty_contexts[] = {{"*", RULES(empty_rules)}};
const struct pattern pattern_peppol_empty = PATTERN(empty_contexts);

static bool has_one_project(struct judge *j, xmlNode *n, const struct rule *r)
{
    return !j->is_credit_note || holds_at_most_one(j, n, r);
}

static const struct rule credit_note_rules[] = {
    {ID("R080"), F, has_one_project, "cac:AdditionalDocumentReference[cbc:DocumentTypeCode=50]", "Name one project only.", NULL}};
static const struct context credit_note_contexts[] = {{"/", RULES(credit_note_rules)}};
const struct pattern pattern_peppol_credit_note = PATTERN(credit_note_contexts);

/* ---- the document ---- */

static bool profile_is_approved(struct judge *j, xmlNode *n, const struct rule *r)
{
    static const char *const approved[] = {"urn:fdc:peppol.eu:2017:poacc:billing:01:1.0", "urn:peppol:france:billing:regulated",
                                           "urn:peppol:france:billing:non-regulated", "urn:peppol:bis:billing_with_response"};
    (void)r;
    const char *profile = node_trimmed(j->arena, n, "cbc:ProfileID");
    for (size_t i = 0; i < sizeof approved / sizeof *approved; i++)
        if (strcmp(profile, approved[i]) == 0)
            return true;
    return false;
}

static bool party_is_german(struct judge *j, const char *path)
{
    return text_same_nocase(node_trimmed(j->arena, j->root, path), "DE");
}

static bool both_are_german(struct judge *j)
{
    return party_is_german(j, "cac:AccountingSupplierParty/cac:Party/cac:PostalAddress/cac:Country/cbc:IdentificationCode") &&
           party_is_german(j, "cac:AccountingCustomerParty/cac:Party/cac:PostalAddress/cac:Country/cbc:IdentificationCode");
}

static bool has_one_note(struct judge *j, xmlNode *n, const struct rule *r)
{
    return holds_at_most_one(j, n, r) || both_are_german(j);
}

static bool has_accounting_total(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)j;
    return node_count(n, r->arg) == (node_has(n, "cbc:TaxCurrencyCode") ? 1U : 0U);
}

struct signs {
    struct arena *arena;
    const char *currency;
    bool has_positive, has_negative; /* zero counts as both */
};

static bool keep_sign(void *context, xmlNode *n)
{
    struct signs *s = context;
    const char *currency = node_attribute(s->arena, n, "currencyID", 10);
    struct decimal d;
    if (currency && strcmp(currency, s->currency) == 0 && node_number(s->arena, n, ".", &d)) {
        s->has_positive |= d.m >= 0;
        s->has_negative |= d.m <= 0;
    }
    return true;
}

static bool totals_have_one_sign(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    if (!node_has(n, "cbc:TaxCurrencyCode"))
        return true;
    struct signs tax = {j->arena, node_trimmed(j->arena, n, "cbc:TaxCurrencyCode"), false, false};
    struct signs own = {j->arena, node_trimmed(j->arena, n, "cbc:DocumentCurrencyCode"), false, false};
    node_each(n, "cac:TaxTotal/cbc:TaxAmount", keep_sign, &tax);
    node_each(n, "cac:TaxTotal/cbc:TaxAmount", keep_sign, &own);
    return (tax.has_negative && own.has_negative) || (tax.has_positive && own.has_positive);
}

static const struct rule document_rules[] = {
    {ID("R001"), F, holds_exists, "cbc:ProfileID", "State the business process (ProfileID).", NULL},
    {ID("R007"), F, profile_is_approved, NULL, "State the business process urn:fdc:peppol.eu:2017:poacc:billing:01:1.0.", NULL},
    {ID("R002"), F, has_one_note, "cbc:Note", "Write one note only.", NULL},
    {ID("R003"), F, holds_any, "cbc:BuyerReference|cac:OrderReference/cbc:ID", "Give the buyer's reference or the order number.", NULL},
    {ID("R004"), F, peppol_specification_is_stated, "cbc:CustomizationID", "State the specification of Peppol BIS Billing 3.0.", NULL},
    {ID("R053"), F, holds_exactly_one, "cac:TaxTotal[cac:TaxSubtotal]", "Give one VAT total with a breakdown.", NULL},
    {ID("R054"), F, has_accounting_total, "cac:TaxTotal[!cac:TaxSubtotal]", "Give one VAT total without breakdown when, and only when, an accounting currency is named.", NULL},
    {ID("R055"), F, totals_have_one_sign, NULL, "Give both VAT totals the same sign.", NULL},
};

static bool currencies_differ(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    return strcmp(node_trimmed(j->arena, n, "."), node_trimmed(j->arena, n, "../cbc:DocumentCurrencyCode")) != 0;
}

static const struct rule tax_currency_rules[] = {{ID("R005"), F, currencies_differ, NULL, "Name an accounting currency only when it differs from the invoice currency.", NULL}};
static const struct rule buyer_rules[] = {{ID("R010"), F, holds_exists, "cbc:EndpointID", "Give the buyer's electronic address.", NULL}};
static const struct rule seller_rules[] = {{ID("R020"), F, holds_exists, "cbc:EndpointID", "Give the seller's electronic address.", NULL}};

/* ---- allowances and charges ---- */

static bool adjustment_is_percentage(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    return peppol_is_percentage(j, n, "cbc:Amount", "cbc:BaseAmount", "cbc:MultiplierFactorNumeric");
}

static bool indicator_is_word(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    const char *word = node_trimmed(j->arena, n, "cbc:ChargeIndicator");
    return strcmp(word, "true") == 0 || strcmp(word, "false") == 0;
}

static const struct rule no_base_rules[] = {{ID("R041"), F, holds_never, NULL, "Give the base amount as well, because a percentage is given.", NULL}};
static const struct rule no_percent_rules[] = {{ID("R042"), F, holds_never, NULL, "Give the percentage as well, because a base amount is given.", NULL}};
static const struct rule adjustment_rules[] = {
    {ID("R040"), F, adjustment_is_percentage, NULL, "Make the amount equal the base amount times the percentage.", NULL},
    {ID("R043"), F, indicator_is_word, NULL, "Write true or false for the kind of adjustment.", NULL},
};

static bool is_price_allowance(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    return strcmp(node_trimmed(j->arena, n, "cbc:ChargeIndicator"), "false") == 0;
}

static bool price_is_gross_minus_discount(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    struct decimal price, gross, discount;
    if (!node_has(n, "cbc:BaseAmount"))
        return true;
    return node_number(j->arena, n, "../cbc:PriceAmount", &price) && node_number(j->arena, n, "cbc:BaseAmount", &gross) &&
           node_number(j->arena, n, "cbc:Amount", &discount) && decimal_sub(gross, discount, &gross) && decimal_equal(price, gross);
}

static const struct rule price_rules[] = {
    {ID("R044"), F, is_price_allowance, NULL, "A price may have a discount, never a charge.", NULL},
    {ID("R046"), F, price_is_gross_minus_discount, NULL, "Make the net price equal the gross price minus the discount.", NULL},
};

/* ---- payment, currency ---- */

static const struct rule debit_rules[] = {{ID("R061"), F, holds_exists, "cac:PaymentMandate/cbc:ID", "Give the mandate of the direct debit.", NULL}};

static bool is_direct_debit(struct judge *j, xmlNode *n)
{
    const char *code = node_trimmed(j->arena, n, "cbc:PaymentMeansCode");
    return strcmp(code, "49") == 0 || strcmp(code, "59") == 0;
}

static void judge_payment(struct judge *j, xmlNode *n)
{
    if (is_direct_debit(j, n) && !debit_rules->holds(j, n, debit_rules))
        judge_report(j, debit_rules->id, debit_rules->severity, n, debit_rules->advice);
}

static bool currency_is_the_documents(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    const char *own = node_attribute(j->arena, n, "currencyID", 10), *document = j->facts->currency;
    return own && document && strcmp(own, document) == 0;
}

static const struct rule currency_rules[] = {{ID("R051"), F, currency_is_the_documents, NULL, "State every amount in the invoice currency.", NULL}};

/* ---- lines ---- */

static bool starts_within(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    int64_t own, document;
    const char *start = j->facts->period_start;
    return !start || (rule_date(node_text(j->arena, n), &own) && rule_date(start, &document) && own >= document);
}

static bool ends_within(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    int64_t own, document;
    const char *end = j->facts->period_end;
    return !end || (rule_date(node_text(j->arena, n), &own) && rule_date(end, &document) && own <= document);
}

static const struct rule line_start_rules[] = {{ID("R110"), F, starts_within, NULL, "Start the line's period within the period of the invoice.", NULL}};
static const struct rule line_end_rules[] = {{ID("R111"), F, ends_within, NULL, "End the line's period within the period of the invoice.", NULL}};

static bool adjustments_of(struct judge *j, xmlNode *n, const char *path, struct decimal *ret)
{
    if (!node_sum(j->arena, n, path, ret))
        return false;
    *ret = decimal_round(*ret, 2);
    return true;
}

/* The words true and false are meant, with white space around them or not; 1 and 0 are other rules' concern. */
static bool line_is_quantity_times_price(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    struct decimal net, quantity, price, base, allowances, charges, expected;
    if (!peppol_number_or(j, n, "cbc:LineExtensionAmount", 0, &net) ||
        !peppol_number_or(j, n, j->is_credit_note ? "cbc:CreditedQuantity" : "cbc:InvoicedQuantity", 1, &quantity) ||
        !peppol_number_or(j, n, "cac:Price/cbc:PriceAmount", 0, &price) || !peppol_number_or(j, n, "cac:Price/cbc:BaseQuantity", 1, &base))
        return false;
    if (base.m == 0)
        base = decimal_of(1, 0);
    return adjustments_of(j, n, "cac:AllowanceCharge[allowance][!cbc:ChargeIndicator=0]/cbc:Amount", &allowances) &&
           adjustments_of(j, n, "cac:AllowanceCharge[charge][!cbc:ChargeIndicator=1]/cbc:Amount", &charges) && decimal_div(price, base, &expected) &&
           decimal_mul(quantity, expected, &expected) && decimal_add(expected, charges, &expected) && decimal_sub(expected, allowances, &expected) &&
           peppol_is_near(net, expected);
}

static bool reference_is_object(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)j;
    (void)r;
    return !node_has(n, "cac:DocumentReference") || node_has(n, "cac:DocumentReference[cbc:DocumentTypeCode=130]");
}

static const struct rule line_rules[] = {
    {ID("R120"), F, line_is_quantity_times_price, NULL, "Make the line's net amount equal quantity times price plus charges minus allowances.", NULL},
    {ID("R121"), F, peppol_quantity_is_positive, "cac:Price/cbc:BaseQuantity", "Give a base quantity above 0.", NULL},
    {ID("R100"), F, holds_at_most_one, "cac:DocumentReference", "Name one invoiced object a line.", NULL},
    {ID("R101"), F, reference_is_object, NULL, "Use the line's document reference for the invoiced object only (type 130).", NULL},
};

static bool units_agree(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    if (!node_has(n, "../../cbc:InvoicedQuantity") && !node_has(n, "../../cbc:CreditedQuantity"))
        return true;
    const char *path = j->is_credit_note ? "../../cbc:CreditedQuantity/@unitCode" : "../../cbc:InvoicedQuantity/@unitCode";
    const char *own = node_value(j->arena, n, "@unitCode"), *line = node_value(j->arena, n, path);
    return own && line && strcmp(own, line) == 0;
}

static const struct rule base_quantity_rules[] = {{ID("R130"), F, units_agree, NULL, "Use the unit of the line's quantity for the base quantity.", NULL}};

/* ---- identifiers ---- */

static void judge_identifier(struct judge *j, xmlNode *n)
{
    if (peppol_judge_scheme(j, n, node_matches(n, "cbc:EndpointID")))
        return;
    const char *id = node_trimmed(j->arena, n, ".");
    if (node_matches(n, "cac:PartyTaxScheme[VAT]/cbc:CompanyID") && strncmp(id, "NL", 2) == 0 && !is_dutch_vat(id))
        judge_report(j, "PEPPOL-COMMON-R056-2", W, n, peppol_dutch_vat_advice);
}

#define ADJUSTMENT(predicate, rules) \
    {"/cac:AllowanceCharge" predicate, RULES(rules)}, {"/cac:InvoiceLine/cac:AllowanceCharge" predicate, RULES(rules)}, \
        {"/cac:CreditNoteLine/cac:AllowanceCharge" predicate, RULES(rules)}

static const struct context model_contexts[] = {
    {"/", RULES(document_rules)},
    {"cbc:TaxCurrencyCode", RULES(tax_currency_rules)},
    {"cac:AccountingCustomerParty/cac:Party", RULES(buyer_rules)},
    {"cac:AccountingSupplierParty/cac:Party", RULES(seller_rules)},
    ADJUSTMENT("[cbc:MultiplierFactorNumeric][!cbc:BaseAmount]", no_base_rules),
    ADJUSTMENT("[!cbc:MultiplierFactorNumeric][cbc:BaseAmount]", no_percent_rules),
    ADJUSTMENT("", adjustment_rules),
    {"cac:PaymentMeans", NULL, 0, judge_payment},
    {"cbc:Amount", RULES(currency_rules)},
    {"cbc:BaseAmount", RULES(currency_rules)},
    {"cbc:PriceAmount", RULES(currency_rules)},
    {"cac:TaxTotal[cac:TaxSubtotal]/cbc:TaxAmount", RULES(currency_rules)},
    {"cac:TaxSubtotal/cbc:TaxAmount", RULES(currency_rules)},
    {"cbc:TaxableAmount", RULES(currency_rules)},
    {"cbc:LineExtensionAmount", RULES(currency_rules)},
    {"cbc:TaxExclusiveAmount", RULES(currency_rules)},
    {"cbc:TaxInclusiveAmount", RULES(currency_rules)},
    {"cbc:AllowanceTotalAmount", RULES(currency_rules)},
    {"cbc:ChargeTotalAmount", RULES(currency_rules)},
    {"cbc:PrepaidAmount", RULES(currency_rules)},
    {"cbc:PayableRoundingAmount", RULES(currency_rules)},
    {"cbc:PayableAmount", RULES(currency_rules)},
    {"/cac:InvoiceLine/cac:InvoicePeriod/cbc:StartDate", RULES(line_start_rules)},
    {"/cac:CreditNoteLine/cac:InvoicePeriod/cbc:StartDate", RULES(line_start_rules)},
    {"/cac:InvoiceLine/cac:InvoicePeriod/cbc:EndDate", RULES(line_end_rules)},
    {"/cac:CreditNoteLine/cac:InvoicePeriod/cbc:EndDate", RULES(line_end_rules)},
    {"cac:InvoiceLine", RULES(line_rules)},
    {"cac:CreditNoteLine", RULES(line_rules)},
    {"cac:Price/cac:AllowanceCharge", RULES(price_rules)},
    {"cac:Price/cbc:BaseQuantity[@unitCode]", RULES(base_quantity_rules)},
    {"cbc:EndpointID", NULL, 0, judge_identifier},
    {"cac:PartyIdentification/cbc:ID", NULL, 0, judge_identifier},
    {"cbc:CompanyID", NULL, 0, judge_identifier},
};
const struct pattern pattern_peppol_model = PATTERN(model_contexts);
