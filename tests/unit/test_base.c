/* Text, money, civil dates, references, arenas and digests: tables of what is read and what is refused. */
#include "tests/unit/unit.h"

#include "daemon/base/arena.h"
#include "daemon/base/civil.h"
#include "daemon/base/err.h"
#include "daemon/base/hash.h"
#include "daemon/base/id.h"
#include "daemon/base/money.h"
#include "daemon/base/text.h"

static struct arena *a;

static int set_up(void **state)
{
    (void)state;
    a = arena_create(0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(&a);
    return 0;
}

static void money_that_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        int64_t pence;
    } rows[] = {{"0", 0},          {"12", 1200},         {"12.3", 1230},           {"12.34", 1234},       {"\xC2\xA3" "1,234.56", 123456},
                {" 7 ", 700},      {"1,000,000", 100000000}, {"\xC2\xA3 5", 500}, {"100000000", MONEY_MAX_TYPED}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t pence = -1;
        assert_true(money_read(str_of(rows[i].typed), &pence));
        assert_int_equal(pence, rows[i].pence);
    }
}

static void money_that_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {"",        "-1",  "+1",   "1.",   ".5",  "0.005", "1e3", "1,23", "12,34,567", "1 000", "100000000.01",
                                       "9223372036854775808", "99999999999999999999", "\xEF\xBC\x91", "1.2.3", "1,,000", ",100", "0x10", "NaN", "1.-1"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t pence = 77;
        assert_false(money_read(str_of(rows[i]), &pence));
        assert_int_equal(pence, 77);
    }
}

static void money_is_written(void **state)
{
    (void)state;
    assert_string_equal(money_text(a, 0), "\xC2\xA3" "0.00");
    assert_string_equal(money_text(a, 123456789), "\xC2\xA3" "1,234,567.89");
    assert_string_equal(money_text(a, -5), "-\xC2\xA3" "0.05");
    assert_string_equal(money_text(a, 100000), "\xC2\xA3" "1,000.00");
    assert_string_equal(money_plain(a, INT64_MIN), "-92233720368547758.08");
    int64_t sum = 3;
    assert_false(money_add(INT64_MAX, 1, &sum));
    assert_false(money_sub(INT64_MIN, 1, &sum));
    assert_int_equal(sum, 3);
    assert_true(money_sub(1, 3, &sum));
    assert_int_equal(sum, -2);
}

static void every_day_of_four_centuries_comes_back(void **state)
{
    (void)state;
    int32_t first = civil_day((struct civil){1900, 1, 1}), last = civil_day((struct civil){2300, 1, 1});
    struct civil before = civil_of(first - 1);
    for (int32_t d = first; d < last; d++) {
        struct civil c = civil_of(d);
        assert_int_equal(civil_day(c), d);
        assert_true(c.day == before.day + 1 || c.day == 1);
        before = c;
    }
    assert_int_equal(last - first, 146097);
}

static void dates_that_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *iso;
    } rows[] = {{"2026-11-21", "2026-11-21"}, {"21/11/2026", "2026-11-21"},    {"3-5-2026", "2026-05-03"}, {"3 May 2026", "2026-05-03"},
                {"29 feb 2028", "2028-02-29"}, {"1 september 2026", "2026-09-01"}, {"27.3.2027", "2027-03-27"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int32_t day;
        assert_true(civil_read_typed(str_of(rows[i].typed), &day));
        assert_string_equal(civil_iso(a, day), rows[i].iso);
    }
}

static void dates_that_are_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {"", "2026-02-29", "31/4/2026", "3 may 26", "2026-13-01", "tomorrow", "1/2", "1/2/3/2026", "00/01/2026", "5 Mayo 2026", "2026-1-1x"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int32_t day = 5;
        assert_false(civil_read_typed(str_of(rows[i]), &day));
        assert_int_equal(day, 5);
    }
}

static void dates_are_written(void **state)
{
    (void)state;
    int32_t day;
    assert_true(civil_read(STR("2026-05-03"), &day));
    assert_string_equal(civil_text(a, day), "3 May 2026");
    assert_string_equal(civil_long(a, day), "Sunday 3 May 2026");
    assert_string_equal(civil_brief(a, day), "Sun 3 May");
    assert_string_equal(civil_iso(a, CIVIL_NONE), "");
    assert_true(civil_read(STR("2027-01-31"), &day));
    assert_string_equal(civil_iso(a, civil_add_months(day, 1)), "2027-02-28");
    assert_string_equal(civil_iso(a, civil_add_months(day, -11)), "2026-02-28");
}

