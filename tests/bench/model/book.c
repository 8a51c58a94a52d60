#include "tests/bench/model/book.h"

#include <stdio.h>
#include <string.h>

enum { PRICE_PUBLIC = 2000, PRICE_AGREED = 1800, NOTICE_DAYS = 2 };

static struct answer says(const char *outcome)
{
    return (struct answer){outcome, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT};
}

int64_t book_free(const struct book *b, int purse)
{
    const struct purse *p = &b->purses[purse];
    return p->allocated - p->held - p->spent;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* ---- what the council gives and takes ---- */

struct answer book_allocate(struct book *b, int purse, int64_t amount)
{
    b->purses[purse].allocated += amount;
    struct answer a = says("allocated");
    a.total = amount;
    return a;
}

struct answer book_take_back(struct book *b, int purse, int64_t amount)
{
    int64_t free = book_free(b, purse);
    struct answer a = says(amount <= free ? "taken_back" : "short");
    if (amount <= free) {
        b->purses[purse].allocated -= amount;
        a.amount = amount;
    } else {
        a.free = free;
        a.short_by = amount - free;
    }
    return a;
}

struct answer book_freeze(struct book *b, bool freeze)
{
    b->is_frozen = freeze;
    return says(freeze ? "frozen" : "active");
}

/* ---- asking ---- */

/* Shares the visits out over the purses at a price; returns how many are paid in full. *ret_council: whether the council pays anything. */
static int share(const struct book *b, struct order *o, int64_t price, bool *ret_council)
{
    int64_t left[PURSES] = {book_free(b, OWN), book_free(b, CARE)};
    o->price = price;
    o->visit_price = (price * o->minutes + 30) / 60;
    *ret_council = false;
    for (int n = 0; n < o->visits_n; n++) {
        int64_t rest = o->visit_price;
        for (int p = 0; p < PURSES; p++) {
            int64_t part = least(rest, left[p]);
            o->visits[n].part[p] = part;
            left[p] -= part;
            rest -= part;
            *ret_council |= p == CARE && part > 0;
        }
        if (rest > 0)
            return n;
    }
    return o->visits_n;
}

struct answer book_place(struct book *b, int minutes, int weeks, int first_day, struct order **ret_order)
{
    struct order o = {.minutes = minutes, .weeks = weeks, .first_day = first_day, .visits_n = weeks, .state = ASKED};
    bool council;
    for (int n = 0; n < weeks; n++)
        o.visits[n] = (struct visit){.state = PLANNED, .day = first_day + 7 * n, .is_held = true};
    int paid = share(b, &o, PRICE_AGREED, &council);
    if (!council)
        paid = share(b, &o, PRICE_PUBLIC, &council);
    o.total = o.visit_price * weeks;
    struct answer a = says("placed");
    if (paid < weeks) {
        int64_t free = book_free(b, OWN) + book_free(b, CARE);
        a = says("short");
        a.free = free;
        a.short_by = o.total > free ? o.total - free : 0;
        a.fits_visits = paid;
    } else if (b->is_frozen) {
        return says("frozen");
    }
    a.total = o.total;
    if (paid < weeks)
        return a;
    a.visits = weeks;
    for (int n = 0; n < weeks; n++)
        for (int p = 0; p < PURSES; p++)
            b->purses[p].held += o.visits[n].part[p];
    *ret_order = &b->orders[b->orders_n++ % ORDERS_KEPT];
    **ret_order = o;
    return a;
}

/* ---- the provider's answer, and the end ---- */

static int64_t give_back(struct book *b, struct visit *v)
{
    int64_t sum = 0;
    for (int p = 0; p < PURSES && v->is_held; p++) {
        b->purses[p].held -= v->part[p];
        sum += v->part[p];
    }
    v->is_held = false;
    return sum;
}

static int64_t give_all_back(struct book *b, struct order *o)
{
    int64_t sum = 0;
    for (int n = 0; n < o->visits_n; n++)
        sum += give_back(b, &o->visits[n]);
    return sum;
}

static void finish_if_done(struct order *o)
{
    bool open = o->state != ACCEPTED;
    for (int n = 0; n < o->visits_n; n++) {
        enum visit_is s = o->visits[n].state;
        open |= s == PLANNED || s == QUERIED || ((s == DELIVERED || s == FRUSTRATED) && !o->visits[n].is_invoiced);
    }
    if (!open)
        o->state = FINISHED;
}

struct answer book_accept(struct order *o)
{
    if (o->state != ASKED)
        return says("state");
    o->state = ACCEPTED;
    struct answer a = says("accepted");
    a.visits = o->visits_n;
    return a;
}

struct answer book_decline(struct book *b, struct order *o)
{
    if (o->state != ASKED)
        return says("state");
    o->state = DECLINED;
    struct answer a = says("declined");
    a.released = give_all_back(b, o);
    return a;
}

bool book_expire(struct book *b, struct order *o)
{
    if (o->state != ASKED)
        return false;
    o->state = EXPIRED;
    give_all_back(b, o);
    return true;
}

/* Cancelled inside the notice, a visit is still due and its money stays held. */
static int64_t cancel_visit(struct book *b, struct visit *v, bool by_provider, int64_t *ret_due)
{
    v->state = VISIT_CANCELLED;
    v->due = by_provider || v->day >= NOTICE_DAYS ? 0 : v->part[OWN] + v->part[CARE];
    *ret_due += v->due;
    return v->due ? 0 : give_back(b, v);
}

struct answer book_cancel(struct book *b, struct order *o)
{
    if (o->state != ASKED && o->state != ACCEPTED)
        return says("state");
    struct answer a = says("cancelled");
    a.released = a.still_due = 0;
    if (o->state == ASKED)
        a.released = give_all_back(b, o);
    for (int n = 0; o->state == ACCEPTED && n < o->visits_n; n++)
        if (o->visits[n].state == PLANNED)
            a.released += cancel_visit(b, &o->visits[n], false, &a.still_due);
    o->state = CANCELLED;
    return a;
}

/* ---- visits ---- */

struct answer book_deliver(struct book *b, struct order *o, struct visit *v, const char *how, int minutes)
{
    bool fresh = v->state == PLANNED, again = v->state == QUERIED;
    int worked = minutes < o->minutes ? minutes : o->minutes;
    if (v->day > 0)
        return says("too_early");
    if (!(fresh || (again && strcmp(how, "frustrated") != 0)))
        return says("state");
    struct answer a = says(how);
    if (strcmp(how, "missed") == 0) {
        v->state = MISSED;
        v->due = 0;
        give_back(b, v);
        finish_if_done(o);
    } else if (strcmp(how, "frustrated") == 0) {
        v->state = FRUSTRATED;
        v->due = o->visit_price;
    } else {
        v->state = DELIVERED;
        v->due = least((o->price * worked + 30) / 60, o->visit_price);
    }
    a.amount = v->due;
    return a;
}

struct answer book_confirm(struct order *o, struct visit *v)
{
    if (v->state != DELIVERED && v->state != FRUSTRATED && v->state != QUERIED)
        return says("state");
    v->state = CONFIRMED;
    finish_if_done(o);
    struct answer a = says("confirmed");
    a.amount = v->due;
    return a;
}

struct answer book_query(struct visit *v)
{
    if (v->state != DELIVERED && v->state != FRUSTRATED)
        return says("state");
    v->state = QUERIED;
    return says("queried");
}

struct answer book_visit_cancel(struct book *b, struct order *o, struct visit *v, bool by_provider)
{
    if (v->state != PLANNED)
        return says("state");
    struct answer a = says("cancelled");
    a.still_due = 0;
    a.released = cancel_visit(b, v, by_provider, &a.still_due);
    finish_if_done(o);
    return a;
}

struct answer book_away(const struct book *b, int from_day)
{
    struct answer a = says("away");
    if (b->orders_n > ORDERS_KEPT)
        return a;
    a.visits = a.released = 0;
    for (int i = 0; i < b->orders_n; i++)
        for (int n = 0; b->orders[i].state == ACCEPTED && n < b->orders[i].visits_n; n++) {
            const struct visit *v = &b->orders[i].visits[n];
            bool stops = v->state == PLANNED && v->day >= from_day;
            a.visits += stops;
            a.released += stops && v->day >= NOTICE_DAYS ? v->part[OWN] + v->part[CARE] : 0;
        }
    return a;
}

/* ---- invoices ---- */

struct answer book_capture(struct book *b, struct order *o, unsigned chosen, int64_t amount, const char *invoice)
{
    int64_t held = 0, rest = amount, back = 0;
    bool invoiced = false, not_due = false;
    for (int n = 0; n < o->visits_n; n++) {
        const struct visit *v = &o->visits[n];
        if (!(chosen >> n & 1))
            continue;
        invoiced |= v->is_invoiced;
        not_due |= v->state == PLANNED || v->state == QUERIED || v->state == MISSED || v->due == 0;
        held += v->is_held ? v->part[OWN] + v->part[CARE] : 0;
    }
    struct answer a = says(invoiced ? "already_captured" : not_due ? "not_due" : amount > held ? "over_held" : "captured");
    if (strcmp(a.outcome, "over_held") == 0)
        a.amount = amount;
    if (strcmp(a.outcome, "captured") != 0)
        return a;
    struct invoice *i = &o->invoices[o->invoices_n++];
    *i = (struct invoice){0};
    snprintf(i->ref, sizeof i->ref, "%s", invoice);
    /* The purse that is used first gives first, over all the visits. */
    for (int p = 0; p < PURSES; p++)
        for (int n = 0; n < o->visits_n; n++) {
            struct visit *v = &o->visits[n];
            if (!(chosen >> n & 1))
                continue;
            int64_t take = least(rest, v->part[p]);
            rest -= take;
            i->taken[p] += take;
            b->purses[p].held -= v->part[p];
            b->purses[p].spent += take;
            back += v->part[p] - take;
        }
    for (int n = 0; n < o->visits_n; n++)
        if (chosen >> n & 1) {
            o->visits[n].is_held = false;
            o->visits[n].is_invoiced = true;
        }
    b->paid += amount;
    a.amount = amount;
    a.released = back;
    finish_if_done(o);
    return a;
}

struct answer book_refund(struct book *b, struct invoice *i, int64_t amount)
{
    int64_t open = i->taken[OWN] + i->taken[CARE], rest = amount;
    struct answer a = says(amount > open ? "over_captured" : "refunded");
    a.amount = amount;
    if (amount > open)
        return a;
    for (int p = PURSES - 1; p >= 0; p--) {
        int64_t back = least(rest, i->taken[p]);
        i->taken[p] -= back;
        b->purses[p].spent -= back;
        rest -= back;
    }
    b->paid -= amount;
    return a;
}
