/* BR and BR-DEC: what an invoice must say, and with how many decimals (EN 16931-1, chapter 6.4; UBL binding CEN/TS 16931-3-2). */
#include "payments/invoice/judge.h"
#include "payments/invoice/rules_ubl.h"

#include <string.h>

#include "daemon/base/arena.h"

#define F INVOICE_FATAL
#define DECIMALS(id, path, what) {id, F, holds_two_decimals, path, what " may have at most two decimals.", NULL}

/* BR-53: a tax currency has a VAT total in that currency. The schema allows one tax currency. */
static bool tax_currency_has_total(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    const char *currency = node_value(j->arena, n, "cbc:TaxCurrencyCode");
    for (xmlNode *t = j->root; t && currency; t = node_next(t, j->root)) {
        const char *id = node_matches(t, "cac:TaxTotal/cbc:TaxAmount") ? node_attribute(j->arena, t, "currencyID", 10) : NULL;
        if (id && strcmp(id, currency) == 0)
            return true;
    }
    return !currency;
}

static const struct rule document_rules[] = {
    {"BR-01", F, holds_filled, "cbc:CustomizationID", "State the specification that the invoice follows (CustomizationID).", NULL},
    {"BR-02", F, holds_filled, "cbc:ID", "Give the invoice a number.", NULL},
    {"BR-03", F, holds_filled, "cbc:IssueDate", "Give the date of the invoice.", NULL},
    {"BR-04", F, is_typed, NULL, "State the type of document, such as 380 for an invoice or 381 for a credit note.", NULL},
    {"BR-05", F, holds_filled, "cbc:DocumentCurrencyCode", "State the currency of the invoice, such as GBP.", NULL},
    {"BR-06", F, holds_filled, "cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName", "Give the seller's legal name.", NULL},
    {"BR-07", F, holds_filled, "cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName", "Give the buyer's legal name.", NULL},
    {"BR-08", F, holds_exists, "cac:AccountingSupplierParty/cac:Party/cac:PostalAddress", "Give the seller's postal address.", NULL},
    {"BR-10", F, holds_exists, "cac:AccountingCustomerParty/cac:Party/cac:PostalAddress", "Give the buyer's postal address.", NULL},
    {"BR-16", F, holds_any, "cac:InvoiceLine|cac:CreditNoteLine", "Add at least one line.", NULL},
    {"BR-53", F, tax_currency_has_total, NULL, "State the VAT total in the accounting currency as well, because an accounting currency is named.", NULL},
    {"BR-CO-03", F, has_one_tax_point, NULL, "Give the VAT point either as a date or as a code, not both.", NULL},
    {"BR-CO-15", F, total_with_vat_adds_up, NULL, "Make the total with VAT equal the total without VAT plus the one VAT total in the invoice currency.", NULL},
    {"BR-CO-18", F, holds_exists, "cac:TaxTotal/cac:TaxSubtotal", "Add a VAT breakdown with at least one entry, even when no VAT is charged.", NULL},
};

static const struct rule allowance_rules[] = {
    {"BR-31", F, holds_exists, "cbc:Amount", "Give the amount of the allowance.", NULL},
    {"BR-32", F, holds_exists, "cac:TaxCategory[VAT]/cbc:ID", "Give the VAT category of the allowance.", NULL},
    {"BR-33", F, holds_any, "cbc:AllowanceChargeReason|cbc:AllowanceChargeReasonCode", "Say in words or by code why the allowance is given.", NULL},
    {"BR-CO-21", F, holds_any, "cbc:AllowanceChargeReason|cbc:AllowanceChargeReasonCode", "Say in words or by code why the allowance is given.", NULL},
    DECIMALS("BR-DEC-01", "cbc:Amount", "The amount of an allowance"),
    DECIMALS("BR-DEC-02", "cbc:BaseAmount", "The amount that an allowance is worked out from"),
};

