#include <stdio.h>
#include <sys/socket.h>

#include <event2/buffer.h>

#include "daemon/http/http_private.h"

bool http_stream(struct http_request *r, int status, const char *content_type, http_more_fn *more, void *context)
{
    struct exchange *x = r->owner;
    struct conn *c = x->conn;
    if (!c || x->is_broken) {
        http_reply(r, status, content_type, (struct str){"", 0});
        return false;
    }
    r->client_gone = false;
    x->more = more;
    x->more_context = context;
    conn_send(c, x, status, content_type, (struct str){"", 0});
    bool has_pieces = !c->asks_head;
    if (!has_pieces)
        exchange_free(x);
    conn_advance(c);
    return has_pieces;
}

static void ask(struct exchange *x)
{
    x->is_asked = true;
    x->more(&x->request, x->more_context);
}

bool stream_ask(struct conn *c)
{
    c->state = CONN_ANSWER;
    conn_deadline(c, UINT64_C(1000) * c->server->config.answer_seconds);
    ask(c->exchange);
    return c->state != CONN_ANSWER;
}

static void on_abandoned(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    ask(context);
}

/* From the loop: whoever notices that the client has gone stands in the middle of something. A server that ends may not have a loop any more. */
void stream_abandon(struct exchange *x)
{
    struct timeval now = {0, 0};
    x->request.client_gone = true;
    if (x->is_asked)
        return;
    x->is_asked = true;
    if (!x->server || x->server->is_ending || event_base_once(x->server->loop, -1, EV_TIMEOUT, on_abandoned, x, &now) != 0)
        ask(x);
}

void http_stream_piece(struct http_request *r, struct str bytes)
{
    struct exchange *x = r->owner;
    struct conn *c = x->conn;
    char size[24];
    x->is_asked = false;
    if (!c) {
        stream_abandon(x);
        return;
    }
    /* An empty chunk would be the last one. */
    if (bytes.n && r->minor > 0) {
        int n = snprintf(size, sizeof size, "%zx\r\n", bytes.n);
        x->fields.n = 0;
        buf_add(&x->fields, bytes.p, bytes.n);
        buf_add(&x->fields, "\r\n", 2);
        conn_queue(c, (struct str){size, (size_t)n}, buf_str(&x->fields));
    } else {
        conn_queue(c, bytes, (struct str){"", 0});
    }
    conn_advance(c);
}

/* Where the end of the connection is the end of the answer, an orderly one would say that all of it was there. */
static void cut(struct conn *c)
{
    struct linger none = {.l_onoff = 1, .l_linger = 0};
    setsockopt(bufferevent_getfd(c->bev), SOL_SOCKET, SO_LINGER, &none, sizeof none);
    c->state = CONN_DEAD;
}

void http_stream_end(struct http_request *r, bool is_whole)
{
    struct exchange *x = r->owner;
    struct conn *c = x->conn;
    struct http_server *s = x->server;
    int minor = r->minor;
    exchange_free(x);
    if (!c) {
        if (s)
            server_settle(s);
        return;
    }
    c->closes = c->closes || s->is_draining;
    if (is_whole)
        conn_queue(c, str_of(minor > 0 ? "0\r\n\r\n" : ""), (struct str){"", 0});
    else
        cut(c);
    conn_advance(c);
}
