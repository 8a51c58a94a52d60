/*
 * One change for each fatal rule that the official fragments do not cover: before it the rule is silent, after it the rule fires, and no other
 * fatal rule does but those named beside it. BR-CO-05 to -08 and (in UBL) BR-DEC-13 and -15 are published in a form that cannot fail.
 */
#include "tests/unit/invoice_fixture.h"


struct mutation {
    const char *rule;
    const char *behind, *from, *to;
    const char *also; /* other fatal rules that the same change breaks */
    bool credit_note;
};

#define TWICE(rule, behind, element, also) {rule, behind, element, element element, also, false}
#define DOCUMENT_END "</cac:LegalMonetaryTotal>"
#define SELLER "<cac:AccountingSupplierParty>"
#define BUYER "<cac:AccountingCustomerParty>"
#define REPRESENTATIVE(names, ids) "<cac:TaxRepresentativeParty>" names "<cac:PostalAddress><cac:Country><cbc:IdentificationCode>GB</cbc:IdentificationCode></cac:Country>" \
    "</cac:PostalAddress>" ids "</cac:TaxRepresentativeParty><cac:Delivery>"
#define REP_NAME "<cac:PartyName><cbc:Name>Rep</cbc:Name></cac:PartyName>"
#define REP_ID "<cac:PartyTaxScheme><cbc:CompanyID>GB1</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
#define PAYEE(content) "<cac:PayeeParty>" content "</cac:PayeeParty><cac:Delivery>"
#define OTHER "<cac:PartyName><cbc:Name>Factor</cbc:Name></cac:PartyName>"
#define OTHER_ID "<cac:PartyIdentification><cbc:ID schemeID=\"0088\">1</cbc:ID></cac:PartyIdentification>"

