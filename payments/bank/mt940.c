/*
 * SWIFT MT940 and MT942 as banks send them: fields :20: to :86:, stray line breaks, trailers and envelopes. A field is complete when the next one
 * begins; an entry (:61:) waits for its :86:.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "payments/bank/mt940_text.h"
#include "payments/bank/statement.h"

enum { LINE_BYTES = 16 * 1024, FIELD_BYTES = 64 * 1024, TEXT_BYTES = 256 * 1024, TAG_MAX = 4, SECOND_LINE = 34 };

struct mt940 {
    struct bank_writer *writer;
    struct arena *statement_arena, *entry_arena;
    struct buf line, value;
    char tag[TAG_MAX]; /* of the field being collected; empty when none */
    char line_mark;    /* what lines end with; 0 until the first bytes say */
    size_t line_no, field_line, text_bytes;
    bool lone_colon, in_statement, has_entry, has_opening, has_closing, is_ended;
    const char *cut; /* the beginning of a reference that field :86: continues */
    struct bank_statement statement;
    struct bank_entry entry;
};

/* ---- pieces of a field ---- */

struct cursor {
    const char *p, *end;
};

static bool two_digits(struct cursor *c, int *ret)
{
    if (c->end - c->p < 2 || !text_is_digit(c->p[0]) || !text_is_digit(c->p[1]))
        return false;
    *ret = (c->p[0] - '0') * 10 + c->p[1] - '0';
    c->p += 2;
    return true;
}

/* Banks that count every month as thirty days book on 30 February: the last day that exists is meant. */
static bool make_day(int year, int month, int day, int32_t *ret_day)
{
    while (day > 28 && day <= 31 && !civil_is_valid((struct civil){year, month, day}))
        day--;
    if (!civil_is_valid((struct civil){year, month, day}))
        return false;
    *ret_day = civil_day((struct civil){year, month, day});
    return true;
}

static bool six_digit_date(struct cursor *c, int32_t *ret_day)
{
    int y, m, d;
    if (!two_digits(c, &y) || !two_digits(c, &m) || !two_digits(c, &d))
        return false;
    return make_day(y < 80 ? 2000 + y : 1900 + y, m, d, ret_day);
}

/* The entry date has no year: the one that brings it closest to the value date is meant. */
static bool entry_date(struct cursor *c, int32_t value, int32_t *ret_day)
{
    int m, d, year = civil_of(value).year;
    bool found = false;
    if (!two_digits(c, &m) || !two_digits(c, &d))
        return false;
    for (int y = year - 1; y <= year + 1; y++) {
        int32_t day;
        if (make_day(y, m, d, &day) && (!found || abs(day - value) < abs(*ret_day - value))) {
            *ret_day = day;
            found = true;
        }
    }
    return found;
}

static bool mark(struct cursor *c, bool *ret_negative, bool *ret_reversal, bool *ret_expected)
{
    char first = c->p < c->end ? *c->p : '\0';
    *ret_reversal = first == 'R';
    *ret_expected = first == 'E';
    if (*ret_reversal || *ret_expected)
        c->p++;
    if (c->p >= c->end || (*c->p != 'C' && *c->p != 'D'))
        return false;
    /* The reversal of a credit takes money away: the mark names what was reversed. */
    *ret_negative = (*c->p == 'D') != *ret_reversal;
    c->p++;
    return true;
}

/*
 * The comma is SWIFT's decimal sign. Some banks write a point: with two digits behind it, and no other sign, it can part nothing but pence. With three it may
 * part thousands, and nobody can say.
 */
static bool amount(struct cursor *c, bool negative, struct bank_amount *ret)
{
    const char *from = c->p, *point = NULL;
    bool has_comma = false;
    for (; c->p < c->end && (text_is_digit(*c->p) || *c->p == ','); c->p++)
        has_comma = has_comma || *c->p == ',';
    if (c->end - c->p > 1 && c->p[0] == '.' && text_is_digit(c->p[1])) {
        point = c->p++;
        while (c->p < c->end && text_is_digit(*c->p))
            c->p++;
        bool goes_on = c->p < c->end && (*c->p == '.' || *c->p == ',');
        if (has_comma || point == from || c->p - point != 3 || goes_on) {
            c->p = point;
            return false;
        }
    }
    return bank_amount_read((struct str){from, (size_t)(c->p - from)}, negative, ret);
}

