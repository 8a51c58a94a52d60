/* Hostile and huge documents: refused with a reason, or judged in time linear in their size; the second profile and the second syntax. */
#include "tests/unit/invoice_fixture.h"

#include <stdlib.h>
#include <time.h>

#include "daemon/base/xml.h"
#include "payments/invoice/check_digits.h"

#define CII_FILE "tests/fuzz/corpus/invoice_cii/care.xml"

static struct str read_whole(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    struct buf b = {0};
    buf_reserve(&b, 64 * 1024);
    b.n = fread(b.p, 1, 64 * 1024, f);
    fclose(f);
    struct str s = {arena_strndup(a, b.p, b.n), b.n};
    buf_finish(&b);
    return s;
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const documents[] = {
        "", "x", "<a/>", "<Invoice/>", "<Invoice xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2\">",
        "<!DOCTYPE a [<!ENTITY e \"x\">]><Invoice xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2\">&e;</Invoice>",
        "<Order xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Order-2\"/>"};
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        struct arena *a = arena_create(0);
        struct err e = {{0}};
        struct invoice_verdict v;
        assert_null(invoice_read(a, str_of(documents[i]), INVOICE_EN16931, NULL, &v, &e));
        assert_true(e.text[0]);
        struct buf out = {0};
        assert_false(invoice_read_json(str_of(documents[i]), &out, &e));
        buf_finish(&out);
        arena_destroy(&a);
    }
}

#define SBDH "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"

/* What lies around a document does not change it: an envelope, whose namespaces it may use, or an empty line in front. */
static void test_envelopes(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct str plain = fixture_ubl(a, false);
    const char *root = strstr(plain.p, "<Invoice");
    static const char names[] = " xmlns:cac=\"urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2\""
                                " xmlns:cbc=\"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2\"";
    const char *bare = fixture_change(a, fixture_change(a, str_of(root), NULL, strstr(names, " xmlns:cbc"), ""), NULL,
                                      arena_strndup(a, names, (size_t)(strstr(names, " xmlns:cbc") - names)), "").p;
    const char *const around[] = {
        arena_printf(a, "\n \r\n%s", plain.p),
        arena_printf(a, "<StandardBusinessDocument xmlns='" SBDH "'><StandardBusinessDocumentHeader/>%s</StandardBusinessDocument>", root),
        arena_printf(a, "<s:StandardBusinessDocument xmlns:s='" SBDH "'%s><s:StandardBusinessDocumentHeader/>%s</s:StandardBusinessDocument>", names, bare)};
    for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
        struct err e = {{0}};
        struct invoice_verdict v;
        struct invoice *inv = invoice_read(a, str_of(around[i]), INVOICE_EN16931, NULL, &v, &e);
        if (!inv || !v.is_valid)
            fail_msg("%zu: %s %s", i, e.text, inv && v.n ? v.findings[0].id : "");
        assert_string_equal(inv->number.text, "2026-0117");
        assert_string_equal(inv->lines.items[1].name.text, "Grab rail");
    }
    static const char *const others[] = {"<StandardBusinessDocument xmlns='" SBDH "'/>", "<StandardBusinessDocument xmlns='" SBDH "'><a/><b/></StandardBusinessDocument>", "%PDF-1.7\n"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct err e = {{0}};
        struct invoice_verdict v;
        assert_null(invoice_read(a, str_of(others[i]), INVOICE_EN16931, NULL, &v, &e));
        assert_non_null(strstr(e.text, i < 2 ? "StandardBusinessDocument" : "is a PDF"));
    }
    arena_destroy(&a);
}

/* A date may say its zone: the day that is written is meant. */
static void test_zoned_dates(void **state)
{
    (void)state;
    static const char *const dates[][2] = {{"2026-05-04Z", "2026-05-04"}, {"2026-05-04+01:00", "2026-05-04"}, {"2026-05-04X", "2026-05-04X"}, {"2026-02-30Z", "2026-02-30Z"}, {"20260504", "20260504"}};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        struct arena *a = arena_create(0);
        struct err e = {{0}};
        struct invoice_verdict v;
        struct str xml = fixture_change(a, fixture_ubl(a, false), "<cbc:IssueDate>", "2026-05-04", dates[i][0]);
        const struct invoice *inv = invoice_read(a, xml, INVOICE_EN16931, NULL, &v, &e);
        assert_non_null(inv);
        assert_string_equal(inv->issue_date.text, dates[i][1]);
        arena_destroy(&a);
    }
}

