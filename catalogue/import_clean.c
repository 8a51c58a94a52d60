#include "catalogue/import_clean.h"

#include <string.h>

#include "daemon/base/arena.h"

bool clean_is_missing(struct str s)
{
    static const char *const words[] = {"", "na", "n/a", "none", "not known", "unknown", "-", "--", "null"};
    s = str_trim(s);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i]) != s.n)
            continue;
        size_t at = 0;
        while (at < s.n && text_lower(s.p[at]) == words[i][at])
            at++;
        if (at == s.n)
            return true;
    }
    return false;
}

static bool is_no_break_space(struct str s, size_t at)
{
    return at + 1 < s.n && (unsigned char)s.p[at] == 0xC2 && (unsigned char)s.p[at + 1] == 0xA0;
}

char *clean_text(struct arena *a, struct str s)
{
    char *out = arena_alloc(a, s.n + 1);
    size_t n = 0;
    bool gap = false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= ' ' || c == 0x7F || is_no_break_space(s, i)) {
            gap = n > 0;
            i += is_no_break_space(s, i);
            continue;
        }
        if (gap)
            out[n++] = ' ';
        gap = false;
        out[n++] = (char)c;
    }
    return n && !clean_is_missing((struct str){out, n}) ? out : NULL;
}

/* Bytes of the tag or comment that s begins with; 0 when it begins with none. */
static size_t tag_bytes(struct str s)
{
    char c = s.n > 1 ? s.p[1] : 0;
    const char *end = c == '/' || c == '!' || text_is_alpha(c) ? memchr(s.p, '>', s.n) : NULL;
    return end ? (size_t)(end - s.p) + 1 : 0;
}

