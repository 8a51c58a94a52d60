/* Order, guard and results; the rules are in match_rules.c and match_propose.c. */
#include "payments/bank/match.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/civil.h"
#include "daemon/base/text.h"
#include "payments/bank/match_work.h"

enum { PASSES = 4, GAP_MIN = 6, GAP_MAX = 20, RUN_MIN = 3, NO_WORD = 12, REPEATS_MAX = 1000 };

int64_t match_size(int64_t amount)
{
    return amount == INT64_MIN ? INT64_MAX : amount < 0 ? -amount : amount;
}

bool match_same_side(int64_t a, int64_t b)
{
    return (a < 0) == (b < 0);
}

int match_working_days(int32_t from, int32_t to)
{
    int days = 0;
    for (int32_t d = from + 1; d <= to && days < 1000; d++)
        days += civil_weekday(d) < 5;
    return days;
}

int match_days_apart(int32_t a, int32_t b)
{
    return a == CIVIL_NONE || b == CIVIL_NONE ? MATCH_FAR : abs(a - b);
}

void match_append(struct work *w, struct match_result *r, struct match_allocation allocation)
{
    if ((r->allocations_n & (r->allocations_n - 1)) == 0) /* full at every power of two */
        r->allocations = arena_grow(w->a, r->allocations, r->allocations_n, r->allocations_n ? 2 * r->allocations_n : 1, sizeof *r->allocations);
    r->allocations[r->allocations_n++] = allocation;
}

void match_allocate(struct work *w, struct match_result *r, uint32_t item, int64_t amount)
{
    match_append(w, r, (struct match_allocation){w->items[item].given, amount});
}

void match_explain(struct match_result *r, const char *field, const char *ours, const char *theirs, const char *normalisation)
{
    if (r->evidence_n < MATCH_EVIDENCE)
        r->evidence[r->evidence_n++] = (struct match_evidence){field, ours, theirs, normalisation};
}

void match_ask(struct match_result *r, int64_t due)
{
    r->has_due = true;
    r->due = due;
}

void match_point_at(const struct work *w, struct match_result *r, const struct item_state *i)
{
    r->has_other = i->settled_by < w->entries_n;
    r->other = r->has_other ? w->entries[i->settled_by].given : 0;
}

void match_explain_link(const struct work *w, struct match_result *r, const struct link *l)
{
    static const char *const how[] = {"cut at the end", "inside a longer word or over two lines", "capitals, no spaces, O=0, I=L=1"};
    const struct match_item *i = w->items[l->item].is;
    const char *ours = l->kind & KEY_REFERENCE ? i->reference : l->kind & KEY_END_TO_END ? i->end_to_end_id : l->kind & KEY_RUN ? i->run : NULL;
    match_explain(r, l->field, ours ? ours : l->key, l->theirs, how[l->sure]);
}

void match_settle(struct work *w, uint32_t entry, uint32_t item, int64_t amount)
{
    struct item_state *i = &w->items[item];
    match_allocate(w, w->entries[entry].result, item, amount);
    i->open -= amount;
    if (match_same_side(i->is->amount, amount)) {
        i->came_back = false;
        i->settled_by = entry;
        i->settled_on = w->entries[entry].day;
    } else {
        i->by_run = false;
    }
}

bool match_decided(struct match_result *r, enum match_class class, int rule, const char *note)
{
    r->class = class;
    r->rule = rule;
    r->note = note;
    return class == MATCH_POST;
}

/* ---- items ---- */

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
    const char *key = match_fold(w->a, raw);
    if (raw && strlen(key) >= least && (strpbrk(raw, "0123456789") || kind == KEY_REFERENCE || strlen(key) >= NO_WORD || match_own_reference(w->a, key)))
        match_index_add(&w->keys, key, item, kind);
}

/* A reference without one of its characters: the meeting point of all slips of one character. */
static void index_gaps(struct work *w, const char *key, uint32_t item)
{
    size_t n = strlen(key);
    if (n < GAP_MIN || n > GAP_MAX)
        return;
    match_index_add(&w->gaps, key, item, KEY_REFERENCE);
    for (size_t i = 0; i < n; i++) {
        char *gap = arena_alloc(w->a, n);
        memcpy(gap, key, i);
        memcpy(gap + i, key + i + 1, n - i - 1);
        match_index_add(&w->gaps, gap, item, KEY_REFERENCE);
    }
}

