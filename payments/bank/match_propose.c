/* What may only be proposed: R6 account, R7 name, R8 sums, R9 series, R10 second payments, slips in references; and the best three explanations. */
#include <stdlib.h>
#include <string.h>

#include "payments/bank/match_work.h"

enum {
    LIST_MAX = 400, WORD_MAX = 200, OWED_MAX = 60, AROUND = 24, KEEP = 8,
    ACCOUNT_DAYS = 45, NAME_DAYS = 31, SERIES_DAYS = 5, AGAIN_DAYS = 10,
    SUM_ITEMS = 40, SUM_DEPTH = 8, SUM_STEPS = 20000,
};

/* One possible explanation of an entry. */
struct guess {
    uint32_t entry, item;
    int32_t days;
    uint8_t score, rule, link_rule;
    bool exact : 1, by_account : 1, by_name : 1, in_text : 1, by_slip : 1, from_slip : 1, other_side : 1, payer_is_other : 1;
};

struct guesses {
    struct guess at[LIST_MAX];
    size_t n;
};

struct proposer {
    struct work *w;
    uint32_t *payer; /* by entry: an item of the party that most likely pays, or NOBODY */
    uint32_t *seen; /* by item: the entry that listed it last, plus one */
    uint32_t found[WORD_MAX];
    struct guess *pairs;
    size_t pairs_n, pairs_cap;
};

static int days_between(const struct entry_state *x, const struct item_state *i)
{
    return match_days_apart(x->day, i->is->due);
}

static void list(struct proposer *p, struct guesses *g, uint32_t entry, uint32_t item, bool from_slip)
{
    if (g->n < LIST_MAX && p->seen[item] != entry + 1) {
        p->seen[item] = entry + 1;
        g->at[g->n++] = (struct guess){.entry = entry, .item = item, .from_slip = from_slip};
    }
}

static void list_slot(struct proposer *p, struct guesses *g, uint32_t entry, const struct match_slot *s, size_t max)
{
    if (!s || s->count > max)
        return;
    for (const struct match_posting *at = match_first(s); at != match_end(s); at++)
        list(p, g, entry, at->item, false);
}

/* References with one slip: they meet where both lack a character. */
static void list_slip(struct proposer *p, struct guesses *g, uint32_t entry, const char *slip)
{
    size_t n = match_slips(p->w, slip, p->found, WORD_MAX);
    for (size_t i = 0; i < n; i++)
        list(p, g, entry, p->found[i], true);
}

static void list_slips(struct proposer *p, struct guesses *g, uint32_t entry, const char *token)
{
    char gap[40];
    size_t n = strlen(token);
    if (n < 6 || n >= sizeof gap)
        return;
    list_slip(p, g, entry, token);
    for (size_t i = 0; i < n; i++) {
        if (i && token[i] == token[i - 1])
            continue; /* of equal neighbours it does not matter which */
        memcpy(gap, token, i);
        memcpy(gap + i, token + i + 1, n - i);
        list_slip(p, g, entry, gap);
    }
}

static void list_owed(struct proposer *p, struct guesses *g, uint32_t entry, int64_t amount, const char *word)
{
    size_t n = 0;
    struct match_owed owed = match_owed(p->w, amount, word);
    for (uint32_t item; match_owed_next(p->w, &owed, &item);) {
        if (n == OWED_MAX)
            return;
        p->found[n++] = item;
    }
    for (size_t i = 0; i < n; i++)
        list(p, g, entry, p->found[i], false);
}

/* Items of this very amount, due around the day. */
static void list_amount(struct proposer *p, struct guesses *g, uint32_t entry, int64_t amount)
{
    const struct work *w = p->w;
    const size_t n = w->items_n, low = match_by_amount(w, amount, w->entries[entry].day);
    for (size_t i = low; i < n && i < low + AROUND && w->items[w->by_amount[i]].is->amount == amount; i++)
        list(p, g, entry, w->by_amount[i], false);
    for (size_t i = low; i-- > 0 && i + AROUND >= low && w->items[w->by_amount[i]].is->amount == amount;)
        list(p, g, entry, w->by_amount[i], false);
}

