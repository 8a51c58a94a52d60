/*
 * CII-SR and CII-DT, fatal and warnings, both ways. Most rules say how often a path may occur: the document is built from the path, once with too many
 * (or too few) and once with as many as may be. Of the table of unused elements the ends of every run of numbers stand for the run.
 */
#include "tests/unit/invoice_fixture.h"

enum kind { NONE, ONE, EXACTLY };

struct path_rule {
    const char *rule;
    enum invoice_severity severity;
    enum kind kind;
    const char *path; /* from the root; steps without a prefix are ram, the last may be an attribute */
};

#define F INVOICE_FATAL
#define W INVOICE_WARNING
#define CONTEXT "rsm:ExchangedDocumentContext/"
#define DOCUMENT "rsm:ExchangedDocument/"
#define T "rsm:SupplyChainTradeTransaction/"
#define LINE T "IncludedSupplyChainTradeLineItem/"
#define PRODUCT LINE "SpecifiedTradeProduct/"
#define LINE_AGREEMENT LINE "SpecifiedLineTradeAgreement/"
#define LINE_SETTLEMENT LINE "SpecifiedLineTradeSettlement/"
#define AGREEMENT T "ApplicableHeaderTradeAgreement/"
#define DELIVERY T "ApplicableHeaderTradeDelivery/"
#define SETTLEMENT T "ApplicableHeaderTradeSettlement/"
#define SUMS SETTLEMENT "SpecifiedTradeSettlementHeaderMonetarySummation/"
#define ADJUSTMENT SETTLEMENT "SpecifiedTradeAllowanceCharge/"
#define REFERENCE AGREEMENT "ContractReferencedDocument/"
#define PERIOD SETTLEMENT "BillingSpecifiedPeriod/"
#define ADDRESS AGREEMENT "SellerTradeParty/PostalTradeAddress/"
#define TAX SETTLEMENT "ApplicableTradeTax/"
#define SR(number, severity, kind, path) {"CII-SR-" number, severity, kind, path}
#define DT(number, severity, path) {"CII-DT-" number, severity, NONE, path}

