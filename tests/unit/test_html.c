/* Hostile text at every place where a template may write it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/base/civil.h"
#include "web/html/html.h"

#define BAD "\xEF\xBF\xBD"

typedef void writer(struct html *o, const char *s);

struct row {
    writer *write;
    const char *in, *out;
};

static const struct row rows[] = {
    {html_text, NULL, ""},
    {html_text, "", ""},
    {html_text, "plain é 名 😀", "plain é 名 😀"},
    {html_text, "<script>alert('1')</script>", "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"},
    {html_text, "\" onmouseover=\"x", "&quot; onmouseover=&quot;x"},
    {html_text, "&lt;", "&amp;lt;"},
    {html_text, "a\nb\tc", "a\nb\tc"},
    {html_text, "a\x01z\x1b\x7f", "a" BAD "z" BAD BAD},
    {html_text, "\xC0\xAF", BAD BAD},                  /* overlong slash */
    {html_text, "\xED\xA0\x80", BAD BAD BAD},          /* surrogate */
    {html_text, "\xF4\x90\x80\x80", BAD BAD BAD BAD},  /* above U+10FFFF */
    {html_text, "cut \xE2\x82", "cut " BAD BAD},
    {html_text, "\xE2<b>", BAD "&lt;b&gt;"},           /* a start byte swallows no markup */
    {html_lines, "a\nb<\n", "a<br>b&lt;<br>"},
    {html_lines, NULL, ""},
    {html_url_part, "a b/c?d#e&f%", "a%20b%2Fc%3Fd%23e%26f%25"},
    {html_url_part, "javascript:x", "javascript%3Ax"},
    {html_url_part, "é\"'<>", "%C3%A9%22%27%3C%3E"},
    {html_url_part, "A-z_0.9~", "A-z_0.9~"},
    {html_url_part, "\xFF", "%EF%BF%BD"},
    {html_url, NULL, ""},
    {html_url, "", ""},
    {html_url, "/orders/K7M2-4QXP?a=1&b=2", "/orders/K7M2-4QXP?a=1&amp;b=2"},
    {html_url, "#top", "#top"},
    {html_url, "?page=2", "?page=2"},
    {html_url, "https://example.org/\"x", "https://example.org/&quot;x"},
    {html_url, "mailto:a@example.org", "mailto:a@example.org"},
    {html_url, "tel:01614960000", "tel:01614960000"},
    {html_url, "javascript:alert(1)", "#"},
    {html_url, "JAVASCRIPT:alert(1)", "#"},
    {html_url, " javascript:alert(1)", "#"},
    {html_url, "java\nscript:alert(1)", "#"},
    {html_url, "data:text/html,x", "#"},
    {html_url, "vbscript:x", "#"},
    {html_url, "//evil.example/", "#"},
    {html_url, "/\\evil.example/", "#"},
    {html_url, "/\t/evil.example/", "#"},
    {html_url, "orders", "#"},
    {html_url, "https:/x", "#"},
};

static void hostile_text_is_escaped(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out = {0};
        struct html o = {.out = &out};
        rows[i].write(&o, rows[i].in);
        assert_string_equal(out.p ? out.p : "", rows[i].out);
        buf_finish(&out);
    }
}

static void numbers_and_dates(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct buf out = {0};
    struct html o = {.out = &out, .arena = a};
    html_int(&o, INT64_MIN);
    html_lit(&o, "|");
    html_money(&o, -5);
    html_lit(&o, "|");
    html_money_plain(&o, 100000000);
    html_lit(&o, "|");
    html_date_brief(&o, civil_day((struct civil){2026, 5, 3}));
    html_lit(&o, "|");
    html_date(&o, CIVIL_NONE);
    html_lit(&o, "|");
    html_real(&o, 2.0);
    assert_string_equal(out.p, "-9223372036854775808|-£0.05|1000000.00|Sun 3 May||2.0");
    buf_finish(&out);
    arena_destroy(&a);
}

static void parts_keep_apart(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct buf out = {0};
    struct html o = {.out = &out, .arena = a};
    struct html empty = html_part(&o), part = html_part(&o);
    assert_string_equal(html_part_text(&empty), "");
    html_part_add(&part, "<b>");
    html_part_add(&part, NULL);
    html_text(&o, html_part_text(&part));
    assert_string_equal(out.p, "&lt;b&gt;");
    html_safe(&o, html_part_markup(&part));
    assert_string_equal(out.p, "&lt;b&gt;<b>");
    buf_finish(&out);
    arena_destroy(&a);
}

/* The widths of the parts of a drawn bar, in order. */
static size_t widths(const char *svg, long *ret, size_t max)
{
    size_t n = 0;
    for (const char *p = strstr(svg, " width=\""); p && n < max; p = strstr(p + 1, " width=\""))
        ret[n++] = strtol(p + 8, NULL, 10);
    return n;
}

static void money_bars_fill_their_width(void **state)
{
    (void)state;
    static const struct {
        int64_t spent, held, free;
        size_t n;
        long widths[3];
    } bars[] = {
        {234000, 41000, 225000, 3, {468, 82, 450}},
        {0, 0, 0, 1, {1000}},
        {0, 0, 5, 1, {1000}},
        {-5, 0, 10, 1, {1000}},
        {1, 1, 1, 3, {333, 333, 334}},
        {INT64_MAX, INT64_MAX, INT64_MAX, 3, {333, 333, 334}},
        {INT64_MAX, 0, 0, 1, {1000}},
    };
    for (size_t i = 0; i < sizeof bars / sizeof *bars; i++) {
        struct buf out = {0};
        struct html o = {.out = &out};
        long got[4] = {0};
        html_money_bar(&o, bars[i].spent, bars[i].held, bars[i].free);
        assert_int_equal(widths(out.p, got, 4), bars[i].n);
        for (size_t k = 0; k < bars[i].n; k++)
            assert_int_equal(got[k], bars[i].widths[k]);
        assert_null(strstr(out.p, "style"));
        assert_null(strstr(out.p, "<text"));
        buf_finish(&out);
    }
}

static void bars_stay_inside(void **state)
{
    (void)state;
    static const struct {
        int64_t value, max;
        long width;
    } bars[] = {{1, 4, 250}, {9, 4, 1000}, {4, 4, 1000}, {INT64_MAX - 1, INT64_MAX, 1000}, {INT64_MAX / 2, INT64_MAX, 500}};
    for (size_t i = 0; i < sizeof bars / sizeof *bars; i++) {
        struct buf out = {0};
        struct html o = {.out = &out};
        long got[3] = {0};
        html_bar(&o, bars[i].value, bars[i].max);
        assert_int_equal(widths(out.p, got, 3), 2);
        assert_int_equal(got[0], 1000);
        assert_int_equal(got[1], bars[i].width);
        buf_finish(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_text_is_escaped),     cmocka_unit_test(numbers_and_dates), cmocka_unit_test(parts_keep_apart),
        cmocka_unit_test(money_bars_fill_their_width), cmocka_unit_test(bars_stay_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
