/* Truth first, noise on the way to the bank: what people and banks do to references, amounts and dates. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/civil.h"
#include "tests/fakebank/fakebank.h"

enum { FIRST_DAY = 20454 /* 1 January 2026 */, YEAR = 365, RUN_PAYMENTS = 50, STATEMENT_ENTRIES = 400, SERIES = 4 };

const char *const fb_class_names[FB_CLASSES] = {
    "run", "clean", "spaces and case", "no reference", "cut reference", "typo", "O for 0", "twins", "several in one", "instalment", "overpaid", "underpaid",
    "duplicate", "return, coded", "return, plain", "reversed twice", "bank charge", "pending first", "overlap", "paid by a stranger", "other's reference",
    "unrelated", "amount by chance",
};

static struct fb_item *add_item(struct fb_world *w)
{
    if (w->items_n == w->items_cap) {
        w->items_cap = w->items_cap ? 2 * w->items_cap : 1024;
        w->items = arena_grow(w->a, w->items, w->items_n, w->items_cap, sizeof *w->items);
    }
    struct fb_item *i = &w->items[w->items_n++];
    *i = (struct fb_item){.id = arena_printf(w->a, "I%06zu", w->items_n)};
    return i;
}

static struct fb_entry *add_entry(struct fb_world *w, enum fb_class class, int32_t day, int64_t amount)
{
    if (w->entries_n == w->entries_cap) {
        w->entries_cap = w->entries_cap ? 2 * w->entries_cap : 1024;
        w->entries = arena_grow(w->a, w->entries, w->entries_n, w->entries_cap, sizeof *w->entries);
    }
    struct fb_entry *x = &w->entries[w->entries_n];
    *x = (struct fb_entry){.uid = w->entries_n++, .class = class, .day = day, .amount = amount, .text = "", .name = ""};
    x->bank_ref = arena_printf(w->a, "B%09zu", x->uid);
    return x;
}

static void label(struct fb_entry *x, size_t item, int64_t amount)
{
    x->truth[x->truth_n].item = item;
    x->truth[x->truth_n++].amount = amount;
}

static int64_t price(struct fb_world *w)
{
    /* Care has few prices: equal amounts are common. */
    static const int64_t usual[] = {2500, 4000, 5000, 7500, 12000, 6250, 18450, 9990};
    return fb_percent(w, 40) ? usual[fb_below(w, 8)] : 1000 + (int64_t)fb_below(w, 60000);
}

/* ---- payments out: runs and single payments ---- */

static size_t payment_item(struct fb_world *w, const char *run, int32_t due, const struct fb_item *firm)
{
    size_t at = w->items_n;
    struct fb_item *i = add_item(w);
    i->kind = "payment";
    i->amount = -price(w);
    i->due = due;
    i->reference = fb_reference(w);
    i->end_to_end_id = arena_printf(w->a, "E2E%08zu", at + 10000000);
    i->run = run;
    i->party_id = firm->party_id;
    i->party_name = firm->party_name;
    i->party_account = firm->party_account;
    i->document = arena_printf(w->a, "INV-%05zu", at + 10000);
    return at;
}

static struct fb_entry *outgoing(struct fb_world *w, enum fb_class class, int32_t day, size_t item, int64_t amount)
{
    const struct fb_item *i = &w->items[item];
    struct fb_entry *x = add_entry(w, class, day, amount);
    x->text = i->reference;
    x->name = i->party_name;
    x->account = i->party_account;
    x->end_to_end_id = i->end_to_end_id;
    label(x, item, amount);
    return x;
}

static void come_back(struct fb_world *w, size_t item, int32_t day)
{
    unsigned plain = fb_share(w, FB_RETURN_PLAIN, 40);
    bool coded = fb_percent(w, 100 - plain), twice = fb_percent(w, fb_share(w, FB_REVERSED_TWICE, 15));
    int64_t amount = w->items[item].amount;
    int32_t back = day + 2 + (int32_t)fb_below(w, 8);
    struct fb_entry *x = outgoing(w, twice ? FB_REVERSED_TWICE : coded ? FB_RETURN_CODED : FB_RETURN_PLAIN, back, item, -amount);
    x->text = coded ? arena_printf(w->a, "RETURNED %s", w->items[item].reference) : w->items[item].reference;
    x->return_reason = coded ? "AC04" : NULL;
    if (twice) {
        struct fb_entry *again = outgoing(w, FB_REVERSED_TWICE, back + 1, item, amount);
        again->text = arena_printf(w->a, "REVERSAL %s", w->items[item].reference);
        again->reversal = true;
    }
}

