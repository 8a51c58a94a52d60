#include "daemon/identity/request.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "daemon/base/hash.h"
#include "daemon/base/id.h"
#include "daemon/http/router.h"
#include "daemon/identity/driver.h"
#include "daemon/identity/identity_routes.h"
#include "daemon/identity/kept.h"
#include "daemon/identity/offload.h"
#include "daemon/identity/page_cache.h"
#include "daemon/identity/session.h"
#include "sql/identity.h"
#include "web/html/assets.h"

struct driver *request_driver(const struct request *req)
{
    return req->driver;
}

struct app *request_app(const struct request *req)
{
    return request_driver(req)->app;
}

static uint64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

const char *request_arg(const struct request *req, const char *name)
{
    const struct driver *d = request_driver(req);
    for (size_t i = 0; i < d->args_n; i++)
        if (str_is(http_route_name(req->route->pattern, i), name))
            return str_dup(req->arena, d->args[i]);
    return "";
}

const struct modulus_table *request_modulus(const struct request *req)
{
    return request_driver(req)->app->modulus;
}

const char *request_site(const struct request *req)
{
    struct str site = str_of(request_driver(req)->app->conf->base_url);
    while (site.n && site.p[site.n - 1] == '/')
        site.n--;
    return str_dup(req->arena, site);
}

/* ---- from the path to the route ---- */

/* Takes /for/{person} off the front and .csv or .json off the end. */
static void split_path(struct request *req)
{
    struct driver *d = request_driver(req);
    struct str path = req->http->path;
    req->base = "";
    if (str_starts(path, "/for/")) {
        struct str rest = {path.p + 5, path.n - 5}, person;
        if (str_cut(&rest, '/', &person) && rest.p && person.n) {
            d->for_ref = str_dup(req->arena, person);
            req->base = arena_printf(req->arena, "/for/%s", d->for_ref);
            path = (struct str){rest.p - 1, rest.n + 1};
        }
    }
    static const struct {
        const char *suffix;
        enum answer_form form;
    } forms[] = {{".csv", ANSWER_CSV}, {".json", ANSWER_JSON}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        size_t n = strlen(forms[i].suffix);
        if (path.n > n + 1 && memcmp(path.p + path.n - n, forms[i].suffix, n) == 0) {
            d->answer = forms[i].form;
            path.n -= n;
        }
    }
    if (d->answer == ANSWER_HTML && http_accepts(req->http, "application/json"))
        d->answer = ANSWER_JSON;
    else if (d->answer == ANSWER_HTML && http_accepts(req->http, "text/csv"))
        d->answer = ANSWER_CSV;
    if (reply_is_open(req->http)) {
        d->answer = ANSWER_JSON;
        while (path.n > 1 && path.p[path.n - 1] == '/')
            path.n--;
    }
    d->path = str_dup(req->arena, path);
}

/* Finds the route; when only the method differs, *ret_other tells that the address exists. */
static const struct route *find_route(struct request *req, bool *ret_other)
{
    struct driver *d = request_driver(req);
    enum http_method method = req->http->method == HTTP_HEAD ? HTTP_GET : req->http->method;
    *ret_other = false;
    for (size_t t = 0; t < d->app->tables_n; t++) {
        const struct route_table *table = &d->app->tables[t];
        for (size_t i = 0; i < *table->n; i++) {
            const struct route *r = &table->routes[i];
            if (d->for_ref && !(r->flags & ROUTE_FOR))
                continue;
            if (!http_route_match(r->pattern, str_of(d->path), d->args, PATH_ARGS, &d->args_n))
                continue;
            if (r->method == method)
                return r;
            *ret_other = true;
        }
    }
    return NULL;
}