static const struct mutation mutations[] = {
    {"BR-DEC-01", "<cac:PaymentTerms>", ">5.00<", ">5.000<", "UBL-DT-01", false},
    {"BR-DEC-02", "<cac:PaymentTerms>", ">50.00<", ">50.000<", "UBL-DT-01", false},
    {"BR-DEC-05", "<cac:PaymentTerms>", ">3.00<", ">3.000<", "UBL-DT-01", false},
    {"BR-DEC-06", "<cbc:AllowanceChargeReason>Travel", "3.00</cbc:Amount>", "3.00</cbc:Amount><cbc:BaseAmount currencyID=\"GBP\">3.000</cbc:BaseAmount>", "UBL-DT-01", false},
    {"BR-DEC-09", "<cac:LegalMonetaryTotal>", ">90.00</cbc:LineEx", ">90.000</cbc:LineEx", "UBL-DT-01", false},
    {"BR-DEC-10", "<cac:LegalMonetaryTotal>", "5.00</cbc:AllowanceTotalAmount", "5.000</cbc:AllowanceTotalAmount", "UBL-DT-01", false},
    {"BR-DEC-11", "<cac:LegalMonetaryTotal>", "3.00</cbc:ChargeTotalAmount", "3.000</cbc:ChargeTotalAmount", "UBL-DT-01", false},
    {"BR-DEC-12", "<cac:LegalMonetaryTotal>", "88.00</cbc:TaxExclusiveAmount", "88.000</cbc:TaxExclusiveAmount", "UBL-DT-01", false},
    {"BR-DEC-14", "<cac:LegalMonetaryTotal>", "90.60</cbc:TaxInclusiveAmount", "90.600</cbc:TaxInclusiveAmount", "UBL-DT-01", false},
    {"BR-DEC-16", "<cac:LegalMonetaryTotal>", "0.60</cbc:PrepaidAmount", "0.600</cbc:PrepaidAmount", "UBL-DT-01", false},
    {"BR-DEC-17", "<cac:LegalMonetaryTotal>", "0.00</cbc:PayableRoundingAmount", "0.000</cbc:PayableRoundingAmount", "UBL-DT-01", false},
    {"BR-DEC-18", "<cac:LegalMonetaryTotal>", "90.00</cbc:PayableAmount", "90.000</cbc:PayableAmount", "UBL-DT-01", false},
    {"BR-DEC-19", "<cac:TaxSubtotal>", "75.00", "75.000", "UBL-DT-01", false},
    {"BR-DEC-20", "<cac:TaxSubtotal>", "0.00", "0.000", "UBL-DT-01", false},
    {"BR-DEC-23", "<cac:InvoiceLine>", "80.00</cbc:LineEx", "80.000</cbc:LineEx", "UBL-DT-01", false},
    {"BR-DEC-24", "<cac:InvoiceLine>", ">2.00<", ">2.000<", "UBL-DT-01", false},
    {"BR-DEC-25", "<cac:InvoiceLine>", "2.00</cbc:Amount>", "2.00</cbc:Amount><cbc:BaseAmount currencyID=\"GBP\">9.000</cbc:BaseAmount>", "UBL-DT-01", false},
    {"BR-DEC-27", "<cbc:AllowanceChargeReason>Sunday", ">2.00<", ">2.000<", "UBL-DT-01", false},
    {"BR-DEC-28", "<cbc:AllowanceChargeReason>Sunday", "2.00</cbc:Amount>", "2.00</cbc:Amount><cbc:BaseAmount currencyID=\"GBP\">9.000</cbc:BaseAmount>", "UBL-DT-01", false},
    {"BR-CL-08", NULL, ">Week 18<", ">#QQQ#Week 18<", "", false},
    {"BR-CL-08", NULL, ">Week 18<", ">#BBB#Week 18<", "", false}, /* a subject of CII only */
    {"BR-CL-22", NULL, "VATEX-EU-132-1G", "VATEX-EU-NONE", "", false},
    {"BR-CL-24", NULL, "mimeCode=\"application/pdf\"", "mimeCode=\" application/pdf\"", "", false},
    {"BR-CL-25", NULL, "schemeID=\"9932\"", "schemeID=\"9999\"", "", false},
    {"BR-CL-26", "<cac:DeliveryLocation>", "<cac:Address>", "<cbc:ID schemeID=\"9999\">1</cbc:ID><cac:Address>", "", false},
    {"BR-IC-10", "<cac:InvoiceLine>", "<cbc:ID>E</cbc:ID>", "<cbc:ID>K</cbc:ID>", NULL, false},
    {"BR-B-01", "<cbc:ID>2</cbc:ID>", "<cbc:ID>S</cbc:ID>", "<cbc:ID>B</cbc:ID>", NULL, false},
    {"BR-B-02", "<cbc:ID>2</cbc:ID>", "<cbc:ID>S</cbc:ID>", "<cbc:ID>B</cbc:ID>", NULL, false},
    TWICE("UBL-SR-01", NULL, "<cac:ContractDocumentReference>\n    <cbc:ID>C-9</cbc:ID>\n  </cac:ContractDocumentReference>", ""),
    {"UBL-SR-02", NULL, "<cac:ContractDocumentReference>", "<cac:ReceiptDocumentReference><cbc:ID>1</cbc:ID><cbc:ID>2</cbc:ID></cac:ReceiptDocumentReference><cac:ContractDocumentReference>", "", false},
    {"UBL-SR-03", NULL, "<cac:ContractDocumentReference>", "<cac:DespatchDocumentReference><cbc:ID>1</cbc:ID><cbc:ID>2</cbc:ID></cac:DespatchDocumentReference><cac:ContractDocumentReference>", "", false},
    {"UBL-SR-04", NULL, "<cac:AdditionalDocumentReference>", "<cac:AdditionalDocumentReference><cbc:ID>2</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:AdditionalDocumentReference><cac:AdditionalDocumentReference>", "", false},
    TWICE("UBL-SR-05", NULL, "<cbc:Note>30 days</cbc:Note>", ""),
    {"UBL-SR-06", NULL, "<cac:ContractDocumentReference>", "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>1</cbc:ID></cac:InvoiceDocumentReference><cac:InvoiceDocumentReference><cbc:ID>2</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference><cac:ContractDocumentReference>", "", false},
    {"UBL-SR-07", NULL, "<cac:ContractDocumentReference>", "<cac:BillingReference/><cac:ContractDocumentReference>", "BR-55", false},
    {"UBL-SR-08", NULL, "<cac:OrderReference>", "<cac:InvoicePeriod><cbc:StartDate>2026-05-01</cbc:StartDate></cac:InvoicePeriod><cac:OrderReference>", "", false},
    TWICE("UBL-SR-09", NULL, "<cbc:RegistrationName>Brook Care Limited</cbc:RegistrationName>", ""),
    TWICE("UBL-SR-10", SELLER, "<cbc:Name>Brook Care</cbc:Name>", ""),
    TWICE("UBL-SR-11", NULL, "<cbc:CompanyID>01234567</cbc:CompanyID>", ""),
    {"UBL-SR-13", SELLER, "<cac:PartyLegalEntity>", "<cac:PartyTaxScheme><cbc:CompanyID>1</cbc:CompanyID><cbc:CompanyID>2</cbc:CompanyID><cac:TaxScheme><cbc:ID>UTR</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme><cac:PartyLegalEntity>", "", false},
    {"UBL-SR-14", NULL, "<cbc:CompanyID>01234567</cbc:CompanyID>", "<cbc:CompanyID>01234567</cbc:CompanyID><cbc:CompanyLegalForm>a</cbc:CompanyLegalForm><cbc:CompanyLegalForm>b</cbc:CompanyLegalForm>", "", false},
    TWICE("UBL-SR-15", NULL, "<cbc:RegistrationName>Felpersham Council</cbc:RegistrationName>", ""),
    {"UBL-SR-16", BUYER, "<cac:PostalAddress>", OTHER_ID OTHER_ID "<cac:PostalAddress>", "", false},
    {"UBL-SR-17", NULL, "Felpersham Council</cbc:RegistrationName>", "Felpersham Council</cbc:RegistrationName><cbc:CompanyID>1</cbc:CompanyID><cbc:CompanyID>2</cbc:CompanyID>", "", false},
    {"UBL-SR-19", NULL, "<cac:Delivery>", PAYEE("<cac:PartyName><cbc:Name>Factor</cbc:Name><cbc:Name>Factor 2</cbc:Name></cac:PartyName>"), "", false},
    {"UBL-SR-20", NULL, "<cac:Delivery>", PAYEE("<cac:PartyIdentification><cbc:ID schemeID=\"0088\">1</cbc:ID></cac:PartyIdentification>" OTHER_ID OTHER), "", false},
    {"UBL-SR-21", NULL, "<cac:Delivery>", PAYEE(OTHER "<cac:PartyLegalEntity><cbc:CompanyID>1</cbc:CompanyID><cbc:CompanyID>2</cbc:CompanyID></cac:PartyLegalEntity>"), "", false},
    {"UBL-SR-22", NULL, "<cac:Delivery>", REPRESENTATIVE(REP_NAME REP_NAME, REP_ID), "", false},
    {"UBL-SR-23", NULL, "<cac:Delivery>", REPRESENTATIVE(REP_NAME, REP_ID REP_ID), "", false},
    {"UBL-SR-24", NULL, "<cac:PaymentMeans>", "<cac:Delivery><cbc:ActualDeliveryDate>2026-05-02</cbc:ActualDeliveryDate></cac:Delivery><cac:PaymentMeans>", "", false},
    TWICE("UBL-SR-25", "<cac:DeliveryParty>", "<cbc:Name>Home</cbc:Name>", ""),
    TWICE("UBL-SR-26", NULL, "<cbc:PaymentID>K7M24QXP</cbc:PaymentID>", ""),
    {"UBL-SR-27", NULL, "30</cbc:PaymentMeansCode>", "30</cbc:PaymentMeansCode><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>", "", false},
    {"UBL-SR-28", "<cac:PaymentMeans>", "</cac:PaymentMeans>", "<cac:PaymentMandate><cbc:ID>1</cbc:ID><cbc:ID>2</cbc:ID></cac:PaymentMandate></cac:PaymentMeans>", "", false},
    {"UBL-SR-29", SELLER, "<cac:PartyName>", "<cac:PartyIdentification><cbc:ID schemeID=\"SEPA\">1</cbc:ID></cac:PartyIdentification><cac:PartyIdentification><cbc:ID schemeID=\"SEPA\">2</cbc:ID></cac:PartyIdentification><cac:PartyName>", "", false},
    TWICE("UBL-SR-30", NULL, "<cbc:AllowanceChargeReason>Discount</cbc:AllowanceChargeReason>", ""),
    TWICE("UBL-SR-31", NULL, "<cbc:AllowanceChargeReason>Travel</cbc:AllowanceChargeReason>", ""),
    TWICE("UBL-SR-32", NULL, "<cbc:TaxExemptionReason>Welfare services</cbc:TaxExemptionReason>", ""),
    TWICE("UBL-SR-33", NULL, "<cbc:DocumentDescription>Timesheet</cbc:DocumentDescription>", ""),
    TWICE("UBL-SR-34", NULL, "<cbc:Note>Mornings</cbc:Note>", ""),
    TWICE("UBL-SR-35", "<cac:InvoiceLine>", "<cbc:LineID>1</cbc:LineID>", ""),
    {"UBL-SR-36", "<cac:InvoiceLine>", "<cac:OrderLineReference>", "<cac:InvoicePeriod><cbc:StartDate>2026-04-28</cbc:StartDate></cac:InvoicePeriod><cac:OrderLineReference>", "", false},
    {"UBL-SR-37", "<cac:Price>", "1.00</cbc:Amount>", "1.00</cbc:Amount><cbc:Amount currencyID=\"GBP\">1.00</cbc:Amount>", "", false},
    {"UBL-SR-39", NULL, SELLER, "<cac:ProjectReference><cbc:ID>1</cbc:ID><cbc:ID>2</cbc:ID></cac:ProjectReference>" SELLER, "", false},
    {"UBL-SR-40", BUYER, "<cac:PostalAddress>", "<cac:PartyName><cbc:Name>a</cbc:Name><cbc:Name>b</cbc:Name></cac:PartyName><cac:PostalAddress>", "", false},
    {"UBL-SR-43", NULL, "<cbc:ID>A1</cbc:ID>", "<cbc:ID>A1</cbc:ID><cbc:DocumentTypeCode>916</cbc:DocumentTypeCode>", "", false},
    {"UBL-SR-45", "<cac:PaymentMeans>", "<cbc:PaymentID>", "<cbc:PaymentDueDate>2026-06-03</cbc:PaymentDueDate><cbc:PaymentDueDate>2026-06-04</cbc:PaymentDueDate><cbc:PaymentID>", "", false},
    {"UBL-SR-46", NULL, "<cac:PaymentTerms>", "<cac:PaymentMeans><cbc:PaymentMeansCode name=\"x\">30</cbc:PaymentMeansCode><cac:PayeeFinancialAccount><cbc:ID>1</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans><cac:PaymentTerms>", "", false},
    {"UBL-SR-48", "<cbc:ID>2</cbc:ID>", "<cac:ClassifiedTaxCategory>", "<cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>20</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory><cac:ClassifiedTaxCategory>", "", false},
    {"UBL-SR-49", NULL, "<cbc:EndDate>2026-05-03</cbc:EndDate>", "<cbc:EndDate>2026-05-03</cbc:EndDate><cbc:DescriptionCode>3</cbc:DescriptionCode><cbc:DescriptionCode>35</cbc:DescriptionCode>", "", false},
    TWICE("UBL-SR-50", NULL, "<cbc:Description>Support at home</cbc:Description>", ""),
    {"UBL-SR-51", SELLER, "<cac:Country>", "<cac:AddressLine><cbc:Line>a</cbc:Line></cac:AddressLine><cac:AddressLine><cbc:Line>b</cbc:Line></cac:AddressLine><cac:Country>", "", false},
    {"UBL-SR-52", "<cac:InvoiceLine>", "<cac:OrderLineReference>", "<cac:DocumentReference><cbc:ID>1</cbc:ID></cac:DocumentReference><cac:DocumentReference><cbc:ID>2</cbc:ID></cac:DocumentReference><cac:OrderLineReference>", "", false},
    {"UBL-SR-53", BUYER, "<cac:PartyLegalEntity>", "<cac:PartyTaxScheme><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme><cac:PartyLegalEntity>", "", false},
    {"UBL-SR-54", "<cac:PaymentMeans>", "<cac:PayeeFinancialAccount>", "<cac:CardAccount><cbc:PrimaryAccountNumberID>1</cbc:PrimaryAccountNumberID></cac:CardAccount><cac:CardAccount><cbc:PrimaryAccountNumberID>2</cbc:PrimaryAccountNumberID></cac:CardAccount><cac:PayeeFinancialAccount>", "", false},
    {"UBL-SR-55", "<cac:PaymentMeans>", "</cac:PaymentMeans>", "<cac:PaymentMandate/><cac:PaymentMandate/></cac:PaymentMeans>", "", false},
    {"UBL-SR-56", NULL, "<cac:ContractDocumentReference>", "<cac:OriginatorDocumentReference><cbc:ID>1</cbc:ID><cbc:ID>2</cbc:ID></cac:OriginatorDocumentReference><cac:ContractDocumentReference>", "", false},
    {"UBL-CR-666", NULL, "<cbc:DocumentTypeCode>130</cbc:DocumentTypeCode>", "<cbc:DocumentTypeCode>130</cbc:DocumentTypeCode><cac:Attachment/>", "", false},
    {"UBL-CR-673", NULL, "<cbc:DocumentTypeCode>130</cbc:DocumentTypeCode>", "<cbc:DocumentTypeCode>130</cbc:DocumentTypeCode><cbc:DocumentDescription>x</cbc:DocumentDescription>", "", false},
    {"BR-21", "<cac:CreditNoteLine>", "<cbc:ID>1</cbc:ID>", "<cbc:ID> </cbc:ID>", "", true},
    {"UBL-SR-48", "<cac:CreditNoteLine>", "<cac:ClassifiedTaxCategory>", "<cac:ClassifiedTaxCategory/><cac:ClassifiedTaxCategory>", "", true},
    {"BR-CO-10", "<cac:LegalMonetaryTotal>", "90.00</cbc:LineEx", "90.01</cbc:LineEx", "BR-CO-13", true},
    {"BR-CL-01", NULL, ">381<", ">380<", "", true},
};

