#include "payments/bank/mt940_text.h"

#include <string.h>

enum { WRAP = 65 };

/* What begins a subfield of the German dialect: banks of other countries that write it took other marks. */
static bool is_subfield_mark(char c)
{
    return c && strchr("?>~^<+", c);
}

static bool is_subfield_at(struct str s, size_t at, char mark)
{
    return at + 2 < s.n && s.p[at] == mark && text_is_digit(s.p[at + 1]) && text_is_digit(s.p[at + 2]);
}

/* Where the first subfield begins: behind three digits for the kind of entry. Some banks leave them out and begin with the purpose, but none that
 * marks with a plus: there it would be somebody's telephone number. */
static bool first_subfield(struct str s, size_t *ret_at)
{
    bool has_kind = s.n > 3 && text_is_digit(s.p[0]) && text_is_digit(s.p[1]) && text_is_digit(s.p[2]);
    size_t at = has_kind ? 3 : 0;
    if (at >= s.n || !is_subfield_mark(s.p[at]) || !is_subfield_at(s, at, s.p[at]))
        return false;
    *ret_at = at;
    return has_kind || (s.p[at] != '+' && (s.p[at + 1] == '2' || (s.p[at + 1] == '0' && s.p[at + 2] == '0')));
}

static const char *either(const char *had, const char *now)
{
    return text_is_empty(had) ? (text_is_empty(now) ? NULL : now) : had;
}

/* A line feed left by glued() is a space that the bank has lost. */
static const char *slice(struct arena *a, struct str s)
{
    s = str_trim(s);
    char *text = s.n ? str_dup(a, s) : NULL;
    for (char *p = text; p && *p; p++)
        *p = *p == '\n' ? ' ' : *p;
    return text;
}

/* Within an account no space was lost; some banks set a comma and their own code behind it. */
static const char *account(struct arena *a, struct str s)
{
    struct buf b = {0};
    const char *comma = s.n ? memchr(s.p, ',', s.n) : NULL;
    s.n = comma ? (size_t)(comma - s.p) : s.n;
    for (struct str part; str_cut(&s, '\n', &part);)
        buf_add(&b, part.p, part.n);
    const char *text = slice(a, buf_str(&b));
    buf_finish(&b);
    return text;
}

/* A line is as wide as a reader sees it: letters beyond ASCII have several bytes. */
static size_t width(struct str line)
{
    size_t n = 0;
    for (size_t i = 0; i < line.n; i++)
        n += ((unsigned char)line.p[i] & 0xC0) != 0x80;
    return n;
}

/* Whether the mark of a subfield was cut: "?" and "20", or "?2" and "0". */
static bool is_mark_cut(struct str line, struct str next)
{
    size_t digits = line.n && text_is_digit(line.p[line.n - 1]);
    return next.n && text_is_digit(next.p[0]) && line.n > digits && is_subfield_mark(line.p[line.n - digits - 1]);
}

/* Lines glued together: structured text is cut at a fixed width wherever that falls; a shorter line has lost its spaces at the end, and keeps its
 * feed. */
static struct str glued(struct arena *a, struct str value)
{
    struct buf b = {0};
    for (struct str line; str_cut(&value, '\n', &line);) {
        buf_add(&b, line.p, line.n);
        bool field_follows = value.n && (is_subfield_mark(value.p[0]) || value.p[0] == '/');
        if (width(line) < WRAP && value.n && !field_follows && !is_mark_cut(line, value))
            buf_addc(&b, '\n');
    }
    struct str all = str_of(str_dup(a, buf_str(&b)));
    buf_finish(&b);
    return all;
}

/* ---- words within the purpose of the German dialect: EREF+…SVWZ+…, at some banks EREF: …SVWZ: … ---- */

static const char *const plus_words[] = {"EREF", "KREF", "MREF", "CRED", "DEBT", "SVWZ", "ABWA",
                                         "ABWE", "COAM", "OAMT", "PURP", "IBAN", "BIC",  "MTLG"};

