/*
 * Peppol BIS Billing 3.0.21 bound to CII: the general rules. The published tests differ from those for UBL in many details; they are kept.
 * P0100 is missing because it is bound to an element that no document has.
 */
#include <string.h>

#include "daemon/base/arena.h"
#include "payments/invoice/check_digits.h"
#include "payments/invoice/facts.h"
#include "payments/invoice/judge.h"
#include "payments/invoice/rules_peppol.h"

#define F INVOICE_FATAL
#define ID(number) "PEPPOL-EN16931-" number
#define TOTALS "ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:TaxTotalAmount"
#define LINE_SETTLEMENT "ram:SpecifiedLineTradeSettlement/"
#define LINE_PRICE "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/"
#define INDICATOR "ram:ChargeIndicator/udt:Indicator"

/* ---- the document ---- */

static bool process_is_approved(struct judge *j, xmlNode *n, const struct rule *r)
{
    const char *process = node_trimmed(j->arena, n, r->arg);
    return strcmp(process, "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0") == 0 || strcmp(process, "urn:peppol:bis:billing_with_response") == 0;
}

static const struct rule context_rules[] = {
    {ID("R001"), F, holds_exists, "ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID", "State the business process.", NULL},
    {ID("R007"), F, process_is_approved, "ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID", "State the business process urn:fdc:peppol.eu:2017:poacc:billing:01:1.0.", NULL},
    {ID("R004"), F, peppol_specification_is_stated, "ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", "State the specification of Peppol BIS Billing 3.0.", NULL},
};

static bool has_one_plain_note(struct judge *j, xmlNode *n, const struct rule *r)
{
    return holds_at_most_one(j, n, r) && !node_has(n, "ram:IncludedNote/ram:SubjectCode");
}

static const struct rule exchanged_rules[] = {{ID("R002"), F, has_one_plain_note, "ram:IncludedNote", "Write one note only, without a subject.", NULL}};
static const struct rule agreement_rules[] = {
    {ID("R003"), F, holds_any, "ram:BuyerReference|ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID", "Give the buyer's reference or the order number.", NULL},
    {ID("R006"), F, holds_at_most_one, "ram:AdditionalReferencedDocument[ram:TypeCode=130]", "Name one invoiced object only.", NULL},
    {ID("R080"), F, holds_at_most_one, "ram:AdditionalReferencedDocument[ram:TypeCode=50]", "Name one project only.", NULL},
};
static const struct rule buyer_rules[] = {{ID("R010"), F, holds_exists, "ram:URIUniversalCommunication/ram:URIID", "Give the buyer's electronic address.", NULL}};
static const struct rule seller_rules[] = {{ID("R020"), F, holds_exists, "ram:URIUniversalCommunication/ram:URIID", "Give the seller's electronic address.", NULL}};

/* ---- VAT totals ---- */

static bool currencies_differ(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    return !node_has(n, "ram:TaxCurrencyCode") || strcmp(node_trimmed(j->arena, n, "ram:TaxCurrencyCode"), node_trimmed(j->arena, n, "ram:InvoiceCurrencyCode")) != 0;
}

struct vat_totals {
    struct arena *arena;
    const char *currency;
    size_t same, others;
    bool has_negative, has_other_sign; /* of those in the currency */
};

static bool count_total(void *context, xmlNode *n)
{
    struct vat_totals *t = context;
    const char *currency = node_attribute(t->arena, n, "currencyID", 10);
    struct decimal d;
    if (!currency || !t->currency)
        return true;
    if (strcmp(currency, t->currency) != 0) {
        t->others++;
        return true;
    }
    t->same++;
    if (node_number(t->arena, n, ".", &d)) {
        t->has_negative |= d.m < 0;
        t->has_other_sign |= d.m >= 0;
    }
    return true;
}

static struct vat_totals totals_in(struct judge *j, xmlNode *settlement, const char *currency)
{
    struct vat_totals t = {.arena = j->arena, .currency = node_value(j->arena, settlement, currency)};
    node_each(settlement, TOTALS, count_total, &t);
    return t;
}

static bool has_one_total(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    return totals_in(j, n, "ram:InvoiceCurrencyCode").same == 1;
}

