#include "payments/invoice/shape.h"

/* One row a value; the order is that of the UBL 2.1 schemas, because the writer follows it. */
#define T(type, member, term, ubl, cii) {FIELD_TEXT, #member, term, offsetof(struct type, member), ubl, cii, NULL}
#define D(type, member, term, ubl, cii) {FIELD_DATE, #member, term, offsetof(struct type, member), ubl, cii, NULL}
#define A(type, member, term, ubl, cii) {FIELD_AMOUNT, #member, term, offsetof(struct type, member), ubl, cii, NULL}
#define G(type, member, term, ubl, cii, group) {FIELD_GROUP, #member, term, offsetof(struct type, member), ubl, cii, &group}
#define L(type, member, term, ubl, cii, group) {FIELD_LIST, #member, term, offsetof(struct type, member), ubl, cii, &group}
#define C(type, member, text, ubl) {FIELD_CONSTANT, text, NULL, offsetof(struct type, member), ubl, NULL, NULL}
#define SHAPE(type, array) {sizeof(struct type), array, sizeof(array) / sizeof *(array)}

static const struct field address_fields[] = {
    T(postal_address, line1, "BT-35/50/64/75", "cbc:StreetName", "ram:LineOne"),
    T(postal_address, line2, "BT-36/51/65/76", "cbc:AdditionalStreetName", "ram:LineTwo"),
    T(postal_address, city, "BT-37/52/66/77", "cbc:CityName", "ram:CityName"),
    T(postal_address, postcode, "BT-38/53/67/78", "cbc:PostalZone", "ram:PostcodeCode"),
    T(postal_address, subdivision, "BT-39/54/68/79", "cbc:CountrySubentity", "ram:CountrySubDivisionName"),
    T(postal_address, line3, "BT-162/163/164/165", "cac:AddressLine/cbc:Line", "ram:LineThree"),
    T(postal_address, country, "BT-40/55/69/80", "cac:Country/cbc:IdentificationCode", "ram:CountryID"),
};
static const struct shape address = SHAPE(postal_address, address_fields);

static const struct field id_fields[] = {T(scheme_id, id, "", ".", "."), T(scheme_id, scheme, "", "@schemeID", "@schemeID")};
static const struct shape scheme_id = SHAPE(scheme_id, id_fields);

static const struct field own_id_fields[] = {T(scheme_id, id, "BT-29/46", "cbc:ID", "."), T(scheme_id, scheme, "BT-29-1/46-1", "cbc:ID/@schemeID", "@schemeID")};
static const struct shape own_id = SHAPE(scheme_id, own_id_fields);

static const struct field party_fields[] = {
    G(invoice_party, endpoint, "BT-34/49", "cbc:EndpointID", "ram:URIUniversalCommunication/ram:URIID", scheme_id),
    L(invoice_party, ids, "BT-29/46", "cac:PartyIdentification[!cbc:ID[@schemeID=SEPA]]", "ram:GlobalID", own_id),
    T(invoice_party, sepa_id, "BT-90", "cac:PartyIdentification[cbc:ID[@schemeID=SEPA]]/cbc:ID", NULL),
    C(invoice_party, sepa_id, "SEPA", "cac:PartyIdentification[cbc:ID[@schemeID=SEPA]]/cbc:ID/@schemeID"),
    T(invoice_party, trading_name, "BT-28/45", "cac:PartyName/cbc:Name", "ram:SpecifiedLegalOrganization/ram:TradingBusinessName"),
    G(invoice_party, address, "BG-5/8", "cac:PostalAddress", "ram:PostalTradeAddress", address),
    T(invoice_party, vat_id, "BT-31/48", "cac:PartyTaxScheme[VAT]/cbc:CompanyID", "ram:SpecifiedTaxRegistration/ram:ID[@schemeID=VA]"),
    C(invoice_party, vat_id, "VAT", "cac:PartyTaxScheme[VAT]/cac:TaxScheme/cbc:ID"),
    T(invoice_party, tax_id, "BT-32", "cac:PartyTaxScheme[!VAT]/cbc:CompanyID", "ram:SpecifiedTaxRegistration/ram:ID[@schemeID=FC]"),
    T(invoice_party, tax_id_scheme, "BT-32-1", "cac:PartyTaxScheme[!VAT]/cac:TaxScheme/cbc:ID", "ram:SpecifiedTaxRegistration/ram:ID[@schemeID=FC]/@schemeID"),
    T(invoice_party, name, "BT-27/44", "cac:PartyLegalEntity/cbc:RegistrationName", "ram:Name"),
    G(invoice_party, legal_id, "BT-30/47", "cac:PartyLegalEntity/cbc:CompanyID", "ram:SpecifiedLegalOrganization/ram:ID", scheme_id),
    T(invoice_party, legal_form, "BT-33", "cac:PartyLegalEntity/cbc:CompanyLegalForm", "ram:Description"),
    T(invoice_party, contact_name, "BT-41/56", "cac:Contact/cbc:Name", "ram:DefinedTradeContact/ram:PersonName"),
    T(invoice_party, contact_phone, "BT-42/57", "cac:Contact/cbc:Telephone", "ram:DefinedTradeContact/ram:TelephoneUniversalCommunication/ram:CompleteNumber"),
    T(invoice_party, contact_email, "BT-43/58", "cac:Contact/cbc:ElectronicMail", "ram:DefinedTradeContact/ram:EmailURIUniversalCommunication/ram:URIID"),
};
static const struct shape party = SHAPE(invoice_party, party_fields);

