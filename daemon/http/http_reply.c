#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

#include <event2/buffer.h>

#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/http/http_private.h"

enum { SCRATCH_KEPT = 256 * 1024 };

struct status_text {
    int status;
    const char *reason, *title, *advice; /* the last two for those the codec answers itself */
};

static const struct status_text statuses[] = {
    {200, "OK", NULL, NULL},
    {201, "Created", NULL, NULL},
    {202, "Accepted", NULL, NULL},
    {204, "No Content", NULL, NULL},
    {301, "Moved Permanently", NULL, NULL},
    {302, "Found", NULL, NULL},
    {303, "See Other", NULL, NULL},
    {304, "Not Modified", NULL, NULL},
    {307, "Temporary Redirect", NULL, NULL},
    {308, "Permanent Redirect", NULL, NULL},
    {400, "Bad Request", "The request could not be read", "Go back and try again."},
    {401, "Unauthorized", NULL, NULL},
    {403, "Forbidden", NULL, NULL},
    {404, "Not Found", NULL, NULL},
    {405, "Method Not Allowed", "This address cannot be used like that", "Use the links and buttons on our pages."},
    {406, "Not Acceptable", NULL, NULL},
    {408, "Request Timeout", "This took too long to reach us", "Check your connection, then try again."},
    {409, "Conflict", NULL, NULL},
    {410, "Gone", NULL, NULL},
    {412, "Precondition Failed", NULL, NULL},
    {413, "Content Too Large", "What you sent is too large", "Send a smaller file, or split it into several."},
    {414, "URI Too Long", "The address is too long", "Go back and try again with a shorter search."},
    {415, "Unsupported Media Type", NULL, NULL},
    {417, "Expectation Failed", "The request could not be read", "Send it without an Expect header."},
    {421, "Misdirected Request", "This address is not served here", "Check the address."},
    {422, "Unprocessable Content", NULL, NULL},
    {429, "Too Many Requests", NULL, NULL},
    {431, "Request Header Fields Too Large", "The request could not be read", "Delete the cookies of this site, then try again."},
    {500, "Internal Server Error", "Sorry, there is a problem with the service", "Try again later."},
    {501, "Not Implemented", "This address cannot be used like that", "Use the links and buttons on our pages."},
    {503, "Service Unavailable", "Sorry, the service is busy", "Try again in a few seconds: a form is never counted twice."},
    {504, "Gateway Timeout", "Sorry, this took too long", "Try again in a minute: a form is never counted twice."},
    {505, "HTTP Version Not Supported", "The request could not be read", "Use HTTP/1.1."},
};

static const struct status_text *status_text(int status)
{
    static const struct status_text other = {0, "Other", NULL, NULL};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (statuses[i].status == status)
            return &statuses[i];
    return &other;
}

/* IMF-fixdate (RFC 9110, 5.6.7), made once a second. */
static const char *date_text(struct http_server *s)
{
    time_t now = time(NULL);
    if (now != s->date_at) {
        struct tm utc;
        gmtime_r(&now, &utc);
        strftime(s->date, sizeof s->date, "%a, %d %b %Y %H:%M:%S GMT", &utc);
        s->date_at = now;
    }
    return s->date;
}

/* ---- one answer ---- */

static bool has_body(int status)
{
    return status >= 200 && status != 204 && status != 304;
}

static void add_line(struct buf *b, const char *name, const char *value)
{
    buf_adds(b, name);
    buf_add(b, ": ", 2);
    buf_adds(b, value);
    buf_add(b, "\r\n", 2);
}

/* With the pages of the codec's own, which no higher layer sees. */
static const char own_fields[] = "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nContent-Security-Policy: default-src 'none'\r\n";