/* Bytes of the character reference that s begins with, and its text; 0 when it begins with none that we know. */
static size_t reference_bytes(struct str s, const char **ret_text)
{
    static const char *const known[][2] = {{"&amp;", "&"},   {"&lt;", "<"},     {"&gt;", ">"},     {"&quot;", "\""},    {"&apos;", "'"},
                                           {"&#39;", "'"},   {"&#039;", "'"},   {"&nbsp;", " "},   {"&#160;", " "},    {"&pound;", "£"},
                                           {"&ndash;", "–"}, {"&mdash;", "—"},  {"&lsquo;", "‘"},  {"&rsquo;", "’"},   {"&ldquo;", "“"},
                                           {"&rdquo;", "”"}, {"&#8217;", "’"},  {"&bull;", "•"},   {"&hellip;", "…"},  {"&eacute;", "é"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_starts(s, known[i][0])) {
            *ret_text = known[i][1];
            return strlen(known[i][0]);
        }
    return 0;
}

char *clean_plain(struct arena *a, struct str s)
{
    struct buf out = {0};
    while (s.n) {
        const char *text = " ";
        size_t n = *s.p == '<' ? tag_bytes(s) : *s.p == '&' ? reference_bytes(s, &text) : 0;
        if (n)
            buf_adds(&out, text);
        else
            buf_add(&out, s.p, n = 1);
        s = (struct str){s.p + n, s.n - n};
    }
    char *plain = clean_text(a, buf_str(&out));
    buf_finish(&out);
    return plain;
}

char *clean_address(struct arena *a, struct str s)
{
    char *text = clean_text(a, s), *out = text ? arena_alloc(a, 2 * strlen(text) + 1) : NULL;
    size_t n = 0;
    for (const char *p = text; text && *p; p++) {
        out[n++] = *p;
        if (*p == ',' && p[1] && p[1] != ' ')
            out[n++] = ' ';
    }
    while (n && strchr(" ,", out[n - 1]))
        out[--n] = 0;
    return n ? out : NULL;
}

/* The next word of s, cut at white space, commas, semicolons and no-break spaces. */
static bool next_word(struct str *s, struct str *ret_word)
{
    size_t from = 0;
    while (from < s->n && (strchr(" \t\r\n,;", s->p[from]) || is_no_break_space(*s, from)))
        from += is_no_break_space(*s, from) ? 2 : 1;
    size_t to = from;
    while (to < s->n && s->p[to] && !strchr(" \t\r\n,;", s->p[to]) && !is_no_break_space(*s, to))
        to++;
    if (to == from)
        return false;
    *ret_word = (struct str){s->p + from, to - from};
    *s = (struct str){s->p + to, s->n - to};
    return true;
}

/* ---- names ---- */

static bool is_letter(char c)
{
    return text_is_alpha(c) || (unsigned char)c >= 0x80;
}

static bool has_small_letter(const char *s)
{
    for (; *s; s++)
        if (*s >= 'a' && *s <= 'z')
            return true;
    return false;
}

static bool is_in(const char *const *list, const char *word, size_t n)
{
    for (; *list; list++)
        if (strlen(*list) == n && memcmp(*list, word, n) == 0)
            return true;
    return false;
}

static bool keeps_capitals(const char *word, size_t n)
{
    static const char *const initials[] = {"CIC", "CIO", "PTA", "PTFA", "UK",   "GB",   "YMCA", "YWCA", "RUFC", "AFC", "FC",  "ARC", "II",
                                           "III", "IV", "USA",  "BBC",  "NHS",  "RAF",  "RNIB", "WI",   "CAB", "CVA", NULL};
    if (is_in(initials, word, n))
        return true;
    for (size_t i = 0; i < n; i++)
        if (strchr("AEIOUY", word[i]) || !text_is_alpha(word[i]))
            return false;
    static const char *const short_forms[] = {"ST", "MR", "MRS", "DR", "LTD", NULL};
    return n > 1 && n <= 5 && !is_in(short_forms, word, n);
}

static bool stays_small(const char *word, size_t n)
{
    static const char *const small[] = {"OF", "THE", "AND", "FOR", "IN", "ON", "AT", "TO", "BY", "WITH", "A", "AN", "OR", "FROM", NULL};
    return is_in(small, word, n);
}

/* Lower case from word[1] (or word[0]) on; the two-byte capitals of Latin-1 too. After "O'" and "D'" the next letter stays a capital. */
static void lower_word(char *word, size_t n, bool is_small)
{
    for (size_t i = is_small ? 0 : 1; i < n; i++) {
        unsigned char before = i ? (unsigned char)word[i - 1] : 0, c = (unsigned char)word[i];
        if (before == 0xC3 && c >= 0x80 && c <= 0x9E && c != 0x97 && i > 1)
            word[i] = (char)(c + 0x20);
        else if (!(i == 2 && word[1] == '\'' && (word[0] == 'O' || word[0] == 'D')))
            word[i] = text_lower(word[i]);
    }
}

char *clean_name(struct arena *a, struct str s)
{
    char *name = clean_text(a, s);
    if (!name || has_small_letter(name))
        return name;
    bool is_first = true;
    for (char *p = name; *p;) {
        size_t n = 0;
        while (is_letter(p[n]) || (n && p[n] == '\'' && is_letter(p[n + 1])))
            n++;
        bool is_ordinal = p > name && text_is_digit(p[-1]); /* 42nd */
        if (n && (is_ordinal || !keeps_capitals(p, n)))
            lower_word(p, n, is_ordinal || (!is_first && stays_small(p, n)));
        is_first = is_first && n == 0;
        p += n;
        for (; *p && !is_letter(*p); p++)
            if (*p == '(' || *p == ':')
                is_first = true;
    }
    return name;
}

/* ---- telephone ---- */

/* Takes the digits and what stands between them off the front of s: a number with its leading zero, or 0 when it is not one of ours. */
static size_t phone_digits(struct str *s, char out[16])
{
    size_t n = 0, i = 0;
    for (; i < s->n && s->p[i] && (text_is_digit(s->p[i]) || strchr(" ().-+\xC2\xA0", s->p[i])); i++)
        if (text_is_digit(s->p[i]) && n < 15)
            out[n++] = s->p[i];
    *s = (struct str){s->p + i, s->n - i};
    if (n == 15)
        return 0;
    if (n > 4 && memcmp(out, "0044", 4) == 0) {
        memmove(out, out + 4, n -= 4);
    } else if (n > 10 && memcmp(out, "44", 2) == 0) {
        memmove(out, out + 2, n -= 2);
    }
    if (n == 11 && out[0] == '0' && out[1] == '0')
        memmove(out, out + 1, --n);
    if ((n == 10 || n == 9) && out[0] != '0') {
        memmove(out + 1, out, n++);
        out[0] = '0';
    }
    return (n == 10 || n == 11) && out[0] == '0' && strchr("1235789", out[1]) ? n : 0;
}

char *clean_phone(struct arena *a, struct str s)
{
    char d[16];
    size_t n = 0;
    while (s.n && !n) {
        if (text_is_digit(s.p[0]) || s.p[0] == '+')
            n = phone_digits(&s, d);
        else
            s = (struct str){s.p + 1, s.n - 1};
    }
    if (!n)
        return NULL;
    int first = 5, second = 6; /* 01706 224050 */
    if (d[1] == '2')
        first = 3, second = 4;
    else if (d[1] == '7')
        second = 3;
    else if (d[1] != '1' || d[2] == '1' || d[3] == '1')
        first = 4, second = 3;
    int rest = (int)n - first - second;
    return rest > 0 ? arena_printf(a, "%.*s %.*s %.*s", first, d, second, d + first, rest, d + first + second)
                    : arena_printf(a, "%.*s %.*s", first, d, (int)n - first, d + first);
}

/* ---- e-mail and web ---- */

static bool is_domain(struct str s)
{
    bool has_dot = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '.') {
            if (i == 0 || i + 1 == s.n || s.p[i - 1] == '.' || s.p[i - 1] == '-')
                return false;
            has_dot = true;
        } else if (!text_is_alpha(c) && !text_is_digit(c) && !(c == '-' && i > 0 && s.p[i - 1] != '.')) {
            return false;
        }
    }
    return has_dot && s.n <= 253 && text_is_alpha(s.p[s.n - 1]);
}

