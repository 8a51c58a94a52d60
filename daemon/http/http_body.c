#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <event2/buffer.h>

#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/http/http_private.h"

enum { PIECE = 16 * 1024 };

/* Distinct within the process and hard to guess from outside; it identifies log lines, it does not protect anything. */
static void make_id(struct http_server *s, char out[17])
{
    static const char digits[] = "0123456789abcdef";
    uint64_t x = s->id_seed + ++s->id_next * UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    x ^= x >> 31;
    for (int i = 15; i >= 0; i--, x >>= 4)
        out[i] = digits[x & 15];
    out[16] = '\0';
}

struct exchange *exchange_create(struct conn *c, struct arena *a, const struct codec_head *head)
{
    struct exchange *x = arena_alloc(a, sizeof *x);
    struct http_request *r = &x->request;
    r->is_head = head->method == HTTP_HEAD;
    r->method = r->is_head ? HTTP_GET : head->method;
    r->target = head->target;
    r->path = head->path;
    r->query = head->query;
    /* HTTP/1.0 may leave Host out: then the first name of ours is meant. */
    r->host = head->host.p ? head->host : c->server->config.hosts[0];
    r->minor = head->minor;
    r->fields = arena_memdup(a, head->fields, head->fields_n * sizeof *head->fields);
    r->fields_n = head->fields_n;
    r->body = (struct str){"", 0};
    r->tls = c->is_tls;
    memcpy(r->peer, c->peer, sizeof r->peer);
    peer_forwarded(&c->server->config, r->fields, r->fields_n, r->peer, sizeof r->peer);
    peer_network(r->peer, sizeof r->peer);
    make_id(c->server, r->id);
    r->arena = a;
    r->owner = x;
    x->server = c->server;
    x->conn = c;
    x->left = head->length;
    x->is_chunked = head->is_chunked;
    x->spool = -1;
    LIST_INSERT_HEAD(&c->server->exchanges, x, link);
    return x;
}

void exchange_free(struct exchange *x)
{
    struct arena *a = x->request.arena;
    if (x->server)
        LIST_REMOVE(x, link);
    if (x->conn)
        x->conn->exchange = NULL;
    if (x->spool >= 0)
        close(x->spool);
    buf_finish(&x->fields);
    buf_finish(&x->body);
    arena_destroy(&a);
}

bool exchange_has_body(const struct exchange *x)
{
    return x->is_chunked ? x->chunks.state == CHUNK_DONE : x->left == 0;
}

/* ---- keeping the bytes: in memory up to a size, then in a file that has no name ---- */

static bool write_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        p += done, n -= (size_t)done;
    }
    return true;
}

static bool spool_open(struct exchange *x)
{
    char *name = arena_printf(x->request.arena, "%s/body-XXXXXX", x->server->config.spool_dir);
    x->spool = mkostemp(name, O_CLOEXEC);
    if (x->spool < 0)
        return false;
    unlink(name);
    bool is_moved = write_all(x->spool, x->body.p, x->body.n);
    buf_finish(&x->body);
    return is_moved;
}

static int keep(struct exchange *x, struct str data)
{
    x->received += data.n;
    if (x->received > x->limit)
        return 413;
    bool is_kept = true;
    if (x->spool < 0 && x->received > HTTP_MEMORY_BODY)
        is_kept = spool_open(x);
    if (is_kept && x->spool >= 0)
        is_kept = write_all(x->spool, data.p, data.n);
    else if (is_kept)
        buf_add(&x->body, data.p, data.n);
    if (!is_kept)
        log_event(LOG_ERROR, "http.spool", "req=%s reason=%s", x->request.id, strerror(errno));
    return is_kept ? 0 : 503;
}

static int read_chunks(struct exchange *x, struct str *in)
{
    struct str data;
    while (codec_next_chunk(&x->chunks, in, &data)) {
        int status = keep(x, data);
        if (status)
            return status;
    }
    return x->chunks.state == CHUNK_BAD ? 400 : 0;
}

static int read_plain(struct exchange *x, struct str *in)
{
    struct str data = {in->p, in->n < x->left ? in->n : (size_t)x->left};
    in->p += data.n, in->n -= data.n;
    x->left -= data.n;
    return keep(x, data);
}

int exchange_read_body(struct exchange *x, struct evbuffer *input)
{
    while (!exchange_has_body(x) && evbuffer_get_length(input)) {
        size_t n = evbuffer_get_length(input);
        n = n > PIECE ? PIECE : n;
        struct str in = {(const char *)evbuffer_pullup(input, (ev_ssize_t)n), n};
        int status = x->is_chunked ? read_chunks(x, &in) : read_plain(x, &in);
        evbuffer_drain(input, n - in.n);
        if (status)
            return status;
    }
    return 0;
}

struct mapping {
    void *p;
    size_t n;
};

static void unmap(void *thing)
{
    struct mapping *m = thing;
    munmap(m->p, m->n);
}

int exchange_finish_body(struct exchange *x)
{
    if (x->spool < 0) {
        x->request.body = buf_str(&x->body);
        return 0;
    }
    struct mapping *m = arena_alloc(x->request.arena, sizeof *m);
    m->n = (size_t)x->received;
    m->p = mmap(NULL, m->n, PROT_READ, MAP_PRIVATE, x->spool, 0);
    if (m->p == MAP_FAILED) {
        log_event(LOG_ERROR, "http.spool", "req=%s reason=%s", x->request.id, strerror(errno));
        return 503;
    }
    arena_attach(x->request.arena, unmap, m);
    close(x->spool);
    x->spool = -1;
    x->request.body = (struct str){m->p, m->n};
    return 0;
}
