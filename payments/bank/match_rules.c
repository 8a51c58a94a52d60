/* The rules that may post, but for runs: R2 our reference, R3 end-to-end ids, R4 documents, R5 returns; and R10, which keeps them from posting twice. */
#include <string.h>

#include "payments/bank/match_work.h"

enum { SET_MAX = 64, SERIES_DAYS = 15, RETURN_DAYS = 10, DOCUMENT_MIN = 6, CUT_MIN = 10 };

/* Items that an entry names in one way, with the weakest link among them. */
struct set {
    uint32_t item[SET_MAX];
    const struct link *link[SET_MAX];
    size_t n;
};

static void set_add(struct set *s, uint32_t item, const struct link *l)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->item[i] == item) {
            if (l->sure > s->link[i]->sure)
                s->link[i] = l;
            return;
        }
    if (s->n < SET_MAX) {
        s->item[s->n] = item;
        s->link[s->n++] = l;
    }
}

static struct item_state *item_of(const struct work *w, const struct set *s, size_t i)
{
    return &w->items[s->item[i]];
}

/* The items of the entry's side (or of the other) that links of these kinds lead to, at least this sure. */
static struct set linked(const struct work *w, const struct entry_state *x, unsigned kinds, enum match_sure least, bool same_side)
{
    struct set s = {.n = 0};
    for (size_t i = 0; i < x->says->links_n; i++) {
        const struct link *l = &x->says->links[i];
        if ((l->kind & kinds) && l->sure >= least && match_same_side(w->items[l->item].is->amount, x->is->amount) == same_side)
            set_add(&s, l->item, l);
    }
    return s;
}

static int rule_of(const struct link *l)
{
    return l->kind & KEY_REFERENCE ? 2 : l->kind & KEY_END_TO_END ? 3 : 4;
}

/* ---- R2, R3, R4 ---- */

static bool one_party(const struct work *w, const struct set *s)
{
    for (size_t i = 1; i < s->n; i++)
        if (!match_shares_party(item_of(w, s, 0), item_of(w, s, i)))
            return false;
    return true;
}

/* Only what the entry's own name or account confirms. */
static struct set of_the_payer(const struct work *w, const struct entry_state *x, const struct set *s)
{
    struct set out = {.n = 0};
    for (size_t i = 0; i < s->n; i++)
        if (match_party(w, x, item_of(w, s, i)) >= PARTY_LIKELY)
            set_add(&out, s->item[i], s->link[i]);
    return out;
}

static struct set still_open(const struct work *w, const struct set *s)
{
    struct set out = {.n = 0};
    for (size_t i = 0; i < s->n; i++)
        if (item_of(w, s, i)->open != 0)
            set_add(&out, s->item[i], s->link[i]);
    return out;
}

static __int128 sum_of(const struct work *w, const struct set *s)
{
    __int128 sum = 0;
    for (size_t i = 0; i < s->n; i++)
        sum += item_of(w, s, i)->open;
    return sum;
}

/* An exact amount posts on a telling key unless the payer is someone else we know; a short, glued or cut key needs the payer's word. */
static bool exact_may_post(const struct work *w, const struct entry_state *x, uint32_t item, const struct link *l)
{
    int party = match_party(w, x, &w->items[item]);
    if (w->items[item].contested)
        return false;
    if (l->sure == LINK_PREFIX)
        return party >= PARTY_LIKELY && strlen(l->key) >= CUT_MIN;
    if (l->sure == LINK_GLUED || !match_is_telling(w, l))
        return party >= PARTY_LIKELY;
    return party != PARTY_OTHER && (party >= PARTY_LIKELY || !match_means_neighbour(w, x, &w->items[item]));
}

/* Nothing in the text but the reference. */
static bool says_only(const struct entry_state *x, const char *key)
{
    size_t n = 0;
    for (size_t i = 0; i < x->says->words_n; i++)
        n += strlen(x->says->words[i]);
    return n <= strlen(key) + 2;
}

/* Another amount posts in part when the payer is the one expected; on our own reference also when nothing at all is said about the payer. */
static bool part_may_post(const struct work *w, const struct entry_state *x, uint32_t item, const struct link *l)
{
    int party = match_party(w, x, &w->items[item]);
    if (l->sure != LINK_EXACT || !match_is_telling(w, l))
        return false;
    bool ours = w->items[item].own_reference && (l->kind & KEY_REFERENCE);
    return party >= PARTY_LIKELY || (ours && party == PARTY_UNKNOWN && says_only(x, l->key));
}

