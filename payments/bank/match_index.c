#include "payments/bank/match_index.h"

#include <stdlib.h>
#include <string.h>

enum { TABLE_LEAST = 64 };

struct match_added {
    uint32_t slot;
    struct match_posting is;
};

void match_index_init(struct match_index *x, struct arena *a)
{
    *x = (struct match_index){.arena = a, .table_n = TABLE_LEAST, .table = memory_take(TABLE_LEAST * sizeof *x->table)};
    memset(x->table, 0, TABLE_LEAST * sizeof *x->table);
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
static uint32_t *place_of(const struct match_index *x, const char *key, uint32_t hash)
{
    for (size_t i = hash & (x->table_n - 1);; i = (i + 1) & (x->table_n - 1)) {
        const struct match_slot *s = x->table[i] ? &x->slots[x->table[i] - 1] : NULL;
        if (!s || (s->hash == hash && strcmp(s->key, key) == 0))
            return &x->table[i];
    }
}

static void grow(struct match_index *x)
{
    x->table_n *= 2;
    free(x->table);
    x->table = memory_take(x->table_n * sizeof *x->table);
    memset(x->table, 0, x->table_n * sizeof *x->table);
    for (uint32_t s = 0; s < x->slots_n; s++) {
        size_t i = x->slots[s].hash & (x->table_n - 1);
        while (x->table[i])
            i = (i + 1) & (x->table_n - 1);
        x->table[i] = s + 1;
    }
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
    uint32_t hash = hash_of(key), *place = place_of(x, key, hash);
    if (!*place) {
        x->slots = room_for_more(x->slots, x->slots_n, &x->slots_cap, sizeof *x->slots);
        x->slots[x->slots_n++] = (struct match_slot){.key = arena_strdup(x->arena, key), .hash = hash};
        *place = (uint32_t)x->slots_n;
    }
    x->added = room_for_more(x->added, x->added_n, &x->added_cap, sizeof *x->added);
    x->added[x->added_n++] = (struct match_added){*place - 1, {.item = item & 0xFFFFFFFu, .kind = kind & 0xFu}};
    return *place - 1;
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
    uint32_t at = *place_of(x, key, hash_of(key));
    return at ? &x->slots[at - 1] : NULL;
}
