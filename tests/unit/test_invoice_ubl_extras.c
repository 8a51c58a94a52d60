/*
 * UBL-CR and UBL-DT-08 to -28, the warnings about what the European invoice does not use, both ways: the
 * document is built from a path, once with the last step and once without. The ends of every run of numbers
 * stand for the run.
 */
#include "tests/unit/invoice_fixture.h"

struct unused {
    const char *rule, *path; /* from the root; steps without a prefix are cac, the last may be an attribute */
};

#define CR(number, path) {"UBL-CR-" number, path}
#define DT(number, attribute) {"UBL-DT-" number, "cbc:Note/@" attribute}
#define SELLER "AccountingSupplierParty/Party/"
#define BUYER "AccountingCustomerParty/Party/"
#define AGENT "TaxRepresentativeParty/"
#define ATTACHED "AdditionalDocumentReference/"
#define MEANS "PaymentMeans/"
#define LINE "InvoiceLine/"
#define ITEM LINE "Item/"
#define OFF LINE "Price/AllowanceCharge/"

static const struct unused unused[] = {
    CR("001", "ext:UBLExtensions"), CR("003", "cbc:ProfileExecutionID"), CR("011", "cbc:LineCountNumeric"), CR("012", "InvoicePeriod/cbc:StartTime"),
    CR("015", "InvoicePeriod/cbc:Description"), CR("016", "OrderReference/cbc:CopyIndicator"), CR("022", "OrderReference/DocumentReference"),
    CR("023", "BillingReference/InvoiceDocumentReference/cbc:CopyIndicator"), CR("037", "BillingReference/InvoiceDocumentReference/ResultOfVerification"),
    CR("038", "BillingReference/SelfBilledInvoiceDocumentReference"), CR("044", "BillingReference/BillingReferenceLine"),
    CR("045", "DespatchDocumentReference/cbc:CopyIndicator"), CR("060", "DespatchDocumentReference/ResultOfVerification"),
    CR("061", "ReceiptDocumentReference/cbc:CopyIndicator"), CR("076", "ReceiptDocumentReference/ResultOfVerification"),
    CR("077", "StatementDocumentReference"), CR("078", "OriginatorDocumentReference/cbc:CopyIndicator"),
    CR("093", "OriginatorDocumentReference/ResultOfVerification"), CR("094", "ContractDocumentReference/cbc:CopyIndicator"),
    CR("109", "ContractDocumentReference/ResultOfVerification"), CR("110", ATTACHED "cbc:CopyIndicator"), CR("119", ATTACHED "cbc:DocumentStatusCode"),
    CR("121", ATTACHED "Attachment/ExternalReference/cbc:DocumentHash"), CR("130", ATTACHED "Attachment/ExternalReference/cbc:Description"),
    CR("131", ATTACHED "ValidityPeriod"), CR("133", ATTACHED "ResultOfVerification"), CR("134", "ProjectReference/cbc:UUID"),
    CR("136", "ProjectReference/WorkPhaseReference"), CR("137", "Signature"), CR("138", "AccountingSupplierParty/cbc:CustomerAssignedAccountID"),
    CR("140", "AccountingSupplierParty/cbc:DataSendingCapability"), CR("141", SELLER "cbc:MarkCareIndicator"), CR("146", SELLER "Language"),
    CR("147", SELLER "PostalAddress/cbc:ID"), CR("167", SELLER "PostalAddress/LocationCoordinate"), CR("168", SELLER "PhysicalLocation"),
    CR("169", SELLER "PartyTaxScheme/cbc:RegistrationName"), CR("177", SELLER "PartyTaxScheme/TaxScheme/JurisdictionRegionAddress"),
    CR("178", SELLER "PartyLegalEntity/cbc:RegistrationDate"), CR("188", SELLER "PartyLegalEntity/ShareholderParty"), CR("189", SELLER "Contact/cbc:ID"),
    CR("192", SELLER "Contact/OtherCommunication"), CR("193", SELLER "Person"), CR("197", SELLER "FinancialAccount"),
    CR("198", "AccountingSupplierParty/DespatchContact"), CR("200", "AccountingSupplierParty/SellerContact"),
    CR("201", "AccountingCustomerParty/cbc:CustomerAssignedAccountID"), CR("203", "AccountingCustomerParty/cbc:AdditionalAccountID"),
    CR("204", BUYER "cbc:MarkCareIndicator"), CR("209", BUYER "Language"), CR("210", BUYER "PostalAddress/cbc:ID"),
    CR("230", BUYER "PostalAddress/LocationCoordinate"), CR("231", BUYER "PhysicalLocation"), CR("232", BUYER "PartyTaxScheme/cbc:RegistrationName"),
    CR("240", BUYER "PartyTaxScheme/TaxScheme/JurisdictionRegionAddress"), CR("241", BUYER "PartyLegalEntity/cbc:RegistrationDate"),
    CR("252", BUYER "PartyLegalEntity/ShareholderParty"), CR("253", BUYER "Contact/cbc:ID"), CR("256", BUYER "Contact/OtherCommunication"),
    CR("257", BUYER "Person"), CR("261", BUYER "FinancialAccount"), CR("262", "AccountingCustomerParty/DeliveryContact"),
    CR("264", "AccountingCustomerParty/BuyerContact"), CR("265", "PayeeParty/cbc:MarkCareIndicator"), CR("274", "PayeeParty/PartyTaxScheme"),
    CR("275", "PayeeParty/PartyLegalEntity/cbc:RegistrationName"), CR("287", "PayeeParty/PartyLegalEntity/ShareholderParty"),
    CR("288", "PayeeParty/Contact"), CR("293", "PayeeParty/FinancialAccount"), CR("294", "BuyerCustomerParty"), CR("295", "SellerSupplierParty"),
    CR("296", AGENT "cbc:MarkCareIndicator"), CR("303", AGENT "Language"), CR("304", AGENT "PostalAddress/cbc:ID"),
    CR("324", AGENT "PostalAddress/LocationCoordinate"), CR("325", AGENT "PhysicalLocation"), CR("326", AGENT "PartyTaxScheme/cbc:RegistrationName"),
    CR("334", AGENT "PartyTaxScheme/TaxScheme/JurisdictionRegionAddress"), CR("335", AGENT "PartyLegalEntity"), CR("341", AGENT "FinancialAccount"),
    CR("342", "Delivery/cbc:ID"), CR("350", "Delivery/cbc:TrackingID"), CR("351", "Delivery/DeliveryLocation/cbc:Description"),
    CR("358", "Delivery/DeliveryLocation/ValidityPeriod"), CR("359", "Delivery/DeliveryLocation/Address/cbc:ID"),
    CR("379", "Delivery/DeliveryLocation/Address/LocationCoordinate"), CR("380", "Delivery/DeliveryLocation/SubsidiaryLocation"),
    CR("385", "Delivery/CarrierParty"), CR("386", "Delivery/DeliveryParty/cbc:MarkCareIndicator"), CR("403", "Delivery/DeliveryParty/FinancialAccount"),
    CR("404", "Delivery/NotifyParty"), CR("409", "Delivery/Shipment"), CR("410", "DeliveryTerms"), CR("411", MEANS "cbc:ID"),
    CR("412", MEANS "cbc:PaymentDueDate"), CR("414", MEANS "cbc:InstructionID"), CR("415", MEANS "CardAccount/cbc:CardTypeCode"),
    CR("422", MEANS "CardAccount/cbc:ChipApplicationID"), CR("424", MEANS "PayeeFinancialAccount/cbc:AliasName"),
    CR("433", MEANS "PayeeFinancialAccount/Country"), CR("434", MEANS "CreditAccount"), CR("435", MEANS "PaymentMandate/cbc:MandateTypeCode"),
    CR("439", MEANS "PaymentMandate/PayerParty"), CR("440", MEANS "PaymentMandate/PayerFinancialAccount/cbc:Name"),
    CR("447", MEANS "PaymentMandate/PayerFinancialAccount/Country"), CR("448", MEANS "PaymentMandate/ValidityPeriod"), CR("451", MEANS "TradeFinancing"),
    CR("452", "PaymentTerms/cbc:ID"), CR("469", "PaymentTerms/ValidityPeriod"), CR("470", "PrepaidPayment"), CR("471", "AllowanceCharge/cbc:ID"),
    CR("476", "AllowanceCharge/cbc:PerUnitAmount"), CR("477", "AllowanceCharge/TaxCategory/cbc:Name"),
    CR("487", "AllowanceCharge/TaxCategory/TaxScheme/JurisdictionRegionAddress"), CR("488", "AllowanceCharge/TaxTotal"),
    CR("489", "AllowanceCharge/PaymentMeans"), CR("490", "TaxExchangeRate"), CR("493", "PaymentAlternativeExchangeRate"),
    CR("494", "TaxTotal/cbc:RoundingAmount"), CR("496", "TaxTotal/cbc:TaxIncludedIndicator"),
    CR("497", "TaxTotal/TaxSubtotal/cbc:CalculationSequenceNumeric"), CR("503", "TaxTotal/TaxSubtotal/cbc:TierRatePercent"),
    CR("504", "TaxTotal/TaxSubtotal/TaxCategory/cbc:Name"), CR("512", "TaxTotal/TaxSubtotal/TaxCategory/TaxScheme/JurisdictionRegionAddress"),
    CR("513", "WithholdingTaxTotal"), CR("514", "LegalMonetaryTotal/cbc:PayableAlternativeAmount"), CR("515", LINE "cbc:UUID"),
    CR("519", LINE "cbc:FreeOfChargeIndicator"), CR("520", LINE "InvoicePeriod/cbc:StartTime"), CR("524", LINE "InvoicePeriod/cbc:Description"),
    CR("525", LINE "OrderLineReference/cbc:SalesOrderLineID"), CR("528", LINE "OrderLineReference/OrderReference"),
    CR("529", LINE "DespatchLineReference"), CR("531", LINE "BillingReference"), CR("532", LINE "DocumentReference/cbc:CopyIndicator"),
    CR("537", LINE "DocumentReference/cbc:DocumentType"), CR("547", LINE "DocumentReference/ResultOfVerification"), CR("548", LINE "PricingReference"),
    CR("551", LINE "PaymentTerms"), CR("552", LINE "AllowanceCharge/cbc:ID"), CR("560", LINE "AllowanceCharge/PaymentMeans"), CR("561", LINE "TaxTotal"),
    CR("562", LINE "WithholdingTaxTotal"), CR("563", ITEM "cbc:PackQuantity"), CR("570", ITEM "cbc:ModelName"),
    CR("571", ITEM "BuyersItemIdentification/cbc:ExtendedID"), CR("575", ITEM "BuyersItemIdentification/IssuerParty"),
    CR("576", ITEM "SellersItemIdentification/cbc:ExtendedID"), CR("580", ITEM "SellersItemIdentification/IssuerParty"),
    CR("581", ITEM "ManufacturersItemIdentification"), CR("582", ITEM "StandardItemIdentification/cbc:ExtendedID"),
    CR("586", ITEM "StandardItemIdentification/IssuerParty"), CR("587", ITEM "CatalogueItemIdentification"), CR("596", ITEM "HazardousItem"),
    CR("597", ITEM "ClassifiedTaxCategory/cbc:Name"), CR("607", ITEM "ClassifiedTaxCategory/TaxScheme/JurisdictionRegionAddress"),
    CR("608", ITEM "AdditionalItemProperty/cbc:ID"), CR("618", ITEM "AdditionalItemProperty/ItemPropertyRange"), CR("619", ITEM "ManufacturerParty"),
    CR("624", ITEM "Dimension"), CR("625", LINE "Price/cbc:PriceChangeReason"), CR("630", LINE "Price/cbc:PriceList"), CR("632", OFF "cbc:ID"),
    CR("643", OFF "PaymentMeans"), CR("644", LINE "Price/PricingExchangeRate"), CR("647", LINE "ItemPriceExtension"),
    CR("648", "cbc:CustomizationID/@schemeID"), CR("649", "cbc:ProfileID/@schemeID"), CR("650", "cbc:ID/@schemeID"),
    CR("651", "cbc:SalesOrderID/@schemeID"), CR("652", AGENT "PartyTaxScheme/cbc:CompanyID/@schemeID"), CR("653", MEANS "cbc:PaymentID/@schemeID"),
    CR("654", MEANS "PayeeFinancialAccount/cbc:ID/@schemeID"), CR("655", MEANS "PayeeFinancialAccount/FinancialInstitutionBranch/cbc:ID/@schemeID"),
    CR("656", "cbc:InvoiceTypeCode/@listID"), CR("657", "cbc:DocumentCurrencyCode/@listID"), CR("658", "cbc:TaxCurrencyCode/@listID"),
    CR("659", ATTACHED "cbc:DocumentTypeCode/@listID"), CR("660", BUYER "PostalAddress/Country/cbc:IdentificationCode/@listID"),
    CR("661", MEANS "cbc:PaymentMeansCode/@listID"), CR("662", LINE "AllowanceCharge/cbc:AllowanceChargeReasonCode/@listID"),
    CR("663", LINE "cbc:InvoicedQuantity/@unitCodeListID"), CR("664", MEANS "PayeeFinancialAccount/FinancialInstitutionBranch/FinancialInstitution"),
    CR("665", ATTACHED "cbc:ID/@schemeID"), CR("667", ITEM "BuyersItemIdentification/cbc:ID/@schemeID"),
    CR("668", ITEM "SellersItemIdentification/cbc:ID/@schemeID"), CR("669", OFF "cbc:AllowanceChargeReasonCode"),
    CR("670", OFF "cbc:AllowanceChargeReason"), CR("671", OFF "cbc:MultiplierFactorNumeric"), CR("672", "cbc:CreditNoteTypeCode/@listID"),
    CR("674", MEANS "CardAccount/cbc:PrimaryAccountNumber/@schemeID"), CR("675", MEANS "CardAccount/cbc:NetworkID/@schemeID"),
    CR("676", MEANS "PaymentMandate/cbc:ID/@schemeID"), CR("677", MEANS "PaymentMandate/PayerFinancialAccount/cbc:ID/@schemeID"),
    CR("678", "AllowanceCharge/TaxCategory/cbc:ID/@schemeID"), CR("679", ITEM "ClassifiedTaxCategory/cbc:ID/@schemeID"),
    CR("680", MEANS "PayerFinancialAccount"), CR("681", MEANS "cbc:InstructionNote"), CR("682", "Delivery/DeliveryAddress"), DT("08", "schemeName"),
    DT("09", "schemeAgencyName"), DT("10", "schemeDataURI"), DT("11", "schemeURI"), DT("12", "format"), DT("13", "unitCodeListIdentifier"),
    DT("14", "unitCodeListAgencyIdentifier"), DT("15", "unitCodeListAgencyName"), DT("16", "listAgencyName"), DT("17", "listName"), DT("18", "name"),
    DT("19", "languageID"), DT("20", "listURI"), DT("21", "listSchemeURI"), DT("22", "languageLocaleID"), DT("23", "uri"),
    DT("24", "currencyCodeListVersionID"), DT("25", "characterSetCode"), DT("26", "encodingCode"), DT("27", "schemeAgencyID"), DT("28", "listAgencyID"),
};