static bool refuse(const struct mt940 *m, const char *why, struct err *e)
{
    return err_set(e, "line %zu: field :%s: %s", m->field_line, m->tag, why);
}

/* `c` stands where the reading of the amount ended. */
static bool refuse_amount(const struct mt940 *m, const struct cursor *c, struct err *e)
{
    bool has_point = c->p < c->end && *c->p == '.';
    return refuse(m, has_point ? "has a point in its amount, which may part thousands or pence: ask the bank for the comma that SWIFT demands"
                               : "has no amount that can be read", e);
}

/* ---- statements and entries ---- */

static void begin_statement(struct mt940 *m)
{
    if (m->in_statement)
        return;
    m->in_statement = true;
    m->has_opening = m->has_closing = false;
    m->statement_arena = arena_create(0);
    m->statement = (struct bank_statement){.opening.date = CIVIL_NONE, .closing.date = CIVIL_NONE};
}

static bool end_entry(struct mt940 *m, struct err *e)
{
    if (!m->has_entry)
        return true;
    m->has_entry = false;
    bank_text_add(m->entry_arena, &m->entry.remittance, m->cut);
    m->cut = NULL;
    if (bank_reference_is_absent(m->entry.end_to_end_id))
        m->entry.end_to_end_id = NULL;
    bool written = bank_writer_entry(m->writer, &m->statement, &m->entry, e);
    arena_destroy(&m->entry_arena);
    return written;
}

static bool end_statement(struct mt940 *m, struct err *e)
{
    if (!m->in_statement)
        return true;
    if (!end_entry(m, e))
        return false;
    bank_writer_end(m->writer, &m->statement, NULL);
    arena_destroy(&m->statement_arena);
    m->in_statement = false;
    return true;
}

static bool read_balance(struct mt940 *m, struct str v, struct bank_balance *ret, struct err *e)
{
    struct cursor c = {v.p, v.p + v.n};
    bool negative = v.n && *c.p == 'D';
    if (!v.n || (*c.p != 'C' && *c.p != 'D'))
        return refuse(m, "does not begin with C or D", e);
    c.p++;
    if (!six_digit_date(&c, &ret->date))
        return refuse(m, "has no date that exists", e);
    /* Some banks leave the currency out on later pages. */
    if (c.end - c.p > 3 && text_is_alpha(c.p[0])) {
        snprintf(ret->currency, sizeof ret->currency, "%.3s", c.p);
        c.p += 3;
    } else {
        snprintf(ret->currency, sizeof ret->currency, "%s", m->statement.opening.currency);
    }
    if (!amount(&c, negative, &ret->amount) || str_trim((struct str){c.p, (size_t)(c.end - c.p)}).n)
        return refuse_amount(m, &c, e);
    return true;
}

/* A closing balance may be missing, but then the message says that it is over, by its mark or by an empty line. */
static bool end_message(struct mt940 *m, const char *what_ends_it, struct err *e)
{
    if (m->in_statement && m->statement.id && m->has_opening && !m->has_closing && !m->is_ended)
        return err_set(e, "line %zu: %s in the middle of a statement: get the file from the bank again", m->line_no, what_ends_it);
    return end_statement(m, e);
}

static bool opening(struct mt940 *m, struct str v, struct err *e)
{
    if (m->has_opening && !end_statement(m, e))
        return false;
    begin_statement(m);
    m->has_opening = true;
    if (!read_balance(m, v, &m->statement.opening, e))
        return false;
    m->statement.currency = arena_strdup(m->statement_arena, m->statement.opening.currency);
    return true;
}

