#include "payments/bank/match_index.h"

#include <stdlib.h>
#include <string.h>

enum { TABLE_LEAST = 64 };

/* The hash stands here: to pass by another key's place no slot is looked at. */
struct match_place {
    uint32_t hash, slot; /* slot: its number plus one; 0 where the place is free */
};

struct match_added {
    uint32_t slot;
    struct match_posting is;
};

static struct match_place *empty_table(size_t n)
{
    struct match_place *table = memory_take(n * sizeof *table);
    memset(table, 0, n * sizeof *table);
    return table;
}

void match_index_init(struct match_index *x, struct arena *a)
{
    *x = (struct match_index){.arena = a, .table_n = TABLE_LEAST, .table = empty_table(TABLE_LEAST)};
}

void match_index_finish(struct match_index *x)
{
    free(x->slots);
    free(x->table);
    free(x->postings);
    free(x->added);
    *x = (struct match_index){0};
}

/* Twice as many each time: pages that are not used yet take no memory. */
static void *room_for_more(void *array, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return array;
    *cap = *cap ? 2 * *cap : TABLE_LEAST;
    return memory_retake(array, *cap * size);
}

/* Where the key stands in the table, or where it would. */
static struct match_place *place_of(const struct match_index *x, const char *key, uint32_t hash)
{
    for (size_t i = hash & (x->table_n - 1);; i = (i + 1) & (x->table_n - 1)) {
        struct match_place *p = &x->table[i];
        if (!p->slot || (p->hash == hash && strcmp(x->slots[p->slot - 1].key, key) == 0))
            return p;
    }
}

static void grow(struct match_index *x)
{
    struct match_place *old = x->table;
    size_t old_n = x->table_n;
    x->table_n *= 2;
    x->table = empty_table(x->table_n);
    for (size_t k = 0; k < old_n; k++) {
        size_t i = old[k].hash & (x->table_n - 1);
        while (x->table[i].slot)
            i = (i + 1) & (x->table_n - 1);
        if (old[k].slot)
            x->table[i] = old[k];
    }
    free(old);
}

static uint32_t hash_of(const char *key)
{
    return (uint32_t)match_hash_stir(match_hash_add(MATCH_HASH, key, strlen(key)));
}

uint32_t match_index_add(struct match_index *x, const char *key, uint32_t item, unsigned kind)
{
    if (!key || !*key)
        return MATCH_NO_SLOT;
    if (x->slots_n * 4 >= x->table_n * 3)
        grow(x);
    uint32_t hash = hash_of(key);
    struct match_place *place = place_of(x, key, hash);
    if (!place->slot) {
        x->slots = room_for_more(x->slots, x->slots_n, &x->slots_cap, sizeof *x->slots);
        x->slots[x->slots_n++] = (struct match_slot){.key = arena_strdup(x->arena, key)};
        *place = (struct match_place){hash, (uint32_t)x->slots_n};
    }
    x->added = room_for_more(x->added, x->added_n, &x->added_cap, sizeof *x->added);
    x->added[x->added_n++] = (struct match_added){place->slot - 1, {.item = item & 0xFFFFFFFu, .kind = kind & 0xFu}};
    return place->slot - 1;
}

const char *match_index_key(const struct match_index *x, uint32_t slot)
{
    return slot == MATCH_NO_SLOT ? NULL : x->slots[slot].key;
}

/* Each list gets its place by how much was added to it, then its postings in their order. */
void match_index_seal(struct match_index *x)
{
    struct match_posting *next = x->postings = memory_take((x->added_n + 1) * sizeof *next);
    for (size_t i = 0; i < x->added_n; i++)
        x->slots[x->added[i].slot].count++;
    for (size_t s = 0; s < x->slots_n; s++) {
        x->slots[s].first = next;
        next += x->slots[s].count;
        x->slots[s].count = 0;
    }
    for (size_t i = 0; i < x->added_n; i++) {
        struct match_slot *s = &x->slots[x->added[i].slot];
        struct match_posting *list = x->postings + (s->first - x->postings), is = x->added[i].is;
        if (!s->count || list[s->count - 1].item != is.item || list[s->count - 1].kind != is.kind)
            list[s->count++] = is;
    }
    free(x->added);
    x->added = NULL;
    x->added_n = x->added_cap = 0;
}

const struct match_slot *match_index_find(const struct match_index *x, const char *key)
{
    if (!key || !*key)
        return NULL;
    uint32_t slot = place_of(x, key, hash_of(key))->slot;
    return slot ? &x->slots[slot - 1] : NULL;
}