static bool is_named(const char *also, const char *id)
{
    const char *at = also ? strstr(also, id) : NULL;
    return !also || (at && (at[strlen(id)] == '\0' || at[strlen(id)] == ' '));
}

static void check(const struct mutation *m)
{
    struct arena *a = arena_create(0);
    struct str before = fixture_ubl(a, m->credit_note), after = fixture_change(a, before, m->behind, m->from, m->to);
    if (strcmp(m->rule, "BR-IC-10") == 0) { /* the breakdown must be of that category, too */
        after = fixture_change(a, after, "<cac:TaxSubtotal>", "<cbc:ID>E</cbc:ID>", "<cbc:ID>K</cbc:ID>");
        after = fixture_change(a, after, NULL, "<cbc:TaxExemptionReasonCode>VATEX-EU-132-1G</cbc:TaxExemptionReasonCode>", "");
        after = fixture_change(a, after, NULL, "<cbc:TaxExemptionReason>Welfare services</cbc:TaxExemptionReason>", "");
    }
    struct invoice_verdict clean = fixture_judge(a, before, INVOICE_EN16931), broken = fixture_judge(a, after, INVOICE_EN16931);
    if (fixture_firings(&clean, m->rule) != 0 || fixture_firings(&broken, m->rule) == 0 || broken.is_valid)
        fail_msg("%s: fired %u times before and %u times after the change", m->rule, fixture_firings(&clean, m->rule), fixture_firings(&broken, m->rule));
    for (size_t i = 0; i < broken.n; i++) {
        const struct invoice_finding *f = &broken.findings[i];
        if (f->severity == INVOICE_FATAL && strcmp(f->id, m->rule) != 0 && !is_named(m->also, f->id))
            fail_msg("%s: the change broke %s (%s), too", m->rule, f->id, f->path);
    }
    arena_destroy(&a);
}