static bool has_accounting_total(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    return totals_in(j, n, "ram:InvoiceCurrencyCode").others == (node_has(n, "ram:TaxCurrencyCode") ? 1U : 0U);
}

static bool totals_have_one_sign(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    if (!node_has(n, "ram:TaxCurrencyCode"))
        return true;
    struct vat_totals own = totals_in(j, n, "ram:InvoiceCurrencyCode"), tax = totals_in(j, n, "ram:TaxCurrencyCode");
    return (own.has_negative && tax.has_negative) || (own.has_other_sign && tax.has_other_sign);
}

static const struct rule settlement_rules[] = {
    {ID("R005"), F, currencies_differ, NULL, "Name an accounting currency only when it differs from the invoice currency.", NULL},
    {ID("R053"), F, has_one_total, NULL, "Give one VAT total in the invoice currency.", NULL},
    {ID("R054"), F, has_accounting_total, NULL, "Give one VAT total in another currency when, and only when, an accounting currency is named.", NULL},
    {ID("R055"), F, totals_have_one_sign, NULL, "Give both VAT totals the same sign.", NULL},
};

/* ---- allowances, charges, payment ---- */

static bool adjustment_is_percentage(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    return peppol_is_percentage(j, n, "ram:ActualAmount", "ram:BasisAmount", "ram:CalculationPercent");
}

static bool indicator_is_word(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    const char *word = node_trimmed(j->arena, n, INDICATOR);
    return strcmp(word, "true") == 0 || strcmp(word, "false") == 0;
}

static const struct rule no_base_rules[] = {{ID("R041"), F, holds_never, NULL, "Give the base amount as well, because a percentage is given.", NULL}};
static const struct rule no_percent_rules[] = {{ID("R042"), F, holds_never, NULL, "Give the percentage as well, because a base amount is given.", NULL}};
static const struct rule adjustment_rules[] = {
    {ID("R040"), F, adjustment_is_percentage, NULL, "Make the amount equal the base amount times the percentage.", NULL},
    {ID("R043"), F, indicator_is_word, NULL, "Write true or false for the kind of adjustment.", NULL},
};
static const struct rule discount_rules[] = {{ID("R043"), F, indicator_is_word, NULL, "Write true or false for the kind of adjustment.", NULL}};

static bool debit_has_mandate(struct judge *j, xmlNode *n, const struct rule *r)
{
    const char *code = node_trimmed(j->arena, n, r->arg);
    return (strcmp(code, "49") != 0 && strcmp(code, "59") != 0) || j->facts->has_mandate;
}

static const struct rule payment_rules[] = {{ID("R061"), F, debit_has_mandate, "ram:TypeCode", "Give the mandate of the direct debit.", NULL}};

/* ---- lines ---- */

/* Dates are compared as texts, as published. */
static bool starts_within(struct judge *j, xmlNode *n, const struct rule *r)
{
    const char *own = node_value(j->arena, n, r->arg), *start = j->facts->period_start;
    return !start || (own && strcmp(own, start) >= 0);
}

static bool ends_within(struct judge *j, xmlNode *n, const struct rule *r)
{
    const char *own = node_value(j->arena, n, r->arg), *end = j->facts->period_end;
    return !end || (own && strcmp(own, end) <= 0);
}

static const struct rule line_start_rules[] = {{ID("R110"), F, starts_within, "udt:DateTimeString", "Start the line's period within the period of the invoice.", NULL}};
static const struct rule line_end_rules[] = {{ID("R111"), F, ends_within, "udt:DateTimeString", "End the line's period within the period of the invoice.", NULL}};

struct adjusting {
    struct arena *arena;
    struct decimal allowances, charges;
};

/* The words true and false are meant, with white space around them or not. */
static bool add_adjustment(void *context, xmlNode *n)
{
    struct adjusting *a = context;
    const char *word = node_trimmed(a->arena, n, INDICATOR);
    struct decimal *into = strcmp(word, "true") == 0 ? &a->charges : strcmp(word, "false") == 0 ? &a->allowances : NULL, sum;
    return !into || (node_sum(a->arena, n, "ram:ActualAmount", &sum) && decimal_add(*into, sum, into));
}