static bool closing(struct mt940 *m, struct str v, struct err *e)
{
    begin_statement(m);
    if (!end_entry(m, e) || !read_balance(m, v, &m->statement.closing, e))
        return false;
    m->has_closing = true;
    if (!m->statement.currency)
        m->statement.currency = arena_strdup(m->statement_arena, m->statement.closing.currency);
    return true;
}

/* ---- :61: ---- */

/* NULL when it only says that there is none. */
static const char *reference(struct mt940 *m, struct str s)
{
    const char *text = bank_text(m->entry_arena, s);
    return bank_reference_is_absent(text) ? NULL : text;
}

/* What the bank adds to an entry's first line. */
static void second_line(struct mt940 *m, struct str line)
{
    struct arena *a = m->entry_arena;
    struct str text = str_of(bank_utf8(a, line)), behind;
    if (mt940_text_in_columns(a, text, &m->entry, &behind)) {
        bank_text_add(a, &m->entry.remittance, m->cut);
        m->cut = bank_text(a, behind);
        if (line.n == SECOND_LINE && line.p[line.n - 1] != ' ')
            return;
        bank_text_add(a, &m->entry.remittance, m->cut);
        m->cut = NULL;
    } else if (mt940_text_is_coded(str_trim(text))) {
        mt940_text(a, str_trim(text), &m->entry);
    } else {
        bank_text_add(a, &m->entry.remittance, bank_text(a, text));
    }
}

static void entry_text(struct mt940 *m, struct str value)
{
    const char *text = bank_utf8(m->entry_arena, value);
    if (m->cut)
        text = arena_printf(m->entry_arena, "%s%s", m->cut, text);
    m->cut = NULL;
    mt940_text(m->entry_arena, str_of(text), &m->entry);
}

/* Customer's reference, then behind "//" the bank's, which may have a line of its own, then on further lines whatever the bank adds. */
static void entry_references(struct mt940 *m, struct str rest)
{
    struct str first = {"", 0};
    str_cut(&rest, '\n', &first);
    const char *slashes = memmem(first.p, first.n, "//", 2);
    size_t own = slashes ? (size_t)(slashes - first.p) : first.n;
    m->entry.instruction_id = reference(m, (struct str){first.p, own});
    if (slashes)
        m->entry.bank_ref = reference(m, (struct str){slashes + 2, first.n - own - 2});
    for (struct str line; str_cut(&rest, '\n', &line);) {
        if (!slashes && str_starts(line, "//")) {
            slashes = line.p;
            m->entry.bank_ref = reference(m, (struct str){line.p + 2, line.n - 2});
        } else {
            second_line(m, line);
        }
    }
}

/* Banks break the line before the amount or put a space there. */
static void skip_break(struct cursor *c)
{
    while (c->p < c->end && (*c->p == '\n' || *c->p == ' '))
        c->p++;
}

/* A letter and three more signs, blank ones at some banks, which others leave out. A digit in its place, or a comma within, belongs to an amount
 * that was not read to its end. */
static bool entry_kind(struct mt940 *m, struct cursor *c)
{
    while (c->p < c->end && *c->p == ' ')
        c->p++;
    bool is_there = c->end - c->p >= 4 && text_is_alpha(*c->p);
    if ((c->p < c->end && text_is_digit(*c->p)) || (is_there && memchr(c->p, ',', 4)))
        return false;
    struct str rest = {c->p, (size_t)(c->end - c->p)}, line = {"", 0};
    str_cut(&rest, '\n', &line);
    if (is_there && reference(m, line)) {
        m->entry.kind = bank_text(m->entry_arena, (struct str){c->p, 4});
        c->p += 4;
    }
    return true;
}

