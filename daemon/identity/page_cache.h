/*
 * Rendered pages by key, in memory, up to a number of bytes: the one used longest ago makes room, and none is older than a minute.
 * The cache owns copies of everything put in; a page found is the cache's and stays valid until the next call. Nothing fails: what does not fit is not kept.
 * A page is kept under the edition that was current when its making began, so that what was read before a change cannot come in after it.
 */
#ifndef DAEMON_IDENTITY_PAGE_CACHE_H
#define DAEMON_IDENTITY_PAGE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/text.h"

enum { PAGE_CACHE_MS = 60000, PAGE_CACHE_KEY = 512 };

struct page_cache;

struct page {
    const char *content_type; /* a literal: not copied */
    struct str body;
};

/* bytes: of keys and bodies together; 0 keeps nothing. */
struct page_cache *page_cache_create(size_t bytes);
void page_cache_destroy(struct page_cache **c);

/* NULL when there is none. now_ms is any clock that only goes forward, the same in every call. */
const struct page *page_cache_find(struct page_cache *c, struct str key, uint64_t now_ms);

/* Takes a page in, unless the cache was emptied since `edition`, or page or key are too large. Replaces one of the same key. */
void page_cache_keep(struct page_cache *c, struct str key, uint64_t edition, const struct page *page, uint64_t now_ms);

/* Forgets every page and begins a new edition. */
void page_cache_empty(struct page_cache *c);
uint64_t page_cache_edition(const struct page_cache *c);

/* Bytes kept now. */
size_t page_cache_bytes(const struct page_cache *c);

#endif
