/*
 * From a text to the items that carry it: a hash table whose lists keep the order of insertion.
 * Table, lists and keys belong to the arena. Nothing fails.
 */
#ifndef PAYMENTS_BANK_MATCH_INDEX_H
#define PAYMENTS_BANK_MATCH_INDEX_H

#include <stdint.h>

#include "daemon/base/arena.h"

struct match_posting {
    uint32_t item;
    unsigned kind; /* what the text is for the item */
    const struct match_posting *next;
};

struct match_slot {
    const char *key;
    uint64_t hash;
    struct match_posting *first, *last;
    uint32_t count;
};

struct match_index {
    struct arena *arena;
    struct match_slot *slots;
    size_t used, size; /* size is a power of two */
};

void match_index_init(struct match_index *x, struct arena *a, size_t expected);
/* The same text, item and kind is kept once when added twice in a row. */
void match_index_add(struct match_index *x, const char *key, uint32_t item, unsigned kind);
/* NULL when no item carries it. */
const struct match_slot *match_index_find(const struct match_index *x, const char *key);

#endif
