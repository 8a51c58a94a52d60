/*
 * Every general rule of Peppol BIS Billing with fragments of both polarities, each judged as an invoice and as a credit note.
 * A fragment holds no more than its rule looks at, so a rule that fires without its context, or too often, is found out.
 */
#include "tests/unit/invoice_fixture.h"


enum kind { BOTH, INVOICE, CREDIT_NOTE };

struct fragment {
    const char *rule; /* behind its common start */
    unsigned firings;
    enum kind kind;
    const char *body; /* ~L a line, ~Q its quantity */
};

#define EN "PEPPOL-EN16931-"
#define COMMON "PEPPOL-COMMON-"
#define GBP "<cbc:DocumentCurrencyCode>GBP</cbc:DocumentCurrencyCode>"
#define EUR "<cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode>"
#define MONEY(element, amount) "<cbc:" element " currencyID='GBP'>" amount "</cbc:" element ">"
#define IN(currency, amount) "<cbc:TaxAmount currencyID='" currency "'>" amount "</cbc:TaxAmount>"
#define BROKEN_DOWN(currency, amount) "<cac:TaxTotal>" IN(currency, amount) "<cac:TaxSubtotal/></cac:TaxTotal>"
#define TOTAL(currency, amount) "<cac:TaxTotal>" IN(currency, amount) "</cac:TaxTotal>"
#define LINE(content) "<cac:~L>" content "</cac:~L>"
#define PRICE(content) LINE("<cac:Price>" content "</cac:Price>")
#define ADJUSTMENT(charge, content) "<cac:AllowanceCharge><cbc:ChargeIndicator>" charge "</cbc:ChargeIndicator>" content "</cac:AllowanceCharge>"
#define PERCENT(percent, base, amount) "<cbc:MultiplierFactorNumeric>" percent "</cbc:MultiplierFactorNumeric>" MONEY("Amount", amount) MONEY("BaseAmount", base)
#define PARTY(role, country) "<cac:" role "><cac:Party><cac:PostalAddress><cac:Country><cbc:IdentificationCode>" country "</cbc:IdentificationCode></cac:Country></cac:PostalAddress></cac:Party></cac:" role ">"
#define GERMANS PARTY("AccountingSupplierParty", "DE") PARTY("AccountingCustomerParty", "de")
#define HALF_GERMAN PARTY("AccountingSupplierParty", "DE") PARTY("AccountingCustomerParty", "GB")
#define PROFILE(id) "<cbc:ProfileID>" id "</cbc:ProfileID>"
#define BILLING PROFILE("urn:fdc:peppol.eu:2017:poacc:billing:01:1.0")
#define SPECIFICATION(id) "<cbc:CustomizationID>" id "</cbc:CustomizationID>"
#define BIS "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
#define PROJECT "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cbc:DocumentTypeCode>50</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>"
#define OBJECT(type) "<cac:DocumentReference><cbc:ID>1</cbc:ID><cbc:DocumentTypeCode>" type "</cbc:DocumentTypeCode></cac:DocumentReference>"
#define MEANS(code, content) "<cac:PaymentMeans><cbc:PaymentMeansCode>" code "</cbc:PaymentMeansCode>" content "</cac:PaymentMeans>"
#define MANDATE "<cac:PaymentMandate><cbc:ID>M1</cbc:ID></cac:PaymentMandate>"
#define PERIOD(start, end) "<cac:InvoicePeriod><cbc:StartDate>" start "</cbc:StartDate><cbc:EndDate>" end "</cbc:EndDate></cac:InvoicePeriod>"
#define SUM_LINE(net, quantity, content) LINE("<cbc:~Q unitCode='HUR'>" quantity "</cbc:~Q>" MONEY("LineExtensionAmount", net) content)
#define AT(price) "<cac:Price>" MONEY("PriceAmount", price) "</cac:Price>"
#define AT_PER(price, base) "<cac:Price>" MONEY("PriceAmount", price) "<cbc:BaseQuantity>" base "</cbc:BaseQuantity></cac:Price>"
#define ENDPOINT(scheme, id) "<cac:AccountingSupplierParty><cac:Party><cbc:EndpointID schemeID='" scheme "'>" id "</cbc:EndpointID></cac:Party></cac:AccountingSupplierParty>"
#define PARTY_ID(scheme, id) "<cac:PayeeParty><cac:PartyIdentification><cbc:ID schemeID='" scheme "'>" id "</cbc:ID></cac:PartyIdentification></cac:PayeeParty>"
#define COMPANY(scheme, id) "<cac:PayeeParty><cac:PartyLegalEntity><cbc:CompanyID schemeID='" scheme "'>" id "</cbc:CompanyID></cac:PartyLegalEntity></cac:PayeeParty>"
#define VAT_ID(id) "<cac:PayeeParty><cac:PartyTaxScheme><cbc:CompanyID>" id "</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme></cac:PayeeParty>"
#define ATTACHED(mime) "<cac:AdditionalDocumentReference><cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode='" mime "'>AA==</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
#define REASON(code) "<cbc:AllowanceChargeReasonCode>" code "</cbc:AllowanceChargeReasonCode>"
#define EXEMPT(category, reason) "<cac:TaxTotal><cac:TaxSubtotal><cac:TaxCategory><cbc:ID>" category "</cbc:ID><cbc:TaxExemptionReasonCode>" reason "</cbc:TaxExemptionReasonCode></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>"
#define IDENTIFIER(rule, scheme, good, bad) \
    {COMMON rule, 0, BOTH, ENDPOINT(scheme, good) PARTY_ID(scheme, good) COMPANY(scheme, good)}, \
        {COMMON rule, 3, BOTH, ENDPOINT(scheme, bad) PARTY_ID(scheme, bad) COMPANY(scheme, bad)}, {COMMON rule, 0, BOTH, ENDPOINT("9932", bad)}