size_t app_body_limit(const struct http_request *r, void *app)
{
    const struct app *a = app;
    /* What no route takes is read and answered (404, 405) when it is small. */
    size_t limit = (size_t)64 << 10;
    for (size_t t = 0; t < a->tables_n; t++)
        for (size_t i = 0; i < *a->tables[t].n; i++) {
            const struct route *route = &a->tables[t].routes[i];
            struct str args[PATH_ARGS];
            size_t n;
            struct str path = r->path;
            if ((route->flags & ROUTE_FOR) && str_starts(path, "/for/")) {
                struct str rest = {path.p + 5, path.n - 5}, person;
                if (str_cut(&rest, '/', &person) && rest.p)
                    path = (struct str){rest.p - 1, rest.n + 1};
            }
            if (route->method != r->method || r->method == HTTP_GET || !http_route_match(route->pattern, path, args, PATH_ARGS, &n))
                continue;
            limit = route->flags & ROUTE_UPLOAD ? (size_t)10 << 20 : (size_t)1 << 20;
        }
    return limit;
}

/* ---- the unit: who is asking, then what the feature plans ---- */

static const struct {
    enum hat hat;
    const char *role, *name;
} hats[] = {
    {HAT_NONE, "none", "Visitor"},
    {HAT_HOLDER, "holder", "Budget holder"},
    {HAT_SUPPORTER, "supporter", "Supporter"},
    {HAT_BROKER, "broker", "Broker"},
    {HAT_SELF_FUNDER, "self_funder", "Self-funder"},
    {HAT_PROVIDER, "provider", "Provider"},
    {HAT_GROUP, "group", "Community group"},
    {HAT_COMMISSIONER, "commissioner", "Commissioner"},
    {HAT_FINANCE, "finance", "Finance officer"},
    {HAT_AUDITOR, "auditor", "Auditor"},
    {HAT_SAFEGUARDING, "safeguarding", "Safeguarding lead"},
    {HAT_MODERATOR, "moderator", "Moderator"},
    {HAT_OPERATOR, "operator", "Platform operator"},
};

const char *request_hat_name(const char *role)
{
    for (size_t i = 0; i < sizeof hats / sizeof *hats; i++)
        if (strcmp(hats[i].role, role) == 0)
            return hats[i].name;
    return role;
}

static const char *role_list(struct arena *a, unsigned allowed)
{
    const char *list = "";
    for (size_t i = 0; i < sizeof hats / sizeof *hats; i++)
        if (allowed & hats[i].hat)
            list = arena_printf(a, "%s%s%s", list, *list ? " " : "", hats[i].role);
    return list;
}

static void learn_who(struct request *req, const struct sql_identity_enter_row *row)
{
    struct driver *d = request_driver(req);
    struct who *w = &req->who;
    for (size_t i = 0; i < sizeof hats / sizeof *hats; i++)
        if (strcmp(hats[i].role, row->role) == 0) {
            w->hat = hats[i].hat;
            w->hat_name = hats[i].name;
        }
    w->name = row->name;
    w->council_name = row->council_name;
    w->council_slug = row->council_slug;
    w->organisation_name = row->organisation_name;
    w->person_name = row->person_name;
    w->person_ref = row->person_ref;
    w->is_acting = row->is_acting;
    w->hats_n = row->hats;
    d->is_signed_in = w->hat != HAT_NONE;
    d->knows_who = true;
    d->is_demo = row->is_demo;
    d->council_phone = row->council_phone;
}

static void on_done(struct db_unit *u, void *context);

/* NULL when the plan ended the request: nothing of it may be touched then. */
static struct db_unit *plan_round(struct request *req, struct arena *a, request_plan_fn *plan)
{
    struct driver *d = request_driver(req);
    struct db_unit *u = db_unit_create(a);
    bool about_person = req->route->flags & ROUTE_FOR;
    sql_identity_enter_add(u, &(struct sql_identity_enter_params){
                                  .token = session_digest(a, d->token),
                                  .roles = role_list(a, req->route->hats),
                                  .person_ref = d->for_ref,
                                  .needs_person = about_person,
                              });
    if (d->answer == ANSWER_CSV)
        sql_list_whole_add(u, NULL);
    req->first_step = (int)db_unit_count(u);
    bool has_ended = false;
    d->ends_plan = &has_ended;
    if (plan)
        plan(req, u);
    if (has_ended)
        return NULL;
    d->ends_plan = NULL;
    if (req->route->flags & ROUTE_SHARES && db_unit_writes(u))
        db_unit_share(u, d->token ? d->token : "");
    return u;
}

