/* BR-CL in CII: codes must come from the code lists of EN 16931. */
#include <string.h>

#include "daemon/base/arena.h"
#include "payments/invoice/judge.h"
#include "payments/invoice/rules_cii.h"

#define F INVOICE_FATAL
#define CODE(name, id, path, list, advice) static const struct rule name[] = {{id, F, holds_in_list, path, advice, &list}}

CODE(vat_currency, "BR-CL-03", "@currencyID", code_currency, "State the amount's currency by its ISO 4217 code, such as GBP.");
CODE(document_currency, "BR-CL-04", ".", code_currency, "State the invoice currency by its ISO 4217 code, such as GBP.");
CODE(tax_currency, "BR-CL-05", ".", code_currency, "State the accounting currency by its ISO 4217 code, such as GBP.");
CODE(tax_point, "BR-CL-06", ".", code_cii_tax_point, "Use 5, 29 or 72 for the VAT point.");
CODE(object_scheme, "BR-CL-07", ".", code_object_scheme, "Use a scheme of UNTDID 1153 for the invoiced object.");
CODE(party_scheme, "BR-CL-10", "@schemeID", code_icd, "Use a scheme of ISO 6523 for the party's identifier, such as 0088 for a GLN.");
CODE(company_scheme, "BR-CL-11", "@schemeID", code_icd, "Use a scheme of ISO 6523 for the registration number, or none.");
CODE(item_scheme, "BR-CL-13", "@listID", code_item_scheme, "Use a list of UNTDID 7143 for the item's classification.");
CODE(means, "BR-CL-16", ".", code_payment_means, "Use a code of UNTDID 4461 for the means of payment, such as 30.");
CODE(category, "BR-CL-17", ".", code_vat_category, "Use one of the VAT categories S, Z, E, AE, K, G, O, L, M, B.");
CODE(applicable_category, "BR-CL-18", ".", code_vat_category, "Use one of the VAT categories S, Z, E, AE, K, G, O, L, M, B.");
CODE(allowance_reason, "BR-CL-19", ".", code_allowance_reason, "Use a reason of UNTDID 5189 for the allowance, such as 95 for a discount.");
CODE(charge_reason, "BR-CL-20", ".", code_charge_reason, "Use a reason of UNTDID 7161 for the charge, such as FC for freight.");
CODE(standard_scheme, "BR-CL-21", "@schemeID", code_icd, "Use a scheme of ISO 6523 for the item's standard identifier, such as 0160 for a GTIN.");
CODE(unit, "BR-CL-23", "@unitCode", code_unit, "Use a unit of UN/ECE Recommendation 20, such as HUR for hours or DAY for days.");
CODE(endpoint_scheme, "BR-CL-25", "@schemeID", code_endpoint, "Use a scheme of the EAS list for the electronic address.");
CODE(location_scheme, "BR-CL-26", "@schemeID", code_icd, "Use a scheme of ISO 6523 for the delivery location.");

/* CII has one type element for invoices and credit notes. */
static bool type_is_known(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    const char *code = node_trimmed(j->arena, n, ".");
    return code_is_in(&code_invoice_type, code) || code_is_in(&code_credit_note_type, code);
}

static const struct rule type[] = {{"BR-CL-01", F, type_is_known, NULL, "Use a document type of UNTDID 1001, such as 380.", NULL}};

/* CII knows more subjects than UBL. */
static bool subject_is_known(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    const char *code = node_trimmed(j->arena, n, ".");
    return code_is_in(&code_note_subject, code) || code_is_in(&code_cii_note_subject, code);
}

static const struct rule subject[] = {{"BR-CL-08", F, subject_is_known, NULL, "Use a subject code of UNTDID 4451 for the note.", NULL}};

/* The list published for CII still has AN and not yet SS. */
bool cii_country_is_known(const char *code)
{
    return strcmp(code, "AN") == 0 || (strcmp(code, "SS") != 0 && code_is_in(&code_country, code));
}

static bool country_is_known(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    return cii_country_is_known(node_trimmed(j->arena, n, "."));
}

