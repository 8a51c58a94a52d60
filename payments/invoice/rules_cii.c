/* BR, BR-CO and BR-DEC as they are bound to UN/CEFACT CII D16B (CEN/TS 16931-3-3). */
#include <string.h>

#include "daemon/base/arena.h"
#include "payments/invoice/facts.h"
#include "payments/invoice/judge.h"
#include "payments/invoice/rules_cii.h"
#include "payments/invoice/rules_ubl.h"

#define F INVOICE_FATAL
#define T "rsm:SupplyChainTradeTransaction/"
#define AGREEMENT T "ram:ApplicableHeaderTradeAgreement/"
#define SETTLEMENT T "ram:ApplicableHeaderTradeSettlement/"
#define SUMMATION SETTLEMENT "ram:SpecifiedTradeSettlementHeaderMonetarySummation/"
#define DECIMALS(id, path, what) {id, F, holds_two_decimals, path, what " may have at most two decimals.", NULL}

/* arg: the party. Without an electronic address there is nothing to complain about. */
static bool endpoint_has_scheme(struct judge *j, xmlNode *n, const struct rule *r)
{
    xmlNode *party = node_first(n, r->arg);
    return !party || !node_has(party, "ram:URIUniversalCommunication") || *node_trimmed(j->arena, party, "ram:URIUniversalCommunication/ram:URIID/@schemeID");
}

struct currency_total {
    struct arena *arena;
    const char *currency;
    size_t n;
    struct decimal amount;
    bool readable;
};

static bool keep_total(void *context, xmlNode *n)
{
    struct currency_total *t = context;
    const char *currency = node_attribute(t->arena, n, "currencyID", 10);
    if (currency && strcmp(currency, t->currency) == 0 && t->n++ == 0)
        t->readable = decimal_read(str_of(node_text(t->arena, n)), &t->amount);
    return true;
}

static bool cii_total_with_vat_adds_up(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    struct currency_total vat = {.arena = j->arena, .currency = node_value(j->arena, n, SETTLEMENT "ram:InvoiceCurrencyCode")};
    struct decimal with, without, sum;
    if (!vat.currency)
        return true;
    if (!node_number(j->arena, n, SUMMATION "ram:GrandTotalAmount", &with) || !node_number(j->arena, n, SUMMATION "ram:TaxBasisTotalAmount", &without))
        return false;
    if (decimal_equal(with, without))
        return true;
    node_each(n, SUMMATION "ram:TaxTotalAmount", keep_total, &vat);
    return vat.n == 1 && vat.readable && decimal_add(without, vat.amount, &sum) && decimal_equal(with, decimal_round(sum, 2));
}

static const struct rule document_rules[] = {
    {"BR-01", F, holds_filled, "rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", "State the specification that the invoice follows.", NULL},
    {"BR-02", F, holds_filled, "rsm:ExchangedDocument/ram:ID", "Give the invoice a number.", NULL},
    {"BR-03", F, holds_filled, "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString[@format=102]", "Give the date of the invoice as YYYYMMDD (format 102).", NULL},
    {"BR-04", F, holds_filled, "rsm:ExchangedDocument/ram:TypeCode", "State the type of document, such as 380.", NULL},
    {"BR-05", F, holds_filled, SETTLEMENT "ram:InvoiceCurrencyCode", "State the currency of the invoice, such as GBP.", NULL},
    {"BR-06", F, holds_filled, AGREEMENT "ram:SellerTradeParty/ram:Name", "Give the seller's legal name.", NULL},
    {"BR-07", F, holds_filled, AGREEMENT "ram:BuyerTradeParty/ram:Name", "Give the buyer's legal name.", NULL},
    {"BR-08", F, holds_exists, AGREEMENT "ram:SellerTradeParty/ram:PostalTradeAddress", "Give the seller's postal address.", NULL},
    {"BR-09", F, holds_filled, AGREEMENT "ram:SellerTradeParty/ram:PostalTradeAddress/ram:CountryID", "Give the seller's country, such as GB.", NULL},
    {"BR-10", F, holds_exists, AGREEMENT "ram:BuyerTradeParty/ram:PostalTradeAddress", "Give the buyer's postal address.", NULL},
    {"BR-11", F, holds_filled, AGREEMENT "ram:BuyerTradeParty/ram:PostalTradeAddress/ram:CountryID", "Give the buyer's country, such as GB.", NULL},
    {"BR-16", F, holds_exists, T "ram:IncludedSupplyChainTradeLineItem", "Add at least one line.", NULL},
    {"BR-62", F, endpoint_has_scheme, AGREEMENT "ram:SellerTradeParty", "Say which kind of electronic address the seller's is.", NULL},
    {"BR-63", F, endpoint_has_scheme, AGREEMENT "ram:BuyerTradeParty", "Say which kind of electronic address the buyer's is.", NULL},
    {"BR-CO-15", F, cii_total_with_vat_adds_up, NULL, "Make the total with VAT equal the total without VAT plus the one VAT total in the invoice currency.", NULL},
};