static const struct field payee_fields[] = {
    G(invoice_payee, id, "BT-60", "cac:PartyIdentification/cbc:ID", "ram:GlobalID", scheme_id),
    T(invoice_payee, name, "BT-59", "cac:PartyName/cbc:Name", "ram:Name"),
    G(invoice_payee, legal_id, "BT-61", "cac:PartyLegalEntity/cbc:CompanyID", "ram:SpecifiedLegalOrganization/ram:ID", scheme_id),
};
static const struct shape payee = SHAPE(invoice_payee, payee_fields);

static const struct field representative_fields[] = {
    T(invoice_representative, name, "BT-62", "cac:PartyName/cbc:Name", "ram:Name"),
    G(invoice_representative, address, "BG-12", "cac:PostalAddress", "ram:PostalTradeAddress", address),
    T(invoice_representative, vat_id, "BT-63", "cac:PartyTaxScheme[VAT]/cbc:CompanyID", "ram:SpecifiedTaxRegistration/ram:ID[@schemeID=VA]"),
    C(invoice_representative, vat_id, "VAT", "cac:PartyTaxScheme[VAT]/cac:TaxScheme/cbc:ID"),
};
static const struct shape representative = SHAPE(invoice_representative, representative_fields);

static const struct field delivery_fields[] = {
    D(invoice_delivery, date, "BT-72", "cbc:ActualDeliveryDate", "ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/udt:DateTimeString"),
    G(invoice_delivery, location, "BT-71", "cac:DeliveryLocation/cbc:ID", "ram:ShipToTradeParty/ram:GlobalID", scheme_id),
    G(invoice_delivery, address, "BG-15", "cac:DeliveryLocation/cac:Address", "ram:ShipToTradeParty/ram:PostalTradeAddress", address),
    T(invoice_delivery, name, "BT-70", "cac:DeliveryParty/cac:PartyName/cbc:Name", "ram:ShipToTradeParty/ram:Name"),
};
static const struct shape delivery = SHAPE(invoice_delivery, delivery_fields);

static const struct field payment_fields[] = {
    T(invoice_payment, code, "BT-81", "cbc:PaymentMeansCode", "ram:TypeCode"),
    T(invoice_payment, text, "BT-82", "cbc:PaymentMeansCode/@name", "ram:Information"),
    D(invoice_payment, due_date, "BT-9", "cbc:PaymentDueDate", NULL),
    T(invoice_payment, reference, "BT-83", "cbc:PaymentID", "../ram:PaymentReference"),
    T(invoice_payment, card_number, "BT-87", "cac:CardAccount/cbc:PrimaryAccountNumberID", "ram:ApplicableTradeSettlementFinancialCard/ram:ID"),
    C(invoice_payment, card_number, "mapped", "cac:CardAccount/cbc:NetworkID"),
    T(invoice_payment, card_holder, "BT-88", "cac:CardAccount/cbc:HolderName", "ram:ApplicableTradeSettlementFinancialCard/ram:CardholderName"),
    T(invoice_payment, account, "BT-84", "cac:PayeeFinancialAccount/cbc:ID", "ram:PayeePartyCreditorFinancialAccount/ram:IBANID"),
    {FIELD_READ_ONLY, "account", "BT-84", offsetof(struct invoice_payment, account), NULL, "ram:PayeePartyCreditorFinancialAccount/ram:ProprietaryID", NULL},
    T(invoice_payment, account_name, "BT-85", "cac:PayeeFinancialAccount/cbc:Name", "ram:PayeePartyCreditorFinancialAccount/ram:AccountName"),
    T(invoice_payment, branch, "BT-86", "cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID",
      "ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID"),
    T(invoice_payment, mandate, "BT-89", "cac:PaymentMandate/cbc:ID", "../ram:SpecifiedTradePaymentTerms/ram:DirectDebitMandateID"),
    T(invoice_payment, debited_account, "BT-91", "cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID", "ram:PayerPartyDebtorFinancialAccount/ram:IBANID"),
};
static const struct shape payment = SHAPE(invoice_payment, payment_fields);

