#include "payments/bank/match_text.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/base/id.h"
#include "daemon/base/text.h"

enum { EDIT_BYTES = 40 };

/* The base letters of U+00C0 to U+00FF; '?' stands for none. */
static const char latin_letters[] = "AAAAAAACEEEEIIIIDNOOOOO?OUUUUYTSAAAAAAACEEEEIIIIDNOOOOO?OUUUUYTY";
/* The same of U+0100 to U+017F. */
static const char more_letters[] = "AAAAAACCCCCCCCDDDDEEEEEEEEEEGGGGGGGGHHHHIIIIIIIIII??JJKKKLLLLLLL"
                                   "LLLNNNNNNNNNOOOOOO??RRRRRRSSSSSSSSTTTTTTUUUUUUUUUUUUWWYYYZZZZZZS";

/* The next letter or digit in capitals and how many bytes it took; 0 for anything else. */
static char next_letter(const unsigned char *p, size_t *ret_bytes)
{
    *ret_bytes = 1;
    if (p[0] == 0xC3 && p[1] >= 0x80 && p[1] <= 0xBF) {
        *ret_bytes = 2;
        char c = latin_letters[p[1] - 0x80];
        return c == '?' ? '\0' : c;
    }
    if ((p[0] == 0xC4 || p[0] == 0xC5) && p[1] >= 0x80 && p[1] <= 0xBF) {
        *ret_bytes = 2;
        char c = more_letters[(p[0] - 0xC4) * 64 + (p[1] - 0x80)];
        return c == '?' ? '\0' : c;
    }
    if (p[0] >= 'a' && p[0] <= 'z')
        return (char)(p[0] - 'a' + 'A');
    return (p[0] >= 'A' && p[0] <= 'Z') || text_is_digit((char)p[0]) ? (char)p[0] : '\0';
}

char match_folded(char c)
{
    return c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
}

bool match_folds_to(const char *word, const char *folded, size_t most)
{
    size_t i = 0;
    while (i < most && word[i] && match_folded(word[i]) == folded[i])
        i++;
    return i == most || (!word[i] && !folded[i]);
}

/* What is read never gets longer: the copy is written over. */
char *match_fold(struct arena *a, const char *text)
{
    char *out = arena_strdup(a, text ? text : "");
    size_t n = 0, step;
    for (const unsigned char *p = (const unsigned char *)(text ? text : ""); *p; p += step) {
        char c = next_letter(p, &step);
        if (c)
            out[n++] = match_folded(c);
    }
    out[n] = '\0';
    return out;
}

/* Words of capital letters and digits; `fold` also folds O, I and L. */
static size_t words_of(struct arena *a, const char *text, const char **words, size_t max, bool fold)
{
    size_t count = 0, n = 0, step;
    char *word = arena_strdup(a, text ? text : ""); /* as long as all words, each with its end */
    for (const unsigned char *p = (const unsigned char *)(text ? text : "");; p += step) {
        char c = next_letter(p, &step);
        if (c) {
            word[n++] = fold ? match_folded(c) : c;
            continue;
        }
        if (*p == '\'' && !fold)
            continue; /* O'Brien is one word */
        word[n] = '\0';
        if (n && count < max)
            words[count++] = word;
        word += n ? n + 1 : 0;
        n = 0;
        if (!*p)
            return count;
    }
}

size_t match_fold_words(struct arena *a, const char *text, const char **words, size_t max)
{
    return words_of(a, text, words, max, true);
}

/* The word with its end; how long it is. */
static size_t put(char *at, const char *word)
{
    size_t n = strlen(word);
    memcpy(at, word, n + 1);
    return n;
}

const char *match_account(struct arena *a, const char *account)
{
    const char *word[MATCH_NAME_WORDS];
    size_t n = words_of(a, account, word, MATCH_NAME_WORDS, false), length = 0;
    if (!n)
        return NULL;
    char *out = arena_strdup(a, account); /* no shorter than its words */
    for (size_t i = 0; i < n; i++)
        length += put(out + length, word[i]);
    return length == 22 && out[0] == 'G' && out[1] == 'B' ? out + 8 : out;
}

bool match_same_account(const char *a, const char *b)
{
    if (!a || !b)
        return false;
    size_t m = strlen(a), n = strlen(b);
    if (m == n)
        return strcmp(a, b) == 0;
    if (m > n)
        return n == 8 && m == 14 && strcmp(a + 6, b) == 0;
    return m == 8 && n == 14 && strcmp(b + 6, a) == 0;
}

