/* Writing and reading back: what goes out is valid and says the same when it comes in again, as UBL and as JSON. */
#include "tests/unit/invoice_fixture.h"


static void print_findings(const struct invoice_verdict *v)
{
    for (size_t i = 0; i < v->n; i++)
        print_message("%s %s %s\n", v->findings[i].id, v->findings[i].path, v->findings[i].advice);
}

static void check_clean(struct arena *a, struct str xml)
{
    struct invoice_verdict v = fixture_judge(a, xml, INVOICE_EN16931);
    print_findings(&v);
    assert_true(v.is_valid);
    assert_int_equal(v.n, 0);
}

static void test_written_documents_break_no_rule(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    check_clean(a, fixture_ubl(a, false));
    check_clean(a, fixture_ubl(a, true));
    arena_destroy(&a);
}

static struct str json_of(struct arena *a, struct str xml, bool plain)
{
    struct err e = {{0}};
    struct invoice_verdict v;
    struct invoice *inv = invoice_read(a, xml, INVOICE_EN16931, NULL, &v, &e);
    assert_non_null(inv);
    struct buf b = {0};
    invoice_write_json(inv, &b);
    if (plain) { /* without the lines of the document: parsed and written once more */
        struct invoice *again = invoice_parse_json(a, (struct str){arena_strndup(a, b.p, b.n), b.n}, &e);
        assert_non_null(again);
        b.n = 0;
        invoice_write_json(again, &b);
    }
    struct str s = {arena_strndup(a, b.p, b.n), b.n};
    buf_finish(&b);
    return s;
}

static void check_round_trip(bool credit_note)
{
    struct arena *a = arena_create(0);
    struct err e = {{0}};
    struct str xml = fixture_ubl(a, credit_note), json = json_of(a, xml, true);
    struct invoice *inv = invoice_parse_json(a, json, &e);
    struct buf b = {0};
    assert_true(invoice_write(inv, &b, &e));
    assert_string_equal(b.p, xml.p);
    buf_finish(&b);
    arena_destroy(&a);
}

static void test_reading_back_gives_the_same_model(void **state)
{
    (void)state;
    check_round_trip(false);
    check_round_trip(true);
}

/* What UBL keeps elsewhere: the subject of a note, the due date of a credit note. */
static void test_what_cii_says_is_kept_in_ubl(void **state)
{
    (void)state;
    static const struct {
        const char *type, *root;
    } types[] = {{"380", "<Invoice "}, {"389", "<Invoice "}, {"381", "<CreditNote "}, {"261", "<CreditNote "}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct arena *a = arena_create(0);
        struct err e = {{0}};
        struct invoice *inv = invoice_parse_json(a, str_of(fixture_json), &e);
        inv->syntax = SYNTAX_CII;
        inv->type.text = types[i].type;
        inv->notes.items[0].subject.text = "AAI";
        inv->attachments.items[0].filename.text = "a\nb\tc";
        inv->terms.text = "30 days\r\nthen 60";
        struct buf b = {0};
        assert_true(invoice_write(inv, &b, &e));
        assert_non_null(strstr(b.p, types[i].root));
        assert_non_null(strstr(b.p, "<cbc:Note>#AAI#Week 18</cbc:Note>"));
        struct invoice_verdict v;
        struct invoice *back = invoice_read(a, buf_str(&b), INVOICE_EN16931, NULL, &v, &e);
        assert_true(v.is_valid);
        assert_string_equal(back->notes.items[0].subject.text, "AAI");
        assert_string_equal(back->notes.items[0].text.text, "Week 18");
        assert_string_equal(back->due_date.text, inv->due_date.text);
        assert_string_equal(back->attachments.items[0].filename.text, "a\nb\tc");
        assert_string_equal(back->terms.text, "30 days\r\nthen 60");
        buf_finish(&b);
        arena_destroy(&a);
    }
}