/* The head, in the server's scratch buffer. */
static void make_head(struct http_server *s, struct exchange *x, int status, const char *content_type, size_t body_n, bool closes)
{
    struct buf *b = &s->head;
    b->n = 0;
    buf_addf(b, "HTTP/1.1 %d %s\r\nDate: %s\r\n", status, status_text(status)->reason, date_text(s));
    if (content_type)
        add_line(b, "Content-Type", content_type);
    if (x && x->more && x->request.minor > 0)
        add_line(b, "Transfer-Encoding", "chunked");
    else if (has_body(status) && !(x && x->more))
        buf_addf(b, "Content-Length: %zu\r\n", body_n);
    if (closes)
        add_line(b, "Connection", "close");
    if (x)
        buf_add(b, x->fields.p, x->fields.n);
    else
        buf_adds(b, own_fields);
    if (!x && status == 405)
        add_line(b, "Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    buf_add(b, "\r\n", 2);
}

/* Bytes that the socket took at once. On a plain connection with nothing waiting this saves two turns of the loop for nearly every answer. */
static size_t send_now(struct conn *c, struct str head, struct str body)
{
    if (c->is_tls || evbuffer_get_length(bufferevent_get_output(c->bev)) > 0)
        return 0;
    struct iovec parts[2] = {{(void *)(uintptr_t)head.p, head.n}, {(void *)(uintptr_t)body.p, body.n}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    ssize_t n = sendmsg(bufferevent_getfd(c->bev), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno != EAGAIN && errno != EINTR)
        c->state = CONN_DEAD;
    return n > 0 ? (size_t)n : 0;
}

static void add_unsent(struct conn *c, struct str head, struct str body, size_t sent)
{
    struct evbuffer *out = bufferevent_get_output(c->bev);
    size_t of_head = sent < head.n ? sent : head.n, of_body = sent - of_head;
    /* One piece: separate ones would be separate TLS records. */
    evbuffer_expand(out, head.n + body.n - sent);
    evbuffer_add(out, head.p + of_head, head.n - of_head);
    evbuffer_add(out, body.p + of_body, body.n - of_body);
}

void conn_queue(struct conn *c, struct str head, struct str body)
{
    c->state = CONN_FLUSH;
    size_t sent = send_now(c, head, body);
    if (sent < head.n + body.n && c->state != CONN_DEAD)
        add_unsent(c, head, body, sent);
    c->unsent = evbuffer_get_length(bufferevent_get_output(c->bev));
    if (c->unsent && c->state == CONN_FLUSH)
        conn_deadline(c, UINT64_C(1000) * c->server->config.write_seconds);
}

static void forget_large(struct buf *b)
{
    if (b->cap > SCRATCH_KEPT)
        buf_finish(b);
}

void conn_send(struct conn *c, struct exchange *x, int status, const char *content_type, struct str body)
{
    struct http_server *s = c->server;
    bool ends_with_connection = x && x->more && x->request.minor == 0;
    bool closes = c->closes || s->is_draining || c->served >= HTTP_REQUESTS_MAX || ends_with_connection;
    make_head(s, x, status, content_type, body.n, closes);
    if (!has_body(status) || c->asks_head)
        body.n = 0;
    s->counters.answers[status / 100 < 6 ? status / 100 : 0]++;
    c->closes = closes;
    conn_queue(c, buf_str(&s->head), body);
    forget_large(&s->head);
}

void conn_send_error(struct conn *c, int status)
{
    const struct status_text *t = status_text(status);
    char page[1024];
    int n = snprintf(page, sizeof page,
                     "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>%s</title></head>"
                     "<body><main><h1>%s</h1><p>%s</p></main></body></html>\n",
                     t->title, t->title, t->advice);
    conn_send(c, NULL, status, "text/html; charset=utf-8", (struct str){page, (size_t)n});
}

/* ---- what handlers call ---- */

static bool is_sendable(const char *value)
{
    for (const unsigned char *p = (const unsigned char *)value; *p; p++)
        if ((*p < 0x20 && *p != '\t') || *p == 0x7F)
            return false;
    return true;
}

/* Those that decide where the answer ends are the codec's alone. */
static bool is_framing(const char *name)
{
    return text_same_nocase(name, "content-length") || text_same_nocase(name, "transfer-encoding") || text_same_nocase(name, "connection");
}

void http_add_header(struct http_request *r, const char *name, const char *value)
{
    struct exchange *x = r->owner;
    if (!codec_is_token(str_of(name)) || is_framing(name) || !is_sendable(value)) {
        log_event(LOG_ERROR, "http.header", "req=%s name=%s", r->id, name);
        x->is_broken = true;
        return;
    }
    add_line(&x->fields, name, value);
}

static void reply_broken(struct conn *c, struct exchange *x)
{
    const struct status_text *t = status_text(500);
    x->fields.n = 0;
    conn_send(c, x, 500, "text/plain; charset=utf-8", str_of(t->title));
}

void http_reply(struct http_request *r, int status, const char *content_type, struct str body)
{
    struct exchange *x = r->owner;
    struct conn *c = x->conn;
    struct http_server *s = x->server;
    if (content_type && !is_sendable(content_type))
        x->is_broken = true;
    if (c && (x->is_broken || status < 200 || status > 599))
        reply_broken(c, x);
    else if (c)
        conn_send(c, x, status, content_type, body);
    exchange_free(x);
    if (c)
        conn_advance(c);
    else if (s)
        server_settle(s);
}

/* "//host" and "/\host" would lead away from us. */
static bool is_path_of_ours(const char *location)
{
    return location[0] == '/' && location[1] != '/' && location[1] != '\\';
}

void http_redirect(struct http_request *r, int status, const char *location)
{
    struct exchange *x = r->owner;
    if (is_path_of_ours(location))
        http_add_header(r, "Location", location);
    else
        x->is_broken = true;
    http_reply(r, status, NULL, (struct str){"", 0});
}