static void list_all(struct proposer *p, struct guesses *g, uint32_t entry)
{
    const struct work *w = p->w;
    const struct entry_state *x = &w->entries[entry];
    int64_t money = x->marked_return ? -x->is->amount : x->is->amount;
    for (size_t i = 0; i < x->says->links_n; i++)
        list(p, g, entry, x->says->links[i].item, false);
    for (size_t i = 0; i < x->says->tokens_n; i++)
        list_slips(p, g, entry, x->says->tokens[i]);
    list_slot(p, g, entry, match_index_find(&w->accounts, x->says->account), LIST_MAX);
    list_slot(p, g, entry, x->says->name.n ? match_index_find(&w->names, x->says->name.key) : NULL, LIST_MAX);
    list_amount(p, g, entry, money);
    for (size_t i = 0; i < x->says->name.n; i++) {
        const char *word = match_fold(w->once, x->says->name.word[i]);
        list_owed(p, g, entry, money, word);
        list_slot(p, g, entry, match_index_find(&w->words, word), WORD_MAX);
    }
    for (size_t i = 0; i < x->says->named_n; i++)
        list_slot(p, g, entry, x->says->named[i], LIST_MAX);
    for (size_t i = 0; i < x->says->words_n; i++)
        list_slot(p, g, entry, match_index_find(&w->words, x->says->words[i]), WORD_MAX);
}

/* ---- how good a guess is ---- */

/* Two slips are looked for only where money and party agree: it is the dear part. */
static int reference_score(const struct entry_state *x, const struct item_state *i, struct guess *g)
{
    static const int sure[] = {30, 33, 40};
    int best = 0;
    for (size_t k = 0; k < x->says->links_n; k++)
        if (x->says->links[k].item == g->item && sure[x->says->links[k].sure] > best) {
            best = sure[x->says->links[k].sure];
            g->link_rule = x->says->links[k].kind & KEY_REFERENCE ? 2 : x->says->links[k].kind & KEY_END_TO_END ? 3 : x->says->links[k].kind & KEY_RUN ? 1 : 4;
        }
    bool worth = g->from_slip || (g->exact && (g->by_account || g->by_name));
    for (size_t k = 0; worth && !best && k < x->says->tokens_n && i->reference[0]; k++) {
        unsigned edits = match_edits(x->says->tokens[k], i->reference, 2);
        if (edits <= 2) {
            g->by_slip = true;
            best = edits < 2 ? 30 : 24;
        }
    }
    return best;
}

static int party_score(const struct entry_state *x, const struct item_state *i, struct guess *g)
{
    enum match_likeness like = match_names(&x->says->name, i->name);
    bool account = match_same_account(x->says->account, i->account);
    g->by_account = account;
    g->in_text = like < NAME_ALIKE && !account && match_text_names(x, i);
    g->by_name = like >= NAME_ALIKE || g->in_text;
    int name = like == NAME_SAME ? 26 : g->by_name ? 20 : like == NAME_SOME ? 8 : 0;
    return (account ? 30 : 0) + (account && name > 6 ? 6 : name);
}

static int day_score(int days)
{
    return days <= 2 ? 14 : days <= 5 ? 12 : days <= 10 ? 9 : days <= 15 ? 7 : days <= 31 ? 4 : days <= 45 ? 2 : 0;
}

/* The rule under which a guess may be proposed; 0 when it is only worth showing. */
static int rule_for(const struct entry_state *x, const struct guess *g)
{
    bool party = g->by_account || g->by_name;
    if (!g->exact || g->payer_is_other)
        return 0;
    if (g->other_side || x->marked_return)
        return g->other_side && x->marked_return && party ? 5 : 0;
    if (g->link_rule)
        return g->link_rule;
    if (g->by_account && g->days <= ACCOUNT_DAYS)
        return 6;
    if (g->by_name && g->days <= NAME_DAYS)
        return 7;
    return g->by_slip ? 2 : 0;
}