#define NAMESPACE "urn:oasis:names:specification:ubl:schema:xsd:"
#define OBJECT(type) \
    "<cac:AdditionalDocumentReference><cbc:ID schemeID='ABT'/><cbc:DocumentTypeCode>" type "</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>"

/* How often the rule fires on a document of this kind with nothing but the body; every firing must be a warning. */
static unsigned firings(struct arena *a, const char *kind, const char *body, const char *rule)
{
    struct str xml = str_of(arena_printf(a,
                                         "<%s xmlns='" NAMESPACE "%s-2' xmlns:cac='" NAMESPACE "CommonAggregateComponents-2' xmlns:cbc='" NAMESPACE
                                         "CommonBasicComponents-2' xmlns:ext='" NAMESPACE "CommonExtensionComponents-2'>%s</%s>",
                                         kind, kind, body, kind));
    struct invoice_verdict v = fixture_judge(a, xml, INVOICE_EN16931);
    for (size_t i = 0; i < v.n; i++)
        if (strcmp(v.findings[i].id, rule) == 0)
            assert_int_equal(v.findings[i].severity, INVOICE_WARNING);
    return fixture_firings(&v, rule);
}

static void check(const char *rule, const char *kind, const char *body, unsigned expected)
{
    struct arena *a = arena_create(0);
    unsigned n = firings(a, kind, body, rule);
    if (n != expected)
        fail_msg("%s fires %u times, not %u, on a %s with %s", rule, n, expected, kind, body);
    arena_destroy(&a);
}