static const struct path_rule path_rules[] = {
    SR("009", F, EXACTLY, CONTEXT "GuidelineSpecifiedDocumentContextParameter"), SR("010", F, EXACTLY, CONTEXT "GuidelineSpecifiedDocumentContextParameter/ID"),
    SR("014", F, EXACTLY, DOCUMENT "TypeCode"), SR("069", F, EXACTLY, PRODUCT "ApplicableProductCharacteristic/Description"),
    SR("072", F, EXACTLY, PRODUCT "ApplicableProductCharacteristic/Value"), SR("439", F, EXACTLY, LINE_AGREEMENT "NetPriceProductTradePrice/ChargeAmount"),
    SR("440", F, ONE, LINE_AGREEMENT "GrossPriceProductTradePrice/AppliedTradeAllowanceCharge/ActualAmount"), SR("441", F, ONE, LINE_AGREEMENT "NetPriceProductTradePrice/ChargeAmount"),
    SR("455", F, ONE, AGREEMENT "SellerTradeParty/DefinedTradeContact"), SR("456", F, ONE, AGREEMENT "BuyerTradeParty/DefinedTradeContact"),
    SR("459", F, ONE, AGREEMENT "SellerTradeParty/URIUniversalCommunication"), SR("460", F, ONE, AGREEMENT "BuyerTradeParty/URIUniversalCommunication"),
    SR("461", F, ONE, TAX "TaxPointDate"), SR("469", F, ONE, SETTLEMENT "PaymentReference"), SR("471", F, ONE, ADJUSTMENT "RateApplicablePercent"),
    SR("472", F, ONE, ADJUSTMENT "CategoryTradeTax"), SR("473", F, ONE, LINE_SETTLEMENT "SpecifiedTradeAllowanceCharge/ActualAmount"),
    SR("477", F, ONE, SUMS "LineTotalAmount"), SR("478", F, ONE, SUMS "ChargeTotalAmount"), SR("479", F, ONE, SUMS "AllowanceTotalAmount"),
    SR("480", F, ONE, SUMS "TaxBasisTotalAmount"), SR("481", F, ONE, SUMS "RoundingAmount"), SR("482", F, ONE, SUMS "GrandTotalAmount"),
    SR("483", F, ONE, SUMS "InformationAmount"), SR("484", F, ONE, SUMS "TotalPrepaidAmount"), SR("485", F, ONE, SUMS "TotalDiscountAmount"),
    SR("486", F, ONE, SUMS "TotalAllowanceChargeAmount"), SR("487", F, ONE, SUMS "DuePayableAmount"), SR("488", F, ONE, SUMS "RetailValueExcludingTaxInformationAmount"),
    SR("489", F, ONE, SUMS "TotalDepositFeeInformationAmount"), SR("490", F, ONE, SUMS "ProductValueExcludingTobaccoTaxInformationAmount"),
    SR("491", F, ONE, SUMS "TotalRetailValueInformationAmount"), SR("492", F, ONE, SUMS "GrossLineTotalAmount"), SR("493", F, ONE, SUMS "NetLineTotalAmount"),
    SR("494", F, ONE, SUMS "NetIncludingTaxesLineTotalAmount"),

    SR("003", W, ONE, CONTEXT "BusinessProcessSpecifiedDocumentContextParameter"), SR("04", W, NONE, CONTEXT "GuidelineSpecifiedDocumentContextParameter/Value"),
    SR("05", W, NONE, CONTEXT "GuidelineSpecifiedDocumentContextParameter/SpecifiedDocumentVersion"), SR("030", W, ONE, DOCUMENT "IncludedNote/Content"),
    SR("039", W, ONE, LINE "AssociatedDocumentLineDocument/IncludedNote"), SR("040", W, ONE, LINE "AssociatedDocumentLineDocument/IncludedNote/Content"),
    SR("186", W, NONE, LINE_SETTLEMENT "SpecifiedTradeAllowanceCharge/CalculationPercent/@format"), SR("452", W, ONE, SETTLEMENT "SpecifiedTradePaymentTerms"),
    SR("453", W, ONE, SETTLEMENT "SpecifiedTradePaymentTerms/Description"), SR("454", W, EXACTLY, LINE_SETTLEMENT "ApplicableTradeTax"),
    SR("464", W, NONE, SETTLEMENT "SpecifiedTradeSettlementPaymentMeans/PayerSpecifiedDebtorFinancialInstitution"),

    SR("001", W, NONE, CONTEXT "SpecifiedTransactionID"), SR("012", W, NONE, CONTEXT "MessageStandardSpecifiedDocumentContextParameter"), SR("013", W, NONE, DOCUMENT "Name"),
    SR("015", W, NONE, DOCUMENT "IssueDateTime/udt:DateTime"), SR("034", W, NONE, DOCUMENT "IssuerTradeParty"), SR("035", W, NONE, LINE "DescriptionCode"),
    SR("038", W, NONE, LINE "LineStatusReasonCode"), SR("041", W, NONE, LINE "AssociatedDocumentLineDocument/IncludedNote/SubjectCode"),
    SR("044", W, NONE, LINE "AssociatedDocumentLineDocument/IncludedNote/ContentCode"), SR("045", W, NONE, PRODUCT "ID"), SR("048", W, NONE, PRODUCT "ManufacturerAssignedID"),
    SR("066", W, NONE, PRODUCT "FormattedLatestProductDataChangeDateTime"), SR("067", W, NONE, PRODUCT "ApplicableProductCharacteristic/ID"),
    SR("079", W, NONE, PRODUCT "ApplicableProductCharacteristic/ApplicableReferencedStandard"), SR("080", W, NONE, PRODUCT "ApplicableMaterialGoodsCharacteristic"),
    SR("081", W, NONE, PRODUCT "DesignatedProductClassification/SystemID"), SR("086", W, NONE, PRODUCT "DesignatedProductClassification/ApplicableReferencedStandard"),
    SR("087", W, NONE, PRODUCT "IndividualTradeProductInstance"), SR("091", W, NONE, PRODUCT "OriginTradeCountry/Name"), SR("103", W, NONE, PRODUCT "InformationNote"),
    SR("104", W, NONE, LINE_AGREEMENT "BuyerReference"), SR("113", W, NONE, LINE_AGREEMENT "AdditionalReferencedDocument"),
    SR("114", W, NONE, LINE_AGREEMENT "GrossPriceProductTradePrice/TypeCode"), SR("118", W, NONE, LINE_AGREEMENT "GrossPriceProductTradePrice/OrderUnitConversionFactorNumeric"),
    SR("120", W, NONE, LINE_AGREEMENT "GrossPriceProductTradePrice/AppliedTradeAllowanceCharge/ID"),
    SR("131", W, NONE, LINE_AGREEMENT "GrossPriceProductTradePrice/AppliedTradeAllowanceCharge/ActualTradeCurrencyExchange"),
    SR("132", W, NONE, LINE_AGREEMENT "GrossPriceProductTradePrice/ValiditySpecifiedPeriod"), SR("135", W, NONE, LINE_AGREEMENT "GrossPriceProductTradePrice/AssociatedReferencedDocument"),
    SR("136", W, NONE, LINE_AGREEMENT "NetPriceProductTradePrice/TypeCode"), SR("138", W, NONE, LINE_AGREEMENT "NetPriceProductTradePrice/MinimumQuantity"),
    SR("146", W, NONE, LINE_AGREEMENT "NetPriceProductTradePrice/AssociatedReferencedDocument"), SR("147", W, NONE, LINE_AGREEMENT "RequisitionerReferencedDocument"),
    SR("150", W, NONE, LINE_AGREEMENT "IncludedSpecifiedMarketplace"), SR("151", W, NONE, LINE "SpecifiedLineTradeDelivery/RequestedQuantity"),
    SR("177", W, NONE, LINE "SpecifiedLineTradeDelivery/PackingListReferencedDocument"), SR("178", W, NONE, LINE_SETTLEMENT "PaymentReference"),
    SR("182", W, NONE, LINE_SETTLEMENT "ApplicableTradeTax/CalculatedAmount"), SR("183", W, NONE, LINE_SETTLEMENT "SpecifiedTradeAllowanceCharge/ChargeIndicator/udt:IndicatorString"),
    SR("184", W, NONE, LINE_SETTLEMENT "SpecifiedTradeAllowanceCharge/ID"), SR("193", W, NONE, LINE_SETTLEMENT "SpecifiedTradeAllowanceCharge/ID"),
    SR("194", W, NONE, LINE_SETTLEMENT "SubtotalCalculatedTradeTax"), SR("196", W, NONE, LINE_SETTLEMENT "SpecifiedTradePaymentTerms"),
    SR("197", W, NONE, LINE_SETTLEMENT "SpecifiedTradeSettlementLineMonetarySummation/ChargeTotalAmount"),
    SR("208", W, NONE, LINE_SETTLEMENT "SpecifiedTradeSettlementLineMonetarySummation/ProductWeightLossInformationAmount"),
    SR("209", W, NONE, LINE_SETTLEMENT "SpecifiedFinancialAdjustment"), SR("212", W, NONE, LINE_SETTLEMENT "PayableSpecifiedTradeAccountingAccount"),
    SR("213", W, NONE, LINE_SETTLEMENT "ReceivableSpecifiedTradeAccountingAccount/SetTriggerCode"),
    SR("217", W, NONE, LINE_SETTLEMENT "ReceivableSpecifiedTradeAccountingAccount/CostReferenceDimensionPattern"),
    SR("218", W, NONE, LINE_SETTLEMENT "PurchaseSpecifiedTradeAccountingAccount"), SR("220", W, NONE, LINE_SETTLEMENT "SpecifiedTradeSettlementFinancialCard"),
    SR("221", W, NONE, LINE "IncludedSubordinateTradeLineItem"), SR("222", W, NONE, AGREEMENT "SellerTradeParty/RoleCode"),
    SR("226", W, NONE, AGREEMENT "SellerTradeParty/SpecifiedLegalOrganization/AuthorizedLegalRegistration"), SR("227", W, NONE, AGREEMENT "SellerTradeParty/DefinedTradeContact/ID"),
    SR("243", W, NONE, AGREEMENT "SellerTradeParty/DefinedTradeContact/SpecifiedContactPerson"), SR("244", W, NONE, AGREEMENT "SellerTradeParty/URIUniversalCommunication/ChannelCode"),
    SR("248", W, NONE, AGREEMENT "SellerTradeParty/LogoAssociatedSpecifiedBinaryFile"), SR("249", W, NONE, AGREEMENT "BuyerTradeParty/RoleCode"),
    SR("255", W, NONE, AGREEMENT "BuyerTradeParty/SpecifiedLegalOrganization/AuthorizedLegalRegistration"), SR("256", W, NONE, AGREEMENT "BuyerTradeParty/DefinedTradeContact/ID"),
    SR("272", W, NONE, AGREEMENT "BuyerTradeParty/DefinedTradeContact/SpecifiedContactPerson"), SR("273", W, NONE, AGREEMENT "BuyerTradeParty/URIUniversalCommunication/ChannelCode"),
    SR("277", W, NONE, AGREEMENT "BuyerTradeParty/LogoAssociatedSpecifiedBinaryFile"), SR("278", W, NONE, AGREEMENT "SalesAgentTradeParty"),
    SR("281", W, NONE, AGREEMENT "SellerAssignedAccountantTradeParty"), SR("282", W, NONE, AGREEMENT "SellerTaxRepresentativeTradeParty/ID"),
    SR("291", W, NONE, AGREEMENT "SellerTaxRepresentativeTradeParty/LogoAssociatedSpecifiedBinaryFile"), SR("292", W, NONE, AGREEMENT "ProductEndUserTradeParty"),
    SR("307", W, NONE, AGREEMENT "SpecifiedProcuringProject/Description"), SR("308", W, NONE, DELIVERY "RelatedSupplyChainConsignment"),
    SR("309", W, NONE, DELIVERY "ShipToTradeParty/RoleCode"), SR("316", W, NONE, DELIVERY "ShipToTradeParty/LogoAssociatedSpecifiedBinaryFile"),
    SR("317", W, NONE, DELIVERY "UltimateShipToTradeParty"), SR("320", W, NONE, DELIVERY "ActualPickUpSupplyChainEvent"), SR("321", W, NONE, DELIVERY "ActualDeliverySupplyChainEvent/ID"),
    SR("330", W, NONE, DELIVERY "ActualDeliverySupplyChainEvent/OccurrenceLogisticsLocation"), SR("331", W, NONE, DELIVERY "ActualReceiptSupplyChainEvent"),
    SR("333", W, NONE, DELIVERY "DespatchAdviceReferencedDocument/LineID"), SR("334", W, NONE, DELIVERY "DespatchAdviceReferencedDocument/LineID"),
    SR("338", W, NONE, DELIVERY "PackingListReferencedDocument"), SR("339", W, NONE, SETTLEMENT "DuePayableAmount"), SR("351", W, NONE, SETTLEMENT "InvoiceeTradeParty"),
    SR("352", W, NONE, SETTLEMENT "PayeeTradeParty/RoleCode"), SR("364", W, NONE, SETTLEMENT "PayeeTradeParty/LogoAssociatedSpecifiedBinaryFile"),
    SR("365", W, NONE, SETTLEMENT "PayerTradeParty"), SR("368", W, NONE, SETTLEMENT "PaymentApplicableTradeCurrencyExchange"),
    SR("369", W, NONE, SETTLEMENT "SpecifiedTradeSettlementPaymentMeans/PaymentChannelCode"), SR("371", W, NONE, SETTLEMENT "SpecifiedTradeSettlementPaymentMeans/PaymentMethodCode"),
    SR("372", W, NONE, SETTLEMENT "SpecifiedTradeSettlementPaymentMeans/ApplicableTradeSettlementFinancialCard/MicrochipIndicator"),
    SR("381", W, NONE, SETTLEMENT "SpecifiedTradeSettlementPaymentMeans/ApplicableTradeSettlementFinancialCard/Description"),
    SR("382", W, NONE, SETTLEMENT "SpecifiedTradeSettlementPaymentMeans/PayerPartyDebtorFinancialAccount/AccountName"),
    SR("384", W, NONE, SETTLEMENT "SpecifiedTradeSettlementPaymentMeans/PayerSpecifiedDebtorFinancialInstitution/ClearingSystemName"),
    SR("386", W, NONE, SETTLEMENT "SpecifiedTradeSettlementPaymentMeans/PayerSpecifiedDebtorFinancialInstitution/LocationFinancialInstitutionAddress"),
    SR("388", W, NONE, ADJUSTMENT "ID"), SR("394", W, NONE, ADJUSTMENT "ActualTradeCurrencyExchange"), SR("395", W, NONE, SETTLEMENT "SubtotalCalculatedTradeTax"),
    SR("396", W, NONE, SETTLEMENT "SpecifiedLogisticsServiceCharge"), SR("397", W, NONE, SETTLEMENT "SpecifiedTradePaymentTerms/ID"),
    SR("400", W, NONE, SETTLEMENT "SpecifiedTradePaymentTerms/DueDateDateTime/udt:DateTime"), SR("409", W, NONE, SETTLEMENT "SpecifiedTradePaymentTerms/PayeeTradeParty"),
    SR("411", W, NONE, SUMS "InformationAmount"), SR("420", W, NONE, SUMS "NetIncludingTaxesLineTotalAmount"), SR("421", W, NONE, SETTLEMENT "SpecifiedFinancialAdjustment"),
    SR("422", W, NONE, SETTLEMENT "InvoiceReferencedDocument/LineID"), SR("427", W, NONE, SETTLEMENT "PayableSpecifiedTradeAccountingAccount"),
    SR("428", W, NONE, SETTLEMENT "ReceivableSpecifiedTradeAccountingAccount/SetTriggerCode"),
    SR("432", W, NONE, SETTLEMENT "ReceivableSpecifiedTradeAccountingAccount/CostReferenceDimensionPattern"), SR("433", W, NONE, SETTLEMENT "PurchaseSpecifiedTradeAccountingAccount"),
    SR("437", W, NONE, SETTLEMENT "UltimatePayeeTradeParty"), SR("438", W, NONE, "ValuationBreakdownStatement"), SR("442", W, NONE, AGREEMENT "Reference"),
    SR("443", W, NONE, SETTLEMENT "SpecifiedTradeSettlementPaymentMeans/ID"), SR("444", W, NONE, SETTLEMENT "SpecifiedTradeSettlementPaymentMeans/PayerPartyDebtorFinancialAccount/ProprietaryID"),
    SR("445", W, NONE, LINE_AGREEMENT "GrossPriceProductTradePrice/IncludedTradeTax"), SR("446", W, NONE, LINE_AGREEMENT "NetPriceProductTradePrice/IncludedTradeTax"),
    SR("447", W, NONE, LINE_AGREEMENT "UltimateCustomerOrderReferencedDocument"), SR("448", W, NONE, AGREEMENT "UltimateCustomerOrderReferencedDocument"),

    DT("001", F, DOCUMENT "ID/@schemeName"), DT("002", F, DOCUMENT "ID/@schemeAgencyName"), DT("003", F, LINE "AssociatedDocumentLineDocument/LineID/@schemeDataURI"),
    DT("004", F, PRODUCT "SellerAssignedID/@schemeURI"), DT("005", F, CONTEXT "GuidelineSpecifiedDocumentContextParameter/ID/@schemeID"), DT("006", F, DOCUMENT "ID/@schemeAgencyID"),
    DT("007", F, DOCUMENT "ID/@schemeVersionID"), DT("101", F, REFERENCE "IssuerAssignedID/@schemeName"), DT("102", F, REFERENCE "IssuerAssignedID/@schemeAgencyName"),
    DT("103", F, ADDRESS "CountryID/@schemeDataURI"), DT("104", F, PRODUCT "GlobalID/@schemeURI"), DT("008", F, DOCUMENT "TypeCode/@name"), DT("009", F, DOCUMENT "TypeCode/@listURI"),
    DT("013", F, "@languageID"), DT("014", F, "@languageLocaleID"), DT("016", F, REFERENCE "StatusCode"), DT("017", F, REFERENCE "CopyIndicator"), DT("019", F, REFERENCE "GlobalID"),
    DT("020", F, REFERENCE "RevisionID"), DT("023", F, REFERENCE "Information"), DT("025", F, REFERENCE "SectionName"), DT("026", F, REFERENCE "PreviousRevisionID"),
    DT("028", F, REFERENCE "EffectiveSpecifiedPeriod"), DT("029", F, REFERENCE "IssuerTradeParty"), DT("030", F, REFERENCE "AttachedSpecifiedBinaryFile"),
    DT("031", F, SUMS "GrandTotalAmount/@currencyID"), DT("032", F, SUMS "GrandTotalAmount/@currencyCodeListVersionID"),
    DT("034", F, LINE "SpecifiedLineTradeDelivery/BilledQuantity/@unitCodeListID"), DT("035", F, LINE "SpecifiedLineTradeDelivery/BilledQuantity/@unitCodeListAgencyID"),
    DT("036", F, LINE "SpecifiedLineTradeDelivery/BilledQuantity/@unitCodeListAgencyName"), DT("068", F, PERIOD "StartDateTime/udt:DateTime"), DT("069", F, PERIOD "DurationMeasure"),
    DT("070", F, PERIOD "InclusiveIndicator"), DT("071", F, PERIOD "Description"), DT("072", F, PERIOD "EndDateTime/udt:DateTime"), DT("073", F, PERIOD "CompleteDateTime"),
    DT("074", F, PERIOD "OpenIndicator"), DT("075", F, PERIOD "SeasonCode"), DT("076", F, PERIOD "ID"), DT("077", F, PERIOD "Name"), DT("078", F, PERIOD "SequenceNumeric"),
    DT("079", F, PERIOD "StartDateFlexibilityCode"), DT("080", F, PERIOD "ContinuousIndicator"), DT("081", F, LINE_SETTLEMENT "BillingSpecifiedPeriod/PurposeCode"),
    DT("082", F, ADDRESS "ID"), DT("083", F, ADDRESS "PostOfficeBox"), DT("084", F, ADDRESS "BuildingName"), DT("086", F, ADDRESS "LineFour"), DT("087", F, ADDRESS "LineFive"),
    DT("088", F, ADDRESS "StreetName"), DT("089", F, ADDRESS "CitySubDivisionName"), DT("090", F, ADDRESS "CountryName"), DT("091", F, ADDRESS "CountrySubDivisionID"),
    DT("092", F, ADDRESS "AttentionOf"), DT("093", F, ADDRESS "CareOf"), DT("094", F, ADDRESS "BuildingNumber"), DT("095", F, ADDRESS "DepartmentName"),
    DT("096", F, ADDRESS "AdditionalStreetName"), DT("045", W, LINE_SETTLEMENT "ApplicableTradeTax/CategoryCode/@listID"),
    DT("046", W, LINE_SETTLEMENT "ApplicableTradeTax/CategoryCode/@listAgencyID"), DT("047", W, LINE_SETTLEMENT "ApplicableTradeTax/CategoryCode/@listVersionID"),
    DT("048", W, LINE_SETTLEMENT "ApplicableTradeTax/CategoryCode/@listURI"), DT("038", W, TAX "CalculatedRate"), DT("039", W, TAX "CalculationSequenceNumeric"),
    DT("040", W, TAX "BasisQuantity"), DT("041", W, LINE_SETTLEMENT "ApplicableTradeTax/BasisAmount"), DT("042", W, TAX "UnitBasisAmount"), DT("043", W, TAX "LineTotalBasisAmount"),
    DT("044", W, TAX "AllowanceChargeBasisAmount"), DT("049", W, TAX "CurrencyCode"), DT("050", W, TAX "Jurisdiction"), DT("051", W, TAX "CustomsDutyIndicator"),
    DT("052", W, ADJUSTMENT "CategoryTradeTax/ExemptionReasonCode"), DT("098", W, ADJUSTMENT "CategoryTradeTax/ExemptionReason"), DT("053", W, TAX "TaxBasisAllowanceRate"),
    DT("054", W, LINE_SETTLEMENT "ApplicableTradeTax/TaxPointDate"), DT("055", W, TAX "Type"), DT("056", W, TAX "InformationAmount"), DT("057", W, TAX "CategoryName"),
    DT("058", W, LINE_SETTLEMENT "ApplicableTradeTax/DueDateTypeCode"), DT("059", W, TAX "RateApplicablePercent/@format"), DT("060", W, TAX "SpecifiedTradeAccountingAccount"),
    DT("061", W, TAX "ServiceSupplyTradeCountry"), DT("062", W, TAX "BuyerRepayableTaxSpecifiedTradeAccountingAccount"),
    DT("063", W, TAX "SellerPayableTaxSpecifiedTradeAccountingAccount"), DT("064", W, TAX "SellerRefundableTaxSpecifiedTradeAccountingAccount"),
    DT("065", W, TAX "BuyerDeductibleTaxSpecifiedTradeAccountingAccount"), DT("066", W, TAX "BuyerNonDeductibleTaxSpecifiedTradeAccountingAccount"),
    DT("067", W, TAX "PlaceApplicableTradeLocation"),
};