static void test_every_mutation_breaks_its_rule(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mutations / sizeof *mutations; i++)
        check(&mutations[i]);
    print_message("%zu mutations\n", sizeof mutations / sizeof *mutations);
}

/* Things that must not be mistaken for faults. */
static void test_near_misses_stay_silent(void **state)
{
    (void)state;
    static const struct mutation harmless[] = {
        {"BR-CO-17", "<cac:TaxSubtotal>", "2.60</cbc:TaxAmount>", "2.60</cbc:TaxAmount><!-- a comment -->", "", false},
        {"UBL-DT-01", "<cac:Price>", ">20.00<", ">20.0000<", "", false},
        {"BR-27", "<cac:Price>", ">20.00<", ">0<", "", false},
        {"BR-CO-10", "<cac:LegalMonetaryTotal>", "90.00</cbc:LineEx", "+90.0</cbc:LineEx", "", false},
        {"BR-29", NULL, "2026-04-27</cbc:StartDate>", "2026-05-03</cbc:StartDate>", "", false},
        {"BR-CL-08", NULL, ">Week 18<", ">#AAI#Week 18<", "", false},
        {"BR-CL-22", NULL, "VATEX-EU-132-1G", "vatex-eu-132-1g", "", false},
        {"BR-51", NULL, "<cac:PayeeFinancialAccount>", "<cac:CardAccount><cbc:PrimaryAccountNumberID>\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2""1234"
         "</cbc:PrimaryAccountNumberID><cbc:NetworkID>Card</cbc:NetworkID></cac:CardAccount><cac:PayeeFinancialAccount>", "", false},
    };
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
        struct arena *a = arena_create(0);
        const struct mutation *m = &harmless[i];
        struct invoice_verdict v = fixture_judge(a, fixture_change(a, fixture_ubl(a, false), m->behind, m->from, m->to), INVOICE_EN16931);
        assert_int_equal(fixture_firings(&v, m->rule), 0);
        assert_true(v.is_valid);
        arena_destroy(&a);
    }
}

