/* Who pays? What account, name and free text of an entry say about an item's party: for it, against it, or nothing. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/text.h"
#include "payments/bank/match_work.h"

enum { POSTINGS_MAX = 64, KEY_BYTES = 80, OWED_BYTES = 40 /* of a word */, CHUNKS_MAX = 64, NAMED_WORDS = 4, WORD_MIN = 3, ALIKE_DAYS = 62, SORT_CODE = 6, ACCOUNT = 14 };

bool match_shares_party(const struct item_state *a, const struct item_state *b)
{
    return strcmp(a->party, b->party) == 0;
}

/* ---- who owes just this amount ---- */

static uint64_t hash_of_owed(int64_t amount, const char *word)
{
    char folded[OWED_BYTES];
    size_t n = 0;
    for (; n < OWED_BYTES && word[n]; n++)
        folded[n] = match_folded(word[n]);
    return match_hash_stir(match_hash_add(match_hash_add(MATCH_HASH, (const char *)&amount, sizeof amount), folded, n));
}

static void add_owed(struct work *w)
{
    for (uint32_t i = 0; i < w->items_n; i++)
        for (size_t n = 0; n < w->items[i].name->n; n++)
            if (strlen(w->items[i].name->word[n]) >= WORD_MIN)
                match_spots_add(&w->owed, hash_of_owed(w->items[i].is->amount, w->items[i].name->word[n]), i);
}

void match_index_owed(struct work *w)
{
    match_spots_init(&w->owed, w->a, 2 * (size_t)w->items_n);
    add_owed(w);
    match_spots_place(&w->owed, w->a);
    add_owed(w);
}

struct match_owed match_owed(const struct work *w, int64_t amount, const char *folded_word)
{
    struct match_owed o = {.amount = amount, .word = folded_word, .last = NOBODY};
    if (strlen(folded_word) >= WORD_MIN)
        o.at = match_spots_find(&w->owed, hash_of_owed(amount, folded_word));
    return o;
}

static bool has_word(const struct match_name *name, const char *folded)
{
    for (size_t n = 0; n < name->n; n++)
        if (match_folds_to(name->word[n], folded, OWED_BYTES))
            return true;
    return false;
}

bool match_owed_next(const struct work *w, struct match_owed *o, uint32_t *ret_item)
{
    for (uint32_t item; match_cursor_next(&o->at, &item);) {
        if (item == o->last || w->items[item].is->amount != o->amount || !has_word(w->items[item].name, o->word))
            continue;
        *ret_item = o->last = item;
        return true;
    }
    return false;
}

/* Open for just this amount, or settled by another line of the same day: which of the day's lines comes first, banks do not say alike in every format. */
static bool is_owed_on(const struct item_state *o, const struct entry_state *x)
{
    return o->open == x->is->amount || (o->open == 0 && o->settled_by != NOBODY && o->settled_on == x->day && o->is->amount == x->is->amount);
}

/*
 * Whether somebody else than the item's party owes just this and has the payer's name: the very name, or one that is alike, around the day, and shares more
 * words with it than `shared`.
 */
static bool payer_owes_this(const struct work *w, const struct entry_state *x, const struct item_state *i, size_t shared)
{
    for (size_t n = 0; n < x->says->name.n; n++) {
        struct match_owed owed = match_owed(w, x->is->amount, match_fold(w->once, x->says->name.word[n]));
        for (uint32_t item; match_owed_next(w, &owed, &item);) {
            const struct item_state *o = &w->items[item];
            if (!is_owed_on(o, x) || match_shares_party(o, i))
                continue;
            enum match_likeness like = match_names(&x->says->name, o->name);
            bool nearer = like == NAME_ALIKE && match_days_apart(x->day, o->is->due) <= ALIKE_DAYS && match_words_shared(&x->says->name, o->name) > shared;
            if (like == NAME_SAME || nearer)
                return true;
        }
    }
    return false;
}

/* Whether some party of this very name has something open that the entry would settle. */
static bool owes_this(const struct work *w, const struct match_slot *s, const struct entry_state *x)
{
    const struct match_name *named = w->items[s->first->item].name;
    for (size_t n = 0; n < named->n; n++) {
        struct match_owed owed = match_owed(w, x->is->amount, match_fold(w->once, named->word[n]));
        for (uint32_t item; match_owed_next(w, &owed, &item);)
            if (is_owed_on(&w->items[item], x) && s == &w->folded_names.slots[w->items[item].folded_name])
                return true;
    }
    return false;
}

