/*
 * Where a key may be, without the key: items by the hash of texts that can be made again from the item, such as its reference with a character left
 * out. Whoever asks compares. Filled in two rounds that add the same: the first counts, the second places. What it holds is the arena's. Nothing fails.
 */
#ifndef PAYMENTS_BANK_MATCH_SPOTS_H
#define PAYMENTS_BANK_MATCH_SPOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/base/arena.h"

struct match_spot {
    uint32_t tag, item;
};

struct match_spots {
    uint32_t *ends; /* of the spots that share the low bits of their hash */
    struct match_spot *spots; /* NULL while they are counted */
    size_t buckets; /* a power of two */
};

/* expected: about as many as will be added. */
void match_spots_init(struct match_spots *x, struct arena *a, size_t expected);
void match_spots_add(struct match_spots *x, uint64_t hash, uint32_t item);
/* Between the rounds. */
void match_spots_place(struct match_spots *x, struct arena *a);

/* The items that may be meant, in the order in which they were added. */
struct match_cursor {
    const struct match_spot *at, *end;
    uint32_t tag;
};

struct match_cursor match_spots_find(const struct match_spots *x, uint64_t hash);

static inline bool match_cursor_next(struct match_cursor *c, uint32_t *ret_item)
{
    while (c->at != c->end && c->at->tag != c->tag)
        c->at++;
    if (c->at == c->end)
        return false;
    *ret_item = c->at++->item;
    return true;
}

#endif
