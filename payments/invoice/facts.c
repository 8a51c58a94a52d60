#include "payments/invoice/facts.h"

#include <string.h>

#include "daemon/base/arena.h"

enum { FIRST_ROOM = 64 };

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
