/* What is expected, in canonical order, with everything by which an entry may find it. */
#include <stdlib.h>
#include <string.h>

#include "daemon/base/civil.h"
#include "daemon/base/text.h"
#include "payments/bank/match_work.h"

enum { RUN_MIN = 3, NO_WORD = 12, WORD_MIN = 3, ACCOUNT = 14, SORT_CODE = 6, NAMES_LEAST = 64 };

static int by_due_and_id(const void *x, const void *y)
{
    const struct item_state *a = x, *b = y;
    if (a->is->due != b->is->due)
        return a->is->due < b->is->due ? -1 : 1;
    return strcmp(a->is->id, b->is->id);
}

/* A reference of letters alone is a word; ours may hold no digit by chance. */
static bool is_reference(struct arena *a, const char *raw, const char *folded)
{
    return match_own_reference(a, folded) || (strlen(folded) >= 4 && strpbrk(raw, "0123456789"));
}

/* A key of letters alone may be an ordinary word, unless it is ours (with its check character) or too long to be one. */
static void index_key(struct work *w, const char *raw, uint32_t item, unsigned kind, size_t least)
{
    const char *key = match_fold(w->once, raw);
    if (raw && strlen(key) >= least && (strpbrk(raw, "0123456789") || kind == KEY_REFERENCE || strlen(key) >= NO_WORD || match_own_reference(w->once, key)))
        match_index_add(&w->keys, key, item, kind);
}

static void index_references(struct work *w, uint32_t at)
{
    struct item_state *i = &w->items[at];
    const struct match_item *is = i->is;
    const char *reference = match_fold(w->once, is->reference), *own = match_own_reference(w->once, reference);
    i->own_reference = own != NULL;
    i->is_plain = is->reference && match_is_plain_words(is->reference);
    i->has_reference = is->reference && is_reference(w->once, is->reference, reference);
    if (i->has_reference) {
        i->reference = match_index_key(&w->keys, match_index_add(&w->keys, reference, at, KEY_REFERENCE));
        match_index_add(&w->keys, own, at, KEY_REFERENCE);
        if (own)
            match_index_add(&w->keys, arena_printf(w->once, "MC%s", own), at, KEY_REFERENCE);
        w->by_reference[w->referenced_n++] = at;
    } else {
        i->reference = *reference ? arena_strdup(w->a, reference) : "";
    }
    index_key(w, is->end_to_end_id, at, KEY_END_TO_END, 6);
    for (size_t d = 0; d < is->documents_n; d++)
        index_key(w, is->documents[d], at, KEY_DOCUMENT, 5);
    index_key(w, is->run, at, KEY_RUN, RUN_MIN);
    if (is->kind == MATCH_RUN) {
        index_key(w, is->reference, at, KEY_RUN, RUN_MIN);
        index_key(w, is->end_to_end_id, at, KEY_RUN, RUN_MIN);
        index_key(w, is->id, at, KEY_RUN, RUN_MIN);
    }
}

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* The words of a name as they may stand in free text, sorted, as one. */
static uint32_t index_folded_name(struct work *w, const char **folded, size_t n, uint32_t at)
{
    struct buf b = {0};
    if (!n)
        return MATCH_NO_SLOT;
    qsort(folded, n, sizeof *folded, by_text);
    for (size_t i = 0; i < n; i++)
        buf_addf(&b, "%s ", folded[i]);
    uint32_t place = match_index_add(&w->folded_names, buf_str(&b).p, at, 0);
    buf_finish(&b);
    return place;
}

static void index_party(struct work *w, uint32_t at)
{
    struct item_state *i = &w->items[at];
    const char *folded[MATCH_NAME_WORDS];
    i->account = match_index_key(&w->accounts, match_index_add(&w->accounts, match_account(w->once, i->is->party_account), at, 0));
    i->party = i->is->party_id ? i->is->party_id : i->name->n ? i->name->key : i->is->id;
    if (i->account && strlen(i->account) == ACCOUNT)
        match_index_add(&w->accounts, i->account + SORT_CODE, at, 0);
    match_index_add(&w->names, i->name->key, at, 0);
    for (size_t n = 0; n < i->name->n; n++) {
        folded[n] = match_fold(w->once, i->name->word[n]);
        if (strlen(folded[n]) >= WORD_MIN)
            match_index_add(&w->words, folded[n], at, 0);
    }
    i->folded_name = index_folded_name(w, folded, i->name->n, at);
}

