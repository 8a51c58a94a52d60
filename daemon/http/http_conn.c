#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>

#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/http/http_private.h"

uint64_t http_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* ---- time ---- */

static void arm(struct conn *c, uint64_t now)
{
    uint64_t ms = c->deadline > now ? c->deadline - now : 0;
    struct timeval tv = {(time_t)(ms / 1000), (suseconds_t)(ms % 1000 * 1000)};
    event_add(&c->timer, &tv);
    c->armed = c->deadline;
}

/* A timer that fires too early looks again; so a deadline that only moves away costs nothing. */
void conn_deadline(struct conn *c, uint64_t ms)
{
    uint64_t now = http_now_ms();
    c->deadline = now + ms;
    if (!c->armed || c->armed > c->deadline)
        arm(c, now);
}

static void enter(struct conn *c, enum conn_state state, uint64_t ms)
{
    c->state = state;
    conn_deadline(c, ms);
}

static uint64_t body_ms(const struct conn *c)
{
    return UINT64_C(1000) * c->server->config.body_seconds;
}

/* Time until a body must be looked at again: at the end of its grace, then every second, and at its total deadline. */
static uint64_t next_look(const struct conn *c, uint64_t elapsed)
{
    uint64_t wait = elapsed < HTTP_BODY_GRACE_MS ? HTTP_BODY_GRACE_MS - elapsed : 1000;
    uint64_t left = body_ms(c) - elapsed;
    return wait < left ? wait : left;
}

static bool body_is_late(const struct conn *c, uint64_t elapsed)
{
    return elapsed >= body_ms(c) ||
           (elapsed >= HTTP_BODY_GRACE_MS && c->exchange->received * 1000 < elapsed * HTTP_BODY_RATE);
}

/* A handler that has the request keeps it, and will reply to nobody. */
static void drop_exchange(struct conn *c)
{
    struct exchange *x = c->exchange;
    c->exchange = NULL;
    if (x && x->is_handed) {
        x->request.client_gone = true;
        x->conn = NULL;
        if (x->more)
            stream_abandon(x);
    } else if (x) {
        exchange_free(x);
    }
}

void conn_refuse(struct conn *c, int status)
{
    log_event(LOG_DEBUG, "http.refused", "status=%d peer=%s", status, c->peer);
    c->server->counters.refused++;
    c->closes = true;
    drop_exchange(c);
    conn_send_error(c, status);
}

static void expire_body(struct conn *c)
{
    uint64_t elapsed = http_now_ms() - c->since;
    if (!body_is_late(c, elapsed)) {
        conn_deadline(c, next_look(c, elapsed));
        return;
    }
    c->server->counters.timeouts++;
    conn_refuse(c, 408);
}

/* The client that reads nothing at all is cut; the slow one is not. */
static void expire_flush(struct conn *c)
{
    size_t unsent = evbuffer_get_length(bufferevent_get_output(c->bev));
    if (unsent < c->unsent) {
        c->unsent = unsent;
        conn_deadline(c, UINT64_C(1000) * c->server->config.write_seconds);
        return;
    }
    c->server->counters.timeouts++;
    c->state = CONN_DEAD;
}

/* An answer that has begun can only be cut off. */
static void expire_answer(struct conn *c)
{
    c->server->counters.timeouts++;
    if (c->exchange && c->exchange->more)
        c->state = CONN_DEAD;
    else
        conn_refuse(c, 504);
}

static void expire(struct conn *c)
{
    switch (c->state) {
    case CONN_HEAD:
        c->server->counters.timeouts++;
        conn_refuse(c, 408);
        break;
    case CONN_ANSWER:
        expire_answer(c);
        break;
    case CONN_BODY:
        expire_body(c);
        break;
    case CONN_FLUSH:
        expire_flush(c);
        break;
    default:
        c->server->counters.timeouts += c->state == CONN_HANDSHAKE;
        c->state = CONN_DEAD;
    }
    conn_advance(c);
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
    struct conn *c = context;
    (void)fd;
    (void)what;
    uint64_t now = http_now_ms();
    c->armed = 0;
    if (now < c->deadline)
        arm(c, now);
    else
        expire(c);
}

/* ---- one step of the connection; each returns whether there may be another ---- */

static bool step_idle(struct conn *c)
{
    if (evbuffer_get_length(bufferevent_get_input(c->bev)) == 0) {
        if (c->input_ended)
            c->state = CONN_DEAD;
        return false;
    }
    c->scan = (struct codec_scan){0};
    enter(c, CONN_HEAD, UINT64_C(1000) * c->server->config.head_seconds);
    return true;
}

