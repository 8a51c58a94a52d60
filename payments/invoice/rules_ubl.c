/* UBL-SR and UBL-DT: how the UBL document must be built, beyond its schema (CEN/TS 16931-3-2). */
#include "payments/invoice/rules_ubl.h"

#include <string.h>

#include "payments/invoice/facts.h"
#include "payments/invoice/judge.h"

#define F INVOICE_FATAL
#define ONE(id, path, what) {id, F, holds_at_most_one, path, "State " what " once only.", NULL}
#define SELLER "cac:AccountingSupplierParty/cac:Party/"
#define BUYER "cac:AccountingCustomerParty/cac:Party/"

struct scheme_count {
    struct arena *arena;
    bool vat;
    size_t n;
};

/* Unlike elsewhere, these rules compare the scheme without trimming it, and a registration without a scheme counts as neither. */
static bool count_scheme(void *context, xmlNode *n)
{
    struct scheme_count *c = context;
    xmlNode *scheme = node_first(n, "cac:TaxScheme");
    const char *id = scheme ? node_value(c->arena, scheme, "cbc:ID") : NULL;
    if (scheme && text_same_nocase(id ? id : "", "VAT") == c->vat)
        c->n += node_count(n, "cbc:CompanyID");
    return true;
}

static bool has_one_vat_id(struct judge *j, xmlNode *n, const struct rule *r)
{
    struct scheme_count c = {j->arena, true, 0};
    node_each(n, r->arg, count_scheme, &c);
    return c.n <= 1;
}

static bool has_one_tax_id(struct judge *j, xmlNode *n, const struct rule *r)
{
    struct scheme_count c = {j->arena, false, 0};
    node_each(n, r->arg, count_scheme, &c);
    return c.n <= 1;
}

static bool has_one_sepa_id(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)n;
    (void)r;
    return j->facts->sepa_ids <= 1;
}

static bool has_no_object_attachment(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)n;
    (void)r;
    return !j->facts->has_object_attachment;
}

static bool has_no_object_description(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)n;
    (void)r;
    return !j->facts->has_object_description;
}

static bool payment_ids_agree(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)n;
    (void)r;
    return !j->facts->has_mixed_payment_ids;
}

static bool payment_codes_agree(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)n;
    (void)r;
    return !j->facts->has_mixed_payment_codes;
}

static bool count_named(void *context, xmlNode *n)
{
    *(size_t *)context += node_has(n, "@name");
    return true;
}

static bool has_one_payment_text(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)j;
    size_t named = 0;
    node_each(n, r->arg, count_named, &named);
    return named <= 1;
}

static const struct rule document_rules[] = {
    {"UBL-CR-666", F, has_no_object_attachment, NULL, "Leave the attachment out of the reference that names the invoiced object (type 130).", NULL},
    {"UBL-CR-673", F, has_no_object_description, NULL, "Leave the description out of the reference that names the invoiced object (type 130).", NULL},
    ONE("UBL-SR-01", "cac:ContractDocumentReference/cbc:ID", "the contract"),
    ONE("UBL-SR-02", "cac:ReceiptDocumentReference/cbc:ID", "the receiving advice"),
    ONE("UBL-SR-03", "cac:DespatchDocumentReference/cbc:ID", "the despatch advice"),
    ONE("UBL-SR-04", "cac:AdditionalDocumentReference[cbc:DocumentTypeCode=130]/cbc:ID", "the invoiced object"),
    ONE("UBL-SR-05", "cac:PaymentTerms/cbc:Note", "the payment terms"),
    ONE("UBL-SR-08", "cac:InvoicePeriod", "the invoicing period"),
    ONE("UBL-SR-09", SELLER "cac:PartyLegalEntity/cbc:RegistrationName", "the seller's name"),
    ONE("UBL-SR-10", SELLER "cac:PartyName/cbc:Name", "the seller's trading name"),
    ONE("UBL-SR-11", SELLER "cac:PartyLegalEntity/cbc:CompanyID", "the seller's registration number"),
    {"UBL-SR-12", F, has_one_vat_id, SELLER "cac:PartyTaxScheme", "State the seller's VAT number once only.", NULL},
    {"UBL-SR-13", F, has_one_tax_id, SELLER "cac:PartyTaxScheme", "State the seller's other tax number once only.", NULL},
    ONE("UBL-SR-14", SELLER "cac:PartyLegalEntity/cbc:CompanyLegalForm", "the seller's legal form"),
    ONE("UBL-SR-15", BUYER "cac:PartyLegalEntity/cbc:RegistrationName", "the buyer's name"),
    ONE("UBL-SR-16", BUYER "cac:PartyIdentification/cbc:ID", "the buyer's identifier"),
    ONE("UBL-SR-17", BUYER "cac:PartyLegalEntity/cbc:CompanyID", "the buyer's registration number"),
    {"UBL-SR-18", F, has_one_vat_id, BUYER "cac:PartyTaxScheme", "State the buyer's VAT number once only.", NULL},
    ONE("UBL-SR-24", "cac:Delivery", "the delivery"),
    {"UBL-SR-29", F, has_one_sepa_id, NULL, "State the bank's creditor identifier (SEPA) once only.", NULL},
    ONE("UBL-SR-39", "cac:ProjectReference/cbc:ID", "the project"),
    ONE("UBL-SR-40", BUYER "cac:PartyName/cbc:Name", "the buyer's trading name"),
    {"UBL-SR-44", F, payment_ids_agree, NULL, "Use one payment reference for every means of payment.", NULL},
    ONE("UBL-SR-45", "cac:PaymentMeans/cbc:PaymentDueDate", "the due date"),
    {"UBL-SR-46", F, has_one_payment_text, "cac:PaymentMeans/cbc:PaymentMeansCode", "Describe the means of payment once only.", NULL},
    {"UBL-SR-47", F, payment_codes_agree, NULL, "Use the same code for every means of payment.", NULL},
    ONE("UBL-SR-49", "cac:InvoicePeriod/cbc:DescriptionCode", "the VAT point code"),
    ONE("UBL-SR-54", "cac:PaymentMeans/cac:CardAccount", "the payment card"),
    ONE("UBL-SR-55", "cac:PaymentMeans/cac:PaymentMandate", "the direct debit mandate"),
    ONE("UBL-SR-56", "cac:OriginatorDocumentReference/cbc:ID", "the tender or lot"),
};