static void rate(const struct work *w, struct guess *g)
{
    const struct entry_state *x = &w->entries[g->entry];
    const struct item_state *i = &w->items[g->item];
    int64_t amount = x->is->amount, settled = i->is->amount - i->open;
    g->other_side = !match_same_side(amount, i->is->amount);
    g->days = days_between(x, i);
    g->exact = g->other_side ? settled == -amount : i->open == amount;
    int party = party_score(x, i, g), reference = reference_score(x, i, g);
    g->payer_is_other = reference && match_party(w, x, i) == PARTY_OTHER;
    int money = g->exact ? 34 : !g->other_side && i->open != 0 && match_size(amount) < match_size(i->open) ? 6 : i->open != 0 ? 3 : -20;
    int score = reference + party + money + (reference || party ? day_score(g->days) : day_score(g->days) / 2);
    if (g->other_side && !x->marked_return && !reference)
        score -= 30;
    if (g->payer_is_other)
        score -= 30;
    g->score = (uint8_t)(score < 0 ? 0 : score > 100 ? 100 : score);
    g->rule = (uint8_t)rule_for(x, g);
}

static int by_score(const void *x, const void *y)
{
    const struct guess *a = x, *b = y;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    if (a->days != b->days)
        return a->days < b->days ? -1 : 1;
    if (a->item != b->item)
        return a->item < b->item ? -1 : 1;
    return a->entry < b->entry ? -1 : a->entry > b->entry;
}

/* For people to read beside the item. */
static const char *why(const struct guess *g)
{
    if (g->other_side)
        return g->exact ? "A payment of this amount may have come back." : "A payment of another amount, on the other side of the account.";
    if (g->link_rule)
        return g->exact ? "Its reference and its amount." : "Its reference, but another amount.";
    if (g->by_slip)
        return g->exact ? "Almost its reference, and its amount." : "Almost its reference.";
    if (g->by_account)
        return g->exact ? "The same account and the same amount." : "The same account, but another amount.";
    if (g->by_name)
        return g->exact ? "The same name and the same amount." : "The same name, but another amount.";
    return g->exact ? "The same amount." : "Something of its name or reference.";
}

static void keep_candidates(struct work *w, struct match_result *r, const struct guesses *g)
{
    struct match_candidate best[MATCH_CANDIDATES];
    r->candidates_n = 0;
    for (size_t i = 0; i < g->n && r->candidates_n < MATCH_CANDIDATES; i++)
        if (g->at[i].score > 0)
            best[r->candidates_n++] = (struct match_candidate){w->items[g->at[i].item].given, g->at[i].score, why(&g->at[i])};
    r->candidates = r->candidates_n ? arena_memdup(w->out, best, r->candidates_n * sizeof *best) : NULL;
}

static void keep_pairs(struct proposer *p, const struct guesses *g)
{
    for (size_t i = 0; i < g->n && i < KEEP; i++) {
        if (!g->at[i].rule)
            continue;
        if (p->pairs_n == p->pairs_cap) {
            p->pairs_cap = p->pairs_cap ? 2 * p->pairs_cap : 1024;
            p->pairs = memory_retake(p->pairs, p->pairs_cap * sizeof *p->pairs);
        }
        p->pairs[p->pairs_n++] = g->at[i];
    }
}

/* What was settled a few days ago for the same party and amount, when nothing open explains the entry. */
static bool propose_repeat(struct work *w, uint32_t entry, const struct guesses *g)
{
    struct entry_state *x = &w->entries[entry];
    for (size_t i = 0; i < g->n; i++) {
        const struct item_state *it = &w->items[g->at[i].item];
        bool again = it->open == 0 && it->is->amount == x->is->amount && it->settled_by != NOBODY && (g->at[i].by_account || g->at[i].by_name);
        if (!again || match_days_apart(x->day, it->settled_on) > AGAIN_DAYS)
            continue;
        *x->result = (struct match_result){.class = MATCH_PROPOSE, .rule = 10, .note = "Probably a second payment of the same."};
        match_point_at(w, x->result, it);
        return true;
    }
    return false;
}