static const struct rule charge_rules[] = {
    {"BR-36", F, holds_exists, "cbc:Amount", "Give the amount of the charge.", NULL},
    {"BR-37", F, holds_exists, "cac:TaxCategory[VAT]/cbc:ID", "Give the VAT category of the charge.", NULL},
    {"BR-38", F, holds_any, "cbc:AllowanceChargeReason|cbc:AllowanceChargeReasonCode", "Say in words or by code what the charge is for.", NULL},
    {"BR-CO-22", F, holds_any, "cbc:AllowanceChargeReason|cbc:AllowanceChargeReasonCode", "Say in words or by code what the charge is for.", NULL},
    DECIMALS("BR-DEC-05", "cbc:Amount", "The amount of a charge"),
    DECIMALS("BR-DEC-06", "cbc:BaseAmount", "The amount that a charge is worked out from"),
};

static const struct rule line_allowance_rules[] = {
    {"BR-41", F, holds_exists, "cbc:Amount", "Give the amount of the line's allowance.", NULL},
    {"BR-42", F, holds_any, "cbc:AllowanceChargeReason|cbc:AllowanceChargeReasonCode", "Say in words or by code why the line's allowance is given.", NULL},
    {"BR-CO-23", F, holds_any, "cbc:AllowanceChargeReason|cbc:AllowanceChargeReasonCode", "Say in words or by code why the line's allowance is given.", NULL},
    DECIMALS("BR-DEC-24", "cbc:Amount", "The amount of a line's allowance"),
    DECIMALS("BR-DEC-25", "cbc:BaseAmount", "The amount that a line's allowance is worked out from"),
};

static const struct rule line_charge_rules[] = {
    {"BR-43", F, holds_exists, "cbc:Amount", "Give the amount of the line's charge.", NULL},
    {"BR-44", F, holds_any, "cbc:AllowanceChargeReason|cbc:AllowanceChargeReasonCode", "Say in words or by code what the line's charge is for.", NULL},
    {"BR-CO-24", F, holds_any, "cbc:AllowanceChargeReason|cbc:AllowanceChargeReasonCode", "Say in words or by code what the line's charge is for.", NULL},
    DECIMALS("BR-DEC-27", "cbc:Amount", "The amount of a line's charge"),
    DECIMALS("BR-DEC-28", "cbc:BaseAmount", "The amount that a line's charge is worked out from"),
};

static const struct rule total_rules[] = {
    {"BR-12", F, holds_exists, "cbc:LineExtensionAmount", "Give the sum of the lines.", NULL},
    {"BR-13", F, holds_exists, "cbc:TaxExclusiveAmount", "Give the total without VAT.", NULL},
    {"BR-14", F, holds_exists, "cbc:TaxInclusiveAmount", "Give the total with VAT.", NULL},
    {"BR-15", F, holds_exists, "cbc:PayableAmount", "Give the amount due for payment.", NULL},
    {"BR-CO-10", F, lines_add_up, NULL, "Make the sum of the lines equal the lines' net amounts added together.", NULL},
    {"BR-CO-11", F, allowances_add_up, NULL, "Make the total of allowances equal the allowances added together.", NULL},
    {"BR-CO-12", F, charges_add_up, NULL, "Make the total of charges equal the charges added together.", NULL},
    {"BR-CO-13", F, total_without_vat_adds_up, NULL, "Make the total without VAT equal the lines minus allowances plus charges.", NULL},
    {"BR-CO-16", F, amount_due_adds_up, NULL, "Make the amount due equal the total with VAT minus what is paid plus rounding.", NULL},
    DECIMALS("BR-DEC-09", "cbc:LineExtensionAmount", "The sum of the lines"),
    DECIMALS("BR-DEC-10", "cbc:AllowanceTotalAmount", "The total of allowances"),
    DECIMALS("BR-DEC-11", "cbc:ChargeTotalAmount", "The total of charges"),
    DECIMALS("BR-DEC-12", "cbc:TaxExclusiveAmount", "The total without VAT"),
    DECIMALS("BR-DEC-14", "cbc:TaxInclusiveAmount", "The total with VAT"),
    DECIMALS("BR-DEC-16", "cbc:PrepaidAmount", "The amount paid"),
    DECIMALS("BR-DEC-17", "cbc:PayableRoundingAmount", "The rounding amount"),
    DECIMALS("BR-DEC-18", "cbc:PayableAmount", "The amount due"),
};

