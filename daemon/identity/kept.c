#include "daemon/identity/kept.h"

#include <string.h>
#include <time.h>

#include "daemon/identity/page_cache.h"

static uint64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static bool is_visitor(const struct http_request *http)
{
    return !http_field(http, "cookie").n && !http_field(http, "authorization").n;
}

/* By the target as it was sent: two spellings of one address are two pages, and no page has two addresses that mean different things. */
struct str kept_key(const struct http_request *http, const struct app *app)
{
    size_t most = http->host.n + http->target.n + 2;
    if ((http->method != HTTP_GET && http->method != HTTP_HEAD) || !app->pages || !is_visitor(http) || most > PAGE_CACHE_KEY || !db_hears(app->db))
        return STR("");
    char *key = arena_alloc(http->arena, most);
    key[0] = http_accepts(http, "application/json") ? 'j' : http_accepts(http, "text/csv") ? 'c' : 'h';
    memcpy(key + 1, http->host.p, http->host.n);
    key[1 + http->host.n] = ' ';
    memcpy(key + 2 + http->host.n, http->target.p, http->target.n);
    return (struct str){key, most};
}

static void send_page(struct http_request *http, const struct page *page)
{
    int status = reply_is_known(http, page->body) ? 304 : 200;
    reply_headers(http, true);
    http_reply(http, status, page->content_type, page->body);
}

bool kept_answer(struct http_request *http, struct app *app, struct str key)
{
    const struct page *page = key.n ? page_cache_find(app->pages, key, now_ms()) : NULL;
    if (!page)
        return false;
    app->counters.kept++;
    app->counters.answers[2]++;
    send_page(http, page);
    return true;
}

static bool may_keep(const struct request *req, int status)
{
    const struct driver *d = request_driver(req);
    return d->key.n && status == 200 && (req->route->flags & ROUTE_KEPT) && req->who.hat == HAT_NONE && !d->is_signed_in && !d->token && !d->for_ref &&
           !d->is_own;
}

void kept_send(struct request *req, int status, const char *content_type, struct str body)
{
    struct driver *d = request_driver(req);
    if (may_keep(req, status))
        page_cache_keep(d->app->pages, d->key, d->edition, &(struct page){.content_type = content_type, .body = body}, now_ms());
    reply_send(req, status, content_type, body);
}