/* An invoice without content is read; the verdict says what is missing. */
static void test_empty(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct invoice_verdict v = fixture_judge(a, str_of("<Invoice xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2\"/>"), INVOICE_EN16931);
    assert_false(v.is_valid);
    assert_int_equal(fixture_firings(&v, "BR-02"), 1);
    assert_int_equal(fixture_firings(&v, "BR-16"), 1);
    assert_string_equal(v.findings[0].path, "/Invoice");
    arena_destroy(&a);
}

static void test_peppol(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct str xml = fixture_change(a, fixture_ubl(a, false), NULL, ">urn:cen.eu:en16931:2017<",
                                    ">urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0<");
    xml = fixture_change(a, xml, NULL, ">389<", ">380<");
    struct invoice_verdict v = fixture_judge(a, xml, INVOICE_PEPPOL);
    for (size_t i = 0; i < v.n; i++)
        print_message("%s %s\n", v.findings[i].id, v.findings[i].path);
    assert_true(v.is_valid);
    assert_string_equal(v.ruleset, "en16931-ubl-1.3.16+peppol-bis-3.0.21");

    static const struct {
        const char *behind, *from, *to, *id;
    } cases[] = {{NULL, ">380<", ">389<", "PEPPOL-EN16931-P0100"},
                 {NULL, "billing:01:1.0<", "billing:1:1.0<", "PEPPOL-EN16931-R007"},
                 {NULL, "billing:3.0<", "billing:2.0<", "PEPPOL-EN16931-R004"},
                 {NULL, ">4012345000009<", ">4012345000008<", "PEPPOL-COMMON-R040"},
                 {NULL, "schemeID=\"9932\"", "schemeID=\"9999\"", "PEPPOL-EN16931-CL008"},
                 {NULL, "2026-05-04<", "04.05.2026<", "PEPPOL-EN16931-F001"},
                 {"<cac:InvoiceLine>", ">80.00<", ">90.00<", "PEPPOL-EN16931-R120"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        v = fixture_judge(a, fixture_change(a, xml, cases[i].behind, cases[i].from, cases[i].to), INVOICE_PEPPOL);
        if (!fixture_firings(&v, cases[i].id))
            fail_msg("%s does not fire", cases[i].id);
    }
    arena_destroy(&a);
}

static void test_check_digits(void **state)
{
    (void)state;
    static const struct {
        bool (*is)(const char *);
        const char *good, *bad;
    } cases[] = {{is_gln, "4012345000009", "4012345000008"},
                 {is_norwegian_organisation, "974760673", "974760674"},
                 {is_danish_cvr, "DK10150817", "DK1015081"},
                 {is_belgian_enterprise, "0202239951", "0202239952"},
                 {is_swedish_organisation, "2021005489", "2021005488"},
                 {is_australian_business, "51824753556", "51824753557"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (!cases[i].is(cases[i].good) || cases[i].is(cases[i].bad) || cases[i].is("") || cases[i].is("99999999999999999999999"))
            fail_msg("case %zu (%s)", i, cases[i].good);
    }
}

static void test_cii(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct str xml = read_whole(a, CII_FILE);
    struct invoice_verdict v = fixture_judge(a, xml, INVOICE_EN16931);
    assert_true(v.is_valid && v.n == 0);
    assert_string_equal(v.ruleset, "en16931-cii-1.3.16");

    static const struct {
        const char *behind, *from, *to, *id;
    } cases[] = {{NULL, "<ram:ID>2026-0117</ram:ID>", "", "BR-02"},
                 {NULL, ">380<", ">000<", "BR-CL-01"},
                 {NULL, "HUR", "HOUR", "BR-CL-23"},
                 {"LineTotalAmount", ">80.00<", ">81.00<", "BR-CO-10"},
                 {"HeaderMonetarySummation", "<ram:GrandTotalAmount>92.00<", "<ram:GrandTotalAmount>93.00<", "BR-CO-15"},
                 {"HeaderTradeSettlement", ">2.00<", ">9.00<", "BR-CO-17"},
                 {NULL, "<ram:ExemptionReason>Welfare services</ram:ExemptionReason>", "", "BR-E-10"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        v = fixture_judge(a, fixture_change(a, xml, cases[i].behind, cases[i].from, cases[i].to), INVOICE_EN16931);
        if (v.is_valid || !fixture_firings(&v, cases[i].id))
            fail_msg("%s does not fire", cases[i].id);
    }

    /* Written as UBL it stays valid. */
    struct err e = {{0}};
    struct buf out = {0};
    struct invoice *inv = invoice_read(a, xml, INVOICE_EN16931, NULL, &v, &e);
    assert_true(invoice_write(inv, &out, &e));
    v = fixture_judge(a, buf_str(&out), INVOICE_EN16931);
    assert_true(v.is_valid && v.n == 0);
    buf_finish(&out);
    arena_destroy(&a);
}

/* Everything that rules sum up or look for, n times: lines, allowances and VAT groups with as many rates. */
static struct str huge(struct arena *a, unsigned n)
{
    struct buf b = {0};
    buf_adds(&b, "<Invoice xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2\" "
                 "xmlns:cac=\"urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2\" "
                 "xmlns:cbc=\"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2\"><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>");
    for (unsigned i = 0; i < n; i++)
        buf_addf(&b,
                 "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount>1</cbc:Amount><cac:TaxCategory><cbc:ID>S</cbc:ID>"
                 "<cbc:Percent>%u</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:AllowanceCharge>",
                 i);
    buf_adds(&b, "<cac:TaxTotal>");
    for (unsigned i = 0; i < n; i++)
        buf_addf(&b,
                 "<cac:TaxSubtotal><cbc:TaxableAmount>1</cbc:TaxableAmount><cbc:TaxAmount>1</cbc:TaxAmount><cac:TaxCategory><cbc:ID>S</cbc:ID>"
                 "<cbc:Percent>%u</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal>",
                 i);
    buf_adds(&b, "</cac:TaxTotal>");
    for (unsigned i = 0; i < n; i++)
        buf_addf(&b,
                 "<cac:InvoiceLine><cbc:ID>%u</cbc:ID><cbc:LineExtensionAmount>2</cbc:LineExtensionAmount><cac:Item><cbc:Name>x</cbc:Name><cac:ClassifiedTaxCategory>"
                 "<cbc:ID>S</cbc:ID><cbc:Percent>%u</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item></cac:InvoiceLine>",
                 i, i);
    buf_adds(&b, "</Invoice>");
    struct str s = {arena_strndup(a, b.p, b.n), b.n};
    buf_finish(&b);
    return s;
}

/* Of the processor: what else the machine does has no part in it. */
static double judge_seconds(unsigned n)
{
    struct arena *a = arena_create(INVOICE_ARENA_BYTES);
    struct str xml = huge(a, n);
    double best = 1e9;
    for (int i = 0; i < 2; i++) {
        struct arena *work = arena_create(INVOICE_ARENA_BYTES);
        struct timespec from, to;
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
        struct invoice_verdict v = fixture_judge(work, xml, INVOICE_PEPPOL);
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
        assert_false(v.is_valid);
        assert_true(v.n <= INVOICE_FINDINGS_MAX);
        double seconds = (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec);
        best = seconds < best ? seconds : best;
        arena_destroy(&work);
    }
    arena_destroy(&a);
    return best;
}

/* Eight times as much would take 64 times as long if anything were compared pair by pair. */
static void test_linear(void **state)
{
    (void)state;
    double small = judge_seconds(500), large = judge_seconds(4000);
    print_message("500 of each %.1f ms, 4000 of each %.1f ms\n", 1000 * small, 1000 * large);
    assert_true(large < 30 * small + 0.05);
}

static int setup(void **state)
{
    (void)state;
    xml_init();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_refused), cmocka_unit_test(test_envelopes), cmocka_unit_test(test_zoned_dates),
                                       cmocka_unit_test(test_empty), cmocka_unit_test(test_peppol), cmocka_unit_test(test_check_digits),
                                       cmocka_unit_test(test_cii), cmocka_unit_test(test_linear)};
    return cmocka_run_group_tests(tests, setup, NULL);
}
