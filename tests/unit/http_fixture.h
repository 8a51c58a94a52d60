/*
 * A real server and real clients on one event loop, for the tests of daemon/http.
 * The site owns loop, socket and server; a client owns its socket and what it has read. Whatever cannot be done fails the test.
 */
#ifndef TESTS_UNIT_HTTP_FIXTURE_H
#define TESTS_UNIT_HTTP_FIXTURE_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <event2/event.h>
#include <openssl/ssl.h>

#include "daemon/base/arena.h"
#include "daemon/http/http.h"

struct site {
    struct event_base *loop;
    int fd;
    uint16_t port;
    struct http_server *server;
    struct str hosts[2];
    struct http_config config;
    unsigned executed;
    struct http_request *held; /* by a handler that replies later */
    bool holds;
    bool is_drained;
    size_t body_n;             /* of the last request */
    uint64_t body_sum;
};

struct client {
    int fd;
    SSL *ssl;
    SSL_CTX *ctx;
    struct buf in;
    size_t read; /* of `in`, already taken */
    bool ended;
};

struct answer {
    int status;
    struct str head, body;
};

static inline uint64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static inline uint64_t sum_of(struct str s)
{
    uint64_t sum = 1469598103934665603u;
    for (size_t i = 0; i < s.n; i++)
        sum = (sum ^ (unsigned char)s.p[i]) * 1099511628211u;
    return sum;
}

/* Says what it was asked, so that tests can see which request was executed. */
static inline void site_handler(struct http_request *r, void *context)
{
    struct site *site = context;
    site->executed++;
    site->body_n = r->body.n;
    site->body_sum = sum_of(r->body);
    if (site->holds) {
        site->held = r;
        return;
    }
    if (str_is(r->path, "/peer")) {
        http_reply(r, 200, "text/plain; charset=utf-8", str_of(r->peer));
        return;
    }
    char *text = arena_printf(r->arena, "%s%s %.*s %zu", http_method_name(r->method), r->is_head ? "!" : "", (int)r->path.n, r->path.p,
                              r->body.n);
    http_reply(r, 200, "text/plain; charset=utf-8", str_of(text));
}

static inline size_t site_body_limit(const struct http_request *r, void *context)
{
    (void)context;
    return str_is(r->path, "/none") ? 0 : str_is(r->path, "/big") ? 10 * 1024 * 1024 : 1000;
}

static inline void site_start(struct site *site)
{
    struct err e;
    site->loop = event_base_new();
    site->fd = http_listen("127.0.0.1", 0, &e);
    assert_true(site->fd >= 0);
    site->port = http_listen_port(site->fd);
    assert_int_not_equal(site->port, 0);
    site->hosts[0] = STR("a.example");
    site->hosts[1] = STR("[::1]");
    struct http_config *c = &site->config;
    c->hosts = site->hosts;
    c->hosts_n = 2;
    c->max_connections = c->max_connections ? c->max_connections : 100;
    c->max_per_address = c->max_per_address ? c->max_per_address : 100;
    c->head_seconds = c->head_seconds ? c->head_seconds : 10;
    c->body_seconds = c->body_seconds ? c->body_seconds : 10;
    c->idle_seconds = c->idle_seconds ? c->idle_seconds : 10;
    c->write_seconds = c->write_seconds ? c->write_seconds : 10;
    c->answer_seconds = c->answer_seconds ? c->answer_seconds : 10;
    c->spool_dir = "/tmp";
    c->handler = c->handler ? c->handler : site_handler;
    c->body_limit = site_body_limit;
    c->context = site;
    site->server = http_server_create(site->loop, site->fd, c, &e);
    assert_non_null(site->server);
}

static inline void site_stop(struct site *site)
{
    http_server_destroy(&site->server);
    assert_null(site->server);
    event_base_free(site->loop);
    close(site->fd);
}

static inline void pump(struct site *site)
{
    event_base_loop(site->loop, EVLOOP_NONBLOCK);
}

static inline void pump_for(struct site *site, unsigned ms)
{
    for (uint64_t end = now_ms() + ms; now_ms() < end; poll(NULL, 0, 1))
        pump(site);
}

