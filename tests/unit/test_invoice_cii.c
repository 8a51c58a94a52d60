/*
 * The rules of EN 16931 in CII, both ways: with the good text the rule is silent, with the bad one it fires. NULL for good is the invoice as it is,
 * which breaks no rule. One table, so that a rule is one row.
 */
#include "tests/unit/invoice_fixture.h"


#define CII_FILE "tests/fuzz/corpus/invoice_cii/care.xml"

struct both_ways {
    const char *rule;
    const char *behind, *from; /* what is replaced, the first behind `behind` */
    const char *good, *bad;
};

#define GONE(rule, behind, element) {rule, behind, element, NULL, ""}
#define CHANGE(rule, behind, from, bad) {rule, behind, from, NULL, bad}
#define HEADER "<ram:ApplicableHeaderTradeSettlement>"
#define SUMS "<ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
#define SELLER "<ram:SellerTradeParty>"
#define BUYER "<ram:BuyerTradeParty>"
#define TERMS "<ram:SpecifiedTradePaymentTerms>"
#define LINE_SUM "<ram:SpecifiedTradeSettlementLineMonetarySummation>"
#define LINE_END "</ram:SpecifiedLineTradeSettlement>"
#define DELIVERY "<ram:ApplicableHeaderTradeDelivery/>"
#define AGREEMENT_END "</ram:ApplicableHeaderTradeAgreement>"
#define VAT_E "<ram:CategoryTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>E</ram:CategoryCode><ram:RateApplicablePercent>0</ram:RateApplicablePercent></ram:CategoryTradeTax>"
#define ADJUSTMENT(charge, parts) \
    "<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>" charge "</udt:Indicator></ram:ChargeIndicator>" parts "</ram:SpecifiedTradeAllowanceCharge>"
#define AMOUNT(text) "<ram:ActualAmount>" text "</ram:ActualAmount>"
#define BASE(text) "<ram:BasisAmount>" text "</ram:BasisAmount>"
#define REASON "<ram:Reason>Discount</ram:Reason>"
/* An allowance or charge of the document, of a line: a good one and one without a part. */
#define OF_DOCUMENT(rule, charge, bad) {rule, HEADER, TERMS, ADJUSTMENT(charge, BASE("5.00") AMOUNT("5.00") REASON VAT_E) TERMS, ADJUSTMENT(charge, bad) TERMS}
#define OF_LINE(rule, charge, bad) {rule, LINE_SUM, LINE_END, ADJUSTMENT(charge, BASE("5.00") AMOUNT("5.00") REASON) LINE_END, ADJUSTMENT(charge, bad) LINE_END}
#define PERIOD(from, to) "<ram:BillingSpecifiedPeriod>" from to "</ram:BillingSpecifiedPeriod>"
#define FROM(day) "<ram:StartDateTime><udt:DateTimeString format=\"102\">" day "</udt:DateTimeString></ram:StartDateTime>"
#define TO(day) "<ram:EndDateTime><udt:DateTimeString format=\"102\">" day "</udt:DateTimeString></ram:EndDateTime>"
#define REPRESENTATIVE(parts) "<ram:SellerTaxRepresentativeTradeParty>" parts "</ram:SellerTaxRepresentativeTradeParty>" AGREEMENT_END
#define REP_NAME "<ram:Name>Rep</ram:Name>"
#define REP_ADDRESS "<ram:PostalTradeAddress><ram:CountryID>GB</ram:CountryID></ram:PostalTradeAddress>"
#define REP_ID "<ram:SpecifiedTaxRegistration><ram:ID schemeID=\"VA\">GB1</ram:ID></ram:SpecifiedTaxRegistration>"
#define REP_ID_OF_SELLER "<ram:SpecifiedTaxRegistration><ram:ID schemeID=\"VA\">GB123456789</ram:ID></ram:SpecifiedTaxRegistration>"

#define CARD(number) \
    ">48</ram:TypeCode><ram:ApplicableTradeSettlementFinancialCard><ram:ID>" number "</ram:ID></ram:ApplicableTradeSettlementFinancialCard>"
