#include "payments/invoice/facts.h"

#include <string.h>

#include "daemon/base/arena.h"

/* More categories on one line than this are not summed: such a line breaks other rules already. */
enum { FIRST_ROOM = 64, CATEGORIES_MAX = 16 };

enum vat vat_of(const char *code)
{
    static const char names[VAT_OTHER][3] = {"S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B"};
    for (size_t i = 0; i < VAT_OTHER; i++)
        if (strcmp(code, names[i]) == 0)
            return (enum vat)i;
    return VAT_OTHER;
}

/* Rates are compared as numbers: decimals come reduced, so equal numbers have equal parts. */
static size_t hash_of(enum vat category, const struct decimal *rate)
{
    uint64_t h = (uint64_t)category + 1;
    if (rate)
        h = (h * 31 + (uint64_t)rate->m) * 31 + (uint64_t)rate->scale + 7;
    h *= UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(h >> 32);
}

static bool is_row(const struct vat_sum *s, enum vat category, const struct decimal *rate)
{
    return s->category == category && s->has_rate == (rate != NULL) && (!rate || decimal_equal(s->rate, *rate));
}

/* VAT_COUNT marks an empty row. */
static struct vat_sum *slot_of(struct vat_sum *sums, size_t room, enum vat category, const struct decimal *rate)
{
    size_t i = hash_of(category, rate) & (room - 1);
    while (sums[i].category != VAT_COUNT && !is_row(&sums[i], category, rate))
        i = (i + 1) & (room - 1);
    return &sums[i];
}

static void make_room(struct facts *f, struct arena *a)
{
    size_t room = f->room ? f->room * 2 : FIRST_ROOM;
    struct vat_sum *sums = arena_array(a, room, sizeof *sums);
    for (size_t i = 0; i < room; i++)
        sums[i].category = VAT_COUNT;
    for (size_t i = 0; i < f->room; i++)
        if (f->sums[i].category != VAT_COUNT)
            *slot_of(sums, room, f->sums[i].category, f->sums[i].has_rate ? &f->sums[i].rate : NULL) = f->sums[i];
    f->sums = sums;
    f->room = room;
}

const struct vat_sum *facts_sum(const struct facts *f, enum vat category, const struct decimal *rate)
{
    if (!f->room)
        return NULL;
    const struct vat_sum *s = slot_of(f->sums, f->room, category, rate);
    return s->category == VAT_COUNT ? NULL : s;
}

struct vat_sum *facts_sum_row(struct facts *f, struct arena *a, enum vat category, const struct decimal *rate)
{
    if (f->n_sums * 2 >= f->room)
        make_room(f, a);
    struct vat_sum *s = slot_of(f->sums, f->room, category, rate);
    if (s->category == VAT_COUNT) {
        *s = (struct vat_sum){.category = category, .has_rate = rate != NULL};
        if (rate)
            s->rate = *rate;
        f->n_sums++;
    }
    return s;
}

/* The categories and the rates that one line or adjustment names; the published rules combine every one with every other. */
struct named_vat {
    struct arena *arena;
    const struct vat_paths *paths;
    enum vat categories[CATEGORIES_MAX];
    struct decimal rates[CATEGORIES_MAX];
    size_t n_categories, n_rates;
};

static bool name_vat(void *context, xmlNode *n)
{
    struct named_vat *v = context;
    const char *code = node_value(v->arena, n, v->paths->code);
    code = code ? code : "";
    enum vat category = vat_of(v->paths->trims ? text_trimmed(v->arena, code) : code);
    bool is_new = v->n_categories < CATEGORIES_MAX;
    for (size_t i = 0; i < v->n_categories; i++)
        is_new = is_new && v->categories[i] != category;
    if (is_new)
        v->categories[v->n_categories++] = category;
    struct decimal rate;
    if (v->n_rates == CATEGORIES_MAX || !node_number(v->arena, n, v->paths->rate, &rate))
        return true;
    for (size_t i = 0; i < v->n_rates; i++)
        if (decimal_equal(v->rates[i], rate))
            return true;
    v->rates[v->n_rates++] = rate;
    return true;
}

static void add_to(struct vat_sum *row, struct decimal *sum, bool readable, struct decimal amount)
{
    if (!readable || !decimal_add(*sum, amount, sum))
        row->is_broken = true;
}

static void add_line(struct vat_sum *row, bool credit, bool readable, struct decimal amount)
{
    *(credit ? &row->has_credit_note_line : &row->has_invoice_line) = true;
    add_to(row, credit ? &row->credit_note_lines : &row->invoice_lines, readable, amount);
}

static void add_adjustment(struct vat_sum *row, struct adjustment_kind kind, bool readable, struct decimal amount)
{
    row->has_adjustment = true;
    if (kind.own && kind.charge)
        add_to(row, &row->charges, readable, amount);
    if (kind.own && kind.allowance)
        add_to(row, &row->allowances, readable, amount);
}

static void add_to_document(struct facts *f, struct adjustment_kind kind, bool readable, struct decimal amount)
{
    if (kind.own && kind.charge) {
        f->has_own_charge = true;
        f->own_charges_are_broken |= !readable || !decimal_add(f->own_charges, amount, &f->own_charges);
    }
    if (kind.own && kind.allowance) {
        f->has_own_allowance = true;
        f->own_allowances_are_broken |= !readable || !decimal_add(f->own_allowances, amount, &f->own_allowances);
    }
}

void facts_add_line(struct facts *f, struct arena *a, xmlNode *line, const struct vat_paths *paths, bool own, bool credit)
{
    struct named_vat v = {.arena = a, .paths = paths};
    struct decimal amount = DECIMAL_ZERO;
    bool readable = node_sum(a, line, paths->amount, &amount);
    f->lines_are_broken |= !readable || !decimal_add(f->lines, amount, &f->lines);
    if (own)
        node_each(line, paths->taxes, name_vat, &v);
    for (size_t c = 0; c < v.n_categories; c++) {
        add_line(facts_sum_row(f, a, v.categories[c], NULL), credit, readable, amount);
        for (size_t r = 0; r < v.n_rates; r++)
            add_line(facts_sum_row(f, a, v.categories[c], &v.rates[r]), credit, readable, amount);
    }
}

void facts_add_adjustment(struct facts *f, struct arena *a, xmlNode *n, const struct vat_paths *paths, struct adjustment_kind kind)
{
    struct named_vat v = {.arena = a, .paths = paths};
    struct decimal amount = DECIMAL_ZERO;
    bool readable = node_sum(a, n, paths->amount, &amount);
    add_to_document(f, kind, readable, amount);
    node_each(n, paths->taxes, name_vat, &v);
    for (size_t c = 0; c < v.n_categories; c++) {
        add_adjustment(facts_sum_row(f, a, v.categories[c], NULL), kind, readable, amount);
        for (size_t r = 0; r < v.n_rates; r++)
            add_adjustment(facts_sum_row(f, a, v.categories[c], &v.rates[r]), kind, readable, amount);
    }
}