static const struct field note_fields[] = {T(invoice_note, subject, "BT-21", NULL, "ram:SubjectCode"), T(invoice_note, text, "BT-22", ".", "ram:Content")};
static const struct shape note = SHAPE(invoice_note, note_fields);

static const struct field preceding_fields[] = {
    T(invoice_preceding, number, "BT-25", "cac:InvoiceDocumentReference/cbc:ID", "ram:IssuerAssignedID"),
    D(invoice_preceding, date, "BT-26", "cac:InvoiceDocumentReference/cbc:IssueDate", "ram:FormattedIssueDateTime/qdt:DateTimeString"),
};
static const struct shape preceding = SHAPE(invoice_preceding, preceding_fields);

static const struct field attachment_fields[] = {
    T(invoice_attachment, reference, "BT-122", "cbc:ID", "ram:IssuerAssignedID"),
    T(invoice_attachment, description, "BT-123", "cbc:DocumentDescription", "ram:Name"),
    T(invoice_attachment, content, "BT-125", "cac:Attachment/cbc:EmbeddedDocumentBinaryObject", "ram:AttachmentBinaryObject"),
    T(invoice_attachment, mime, "BT-125-1", "cac:Attachment/cbc:EmbeddedDocumentBinaryObject/@mimeCode", "ram:AttachmentBinaryObject/@mimeCode"),
    T(invoice_attachment, filename, "BT-125-2", "cac:Attachment/cbc:EmbeddedDocumentBinaryObject/@filename", "ram:AttachmentBinaryObject/@filename"),
    T(invoice_attachment, uri, "BT-124", "cac:Attachment/cac:ExternalReference/cbc:URI", "ram:URIID"),
};
static const struct shape attachment = SHAPE(invoice_attachment, attachment_fields);

#define ADJUSTMENT(indicator) \
    {FIELD_ALWAYS, indicator, NULL, 0, "cbc:ChargeIndicator", NULL, NULL}, \
    T(invoice_adjustment, reason_code, "BT-98/105/140/145", "cbc:AllowanceChargeReasonCode", "ram:ReasonCode"), \
    T(invoice_adjustment, reason, "BT-97/104/139/144", "cbc:AllowanceChargeReason", "ram:Reason"), \
    T(invoice_adjustment, percent, "BT-94/101/138/143", "cbc:MultiplierFactorNumeric", "ram:CalculationPercent"), \
    A(invoice_adjustment, amount, "BT-92/99/136/141", "cbc:Amount", "ram:ActualAmount"), \
    A(invoice_adjustment, base, "BT-93/100/137/142", "cbc:BaseAmount", "ram:BasisAmount"), \
    T(invoice_adjustment, vat_category, "BT-95/102", "cac:TaxCategory/cbc:ID", "ram:CategoryTradeTax/ram:CategoryCode"), \
    T(invoice_adjustment, vat_rate, "BT-96/103", "cac:TaxCategory/cbc:Percent", "ram:CategoryTradeTax/ram:RateApplicablePercent"), \
    C(invoice_adjustment, vat_category, "VAT", "cac:TaxCategory/cac:TaxScheme/cbc:ID")
static const struct field allowance_fields[] = {ADJUSTMENT("false")};
static const struct field charge_fields[] = {ADJUSTMENT("true")};
static const struct shape allowance = SHAPE(invoice_adjustment, allowance_fields), charge = SHAPE(invoice_adjustment, charge_fields);

