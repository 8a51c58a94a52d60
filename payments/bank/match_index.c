#include "payments/bank/match_index.h"

#include <stdbool.h>
#include <string.h>

/* FNV-1a, finished with a multiplication so that the low bits depend on every byte. */
static uint64_t hash_of(const char *key)
{
    uint64_t h = 0xCBF29CE484222325u;
    for (const unsigned char *p = (const unsigned char *)key; *p; p++)
        h = (h ^ *p) * 0x100000001B3u;
    h ^= h >> 32;
    h *= 0x9E3779B97F4A7C15u;
    return h ^ h >> 29;
}

void match_index_init(struct match_index *x, struct arena *a, size_t expected)
{
    size_t size = 64;
    while (size < expected * 2)
        size *= 2;
    *x = (struct match_index){.arena = a, .size = size, .slots = arena_array(a, size, sizeof *x->slots)};
}

static struct match_slot *slot_for(struct match_slot *slots, size_t size, const char *key, uint64_t hash)
{
    for (size_t i = hash & (size - 1);; i = (i + 1) & (size - 1))
        if (!slots[i].key || (slots[i].hash == hash && strcmp(slots[i].key, key) == 0))
            return &slots[i];
}

static void grow(struct match_index *x)
{
    struct match_slot *old = x->slots;
    size_t old_size = x->size;
    x->size *= 2;
    x->slots = arena_array(x->arena, x->size, sizeof *x->slots);
    for (size_t i = 0; i < old_size; i++)
        if (old[i].key)
            *slot_for(x->slots, x->size, old[i].key, old[i].hash) = old[i];
}

void match_index_add(struct match_index *x, const char *key, uint32_t item, unsigned kind)
{
    if (!key || !*key)
        return;
    if (x->used * 4 > x->size * 3)
        grow(x);
    uint64_t hash = hash_of(key);
    struct match_slot *s = slot_for(x->slots, x->size, key, hash);
    if (!s->key) {
        *s = (struct match_slot){.key = key, .hash = hash};
        x->used++;
    }
    if (s->last && s->last->item == item && s->last->kind == kind)
        return;
    struct match_posting *p = arena_alloc(x->arena, sizeof *p);
    *p = (struct match_posting){.item = item, .kind = kind};
    if (s->last)
        s->last->next = p;
    else
        s->first = p;
    s->last = p;
    s->count++;
}

const struct match_slot *match_index_find(const struct match_index *x, const char *key)
{
    if (!key || !*key)
        return NULL;
    const struct match_slot *s = slot_for(x->slots, x->size, key, hash_of(key));
    return s->key ? s : NULL;
}