static struct invoice_verdict judge_body(struct arena *a, const char *attributes, const char *body)
{
    return fixture_judge(a,
                         str_of(arena_printf(a,
                                             "<rsm:CrossIndustryInvoice xmlns:rsm='urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100' "
                                             "xmlns:ram='urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100' "
                                             "xmlns:udt='urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100'%s>%s</rsm:CrossIndustryInvoice>",
                                             attributes, body)),
                         INVOICE_EN16931);
}

static struct invoice_verdict judge_path(struct arena *a, const char *path, unsigned copies)
{
    if (*path == '@')
        return judge_body(a, copies ? arena_printf(a, " %s='x'", path + 1) : "", "");
    return judge_body(a, "", fixture_nested(a, "ram:", path, copies));
}

static void check_path(const struct path_rule *r, unsigned copies, bool fires)
{
    struct arena *a = arena_create(0);
    struct invoice_verdict v = judge_path(a, r->path, copies);
    bool right_severity = true;
    for (size_t i = 0; i < v.n; i++)
        right_severity = right_severity && (strcmp(v.findings[i].id, r->rule) != 0 || v.findings[i].severity == r->severity);
    if (fixture_firings(&v, r->rule) != fires || !right_severity)
        fail_msg("%s fires %u times on %u of %s", r->rule, fixture_firings(&v, r->rule), copies, r->path);
    arena_destroy(&a);
}

