/* Which items does an entry name? References, end-to-end ids, documents and runs, looked for in every text, at word boundaries. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/civil.h"
#include "daemon/base/text.h"
#include "payments/bank/match_work.h"

enum { WORDS_MAX = 96, JOIN_WORDS = 6, KEY_BYTES = 35, LINKS_MAX = 64, POSTINGS_MAX = 64, KEY_MIN = 4, PREFIX_MIN = 6, TELLING = 8, TELLING_DIGITS = 10, TOKEN_WORDS = 2, EDGE_WORDS = 3 };

struct finder {
    struct work *w;
    struct entry_state *x;
    const char *field;
};

static void add_link(struct finder *f, uint32_t item, unsigned kind, enum match_sure sure, const char *theirs)
{
    struct entry_state *x = f->x;
    for (size_t i = 0; i < x->links_n; i++) {
        struct link *l = &x->links[i];
        /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): links_n of them are filled */
        if (l->item != item || l->kind != kind)
            continue;
        if (sure > l->sure)
            *l = (struct link){item, kind, sure, f->field, theirs, theirs, false};
        return;
    }
    if (x->links_n < LINKS_MAX)
        x->links[x->links_n++] = (struct link){item, kind, sure, f->field, theirs, theirs, false};
}

/* A run's tag leads to all its payments: the first is enough to find the run. */
static void follow(struct finder *f, const struct match_slot *s, enum match_sure sure, const char *theirs)
{
    bool run_found = false;
    size_t n = 0;
    for (const struct match_posting *p = s->first; p && n < POSTINGS_MAX; p = p->next) {
        if (p->kind == KEY_RUN && run_found)
            continue;
        run_found = run_found || p->kind == KEY_RUN;
        add_link(f, p->item, p->kind, sure, theirs);
        n++;
    }
}

static void look_up(struct finder *f, const char *key)
{
    if (strlen(key) < KEY_MIN)
        return;
    const struct match_slot *s = match_index_find(&f->w->keys, key);
    if (s)
        follow(f, s, LINK_EXACT, s->key);
}

/* Our own form inside a longer word: found, but less sure. */
static void look_inside(struct finder *f, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + 10 <= n && n > 10; i++) {
        if (word[i] != 'M' || word[i + 1] != 'C')
            continue;
        char part[11];
        memcpy(part, word + i, 10);
        part[10] = '\0';
        const struct match_slot *s = match_own_reference(f->w->a, part) ? match_index_find(&f->w->keys, part) : NULL;
        if (s)
            follow(f, s, LINK_GLUED, s->key);
    }
}

/* The end of a field cut by the bank: the only reference that begins so. */
static void look_cut(struct finder *f, const char *tail)
{
    const struct work *w = f->w;
    size_t n = strlen(tail), low = 0, high = w->referenced_n;
    if (n < PREFIX_MIN)
        return;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (strcmp(w->items[w->by_reference[mid]].reference, tail) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    const char *only = NULL;
    for (size_t i = low; i < w->referenced_n && i < low + POSTINGS_MAX; i++) {
        const char *reference = w->items[w->by_reference[i]].reference;
        if (strncmp(reference, tail, n) != 0)
            break;
        if (only && strcmp(only, reference) != 0)
            return; /* several references begin so */
        only = reference;
    }
    const struct match_slot *s = only && strlen(only) > n ? match_index_find(&w->keys, only) : NULL;
    if (s)
        follow(f, s, LINK_PREFIX, arena_strdup(w->a, tail));
}

static void keep_token(struct entry_state *x, const char *word)
{
    if (x->tokens_n < WORDS_MAX && strlen(word) >= PREFIX_MIN)
        x->tokens[x->tokens_n++] = word;
}

/* Words, and neighbouring words joined, because people and banks put spaces into references. */
static void look_in(struct finder *f, const char *name, const char *text)
{
    const char *word[WORDS_MAX];
    f->field = name;
    size_t n = match_fold_words(f->w->a, text, word, WORDS_MAX);
    for (size_t i = 0; i < n; i++) {
        char joined[KEY_BYTES + 1];
        size_t length = 0;
        for (size_t k = i; k < n && k < i + JOIN_WORDS; k++) {
            size_t add = strlen(word[k]);
            if (length + add > KEY_BYTES)
                break;
            memcpy(joined + length, word[k], add + 1);
            length += add;
            look_up(f, joined);
            if (k + 1 == n)
                look_cut(f, joined);
            if (k > i && k <= i + TOKEN_WORDS && length <= 16)
                keep_token(f->x, arena_strdup(f->w->a, joined));
        }
        look_inside(f, word[i]);
        if (f->x->words_n < WORDS_MAX)
            f->x->words[f->x->words_n++] = word[i];
        keep_token(f->x, word[i]);
    }
}

/* A reference that the bank's line width cut in two: the last words of one line and the first of the next. */
static void look_across(struct finder *f, const char *line, const char *next)
{
    const char *left[WORDS_MAX], *right[WORDS_MAX];
    size_t left_n = match_fold_words(f->w->a, line, left, WORDS_MAX), right_n = match_fold_words(f->w->a, next, right, WORDS_MAX);
    char head[KEY_BYTES + 1] = "";
    for (size_t i = left_n; i-- > 0 && i + EDGE_WORDS >= left_n;) {
        char joined[KEY_BYTES + 1];
        if (strlen(left[i]) + strlen(head) > KEY_BYTES)
            return;
        size_t length = (size_t)snprintf(joined, sizeof joined, "%s%s", left[i], head);
        memcpy(head, joined, length + 1);
        for (size_t k = 0; k < right_n && k < EDGE_WORDS && length + strlen(right[k]) <= KEY_BYTES; k++) {
            length += (size_t)snprintf(joined + length, sizeof joined - length, "%s", right[k]);
            const struct match_slot *s = length >= PREFIX_MIN ? match_index_find(&f->w->keys, joined) : NULL;
            if (s)
                follow(f, s, LINK_GLUED, s->key);
        }
    }
}

/* Somebody's reference "2026" is no news inside "PAY-2026-000123": what is short and only a piece of a telling reference was not meant. */
static void drop_pieces(const struct work *w, struct entry_state *x)
{
    size_t kept = 0;
    for (size_t i = 0; i < x->links_n; i++) {
        bool piece = false;
        for (size_t k = 0; k < x->links_n && !piece && !match_is_telling(w, &x->links[i]); k++) {
            const struct link *l = &x->links[k];
            piece = l->sure == LINK_EXACT && match_is_telling(w, l) && strlen(l->key) > strlen(x->links[i].key) && strstr(l->key, x->links[i].key);
        }
        x->links[i].dropped = piece;
    }
    for (size_t i = 0; i < x->links_n; i++)
        if (!x->links[i].dropped)
            x->links[kept++] = x->links[i];
    x->links_n = kept;
}

bool match_is_telling(const struct work *w, const struct link *l)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): every link that is counted has its key */
    size_t n = strlen(l->key);
    if (w->items[l->item].own_reference && (l->kind & KEY_REFERENCE))
        return true;
    return strspn(l->key, "0123456789") == n ? n >= TELLING_DIGITS : n >= TELLING;
}