static struct fb_item firm_of(struct fb_world *w, size_t at)
{
    return (struct fb_item){.party_id = arena_printf(w->a, "F%05zu", at), .party_name = fb_firm(w), .party_account = fb_account(w)};
}

static void make_run(struct fb_world *w, size_t number, struct fb_item *firms, size_t firms_n)
{
    const char *tag = arena_printf(w->a, "RUN%05zu", number);
    int32_t day = FIRST_DAY + (int32_t)fb_below(w, YEAR);
    int64_t total = 0;
    for (size_t i = 0; i < RUN_PAYMENTS; i++) {
        size_t item = payment_item(w, tag, day, &firms[fb_below(w, firms_n)]);
        total += w->items[item].amount;
        if (fb_percent(w, fb_share(w, FB_RETURN_CODED, 2)))
            come_back(w, item, day);
    }
    struct fb_item *run = add_item(w);
    run->kind = "run";
    run->amount = total;
    run->due = day;
    run->run = tag;
    run->reference = tag;
    struct fb_entry *x = add_entry(w, FB_RUN, day + (int32_t)fb_below(w, 2), total);
    x->batch = tag;
    x->text = arena_printf(w->a, "BACS %s", fb_percent(w, fb_share(w, FB_RUN, 2)) ? "" : tag);
    if (strlen(x->text) < 6)
        x->batch = NULL;
    label(x, w->items_n - 1, total);
}

static void make_payment(struct fb_world *w, struct fb_item *firms, size_t firms_n)
{
    int32_t day = FIRST_DAY + (int32_t)fb_below(w, YEAR);
    size_t item = payment_item(w, NULL, day, &firms[fb_below(w, firms_n)]);
    outgoing(w, FB_CLEAN, day + (int32_t)fb_below(w, 3), item, w->items[item].amount);
    if (fb_percent(w, fb_share(w, FB_RETURN_CODED, 4)))
        come_back(w, item, day + 2);
}

/* ---- money in: top-ups and contributions ---- */

struct payer {
    const char *id, *name, *account, *reference;
};

static const char *foreign_reference(struct fb_world *w)
{
    return arena_printf(w->a, "CON/2026/%07zu", 1000000 + fb_below(w, 8999999));
}

static size_t incoming_item(struct fb_world *w, const struct payer *p, int64_t amount, int32_t due)
{
    size_t at = w->items_n;
    struct fb_item *i = add_item(w);
    i->kind = p->reference ? "topup" : "contribution";
    i->amount = amount;
    i->due = due;
    i->reference = p->reference ? p->reference : fb_percent(w, 20) ? foreign_reference(w) : fb_reference(w);
    i->party_id = p->id;
    i->party_name = p->name;
    i->party_account = fb_percent(w, 50) ? p->account : NULL;
    i->document = arena_printf(w->a, "STM-%06zu", at + 100000);
    return at;
}

static struct fb_entry *incoming(struct fb_world *w, enum fb_class class, size_t item, const struct payer *p, int64_t amount, int32_t day)
{
    struct fb_entry *x = add_entry(w, class, day, amount);
    x->name = fb_name_as_written(w, p->name);
    x->account = p->account;
    x->text = w->items[item].reference;
    label(x, item, amount);
    return x;
}

static const char *respelt(struct fb_world *w, const char *reference)
{
    char lower[40];
    size_t n = strlen(reference) < 39 ? strlen(reference) : 39;
    for (size_t i = 0; i <= n; i++)
        lower[i] = i < n ? text_lower(reference[i]) : '\0';
    switch (fb_below(w, 3)) {
    case 0:
        return arena_printf(w->a, "top up %s thanks", lower);
    case 1:
        return arena_printf(w->a, "%.4s %.4s %s", reference, reference + 4, reference + 8);
    default:
        return arena_printf(w->a, "ref:%.6s-%s", reference, reference + 6);
    }
}

static void cut(struct fb_world *w, struct fb_entry *x)
{
    static const int widths[] = {18, 12, 10};
    int width = widths[fb_below(w, 3)];
    x->text = arena_printf(w->a, "%.*s", width, fb_percent(w, 50) ? x->text : arena_printf(w->a, "PAYMENT %s", x->text));
}