/* A bank's number for the creditor, the only one that the seller is known by, and the same without its scheme. */
static void test_a_creditor_number_does_not_identify_the_seller(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct str xml = fixture_change(a, fixture_ubl(a, false), SELLER, "\"0088\">4012345000009<", "\"SEPA\">GB29ZZZ123456<");
    xml = fixture_change(a, xml, SELLER, "<cbc:CompanyID>GB123456789</cbc:CompanyID>", "");
    struct invoice_verdict registered = fixture_judge(a, xml, INVOICE_EN16931);
    assert_int_equal(fixture_firings(&registered, "BR-CO-26"), 0);
    xml = fixture_change(a, xml, SELLER, "<cbc:CompanyID>01234567</cbc:CompanyID>", "");
    struct invoice_verdict unknown = fixture_judge(a, xml, INVOICE_EN16931);
    assert_int_equal(fixture_firings(&unknown, "BR-CO-26"), 1);
    struct invoice_verdict plain = fixture_judge(a, fixture_change(a, xml, SELLER, " schemeID=\"SEPA\"", ""), INVOICE_EN16931);
    assert_int_equal(fixture_firings(&plain, "BR-CO-26"), 0);
    arena_destroy(&a);
}

static unsigned firings(struct arena *a, struct str xml, const char *rule)
{
    struct invoice_verdict v = fixture_judge(a, xml, INVOICE_EN16931);
    return fixture_firings(&v, rule);
}