static bool refused(struct conn *c, int status)
{
    conn_refuse(c, status);
    return true;
}

/* Whether the body, as announced, may come. */
static int judge_body(struct conn *c, const struct codec_head *head)
{
    const struct http_config *config = &c->server->config;
    struct exchange *x = c->exchange;
    if (exchange_has_body(x))
        return 0;
    x->limit = config->body_limit ? config->body_limit(&x->request, config->context) : 0;
    if (head->length > x->limit)
        return 413;
    if (head->expects_continue && evbuffer_get_length(bufferevent_get_input(c->bev)) == 0)
        evbuffer_add_printf(bufferevent_get_output(c->bev), "HTTP/1.1 100 Continue\r\n\r\n");
    return 0;
}

static bool begin_exchange(struct conn *c, struct arena *a, char *bytes)
{
    struct codec_head head;
    const struct http_config *config = &c->server->config;
    int status = codec_read_head(a, bytes, c->scan.at, &head);
    if ((!status || status == 417) && head.host.p) {
        int host = codec_check_host(head.host, config->hosts, config->hosts_n);
        status = host ? host : status;
    }
    if (status) {
        arena_destroy(&a);
        return refused(c, status);
    }
    c->served++;
    c->closes = head.closes;
    c->exchange = exchange_create(c, a, &head);
    status = judge_body(c, &head);
    if (status)
        return refused(c, status);
    c->since = http_now_ms();
    c->state = CONN_BODY;
    if (!exchange_has_body(c->exchange))
        conn_deadline(c, next_look(c, 0));
    return true;
}

static bool step_head(struct conn *c)
{
    struct evbuffer *in = bufferevent_get_input(c->bev);
    size_t n = evbuffer_get_length(in);
    /* One byte more than a head may have, so that the one too many is seen. */
    n = n > HTTP_HEAD_MAX + 1 ? HTTP_HEAD_MAX + 1 : n;
    const char *p = (const char *)evbuffer_pullup(in, (ev_ssize_t)n);
    int status = codec_scan_head(&c->scan, p, n);
    c->asks_head = str_starts((struct str){p, n}, "HEAD ");
    if (status)
        return refused(c, status);
    if (!c->scan.is_complete)
        return c->input_ended ? refused(c, 400) : false;
    struct arena *a = arena_create(0);
    char *bytes = arena_memdup(a, p, c->scan.at);
    evbuffer_drain(in, c->scan.at);
    return begin_exchange(c, a, bytes);
}

static bool step_body(struct conn *c)
{
    struct exchange *x = c->exchange;
    int status = exchange_read_body(x, bufferevent_get_input(c->bev));
    if (!status && !exchange_has_body(x))
        return c->input_ended ? refused(c, 400) : false;
    if (!status)
        status = exchange_finish_body(x);
    if (status)
        return refused(c, status);
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): in CONN_BODY there is an exchange, which on_event alone has to ask for. */
    x->request.client_gone = c->input_ended && evbuffer_get_length(bufferevent_get_input(c->bev)) == 0;
    x->is_handed = true;
    c->server->counters.requests++;
    enter(c, CONN_ANSWER, UINT64_C(1000) * c->server->config.answer_seconds);
    c->server->config.handler(&x->request, c->server->config.context);
    return c->state != CONN_ANSWER;
}

/* Ends our side first and lets the client end the connection: closing with bytes unread would make the system reset it, and the last
 * answer could be lost. */
static void linger(struct conn *c)
{
    if (c->input_ended) {
        c->state = CONN_DEAD;
        return;
    }
    SSL *ssl = c->is_tls ? bufferevent_openssl_get_ssl(c->bev) : NULL;
    if (ssl) {
        SSL_shutdown(ssl);
        /* Errors wait in a queue of the thread, where the next connection would take them for its own. */
        ERR_clear_error();
    }
    shutdown(bufferevent_getfd(c->bev), SHUT_WR);
    enter(c, CONN_LINGER, HTTP_LINGER_MS);
}

static bool step_flush(struct conn *c)
{
    if (evbuffer_get_length(bufferevent_get_output(c->bev)) > 0)
        return false;
    if (c->exchange)
        return stream_ask(c);
    if (c->closes)
        linger(c);
    else
        enter(c, CONN_IDLE, UINT64_C(1000) * c->server->config.idle_seconds);
    return true;
}

static bool step_linger(struct conn *c)
{
    struct evbuffer *in = bufferevent_get_input(c->bev);
    evbuffer_drain(in, evbuffer_get_length(in));
    if (c->input_ended)
        c->state = CONN_DEAD;
    return false;
}