/* ---- totals ---- */

static bool is_sum(struct judge *j, xmlNode *n, const char *path, bool broken, struct decimal sum)
{
    struct decimal stated;
    return !broken && node_number(j->arena, n, path, &stated) && decimal_equal(stated, decimal_round(sum, 2));
}

static bool cii_lines_add_up(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    return is_sum(j, n, "ram:LineTotalAmount", j->facts->lines_are_broken, j->facts->lines);
}

static bool cii_allowances_add_up(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    return (!j->facts->has_own_allowance && !node_has(n, "ram:AllowanceTotalAmount")) ||
           is_sum(j, n, "ram:AllowanceTotalAmount", j->facts->own_allowances_are_broken, j->facts->own_allowances);
}

static bool cii_charges_add_up(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    return (!j->facts->has_own_charge && !node_has(n, "ram:ChargeTotalAmount")) ||
           is_sum(j, n, "ram:ChargeTotalAmount", j->facts->own_charges_are_broken, j->facts->own_charges);
}

/* A total that is not stated counts as zero; one that is no number fails. */
static bool number_or_zero(struct judge *j, xmlNode *n, const char *path, struct decimal *ret)
{
    *ret = DECIMAL_ZERO;
    return !node_has(n, path) || node_number(j->arena, n, path, ret);
}

static bool cii_total_without_vat_adds_up(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    struct decimal lines, allowances, charges;
    return node_number(j->arena, n, "ram:LineTotalAmount", &lines) && number_or_zero(j, n, "ram:AllowanceTotalAmount", &allowances) &&
           number_or_zero(j, n, "ram:ChargeTotalAmount", &charges) && decimal_sub(lines, allowances, &lines) && decimal_add(lines, charges, &lines) &&
           is_sum(j, n, "ram:TaxBasisTotalAmount", false, lines);
}

static bool cii_amount_due_adds_up(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    struct decimal due, total, paid, rounding;
    return node_number(j->arena, n, "ram:DuePayableAmount", &due) && node_number(j->arena, n, "ram:GrandTotalAmount", &total) &&
           number_or_zero(j, n, "ram:TotalPrepaidAmount", &paid) && number_or_zero(j, n, "ram:RoundingAmount", &rounding) &&
           decimal_sub(total, paid, &total) && decimal_add(total, rounding, &total) && decimal_equal(due, total);
}

static const char *currency_of(struct judge *j, const char *path)
{
    return node_value(j->arena, j->root, path);
}

static bool cii_tax_currency_has_total(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    const char *tax = currency_of(j, SETTLEMENT "ram:TaxCurrencyCode"), *own = currency_of(j, SETTLEMENT "ram:InvoiceCurrencyCode");
    if (!tax)
        return true;
    struct currency_total total = {.arena = j->arena, .currency = tax};
    node_each(n, "ram:TaxTotalAmount", keep_total, &total);
    return total.n > 0 && !(own && strcmp(own, tax) == 0);
}

struct precision {
    struct arena *arena;
    const char *currency;
    bool invoice; /* amounts in other currencies are no concern of this rule */
};

static bool is_imprecise(void *context, xmlNode *n)
{
    struct precision *p = context;
    const char *currency = node_attribute(p->arena, n, "currencyID", 10);
    bool own = currency && p->currency && strcmp(currency, p->currency) == 0;
    struct decimal d;
    bool two = node_number(p->arena, n, ".", &d) && d.scale <= 2;
    return !((own && two) || (p->invoice ? !own : p->currency == NULL));
}