#define EXEMPTION(rule, reason, category, other) \
    {EN rule, 0, BOTH, EXEMPT(category, reason)}, {EN rule, 1, BOTH, EXEMPT(other, reason)}, {EN rule, 0, BOTH, EXEMPT(other, "VATEX-EU-79-C")}

static const struct fragment fragments[] = {
    {EN "R001", 0, BOTH, PROFILE("x")},
    {EN "R001", 1, BOTH, GBP},
    {EN "R002", 0, BOTH, "<cbc:Note>a</cbc:Note>"},
    {EN "R002", 1, BOTH, "<cbc:Note>a</cbc:Note><cbc:Note>b</cbc:Note>"},
    {EN "R002", 0, BOTH, "<cbc:Note>a</cbc:Note><cbc:Note>b</cbc:Note>" GERMANS},
    {EN "R002", 1, BOTH, "<cbc:Note>a</cbc:Note><cbc:Note>b</cbc:Note>" HALF_GERMAN},
    {EN "R003", 0, BOTH, "<cbc:BuyerReference>a</cbc:BuyerReference>"},
    {EN "R003", 0, BOTH, "<cac:OrderReference><cbc:ID>a</cbc:ID></cac:OrderReference>"},
    {EN "R003", 1, BOTH, "<cac:OrderReference><cbc:SalesOrderID>a</cbc:SalesOrderID></cac:OrderReference>"},
    {EN "R004", 0, BOTH, SPECIFICATION(" " BIS " ")},
    {EN "R004", 0, BOTH, SPECIFICATION(BIS "#conformant#urn:x:y")},
    {EN "R004", 1, BOTH, SPECIFICATION(BIS "::2.1")},
    {EN "R004", 1, BOTH, SPECIFICATION("urn:cen.eu:en16931:2017")},
    {EN "R005", 0, BOTH, GBP EUR},
    {EN "R005", 1, BOTH, GBP "<cbc:TaxCurrencyCode> GBP </cbc:TaxCurrencyCode>"},
    {EN "R007", 0, BOTH, BILLING},
    {EN "R007", 1, BOTH, PROFILE("urn:fdc:peppol.eu:2017:poacc:billing:1:1.0")},
    {EN "R007", 1, BOTH, GBP},
    {EN "R008", 0, BOTH, "<cbc:Note>a</cbc:Note>"},
    {EN "R008", 2, BOTH, "<cbc:Note> </cbc:Note><cac:OrderReference><cbc:ID/></cac:OrderReference>"},
    {EN "R010", 0, BOTH, "<cac:AccountingCustomerParty><cac:Party><cbc:EndpointID>1</cbc:EndpointID></cac:Party></cac:AccountingCustomerParty>"},
    {EN "R010", 1, BOTH, PARTY("AccountingCustomerParty", "GB")},
    {EN "R010", 0, BOTH, PARTY("AccountingSupplierParty", "GB")},
    {EN "R020", 0, BOTH, ENDPOINT("0088", "4012345000009")},
    {EN "R020", 1, BOTH, PARTY("AccountingSupplierParty", "GB")},
    {EN "R020", 0, BOTH, PARTY("AccountingCustomerParty", "GB")},
    {EN "R040", 0, BOTH, ADJUSTMENT("false", PERCENT("10", "100", "10.02")) ADJUSTMENT("true", PERCENT("10", "100", "9.98"))},
    {EN "R040", 2, BOTH, ADJUSTMENT("false", PERCENT("10", "100", "10.021")) ADJUSTMENT("true", PERCENT("10", "100", "9.979"))},
    {EN "R040", 1, BOTH, LINE(ADJUSTMENT("false", PERCENT("10", "100", "11")))},
    {EN "R040", 0, BOTH, PRICE(ADJUSTMENT("false", PERCENT("10", "100", "11")))},
    {EN "R040", 0, BOTH, ADJUSTMENT("false", PERCENT("-10", "100", "-10"))},
    {EN "R041", 1, BOTH, ADJUSTMENT("false", "<cbc:MultiplierFactorNumeric>10</cbc:MultiplierFactorNumeric>")},
    {EN "R041", 2, BOTH, LINE(ADJUSTMENT("false", "<cbc:MultiplierFactorNumeric>10</cbc:MultiplierFactorNumeric>")) LINE(ADJUSTMENT("true", "<cbc:MultiplierFactorNumeric>10</cbc:MultiplierFactorNumeric>"))},
    {EN "R041", 0, BOTH, ADJUSTMENT("false", PERCENT("10", "100", "10"))},
    {EN "R042", 1, BOTH, ADJUSTMENT("false", MONEY("BaseAmount", "10"))},
    {EN "R042", 1, BOTH, LINE(ADJUSTMENT("false", MONEY("BaseAmount", "10")))},
    {EN "R042", 0, BOTH, ADJUSTMENT("false", PERCENT("10", "100", "10"))},
    {EN "R042", 0, BOTH, PRICE(ADJUSTMENT("false", MONEY("BaseAmount", "10")))},
    {EN "R043", 0, BOTH, ADJUSTMENT(" true ", "") LINE(ADJUSTMENT("false", ""))},
    {EN "R043", 2, BOTH, ADJUSTMENT("1", "") LINE(ADJUSTMENT("False", ""))},
    {EN "R044", 0, BOTH, PRICE(ADJUSTMENT("false", ""))},
    {EN "R044", 1, BOTH, PRICE(ADJUSTMENT("true", ""))},
    {EN "R046", 0, BOTH, PRICE(MONEY("PriceAmount", "9") ADJUSTMENT("false", MONEY("Amount", "1.0") MONEY("BaseAmount", "10.00")))},
    {EN "R046", 1, BOTH, PRICE(MONEY("PriceAmount", "9.01") ADJUSTMENT("false", MONEY("Amount", "1") MONEY("BaseAmount", "10")))},
    {EN "R046", 1, BOTH, PRICE(MONEY("PriceAmount", "9") ADJUSTMENT("false", MONEY("BaseAmount", "9")))},
    {EN "R046", 0, BOTH, PRICE(MONEY("PriceAmount", "9") ADJUSTMENT("false", MONEY("Amount", "1")))},
    {EN "R051", 0, BOTH, GBP EUR BROKEN_DOWN("GBP", "1") TOTAL("EUR", "1")},
    {EN "R051", 1, BOTH, GBP EUR BROKEN_DOWN("EUR", "1") TOTAL("GBP", "1")},
    {EN "R051", 2, BOTH, "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>" LINE(MONEY("LineExtensionAmount", "1") AT("1"))},
    {EN "R051", 1, BOTH, "<cac:LegalMonetaryTotal>" MONEY("PayableAmount", "1") "</cac:LegalMonetaryTotal>"},
    {EN "R053", 0, BOTH, BROKEN_DOWN("GBP", "1") TOTAL("GBP", "1")},
    {EN "R053", 1, BOTH, BROKEN_DOWN("GBP", "1") BROKEN_DOWN("GBP", "1")},
    {EN "R053", 1, BOTH, TOTAL("GBP", "1")},
    {EN "R054", 0, BOTH, GBP EUR BROKEN_DOWN("GBP", "1") TOTAL("EUR", "1")},
    {EN "R054", 0, BOTH, GBP BROKEN_DOWN("GBP", "1")},
    {EN "R054", 1, BOTH, GBP EUR BROKEN_DOWN("GBP", "1") BROKEN_DOWN("EUR", "1")},
    {EN "R054", 1, BOTH, GBP EUR BROKEN_DOWN("GBP", "1") TOTAL("EUR", "1") TOTAL("EUR", "1")},
    {EN "R054", 1, BOTH, GBP BROKEN_DOWN("GBP", "1") TOTAL("EUR", "1")},
    {EN "R055", 0, BOTH, GBP EUR BROKEN_DOWN("GBP", "-1") TOTAL("EUR", "-2")},
    {EN "R055", 0, BOTH, GBP EUR BROKEN_DOWN("GBP", "0") TOTAL("EUR", "-2")},
    {EN "R055", 1, BOTH, GBP EUR BROKEN_DOWN("GBP", "1") TOTAL("EUR", "-2")},
    {EN "R055", 1, BOTH, GBP EUR BROKEN_DOWN("GBP", "1")},
    {EN "R055", 0, BOTH, GBP BROKEN_DOWN("GBP", "1") TOTAL("EUR", "-2")},
    {EN "R061", 0, BOTH, MEANS("59", MANDATE) MEANS("30", "")},
    {EN "R061", 2, BOTH, MEANS(" 49 ", "") MEANS("59", "<cac:PaymentMandate/>")},
    {EN "R080", 0, CREDIT_NOTE, PROJECT},
    {EN "R080", 1, CREDIT_NOTE, PROJECT PROJECT},
    {EN "R080", 0, INVOICE, PROJECT PROJECT},
    {EN "R100", 0, BOTH, LINE(OBJECT("130"))},
    {EN "R100", 1, BOTH, LINE(OBJECT("130") OBJECT("130"))},
    {EN "R101", 0, BOTH, LINE(OBJECT("130")) LINE("<cbc:ID>1</cbc:ID>")},
    {EN "R101", 2, BOTH, LINE(OBJECT("50")) LINE("<cac:DocumentReference><cbc:ID>1</cbc:ID></cac:DocumentReference>")},
    {EN "R110", 0, BOTH, PERIOD("2026-01-01", "2026-01-31") LINE(PERIOD("2026-01-01", "2026-01-31"))},
    {EN "R110", 1, BOTH, PERIOD("2026-01-01", "2026-01-31") LINE(PERIOD("2025-12-31", "2026-01-31"))},
    {EN "R110", 0, BOTH, LINE(PERIOD("2025-12-31", "2026-01-31"))},
    {EN "R111", 0, BOTH, PERIOD("2026-01-01", "2026-01-31") LINE(PERIOD("2025-12-31", "2026-01-31"))},
    {EN "R111", 1, BOTH, PERIOD("2026-01-01", "2026-01-31") LINE(PERIOD("2026-01-01", "2026-02-01"))},
    {EN "R111", 0, BOTH, LINE(PERIOD("2026-01-01", "2026-02-01"))},
    {EN "R120", 0, BOTH, SUM_LINE("33.35", "10", AT_PER("10", "3")) SUM_LINE("-20.00", "-2", AT("10"))},
    {EN "R120", 1, BOTH, SUM_LINE("33.36", "10", AT_PER("10", "3"))},
    {EN "R120", 0, BOTH, SUM_LINE("20.02", "2", AT("10")) SUM_LINE("19.98", "2", AT_PER("10", "0"))},
    {EN "R120", 2, BOTH, SUM_LINE("20.03", "2", AT("10")) SUM_LINE("19.97", "2", AT("10"))},
    {EN "R120", 0, BOTH, SUM_LINE("21.50", "2", AT("10") ADJUSTMENT("true", MONEY("Amount", "1.25")) ADJUSTMENT("true", MONEY("Amount", "1.25")) ADJUSTMENT("false", MONEY("Amount", "1")))},
    {EN "R120", 1, BOTH, SUM_LINE("20.00", "2", AT("10") ADJUSTMENT("true", MONEY("Amount", "1.00")))},
    {EN "R120", 0, BOTH, SUM_LINE("21.00", "2", AT("10") ADJUSTMENT(" true ", MONEY("Amount", "2")) ADJUSTMENT(" false ", MONEY("Amount", "1")))},
    {EN "R120", 0, BOTH, SUM_LINE("20.00", "2", AT("10") ADJUSTMENT("1", MONEY("Amount", "2")) ADJUSTMENT("0", MONEY("Amount", "1")))},
    {EN "R120", 0, BOTH, LINE(MONEY("LineExtensionAmount", "10") AT("10"))},
    {EN "R120", 0, BOTH, LINE("<cbc:ID>1</cbc:ID>")},
    {EN "R120", 1, BOTH, LINE(MONEY("LineExtensionAmount", "10"))},
    {EN "R120", 1, INVOICE, "<cac:InvoiceLine><cbc:CreditedQuantity>2</cbc:CreditedQuantity>" MONEY("LineExtensionAmount", "20") AT("10") "</cac:InvoiceLine>"},
    {EN "R121", 0, BOTH, LINE(AT_PER("1", "0.01")) LINE(AT("1"))},
    {EN "R121", 2, BOTH, LINE(AT_PER("1", "0")) LINE(AT_PER("1", "-1"))},
    {EN "R130", 0, BOTH, LINE("<cbc:~Q unitCode='HUR'>1</cbc:~Q><cac:Price><cbc:BaseQuantity unitCode='HUR'>1</cbc:BaseQuantity></cac:Price>")},
    {EN "R130", 1, BOTH, LINE("<cbc:~Q unitCode='HUR'>1</cbc:~Q><cac:Price><cbc:BaseQuantity unitCode='DAY'>1</cbc:BaseQuantity></cac:Price>")},
    {EN "R130", 1, BOTH, LINE("<cbc:~Q>1</cbc:~Q><cac:Price><cbc:BaseQuantity unitCode='DAY'>1</cbc:BaseQuantity></cac:Price>")},
    {EN "R130", 0, BOTH, LINE("<cbc:~Q unitCode='HUR'>1</cbc:~Q><cac:Price><cbc:BaseQuantity>1</cbc:BaseQuantity></cac:Price>")},
    {EN "R130", 0, BOTH, PRICE("<cbc:BaseQuantity unitCode='DAY'>1</cbc:BaseQuantity>")},
    {EN "P0100", 0, INVOICE, BILLING "<cbc:InvoiceTypeCode> 380 </cbc:InvoiceTypeCode>"},
    {EN "P0100", 1, INVOICE, BILLING "<cbc:InvoiceTypeCode>381</cbc:InvoiceTypeCode>"},
    {EN "P0100", 0, INVOICE, "<cbc:InvoiceTypeCode>381</cbc:InvoiceTypeCode>"},
    {EN "P0101", 0, CREDIT_NOTE, BILLING "<cbc:CreditNoteTypeCode>396</cbc:CreditNoteTypeCode>"},
    {EN "P0101", 1, CREDIT_NOTE, BILLING "<cbc:CreditNoteTypeCode>380</cbc:CreditNoteTypeCode>"},
    {EN "P0101", 0, CREDIT_NOTE, "<cbc:CreditNoteTypeCode>380</cbc:CreditNoteTypeCode>"},
    {EN "P0112", 0, INVOICE, "<cbc:InvoiceTypeCode>326</cbc:InvoiceTypeCode>" GERMANS},
    {EN "P0112", 1, INVOICE, "<cbc:InvoiceTypeCode>384</cbc:InvoiceTypeCode>" HALF_GERMAN},
    {EN "P0112", 0, INVOICE, "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>"},
    EXEMPTION("P0104", "VATEX-EU-G", "G", "E"),
    EXEMPTION("P0105", "vatex-eu-o", " O ", "E"),
    EXEMPTION("P0106", "VATEX-EU-IC", "K", "IC"),
    EXEMPTION("P0107", "VATEX-EU-AE", "AE", "E"),
    EXEMPTION("P0108", "VATEX-EU-D", "E", "S"),
    EXEMPTION("P0109", "VATEX-EU-F", "E", "S"),
    EXEMPTION("P0110", "VATEX-EU-I", "E", "S"),
    EXEMPTION("P0111", "VATEX-EU-J", "E", "S"),
    {EN "CL001", 0, BOTH, ATTACHED("application/pdf") ATTACHED("text/csv")},
    {EN "CL001", 1, BOTH, ATTACHED("application/xml")},
    {EN "CL002", 0, BOTH, ADJUSTMENT("false", REASON("95")) ADJUSTMENT("true", REASON("FC"))},
    {EN "CL002", 2, BOTH, ADJUSTMENT("false", REASON("FC")) LINE(ADJUSTMENT("false", REASON("1")))},
    {EN "CL003", 0, BOTH, ADJUSTMENT("true", REASON("ZZZ")) ADJUSTMENT("false", REASON("95"))},
    {EN "CL003", 2, BOTH, ADJUSTMENT("true", REASON("95")) LINE(ADJUSTMENT("true", REASON("XX")))},
    {EN "CL006", 0, BOTH, "<cac:InvoicePeriod><cbc:DescriptionCode>432</cbc:DescriptionCode></cac:InvoicePeriod>"},
    {EN "CL006", 1, BOTH, "<cac:InvoicePeriod><cbc:DescriptionCode>433</cbc:DescriptionCode></cac:InvoicePeriod>"},
    {EN "CL007", 0, BOTH, TOTAL("XCG", "1") BROKEN_DOWN("GBP", "1")},
    {EN "CL007", 2, BOTH, TOTAL("ZZZ", "1") LINE("<cbc:LineExtensionAmount>1</cbc:LineExtensionAmount>")},
    {EN "CL008", 0, BOTH, ENDPOINT("9932", "GB123456789") ENDPOINT("0244", "1")},
    {EN "CL008", 2, BOTH, ENDPOINT("9999", "1") ENDPOINT("EM", "a@b.example")},
    {EN "F001", 0, BOTH, "<cbc:IssueDate>2028-02-29</cbc:IssueDate><cac:Delivery><cbc:ActualDeliveryDate>2026-01-31</cbc:ActualDeliveryDate></cac:Delivery>"},
    {EN "F001", 3, BOTH, "<cbc:IssueDate>2026-02-29</cbc:IssueDate><cbc:TaxPointDate>2026-01-01Z</cbc:TaxPointDate><cac:InvoicePeriod><cbc:StartDate>01-01-2026</cbc:StartDate></cac:InvoicePeriod>"},
    {EN "F001", 0, BOTH, "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:IssueDate>2026-01-01</cbc:IssueDate></cac:InvoiceDocumentReference></cac:BillingReference>"},
    IDENTIFIER("R040", "0088", "4012345000009", "4012345000008"),
    IDENTIFIER("R041", "0192", "974760673", "974760674"),
    IDENTIFIER("R042", "0184", "DK12345678", "DK1234567"),
    IDENTIFIER("R043", "0208", "0403170701", "0403170702"),
    IDENTIFIER("R044", "0201", "UFE6L1", "UFE6-1"),
    IDENTIFIER("R045", "0210", "RSSMRA80A01H501U", "RSSMRA80A01H50"),
    {COMMON "R046", 1, BOTH, ENDPOINT("9907", "123") PARTY_ID("9907", "123")},
    {COMMON "R046", 0, BOTH, ENDPOINT("9907", "12345678903")},
    IDENTIFIER("R047", "0211", "IT12345678903", "IT12345678904"),
    IDENTIFIER("R049", "0007", "5567212047", "5567212048"),
    IDENTIFIER("R050", "0151", "51824753556", "51824753557"),
    IDENTIFIER("R052", "0096", "1234567890", "123456789"),
    IDENTIFIER("R053", "0198", "DK12345678", "12345678"),
    IDENTIFIER("R054", "0106", "12345678", "1234567"),
    IDENTIFIER("R055", "0190", "12345678901234567890", "1234"),
    IDENTIFIER("R056-1", "9944", "NL123456789B12", "NL123456789"),
    {COMMON "R056-2", 1, BOTH, VAT_ID("NL123456789") VAT_ID("NL123456789B12") VAT_ID("GB1")},
    IDENTIFIER("R057", "0217", "123456789012", "12345678"),
};