static void find_named(const struct work *w, struct entry_state *x);

void match_links(struct work *w, struct entry_state *x)
{
    const struct match_entry *is = x->is;
    struct finder f = {w, x, NULL};
    struct link found[LINKS_MAX];
    const char *tokens[WORDS_MAX], *words[WORDS_MAX];
    x->links = found;
    x->tokens = tokens;
    x->words = words;
    for (size_t i = 0; i < is->texts_n; i++)
        look_in(&f, "remittance", is->texts[i]);
    for (size_t i = 0; i + 1 < is->texts_n; i++) {
        f.field = "remittance";
        look_across(&f, is->texts[i], is->texts[i + 1]);
    }
    x->words = arena_memdup(w->a, words, x->words_n * sizeof *words);
    size_t words_n = x->words_n;
    x->words_n = WORDS_MAX; /* what follows are references, not words */
    look_in(&f, "end_to_end_id", is->end_to_end_id);
    look_in(&f, "instruction_id", is->instruction_id);
    look_in(&f, "transaction_id", is->transaction_id);
    size_t tokens_n = x->tokens_n; /* the bank's own numbers are never ours with a slip in them */
    look_in(&f, "batch", is->batch);
    look_in(&f, "bank_ref", is->bank_ref);
    look_in(&f, "entry_ref", is->entry_ref);
    x->tokens_n = tokens_n;
    drop_pieces(w, x);
    x->links = arena_memdup(w->a, found, x->links_n * sizeof *found);
    x->tokens = arena_memdup(w->a, tokens, x->tokens_n * sizeof *tokens);
    x->words_n = words_n;
    find_named(w, x);
}

bool match_shares_party(const struct item_state *a, const struct item_state *b)
{
    return strcmp(a->party, b->party) == 0;
}

/* Whether another party of this very name has something open that the entry would settle. */
static bool owes_this(const struct work *w, const struct match_slot *s, int64_t amount)
{
    size_t n = 0;
    for (const struct match_posting *p = s->first; p && n < POSTINGS_MAX; p = p->next, n++)
        if (w->items[p->item].open == amount)
            return true;
    return false;
}

/* Whether some item in the list belongs to the party of `i`. */
static bool lists_party(const struct work *w, const struct match_slot *s, const struct item_state *i)
{
    size_t n = 0;
    for (const struct match_posting *p = s->first; p && n < POSTINGS_MAX; p = p->next, n++)
        if (match_shares_party(&w->items[p->item], i))
            return true;
    return false;
}

