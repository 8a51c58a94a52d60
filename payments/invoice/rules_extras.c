/*
 * UBL-CR and UBL-DT-08 to -28: elements and attributes that UBL knows and the European invoice does not. All are warnings.
 * One table of paths, as the published rules number them; each rule fires once a document.
 */
#include <string.h>

#include "daemon/base/arena.h"
#include "payments/invoice/extras.h"
#include "payments/invoice/judge.h"

#define DOCUMENT_REFERENCE "cbc:CopyIndicator cbc:UUID cbc:IssueDate cbc:IssueTime cbc:DocumentTypeCode cbc:DocumentType cbc:XPath cbc:LanguageID cbc:LocaleCode " \
    "cbc:VersionID cbc:DocumentStatusCode cbc:DocumentDescription cac:Attachment cac:ValidityPeriod cac:IssuerParty cac:ResultOfVerification"
#define ADDRESS "cbc:ID cbc:AddressTypeCode cbc:AddressFormatCode cbc:Postbox cbc:Floor cbc:Room cbc:BlockName cbc:BuildingName cbc:BuildingNumber " \
    "cbc:InhouseMail cbc:Department cbc:MarkAttention cbc:MarkCare cbc:PlotIdentification cbc:CitySubdivisionName cbc:CountrySubentityCode cbc:Region " \
    "cbc:District cbc:TimezoneOffset cac:Country/cbc:Name cac:LocationCoordinate"
#define PARTY_TAX "cbc:RegistrationName cbc:TaxLevelCode cbc:ExemptionReasonCode cbc:ExemptionReason cac:RegistrationAddress cac:TaxScheme/cbc:Name " \
    "cac:TaxScheme/cbc:TaxTypeCode cac:TaxScheme/cbc:CurrencyCode cac:TaxScheme/cac:JurisdictionRegionAddress"
#define LEGAL_TAIL "cbc:SoleProprietorshipIndicator cbc:CompanyLiquidationStatusCode cbc:CorporateStockAmount cbc:FullyPaidSharesIndicator " \
    "cac:RegistrationAddress cac:CorporateRegistrationScheme cac:HeadOfficeParty cac:ShareholderParty"
#define CONTACT "cbc:ID cbc:Telefax cbc:Note cac:OtherCommunication"
#define PARTY_TAIL "cac:Person cac:AgentParty cac:ServiceProviderParty cac:PowerOfAttorney cac:FinancialAccount"
#define SCHEME "cac:TaxScheme/cbc:Name cac:TaxScheme/cbc:TaxTypeCode cac:TaxScheme/cbc:CurrencyCode cac:TaxScheme/cac:JurisdictionRegionAddress"
#define ITEM_ID "cbc:ExtendedID cbc:BarcodeSymbologyID cac:PhysicalAttribute cac:MeasurementDimension cac:IssuerParty"

