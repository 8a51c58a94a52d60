/*
 * A request on its straight line: route -> plan (which named queries) -> run (one atomic round trip) -> render -> reply.
 * The request and everything hanging on it live in its arena, which dies after the reply. A plan is pure: it only adds queries, or ends the request
 * with a problem. A render runs only after the Sync was seen and replies exactly once, or plans another round with request_next.
 */
#ifndef DAEMON_IDENTITY_REQUEST_H
#define DAEMON_IDENTITY_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/base/arena.h"
#include "daemon/base/err.h"
#include "daemon/base/text.h"
#include "daemon/db/db.h"
#include "daemon/http/http.h"
#include "web/html/form.h"
#include "web/html/html.h"

struct request;

/* Who may use a route: one bit a role; a session acts in exactly one hat. */
enum hat {
    HAT_NONE = 1 << 0,        /* not signed in */
    HAT_HOLDER = 1 << 1,      /* budget holder */
    HAT_SUPPORTER = 1 << 2,   /* family, attorney, deputy, appointee, advocate: acts under a mandate */
    HAT_BROKER = 1 << 3,      /* acts under a mandate */
    HAT_SELF_FUNDER = 1 << 4,
    HAT_PROVIDER = 1 << 5,    /* agencies, charities, in-house services and micro-enterprises */
    HAT_GROUP = 1 << 6,       /* community group */
    HAT_COMMISSIONER = 1 << 7,
    HAT_FINANCE = 1 << 8,
    HAT_AUDITOR = 1 << 9,
    HAT_SAFEGUARDING = 1 << 10,
    HAT_MODERATOR = 1 << 11,
    HAT_OPERATOR = 1 << 12,
    HAT_ANYONE = (1 << 13) - 1,
    HAT_SIGNED_IN = HAT_ANYONE & ~HAT_NONE,
    HAT_PERSON = HAT_HOLDER | HAT_SUPPORTER | HAT_BROKER | HAT_SELF_FUNDER, /* pages of a person: own, or /for/{person}/… */
    HAT_COUNCIL = HAT_COMMISSIONER | HAT_FINANCE | HAT_AUDITOR | HAT_SAFEGUARDING | HAT_MODERATOR
};

typedef void request_plan_fn(struct request *req, struct db_unit *u);
typedef void request_render_fn(struct request *req, const struct db_unit *u);

enum route_flags {
    ROUTE_FOR = 1 << 0,    /* also served below /for/{person}/: acts for that person under the session's mandate */
    ROUTE_UPLOAD = 1 << 1, /* multipart body of up to 10 MiB */
    ROUTE_API = 1 << 2,    /* JSON in and out; problems as application/problem+json */
    ROUTE_KEPT = 1 << 4,   /* shows visitors nothing but the catalogue: its pages may be kept in memory until the catalogue changes */
    ROUTE_SHARES = 1 << 5, /* may share its transaction with others of the kind that wait (db_unit_share) */
    ROUTE_PAGED = 1 << 6,  /* a list in pages: req->page; a page behind the last, or one that is no number, sends to the first with everything else kept */
    ROUTE_RAW = 1 << 3     /* the body is a document of its own (req->http->body); the key comes in the Idempotency-Key header */
};

struct route {
    enum http_method method;
    const char *pattern;           /* "/orders/{order}/cancel"; {name} matches one segment */
    unsigned hats;
    const struct form_spec *input; /* GET: the query string; POST: the body. NULL: none */
    request_plan_fn *plan;         /* may be NULL: nothing to ask the database but who is asking */
    request_render_fn *render;
    unsigned flags;
    /* POST: what shows the page again when the input is not valid (the GET route's pair). */
    request_plan_fn *again_plan;
    request_render_fn *again_render;
    const char *handler;           /* the names of plan and render, as a reader searches for them */
};

/* One row of a route table. plan and render must be the functions themselves: `marketcross routes` prints their names. */
#define ROUTE(method_, pattern_, hats_, input_, plan_, render_, flags_, again_plan_, again_render_)                                        \
    {                                                                                                                                     \
        .method = method_, .pattern = pattern_, .hats = hats_, .input = input_, .plan = plan_, .render = render_, .flags = flags_,           \
        .again_plan = again_plan_, .again_render = again_render_, .handler = #plan_ " " #render_                                          \
    }

/* Who is asking, as the database knows it; filled before render runs. */
struct who {
    const char *hat_name;      /* "Budget holder", shown on every page */
    enum hat hat;              /* HAT_NONE when not signed in */
    const char *name;          /* of the account */
    const char *council_name, *council_slug; /* NULL for visitors */
    const char *organisation_name; /* of provider, group and broker hats */
    const char *person_name;   /* whose pages these are: own or acted for */
    const char *person_ref;
    bool is_acting;            /* for somebody else: shows the acting-for bar */
    int hats_n;                /* how many hats this account may wear */
};