static void run_round(struct request *req, request_plan_fn *plan, request_render_fn *render)
{
    struct driver *d = request_driver(req);
    d->plan = plan;
    d->render = render;
    struct db_pool *db = d->app->db;
    struct db_unit *u = plan_round(req, req->arena, plan);
    if (u)
        db_run(db, u, on_done, req);
}

void request_run_part(struct request *req, struct arena *a, request_plan_fn *plan)
{
    db_run(request_driver(req)->app->db, plan_round(req, a, plan), on_done, req);
}

void request_next(struct request *req, request_plan_fn *plan2, request_render_fn *render2)
{
    request_driver(req)->is_own = true;
    run_round(req, plan2, render2);
}

/* ---- after the Sync ---- */

static void refuse_sign_in(struct request *req)
{
    struct driver *d = request_driver(req);
    d->knows_who = true; /* nobody */
    if (req->http->method == HTTP_GET && d->answer == ANSWER_HTML && !(req->route->flags & ROUTE_API)) {
        struct buf next = {0};
        buf_adds(&next, "/sign-in?next=");
        for (const char *p = req->base; *p; p++)
            buf_addc(&next, *p);
        buf_adds(&next, d->path);
        request_see_other(req, "%s", next.p);
        buf_finish(&next);
        return;
    }
    request_problem_text(req, ERR_SIGN_IN, "You were signed out. Nothing was changed. Sign in, then do it again.");
}

/* Our own exceptions (class MC) carry a sentence for people; everything else is described by the registry. */
static void refuse(struct request *req, const struct db_result *r)
{
    if (strcmp(r->sqlstate, "MC401") == 0)
        refuse_sign_in(req);
    else if (strcmp(r->sqlstate, "MC403") == 0 && r->detail && strcmp(r->detail, "choose-person") == 0 && req->http->method == HTTP_GET)
        request_see_other(req, "/people");
    else if (strcmp(r->sqlstate, "MC403") == 0)
        request_problem_text(req, ERR_FORBIDDEN, "%s.", r->message);
    else if (strcmp(r->sqlstate, "MC404") == 0)
        request_problem(req, ERR_NOT_FOUND);
    else if (strcmp(r->sqlstate, "MC409") == 0)
        request_problem_text(req, ERR_CONFLICT, "%s", r->message);
    else if (strcmp(r->sqlstate, "MC422") == 0)
        request_problem_text(req, ERR_KEY_REUSED, "%s", r->message);
    else if (strcmp(r->sqlstate, "MC429") == 0)
        request_problem_text(req, ERR_WAITING, "%s", r->message);
    else if (strcmp(r->sqlstate, "57014") == 0)
        request_problem(req, ERR_TIMEOUT);
    /* No room on the disk, no memory, too many connections, an error of the disk, shutting down: it passes, and nothing was changed. */
    else if (strncmp(r->sqlstate, "53", 2) == 0 || strncmp(r->sqlstate, "58", 2) == 0 || strncmp(r->sqlstate, "57P", 3) == 0)
        request_problem(req, ERR_UNAVAILABLE);
    else if (strncmp(r->sqlstate, "22", 2) == 0)
        request_problem(req, ERR_BAD_REQUEST);
    else if (strncmp(r->sqlstate, "23", 2) == 0)
        request_problem(req, ERR_CONFLICT);
    else
        request_problem(req, ERR_INTERNAL);
}

static void log_failure(const struct request *req, const struct db_unit *u, const struct db_result *r)
{
    bool expected = strncmp(r->sqlstate, "MC", 2) == 0;
    /* PostgreSQL repeats the value that it cannot read (class 22): that is what somebody typed, and may be anything about anybody. */
    bool is_typed = strncmp(r->sqlstate, "22", 2) == 0;
    const struct db_stmt *stmt = db_unit_stmt(u, r->step);
    log_event(expected ? LOG_DEBUG : LOG_WARN, "request.refused", "req=%s route=%s query=%s sqlstate=%s outcome=%d message=\"%s\"", req->http->id,
              req->route->pattern, stmt ? stmt->name : "-", r->sqlstate, r->outcome, r->message && !is_typed ? r->message : "");
}