/* BR-28 */
static bool gross_price_is_not_negative(struct judge *j, xmlNode *n, const struct rule *r)
{
    return !node_has(n, r->arg) || holds_not_negative(j, n, r);
}

static const struct rule line_rules[] = {
    {"BR-21", F, holds_filled, "cbc:ID", "Give the line a number.", NULL},
    {"BR-22", F, holds_any, "cbc:InvoicedQuantity|cbc:CreditedQuantity", "Give the quantity of the line.", NULL},
    {"BR-23", F, holds_any, "cbc:InvoicedQuantity/@unitCode|cbc:CreditedQuantity/@unitCode", "Give the unit of the quantity by code, such as HUR for hours.", NULL},
    {"BR-24", F, holds_exists, "cbc:LineExtensionAmount", "Give the net amount of the line.", NULL},
    {"BR-25", F, holds_filled, "cac:Item/cbc:Name", "Name the service or item of the line.", NULL},
    {"BR-26", F, holds_exists, "cac:Price/cbc:PriceAmount", "Give the net price.", NULL},
    {"BR-27", F, holds_not_negative, "cac:Price/cbc:PriceAmount", "The net price may not be negative: use a negative quantity or a credit note.", NULL},
    {"BR-28", F, gross_price_is_not_negative, "cac:Price/cac:AllowanceCharge/cbc:BaseAmount", "The gross price may not be negative.", NULL},
    {"BR-CO-04", F, holds_exists, "cac:Item/cac:ClassifiedTaxCategory[VAT]/cbc:ID", "Give the VAT category of the line.", NULL},
    DECIMALS("BR-DEC-23", "cbc:LineExtensionAmount", "The net amount of a line"),
};

static const struct rule line_period_rules[] = {
    {"BR-30", F, holds_dates_in_order, "cbc:StartDate|cbc:EndDate", "End the line's period on or after the day it starts.", NULL},
    {"BR-CO-20", F, holds_any, "cbc:StartDate|cbc:EndDate", "Give the first or the last day of the line's period, or leave the period out.", NULL},
};

static const struct rule period_rules[] = {
    {"BR-29", F, holds_dates_in_order, "cbc:StartDate|cbc:EndDate", "End the period on or after the day it starts.", NULL},
    {"BR-CO-19", F, period_says_something, NULL, "Give the first or the last day of the period, or leave the period out.", NULL},
};

static const struct rule breakdown_rules[] = {
    {"BR-45", F, holds_exists, "cbc:TaxableAmount", "Give the amount that the VAT is charged on.", NULL},
    {"BR-46", F, holds_exists, "cbc:TaxAmount", "Give the amount of VAT, even when it is 0.", NULL},
    {"BR-47", F, holds_exists, "cac:TaxCategory[VAT]/cbc:ID", "Give the VAT category.", NULL},
    {"BR-48", F, breakdown_has_rate, NULL, "Give the VAT rate (0 when exempt); only category O has none.", NULL},
    {"BR-CO-17", F, breakdown_is_taxed_right, NULL, "Make the VAT equal the taxable amount times the rate.", NULL},
    DECIMALS("BR-DEC-19", "cbc:TaxableAmount", "The taxable amount"),
    DECIMALS("BR-DEC-20", "cbc:TaxAmount", "The amount of VAT"),
};