/* As published: one VAT total that is in order is enough. */
static bool vat_total_is_precise(struct judge *j, xmlNode *n, const struct rule *r)
{
    struct precision p = {j->arena, currency_of(j, r->arg), strstr(r->arg, "Invoice") != NULL};
    return !node_has(n, "ram:TaxTotalAmount") || !node_each(n, "ram:TaxTotalAmount", is_imprecise, &p);
}

static const struct rule total_rules[] = {
    {"BR-12", F, holds_exists, "ram:LineTotalAmount", "Give the sum of the lines.", NULL},
    {"BR-13", F, holds_exists, "ram:TaxBasisTotalAmount", "Give the total without VAT.", NULL},
    {"BR-14", F, holds_exists, "ram:GrandTotalAmount", "Give the total with VAT.", NULL},
    {"BR-15", F, holds_exists, "ram:DuePayableAmount", "Give the amount due for payment.", NULL},
    {"BR-53", F, cii_tax_currency_has_total, NULL, "State the VAT total in the accounting currency as well, and name one only when it differs.", NULL},
    {"BR-CO-10", F, cii_lines_add_up, NULL, "Make the sum of the lines equal the lines' net amounts added together.", NULL},
    {"BR-CO-11", F, cii_allowances_add_up, NULL, "Make the total of allowances equal the allowances added together.", NULL},
    {"BR-CO-12", F, cii_charges_add_up, NULL, "Make the total of charges equal the charges added together.", NULL},
    {"BR-CO-13", F, cii_total_without_vat_adds_up, NULL, "Make the total without VAT equal the lines minus allowances plus charges.", NULL},
    {"BR-CO-16", F, cii_amount_due_adds_up, NULL, "Make the amount due equal the total with VAT minus what is paid plus rounding.", NULL},
    DECIMALS("BR-DEC-09", "ram:LineTotalAmount", "The sum of the lines"),
    DECIMALS("BR-DEC-10", "ram:AllowanceTotalAmount", "The total of allowances"),
    DECIMALS("BR-DEC-11", "ram:ChargeTotalAmount", "The total of charges"),
    DECIMALS("BR-DEC-12", "ram:TaxBasisTotalAmount", "The total without VAT"),
    {"BR-DEC-13", F, vat_total_is_precise, SETTLEMENT "ram:InvoiceCurrencyCode", "The VAT total may have at most two decimals.", NULL},
    DECIMALS("BR-DEC-14", "ram:GrandTotalAmount", "The total with VAT"),
    {"BR-DEC-15", F, vat_total_is_precise, SETTLEMENT "ram:TaxCurrencyCode", "The VAT total in the accounting currency may have at most two decimals.", NULL},
    DECIMALS("BR-DEC-16", "ram:TotalPrepaidAmount", "The amount paid"),
    DECIMALS("BR-DEC-17", "ram:RoundingAmount", "The rounding amount"),
    DECIMALS("BR-DEC-18", "ram:DuePayableAmount", "The amount due"),
};

/* ---- lines ---- */

static bool gross_price_is_not_negative(struct judge *j, xmlNode *n, const struct rule *r)
{
    return !node_has(n, r->arg) || holds_not_negative(j, n, r);
}

static bool scheme_is_filled(struct judge *j, xmlNode *n, const struct rule *r)
{
    xmlNode *id = node_first(n, r->arg);
    return !id || *node_trimmed(j->arena, id, r->list ? "@listID" : "@schemeID");
}

static bool has_breakdown(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)n;
    (void)r;
    return j->facts->has_breakdown;
}