static bool is_word_at(struct str s, size_t at, const char *word)
{
    size_t n = strlen(word);
    if (at + n >= s.n || (s.p[at + n] != '+' && s.p[at + n] != ':') || memcmp(s.p + at, word, n) != 0)
        return false;
    /* People write "IBAN: …" themselves; the other words they do not. */
    return s.p[at + n] == '+' || (strcmp(word, "IBAN") != 0 && strcmp(word, "BIC") != 0);
}

static bool plus_word_at(struct str s, size_t at)
{
    for (size_t i = 0; i < sizeof plus_words / sizeof *plus_words; i++)
        if (is_word_at(s, at, plus_words[i]))
            return true;
    return false;
}

static struct str plus_word(struct str s, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n < s.n; i++) {
        if (!is_word_at(s, i, word))
            continue;
        size_t end = i + n + 1;
        while (end < s.n && !plus_word_at(s, end))
            end++;
        return str_trim((struct str){s.p + i + n + 1, end - i - n - 1});
    }
    return (struct str){"", 0};
}

/* What the purpose says before its first word. */
static struct str before_words(struct str s)
{
    size_t n = 0;
    while (n < s.n && !plus_word_at(s, n))
        n++;
    return (struct str){s.p, n};
}

struct german {
    struct buf purpose, more, name, account, iban, kind, other;
};

static struct buf *german_part(struct german *g, int code)
{
    if (code >= 20 && code <= 29)
        return &g->purpose;
    if (code >= 60 && code <= 63)
        return &g->more;
    if (code == 32 || code == 33)
        return &g->name;
    if (code == 31)
        return &g->account;
    if (code == 38)
        return &g->iban;
    if (code == 0)
        return &g->kind;
    return code == 10 || code == 30 || code == 34 ? NULL : &g->other; /* without the numbers of the journal, the bank and the text's kind */
}

/* The purpose in words of its own or as it stands, and what only this bank's table of subfields explains. */
static void keep_purpose(struct arena *a, const struct german *g, struct bank_entry *x)
{
    struct str purpose = buf_str(&g->purpose), own = plus_word(purpose, "SVWZ");
    const char *end_to_end = slice(a, plus_word(purpose, "EREF")), *customer = slice(a, plus_word(purpose, "KREF"));
    x->end_to_end_id = either(x->end_to_end_id, end_to_end);
    x->instruction_id = either(x->instruction_id, bank_reference_is_absent(customer) ? NULL : customer);
    if (own.n) { /* with the names of those for whom others pay or are paid, and what the bank has to say */
        static const char *const more[] = {"ABWA", "ABWE", "MTLG"};
        bank_text_add(a, &x->remittance, slice(a, before_words(purpose)));
        bank_text_add(a, &x->remittance, slice(a, own));
        for (size_t i = 0; i < sizeof more / sizeof *more; i++)
            bank_text_add(a, &x->remittance, slice(a, plus_word(purpose, more[i])));
    } else {
        bank_text_add(a, &x->remittance, slice(a, purpose));
    }
    bank_text_add(a, &x->remittance, slice(a, buf_str(&g->more)));
    bank_text_add(a, &x->remittance, slice(a, buf_str(&g->other)));
}

static void read_german(struct arena *a, struct str s, struct bank_entry *x)
{
    struct german g = {0};
    size_t first = 0;
    first_subfield(s, &first);
    char mark = s.p[first];
    int last = -1;
    for (size_t i = first; i < s.n;) {
        size_t end = i + 1;
        while (end < s.n && !is_subfield_at(s, end, mark))
            end++;
        int code = (s.p[i + 1] - '0') * 10 + s.p[i + 2] - '0';
        struct buf *to = german_part(&g, code);
        if (to == &g.other && to->n && code != last + 1)
            buf_addc(to, ' ');
        if (to)
            buf_add(to, s.p + i + 3, end - i - 3);
        last = code;
        i = end;
    }
    x->party.name = either(x->party.name, slice(a, buf_str(&g.name)));
    x->party.account = either(x->party.account, account(a, buf_str(g.iban.n ? &g.iban : &g.account)));
    x->kind = either(slice(a, buf_str(&g.kind)), x->kind);
    keep_purpose(a, &g, x);
    buf_finish(&g.purpose);
    buf_finish(&g.more);
    buf_finish(&g.name);
    buf_finish(&g.account);
    buf_finish(&g.iban);
    buf_finish(&g.kind);
    buf_finish(&g.other);
}

