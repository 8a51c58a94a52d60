#include "daemon/base/xml.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <libxml/SAX2.h>
#include <libxml/parser.h>

enum { TAG_BYTES = 8 * 1024, BLOCK_BYTES = 64 * 1024, HEAD_BYTES = 512, PIECE_BYTES = 64 * 1024 };

const struct xml_limits xml_limits_statement = {
    .bytes = (size_t)16 << 30,
    .tags = SIZE_MAX,
    .depth = 40,
    .attributes = 64,
    .legacy_charsets = true,
};

/* Where the byte-wise scan stands between two pieces. */
enum place { IN_TEXT, AT_MARKUP, AT_BANG, IN_TAG, IN_END_TAG, IN_COMMENT, IN_CDATA, IN_INSTRUCTION };

struct xml_stream {
    const struct xml_events *events;
    void *self;
    const struct xml_limits *limits;
    xmlParserCtxt *context;
    xmlSAXHandler sax;
    struct buf head; /* the first bytes, until the encoding is known */
    bool started, failed;
    struct err why, said; /* said: by the event that is under way; kept here, for clearing its whole text at every event costs more than most events */
    enum place place;
    char quote, last[2], bang[8];
    size_t bang_n, run, bytes, tags;
    unsigned attributes, depth;
};

static bool refuse(struct xml_stream *s, const char *why)
{
    if (!s->failed)
        err_set(&s->why, "line %d: %s", s->context ? xmlSAX2GetLineNumber(s->context) : 1, why);
    s->failed = true;
    return false;
}

/* ---- the scan: what libxml2 may see at all ---- */

static const char too_long[] = "a tag is longer than 8 KiB";

static bool scan_tag(struct xml_stream *s, char c)
{
    if (s->quote) {
        if (c == s->quote)
            s->quote = 0;
    } else if (c == '"' || c == '\'') {
        s->quote = c;
        if (++s->attributes > s->limits->attributes)
            return refuse(s, "a tag has too many attributes");
    } else if (c == '>') {
        if (++s->tags > s->limits->tags)
            return refuse(s, "the document has too many elements");
        if (s->last[1] != '/' && ++s->depth > s->limits->depth)
            return refuse(s, "the elements are nested too deeply");
        s->place = IN_TEXT;
    }
    return ++s->run <= TAG_BYTES || refuse(s, too_long);
}

static bool scan_after_less(struct xml_stream *s, char c)
{
    s->run = 0;
    s->attributes = 0;
    s->bang_n = 0;
    s->quote = 0;
    if (c == '!')
        s->place = AT_BANG;
    else if (c == '?')
        s->place = IN_INSTRUCTION;
    else if (c == '/')
        s->place = IN_END_TAG;
    else
        s->place = IN_TAG;
    return true;
}

/* Behind "<!" only a comment or a CDATA section may follow. */
static bool scan_bang(struct xml_stream *s, char c)
{
    static const char cdata[] = "[CDATA[";
    s->bang[s->bang_n++] = c;
    if (s->bang_n == 2 && memcmp(s->bang, "--", 2) == 0)
        s->place = IN_COMMENT;
    else if (s->bang_n == 7 && memcmp(s->bang, cdata, 7) == 0)
        s->place = IN_CDATA;
    else if (memcmp(s->bang, cdata, s->bang_n) != 0 && (s->bang_n != 1 || c != '-'))
        return refuse(s, "document type declarations are not accepted");
    return true;
}

static bool scan_block(struct xml_stream *s, char c)
{
    const char *end = s->place == IN_COMMENT ? "--" : s->place == IN_CDATA ? "]]" : "?";
    size_t n = strlen(end);
    if (c == '>' && s->run >= n && memcmp(s->last + 2 - n, end, n) == 0)
        s->place = IN_TEXT;
    return ++s->run <= BLOCK_BYTES || refuse(s, "a comment, instruction or CDATA section is longer than 64 KiB");
}