static void pay_in_parts(struct fb_world *w, size_t item, const struct payer *p, int32_t day)
{
    int64_t rest = w->items[item].amount;
    size_t parts = 2 + fb_below(w, 2);
    for (size_t i = 0; i < parts; i++) {
        int64_t part = i + 1 == parts ? rest : w->items[item].amount / (int64_t)parts;
        incoming(w, FB_INSTALMENT, item, p, part, day + 7 * (int32_t)i);
        rest -= part;
    }
}

static void pay_twice(struct fb_world *w, size_t item, const struct payer *p, int32_t day)
{
    incoming(w, FB_CLEAN, item, p, w->items[item].amount, day);
    struct fb_entry *x = incoming(w, FB_DUPLICATE, item, p, w->items[item].amount, day + 1 + (int32_t)fb_below(w, 3));
    x->truth_n = 0;
}

static void pay_pending_first(struct fb_world *w, size_t item, const struct payer *p, int32_t day)
{
    struct fb_entry *x = incoming(w, FB_PENDING, item, p, w->items[item].amount, day);
    x->pending = true;
    x->truth_n = 0;
    incoming(w, FB_PENDING, item, p, w->items[item].amount, day + 1);
}

static void pay_and_bounce(struct fb_world *w, size_t item, const struct payer *p, int32_t day)
{
    incoming(w, FB_CLEAN, item, p, w->items[item].amount, day);
    struct fb_entry *x = incoming(w, FB_RETURN_CODED, item, p, -w->items[item].amount, day + 3);
    x->text = arena_printf(w->a, "UNPAID %s", w->items[item].reference);
    x->return_reason = "AM04";
}

/* What happens to a payment of a person, out of a hundred. */
static const struct {
    enum fb_class class;
    unsigned share;
} noises[] = {{FB_CLEAN, 34}, {FB_FORMED, 10}, {FB_MISSING, 20}, {FB_CUT, 6}, {FB_TYPO, 5}, {FB_FOLDED, 3}, {FB_INSTALMENT, 4}, {FB_OVER, 2}, {FB_UNDER, 2},
              {FB_DUPLICATE, 2}, {FB_CHARGED, 2}, {FB_PENDING, 3}, {FB_RETURN_CODED, 3}, {FB_STRANGER, 4}};

enum { NOISES = sizeof noises / sizeof *noises };

static enum fb_class pick_noise(struct fb_world *w)
{
    size_t sum = 0, at = 0;
    for (size_t i = 0; i < NOISES; i++)
        sum += fb_share(w, noises[i].class, noises[i].share);
    size_t dice = fb_below(w, sum);
    while (dice >= fb_share(w, noises[at].class, noises[at].share))
        dice -= fb_share(w, noises[at].class, noises[at].share), at++;
    return noises[at].class;
}

static const char *look_alikes(struct fb_world *w, const char *reference)
{
    char *text = arena_strdup(w->a, reference);
    for (char *c = text; *c; c++)
        *c = *c == '0' ? 'O' : *c == '1' ? 'I' : *c;
    return text;
}

/* One entry of the whole amount or nearly so. */
static void pay_once(struct fb_world *w, enum fb_class class, size_t item, const struct payer *p, int32_t day)
{
    int64_t due = w->items[item].amount;
    struct fb_entry *x = incoming(w, class, item, p, due, day);
    if (class == FB_FORMED) {
        x->text = respelt(w, x->text);
    } else if (class == FB_MISSING) {
        x->text = fb_percent(w, 50) ? "TOP UP" : "CARE CONTRIBUTION";
    } else if (class == FB_CUT) {
        cut(w, x);
    } else if (class == FB_TYPO) {
        x->text = fb_typo(w, x->text, 1 + fb_below(w, 2));
    } else if (class == FB_FOLDED) {
        x->text = look_alikes(w, x->text);
    } else if (class == FB_OVER) {
        x->amount += 500 + (int64_t)fb_below(w, 5000);
    } else if (class == FB_UNDER) {
        x->amount = x->truth[0].amount = due - due / 10 - 1;
    } else if (class == FB_CHARGED && due > 600) {
        x->amount = x->truth[0].amount = due - 600;
    } else if (class == FB_STRANGER) {
        x->name = fb_person(w);
        x->account = fb_account(w);
    }
}