#define PRECEDING(number) "<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>" number "</ram:IssuerAssignedID></ram:InvoiceReferencedDocument>"
#define POINT_DATE "<ram:TaxPointDate><udt:DateString format=\"102\">20260504</udt:DateString></ram:TaxPointDate>"
#define POINT_CODE "<ram:DueDateTypeCode>5</ram:DueDateTypeCode>"
#define IN_SUMS(rule, good, bad, end) {rule, SUMS, SUMS, SUMS good end, SUMS bad end}
#define OBJECT(scheme) \
    "<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>1</ram:IssuerAssignedID><ram:TypeCode>130</ram:TypeCode><ram:ReferenceTypeCode>" scheme \
    "</ram:ReferenceTypeCode></ram:AdditionalReferencedDocument>"
#define ORGANISATION(scheme) "<ram:SpecifiedLegalOrganization><ram:ID schemeID=\"" scheme "\">1</ram:ID></ram:SpecifiedLegalOrganization>"
#define CLASS(list) "<ram:DesignatedProductClassification><ram:ClassCode listID=\"" list "\">1</ram:ClassCode></ram:DesignatedProductClassification>"
#define ORIGIN(country) "<ram:OriginTradeCountry><ram:ID>" country "</ram:ID></ram:OriginTradeCountry>"
#define ATTACHED(mime) \
    "<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>1</ram:IssuerAssignedID><ram:TypeCode>916</ram:TypeCode><ram:AttachmentBinaryObject mimeCode=\"" mime \
    "\">AA==</ram:AttachmentBinaryObject></ram:AdditionalReferencedDocument>"
#define ADDRESS_IN(scheme) "<ram:URIUniversalCommunication><ram:URIID schemeID=\"" scheme "\">1</ram:URIID></ram:URIUniversalCommunication>"
#define LOCATION(scheme) \
    "<ram:ApplicableHeaderTradeDelivery><ram:ShipToTradeParty><ram:GlobalID schemeID=\"" scheme "\">1</ram:GlobalID></ram:ShipToTradeParty></ram:ApplicableHeaderTradeDelivery>"

