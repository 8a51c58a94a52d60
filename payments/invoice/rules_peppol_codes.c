/* Peppol BIS Billing 3.0.21: narrower code lists, dates, and which category a VATEX reason belongs to. */
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/civil.h"
#include "payments/invoice/judge.h"
#include "payments/invoice/rules_peppol.h"

#define F INVOICE_FATAL
#define ID(number) "PEPPOL-EN16931-" number
#define CODE(name, id, path, list, advice) static const struct rule name[] = {{ID(id), F, holds_in_list, path, advice, &list}}

CODE(allowance_reason, "CL002", ".", code_allowance_reason, "Use a reason of UNTDID 5189 for the allowance.");
CODE(charge_reason, "CL003", ".", code_charge_reason, "Use a reason of UNTDID 7161 for the charge.");
CODE(tax_point, "CL006", ".", code_tax_point, "Use 3, 35 or 432 for the VAT point.");

/* These lists are compared without trimming. */
static const struct rule media_type[] = {{ID("CL001"), F, holds_in_list_as_written, "@mimeCode", "Attach only PDF, PNG, JPEG, CSV, XLSX or ODS files.", &code_mime}};
static const struct rule currency[] = {{ID("CL007"), F, holds_in_list_as_written, "@currencyID", "State the amount's currency by its ISO 4217 code.", &code_peppol_currency}};
static const struct rule endpoint[] = {{ID("CL008"), F, holds_in_list_as_written, "@schemeID", "Use a scheme of the EAS list for the electronic address.", &code_peppol_endpoint}};

static bool has_known_profile(struct judge *j)
{
    const char *profile = node_trimmed(j->arena, j->root, "cbc:ProfileID");
    return strcmp(profile, "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0") == 0 || strcmp(profile, "urn:peppol:france:billing:regulated") == 0 ||
           strcmp(profile, "urn:peppol:france:billing:non-regulated") == 0 || strcmp(profile, "urn:peppol:bis:billing_with_response") == 0;
}

static bool type_fits_profile(struct judge *j, xmlNode *n, const struct rule *r)
{
    return !has_known_profile(j) || holds_in_list(j, n, r);
}

static bool country_is_german(struct judge *j, const char *path)
{
    return text_same_nocase(node_trimmed(j->arena, j->root, path), "DE");
}

/* 326 and 384 are for invoices within Germany. */
static bool type_fits_country(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    const char *type = node_trimmed(j->arena, n, ".");
    return (strcmp(type, "326") != 0 && strcmp(type, "384") != 0) ||
           (country_is_german(j, "cac:AccountingSupplierParty/cac:Party/cac:PostalAddress/cac:Country/cbc:IdentificationCode") &&
            country_is_german(j, "cac:AccountingCustomerParty/cac:Party/cac:PostalAddress/cac:Country/cbc:IdentificationCode"));
}

static const struct rule invoice_type[] = {
    {ID("P0100"), F, type_fits_profile, ".", "Use a document type that Peppol permits for invoices, such as 380.", &code_peppol_invoice_type},
    {ID("P0112"), F, type_fits_country, ".", "Types 326 and 384 are for invoices within Germany only.", NULL},
};
static const struct rule credit_note_type[] = {
    {ID("P0101"), F, type_fits_profile, ".", "Use a document type that Peppol permits for credit notes, such as 381.", &code_peppol_credit_note_type}};

static bool is_plain_date(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    int32_t day;
    return civil_read(str_of(node_text(j->arena, n)), &day);
}

static const struct rule date[] = {{ID("F001"), F, is_plain_date, NULL, "Write dates as YYYY-MM-DD.", NULL}};

static const struct {
    const char *reason, *category, *id, *advice;
} exemptions[] = {
    {"VATEX-EU-G", "G", ID("P0104"), "Use category G with the reason VATEX-EU-G."},   {"VATEX-EU-O", "O", ID("P0105"), "Use category O with the reason VATEX-EU-O."},
    {"VATEX-EU-IC", "K", ID("P0106"), "Use category K with the reason VATEX-EU-IC."}, {"VATEX-EU-AE", "AE", ID("P0107"), "Use category AE with the reason VATEX-EU-AE."},
    {"VATEX-EU-D", "E", ID("P0108"), "Use category E with the reason VATEX-EU-D."},   {"VATEX-EU-F", "E", ID("P0109"), "Use category E with the reason VATEX-EU-F."},
    {"VATEX-EU-I", "E", ID("P0110"), "Use category E with the reason VATEX-EU-I."},   {"VATEX-EU-J", "E", ID("P0111"), "Use category E with the reason VATEX-EU-J."},
};

static void judge_exemption(struct judge *j, xmlNode *n)
{
    const char *reason = node_value(j->arena, n, "cbc:TaxExemptionReasonCode");
    for (size_t i = 0; reason && i < sizeof exemptions / sizeof *exemptions; i++)
        if (text_same_nocase(reason, exemptions[i].reason) && strcmp(node_trimmed(j->arena, n, "cbc:ID"), exemptions[i].category) != 0)
            judge_report(j, exemptions[i].id, F, n, exemptions[i].advice);
}

static const struct context contexts[] = {
    {"cbc:EmbeddedDocumentBinaryObject[@mimeCode]", RULES(media_type)},
    {"cac:AllowanceCharge[cbc:ChargeIndicator=false]/cbc:AllowanceChargeReasonCode", RULES(allowance_reason)},
    {"cac:AllowanceCharge[cbc:ChargeIndicator=true]/cbc:AllowanceChargeReasonCode", RULES(charge_reason)},
    {"cac:InvoicePeriod/cbc:DescriptionCode", RULES(tax_point)},
    {"cbc:Amount", RULES(currency)},
    {"cbc:BaseAmount", RULES(currency)},
    {"cbc:PriceAmount", RULES(currency)},
    {"cbc:TaxAmount", RULES(currency)},
    {"cbc:TaxableAmount", RULES(currency)},
    {"cbc:LineExtensionAmount", RULES(currency)},
    {"cbc:TaxExclusiveAmount", RULES(currency)},
    {"cbc:TaxInclusiveAmount", RULES(currency)},
    {"cbc:AllowanceTotalAmount", RULES(currency)},
    {"cbc:ChargeTotalAmount", RULES(currency)},
    {"cbc:PrepaidAmount", RULES(currency)},
    {"cbc:PayableRoundingAmount", RULES(currency)},
    {"cbc:PayableAmount", RULES(currency)},
    {"cbc:InvoiceTypeCode", RULES(invoice_type)},
    {"cbc:CreditNoteTypeCode", RULES(credit_note_type)},
    {"cbc:IssueDate", RULES(date)},
    {"cbc:DueDate", RULES(date)},
    {"cbc:TaxPointDate", RULES(date)},
    {"cbc:StartDate", RULES(date)},
    {"cbc:EndDate", RULES(date)},
    {"cbc:ActualDeliveryDate", RULES(date)},
    {"cbc:EndpointID[@schemeID]", RULES(endpoint)},
    {"cac:TaxCategory", NULL, 0, judge_exemption},
};
const struct pattern pattern_peppol_codes = PATTERN(contexts);