static void pay_with_noise(struct fb_world *w, size_t item, const struct payer *p, int32_t day)
{
    enum fb_class class = pick_noise(w);
    if (class == FB_INSTALMENT)
        pay_in_parts(w, item, p, day);
    else if (class == FB_DUPLICATE)
        pay_twice(w, item, p, day);
    else if (class == FB_PENDING)
        pay_pending_first(w, item, p, day);
    else if (class == FB_RETURN_CODED)
        pay_and_bounce(w, item, p, day);
    else
        pay_once(w, class, item, p, day);
}

static struct payer new_payer(struct fb_world *w)
{
    struct payer p = {.name = fb_person(w), .account = fb_account(w)};
    p.id = arena_printf(w->a, "P%07zu", w->items_n);
    return p;
}

/* A standing reference, one expectation a month. */
static void make_series(struct fb_world *w)
{
    struct payer p = new_payer(w);
    int64_t amount = price(w);
    int32_t due = FIRST_DAY + (int32_t)fb_below(w, 200);
    p.reference = fb_reference(w);
    for (int i = 0; i < SERIES; i++) {
        size_t item = incoming_item(w, &p, amount, due + 30 * i);
        if (fb_percent(w, 88))
            incoming(w, FB_CLEAN, item, &p, amount, due + 30 * i - 2 + (int32_t)fb_below(w, 5));
        else if (fb_percent(w, 50))
            incoming(w, FB_MISSING, item, &p, amount, due + 30 * i)->text = "STANDING ORDER";
    }
}

/* Two people of one surname and initial who owe the same on the same day. */
static void make_twins(struct fb_world *w)
{
    static const char *const pairs[][2] = {{"John", "Jane"}, {"Maria", "Mabel"}, {"Priya", "Peter"}, {"Helen", "Hugh"}};
    size_t pair = fb_below(w, 4);
    const char *full = fb_person(w), *last = strrchr(full, ' ');
    int64_t amount = price(w);
    int32_t due = FIRST_DAY + (int32_t)fb_below(w, YEAR);
    for (int i = 0; i < 2; i++) {
        struct payer p = new_payer(w);
        p.name = arena_printf(w->a, "%s%s", pairs[pair][i], last);
        size_t item = incoming_item(w, &p, amount, due);
        struct fb_entry *x = incoming(w, FB_TWIN, item, &p, amount, due + (int32_t)fb_below(w, 5));
        x->name = arena_printf(w->a, "%c%s", pairs[pair][i][0], last);
        if (fb_percent(w, 50))
            x->text = "CONTRIBUTION";
    }
}

static void make_several(struct fb_world *w)
{
    struct payer p = new_payer(w);
    int32_t due = FIRST_DAY + (int32_t)fb_below(w, YEAR);
    size_t n = 2 + fb_below(w, 3), first = 0;
    int64_t total = 0;
    struct buf text = {0};
    bool by_document = fb_percent(w, 50);
    for (size_t i = 0; i < n; i++) {
        size_t item = incoming_item(w, &p, price(w), due + (int32_t)i);
        first = i ? first : item;
        total += w->items[item].amount;
        buf_addf(&text, "%s%s", i ? " " : "", by_document ? w->items[item].document : w->items[item].reference);
    }
    struct fb_entry *x = incoming(w, FB_SEVERAL, first, &p, total, due + 4);
    x->truth_n = 0;
    for (size_t i = 0; i < n; i++)
        label(x, first + i, w->items[first + i].amount);
    x->text = fb_percent(w, 70) ? str_dup(w->a, buf_str(&text)) : "INVOICES";
    buf_finish(&text);
}

/* Somebody types another client's reference: the payer's own item is the truth. */
static void make_wrong_party(struct fb_world *w)
{
    struct payer p = new_payer(w), other = new_payer(w);
    other.id = arena_printf(w->a, "Q%07zu", w->items_n);
    while (other.name[0] == p.name[0])
        other.name = fb_person(w); /* with the same initial nobody could tell them apart */
    int64_t amount = price(w);
    int32_t due = FIRST_DAY + (int32_t)fb_below(w, YEAR);
    size_t theirs = incoming_item(w, &other, fb_percent(w, 50) ? amount : price(w), due), own = incoming_item(w, &p, amount, due);
    struct fb_entry *x = incoming(w, FB_WRONG_PARTY, own, &p, amount, due + 1);
    x->text = w->items[theirs].reference;
    if (w->items[own].party_account)
        x->name = p.name;
}