static void index_references(struct work *w, uint32_t at)
{
    struct item_state *i = &w->items[at];
    const struct match_item *is = i->is;
    i->reference = match_fold(w->a, is->reference);
    const char *own = match_own_reference(w->a, i->reference);
    i->own_reference = own != NULL;
    i->is_plain = is->reference && match_is_plain_words(is->reference);
    if (is->reference && is_reference(w->a, is->reference, i->reference)) {
        match_index_add(&w->keys, i->reference, at, KEY_REFERENCE);
        if (own) {
            match_index_add(&w->keys, own, at, KEY_REFERENCE);
            match_index_add(&w->keys, arena_printf(w->a, "MC%s", own), at, KEY_REFERENCE);
        }
        index_gaps(w, i->reference, at);
        w->by_reference[w->referenced_n++] = at;
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

static void index_folded_name(struct work *w, struct item_state *i, uint32_t at)
{
    const char *word[MATCH_NAME_WORDS];
    struct buf b = {0};
    memcpy(word, i->folded_name, i->name.n * sizeof *word);
    qsort(word, i->name.n, sizeof *word, by_text);
    for (size_t n = 0; n < i->name.n; n++)
        buf_addf(&b, "%s ", word[n]);
    i->folded_key = str_dup(w->a, buf_str(&b));
    match_index_add(&w->folded_names, i->folded_key, at, 0);
    buf_finish(&b);
}

static void index_party(struct work *w, uint32_t at)
{
    struct item_state *i = &w->items[at];
    i->account = match_account(w->a, i->is->party_account);
    i->name = match_name(w->a, i->is->party_name);
    i->party = i->is->party_id ? i->is->party_id : i->name.n ? i->name.key : i->is->id;
    match_index_add(&w->accounts, i->account, at, 0);
    if (i->account && strlen(i->account) == 14)
        match_index_add(&w->accounts, i->account + 6, at, 0);
    if (i->name.n)
        match_index_add(&w->names, i->name.key, at, 0);
    for (size_t n = 0; n < i->name.n; n++) {
        i->folded_name[n] = match_fold(w->a, i->name.word[n]);
        if (strlen(i->folded_name[n]) >= 3)
            match_index_add(&w->words, i->folded_name[n], at, 0);
    }
    index_folded_name(w, i, at);
    match_index_owed(w, at);
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

static void take_items(struct work *w, const struct match_item *items, size_t n)
{
    w->items_n = (uint32_t)n;
    w->items = arena_array(w->a, n + 1, sizeof *w->items);
    w->by_amount = arena_array(w->a, n + 1, sizeof *w->by_amount);
    w->by_reference = arena_array(w->a, n + 1, sizeof *w->by_reference);
    match_index_init(&w->keys, w->a, 4 * n);
    match_index_init(&w->accounts, w->a, n);
    match_index_init(&w->names, w->a, n);
    match_index_init(&w->words, w->a, n);
    match_index_init(&w->folded_names, w->a, n);
    match_index_init(&w->owed, w->a, 2 * n);
    match_index_init(&w->gaps, w->a, 10 * n);
    for (size_t i = 0; i < n; i++) {
        bool settled = items[i].settled_on != CIVIL_NONE;
        w->items[i] = (struct item_state){.is = &items[i], .given = i, .open = settled ? 0 : items[i].amount, .settled_by = settled ? EARLIER : NOBODY,
                                          .settled_on = items[i].settled_on};
    }
    qsort(w->items, n, sizeof *w->items, by_due_and_id);
    for (uint32_t i = 0; i < w->items_n; i++) {
        index_references(w, i);
        index_party(w, i);
        w->by_amount[i] = i;
    }
    qsort_r(w->by_amount, n, sizeof *w->by_amount, by_amount, w);
    qsort_r(w->by_reference, w->referenced_n, sizeof *w->by_reference, by_reference, w);
}

/* ---- entries ---- */

static void add_text(struct buf *b, const char *text)
{
    buf_adds(b, text ? text : "");
    buf_addc(b, '\x1F');
}

/* Everything that tells one entry from another, without its place in the files. */
static const char *content_of(struct arena *a, const struct match_entry *x)
{
    struct buf b = {0};
    add_text(&b, x->account);
    add_text(&b, x->bank_ref ? x->bank_ref : x->entry_ref);
    add_text(&b, x->end_to_end_id);
    add_text(&b, x->name);
    for (size_t i = 0; i < x->texts_n; i++)
        add_text(&b, x->texts[i]);
    add_text(&b, x->instruction_id);
    add_text(&b, x->party_account);
    add_text(&b, x->batch);
    const char *content = str_dup(a, buf_str(&b));
    buf_finish(&b);
    return content;
}

static int by_day_and_content(const void *x, const void *y)
{
    const struct entry_state *a = x, *b = y;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->marked_return != b->marked_return)
        return a->marked_return ? 1 : -1;
    if (a->is->amount != b->is->amount)
        return a->is->amount < b->is->amount ? -1 : 1;
    int order = strcmp(a->content, b->content);
    if (order)
        return order;
    return a->given < b->given ? -1 : a->given > b->given;
}

static void take_entries(struct work *w, const struct match_entry *entries, size_t n, struct match_result *results)
{
    w->entries_n = (uint32_t)n;
    w->entries = arena_array(w->a, n + 1, sizeof *w->entries);
    for (size_t i = 0; i < n; i++) {
        const struct match_entry *is = &entries[i];
        struct entry_state *x = &w->entries[i];
        *x = (struct entry_state){.is = is, .given = i, .result = &results[i]};
        x->day = is->booked != CIVIL_NONE ? is->booked : is->value;
        x->account = match_account(w->a, is->party_account);
        x->name = match_name(w->a, is->name);
        x->content = content_of(w->a, is);
        x->marked_return = is->reversal || is->return_reason;
    }
    qsort(w->entries, n, sizeof *w->entries, by_day_and_content);
}

/* ---- the guard ---- */

static void skip(struct entry_state *x, const char *why)
{
    *x->result = (struct match_result){.class = MATCH_NONE, .note = why};
    x->skipped = x->decided = true;
}

/* The first and last day of a statement: which of two came first does not depend on the order in which they are given. */
struct span {
    int32_t from, to;
};

static struct span *spans_of(const struct work *w)
{
    size_t n = 0;
    for (uint32_t i = 0; i < w->entries_n; i++)
        n = w->entries[i].is->statement >= n ? w->entries[i].is->statement + 1 : n;
    struct span *span = arena_array(w->a, n + 1, sizeof *span);
    for (size_t i = 0; i < n; i++)
        span[i] = (struct span){INT32_MAX, INT32_MIN};
    for (uint32_t i = 0; i < w->entries_n; i++) {
        struct span *s = &span[w->entries[i].is->statement];
        s->from = w->entries[i].day < s->from ? w->entries[i].day : s->from;
        s->to = w->entries[i].day > s->to ? w->entries[i].day : s->to;
    }
    return span;
}

static bool is_earlier(const struct span *span, size_t a, size_t b)
{
    if (span[a].from != span[b].from)
        return span[a].from < span[b].from;
    return span[a].to != span[b].to ? span[a].to < span[b].to : a < b;
}

/* Entries of equal content on one day: as many are true as the statement with most of them holds; the others are the same ones, sent again. */
static void guard_repeats(const struct span *span, struct entry_state *group, size_t n)
{
    size_t best = 0, best_count = 0;
    for (size_t i = 0; i < n && i < REPEATS_MAX; i++) {
        size_t count = 0;
        for (size_t k = 0; k < n; k++)
            count += group[k].is->statement == group[i].is->statement;
        if (count > best_count || (count == best_count && is_earlier(span, group[i].is->statement, group[best].is->statement))) {
            best = i;
            best_count = count;
        }
    }
    size_t statement = group[best].is->statement;
    for (size_t i = 0; i < n; i++)
        if (group[i].is->statement != statement && !group[i].skipped) {
            skip(&group[i], "The same entry is in another statement: it counts once.");
            group[i].result->has_other = true;
            group[i].result->other = group[best].given;
        }
}

static bool is_same_entry(const struct entry_state *a, const struct entry_state *b)
{
    return a->day == b->day && a->is->amount == b->is->amount && a->is->reversal == b->is->reversal && strcmp(a->content, b->content) == 0;
}

static void guard(struct work *w)
{
    for (uint32_t i = 0; i < w->entries_n; i++) {
        struct entry_state *x = &w->entries[i];
        if (!x->is->is_booked)
            skip(x, "Not booked yet.");
        else if (!x->is->amount_known || x->is->amount == 0)
            skip(x, "The amount is nought or not in whole pence.");
        else if (x->is->currency && *x->is->currency && strcmp(x->is->currency, "GBP") != 0)
            skip(x, "Not in pounds sterling.");
    }
    const struct span *span = spans_of(w);
    for (uint32_t i = 0; i < w->entries_n;) {
        uint32_t n = 1;
        while (i + n < w->entries_n && is_same_entry(&w->entries[i], &w->entries[i + n]))
            n++;
        if (n > 1 && !w->entries[i].skipped)
            guard_repeats(span, &w->entries[i], n);
        i += n;
    }
}

/* ---- R1 to R5, day by day ---- */

/* On one day a return may stand before what it returns: the day is gone through until nothing more is decided. */
static void decide_day(struct work *w, uint32_t from, uint32_t to)
{
    bool progress = true;
    for (int pass = 0; pass < PASSES && progress; pass++) {
        progress = false;
        for (uint32_t i = from; i < to; i++) {
            struct entry_state *x = &w->entries[i];
            if (x->decided)
                continue;
            x->decided = match_decide(w, i);
            progress = progress || x->decided;
        }
    }
}

void match_run(struct arena *a, const struct match_item *items, size_t items_n, const struct match_entry *entries, size_t entries_n,
               struct match_result *results)
{
    struct work w = {.a = a};
    take_items(&w, items, items_n);
    take_entries(&w, entries, entries_n, results);
    guard(&w);
    for (uint32_t i = 0; i < w.entries_n; i++)
        if (!w.entries[i].skipped)
            match_links(&w, &w.entries[i]);
    for (uint32_t from = 0, to; from < w.entries_n; from = to) {
        for (to = from + 1; to < w.entries_n && w.entries[to].day == w.entries[from].day;)
            to++;
        decide_day(&w, from, to);
    }
    match_propose(&w);
}
