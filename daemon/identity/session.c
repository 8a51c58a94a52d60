#include "daemon/identity/session.h"

#include <string.h>

#include "daemon/base/hash.h"
#include "daemon/base/id.h"
#include "daemon/identity/driver.h"

enum { TOKEN_BYTES = 32, NONCE_CHARS = 32 };

/* __Host- binds the cookie to this host and to TLS (RFC 6265bis, 4.1.3.2); plain HTTP on loopback cannot have it. */
static const char *cookie_name(const struct request *req)
{
    return req->http->tls ? "__Host-s" : "s";
}

const char *session_token(struct request *req)
{
    unsigned char bytes[TOKEN_BYTES];
    struct str cookie = http_cookie(req->http, cookie_name(req));
    if (!cookie.n) {
        struct str bearer = http_field(req->http, "authorization");
        if (str_starts(bearer, "Bearer "))
            cookie = (struct str){bearer.p + 7, bearer.n - 7};
    }
    return text_unhex(cookie, bytes, sizeof bytes) ? str_dup(req->arena, cookie) : NULL;
}

struct str session_digest(struct arena *a, const char *token)
{
    if (!token)
        return (struct str){NULL, 0};
    char *digest = arena_alloc(a, HASH_BYTES);
    hash_sha256(str_of(token), (unsigned char *)digest);
    return (struct str){digest, HASH_BYTES};
}

static void set_cookie(struct request *req, const char *value, const char *more)
{
    http_add_header(req->http, "Set-Cookie",
                    arena_printf(req->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s", cookie_name(req), value,
                                 req->http->tls ? "; Secure" : "", more));
}

void session_set(struct request *req, const char *token)
{
    request_driver(req)->token = token;
    set_cookie(req, token, "");
}

void session_forget(struct request *req)
{
    set_cookie(req, "", "; Max-Age=0");
}

/* NONCE_CHARS of nonce, then the HMAC of it and the session. */
static const char *csrf_of(struct request *req, struct str nonce)
{
    const char *token = session_token(req);
    const char *whose = arena_printf(req->arena, "%.*s %s", (int)nonce.n, nonce.p, token ? token : "visitor");
    return arena_printf(req->arena, "%.*s%s", (int)nonce.n, nonce.p, hash_hmac_hex(req->arena, request_app(req)->secret, str_of(whose)));
}

const char *session_csrf(struct request *req)
{
    struct driver *d = request_driver(req);
    if (!d->csrf)
        d->csrf = csrf_of(req, str_of(id_token(req->arena, NONCE_CHARS / 2)));
    return d->csrf;
}

bool session_is_same_origin(const struct request *req)
{
    struct str site = http_field(req->http, "sec-fetch-site");
    if (site.n && !str_is(site, "same-origin") && !str_is(site, "none"))
        return false;
    /* Under our Referrer-Policy browsers send "Origin: null" with our own forms; those that do also say where the request comes from. */
    struct str origin = http_field(req->http, "origin");
    if (!origin.n || (str_is(origin, "null") && str_is(site, "same-origin")))
        return true;
    const char *own = arena_printf(req->arena, "http%s://%.*s", req->http->tls ? "s" : "", (int)req->http->host.n, req->http->host.p);
    const char *base = request_app(req)->conf->base_url;
    return str_is(origin, own) || str_is(origin, base);
}

bool session_is_ours(struct request *req, const char *csrf)
{
    if (!session_is_same_origin(req) || !csrf || strlen(csrf) < NONCE_CHARS)
        return false;
    return text_same_secret(csrf, csrf_of(req, (struct str){csrf, NONCE_CHARS}));
}