static void on_done(struct db_unit *u, void *context)
{
    struct request *req = context;
    struct driver *d = request_driver(req);
    const struct db_result *r = db_unit_result(u);
    if (r->outcome != DB_DONE)
        log_failure(req, u, r);
    if (d->parts) {
        parts_done(req, u);
        return;
    }
    switch (r->outcome) {
    case DB_DONE: {
        struct sql_identity_enter_row row;
        if (sql_identity_enter_one(u, 0, &row))
            learn_who(req, &row);
        if (d->answer != ANSWER_CSV)
            db_unit_cut(u);
        if (paging_is_beyond(req, u))
            paging_restart(req);
        else
            d->render(req, u);
        return;
    }
    case DB_FAILED:
        refuse(req, r);
        return;
    case DB_BUSY:
        request_problem(req, ERR_BUSY);
        return;
    case DB_EXPIRED:
        request_problem(req, ERR_TIMEOUT);
        return;
    case DB_UNKNOWN:
    case DB_AWAY:
        request_problem(req, ERR_UNAVAILABLE);
        return;
    }
}

/* ---- slow or secret work on the helper threads ---- */

static void offload_run(void *context)
{
    struct request *req = context;
    request_driver(req)->work(req->state);
}

static void offload_done(void *context)
{
    struct request *req = context;
    request_driver(req)->render(req, NULL);
}

void request_offload(struct request *req, request_work_fn *work, void *state, request_render_fn *render2)
{
    struct driver *d = request_driver(req);
    req->state = state;
    d->work = work;
    d->render = render2;
    if (!offload_submit(d->app->offload, offload_run, offload_done, req)) {
        d->app->counters.offload_refused++;
        request_problem(req, ERR_BUSY);
    }
}

/* ---- what was sent ---- */

static bool read_form_body(struct request *req, struct err *e)
{
    struct driver *d = request_driver(req);
    struct str type = http_field(req->http, "content-type");
    if (str_starts(type, "application/x-www-form-urlencoded") || !req->http->body.n)
        return http_read_urlencoded(req->arena, req->http->body, &d->pairs, e);
    if (str_starts(type, "multipart/form-data"))
        return http_read_multipart(req->arena, req->http->body, type, &d->pairs, e);
    return err_set(e, "content type %.*s", (int)type.n, type.p);
}

static bool is_json(const struct request *req)
{
    return str_starts(http_field(req->http, "content-type"), "application/json");
}

static bool take_key(struct request *req, const char *key)
{
    if (!key || !id_is_uuid(str_of(key))) {
        request_problem_text(req, ERR_BAD_REQUEST, "%s", req->route->flags & ROUTE_API ?
                             "The request carries no idempotency key. Send a UUID of your own as Idempotency-Key, and the same one when you try again." :
                             "The request carries no idempotency key. Reload the page, then send the form again.");
        return false;
    }
    req->key = key;
    return true;
}

/* What no form sends: the header with the key cannot come from another site's page without being asked first (Fetch, CORS preflight). */
static bool accept_raw(struct request *req)
{
    if (!session_is_same_origin(req))
        return request_problem(req, ERR_STALE_FORM), false;
    return take_key(req, str_dup(req->arena, http_field(req->http, "idempotency-key")));
}

/* A JSON body: Idempotency-Key header, same origin, declared members only. */
static bool accept_json(struct request *req)
{
    struct err e = {""};
    if (!accept_raw(req))
        return false;
    if (req->form && !form_read_json(req->form, req->http->body, &e)) {
        request_problem_text(req, ERR_BAD_REQUEST, "The JSON body cannot be read: %s.", e.text);
        return false;
    }
    return true;
}