static bool scan_end_tag(struct xml_stream *s, char c)
{
    if (c == '>') {
        s->place = IN_TEXT;
        if (s->depth)
            s->depth--;
    }
    return ++s->run <= TAG_BYTES || refuse(s, too_long);
}

static bool scan_byte(struct xml_stream *s, char c)
{
    switch (s->place) {
    case IN_TEXT:
        if (c == '<')
            s->place = AT_MARKUP;
        return true;
    case AT_MARKUP:
        return scan_after_less(s, c);
    case AT_BANG:
        return scan_bang(s, c);
    case IN_TAG:
        return scan_tag(s, c);
    case IN_END_TAG:
        return scan_end_tag(s, c);
    case IN_COMMENT:
    case IN_CDATA:
    case IN_INSTRUCTION:
        return scan_block(s, c);
    }
    return false;
}

static size_t length_until(const char *p, size_t n, char c)
{
    const char *end = memchr(p, c, n);
    return end ? (size_t)(end - p) : n;
}

/* How many bytes from here on decide nothing but the length of a tag. */
static size_t idle_bytes(const struct xml_stream *s, const char *p, size_t n)
{
    size_t idle = 0;
    if (s->place == IN_TEXT)
        idle = length_until(p, n, '<');
    else if (s->place == IN_END_TAG)
        idle = length_until(p, n, '>');
    else if (s->place == IN_TAG && s->quote)
        idle = length_until(p, n, s->quote);
    else if (s->place == IN_TAG)
        while (idle < n && p[idle] != '>' && p[idle] != '"' && p[idle] != '\'')
            idle++;
    return idle;
}

static bool scan(struct xml_stream *s, struct str in)
{
    if (memchr(in.p, '\0', in.n))
        return refuse(s, "the document is not text in UTF-8 (it contains zero bytes)");
    for (size_t i = 0; i < in.n; i++) {
        size_t idle = idle_bytes(s, in.p + i, in.n - i);
        if (idle) {
            i += idle;
            s->last[1] = in.p[i - 1];
            s->run += idle;
            if (s->place != IN_TEXT && s->run > TAG_BYTES)
                return refuse(s, too_long);
            if (i == in.n)
                return true;
        }
        if (!scan_byte(s, in.p[i]))
            return false;
        s->last[0] = s->last[1];
        s->last[1] = in.p[i];
    }
    return true;
}

/* ---- events from libxml2 ---- */

/* Where an event says why it stops. */
static struct err *reason(struct xml_stream *s)
{
    s->said.text[0] = '\0';
    return &s->said;
}

static void stop(struct xml_stream *s)
{
    if (!s->failed)
        err_set(&s->why, "line %d: %s", xmlSAX2GetLineNumber(s->context), s->said.text);
    s->failed = true;
    xmlStopParser(s->context);
}

static void on_start(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int spaces_n, const xmlChar **spaces,
                     int attributes_n, int defaulted, const xmlChar **attributes)
{
    (void)prefix;
    (void)spaces_n;
    (void)spaces;
    (void)defaulted;
    struct xml_stream *s = self;
    struct xml_attributes a = {(size_t)attributes_n, attributes};
    if (!s->failed && !s->events->start(s->self, (const char *)name, (const char *)uri, &a, reason(s)))
        stop(s);
}

static void on_end(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    (void)name;
    (void)prefix;
    (void)uri;
    struct xml_stream *s = self;
    if (!s->failed && !s->events->end(s->self, reason(s)))
        stop(s);
}

static void on_text(void *self, const xmlChar *text, int n)
{
    struct xml_stream *s = self;
    if (!s->failed && !s->events->text(s->self, (struct str){(const char *)text, (size_t)n}, reason(s)))
        stop(s);
}

