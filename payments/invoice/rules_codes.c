/* BR-CL: codes must come from the code lists of EN 16931. */
#include <string.h>

#include "daemon/base/arena.h"
#include "payments/invoice/judge.h"

#define F INVOICE_FATAL
#define CODE(name, id, path, list, advice) static const struct rule name[] = {{id, F, holds_in_list, path, advice, &list}}

CODE(invoice_type, "BR-CL-01", ".", code_invoice_type, "Use a document type for invoices from UNTDID 1001, such as 380.");
CODE(credit_note_type, "BR-CL-01", ".", code_credit_note_type, "Use a document type for credit notes from UNTDID 1001, such as 381.");
CODE(amount_currency, "BR-CL-03", "@currencyID", code_currency, "State the amount's currency by its ISO 4217 code, such as GBP.");
CODE(document_currency, "BR-CL-04", ".", code_currency, "State the invoice currency by its ISO 4217 code, such as GBP.");
CODE(tax_currency, "BR-CL-05", ".", code_currency, "State the accounting currency by its ISO 4217 code, such as GBP.");
CODE(tax_point, "BR-CL-06", ".", code_tax_point, "Use 3, 35 or 432 for the VAT point.");
CODE(object_scheme, "BR-CL-07", "@schemeID", code_object_scheme, "Use a scheme of UNTDID 1153 for the invoiced object.");
CODE(company_scheme, "BR-CL-11", "@schemeID", code_icd, "Use a scheme of ISO 6523 for the registration number, or none (Companies House has no scheme).");
CODE(item_scheme, "BR-CL-13", "@listID", code_item_scheme, "Use a list of UNTDID 7143 for the item's classification.");
CODE(country, "BR-CL-14", ".", code_country, "Use the ISO 3166-1 code of the country, such as GB.");
CODE(origin, "BR-CL-15", ".", code_country, "Use the ISO 3166-1 code of the country of origin.");
CODE(means, "BR-CL-16", ".", code_payment_means, "Use a code of UNTDID 4461 for the means of payment, such as 30.");
CODE(category, "BR-CL-17", ".", code_vat_category, "Use one of the VAT categories S, Z, E, AE, K, G, O, L, M, B.");
CODE(line_category, "BR-CL-18", ".", code_vat_category, "Use one of the VAT categories S, Z, E, AE, K, G, O, L, M, B.");
CODE(allowance_reason, "BR-CL-19", ".", code_allowance_reason, "Use a reason of UNTDID 5189 for the allowance, such as 95 for a discount.");
CODE(charge_reason, "BR-CL-20", ".", code_charge_reason, "Use a reason of UNTDID 7161 for the charge, such as FC for freight.");
CODE(standard_scheme, "BR-CL-21", "@schemeID", code_icd, "Use a scheme of ISO 6523 for the item's standard identifier, such as 0160 for a GTIN.");
CODE(unit, "BR-CL-23", "@unitCode", code_unit, "Use a unit of UN/ECE Recommendation 20, such as HUR for hours or DAY for days.");
CODE(endpoint_scheme, "BR-CL-25", "@schemeID", code_endpoint, "Use a scheme of the EAS list for the electronic address, such as 9932 for a UK VAT number.");
CODE(location_scheme, "BR-CL-26", "@schemeID", code_icd, "Use a scheme of ISO 6523 for the delivery location.");

/* BR-CL-10: the bank's creditor identifier (SEPA) is allowed where it belongs, with the seller and the payee. */
static bool party_scheme_is_known(struct judge *j, xmlNode *n, const struct rule *r)
{
    bool may_be_sepa = false;
    for (xmlNode *up = n->parent; up && up->type == XML_ELEMENT_NODE; up = up->parent)
        may_be_sepa = may_be_sepa || node_matches(up, "cac:AccountingSupplierParty") || node_matches(up, "cac:PayeeParty");
    return holds_in_list(j, n, r) || (may_be_sepa && strcmp(node_trimmed(j->arena, n, r->arg), "SEPA") == 0);
}

