#include "daemon/base/xml.h"

#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>

#include "daemon/base/arena.h"

enum { TAG_BYTES = 8 * 1024, ENCODING_MAX = 40 };

const struct xml_limits xml_limits_document = {
    .bytes = 20 * 1024 * 1024,
    .tags = 500000,
    .depth = 40,
    .attributes = 64,
    .legacy_charsets = true,
};

static xmlParserInput *refuse_entity(const char *url, const char *id, xmlParserCtxt *context)
{
    (void)url;
    (void)id;
    (void)context;
    return NULL;
}

static void ignore_message(void *context, const char *fmt, ...)
{
    (void)context;
    (void)fmt;
}

void xml_init(void)
{
    xmlInitParser();
    xmlSetExternalEntityLoader(refuse_entity);
    xmlSetGenericErrorFunc(NULL, ignore_message);
}

/* ---- the pre-scan: one pass, bytes only, remembers nothing but counters ---- */

struct scan {
    struct str in;
    const struct xml_limits *limits;
    size_t at, tags;
    unsigned depth;
    struct err *e;
};

/* Lines are counted only for a refusal: most documents never need them. */
static bool scan_refuse(struct scan *s, const char *why)
{
    size_t line = 1;
    for (size_t i = 0; i < s->at && i < s->in.n; i++)
        line += s->in.p[i] == '\n';
    return err_set(s->e, "line %zu: %s", line, why);
}

static bool at_text(const struct scan *s, const char *text)
{
    return str_starts((struct str){s->in.p + s->at, s->in.n - s->at}, text);
}

/* Moves behind the next `end`; false when it never comes. */
static bool skip_to(struct scan *s, const char *end)
{
    const char *hit = memmem(s->in.p + s->at, s->in.n - s->at, end, strlen(end));
    if (!hit)
        return scan_refuse(s, "the document ends inside a comment, CDATA section or instruction");
    s->at = (size_t)(hit + strlen(end) - s->in.p);
    return true;
}

static bool scan_start_tag(struct scan *s)
{
    size_t start = s->at;
    unsigned attributes = 0;
    char quote = 0;
    for (; s->at < s->in.n; s->at++) {
        char c = s->in.p[s->at];
        if (s->at - start > TAG_BYTES)
            return scan_refuse(s, "a tag is longer than 8 KiB");
        if (quote) {
            if (c == quote)
                quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
            if (++attributes > s->limits->attributes)
                return scan_refuse(s, "a tag has too many attributes");
        } else if (c == '>') {
            break;
        }
    }
    if (s->at >= s->in.n)
        return scan_refuse(s, "the document ends inside a tag");
    if (++s->tags > s->limits->tags)
        return scan_refuse(s, "the document has too many elements");
    if (s->in.p[s->at - 1] != '/' && ++s->depth > s->limits->depth)
        return scan_refuse(s, "the elements are nested too deeply");
    s->at++;
    return true;
}

static bool scan_markup(struct scan *s)
{
    switch (s->at + 1 < s->in.n ? s->in.p[s->at + 1] : '\0') {
    case '/':
        if (s->depth)
            s->depth--;
        return skip_to(s, ">");
    case '?':
        return skip_to(s, "?>");
    case '!':
        if (at_text(s, "<!--"))
            return s->at += 4, skip_to(s, "-->");
        if (at_text(s, "<![CDATA["))
            return skip_to(s, "]]>");
        return scan_refuse(s, "document type declarations are not accepted");
    default:
        return scan_start_tag(s);
    }
}