struct str xml_attribute(const struct xml_attributes *a, const char *name)
{
    for (size_t i = 0; i < a->n; i++) {
        const unsigned char **at = a->raw + 5 * i; /* name, prefix, URI, value, end of value */
        if (!at[1] && strcmp((const char *)at[0], name) == 0)
            return (struct str){(const char *)at[3], (size_t)(at[4] - at[3])};
    }
    return (struct str){"", 0};
}

/* ---- feeding ---- */

struct xml_stream *xml_stream_create(const struct xml_events *events, void *self, const struct xml_limits *limits)
{
    xml_init();
    struct xml_stream *s = calloc(1, sizeof *s);
    if (!s)
        _Exit(EX_SOFTWARE);
    s->events = events;
    s->self = self;
    s->limits = limits;
    s->sax.initialized = XML_SAX2_MAGIC;
    s->sax.startElementNs = on_start;
    s->sax.endElementNs = on_end;
    s->sax.characters = on_text;
    s->sax.ignorableWhitespace = on_text;
    s->sax.cdataBlock = on_text;
    s->context = xmlCreatePushParserCtxt(&s->sax, s, NULL, 0, NULL);
    if (!s->context)
        _Exit(EX_SOFTWARE);
    xmlCtxtUseOptions(s->context, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES);
    return s;
}

static bool parser_failed(struct xml_stream *s)
{
    const xmlError *error = xmlCtxtGetLastError(s->context);
    struct str why = str_trim(str_of(error && error->message ? error->message : "not well-formed XML"));
    if (str_starts(why, "Input is not proper UTF-8"))
        why = STR("the text is not in the encoding that the document declares, which is UTF-8 where it declares none: ask its sender for UTF-8");
    if (!s->failed)
        err_set(&s->why, "line %d: %.*s", error ? error->line : 0, (int)why.n, why.p);
    s->failed = true;
    return false;
}

static bool pass_on(struct xml_stream *s, struct str in)
{
    while (in.n && !s->failed) {
        size_t n = in.n < PIECE_BYTES ? in.n : PIECE_BYTES;
        if (!scan(s, (struct str){in.p, n}))
            return false;
        if (xmlParseChunk(s->context, in.p, (int)n, 0) != XML_ERR_OK && !s->failed && !s->context->wellFormed)
            return parser_failed(s);
        in.p += n;
        in.n -= n;
    }
    return !s->failed;
}

static bool start_parsing(struct xml_stream *s)
{
    struct str head = buf_str(&s->head);
    struct str text = str_starts(head, "\xEF\xBB\xBF") ? (struct str){head.p + 3, head.n - 3} : head;
    s->started = true;
    if (!xml_encoding_is_accepted(text, s->limits->legacy_charsets))
        return refuse(s, "the document declares an encoding other than UTF-8");
    return pass_on(s, text);
}

bool xml_stream_feed(struct xml_stream *s, struct str bytes, struct err *e)
{
    s->bytes += bytes.n;
    if (!s->failed && s->bytes > s->limits->bytes)
        refuse(s, "the document is larger than the limit");
    if (!s->failed && !s->started) {
        buf_add(&s->head, bytes.p, bytes.n);
        if (s->head.n >= HEAD_BYTES)
            start_parsing(s);
    } else if (!s->failed) {
        pass_on(s, bytes);
    }
    return !s->failed || err_set(e, "%s", s->why.text);
}

bool xml_stream_finish(struct xml_stream *s, struct err *e)
{
    if (!s->failed && s->bytes == 0)
        refuse(s, "the document is empty");
    if (!s->failed && !s->started)
        start_parsing(s);
    if (!s->failed && (xmlParseChunk(s->context, "", 0, 1) != XML_ERR_OK || !s->context->wellFormed))
        parser_failed(s);
    return !s->failed || err_set(e, "%s", s->why.text);
}

void xml_stream_destroy(struct xml_stream **s)
{
    if (!s || !*s)
        return;
    xmlFreeParserCtxt((*s)->context);
    buf_finish(&(*s)->head);
    free(*s);
    *s = NULL;
}
