/* Fields, cookies, preferences and assets. */
#include "tests/unit/http_fixture.h"

static struct http_request request_with(struct http_field *field, const char *name, const char *value)
{
    *field = (struct http_field){str_of(name), str_of(value)};
    return (struct http_request){.fields = field, .fields_n = 1};
}

static void cookie_is(const char *list, const char *name, const char *value)
{
    struct http_field f;
    struct http_request r = request_with(&f, "cookie", list);
    if (!str_is(http_cookie(&r, name), value))
        fail_msg("cookie %s of %s is not %s", name, list, value);
}

static void fields_are_found_by_name(void **state)
{
    struct http_field fields[] = {{STR("host"), STR("a")}, {STR("x"), STR("1")}, {STR("x"), STR("2")}};
    struct http_request r = {.fields = fields, .fields_n = 3};
    (void)state;
    assert_true(str_is(http_field(&r, "x"), "1"));
    assert_true(str_is(http_field(&r, "y"), ""));
    assert_non_null(http_field(&r, "y").p);
}

static void cookies_are_found_by_name(void **state)
{
    (void)state;
    cookie_is("a=1; b=2", "a", "1");
    cookie_is("a=1; b=2", "b", "2");
    cookie_is("a=1;b=2", "b", "2");
    cookie_is("a=1; a=2", "a", "1");
    cookie_is("__Host-s=abc=d==", "__Host-s", "abc=d==");
    cookie_is("a=\"quoted\"", "a", "quoted");
    cookie_is("a=\"", "a", "\"");
    cookie_is("a=", "a", "");
    cookie_is("a", "a", "");
    cookie_is("ba=1; A=2", "a", "");
    cookie_is(";;; a=1", "a", "1");
    struct http_field two[] = {{STR("cookie"), STR("a=1")}, {STR("cookie"), STR("b=2")}};
    struct http_request r = {.fields = two, .fields_n = 2};
    assert_true(str_is(http_cookie(&r, "b"), "2"));
}

static void prefers(const char *accept, const char *type, bool expected)
{
    struct http_field f;
    struct http_request r = request_with(&f, "accept", accept);
    if (http_accepts(&r, type) != expected)
        fail_msg("%s for %s", accept, type);
}

static void preferences_follow_weight_and_exactness(void **state)
{
    const char *json = "application/json";
    struct http_request none = {0};
    (void)state;
    assert_false(http_accepts(&none, json));
    prefers("application/json", json, true);
    prefers("Application/JSON; charset=utf-8", json, true);
    prefers("text/html", json, false);
    prefers("*/*", json, false);
    prefers("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", json, false);
    prefers("application/json, text/plain, */*", json, true);
    prefers("application/json, text/html", json, false);
    prefers("application/json;q=0.5, text/html;q=0.4", json, true);
    prefers("application/json;q=0.5, text/html;q=0.501", json, false);
    prefers("application/*", json, true);
    prefers("application/json;q=0", json, false);
    prefers("application/json;q=0, */*", json, false);
    prefers("application/json;q=7", json, false);
    prefers("text/csv", "text/csv", true);
    prefers("text/*", "text/csv", false);
    prefers("application/jsonx", json, false);
}

/* ---- assets ---- */

static const struct http_asset assets[] = {
    {"/assets/app-1.css", "app.css", "text/css", "\"1\"", {"plain plain plain", 17}, {"zip", 3}, {"br", 2}},
    {"/assets/logo-2.png", "logo.png", "image/png", "\"2\"", {"png", 3}, {"", 0}, {"", 0}},
};

static void asset_handler(struct http_request *r, void *context)
{
    (void)context;
    if (!http_serve_asset(r, assets, 2))
        http_reply(r, 404, NULL, STR(""));
}

static struct answer ask_with(struct site *site, struct client *c, const char *line, const char *fields)
{
    struct buf b = {0};
    buf_addf(&b, "%s HTTP/1.1\r\nHost: a.example\r\n%s\r\n", line, fields);
    client_send(site, c, buf_str(&b));
    buf_finish(&b);
    return client_answer(site, c, *line != 'H', 2000);
}

static void is_served(struct site *site, struct client *c, const char *coding, const char *body, const char *etag)
{
    struct buf field = {0};
    buf_addf(&field, "Accept-Encoding: %s\r\n", coding);
    struct answer a = ask_with(site, c, "GET /assets/app-1.css", field.p);
    assert_int_equal(a.status, 200);
    assert_true(str_is(a.body, body));
    assert_true(str_is(answer_field(&a, "ETag"), etag));
    assert_true(str_is(answer_field(&a, "Content-Type"), "text/css"));
    assert_non_null(memmem(a.head.p, a.head.n, "immutable", 9));
    field.n = 0;
    buf_addf(&field, "Accept-Encoding: %s\r\nIf-None-Match: \"x\", W/%s\r\n", coding, etag);
    a = ask_with(site, c, "HEAD /assets/app-1.css", field.p);
    assert_int_equal(a.status, 304);
    assert_true(str_is(answer_field(&a, "ETag"), etag));
    buf_finish(&field);
}

static void assets_are_served_in_their_smallest_form(void **state)
{
    struct site site = {.config.handler = asset_handler};
    struct client c;
    (void)state;
    site_start(&site);
    client_open(&site, &c);
    is_served(&site, &c, "gzip, deflate, br", "br", "\"1-br\"");
    is_served(&site, &c, "gzip, br;q=0", "zip", "\"1-gzip\"");
    is_served(&site, &c, "*", "br", "\"1-br\"");
    is_served(&site, &c, "identity", "plain plain plain", "\"1\"");
    assert_int_equal(ask_with(&site, &c, "GET /assets/logo-2.png", "Accept-Encoding: br\r\n").status, 200);
    assert_int_equal(ask_with(&site, &c, "GET /assets/app-2.css", "").status, 404);
    struct answer a = ask_with(&site, &c, "POST /assets/app-1.css", "");
    assert_int_equal(a.status, 405);
    assert_true(str_is(answer_field(&a, "Allow"), "GET, HEAD"));
    client_close(&c);
    site_stop(&site);
}

static void assets_are_known_by_name(void **state)
{
    (void)state;
    assert_string_equal(http_asset_path(assets, 2, "logo.png"), "/assets/logo-2.png");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_found_by_name),
        cmocka_unit_test(cookies_are_found_by_name),
        cmocka_unit_test(preferences_follow_weight_and_exactness),
        cmocka_unit_test(assets_are_served_in_their_smallest_form),
        cmocka_unit_test(assets_are_known_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