static const struct rule party_scheme[] = {
    {"BR-CL-10", F, party_scheme_is_known, "@schemeID", "Use a scheme of ISO 6523 for the party's identifier, such as 0088 for a GLN, or none.", &code_icd}};

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

static const struct rule exemption[] = {
    {"BR-CL-22", F, reason_is_known, ".", "Use a reason of the VATEX list, such as VATEX-EU-132-1G for welfare services.", &code_vatex}};

static const struct context contexts[] = {
    {"cbc:InvoiceTypeCode", RULES(invoice_type)},
    {"cbc:CreditNoteTypeCode", RULES(credit_note_type)},
    {"cbc:Amount", RULES(amount_currency)},
    {"cbc:BaseAmount", RULES(amount_currency)},
    {"cbc:PriceAmount", RULES(amount_currency)},
    {"cbc:TaxAmount", RULES(amount_currency)},
    {"cbc:TaxableAmount", RULES(amount_currency)},
    {"cbc:LineExtensionAmount", RULES(amount_currency)},
    {"cbc:TaxExclusiveAmount", RULES(amount_currency)},
    {"cbc:TaxInclusiveAmount", RULES(amount_currency)},
    {"cbc:AllowanceTotalAmount", RULES(amount_currency)},
    {"cbc:ChargeTotalAmount", RULES(amount_currency)},
    {"cbc:PrepaidAmount", RULES(amount_currency)},
    {"cbc:PayableRoundingAmount", RULES(amount_currency)},
    {"cbc:PayableAmount", RULES(amount_currency)},
    {"cbc:DocumentCurrencyCode", RULES(document_currency)},
    {"cbc:TaxCurrencyCode", RULES(tax_currency)},
    {"cac:InvoicePeriod/cbc:DescriptionCode", RULES(tax_point)},
    {"cac:AdditionalDocumentReference[cbc:DocumentTypeCode=130]/cbc:ID[@schemeID]", RULES(object_scheme)},
    {"cac:DocumentReference[cbc:DocumentTypeCode=130]/cbc:ID[@schemeID]", RULES(object_scheme)},
    {"cac:PartyIdentification/cbc:ID[@schemeID]", RULES(party_scheme)},
    {"cac:PartyLegalEntity/cbc:CompanyID[@schemeID]", RULES(company_scheme)},
    {"cac:CommodityClassification/cbc:ItemClassificationCode[@listID]", RULES(item_scheme)},
    {"cac:Country/cbc:IdentificationCode", RULES(country)},
    {"cac:OriginCountry/cbc:IdentificationCode", RULES(origin)},
    {"cac:PaymentMeans/cbc:PaymentMeansCode", RULES(means)},
    {"cac:TaxCategory/cbc:ID", RULES(category)},
    {"cac:ClassifiedTaxCategory/cbc:ID", RULES(line_category)},
    {"cac:AllowanceCharge[allowance]/cbc:AllowanceChargeReasonCode", RULES(allowance_reason)},
    {"cac:AllowanceCharge[charge]/cbc:AllowanceChargeReasonCode", RULES(charge_reason)},
    {"cac:StandardItemIdentification/cbc:ID[@schemeID]", RULES(standard_scheme)},
    {"cbc:TaxExemptionReasonCode", RULES(exemption)},
    {"cbc:InvoicedQuantity[@unitCode]", RULES(unit)},
    {"cbc:BaseQuantity[@unitCode]", RULES(unit)},
    {"cbc:CreditedQuantity[@unitCode]", RULES(unit)},
    {"cbc:EmbeddedDocumentBinaryObject[@mimeCode]", RULES(media_type)},
    {"cbc:EndpointID[@schemeID]", RULES(endpoint_scheme)},
    {"cac:DeliveryLocation/cbc:ID[@schemeID]", RULES(location_scheme)},
};

const struct pattern pattern_ubl_codes = PATTERN(contexts);
