/*
 * What the files of this room share: server, connection and exchange.
 * The server's arena owns the slots of connections and addresses, which are used again; an exchange (one request and its answer) owns its
 * own arena and may outlive its connection until the handler has replied. Nothing here is for other rooms.
 */
#ifndef DAEMON_HTTP_HTTP_PRIVATE_H
#define DAEMON_HTTP_HTTP_PRIVATE_H

#include <sys/queue.h>

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#define ZLIB_CONST

#include "daemon/http/http.h"
#include "daemon/http/http_codec.h"
#include "daemon/http/http_tls.h"

enum {
    HTTP_REQUESTS_MAX = 1000,      /* on one connection */
    HTTP_INPUT_MAX = 32 * 1024,    /* unread bytes kept while a request is being answered */
    HTTP_MEMORY_BODY = 64 * 1024,  /* larger bodies go to a file */
    HTTP_BODY_RATE = 1024,         /* bytes a second, on average, */
    HTTP_BODY_GRACE_MS = 5000,     /* after this time */
    HTTP_LINGER_MS = 2000,         /* for the client to read our last answer before the socket goes */
    HTTP_DRAIN_GRACE_MS = 1000,    /* for a request that is already on its way when draining starts */
    HTTP_ACCEPT_PAUSE_MS = 100,
    HTTP_YIELD_MS = 1
};

enum conn_state {
    CONN_HANDSHAKE,
    CONN_IDLE,   /* between requests: not a byte of the next one has come */
    CONN_HEAD,
    CONN_BODY,
    CONN_ANSWER, /* the handler has the request, or is asked for the next piece of its answer */
    CONN_FLUSH,  /* the answer, or a piece of it, is being sent */
    CONN_LINGER, /* our side is closed; what still comes is thrown away */
    CONN_DEAD
};

struct exchange;

struct conn {
    struct http_server *server;
    struct bufferevent *bev;
    struct event timer;      /* one for everything: fires at or before `deadline` and looks again */
    uint64_t deadline, armed, since; /* ms; `since` is when the present body began */
    size_t unsent;           /* what was still to be sent when progress was last looked at */
    struct exchange *exchange;
    struct codec_scan scan;
    enum conn_state state;
    unsigned served;
    bool input_ended, is_advancing, is_paused, closes, is_tls;
    bool asks_head;          /* the present request is a HEAD: also what refuses it has no body */
    struct address *address;
    LIST_ENTRY(conn) link;
    char peer[46];
};

/* One request on its way through a handler. */
struct exchange {
    struct http_request request;
    struct http_server *server; /* NULL when it was destroyed first */
    struct conn *conn;          /* NULL when the connection ended first */
    struct buf fields;          /* of the answer, as they will be sent; once they are, a piece of it with its framing */
    bool is_broken;             /* a header that must not be sent was added */
    bool is_handed;             /* to the handler, who must reply */
    http_more_fn *more;         /* of an answer in pieces, NULL of any other */
    void *more_context;
    bool is_asked;              /* for a piece, which the handler must give */
    /* the body on its way in */
    struct buf body;
    uint64_t left, received, limit;
    bool is_chunked;
    struct codec_chunks chunks;
    int spool;                  /* descriptor of the unlinked file, -1 when none */
    LIST_ENTRY(exchange) link;
};

LIST_HEAD(conn_list, conn);
LIST_HEAD(exchange_list, exchange);

struct address {
    struct address *next;
    unsigned open;
    char text[46];
};

struct http_server {
    struct event_base *loop;
    struct event *listener;     /* not pending while paused or full */
    struct event *resume;       /* after running out of descriptors */
    struct event *drained;
    struct http_config config;
    SSL_CTX *tls;
    struct arena *arena;
    struct conn_list conns, spare;
    struct exchange_list exchanges;
    struct address **addresses, *spare_addresses;
    size_t addresses_mask;
    struct http_counters counters;
    uint64_t id_seed, id_next;
    bool is_draining, is_paused, is_ending, has_yielded;
    void (*done)(void *);
    void *done_context;
    struct buf head;            /* of the answer being made; reused */
    time_t date_at;
    char date[40];
};

uint64_t http_now_ms(void);

/* http_conn.c */
void conn_open(struct http_server *s, int fd, const char *peer, struct address *address);
void conn_free(struct conn *c);
/* Does everything that can be done with the bytes and answers there are. */
void conn_advance(struct conn *c);
void conn_deadline(struct conn *c, uint64_t ms);
/* Answers with an error page of the codec's own and closes. */
void conn_refuse(struct conn *c, int status);

/* http_body.c */
struct exchange *exchange_create(struct conn *c, struct arena *a, const struct codec_head *head);
void exchange_free(struct exchange *x);
/* Takes from the connection's input what belongs to the body. Returns 0, or the status that refuses it. */
int exchange_read_body(struct exchange *x, struct evbuffer *input);
bool exchange_has_body(const struct exchange *x);
/* Makes request.body of what was read; 0 or a status. */
int exchange_finish_body(struct exchange *x);

/* http_stream.c */
/* The client has taken all there was: asks for more. True when it has come at once. */
bool stream_ask(struct conn *c);
/* The client has gone: the handler is told from the loop, unless it is at work and will find out. */
void stream_abandon(struct exchange *x);

/* http_reply.c */
/* Hands bytes to the socket, or to the output where they wait, and gives the client time to take them. */
void conn_queue(struct conn *c, struct str head, struct str body);
/* Sends a complete answer on c, ending its exchange if there is one. */
void conn_send(struct conn *c, struct exchange *x, int status, const char *content_type, struct str body);
void conn_send_error(struct conn *c, int status);

/* http_server.c */
/* http_peer.c: who asks. peer_forwarded replaces the socket's address by the one that a trusted proxy, and each trusted proxy before it, names in
 * X-Forwarded-For: read from the right, so that what the visitor wrote there is never reached. What is no address ends the reading. */
bool peer_is_proxy(const struct http_config *config, struct str address);
void peer_forwarded(const struct http_config *config, const struct http_field *fields, size_t n, char *peer, size_t peer_n);
/* The text of an address; one of IPv4 is written so however it came. */
bool peer_write(int family, const void *bytes, char *out, size_t n);
/* Leaves of an IPv6 address the 64 bits that everybody has to themselves (RFC 6177): whoever is counted by address must not have 2^64 of them. */
void peer_network(char *peer, size_t n);

struct address *server_enter(struct http_server *s, const char *peer);
void server_leave(struct http_server *s, struct address *address);
/* Tells the servers beside how many connections there are; how many the least busy of them has. */
unsigned server_beside(const struct http_server *s);
/* After a connection or an exchange ended: accepts again below the cap, and notices the end of draining. */
void server_settle(struct http_server *s);

/* http_field.c: whether Accept-Encoding allows a coding. */
bool http_accepts_coding(const struct http_request *r, const char *coding);

#endif
