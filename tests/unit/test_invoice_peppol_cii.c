/*
 * Every general rule of Peppol BIS Billing in CII with fragments of both polarities. A fragment holds no more than its rule looks at,
 * so a rule that fires without its context, or too often, is found out.
 */
#include "tests/unit/invoice_fixture.h"

struct fragment {
    const char *rule; /* behind its common start */
    unsigned firings;
    const char *body;
};

#define EN "PEPPOL-EN16931-"
#define COMMON "PEPPOL-COMMON-"
#define E(name, content) "<ram:" name ">" content "</ram:" name ">"
#define CONTEXT(content) "<rsm:ExchangedDocumentContext>" content "</rsm:ExchangedDocumentContext>"
#define PROCESS(id) CONTEXT(E("BusinessProcessSpecifiedDocumentContextParameter", E("ID", id)))
#define GUIDELINE(id) CONTEXT(E("GuidelineSpecifiedDocumentContextParameter", E("ID", id)))
#define BIS "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
#define DOCUMENT(content) "<rsm:ExchangedDocument>" content "</rsm:ExchangedDocument>"
#define NOTE E("IncludedNote", E("Content", "a"))
#define TRADE(content) "<rsm:SupplyChainTradeTransaction>" content "</rsm:SupplyChainTradeTransaction>"
#define AGREEMENT(content) TRADE(E("ApplicableHeaderTradeAgreement", content))
#define SETTLEMENT(content) E("ApplicableHeaderTradeSettlement", content)
#define SETTLED(content) TRADE(SETTLEMENT(content))
#define REFERENCE(type) E("AdditionalReferencedDocument", E("IssuerAssignedID", "1") E("TypeCode", type))
#define GBP E("InvoiceCurrencyCode", "GBP")
#define EUR E("TaxCurrencyCode", "EUR")
#define SUMS(content) E("SpecifiedTradeSettlementHeaderMonetarySummation", content)
#define VAT(currency, amount) "<ram:TaxTotalAmount currencyID='" currency "'>" amount "</ram:TaxTotalAmount>"
#define ADDRESS "<ram:URIUniversalCommunication><ram:URIID schemeID='9932'>GB1</ram:URIID></ram:URIUniversalCommunication>"
#define INDICATOR(word) E("ChargeIndicator", "<udt:Indicator>" word "</udt:Indicator>")
#define ADJUSTMENT(word, content) E("SpecifiedTradeAllowanceCharge", INDICATOR(word) content)
#define PERCENT(percent, base, amount) E("CalculationPercent", percent) E("BasisAmount", base) E("ActualAmount", amount)
#define MEANS(code) E("SpecifiedTradeSettlementPaymentMeans", E("TypeCode", code))
#define MANDATE E("SpecifiedTradePaymentTerms", E("DirectDebitMandateID", "M1"))
#define DAY(name, date) E(name, "<udt:DateTimeString format='102'>" date "</udt:DateTimeString>")
#define PERIOD(start, end) E("BillingSpecifiedPeriod", DAY("StartDateTime", start) DAY("EndDateTime", end))
#define LINE(content) E("IncludedSupplyChainTradeLineItem", content)
#define LINE_SETTLED(content) LINE(E("SpecifiedLineTradeSettlement", content))
#define NET_PRICE(content) E("SpecifiedLineTradeAgreement", E("NetPriceProductTradePrice", content))
#define GROSS_PRICE(content) E("SpecifiedLineTradeAgreement", E("GrossPriceProductTradePrice", content))
#define BASE(unit, quantity) "<ram:BasisQuantity unitCode='" unit "'>" quantity "</ram:BasisQuantity>"
#define QUANTITY(unit, quantity) E("SpecifiedLineTradeDelivery", "<ram:BilledQuantity unitCode='" unit "'>" quantity "</ram:BilledQuantity>")
#define NET(amount) E("SpecifiedTradeSettlementLineMonetarySummation", E("LineTotalAmount", amount))
#define SUM_LINE(net, quantity, price, adjustments) TRADE(LINE(price QUANTITY("HUR", quantity) E("SpecifiedLineTradeSettlement", adjustments NET(net))))
#define AT(price) NET_PRICE(E("ChargeAmount", price))
#define AT_PER(price, base) NET_PRICE(E("ChargeAmount", price) BASE("HUR", base))
#define SCHEME(element, scheme, id) "<ram:" element " schemeID='" scheme "'>" id "</ram:" element ">"
#define ALL_IDS(scheme, id) SCHEME("URIID", scheme, id) SCHEME("ID", scheme, id) SCHEME("GlobalID", scheme, id)
#define IDENTIFIER(rule, scheme, good, bad) {COMMON rule, 0, ALL_IDS(scheme, good)}, {COMMON rule, 3, ALL_IDS(scheme, bad)}, {COMMON rule, 0, ALL_IDS("9932", bad)}
#define REGISTRATION(scheme, id) E("SpecifiedTaxRegistration", SCHEME("ID", scheme, id))
#define ATTACHED(mime) "<ram:AttachmentBinaryObject mimeCode='" mime "'>AA==</ram:AttachmentBinaryObject>"
#define ENDPOINT(party, attribute) "<ram:" party "><ram:URIUniversalCommunication><ram:URIID" attribute ">1</ram:URIID></ram:URIUniversalCommunication></ram:" party ">"