/* Whether some item in the list belongs to the party of `i`. */
static bool lists_party(const struct work *w, const struct match_slot *s, const struct item_state *i)
{
    size_t n = 0;
    for (const struct match_posting *p = match_first(s); p != match_end(s) && n < POSTINGS_MAX; p++, n++)
        if (match_shares_party(&w->items[p->item], i))
            return true;
    return false;
}

/* ---- names in free text ---- */

/* A name that stands in the free text instead of a field of its own: two of its words, one of them whole, others perhaps as initials. */
bool match_text_names(const struct entry_state *x, const struct item_state *i)
{
    size_t hits = 0, whole = 0;
    for (size_t n = 0; n < i->name->n; n++) {
        bool hit = false, is_whole = false;
        for (size_t k = 0; k < x->says->words_n && !is_whole; k++) {
            is_whole = match_folds_to(i->name->word[n], x->says->words[k], SIZE_MAX);
            hit = hit || is_whole || (x->says->words[k][0] == match_folded(i->name->word[n][0]) && !x->says->words[k][1]);
        }
        hits += hit;
        whole += is_whole && i->name->word[n][1] && i->name->word[n][2];
    }
    return whole && hits >= 2 && (hits == i->name->n || i->name->n > 2);
}

/* The words, each with a blank behind it; false when they are longer than any name. */
static bool join(const char **word, size_t n, char key[static KEY_BYTES])
{
    size_t length = 0;
    for (size_t k = 0; k < n; k++) {
        size_t add = strlen(word[k]);
        if (length + add + 2 > KEY_BYTES)
            return false;
        memcpy(key + length, word[k], add);
        length += add;
        key[length++] = ' ';
    }
    key[length] = '\0';
    return true;
}

/* Parties whose whole name stands in the text: neighbouring words in any order. */
static void find_named(const struct work *w, struct entry_state *x)
{
    struct reading *r = x->says;
    for (size_t from = 0; from < r->words_n; from++) {
        const char *sorted[NAMED_WORDS];
        for (size_t n = 0; n < NAMED_WORDS && from + n < r->words_n && r->named_n < MATCH_NAMED; n++) {
            size_t at = n;
            char key[KEY_BYTES];
            for (; at && strcmp(sorted[at - 1], r->words[from + n]) > 0; at--)
                sorted[at] = sorted[at - 1];
            sorted[at] = r->words[from + n];
            const struct match_slot *s = n && join(sorted, n + 1, key) ? match_index_find(&w->folded_names, key) : NULL;
            if (s)
                r->named[r->named_n++] = s;
        }
    }
}

/* One piece of a text between blanks: how much of a payer's name it may be. */
enum chunk { CHUNK_OTHER, CHUNK_TITLE, CHUNK_INITIAL, CHUNK_NAME };

static enum chunk chunk_of(const struct work *w, const char *chunk)
{
    struct match_name m = match_name(w->once, chunk);
    enum chunk is = m.n ? CHUNK_INITIAL : CHUNK_TITLE;
    if (strpbrk(chunk, "0123456789"))
        return CHUNK_OTHER;
    for (size_t i = 0; i < m.n; i++) {
        if (match_index_find(&w->words, match_fold(w->once, m.word[i])))
            return CHUNK_NAME; /* of a hyphenated name one half is enough: the other may be cut */
        is = m.word[i][1] ? CHUNK_OTHER : is;
    }
    return is;
}

/* The longest run of words of names we know: with initials and titles between them it is how a bank writes the payer into the text. */
static void run_of_names(const struct work *w, const char *text, size_t *best, const char **ret_name)
{
    char *copy = arena_strdup(w->once, text), *state = NULL;
    struct buf run = {0};
    size_t known = 0, words = 0, chunks = 0;
    for (char *at = strtok_r(copy, " \t\n,;:/", &state);; at = strtok_r(NULL, " \t\n,;:/", &state)) {
        enum chunk is = at && chunks++ < CHUNKS_MAX ? chunk_of(w, at) : CHUNK_OTHER;
        if (is != CHUNK_OTHER) {
            known += is == CHUNK_NAME;
            words += is != CHUNK_TITLE;
            buf_adds(&run, at);
            buf_addc(&run, ' ');
            continue;
        }
        if (known > *best && words >= 2) {
            *best = known;
            *ret_name = str_dup(w->once, buf_str(&run));
        }
        run.n = known = words = 0;
        if (!at)
            break;
    }
    buf_finish(&run);
}