static void make_contribution(struct fb_world *w)
{
    struct payer p = new_payer(w);
    int32_t due = FIRST_DAY + (int32_t)fb_below(w, YEAR);
    size_t item = incoming_item(w, &p, price(w), due);
    if (fb_percent(w, 92))
        pay_with_noise(w, item, &p, due - 3 + (int32_t)fb_below(w, 14));
}

static void make_unrelated(struct fb_world *w)
{
    static const char *const texts[] = {"SALARY", "WATER RATES", "BANK CHARGES", "GRANT Q3", "REFUND ORDER 48213", "RENT", "INTEREST", "CARD 4821"};
    int32_t day = FIRST_DAY + (int32_t)fb_below(w, YEAR);
    bool chance = fb_percent(w, fb_share(w, FB_COINCIDENCE, 40)) && w->items_n;
    int64_t amount = chance ? w->items[fb_below(w, w->items_n)].amount : price(w) * (fb_percent(w, 50) ? 1 : -1);
    struct fb_entry *x = add_entry(w, chance ? FB_COINCIDENCE : FB_UNRELATED, day, amount);
    x->name = fb_percent(w, 50) ? fb_person(w) : fb_firm(w);
    x->account = fb_account(w);
    x->text = fb_percent(w, 70) ? texts[fb_below(w, 8)] : arena_printf(w->a, "ORDER %08zu X%sZ", fb_below(w, 99999999), fb_reference(w));
}

/* ---- statements ---- */

static int by_day(const void *x, const void *y)
{
    const struct fb_entry *a = x, *b = y;
    return a->day != b->day ? (a->day < b->day ? -1 : 1) : a->uid < b->uid ? -1 : a->uid > b->uid;
}

/* Some statements begin with what the one before ended with. */
static void make_statements(struct fb_world *w)
{
    size_t n = w->entries_n, made = 0;
    struct fb_entry *plain = w->entries;
    qsort(plain, n, sizeof *plain, by_day);
    w->entries = arena_array(w->a, 2 * n + STATEMENT_ENTRIES, sizeof *w->entries);
    w->statements = arena_array(w->a, n / STATEMENT_ENTRIES + 2, sizeof *w->statements);
    int64_t balance = 100000000;
    for (size_t from = 0; from < n;) {
        size_t take = n - from < STATEMENT_ENTRIES ? n - from : STATEMENT_ENTRIES;
        size_t again = from && fb_percent(w, fb_share(w, FB_OVERLAP, 40)) ? 5 + fb_below(w, 60) : 0;
        struct fb_statement *s = &w->statements[w->statements_n++];
        *s = (struct fb_statement){.first = made, .opening = balance, .from = plain[from - again].day, .to = plain[from + take - 1].day};
        for (size_t i = from - again; i < from + take; i++) {
            struct fb_entry *x = &w->entries[made++];
            *x = plain[i];
            if (i < from) {
                x->class = FB_OVERLAP;
                x->uid += n;
                x->truth_n = 0;
                s->opening -= x->pending ? 0 : x->amount;
            } else {
                balance += x->pending ? 0 : x->amount;
            }
        }
        s->n = made - s->first;
        s->closing = balance;
        from += take;
    }
    w->entries_n = made;
}

void fb_make(struct fb_world *w, size_t entries)
{
    size_t items = entries / 2, firms_n = items / 100 + 3;
    struct fb_item *firms = arena_array(w->a, firms_n, sizeof *firms);
    for (size_t i = 0; i < firms_n; i++)
        firms[i] = firm_of(w, i);
    for (size_t i = 0; w->items_n < items * 3 / 10; i++)
        make_run(w, i, firms, firms_n);
    while (w->items_n < items * 4 / 10)
        make_payment(w, firms, firms_n);
    while (w->items_n < items) {
        unsigned twins = fb_share(w, FB_TWIN, 4), several = fb_share(w, FB_SEVERAL, 6), wrong = fb_share(w, FB_WRONG_PARTY, 1);
        size_t dice = fb_below(w, 89 + twins + several + wrong);
        if (dice < 10)
            make_series(w);
        else if (dice < 10 + twins)
            make_twins(w);
        else if (dice < 10 + twins + several)
            make_several(w);
        else if (dice < 10 + twins + several + wrong)
            make_wrong_party(w);
        else
            make_contribution(w);
    }
    while (w->entries_n < entries * 93 / 100)
        make_unrelated(w);
    make_statements(w);
}
