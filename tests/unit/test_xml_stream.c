#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/xml.h"

/* Writes what it hears: <name a=…>text</>. */
static bool on_start(void *self, const char *name, const char *space, const struct xml_attributes *a, struct err *e)
{
    struct str value = xml_attribute(a, "a");
    buf_addf(self, "<%s%s%.*s%s%s>", name, value.n ? " a=" : "", (int)value.n, value.p, space ? " in " : "", space ? space : "");
    return strcmp(name, "stop") != 0 || err_set(e, "stopped by the handler");
}

static bool on_text(void *self, struct str piece, struct err *e)
{
    (void)e;
    buf_add(self, piece.p, piece.n);
    return true;
}

static bool on_end(void *self, struct err *e)
{
    (void)e;
    buf_adds(self, "</>");
    return true;
}

static const struct xml_events events = {on_start, on_text, on_end};

static bool parse(const char *text, size_t n, size_t piece, const struct xml_limits *limits, struct buf *heard, struct err *e)
{
    struct xml_stream *s = xml_stream_create(&events, heard, limits);
    bool ok = true;
    for (size_t at = 0; ok && at < n; at += piece)
        ok = xml_stream_feed(s, (struct str){text + at, n - at < piece ? n - at : piece}, e);
    ok = ok && xml_stream_finish(s, e);
    xml_stream_destroy(&s);
    return ok;
}

static void hears_the_same_in_any_pieces(void **state)
{
    (void)state;
    const char *text = "\xEF\xBB\xBF<?xml version=\"1.0\" encoding='UTF-8'?>\n<!-- a > b --><r xmlns=\"urn:x\"><b a='1>2'>x &amp; y</b><![CDATA[<z>]]]><c/><?pi q?></r>";
    static const size_t pieces[] = {1, 2, 3, 7, 64, 4096};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct buf heard = {0};
        struct err e = {""};
        assert_true(parse(text, strlen(text), pieces[i], &xml_limits_statement, &heard, &e));
        assert_string_equal(heard.p, "<r in urn:x><b a=1>2 in urn:x>x & y</><z>]<c in urn:x></></>");
        buf_finish(&heard);
    }
}

static void refuses(const char *text, size_t n, const struct xml_limits *limits, const char *why)
{
    static const size_t pieces[] = {1, 100, 65536};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct buf heard = {0};
        struct err e = {""};
        bool ok = parse(text, n, pieces[i], limits, &heard, &e);
        if (ok || !strstr(e.text, why))
            fail_msg("\"%.60s\": expected refusal with \"%s\", got \"%s\"", text, why, e.text);
        buf_finish(&heard);
    }
}

static void refuses_what_the_prescan_refuses(void **state)
{
    (void)state;
    const struct xml_limits *l = &xml_limits_statement;
    struct xml_limits tight = *l;
#define REFUSES(text, limits, why) refuses(text, sizeof(text) - 1, limits, why)
    REFUSES("", l, "empty");
    REFUSES("<!DOCTYPE r><r/>", l, "document type");
    REFUSES("<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><r>&x;</r>", l, "document type");
    REFUSES("<![CDt/", l, "document type");
    REFUSES("<r>&x;</r>", l, "not defined");
    REFUSES("<r><a></r>", l, "mismatch");
    REFUSES("<r>", l, "line");
    REFUSES("<r/><r/>", l, "line");
    REFUSES("<r>a\0b</r>", l, "zero bytes");
    REFUSES("<?xml version='1.0' encoding='UTF-16'?><r/>", l, "encoding");
    REFUSES("<r>caf\xE9 noir</r>", l, "ask its sender for UTF-8");
    REFUSES("<?xml version='1.0' encoding='EBCDIC'?><r/>", l, "encoding");
    REFUSES("<r><stop/></r>", l, "stopped by the handler");
#undef REFUSES
    tight.depth = 3;
    refuses("<a><b><c><d></d></c></b></a>", 28, &tight, "nested too deeply");
    tight = *l;
    tight.attributes = 2;
    refuses("<a b='1' c='2' d='3'/>", 22, &tight, "too many attributes");
    tight = *l;
    tight.tags = 2;
    refuses("<a><b/><c/></a>", 15, &tight, "too many elements");
    tight = *l;
    tight.bytes = 10;
    refuses("<a>0123456789</a>", 17, &tight, "larger than the limit");
}

static void repeat(struct buf *b, const char *text, size_t n)
{
    while (n--)
        buf_adds(b, text);
}

static void bounds_tags_and_comments(void **state)
{
    (void)state;
    struct buf tag = {0}, comment = {0}, deep = {0};
    buf_adds(&tag, "<a b='");
    repeat(&tag, "x", 9000);
    buf_adds(&tag, "'/>");
    refuses(tag.p, tag.n, &xml_limits_statement, "longer than 8 KiB");
    static const char *const begun[] = {"<", "<a ", "<a><b>1</b></", "<a b=\""}; /* and never ended */
    for (size_t i = 0; i < sizeof begun / sizeof *begun; i++) {
        tag.n = 0;
        buf_adds(&tag, begun[i]);
        repeat(&tag, "x", 9000);
        refuses(tag.p, tag.n, &xml_limits_statement, "longer than 8 KiB");
    }
    buf_adds(&comment, "<a><!--");
    repeat(&comment, "x", 70000);
    buf_adds(&comment, "--></a>");
    refuses(comment.p, comment.n, &xml_limits_statement, "longer than 64 KiB");
    repeat(&deep, "<a>", 41);
    refuses(deep.p, deep.n, &xml_limits_statement, "nested too deeply");
    buf_finish(&tag);
    buf_finish(&comment);
    buf_finish(&deep);
}

static void reads_latin_1(void **state)
{
    (void)state;
    struct buf heard = {0};
    struct err e = {""};
    const char *text = "<?xml version='1.0' encoding='ISO-8859-1'?><a>caf\xE9</a>";
    assert_true(parse(text, strlen(text), 5, &xml_limits_statement, &heard, &e));
    assert_string_equal(heard.p, "<a>caf\xC3\xA9</>");
    buf_finish(&heard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hears_the_same_in_any_pieces),
        cmocka_unit_test(refuses_what_the_prescan_refuses),
        cmocka_unit_test(bounds_tags_and_comments),
        cmocka_unit_test(reads_latin_1),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
