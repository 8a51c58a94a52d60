#include "payments/bank/match_spots.h"

enum { SPOTS_A_BUCKET = 2, TAG_BITS = 32 };

void match_spots_init(struct match_spots *x, struct arena *a, size_t expected)
{
    size_t n = 1;
    while (n * SPOTS_A_BUCKET < expected)
        n *= 2;
    *x = (struct match_spots){.buckets = n, .ends = arena_array(a, n + 1, sizeof *x->ends)};
}

void match_spots_add(struct match_spots *x, uint64_t hash, uint32_t item)
{
    uint32_t *end = &x->ends[(hash & (x->buckets - 1)) + 1];
    if (x->spots)
        x->spots[*end] = (struct match_spot){(uint32_t)(hash >> TAG_BITS), item};
    ++*end;
}

/* From numbers to where each bucket begins; the second round moves that to where it ends. */
void match_spots_place(struct match_spots *x, struct arena *a)
{
    uint32_t sum = 0;
    for (size_t i = 1; i <= x->buckets; i++) {
        uint32_t n = x->ends[i];
        x->ends[i] = sum;
        sum += n;
    }
    x->spots = arena_array(a, (size_t)sum + 1, sizeof *x->spots);
}

struct match_cursor match_spots_find(const struct match_spots *x, uint64_t hash)
{
    size_t i = hash & (x->buckets - 1);
    return (struct match_cursor){x->spots + x->ends[i], x->spots + x->ends[i + 1], (uint32_t)(hash >> TAG_BITS)};
}
