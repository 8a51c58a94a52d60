/* CII-SR and CII-DT: how the CII document must be built, beyond its schema (CEN/TS 16931-3-3). The warnings about unused elements are in rules_cii_extras.c. */
#include <string.h>

#include "daemon/base/arena.h"
#include "payments/invoice/facts.h"
#include "payments/invoice/judge.h"

#define F INVOICE_FATAL
#define W INVOICE_WARNING
#define T "rsm:SupplyChainTradeTransaction/"
#define LINE T "ram:IncludedSupplyChainTradeLineItem/"
#define ONE(id, path, what) {id, F, holds_at_most_one, path, "State " what " once only.", NULL}
#define EXACTLY(id, path, what) {id, F, holds_exactly_one, path, "State " what " exactly once.", NULL}
#define NONE(id, path, what) {id, F, holds_absent, path, "Leave out " what ": the European invoice does not use it.", NULL}
#define NONE_WARNED(id, path, what) {id, W, holds_absent, path, "Leave out " what ": the European invoice does not use it.", NULL}
#define ONE_WARNED(id, path, what) {id, W, holds_at_most_one, path, "State " what " once only.", NULL}
#define EITHER_WARNED(id, paths, what) {id, W, is_one_of_two, paths, "Give " what ", not both.", NULL}

/* arg: path|path */
static bool is_one_of_two(struct judge *j, xmlNode *n, const struct rule *r)
{
    return !holds_all(j, n, r);
}

static bool means_agree(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)n;
    (void)r;
    return !j->facts->has_mixed_payment_codes;
}

static bool means_texts_agree(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)n;
    (void)r;
    return !j->facts->has_mixed_payment_texts;
}

static bool has_one_payment_reference(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)n;
    (void)r;
    return j->facts->payment_references <= 1;
}

static const struct rule root_rules[] = {
    NONE("CII-DT-013", "@languageID", "the attribute languageID"),
    NONE("CII-DT-014", "@languageLocaleID", "the attribute languageLocaleID"),
    {"CII-SR-467", F, means_agree, NULL, "Use the same code for every means of payment.", NULL},
    {"CII-SR-468", F, means_texts_agree, NULL, "Use the same text for every means of payment.", NULL},
    {"CII-SR-469", F, has_one_payment_reference, NULL, "State the payment reference once only.", NULL},
};
static const struct rule context_rules[] = {
    ONE_WARNED("CII-SR-003", "ram:BusinessProcessSpecifiedDocumentContextParameter", "the business process"),
    EXACTLY("CII-SR-009", "ram:GuidelineSpecifiedDocumentContextParameter", "the specification"),
    EXACTLY("CII-SR-010", "ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", "the specification identifier"),
};
static const struct rule exchanged_rules[] = {EXACTLY("CII-SR-014", "ram:TypeCode", "the type of the document")};
static const struct rule note_rules[] = {ONE_WARNED("CII-SR-030", "ram:Content", "the text of a note")};
static const struct rule line_document_rules[] = {
    ONE_WARNED("CII-SR-039", "ram:IncludedNote", "the line's note"),
    ONE_WARNED("CII-SR-040", "ram:IncludedNote/ram:Content", "the text of the line's note"),
};

static bool global_id_has_scheme(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)j;
    return !node_has(n, "ram:GlobalID") || node_has(n, r->arg);
}

static bool origin_has_one_id(struct judge *j, xmlNode *n, const struct rule *r)
{
    return !node_has(n, "ram:OriginTradeCountry") || holds_exactly_one(j, n, r);
}

static const struct rule product_rules[] = {
    {"CII-SR-046", F, global_id_has_scheme, "ram:GlobalID/@schemeID", "Say which scheme the item's standard identifier belongs to.", NULL},
    {"CII-SR-090", F, origin_has_one_id, "ram:OriginTradeCountry/ram:ID", "State the country of origin exactly once.", NULL},
};
static const struct rule characteristic_rules[] = {
    EXACTLY("CII-SR-069", "ram:Description", "the name of the item attribute"),
    EXACTLY("CII-SR-072", "ram:Value", "the value of the item attribute"),
};
#define DISCOUNT "ram:GrossPriceProductTradePrice/ram:AppliedTradeAllowanceCharge/"