static const struct field vat_fields[] = {
    A(invoice_vat, taxable, "BT-116", "cbc:TaxableAmount", "ram:BasisAmount"),
    A(invoice_vat, tax, "BT-117", "cbc:TaxAmount", "ram:CalculatedAmount"),
    T(invoice_vat, category, "BT-118", "cac:TaxCategory/cbc:ID", "ram:CategoryCode"),
    T(invoice_vat, rate, "BT-119", "cac:TaxCategory/cbc:Percent", "ram:RateApplicablePercent"),
    T(invoice_vat, reason_code, "BT-121", "cac:TaxCategory/cbc:TaxExemptionReasonCode", "ram:ExemptionReasonCode"),
    T(invoice_vat, reason, "BT-120", "cac:TaxCategory/cbc:TaxExemptionReason", "ram:ExemptionReason"),
    C(invoice_vat, category, "VAT", "cac:TaxCategory/cac:TaxScheme/cbc:ID"),
};
static const struct shape vat = SHAPE(invoice_vat, vat_fields);

static const struct field attribute_fields[] = {T(invoice_attribute, name, "BT-160", "cbc:Name", "ram:Description"),
                                                T(invoice_attribute, value, "BT-161", "cbc:Value", "ram:Value")};
static const struct shape attribute = SHAPE(invoice_attribute, attribute_fields);

static const struct field classification_fields[] = {
    T(invoice_classification, code, "BT-158", ".", "."),
    T(invoice_classification, list, "BT-158-1", "@listID", "@listID"),
    T(invoice_classification, version, "BT-158-2", "@listVersionID", "@listVersionID"),
};
static const struct shape classification = SHAPE(invoice_classification, classification_fields);

