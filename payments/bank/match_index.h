/*
 * From a text to the items that carry it: a hash table whose lists keep the order of insertion. First everything is added, then the table is
 * sealed, then it is asked. Keys are copied into the arena; the rest is the table's own until match_index_finish. Nothing fails.
 */
#ifndef PAYMENTS_BANK_MATCH_INDEX_H
#define PAYMENTS_BANK_MATCH_INDEX_H

#include <stdint.h>

#include "daemon/base/arena.h"

struct match_posting {
    uint32_t item : 28;
    uint32_t kind : 4; /* what the text is for the item */
};

struct match_slot {
    const char *key;
    const struct match_posting *first; /* `count` of them, side by side */
    uint32_t count;
};

struct match_place;
struct match_added;

struct match_index {
    struct arena *arena;
    struct match_slot *slots; /* one a key, in the order of its first addition */
    struct match_place *table;
    struct match_posting *postings;
    struct match_added *added; /* until the table is sealed */
    size_t slots_n, slots_cap, table_n, added_n, added_cap; /* table_n is a power of two */
};

#define MATCH_NO_SLOT UINT32_MAX

void match_index_init(struct match_index *x, struct arena *a);
/* The place of the key among the slots; MATCH_NO_SLOT when it is absent or empty. The same text, item and kind is kept once when added twice in a row. */
uint32_t match_index_add(struct match_index *x, const char *key, uint32_t item, unsigned kind);
/* The key of a slot, as long as the arena lasts; NULL of MATCH_NO_SLOT. */
const char *match_index_key(const struct match_index *x, uint32_t slot);
void match_index_seal(struct match_index *x);
/* NULL when no item carries it. */
const struct match_slot *match_index_find(const struct match_index *x, const char *key);
void match_index_finish(struct match_index *x);

/* To walk a list, also that of no slot at all. */
static inline const struct match_posting *match_first(const struct match_slot *s)
{
    return s ? s->first : NULL;
}

static inline const struct match_posting *match_end(const struct match_slot *s)
{
    return s ? s->first + s->count : NULL;
}

/* FNV-1a in pieces: begin with MATCH_HASH, add, and stir so that every bit depends on every byte. */
#define MATCH_HASH 0xCBF29CE484222325u

static inline uint64_t match_hash_add(uint64_t h, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)p[i]) * 0x100000001B3u;
    return h;
}

static inline uint64_t match_hash_stir(uint64_t h)
{
    h ^= h >> 32;
    h *= 0x9E3779B97F4A7C15u;
    return h ^ h >> 29;
}

#endif