static const struct both_ways rows[] = {
    CHANGE("BR-01", NULL, "urn:cen.eu:en16931:2017", " "), CHANGE("BR-02", NULL, "2026-0117", " "), CHANGE("BR-03", NULL, "format=\"102\"", "format=\"610\""),
    GONE("BR-04", NULL, "<ram:TypeCode>380</ram:TypeCode>"), GONE("BR-05", NULL, "<ram:InvoiceCurrencyCode>GBP</ram:InvoiceCurrencyCode>"),
    GONE("BR-06", SELLER, "<ram:Name>Brook Care Limited</ram:Name>"), GONE("BR-07", BUYER, "<ram:Name>Felpersham Council</ram:Name>"),
    GONE("BR-08", SELLER, "<ram:PostalTradeAddress><ram:PostcodeCode>AM1 1AA</ram:PostcodeCode><ram:LineOne>1 Mill Lane</ram:LineOne><ram:CityName>Ambridge</ram:CityName>"
                          "<ram:CountryID>GB</ram:CountryID></ram:PostalTradeAddress>"),
    GONE("BR-09", SELLER, "<ram:CountryID>GB</ram:CountryID>"),
    GONE("BR-10", BUYER, "<ram:PostalTradeAddress><ram:CityName>Felpersham</ram:CityName><ram:CountryID>GB</ram:CountryID></ram:PostalTradeAddress>"),
    GONE("BR-11", BUYER, "<ram:CountryID>GB</ram:CountryID>"), GONE("BR-12", SUMS, "<ram:LineTotalAmount>90.00</ram:LineTotalAmount>"),
    GONE("BR-13", SUMS, "<ram:TaxBasisTotalAmount>90.00</ram:TaxBasisTotalAmount>"), GONE("BR-14", SUMS, "<ram:GrandTotalAmount>92.00</ram:GrandTotalAmount>"),
    GONE("BR-15", SUMS, "<ram:DuePayableAmount>92.00</ram:DuePayableAmount>"),
    {"BR-17", HEADER, "<ram:SpecifiedTradeSettlementPaymentMeans>", "<ram:PayeeTradeParty><ram:Name>Factor</ram:Name></ram:PayeeTradeParty><ram:SpecifiedTradeSettlementPaymentMeans>",
     "<ram:PayeeTradeParty><ram:Name>Brook Care Limited</ram:Name></ram:PayeeTradeParty><ram:SpecifiedTradeSettlementPaymentMeans>"},
    {"BR-18", NULL, AGREEMENT_END, REPRESENTATIVE(REP_NAME REP_ADDRESS REP_ID), REPRESENTATIVE(REP_ADDRESS REP_ID)},
    {"BR-19", NULL, AGREEMENT_END, REPRESENTATIVE(REP_NAME REP_ADDRESS REP_ID), REPRESENTATIVE(REP_NAME REP_ID)},
    {"BR-20", NULL, AGREEMENT_END, REPRESENTATIVE(REP_NAME REP_ADDRESS REP_ID), REPRESENTATIVE(REP_NAME "<ram:PostalTradeAddress/>" REP_ID)},
    {"BR-18", NULL, AGREEMENT_END, REPRESENTATIVE(REP_NAME REP_ADDRESS REP_ID), REPRESENTATIVE("<ram:Name> </ram:Name>" REP_ADDRESS REP_ID)},
    {"BR-20", NULL, AGREEMENT_END, REPRESENTATIVE(REP_NAME REP_ADDRESS REP_ID),
     REPRESENTATIVE(REP_NAME "<ram:PostalTradeAddress><ram:CountryID/></ram:PostalTradeAddress>" REP_ID)},
    {"BR-56", NULL, AGREEMENT_END, REPRESENTATIVE(REP_NAME REP_ADDRESS REP_ID), REPRESENTATIVE(REP_NAME REP_ADDRESS)},
    GONE("BR-21", NULL, "<ram:LineID>1</ram:LineID>"), GONE("BR-22", NULL, "<ram:BilledQuantity unitCode=\"HUR\">4</ram:BilledQuantity>"),
    GONE("BR-23", NULL, " unitCode=\"HUR\""), GONE("BR-24", NULL, "<ram:LineTotalAmount>80.00</ram:LineTotalAmount>"), GONE("BR-25", NULL, "<ram:Name>Morning visit</ram:Name>"),
    GONE("BR-26", NULL, "<ram:ChargeAmount>20.00</ram:ChargeAmount>"), CHANGE("BR-27", NULL, "<ram:ChargeAmount>20.00", "<ram:ChargeAmount>-20.00"),
    {"BR-28", NULL, "<ram:NetPriceProductTradePrice>", "<ram:GrossPriceProductTradePrice><ram:ChargeAmount>21</ram:ChargeAmount></ram:GrossPriceProductTradePrice><ram:NetPriceProductTradePrice>",
     "<ram:GrossPriceProductTradePrice><ram:ChargeAmount>-21</ram:ChargeAmount></ram:GrossPriceProductTradePrice><ram:NetPriceProductTradePrice>"},
    {"BR-29", HEADER, TERMS, PERIOD(FROM("20260427"), TO("20260427")) TERMS, PERIOD(FROM("20260503"), TO("20260427")) TERMS},
    {"BR-30", LINE_SUM, LINE_END, PERIOD(FROM("20260427"), TO("20260503")) LINE_END, PERIOD(FROM("20260503"), TO("20260427")) LINE_END},
    {"BR-CO-19", HEADER, TERMS, PERIOD(FROM("20260427"), "") TERMS, PERIOD("", "") TERMS},
    {"BR-CO-20", LINE_SUM, LINE_END, PERIOD("", TO("20260503")) LINE_END, PERIOD("", "") LINE_END},
    OF_DOCUMENT("BR-31", "false", REASON VAT_E), OF_DOCUMENT("BR-32", "false", AMOUNT("5.00") REASON), OF_DOCUMENT("BR-33", "false", AMOUNT("5.00") VAT_E),
    OF_DOCUMENT("BR-CO-21", "false", AMOUNT("5.00") VAT_E), OF_DOCUMENT("BR-DEC-01", "false", AMOUNT("5.000") REASON VAT_E),
    OF_DOCUMENT("BR-DEC-02", "false", BASE("5.001") AMOUNT("5.00") REASON VAT_E), OF_DOCUMENT("BR-36", "true", REASON VAT_E),
    OF_DOCUMENT("BR-37", "true", AMOUNT("5.00") REASON), OF_DOCUMENT("BR-38", "true", AMOUNT("5.00") VAT_E), OF_DOCUMENT("BR-CO-22", "true", AMOUNT("5.00") VAT_E),
    OF_DOCUMENT("BR-DEC-05", "true", AMOUNT("5.000") REASON VAT_E), OF_DOCUMENT("BR-DEC-06", "true", BASE("5.001") AMOUNT("5.00") REASON VAT_E),
    OF_LINE("BR-41", "false", REASON), OF_LINE("BR-42", "false", AMOUNT("5.00")), OF_LINE("BR-CO-23", "false", AMOUNT("5.00")), OF_LINE("BR-DEC-24", "false", AMOUNT("5.000") REASON),
    OF_LINE("BR-DEC-25", "false", BASE("5.001") AMOUNT("5.00") REASON), OF_LINE("BR-43", "true", REASON), OF_LINE("BR-44", "true", AMOUNT("5.00")),
    OF_LINE("BR-CO-24", "true", AMOUNT("5.00")), OF_LINE("BR-DEC-27", "true", AMOUNT("5.000") REASON), OF_LINE("BR-DEC-28", "true", BASE("5.001") AMOUNT("5.00") REASON),
    GONE("BR-45", HEADER, BASE("80.00")), GONE("BR-46", HEADER, "<ram:CalculatedAmount>0.00</ram:CalculatedAmount>"), GONE("BR-47", HEADER, "<ram:CategoryCode>E</ram:CategoryCode>"),
    GONE("BR-48", HEADER, "<ram:RateApplicablePercent>0</ram:RateApplicablePercent>"), GONE("BR-49", HEADER, "<ram:TypeCode>30</ram:TypeCode>"),
    {"BR-52", NULL, AGREEMENT_END, "<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>A1</ram:IssuerAssignedID><ram:TypeCode>916</ram:TypeCode></ram:AdditionalReferencedDocument>" AGREEMENT_END,
     "<ram:AdditionalReferencedDocument><ram:TypeCode>916</ram:TypeCode></ram:AdditionalReferencedDocument>" AGREEMENT_END},
    CHANGE("BR-53", HEADER, "<ram:InvoiceCurrencyCode>", "<ram:TaxCurrencyCode>EUR</ram:TaxCurrencyCode><ram:InvoiceCurrencyCode>"),
    {"BR-54", NULL, "<ram:Name>Morning visit</ram:Name>",
     "<ram:Name>Morning visit</ram:Name><ram:ApplicableProductCharacteristic><ram:Description>Band</ram:Description><ram:Value>weekday</ram:Value></ram:ApplicableProductCharacteristic>",
     "<ram:Name>Morning visit</ram:Name><ram:ApplicableProductCharacteristic><ram:Description>Band</ram:Description></ram:ApplicableProductCharacteristic>"},
    {"BR-57", NULL, DELIVERY, "<ram:ApplicableHeaderTradeDelivery><ram:ShipToTradeParty>" REP_ADDRESS "</ram:ShipToTradeParty></ram:ApplicableHeaderTradeDelivery>",
     "<ram:ApplicableHeaderTradeDelivery><ram:ShipToTradeParty><ram:PostalTradeAddress/></ram:ShipToTradeParty></ram:ApplicableHeaderTradeDelivery>"},
    {"BR-62", SELLER, "<ram:SpecifiedTaxRegistration>",
     "<ram:URIUniversalCommunication><ram:URIID schemeID=\"9932\">GB123456789</ram:URIID></ram:URIUniversalCommunication><ram:SpecifiedTaxRegistration>",
     "<ram:URIUniversalCommunication><ram:URIID>GB123456789</ram:URIID></ram:URIUniversalCommunication><ram:SpecifiedTaxRegistration>"},
    {"BR-63", BUYER, "</ram:BuyerTradeParty>", "<ram:URIUniversalCommunication><ram:URIID schemeID=\"0088\">4012345000009</ram:URIID></ram:URIUniversalCommunication></ram:BuyerTradeParty>",
     "<ram:URIUniversalCommunication><ram:URIID>4012345000009</ram:URIID></ram:URIUniversalCommunication></ram:BuyerTradeParty>"},
    {"BR-64", NULL, "<ram:Name>Morning visit</ram:Name>", "<ram:GlobalID schemeID=\"0160\">04012345123456</ram:GlobalID><ram:Name>Morning visit</ram:Name>",
     "<ram:GlobalID>04012345123456</ram:GlobalID><ram:Name>Morning visit</ram:Name>"},
    {"BR-65", NULL, "<ram:Name>Morning visit</ram:Name>",
     "<ram:Name>Morning visit</ram:Name><ram:DesignatedProductClassification><ram:ClassCode listID=\"STI\">85311500</ram:ClassCode></ram:DesignatedProductClassification>",
     "<ram:Name>Morning visit</ram:Name><ram:DesignatedProductClassification><ram:ClassCode>85311500</ram:ClassCode></ram:DesignatedProductClassification>"},
    GONE("BR-CO-04", NULL, "<ram:CategoryCode>E</ram:CategoryCode>"), CHANGE("BR-CO-09", SELLER, ">GB123456789<", ">QQ123456789<"),
    CHANGE("BR-CO-10", SUMS, "<ram:LineTotalAmount>90.00", "<ram:LineTotalAmount>90.01"), CHANGE("BR-CO-13", SUMS, "<ram:TaxBasisTotalAmount>90.00", "<ram:TaxBasisTotalAmount>90.01"),
    {"BR-CO-11", SUMS, "<ram:TaxBasisTotalAmount>", "<ram:AllowanceTotalAmount>0.00</ram:AllowanceTotalAmount><ram:TaxBasisTotalAmount>",
     "<ram:AllowanceTotalAmount>1.00</ram:AllowanceTotalAmount><ram:TaxBasisTotalAmount>"},
    {"BR-CO-12", SUMS, "<ram:TaxBasisTotalAmount>", "<ram:ChargeTotalAmount>0.00</ram:ChargeTotalAmount><ram:TaxBasisTotalAmount>",
     "<ram:ChargeTotalAmount>1.00</ram:ChargeTotalAmount><ram:TaxBasisTotalAmount>"},
    CHANGE("BR-CO-14", SUMS, ">2.00<", ">2.01<"), CHANGE("BR-CO-15", SUMS, "<ram:GrandTotalAmount>92.00", "<ram:GrandTotalAmount>92.01"),
    {"BR-CO-16", SUMS, "<ram:DuePayableAmount>92.00", "<ram:TotalPrepaidAmount>2.00</ram:TotalPrepaidAmount><ram:DuePayableAmount>90.00",
     "<ram:TotalPrepaidAmount>2.00</ram:TotalPrepaidAmount><ram:DuePayableAmount>92.00"},
    {"BR-CO-16", SUMS, "<ram:GrandTotalAmount>92.00</ram:GrandTotalAmount>\n        <ram:DuePayableAmount>92.00",
     "<ram:RoundingAmount>-0.02</ram:RoundingAmount><ram:GrandTotalAmount>92.00</ram:GrandTotalAmount><ram:DuePayableAmount>91.98",
     "<ram:RoundingAmount>-0.02</ram:RoundingAmount><ram:GrandTotalAmount>92.00</ram:GrandTotalAmount><ram:DuePayableAmount>92.02"},
    {"BR-CO-17", HEADER, "<ram:CalculatedAmount>2.00", "<ram:CalculatedAmount>3.00", "<ram:CalculatedAmount>3.01"},
    GONE("BR-CO-26", SELLER, REP_ID_OF_SELLER), CHANGE("BR-DEC-09", SUMS, "90.00</ram:LineTotalAmount", "90.000</ram:LineTotalAmount"),
    CHANGE("BR-DEC-12", SUMS, "90.00</ram:TaxBasis", "90.000</ram:TaxBasis"), CHANGE("BR-DEC-14", SUMS, "92.00</ram:Grand", "92.000</ram:Grand"),
    CHANGE("BR-DEC-18", SUMS, "92.00</ram:Due", "92.000</ram:Due"), CHANGE("BR-DEC-19", HEADER, "80.00</ram:Basis", "80.000</ram:Basis"),
    CHANGE("BR-DEC-20", HEADER, "0.00</ram:Calculated", "0.000</ram:Calculated"), CHANGE("BR-DEC-23", NULL, "80.00</ram:LineTotal", "80.000</ram:LineTotal"),
    CHANGE("BR-CL-01", NULL, ">380<", ">38<"), CHANGE("BR-CL-04", NULL, "Code>GBP<", "Code>GBX<"), CHANGE("BR-CL-14", SELLER, "ID>GB<", "ID>UK<"),
    CHANGE("BR-CL-16", HEADER, ">30<", ">300<"), CHANGE("BR-CL-18", NULL, ">E<", ">X<"), CHANGE("BR-CL-23", NULL, "\"HUR\"", "\"HOUR\""),
    /* the document's references, codes and other parts that the invoice does not have */
    {"BR-50", HEADER, "ram:ProprietaryID>31926819</ram:ProprietaryID", "ram:IBANID>1</ram:IBANID", "ram:AccountName>1</ram:AccountName"},
    {"BR-61", HEADER, "ram:ProprietaryID>31926819</ram:ProprietaryID", "ram:IBANID>1</ram:IBANID", "ram:AccountName>1</ram:AccountName"},
    {"BR-50", HEADER, ">30</ram:TypeCode><ram:PayeePartyCreditorFinancialAccount><ram:ProprietaryID>31926819</ram:ProprietaryID>",
     ">48</ram:TypeCode><ram:PayeePartyCreditorFinancialAccount>", ">58</ram:TypeCode><ram:PayeePartyCreditorFinancialAccount>"},
    {"BR-50", HEADER, "ram:ProprietaryID>31926819</ram:ProprietaryID", "ram:IBANID/><ram:ProprietaryID>1</ram:ProprietaryID", "ram:IBANID/><ram:ProprietaryID> </ram:ProprietaryID"},
    {"BR-61", HEADER, "ram:ProprietaryID>31926819</ram:ProprietaryID", "ram:IBANID/", "ram:AccountName/"},
    {"BR-51", HEADER, ">30</ram:TypeCode>", CARD("1234567890"), CARD("12345678901")},
    {"BR-51", HEADER, ">30</ram:TypeCode>", CARD("\n  123456\xc2\xb7\xc2\xb7 9 \n"), CARD("123456 \n 7890")},
    {"BR-55", HEADER, SUMS, PRECEDING("2025-1") SUMS, PRECEDING(" ") SUMS},
    {"BR-CO-03", HEADER, BASE("80.00"), BASE("80.00") POINT_CODE, BASE("80.00") POINT_DATE POINT_CODE},
    IN_SUMS("BR-DEC-10", "<ram:AllowanceTotalAmount>0.00", "<ram:AllowanceTotalAmount>0.000", "</ram:AllowanceTotalAmount>"),
    IN_SUMS("BR-DEC-11", "<ram:ChargeTotalAmount>0.00", "<ram:ChargeTotalAmount>0.000", "</ram:ChargeTotalAmount>"),
    IN_SUMS("BR-DEC-16", "<ram:TotalPrepaidAmount>0.00", "<ram:TotalPrepaidAmount>0.000", "</ram:TotalPrepaidAmount>"),
    IN_SUMS("BR-DEC-17", "<ram:RoundingAmount>0.00", "<ram:RoundingAmount>0.000", "</ram:RoundingAmount>"),
    {"BR-DEC-13", SUMS, ">2.00<", ">2.000<", ">2.001<"},
    CHANGE("BR-DEC-15", HEADER, "<ram:InvoiceCurrencyCode>", "<ram:TaxCurrencyCode>EUR</ram:TaxCurrencyCode><ram:InvoiceCurrencyCode>"),
    CHANGE("BR-CL-03", SUMS, "currencyID=\"GBP\"", "currencyID=\"GBX\""),
    {"BR-CL-05", HEADER, "<ram:InvoiceCurrencyCode>", "<ram:TaxCurrencyCode>EUR</ram:TaxCurrencyCode><ram:InvoiceCurrencyCode>",
     "<ram:TaxCurrencyCode>GBX</ram:TaxCurrencyCode><ram:InvoiceCurrencyCode>"},
    {"BR-CL-06", HEADER, BASE("80.00"), BASE("80.00") POINT_CODE, BASE("80.00") "<ram:DueDateTypeCode>3</ram:DueDateTypeCode>"},
    {"BR-CL-07", NULL, AGREEMENT_END, OBJECT("ABT") AGREEMENT_END, OBJECT("ABTX") AGREEMENT_END},
    {"BR-CL-08", NULL, "Week 18</ram:Content>", "Week 18</ram:Content><ram:SubjectCode>AAI</ram:SubjectCode>", "Week 18</ram:Content><ram:SubjectCode>XX1</ram:SubjectCode>"},
    {"BR-CL-08", NULL, "Week 18</ram:Content>", "Week 18</ram:Content><ram:SubjectCode>BBB</ram:SubjectCode>", "Week 18</ram:Content><ram:SubjectCode>BBC</ram:SubjectCode>"},
    {"BR-CL-10", SELLER, "<ram:Name>", "<ram:GlobalID schemeID=\"0088\">4012345000009</ram:GlobalID><ram:Name>", "<ram:GlobalID schemeID=\"9932\">1</ram:GlobalID><ram:Name>"},
    {"BR-CL-11", SELLER, "</ram:Name>", "</ram:Name>" ORGANISATION("0060"), "</ram:Name>" ORGANISATION("9932")},
    {"BR-CL-13", NULL, "<ram:Name>Morning visit</ram:Name>", "<ram:Name>Morning visit</ram:Name>" CLASS("STI"), "<ram:Name>Morning visit</ram:Name>" CLASS("XXX")},
    {"BR-CL-15", NULL, "<ram:Name>Morning visit</ram:Name>", "<ram:Name>Morning visit</ram:Name>" ORIGIN("AN"), "<ram:Name>Morning visit</ram:Name>" ORIGIN("SS")},
    {"BR-CL-14", BUYER, "ID>GB<", "ID> XI <", "ID>SS<"},
    {"BR-CO-09", SELLER, ">GB123456789<", ">EL123456789<", ">SS123456789<"},
    {"BR-CL-17", HEADER, TERMS, ADJUSTMENT("false", AMOUNT("0.00") REASON VAT_E) TERMS,
     ADJUSTMENT("false", AMOUNT("0.00") REASON "<ram:CategoryTradeTax><ram:CategoryCode>X</ram:CategoryCode></ram:CategoryTradeTax>") TERMS},
    {"BR-CL-19", HEADER, TERMS, ADJUSTMENT("false", "<ram:ReasonCode>95</ram:ReasonCode>") TERMS, ADJUSTMENT("0", "<ram:ReasonCode>FC</ram:ReasonCode>") TERMS},
    {"BR-CL-20", HEADER, TERMS, ADJUSTMENT("true", "<ram:ReasonCode>FC</ram:ReasonCode>") TERMS, ADJUSTMENT("1", "<ram:ReasonCode>95</ram:ReasonCode>") TERMS},
    {"BR-CL-21", NULL, "<ram:Name>Morning visit</ram:Name>", "<ram:GlobalID schemeID=\"0160\">1</ram:GlobalID><ram:Name>Morning visit</ram:Name>",
     "<ram:GlobalID schemeID=\"9932\">1</ram:GlobalID><ram:Name>Morning visit</ram:Name>"},
    {"BR-CL-22", HEADER, BASE("80.00"), BASE("80.00") "<ram:ExemptionReasonCode>vatex-eu-132-1g</ram:ExemptionReasonCode>", BASE("80.00") "<ram:ExemptionReasonCode>E</ram:ExemptionReasonCode>"},
    {"BR-CL-24", NULL, AGREEMENT_END, ATTACHED("text/csv") AGREEMENT_END, ATTACHED("text/html") AGREEMENT_END},
    {"BR-CL-24", NULL, AGREEMENT_END, ATTACHED("text/csv") AGREEMENT_END, ATTACHED("text/csv ") AGREEMENT_END},
    {"BR-CL-25", SELLER, "<ram:SpecifiedTaxRegistration>", ADDRESS_IN("9932") "<ram:SpecifiedTaxRegistration>", ADDRESS_IN("GB") "<ram:SpecifiedTaxRegistration>"},
    {"BR-CL-26", NULL, DELIVERY, LOCATION("0088"), LOCATION("9932")},
    CHANGE("BR-E-01", HEADER, ">E<", ">Z<"), GONE("BR-E-02", SELLER, REP_ID_OF_SELLER), CHANGE("BR-E-05", NULL, "Percent>0<", "Percent>1<"),
    CHANGE("BR-E-08", HEADER, ">80.00<", ">81.00<"), CHANGE("BR-E-09", HEADER, "Amount>0.00<", "Amount>1.00<"),
    GONE("BR-E-10", HEADER, "<ram:ExemptionReason>Welfare services</ram:ExemptionReason>"), CHANGE("BR-S-01", HEADER, ">S<", ">Z<"),
    GONE("BR-S-02", SELLER, REP_ID_OF_SELLER), CHANGE("BR-S-05", NULL, "Percent>20<", "Percent>0<"), CHANGE("BR-S-08", HEADER, ">10.00<", ">11.00<"),
    CHANGE("BR-S-09", HEADER, "Amount>2.00<", "Amount>3.00<"), CHANGE("BR-O-02", NULL, ">E<", ">O<"), CHANGE("BR-O-05", NULL, ">E<", ">O<"), CHANGE("BR-Z-05", NULL, ">S<", ">Z<"),
    CHANGE("BR-AE-02", NULL, ">E<", ">AE<"), CHANGE("BR-IC-02", NULL, ">E<", ">K<"), CHANGE("BR-G-05", NULL, ">S<", ">G<"), CHANGE("BR-AF-05", NULL, ">E<", ">L<"),
};