#define PRODUCT "ram:SpecifiedTradeProduct/"
#define LINE_SETTLEMENT "ram:SpecifiedLineTradeSettlement/"
#define NET_PRICE "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/"
#define GROSS_PRICE "ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice/"
#define LINE(quantity_element) \
    T(invoice_line, id, "BT-126", "cbc:ID", "ram:AssociatedDocumentLineDocument/ram:LineID"), \
    T(invoice_line, note, "BT-127", "cbc:Note", "ram:AssociatedDocumentLineDocument/ram:IncludedNote/ram:Content"), \
    T(invoice_line, quantity, "BT-129", quantity_element, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"), \
    T(invoice_line, unit, "BT-130", quantity_element "/@unitCode", "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity/@unitCode"), \
    A(invoice_line, net, "BT-131", "cbc:LineExtensionAmount", \
      LINE_SETTLEMENT "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"), \
    T(invoice_line, accounting_reference, "BT-133", "cbc:AccountingCost", LINE_SETTLEMENT "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"), \
    D(invoice_line, period_start, "BT-134", "cac:InvoicePeriod/cbc:StartDate", \
      LINE_SETTLEMENT "ram:BillingSpecifiedPeriod/ram:StartDateTime/udt:DateTimeString"), \
    D(invoice_line, period_end, "BT-135", "cac:InvoicePeriod/cbc:EndDate", \
      LINE_SETTLEMENT "ram:BillingSpecifiedPeriod/ram:EndDateTime/udt:DateTimeString"), \
    T(invoice_line, order_line, "BT-132", "cac:OrderLineReference/cbc:LineID", \
      "ram:SpecifiedLineTradeAgreement/ram:BuyerOrderReferencedDocument/ram:LineID"), \
    G(invoice_line, object, "BT-128", "cac:DocumentReference/cbc:ID", LINE_SETTLEMENT "ram:AdditionalReferencedDocument/ram:IssuerAssignedID", scheme_id), \
    {FIELD_CONSTANT, "130", NULL, offsetof(struct invoice_line, object.id), "cac:DocumentReference/cbc:DocumentTypeCode", NULL, NULL}, \
    L(invoice_line, allowances, "BG-27", "cac:AllowanceCharge[allowance]", LINE_SETTLEMENT "ram:SpecifiedTradeAllowanceCharge[allowance]", allowance), \
    L(invoice_line, charges, "BG-28", "cac:AllowanceCharge[charge]", LINE_SETTLEMENT "ram:SpecifiedTradeAllowanceCharge[charge]", charge), \
    T(invoice_line, description, "BT-154", "cac:Item/cbc:Description", PRODUCT "ram:Description"), \
    T(invoice_line, name, "BT-153", "cac:Item/cbc:Name", PRODUCT "ram:Name"), \
    T(invoice_line, buyer_item, "BT-156", "cac:Item/cac:BuyersItemIdentification/cbc:ID", PRODUCT "ram:BuyerAssignedID"), \
    T(invoice_line, seller_item, "BT-155", "cac:Item/cac:SellersItemIdentification/cbc:ID", PRODUCT "ram:SellerAssignedID"), \
    G(invoice_line, standard_item, "BT-157", "cac:Item/cac:StandardItemIdentification/cbc:ID", PRODUCT "ram:GlobalID", scheme_id), \
    T(invoice_line, origin_country, "BT-159", "cac:Item/cac:OriginCountry/cbc:IdentificationCode", PRODUCT "ram:OriginTradeCountry/ram:ID"), \
    L(invoice_line, classifications, "BT-158", "cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode", \
      PRODUCT "ram:DesignatedProductClassification/ram:ClassCode", classification), \
    T(invoice_line, vat_category, "BT-151", "cac:Item/cac:ClassifiedTaxCategory/cbc:ID", LINE_SETTLEMENT "ram:ApplicableTradeTax/ram:CategoryCode"), \
    T(invoice_line, vat_rate, "BT-152", "cac:Item/cac:ClassifiedTaxCategory/cbc:Percent", LINE_SETTLEMENT "ram:ApplicableTradeTax/ram:RateApplicablePercent"), \
    C(invoice_line, vat_category, "VAT", "cac:Item/cac:ClassifiedTaxCategory/cac:TaxScheme/cbc:ID"), \
    L(invoice_line, attributes, "BG-32", "cac:Item/cac:AdditionalItemProperty", PRODUCT "ram:ApplicableProductCharacteristic", attribute), \
    A(invoice_line, price, "BT-146", "cac:Price/cbc:PriceAmount", NET_PRICE "ram:ChargeAmount"), \
    T(invoice_line, base_quantity, "BT-149", "cac:Price/cbc:BaseQuantity", NET_PRICE "ram:BasisQuantity"), \
    T(invoice_line, base_unit, "BT-150", "cac:Price/cbc:BaseQuantity/@unitCode", NET_PRICE "ram:BasisQuantity/@unitCode"), \
    C(invoice_line, discount, "false", "cac:Price/cac:AllowanceCharge/cbc:ChargeIndicator"), \
    A(invoice_line, discount, "BT-147", "cac:Price/cac:AllowanceCharge/cbc:Amount", GROSS_PRICE "ram:AppliedTradeAllowanceCharge/ram:ActualAmount"), \
    A(invoice_line, gross_price, "BT-148", "cac:Price/cac:AllowanceCharge/cbc:BaseAmount", GROSS_PRICE "ram:ChargeAmount")
static const struct field invoice_line_fields[] = {LINE("cbc:InvoicedQuantity")};
static const struct field credit_line_fields[] = {LINE("cbc:CreditedQuantity")};
static const struct shape invoice_line = SHAPE(invoice_line, invoice_line_fields), credit_line = SHAPE(invoice_line, credit_line_fields);

#define AGREEMENT "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/"
#define DELIVERY "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeDelivery/"
#define SETTLEMENT "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement/"
#define SUMMATION SETTLEMENT "ram:SpecifiedTradeSettlementHeaderMonetarySummation/"

#define DOCUMENT_START \
    T(invoice, specification, "BT-24", "cbc:CustomizationID", "rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID"), \
    T(invoice, process, "BT-23", "cbc:ProfileID", "rsm:ExchangedDocumentContext/ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID"), \
    T(invoice, number, "BT-1", "cbc:ID", "rsm:ExchangedDocument/ram:ID"), \
    D(invoice, issue_date, "BT-2", "cbc:IssueDate", "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString")
#define TAX_POINT D(invoice, tax_point_date, "BT-7", "cbc:TaxPointDate", SETTLEMENT "ram:ApplicableTradeTax/ram:TaxPointDate/udt:DateString")
#define NOTES L(invoice, notes, "BG-1", "cbc:Note", "rsm:ExchangedDocument/ram:IncludedNote", note)
#define DOCUMENT_MIDDLE \
    T(invoice, currency, "BT-5", "cbc:DocumentCurrencyCode", SETTLEMENT "ram:InvoiceCurrencyCode"), \
    T(invoice, tax_currency, "BT-6", "cbc:TaxCurrencyCode", SETTLEMENT "ram:TaxCurrencyCode"), \
    T(invoice, accounting_reference, "BT-19", "cbc:AccountingCost", SETTLEMENT "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"), \
    T(invoice, buyer_reference, "BT-10", "cbc:BuyerReference", AGREEMENT "ram:BuyerReference"), \
    D(invoice, period_start, "BT-73", "cac:InvoicePeriod/cbc:StartDate", SETTLEMENT "ram:BillingSpecifiedPeriod/ram:StartDateTime/udt:DateTimeString"), \
    D(invoice, period_end, "BT-74", "cac:InvoicePeriod/cbc:EndDate", SETTLEMENT "ram:BillingSpecifiedPeriod/ram:EndDateTime/udt:DateTimeString"), \
    T(invoice, tax_point_code, "BT-8", "cac:InvoicePeriod/cbc:DescriptionCode", SETTLEMENT "ram:ApplicableTradeTax/ram:DueDateTypeCode"), \
    T(invoice, order, "BT-13", "cac:OrderReference/cbc:ID", AGREEMENT "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"), \
    T(invoice, sales_order, "BT-14", "cac:OrderReference/cbc:SalesOrderID", AGREEMENT "ram:SellerOrderReferencedDocument/ram:IssuerAssignedID"), \
    L(invoice, preceding, "BG-3", "cac:BillingReference", SETTLEMENT "ram:InvoiceReferencedDocument", preceding), \
    T(invoice, despatch, "BT-16", "cac:DespatchDocumentReference/cbc:ID", DELIVERY "ram:DespatchAdviceReferencedDocument/ram:IssuerAssignedID"), \
    T(invoice, receipt, "BT-15", "cac:ReceiptDocumentReference/cbc:ID", DELIVERY "ram:ReceivingAdviceReferencedDocument/ram:IssuerAssignedID")
#define TENDER \
    T(invoice, tender, "BT-17", "cac:OriginatorDocumentReference/cbc:ID", AGREEMENT "ram:AdditionalReferencedDocument[ram:TypeCode=50]/ram:IssuerAssignedID")
#define CONTRACT T(invoice, contract, "BT-12", "cac:ContractDocumentReference/cbc:ID", AGREEMENT "ram:ContractReferencedDocument/ram:IssuerAssignedID")
#define OBJECT \
    G(invoice, object, "BT-18", "cac:AdditionalDocumentReference[cbc:DocumentTypeCode=130]/cbc:ID", \
      AGREEMENT "ram:AdditionalReferencedDocument[ram:TypeCode=130]/ram:IssuerAssignedID", scheme_id), \
    {FIELD_CONSTANT, "130", NULL, offsetof(struct invoice, object.id), "cac:AdditionalDocumentReference[cbc:DocumentTypeCode=130]/cbc:DocumentTypeCode", NULL, NULL}
#define ATTACHMENTS \
    L(invoice, attachments, "BG-24", "cac:AdditionalDocumentReference[!cbc:DocumentTypeCode=130|50]", \
      AGREEMENT "ram:AdditionalReferencedDocument[ram:TypeCode=916]", attachment)
#define DOCUMENT_END(line_element, line_shape) \
    G(invoice, seller, "BG-4", "cac:AccountingSupplierParty/cac:Party", AGREEMENT "ram:SellerTradeParty", party), \
    {FIELD_READ_ONLY, "sepa_id", "BT-90", offsetof(struct invoice, seller.sepa_id), NULL, SETTLEMENT "ram:CreditorReferenceID", NULL}, \
    G(invoice, buyer, "BG-7", "cac:AccountingCustomerParty/cac:Party", AGREEMENT "ram:BuyerTradeParty", party), \
    G(invoice, payee, "BG-10", "cac:PayeeParty", SETTLEMENT "ram:PayeeTradeParty", payee), \
    G(invoice, representative, "BG-11", "cac:TaxRepresentativeParty", AGREEMENT "ram:SellerTaxRepresentativeTradeParty", representative), \
    G(invoice, delivery, "BG-13", "cac:Delivery", "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeDelivery", delivery), \
    L(invoice, payments, "BG-16", "cac:PaymentMeans", SETTLEMENT "ram:SpecifiedTradeSettlementPaymentMeans", payment), \
    T(invoice, terms, "BT-20", "cac:PaymentTerms/cbc:Note", SETTLEMENT "ram:SpecifiedTradePaymentTerms/ram:Description"), \
    L(invoice, allowances, "BG-20", "cac:AllowanceCharge[allowance]", SETTLEMENT "ram:SpecifiedTradeAllowanceCharge[allowance]", allowance), \
    L(invoice, charges, "BG-21", "cac:AllowanceCharge[charge]", SETTLEMENT "ram:SpecifiedTradeAllowanceCharge[charge]", charge), \
    A(invoice, vat_total, "BT-110", "cac:TaxTotal[cac:TaxSubtotal]/cbc:TaxAmount", NULL), \
    L(invoice, vat, "BG-23", "cac:TaxTotal[cac:TaxSubtotal]/cac:TaxSubtotal", SETTLEMENT "ram:ApplicableTradeTax", vat), \
    {FIELD_TAX_AMOUNT, "vat_total_accounting", "BT-111", offsetof(struct invoice, vat_total_accounting), "cac:TaxTotal[!cac:TaxSubtotal]/cbc:TaxAmount", NULL, NULL}, \
    A(invoice, line_total, "BT-106", "cac:LegalMonetaryTotal/cbc:LineExtensionAmount", SUMMATION "ram:LineTotalAmount"), \
    A(invoice, total_without_vat, "BT-109", "cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount", SUMMATION "ram:TaxBasisTotalAmount"), \
    A(invoice, total_with_vat, "BT-112", "cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount", SUMMATION "ram:GrandTotalAmount"), \
    A(invoice, allowance_total, "BT-107", "cac:LegalMonetaryTotal/cbc:AllowanceTotalAmount", SUMMATION "ram:AllowanceTotalAmount"), \
    A(invoice, charge_total, "BT-108", "cac:LegalMonetaryTotal/cbc:ChargeTotalAmount", SUMMATION "ram:ChargeTotalAmount"), \
    A(invoice, paid, "BT-113", "cac:LegalMonetaryTotal/cbc:PrepaidAmount", SUMMATION "ram:TotalPrepaidAmount"), \
    A(invoice, rounding, "BT-114", "cac:LegalMonetaryTotal/cbc:PayableRoundingAmount", SUMMATION "ram:RoundingAmount"), \
    A(invoice, due, "BT-115", "cac:LegalMonetaryTotal/cbc:PayableAmount", SUMMATION "ram:DuePayableAmount"), \
    L(invoice, lines, "BG-25", line_element, "rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem", line_shape)

static const struct field invoice_fields[] = {
    DOCUMENT_START,
    D(invoice, due_date, "BT-9", "cbc:DueDate", SETTLEMENT "ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString"),
    T(invoice, type, "BT-3", "cbc:InvoiceTypeCode", "rsm:ExchangedDocument/ram:TypeCode"),
    NOTES,
    TAX_POINT,
    DOCUMENT_MIDDLE,
    TENDER,
    CONTRACT,
    OBJECT,
    ATTACHMENTS,
    T(invoice, project, "BT-11", "cac:ProjectReference/cbc:ID", AGREEMENT "ram:SpecifiedProcuringProject/ram:ID"),
    DOCUMENT_END("cac:InvoiceLine", invoice_line),
};
const struct shape shape_invoice = SHAPE(invoice, invoice_fields);

/* Credit notes keep the due date with the means of payment and the project among the references. */
static const struct field credit_note_fields[] = {
    DOCUMENT_START,
    TAX_POINT,
    T(invoice, type, "BT-3", "cbc:CreditNoteTypeCode", NULL),
    NOTES,
    DOCUMENT_MIDDLE,
    CONTRACT,
    OBJECT,
    T(invoice, project, "BT-11", "cac:AdditionalDocumentReference[cbc:DocumentTypeCode=50]/cbc:ID", NULL),
    C(invoice, project, "50", "cac:AdditionalDocumentReference[cbc:DocumentTypeCode=50]/cbc:DocumentTypeCode"),
    ATTACHMENTS,
    TENDER,
    {FIELD_READ_ONLY, "due_date", "BT-9", offsetof(struct invoice, due_date), "cac:PaymentMeans/cbc:PaymentDueDate", NULL, NULL},
    DOCUMENT_END("cac:CreditNoteLine", credit_line),
};
const struct shape shape_credit_note = SHAPE(invoice, credit_note_fields);