struct request {
    struct http_request *http;
    struct arena *arena;
    const struct route *route;
    struct who who;
    struct form *form;      /* when the route has an input */
    const void *input;      /* its filled struct */
    const char *key;        /* idempotency key of a writing request (UUID), NULL on reads */
    const char *base;       /* "" or "/for/REF": put in front of links to a person's pages */
    int32_t page;           /* of a list in pages, from 1 */
    void *state;            /* of the feature, across rounds */
    int first_step;         /* index of the feature's first query in the unit: what came before asked who is asking */
    void *driver;           /* private */
};

/* The value of {name} in the pattern, never NULL for a name in it. */
const char *request_arg(const struct request *req, const char *name);

/* The table that account numbers are checked against (payments/bank/modulus.h); NULL: the operator has loaded none. */
struct modulus_table;
const struct modulus_table *request_modulus(const struct request *req);

/* How people reach the site, "https://example.org": in front of paths that other programs are told. */
const char *request_site(const struct request *req);

/* The driver: http_handler_fn of the worker. */
struct app;
void request_handle(struct http_request *http, void *app);

/* ---- replies, called from render (request_problem also from plan) ---- */

/* A page in the shell: request_page(req, 200, "My money", tmpl_payments_money, .budget = …). T is a generated template. */
#define request_page(req, status, title, T, ...)                                                                                     \
    do {                                                                                                                             \
        struct html *page_html_ = request_page_begin((req), (status), (title));                                                      \
        T(page_html_, &(struct T){__VA_ARGS__});                                                                                     \
        request_page_end((req), page_html_);                                                                                         \
    } while (0)
struct html *request_page_begin(struct request *req, int status, const char *title);
void request_page_end(struct request *req, struct html *o);

/* When the caller asked for .csv or .json (by suffix or Accept), answers with the rows of that step and returns true. JSON gives the page that was asked for,
 * CSV the whole list: queries bound themselves by mc.list_most(). */
bool request_rows(struct request *req, const struct db_unit *u, int step, const char *file_name);

/* When the caller asked for .csv: for lists that go out in parts, however long. */
bool request_wants_file(const struct request *req);

/*
 * A list as CSV of any length, as the client takes it: the rows of this step, then those of the first step of what `plan` plans, again and again, until a part
 * has none. `place` tells the id of a row, so that the plan knows after which one to go on (request_place). Each part is a transaction of its own, in which
 * who is asking is looked at anew; a part that fails cuts the answer off. Nothing may touch req after this.
 */
typedef int64_t request_place_fn(const void *row);
void request_parts(struct request *req, const struct db_unit *u, int step, const char *file_name, request_plan_fn *plan, request_place_fn *place);

/* The same as lines of text, one a row, not as a file to keep. */
typedef const char *request_line_fn(const void *row);
void request_lines(struct request *req, const struct db_unit *u, int step, const char *content_type, request_plan_fn *plan, request_place_fn *place,
                   request_line_fn *line);

/* The id of the last row that went out in parts; 0 before the first part. */
int64_t request_place(const struct request *req);

void request_problem(struct request *req, enum err_code code);
/* The same with a sentence of its own instead of the registry's advice. */
void request_problem_text(struct request *req, enum err_code code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* 303 to a path of ours, after a write. */
void request_see_other(struct request *req, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* application/json, for routes of the API; of a route marked ROUTE_KEPT it may be kept. */
void request_json(struct request *req, int status, struct str body);
void request_download(struct request *req, const char *file_name, const char *content_type, struct str bytes);

/* Where the pages before and behind this one are, of the list in pages at that step; NULL when this is the first or the last. For partials/pages. */
const char *request_prev_page(const struct request *req);
const char *request_next_page(const struct request *req, const struct db_unit *u, int step);

/* Another round: plan2 fills a fresh unit, then render2 runs. */
void request_next(struct request *req, request_plan_fn *plan2, request_render_fn *render2);
/* Slow or secret work (password hashing) on the bounded helper threads; then render2 of the same round with the unit NULL. 503 when the queue is full. */
typedef void request_work_fn(void *state);
void request_offload(struct request *req, request_work_fn *work, void *state, request_render_fn *render2);

/* A fresh form for a page (GET routes that show one), with CSRF token and idempotency key. */
struct form *request_form(struct request *req, const struct form_spec *spec);
/* A form that only asks: its fields go into the address, so it carries neither token nor key. */
struct form *request_filter(struct request *req, const struct form_spec *spec);
/* The form to show: the one just refused, under a key of its own, or a fresh one. */
struct form *request_form_again(struct request *req, const struct form_spec *spec);

/* Keeps what was typed into the request's form for whoever is asking, for 28 days, and sends to TO/KEY, whose page reads it back (answers_kept, request_kept). */
void request_keep(struct request *req, const char *to);
/* The form as it was typed, under a new token and key, with what is wrong said at its fields; NULL when it was kept of another form. */
struct form *request_kept(struct request *req, const struct form_spec *spec, const char *answers);

#endif