static bool line_is_quantity_times_price(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    struct decimal net, quantity, price, base, expected;
    struct adjusting a = {j->arena, DECIMAL_ZERO, DECIMAL_ZERO};
    if (!peppol_number_or(j, n, LINE_SETTLEMENT "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount", 0, &net) ||
        !peppol_number_or(j, n, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity", 1, &quantity) || !peppol_number_or(j, n, LINE_PRICE "ram:ChargeAmount", 0, &price) ||
        !peppol_number_or(j, n, LINE_PRICE "ram:BasisQuantity", 1, &base) || !node_each(n, LINE_SETTLEMENT "ram:SpecifiedTradeAllowanceCharge", add_adjustment, &a))
        return false;
    if (base.m == 0)
        base = decimal_of(1, 0);
    return decimal_div(price, base, &expected) && decimal_mul(quantity, expected, &expected) && decimal_add(expected, decimal_round(a.charges, 2), &expected) &&
           decimal_sub(expected, decimal_round(a.allowances, 2), &expected) && peppol_is_near(net, expected);
}

static bool reference_is_object(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)j;
    return !node_has(n, LINE_SETTLEMENT "ram:AdditionalReferencedDocument") || node_has(n, r->arg);
}

static const struct rule line_rules[] = {
    {ID("R120"), F, line_is_quantity_times_price, NULL, "Make the line's net amount equal quantity times price plus charges minus allowances.", NULL},
    {ID("R100"), F, holds_at_most_one, LINE_SETTLEMENT "ram:AdditionalReferencedDocument[ram:TypeCode=130]", "Name one invoiced object a line.", NULL},
    {ID("R101"), F, reference_is_object, LINE_SETTLEMENT "ram:AdditionalReferencedDocument[ram:TypeCode=130]", "Use the line's document reference for the invoiced object only (type 130).", NULL},
};

static bool units_agree(struct judge *j, xmlNode *n, const struct rule *r)
{
    const char *own = node_value(j->arena, n, "@unitCode"), *line = node_value(j->arena, n, r->arg);
    return own && line && strcmp(own, line) == 0;
}

static const struct rule price_rules[] = {{ID("R121"), F, peppol_quantity_is_positive, "ram:BasisQuantity", "Give a base quantity above 0.", NULL}};
static const struct rule unit_rules[] = {
    {ID("R130"), F, units_agree, "../../../ram:SpecifiedLineTradeDelivery/ram:BilledQuantity/@unitCode", "Use the unit of the line's quantity for the base quantity.", NULL}};

/* ---- identifiers ---- */

static void judge_identifier(struct judge *j, xmlNode *n)
{
    peppol_judge_scheme(j, n, node_matches(n, "ram:URIID"));
}

static void judge_registration(struct judge *j, xmlNode *n)
{
    const char *id = text_trimmed(j->arena, node_text(j->arena, n));
    if (node_has(n, "ram:ID[@schemeID=VA]") && strncmp(id, "NL", 2) == 0 && !is_dutch_vat(id))
        judge_report(j, "PEPPOL-COMMON-R056-2", INVOICE_WARNING, n, peppol_dutch_vat_advice);
}

#define PRICE_OF(kind) "ram:" kind "PriceProductTradePrice"
#define LINE_PERIOD "rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem/" LINE_SETTLEMENT "ram:BillingSpecifiedPeriod/"