static bool discount_is_allowance(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)j;
    (void)r;
    bool amount = node_has(n, DISCOUNT "ram:ActualAmount"), indicator = node_has(n, DISCOUNT "ram:ChargeIndicator");
    return amount ? node_has(n, "ram:GrossPriceProductTradePrice/ram:AppliedTradeAllowanceCharge[allowance]") : !indicator;
}

static const struct rule line_agreement_rules[] = {
    {"CII-SR-119", W, discount_is_allowance, NULL, "A price may have a discount with its amount, never a charge.", NULL},
    EXACTLY("CII-SR-439", "ram:NetPriceProductTradePrice/ram:ChargeAmount", "the net price"),
    ONE("CII-SR-441", "ram:NetPriceProductTradePrice/ram:ChargeAmount", "the net price"),
};
static const struct rule discount_rules[] = {ONE("CII-SR-440", "ram:ActualAmount", "the discount on the price")};
static const struct rule line_settlement_rules[] = {
    NONE_WARNED("CII-SR-186", "ram:SpecifiedTradeAllowanceCharge/ram:CalculationPercent/@format", "the attribute format"),
    {"CII-SR-454", W, holds_exactly_one, "ram:ApplicableTradeTax", "Give the line exactly one VAT category.", NULL},
    ONE_WARNED("CII-SR-474", "ram:AdditionalReferencedDocument[ram:TypeCode=130]", "the line's invoiced object"),
};
static const struct rule agreement_rules[] = {
    EITHER_WARNED("CII-SR-450", "ram:BuyerTradeParty/ram:ID|ram:BuyerTradeParty/ram:GlobalID", "the buyer an ID or a GlobalID"),
    ONE_WARNED("CII-SR-457", "ram:AdditionalReferencedDocument[ram:TypeCode=50]", "the tender or lot"),
    ONE_WARNED("CII-SR-458", "ram:AdditionalReferencedDocument[ram:TypeCode=130]", "the invoiced object"),
    EITHER_WARNED("CII-SR-465", "ram:SellerTradeParty/ram:DefinedTradeContact/ram:PersonName|ram:SellerTradeParty/ram:DefinedTradeContact/ram:DepartmentName",
                  "the seller's contact as a person or a department"),
    EITHER_WARNED("CII-SR-466", "ram:BuyerTradeParty/ram:DefinedTradeContact/ram:PersonName|ram:BuyerTradeParty/ram:DefinedTradeContact/ram:DepartmentName",
                  "the buyer's contact as a person or a department"),
    ONE_WARNED("CII-SR-475", "ram:AdditionalReferencedDocument[ram:TypeCode=916]/ram:Name", "the description of a supporting document"),
    ONE_WARNED("CII-SR-476", "ram:AdditionalReferencedDocument[ram:TypeCode=916]/ram:AttachmentBinaryObject", "the attached file"),
    ONE("CII-SR-455", "ram:SellerTradeParty/ram:DefinedTradeContact", "the seller's contact"),
    ONE("CII-SR-456", "ram:BuyerTradeParty/ram:DefinedTradeContact", "the buyer's contact"),
    ONE("CII-SR-459", "ram:SellerTradeParty/ram:URIUniversalCommunication", "the seller's electronic address"),
    ONE("CII-SR-460", "ram:BuyerTradeParty/ram:URIUniversalCommunication", "the buyer's electronic address"),
};

static bool tax_points_agree(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)n;
    (void)r;
    return !j->facts->has_mixed_tax_point_codes;
}

static const struct rule delivery_rules[] = {
    EITHER_WARNED("CII-SR-449", "ram:ShipToTradeParty/ram:ID|ram:ShipToTradeParty/ram:GlobalID", "the delivery location an ID or a GlobalID")};
static const struct rule means_rules[] = {NONE_WARNED("CII-SR-464", "ram:PayerSpecifiedDebtorFinancialInstitution", "the payer's bank")};

struct transfers {
    struct arena *arena;
    bool lacks_account;
};