static void test_paths(void **state)
{
    (void)state;
    for (const struct path_rule *r = path_rules; r < path_rules + sizeof path_rules / sizeof *path_rules; r++) {
        check_path(r, 0, r->kind == EXACTLY);
        check_path(r, 1, r->kind == NONE);
        if (!strchr(r->path, '@'))
            check_path(r, 2, true);
    }
    print_message("%zu paths\n", sizeof path_rules / sizeof *path_rules);
}

struct fragment {
    const char *rule;
    unsigned firings;
    const char *body;
};

#define E(name, content) "<ram:" name ">" content "</ram:" name ">"
#define TRADE(content) "<rsm:SupplyChainTradeTransaction>" content "</rsm:SupplyChainTradeTransaction>"
#define AGREED(content) TRADE(E("ApplicableHeaderTradeAgreement", content))
#define DELIVERED(content) TRADE(E("ApplicableHeaderTradeDelivery", content))
#define SETTLED(content) TRADE(E("ApplicableHeaderTradeSettlement", content))
#define ITEM(content) TRADE(E("IncludedSupplyChainTradeLineItem", content))
#define LINE_SETTLED(content) ITEM(E("SpecifiedLineTradeSettlement", content))
#define LINE_PRODUCT(content) ITEM(E("SpecifiedTradeProduct", content))
#define DISCOUNT(content) ITEM(E("SpecifiedLineTradeAgreement", E("GrossPriceProductTradePrice", E("AppliedTradeAllowanceCharge", content))))
#define WORD(word) E("ChargeIndicator", "<udt:Indicator>" word "</udt:Indicator>")
#define TWO_IDS(party) E(party, E("ID", "1") E("GlobalID", "2"))
#define ONE_ID(party) E(party, E("GlobalID", "1") E("GlobalID", "2"))
#define TYPED(type, content) E("AdditionalReferencedDocument", E("TypeCode", type) content)
#define PERSON E("DefinedTradeContact", E("PersonName", "a"))
#define PERSON_AND_DEPARTMENT E("DefinedTradeContact", E("PersonName", "a") E("DepartmentName", "b"))
#define MEANS(content) E("SpecifiedTradeSettlementPaymentMeans", content)
#define ACCOUNT(id) E("PayeePartyCreditorFinancialAccount", E(id, "1"))
#define POINT(code) E("ApplicableTradeTax", E("DueDateTypeCode", code))
#define DAY(date) E("IssueDateTime", "<udt:DateTimeString format='102'>" date "</udt:DateTimeString>")
#define FILE_OF(name) E("AttachmentBinaryObject", name)