/* The party of the best guess that name or account supports. */
static uint32_t likely_payer(const struct guesses *g)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->at[i].by_account || g->at[i].by_name)
            return g->at[i].item;
    return NOBODY;
}

static void look_at(struct proposer *p, uint32_t entry)
{
    struct work *w = p->w;
    struct entry_state *x = &w->entries[entry];
    struct match_result *r = x->result;
    struct arena_mark before = arena_mark(w->once);
    struct guesses g;
    g.n = 0;
    match_read(w, x);
    list_all(p, &g, entry);
    for (size_t i = 0; i < g.n; i++)
        rate(w, &g.at[i]);
    qsort(g.at, g.n, sizeof *g.at, by_score);
    bool open = g.n && g.at[0].rule;
    if (r->class == MATCH_NONE && !open && !x->marked_return)
        propose_repeat(w, entry, &g);
    keep_candidates(w, r, &g);
    p->payer[entry] = likely_payer(&g);
    if (r->class == MATCH_NONE)
        keep_pairs(p, &g);
    x->says = NULL;
    arena_rewind(w->once, before);
}

/* ---- one to one, best first ---- */

/* A series: the same party expects the same amount more than once. */
static bool is_series(const struct work *w, uint32_t item)
{
    const struct item_state *i = &w->items[item];
    const struct match_slot *s = match_index_find(&w->names, i->name->n ? i->name->key : NULL);
    for (const struct match_posting *p = match_first(s); s && s->count < WORD_MAX && p != match_end(s); p++)
        if (p->item != item && w->items[p->item].is->amount == i->is->amount && match_shares_party(&w->items[p->item], i))
            return true;
    return false;
}

static void explain_guess(struct work *w, struct match_result *r, const struct guess *g)
{
    struct entry_state *x = &w->entries[g->entry];
    const struct match_item *i = w->items[g->item].is;
    const char *account = x->is->party_account, *name = g->in_text ? NULL : x->is->name;
    struct arena_mark before = arena_mark(w->once);
    if ((g->by_account && !account) || (g->by_name && !name)) {
        match_read(w, x);
        account = account ? account : match_kept(w, x->says->account);
        name = name ? name : match_kept(w, x->says->said_name);
        x->says = NULL;
    }
    if (g->by_account)
        match_explain(w, r, x->is->party_account ? "counterparty.account" : "remittance", i->party_account, account, "letters and digits, IBAN to sort code and account");
    if (g->by_name)
        match_explain(w, r, x->is->name && !g->in_text ? "counterparty.name" : "remittance", i->party_name, name, "words in any order, without titles");
    if (g->by_slip)
        match_explain(w, r, "remittance", i->reference, NULL, "at most two slips");
    match_ask(r, g->other_side ? x->is->amount : w->items[g->item].open);
    arena_rewind(w->once, before);
}

/* Whether another party's item explains the entry as well as this one. */
static bool is_tied(const struct proposer *p, size_t at)
{
    const struct guess *g = &p->pairs[at];
    const struct work *w = p->w;
    for (size_t i = at + 1; i < p->pairs_n && p->pairs[i].score == g->score; i++) {
        const struct guess *o = &p->pairs[i];
        if (o->entry == g->entry && !w->items[o->item].proposed && !match_shares_party(&w->items[o->item], &w->items[g->item]))
            return true;
    }
    return false;
}

static void propose_pairs(struct proposer *p)
{
    struct work *w = p->w;
    if (p->pairs_n)
        qsort(p->pairs, p->pairs_n, sizeof *p->pairs, by_score);
    for (size_t i = 0; i < p->pairs_n; i++) {
        const struct guess *g = &p->pairs[i];
        struct match_result *r = w->entries[g->entry].result;
        if (r->class != MATCH_NONE || w->items[g->item].proposed)
            continue;
        r->class = MATCH_PROPOSE;
        r->rule = (g->rule == 6 || g->rule == 7) && g->days <= SERIES_DAYS && is_series(w, g->item) ? 9 : g->rule;
        r->note = why(g);
        explain_guess(w, r, g);
        if (is_tied(p, i)) {
            r->note = "Several parties explain it equally well.";
            continue;
        }
        match_allocate(w, r, g->item, w->entries[g->entry].is->amount);
        w->items[g->item].proposed = true;
    }
}

