/* Exact decimals: read, computed and rounded as the invoice rules do, never wrapped. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "payments/invoice/decimal.h"

static struct decimal number(const char *text)
{
    struct decimal d;
    if (!decimal_read(str_of(text), &d))
        fail_msg("%s is no decimal", text);
    return d;
}

static void test_read(void **state)
{
    (void)state;
    static const char *const no[] = {"", " ", "+", "-", ".", "1e3", "1,5", "0x1", "1 2", "NaN", "INF", "--1", "1.2.3", "9999999999999999999999999999999"};
    struct decimal d;
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        assert_false(decimal_read(str_of(no[i]), &d));
    assert_true(decimal_equal(number(" \t\r\n-1.50\n"), decimal_of(-15, 1)));
    assert_true(decimal_equal(number("+.5"), number("0.50")));
    assert_true(decimal_equal(number("5."), number("5")));
    assert_true(decimal_equal(number("-0"), number("0.000")));
    assert_true(decimal_equal(number("000000000000000000000000000000000000000007"), number("7")));
}

static void test_round(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        int places;
        const char *to;
    } cases[] = {{"2.5", 0, "3"},       {"-2.5", 0, "-2"},      {"-2.51", 0, "-3"},    {"2.4999", 0, "2"}, {"1.005", 2, "1.01"},
                 {"-1.005", 2, "-1.00"}, {"-1.0051", 2, "-1.01"}, {"0.0049", 2, "0"},    {"12", 2, "12"},    {"-0.5", 0, "0"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(decimal_equal(decimal_round(number(cases[i].from), cases[i].places), number(cases[i].to)));
}

static void test_compute(void **state)
{
    (void)state;
    struct decimal d;
    assert_true(decimal_add(number("0.1"), number("0.2"), &d));
    assert_true(decimal_equal(d, number("0.3")));
    assert_true(decimal_sub(number("1"), number("0.999999999999999999"), &d));
    assert_true(decimal_equal(d, number("0.000000000000000001")));
    assert_true(decimal_mul(number("-19.99"), number("0.175"), &d));
    assert_true(decimal_equal(d, number("-3.49825")));
    assert_true(decimal_div(number("10"), number("3"), &d));
    assert_true(decimal_equal(d, number("3.333333333333333333")));
    assert_true(decimal_div(number("-1"), number("8"), &d));
    assert_true(decimal_equal(d, number("-0.125")));
    assert_false(decimal_div(number("1"), number("0.00"), &d));
    assert_true(decimal_compare(number("-1"), number("-1.01")) > 0);
    assert_true(decimal_compare(number("999999999999999999999999999999"), number("0.000000000000000000000000000001")) > 0);
    assert_true(decimal_equal(decimal_abs(number("-7")), number("7")));
}

/* A result that does not fit is refused and leaves the place for it alone. */
static void test_overflow(void **state)
{
    (void)state;
    struct decimal big = number("999999999999999999999999999999"), d = decimal_of(42, 0), sum = big;
    assert_false(decimal_mul(big, big, &d));
    assert_true(decimal_equal(d, decimal_of(42, 0)));
    bool fits = true;
    for (unsigned n = 0; n < 40 && fits; n++)
        fits = decimal_add(sum, sum, &sum);
    assert_false(fits);
    assert_true(decimal_compare(sum, big) > 0);
}

static void test_text(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    assert_string_equal(decimal_text(a, number("12.5"), 2), "12.50");
    assert_string_equal(decimal_text(a, number("-0.05"), 2), "-0.05");
    assert_string_equal(decimal_text(a, number("12.3400"), 0), "12.34");
    assert_string_equal(decimal_text(a, number("7"), 0), "7");
    assert_string_equal(decimal_text(a, number("0.000"), 2), "0.00");
    int64_t pence;
    assert_true(decimal_pence(number("-12.3400"), &pence));
    assert_int_equal(pence, -1234);
    assert_false(decimal_pence(number("0.001"), &pence));
    assert_false(decimal_pence(number("99999999999999999999"), &pence));
    arena_destroy(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_read), cmocka_unit_test(test_round), cmocka_unit_test(test_compute), cmocka_unit_test(test_overflow),
                                       cmocka_unit_test(test_text)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
