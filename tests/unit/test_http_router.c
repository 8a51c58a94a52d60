#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/http/router.h"

static void patterns_match_whole_paths(void **state)
{
    static const struct {
        const char *pattern, *path;
        bool matches;
    } cases[] = {{"/", "/", true}, {"/", "/a", false}, {"/a", "/a", true}, {"/a", "/a/", false}, {"/a/", "/a/", true}, {"/a", "/ab", false}, {"/ab", "/a", false},
                 {"/a/b", "/a", false}, {"/a", "/a/b", false}, {"/{x}", "/", false}, {"/{x}", "/a", true}, {"/{x}/", "/a", false}, {"/{x}/b", "/a/b", true},
                 {"/{x}/b", "/a/c", false}, {"/{x}/b", "//b", false}, {"/a{x}", "/ab", false}, {"/{x}", "/a/b", false}, {"/A", "/a", false}};
    struct str args[4];
    size_t n;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (http_route_match(cases[i].pattern, str_of(cases[i].path), args, 4, &n) != cases[i].matches)
            fail_msg("%s and %s", cases[i].pattern, cases[i].path);
}

static void arguments_come_in_order(void **state)
{
    const char *pattern = "/for/{person}/orders/{order}/cancel";
    struct str args[2];
    size_t n = 9;
    (void)state;
    assert_true(http_route_match(pattern, STR("/for/ann/orders/K7M2-4QXP/cancel"), args, 2, &n));
    assert_int_equal(n, 2);
    assert_true(str_is(args[0], "ann"));
    assert_true(str_is(args[1], "K7M2-4QXP"));
    assert_true(str_is(http_route_name(pattern, 0), "person"));
    assert_true(str_is(http_route_name(pattern, 1), "order"));
    assert_true(str_is(http_route_name(pattern, 2), ""));
}

static void what_does_not_match_changes_nothing(void **state)
{
    struct str args[2] = {STR("kept"), STR("kept")};
    size_t n = 9;
    (void)state;
    assert_false(http_route_match("/{a}/{b}/x", STR("/1/2/y"), args, 2, &n));
    assert_false(http_route_match("/{a}/{b}/{c}", STR("/1/2/3"), args, 2, &n));
    assert_true(str_is(args[0], "kept") && str_is(args[1], "kept"));
    assert_int_equal(n, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_match_whole_paths),
        cmocka_unit_test(arguments_come_in_order),
        cmocka_unit_test(what_does_not_match_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