static const struct fragment fragments[] = {
    {"CII-SR-046", 0, LINE_PRODUCT("<ram:GlobalID schemeID='0160'>1</ram:GlobalID>")},
    {"CII-SR-046", 1, LINE_PRODUCT("<ram:GlobalID>1</ram:GlobalID>")},
    {"CII-SR-090", 0, LINE_PRODUCT(E("OriginTradeCountry", E("ID", "GB"))) LINE_PRODUCT("")},
    {"CII-SR-090", 1, LINE_PRODUCT(E("OriginTradeCountry", ""))},
    {"CII-SR-119", 0, DISCOUNT(WORD("false") E("ActualAmount", "1")) DISCOUNT("")},
    {"CII-SR-119", 1, DISCOUNT(WORD("true") E("ActualAmount", "1"))},
    {"CII-SR-119", 2, DISCOUNT(WORD("false")) DISCOUNT(E("ActualAmount", "1"))},
    {"CII-SR-449", 0, DELIVERED(ONE_ID("ShipToTradeParty"))},
    {"CII-SR-449", 1, DELIVERED(TWO_IDS("ShipToTradeParty"))},
    {"CII-SR-450", 0, AGREED(ONE_ID("BuyerTradeParty") TWO_IDS("SellerTradeParty"))},
    {"CII-SR-450", 1, AGREED(TWO_IDS("BuyerTradeParty"))},
    {"CII-SR-451", 0, SETTLED(ONE_ID("PayeeTradeParty"))},
    {"CII-SR-451", 1, SETTLED(TWO_IDS("PayeeTradeParty"))},
    {"CII-SR-457", 0, AGREED(TYPED("50", "") TYPED("130", ""))},
    {"CII-SR-457", 1, AGREED(TYPED("50", "") TYPED("50", ""))},
    {"CII-SR-458", 0, AGREED(TYPED("50", "") TYPED("130", ""))},
    {"CII-SR-458", 1, AGREED(TYPED("130", "") TYPED("130", ""))},
    {"CII-SR-462", 0, SETTLED(POINT("5") POINT("5"))},
    {"CII-SR-462", 1, SETTLED(POINT("5") POINT("29"))},
    {"CII-SR-463", 0, SETTLED(E("SpecifiedTradeAllowanceCharge", WORD("x")))},
    {"CII-SR-463", 2, SETTLED(E("SpecifiedTradeAllowanceCharge", "")) LINE_SETTLED(E("SpecifiedTradeAllowanceCharge", ""))},
    {"CII-SR-465", 0, AGREED(E("SellerTradeParty", PERSON) E("BuyerTradeParty", PERSON_AND_DEPARTMENT))},
    {"CII-SR-465", 1, AGREED(E("SellerTradeParty", PERSON_AND_DEPARTMENT))},
    {"CII-SR-466", 0, AGREED(E("BuyerTradeParty", PERSON) E("SellerTradeParty", PERSON_AND_DEPARTMENT))},
    {"CII-SR-466", 1, AGREED(E("BuyerTradeParty", PERSON_AND_DEPARTMENT))},
    {"CII-SR-467", 0, SETTLED(MEANS(E("TypeCode", "30")) MEANS(E("TypeCode", " 30 ")))},
    {"CII-SR-467", 1, SETTLED(MEANS(E("TypeCode", "30")) MEANS(E("TypeCode", "58")))},
    {"CII-SR-468", 0, SETTLED(MEANS(E("Information", "a b")) MEANS(E("Information", " a  b ")))},
    {"CII-SR-468", 1, SETTLED(MEANS(E("Information", "a")) MEANS(E("Information", "b")))},
    {"CII-SR-470", 0, SETTLED(MEANS(E("TypeCode", "30") ACCOUNT("IBANID")) MEANS(E("TypeCode", "58") ACCOUNT("ProprietaryID")) MEANS(E("TypeCode", "48")))},
    {"CII-SR-470", 1, SETTLED(MEANS(E("TypeCode", " 58 ") ACCOUNT("AccountName")) MEANS(E("TypeCode", "30")))},
    {"CII-SR-474", 0, LINE_SETTLED(TYPED("130", "")) LINE_SETTLED(TYPED("130", ""))},
    {"CII-SR-474", 1, LINE_SETTLED(TYPED("130", "") TYPED("130", ""))},
    {"CII-SR-475", 0, AGREED(TYPED("916", E("Name", "a")) TYPED("130", E("Name", "a")))},
    {"CII-SR-475", 1, AGREED(TYPED("916", E("Name", "a")) TYPED("916", E("Name", "a")))},
    {"CII-SR-476", 0, AGREED(TYPED("916", FILE_OF("AA==")) TYPED("130", FILE_OF("AA==")))},
    {"CII-SR-476", 1, AGREED(TYPED("916", FILE_OF("AA==")) TYPED("916", FILE_OF("AA==")))},
    {"CII-DT-015", 0, AGREED(TYPED("916", E("URIID", "x")))},
    {"CII-DT-015", 2, AGREED(TYPED("130", E("URIID", "x")) E("ContractReferencedDocument", E("URIID", "x") E("TypeCode", "916")))},
    {"CII-DT-018", 0, AGREED(TYPED("50", "") TYPED("130", "") TYPED("916", ""))},
    {"CII-DT-018", 2, AGREED(TYPED("380", "") E("ContractReferencedDocument", E("TypeCode", "50")))},
    {"CII-DT-021", 0, AGREED(TYPED("916", E("Name", "x")))},
    {"CII-DT-021", 1, AGREED(TYPED("130", E("Name", "x")))},
    {"CII-DT-022", 0, AGREED(TYPED("916", FILE_OF("AA==")))},
    {"CII-DT-022", 1, AGREED(TYPED("130", FILE_OF("AA==")))},
    {"CII-DT-024", 0, AGREED(TYPED("130", E("ReferenceTypeCode", "ABT")))},
    {"CII-DT-024", 1, AGREED(TYPED("916", E("ReferenceTypeCode", "ABT")))},
    {"CII-DT-027", 0, SETTLED(E("InvoiceReferencedDocument", E("FormattedIssueDateTime", "")))},
    {"CII-DT-027", 1, AGREED(E("ContractReferencedDocument", E("FormattedIssueDateTime", "")))},
    {"CII-DT-033", 0, ITEM("<ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode='HUR'>1</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>")
                          ITEM("<ram:SpecifiedLineTradeAgreement><ram:BasisQuantity unitCode='HUR'>1</ram:BasisQuantity></ram:SpecifiedLineTradeAgreement>")},
    {"CII-DT-033", 1, ITEM("<ram:SpecifiedLineTradeAgreement><ram:BasisQuantity unitCode='HUR'>1</ram:BasisQuantity></ram:SpecifiedLineTradeAgreement>")},
    {"CII-DT-037", 0, SETTLED(E("ApplicableTradeTax", E("TypeCode", "VAT")) E("ApplicableTradeTax", ""))},
    {"CII-DT-037", 1, SETTLED(E("ApplicableTradeTax", E("TypeCode", "vat")))},
    {"CII-DT-097", 0, DAY(" 20261231 ") E("IssueDateTime", "<udt:DateTimeString format='610'>202612</udt:DateTimeString>")},
    {"CII-DT-097", 4, DAY("20261301") DAY("20261200") DAY("20261232") DAY("2026-12-31")},
    /* what is right in the VAT breakdown */
    {"CII-DT-041", 0, SETTLED(E("ApplicableTradeTax", E("BasisAmount", "1")))},
    {"CII-DT-052", 0, SETTLED(E("ApplicableTradeTax", E("ExemptionReasonCode", "VATEX-EU-O")))},
    {"CII-DT-098", 0, SETTLED(E("ApplicableTradeTax", E("ExemptionReason", "a")))},
    {"CII-DT-054", 0, SETTLED(E("ApplicableTradeTax", E("TaxPointDate", "")))},
    {"CII-DT-058", 0, SETTLED(E("ApplicableTradeTax", E("DueDateTypeCode", "5")))},
    /* an unused element is told once for each element that its rule is about, however often it stands there */
    {"CII-SR-120", 1, ITEM(E("SpecifiedLineTradeAgreement", E("GrossPriceProductTradePrice", E("AppliedTradeAllowanceCharge", E("ID", "1")) E("AppliedTradeAllowanceCharge", E("ID", "2")))))},
    {"CII-SR-120", 2, DISCOUNT(E("ID", "1")) DISCOUNT(E("ID", "1"))},
    {"CII-SR-045", 2, LINE_PRODUCT(E("ID", "1")) LINE_PRODUCT(E("ID", "1"))},
    /* published behind the rules about all identifiers and types, and never reached */
    {"CII-DT-101", 0, "<rsm:ExchangedDocument><ram:ID schemeName='x'>1</ram:ID></rsm:ExchangedDocument>"},
    {"CII-DT-010", 0, "<rsm:ExchangedDocument><ram:TypeCode listID='x'>380</ram:TypeCode></rsm:ExchangedDocument>"},
};