static struct str read_invoice(struct arena *a)
{
    FILE *f = fopen(CII_FILE, "rb");
    assert_non_null(f);
    char *bytes = arena_alloc(a, 64 * 1024);
    size_t n = fread(bytes, 1, 64 * 1024 - 1, f);
    fclose(f);
    return (struct str){bytes, n};
}

static void check(const struct both_ways *row)
{
    struct arena *a = arena_create(0);
    struct str plain = read_invoice(a);
    struct str good = row->good ? fixture_change(a, plain, row->behind, row->from, row->good) : plain;
    struct str bad = fixture_change(a, plain, row->behind, row->from, row->bad);
    struct invoice_verdict before = fixture_judge(a, good, INVOICE_EN16931), after = fixture_judge(a, bad, INVOICE_EN16931);
    if (fixture_firings(&before, row->rule))
        fail_msg("%s fires although \"%s\" is good", row->rule, row->good ? row->good : "the invoice");
    if (!fixture_firings(&after, row->rule))
        fail_msg("%s does not fire with \"%s\"", row->rule, row->bad);
    assert_false(after.is_valid);
    arena_destroy(&a);
}

static void test_every_rule_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(&rows[i]);
    print_message("%zu rows\n", sizeof rows / sizeof *rows);
}

static unsigned firings_on(const char *xml, const char *rule)
{
    struct arena *a = arena_create(0);
    struct invoice_verdict v = fixture_judge(a, str_of(xml), INVOICE_EN16931);
    unsigned n = fixture_firings(&v, rule);
    arena_destroy(&a);
    return n;
}

