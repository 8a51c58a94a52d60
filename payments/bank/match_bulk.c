/* R1: a payment run as one debit: by its name, or where the bank leaves the name out and says that it is a bulk payment, by its total. */
#include <string.h>

#include "daemon/base/text.h"
#include "payments/bank/match_work.h"

enum { NAME_DAYS = 10, BULK_DAYS = 3, BULK_LEAST = 100000 /* pence: a smaller total may be anything */, NUMBER_MOST = 4 };

struct members {
    uint32_t *item;
    size_t n;
};

/* The payments of a run: they name it by its tag, its reference or its id. */
static struct members members_of(const struct work *w, uint32_t run)
{
    const struct match_item *is = w->items[run].is;
    const char *const names[] = {is->run, is->reference, is->end_to_end_id, is->id};
    struct members m = {.n = 0};
    size_t cap = 0;
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        const struct match_slot *s = match_index_find(&w->keys, match_fold(w->once, names[k]));
        for (const struct match_posting *p = match_first(s); p != match_end(s); p++) {
            if (p->kind != KEY_RUN || w->items[p->item].is->kind == MATCH_RUN)
                continue;
            if (m.n == cap) {
                cap = cap ? 2 * cap : 64;
                m.item = arena_grow(w->once, m.item, m.n, cap, sizeof *m.item);
            }
            m.item[m.n++] = p->item;
        }
    }
    return m;
}

static void settle_members(struct work *w, const struct members *m, uint32_t entry)
{
    for (size_t k = 0; k < m->n; k++) {
        struct item_state *i = &w->items[m->item[k]];
        i->open = 0;
        i->by_run = true;
        i->settled_by = entry;
        i->settled_on = w->entries[entry].day;
    }
}

/* Whether the bank booked payments of the run one by one. */
static bool is_begun(const struct work *w, const struct members *m)
{
    for (size_t k = 0; k < m->n; k++)
        if (w->items[m->item[k]].open != w->items[m->item[k]].is->amount && !w->items[m->item[k]].by_run)
            return true;
    return false;
}

/* A short name, "6183", may stand in a text by accident: around the run's day, with nobody named and nothing telling beside it, it is meant. */
static bool is_meant(const struct work *w, const struct entry_state *x, const struct item_state *run, const struct link *name)
{
    if (match_is_telling(w, name))
        return true;
    for (size_t k = 0; k < x->says->links_n; k++)
        if (w->items[x->says->links[k].item].is->kind != MATCH_RUN && x->says->links[k].kind != KEY_RUN && match_is_telling(w, &x->says->links[k]))
            return false;
    return !x->says->name.n && !x->says->account && match_days_apart(run->is->due, x->day) <= NAME_DAYS;
}

static bool settle_run(struct work *w, uint32_t entry, uint32_t run, const struct link *l)
{
    struct entry_state *x = &w->entries[entry];
    struct item_state *i = &w->items[run];
    struct match_result *r = x->result;
    if (!is_meant(w, x, i, l))
        return false;
    match_explain_link(w, r, l);
    match_ask(r, i->open);
    struct members members = members_of(w, run);
    if (i->open == x->is->amount && is_begun(w, &members))
        return match_decided(r, MATCH_PROPOSE, 10, "Payments of this run are settled already, one by one.");
    if (i->open == x->is->amount) {
        match_settle(w, entry, run, i->open);
        settle_members(w, &members, entry);
        return match_decided(r, MATCH_POST, 1, "The whole run as one entry.");
    }
    if (i->open == 0) {
        match_point_at(w, r, i);
        return match_decided(r, MATCH_PROPOSE, 10, "This run is settled already.");
    }
    return match_decided(r, MATCH_PROPOSE, 1, "The run is named, but its total differs.");
}

static bool settle_payments_of_run(struct work *w, uint32_t entry, const struct match_slot *s, const struct link *l)
{
    struct entry_state *x = &w->entries[entry];
    __int128 sum = 0;
    for (const struct match_posting *p = match_first(s); p != match_end(s); p++)
        if (p->kind == KEY_RUN && match_same_side(w->items[p->item].is->amount, x->is->amount))
            sum += w->items[p->item].open;
    if (sum != x->is->amount)
        return false;
    match_explain_link(w, x->result, l);
    match_ask(x->result, x->is->amount);
    for (const struct match_posting *p = match_first(s); p != match_end(s); p++)
        if (p->kind == KEY_RUN && w->items[p->item].open != 0 && match_same_side(w->items[p->item].is->amount, x->is->amount))
            match_settle(w, entry, p->item, w->items[p->item].open);
    return match_decided(x->result, MATCH_POST, 1, "Every payment of the run.");
}

