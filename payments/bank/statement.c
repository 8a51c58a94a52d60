#include "payments/bank/statement.h"

#include <string.h>

enum { SNIFF_BYTES = 4096 };

struct statement_stream {
    struct arena *arena;
    struct bank_writer writer;
    const struct bank_reader *reader;
    void *self;
    struct buf head; /* until the format is known */
    bool is_utf16, big_endian;
    struct buf pairs, text; /* what is not yet a character; what came of the others */
};

void bank_text_add(struct arena *a, struct bank_texts *t, const char *text)
{
    if (text_is_empty(text))
        return;
    if (t->n == t->cap) {
        t->cap = t->cap ? t->cap * 2 : 4;
        t->at = arena_grow(a, t->at, t->n, t->cap, sizeof *t->at);
    }
    t->at[t->n++] = text;
}

struct bank_detail *bank_detail_add(struct arena *a, struct bank_entry *entry)
{
    if (entry->details_n == entry->details_cap) {
        entry->details_cap = entry->details_cap ? entry->details_cap * 2 : 2;
        entry->details = arena_grow(a, entry->details, entry->details_n, entry->details_cap, sizeof *entry->details);
    }
    return &entry->details[entry->details_n++];
}

/* The word in any case, with spaces anywhere: people put them in, and so does the end of a line. */
static bool is_word(const char *text, const char *word)
{
    for (; *text; text++)
        if (*text != ' ' && text_lower(*text) != text_lower(*word++))
            return false;
    return !*word;
}

bool bank_reference_is_absent(const char *reference)
{
    static const char *const words[] = {"NOTPROVIDED", "NONREF", "NOREF", "NONE", "N/A", "EREF", "KREF", "KREF+", "PREF", "MARF"};
    if (text_is_empty(reference))
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (is_word(reference, words[i]))
            return true;
    return false;
}