static const struct rule attachment_rules[] = {{"BR-52", F, holds_filled, "cbc:ID", "Give the supporting document a reference.", NULL}};
static const struct rule buyer_endpoint_rules[] = {{"BR-63", F, holds_exists, "@schemeID", "Say which kind of electronic address the buyer's is.", NULL}};
static const struct rule seller_endpoint_rules[] = {{"BR-62", F, holds_exists, "@schemeID", "Say which kind of electronic address the seller's is.", NULL}};
static const struct rule buyer_address_rules[] = {{"BR-11", F, holds_filled, "cac:Country/cbc:IdentificationCode", "Give the buyer's country, such as GB.", NULL}};
static const struct rule seller_address_rules[] = {{"BR-09", F, holds_filled, "cac:Country/cbc:IdentificationCode", "Give the seller's country, such as GB.", NULL}};
static const struct rule deliver_to_rules[] = {{"BR-57", F, holds_exists, "cac:Country/cbc:IdentificationCode", "Give the country that was delivered to.", NULL}};
static const struct rule attribute_rules[] = {{"BR-54", F, holds_all, "cbc:Name|cbc:Value", "Give the item attribute both a name and a value.", NULL}};
static const struct rule classification_rules[] = {{"BR-65", F, holds_exists, "@listID", "Say which scheme the item's classification belongs to.", NULL}};
static const struct rule standard_id_rules[] = {{"BR-64", F, holds_exists, "@schemeID", "Say which scheme the item's standard identifier belongs to.", NULL}};
static const struct rule account_rules[] = {{"BR-50", F, holds_filled, "cbc:ID", "Give the account number to pay to.", NULL}};
static const struct rule preceding_rules[] = {{"BR-55", F, holds_exists, "cac:InvoiceDocumentReference/cbc:ID", "Give the number of the earlier invoice.", NULL}};
/* A number that a bank knows a creditor by (SEPA) does not say who the seller is. */
static const struct rule seller_rules[] = {{"BR-CO-26", F, holds_any, "cac:Party/cac:PartyTaxScheme[VAT]/cbc:CompanyID|cac:Party/cac:PartyIdentification/cbc:ID[!@schemeID=SEPA]|cac:Party/cac:PartyLegalEntity/cbc:CompanyID", "Give an identifier, a registration number or a VAT number of the seller.", NULL}};
static const struct rule note_rules[] = {{"BR-CL-08", F, note_subject_is_known, NULL, "Use a subject code of UNTDID 4451 between the two # of the note.", &code_note_subject}};
static const struct rule payee_rules[] = {{"BR-17", F, payee_is_named_and_other, NULL, "Name the payee only when it is not the seller, and then name it.", NULL}};
static const struct rule tax_total_rules[] = {{"BR-CO-14", F, vat_adds_up, NULL, "Make the VAT total equal the VAT amounts of the breakdown added together.", NULL}};
static const struct rule vat_id_rules[] = {{"BR-CO-09", F, vat_id_has_country, NULL, "Start the VAT number with the code of its country, such as GB.", NULL}};

static const struct rule card_rules[] = {
    {"BR-51", INVOICE_WARNING, holds_at_most_ten, ".", "Never state a full card number: at most the first six and last four digits.", NULL}};

/* BR-61: 30 and 58 are credit transfers. */
static bool transfer_has_account(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    const char *code = node_trimmed(j->arena, n, "cbc:PaymentMeansCode");
    return (strcmp(code, "30") != 0 && strcmp(code, "58") != 0) || node_has(n, "cac:PayeeFinancialAccount/cbc:ID");
}

static const struct rule payment_rules[] = {
    {"BR-49", F, holds_exists, "cbc:PaymentMeansCode", "State the means of payment by code, such as 30 for a credit transfer.", NULL},
    {"BR-61", F, transfer_has_account, NULL, "Give the account number to pay to, because payment is by credit transfer.", NULL},
};

static const struct rule representative_rules[] = {
    {"BR-18", F, holds_filled, "cac:PartyName/cbc:Name", "Name the tax representative.", NULL},
    {"BR-19", F, holds_exists, "cac:PostalAddress", "Give the tax representative's postal address.", NULL},
    {"BR-56", F, holds_exists, "cac:PartyTaxScheme[VAT]/cbc:CompanyID", "Give the tax representative's VAT number.", NULL},
};
static const struct rule representative_address_rules[] = {
    {"BR-20", F, holds_filled, "cac:Country/cbc:IdentificationCode", "Give the tax representative's country.", NULL}};