/* Stands in the queue of the listening socket until the loop turns. */
static inline void client_connect(struct site *site, struct client *c)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(site->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    *c = (struct client){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    assert_true(c->fd >= 0);
    assert_int_equal(connect(c->fd, (struct sockaddr *)&to, sizeof to), 0);
    assert_int_equal(fcntl(c->fd, F_SETFL, O_NONBLOCK), 0);
}

static inline void client_open(struct site *site, struct client *c)
{
    client_connect(site, c);
    pump(site);
}

static inline void client_close(struct client *c)
{
    SSL_free(c->ssl);
    SSL_CTX_free(c->ctx);
    close(c->fd);
    buf_finish(&c->in);
}

static inline ssize_t client_write_some(struct client *c, const char *p, size_t n)
{
    if (!c->ssl)
        return send(c->fd, p, n, MSG_NOSIGNAL);
    int done = SSL_write(c->ssl, p, (int)n);
    if (done <= 0)
        errno = SSL_get_error(c->ssl, done) == SSL_ERROR_SSL ? EPIPE : EAGAIN;
    return done;
}

/* Returns false when the server does not take more. */
static inline bool client_send(struct site *site, struct client *c, struct str s)
{
    for (uint64_t end = now_ms() + 5000; s.n && now_ms() < end; pump(site)) {
        ssize_t n = client_write_some(c, s.p, s.n);
        if (n < 0 && errno != EAGAIN)
            return false;
        if (n > 0)
            s.p += n, s.n -= (size_t)n;
    }
    return s.n == 0;
}

static inline ssize_t client_read_some(struct client *c, char *p, size_t n)
{
    if (!c->ssl)
        return recv(c->fd, p, n, 0);
    int done = SSL_read(c->ssl, p, (int)n);
    if (done > 0)
        return done;
    int why = SSL_get_error(c->ssl, done);
    errno = EAGAIN;
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? -1 : 0;
}

static inline void client_receive(struct site *site, struct client *c)
{
    char piece[65536];
    pump(site);
    for (ssize_t n; !c->ended && (n = client_read_some(c, piece, sizeof piece)) != -1;) {
        if (n > 0)
            buf_add(&c->in, piece, (size_t)n);
        else
            c->ended = true;
    }
    if (errno == ECONNRESET)
        c->ended = true;
}

static inline bool client_waits(struct site *site, struct client *c, unsigned ms)
{
    size_t before = c->in.n;
    for (uint64_t end = now_ms() + ms; now_ms() < end; poll(NULL, 0, 1))
        client_receive(site, c);
    return c->in.n == before && !c->ended;
}

static inline bool client_sees_end(struct site *site, struct client *c, unsigned ms)
{
    for (uint64_t end = now_ms() + ms; !c->ended && now_ms() < end; poll(NULL, 0, c->ended ? 0 : 1))
        client_receive(site, c);
    return c->ended;
}

static inline struct str answer_field(const struct answer *a, const char *name)
{
    struct str rest = a->head, line, key;
    while (str_cut(&rest, '\n', &line)) {
        if (str_cut(&line, ':', &key) && line.p && str_is(key, name))
            return str_trim(line);
    }
    return (struct str){NULL, 0};
}

static inline bool take_answer(struct client *c, bool has_body, struct answer *a)
{
    if (c->in.n == c->read)
        return false;
    struct str s = {c->in.p + c->read, c->in.n - c->read};
    const char *end = memmem(s.p, s.n, "\r\n\r\n", 4);
    if (!end)
        return false;
    a->head = (struct str){s.p, (size_t)(end + 4 - s.p)};
    a->status = atoi(s.p + 9);
    struct str length = answer_field(a, "Content-Length");
    size_t n = has_body && length.p ? strtoul(length.p, NULL, 10) : 0;
    if (s.n < a->head.n + n)
        return false;
    a->body = (struct str){end + 4, n};
    c->read += a->head.n + n;
    return true;
}

/* The next answer; its slices are good until the next call. status 0 when none came within ms. */
static inline struct answer client_answer(struct site *site, struct client *c, bool has_body, unsigned ms)
{
    struct answer a = {0};
    for (uint64_t end = now_ms() + ms; now_ms() < end; poll(NULL, 0, 1)) {
        client_receive(site, c);
        if (take_answer(c, has_body, &a) || (c->ended && !take_answer(c, has_body, &a)))
            break;
    }
    return a;
}

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a.example\r\n\r\n"

static inline void expect_cut(struct site *site, struct str bytes, int status, unsigned from_ms, unsigned to_ms)
{
    struct client c;
    client_open(site, &c);
    uint64_t begun = now_ms();
    assert_true(client_send(site, &c, bytes));
    struct answer a = client_answer(site, &c, true, 8000);
    assert_int_equal(a.status, status);
    assert_true(client_sees_end(site, &c, 3000));
    assert_in_range(now_ms() - begun, from_ms, to_ms);
    client_close(&c);
}

static inline void upload(struct site *site, struct client *c, size_t n, bool in_chunks)
{
    struct buf body = {0};
    for (size_t i = 0; i < n; i++)
        buf_addc(&body, (char)(i * 31 + i / 251));
    struct buf head = {0};
    buf_adds(&head, "POST /big HTTP/1.1\r\nHost: a.example\r\n");
    buf_addf(&head, in_chunks ? "Transfer-Encoding: chunked\r\n\r\n%zx\r\n" : "Content-Length: %zu\r\n\r\n", n);
    assert_true(client_send(site, c, buf_str(&head)));
    assert_true(client_send(site, c, buf_str(&body)));
    assert_true(!in_chunks || client_send(site, c, STR("\r\n0\r\n\r\n")));
    assert_int_equal(client_answer(site, c, true, 5000).status, 200);
    assert_int_equal(site->body_n, n);
    assert_int_equal(site->body_sum, sum_of(buf_str(&body)));
    buf_finish(&body);
    buf_finish(&head);
}

static inline struct answer ask(struct site *site, struct client *c, const char *request)
{
    client_send(site, c, str_of(request));
    return client_answer(site, c, strncmp(request, "HEAD", 4) != 0, 2000);
}

#endif
