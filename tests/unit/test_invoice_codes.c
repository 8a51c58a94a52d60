/* The code lists: searchable, without the codes that were withdrawn, and with those that the editions named beside them added. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/base/xml.h"
#include "payments/invoice/codelist.h"
#include "payments/invoice/invoice.h"

static const struct {
    const struct code_list *list;
    const char *name, *in, *out; /* words apart by a space */
} lists[] = {
    {&code_unit, "units", "HUR DAY C62 EA H87 KGM KMT MIN MON WEE ANN XPP XBX XZZ ZZ SM3 NM3", "PCE hur X HOURS"},
    {&code_object_scheme, "objects", "ABT AXU ZZZ", "AX Z"},
    {&code_note_subject, "subjects", "AAI BAS BLC BME CCI REG SUR TXD", "AA ZZ BAT BBB BMH CCO"},
    {&code_cii_note_subject, "subjects of CII", "BAT BBB BMH CCO", "AAI BMX"},
    {&code_item_scheme, "items", "STI EMD GMN PPI TSU ZZZ", "CVD A"},
    {&code_country, "countries", "GB IE XI 1A GR", "EL UK AN EU"},
    {&code_currency, "currencies", "GBP EUR CNH XCG VED VES ZWG MRU STD UYW SLE", "ANG BGN CUC HRK MRO STN XAD VEF SLL BYR ZWL"},
    {&code_peppol_currency, "Peppol currencies", "GBP EUR CNH XCG", "ANG BGN HRK ZWL"},
    {&code_icd, "ICD", "0002 0060 0088 0130 0135 0142 0151 0160 0183 0235 0240 0241 0244 0245 0248", "0000 0092 0103 0249 9932 SEPA"},
    {&code_endpoint, "EAS", "0088 0154 0158 0177 0225 0235 0240 0242 0244 0245 0246 0248 9932 9959 EM", "9901 9906 9955 9956 9958 0241 0247"},
    {&code_peppol_endpoint, "Peppol EAS", "0088 0225 0242 0244 0245 0248 9932 9959", "0037 9901 EM"},
    {&code_invoice_type, "invoices", "71 380 384 389 471 472 473 500 501 751 877 935", "381 396 502 503 400"},
    {&code_credit_note_type, "credit notes", "81 83 261 381 396 502 503 532", "380 384 501"},
    {&code_peppol_invoice_type, "Peppol invoices", "71 326 380 384 877", "389 381 471 501"},
    {&code_peppol_credit_note_type, "Peppol credit notes", "81 83 381 396 532", "261 502 380"},
    {&code_tax_point, "VAT points", "3 35 432", "5 29 72"},
    {&code_cii_tax_point, "VAT points of CII", "5 29 72", "35 432"},
    {&code_vat_category, "VAT categories", "S Z E AE K G O L M B", "AA IC s"},
    {&code_payment_means, "payment means", "1 10 30 49 58 59 68 97 98 ZZZ", "0 71 72 73 99 100"},
    {&code_allowance_reason, "allowances", "41 95 100 105", "1 43 FC ZZZ"},
    {&code_charge_reason, "charges", "AA FC PRV ZZZ", "95 A"},
    {&code_vatex, "VATEX", "VATEX-EU-132-1G VATEX-EU-135-1 VATEX-EU-144 VATEX-EU-153 VATEX-EU-AE VATEX-FR-FRANCHISE VATEX-FR-CGI261E-2", "VATEX-EU VATEX-GB VATEX-EU-S"},
    {&code_mime, "media types", "application/pdf text/csv", "application/xml text/plain"},
};

static void each_word(const struct code_list *list, const char *name, const char *words, bool wanted)
{
    char word[40];
    for (int n; sscanf(words, "%39s%n", word, &n) == 1; words += n)
        if (code_is_in(list, word) != wanted)
            fail_msg("%s %s %s", name, wanted ? "miss" : "have", word);
}

static void test_lists_have_their_codes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        each_word(lists[i].list, lists[i].name, lists[i].in, true);
        each_word(lists[i].list, lists[i].name, lists[i].out, false);
    }
}

/* A list out of order loses codes without a word. */
static void test_lists_are_sorted(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (size_t k = 1; k < lists[i].list->n; k++)
            if (strcmp(lists[i].list->codes[k - 1], lists[i].list->codes[k]) >= 0)
                fail_msg("%s: %s stands before %s", lists[i].name, lists[i].list->codes[k - 1], lists[i].list->codes[k]);
}

/* The two syntaxes do not agree about countries that came and went. */
static void test_countries_of_cii(void **state)
{
    static const struct {
        const char *code;
        bool is_known;
    } cases[] = {{"GB", true}, {"AN", true}, {"SS", false}, {"UK", false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_create(0);
        struct invoice_verdict v;
        struct err e = {{0}};
        const char *xml = arena_printf(a, "<CrossIndustryInvoice xmlns=\"urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100\"><CountryID "
                                          "xmlns=\"urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100\">%s</CountryID>"
                                          "</CrossIndustryInvoice>", cases[i].code);
        assert_non_null(invoice_read(a, str_of(xml), INVOICE_EN16931, NULL, &v, &e));
        bool fired = false;
        for (size_t k = 0; k < v.n; k++)
            fired = fired || strcmp(v.findings[k].id, "BR-CL-14") == 0;
        assert_int_equal(fired, !cases[i].is_known);
        arena_destroy(&a);
    }
}

static int set_up(void **state)
{
    (void)state;
    xml_init();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lists_have_their_codes), cmocka_unit_test(test_lists_are_sorted),
                                       cmocka_unit_test(test_countries_of_cii)};
    return cmocka_run_group_tests(tests, set_up, NULL);
}
