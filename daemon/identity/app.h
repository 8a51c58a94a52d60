/*
 * What all requests of a worker share: the pool, the route tables, the keys and the helper threads.
 * The worker owns it for the life of the process. Nothing here fails after app_create.
 */
#ifndef DAEMON_IDENTITY_APP_H
#define DAEMON_IDENTITY_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/conf.h"
#include "daemon/identity/request.h"

struct route_table {
    const char *feature;
    const struct route *routes;
    const size_t *n;
};

struct modulus_table;
struct offload;
struct page_cache;

/* How many answers of each status class, and how long they took in all. */
struct app_counters {
    uint64_t answers[6];
    uint64_t microseconds;
    uint64_t offload_refused;
    uint64_t kept; /* answers from memory, also counted above */
};

struct app {
    const struct conf *conf;
    struct db_pool *db;
    struct offload *offload;
    struct page_cache *pages; /* NULL: none are kept */
    const struct route_table *tables;
    size_t tables_n;
    const struct modulus_table *modulus; /* of payments/bank; NULL: account numbers are not checked */
    struct str secret;      /* key of form tokens and visitors' tokens */
    bool is_draining;
    bool is_ready;          /* the schema is the one this program carries */
    struct app_counters counters;
};

/* How many body bytes a request may carry: 10 MiB on upload routes, 1 MiB on other writing ones, none elsewhere. */
size_t app_body_limit(const struct http_request *r, void *app);

#endif
