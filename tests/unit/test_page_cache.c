#include "tests/unit/unit.h"

#include "daemon/identity/page_cache.h"

static struct page page_of(struct str body)
{
    return (struct page){.content_type = "text/html", .body = body};
}

static void keep(struct page_cache *c, const char *key, const char *body, uint64_t now)
{
    struct page page = page_of(str_of(body));
    page_cache_keep(c, str_of(key), page_cache_edition(c), &page, now);
}

static void assert_page(struct page_cache *c, const char *key, const char *body, uint64_t now)
{
    const struct page *page = page_cache_find(c, str_of(key), now);
    assert_non_null(page);
    assert_true(str_is(page->body, body));
}

static void a_page_is_found_by_its_whole_key(void **state)
{
    struct page_cache *c = page_cache_create(1 << 20);
    char body[] = "one";
    (void)state;
    keep(c, "h/services?q=a", body, 5);
    memset(body, 'x', 3); /* the cache has its own copy */
    keep(c, "h/services?q=b", "two", 5);
    assert_page(c, "h/services?q=a", "one", 5);
    assert_page(c, "h/services?q=b", "two", 5);
    assert_null(page_cache_find(c, STR("h/services?q="), 5));
    assert_null(page_cache_find(c, STR("j/services?q=a"), 5));
    keep(c, "h/services?q=a", "another", 6);
    assert_page(c, "h/services?q=a", "another", 6);
    assert_int_equal(page_cache_bytes(c), strlen("h/services?q=a") + strlen("another") + strlen("h/services?q=b") + strlen("two"));
    page_cache_destroy(&c);
    page_cache_destroy(&c);
}

static void a_page_lives_a_minute(void **state)
{
    struct page_cache *c = page_cache_create(1 << 20);
    (void)state;
    keep(c, "key", "body", 1000);
    assert_page(c, "key", "body", 1000 + PAGE_CACHE_MS);
    assert_null(page_cache_find(c, STR("key"), 1001 + PAGE_CACHE_MS));
    assert_int_equal(page_cache_bytes(c), 0);
    page_cache_destroy(&c);
}

/* Its making began before the change, so what it shows may be from before. */
static void a_page_of_an_older_edition_stays_out(void **state)
{
    struct page_cache *c = page_cache_create(1 << 20);
    struct page page = page_of(STR("from before"));
    uint64_t before = page_cache_edition(c);
    (void)state;
    keep(c, "other", "body", 1);
    page_cache_empty(c);
    assert_null(page_cache_find(c, STR("other"), 1));
    assert_int_equal(page_cache_bytes(c), 0);
    page_cache_keep(c, STR("key"), before, &page, 1);
    assert_null(page_cache_find(c, STR("key"), 1));
    page_cache_keep(c, STR("key"), page_cache_edition(c), &page, 1);
    assert_page(c, "key", "from before", 1);
    page_cache_destroy(&c);
}

static void the_page_used_longest_ago_makes_room(void **state)
{
    enum { BODY = 1000, MOST = 10 * (BODY + 1) };
    char key[2] = "a", body[BODY + 1];
    struct page_cache *c = page_cache_create(MOST);
    (void)state;
    memset(body, 'x', BODY);
    body[BODY] = '\0';
    for (; *key <= 'j'; ++*key)
        keep(c, key, body, 1);
    assert_int_equal(page_cache_bytes(c), MOST);
    assert_page(c, "a", body, 1);
    keep(c, "k", body, 1);
    assert_page(c, "a", body, 1);
    assert_page(c, "k", body, 1);
    assert_null(page_cache_find(c, STR("b"), 1));
    assert_int_equal(page_cache_bytes(c), MOST);
    page_cache_destroy(&c);
}

static void what_is_too_large_is_not_kept(void **state)
{
    char key[PAGE_CACHE_KEY + 2], body[1001];
    struct page_cache *c = page_cache_create(8000), *none = page_cache_create(0);
    (void)state;
    memset(key, 'k', sizeof key - 1);
    key[sizeof key - 1] = '\0';
    keep(c, key, "body", 1);
    assert_null(page_cache_find(c, str_of(key), 1));
    memset(body, 'x', sizeof body - 1);
    body[sizeof body - 1] = '\0';
    keep(c, "key", body, 1); /* over an eighth */
    assert_null(page_cache_find(c, STR("key"), 1));
    keep(none, "key", "body", 1);
    assert_null(page_cache_find(none, STR("key"), 1));
    page_cache_destroy(&c);
    page_cache_destroy(&none);
}

/* More keys than there are places: strangers who ask for everything cost a bounded amount of memory. */
static void many_keys_are_bounded(void **state)
{
    struct page_cache *c = page_cache_create(64 << 20);
    char key[16];
    (void)state;
    for (int i = 0; i < 20000; i++) {
        snprintf(key, sizeof key, "key %d", i);
        keep(c, key, "0123456789", 1);
    }
    assert_true(page_cache_bytes(c) <= 4096 * (sizeof key + 10));
    assert_page(c, "key 19999", "0123456789", 1);
    assert_null(page_cache_find(c, STR("key 0"), 1));
    page_cache_destroy(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_found_by_its_whole_key),     cmocka_unit_test(a_page_lives_a_minute),
        cmocka_unit_test(a_page_of_an_older_edition_stays_out), cmocka_unit_test(the_page_used_longest_ago_makes_room),
        cmocka_unit_test(what_is_too_large_is_not_kept),        cmocka_unit_test(many_keys_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