static int distance(const struct item_state *i, int32_t day)
{
    return match_days_apart(i->is->due, day);
}

static bool settled_lately(const struct work *w, const struct set *s, const struct entry_state *x, size_t *ret_at)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct item_state *it = item_of(w, s, i);
        if (it->open == 0 && it->settled_by != NOBODY && it->is->amount == x->is->amount && match_days_apart(x->day, it->settled_on) <= RETURN_DAYS) {
            *ret_at = i;
            return true;
        }
    }
    return false;
}

static bool repeats(struct work *w, uint32_t entry, const struct set *s, size_t at)
{
    struct match_result *r = w->entries[entry].result;
    const struct item_state *i = item_of(w, s, at);
    match_explain_link(w, r, s->link[at]);
    match_ask(r, 0);
    match_point_at(w, r, i);
    return match_decided(r, MATCH_PROPOSE, 10, "Already settled: probably a second payment of the same.");
}

static bool post_or_propose(struct work *w, uint32_t entry, uint32_t item, const struct link *l, int64_t amount, bool may_post)
{
    struct match_result *r = w->entries[entry].result;
    match_explain_link(w, r, l);
    match_ask(r, w->items[item].open);
    bool part = w->items[item].open != w->entries[entry].is->amount;
    /* An earlier entry that may have settled it waits for a person: a later one must not post past it. */
    w->items[item].contested = w->items[item].contested || (!may_post && !part && l->sure == LINK_EXACT);
    if (may_post)
        match_settle(w, entry, item, amount);
    else if (match_party(w, &w->entries[entry], &w->items[item]) == PARTY_OTHER)
        return match_decided(r, MATCH_NONE, rule_of(l), "The reference is one party's and the payer another.");
    else
        match_allocate(w, r, item, amount);
    const char *why = may_post ? (part ? "Reference certain, amount differs: the rest stays in suspense." : "Reference and amount.")
                               : "The reference alone is not certain enough: the payer or the amount speaks against it.";
    return match_decided(r, may_post ? MATCH_POST : MATCH_PROPOSE, rule_of(l), why);
}

/*
 * A series under one reference: the payment belongs to the one due nearest to it, when that one is plainly nearest: any other, settled ones too, is at
 * least twice as far.
 */
static bool post_series(struct work *w, uint32_t entry, const struct set *all, const struct set *exact)
{
    struct entry_state *x = &w->entries[entry];
    size_t best = 0, at;
    int second = MATCH_FAR;
    for (size_t i = 1; i < exact->n; i++)
        if (distance(item_of(w, exact, i), x->day) < distance(item_of(w, exact, best), x->day))
            best = i;
    for (size_t i = 0; i < all->n; i++)
        if (all->item[i] != exact->item[best] && distance(item_of(w, all, i), x->day) < second)
            second = distance(item_of(w, all, i), x->day);
    int nearest = distance(item_of(w, exact, best), x->day);
    bool plain = nearest <= SERIES_DAYS && 2 * nearest <= second;
    if (!plain && settled_lately(w, all, x, &at))
        return repeats(w, entry, all, at);
    bool may = plain && one_party(w, exact) && exact_may_post(w, x, exact->item[best], exact->link[best]);
    return post_or_propose(w, entry, exact->item[best], exact->link[best], x->is->amount, may);
}

/* Everything named, when together it is exactly what was paid. */
static bool post_all(struct work *w, uint32_t entry, const struct set *open, int rule)
{
    struct entry_state *x = &w->entries[entry];
    bool may = true;
    for (size_t i = 0; i < open->n; i++)
        may = may && exact_may_post(w, x, open->item[i], open->link[i]);
    match_ask(x->result, x->is->amount);
    for (size_t i = 0; i < open->n; i++) {
        match_explain_link(w, x->result, open->link[i]);
        if (may)
            match_settle(w, entry, open->item[i], item_of(w, open, i)->open);
        else
            match_allocate(w, x->result, open->item[i], item_of(w, open, i)->open);
    }
    return match_decided(x->result, may ? MATCH_POST : MATCH_PROPOSE, rule, "The listed items add up to the amount.");
}