static bool entry(struct mt940 *m, struct str v, struct err *e)
{
    begin_statement(m);
    if (!end_entry(m, e))
        return false;
    m->entry_arena = arena_create(0);
    m->entry = (struct bank_entry){.booked = CIVIL_NONE, .value = CIVIL_NONE};
    m->has_entry = true;
    m->text_bytes = 0;
    struct cursor c = {v.p, v.p + v.n};
    if (!six_digit_date(&c, &m->entry.value))
        return refuse(m, "has no value date that exists", e);
    m->entry.booked = m->entry.value;
    skip_break(&c);
    if (c.p < c.end && text_is_digit(*c.p) && !entry_date(&c, m->entry.value, &m->entry.booked))
        return refuse(m, "has no entry date that exists", e);
    skip_break(&c);
    bool negative, expected;
    if (!mark(&c, &negative, &m->entry.reversal, &expected))
        return refuse(m, "has no credit or debit mark", e);
    m->entry.status = expected ? BANK_PENDING : BANK_BOOKED;
    skip_break(&c);
    if (c.p < c.end && text_is_alpha(*c.p))
        c.p++; /* funds code: the third letter of the currency */
    skip_break(&c);
    if (!amount(&c, negative, &m->entry.amount) || !entry_kind(m, &c))
        return refuse_amount(m, &c, e);
    m->entry.currency = m->statement.currency;
    entry_references(m, (struct str){c.p, (size_t)(c.end - c.p)});
    return true;
}

static bool text_fits(struct mt940 *m, struct str v, struct err *e)
{
    m->text_bytes += v.n;
    return m->text_bytes <= TEXT_BYTES || refuse(m, "repeats too often", e);
}

static bool account(struct mt940 *m, struct str v, struct err *e)
{
    if (m->has_entry && mt940_text_is_german(v)) { /* a text field under the wrong number */
        mt940_text(m->entry_arena, str_of(bank_utf8(m->entry_arena, v)), &m->entry);
        return true;
    }
    if (m->has_closing && !end_statement(m, e)) /* some banks leave :20: out of their messages */
        return false;
    if (m->has_entry || m->writer->in_statement)
        return refuse(m, "follows the entries", e);
    begin_statement(m);
    m->statement.account = bank_text(m->statement_arena, str_trim(v));
    return true;
}

/* An MT942 has no balances: the floor limit in front of its entries names the currency. */
static void floor_limit(struct mt940 *m, struct str v)
{
    begin_statement(m);
    if (!m->statement.currency && v.n > 3 && text_is_alpha(v.p[0]) && text_is_alpha(v.p[1]) && text_is_alpha(v.p[2]))
        m->statement.currency = str_dup(m->statement_arena, (struct str){v.p, 3});
}

/* A bank's own field: lines of a two-digit code and text. */
static void own_field(struct mt940 *m, struct str v)
{
    for (struct str line; str_cut(&v, '\n', &line);) {
        bool coded = line.n > 2 && text_is_digit(line.p[0]) && text_is_digit(line.p[1]);
        bank_text_add(m->entry_arena, &m->entry.remittance, bank_text(m->entry_arena, coded ? (struct str){line.p + 2, line.n - 2} : line));
    }
}

static bool end_field(struct mt940 *m, struct err *e)
{
    struct str v = str_trim(buf_str(&m->value));
    const char *t = m->tag;
    bool ok = true;
    if (strcmp(t, "20") == 0) {
        begin_statement(m);
        m->statement.id = bank_text(m->statement_arena, v);
    } else if (strcmp(t, "25") == 0) {
        ok = account(m, v, e);
    } else if (strcmp(t, "25P") == 0) {
        struct str number = {"", 0}; /* on the next line the bank's own code */
        str_cut(&v, '\n', &number);
        ok = account(m, number, e);
    } else if (strcmp(t, "28") == 0 || strcmp(t, "28C") == 0) {
        begin_statement(m);
        if (!m->statement.id)
            m->statement.id = bank_text(m->statement_arena, v);
    } else if (strncmp(t, "60", 2) == 0) {
        ok = opening(m, v, e);
    } else if (strncmp(t, "62", 2) == 0) {
        ok = closing(m, v, e);
    } else if (strcmp(t, "34F") == 0) {
        floor_limit(m, v);
    } else if (strcmp(t, "64") == 0 || strcmp(t, "65") == 0) {
        begin_statement(m);
    } else if (strcmp(t, "61") == 0) {
        ok = entry(m, v, e);
    } else if (strcmp(t, "86") == 0 && m->has_entry && !m->has_closing) {
        ok = text_fits(m, v, e);
        if (ok)
            entry_text(m, v);
    } else if (strcmp(t, "NS") == 0 && m->has_entry) {
        ok = text_fits(m, v, e);
        if (ok)
            own_field(m, v);
    }
    m->tag[0] = '\0';
    m->value.n = 0;
    return ok;
}