/* Only encodings that keep ASCII as it is: what the scan sees is then what libxml2 sees. */
bool xml_encoding_is_accepted(struct str in, bool legacy)
{
    static const char *const modern[] = {"utf-8", "us-ascii", "utf8"};
    static const char *const legacy_names[] = {"iso-8859-1", "iso-8859-15", "windows-1252"};
    if (!str_starts(in, "<?xml"))
        return true;
    const char *end = memmem(in.p, in.n < 512 ? in.n : 512, "?>", 2);
    if (!end)
        return false;
    const char *at = memmem(in.p, (size_t)(end - in.p), "encoding", 8);
    if (!at)
        return true;
    at += 8;
    while (at < end && (*at == ' ' || *at == '='))
        at++;
    if (at >= end || (*at != '"' && *at != '\''))
        return false;
    char name[ENCODING_MAX];
    size_t n = 0;
    for (char quote = *at++; at < end && *at != quote && n + 1 < sizeof name; at++)
        name[n++] = text_lower(*at);
    name[n] = '\0';
    for (size_t i = 0; i < sizeof modern / sizeof *modern; i++)
        if (strcmp(name, modern[i]) == 0)
            return true;
    for (size_t i = 0; legacy && i < sizeof legacy_names / sizeof *legacy_names; i++)
        if (strcmp(name, legacy_names[i]) == 0)
            return true;
    return false;
}

bool xml_prescan(struct str bytes, const struct xml_limits *limits, struct err *e)
{
    if (bytes.n > limits->bytes)
        return err_set(e, "the document has %zu bytes; the limit is %zu", bytes.n, limits->bytes);
    if (bytes.n == 0)
        return err_set(e, "the document is empty");
    if (memchr(bytes.p, '\0', bytes.n))
        return err_set(e, "the document is not text in UTF-8 (it contains zero bytes)");
    if (str_starts(bytes, "\xEF\xBB\xBF"))
        bytes = (struct str){bytes.p + 3, bytes.n - 3};
    if (!xml_encoding_is_accepted(bytes, limits->legacy_charsets))
        return err_set(e, "the document declares an encoding other than UTF-8");
    struct scan s = {.in = bytes, .limits = limits, .e = e};
    for (const char *tag; (tag = memchr(bytes.p + s.at, '<', bytes.n - s.at));) {
        s.at = (size_t)(tag - bytes.p);
        if (!scan_markup(&s))
            return false;
    }
    return true;
}

/* ---- UTF-16 ---- */

/* What begins with the mark of UTF-16 becomes UTF-8, without its declaration, which would name the encoding that it had. */
static bool from_utf16(struct arena *a, struct str *bytes, size_t most, struct err *e)
{
    bool big = str_starts(*bytes, "\xFE\xFF");
    if (!big && !str_starts(*bytes, "\xFF\xFE"))
        return true;
    if (bytes->n > most)
        return err_set(e, "the document has %zu bytes; the limit is %zu", bytes->n, most);
    struct str in = {bytes->p + 2, bytes->n - 2};
    char *out = arena_alloc(a, in.n / 2 * 3 + 1), *at = out;
    for (uint32_t c; text_take_utf16(&in, big, &c);)
        at = text_put_utf8(at, c);
    if (in.n)
        return err_set(e, "the document is not text in UTF-16, as its first bytes say");
    *bytes = (struct str){out, (size_t)(at - out)};
    const char *end = str_starts(*bytes, "<?xml ") ? memmem(out, bytes->n, "?>", 2) : NULL;
    if (end)
        *bytes = (struct str){end + 2, (size_t)(at - end) - 2};
    return true;
}

static void dispose_doc(void *doc)
{
    xmlFreeDoc(doc);
}

xmlDoc *xml_parse(struct arena *a, struct str bytes, const struct xml_limits *limits, struct err *e)
{
    if ((limits->legacy_charsets && !from_utf16(a, &bytes, limits->bytes, e)) || !xml_prescan(bytes, limits, e))
        return NULL;
    xmlParserCtxt *context = xmlNewParserCtxt();
    if (!context) {
        err_set(e, "out of memory");
        return NULL;
    }
    xmlDoc *doc = xmlCtxtReadMemory(context, bytes.p, (int)bytes.n, NULL, NULL,
                                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES);
    if (!doc) {
        const xmlError *error = xmlCtxtGetLastError(context);
        struct str why = str_trim(str_of(error && error->message ? error->message : "not well-formed XML"));
        err_set(e, "line %d: %.*s", error ? error->line : 0, (int)why.n, why.p);
    } else {
        arena_attach(a, dispose_doc, doc);
    }
    xmlFreeParserCtxt(context);
    return doc;
}