static bool propose_oldest_first(struct work *w, uint32_t entry, const struct set *open, int rule)
{
    struct entry_state *x = &w->entries[entry];
    int64_t rest = x->is->amount;
    for (size_t i = 0; i < open->n && rest != 0; i++) {
        int64_t due = item_of(w, open, i)->open, part = match_size(due) < match_size(rest) ? due : rest;
        match_allocate(w, x->result, open->item[i], part);
        rest -= part;
        if (i < MATCH_EVIDENCE)
            match_explain_link(w, x->result, open->link[i]);
    }
    return match_decided(x->result, MATCH_PROPOSE, rule, "Several items are named, but they do not add up: oldest first.");
}

static bool is_one_key(const struct set *s)
{
    for (size_t i = 1; i < s->n; i++)
        if (strcmp(s->link[0]->key, s->link[i]->key) != 0)
            return false;
    return true;
}

/* One reference, one or several items under it. */
static bool rule_reference(struct work *w, uint32_t entry, struct set named)
{
    struct entry_state *x = &w->entries[entry];
    if (!one_party(w, &named)) {
        struct set payer = of_the_payer(w, x, &named);
        if (payer.n && one_party(w, &payer))
            named = payer;
    }
    struct set open = still_open(w, &named), exact = {.n = 0};
    if (!open.n)
        return repeats(w, entry, &named, 0);
    for (size_t i = 0; i < open.n; i++)
        if (item_of(w, &open, i)->open == x->is->amount)
            set_add(&exact, open.item[i], open.link[i]);
    if (exact.n > 1 || (exact.n == 1 && named.n > 1))
        return post_series(w, entry, &named, &exact);
    if (exact.n == 1)
        return post_or_propose(w, entry, exact.item[0], exact.link[0], x->is->amount, exact_may_post(w, x, exact.item[0], exact.link[0]));
    if (open.n > 1)
        return sum_of(w, &open) == x->is->amount && one_party(w, &open) ? post_all(w, entry, &open, 2) : propose_oldest_first(w, entry, &open, 2);
    size_t at;
    if (settled_lately(w, &named, x, &at))
        return repeats(w, entry, &named, at);
    int64_t due = item_of(w, &open, 0)->open, part = match_size(due) < match_size(x->is->amount) ? due : x->is->amount;
    return post_or_propose(w, entry, open.item[0], open.link[0], part, part_may_post(w, x, open.item[0], open.link[0]));
}

/* The one item among several named that the payer's own name or the length of its reference singles out, when it asks for just this amount. */
static bool single_out(const struct work *w, const struct entry_state *x, const struct set *open, size_t *ret_at)
{
    struct set payer = of_the_payer(w, x, open), telling = {.n = 0};
    for (size_t i = 0; i < open->n; i++)
        if (match_is_telling(w, open->link[i]))
            set_add(&telling, open->item[i], open->link[i]);
    const struct set *one = payer.n == 1 ? &payer : telling.n == 1 ? &telling : NULL;
    if (!one || item_of(w, one, 0)->open != x->is->amount || !match_is_telling(w, one->link[0]))
        return false;
    for (*ret_at = 0; open->item[*ret_at] != one->item[0];)
        ++*ret_at;
    return true;
}

/* Several references in one text: together they are the amount, or one of them plainly is, or nothing is certain. */
static bool rule_references(struct work *w, uint32_t entry, const struct set *named)
{
    struct entry_state *x = &w->entries[entry];
    struct set open = still_open(w, named);
    if (!open.n)
        return repeats(w, entry, named, 0);
    if (sum_of(w, &open) == x->is->amount && open.n == named->n)
        return post_all(w, entry, &open, open.n > 1 ? 4 : rule_of(open.link[0]));
    size_t at;
    if (open.n == named->n && single_out(w, x, &open, &at) && exact_may_post(w, x, open.item[at], open.link[at]))
        return post_or_propose(w, entry, open.item[at], open.link[at], x->is->amount, true);
    return propose_oldest_first(w, entry, &open, 4);
}

static bool rule_documents(struct work *w, uint32_t entry, struct set named)
{
    struct entry_state *x = &w->entries[entry];
    if (!one_party(w, &named)) {
        named = of_the_payer(w, x, &named);
        if (!named.n || !one_party(w, &named))
            return match_decided(x->result, MATCH_NONE, 4, "Documents of several parties are named.");
    }
    struct set open = still_open(w, &named);
    if (!open.n)
        return repeats(w, entry, &named, 0);
    if (sum_of(w, &open) != x->is->amount)
        return propose_oldest_first(w, entry, &open, 4);
    bool may = true;
    for (size_t i = 0; i < open.n; i++) {
        int party = match_party(w, x, item_of(w, &open, i));
        bool telling = match_is_telling(w, open.link[i]) || (open.n > 1 && strlen(open.link[i]->key) >= DOCUMENT_MIN);
        may = may && party != PARTY_OTHER && (party >= PARTY_LIKELY || telling);
    }
    match_ask(x->result, x->is->amount);
    for (size_t i = 0; i < open.n; i++) {
        match_explain_link(w, x->result, open.link[i]);
        if (may)
            match_settle(w, entry, open.item[i], item_of(w, &open, i)->open);
        else
            match_allocate(w, x->result, open.item[i], item_of(w, &open, i)->open);
    }
    return match_decided(x->result, may ? MATCH_POST : MATCH_PROPOSE, 4, "The listed documents add up to the amount.");
}

