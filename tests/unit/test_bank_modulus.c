#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "payments/bank/modulus.h"

/* An invented table: sort codes 99xxxx are not in use. */
static const char table[] =
    "990000 990099 MOD10 0 0 0 0 0 0 7 1 3 7 1 3 7 1\n"
    "990100 990199 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1\n"
    "990200 990299 DBLAL 2 1 2 1 2 1 2 1 2 1 2 1 2 1\r\n"
    "990300 990399 DBLAL 2 1 2 1 2 1 2 1 2 1 2 1 2 1 1\n"
    "990400 990499 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 0 0 4\n"
    "990500 990599 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1 6\n"
    "990600 990699 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1 7\n"
    "990700 990799 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1 12\n"
    "990700 990799 MOD10 0 0 0 0 0 0 7 1 3 7 1 3 7 1 13\n"
    "990800 990899 MOD10 0 0 0 0 0 0 7 1 3 7 1 3 7 1\n"
    "990800 990899 DBLAL 2 1 2 1 2 1 2 1 2 1 2 1 2 1 3\n"
    "990900 990999 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1 14\n";

static void checks_invented_vectors(void **state)
{
    (void)state;
    static const struct {
        const char *sort_code, *account;
        enum modulus_answer answer;
    } rows[] = {
        {"99-00-00", "12345678", MODULUS_INVALID},   /* 7+2+9+28+5+18+49+8 = 126 */
        {"990000", "12345672", MODULUS_VALID},       /* 120 */
        {"990000", "1234 5672", MODULUS_VALID},
        {"990101", "10000003", MODULUS_VALID},       /* 8+3 = 11 */
        {"990101", "10000004", MODULUS_INVALID},
        {"990200", "00000000", MODULUS_VALID},       /* 18 gives 1 + 8, then 9 and 2: 20 */
        {"990500", "40000011", MODULUS_VALID},       /* a between 4 and 8 and g = h: foreign currency, not checked */
        {"990500", "40000012", MODULUS_INVALID},
        {"990600", "12345693", MODULUS_INVALID},
        {"990700", "10000003", MODULUS_VALID},       /* the first of the two is enough */
        {"990700", "12345672", MODULUS_VALID},       /* the second is */
        {"990700", "10000001", MODULUS_INVALID},
        {"991000", "12345678", MODULUS_UNCHECKED},
        {"99000", "12345678", MODULUS_INVALID},
        {"990000", "1234567", MODULUS_INVALID},
        {"990000", "1234567X", MODULUS_INVALID},
    };
    struct arena *a = arena_create(0);
    struct err e = {""};
    const struct modulus_table *t = modulus_load(a, str_of(table), STR(""), &e);
    assert_non_null(t);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (modulus_check(t, rows[i].sort_code, rows[i].account) != rows[i].answer)
            fail_msg("%s %s: not %d", rows[i].sort_code, rows[i].account, rows[i].answer);
    arena_destroy(&a);
}

/* Exactly one of the ten possible last digits passes MOD10 and DBLAL with weight 1 at the end. */
static void finds_every_wrong_last_digit(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct err e = {""};
    const struct modulus_table *t = modulus_load(a, str_of(table), STR(""), &e);
    static const char *const codes[] = {"990000", "990200", "990300"};
    for (size_t c = 0; c < 3; c++) {
        int valid = 0;
        for (char last = '0'; last <= '9'; last++) {
            char account[9] = "4820913?";
            account[7] = last;
            valid += modulus_check(t, codes[c], account) == MODULUS_VALID;
        }
        assert_int_equal(valid, 1);
    }
    arena_destroy(&a);
}

static void exception_3_leaves_the_second_check_out(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct err e = {""};
    const struct modulus_table *t = modulus_load(a, str_of(table), STR(""), &e);
    int with = 0, without = 0;
    for (int n = 0; n < 10; n++) {
        char account[9] = "1161000?", other[9] = "1111000?";
        account[7] = other[7] = (char)('0' + n);
        without += modulus_check(t, "990800", account) == MODULUS_VALID;
        with += modulus_check(t, "990800", other) == MODULUS_VALID;
    }
    assert_int_equal(without, 1); /* c = 6: only MOD10 counts */
    assert_in_range(with, 0, 1);
    arena_destroy(&a);
}

static void exception_4_compares_the_remainder(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct err e = {""};
    const struct modulus_table *t = modulus_load(a, str_of(table), STR(""), &e);
    assert_int_equal(modulus_check(t, "990400", "10000008"), MODULUS_VALID); /* 8 mod 11 */
    assert_int_equal(modulus_check(t, "990400", "20000005"), MODULUS_VALID); /* 16 mod 11 */
    assert_int_equal(modulus_check(t, "990400", "20000006"), MODULUS_INVALID);
    arena_destroy(&a);
}

static void exception_14_tries_one_place_to_the_left(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct err e = {""};
    const struct modulus_table *t = modulus_load(a, str_of(table), STR(""), &e);
    assert_int_equal(modulus_check(t, "990900", "10000003"), MODULUS_VALID);
    /* 40000050 shifted is 04000005: 28 + 5 = 33; 40000070 shifted: 28 + 7 = 35 */
    assert_int_equal(modulus_check(t, "990900", "40000050"), MODULUS_VALID);
    assert_int_equal(modulus_check(t, "990900", "40000070"), MODULUS_INVALID);
    assert_int_equal(modulus_check(t, "990900", "40000053"), MODULUS_INVALID);
    arena_destroy(&a);
}

static void refuses_a_broken_table(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct err e = {""};
    assert_null(modulus_load(a, STR("990000 990099 MOD12 0 0 0 0 0 0 7 1 3 7 1 3 7 1\n"), STR(""), &e));
    assert_null(modulus_load(a, STR("990000 990099 MOD10 0 0 0\n"), STR(""), &e));
    assert_null(modulus_load(a, STR("990099 990000 MOD10 0 0 0 0 0 0 7 1 3 7 1 3 7 1\n"), STR(""), &e));
    assert_null(modulus_load(a, STR("990000 990099 MOD10 0 0 0 0 0 0 7 1 3 7 1 3 7 1 15\n"), STR(""), &e));
    assert_null(modulus_load(a, STR(""), STR("990000\n"), &e));
    arena_destroy(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_invented_vectors),       cmocka_unit_test(finds_every_wrong_last_digit),
        cmocka_unit_test(exception_3_leaves_the_second_check_out), cmocka_unit_test(exception_4_compares_the_remainder),
        cmocka_unit_test(exception_14_tries_one_place_to_the_left), cmocka_unit_test(refuses_a_broken_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