/* Nothing but a bank's words for a file of payments and short numbers, nobody named, no reference. */
static bool says_only_bulk(const struct work *w, const struct entry_state *x)
{
    static const char *const core[] = {"BACS", "BULK", "BATCH"};
    static const char *const more[] = {"DIRECT", "CREDIT", "CREDITS", "PAYMENT", "PAYMENTS", "FILE", "FASTER", "SUPPLIER", "SUPPLIERS", "ITEMS", "TOTAL"};
    bool is_bulk = false;
    if (x->says->links_n || x->says->name.n || x->says->account || x->is->end_to_end_id || x->is->instruction_id || x->is->batch)
        return false;
    for (size_t i = 0; i < x->says->words_n; i++) {
        const char *word = x->says->words[i];
        bool known = strspn(word, "0123456789") == strlen(word) && strlen(word) <= NUMBER_MOST;
        for (size_t k = 0; k < sizeof core / sizeof *core; k++)
            if (strcmp(word, match_fold(w->once, core[k])) == 0)
                known = is_bulk = true;
        for (size_t k = 0; !known && k < sizeof more / sizeof *more; k++)
            known = strcmp(word, match_fold(w->once, more[k])) == 0;
        if (!known)
            return false;
    }
    return is_bulk;
}

/* The only open item of this amount, when it is a run that was due within the last days. */
static bool rule_total(struct work *w, uint32_t entry)
{
    struct entry_state *x = &w->entries[entry];
    int64_t amount = x->is->amount;
    uint32_t only = NOBODY;
    if (match_size(amount) < BULK_LEAST || !says_only_bulk(w, x))
        return false;
    for (size_t i = match_by_amount(w, amount, INT32_MIN); i < w->items_n && w->items[w->by_amount[i]].is->amount == amount; i++) {
        if (w->items[w->by_amount[i]].open == 0)
            continue;
        if (only != NOBODY)
            return false;
        only = w->by_amount[i];
    }
    if (only == NOBODY || w->items[only].is->kind != MATCH_RUN || w->items[only].open != amount)
        return false;
    int32_t due = w->items[only].is->due;
    if (match_days_apart(due, x->day) == MATCH_FAR || due > x->day || match_working_days(due, x->day) > BULK_DAYS)
        return false;
    const char *run = w->items[only].is->run ? w->items[only].is->run : w->items[only].is->reference ? w->items[only].is->reference : w->items[only].is->id;
    struct members members = members_of(w, only);
    if (is_begun(w, &members))
        return false;
    match_explain(w, x->result, "amount", run, NULL, "the only open item of this amount");
    match_ask(x->result, amount);
    match_settle(w, entry, only, amount);
    settle_members(w, &members, entry);
    return match_decided(x->result, MATCH_POST, 1, "A bulk payment of the total of this run alone, on its day.");
}

bool match_rule_run(struct work *w, uint32_t entry, bool *ret_posted)
{
    struct entry_state *x = &w->entries[entry];
    for (size_t k = 0; k < x->says->links_n; k++) {
        const struct link *l = &x->says->links[k];
        if (l->kind != KEY_RUN || l->sure != LINK_EXACT)
            continue;
        const struct match_slot *s = match_index_find(&w->keys, l->key);
        uint32_t run = NOBODY;
        for (const struct match_posting *p = match_first(s); p != match_end(s) && run == NOBODY; p++)
            if (w->items[p->item].is->kind == MATCH_RUN && match_same_side(w->items[p->item].is->amount, x->is->amount))
                run = p->item;
        if (run != NOBODY) {
            *ret_posted = settle_run(w, entry, run, l);
            if (*ret_posted || x->result->rule)
                return true;
            continue;
        }
        if (settle_payments_of_run(w, entry, s, l)) {
            *ret_posted = true;
            return true;
        }
    }
    *ret_posted = rule_total(w, entry);
    return *ret_posted;
}

void match_reopen_run(struct work *w, uint32_t run)
{
    struct members m = members_of(w, run);
    for (size_t k = 0; k < m.n; k++)
        if (w->items[m.item[k]].by_run) {
            w->items[m.item[k]].by_run = false;
            w->items[m.item[k]].open = w->items[m.item[k]].is->amount;
        }
}