static const struct context contexts[] = {
    {"/", document_rules, sizeof document_rules / sizeof *document_rules, judge_vat_document},
    {"cac:AdditionalDocumentReference", RULES(attachment_rules)},
    {"cac:AccountingCustomerParty/cac:Party/cbc:EndpointID", RULES(buyer_endpoint_rules)},
    {"cac:AccountingCustomerParty/cac:Party/cac:PostalAddress", RULES(buyer_address_rules)},
    {"cac:PaymentMeans/cac:CardAccount/cbc:PrimaryAccountNumberID", RULES(card_rules)},
    {"cac:Delivery/cac:DeliveryLocation/cac:Address", RULES(deliver_to_rules)},
    {"/cac:AllowanceCharge[allowance]", RULES(allowance_rules)},
    {"/cac:AllowanceCharge[charge]", RULES(charge_rules)},
    {"cac:LegalMonetaryTotal", RULES(total_rules)},
    {"cac:InvoiceLine", RULES(line_rules)},
    {"cac:CreditNoteLine", RULES(line_rules)},
    {"cac:InvoiceLine/cac:AllowanceCharge[allowance]", RULES(line_allowance_rules)},
    {"cac:CreditNoteLine/cac:AllowanceCharge[allowance]", RULES(line_allowance_rules)},
    {"cac:InvoiceLine/cac:AllowanceCharge[charge]", RULES(line_charge_rules)},
    {"cac:CreditNoteLine/cac:AllowanceCharge[charge]", RULES(line_charge_rules)},
    {"cac:InvoiceLine/cac:InvoicePeriod", RULES(line_period_rules)},
    {"cac:CreditNoteLine/cac:InvoicePeriod", RULES(line_period_rules)},
    {"cac:InvoicePeriod", RULES(period_rules)},
    {"cac:AdditionalItemProperty", RULES(attribute_rules)},
    {"cac:InvoiceLine/cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode", RULES(classification_rules)},
    {"cac:CreditNoteLine/cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode", RULES(classification_rules)},
    {"cac:InvoiceLine/cac:Item/cac:StandardItemIdentification/cbc:ID", RULES(standard_id_rules)},
    {"cac:CreditNoteLine/cac:Item/cac:StandardItemIdentification/cbc:ID", RULES(standard_id_rules)},
    {"/cbc:Note", RULES(note_rules)},
    {"cac:PayeeParty", RULES(payee_rules)},
    {"cac:PaymentMeans[cbc:PaymentMeansCode=30|58]/cac:PayeeFinancialAccount", RULES(account_rules)},
    {"cac:PaymentMeans", RULES(payment_rules)},
    {"cac:BillingReference", RULES(preceding_rules)},
    {"cac:AccountingSupplierParty", RULES(seller_rules)},
    {"cac:AccountingSupplierParty/cac:Party/cbc:EndpointID", RULES(seller_endpoint_rules)},
    {"cac:AccountingSupplierParty/cac:Party/cac:PostalAddress", RULES(seller_address_rules)},
    {"cac:TaxRepresentativeParty", RULES(representative_rules)},
    {"cac:TaxRepresentativeParty/cac:PostalAddress", RULES(representative_address_rules)},
    {"/cac:TaxTotal", RULES(tax_total_rules)},
    {"cac:TaxTotal/cac:TaxSubtotal", RULES(breakdown_rules)},
    {"cac:PartyTaxScheme[VAT]", RULES(vat_id_rules)},
    {"/cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory[VAT]", NULL, 0, judge_vat_breakdown},
    {"cac:AllowanceCharge[allowance]/cac:TaxCategory[VAT]", NULL, 0, judge_vat_allowance},
    {"cac:AllowanceCharge[charge]/cac:TaxCategory[VAT]", NULL, 0, judge_vat_charge},
    {"cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory[VAT]", NULL, 0, judge_vat_line},
    {"cac:CreditNoteLine/cac:Item/cac:ClassifiedTaxCategory[VAT]", NULL, 0, judge_vat_line},
};

const struct pattern pattern_ubl_model = PATTERN(contexts);