static void test_paths(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    for (const struct unused *u = unused; u < unused + sizeof unused / sizeof *unused; u++) {
        check(u->rule, "Invoice", fixture_nested(a, "cac:", u->path, 0), 0);
        check(u->rule, "Invoice", fixture_nested(a, "cac:", u->path, 1), 1);
    }
    arena_destroy(&a);
    print_message("%zu paths\n", sizeof unused / sizeof *unused);
}

static void test_what_is_permitted(void **state)
{
    (void)state;
    const char *due = "<cac:PaymentMeans><cbc:PaymentDueDate/></cac:PaymentMeans>";
    check("UBL-CR-412", "Invoice", due, 1);
    check("UBL-CR-412", "CreditNote", due, 0);
    check("UBL-CR-515", "CreditNote", "<cac:CreditNoteLine><cbc:UUID/></cac:CreditNoteLine>", 1);
    check("UBL-CR-002", "Invoice", "<cbc:UBLVersionID>2.1</cbc:UBLVersionID>", 0);
    check("UBL-CR-002", "Invoice", "<cbc:UBLVersionID>2.0</cbc:UBLVersionID>", 1);
    check("UBL-DT-18", "Invoice", "<cac:PaymentMeans><cbc:PaymentMeansCode name='Cash'/></cac:PaymentMeans>", 0);
    check("UBL-CR-665", "Invoice", OBJECT("130"), 0);
    check("UBL-CR-665", "Invoice", OBJECT("916"), 1);
    /* once a document, however often it stands there, and only at its own place */
    check("UBL-CR-669", "Invoice", "<cac:AllowanceCharge><cbc:AllowanceChargeReasonCode/></cac:AllowanceCharge>", 0);
    check("UBL-CR-648", "Invoice", "<cac:PayeeParty><cbc:CustomizationID schemeID='x'/></cac:PayeeParty>", 0);
    check("UBL-DT-09", "Invoice", "<cbc:Note schemeAgencyName='x'/><cbc:Note schemeAgencyName='x'/>", 1);
    check("UBL-CR-137", "Invoice", "<cac:Signature/><cac:Signature/>", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_paths), cmocka_unit_test(test_what_is_permitted)};
    return cmocka_run_group_tests(tests, fixture_set_up, NULL);
}