static const struct context model_contexts[] = {
    {"rsm:ExchangedDocumentContext", RULES(context_rules)},
    {"ram:ApplicableHeaderTradeAgreement", RULES(agreement_rules)},
    {"ram:ApplicableHeaderTradeSettlement", RULES(settlement_rules)},
    {"rsm:ExchangedDocument", RULES(exchanged_rules)},
    {"ram:BuyerTradeParty", RULES(buyer_rules)},
    {"ram:SellerTradeParty", RULES(seller_rules)},
    {"ram:SpecifiedTradeAllowanceCharge[ram:CalculationPercent][!ram:BasisAmount]", RULES(no_base_rules)},
    {"ram:SpecifiedTradeAllowanceCharge[!ram:CalculationPercent][ram:BasisAmount]", RULES(no_percent_rules)},
    {"ram:SpecifiedTradeAllowanceCharge", RULES(adjustment_rules)},
    {"ram:AppliedTradeAllowanceCharge", RULES(discount_rules)},
    {"ram:SpecifiedTradeSettlementPaymentMeans", RULES(payment_rules)},
    {LINE_PERIOD "ram:StartDateTime", RULES(line_start_rules)},
    {LINE_PERIOD "ram:EndDateTime", RULES(line_end_rules)},
    {"ram:IncludedSupplyChainTradeLineItem", RULES(line_rules)},
    {PRICE_OF("Net"), RULES(price_rules)},
    {PRICE_OF("Gross"), RULES(price_rules)},
    {PRICE_OF("Net") "/ram:BasisQuantity[@unitCode]", RULES(unit_rules)},
    {PRICE_OF("Gross") "/ram:BasisQuantity[@unitCode]", RULES(unit_rules)},
    {"ram:URIID[@schemeID]", NULL, 0, judge_identifier},
    {"ram:ID[@schemeID]", NULL, 0, judge_identifier},
    {"ram:GlobalID[@schemeID]", NULL, 0, judge_identifier},
    {"ram:SpecifiedTaxRegistration", NULL, 0, judge_registration},
};
const struct pattern pattern_peppol_cii_model = PATTERN(model_contexts);

/* ---- code lists and dates ---- */

/* As published, a scheme that says nothing passes. */
static bool endpoint_is_known(struct judge *j, xmlNode *n, const struct rule *r)
{
    const char *scheme = node_value(j->arena, n, r->arg);
    return scheme && (!*scheme || code_is_in(r->list, scheme));
}

static bool is_plain_date(struct judge *j, xmlNode *n, const struct rule *r)
{
    const char *date = node_text(j->arena, n);
    return strcmp(node_trimmed(j->arena, n, r->arg), "102") == 0 && strlen(date) == 8 && strncmp(date, "20", 2) == 0 && strspn(date, "0123456789") == 8;
}

static const struct rule media_type[] = {{ID("CL001"), F, holds_in_list_as_written, "@mimeCode", "Attach only PDF, PNG, JPEG, CSV, XLSX or ODS files.", &code_mime}};
static const struct rule allowance_reason[] = {{ID("CL002"), F, holds_in_list, ".", "Use a reason of UNTDID 5189 for the allowance.", &code_allowance_reason}};
static const struct rule charge_reason[] = {{ID("CL003"), F, holds_in_list, ".", "Use a reason of UNTDID 7161 for the charge.", &code_charge_reason}};
static const struct rule currency[] = {{ID("CL007"), F, holds_in_list_as_written, "@currencyID", "State the amount's currency by its ISO 4217 code.", &code_peppol_cii_currency}};
static const struct rule endpoint[] = {{ID("CL008"), F, endpoint_is_known, "@schemeID", "Use a scheme of the EAS list for the electronic address.", &code_peppol_cii_endpoint}};
static const struct rule date[] = {{ID("F001"), F, is_plain_date, "@format", "Write dates as YYYYMMDD (format 102).", NULL}};

static void judge_reason(struct judge *j, xmlNode *n)
{
    const char *word = node_trimmed(j->arena, n->parent, INDICATOR);
    const struct rule *r = strcmp(word, "false") == 0 ? allowance_reason : strcmp(word, "true") == 0 ? charge_reason : NULL;
    if (r && !r->holds(j, n, r))
        judge_report(j, r->id, r->severity, n, r->advice);
}

static const struct context code_contexts[] = {
    {"ram:AttachmentBinaryObject[@mimeCode]", RULES(media_type)},
    {"ram:SpecifiedTradeAllowanceCharge/ram:ReasonCode", NULL, 0, judge_reason},
    {"ram:TaxTotalAmount[@currencyID]", RULES(currency)},
    {"udt:DateTimeString", RULES(date)},
    {"ram:BuyerTradeParty/ram:URIUniversalCommunication/ram:URIID", RULES(endpoint)},
    {"ram:SellerTradeParty/ram:URIUniversalCommunication/ram:URIID", RULES(endpoint)},
};
const struct pattern pattern_peppol_cii_codes = PATTERN(code_contexts);
