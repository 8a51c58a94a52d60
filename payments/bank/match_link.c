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
    struct reading *x;
    const char *field;
};

static void add_link(struct finder *f, uint32_t item, uint8_t kind, enum match_sure sure, const char *key)
{
    struct reading *x = f->x;
    for (size_t i = 0; i < x->links_n; i++) {
        struct link *l = &x->links[i];
        /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): links_n of them are filled */
        if (l->item != item || l->kind != kind)
            continue;
        if (sure > l->sure)
            *l = (struct link){f->field, key, item, kind, (uint8_t)sure, false};
        return;
    }
    if (x->links_n < LINKS_MAX)
        x->links[x->links_n++] = (struct link){f->field, key, item, kind, (uint8_t)sure, false};
}

/* A run's tag leads to all its payments: the first is enough to find the run. */
static void follow(struct finder *f, const struct match_slot *s, enum match_sure sure, const char *key)
{
    bool run_found = false;
    size_t n = 0;
    for (const struct match_posting *p = match_first(s); p != match_end(s) && n < POSTINGS_MAX; p++) {
        if (p->kind == KEY_RUN && run_found)
            continue;
        run_found = run_found || p->kind == KEY_RUN;
        add_link(f, p->item, p->kind, sure, key);
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
        const struct match_slot *s = match_own_reference(f->w->once, part) ? match_index_find(&f->w->keys, part) : NULL;
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
        follow(f, s, LINK_PREFIX, arena_strdup(w->once, tail));
}

static void keep_token(struct finder *f, const char *word, size_t length)
{
    if (f->x->tokens_n < WORDS_MAX && length >= PREFIX_MIN)
        f->x->tokens[f->x->tokens_n++] = arena_strndup(f->w->once, word, length);
}

/* Words, and neighbouring words joined, because people and banks put spaces into references. */
static void look_in(struct finder *f, const char *name, const char *text)
{
    f->field = name;
    if (!text)
        return;
    const char *word[WORDS_MAX];
    size_t n = match_fold_words(f->w->once, text, word, WORDS_MAX);
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
                keep_token(f, joined, length);
        }
        look_inside(f, word[i]);
        if (f->x->words_n < WORDS_MAX)
            f->x->words[f->x->words_n++] = word[i];
        keep_token(f, word[i], strlen(word[i]));
    }
}

/* A reference that the bank's line width cut in two: the last words of one line and the first of the next. */
static void look_across(struct finder *f, const char *line, const char *next)
{
    const char *left[WORDS_MAX], *right[WORDS_MAX];
    size_t left_n = match_fold_words(f->w->once, line, left, WORDS_MAX), right_n = match_fold_words(f->w->once, next, right, WORDS_MAX);
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
static void drop_pieces(const struct work *w, struct reading *x)
{
    size_t kept = 0;
    bool telling[LINKS_MAX];
    for (size_t i = 0; i < x->links_n; i++)
        telling[i] = match_is_telling(w, &x->links[i]);
    for (size_t i = 0; i < x->links_n; i++) {
        bool piece = false;
        for (size_t k = 0; k < x->links_n && !piece && !telling[i]; k++) {
            const struct link *l = &x->links[k];
            piece = l->sure == LINK_EXACT && telling[k] && strlen(l->key) > strlen(x->links[i].key) && strstr(l->key, x->links[i].key);
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
    const struct item_state *i = &w->items[l->item];
    if (i->own_reference && (l->kind & KEY_REFERENCE))
        return true;
    if (i->is_plain && (l->kind & KEY_REFERENCE))
        return false;
    if ((l->kind & KEY_END_TO_END) && i->is->amount < 0 && strcmp(l->field, "end_to_end_id") == 0)
        return true; /* we gave it to the payment, and it came back in its own field */
    return strspn(l->key, "0123456789") == n ? n >= TELLING_DIGITS : n >= TELLING;
}

void match_read(struct work *w, struct entry_state *x)
{
    const struct match_entry *is = x->is;
    struct reading *r = arena_alloc(w->once, sizeof *r);
    struct finder f = {w, r, NULL};
    struct link found[LINKS_MAX];
    const char *tokens[WORDS_MAX], *words[WORDS_MAX];
    *r = (struct reading){.account = match_account(w->once, is->party_account), .name = match_name(w->once, is->name), .links = found, .tokens = tokens, .words = words};
    for (size_t i = 0; i < is->texts_n; i++)
        look_in(&f, "remittance", is->texts[i]);
    for (size_t i = 0; i + 1 < is->texts_n; i++) {
        f.field = "remittance";
        look_across(&f, is->texts[i], is->texts[i + 1]);
    }
    r->words = arena_memdup(w->once, words, r->words_n * sizeof *words);
    size_t words_n = r->words_n;
    r->words_n = WORDS_MAX; /* what follows are references, not words */
    look_in(&f, "end_to_end_id", is->end_to_end_id);
    look_in(&f, "instruction_id", is->instruction_id);
    look_in(&f, "transaction_id", is->transaction_id);
    size_t tokens_n = r->tokens_n;
    r->tokens_n = WORDS_MAX; /* the bank's own numbers are never ours with a slip in them */
    look_in(&f, "counterparty.name", is->name);
    look_in(&f, "batch", is->batch);
    look_in(&f, "bank_ref", is->bank_ref);
    look_in(&f, "entry_ref", is->entry_ref);
    r->tokens_n = tokens_n;
    drop_pieces(w, r);
    r->links = arena_memdup(w->once, found, r->links_n * sizeof *found);
    r->tokens = arena_memdup(w->once, tokens, r->tokens_n * sizeof *tokens);
    r->words_n = words_n;
    x->says = r;
    match_payer(w, x);
}

/* Words that banks write on returned payments; people write them too, so they only count together with the original's reference. */
bool match_text_says_return(const struct work *w, const struct entry_state *x)
{
    static const char *const said[] = {"RETURN", "RETURNED", "UNPAID", "REVERSAL", "REVERSED", "RECALL", "REJECTED", "RETD", "RTN", "ARUCS", "BOUNCED"};
    for (size_t t = 0; t < x->is->texts_n; t++) {
        const char *word[24];
        size_t n = match_fold_words(w->once, x->is->texts[t], word, 24);
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < sizeof said / sizeof *said; k++)
                if (strcmp(word[i], match_fold(w->once, said[k])) == 0)
                    return true;
    }
    return false;
}