/* ---- R5 ---- */

static bool may_return(const struct work *w, const struct entry_state *x, const struct item_state *i, bool said)
{
    int64_t settled = i->is->amount - i->open;
    if (settled == -x->is->amount && i->settled_by != NOBODY)
        return x->day >= i->settled_on && (said || match_working_days(i->settled_on, x->day) <= RETURN_DAYS);
    /* Nobody says when it was settled: only a marked return is certain. */
    return said && i->settled_by == NOBODY && !i->came_back && i->open == i->is->amount && i->is->amount == -x->is->amount && match_party(w, x, i) != PARTY_OTHER;
}

static bool post_return(struct work *w, uint32_t entry, uint32_t item, const struct link *l)
{
    struct entry_state *x = &w->entries[entry];
    struct item_state *i = &w->items[item];
    struct match_result *r = x->result;
    bool is_known = i->settled_by != NOBODY;
    match_explain_link(w, r, l);
    if (x->is->return_reason)
        match_explain(w, r, "return_reason", NULL, x->is->return_reason, "as it stands");
    match_ask(r, x->is->amount);
    match_point_at(w, r, i);
    match_allocate(w, r, item, x->is->amount);
    i->came_back = true;
    if (is_known) {
        i->open = i->is->amount;
        i->settled_by = NOBODY;
        i->by_run = false;
        if (i->is->kind == MATCH_RUN)
            match_reopen_run(w, item);
    }
    return match_decided(r, MATCH_POST, 5, "A payment came back: it is unsettled.");
}

/* A refund expected under the reference of what it refunds is that refund, unless the bank says that a payment came back. */
static bool is_expected_refund(const struct work *w, const struct entry_state *x)
{
    struct set same = linked(w, x, KEY_REFERENCE | KEY_END_TO_END, LINK_EXACT, true);
    for (size_t i = 0; i < same.n; i++)
        if (item_of(w, &same, i)->is->kind == MATCH_REFUND && item_of(w, &same, i)->open == x->is->amount)
            return true;
    return false;
}

/* True when R5 has said something. */
static bool rule_return(struct work *w, uint32_t entry, bool *ret_posted)
{
    struct entry_state *x = &w->entries[entry];
    struct set named = linked(w, x, KEY_REFERENCE | KEY_END_TO_END | KEY_DOCUMENT, LINK_EXACT, false);
    struct set fits = {.n = 0};
    bool said = x->marked_return || (named.n && match_text_says_return(w, x));
    for (size_t i = 0; i < named.n; i++)
        if (may_return(w, x, item_of(w, &named, i), said) && (said || match_is_telling(w, named.link[i])))
            set_add(&fits, named.item[i], named.link[i]);
    *ret_posted = false;
    if (!said && is_expected_refund(w, x))
        return false;
    if (fits.n >= 1 && one_party(w, &fits)) {
        size_t last = 0; /* of a series, what was paid last */
        for (size_t i = 1; i < fits.n; i++)
            if (item_of(w, &fits, i)->settled_on > item_of(w, &fits, last)->settled_on)
                last = i;
        *ret_posted = post_return(w, entry, fits.item[last], fits.link[last]);
        return true;
    }
    if (named.n && said) {
        match_explain_link(w, x->result, named.link[0]);
        match_allocate(w, x->result, named.item[0], x->is->amount);
        match_decided(x->result, MATCH_PROPOSE, 5, "Looks like a return, but not of an amount that was settled.");
        return true;
    }
    return false;
}

