/* CII-SR, the warnings about elements that CII knows and the European invoice does not: one table of paths, as the published rules number them. */
#include "payments/invoice/extras.h"
#include "payments/invoice/judge.h"

#define T "rsm:SupplyChainTradeTransaction/"
#define LINE T "IncludedSupplyChainTradeLineItem/"
#define PRODUCT LINE "SpecifiedTradeProduct/"
#define LINE_AGREEMENT LINE "SpecifiedLineTradeAgreement/"
#define LINE_SETTLEMENT LINE "SpecifiedLineTradeSettlement/"
#define AGREEMENT T "ApplicableHeaderTradeAgreement/"
#define DELIVERY T "ApplicableHeaderTradeDelivery/"
#define SETTLEMENT T "ApplicableHeaderTradeSettlement/"

#define CONTACT "ID TypeCode JobTitle Responsibility PersonID TelephoneUniversalCommunication/URIID TelephoneUniversalCommunication/ChannelCode " \
    "DirectTelephoneUniversalCommunication MobileTelephoneUniversalCommunication FaxUniversalCommunication EmailURIUniversalCommunication/ChannelCode " \
    "EmailURIUniversalCommunication/CompleteNumber TelexUniversalCommunication VOIPUniversalCommunication InstantMessagingUniversalCommunication " \
    "SpecifiedNote SpecifiedContactPerson"
#define PARTY_END "URIUniversalCommunication/ChannelCode URIUniversalCommunication/CompleteNumber SpecifiedTaxRegistration/AssociatedRegisteredTax " \
    "EndPointURIUniversalCommunication LogoAssociatedSpecifiedBinaryFile"
#define ACCOUNT "SetTriggerCode TypeCode AmountTypeCode Name CostReferenceDimensionPattern"