/* windows-1252 0x80 to 0x9F; 0 where the code is not used. */
static const unsigned short windows_1252[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                                                0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                                0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

char *bank_utf8(struct arena *a, struct str raw)
{
    bool is_utf8 = text_is_utf8(raw.p, raw.n);
    char *text = arena_alloc(a, raw.n * 3 + 1), *to = text;
    for (size_t i = 0; i < raw.n; i++) {
        unsigned char c = (unsigned char)raw.p[i];
        if ((c < 0x20 && c != '\n') || c == 0x7F)
            *to++ = ' ';
        else if (c < 0x80 || is_utf8)
            *to++ = (char)c;
        else
            to = text_put_utf8(to, c >= 0xA0 ? c : windows_1252[c - 0x80] ? windows_1252[c - 0x80] : 0xFFFD);
    }
    return text;
}

char *bank_text(struct arena *a, struct str raw)
{
    char *text = bank_utf8(a, raw), *end = text + strlen(text);
    for (char *p = text; p < end; p++)
        *p = *p == '\n' ? ' ' : *p;
    while (end > text && end[-1] == ' ')
        *--end = '\0';
    while (*text == ' ')
        text++;
    return text;
}

/* ---- which format ---- */

static bool is_tag_line(struct str line)
{
    static const char *const tags[] = {":20:", ":25:", ":28:", ":28C:", ":60F:", ":60M:", ":61:", ":62F:", ":62M:", ":64:", ":940:"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (str_starts(line, tags[i]))
            return true;
    return str_starts(line, "{1:F") || str_starts(line, "@@:");
}

static const struct bank_reader *sniff(struct str head)
{
    struct str first = str_trim(head);
    if (first.n && first.p[0] == '<')
        return &camt_reader;
    char mark = memchr(head.p, '\n', head.n) ? '\n' : '\r';
    for (struct str rest = head, line; str_cut(&rest, mark, &line);)
        if (is_tag_line(str_trim(line)))
            return &mt940_reader;
    return &csv_reader;
}

/* What people send as a statement and no bank means for programs. */
static bool is_readable(struct str head, struct err *e)
{
    static const struct {
        const char *mark, *advice;
    } others[] = {
        {"PK\x03\x04", "the file is a ZIP archive or an Excel workbook: unpack it, or save the sheet as CSV"},
        {"\xD0\xCF\x11\xE0", "the file is an Excel workbook: save the sheet as CSV"},
        {"%PDF", "the file is a PDF: ask the bank for camt.053, MT940 or CSV"},
        {"\x1F\x8B", "the file is compressed: unpack it"},
        {"OFXHEADER", "the file is OFX: ask the bank for camt.053, MT940 or CSV"},
        {"!Type:", "the file is QIF: ask the bank for camt.053, MT940 or CSV"},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (str_starts(head, others[i].mark))
            return err_set(e, "%s", others[i].advice);
    return str_trim(head).n || err_set(e, "the file is empty");
}

/* UTF-16 as UTF-8; half a character waits for its rest. False on what is no character. */
static bool decode(struct statement_stream *s, struct str bytes, struct err *e)
{
    buf_add(&s->pairs, bytes.p, bytes.n);
    struct str rest = buf_str(&s->pairs);
    char character[4];
    s->text.n = 0;
    for (uint32_t c; text_take_utf16(&rest, s->big_endian, &c);)
        buf_add(&s->text, character, (size_t)(text_put_utf8(character, c) - character));
    if (rest.n)
        memmove(s->pairs.p, rest.p, rest.n);
    s->pairs.n = rest.n;
    return rest.n < 4 || err_set(e, "the file is not text in UTF-16, as its first bytes say");
}

/* The declaration of an XML file would name the encoding that it had. */
static struct str without_declaration(struct str text)
{
    const char *end = str_starts(text, "<?xml ") ? memmem(text.p, text.n, "?>", 2) : NULL;
    return end ? (struct str){end + 2, text.n - (size_t)(end + 2 - text.p)} : text;
}

static bool begin(struct statement_stream *s, struct err *e)
{
    struct str head = buf_str(&s->head);
    s->big_endian = str_starts(head, "\xFE\xFF");
    s->is_utf16 = s->big_endian || str_starts(head, "\xFF\xFE");
    if (s->is_utf16) {
        if (!decode(s, (struct str){head.p + 2, head.n - 2}, e))
            return false;
        head = without_declaration(buf_str(&s->text));
    } else if (str_starts(head, "\xEF\xBB\xBF")) {
        head = (struct str){head.p + 3, head.n - 3};
    }
    if (!is_readable(head, e))
        return false;
    const char *tag = memchr(head.p, '<', head.n); /* what was copied begins with an empty line, which XML forbids */
    if (tag && tag == str_trim(head).p)
        head = (struct str){tag, head.n - (size_t)(tag - head.p)};
    s->reader = sniff(head);
    s->self = s->reader->create(s->arena, &s->writer);
    return s->reader->feed(s->self, head, e);
}

struct statement_stream *statement_open(struct buf *out)
{
    struct arena *a = arena_create(0);
    struct statement_stream *s = arena_alloc(a, sizeof *s);
    s->arena = a;
    s->writer.out = out;
    return s;
}

struct statement_stream *statement_open_lines(struct buf *out)
{
    struct statement_stream *s = statement_open(out);
    s->writer.in_lines = true;
    return s;
}

bool statement_feed(struct statement_stream *s, struct str bytes, struct err *e)
{
    if (s->reader)
        return s->is_utf16 ? decode(s, bytes, e) && s->reader->feed(s->self, buf_str(&s->text), e) : s->reader->feed(s->self, bytes, e);
    buf_add(&s->head, bytes.p, bytes.n);
    return s->head.n < SNIFF_BYTES || begin(s, e);
}

bool statement_finish(struct statement_stream *s, struct err *e)
{
    if (!s->reader && !begin(s, e))
        return false;
    if (s->pairs.n)
        return err_set(e, "the file ends in the middle of a character");
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): begin() either fails or chooses a reader */
    if (!s->reader->finish(s->self, e))
        return false;
    if (!s->writer.statements)
        return err_set(e, "the file holds no statement");
    bank_writer_finish(&s->writer);
    return true;
}

void statement_close(struct statement_stream **s)
{
    if (!s || !*s)
        return;
    if ((*s)->reader)
        (*s)->reader->destroy((*s)->self);
    buf_finish(&(*s)->head);
    buf_finish(&(*s)->pairs);
    buf_finish(&(*s)->text);
    buf_finish(&(*s)->writer.head);
    struct arena *a = (*s)->arena;
    arena_destroy(&a);
    *s = NULL;
}

static bool read_whole(struct statement_stream *s, struct str in, struct err *e)
{
    bool read = statement_feed(s, in, e) && statement_finish(s, e);
    statement_close(&s);
    return read;
}

bool statement_read_json(struct str in, struct buf *out, struct err *e)
{
    size_t before = out->n;
    buf_addc(out, '{');
    bool read = read_whole(statement_open(out), in, e);
    if (read)
        buf_adds(out, "}\n");
    else
        out->n = before;
    return read;
}

bool statement_read_lines(struct str in, struct buf *out, struct err *e)
{
    size_t before = out->n;
    bool read = read_whole(statement_open_lines(out), in, e);
    if (!read)
        out->n = before;
    return read;
}
