/* The door to libxml2 and jansson: what is refused before they see a byte, and what comes through. */
#include "tests/unit/unit.h"

#include "daemon/base/arena.h"
#include "daemon/base/json.h"
#include "daemon/base/xml.h"

static const struct xml_limits small = {.bytes = 64 * 1024, .tags = 100, .depth = 5, .attributes = 4, .legacy_charsets = false};

static bool reads(struct str bytes, const struct xml_limits *limits, struct err *e)
{
    struct arena *a = arena_create(0);
    bool ok = xml_parse(a, bytes, limits, e) != NULL;
    arena_destroy(&a);
    return ok;
}

static void plain_documents_are_read(void **state)
{
    (void)state;
    static const char *const good[] = {"<a/>", "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a b='>'><!-- <x> --><![CDATA[<y>]]></a>", "\xEF\xBB\xBF<a>\xC3\xA9</a>",
                                       "<a><b><c><d><e/></d></c></b></a>", "<a x='1' y=\"2\" z='3' w='4'/>"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct err e = {""};
        if (!reads(str_of(good[i]), &small, &e))
            fail_msg("%s: %s", good[i], e.text);
    }
}

static void harm_is_refused_with_a_reason(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *reason;
    } bad[] = {
        {"", "empty"},
        {"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "type declarations"},
        {"<a><!DOCTYPE b></a>", "type declarations"},
        {"<?xml version='1.0' encoding='UTF-16'?><a/>", "encoding"},
        {"<?xml version='1.0' encoding=\"utf-7\"?><a/>", "encoding"},
        {"<?xml version='1.0' encoding='ISO-8859-1'?><a/>", "encoding"},
        {"<a><b><c><d><e><f/><g></g></e></d></c></b></a>", "deeply"},
        {"<a v='1' w='2' x='3' y='4' z='5'/>", "attributes"},
        {"<a", "ends inside a tag"},
        {"<a><!-- ", "ends inside"},
        {"<a></b>", "line 1"},
        {"<a>\n<b>\n</a>", "line 3"},
        {"<a>&nbsp;</a>", "line 1"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err e = {""};
        assert_false(reads(str_of(bad[i].bytes), &small, &e));
        if (!strstr(e.text, bad[i].reason))
            fail_msg("%s: %s", bad[i].bytes, e.text);
    }
    struct err e = {""};
    assert_false(reads((struct str){"<a>\0</a>", 8}, &small, &e));
    assert_non_null(strstr(e.text, "zero bytes"));
}

/* Each character of text becomes two bytes, in the order asked for, behind the mark. */
static struct str utf16(struct arena *a, const char *text, bool big)
{
    size_t n = strlen(text);
    char *out = arena_alloc(a, 2 * n + 2);
    memcpy(out, big ? "\xFE\xFF" : "\xFF\xFE", 2);
    for (size_t i = 0; i < n; i++) {
        out[2 + 2 * i] = big ? '\0' : text[i];
        out[3 + 2 * i] = big ? text[i] : '\0';
    }
    return (struct str){out, 2 * n + 2};
}

static void other_encodings_are_read_where_the_limits_say_so(void **state)
{
    (void)state;
    struct xml_limits old = small;
    old.legacy_charsets = true;
    struct arena *a = arena_create(0);
    struct err e = {""};
    for (int big = 0; big < 2; big++) {
        struct str plain = utf16(a, "<?xml version='1.0' encoding='UTF-16'?>\n<a>x</a>", big);
        assert_true(reads(plain, &old, &e));
        assert_false(reads(plain, &small, &e));
        assert_false(reads(utf16(a, "<!DOCTYPE a><a/>", big), &old, &e));
        assert_non_null(strstr(e.text, "type declarations"));
        assert_false(reads((struct str){plain.p, plain.n - 1}, &old, &e));
        assert_non_null(strstr(e.text, "UTF-16"));
    }
    static const char pair[] = "\xFF\xFE<\0a\0>\0\x3D\xD8\x00\xDE<\0/\0a\0>", lone[] = "\xFF\xFE<\0a\0>\0\x00\xDE<\0/\0a\0>";
    const xmlDoc *doc = xml_parse(a, (struct str){pair, sizeof pair}, &old, &e);
    assert_non_null(doc);
    assert_string_equal((const char *)doc->children->children->content, "\xF0\x9F\x98\x80");
    assert_false(reads((struct str){lone, sizeof lone}, &old, &e));
    assert_true(reads(STR("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>"), &old, &e));
    arena_destroy(&a);
}

static void size_limits_hold(void **state)
{
    (void)state;
    struct err e = {""};
    struct buf b = {0};
    buf_adds(&b, "<a x='");
    for (int i = 0; i < 9000; i++)
        buf_addc(&b, 'y');
    buf_adds(&b, "'/>");
    assert_false(reads(buf_str(&b), &small, &e));
    assert_non_null(strstr(e.text, "8 KiB"));
    b.n = 0;
    buf_adds(&b, "<a>");
    for (int i = 0; i < 101; i++)
        buf_adds(&b, "<b/>");
    buf_adds(&b, "</a>");
    assert_false(reads(buf_str(&b), &small, &e));
    assert_non_null(strstr(e.text, "too many elements"));
    b.n = 0;
    for (int i = 0; i < 70000; i++)
        buf_addc(&b, ' ');
    assert_false(reads(buf_str(&b), &small, &e));
    assert_non_null(strstr(e.text, "limit is 65536"));
    buf_finish(&b);
}

static void files_and_network_are_out_of_reach(void **state)
{
    (void)state;
    struct err e = {""};
    assert_false(reads(STR("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>"), &small, &e));
    assert_false(reads(STR("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><a>&x;</a>"), &small, &e));
}

static void json_is_strict(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct err e = {""};
    const json_t *v = json_read(a, STR("{\"a\": \"\xC3\xA9\", \"n\": 42}"), 100, &e);
    assert_non_null(v);
    assert_string_equal(json_text(v, "a"), "\xC3\xA9");
    assert_int_equal(json_int(v, "n", 0), 42);
    assert_int_equal(json_int(v, "a", 7), 7);
    assert_null(json_text(v, "none"));
    static const char *const bad[] = {"", "{", "{\"a\":1,\"a\":2}", "{'a':1}", "[1,]", "\"\xFF\"", "{\"a\":1e999}", "nul"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_null(json_read(a, str_of(bad[i]), 100, &e));
    assert_null(json_read(a, STR("[1,2,3]"), 4, &e));
    assert_non_null(strstr(e.text, "limit is 4"));
    struct buf deep = {0};
    for (int i = 0; i < 40; i++)
        buf_addc(&deep, '[');
    assert_null(json_read(a, buf_str(&deep), 100, &e));
    assert_non_null(strstr(e.text, "deep"));
    buf_finish(&deep);
    arena_destroy(&a);
}

static void json_text_is_escaped(void **state)
{
    (void)state;
    struct buf b = {0};
    json_write_text(&b, "a\"\\\n\t\x01\x7F\xC3\xA9\xFF</script>");
    assert_string_equal(b.p, "\"a\\\"\\\\\\n\\u0009\\u0001\\u007f\xC3\xA9\xEF\xBF\xBD</script>\"");
    b.n = 0;
    json_write_str(&b, (struct str){"a\0b", 3});
    assert_string_equal(b.p, "\"a\xEF\xBF\xBD" "b\"");
    b.n = 0;
    json_write_text(&b, NULL);
    assert_string_equal(b.p, "null");
    buf_finish(&b);
}

static int start_xml(void **state)
{
    (void)state;
    xml_init();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_documents_are_read), cmocka_unit_test(harm_is_refused_with_a_reason), cmocka_unit_test(other_encodings_are_read_where_the_limits_say_so), cmocka_unit_test(size_limits_hold),
        cmocka_unit_test(files_and_network_are_out_of_reach), cmocka_unit_test(json_is_strict), cmocka_unit_test(json_text_is_escaped),
    };
    return cmocka_run_group_tests(tests, start_xml, NULL);
}