/* Steps without a prefix are ram. Some numbers stand for two paths or share one, as published. */
static const struct extra rows[] = {
    {1, "rsm:ExchangedDocumentContext/", "", "SpecifiedTransactionID TestIndicator - - - BIMSpecifiedDocumentContextParameter ScenarioSpecifiedDocumentContextParameter "
        "ApplicationSpecifiedDocumentContextParameter - - SubsetSpecifiedDocumentContextParameter MessageStandardSpecifiedDocumentContextParameter"},
    {13, "rsm:ExchangedDocument/", "", "Name - IssueDateTime/udt:DateTime CopyIndicator Purpose ControlRequirementIndicator LanguageID PurposeCode RevisionDateTime "
        "VersionID GlobalID RevisionID PreviousRevisionID CategoryCode IncludedNote/Subject IncludedNote/ContentCode - - - IncludedNote/ID "
        "EffectiveSpecifiedPeriod IssuerTradeParty"},
    {35, LINE, "", "DescriptionCode ParentLineID LineStatusCode LineStatusReasonCode"},
    {41, LINE "AssociatedDocumentLineDocument/", "IncludedNote/", "SubjectCode ID Subject ContentCode"},
    {45, PRODUCT, "", "ID - - ManufacturerAssignedID TradeName TypeCode NetWeightMeasure GrossWeightMeasure ProductGroupID EndItemTypeCode EndItemName AreaDensityMeasure "
        "UseDescription BrandName SubBrandName DrainedNetWeightMeasure VariableMeasureIndicator ColourCode ColourDescription Designation "
        "FormattedCancellationAnnouncedLaunchDateTime FormattedLatestProductDataChangeDateTime"},
    {67, PRODUCT, "ApplicableProductCharacteristic/", "ID TypeCode - ValueMeasure MeasurementMethodCode - ValueCode ValueDateTime ValueIndicator ContentTypeCode "
        "ValueSpecifiedBinaryFile ApplicableProductCharacteristicCondition ApplicableReferencedStandard"},
    {80, PRODUCT, "", "ApplicableMaterialGoodsCharacteristic"},
    {81, PRODUCT, "DesignatedProductClassification/", "SystemID SystemName ClassName SubClassCode ClassProductCharacteristic ApplicableReferencedStandard"},
    {87, PRODUCT, "", "IndividualTradeProductInstance CertificationEvidenceReferenceReferencedDocument InspectionReferenceReferencedDocument - OriginTradeCountry/Name "
        "OriginTradeCountry/SubordinateTradeCountrySubDivision LinearSpatialDimension MinimumLinearSpatialDimension MaximumLinearSpatialDimension "
        "ManufacturerTradeParty PresentationSpecifiedBinaryFile MSDSReferenceReferencedDocument AdditionalReferenceReferencedDocument "
        "LegalRightsOwnerTradeParty BrandOwnerTradeParty IncludedReferencedProduct InformationNote"},
    {104, LINE_AGREEMENT, "", "BuyerReference BuyerRequisitionerTradeParty ApplicableTradeDeliveryTerms SellerOrderReferencedDocument "
        "BuyerOrderReferencedDocument/IssuerAssignedID QuotationReferencedDocument ContractReferencedDocument DemandForecastReferencedDocument "
        "PromotionalDealReferencedDocument AdditionalReferencedDocument"},
    {114, LINE_AGREEMENT, "GrossPriceProductTradePrice/", "TypeCode MinimumQuantity MaximumQuantity ChangeReason OrderUnitConversionFactorNumeric"},
    {120, LINE_AGREEMENT, "GrossPriceProductTradePrice/AppliedTradeAllowanceCharge/", "ID SequenceNumeric CalculationPercent BasisAmount BasisQuantity PrepaidIndicator "
        "UnitBasisAmount ReasonCode Reason TypeCode CategoryTradeTax ActualTradeCurrencyExchange"},
    {132, LINE_AGREEMENT, "GrossPriceProductTradePrice/", "ValiditySpecifiedPeriod DeliveryTradeLocation TradeComparisonReferencePrice AssociatedReferencedDocument"},
    {136, LINE_AGREEMENT, "NetPriceProductTradePrice/", "TypeCode - MinimumQuantity MaximumQuantity ChangeReason OrderUnitConversionFactorNumeric "
        "AppliedTradeAllowanceCharge ValiditySpecifiedPeriod DeliveryTradeLocation TradeComparisonReferencePrice AssociatedReferencedDocument"},
    {147, LINE_AGREEMENT, "", "RequisitionerReferencedDocument ItemSellerTradeParty ItemBuyerTradeParty IncludedSpecifiedMarketplace"},
    {151, LINE "SpecifiedLineTradeDelivery/", "", "RequestedQuantity ReceivedQuantity ChargeFreeQuantity PackageQuantity ProductUnitQuantity PerPackageUnitQuantity "
        "NetWeightMeasure GrossWeightMeasure TheoreticalWeightMeasure DespatchedQuantity SpecifiedDeliveryAdjustment IncludedSupplyChainPackaging "
        "RelatedSupplyChainConsignment ShipToTradeParty UltimateShipToTradeParty ShipFromTradeParty ActualDespatchSupplyChainEvent "
        "ActualPickUpSupplyChainEvent RequestedDeliverySupplyChainEvent ActualDeliverySupplyChainEvent ActualReceiptSupplyChainEvent "
        "AdditionalReferencedDocument DespatchAdviceReferencedDocument ReceivingAdviceReferencedDocument DeliveryNoteReferencedDocument "
        "ConsumptionReportReferencedDocument PackingListReferencedDocument"},
    {178, LINE_SETTLEMENT, "", "PaymentReference InvoiceIssuerReference TotalAdjustmentAmount DiscountIndicator ApplicableTradeTax/CalculatedAmount"},
    {183, LINE_SETTLEMENT, "SpecifiedTradeAllowanceCharge/", "ChargeIndicator/udt:IndicatorString ID SequenceNumeric - BasisQuantity PrepaidIndicator UnitBasisAmount TypeCode "
        "CategoryTradeTax ActualTradeCurrencyExchange ID"},
    {194, LINE_SETTLEMENT, "", "SubtotalCalculatedTradeTax SpecifiedLogisticsServiceCharge SpecifiedTradePaymentTerms"},
    {197, LINE_SETTLEMENT, "SpecifiedTradeSettlementLineMonetarySummation/", "ChargeTotalAmount AllowanceTotalAmount TaxBasisTotalAmount TaxTotalAmount GrandTotalAmount "
        "InformationAmount TotalAllowanceChargeAmount TotalRetailValueInformationAmount GrossLineTotalAmount NetLineTotalAmount "
        "NetIncludingTaxesLineTotalAmount ProductWeightLossInformationAmount"},
    {209, LINE_SETTLEMENT, "", "SpecifiedFinancialAdjustment InvoiceReferencedDocument - PayableSpecifiedTradeAccountingAccount"},
    {213, LINE_SETTLEMENT, "ReceivableSpecifiedTradeAccountingAccount/", ACCOUNT},
    {218, LINE_SETTLEMENT, "", "PurchaseSpecifiedTradeAccountingAccount SalesSpecifiedTradeAccountingAccount SpecifiedTradeSettlementFinancialCard"},
    {221, LINE, "", "IncludedSubordinateTradeLineItem"},
    {222, AGREEMENT, "SellerTradeParty/", "RoleCode SpecifiedLegalOrganization/LegalClassificationCode SpecifiedLegalOrganization/Name "
        "SpecifiedLegalOrganization/PostalTradeAddress SpecifiedLegalOrganization/AuthorizedLegalRegistration"},
    {227, AGREEMENT, "SellerTradeParty/DefinedTradeContact/", CONTACT},
    {244, AGREEMENT, "SellerTradeParty/", PARTY_END},
    {249, AGREEMENT, "BuyerTradeParty/", "RoleCode Description SpecifiedLegalOrganization/LegalClassificationCode SpecifiedLegalOrganization/Name - "
        "SpecifiedLegalOrganization/PostalTradeAddress SpecifiedLegalOrganization/AuthorizedLegalRegistration"},
    {256, AGREEMENT, "BuyerTradeParty/DefinedTradeContact/", CONTACT},
    {273, AGREEMENT, "BuyerTradeParty/", PARTY_END},
    {278, AGREEMENT, "", "SalesAgentTradeParty BuyerRequisitionerTradeParty BuyerAssignedAccountantTradeParty SellerAssignedAccountantTradeParty"},
    {282, AGREEMENT, "SellerTaxRepresentativeTradeParty/", "ID GlobalID RoleCode Description SpecifiedLegalOrganization DefinedTradeContact URIUniversalCommunication "
        "SpecifiedTaxRegistration/AssociatedRegisteredTax EndPointURIUniversalCommunication LogoAssociatedSpecifiedBinaryFile"},
    {292, AGREEMENT, "", "ProductEndUserTradeParty ApplicableTradeDeliveryTerms SellerOrderReferencedDocument/LineID BuyerOrderReferencedDocument/LineID "
        "QuotationReferencedDocument OrderResponseReferencedDocument ContractReferencedDocument/LineID DemandForecastReferencedDocument "
        "SupplyInstructionReferencedDocument PromotionalDealReferencedDocument PriceListReferencedDocument AdditionalReferencedDocument/LineID "
        "RequisitionerReferencedDocument BuyerAgentTradeParty PurchaseConditionsReferencedDocument SpecifiedProcuringProject/Description"},
    {308, DELIVERY, "", "RelatedSupplyChainConsignment"},
    {309, DELIVERY, "ShipToTradeParty/", "RoleCode Description SpecifiedLegalOrganization DefinedTradeContact URIUniversalCommunication SpecifiedTaxRegistration "
        "EndPointURIUniversalCommunication LogoAssociatedSpecifiedBinaryFile"},
    {317, DELIVERY, "", "UltimateShipToTradeParty ShipFromTradeParty ActualDespatchSupplyChainEvent ActualPickUpSupplyChainEvent"},
    {321, DELIVERY, "ActualDeliverySupplyChainEvent/", "ID OccurrenceDateTime/udt:DateTime TypeCode Description DescriptionBinaryObject UnitQuantity "
        "LatestOccurrenceDateTime EarliestOccurrenceDateTime OccurrenceSpecifiedPeriod OccurrenceLogisticsLocation"},
    {331, DELIVERY, "", "ActualReceiptSupplyChainEvent AdditionalReferencedDocument DespatchAdviceReferencedDocument/LineID DespatchAdviceReferencedDocument/LineID "
        "DeliveryNoteReferencedDocument ConsumptionReportReferencedDocument PreviousDeliverySupplyChainEvent PackingListReferencedDocument"},
    {339, SETTLEMENT, "", "DuePayableAmount CreditorReferenceTypeCode CreditorReferenceType CreditorReferenceIssuerID - PaymentCurrencyCode InvoiceIssuerReference "
        "InvoiceDateTime NextInvoiceDateTime CreditReasonCode CreditReason InvoicerTradeParty InvoiceeTradeParty"},
    {352, SETTLEMENT, "PayeeTradeParty/", "RoleCode Description SpecifiedLegalOrganization/LegalClassificationCode SpecifiedLegalOrganization/Name "
        "SpecifiedLegalOrganization/TradingBusinessName SpecifiedLegalOrganization/PostalTradeAddress "
        "SpecifiedLegalOrganization/AuthorizedLegalRegistration DefinedTradeContact PostalTradeAddress URIUniversalCommunication "
        "SpecifiedTaxRegistration EndPointURIUniversalCommunication LogoAssociatedSpecifiedBinaryFile"},
    {365, SETTLEMENT, "", "PayerTradeParty TaxApplicableTradeCurrencyExchange InvoiceApplicableTradeCurrencyExchange PaymentApplicableTradeCurrencyExchange"},
    {369, SETTLEMENT, "SpecifiedTradeSettlementPaymentMeans/", "PaymentChannelCode GuaranteeMethodCode PaymentMethodCode"},
    {372, SETTLEMENT, "SpecifiedTradeSettlementPaymentMeans/ApplicableTradeSettlementFinancialCard/", "MicrochipIndicator TypeCode - ExpiryDate VerificationNumeric "
        "ValidFromDateTime CreditLimitAmount CreditAvailableAmount InterestRatePercent Description"},
    {382, SETTLEMENT, "SpecifiedTradeSettlementPaymentMeans/", "PayerPartyDebtorFinancialAccount/AccountName"},
    {384, SETTLEMENT, "SpecifiedTradeSettlementPaymentMeans/PayerSpecifiedDebtorFinancialInstitution/", "ClearingSystemName Name LocationFinancialInstitutionAddress"},
    {388, SETTLEMENT, "SpecifiedTradeAllowanceCharge/", "ID SequenceNumeric BasisQuantity PrepaidIndicator UnitBasisAmount TypeCode ActualTradeCurrencyExchange"},
    {395, SETTLEMENT, "", "SubtotalCalculatedTradeTax SpecifiedLogisticsServiceCharge"},
    {397, SETTLEMENT, "SpecifiedTradePaymentTerms/", "ID FromEventCode SettlementPeriodMeasure DueDateDateTime/udt:DateTime TypeCode InstructionTypeCode - "
        "PartialPaymentPercent PaymentMeansID PartialPaymentAmount ApplicableTradePaymentPenaltyTerms ApplicableTradePaymentDiscountTerms PayeeTradeParty"},
    {411, SETTLEMENT "SpecifiedTradeSettlementHeaderMonetarySummation/", "", "InformationAmount TotalDiscountAmount TotalAllowanceChargeAmount "
        "RetailValueExcludingTaxInformationAmount TotalDepositFeeInformationAmount ProductValueExcludingTobaccoTaxInformationAmount "
        "TotalRetailValueInformationAmount GrossLineTotalAmount NetLineTotalAmount NetIncludingTaxesLineTotalAmount"},
    {421, SETTLEMENT, "", "SpecifiedFinancialAdjustment InvoiceReferencedDocument/LineID ProFormaInvoiceReferencedDocument LetterOfCreditReferencedDocument "
        "FactoringAgreementReferencedDocument FactoringListReferencedDocument PayableSpecifiedTradeAccountingAccount"},
    {428, SETTLEMENT, "ReceivableSpecifiedTradeAccountingAccount/", ACCOUNT},
    {433, SETTLEMENT, "", "PurchaseSpecifiedTradeAccountingAccount SalesSpecifiedTradeAccountingAccount SpecifiedTradeSettlementFinancialCard SpecifiedAdvancePayment "
        "UltimatePayeeTradeParty"},
    {438, "", "", "ValuationBreakdownStatement"},
    {442, AGREEMENT, "", "Reference"},
    {443, SETTLEMENT, "SpecifiedTradeSettlementPaymentMeans/", "ID PayerPartyDebtorFinancialAccount/ProprietaryID"},
    {445, LINE_AGREEMENT, "", "GrossPriceProductTradePrice/IncludedTradeTax NetPriceProductTradePrice/IncludedTradeTax UltimateCustomerOrderReferencedDocument"},
    {448, AGREEMENT, "", "UltimateCustomerOrderReferencedDocument"},
};

void judge_cii_extras(struct judge *j)
{
    static struct extras extras = {.id = "CII-SR-", .prefix = "ram:", .rows = rows, .n = sizeof rows / sizeof *rows};
    judge_extras(j, &extras, NULL);
}
