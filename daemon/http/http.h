/*
 * The web server's edge: strict HTTP/1.1 on libevent's bufferevents, plain or TLS, one event loop a process.
 * A request belongs to its connection; it stays valid until http_reply is called for it, exactly once, at any later time on the same
 * loop, also when the client has gone. Malformed input never reaches a handler: the codec answers 400 (or 408, 413, 414, 431, 501, 505)
 * itself and closes the connection.
 */
#ifndef DAEMON_HTTP_HTTP_H
#define DAEMON_HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/err.h"
#include "daemon/base/text.h"

struct arena;
struct event_base;

enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS,
    HTTP_METHODS
};

const char *http_method_name(enum http_method m);

struct http_field {
    struct str name; /* lower-cased */
    struct str value;
};

struct http_request {
    enum http_method method; /* HEAD is handed to the GET handler; the codec drops the body */
    bool is_head;
    struct str target;       /* as received, origin form */
    struct str path;         /* percent-decoded, valid UTF-8, starts with '/', no NUL, no empty, "." or ".." segment */
    struct str query;        /* raw, behind '?', may be empty */
    struct str host;         /* one of the configured names, with port when given */
    int minor;               /* HTTP/1.minor */
    const struct http_field *fields;
    size_t fields_n;
    struct str body;         /* complete */
    bool tls;
    char peer[46];           /* by whom to count: address text of the visitor, of the socket or as a trusted proxy gives it; of IPv6 its network of 64 bits */
    char id[17];             /* request id for logs and error pages, 16 hex digits */
    bool client_gone;        /* set as soon as it is noticed: rendering may be skipped */
    struct arena *arena;     /* dies after the reply has been queued */
    void *owner;             /* private to http */
};

/* "" when absent. Name in lower case. */
struct str http_field(const struct http_request *r, const char *name);
struct str http_cookie(const struct http_request *r, const char *name);

typedef void http_handler_fn(struct http_request *r, void *context);

/* Asked when the head is complete: how many body bytes this request may carry (0 refuses any body with 413). Bodies above
 * 64 KiB are spooled to an unlinked file and mapped, so a slow 10 MiB upload costs no memory. */
typedef size_t http_body_limit_fn(const struct http_request *r, void *context);

/* Beside other servers on the same socket: told how many connections this one has, whenever that changes, it says how many the least busy of the others has;
 * UINT_MAX when there is none. */
typedef unsigned http_beside_fn(unsigned open, void *context);

struct http_config {
    struct str *hosts;        /* names accepted in Host, without port; others get 421 */
    size_t hosts_n;
    struct str *proxies;      /* addresses of reverse proxies of ours: only their X-Forwarded-For is believed */
    size_t proxies_n;
    unsigned max_connections; /* accept pauses above */
    unsigned max_per_address; /* does not count for proxies */
    unsigned head_seconds, body_seconds, idle_seconds, write_seconds, answer_seconds;
    const char *spool_dir;    /* for large bodies */
    const char *tls_cert, *tls_key; /* PEM files or NULL for plain */
    http_handler_fn *handler;
    http_body_limit_fn *body_limit;
    http_beside_fn *beside; /* NULL: alone */
    void *context;
};

struct http_server;

/* fd: a listening socket made by http_listen, owned by the caller. NULL with a reason when TLS files cannot be read. */
struct http_server *http_server_create(struct event_base *loop, int fd, const struct http_config *config, struct err *e);
/* Reads the certificate and key again; on failure the old ones stay in use. */
bool http_server_reload_tls(struct http_server *s, struct err *e);
/* Stops accepting, closes idle connections, answers what is in flight with Connection: close; done() is called when the last one ended. */
void http_server_drain(struct http_server *s, void (*done)(void *), void *context);
void http_server_destroy(struct http_server **s);

/* Binds and listens: close-on-exec, non-blocking, SO_REUSEADDR, TCP_NODELAY (inherited by accepted sockets). address is numeric; port 0 picks one.
 * Returns the descriptor, or -1 with a reason. */