static bool check_transfer(void *context, xmlNode *n)
{
    struct transfers *t = context;
    const char *code = node_trimmed(t->arena, n, "ram:TypeCode");
    bool transfer = strcmp(code, "30") == 0 || strcmp(code, "58") == 0;
    t->lacks_account = transfer && !node_has(n, "ram:PayeePartyCreditorFinancialAccount/ram:IBANID") &&
                       !node_has(n, "ram:PayeePartyCreditorFinancialAccount/ram:ProprietaryID");
    return !t->lacks_account;
}

static bool transfers_have_accounts(struct judge *j, xmlNode *n, const struct rule *r)
{
    struct transfers t = {j->arena, false};
    node_each(n, r->arg, check_transfer, &t);
    return !t.lacks_account;
}

static const struct rule settlement_rules[] = {
    EITHER_WARNED("CII-SR-451", "ram:PayeeTradeParty/ram:ID|ram:PayeeTradeParty/ram:GlobalID", "the payee an ID or a GlobalID"),
    ONE_WARNED("CII-SR-452", "ram:SpecifiedTradePaymentTerms", "the payment terms"),
    ONE_WARNED("CII-SR-453", "ram:SpecifiedTradePaymentTerms/ram:Description", "the text of the payment terms"),
    ONE("CII-SR-461", "ram:ApplicableTradeTax/ram:TaxPointDate", "the VAT point"),
    {"CII-SR-462", F, tax_points_agree, NULL, "Use one code for the VAT point.", NULL},
    {"CII-SR-470", F, transfers_have_accounts, "ram:SpecifiedTradeSettlementPaymentMeans", "Give the account number to pay to, because payment is by credit transfer.", NULL},
};
static const struct rule adjustment_rules[] = {
    {"CII-SR-463", F, holds_exists, "ram:ChargeIndicator", "Say whether this is an allowance or a charge.", NULL},
    ONE("CII-SR-471", "ram:RateApplicablePercent", "the rate"),
    ONE("CII-SR-472", "ram:CategoryTradeTax", "the VAT category"),
    ONE("CII-SR-473", "ram:ActualAmount", "the amount"),
};
static const struct rule summation_rules[] = {
    ONE("CII-SR-477", "ram:LineTotalAmount", "the sum of the lines"),
    ONE("CII-SR-478", "ram:ChargeTotalAmount", "the total of charges"),
    ONE("CII-SR-479", "ram:AllowanceTotalAmount", "the total of allowances"),
    ONE("CII-SR-480", "ram:TaxBasisTotalAmount", "the total without VAT"),
    ONE("CII-SR-481", "ram:RoundingAmount", "the rounding amount"),
    ONE("CII-SR-482", "ram:GrandTotalAmount", "the total with VAT"),
    ONE("CII-SR-483", "ram:InformationAmount", "InformationAmount"),
    ONE("CII-SR-484", "ram:TotalPrepaidAmount", "the amount paid"),
    ONE("CII-SR-485", "ram:TotalDiscountAmount", "TotalDiscountAmount"),
    ONE("CII-SR-486", "ram:TotalAllowanceChargeAmount", "TotalAllowanceChargeAmount"),
    ONE("CII-SR-487", "ram:DuePayableAmount", "the amount due"),
    ONE("CII-SR-488", "ram:RetailValueExcludingTaxInformationAmount", "RetailValueExcludingTaxInformationAmount"),
    ONE("CII-SR-489", "ram:TotalDepositFeeInformationAmount", "TotalDepositFeeInformationAmount"),
    ONE("CII-SR-490", "ram:ProductValueExcludingTobaccoTaxInformationAmount", "ProductValueExcludingTobaccoTaxInformationAmount"),
    ONE("CII-SR-491", "ram:TotalRetailValueInformationAmount", "TotalRetailValueInformationAmount"),
    ONE("CII-SR-492", "ram:GrossLineTotalAmount", "GrossLineTotalAmount"),
    ONE("CII-SR-493", "ram:NetLineTotalAmount", "NetLineTotalAmount"),
    ONE("CII-SR-494", "ram:NetIncludingTaxesLineTotalAmount", "NetIncludingTaxesLineTotalAmount"),
};