static void test_fragments(void **state)
{
    (void)state;
    for (const struct fragment *f = fragments; f < fragments + sizeof fragments / sizeof *fragments; f++) {
        struct arena *a = arena_create(0);
        struct invoice_verdict v = judge_body(a, "", f->body);
        if (fixture_firings(&v, f->rule) != f->firings)
            fail_msg("%s fires %u times, not %u, on %s", f->rule, fixture_firings(&v, f->rule), f->firings, f->body);
        arena_destroy(&a);
    }
    print_message("%zu fragments\n", sizeof fragments / sizeof *fragments);
}

/* Elements that are warned about do not make an invoice invalid. */
static void test_warnings_do_not_count(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    FILE *f = fopen("tests/fuzz/corpus/invoice_cii/care.xml", "rb");
    assert_non_null(f);
    char *bytes = arena_alloc(a, 64 * 1024);
    size_t n = fread(bytes, 1, 64 * 1024 - 1, f);
    fclose(f);
    struct str bad = fixture_change(a, (struct str){bytes, n}, NULL, "<ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>",
                                    "<ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument><ram:DescriptionCode>1</ram:DescriptionCode>");
    struct invoice_verdict v = fixture_judge(a, bad, INVOICE_EN16931);
    assert_true(v.is_valid);
    assert_int_equal(v.n, 1);
    assert_string_equal(v.findings[0].id, "CII-SR-035");
    assert_int_equal(v.findings[0].severity, INVOICE_WARNING);
    arena_destroy(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_paths), cmocka_unit_test(test_fragments), cmocka_unit_test(test_warnings_do_not_count)};
    return cmocka_run_group_tests(tests, fixture_set_up, NULL);
}