/* Line stands for InvoiceLine and CreditNoteLine. */
static const struct extra rows[] = {
    {1, "", "", "ext:UBLExtensions - cbc:ProfileExecutionID cbc:CopyIndicator cbc:UUID cbc:IssueTime cbc:PricingCurrencyCode cbc:PaymentCurrencyCode "
            "cbc:PaymentAlternativeCurrencyCode cbc:AccountingCostCode cbc:LineCountNumeric"},
    {12, "", "cac:InvoicePeriod/", "cbc:StartTime cbc:EndTime cbc:DurationMeasure cbc:Description"},
    {16, "", "cac:OrderReference/", "cbc:CopyIndicator cbc:UUID cbc:IssueDate cbc:IssueTime cbc:CustomerReference cbc:OrderTypeCode cac:DocumentReference"},
    {23, "", "cac:BillingReference/cac:InvoiceDocumentReference/",
     "cbc:CopyIndicator cbc:UUID cbc:IssueTime cbc:DocumentTypeCode cbc:DocumentType cbc:XPath cbc:LanguageID cbc:LocaleCode cbc:VersionID "
     "cbc:DocumentStatusCode cbc:DocumentDescription cac:Attachment cac:ValidityPeriod cac:IssuerParty cac:ResultOfVerification"},
    {38, "", "cac:BillingReference/", "cac:SelfBilledInvoiceDocumentReference cac:CreditNoteDocumentReference cac:SelfBilledCreditNoteDocumentReference "
     "cac:DebitNoteDocumentReference cac:ReminderDocumentReference cac:AdditionalDocumentReference cac:BillingReferenceLine"},
    {45, "", "cac:DespatchDocumentReference/", DOCUMENT_REFERENCE},
    {61, "", "cac:ReceiptDocumentReference/", DOCUMENT_REFERENCE},
    {77, "", "", "cac:StatementDocumentReference"},
    {78, "", "cac:OriginatorDocumentReference/", DOCUMENT_REFERENCE},
    {94, "", "cac:ContractDocumentReference/", DOCUMENT_REFERENCE},
    {110, "", "cac:AdditionalDocumentReference/", "cbc:CopyIndicator cbc:UUID cbc:IssueDate cbc:IssueTime cbc:DocumentType cbc:XPath cbc:LanguageID cbc:LocaleCode "
     "cbc:VersionID cbc:DocumentStatusCode"},
    {121, "", "cac:AdditionalDocumentReference/cac:Attachment/cac:ExternalReference/", "cbc:DocumentHash cbc:HashAlgorithmMethod cbc:ExpiryDate cbc:ExpiryTime "
     "cbc:MimeCode cbc:FormatCode cbc:EncodingCode cbc:CharacterSetCode cbc:FileName cbc:Description"},
    {131, "", "cac:AdditionalDocumentReference/", "cac:ValidityPeriod cac:IssuerParty cac:ResultOfVerification"},
    {134, "", "cac:ProjectReference/", "cbc:UUID cbc:IssueDate cac:WorkPhaseReference"},
    {137, "", "", "cac:Signature"},
    {138, "", "cac:AccountingSupplierParty/", "cbc:CustomerAssignedAccountID cbc:AdditionalAccountID cbc:DataSendingCapability"},
    {141, "", "cac:AccountingSupplierParty/cac:Party/", "cbc:MarkCareIndicator cbc:MarkAttentionIndicator cbc:WebsiteURI cbc:LogoReferenceID "
     "cbc:IndustryClassificationCode cac:Language"},
    {147, "", "cac:AccountingSupplierParty/cac:Party/cac:PostalAddress/", ADDRESS},
    {168, "", "cac:AccountingSupplierParty/cac:Party/", "cac:PhysicalLocation"},
    {169, "", "cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme/", PARTY_TAX},
    {178, "", "cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/", "cbc:RegistrationDate cbc:RegistrationExpirationDate cbc:CompanyLegalFormCode " LEGAL_TAIL},
    {189, "", "cac:AccountingSupplierParty/cac:Party/cac:Contact/", CONTACT},
    {193, "", "cac:AccountingSupplierParty/cac:Party/", PARTY_TAIL},
    {198, "", "cac:AccountingSupplierParty/", "cac:DespatchContact cac:AccountingContact cac:SellerContact"},
    {201, "", "cac:AccountingCustomerParty/", "cbc:CustomerAssignedAccountID cbc:SupplierAssignedAccountID cbc:AdditionalAccountID"},
    {204, "", "cac:AccountingCustomerParty/cac:Party/", "cbc:MarkCareIndicator cbc:MarkAttentionIndicator cbc:WebsiteURI cbc:LogoReferenceID "
     "cbc:IndustryClassificationCode cac:Language"},
    {210, "", "cac:AccountingCustomerParty/cac:Party/cac:PostalAddress/", ADDRESS},
    {231, "", "cac:AccountingCustomerParty/cac:Party/", "cac:PhysicalLocation"},
    {232, "", "cac:AccountingCustomerParty/cac:Party/cac:PartyTaxScheme/", PARTY_TAX},
    {241, "", "cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/", "cbc:RegistrationDate cbc:RegistrationExpirationDate cbc:CompanyLegalFormCode "
     "cbc:CompanyLegalForm " LEGAL_TAIL},
    {253, "", "cac:AccountingCustomerParty/cac:Party/cac:Contact/", CONTACT},
    {257, "", "cac:AccountingCustomerParty/cac:Party/", PARTY_TAIL},
    {262, "", "cac:AccountingCustomerParty/", "cac:DeliveryContact cac:AccountingContact cac:BuyerContact"},
    {265, "", "cac:PayeeParty/", "cbc:MarkCareIndicator cbc:MarkAttentionIndicator cbc:WebsiteURI cbc:LogoReferenceID cbc:EndpointID cbc:IndustryClassificationCode "
     "cac:Language cac:PostalAddress cac:PhysicalLocation cac:PartyTaxScheme"},
    {275, "", "cac:PayeeParty/cac:PartyLegalEntity/", "cbc:RegistrationName cbc:RegistrationDate cbc:RegistrationExpirationDate cbc:CompanyLegalFormCode "
     "cbc:CompanyLegalForm " LEGAL_TAIL},
    {288, "", "cac:PayeeParty/", "cac:Contact " PARTY_TAIL},
    {294, "", "", "cac:BuyerCustomerParty cac:SellerSupplierParty"},
    {296, "", "cac:TaxRepresentativeParty/", "cbc:MarkCareIndicator cbc:MarkAttentionIndicator cbc:WebsiteURI cbc:LogoReferenceID cbc:EndpointID "
     "cbc:IndustryClassificationCode cac:PartyIdentification cac:Language"},
    {304, "", "cac:TaxRepresentativeParty/cac:PostalAddress/", ADDRESS},
    {325, "", "cac:TaxRepresentativeParty/", "cac:PhysicalLocation"},
    {326, "", "cac:TaxRepresentativeParty/cac:PartyTaxScheme/", PARTY_TAX},
    {335, "", "cac:TaxRepresentativeParty/", "cac:PartyLegalEntity cac:Contact " PARTY_TAIL},
    {342, "", "cac:Delivery/", "cbc:ID cbc:Quantity cbc:MinimumQuantity cbc:MaximumQuantity cbc:ActualDeliveryTime cbc:LatestDeliveryDate cbc:LatestDeliveryTime "
     "cbc:ReleaseID cbc:TrackingID"},
    {351, "", "cac:Delivery/cac:DeliveryLocation/", "cbc:Description cbc:Conditions cbc:CountrySubentity cbc:CountrySubentityCode cbc:LocationTypeCode "
     "cbc:InformationURI cbc:Name cac:ValidityPeriod"},
    {359, "", "cac:Delivery/cac:DeliveryLocation/cac:Address/", ADDRESS},
    {380, "", "cac:Delivery/", "cac:DeliveryLocation/cac:SubsidiaryLocation cac:DeliveryLocation/cac:LocationCoordinate cac:AlternativeDeliveryLocation "
     "cac:RequestedDeliveryPeriod cac:EstimatedDeliveryPeriod cac:CarrierParty"},
    {386, "", "cac:Delivery/cac:DeliveryParty/", "cbc:MarkCareIndicator cbc:MarkAttentionIndicator cbc:WebsiteURI cbc:LogoReferenceID cbc:EndpointID "
     "cbc:IndustryClassificationCode cac:PartyIdentification cac:Language cac:PostalAddress cac:PhysicalLocation cac:PartyTaxScheme cac:PartyLegalEntity "
     "cac:Contact " PARTY_TAIL},
    {404, "", "cac:Delivery/", "cac:NotifyParty cac:Despatch cac:DeliveryTerms cac:MinimumDeliveryUnit cac:MaximumDeliveryUnit cac:Shipment"},
    {410, "", "", "cac:DeliveryTerms"},
    {411, "", "cac:PaymentMeans/", "cbc:ID cbc:PaymentDueDate cbc:PaymentChannelCode cbc:InstructionID"},
    {415, "", "cac:PaymentMeans/cac:CardAccount/", "cbc:CardTypeCode cbc:ValidityStartDate cbc:ExpiryDate cbc:IssuerID cbc:IssueNumberID cbc:CV2ID "
     "cbc:CardChipCode cbc:ChipApplicationID"},
    {424, "", "cac:PaymentMeans/cac:PayeeFinancialAccount/", "cbc:AliasName cbc:AccountTypeCode cbc:AccountFormatCode cbc:CurrencyCode cbc:PaymentNote "
     "cac:FinancialInstitutionBranch/cbc:Name cac:FinancialInstitutionBranch/cac:FinancialInstitution/cbc:Name "
     "cac:FinancialInstitutionBranch/cac:FinancialInstitution/cac:Address cac:FinancialInstitutionBranch/cac:Address cac:Country"},
    {434, "", "cac:PaymentMeans/", "cac:CreditAccount"},
    {435, "", "cac:PaymentMeans/cac:PaymentMandate/", "cbc:MandateTypeCode cbc:MaximumPaymentInstructionsNumeric cbc:MaximumPaidAmount cbc:SignatureID cac:PayerParty"},
    {440, "", "cac:PaymentMeans/cac:PaymentMandate/cac:PayerFinancialAccount/", "cbc:Name cbc:AliasName cbc:AccountTypeCode cbc:AccountFormatCode cbc:CurrencyCode "
     "cbc:PaymentNote cac:FinancialInstitutionBranch cac:Country"},
    {448, "", "cac:PaymentMeans/", "cac:PaymentMandate/cac:ValidityPeriod cac:PaymentMandate/cac:PaymentReversalPeriod cac:PaymentMandate/cac:Clause cac:TradeFinancing"},
    {452, "", "cac:PaymentTerms/", "cbc:ID cbc:PaymentMeansID cbc:PrepaidPaymentReferenceID cbc:ReferenceEventCode cbc:SettlementDiscountPercent "
     "cbc:PenaltySurchargePercent cbc:PaymentPercent cbc:Amount cbc:SettlementDiscountAmount cbc:PenaltyAmount cbc:PaymentTermsDetailsURI cbc:PaymentDueDate "
     "cbc:InstallmentDueDate cbc:InvoicingPartyReference cac:SettlementPeriod cac:PenaltyPeriod cac:ExchangeRate cac:ValidityPeriod"},
    {470, "", "", "cac:PrepaidPayment"},
    {471, "", "cac:AllowanceCharge/", "cbc:ID cbc:PrepaidIndicator cbc:SequenceNumeric cbc:AccountingCostCode cbc:AccountingCost cbc:PerUnitAmount"},
    {477, "", "cac:AllowanceCharge/cac:TaxCategory/", "cbc:Name cbc:BaseUnitMeasure cbc:PerUnitAmount cbc:TaxExemptionReasonCode cbc:TaxExemptionReason cbc:TierRange "
     "cbc:TierRatePercent " SCHEME},
    {488, "", "cac:AllowanceCharge/", "cac:TaxTotal cac:PaymentMeans"},
    {490, "", "", "cac:TaxExchangeRate cac:PricingExchangeRate cac:PaymentExchangeRate cac:PaymentAlternativeExchangeRate"},
    {494, "", "cac:TaxTotal/", "cbc:RoundingAmount cbc:TaxEvidenceIndicator cbc:TaxIncludedIndicator"},
    {497, "", "cac:TaxTotal/cac:TaxSubtotal/", "cbc:CalculationSequenceNumeric cbc:TransactionCurrencyTaxAmount cbc:Percent cbc:BaseUnitMeasure cbc:PerUnitAmount "
     "cbc:TierRange cbc:TierRatePercent"},
    {504, "", "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/", "cbc:Name cbc:BaseUnitMeasure cbc:PerUnitAmount cbc:TierRange cbc:TierRatePercent " SCHEME},
    {513, "", "", "cac:WithholdingTaxTotal"},
    {514, "", "cac:LegalMonetaryTotal/", "cbc:PayableAlternativeAmount"},
    {515, "", "Line/", "cbc:UUID cbc:TaxPointDate cbc:AccountingCostCode cbc:PaymentPurposeCode cbc:FreeOfChargeIndicator"},
    {520, "", "Line/cac:InvoicePeriod/", "cbc:StartTime cbc:EndTime cbc:DurationMeasure cbc:DescriptionCode cbc:Description"},
    {525, "", "Line/cac:OrderLineReference/", "cbc:SalesOrderLineID cbc:UUID cbc:LineStatusCode cac:OrderReference"},
    {529, "", "Line/", "cac:DespatchLineReference cac:ReceiptLineReference cac:BillingReference"},
    {532, "", "Line/cac:DocumentReference/", "cbc:CopyIndicator cbc:UUID cbc:IssueDate cbc:IssueTime - cbc:DocumentType cbc:XPath cbc:LanguageID cbc:LocaleCode "
     "cbc:VersionID cbc:DocumentStatusCode cbc:DocumentDescription cac:Attachment cac:ValidityPeriod cac:IssuerParty cac:ResultOfVerification"},
    {548, "", "Line/", "cac:PricingReference cac:OriginatorParty cac:Delivery cac:PaymentTerms"},
    {552, "", "Line/cac:AllowanceCharge/", "cbc:ID cbc:PrepaidIndicator cbc:SequenceNumeric cbc:AccountingCostCode cbc:AccountingCost cbc:PerUnitAmount cac:TaxCategory "
     "cac:TaxTotal cac:PaymentMeans"},
    {561, "", "Line/", "cac:TaxTotal cac:WithholdingTaxTotal"},
    {563, "", "Line/cac:Item/", "cbc:PackQuantity cbc:PackSizeNumeric cbc:CatalogueIndicator cbc:HazardousRiskIndicator cbc:AdditionalInformation cbc:Keyword "
     "cbc:BrandName cbc:ModelName"},
    {571, "", "Line/cac:Item/cac:BuyersItemIdentification/", ITEM_ID},
    {576, "", "Line/cac:Item/cac:SellersItemIdentification/", ITEM_ID},
    {581, "", "Line/cac:Item/", "cac:ManufacturersItemIdentification"},
    {582, "", "Line/cac:Item/cac:StandardItemIdentification/", ITEM_ID},
    {587, "", "Line/cac:Item/", "cac:CatalogueItemIdentification cac:AdditionalItemIdentification cac:CatalogueDocumentReference "
     "cac:ItemSpecificationDocumentReference cac:OriginCountry/cbc:Name cac:CommodityClassification/cbc:NatureCode "
     "cac:CommodityClassification/cbc:CargoTypeCode cac:CommodityClassification/cbc:CommodityCode cac:TransactionConditions cac:HazardousItem"},
    {597, "", "Line/cac:Item/cac:ClassifiedTaxCategory/", "cbc:Name cbc:BaseUnitMeasure cbc:PerUnitAmount cbc:TaxExemptionReasonCode cbc:TaxExemptionReason cbc:TierRange "
     "cbc:TierRatePercent " SCHEME},
    {608, "", "Line/cac:Item/cac:AdditionalItemProperty/", "cbc:ID cbc:NameCode cbc:TestMethod cbc:ValueQuantity cbc:ValueQualifier cbc:ImportanceCode cbc:ListValue "
     "cac:UsabilityPeriod cac:ItemPropertyGroup cac:RangeDimension cac:ItemPropertyRange"},
    {619, "", "Line/cac:Item/", "cac:ManufacturerParty cac:InformationContentProviderParty cac:OriginAddress cac:ItemInstance cac:Certificate cac:Dimension"},
    {625, "", "Line/cac:Price/", "cbc:PriceChangeReason cbc:PriceTypeCode cbc:PriceType cbc:OrderableUnitFactorRate cbc:ValidityPeriod cbc:PriceList"},
    {632, "", "Line/cac:Price/cac:AllowanceCharge/", "cbc:ID cbc:AllowanceChargeReasonCode cbc:AllowanceChargeReason cbc:MultiplierFactorNumeric cbc:PrepaidIndicator "
     "cbc:SequenceNumeric cbc:AccountingCostCode cbc:AccountingCost cbc:PerUnitAmount cac:TaxCategory cac:TaxTotal cac:PaymentMeans"},
    {644, "", "Line/", "cac:Price/cac:PricingExchangeRate cac:DeliveryTerms cac:SubInvoiceLine cac:ItemPriceExtension"},
    {681, "", "", "cac:PaymentMeans/cbc:InstructionNote cac:Delivery/cac:DeliveryAddress"},
};