int http_listen(const char *address, uint16_t port, struct err *e);
uint16_t http_listen_port(int fd);

/* ---- answering ---- */

/* Adds a header to the answer; a name or value with CR, LF or NUL is a bug and ends the request with 500. */
void http_add_header(struct http_request *r, const char *name, const char *value);
/* Sends status, the headers added so far, Date, Content-Length and the body as one contiguous buffer; takes no ownership of body. content_type NULL: none.
 * Nothing but static assets is compressed: the length of a page that holds a secret beside what the client sent would tell of the secret (BREACH). */
void http_reply(struct http_request *r, int status, const char *content_type, struct str body);
/*
 * An answer of any length, in pieces: the head goes out, and `more` is called from the loop each time the client has taken what there was. It, or what it has
 * begun, then calls http_stream_piece or http_stream_end, once. When the client has gone `more` is called too, with r->client_gone set. http_stream returns
 * false when nothing is to follow (HEAD, or nobody there any more): the request is over. In HTTP/1.1 the pieces are chunks (RFC 9112, 7.1); for HTTP/1.0
 * the end of the connection is the end of the answer. A stream that is not whole is cut off with a reset, so that nobody takes a part for all of it.
 */
typedef void http_more_fn(struct http_request *r, void *context);
bool http_stream(struct http_request *r, int status, const char *content_type, http_more_fn *more, void *context);
void http_stream_piece(struct http_request *r, struct str bytes);
void http_stream_end(struct http_request *r, bool is_whole);
/* 303 See Other to a path of ours. */
void http_redirect(struct http_request *r, int status, const char *location);

/* ---- reading what was sent ---- */

struct http_pair {
    const char *name;
    const char *value;     /* UTF-8; every line end (CRLF, CR, LF) is one LF */
    const char *file_name; /* NULL unless a file part */
    struct str bytes;      /* of a file part */
    const char *file_type;
};

struct http_pairs {
    struct http_pair *items;
    size_t n;
};

/* application/x-www-form-urlencoded or a query string: at most 1,000 pairs, valid UTF-8, no NUL. */
bool http_read_urlencoded(struct arena *a, struct str text, struct http_pairs *ret, struct err *e);
/* multipart/form-data (RFC 7578): boundary from content_type, at most 100 parts; parts are slices of body. */
bool http_read_multipart(struct arena *a, struct str body, struct str content_type, struct http_pairs *ret, struct err *e);
/* The first value of that name, NULL when there is none. */
const char *http_pair_get(const struct http_pairs *p, const char *name);

/* Whether the client prefers `type` ("application/json", "text/csv") to text/html (RFC 9110, 12.5.1). */
bool http_accepts(const struct http_request *r, const char *type);

/* ---- static assets, built into the program ---- */

struct http_asset {
    const char *path;         /* "/assets/app-3f9a1c2b.css" */
    const char *name;         /* "app.css" */
    const char *content_type;
    const char *etag;         /* quoted, strong */
    struct str plain, gzip, brotli; /* gzip and brotli empty when not smaller */
};

/* Serves r from the table when its path is an asset (GET and HEAD, conditional requests, immutable caching); false when it is not one. */
bool http_serve_asset(struct http_request *r, const struct http_asset *assets, size_t n);
/* Whether If-None-Match names this entity tag (quoted): the client has the answer already. */
bool http_has_tag(const struct http_request *r, const char *etag);
/* An asset by its name; ends the process when there is none, because that is a build error. */
const struct http_asset *http_asset_named(const struct http_asset *assets, size_t n, const char *name);
/* Its hashed path, likewise. */
const char *http_asset_path(const struct http_asset *assets, size_t n, const char *name);

/* ---- counters for /metrics ---- */
struct http_counters {
    uint64_t accepted, requests, refused, timeouts, answers[6]; /* answers by status / 100 */
    unsigned open;
};
const struct http_counters *http_server_counters(const struct http_server *s);

#endif