static const struct rule line_rules[] = {
    ONE("UBL-SR-34", "cbc:Note", "the line's note"),
    ONE("UBL-SR-35", "cac:OrderLineReference/cbc:LineID", "the order line"),
    ONE("UBL-SR-36", "cac:InvoicePeriod", "the line's period"),
    ONE("UBL-SR-37", "cac:Price/cac:AllowanceCharge/cbc:Amount", "the discount on the price"),
    {"UBL-SR-48", F, holds_exactly_one, "cac:Item/cac:ClassifiedTaxCategory", "Give the line exactly one VAT category.", NULL},
    ONE("UBL-SR-50", "cac:Item/cbc:Description", "the item's description"),
    ONE("UBL-SR-52", "cac:DocumentReference", "the line's invoiced object"),
};

/* A general comparison of two sets: true when some name differs from some other. */
struct comparing {
    struct arena *arena;
    const char *first;
    bool differs;
};

static bool compare_name(void *context, xmlNode *n)
{
    struct comparing *c = context;
    const char *text = node_text(c->arena, n);
    if (c->first)
        c->differs = c->differs || strcmp(c->first, text) != 0;
    else
        c->first = text;
    return !c->differs;
}

static bool is_not_the_seller(struct judge *j, xmlNode *payee)
{
    xmlNode *seller = j->facts->seller;
    const char *own = "cac:PartyName/cbc:Name", *theirs = "cac:Party/cac:PartyLegalEntity/cbc:RegistrationName";
    if (!seller || !node_has(payee, own) || !node_has(seller, theirs))
        return false;
    struct comparing c = {.arena = j->arena};
    return node_each(payee, own, compare_name, &c), node_each(seller, theirs, compare_name, &c), c.differs;
}

static bool is_one_and_not_the_seller(struct judge *j, xmlNode *n, const struct rule *r)
{
    return node_count(n, r->arg) <= 1 && is_not_the_seller(j, n);
}

static bool count_other_id(void *context, xmlNode *n)
{
    struct scheme_count *c = context;
    const char *scheme = node_attribute(c->arena, n, "schemeID", 8);
    c->n += scheme && !text_same_nocase(scheme, "SEPA");
    return true;
}

static bool has_one_payee_id(struct judge *j, xmlNode *n, const struct rule *r)
{
    struct scheme_count c = {j->arena, false, 0};
    node_each(n, r->arg, count_other_id, &c);
    return c.n <= 1 && is_not_the_seller(j, n);
}

static const struct rule payee_rules[] = {
    {"UBL-SR-19", F, is_one_and_not_the_seller, "cac:PartyName/cbc:Name", "Name the payee once, and only when it is not the seller.", NULL},
    {"UBL-SR-20", F, has_one_payee_id, "cac:PartyIdentification/cbc:ID", "Identify the payee once, and only when it is not the seller.", NULL},
    {"UBL-SR-21", F, is_one_and_not_the_seller, "cac:PartyLegalEntity/cbc:CompanyID", "Give the payee's registration number once, and only when it is not the seller.", NULL},
};

/* UBL-SR-43: types and schemes belong to the invoiced object (130) and, in credit notes, to the project (50). */
static bool is_typed_reference(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    if (node_matches(n, "cac:AdditionalDocumentReference[cbc:DocumentTypeCode=130]"))
        return true;
    if (j->is_credit_note && node_matches(n, "cac:AdditionalDocumentReference[cbc:DocumentTypeCode=50]"))
        return true;
    return !node_has(n, "cbc:ID/@schemeID") && !node_has(n, "cbc:DocumentTypeCode");
}

static const struct rule reference_rules[] = {
    ONE("UBL-SR-33", "cbc:DocumentDescription", "the description of a supporting document"),
    {"UBL-SR-43", F, is_typed_reference, NULL, "Use a scheme or type code only for the invoiced object (type 130).", NULL},
};

