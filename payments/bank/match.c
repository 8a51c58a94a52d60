/* Order, guard and results; the items are in match_items.c, the rules in match_rules.c and match_propose.c. */
#include "payments/bank/match.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/civil.h"
#include "daemon/base/text.h"
#include "payments/bank/match_work.h"

enum { PASSES = 4, REPEATS_MAX = 1000, READINGS_MAX = 8 * 1024 * 1024 };
static const size_t work_bytes = (size_t)24 << 30;

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

/* Full at every power of two. */
static void *room_for_more(struct work *w, const void *array, size_t n, size_t size)
{
    return n & (n - 1) ? NULL : arena_grow(w->out, array, n, n ? 2 * n : 1, size);
}

void match_append(struct work *w, struct match_result *r, struct match_allocation allocation)
{
    struct match_allocation *larger = room_for_more(w, r->allocations, r->allocations_n, sizeof *larger);
    r->allocations = larger ? larger : r->allocations;
    r->allocations[r->allocations_n++] = allocation;
}

void match_allocate(struct work *w, struct match_result *r, uint32_t item, int64_t amount)
{
    match_append(w, r, (struct match_allocation){w->items[item].given, amount});
}

const char *match_kept(struct work *w, const char *text)
{
    return text ? arena_strdup(w->out, text) : NULL;
}

void match_explain(struct work *w, struct match_result *r, const char *field, const char *ours, const char *theirs, const char *normalisation)
{
    if (r->evidence_n == MATCH_EVIDENCE)
        return;
    struct match_evidence *larger = room_for_more(w, r->evidence, r->evidence_n, sizeof *larger);
    r->evidence = larger ? larger : r->evidence;
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

void match_explain_link(struct work *w, struct match_result *r, const struct link *l)
{
    static const char *const how[] = {"cut at the end", "inside a longer word or over two lines", "capitals, no spaces, O=0, I=L=1"};
    const struct match_item *i = w->items[l->item].is;
    const char *ours = l->kind & KEY_REFERENCE ? i->reference : l->kind & KEY_END_TO_END ? i->end_to_end_id : l->kind & KEY_RUN ? i->run : NULL;
    const char *theirs = match_kept(w, l->key);
    match_explain(w, r, l->field, ours ? ours : theirs, theirs, how[l->sure]);
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
    r->rule = (uint8_t)rule;
    r->note = note;
    return class == MATCH_POST;
}

/* ---- entries ---- */

enum { BEFORE_TEXTS = 4, AFTER_TEXTS = 3, UNIT_SEPARATOR = 0x1F };

/* The n-th of the texts that tell one entry from another, without its place in the files. */
static const char *part_of_content(const struct match_entry *x, size_t n)
{
    const char *const before[] = {x->account, x->bank_ref ? x->bank_ref : x->entry_ref, x->end_to_end_id, x->name};
    const char *const after[] = {x->instruction_id, x->party_account, x->batch};
    const char *part = n < BEFORE_TEXTS ? before[n] : n < BEFORE_TEXTS + x->texts_n ? x->texts[n - BEFORE_TEXTS] : after[n - BEFORE_TEXTS - x->texts_n];
    return part ? part : "";
}

/* All of them one behind the other, byte by byte: 0 at the end. */
struct content {
    const struct match_entry *of;
    const char *at;
    size_t part, parts;
};

static struct content content_of(const struct match_entry *x)
{
    return (struct content){x, part_of_content(x, 0), 0, BEFORE_TEXTS + x->texts_n + AFTER_TEXTS};
}

static unsigned char next_byte(struct content *c)
{
    if (c->part == c->parts)
        return 0;
    if (*c->at)
        return (unsigned char)*c->at++;
    if (++c->part < c->parts)
        c->at = part_of_content(c->of, c->part);
    return UNIT_SEPARATOR;
}

static int by_content(const struct match_entry *x, const struct match_entry *y)
{
    struct content a = content_of(x), b = content_of(y);
    for (;;) {
        unsigned char m = next_byte(&a), n = next_byte(&b);
        if (m != n || !m)
            return m - n;
    }
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
    int order = by_content(a->is, b->is);
    if (order)
        return order;
    return a->given < b->given ? -1 : a->given > b->given;
}

static void take_entries(struct work *w, const struct match_entry *entries, size_t n, struct match_result *results)
{
    w->entries_n = (uint32_t)n;
    w->entries = arena_array(w->a, n + 1, sizeof *w->entries);
    for (uint32_t i = 0; i < w->entries_n; i++) {
        const struct match_entry *is = &entries[i];
        struct entry_state *x = &w->entries[i];
        *x = (struct entry_state){.is = is, .given = i, .result = &results[i]};
        x->day = is->booked != CIVIL_NONE ? is->booked : is->value;
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
    return a->day == b->day && a->is->amount == b->is->amount && a->is->reversal == b->is->reversal && by_content(a->is, b->is) == 0;
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

/*
 * Decided or not, what was needed for that is given back. What an undecided entry says is kept for the day's next pass, as long as that is not much; it
 * stands before what deciding took.
 */
static bool decide_entry(struct work *w, uint32_t entry)
{
    struct entry_state *x = &w->entries[entry];
    bool is_new = !x->says;
    struct arena_mark before = arena_mark(w->once), behind = before;
    if (is_new) {
        match_read(w, x);
        behind = arena_mark(w->once);
    }
    x->decided = match_decide(w, entry);
    if (is_new && (x->decided || arena_used(w->once) > READINGS_MAX)) {
        x->says = NULL;
        behind = before;
    }
    arena_rewind(w->once, behind);
    return x->decided;
}

/* On one day a return may stand before what it returns: the day is gone through until nothing more is decided. */
static void decide_day(struct work *w, uint32_t from, uint32_t to)
{
    struct arena_mark before = arena_mark(w->once);
    bool progress = true;
    for (int pass = 0; pass < PASSES && progress; pass++) {
        progress = false;
        for (uint32_t i = from; i < to; i++)
            if (!w->entries[i].decided && decide_entry(w, i))
                progress = true;
    }
    for (uint32_t i = from; i < to; i++)
        w->entries[i].says = NULL;
    arena_rewind(w->once, before);
}

static void finish(struct work *w)
{
    struct match_index *const all[] = {&w->keys, &w->accounts, &w->names, &w->words, &w->folded_names};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        match_index_finish(all[k]);
    arena_destroy(&w->once);
    arena_destroy(&w->a);
}

void match_run(struct arena *a, const struct match_item *items, size_t items_n, const struct match_entry *entries, size_t entries_n,
               struct match_result *results)
{
    struct work w = {.out = a, .a = arena_create(work_bytes), .once = arena_create(work_bytes)};
    match_take_items(&w, items, items_n);
    take_entries(&w, entries, entries_n, results);
    guard(&w);
    for (uint32_t from = 0, to; from < w.entries_n; from = to) {
        for (to = from + 1; to < w.entries_n && w.entries[to].day == w.entries[from].day;)
            to++;
        decide_day(&w, from, to);
    }
    match_propose(&w);
    finish(&w);
}