/* Rules about the end of a path anywhere in the document, about attributes first. "/" stands for the document's root. */
struct tail {
    const char *id, *element, *attribute; /* element NULL: any */
};

static const struct tail tails[] = {
    {"UBL-CR-648", "/cbc:CustomizationID", "schemeID"},
    {"UBL-CR-649", "/cbc:ProfileID", "schemeID"},
    {"UBL-CR-650", "/cbc:ID", "schemeID"},
    {"UBL-CR-651", "/cbc:SalesOrderID", "schemeID"},
    {"UBL-CR-652", "cac:PartyTaxScheme/cbc:CompanyID", "schemeID"},
    {"UBL-CR-653", "/cac:PaymentMeans/cbc:PaymentID", "schemeID"},
    {"UBL-CR-654", "/cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID", "schemeID"},
    {"UBL-CR-655", "/cac:PaymentMeans/cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID", "schemeID"},
    {"UBL-CR-656", "/cbc:InvoiceTypeCode", "listID"},
    {"UBL-CR-657", "/cbc:DocumentCurrencyCode", "listID"},
    {"UBL-CR-658", "/cbc:TaxCurrencyCode", "listID"},
    {"UBL-CR-659", "/cac:AdditionalDocumentReference/cbc:DocumentTypeCode", "listID"},
    {"UBL-CR-660", "cac:Country/cbc:IdentificationCode", "listID"},
    {"UBL-CR-661", "/cac:PaymentMeans/cbc:PaymentMeansCode", "listID"},
    {"UBL-CR-662", "cbc:AllowanceChargeReasonCode", "listID"},
    {"UBL-CR-663", NULL, "unitCodeListID"},
    {"UBL-CR-665", "cac:AdditionalDocumentReference[!cbc:DocumentTypeCode=130]/cbc:ID", "schemeID"},
    {"UBL-CR-667", "cac:BuyersItemIdentification/cbc:ID", "schemeID"},
    {"UBL-CR-668", "cac:SellersItemIdentification/cbc:ID", "schemeID"},
    {"UBL-CR-672", "/cbc:CreditNoteTypeCode", "listID"},
    {"UBL-CR-674", "cbc:PrimaryAccountNumber", "schemeID"},
    {"UBL-CR-675", "cac:CardAccount/cbc:NetworkID", "schemeID"},
    {"UBL-CR-676", "cac:PaymentMandate/cbc:ID", "schemeID"},
    {"UBL-CR-677", "cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID", "schemeID"},
    {"UBL-CR-678", "cac:TaxCategory/cbc:ID", "schemeID"},
    {"UBL-CR-679", "cac:ClassifiedTaxCategory/cbc:ID", "schemeID"},
    {"UBL-DT-08", NULL, "schemeName"},
    {"UBL-DT-09", NULL, "schemeAgencyName"},
    {"UBL-DT-10", NULL, "schemeDataURI"},
    {"UBL-DT-11", NULL, "schemeURI"},
    {"UBL-DT-12", NULL, "format"},
    {"UBL-DT-13", NULL, "unitCodeListIdentifier"},
    {"UBL-DT-14", NULL, "unitCodeListAgencyIdentifier"},
    {"UBL-DT-15", NULL, "unitCodeListAgencyName"},
    {"UBL-DT-16", NULL, "listAgencyName"},
    {"UBL-DT-17", NULL, "listName"},
    {"UBL-DT-18", NULL, "name"},
    {"UBL-DT-19", NULL, "languageID"},
    {"UBL-DT-20", NULL, "listURI"},
    {"UBL-DT-21", NULL, "listSchemeURI"},
    {"UBL-DT-22", NULL, "languageLocaleID"},
    {"UBL-DT-23", NULL, "uri"},
    {"UBL-DT-24", NULL, "currencyCodeListVersionID"},
    {"UBL-DT-25", NULL, "characterSetCode"},
    {"UBL-DT-26", NULL, "encodingCode"},
    {"UBL-DT-27", NULL, "schemeAgencyID"},
    {"UBL-DT-28", NULL, "listAgencyID"},
};