bool mt940_text_is_german(struct str s)
{
    size_t at;
    return first_subfield(s, &at);
}

/* ---- /CODE/ words ---- */

/* Where the value of a word goes. SIDE is data without a place here: one word, and text behind it is text. */
enum place { END_TO_END, INSTRUCTION, KIND, ACCOUNT, NAME, PARTY, COUNTERPARTY, RETURN_REASON, TEXT, SIDE, NOWHERE };

struct slash_word {
    const char *word;
    enum place place;
};

static const struct slash_word slash_words[] = {
    {"EREF", END_TO_END}, {"KREF", INSTRUCTION}, {"TRTP", KIND}, {"IBAN", ACCOUNT}, {"BBAN", ACCOUNT}, {"ACCW", ACCOUNT}, {"NAME", NAME},
    {"BENM", PARTY}, {"ORDP", PARTY}, {"CNTP", COUNTERPARTY}, {"RTRN", RETURN_REASON}, {"REMI", TEXT}, {"SREF", TEXT}, {"PREF", TEXT}, {"CREF", TEXT},
    {"ULTD", TEXT}, {"ULTB", TEXT}, {"ULTC", TEXT}, {"UDTR", TEXT}, {"UCRD", TEXT},
    {"TRCD", SIDE}, {"BIC", SIDE}, {"CSID", SIDE}, {"MARF", SIDE}, {"ISDT", SIDE}, {"SVCL", SIDE}, {"OCMT", SIDE}, {"CHGS", SIDE}, {"EXCH", SIDE},
    {"IACC", SIDE}, {"ADDR", NOWHERE}, {"PURP", NOWHERE},
};

static const struct slash_word *slash_word_at(struct str s, size_t at)
{
    if (at >= s.n || s.p[at] != '/')
        return NULL;
    for (size_t i = 0; i < sizeof slash_words / sizeof *slash_words; i++) {
        size_t n = strlen(slash_words[i].word);
        if (at + n + 1 < s.n && memcmp(s.p + at + 1, slash_words[i].word, n) == 0 && s.p[at + n + 1] == '/')
            return &slash_words[i];
    }
    return NULL;
}

/* Account, bank, name and town of the other side, each ended by a slash. */
static void keep_counterparty(struct arena *a, struct str value, struct bank_entry *x)
{
    struct str part[3] = {{"", 0}, {"", 0}, {"", 0}};
    for (size_t i = 0; i < 3 && str_cut(&value, '/', &part[i]); i++)
        ;
    x->party.account = either(x->party.account, account(a, part[0]));
    x->party.name = either(x->party.name, slice(a, part[2]));
}

/* The text itself, without the marks of ISO 20022 in front of it: unstructured, or a creditor's reference and its issuer. */
static struct str remittance_itself(struct str value)
{
    if (str_starts(value, "USTD//"))
        return (struct str){value.p + 6, value.n - 6};
    if (str_starts(value, "STRD/CUR/") || str_starts(value, "STRD/ISO/"))
        return (struct str){value.p + 9, value.n - 9};
    return value;
}

/* The text behind a word of data. */
static struct str behind_data(struct str value)
{
    size_t n = 0;
    while (n < value.n && !strchr("/ \n", value.p[n]))
        n++;
    while (n < value.n && strchr("/ \n", value.p[n]))
        n++;
    return (struct str){value.p + n, value.n - n};
}