static bool accept_write(struct request *req)
{
    struct driver *d = request_driver(req);
    struct err e = {""};
    if (req->route->flags & ROUTE_RAW)
        return accept_raw(req);
    if (req->route->input)
        req->form = request_form(req, req->route->input);
    if (is_json(req))
        return accept_json(req);
    if (!read_form_body(req, &e)) {
        request_problem_text(req, ERR_BAD_REQUEST, "What was sent cannot be read: %s.", e.text);
        return false;
    }
    if (!session_is_ours(req, http_pair_get(&d->pairs, "csrf")))
        return request_problem(req, ERR_STALE_FORM), false;
    if (!take_key(req, http_pair_get(&d->pairs, "key")))
        return false;
    if (req->form) {
        req->form->key = req->key;
        form_read_pairs(req->form, &d->pairs);
    }
    return true;
}

static bool accept_query(struct request *req)
{
    struct driver *d = request_driver(req);
    struct err e = {""};
    bool is_read = http_read_urlencoded(req->arena, req->http->query, &d->pairs, &e);
    if (!paging_take(req))
        return false;
    if (!req->route->input)
        return true;
    req->form = request_filter(req, req->route->input);
    if (!is_read) {
        request_problem_text(req, ERR_BAD_REQUEST, "The web address cannot be read: %s.", e.text);
        return false;
    }
    if (d->pairs.n)
        form_read_pairs(req->form, &d->pairs);
    return true;
}

/* Only somebody who may use the route is told what is wrong with the input. */
static void refuse_input(struct request *req, const struct db_unit *u)
{
    (void)u;
    request_problem(req, ERR_INVALID);
}

static void start(struct request *req)
{
    struct driver *d = request_driver(req);
    bool is_write = req->http->method != HTTP_GET && req->http->method != HTTP_HEAD;
    if (!(is_write ? accept_write(req) : accept_query(req)))
        return;
    if (req->form) {
        req->input = req->form->input;
        if (is_write && !form_is_valid(req->form)) {
            if (!req->route->again_render || d->answer == ANSWER_JSON || is_json(req)) {
                run_round(req, NULL, refuse_input);
                return;
            }
            d->is_again = true;
            run_round(req, req->route->again_plan, req->route->again_render);
            return;
        }
    }
    if (!is_write && answers_shown(req))
        return;
    run_round(req, req->route->plan, req->route->render);
}

void request_handle(struct http_request *http, void *context)
{
    struct app *app = context;
    if (http_serve_asset(http, http_assets, http_assets_n) || reply_icon(http))
        return;
    if (http->method == HTTP_OPTIONS && reply_is_open(http)) {
        reply_preflight(http);
        return;
    }
    struct str key = kept_key(http, app);
    if (kept_answer(http, app, key))
        return;
    struct request *req = arena_alloc(http->arena, sizeof *req);
    struct driver *d = arena_alloc(http->arena, sizeof *d);
    static const struct route no_route = {.pattern = "-"};
    req->http = http;
    req->arena = http->arena;
    req->driver = d;
    req->route = &no_route;
    req->page = 1;
    req->who = (struct who){.hat = HAT_NONE, .hat_name = "Visitor"};
    d->app = app;
    d->key = key;
    d->edition = key.n ? page_cache_edition(app->pages) : 0;
    d->started_us = now_us();
    d->token = reply_is_open(http) ? NULL : session_token(req); /* open data is the same for everyone */
    split_path(req);
    bool other_method;
    const struct route *route = find_route(req, &other_method);
    if (!route) {
        if (other_method && reply_is_open(http))
            http_add_header(http, "Allow", "GET, HEAD, OPTIONS");
        request_problem(req, other_method ? ERR_METHOD : ERR_NOT_FOUND);
        return;
    }
    req->route = route;
    start(req);
}

struct form *request_form(struct request *req, const struct form_spec *spec)
{
    struct form *f = form_create(req->arena, spec);
    f->csrf = session_csrf(req);
    f->key = id_uuid(req->arena);
    request_driver(req)->is_own = true; /* two people must not send the same key */
    return f;
}

struct form *request_filter(struct request *req, const struct form_spec *spec)
{
    struct form *f = form_create(req->arena, spec);
    f->is_filter = true;
    return f;
}

struct form *request_form_again(struct request *req, const struct form_spec *spec)
{
    if (!req->form || req->form->spec != spec)
        return request_form(req, spec);
    if (req->form->key)
        req->form->key = request_form(req, spec)->key; /* what was refused belongs to the old key */
    return req->form;
}
