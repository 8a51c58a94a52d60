#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/http/http_private.h"

static const struct http_asset *find_asset(struct str path, const struct http_asset *assets, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(path, assets[i].path))
            return &assets[i];
    return NULL;
}

/* The smallest form that the client takes. Each form is a representation of its own, so each has its own entity tag. */
static struct str choose_form(const struct http_request *r, const struct http_asset *asset, const char **ret_coding)
{
    *ret_coding = NULL;
    if (asset->brotli.n && http_accepts_coding(r, "br")) {
        *ret_coding = "br";
        return asset->brotli;
    }
    if (asset->gzip.n && http_accepts_coding(r, "gzip")) {
        *ret_coding = "gzip";
        return asset->gzip;
    }
    return asset->plain;
}

static const char *form_tag(struct arena *a, const char *etag, const char *coding)
{
    size_t n = strlen(etag);
    if (!coding || n < 2)
        return etag;
    return arena_printf(a, "%.*s-%s\"", (int)n - 1, etag, coding);
}

/* Weak comparison, as If-None-Match asks for (RFC 9110, 13.1.2). */
bool http_has_tag(const struct http_request *r, const char *etag)
{
    struct str list = http_field(r, "if-none-match"), item;
    while (str_cut(&list, ',', &item)) {
        item = str_trim(item);
        if (str_starts(item, "W/"))
            item.p += 2, item.n -= 2;
        if (str_is(item, etag) || str_is(item, "*"))
            return true;
    }
    return false;
}

bool http_serve_asset(struct http_request *r, const struct http_asset *assets, size_t n)
{
    const struct http_asset *asset = find_asset(r->path, assets, n);
    if (!asset)
        return false;
    if (r->method != HTTP_GET) {
        http_add_header(r, "Allow", "GET, HEAD");
        http_reply(r, 405, NULL, (struct str){"", 0});
        return true;
    }
    const char *coding;
    struct str form = choose_form(r, asset, &coding);
    const char *etag = form_tag(r->arena, asset->etag, coding);
    http_add_header(r, "ETag", etag);
    http_add_header(r, "Cache-Control", "public, max-age=31536000, immutable");
    http_add_header(r, "Vary", "Accept-Encoding");
    http_add_header(r, "X-Content-Type-Options", "nosniff");
    if (http_has_tag(r, etag)) {
        http_reply(r, 304, NULL, (struct str){"", 0});
        return true;
    }
    if (coding)
        http_add_header(r, "Content-Encoding", coding);
    http_reply(r, 200, asset->content_type, form);
    return true;
}

const struct http_asset *http_asset_named(const struct http_asset *assets, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(assets[i].name, name) == 0)
            return &assets[i];
    log_event(LOG_ERROR, "asset.missing", "name=%s", name);
    _Exit(EX_SOFTWARE);
}

const char *http_asset_path(const struct http_asset *assets, size_t n, const char *name)
{
    return http_asset_named(assets, n, name)->path;
}