static bool is_mailbox(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '.' ? i == 0 || i + 1 == s.n || s.p[i - 1] == '.' : !text_is_alpha(c) && !text_is_digit(c) && (!c || !strchr("!#$%&'*+/=?^_`{|}~-", c)))
            return false;
    }
    return s.n > 0 && s.n <= 64;
}

char *clean_email(struct arena *a, struct str s)
{
    struct str word;
    while (next_word(&s, &word)) {
        while (word.n && strchr("<(:", word.p[0]) && word.p[0])
            word = (struct str){word.p + 1, word.n - 1};
        while (word.n && strchr(">).:", word.p[word.n - 1]) && word.p[word.n - 1])
            word.n--;
        const char *at = memchr(word.p, '@', word.n);
        if (!at)
            continue;
        struct str box = {word.p, (size_t)(at - word.p)}, domain = {at + 1, word.n - box.n - 1};
        if (!is_mailbox(box) || !is_domain(domain))
            continue;
        char *out = str_dup(a, word);
        for (char *p = out + box.n; *p; p++)
            *p = text_lower(*p);
        return out;
    }
    return NULL;
}

static bool is_web_char(char c)
{
    return text_is_alpha(c) || text_is_digit(c) || (c && strchr("-._~:/?#[]@!$&'()*+,;=%", c));
}

char *clean_web(struct arena *a, struct str s)
{
    struct str word;
    while (next_word(&s, &word)) {
        const char *scheme = "https";
        struct str rest = word;
        char *low = str_dup(a, word);
        for (char *p = low; *p; p++)
            *p = text_lower(*p);
        for (int i = 0; i < 2; i++) {
            static const char *const known[] = {"http://", "https://"};
            size_t n = strlen(known[i]);
            if (strncmp(low, known[i], n) == 0) {
                scheme = i ? "https" : "http";
                rest = (struct str){word.p + n, word.n - n};
            }
        }
        while (rest.n && rest.p[rest.n - 1] == '.')
            rest.n--;
        size_t host = 0;
        while (host < rest.n && !strchr("/?#:", rest.p[host]))
            host++;
        bool fits = rest.n <= 290 && is_domain((struct str){rest.p, host});
        for (size_t i = 0; i < rest.n && fits; i++)
            fits = is_web_char(rest.p[i]);
        if (fits)
            return arena_printf(a, "%s://%.*s", scheme, (int)rest.n, rest.p);
    }
    return NULL;
}

/* ---- postcode ---- */

char *clean_postcode(struct arena *a, struct str s)
{
    char c[8];
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ' ' || s.p[i] == '\t')
            continue;
        if (is_no_break_space(s, i)) {
            i++;
            continue;
        }
        if (n == 7)
            return NULL;
        c[n++] = (char)(text_lower(s.p[i]) >= 'a' && text_lower(s.p[i]) <= 'z' ? text_lower(s.p[i]) - 32 : s.p[i]);
    }
    if (n < 5 || !text_is_digit(c[n - 3]) || !text_is_alpha(c[n - 2]) || !text_is_alpha(c[n - 1]))
        return NULL;
    size_t out = n - 3, letters = text_is_alpha(c[1]) ? 2 : 1;
    bool fits = text_is_alpha(c[0]) && out > letters && out - letters <= 2 && text_is_digit(c[letters]) &&
                (out - letters == 1 || text_is_digit(c[letters + 1]) || text_is_alpha(c[letters + 1]));
    return fits ? arena_printf(a, "%.*s %.3s", (int)out, c, c + out) : NULL;
}

char *clean_cut(struct arena *a, const char *s, size_t most)
{
    size_t n = strlen(s);
    if (n <= most)
        return arena_strdup(a, s);
    n = most - strlen("…");
    while (n && s[n] != ' ')
        n--;
    while (n && strchr(" ,;:-", s[n - 1]))
        n--;
    if (!n) { /* one word without end: cut it at a whole character */
        n = most - strlen("…");
        while (n && ((unsigned char)s[n] & 0xC0) == 0x80)
            n--;
    }
    return arena_printf(a, "%.*s…", (int)n, s);
}