static const struct rule means_rules[] = {
    ONE("UBL-SR-26", "cbc:PaymentID", "the payment reference"),
    ONE("UBL-SR-27", "cbc:PaymentMeansCode", "the means of payment"),
    ONE("UBL-SR-28", "cac:PaymentMandate/cbc:ID", "the mandate"),
};

static const struct rule preceding_rules[] = {
    ONE("UBL-SR-06", "cac:InvoiceDocumentReference", "the earlier invoice"),
    {"UBL-SR-07", F, holds_exists, "cac:InvoiceDocumentReference/cbc:ID", "Give the number of the earlier invoice.", NULL},
};

static const struct rule representative_rules[] = {
    ONE("UBL-SR-22", "cac:PartyName/cbc:Name", "the tax representative's name"),
    ONE("UBL-SR-23", "cac:PartyTaxScheme/cbc:CompanyID", "the tax representative's VAT number"),
};

static const struct rule address_rules[] = {ONE("UBL-SR-51", "cac:AddressLine", "the third line of an address")};
static bool has_at_most_two(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)j;
    return node_count(n, r->arg) <= 2;
}

static const struct rule seller_rules[] = {{"UBL-SR-42", F, has_at_most_two, "cac:PartyTaxScheme", "Give the seller a VAT number and one other tax number at most.", NULL}};
static const struct rule delivery_rules[] = {ONE("UBL-SR-25", "cac:DeliveryParty/cac:PartyName/cbc:Name", "the name of who was delivered to")};
static const struct rule allowance_rules[] = {ONE("UBL-SR-30", "cbc:AllowanceChargeReason", "the reason of an allowance")};
static const struct rule charge_rules[] = {ONE("UBL-SR-31", "cbc:AllowanceChargeReason", "the reason of a charge")};
static const struct rule breakdown_rules[] = {ONE("UBL-SR-32", "cac:TaxCategory/cbc:TaxExemptionReason", "the exemption reason")};
static const struct rule scheme_rules[] = {
    {"UBL-SR-53", F, holds_all, "cac:TaxScheme/cbc:ID|cbc:CompanyID", "Give a tax registration both its scheme and its number.", NULL}};

static const struct rule amount_rule = {"UBL-DT-01", F, holds_two_decimals, ".", "Amounts may have at most two decimals; only prices may have more.", NULL};
static const struct rule binary_rules[] = {
    {"UBL-DT-06", F, holds_exists, "@mimeCode", "Say which kind of file the attachment is (mimeCode).", NULL},
    {"UBL-DT-07", F, holds_exists, "@filename", "Give the attachment a file name.", NULL},
};

static bool ends_with(const char *name, const char *tail)
{
    size_t n = strlen(name), t = strlen(tail);
    return n >= t && strcmp(name + n - t, tail) == 0;
}

static bool is_inside_price_discount(xmlNode *n)
{
    for (n = n->parent; n && n->type == XML_ELEMENT_NODE; n = n->parent)
        if (node_matches(n, "cac:Price/cac:AllowanceCharge"))
            return true;
    return false;
}

/* UBL-DT-01, -06, -07 go by the end of an element's name. */
static void judge_by_name(struct judge *j, xmlNode *n)
{
    const char *name = (const char *)n->name;
    if (ends_with(name, "Amount") && !ends_with(name, "PriceAmount") && !is_inside_price_discount(n) && !amount_rule.holds(j, n, &amount_rule))
        judge_report(j, amount_rule.id, amount_rule.severity, n, amount_rule.advice);
    if (!ends_with(name, "BinaryObject"))
        return;
    for (size_t i = 0; i < sizeof binary_rules / sizeof *binary_rules; i++)
        if (!binary_rules[i].holds(j, n, &binary_rules[i]))
            judge_report(j, binary_rules[i].id, binary_rules[i].severity, n, binary_rules[i].advice);
}

static const struct context contexts[] = {
    {"/", RULES(document_rules)},
    {"cac:PostalAddress", RULES(address_rules)},
    {"cac:Address", RULES(address_rules)},
    {"cac:AccountingSupplierParty/cac:Party", RULES(seller_rules)},
    {"cac:AdditionalDocumentReference", RULES(reference_rules)},
    {"cac:Delivery", RULES(delivery_rules)},
    {"cac:AllowanceCharge[allowance]", RULES(allowance_rules)},
    {"cac:AllowanceCharge[charge]", RULES(charge_rules)},
    {"cac:PartyTaxScheme", RULES(scheme_rules)},
    {"cac:InvoiceLine", RULES(line_rules)},
    {"cac:CreditNoteLine", RULES(line_rules)},
    {"cac:PayeeParty", RULES(payee_rules)},
    {"cac:PaymentMeans", RULES(means_rules)},
    {"cac:BillingReference", RULES(preceding_rules)},
    {"cac:TaxRepresentativeParty", RULES(representative_rules)},
    {"cac:TaxSubtotal", RULES(breakdown_rules)},
    {"*", NULL, 0, judge_by_name},
};

const struct pattern pattern_ubl_syntax = PATTERN(contexts);
