/* A search as data and as an address: one address a search, whatever order it was asked in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "catalogue/search_terms.h"
#include "daemon/base/arena.h"

static void addresses(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct search_terms plain = terms_of(a, &(struct search_input){.miles = "", .sort = ""});
    assert_string_equal(terms_url(a, "/services", &plain, 1), "/services");
    struct search_terms full = terms_of(
        a, &(struct search_input){.q = "tea & cake", .near = "M33 2DS", .miles = "20", .cat = "food", .at = "home remote", .is = "bsl", .kind = "community", .sort = "near", .max = 1550});
    assert_string_equal(terms_url(a, "/services", &full, 3),
                        "/services?at=home&at=remote&cat=food&is=bsl&kind=community&max=15.50&miles=20&near=M33%202DS&page=3&q=tea%20%26%20cake&sort=near");
    struct search_terms less = terms_without(&full, 1);
    assert_string_equal(terms_url(a, "/services", &less, 1),
                        "/services?at=home&cat=food&is=bsl&kind=community&max=15.50&miles=20&near=M33%202DS&q=tea%20%26%20cake&sort=near");
    arena_destroy(&a);
}

static void tags(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct search_terms t = terms_of(a, &(struct search_input){.cat = "food", .at = "home  remote", .is = "bsl wheelchair"});
    assert_string_equal(terms_all_tags(a, &t), "cat:food is:bsl is:wheelchair");
    assert_string_equal(terms_any_tags(a, &t), "at:home at:remote");
    assert_string_equal(t.filters[0].label, "At my home");
    struct search_terms none = terms_of(a, &(struct search_input){.is = ""});
    assert_string_equal(terms_all_tags(a, &none), "");
    arena_destroy(&a);
}

static void distances(void **state)
{
    (void)state;
    assert_int_equal(terms_miles(NULL), 10);
    assert_int_equal(terms_miles(""), 10);
    assert_int_equal(terms_miles("20"), 20);
    assert_int_equal(terms_miles("900"), 10);
    assert_int_equal(terms_miles("2x"), 10);
}

static void too_many_filters(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct buf many = {0};
    for (int i = 0; i < 100; i++)
        buf_addf(&many, "x%d ", i);
    struct search_terms t = terms_of(a, &(struct search_input){.is = many.p});
    assert_int_equal(t.filters_n, TERMS_FILTERS);
    buf_finish(&many);
    arena_destroy(&a);
}

static void counts(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    assert_string_equal(terms_count(a, 1, false), "1 result");
    assert_string_equal(terms_count(a, 34, false), "34 results");
    assert_string_equal(terms_count(a, 500, true), "More than 500 results");
    arena_destroy(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(addresses), cmocka_unit_test(tags), cmocka_unit_test(distances), cmocka_unit_test(too_many_filters),
                                       cmocka_unit_test(counts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