/* The identifiers that carry no scheme at all; every other one may carry only its schemeID. */
static const struct rule plain_id_rules[] = {
    NONE("CII-DT-001", "@schemeName", "the attribute schemeName"),
    NONE("CII-DT-002", "@schemeAgencyName", "the attribute schemeAgencyName"),
    NONE("CII-DT-003", "@schemeDataURI", "the attribute schemeDataURI"),
    NONE("CII-DT-004", "@schemeURI", "the attribute schemeURI"),
    NONE("CII-DT-005", "@schemeID", "the attribute schemeID"),
    NONE("CII-DT-006", "@schemeAgencyID", "the attribute schemeAgencyID"),
    NONE("CII-DT-007", "@schemeVersionID", "the attribute schemeVersionID"),
};
static const struct rule id_rules[] = {
    NONE("CII-DT-101", "@schemeName", "the attribute schemeName"),
    NONE("CII-DT-102", "@schemeAgencyName", "the attribute schemeAgencyName"),
    NONE("CII-DT-103", "@schemeDataURI", "the attribute schemeDataURI"),
    NONE("CII-DT-104", "@schemeURI", "the attribute schemeURI"),
};
/* The published rules about listID and listAgencyID of the document type stand behind these and never apply. */
static const struct rule type_rules[] = {NONE("CII-DT-008", "@name", "the attribute name"), NONE("CII-DT-009", "@listURI", "the attribute listURI")};

static bool only_in_attachment(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)j;
    return !node_has(n, r->arg) || node_matches(n, "ram:AdditionalReferencedDocument[ram:TypeCode=916]");
}

static bool only_in_object(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)j;
    return !node_has(n, r->arg) || node_matches(n, "ram:AdditionalReferencedDocument[ram:TypeCode=130]");
}

static bool only_in_additional(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)j;
    return !node_has(n, r->arg) || node_matches(n, "ram:AdditionalReferencedDocument[ram:TypeCode=50|130|916]");
}

static bool only_in_preceding(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)j;
    return !node_has(n, r->arg) || node_matches(n, "ram:InvoiceReferencedDocument");
}

static const struct rule reference_rules[] = {
    {"CII-DT-015", F, only_in_attachment, "ram:URIID", "Give an address only for attachments (type 916).", NULL},
    NONE("CII-DT-016", "ram:StatusCode", "StatusCode"),
    NONE("CII-DT-017", "ram:CopyIndicator", "CopyIndicator"),
    {"CII-DT-018", F, only_in_additional, "ram:TypeCode", "Give a type only to additional documents, and only 50, 130 or 916.", NULL},
    NONE("CII-DT-019", "ram:GlobalID", "GlobalID"),
    NONE("CII-DT-020", "ram:RevisionID", "RevisionID"),
    {"CII-DT-021", F, only_in_attachment, "ram:Name", "Give a description only for attachments (type 916).", NULL},
    {"CII-DT-022", F, only_in_attachment, "ram:AttachmentBinaryObject", "Attach files only to references of type 916.", NULL},
    NONE("CII-DT-023", "ram:Information", "Information"),
    {"CII-DT-024", F, only_in_object, "ram:ReferenceTypeCode", "Give a scheme only for the invoiced object (type 130).", NULL},
    NONE("CII-DT-025", "ram:SectionName", "SectionName"),
    NONE("CII-DT-026", "ram:PreviousRevisionID", "PreviousRevisionID"),
    {"CII-DT-027", F, only_in_preceding, "ram:FormattedIssueDateTime", "Give a date only for the earlier invoice.", NULL},
    NONE("CII-DT-028", "ram:EffectiveSpecifiedPeriod", "EffectiveSpecifiedPeriod"),
    NONE("CII-DT-029", "ram:IssuerTradeParty", "IssuerTradeParty"),
    NONE("CII-DT-030", "ram:AttachedSpecifiedBinaryFile", "AttachedSpecifiedBinaryFile"),
};
static const struct rule amount_rules[] = {
    NONE("CII-DT-031", "@currencyID", "the attribute currencyID"),
    NONE("CII-DT-032", "@currencyCodeListVersionID", "the attribute currencyCodeListVersionID"),
};

static bool unit_is_needed(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    return !node_has(n, "@unitCode") || j->facts->has_billed_unit;
}