static const struct {
    const char *id, *name, *path; /* name: of the last step, because hardly any element has it */
} element_tails[] = {
    {"UBL-CR-664", "FinancialInstitution", "cac:FinancialInstitution"},
    {"UBL-CR-669", "AllowanceChargeReasonCode", "cac:Price/cac:AllowanceCharge/cbc:AllowanceChargeReasonCode"},
    {"UBL-CR-670", "AllowanceChargeReason", "cac:Price/cac:AllowanceCharge/cbc:AllowanceChargeReason"},
    {"UBL-CR-671", "MultiplierFactorNumeric", "cac:Price/cac:AllowanceCharge/cbc:MultiplierFactorNumeric"},
    {"UBL-CR-680", "PayerFinancialAccount", "cac:PaymentMeans/cac:PayerFinancialAccount"},
};

enum { TAILS = sizeof tails / sizeof *tails, ELEMENT_TAILS = sizeof element_tails / sizeof *element_tails };

struct tails_run {
    struct judge *j;
    bool fired[TAILS], element_fired[ELEMENT_TAILS];
};

static void fire_tail(struct tails_run *run, bool *fired, const char *id, xmlNode *n, const char *kind, const char *what)
{
    if (!*fired)
        judge_report(run->j, id, INVOICE_WARNING, n, arena_printf(run->j->arena, "Leave out %s%s here: the European invoice does not use it.", kind, what));
    *fired = true;
}

