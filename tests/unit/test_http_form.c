#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/http/http.h"

static struct arena *arena;
static struct http_pairs pairs;
static struct err err;

static int set_up(void **state)
{
    (void)state;
    arena = arena_create(0);
    pairs = (struct http_pairs){0};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(&arena);
    return 0;
}

static bool form(const char *text)
{
    return http_read_urlencoded(arena, str_of(text), &pairs, &err);
}

static void pairs_are_decoded(void **state)
{
    (void)state;
    assert_true(form("a=1&b=two+words&c=caf%C3%A9&d=a%0D%0Ab%0D%0D%0Ac%0A&&e&f=x=y&a=again"));
    assert_int_equal(pairs.n, 7);
    assert_string_equal(http_pair_get(&pairs, "a"), "1");
    assert_string_equal(http_pair_get(&pairs, "b"), "two words");
    assert_string_equal(http_pair_get(&pairs, "c"), "café");
    assert_string_equal(http_pair_get(&pairs, "d"), "a\nb\n\nc\n");
    assert_string_equal(http_pair_get(&pairs, "e"), "");
    assert_string_equal(http_pair_get(&pairs, "f"), "x=y");
    assert_null(http_pair_get(&pairs, "g"));
    assert_null(pairs.items[0].file_name);
    assert_true(form(""));
    assert_int_equal(pairs.n, 0);
}

static void what_is_not_text_is_refused(void **state)
{
    static const char *const bad[] = {"a=%", "a=%4", "a=%zz", "a=%00", "a=%ff", "%C3=a", "a=%ED%A0%80"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(form(bad[i]));
    assert_false(http_read_urlencoded(arena, STR("a=\0b"), &pairs, &err));
}

static void there_are_only_so_many_pairs(void **state)
{
    char many[2002];
    (void)state;
    memset(many, '&', sizeof many);
    for (size_t i = 0; i < sizeof many; i += 2)
        many[i] = 'a';
    assert_true(http_read_urlencoded(arena, (struct str){many, 1999}, &pairs, &err));
    assert_int_equal(pairs.n, 1000);
    assert_false(http_read_urlencoded(arena, (struct str){many, 2001}, &pairs, &err));
}

/* ---- multipart ---- */

#define TYPE "multipart/form-data; boundary=XX"
#define FIELD(name) "--XX\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n"

static bool parts(const char *type, const char *body)
{
    return http_read_multipart(arena, str_of(body), str_of(type), &pairs, &err);
}

static void fields_and_files_are_read(void **state)
{
    (void)state;
    assert_true(parts(TYPE, FIELD("a") "one\r\ntwo\r\r\nthree\n\r\n"
                      "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\tmp\\in voice.xml\"\r\nContent-Type: text/xml\r\n\r\n<a/>\r\n"
                      FIELD("b") "\r\n--XX--\r\n"));
    assert_int_equal(pairs.n, 3);
    assert_string_equal(http_pair_get(&pairs, "a"), "one\ntwo\n\nthree\n");
    assert_string_equal(http_pair_get(&pairs, "b"), "");
    assert_string_equal(pairs.items[1].file_name, "in voice.xml");
    assert_string_equal(pairs.items[1].file_type, "text/xml");
    assert_true(str_is(pairs.items[1].bytes, "<a/>"));
}

static void file_bytes_are_untouched(void **state)
{
    struct str body = STR("--XX\r\nContent-Disposition: form-data; name=f; filename=\"../x\"\r\n\r\na\0b\r\nc\r\n--X\r\n--XX--");
    (void)state;
    assert_true(http_read_multipart(arena, body, STR("Multipart/Form-Data ; charset=utf-8; Boundary=\"XX\""), &pairs, &err));
    assert_string_equal(pairs.items[0].file_name, "x");
    assert_string_equal(pairs.items[0].file_type, "application/octet-stream");
    assert_true(str_equal(pairs.items[0].bytes, STR("a\0b\r\nc\r\n--X")));
}

static void names_are_read_as_browsers_and_others_write_them(void **state)
{
    (void)state;
    assert_true(parts(TYPE, "--XX\r\ncontent-disposition: FORM-DATA; NAME=\"a\\\"b\"\r\n\r\n1\r\n--XX--"));
    assert_string_equal(http_pair_get(&pairs, "a\"b"), "1");
    assert_true(parts(TYPE, "--XX\r\nContent-Disposition: form-data; filename=\"a;name=x\"; name=\"y\"\r\n\r\n1\r\n--XX--"));
    assert_string_equal(pairs.items[0].name, "y");
    assert_string_equal(pairs.items[0].file_name, "a;name=x");
    assert_true(parts(TYPE, "--XX\r\nContent-Disposition: form-data; name=\"y\"; filename=\"\"\r\n\r\n\r\n--XX--"));
    assert_string_equal(pairs.items[0].file_name, "");
    assert_true(parts(TYPE, "--XX--\r\n"));
    assert_int_equal(pairs.n, 0);
}

static void types_without_a_usable_boundary_are_refused(void **state)
{
    static const char *const types[] = {"", "multipart/form-data", "multipart/form-data;", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
        "multipart/mixed; boundary=XX", "multipart/form-dataX; boundary=XX", "multipart/form-data; boundary=XX; boundary=YY",
        "multipart/form-data; boundary=\"XX", "multipart/form-data; boundary=\"X\x01\"", "multipart/form-data; boundary=\"X \"",
        "multipart/form-data; boundary=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        assert_false(parts(types[i], FIELD("a") "1\r\n--XX--"));
}

static void broken_bodies_are_refused(void **state)
{
    static const char *const bodies[] = {"", "x", "--XX", "--XX\r\n", "preamble\r\n--XX--", "\r\n--XX--", "--XX--epilogue", FIELD("a") "1", FIELD("a") "1\r\n--XX",
        FIELD("a") "1\r\n--XX-", FIELD("a") "1\r\n--XXY\r\n--XX--", FIELD("a") "1\n--XX--", "--XX\r\n\r\n1\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data\r\n\r\n1\r\n--XX--", "--XX\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1\r\n--XX--", "--XX\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\n1\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b\r\n\r\n1\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\nMQ==\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"a\xff\"\r\n\r\n1\r\n--XX--", FIELD("a") "\xff\r\n--XX--",
        "--XX\r\nX: 1\r\nX: 1\r\nX: 1\r\nX: 1\r\nX: 1\r\nX: 1\r\nX: 1\r\nX: 1\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--XX--",
        "--XX\r\nbad line\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--XX--"};
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        if (parts(TYPE, bodies[i]))
            fail_msg("accepted: %s", bodies[i]);
    assert_false(http_read_multipart(arena, STR(FIELD("a") "1\0\r\n--XX--"), STR(TYPE), &pairs, &err));
}

static void there_are_only_so_many_parts(void **state)
{
    struct buf body = {0};
    (void)state;
    for (int i = 0; i < 100; i++)
        buf_adds(&body, FIELD("a") "1\r\n");
    size_t n = body.n;
    buf_adds(&body, "--XX--");
    assert_true(parts(TYPE, body.p));
    assert_int_equal(pairs.n, 100);
    body.n = n;
    buf_adds(&body, FIELD("a") "1\r\n--XX--");
    assert_false(parts(TYPE, body.p));
    buf_finish(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pairs_are_decoded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_text_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(there_are_only_so_many_pairs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fields_and_files_are_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(file_bytes_are_untouched, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_are_read_as_browsers_and_others_write_them, set_up, tear_down),
        cmocka_unit_test_setup_teardown(types_without_a_usable_boundary_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(broken_bodies_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(there_are_only_so_many_parts, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