static void references_have_a_check_character(void **state)
{
    (void)state;
    assert_string_equal(id_ref_read(a, STR("k7m2 4qxc")), "K7M2-4QXC");
    assert_null(id_ref_read(a, STR("K7M2-4QXG")));
    assert_null(id_ref_read(a, STR("K7M2-4QX")));
    assert_null(id_ref_read(a, STR("K7M2-4QXCC")));
    assert_null(id_ref_read(a, STR("K7M2-4QO1")));
}

/* Every wrong character and every swap of neighbours is found. */
static void misread_references_are_found(void **state)
{
    (void)state;
    static const char *const refs[] = {"K7M2-4QXC", "2222-2222", "VVA5-ED7W", "8WSY-D2P8", "6C97-FQQ2", "YASB-Z7H3", "JGRH-58R5"};
    for (size_t n = 0; n < sizeof refs / sizeof *refs; n++) {
        const char *ref = refs[n];
        for (size_t i = 0; i < 9; i++) {
            char copy[10];
            memcpy(copy, ref, sizeof copy);
            if (copy[i] == '-')
                continue;
            for (const char *p = ID_ALPHABET; *p; p++) {
                copy[i] = *p;
                assert_true((id_ref_read(a, str_of(copy)) != NULL) == (*p == ref[i]));
            }
            memcpy(copy, ref, sizeof copy);
            size_t next = i + 1 + (copy[i + 1] == '-');
            if (next > 8 || copy[i] == copy[next])
                continue;
            copy[i] = ref[next];
            copy[next] = ref[i];
            assert_null(id_ref_read(a, str_of(copy)));
        }
    }
}

static void keys_are_version_four_uuids(void **state)
{
    (void)state;
    const char *u = id_uuid(a);
    assert_true(id_is_uuid(str_of(u)));
    assert_int_equal(u[14], '4');
    assert_string_not_equal(u, id_uuid(a));
    assert_false(id_is_uuid(STR("not-a-uuid")));
    assert_false(id_is_uuid(STR("00000000-0000-0000-0000-00000000000g")));
}