/* ---- lines ---- */

static bool tag_of(struct str line, char tag[TAG_MAX], struct str *ret_value)
{
    static const char *const tags[] = {"20", "21", "25", "25P", "28", "28C", "28D", "60F", "60M", "61", "62F", "62M", "64",
                                       "65", "86", "13", "13D", "34F", "90D", "90C", "NS", "940"};
    const char *second = line.n > 2 && line.p[0] == ':' ? memchr(line.p + 1, ':', line.n - 1) : NULL;
    for (size_t i = 0; second && i < sizeof tags / sizeof *tags; i++) {
        if (!str_is((struct str){line.p + 1, (size_t)(second - line.p) - 1}, tags[i]))
            continue;
        snprintf(tag, TAG_MAX, "%s", tags[i]);
        *ret_value = (struct str){second + 1, line.n - (size_t)(second - line.p) - 1};
        return true;
    }
    return false;
}

/* A time of day cut by the line break ("…T10" ":20:37 …") looks like a field: a new message cannot begin before the balance is closed. */
static bool is_cut_time(const struct mt940 *m, const char *tag, struct str value)
{
    bool could_be = strcmp(m->tag, "86") == 0 && m->has_opening && !m->has_closing && (strcmp(tag, "61") != 0 && tag[2] == '\0');
    return could_be && value.n >= 2 && text_is_digit(value.p[0]) && text_is_digit(value.p[1]) && (value.n == 2 || value.p[2] == ' ');
}

/* Banks of the north wrote the brace with the letter that has its code there. */
static bool ends_message(struct str line)
{
    line = str_trim(line);
    return str_is(line, "-") || str_starts(line, "-}") || str_is(line, "-XXX") || str_is(line, "-\xC3\xA5") || str_is(line, "-\xE5");
}

static bool take_line(struct mt940 *m, struct str line, struct err *e)
{
    char tag[TAG_MAX];
    struct str value;
    if (line.n > 2 && memcmp(line.p + line.n - 2, "-}", 2) == 0)
        line.n -= 2; /* the trailer glued to the last field */
    if (str_starts(line, "-:") && tag_of((struct str){line.p + 1, line.n - 1}, tag, &value))
        line = (struct str){line.p + 1, line.n - 1}; /* the mark of an end where none is, glued to the next field */
    if (tag_of(line, tag, &value) && !is_cut_time(m, tag, value)) {
        if (m->tag[0] && !end_field(m, e))
            return false;
        if (strcmp(tag, "20") == 0 && !end_message(m, "a new message begins", e))
            return false;
        m->is_ended = false;
        memcpy(m->tag, tag, sizeof tag);
        m->field_line = m->line_no;
        buf_add(&m->value, value.p, value.n);
        return true;
    }
    if (!m->tag[0] || (strcmp(m->tag, "86") != 0 && str_trim(line).n == 0))
        return true; /* envelopes, headings and empty lines between messages */
    if (m->value.n + line.n + 1 > FIELD_BYTES)
        return refuse(m, "is longer than 64 KiB", e);
    buf_addc(&m->value, '\n');
    buf_add(&m->value, line.p, line.n);
    return true;
}