/* An allowance stays one even before its amount is known. */
static void test_adjustments_without_amount_keep_their_kind(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct err e = {{0}};
    struct invoice *inv = invoice_parse_json(a, str_of(fixture_json), &e);
    inv->allowances.items[0].amount.text = inv->charges.items[0].amount.text = NULL;
    struct buf b = {0};
    assert_true(invoice_write(inv, &b, &e));
    struct invoice_verdict v;
    struct invoice *back = invoice_read(a, buf_str(&b), INVOICE_EN16931, NULL, &v, &e);
    assert_int_equal(back->allowances.n, 1);
    assert_int_equal(back->charges.n, 1);
    assert_string_equal(back->charges.items[0].reason.text, "Travel");
    buf_finish(&b);
    arena_destroy(&a);
}

/* Only a subject that exists is one: anything else is text. */
static void test_a_note_may_begin_with_a_hash(void **state)
{
    (void)state;
    static const char *const texts[] = {"#1 of 2", "#XX1#x", "#AAI", "##", "#AAIX#x"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct arena *a = arena_create(0);
        struct str xml = fixture_change(a, fixture_ubl(a, false), NULL, "<cbc:Note>Week 18", arena_printf(a, "<cbc:Note>%s", texts[i]));
        struct err e = {{0}};
        struct invoice_verdict v;
        struct invoice *inv = invoice_read(a, xml, INVOICE_EN16931, NULL, &v, &e);
        assert_null(inv->notes.items[0].subject.text);
        assert_string_equal(inv->notes.items[0].text.text, texts[i]);
        arena_destroy(&a);
    }
}

static void test_values_know_their_line(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct str json = json_of(a, fixture_ubl(a, false), false);
    assert_non_null(strstr(json.p, "\"number\":{\"text\":\"2026-0117\",\"line\":5}"));
    arena_destroy(&a);
}

static void test_markup_is_escaped(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct err e = {{0}};
    struct invoice *inv = invoice_parse_json(a, str_of(fixture_json), &e);
    inv->seller.name.text = "Brook & <Son> \"Ltd\"";
    struct buf b = {0};
    assert_true(invoice_write(inv, &b, &e));
    struct invoice_verdict v;
    struct invoice *back = invoice_read(a, buf_str(&b), INVOICE_EN16931, NULL, &v, &e);
    assert_non_null(back);
    assert_string_equal(back->seller.name.text, "Brook & <Son> \"Ltd\"");
    buf_finish(&b);
    arena_destroy(&a);
}

static void test_json_is_refused_with_a_reason(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct err e = {{0}};
    assert_null(invoice_parse_json(a, STR("{\"number\":\"1\"}"), &e));
    assert_non_null(strstr(e.text, "syntax"));
    assert_null(invoice_parse_json(a, STR("{\"syntax\":\"ubl-invoice\",\"number\":1}"), &e));
    assert_non_null(strstr(e.text, "number"));
    assert_null(invoice_parse_json(a, STR("{\"syntax\":\"ubl-invoice\",\"lines\":{}}"), &e));
    assert_non_null(strstr(e.text, "lines"));
    arena_destroy(&a);
}

static void test_jail_function_gives_one_object(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct err e = {{0}};
    struct buf out = {0};
    assert_true(invoice_read_json(fixture_ubl(a, false), &out, &e));
    assert_non_null(strstr(out.p, "\"valid\":true,\"rules\":[],\"model\":{"));
    out.n = 0;
    assert_false(invoice_read_json(STR("<a/>"), &out, &e));
    assert_int_equal(out.n, 0);
    assert_false(invoice_read_json(STR("<!DOCTYPE a><a/>"), &out, &e));
    buf_finish(&out);
    arena_destroy(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_written_documents_break_no_rule), cmocka_unit_test(test_reading_back_gives_the_same_model),
        cmocka_unit_test(test_values_know_their_line),          cmocka_unit_test(test_markup_is_escaped),
        cmocka_unit_test(test_json_is_refused_with_a_reason),   cmocka_unit_test(test_jail_function_gives_one_object),
        cmocka_unit_test(test_what_cii_says_is_kept_in_ubl),    cmocka_unit_test(test_a_note_may_begin_with_a_hash),
        cmocka_unit_test(test_adjustments_without_amount_keep_their_kind),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, NULL);
}