/* The text of a means of payment is the one permitted use of an attribute called name. */
static bool is_payment_text(xmlNode *n, const struct tail *t)
{
    return strcmp(t->attribute, "name") == 0 && node_matches(n, "cbc:PaymentMeansCode");
}

static void judge_attribute(struct tails_run *run, xmlNode *n, const char *name)
{
    for (size_t i = 0; i < TAILS; i++)
        if (*tails[i].attribute == *name && strcmp(name, tails[i].attribute) == 0 && (!tails[i].element || node_matches(n, tails[i].element)) &&
            !is_payment_text(n, &tails[i]))
            fire_tail(run, &run->fired[i], tails[i].id, n, "the attribute ", name);
}

static void judge_tails(void *context, xmlNode *n)
{
    struct tails_run *run = context;
    const char *name = (const char *)n->name;
    for (const xmlAttr *at = n->properties; at; at = at->next)
        if (!at->ns)
            judge_attribute(run, n, (const char *)at->name);
    for (size_t i = 0; i < ELEMENT_TAILS; i++)
        if (strcmp(name, element_tails[i].name) == 0 && node_matches(n, element_tails[i].path))
            fire_tail(run, &run->element_fired[i], element_tails[i].id, n, "", name);
}

/* A due date in the payment means is where credit notes keep it. */
static bool is_permitted(const struct judge *j, int number)
{
    enum { PAYMENT_DUE_DATE = 412 };
    return j->is_credit_note && number == PAYMENT_DUE_DATE;
}

void judge_ubl_extras(struct judge *j)
{
    static struct extras extras = {
        .id = "UBL-CR-", .prefix = "", .rows = rows, .n = sizeof rows / sizeof *rows, .line = "Line", .is_permitted = is_permitted, .visit = judge_tails};
    struct tails_run run = {.j = j};
    const char *version = node_value(j->arena, j->root, "cbc:UBLVersionID");
    if (version && strcmp(version, "2.1") != 0)
        judge_report(j, "UBL-CR-002", INVOICE_WARNING, node_first(j->root, "cbc:UBLVersionID"), "State UBL version 2.1 or none.");
    judge_extras(j, &extras, &run);
}
