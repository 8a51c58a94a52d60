/* Cleaning what others published: every value here has the form of a fault found in real lists. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "catalogue/import_clean.h"
#include "daemon/base/arena.h"

typedef char *clean_fn(struct arena *a, struct str s);

struct row {
    const char *in, *out; /* NULL: nothing usable */
};

static void check(clean_fn *clean, const struct row *rows, size_t n)
{
    struct arena *a = arena_create(0);
    for (size_t i = 0; i < n; i++) {
        const char *out = clean(a, str_of(rows[i].in));
        if (!rows[i].out) {
            if (out)
                fail_msg("\"%s\" gave \"%s\" and should give nothing", rows[i].in, out);
            continue;
        }
        if (!out)
            fail_msg("\"%s\" gave nothing", rows[i].in);
        assert_string_equal(out, rows[i].out);
    }
    arena_destroy(&a);
}
#define CHECK(clean, ...)                                                                                                            \
    do {                                                                                                                             \
        static const struct row rows_[] = {__VA_ARGS__};                                                                             \
        check(clean, rows_, sizeof rows_ / sizeof *rows_);                                                                           \
    } while (0)

static void missing_values(void **state)
{
    (void)state;
    static const char *const missing[] = {"", "NA", "n/a", " None ", "Not known", "--", "-", "unknown"};
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++)
        assert_true(clean_is_missing(str_of(missing[i])));
    assert_false(clean_is_missing(STR("Nana's kitchen")));
    assert_false(clean_is_missing(STR("0")));
}

static void text(void **state)
{
    (void)state;
    CHECK(clean_text, {"  a\t b \n c ", "a b c"}, {"a\xC2\xA0\xC2\xA0" "b\xC2\xA0", "a b"}, {"NA", NULL}, {" \xC2\xA0 ", NULL}, {"caf\xC3\xA9", "caf\xC3\xA9"});
}

static void addresses(void **state)
{
    (void)state;
    CHECK(clean_plain, {"<p>Tea &amp; talk</p><p>at&nbsp;two</p>", "Tea & talk at two"}, {"5 < 6 > 4 &unknown; <3", "5 < 6 > 4 &unknown; <3"}, {"<br/><!-- x -->", NULL},
          {"a<never closed", "a<never closed"}, {"&pound;5 &#8217;", "\xC2\xA3" "5 \xE2\x80\x99"}, {"&amp;lt;b&amp;gt;", "&lt;b&gt;"});
    CHECK(clean_address, {"1 Oak Lane,Sale,  Manchester, ", "1 Oak Lane, Sale, Manchester"}, {",", NULL}, {"NA", NULL});
}

static void names(void **state)
{
    (void)state;
    CHECK(clean_name, {"THE FRIENDS OF ST GEORGE'S", "The Friends of St George's"}, {"STRETFORD AND DISTRICT YMCA", "Stretford and District YMCA"},
          {"O'BRIEN TRUST (SALE)", "O'Brien Trust (Sale)"}, {"BRIGHT FUTURES CIC", "Bright Futures CIC"}, {"RSPB SALE GROUP", "RSPB Sale Group"},
          {"GROUP (THE MEADOWS)", "Group (The Meadows)"}, {"MOSS-SIDE PLAY", "Moss-Side Play"}, {"CAF\xC3\x89 OF HOPE", "Caf\xC3\xA9 of Hope"},
          {"BlueSCI", "BlueSCI"}, {"42ND STREET", "42nd Street"}, {"NA", NULL});
}

static void phones(void **state)
{
    (void)state;
    CHECK(clean_phone, {"1617486414", "0161 748 6414"}, {"01614941704", "0161 494 1704"}, {"+44 (0)161 494 1704", "0161 494 1704"},
          {"0044 161 494 1704", "0161 494 1704"}, {"07411 400 141", "07411 400 141"}, {"7464036317", "07464 036 317"}, {"01948820728", "01948 820728"},
          {"020 7946 0123", "020 7946 0123"}, {"0345 330 3030", "0345 330 3030"}, {"0161 494 1704 / 07411 400141", "0161 494 1704"},
          {"Ring 0161 494 1704 ext 5", "0161 494 1704"}, {"0161", NULL}, {"--", NULL}, {"999", NULL}, {"123456789012345678901234", NULL}, {"0061 2 9999 9999", NULL});
}

static void emails(void **state)
{
    (void)state;
    CHECK(clean_email, {"Info@Example.ORG", "Info@example.org"}, {"info@example.org\xC2\xA0\xC2\xA0https://example.org", "info@example.org"},
          {"E-mail: <a.b@example.co.uk>.", "a.b@example.co.uk"}, {"a@b", NULL}, {"a@@example.org", NULL}, {".a@example.org", NULL}, {"a@example..org", NULL},
          {"nobody", NULL}, {"a@-example.org", NULL});
}

static void webs(void **state)
{
    (void)state;
    CHECK(clean_web, {"www.example.org", "https://www.example.org"}, {"http://example.org/a?b=c", "http://example.org/a?b=c"},
          {"HTTPS://Example.org/A", "https://Example.org/A"}, {"see WWW.EXAMPLE.ORG.", "https://WWW.EXAMPLE.ORG"}, {"none", NULL}, {"javascript:alert(1)", NULL},
          {"http://", NULL}, {"https://example.org/\"x", NULL}, {"ftp://example.org", NULL});
}

static void postcodes(void **state)
{
    (void)state;
    CHECK(clean_postcode, {"m332ds", "M33 2DS"}, {" M1  1jq ", "M1 1JQ"}, {"SY14 8EF", "SY14 8EF"}, {"EC1A1BB", "EC1A 1BB"}, {"W1A 0AX", "W1A 0AX"},
          {"M33", NULL}, {"NA", NULL}, {"33M 2DS", NULL}, {"M33 22S", NULL}, {"MM33 2DSX", NULL}, {"M333 2DS", NULL}, {"M 2DS", NULL});
}

static void cut(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    assert_string_equal(clean_cut(a, "short", 10), "short");
    assert_string_equal(clean_cut(a, "one two three", 12), "one two…");
    assert_string_equal(clean_cut(a, "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", 6), "\xC3\xA9…");
    arena_destroy(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing_values), cmocka_unit_test(text), cmocka_unit_test(addresses), cmocka_unit_test(names),     cmocka_unit_test(phones),
        cmocka_unit_test(emails),         cmocka_unit_test(webs), cmocka_unit_test(postcodes), cmocka_unit_test(cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