static const struct rule quantity_rules[] = {
    {"CII-DT-033", F, unit_is_needed, NULL, "State a unit only when the invoiced quantities have one.", NULL},
    NONE("CII-DT-034", "@unitCodeListID", "the attribute unitCodeListID"),
    NONE("CII-DT-035", "@unitCodeListAgencyID", "the attribute unitCodeListAgencyID"),
    NONE("CII-DT-036", "@unitCodeListAgencyName", "the attribute unitCodeListAgencyName"),
};

static bool tax_is_vat(struct judge *j, xmlNode *n, const struct rule *r)
{
    const char *type = node_value(j->arena, n, r->arg);
    return !type || strcmp(type, "VAT") == 0;
}

static bool is_below(xmlNode *n, const char *path)
{
    for (n = n->parent; n && n->type == XML_ELEMENT_NODE; n = n->parent)
        if (node_matches(n, path))
            return true;
    return false;
}

static const struct rule tax_rules[] = {{"CII-DT-037", F, tax_is_vat, "ram:TypeCode", "State VAT as the kind of tax.", NULL}};

/* Children of a tax that the European invoice does not use, or not there. */
static const struct unused_in_tax {
    const char *name, *id;
    bool in_header, in_applicable; /* where it is used after all: in the VAT breakdown, of ApplicableTradeTax */
} unused_in_tax[] = {
    {"CalculatedRate", "CII-DT-038", false, false},
    {"CalculationSequenceNumeric", "CII-DT-039", false, false},
    {"BasisQuantity", "CII-DT-040", false, false},
    {"BasisAmount", "CII-DT-041", true, false},
    {"UnitBasisAmount", "CII-DT-042", false, false},
    {"LineTotalBasisAmount", "CII-DT-043", false, false},
    {"AllowanceChargeBasisAmount", "CII-DT-044", false, false},
    {"CurrencyCode", "CII-DT-049", false, false},
    {"Jurisdiction", "CII-DT-050", false, false},
    {"CustomsDutyIndicator", "CII-DT-051", false, false},
    {"ExemptionReasonCode", "CII-DT-052", false, true},
    {"ExemptionReason", "CII-DT-098", false, true},
    {"TaxBasisAllowanceRate", "CII-DT-053", false, false},
    {"TaxPointDate", "CII-DT-054", true, false},
    {"Type", "CII-DT-055", false, false},
    {"InformationAmount", "CII-DT-056", false, false},
    {"CategoryName", "CII-DT-057", false, false},
    {"DueDateTypeCode", "CII-DT-058", true, false},
    {"SpecifiedTradeAccountingAccount", "CII-DT-060", false, false},
    {"ServiceSupplyTradeCountry", "CII-DT-061", false, false},
    {"BuyerRepayableTaxSpecifiedTradeAccountingAccount", "CII-DT-062", false, false},
    {"SellerPayableTaxSpecifiedTradeAccountingAccount", "CII-DT-063", false, false},
    {"SellerRefundableTaxSpecifiedTradeAccountingAccount", "CII-DT-064", false, false},
    {"BuyerDeductibleTaxSpecifiedTradeAccountingAccount", "CII-DT-065", false, false},
    {"BuyerNonDeductibleTaxSpecifiedTradeAccountingAccount", "CII-DT-066", false, false},
    {"PlaceApplicableTradeLocation", "CII-DT-067", false, false},
};

static bool is_used(xmlNode *tax, const struct unused_in_tax *u)
{
    return (u->in_header && is_below(tax, "ram:ApplicableHeaderTradeSettlement")) || (u->in_applicable && node_matches(tax, "ram:ApplicableTradeTax"));
}

/* Each rule once a tax. */
static void judge_tax_child(struct judge *j, xmlNode *tax, xmlNode *child, bool *fired)
{
    const char *name = (const char *)child->name;
    for (size_t i = 0; i < sizeof unused_in_tax / sizeof *unused_in_tax; i++) {
        const struct unused_in_tax *u = &unused_in_tax[i];
        if (*name != *u->name || strcmp(name, u->name) != 0 || fired[i] || is_used(tax, u))
            continue;
        fired[i] = true;
        judge_report(j, u->id, W, tax, arena_printf(j->arena, "Leave out %s here: the European invoice does not use it.", name));
    }
}