/* A line, or what stands of a message on the same line as another one's end. */
static bool take_part(struct mt940 *m, struct str line, struct err *e)
{
    bool ends = ends_message(line), is_envelope = str_starts(line, "{1:");
    const char *text = is_envelope ? memmem(line.p, line.n, "{4:", 3) : NULL;
    m->is_ended = m->is_ended || ends || !str_trim(line).n;
    if (!ends && !is_envelope)
        return take_line(m, line, e);
    if (m->tag[0] && !end_field(m, e))
        return false;
    /* The first field may stand on the line of the envelope. */
    return !text || take_line(m, (struct str){text + 3, line.n - (size_t)(text + 3 - line.p)}, e);
}

static bool end_line(struct mt940 *m, struct err *e)
{
    struct str line = buf_str(&m->line);
    m->line_no++;
    while (line.n && (unsigned char)line.p[line.n - 1] < 0x20)
        line.n--; /* spaces stay: they may be the end of a line cut at its full width */
    while (line.n && (unsigned char)line.p[0] < 0x20)
        line = (struct str){line.p + 1, line.n - 1};
    if (str_starts(line, "\xEF\xBB\xBF"))
        line = (struct str){line.p + 3, line.n - 3};
    if (str_is(str_trim(line), ":") && !m->lone_colon) {
        m->lone_colon = true;
        m->line.n = 0;
        buf_addc(&m->line, ':');
        return true;
    }
    m->lone_colon = false;
    /* Behind its end a message may have a trailer, and the next message right behind that. */
    const char *over = memmem(line.p, line.n, "-}{", 3), *next = over ? memmem(over, (size_t)(line.p + line.n - over), "{1:", 3) : NULL;
    bool ok = !over || over == line.p || take_part(m, (struct str){line.p, (size_t)(over - line.p)}, e);
    ok = ok && take_part(m, over ? STR("-}") : line, e) && (!next || take_part(m, (struct str){next, (size_t)(line.p + line.n - next)}, e));
    m->line.n = 0;
    return ok;
}

/* ---- the reader ---- */

static void *create(struct arena *a, struct bank_writer *w)
{
    struct mt940 *m = arena_alloc(a, sizeof *m);
    m->writer = w;
    bank_writer_format(w, "mt940");
    return m;
}

/* Old systems end lines with CR alone; what was copied out of a German banking program ends them with "@@". */
static char mark_of_lines(struct str bytes)
{
    if (str_starts(bytes, "@@:"))
        return '@';
    return !memchr(bytes.p, '\n', bytes.n) && memchr(bytes.p, '\r', bytes.n) ? '\r' : '\n';
}

/* Behind the mark that was found: a single "@" is a letter of the line. */
static bool is_line_whole(struct mt940 *m)
{
    if (m->line_mark != '@')
        return true;
    if (m->line.n && m->line.p[m->line.n - 1] == '@') {
        m->line.n--;
        return true;
    }
    buf_addc(&m->line, '@');
    return false;
}

static bool feed(void *self, struct str bytes, struct err *e)
{
    struct mt940 *m = self;
    if (!m->line_mark)
        m->line_mark = mark_of_lines(bytes);
    while (bytes.n) {
        const char *end = memchr(bytes.p, m->line_mark, bytes.n);
        size_t n = end ? (size_t)(end - bytes.p) : bytes.n;
        if (m->line.n + n > LINE_BYTES)
            return err_set(e, "line %zu: longer than 16 KiB", m->line_no + 1);
        buf_add(&m->line, bytes.p, n);
        if (end && is_line_whole(m) && !end_line(m, e))
            return false;
        n += end != NULL;
        bytes = (struct str){bytes.p + n, bytes.n - n};
    }
    return true;
}

static bool finish(void *self, struct err *e)
{
    struct mt940 *m = self;
    if (m->line.n && !end_line(m, e))
        return false;
    if (m->tag[0] && !end_field(m, e))
        return false;
    return end_message(m, "the file ends", e);
}

static void destroy(void *self)
{
    struct mt940 *m = self;
    arena_destroy(&m->entry_arena);
    arena_destroy(&m->statement_arena);
    buf_finish(&m->line);
    buf_finish(&m->value);
}

const struct bank_reader mt940_reader = {create, feed, finish, destroy};