/* The only rules that may fire wherever they please, because they ask for something. */
static bool is_asked_of_every_document(const char *id)
{
    static const char *const ids[] = {EN "R001", EN "R003", EN "R004", EN "R007", EN "R053"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (strcmp(id, ids[i]) == 0)
            return true;
    return false;
}

static enum invoice_severity severity_of(const char *rule)
{
    static const char warnings[] = "R044 R045 R046 R047 R054 R055 R056-1 R056-2 R057";
    bool common = strncmp(rule, COMMON, strlen(COMMON)) == 0;
    return common && strstr(warnings, rule + strlen(COMMON)) ? INVOICE_WARNING : INVOICE_FATAL;
}

static struct str document(struct arena *a, const char *body, bool credit_note)
{
    const char *name = credit_note ? "CreditNote" : "Invoice";
    struct buf b = {0};
    buf_addf(&b, "<%s xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:%s-2\" xmlns:cbc=\"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2\" "
                 "xmlns:cac=\"urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2\">", name, name);
    for (const char *p = body; *p; p++) {
        if (*p == '~')
            buf_adds(&b, *++p == 'L' ? (credit_note ? "CreditNoteLine" : "InvoiceLine") : credit_note ? "CreditedQuantity" : "InvoicedQuantity");
        else
            buf_addc(&b, *p);
    }
    buf_addf(&b, "</%s>", name);
    struct str s = {arena_strndup(a, b.p, b.n), b.n};
    buf_finish(&b);
    return s;
}

static void check(const struct fragment *f, bool credit_note)
{
    struct arena *a = arena_create(0);
    struct invoice_verdict v = fixture_judge(a, document(a, f->body, credit_note), INVOICE_PEPPOL);
    unsigned fired = fixture_firings(&v, f->rule);
    if (fired != f->firings)
        fail_msg("%s fired %u times instead of %u on %s", f->rule, fired, f->firings, f->body);
    for (size_t i = 0; i < v.n; i++)
        if (strcmp(v.findings[i].id, f->rule) == 0)
            assert_int_equal(v.findings[i].severity, severity_of(f->rule));
    arena_destroy(&a);
}

static void test_rules_fire_where_they_should(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fragments / sizeof *fragments; i++) {
        if (fragments[i].kind != CREDIT_NOTE)
            check(&fragments[i], false);
        if (fragments[i].kind != INVOICE)
            check(&fragments[i], true);
    }
    print_message("%zu fragments\n", sizeof fragments / sizeof *fragments);
}