/* Split payment beside an entry of the breakdown that is standard rated; white space makes its code another one. */
static void test_split_payment_excludes_the_standard_rate(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct str xml = fixture_change(a, fixture_ubl(a, false), "<cbc:ID>2</cbc:ID>", "<cbc:ID>S</cbc:ID>", "<cbc:ID>B</cbc:ID>");
    xml = fixture_change(a, xml, "<cbc:AllowanceChargeReason>Travel", "<cbc:ID>S</cbc:ID>", "<cbc:ID>Z</cbc:ID>");
    assert_int_equal(firings(a, xml, "BR-B-01"), 1);
    assert_int_equal(firings(a, xml, "BR-B-02"), 1);
    assert_int_equal(firings(a, fixture_change(a, xml, NULL, "<cbc:ID>S</cbc:ID>", "<cbc:ID> S</cbc:ID>"), "BR-B-02"), 0);
    xml = fixture_change(a, xml, NULL, "<cbc:ID>B</cbc:ID>", "<cbc:ID>B </cbc:ID>");
    assert_int_equal(firings(a, xml, "BR-B-01"), 0);
    assert_int_equal(firings(a, xml, "BR-B-02"), 0);
    arena_destroy(&a);
}

static void test_the_entry_for_ipsi_is_named_exactly(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct str xml = fixture_change(a, fixture_ubl(a, false), "<cac:InvoiceLine>", "<cbc:ID>E</cbc:ID>", "<cbc:ID> M </cbc:ID>");
    assert_int_equal(firings(a, xml, "BR-AG-01"), 1);
    xml = fixture_change(a, xml, "<cac:TaxSubtotal>", "<cbc:ID>E</cbc:ID>", "<cbc:ID>M</cbc:ID>");
    assert_int_equal(firings(a, xml, "BR-AG-01"), 0);
    assert_int_equal(firings(a, fixture_change(a, xml, "<cac:TaxSubtotal>", "<cbc:ID>M</cbc:ID>", "<cbc:ID>M </cbc:ID>"), "BR-AG-01"), 1);
    arena_destroy(&a);
}