/* Sort code and account number of a party we know, as banks write them into the text: in one word or in two. Two different ones are none. */
static const char *account_in_text(const struct work *w, const struct entry_state *x)
{
    const char *only = NULL;
    for (size_t i = 0; i < x->says->words_n; i++) {
        char key[ACCOUNT + 1];
        bool one = strlen(x->says->words[i]) == ACCOUNT, two = i + 1 < x->says->words_n && strlen(x->says->words[i]) == SORT_CODE && strlen(x->says->words[i + 1]) == ACCOUNT - SORT_CODE;
        if (!one && !two)
            continue;
        snprintf(key, sizeof key, "%s%s", x->says->words[i], two ? x->says->words[i + 1] : "");
        const struct match_slot *s = strspn(key, "0123456789") == ACCOUNT ? match_index_find(&w->accounts, key) : NULL;
        if (s && only && strcmp(only, s->key) != 0)
            return NULL;
        only = s ? s->key : only;
    }
    return only;
}

void match_payer(struct work *w, struct entry_state *x)
{
    size_t best = 0;
    find_named(w, x);
    if (!x->says->account)
        x->says->account = account_in_text(w, x);
    if (x->says->name.n)
        return;
    for (size_t i = 0; i < x->is->texts_n; i++)
        run_of_names(w, x->is->texts[i], &best, &x->says->said_name);
    x->says->name = match_name(w->once, x->says->said_name);
}

/* ---- the verdict ---- */

/* Whether the text names somebody else who owes just this. */
static bool text_names_other(const struct work *w, const struct entry_state *x)
{
    for (size_t k = 0; k < x->says->named_n; k++)
        if (owes_this(w, x->says->named[k], x))
            return true;
    return false;
}

static bool text_names_party(const struct work *w, const struct entry_state *x, const struct item_state *i)
{
    for (size_t k = 0; k < x->says->named_n; k++)
        if (lists_party(w, x->says->named[k], i))
            return true;
    return false;
}

int match_party(const struct work *w, const struct entry_state *x, const struct item_state *i)
{
    if (x->says->account && i->account && match_same_account(x->says->account, i->account))
        return PARTY_SAME;
    if (x->says->account) {
        const struct match_slot *s = match_index_find(&w->accounts, x->says->account);
        if (s && !lists_party(w, s, i))
            return PARTY_OTHER;
    }
    enum match_likeness like = match_names(&x->says->name, i->name);
    if (like == NAME_SAME)
        return PARTY_SAME;
    bool is_named = text_names_party(w, x, i);
    if (is_named && x->says->said_name)
        return PARTY_LIKELY;
    const struct match_slot *s = x->says->name.n ? match_index_find(&w->names, x->says->name.key) : NULL;
    if (s && !lists_party(w, s, i))
        return payer_owes_this(w, x, i, MATCH_NAME_WORDS) ? PARTY_OTHER : PARTY_STRANGER;
    if (like == NAME_ALIKE)
        return payer_owes_this(w, x, i, match_words_shared(&x->says->name, i->name)) ? PARTY_OTHER : PARTY_LIKELY;
    if (payer_owes_this(w, x, i, 0) || (!is_named && !x->says->said_name && text_names_other(w, x)))
        return PARTY_OTHER;
    if (match_text_names(x, i))
        return PARTY_LIKELY;
    return x->says->name.n || (x->says->account && i->account) ? PARTY_STRANGER : PARTY_UNKNOWN;
}

static bool is_neighbour(const struct work *w, const struct entry_state *x, const struct item_state *i, const char *slip, uint32_t found[static POSTINGS_MAX])
{
    size_t n = match_slips(w, slip, found, POSTINGS_MAX);
    for (size_t k = 0; k < n; k++) {
        const struct item_state *o = &w->items[found[k]];
        if (is_owed_on(o, x) && !match_shares_party(o, i) && match_names(&x->says->name, o->name) >= NAME_ALIKE)
            return true;
    }
    return false;
}

bool match_means_neighbour(const struct work *w, const struct entry_state *x, const struct item_state *i)
{
    char gap[KEY_BYTES + 1];
    uint32_t found[POSTINGS_MAX];
    size_t n = strlen(i->reference);
    if (!x->says->name.n || i->own_reference || n >= sizeof gap)
        return false;
    for (size_t at = 0; at < n; at++) {
        memcpy(gap, i->reference, at);
        memcpy(gap + at, i->reference + at + 1, n - at);
        if (is_neighbour(w, x, i, gap, found))
            return true;
    }
    return is_neighbour(w, x, i, i->reference, found);
}