static const struct fragment fragments[] = {
    {EN "R001", 0, PROCESS("x")},
    {EN "R001", 1, GUIDELINE("x")},
    {EN "R001", 0, DOCUMENT("")},
    {EN "R002", 0, DOCUMENT(NOTE)},
    {EN "R002", 1, DOCUMENT(NOTE NOTE)},
    {EN "R002", 1, DOCUMENT(E("IncludedNote", E("Content", "a") E("SubjectCode", "AAI")))},
    {EN "R003", 0, AGREEMENT(E("BuyerReference", "a"))},
    {EN "R003", 0, AGREEMENT(E("BuyerOrderReferencedDocument", E("IssuerAssignedID", "a")))},
    {EN "R003", 1, AGREEMENT(E("BuyerOrderReferencedDocument", E("LineID", "a")))},
    {EN "R004", 0, GUIDELINE(" " BIS "#conformant#urn:x:y ")},
    {EN "R004", 1, GUIDELINE(BIS "::2.1")},
    {EN "R004", 1, GUIDELINE("urn:cen.eu:en16931:2017")},
    {EN "R005", 0, SETTLED(GBP EUR)},
    {EN "R005", 0, SETTLED(GBP)},
    {EN "R005", 1, SETTLED(GBP E("TaxCurrencyCode", " GBP "))},
    {EN "R006", 0, AGREEMENT(REFERENCE("130") REFERENCE("50") REFERENCE("916"))},
    {EN "R006", 1, AGREEMENT(REFERENCE("130") REFERENCE("130"))},
    {EN "R007", 0, PROCESS(" urn:fdc:peppol.eu:2017:poacc:billing:01:1.0 ")},
    {EN "R007", 0, PROCESS("urn:peppol:bis:billing_with_response")},
    {EN "R007", 1, PROCESS("urn:peppol:france:billing:regulated")},
    {EN "R007", 1, GUIDELINE("x")},
    {EN "R010", 0, E("BuyerTradeParty", ADDRESS) E("SellerTradeParty", "")},
    {EN "R010", 1, E("BuyerTradeParty", "")},
    {EN "R020", 0, E("SellerTradeParty", ADDRESS) E("BuyerTradeParty", "")},
    {EN "R020", 1, E("SellerTradeParty", E("URIUniversalCommunication", ""))},
    {EN "R040", 0, SETTLED(ADJUSTMENT("false", PERCENT("10", "100", "10.02")) ADJUSTMENT("true", PERCENT("10", "100", "9.98")))},
    {EN "R040", 2, SETTLED(ADJUSTMENT("false", PERCENT("10", "100", "10.021"))) LINE_SETTLED(ADJUSTMENT("true", PERCENT("10", "100", "9.979")))},
    {EN "R040", 1, SETTLED(ADJUSTMENT("false", E("CalculationPercent", "10") E("BasisAmount", "1")))},
    {EN "R041", 1, SETTLED(ADJUSTMENT("false", E("CalculationPercent", "10")))},
    {EN "R041", 0, SETTLED(ADJUSTMENT("false", PERCENT("10", "100", "10")))},
    {EN "R042", 1, LINE_SETTLED(ADJUSTMENT("false", E("BasisAmount", "10")))},
    {EN "R042", 0, LINE_SETTLED(ADJUSTMENT("false", E("ActualAmount", "10")))},
    {EN "R043", 0, SETTLED(ADJUSTMENT(" true ", "")) GROSS_PRICE(E("AppliedTradeAllowanceCharge", INDICATOR("false")))},
    {EN "R043", 3, SETTLED(ADJUSTMENT("1", "") E("SpecifiedTradeAllowanceCharge", "")) GROSS_PRICE(E("AppliedTradeAllowanceCharge", INDICATOR("0")))},
    {EN "R053", 0, SETTLED(GBP SUMS(VAT("GBP", "1") VAT("EUR", "1")))},
    {EN "R053", 1, SETTLED(GBP SUMS(VAT("GBP", "1") VAT("GBP", "1")))},
    {EN "R053", 1, SETTLED(SUMS(VAT("GBP", "1")))},
    {EN "R054", 0, SETTLED(GBP EUR SUMS(VAT("GBP", "1") VAT("EUR", "1")))},
    {EN "R054", 0, SETTLED(GBP SUMS(VAT("GBP", "1")))},
    {EN "R054", 1, SETTLED(GBP EUR SUMS(VAT("GBP", "1")))},
    {EN "R054", 1, SETTLED(GBP SUMS(VAT("GBP", "1") VAT("EUR", "1")))},
    {EN "R055", 0, SETTLED(GBP EUR SUMS(VAT("GBP", "-1") VAT("EUR", "-2")))},
    {EN "R055", 0, SETTLED(GBP EUR SUMS(VAT("GBP", "0") VAT("EUR", "2")))},
    {EN "R055", 1, SETTLED(GBP EUR SUMS(VAT("GBP", "0") VAT("EUR", "-2")))},
    {EN "R055", 1, SETTLED(GBP EUR SUMS(VAT("GBP", "1")))},
    {EN "R055", 0, SETTLED(GBP SUMS(VAT("GBP", "1") VAT("EUR", "-2")))},
    {EN "R061", 0, SETTLED(MEANS("59") MEANS("30") MANDATE)},
    {EN "R061", 2, SETTLED(MEANS(" 49 ") MEANS("59") MEANS("30"))},
    {EN "R080", 0, AGREEMENT(REFERENCE("50") REFERENCE("130"))},
    {EN "R080", 1, AGREEMENT(REFERENCE("50") REFERENCE("50"))},
    {EN "R100", 0, LINE_SETTLED(REFERENCE("130"))},
    {EN "R100", 1, LINE_SETTLED(REFERENCE("130") REFERENCE("130"))},
    {EN "R101", 0, LINE_SETTLED(REFERENCE("130")) LINE_SETTLED("")},
    {EN "R101", 1, LINE_SETTLED(REFERENCE("50"))},
    {EN "R110", 0, TRADE(LINE_SETTLED(PERIOD("20260101", "20260131")) SETTLEMENT(PERIOD("20260101", "20260131")))},
    {EN "R110", 1, TRADE(LINE_SETTLED(PERIOD("20251231", "20260131")) SETTLEMENT(PERIOD("20260101", "20260131")))},
    {EN "R110", 0, TRADE(LINE_SETTLED(PERIOD("20251231", "20260131")) SETTLEMENT(""))},
    {EN "R111", 0, TRADE(LINE_SETTLED(PERIOD("20251231", "20260131")) SETTLEMENT(PERIOD("20260101", "20260131")))},
    {EN "R111", 1, TRADE(LINE_SETTLED(PERIOD("20260101", "20260201")) SETTLEMENT(PERIOD("20260101", "20260131")))},
    {EN "R111", 0, TRADE(LINE_SETTLED(PERIOD("20260101", "20260201")) SETTLEMENT(""))},
    {EN "R120", 0, SUM_LINE("33.35", "10", AT_PER("10", "3"), "") SUM_LINE("-20.00", "-2", AT("10"), "")},
    {EN "R120", 1, SUM_LINE("33.36", "10", AT_PER("10", "3"), "")},
    {EN "R120", 0, SUM_LINE("20.02", "2", AT("10"), "") SUM_LINE("19.98", "2", AT_PER("10", "0"), "")},
    {EN "R120", 2, SUM_LINE("20.03", "2", AT("10"), "") SUM_LINE("19.97", "2", AT("10"), "")},
    {EN "R120", 0, SUM_LINE("21.50", "2", AT("10"), ADJUSTMENT("true", E("ActualAmount", "2.50")) ADJUSTMENT(" false ", E("ActualAmount", "1")))},
    {EN "R120", 1, SUM_LINE("20.00", "2", AT("10"), ADJUSTMENT("true", E("ActualAmount", "1.00")))},
    {EN "R120", 0, SUM_LINE("20.00", "2", AT("10"), ADJUSTMENT("1", E("ActualAmount", "1.00")))},
    {EN "R120", 0, LINE(E("AssociatedDocumentLineDocument", ""))},
    {EN "R121", 0, LINE(NET_PRICE(BASE("HUR", "0.01"))) LINE(AT("1"))},
    {EN "R121", 2, LINE(NET_PRICE(BASE("HUR", "0"))) LINE(GROSS_PRICE(BASE("HUR", "-1")))},
    {EN "R130", 0, LINE(NET_PRICE(BASE("HUR", "1")) QUANTITY("HUR", "1")) LINE(NET_PRICE(E("BasisQuantity", "1")))},
    {EN "R130", 2, LINE(NET_PRICE(BASE("HUR", "1")) QUANTITY("DAY", "1")) LINE(GROSS_PRICE(BASE("HUR", "1")))},
    {EN "CL001", 0, ATTACHED("application/pdf") "<ram:AttachmentBinaryObject/>"},
    {EN "CL001", 1, ATTACHED("application/xml")},
    {EN "CL002", 0, ADJUSTMENT(" false ", E("ReasonCode", " 95 ")) ADJUSTMENT("true", E("ReasonCode", "FC"))},
    {EN "CL002", 1, ADJUSTMENT("false", E("ReasonCode", "FC"))},
    {EN "CL003", 0, ADJUSTMENT("true", E("ReasonCode", "FC")) ADJUSTMENT("false", E("ReasonCode", "95"))},
    {EN "CL003", 1, ADJUSTMENT("true", E("ReasonCode", "95"))},
    {EN "CL007", 0, VAT("GBP", "1") VAT("BGN", "1")},
    {EN "CL007", 2, VAT("XCG", "1") VAT(" GBP", "1")},
    {EN "CL008", 0, ENDPOINT("BuyerTradeParty", " schemeID='9932'") ENDPOINT("SellerTradeParty", " schemeID='0037'") ENDPOINT("PayeeTradeParty", "")},
    {EN "CL008", 2, ENDPOINT("BuyerTradeParty", " schemeID='9999'") ENDPOINT("SellerTradeParty", "")},
    {EN "F001", 0, DAY("IssueDateTime", "20260504")},
    {EN "F001", 3, DAY("IssueDateTime", "2026-05-04") DAY("IssueDateTime", "19990504") E("IssueDateTime", "<udt:DateTimeString format='203'>20260504</udt:DateTimeString>")},
    IDENTIFIER("R040", "0088", "4012345000009", "4012345000008"),
    IDENTIFIER("R041", "0192", " 974760673 ", "974760674"),
    IDENTIFIER("R042", "0184", "DK12345678", " DK12345678"),
    IDENTIFIER("R052", "0096", "1234567890", "123456789"),
    IDENTIFIER("R053", "0198", "DK12345678", "12345678"),
    IDENTIFIER("R043", "0208", "0202239951", "0202239952"),
    IDENTIFIER("R044", "0201", "UFABC1", "UFABC"),
    IDENTIFIER("R045", "0210", "RSSMRA85T10A562S", "RSSMRA85T10A562"),
    IDENTIFIER("R047", "0211", "IT00743110157", "IT00743110158"),
    IDENTIFIER("R049", "0007", "2021005026", "2021005027"),
    IDENTIFIER("R050", "0151", "51824753556", "51824753557"),
    IDENTIFIER("R054", "0106", "12345678", "1234567"),
    IDENTIFIER("R055", "0190", "12345678901234567890", "1234567890123456789"),
    IDENTIFIER("R056-1", "9944", "NL123456789B12", "NL123456789B1"),
    IDENTIFIER("R057", "0217", "12345678901234567890", "123456789012"),
    {COMMON "R046", 0, SCHEME("URIID", "9907", "12345678901") SCHEME("ID", "9907", "1")},
    {COMMON "R046", 1, SCHEME("URIID", "9907", "1")},
    {COMMON "R056-2", 0, REGISTRATION("VA", "NL123456789B12") REGISTRATION("FC", "NL1") REGISTRATION("VA", "GB1")},
    {COMMON "R056-2", 1, REGISTRATION("VA", "NL1")},
};