static void whole_numbers_are_strict(void **state)
{
    (void)state;
    int64_t v = 9;
    assert_true(text_read_i64(STR("-9223372036854775808"), INT64_MIN, INT64_MAX, &v));
    assert_true(v == INT64_MIN);
    assert_true(text_read_i64(STR("0042"), 0, 100, &v));
    assert_int_equal(v, 42);
    static const char *const bad[] = {"", "-", "+1", " 1", "1 ", "1x", "9223372036854775808", "101", "0x1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(text_read_i64(str_of(bad[i]), 0, 100, &v));
    assert_int_equal(v, 42);
}

static void utf8_is_strict(void **state)
{
    (void)state;
    static const char *const good[] = {"", "abc", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"};
    static const char *const bad[] = {"\x80", "\xC0\x80", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "a\xE2\x82"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(text_is_utf8(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(text_is_utf8(bad[i], strlen(bad[i])));
}

static void text_is_cut_trimmed_and_slugged(void **state)
{
    (void)state;
    struct str s = STR("a,,b"), part;
    assert_true(str_cut(&s, ',', &part) && str_is(part, "a"));
    assert_true(str_cut(&s, ',', &part) && str_is(part, ""));
    assert_true(str_cut(&s, ',', &part) && str_is(part, "b"));
    assert_false(str_cut(&s, ',', &part));
    assert_true(str_is(str_trim(STR(" \t x y \r\n")), "x y"));
    assert_string_equal(text_slug(a, "Bev's Garden Hands & Co. -- (new!)"), "bevs-garden-hands-co-new");
    assert_string_equal(text_slug(a, "\xC3\xA9"), "");
    assert_true(strlen(text_slug(a, "a very long title that goes on and on until nobody wants to read any more of it at all")) <= 60);
    unsigned char bytes[2];
    assert_true(text_unhex(STR("0aFF"), bytes, 2) && bytes[0] == 10 && bytes[1] == 255);
    assert_false(text_unhex(STR("0aF"), bytes, 2));
    assert_false(text_unhex(STR("0aFg"), bytes, 2));
    assert_true(text_same_secret("abc", "abc"));
    assert_false(text_same_secret("abc", "abd"));
    assert_false(text_same_secret("abc", "ab"));
}

static int order[3], order_n;

static void note_one(void *thing)
{
    order[order_n++] = *(int *)thing;
}

static void arenas_dispose_in_reverse_and_zero(void **state)
{
    (void)state;
    static int one = 1, two = 2;
    struct arena *mine = arena_create(1 << 20);
    arena_attach(mine, note_one, &one);
    arena_attach(mine, note_one, &two);
    for (int i = 0; i < 100; i++) {
        unsigned char *p = arena_alloc(mine, 5000);
        for (int k = 0; k < 5000; k++)
            assert_int_equal(p[k], 0);
        memset(p, 0xAA, 5000);
    }
    assert_int_equal(arena_used(mine) >= 500000, 1);
    order_n = 0;
    arena_destroy(&mine);
    assert_null(mine);
    assert_int_equal(order_n, 2);
    assert_int_equal(order[0], 2);
    assert_int_equal(order[1], 1);
}

/* FIPS 180-4 and RFC 4231 test cases. */
static void digests_match_the_standards(void **state)
{
    (void)state;
    assert_string_equal(hash_sha256_hex(a, STR("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_string_equal(hash_hmac_hex(a, STR("Jefe"), STR("what do ya want for nothing?")),
                        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void every_error_is_complete(void **state)
{
    (void)state;
    for (int i = 1; i < ERR_COUNT; i++) {
        const struct err_info *e = err_info((enum err_code)i);
        assert_int_equal(e->code, i);
        assert_true(e->status >= 400 && e->status < 600);
        assert_true(strlen(e->title) > 5 && strlen(e->advice) > 5);
    }
    assert_int_equal(err_info((enum err_code)999)->code, ERR_INTERNAL);
    struct err e = {"kept"};
    assert_false(err_set(&e, "line %d", 3));
    assert_string_equal(e.text, "line 3");
    assert_false(err_set(NULL, "nowhere"));
}

/* Small and large pieces, with something taken before or not: what was there stays as it was, and the room is used again. */
static void arenas_rewind_to_a_mark(void **state)
{
    (void)state;
    static int one = 1, two = 2;
    for (size_t before = 0; before < 3; before++) {
        struct arena *mine = arena_create(1 << 20);
        order_n = 0;
        if (before)
            arena_attach(mine, note_one, &one);
        char *kept = before == 2 ? arena_strdup(mine, "kept") : NULL;
        size_t used = arena_used(mine);
        for (int round = 0; round < 300; round++) {
            struct arena_mark m = arena_mark(mine);
            for (size_t n = 1; n < 20000; n = 3 * n + 1)
                memset(arena_alloc(mine, n), 0xAA, n);
            assert_int_equal(((unsigned char *)arena_alloc(mine, 64))[63], 0);
            arena_attach(mine, note_one, &two);
            arena_rewind(mine, m);
            assert_int_equal(arena_used(mine), used);
            assert_int_equal(order[order_n - 1], 2);
            order_n = 0;
        }
        if (kept)
            assert_string_equal(kept, "kept");
        arena_destroy(&mine);
        assert_int_equal(order_n, before > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(money_that_is_read),
        cmocka_unit_test(money_that_is_refused),
        cmocka_unit_test(money_is_written),
        cmocka_unit_test(every_day_of_four_centuries_comes_back),
        cmocka_unit_test(dates_that_are_read),
        cmocka_unit_test(dates_that_are_refused),
        cmocka_unit_test(dates_are_written),
        cmocka_unit_test(references_have_a_check_character),
        cmocka_unit_test(misread_references_are_found),
        cmocka_unit_test(keys_are_version_four_uuids),
        cmocka_unit_test(whole_numbers_are_strict),
        cmocka_unit_test(utf8_is_strict),
        cmocka_unit_test(text_is_cut_trimmed_and_slugged),
        cmocka_unit_test(arenas_dispose_in_reverse_and_zero),
        cmocka_unit_test(arenas_rewind_to_a_mark),
        cmocka_unit_test(digests_match_the_standards),
        cmocka_unit_test(every_error_is_complete),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