/* Names as they are written, each read once however many items carry it. */
struct names {
    struct match_index written;
    const struct match_name **name; /* in the order of the slots of `written` */
    size_t n, cap;
};

static const struct match_name *name_of(struct work *w, struct names *names, const char *written, uint32_t at)
{
    static const struct match_name none = {.key = ""};
    uint32_t place = match_index_add(&names->written, written, at, 0);
    if (place == MATCH_NO_SLOT)
        return &none;
    if (place == names->n) {
        struct match_name name = match_name(w->a, written);
        if (names->n == names->cap) {
            names->cap = names->cap ? 2 * names->cap : NAMES_LEAST;
            names->name = memory_retake(names->name, names->cap * sizeof *names->name);
        }
        names->name[names->n++] = arena_memdup(w->a, &name, sizeof name);
    }
    return names->name[place];
}

static void index_items(struct work *w)
{
    struct names names = {.n = 0};
    struct match_index *const all[] = {&w->keys, &w->accounts, &w->names, &w->words, &w->folded_names};
    match_index_init(&names.written, w->once);
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        match_index_init(all[k], w->a);
    for (uint32_t i = 0; i < w->items_n; i++)
        w->items[i].name = name_of(w, &names, w->items[i].is->party_name, i);
    match_index_finish(&names.written);
    free(names.name);
    for (uint32_t i = 0; i < w->items_n; i++) {
        struct arena_mark before = arena_mark(w->once);
        index_references(w, i);
        index_party(w, i);
        arena_rewind(w->once, before);
    }
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        match_index_seal(all[k]);
    match_index_owed(w);
    match_index_slips(w);
}

/* qsort_r keeps the state out of globals. */
static int by_amount(const void *x, const void *y, void *state)
{
    const struct work *w = state;
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    int64_t m = w->items[a].is->amount, n = w->items[b].is->amount;
    return m != n ? (m < n ? -1 : 1) : a < b ? -1 : a > b;
}

static int by_reference(const void *x, const void *y, void *state)
{
    const struct work *w = state;
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    int order = strcmp(w->items[a].reference, w->items[b].reference);
    return order ? order : a < b ? -1 : a > b;
}

size_t match_by_amount(const struct work *w, int64_t amount, int32_t due)
{
    size_t low = 0, high = w->items_n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        const struct match_item *i = w->items[w->by_amount[mid]].is;
        if (i->amount < amount || (i->amount == amount && i->due < due))
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

void match_take_items(struct work *w, const struct match_item *items, size_t n)
{
    w->items_n = (uint32_t)n;
    w->items = arena_array(w->a, n + 1, sizeof *w->items);
    w->by_amount = arena_array(w->a, n + 1, sizeof *w->by_amount);
    w->by_reference = arena_array(w->a, n + 1, sizeof *w->by_reference);
    for (uint32_t i = 0; i < w->items_n; i++) {
        bool settled = items[i].settled_on != CIVIL_NONE;
        w->items[i] = (struct item_state){.is = &items[i], .given = i, .open = settled ? 0 : items[i].amount, .settled_by = settled ? EARLIER : NOBODY,
                                          .settled_on = items[i].settled_on};
        w->by_amount[i] = i;
    }
    qsort(w->items, n, sizeof *w->items, by_due_and_id);
    struct arena_mark before = arena_mark(w->once);
    index_items(w);
    arena_rewind(w->once, before);
    qsort_r(w->by_amount, n, sizeof *w->by_amount, by_amount, w);
    qsort_r(w->by_reference, w->referenced_n, sizeof *w->by_reference, by_reference, w);
}