static void check(const struct fragment *f)
{
    struct arena *a = arena_create(0);
    char *xml = arena_printf(a,
                             "<rsm:CrossIndustryInvoice xmlns:rsm='urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100' "
                             "xmlns:ram='urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100' "
                             "xmlns:udt='urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100'>%s</rsm:CrossIndustryInvoice>",
                             f->body);
    struct invoice_verdict v = fixture_judge(a, str_of(xml), INVOICE_PEPPOL);
    unsigned n = fixture_firings(&v, f->rule);
    if (n != f->firings)
        fail_msg("%s fires %u times, not %u, on %s", f->rule, n, f->firings, f->body);
    arena_destroy(&a);
}

static void test_every_rule_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fragments / sizeof *fragments; i++)
        check(&fragments[i]);
    print_message("%zu fragments\n", sizeof fragments / sizeof *fragments);
}

/* The European rules alone judge an invoice that is not sent over Peppol. */
static void test_other_profile_has_none_of_these(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    const char *xml = "<CrossIndustryInvoice xmlns='urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100'><ExchangedDocumentContext/></CrossIndustryInvoice>";
    struct invoice_verdict v = fixture_judge(a, str_of(xml), INVOICE_EN16931);
    for (size_t i = 0; i < v.n; i++)
        assert_null(strstr(v.findings[i].id, "PEPPOL"));
    assert_string_equal(v.ruleset, "en16931-cii-1.3.16");
    v = fixture_judge(a, str_of(xml), INVOICE_PEPPOL);
    assert_int_equal(fixture_firings(&v, EN "R001"), 1);
    assert_string_equal(v.ruleset, "en16931-cii-1.3.16+peppol-bis-3.0.21");
    arena_destroy(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_rule_both_ways), cmocka_unit_test(test_other_profile_has_none_of_these)};
    return cmocka_run_group_tests(tests, fixture_set_up, NULL);
}
