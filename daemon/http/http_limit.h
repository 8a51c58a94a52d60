/*
 * Throttling: so many at once, and so many a minute after that, for each key (an address, an account).
 * The table is fixed when it is made and belongs to the arena; keys are not kept, only their keyed hashes. Nothing fails: when the table is
 * full, the key that has been quiet for longest is forgotten, which can only be to its advantage.
 */
#ifndef DAEMON_HTTP_HTTP_LIMIT_H
#define DAEMON_HTTP_HTTP_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/text.h"

struct arena;
struct http_limit;

/* keys: how many are remembered, rounded up to a power of two. burst and per_minute are at least 1. */
struct http_limit *http_limit_create(struct arena *a, size_t keys, unsigned burst, unsigned per_minute);

/* Takes one for key at a time that never runs backwards, in ms. Returns 0, or the whole seconds until the next one is there (Retry-After). */
unsigned http_limit_take(struct http_limit *l, struct str key, uint64_t now_ms);

#endif
