#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/http/http_codec.h"

static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_create(0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(&arena);
    return 0;
}

static int read_head(const char *text, struct codec_head *h)
{
    return codec_read_head(arena, arena_strdup(arena, text), strlen(text), h);
}

static void a_head_is_read_into_its_parts(void **state)
{
    struct codec_head h;
    (void)state;
    assert_int_equal(read_head("POST /caf%C3%A9?q=a%20b HTTP/1.1\r\nHost: a.example:80\r\nX-Thing:  two words \r\nContent-Length: 12\r\n"
                               "Expect: 100-continue\r\nConnection: close\r\n\r\n", &h), 0);
    assert_int_equal(h.method, HTTP_POST);
    assert_int_equal(h.minor, 1);
    assert_true(str_is(h.target, "/caf%C3%A9?q=a%20b"));
    assert_true(str_is(h.path, "/café"));
    assert_true(str_is(h.query, "q=a%20b"));
    assert_true(str_is(h.host, "a.example:80"));
    assert_int_equal(h.fields_n, 5);
    assert_true(str_is(h.fields[1].name, "x-thing"));
    assert_true(str_is(h.fields[1].value, "two words"));
    assert_int_equal(h.length, 12);
    assert_false(h.is_chunked);
    assert_true(h.closes);
    assert_true(h.expects_continue);
}

static void a_head_grows_byte_by_byte(void **state)
{
    static const char head[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\nmore";
    struct codec_scan scan = {0};
    (void)state;
    for (size_t n = 1; n < sizeof head; n++) {
        assert_int_equal(codec_scan_head(&scan, head, n), 0);
        assert_int_equal(scan.is_complete, n >= sizeof head - 5);
    }
    assert_int_equal(scan.at, sizeof head - 5);
}

static void methods_have_names(void **state)
{
    (void)state;
    assert_string_equal(http_method_name(HTTP_GET), "GET");
    assert_string_equal(http_method_name(HTTP_OPTIONS), "OPTIONS");
    assert_string_equal(http_method_name(HTTP_METHODS), "");
}

static void hosts_are_ours_or_not(void **state)
{
    static const struct {
        const char *value;
        int status;
    } cases[] = {{"a.example", 0}, {"A.EXAMPLE:443", 0}, {"b.example", 421}, {"a.example:", 400}, {"a.example:1:2", 400}, {"", 400}, {"a%2eexample", 400},
                 {"[::1]:1", 0}, {"[::1", 400}, {"[]", 421}, {"::1", 400}};
    struct str hosts[] = {STR("a.example"), STR("[::1]")};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(codec_check_host(str_of(cases[i].value), hosts, 2), cases[i].status);
}

/* All ways of cutting a chunked body into two deliveries must read the same. */
static void chunks_read_the_same_however_they_are_cut(void **state)
{
    static const char wire[] = "5;a=b\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\nX: y\r\n\r\n";
    (void)state;
    for (size_t cut = 0; cut < sizeof wire; cut++) {
        struct codec_chunks chunks = {0};
        struct str parts[2] = {{wire, cut}, {wire + cut, sizeof wire - 1 - cut}}, data;
        struct buf body = {0};
        if (cut == sizeof wire - 1)
            parts[1].n = 0;
        for (int i = 0; i < 2; i++)
            while (codec_next_chunk(&chunks, &parts[i], &data))
                buf_add(&body, data.p, data.n);
        assert_int_equal(chunks.state, CHUNK_DONE);
        assert_true(str_is(buf_str(&body), "hello world"));
        buf_finish(&body);
    }
}

static void nothing_is_read_behind_the_last_chunk(void **state)
{
    struct codec_chunks chunks = {0};
    struct str in = STR("0\r\n\r\nGET /"), data;
    (void)state;
    assert_false(codec_next_chunk(&chunks, &in, &data));
    assert_int_equal(chunks.state, CHUNK_DONE);
    assert_true(str_is(in, "GET /"));
}

/* Every two-byte escape sequence in every position of a dot segment is either refused or leaves no dot segment. */
static void no_escape_makes_a_dot_segment(void **state)
{
    static const char *const dots[] = {".", "%2e", "%2E"};
    static const char *const slashes[] = {"/", "%2f", "%5c", "\\", "%c0%af", "%e0%80%af"};
    struct str path, query;
    (void)state;
    for (size_t a = 0; a < 3; a++)
        for (size_t b = 0; b < 3; b++)
            for (size_t c = 0; c < 6; c++) {
                const char *target = arena_printf(arena, "/x/%s%s%setc", dots[a], dots[b], slashes[c]);
                assert_int_equal(codec_read_target(arena, str_of(target), &path, &query), 400);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_is_read_into_its_parts),
        cmocka_unit_test(a_head_grows_byte_by_byte),
        cmocka_unit_test(methods_have_names),
        cmocka_unit_test(hosts_are_ours_or_not),
        cmocka_unit_test(chunks_read_the_same_however_they_are_cut),
        cmocka_unit_test(nothing_is_read_behind_the_last_chunk),
        cmocka_unit_test(no_escape_makes_a_dot_segment),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