static void judge_tax(struct judge *j, xmlNode *tax)
{
    static const struct rule format_rule = NONE_WARNED("CII-DT-059", "@format", "the attribute format");
    bool fired[sizeof unused_in_tax / sizeof *unused_in_tax + 1] = {false};
    bool *format_fired = &fired[sizeof unused_in_tax / sizeof *unused_in_tax];
    for (xmlNode *child = tax->children; child; child = child->next) {
        if (child->type != XML_ELEMENT_NODE || node_space(child) != SPACE_RAM)
            continue;
        judge_tax_child(j, tax, child, fired);
        if (!*format_fired && node_matches(child, "ram:RateApplicablePercent") && !format_rule.holds(j, child, &format_rule)) {
            *format_fired = true;
            judge_report(j, format_rule.id, format_rule.severity, tax, format_rule.advice);
        }
    }
}

static const struct rule category_rules[] = {
    NONE_WARNED("CII-DT-045", "@listID", "the attribute listID"),
    NONE_WARNED("CII-DT-046", "@listAgencyID", "the attribute listAgencyID"),
    NONE_WARNED("CII-DT-047", "@listVersionID", "the attribute listVersionID"),
    NONE_WARNED("CII-DT-048", "@listURI", "the attribute listURI"),
};
/* Published with two digits. */
static const struct rule parameter_rules[] = {
    NONE_WARNED("CII-SR-04", "ram:Value", "Value"),
    NONE_WARNED("CII-SR-05", "ram:SpecifiedDocumentVersion", "SpecifiedDocumentVersion"),
};
static const struct rule period_rules[] = {
    NONE("CII-DT-068", "ram:StartDateTime/udt:DateTime", "DateTime"),
    NONE("CII-DT-069", "ram:DurationMeasure", "DurationMeasure"),
    NONE("CII-DT-070", "ram:InclusiveIndicator", "InclusiveIndicator"),
    NONE("CII-DT-071", "ram:Description", "Description"),
    NONE("CII-DT-072", "ram:EndDateTime/udt:DateTime", "DateTime"),
    NONE("CII-DT-073", "ram:CompleteDateTime", "CompleteDateTime"),
    NONE("CII-DT-074", "ram:OpenIndicator", "OpenIndicator"),
    NONE("CII-DT-075", "ram:SeasonCode", "SeasonCode"),
    NONE("CII-DT-076", "ram:ID", "ID"),
    NONE("CII-DT-077", "ram:Name", "Name"),
    NONE("CII-DT-078", "ram:SequenceNumeric", "SequenceNumeric"),
    NONE("CII-DT-079", "ram:StartDateFlexibilityCode", "StartDateFlexibilityCode"),
    NONE("CII-DT-080", "ram:ContinuousIndicator", "ContinuousIndicator"),
    NONE("CII-DT-081", "ram:PurposeCode", "PurposeCode"),
};
static const struct rule address_rules[] = {
    NONE("CII-DT-082", "ram:ID", "ID"),
    NONE("CII-DT-083", "ram:PostOfficeBox", "PostOfficeBox"),
    NONE("CII-DT-084", "ram:BuildingName", "BuildingName"),
    NONE("CII-DT-086", "ram:LineFour", "LineFour"),
    NONE("CII-DT-087", "ram:LineFive", "LineFive"),
    NONE("CII-DT-088", "ram:StreetName", "StreetName"),
    NONE("CII-DT-089", "ram:CitySubDivisionName", "CitySubDivisionName"),
    NONE("CII-DT-090", "ram:CountryName", "CountryName"),
    NONE("CII-DT-091", "ram:CountrySubDivisionID", "CountrySubDivisionID"),
    NONE("CII-DT-092", "ram:AttentionOf", "AttentionOf"),
    NONE("CII-DT-093", "ram:CareOf", "CareOf"),
    NONE("CII-DT-094", "ram:BuildingNumber", "BuildingNumber"),
    NONE("CII-DT-095", "ram:DepartmentName", "DepartmentName"),
    NONE("CII-DT-096", "ram:AdditionalStreetName", "AdditionalStreetName"),
};