static bool says_nothing(const char *word)
{
    static const char *const words[] = {"MR", "MRS", "MS", "MISS", "DR", "MX", "SIR", "LTD", "LIMITED", "PLC", "LLP", "CIC", "CIO", "AND", "THE", "CO"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return false;
}

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

struct match_name match_name(struct arena *a, const char *name)
{
    struct match_name m = {.n = 0};
    const char *all[2 * MATCH_NAME_WORDS], *word[MATCH_NAME_WORDS], *sorted[MATCH_NAME_WORDS];
    size_t n = words_of(a, name, all, 2 * MATCH_NAME_WORDS, false);
    for (size_t i = 0; i < n && m.n < MATCH_NAME_WORDS; i++)
        if (!says_nothing(all[i]))
            word[m.n++] = all[i];
    m.word = arena_memdup(a, word, m.n * sizeof *word);
    memcpy(sorted, word, m.n * sizeof *sorted);
    qsort(sorted, m.n, sizeof *sorted, by_text);
    size_t length = 0, room = 1;
    for (size_t i = 0; i < m.n; i++)
        room += strlen(sorted[i]) + 1;
    char *key = arena_alloc(a, room);
    for (size_t i = 0; i < m.n; i++) {
        length += put(key + length, sorted[i]);
        key[length++] = ' ';
    }
    m.key = key;
    return m;
}

/* One word against another: 2 the same, 1 an initial or a cut end, 0 no. */
static int word_likeness(const char *x, const char *y, bool x_may_be_cut)
{
    size_t m = strlen(x), n = strlen(y);
    if (m == n && memcmp(x, y, m) == 0)
        return m >= 3 ? 2 : 1;
    if ((m == 1 || n == 1) && x[0] == y[0])
        return 1;
    return x_may_be_cut && m >= 2 && m < n && memcmp(x, y, m) == 0 ? 1 : 0;
}

/*
 * Every word of the shorter name finds a word of its own in the longer. Where the longer has a whole word more, the last word of one of them must be
 * found whole: Ted A Okafor is no Ted Ali.
 */
static enum match_likeness covered(const struct match_name *few, const struct match_name *many)
{
    bool used[MATCH_NAME_WORDS] = {false}, last_is_whole = false, has_more = false;
    size_t whole = 0, hits = 0;
    for (size_t i = 0; i < few->n; i++) {
        int best = 0;
        size_t at = 0;
        for (size_t k = 0; k < many->n; k++) {
            int is = used[k] ? 0 : word_likeness(few->word[i], many->word[k], i + 1 == few->n);
            if (is > best) {
                best = is;
                at = k;
            }
        }
        used[at] = used[at] || best > 0;
        hits += best > 0;
        whole += best == 2;
        last_is_whole = last_is_whole || (best == 2 && (i + 1 == few->n || at + 1 == many->n));
    }
    for (size_t k = 0; k < many->n; k++)
        has_more = has_more || (!used[k] && strlen(many->word[k]) > 2);
    if (whole && hits == few->n && few->n >= 2 && (last_is_whole || !has_more))
        return NAME_ALIKE;
    return whole ? NAME_SOME : NAME_NONE;
}

enum match_likeness match_names(const struct match_name *a, const struct match_name *b)
{
    if (!a->n || !b->n)
        return NAME_NONE;
    if (strcmp(a->key, b->key) == 0)
        return NAME_SAME;
    return a->n <= b->n ? covered(a, b) : covered(b, a);
}

/* "RENT", "2026", "March26": letters, then at most a year or two digits. */
static bool is_plain_word(struct str s)
{
    size_t letters = 0, digits = 0;
    while (letters < s.n && !text_is_digit(s.p[letters]))
        letters++;
    while (letters + digits < s.n && text_is_digit(s.p[letters + digits]))
        digits++;
    bool year = digits == 4 && (memcmp(s.p + letters, "19", 2) == 0 || memcmp(s.p + letters, "20", 2) == 0);
    return letters + digits == s.n && letters != 1 && letters != 2 && (digits <= 2 || year);
}

bool match_is_plain_words(const char *text)
{
    for (const char *at = text; *at;) {
        size_t n = strcspn(at, " -/._:,");
        if (n && !is_plain_word((struct str){at, n}))
            return false;
        at += n + (at[n] != '\0');
    }
    return true;
}

size_t match_words_shared(const struct match_name *a, const struct match_name *b)
{
    size_t n = 0;
    for (size_t i = 0; i < a->n; i++) {
        size_t k = 0;
        while (k < b->n && word_likeness(a->word[i], b->word[k], false) < 2)
            k++;
        n += k < b->n;
    }
    return n;
}

const char *match_own_reference(struct arena *a, const char *text)
{
    size_t n = strlen(text);
    if (n == 10 && text[0] == 'M' && text[1] == 'C')
        text += 2;
    else if (n != 8)
        return NULL;
    return id_ref_read(a, str_of(text)) ? text : NULL;
}

unsigned match_edits(const char *a, const char *b, unsigned max)
{
    size_t m = strlen(a), n = strlen(b);
    unsigned row[EDIT_BYTES + 1];
    if (m > EDIT_BYTES || n > EDIT_BYTES || (m > n ? m - n : n - m) > max)
        return max + 1;
    for (size_t k = 0; k <= n; k++)
        row[k] = (unsigned)k;
    for (size_t i = 1; i <= m; i++) {
        unsigned diagonal = row[0], least = row[0] = (unsigned)i;
        for (size_t k = 1; k <= n; k++) {
            unsigned change = diagonal + (a[i - 1] != b[k - 1]), shift = 1 + (row[k] < row[k - 1] ? row[k] : row[k - 1]);
            diagonal = row[k];
            row[k] = change < shift ? change : shift;
            least = row[k] < least ? row[k] : least;
        }
        if (least > max)
            return max + 1;
    }
    return row[n] <= max ? row[n] : max + 1;
}