/* ---- R8: several items of one party ---- */

struct sum {
    uint32_t item[SUM_ITEMS];
    int64_t amount[SUM_ITEMS];
    size_t n, steps, found, depth, picked[SUM_DEPTH], solution[SUM_DEPTH], solution_n;
};

/* Depth first with a budget: what is wanted is whether there is exactly one way. */
static void search_sum(struct sum *s, size_t from, int64_t rest)
{
    if (rest == 0 && s->depth >= 2) {
        if (!s->found++) {
            memcpy(s->solution, s->picked, sizeof s->picked);
            s->solution_n = s->depth;
        }
        return;
    }
    if (s->depth == SUM_DEPTH || s->found > 1 || s->steps >= SUM_STEPS)
        return;
    for (size_t i = from; i < s->n && s->found < 2; i++) {
        s->steps++;
        if (s->amount[i] > rest)
            continue;
        s->picked[s->depth++] = i;
        search_sum(s, i + 1, rest - s->amount[i]);
        s->depth--;
    }
}

static void gather_party(const struct work *w, struct sum *s, const struct match_slot *slot, const struct entry_state *x, const struct item_state *payer)
{
    for (const struct match_posting *p = match_first(slot); p != match_end(slot) && s->n < SUM_ITEMS; p++) {
        const struct item_state *i = &w->items[p->item];
        if (i->open == 0 || i->proposed || !match_same_side(i->open, x->is->amount) || !match_shares_party(payer, i))
            continue;
        s->item[s->n] = p->item;
        s->amount[s->n++] = match_size(i->open);
    }
}

static void propose_sum(const struct proposer *p, uint32_t entry)
{
    struct work *w = p->w;
    struct entry_state *x = &w->entries[entry];
    struct sum s = {.n = 0};
    if (p->payer[entry] == NOBODY)
        return;
    const struct item_state *payer = &w->items[p->payer[entry]];
    gather_party(w, &s, match_index_find(&w->names, payer->name->key), x, payer);
    if (!s.n)
        gather_party(w, &s, match_index_find(&w->accounts, payer->account), x, payer);
    search_sum(&s, 0, match_size(x->is->amount));
    if (!s.found || s.n < 2)
        return;
    struct match_result *r = x->result;
    r->class = MATCH_PROPOSE;
    r->rule = 8;
    r->note = s.found == 1 && s.steps < SUM_STEPS ? "The only items of this party that add up." : "Items of this party that add up, oldest first. There are other ways.";
    match_ask(r, x->is->amount);
    r->candidates_n = s.solution_n < MATCH_CANDIDATES ? (uint8_t)s.solution_n : MATCH_CANDIDATES;
    r->candidates = arena_array(w->out, r->candidates_n, sizeof *r->candidates);
    for (size_t i = 0; i < s.solution_n; i++) {
        uint32_t item = s.item[s.solution[i]];
        match_allocate(w, r, item, w->items[item].open);
        w->items[item].proposed = true;
        if (i < r->candidates_n)
            r->candidates[i] = (struct match_candidate){w->items[item].given, 60, "One of several that add up to this amount."};
    }
}

void match_propose(struct work *w)
{
    struct proposer p = {.w = w, .seen = arena_array(w->a, w->items_n + 1, sizeof *p.seen),
                         .payer = arena_array(w->a, w->entries_n + 1, sizeof *p.payer)};
    for (uint32_t i = 0; i < w->entries_n; i++)
        if (!w->entries[i].decided)
            look_at(&p, i);
    propose_pairs(&p);
    for (uint32_t i = 0; i < w->entries_n; i++)
        if (!w->entries[i].decided && w->entries[i].result->class == MATCH_NONE && !w->entries[i].marked_return)
            propose_sum(&p, i);
    free(p.pairs);
}