/* CII-DT-097 only looks at the form: 20260231 passes. */
static bool is_date_102(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    const char *s = node_trimmed(j->arena, n, ".");
    if (strlen(s) != 8 || strspn(s, "0123456789") != 8)
        return false;
    int month = (s[4] - '0') * 10 + s[5] - '0', day = (s[6] - '0') * 10 + s[7] - '0';
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static const struct rule date_rules[] = {{"CII-DT-097", F, is_date_102, NULL, "Write dates of format 102 as YYYYMMDD.", NULL}};

/* Some rules go by the end of an element's name. */
#define TAIL(tail, rules, judge) {tail, sizeof tail - 1, rules, sizeof(rules) / sizeof *(rules), judge}
static const struct {
    const char *tail;
    size_t length;
    const struct rule *rules;
    size_t n;
    void (*judge)(struct judge *j, xmlNode *n);
} tails[] = {
    TAIL("ID", id_rules, NULL),
    TAIL("ReferencedDocument", reference_rules, NULL),
    TAIL("Amount", amount_rules, NULL),
    TAIL("Quantity", quantity_rules, NULL),
    TAIL("TradeTax", tax_rules, judge_tax),
    TAIL("DocumentContextParameter", parameter_rules, NULL),
};

static void judge_by_name(struct judge *j, xmlNode *n)
{
    const char *name = (const char *)n->name;
    size_t length = strlen(name);
    if (node_space(n) != SPACE_RAM || strcmp(name, "TaxTotalAmount") == 0)
        return;
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        if (length < tails[i].length || memcmp(name + length - tails[i].length, tails[i].tail, tails[i].length) != 0)
            continue;
        for (const struct rule *r = tails[i].rules; r < tails[i].rules + tails[i].n; r++)
            if (!r->holds(j, n, r))
                judge_report(j, r->id, r->severity, n, r->advice);
        if (tails[i].judge)
            tails[i].judge(j, n);
        return;
    }
}

static const struct context contexts[] = {
    {"/", RULES(root_rules)},
    {"/rsm:ExchangedDocumentContext", RULES(context_rules)},
    {"/rsm:ExchangedDocument", RULES(exchanged_rules)},
    {"/rsm:ExchangedDocument/ram:IncludedNote", RULES(note_rules)},
    {"/" LINE "ram:AssociatedDocumentLineDocument", RULES(line_document_rules)},
    {"/" LINE "ram:SpecifiedLineTradeSettlement", RULES(line_settlement_rules)},
    {"/" LINE "ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax/ram:CategoryCode", RULES(category_rules)},
    {"/" T "ram:ApplicableHeaderTradeDelivery", RULES(delivery_rules)},
    {"ram:SpecifiedTradeSettlementPaymentMeans", RULES(means_rules)},
    {"/" LINE "ram:SpecifiedTradeProduct", RULES(product_rules)},
    {"/" LINE "ram:SpecifiedTradeProduct/ram:ApplicableProductCharacteristic", RULES(characteristic_rules)},
    {"/" LINE "ram:SpecifiedLineTradeAgreement", RULES(line_agreement_rules)},
    {"ram:GrossPriceProductTradePrice/ram:AppliedTradeAllowanceCharge", RULES(discount_rules)},
    {"/" T "ram:ApplicableHeaderTradeAgreement", RULES(agreement_rules)},
    {"/" T "ram:ApplicableHeaderTradeSettlement", RULES(settlement_rules)},
    {"/" T "ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeSettlementHeaderMonetarySummation", RULES(summation_rules)},
    {"ram:SpecifiedTradeAllowanceCharge", RULES(adjustment_rules)},
    {"/rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", RULES(plain_id_rules)},
    {"/rsm:ExchangedDocument/ram:ID", RULES(plain_id_rules)},
    {"/" LINE "ram:AssociatedDocumentLineDocument/ram:LineID", RULES(plain_id_rules)},
    {"/" LINE "ram:SpecifiedTradeProduct/ram:SellerAssignedID", RULES(plain_id_rules)},
    {"ram:TypeCode", RULES(type_rules)},
    {"ram:BillingSpecifiedPeriod", RULES(period_rules)},
    {"ram:PostalTradeAddress", RULES(address_rules)},
    {"udt:DateTimeString[@format=102]", RULES(date_rules)},
    {"*", NULL, 0, judge_by_name},
};

const struct pattern pattern_cii_syntax = PATTERN(contexts);