static bool step(struct conn *c)
{
    switch (c->state) {
    case CONN_IDLE:
        return step_idle(c);
    case CONN_HEAD:
        return step_head(c);
    case CONN_BODY:
        return step_body(c);
    case CONN_FLUSH:
        return step_flush(c);
    case CONN_LINGER:
        return step_linger(c);
    default:
        return false;
    }
}

/* While a request is answered the client may send on, but only so much. */
static void pause_or_read(struct conn *c)
{
    bool is_full = (c->state == CONN_ANSWER || c->state == CONN_FLUSH) &&
                   evbuffer_get_length(bufferevent_get_input(c->bev)) >= HTTP_INPUT_MAX;
    if (is_full == c->is_paused)
        return;
    c->is_paused = is_full;
    if (is_full)
        bufferevent_disable(c->bev, EV_READ);
    else if (!c->input_ended && bufferevent_enable(c->bev, EV_READ) != 0)
        conn_free(c);
}

void conn_advance(struct conn *c)
{
    if (c->is_advancing)
        return;
    c->is_advancing = true;
    while (step(c))
        continue;
    c->is_advancing = false;
    if (c->state == CONN_DEAD)
        conn_free(c);
    else
        pause_or_read(c);
}

/* ---- what the bufferevent tells ---- */

static void on_bytes(struct bufferevent *bev, void *context)
{
    (void)bev;
    conn_advance(context);
}

static void on_event(struct bufferevent *bev, short what, void *context)
{
    struct conn *c = context;
    (void)bev;
    if (what & BEV_EVENT_CONNECTED) {
        enter(c, CONN_IDLE, UINT64_C(1000) * c->server->config.idle_seconds);
    } else if ((what & BEV_EVENT_EOF) && c->state != CONN_HANDSHAKE) {
        c->input_ended = true;
        /* Whoever takes an answer in pieces is there for as long as the pieces can be sent. */
        if (c->exchange && !c->exchange->more)
            c->exchange->request.client_gone = true;
    } else {
        drop_exchange(c);
        c->state = CONN_DEAD;
    }
    conn_advance(c);
}

/* ---- beginning and end ---- */

static struct bufferevent *make_bev(struct http_server *s, int fd)
{
    if (!s->tls)
        return bufferevent_socket_new(s->loop, fd, BEV_OPT_CLOSE_ON_FREE);
    SSL *ssl = SSL_new(s->tls);
    if (!ssl)
        return NULL;
    struct bufferevent *bev = bufferevent_openssl_socket_new(s->loop, fd, ssl, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
    if (bev)
        bufferevent_openssl_set_allow_dirty_shutdown(bev, 1);
    else
        SSL_free(ssl);
    return bev;
}

static struct conn *take_slot(struct http_server *s)
{
    struct conn *c = LIST_FIRST(&s->spare);
    if (!c)
        return arena_alloc(s->arena, sizeof *c);
    LIST_REMOVE(c, link);
    return memset(c, 0, sizeof *c);
}

void conn_open(struct http_server *s, int fd, const char *peer, struct address *address)
{
    struct bufferevent *bev = make_bev(s, fd);
    if (!bev) {
        evutil_closesocket(fd);
        server_leave(s, address);
        return;
    }
    struct conn *c = take_slot(s);
    c->server = s;
    c->bev = bev;
    c->is_tls = s->tls != NULL;
    c->address = address;
    memcpy(c->peer, peer, strnlen(peer, sizeof c->peer - 1));
    event_assign(&c->timer, s->loop, -1, 0, on_timer, c);
    LIST_INSERT_HEAD(&s->conns, c, link);
    s->counters.open++;
    s->counters.accepted++;
    (void)server_beside(s);
    bufferevent_setcb(bev, on_bytes, on_bytes, on_event, c);
    enter(c, c->is_tls ? CONN_HANDSHAKE : CONN_IDLE,
          UINT64_C(1000) * (c->is_tls ? s->config.head_seconds : s->config.idle_seconds));
    /* One that cannot be watched is cut rather than left waiting. */
    if (bufferevent_enable(bev, EV_READ | EV_WRITE) != 0)
        conn_free(c);
}

void conn_free(struct conn *c)
{
    struct http_server *s = c->server;
    drop_exchange(c);
    event_del(&c->timer);
    bufferevent_free(c->bev);
    server_leave(s, c->address);
    LIST_REMOVE(c, link);
    LIST_INSERT_HEAD(&s->spare, c, link);
    s->counters.open--;
    (void)server_beside(s);
    server_settle(s);
}