#define ROOT(content) \
    "<rsm:CrossIndustryInvoice xmlns:rsm='urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100' " \
    "xmlns:ram='urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100'><rsm:SupplyChainTradeTransaction>" content \
    "</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"

static void test_an_invoice_has_lines_and_a_breakdown(void **state)
{
    (void)state;
    assert_int_equal(firings_on(ROOT(""), "BR-16"), 1);
    assert_int_equal(firings_on(ROOT("<ram:IncludedSupplyChainTradeLineItem/>"), "BR-16"), 0);
    assert_int_equal(firings_on(ROOT("<ram:IncludedSupplyChainTradeLineItem/>"), "BR-CO-18"), 1);
    assert_int_equal(firings_on(ROOT("<ram:IncludedSupplyChainTradeLineItem/><ram:ApplicableHeaderTradeSettlement><ram:ApplicableTradeTax/></ram:ApplicableHeaderTradeSettlement>"),
                                "BR-CO-18"), 0);
}

/* Of repeated identifiers one in common is enough. */
static void test_payee_is_compared_with_every_identifier(void **state)
{
    (void)state;
#define PARTIES(payee) \
    ROOT("<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:ID>1</ram:ID><ram:ID>2</ram:ID></ram:SellerTradeParty></ram:ApplicableHeaderTradeAgreement>" \
         "<ram:ApplicableHeaderTradeSettlement><ram:PayeeTradeParty>" payee "<ram:Name>Factor</ram:Name></ram:PayeeTradeParty></ram:ApplicableHeaderTradeSettlement>")
    assert_int_equal(firings_on(PARTIES("<ram:ID>3</ram:ID><ram:ID>2</ram:ID>"), "BR-17"), 1);
    assert_int_equal(firings_on(PARTIES("<ram:ID>3</ram:ID><ram:ID>4</ram:ID>"), "BR-17"), 0);
}

/* Neither way of writing changes what a document says. */
static void test_prefixes_and_comments_do_not_matter(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct str xml = read_invoice(a);
    struct str other = fixture_change(a, fixture_change(a, xml, NULL, ">380<", "><!-- a kind --><![CDATA[38]]><?x y?>0<"), NULL, "<ram:LineID>1</ram:LineID>",
                                      "<n:LineID xmlns:n=\"urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100\"> 1 </n:LineID>");
    struct invoice_verdict v = fixture_judge(a, other, INVOICE_EN16931);
    assert_true(v.is_valid);
    assert_int_equal(v.n, 0);
    arena_destroy(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_rule_both_ways), cmocka_unit_test(test_an_invoice_has_lines_and_a_breakdown),
                                       cmocka_unit_test(test_payee_is_compared_with_every_identifier), cmocka_unit_test(test_prefixes_and_comments_do_not_matter)};
    return cmocka_run_group_tests(tests, fixture_set_up, NULL);
}
