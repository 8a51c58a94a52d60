#include "daemon/http/http_limit.h"

#include "daemon/base/arena.h"
#include "daemon/base/id.h"

enum { WAYS = 4, MINUTE_MS = 60000 };

/* A bucket is kept as the time at which it will be full again: taking one moves that time away, waiting brings it nearer. */
struct bucket {
    uint64_t key; /* 0: free */
    uint64_t full_at;
};

struct http_limit {
    struct bucket *buckets;
    size_t mask; /* of sets of WAYS buckets */
    uint64_t seed;
    uint64_t each_ms, depth_ms;
};

struct http_limit *http_limit_create(struct arena *a, size_t keys, unsigned burst, unsigned per_minute)
{
    struct http_limit *l = arena_alloc(a, sizeof *l);
    size_t sets = 1;
    while (sets * WAYS < keys)
        sets *= 2;
    l->buckets = arena_array(a, sets * WAYS, sizeof *l->buckets);
    l->mask = sets - 1;
    l->each_ms = per_minute ? (MINUTE_MS + per_minute - 1) / per_minute : MINUTE_MS;
    l->depth_ms = l->each_ms * (burst ? burst : 1);
    id_random(&l->seed, sizeof l->seed);
    return l;
}

static uint64_t hash_key(uint64_t seed, struct str key)
{
    uint64_t h = seed;
    for (size_t i = 0; i < key.n; i++) {
        h = (h ^ (unsigned char)key.p[i]) * UINT64_C(0x9E3779B97F4A7C15);
        h ^= h >> 29;
    }
    h = (h ^ key.n) * UINT64_C(0xBF58476D1CE4E5B9);
    return (h ^ h >> 32) | 1;
}

/* The bucket of that key, or else the one whose forgetting matters least. */
static struct bucket *find_bucket(struct http_limit *l, uint64_t key)
{
    struct bucket *set = l->buckets + (key >> 8 & l->mask) * WAYS, *oldest = set;
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].key == key)
            return &set[i];
        if (set[i].full_at < oldest->full_at)
            oldest = &set[i];
    }
    *oldest = (struct bucket){.key = key};
    return oldest;
}

unsigned http_limit_take(struct http_limit *l, struct str key, uint64_t now_ms)
{
    struct bucket *b = find_bucket(l, hash_key(l->seed, key));
    uint64_t from = b->full_at > now_ms ? b->full_at : now_ms;
    uint64_t after = from + l->each_ms - now_ms;
    if (after > l->depth_ms)
        return (unsigned)((after - l->depth_ms + 999) / 1000);
    b->full_at = from + l->each_ms;
    return 0;
}