/* A name that stands in the free text instead of a field of its own: two of its words, one of them whole, others perhaps as initials. */
bool match_text_names(const struct entry_state *x, const struct item_state *i)
{
    size_t hits = 0, whole = 0;
    for (size_t n = 0; n < i->name.n; n++) {
        bool hit = false, is_whole = false;
        for (size_t k = 0; k < x->words_n && !is_whole; k++) {
            is_whole = strcmp(x->words[k], i->folded_name[n]) == 0;
            hit = hit || is_whole || (x->words[k][0] == i->folded_name[n][0] && !x->words[k][1]);
        }
        hits += hit;
        whole += is_whole && i->folded_name[n][1] && i->folded_name[n][2];
    }
    return whole && hits >= 2 && (hits == i->name.n || i->name.n > 2);
}

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* Parties whose whole name stands in the text: neighbouring words in any order. */
static void find_named(const struct work *w, struct entry_state *x)
{
    for (size_t from = 0; from < x->words_n; from++) {
        for (size_t n = 2; n <= 4 && from + n <= x->words_n && x->named_n < MATCH_NAMED; n++) {
            const char *word[4];
            char key[KEY_BYTES * 2] = "";
            size_t length = 0;
            memcpy(word, x->words + from, n * sizeof *word);
            qsort(word, n, sizeof *word, by_text);
            for (size_t k = 0; k < n && length < sizeof key; k++)
                length += (size_t)snprintf(key + length, sizeof key - length, "%s ", word[k]);
            const struct match_slot *s = length < sizeof key ? match_index_find(&w->folded_names, key) : NULL;
            if (s)
                x->named[x->named_n++] = s;
        }
    }
}

/* Whether the text names somebody else who owes just this, and not the item's party. */
static bool text_names_other(const struct work *w, const struct entry_state *x, const struct item_state *i)
{
    for (size_t k = 0; k < x->named_n; k++)
        if (lists_party(w, x->named[k], i))
            return false;
    for (size_t k = 0; k < x->named_n; k++)
        if (owes_this(w, x->named[k], x->is->amount))
            return true;
    return false;
}

int match_party(const struct work *w, const struct entry_state *x, const struct item_state *i)
{
    if (x->account && i->account && match_same_account(x->account, i->account))
        return PARTY_SAME;
    if (x->account) {
        const struct match_slot *s = match_index_find(&w->accounts, x->account);
        if (s && !lists_party(w, s, i))
            return PARTY_OTHER;
    }
    enum match_likeness like = match_names(&x->name, &i->name);
    if (like == NAME_SAME)
        return PARTY_SAME;
    const struct match_slot *s = x->name.n ? match_index_find(&w->names, x->name.key) : NULL;
    if (s && !lists_party(w, s, i))
        return owes_this(w, s, x->is->amount) ? PARTY_OTHER : PARTY_STRANGER;
    if (like == NAME_ALIKE)
        return PARTY_LIKELY;
    if (text_names_other(w, x, i))
        return PARTY_OTHER;
    if (match_text_names(x, i))
        return PARTY_LIKELY;
    return x->name.n || (x->account && i->account) ? PARTY_STRANGER : PARTY_UNKNOWN;
}

/* Words that banks write on returned payments; people write them too, so they only count together with the original's reference. */
bool match_text_says_return(const struct work *w, const struct entry_state *x)
{
    static const char *const said[] = {"RETURN", "RETURNED", "UNPAID", "REVERSAL", "REVERSED", "RECALL", "REJECTED", "RETD", "RTN", "ARUCS", "BOUNCED"};
    for (size_t t = 0; t < x->is->texts_n; t++) {
        const char *word[24];
        size_t n = match_fold_words(w->a, x->is->texts[t], word, 24);
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < sizeof said / sizeof *said; k++)
                if (strcmp(word[i], match_fold(w->a, said[k])) == 0)
                    return true;
    }
    return false;
}

static bool is_neighbour(const struct work *w, const struct entry_state *x, const struct item_state *i, const struct match_slot *s)
{
    if (!s || s->count > POSTINGS_MAX)
        return false;
    for (const struct match_posting *p = s->first; p; p = p->next) {
        const struct item_state *o = &w->items[p->item];
        if (o->open == x->is->amount && !match_shares_party(o, i) && match_names(&x->name, &o->name) >= NAME_ALIKE)
            return true;
    }
    return false;
}

bool match_means_neighbour(const struct work *w, const struct entry_state *x, const struct item_state *i)
{
    char gap[KEY_BYTES + 1];
    size_t n = strlen(i->reference);
    if (!x->name.n || i->own_reference || n >= sizeof gap)
        return false;
    for (size_t at = 0; at < n; at++) {
        memcpy(gap, i->reference, at);
        memcpy(gap + at, i->reference + at + 1, n - at);
        if (is_neighbour(w, x, i, match_index_find(&w->gaps, gap)))
            return true;
    }
    return is_neighbour(w, x, i, match_index_find(&w->gaps, i->reference));
}