/* With no content but a name nothing else can be wrong, and rules of single countries stay silent whatever the country. */
static void test_rules_need_their_context(void **state)
{
    static const char *const countries[] = {"DE", "DK", "GR", "IS", "IT", "NL", "NO", "SE", "GB"};
    (void)state;
    for (size_t i = 0; i < 2 * sizeof countries / sizeof *countries; i++) {
        struct arena *a = arena_create(0);
        const char *body = arena_printf(a, "<cac:TaxRepresentativeParty><cac:PostalAddress><cac:Country><cbc:IdentificationCode>%s</cbc:IdentificationCode></cac:Country>"
                                           "</cac:PostalAddress></cac:TaxRepresentativeParty>", countries[i / 2]);
        struct invoice_verdict v = fixture_judge(a, document(a, body, i % 2), INVOICE_PEPPOL);
        for (size_t k = 0; k < v.n; k++) {
            const char *id = v.findings[k].id;
            bool ours = strncmp(id, "BR-", 3) == 0 || strncmp(id, "UBL-", 4) == 0 || is_asked_of_every_document(id);
            if (!ours)
                fail_msg("%s fired without its context", id);
        }
        arena_destroy(&a);
    }
}

/* The European rules are judged as well, with the same result. */
static void test_profile_adds_and_takes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fragments / sizeof *fragments; i++) {
        struct arena *a = arena_create(0);
        struct str xml = document(a, fragments[i].body, fragments[i].kind == CREDIT_NOTE);
        struct invoice_verdict plain = fixture_judge(a, xml, INVOICE_EN16931), peppol = fixture_judge(a, xml, INVOICE_PEPPOL);
        assert_true(peppol.n >= plain.n);
        for (size_t k = 0; k < plain.n; k++)
            assert_string_equal(plain.findings[k].id, peppol.findings[k].id);
        for (size_t k = plain.n; k < peppol.n; k++)
            assert_int_equal(strncmp(peppol.findings[k].id, "PEPPOL-", 7), 0);
        arena_destroy(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules_fire_where_they_should),
        cmocka_unit_test(test_rules_need_their_context),
        cmocka_unit_test(test_profile_adds_and_takes_nothing),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, NULL);
}
