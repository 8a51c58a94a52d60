#include "daemon/identity/page_cache.h"

#include <string.h>
#include <sys/queue.h>

#include <sodium.h>

#include "daemon/base/arena.h"
#include "daemon/base/id.h"

enum { SLOTS = 4096, BUCKETS = 8192, SHARE = 8 }; /* one page takes an eighth of the bytes at most */

struct slot {
    struct buf bytes; /* the key, then the body */
    size_t key_n;
    uint64_t made_ms;
    struct page page;
    LIST_ENTRY(slot) same; /* of its bucket; of the spare ones */
    TAILQ_ENTRY(slot) use; /* the one used last first */
};

LIST_HEAD(slot_list, slot);
TAILQ_HEAD(slot_queue, slot);

struct page_cache {
    struct arena *arena;
    struct slot_list buckets[BUCKETS], spare;
    struct slot_queue used;
    size_t bytes, bytes_most;
    uint64_t edition;
    unsigned char secret[crypto_shorthash_KEYBYTES]; /* nobody can choose keys that meet in one bucket */
};

struct page_cache *page_cache_create(size_t bytes)
{
    struct arena *a = arena_create(0);
    struct page_cache *c = arena_alloc(a, sizeof *c);
    struct slot *slots = arena_array(a, SLOTS, sizeof *slots);
    c->arena = a;
    c->bytes_most = bytes;
    TAILQ_INIT(&c->used);
    for (size_t i = 0; i < SLOTS; i++)
        LIST_INSERT_HEAD(&c->spare, &slots[i], same);
    id_random(c->secret, sizeof c->secret);
    return c;
}

static struct slot_list *bucket_of(struct page_cache *c, struct str key)
{
    uint64_t hash;
    unsigned char out[crypto_shorthash_BYTES];
    crypto_shorthash(out, (const unsigned char *)key.p, key.n, c->secret);
    memcpy(&hash, out, sizeof hash);
    return &c->buckets[hash % BUCKETS];
}

static void forget(struct page_cache *c, struct slot *s)
{
    c->bytes -= s->bytes.n;
    buf_finish(&s->bytes);
    LIST_REMOVE(s, same);
    TAILQ_REMOVE(&c->used, s, use);
    LIST_INSERT_HEAD(&c->spare, s, same);
}

static struct slot *slot_of(struct page_cache *c, struct str key)
{
    struct slot *s;
    LIST_FOREACH(s, bucket_of(c, key), same)
        if (str_equal((struct str){s->bytes.p, s->key_n}, key))
            return s;
    return NULL;
}

const struct page *page_cache_find(struct page_cache *c, struct str key, uint64_t now_ms)
{
    struct slot *s = slot_of(c, key);
    if (s && now_ms - s->made_ms > PAGE_CACHE_MS) {
        forget(c, s);
        s = NULL;
    }
    if (!s)
        return NULL;
    TAILQ_REMOVE(&c->used, s, use);
    TAILQ_INSERT_HEAD(&c->used, s, use);
    return &s->page;
}

static struct slot *take_slot(struct page_cache *c, size_t bytes)
{
    while (LIST_EMPTY(&c->spare) || c->bytes + bytes > c->bytes_most)
        forget(c, TAILQ_LAST(&c->used, slot_queue));
    struct slot *s = LIST_FIRST(&c->spare);
    LIST_REMOVE(s, same);
    return s;
}

void page_cache_keep(struct page_cache *c, struct str key, uint64_t edition, const struct page *page, uint64_t now_ms)
{
    size_t bytes = key.n + page->body.n;
    if (edition != c->edition || key.n > PAGE_CACHE_KEY || bytes > c->bytes_most / SHARE)
        return;
    struct slot *old = slot_of(c, key);
    if (old)
        forget(c, old);
    struct slot *s = take_slot(c, bytes);
    buf_reserve(&s->bytes, bytes);
    buf_add(&s->bytes, key.p, key.n);
    buf_add(&s->bytes, page->body.p, page->body.n);
    s->key_n = key.n;
    s->made_ms = now_ms;
    s->page = *page;
    s->page.body = (struct str){s->bytes.p + key.n, page->body.n};
    c->bytes += bytes;
    LIST_INSERT_HEAD(bucket_of(c, key), s, same);
    TAILQ_INSERT_HEAD(&c->used, s, use);
}

void page_cache_empty(struct page_cache *c)
{
    while (!TAILQ_EMPTY(&c->used))
        forget(c, TAILQ_FIRST(&c->used));
    c->edition++;
}

uint64_t page_cache_edition(const struct page_cache *c)
{
    return c->edition;
}

size_t page_cache_bytes(const struct page_cache *c)
{
    return c->bytes;
}

void page_cache_destroy(struct page_cache **c)
{
    if (!*c)
        return;
    page_cache_empty(*c);
    struct arena *a = (*c)->arena;
    *c = NULL;
    arena_destroy(&a);
}