static void keep_slash_word(struct arena *a, enum place place, struct str value, struct bank_entry *x)
{
    if (place == COUNTERPARTY) {
        keep_counterparty(a, value, x);
        return;
    }
    value = str_trim(value);
    while (value.n && value.p[value.n - 1] == '/')
        value.n--; /* some banks end a value with a slash of its own */
    const char *text = slice(a, place == SIDE ? behind_data(value) : remittance_itself(value));
    if (!text || place == NOWHERE)
        return;
    if (place == PARTY) /* a name, unless it is an account and lines of its own */
        place = text_is_digit(*text) || strchr(text, '/') ? TEXT : NAME;
    if (place == END_TO_END)
        x->end_to_end_id = either(x->end_to_end_id, text);
    else if (place == INSTRUCTION)
        x->instruction_id = either(x->instruction_id, bank_reference_is_absent(text) ? NULL : text);
    else if (place == NAME)
        x->party.name = either(x->party.name, text);
    else if (place == ACCOUNT)
        x->party.account = either(x->party.account, account(a, value));
    else if (place == RETURN_REASON)
        x->return_reason = either(x->return_reason, text);
    else if (place == KIND)
        x->kind = text;
    else
        bank_text_add(a, &x->remittance, text);
}

static void read_slashes(struct arena *a, struct str s, struct bank_entry *x)
{
    for (size_t i = 0; i < s.n;) {
        const struct slash_word *word = slash_word_at(s, i);
        size_t from = i + strlen(word->word) + 2, end = from;
        while (end < s.n && !slash_word_at(s, end))
            end++;
        keep_slash_word(a, word->place, (struct str){s.p + from, end - from}, x);
        i = end;
    }
}

bool mt940_text_is_coded(struct str s)
{
    return slash_word_at(s, 0) != NULL;
}

/* ---- plain text ---- */

/* A line of full width was cut by the bank: what follows belongs to it without a space. */
static void read_plain(struct arena *a, struct str value, struct bank_entry *x)
{
    struct buf line = {0};
    for (struct str rest = value, part; str_cut(&rest, '\n', &part);) {
        buf_add(&line, part.p, part.n);
        if (width(part) == WRAP)
            continue;
        bank_text_add(a, &x->remittance, slice(a, buf_str(&line)));
        line.n = 0;
    }
    if (line.n)
        bank_text_add(a, &x->remittance, slice(a, buf_str(&line)));
    buf_finish(&line);
}

/* ---- columns: the second line of field :61: at British banks ---- */

bool mt940_text_in_columns(struct arena *a, struct str line, struct bank_entry *x, struct str *ret_rest)
{
    enum { NAME_WIDTH = 18, GAP = 4, KIND_WIDTH = 3, BEHIND = NAME_WIDTH + GAP + KIND_WIDTH };
    static const char *const kinds[] = {"BGC", "FPI", "FPO", "TFR", "DD",  "SO",  "BP",  "PAY", "SAL",
                                        "DEB", "DEP", "CHQ", "CSH", "CPT", "FEE", "EFT", "IB"};
    if (line.n < BEHIND || memcmp(line.p + NAME_WIDTH, "    ", GAP) != 0)
        return false;
    struct str name = str_trim((struct str){line.p, NAME_WIDTH}), kind = {line.p + NAME_WIDTH + GAP, KIND_WIDTH};
    while (kind.n && *kind.p == ' ')
        kind = (struct str){kind.p + 1, kind.n - 1};
    bool is_known = false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        is_known = is_known || str_is(kind, kinds[i]);
    if (!is_known || !name.n || str_is(name, "FROM A/C") || str_is(name, "TO A/C"))
        return false;
    x->party.name = either(x->party.name, slice(a, name));
    x->kind = slice(a, kind);
    *ret_rest = (struct str){line.p + BEHIND, line.n - BEHIND};
    return true;
}

/* The lines in front of the first that begins with a word. */
static struct str lines_before_words(struct str value)
{
    const char *at = value.p;
    for (struct str rest = value, line; str_cut(&rest, '\n', &line); at = rest.p)
        if (mt940_text_is_coded(str_trim(line)))
            return (struct str){value.p, (size_t)(at - value.p)};
    return value;
}

void mt940_text(struct arena *a, struct str value, struct bank_entry *entry)
{
    struct str one = glued(a, value);
    if (mt940_text_is_german(one)) {
        read_german(a, one, entry);
        return;
    }
    struct str plain = lines_before_words(value);
    read_plain(a, plain, entry);
    if (plain.n < value.n)
        read_slashes(a, glued(a, str_trim((struct str){value.p + plain.n, value.n - plain.n})), entry);
}
