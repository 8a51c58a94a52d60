#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/http/http_limit.h"

static void a_burst_then_a_steady_rate(void **state)
{
    struct arena *a = arena_create(0);
    struct http_limit *l = http_limit_create(a, 64, 5, 60);
    uint64_t now = 1000000;
    (void)state;
    for (int i = 0; i < 5; i++)
        assert_int_equal(http_limit_take(l, STR("10.0.0.1"), now), 0);
    assert_int_equal(http_limit_take(l, STR("10.0.0.1"), now), 1);
    assert_int_equal(http_limit_take(l, STR("10.0.0.2"), now), 0);
    assert_int_equal(http_limit_take(l, STR("10.0.0.1"), now + 999), 1);
    assert_int_equal(http_limit_take(l, STR("10.0.0.1"), now + 1000), 0);
    assert_int_equal(http_limit_take(l, STR("10.0.0.1"), now + 1000), 1);
    for (int i = 0; i < 5; i++)
        assert_int_equal(http_limit_take(l, STR("10.0.0.1"), now + 3600000), 0);
    assert_int_equal(http_limit_take(l, STR("10.0.0.1"), now + 3600000), 1);
    arena_destroy(&a);
}

static void the_wait_is_told_in_seconds(void **state)
{
    struct arena *a = arena_create(0);
    struct http_limit *l = http_limit_create(a, 64, 1, 2);
    (void)state;
    assert_int_equal(http_limit_take(l, STR("x"), 0), 0);
    assert_int_equal(http_limit_take(l, STR("x"), 0), 30);
    assert_int_equal(http_limit_take(l, STR("x"), 29001), 1);
    assert_int_equal(http_limit_take(l, STR("x"), 30000), 0);
    arena_destroy(&a);
}

/* Ten thousand strangers pass through a small table: memory does not grow, and the busy one is still held back. */
static void memory_is_bounded_and_the_busy_are_remembered(void **state)
{
    struct arena *a = arena_create(0);
    struct http_limit *l = http_limit_create(a, 256, 10, 1);
    size_t before = arena_used(a);
    (void)state;
    for (int i = 0; i < 10; i++)
        assert_int_equal(http_limit_take(l, STR("busy"), 0), 0);
    for (int i = 0; i < 10000; i++) {
        char key[16];
        int n = snprintf(key, sizeof key, "10.%d", i);
        assert_int_equal(http_limit_take(l, (struct str){key, (size_t)n}, 1), 0);
    }
    assert_true(http_limit_take(l, STR("busy"), 2) > 0);
    assert_int_equal(arena_used(a), before);
    arena_destroy(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_then_a_steady_rate),
        cmocka_unit_test(the_wait_is_told_in_seconds),
        cmocka_unit_test(memory_is_bounded_and_the_busy_are_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