/* The bank took a return back: what was unsettled is settled again. */
static bool rule_second_reversal(struct work *w, uint32_t entry, bool *ret_posted)
{
    struct entry_state *x = &w->entries[entry];
    struct set named = linked(w, x, KEY_REFERENCE | KEY_END_TO_END | KEY_DOCUMENT, LINK_EXACT, true);
    if (named.n != 1 || item_of(w, &named, 0)->open != x->is->amount)
        return false;
    *ret_posted = post_or_propose(w, entry, named.item[0], named.link[0], x->is->amount, exact_may_post(w, x, named.item[0], named.link[0]));
    x->result->rule = 5;
    return true;
}

/* ---- all of them ---- */

/* What is named and is not a run: those are R1's. */
static struct set named_items(const struct work *w, const struct entry_state *x, unsigned kinds, enum match_sure least)
{
    struct set all = linked(w, x, kinds, least, true), out = {.n = 0};
    for (size_t i = 0; i < all.n; i++)
        if (item_of(w, &all, i)->is->kind != MATCH_RUN)
            set_add(&out, all.item[i], all.link[i]);
    return out;
}

/* By references, then by documents, then by what the bank cut. */
static bool decide_named(struct work *w, uint32_t entry)
{
    struct entry_state *x = &w->entries[entry];
    struct set named = named_items(w, x, KEY_REFERENCE | KEY_END_TO_END, LINK_EXACT);
    if (named.n)
        return named.n == 1 || is_one_key(&named) ? rule_reference(w, entry, named) : rule_references(w, entry, &named);
    named = named_items(w, x, KEY_DOCUMENT, LINK_EXACT);
    if (named.n)
        return rule_documents(w, entry, named);
    named = named_items(w, x, KEY_REFERENCE | KEY_END_TO_END, LINK_PREFIX);
    return named.n && is_one_key(&named) && rule_reference(w, entry, named);
}

static bool decide_whole(struct work *w, uint32_t entry)
{
    struct entry_state *x = &w->entries[entry];
    bool posted = false;
    if (rule_return(w, entry, &posted))
        return posted;
    if (x->marked_return) {
        if (!rule_second_reversal(w, entry, &posted))
            match_decided(x->result, MATCH_NONE, 5, "A return without the reference of what it returns.");
        return posted;
    }
    if (!match_rule_run(w, entry, &posted))
        return decide_named(w, entry);
    if (posted)
        return true;
    struct match_result of_run = *x->result; /* a run is named, but it is not this; a payment of it may be */
    *x->result = (struct match_result){.class = MATCH_NONE};
    posted = decide_named(w, entry);
    if (x->result->class == MATCH_NONE)
        *x->result = of_run;
    return posted;
}

/* Each transaction of a batch entry by itself; certain ones post, the rest of the money stays in suspense. */
static bool decide_parts(struct work *w, uint32_t entry)
{
    struct entry_state *x = &w->entries[entry], whole = *x;
    bool any = false;
    int rule = 0;
    struct match_result sum = {.class = MATCH_NONE};
    for (size_t i = 0; i < whole.is->details_n; i++) {
        struct match_result part = {.class = MATCH_NONE};
        struct arena_mark before = arena_mark(w->once);
        struct entry_state piece = {.is = &whole.is->details[i], .given = whole.given, .day = whole.day, .result = &part};
        piece.marked_return = whole.marked_return || piece.is->return_reason != NULL;
        match_read(w, &piece);
        *x = piece;
        if (piece.is->amount_known && decide_whole(w, entry)) {
            any = true;
            rule = rule ? rule : part.rule;
            for (size_t k = 0; k < part.allocations_n; k++)
                match_append(w, &sum, part.allocations[k]);
            for (size_t k = 0; k < part.evidence_n; k++)
                match_explain(w, &sum, part.evidence[k].field, part.evidence[k].ours, part.evidence[k].theirs, part.evidence[k].normalisation);
        }
        *x = whole;
        arena_rewind(w->once, before);
    }
    if (!any)
        return false;
    match_ask(&sum, whole.is->amount);
    *whole.result = sum;
    return match_decided(whole.result, MATCH_POST, rule, "Transactions of a batch, each by itself.");
}

bool match_decide(struct work *w, uint32_t entry)
{
    struct entry_state *x = &w->entries[entry];
    *x->result = (struct match_result){.class = MATCH_NONE};
    bool posted = false;
    if (x->is->details_n < 2)
        return decide_whole(w, entry);
    if (match_rule_run(w, entry, &posted) && posted)
        return true;
    *x->result = (struct match_result){.class = MATCH_NONE};
    if (decide_parts(w, entry))
        return true;
    *x->result = (struct match_result){.class = MATCH_NONE};
    return decide_whole(w, entry);
}
