#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/id.h"
#include "daemon/base/log.h"
#include "daemon/http/http_private.h"

enum { BACKLOG = 1024, SERVER_ARENA = 256 * 1024 * 1024, ADDRESS_SLOTS = 1024 };

/* ---- listening ---- */

union socket_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static socklen_t read_address(const char *address, uint16_t port, union socket_address *ret)
{
    memset(ret, 0, sizeof *ret);
    if (inet_pton(AF_INET, address, &ret->v4.sin_addr) == 1) {
        ret->v4.sin_family = AF_INET;
        ret->v4.sin_port = htons(port);
        return sizeof ret->v4;
    }
    if (inet_pton(AF_INET6, address, &ret->v6.sin6_addr) == 1) {
        ret->v6.sin6_family = AF_INET6;
        ret->v6.sin6_port = htons(port);
        return sizeof ret->v6;
    }
    return 0;
}

int http_listen(const char *address, uint16_t port, struct err *e)
{
    union socket_address where;
    socklen_t n = read_address(address, port, &where);
    int on = 1;
    if (!n) {
        err_set(e, "%s is not a numeric address", address);
        return -1;
    }
    int fd = socket(where.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0 && bind(fd, &where.any, n) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    err_set(e, "cannot listen on %s port %u: %s", address, port, strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

uint16_t http_listen_port(int fd)
{
    union socket_address where = {0};
    socklen_t n = sizeof where;
    if (getsockname(fd, &where.any, &n) != 0)
        return 0;
    return ntohs(where.any.sa_family == AF_INET6 ? where.v6.sin6_port : where.v4.sin_port);
}

/* ---- connections of each address ---- */

static struct address **address_bucket(struct http_server *s, const char *text)
{
    uint64_t h = s->id_seed;
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * UINT64_C(0x100000001B3);
    return &s->addresses[(h ^ h >> 32) & s->addresses_mask];
}

/* NULL when that address has as many connections as it may have. */
struct address *server_enter(struct http_server *s, const char *peer)
{
    char counted[sizeof ((struct address *)NULL)->text] = "";
    memcpy(counted, peer, strnlen(peer, sizeof counted - 1));
    peer_network(counted, sizeof counted);
    struct address **bucket = address_bucket(s, counted), *a = *bucket;
    while (a && strcmp(a->text, counted) != 0)
        a = a->next;
    if (a && s->config.max_per_address && a->open >= s->config.max_per_address && !peer_is_proxy(&s->config, str_of(peer)))
        return NULL;
    if (!a) {
        a = s->spare_addresses;
        if (a)
            s->spare_addresses = a->next;
        else
            a = arena_alloc(s->arena, sizeof *a);
        *a = (struct address){.next = *bucket};
        memcpy(a->text, counted, sizeof a->text);
        *bucket = a;
    }
    a->open++;
    return a;
}

void server_leave(struct http_server *s, struct address *address)
{
    if (--address->open)
        return;
    struct address **at = address_bucket(s, address->text);
    while (*at != address)
        at = &(*at)->next;
    *at = address->next;
    address->next = s->spare_addresses;
    s->spare_addresses = address;
}

/* ---- accepting ---- */

static void peer_text(const struct sockaddr *sa, char *out, size_t n)
{
    const struct sockaddr_in *v4 = (const void *)sa;
    const struct sockaddr_in6 *v6 = (const void *)sa;
    bool is_ip = sa->sa_family == AF_INET || sa->sa_family == AF_INET6;
    if (!is_ip || !peer_write(sa->sa_family, sa->sa_family == AF_INET6 ? (const void *)&v6->sin6_addr : &v4->sin_addr, out, n))
        snprintf(out, n, "local");
}

static bool is_full(const struct http_server *s)
{
    return s->config.max_connections && s->counters.open >= s->config.max_connections;
}

static void admit(struct http_server *s, int fd, const struct sockaddr *sa)
{
    char peer[46];
    peer_text(sa, peer, sizeof peer);
    struct address *address = server_enter(s, peer);
    if (address) {
        conn_open(s, fd, peer, address);
    } else {
        s->counters.refused++;
        evutil_closesocket(fd);
    }
}

static void accept_later(struct http_server *s, int ms)
{
    struct timeval pause = {0, ms * 1000};
    event_del(s->listener);
    s->is_paused = true;
    event_add(s->resume, &pause);
}

unsigned server_beside(const struct http_server *s)
{
    return s->config.beside ? s->config.beside(s->counters.open, s->config.context) : UINT_MAX;
}

/* Whoever has clearly more than the least busy beside it leaves it a moment for what waits; what still waits then is taken all the same. */
static bool yields(struct http_server *s)
{
    unsigned least = server_beside(s);
    s->has_yielded = !s->has_yielded && least < UINT_MAX / 2 && s->counters.open > least + least / 8 + 1;
    return s->has_yielded;
}

/* A turn of the loop takes one connection, and one more for every eight there are. Whoever took all that wait would have a burst to itself, for as long
   as the connections live, while the workers beside it have nothing to do. */
static void on_waiting(evutil_socket_t listen_fd, short what, void *context)
{
    struct http_server *s = context;
    (void)what;
    if (yields(s)) {
        accept_later(s, HTTP_YIELD_MS);
        return;
    }
    for (unsigned most = 1 + s->counters.open / 8; most; most--) {
        union socket_address from = {0};
        socklen_t n = sizeof from;
        int fd = accept4(listen_fd, &from.any, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
                /* Out of descriptors or memory: trying again at once would only burn time that could end connections. */
                log_event(LOG_WARN, "http.accept", "reason=%s", strerror(errno));
                accept_later(s, HTTP_ACCEPT_PAUSE_MS);
            }
            return;
        }
        admit(s, fd, &from.any);
        if (is_full(s)) {
            event_del(s->listener);
            return;
        }
    }
}

static void on_resume(evutil_socket_t fd, short what, void *context)
{
    struct http_server *s = context;
    (void)fd;
    (void)what;
    s->is_paused = false;
    server_settle(s);
}

void server_settle(struct http_server *s)
{
    if (s->listener && !s->is_paused && !is_full(s))
        event_add(s->listener, NULL);
    if (s->is_draining && LIST_EMPTY(&s->conns) && LIST_EMPTY(&s->exchanges))
        event_active(s->drained, EV_TIMEOUT, 0);
}

/* Called by the loop, never from inside a connection, so that done() may destroy the server. */
static void on_drained(evutil_socket_t fd, short what, void *context)
{
    struct http_server *s = context;
    (void)fd;
    (void)what;
    void (*done)(void *) = s->done;
    s->done = NULL;
    if (done)
        done(s->done_context);
}

/* ---- the server ---- */

static struct str *copy_names(struct arena *a, const struct str *names, size_t n)
{
    struct str *copy = arena_array(a, n, sizeof *copy);
    for (size_t i = 0; i < n; i++)
        copy[i] = (struct str){str_dup(a, names[i]), names[i].n};
    return copy;
}

static void copy_config(struct http_server *s, const struct http_config *config)
{
    struct arena *a = s->arena;
    s->config = *config;
    s->config.hosts = copy_names(a, config->hosts, config->hosts_n);
    s->config.proxies = copy_names(a, config->proxies, config->proxies_n);
    s->config.spool_dir = arena_strdup(a, config->spool_dir ? config->spool_dir : "/tmp");
    s->config.tls_cert = config->tls_cert ? arena_strdup(a, config->tls_cert) : NULL;
    s->config.tls_key = config->tls_key ? arena_strdup(a, config->tls_key) : NULL;
}

static bool start(struct http_server *s, int fd, struct err *e)
{
    if (s->config.hosts_n == 0)
        return err_set(e, "no host name is configured");
    if (s->config.tls_cert && !http_server_reload_tls(s, e))
        return false;
    s->resume = evtimer_new(s->loop, on_resume, s);
    s->drained = evtimer_new(s->loop, on_drained, s);
    s->listener = event_new(s->loop, fd, EV_READ | EV_PERSIST, on_waiting, s);
    if (!s->resume || !s->drained || !s->listener || event_add(s->listener, NULL) != 0)
        return err_set(e, "cannot watch the listening socket");
    return true;
}

struct http_server *http_server_create(struct event_base *loop, int fd, const struct http_config *config, struct err *e)
{
    struct arena *a = arena_create(SERVER_ARENA);
    struct http_server *s = arena_alloc(a, sizeof *s);
    signal(SIGPIPE, SIG_IGN);
    s->arena = a;
    s->loop = loop;
    s->addresses = arena_array(a, ADDRESS_SLOTS, sizeof(struct address *));
    s->addresses_mask = ADDRESS_SLOTS - 1;
    id_random(&s->id_seed, sizeof s->id_seed);
    copy_config(s, config);
    if (!start(s, fd, e))
        http_server_destroy(&s);
    return s;
}

bool http_server_reload_tls(struct http_server *s, struct err *e)
{
    if (!s->config.tls_cert)
        return true;
    if (!s->config.tls_key)
        return err_set(e, "a certificate needs its key");
    SSL_CTX *fresh = http_tls_create(s->config.tls_cert, s->config.tls_key, e);
    if (!fresh)
        return false;
    SSL_CTX_free(s->tls);
    s->tls = fresh;
    return true;
}

void http_server_drain(struct http_server *s, void (*done)(void *), void *context)
{
    if (s->listener)
        event_free(s->listener);
    s->listener = NULL;
    s->is_draining = true;
    s->done = done;
    s->done_context = context;
    /* An idle connection gets a moment more: its next request may be on its way, and is answered rather than lost. */
    struct conn *c;
    LIST_FOREACH(c, &s->conns, link)
        if (c->state == CONN_IDLE)
            conn_deadline(c, HTTP_DRAIN_GRACE_MS);
    server_settle(s);
}

void http_server_destroy(struct http_server **server)
{
    if (!server || !*server)
        return;
    struct http_server *s = *server;
    *server = NULL;
    s->is_draining = false;
    s->is_ending = true;
    if (s->listener)
        event_free(s->listener);
    s->listener = NULL;
    while (!LIST_EMPTY(&s->conns))
        conn_free(LIST_FIRST(&s->conns));
    for (struct exchange *x; (x = LIST_FIRST(&s->exchanges)); x->server = NULL)
        LIST_REMOVE(x, link);
    if (s->resume)
        event_free(s->resume);
    if (s->drained)
        event_free(s->drained);
    SSL_CTX_free(s->tls);
    buf_finish(&s->head);
    struct arena *a = s->arena;
    arena_destroy(&a);
}

const struct http_counters *http_server_counters(const struct http_server *s)
{
    return &s->counters;
}
