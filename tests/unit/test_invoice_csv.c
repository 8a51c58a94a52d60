/* Invoices as CSV: what people write becomes the model, the rules judge it with the row's line, and what cannot be meant is refused with the reason. */
#include "tests/unit/invoice_fixture.h"


#define HEADING "invoice_no,invoice_date,order_no,order_line,service_code,period_start,period_end,quantity,unit,unit_price,net,vat_category,vat_rate\n"
#define ROW "INV-7,2026-05-04,K7M2-4QXP,1,MV,27/04/2026,3 5 2026,4,hours,20.00,80.00,O,\n"

static struct invoice *read_rows(struct arena *a, const char *bytes, struct invoice_verdict *ret, struct err *e)
{
    return invoice_read(a, str_of(bytes), INVOICE_EN16931, NULL, ret, e);
}

static void test_rows_become_an_invoice(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct err e = {{0}};
    struct invoice_verdict v;
    struct invoice *inv = read_rows(a, "\xEF\xBB\xBF" HEADING ROW "INV-7,2026-05-04,K7M2-4QXP,2,\"MV, late\",,,0.5,HUR,20.00,10.00,O,\r\n", &v, &e);
    if (!inv)
        fail_msg("%s", e.text);
    assert_true(v.is_valid);
    assert_int_equal(v.n, 0);
    assert_int_equal(inv->lines.n, 2);
    assert_string_equal(inv->issue_date.text, "2026-05-04");
    assert_string_equal(inv->lines.items[0].period_start.text, "2026-04-27");
    assert_string_equal(inv->lines.items[0].period_end.text, "2026-05-03");
    assert_string_equal(inv->lines.items[0].unit.text, "HUR");
    assert_string_equal(inv->lines.items[1].order_line.text, "K7M2-4QXP/2");
    assert_string_equal(inv->lines.items[1].name.text, "MV, late");
    assert_string_equal(inv->due.text, "90.00");
    assert_null(inv->vat.items[0].rate.text);
    arena_destroy(&a);
}

static void test_vat_is_worked_out(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct err e = {{0}};
    struct invoice_verdict v;
    struct invoice *inv = read_rows(a, "vat_number,net,unit_price,unit,quantity,order_no,invoice_date,invoice_no,vat_category,vat_rate,description\n"
                                       "GB123456789,10.03,10.03,item,1,K7M2-4QXP,2026-05-04,8,S,20,Rail\nGB123456789,20.00,20,hour,1,K7M2-4QXP,2026-05-04,8,E,,Care\n", &v, &e);
    if (!inv)
        fail_msg("%s", e.text);
    assert_true(v.is_valid);
    assert_string_equal(inv->vat_total.text, "2.01");
    assert_string_equal(inv->due.text, "32.04");
    assert_string_equal(inv->vat.items[1].reason_code.text, "VATEX-EU-132-1G");
    arena_destroy(&a);
}

static void test_findings_name_the_row(void **state)
{
    (void)state;
    static const struct {
        const char *rows, *rule;
        long line;
    } cases[] = {
        {ROW "INV-7,2026-05-04,K7M2-4QXP,1,MV,,,4,furlong,20.00,80.00,O,\n", "BR-CL-23", 3},
        {"INV-7,2026-05-04,K7M2-4QXP,1,MV,2026-05-03,2026-05-01,4,hour,20.00,80.00,O,\n", "BR-30", 2},
        {ROW "INV-7,2026-05-04,K7M2-4QXP,1,MV,,,4,hour,-20.00,-80.00,O,\n", "BR-27", 3},
        {"INV-7,2026-05-04,K7M2-4QXP,1,MV,,,4,hour,20.00,80.00,E,\n", "BR-E-02", 0},
        {"INV-7,,K7M2-4QXP,1,MV,,,4,hour,20.00,80.00,O,\n", "BR-03", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_create(0);
        struct err e = {{0}};
        struct invoice_verdict v;
        assert_non_null(read_rows(a, arena_printf(a, "%s%s", HEADING, cases[i].rows), &v, &e));
        assert_false(v.is_valid);
        bool found = false;
        for (size_t k = 0; k < v.n; k++)
            found = found || (strcmp(v.findings[k].id, cases[i].rule) == 0 && v.findings[k].line == cases[i].line);
        if (!found)
            fail_msg("%s does not fire at line %ld", cases[i].rule, cases[i].line);
        arena_destroy(&a);
    }
}

static void test_refused_with_a_reason(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *reason;
    } cases[] = {
        {"invoice_no,invoice_date\n1,2026-05-04\n", "order_no is missing"},
        {HEADING "\"INV-7,2026\n", "quotation mark"},
        {"invoice_no,colour\n", "\"colour\" is not known"},
        {"invoice_no,invoice_no\n", "twice"},
        {HEADING ROW "INV-8,2026-05-04,K7M2-4QXP,1,MV,,,4,hour,20.00,80.00,O,\n", "send one file for each"},
        {HEADING "INV-7,2026-02-30,K7M2-4QXP,1,MV,,,4,hour,20.00,80.00,O,\n", "line 2: invoice_date"},
        {HEADING "INV-7,2026-05-04,K7M2-4QXP,1,MV,,,four,hour,20.00,80.00,O,\n", "quantity is \"four\""},
        {HEADING "INV-7,2026-05-04,K7M2-4QXP,1,MV,,,4,hour,20.00,80.005,O,\n", "pounds and pence"},
        {HEADING "INV-7,2026-05-04,K7M2-4QXP,1,MV,,,4,hour,20.00,80.00,S,high\n", "no VAT rate"},
        {HEADING ",2026-05-04,K7M2-4QXP,1,MV,,,4,hour,20.00,80.00,O,\n", "invoice number"},
        {HEADING "INV-7,2026-05-04\n", "is no number"},
        {HEADING "\xFF\n", "UTF-8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_create(0);
        struct err e = {{0}};
        struct invoice_verdict v;
        assert_null(read_rows(a, cases[i].bytes, &v, &e));
        if (!strstr(e.text, cases[i].reason))
            fail_msg("\"%s\" does not say \"%s\"", e.text, cases[i].reason);
        arena_destroy(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows_become_an_invoice), cmocka_unit_test(test_vat_is_worked_out),
                                       cmocka_unit_test(test_findings_name_the_row), cmocka_unit_test(test_refused_with_a_reason)};
    return cmocka_run_group_tests(tests, fixture_set_up, NULL);
}