static const struct rule country[] = {{"BR-CL-14", F, country_is_known, NULL, "Use the ISO 3166-1 code of the country, such as GB.", NULL}};
static const struct rule origin[] = {{"BR-CL-15", F, country_is_known, NULL, "Use the ISO 3166-1 code of the country of origin.", NULL}};

/* The one list whose codes are compared as they are written. */
static const struct rule media_type[] = {
    {"BR-CL-24", F, holds_in_list_as_written, "@mimeCode", "Attach only PDF, PNG, JPEG, CSV, XLSX or ODS files.", &code_mime}};

/* BR-CL-22: the one list whose codes may be written in small letters. */
static bool reason_is_known(struct judge *j, xmlNode *n, const struct rule *r)
{
    char *code = arena_strdup(j->arena, node_trimmed(j->arena, n, r->arg));
    for (char *p = code; *p; p++)
        *p = *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
    return code_is_in(r->list, code);
}

static const struct rule exemption[] = {{"BR-CL-22", F, reason_is_known, ".", "Use a reason of the VATEX list, such as VATEX-EU-132-1G for welfare services.", &code_vatex}};

static bool is_below(xmlNode *n, const char *path)
{
    for (n = n->parent; n && n->type == XML_ELEMENT_NODE; n = n->parent)
        if (node_matches(n, path))
            return true;
    return false;
}

static void judge_one(struct judge *j, xmlNode *n, const struct rule *r)
{
    if (!r->holds(j, n, r))
        judge_report(j, r->id, r->severity, n, r->advice);
}

static void judge_global_id(struct judge *j, xmlNode *n)
{
    if (!is_below(n, "ram:SpecifiedTradeProduct") && !is_below(n, "ram:ShipToTradeParty"))
        judge_one(j, n, party_scheme);
    else if (node_matches(n, "ram:SpecifiedTradeProduct/ram:GlobalID"))
        judge_one(j, n, standard_scheme);
    else if (node_matches(n, "ram:ApplicableHeaderTradeDelivery/ram:ShipToTradeParty/ram:GlobalID"))
        judge_one(j, n, location_scheme);
}

static void judge_id(struct judge *j, xmlNode *n)
{
    if (node_has(n, "@schemeID") && !is_below(n, "ram:SpecifiedTaxRegistration"))
        judge_one(j, n, company_scheme);
    else if (node_matches(n, "ram:OriginTradeCountry/ram:ID"))
        judge_one(j, n, origin);
}

static const struct context contexts[] = {
    {"rsm:ExchangedDocument/ram:TypeCode", RULES(type)},
    {"ram:TaxTotalAmount[@currencyID]", RULES(vat_currency)},
    {"ram:InvoiceCurrencyCode", RULES(document_currency)},
    {"ram:TaxCurrencyCode", RULES(tax_currency)},
    {"ram:DueDateTypeCode", RULES(tax_point)},
    {"ram:ReferenceTypeCode", RULES(object_scheme)},
    {"ram:SubjectCode", RULES(subject)},
    {"ram:GlobalID[@schemeID]", NULL, 0, judge_global_id},
    {"ram:ID", NULL, 0, judge_id},
    {"ram:ClassCode[@listID]", RULES(item_scheme)},
    {"ram:CountryID", RULES(country)},
    {"ram:SpecifiedTradeSettlementPaymentMeans/ram:TypeCode", RULES(means)},
    {"ram:CategoryTradeTax/ram:CategoryCode", RULES(category)},
    {"ram:ApplicableTradeTax/ram:CategoryCode", RULES(applicable_category)},
    {"ram:SpecifiedTradeAllowanceCharge[allowance]/ram:ReasonCode", RULES(allowance_reason)},
    {"ram:SpecifiedTradeAllowanceCharge[charge]/ram:ReasonCode", RULES(charge_reason)},
    {"ram:ExemptionReasonCode", RULES(exemption)},
    {"ram:BasisQuantity[@unitCode]", RULES(unit)},
    {"ram:BilledQuantity[@unitCode]", RULES(unit)},
    {"ram:AttachmentBinaryObject[@mimeCode]", RULES(media_type)},
    {"ram:URIUniversalCommunication/ram:URIID[@schemeID]", RULES(endpoint_scheme)},
};

const struct pattern pattern_cii_codes = PATTERN(contexts);