static const struct rule line_rules[] = {
    {"BR-21", F, holds_filled, "ram:AssociatedDocumentLineDocument/ram:LineID", "Give the line a number.", NULL},
    {"BR-22", F, holds_exists, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity", "Give the quantity of the line.", NULL},
    {"BR-23", F, holds_exists, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity/@unitCode", "Give the unit of the quantity by code, such as HUR for hours.", NULL},
    {"BR-24", F, holds_exists, "ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount", "Give the net amount of the line.", NULL},
    {"BR-25", F, holds_filled, "ram:SpecifiedTradeProduct/ram:Name", "Name the service or item of the line.", NULL},
    {"BR-26", F, holds_exists, "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount", "Give the net price.", NULL},
    {"BR-27", F, holds_not_negative, "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount", "The net price may not be negative: use a negative quantity or a credit note.", NULL},
    {"BR-28", F, gross_price_is_not_negative, "ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice/ram:ChargeAmount", "The gross price may not be negative.", NULL},
    {"BR-64", F, scheme_is_filled, "ram:SpecifiedTradeProduct/ram:GlobalID", "Say which scheme the item's standard identifier belongs to.", NULL},
    {"BR-CO-04", F, holds_exists, "ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax[VAT]/ram:CategoryCode", "Give the VAT category of the line.", NULL},
    {"BR-CO-18", F, has_breakdown, NULL, "Add a VAT breakdown with at least one entry.", NULL},
    DECIMALS("BR-DEC-23", "ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount", "The net amount of a line"),
};

#define REASON "../ram:Reason|../ram:ReasonCode"
static const struct rule allowance_rules[] = {
    {"BR-31", F, holds_exists, "../ram:ActualAmount", "Give the amount of the allowance.", NULL},
    {"BR-32", F, holds_exists, "../ram:CategoryTradeTax[VAT]/ram:CategoryCode", "Give the VAT category of the allowance.", NULL},
    {"BR-33", F, holds_any, REASON, "Say in words or by code why the allowance is given.", NULL},
    {"BR-CO-21", F, holds_any, REASON, "Say in words or by code why the allowance is given.", NULL},
    DECIMALS("BR-DEC-01", "../ram:ActualAmount", "The amount of an allowance"),
    DECIMALS("BR-DEC-02", "../ram:BasisAmount", "The amount that an allowance is worked out from"),
};
static const struct rule charge_rules[] = {
    {"BR-36", F, holds_exists, "../ram:ActualAmount", "Give the amount of the charge.", NULL},
    {"BR-37", F, holds_exists, "../ram:CategoryTradeTax[VAT]/ram:CategoryCode", "Give the VAT category of the charge.", NULL},
    {"BR-38", F, holds_any, REASON, "Say in words or by code what the charge is for.", NULL},
    {"BR-CO-22", F, holds_any, REASON, "Say in words or by code what the charge is for.", NULL},
    DECIMALS("BR-DEC-05", "../ram:ActualAmount", "The amount of a charge"),
    DECIMALS("BR-DEC-06", "../ram:BasisAmount", "The amount that a charge is worked out from"),
};
static const struct rule line_allowance_rules[] = {
    {"BR-41", F, holds_exists, "../ram:ActualAmount", "Give the amount of the line's allowance.", NULL},
    {"BR-42", F, holds_any, REASON, "Say in words or by code why the line's allowance is given.", NULL},
    {"BR-CO-23", F, holds_any, REASON, "Say in words or by code why the line's allowance is given.", NULL},
    DECIMALS("BR-DEC-24", "../ram:ActualAmount", "The amount of a line's allowance"),
    DECIMALS("BR-DEC-25", "../ram:BasisAmount", "The amount that a line's allowance is worked out from"),
};
static const struct rule line_charge_rules[] = {
    {"BR-43", F, holds_exists, "../ram:ActualAmount", "Give the amount of the line's charge.", NULL},
    {"BR-44", F, holds_any, REASON, "Say in words or by code what the line's charge is for.", NULL},
    {"BR-CO-24", F, holds_any, REASON, "Say in words or by code what the line's charge is for.", NULL},
    DECIMALS("BR-DEC-27", "../ram:ActualAmount", "The amount of a line's charge"),
    DECIMALS("BR-DEC-28", "../ram:BasisAmount", "The amount that a line's charge is worked out from"),
};

/* Dates of format 102 are compared as texts, as published. */
static bool cii_period_is_in_order(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    if (!node_has(n, "ram:StartDateTime") || !node_has(n, "ram:EndDateTime"))
        return true;
    const char *start = node_value(j->arena, n, "ram:StartDateTime/udt:DateTimeString[@format=102]");
    const char *end = node_value(j->arena, n, "ram:EndDateTime/udt:DateTimeString[@format=102]");
    return start && end && strcmp(end, start) >= 0;
}

static const struct rule line_period_rules[] = {
    {"BR-30", F, cii_period_is_in_order, NULL, "End the line's period on or after the day it starts.", NULL},
    {"BR-CO-20", F, holds_any, "ram:StartDateTime|ram:EndDateTime", "Give the first or the last day of the line's period, or leave the period out.", NULL},
};
static const struct rule period_rules[] = {
    {"BR-29", F, cii_period_is_in_order, NULL, "End the period on or after the day it starts.", NULL},
    {"BR-CO-19", F, holds_any, "ram:StartDateTime|ram:EndDateTime", "Give the first or the last day of the period, or leave the period out.", NULL},
};

/* ---- parties, references, payment ---- */

struct looking {
    struct arena *arena;
    const char *path, *wanted;
    xmlNode *among;
};

static bool differs(void *context, xmlNode *n)
{
    const struct looking *l = context;
    return strcmp(node_text(l->arena, n), l->wanted) != 0;
}

static bool is_not_among(void *context, xmlNode *n)
{
    struct looking *l = context;
    l->wanted = node_text(l->arena, n);
    return node_each(l->among, l->path, differs, l);
}

/* Whether payee and seller have a value in common. */
static bool same_value(struct judge *j, xmlNode *n, const char *path)
{
    struct looking l = {.arena = j->arena, .path = path, .among = j->facts->seller};
    return l.among && !node_each(n, path, is_not_among, &l);
}

static bool cii_payee_is_named_and_other(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    return node_has(n, "ram:Name") && !same_value(j, n, "ram:Name") && !same_value(j, n, "ram:ID") && !same_value(j, n, "ram:SpecifiedLegalOrganization/ram:ID");
}

static bool deliver_to_has_country(struct judge *j, xmlNode *n, const struct rule *r)
{
    return !node_has(n, "ram:ShipToTradeParty/ram:PostalTradeAddress") || holds_filled(j, n, r);
}

static bool cii_vat_id_has_country(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    const char *id = node_text(j->arena, n), *start = arena_strndup(j->arena, id, strnlen(id, 2));
    return cii_country_is_known(start) || strcmp(start, "EL") == 0;
}

static bool vat_total_adds_up(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    const char *own = currency_of(j, SETTLEMENT "ram:InvoiceCurrencyCode"), *currency = node_attribute(j->arena, n, "currencyID", 10);
    return !own || !currency || strcmp(own, currency) != 0 || is_sum(j, n, ".", j->facts->taxes_are_broken, j->facts->taxes);
}

static const struct rule classification_rules[] = {{"BR-65", F, scheme_is_filled, "ram:ClassCode", "Say which scheme the item's classification belongs to.", &code_item_scheme}};
static const struct rule attachment_rules[] = {{"BR-52", F, holds_filled, "ram:IssuerAssignedID", "Give the supporting document a reference.", NULL}};
static const struct rule card_rules[] = {{"BR-51", F, holds_at_most_ten, "ram:ID", "Never state a full card number: at most the first six and last four digits.", NULL}};
static const struct rule account_rules[] = {
    {"BR-50", F, holds_any_filled, "ram:IBANID|ram:ProprietaryID", "Give the account number to pay to.", NULL},
    {"BR-61", F, holds_any, "ram:IBANID|ram:ProprietaryID", "Give the account number to pay to, because payment is by credit transfer.", NULL},
};
static const struct rule delivery_rules[] = {{"BR-57", F, deliver_to_has_country, "ram:ShipToTradeParty/ram:PostalTradeAddress/ram:CountryID", "Give the country that was delivered to.", NULL}};
static const struct rule attribute_rules[] = {{"BR-54", F, holds_all, "ram:Description|ram:Value", "Give the item attribute both a name and a value.", NULL}};
static const struct rule payee_rules[] = {{"BR-17", F, cii_payee_is_named_and_other, NULL, "Name the payee only when it is not the seller, and then name it.", NULL}};
static const struct rule means_rules[] = {{"BR-49", F, holds_exists, "ram:TypeCode", "State the means of payment by code, such as 30 for a credit transfer.", NULL}};
static const struct rule preceding_rules[] = {{"BR-55", F, holds_filled, "ram:IssuerAssignedID", "Give the number of the earlier invoice.", NULL}};
static const struct rule seller_rules[] = {{"BR-CO-26", F, holds_any, "ram:ID|ram:GlobalID|ram:SpecifiedLegalOrganization/ram:ID|ram:SpecifiedTaxRegistration/ram:ID[@schemeID=VA]", "Give an identifier, a registration number or a VAT number of the seller.", NULL}};
static const struct rule representative_rules[] = {
    {"BR-18", F, holds_filled, "ram:Name", "Name the tax representative.", NULL},
    {"BR-19", F, holds_exists, "ram:PostalTradeAddress", "Give the tax representative's postal address.", NULL},
    {"BR-20", F, holds_filled, "ram:PostalTradeAddress/ram:CountryID", "Give the tax representative's country.", NULL},
    {"BR-56", F, holds_filled, "ram:SpecifiedTaxRegistration/ram:ID[@schemeID=VA]", "Give the tax representative's VAT number.", NULL},
};
static const struct rule vat_total_rules[] = {{"BR-CO-14", F, vat_total_adds_up, NULL, "Make the VAT total equal the VAT amounts of the breakdown added together.", NULL}};
static const struct rule vat_id_rules[] = {{"BR-CO-09", F, cii_vat_id_has_country, NULL, "Start the VAT number with the code of its country, such as GB.", NULL}};

static const struct context contexts[] = {
    {"/", document_rules, sizeof document_rules / sizeof *document_rules, judge_cii_vat_document},
    {"ram:DesignatedProductClassification", RULES(classification_rules)},
    {"ram:AdditionalReferencedDocument", RULES(attachment_rules)},
    {"ram:ApplicableTradeSettlementFinancialCard", RULES(card_rules)},
    {"ram:SpecifiedTradeSettlementPaymentMeans[ram:TypeCode=30|58]/ram:PayeePartyCreditorFinancialAccount", RULES(account_rules)},
    {"/" T "ram:ApplicableHeaderTradeDelivery", RULES(delivery_rules)},
    {"ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeAllowanceCharge/ram:ChargeIndicator[udt:Indicator=false]", RULES(allowance_rules)},
    {"ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeAllowanceCharge/ram:ChargeIndicator[udt:Indicator=true]", RULES(charge_rules)},
    {"ram:SpecifiedTradeSettlementHeaderMonetarySummation", RULES(total_rules)},
    {"ram:IncludedSupplyChainTradeLineItem", RULES(line_rules)},
    {"ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeAllowanceCharge/ram:ChargeIndicator[udt:Indicator=false]", RULES(line_allowance_rules)},
    {"ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeAllowanceCharge/ram:ChargeIndicator[udt:Indicator=true]", RULES(line_charge_rules)},
    {"ram:SpecifiedLineTradeSettlement/ram:BillingSpecifiedPeriod", RULES(line_period_rules)},
    {"ram:ApplicableHeaderTradeSettlement/ram:BillingSpecifiedPeriod", RULES(period_rules)},
    {"ram:ApplicableProductCharacteristic", RULES(attribute_rules)},
    {"ram:PayeeTradeParty", RULES(payee_rules)},
    {"ram:SpecifiedTradeSettlementPaymentMeans", RULES(means_rules)},
    {"/" SETTLEMENT "ram:InvoiceReferencedDocument", RULES(preceding_rules)},
    {"ram:SellerTradeParty", RULES(seller_rules)},
    {"ram:SellerTaxRepresentativeTradeParty", RULES(representative_rules)},
    {"ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:TaxTotalAmount", RULES(vat_total_rules)},
    {"ram:SpecifiedTaxRegistration/ram:ID[@schemeID=VA]", RULES(vat_id_rules)},
    {"ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax/ram:CategoryCode", NULL, 0, judge_cii_vat_breakdown},
    {"ram:SpecifiedTradeAllowanceCharge[allowance]/ram:CategoryTradeTax[VAT]", NULL, 0, judge_cii_vat_allowance},
    {"ram:SpecifiedTradeAllowanceCharge[charge]/ram:CategoryTradeTax[VAT]", NULL, 0, judge_cii_vat_charge},
    {"/" T "ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax[VAT]", NULL, 0, judge_cii_vat_line},
    {"ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax", NULL, 0, judge_cii_vat_entry},
};

const struct pattern pattern_cii_model = PATTERN(contexts);