static void test_extras_are_warnings_once_a_document(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct str xml = fixture_change(a, fixture_ubl(a, false), "<cac:InvoiceLine>", "<cbc:ID>1</cbc:ID>", "<cbc:ID>1</cbc:ID><cbc:UUID>u</cbc:UUID>");
    xml = fixture_change(a, xml, "<cbc:ID>2</cbc:ID>", "<cbc:InvoicedQuantity", "<cbc:UUID>u</cbc:UUID><cbc:InvoicedQuantity");
    xml = fixture_change(a, xml, NULL, "<cbc:ProfileID>", "<cbc:ProfileID schemeID=\"x\" schemeName=\"y\">");
    struct invoice_verdict v = fixture_judge(a, xml, INVOICE_EN16931);
    assert_true(v.is_valid);
    assert_int_equal(fixture_firings(&v, "UBL-CR-515"), 1);
    assert_int_equal(fixture_firings(&v, "UBL-CR-649"), 1);
    assert_int_equal(fixture_firings(&v, "UBL-DT-08"), 1);
    assert_int_equal(v.n, 3);
    arena_destroy(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_mutation_breaks_its_rule),
        cmocka_unit_test(test_near_misses_stay_silent),
        cmocka_unit_test(test_a_creditor_number_does_not_identify_the_seller),
        cmocka_unit_test(test_split_payment_excludes_the_standard_rate),
        cmocka_unit_test(test_the_entry_for_ipsi_is_named_exactly),
        cmocka_unit_test(test_extras_are_warnings_once_a_document),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, NULL);
}
