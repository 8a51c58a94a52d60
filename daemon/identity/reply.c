#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "daemon/base/hash.h"
#include "daemon/base/json.h"
#include "daemon/identity/driver.h"
#include "daemon/identity/kept.h"
#include "daemon/identity/request.h"
#include "daemon/identity/shell.h"
#include "sql/identity.h"
#include "web/html/assets.h"

#define POLICY                                                                                                                       \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; " \
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

static uint64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void log_answer(const struct request *req, int status)
{
    struct driver *d = request_driver(req);
    uint64_t us = now_us() - d->started_us;
    d->app->counters.answers[status / 100 % 6]++;
    d->app->counters.microseconds += us;
    log_event(LOG_DEBUG, "request.answered", "req=%s method=%s route=%s status=%d us=%llu", req->http->id, http_method_name(req->http->method),
              req->route->pattern, status, (unsigned long long)us);
}

bool reply_is_open(const struct http_request *http)
{
    return str_is(http->path, "/openreferral") || str_starts(http->path, "/openreferral/");
}

void reply_preflight(struct http_request *http)
{
    reply_headers(http, false);
    http_add_header(http, "Access-Control-Allow-Methods", "GET, HEAD, OPTIONS");
    http_add_header(http, "Access-Control-Allow-Headers", "*");
    http_add_header(http, "Access-Control-Max-Age", "86400");
    http_reply(http, 204, NULL, STR(""));
}

bool reply_icon(struct http_request *http)
{
    if (!str_is(http->path, "/favicon.ico") || http->method != HTTP_GET)
        return false;
    http_add_header(http, "Location", http_asset_path(http_assets, http_assets_n, "favicon.svg"));
    http_add_header(http, "Cache-Control", "public, max-age=86400");
    http_reply(http, 302, NULL, STR(""));
    return true;
}

bool reply_is_known(struct http_request *http, struct str body)
{
    if (!reply_is_open(http))
        return false;
    const char *tag = arena_printf(http->arena, "\"%.32s\"", hash_sha256_hex(http->arena, body));
    http_add_header(http, "ETag", tag);
    return http_has_tag(http, tag);
}

void reply_headers(struct http_request *http, bool may_store)
{
    if (reply_is_open(http))
        http_add_header(http, "Access-Control-Allow-Origin", "*");
    http_add_header(http, "Content-Security-Policy", POLICY);
    http_add_header(http, "X-Content-Type-Options", "nosniff");
    http_add_header(http, "Referrer-Policy", "no-referrer");
    http_add_header(http, "Cross-Origin-Opener-Policy", "same-origin");
    http_add_header(http, "Permissions-Policy", "camera=(), microphone=(), geolocation=()");
    if (http->tls)
        http_add_header(http, "Strict-Transport-Security", "max-age=31536000");
    http_add_header(http, "Cache-Control", may_store ? "private, no-cache" : "no-store");
    http_add_header(http, "X-Request-Id", http->id);
}

void reply_begin(struct request *req, int status)
{
    struct driver *d = request_driver(req);
    d->has_replied = true;
    if (d->ends_plan)
        *d->ends_plan = true;
    reply_headers(req->http, !d->token && (status == 200 || status == 304 || status == 422));
    log_answer(req, status);
}

void reply_send(struct request *req, int status, const char *content_type, struct str body)
{
    if (request_driver(req)->has_replied)
        return;
    if (status == 200 && reply_is_known(req->http, body))
        status = 304;
    reply_begin(req, status);
    http_reply(req->http, status, content_type, body);
}

/* ---- pages ---- */

struct html *request_page_begin(struct request *req, int status, const char *title)
{
    struct driver *d = request_driver(req);
    bool is_refused = req->form && req->form->errors_n && (d->is_again || req->http->method == HTTP_POST);
    d->page_status = is_refused && status == 200 ? 422 : status;
    d->page_title = title;
    d->body = (struct buf){0};
    d->html = (struct html){.out = &d->body, .arena = req->arena};
    return &d->html;
}

void request_page_end(struct request *req, struct html *o)
{
    struct driver *d = request_driver(req);
    struct buf page = {0};
    if (d->page_status == 422 && answers_refused(req)) {
        buf_finish(&d->body);
        return;
    }
    shell_page(req, &page, d->page_title, req->form && req->form->errors_n, buf_str(o->out));
    buf_finish(&d->body);
    /* The request, and d with it, is gone behind this. */
    kept_send(req, d->page_status, "text/html; charset=utf-8", buf_str(&page));
    buf_finish(&page);
}

/* ---- rows as JSON or CSV ---- */

bool request_rows(struct request *req, const struct db_unit *u, int step, const char *file_name)
{
    struct driver *d = request_driver(req);
    if (d->answer == ANSWER_HTML)
        return false;
    const void *rows;
    size_t n = db_unit_rows(u, step, &rows);
    struct buf out = {0};
    if (d->answer == ANSWER_CSV) {
        struct sql_list_whole_row whole = {0};
        sql_list_whole_one(u, req->first_step - 1, &whole);
        db_rows_csv(&out, db_unit_stmt(u, step), rows, n);
        /* A table has no place for a warning but its name. */
        const char *cut = n < (size_t)whole.most ? "" : arena_printf(req->arena, "-only-%zu-rows", n);
        request_download(req, arena_printf(req->arena, "%s%s.csv", file_name, cut), "text/csv; charset=utf-8", buf_str(&out));
    } else {
        db_rows_json(&out, db_unit_stmt(u, step), rows, n);
        kept_send(req, 200, "application/json", buf_str(&out));
    }
    buf_finish(&out);
    return true;
}

bool request_wants_file(const struct request *req)
{
    return request_driver(req)->answer == ANSWER_CSV;
}

void request_json(struct request *req, int status, struct str body)
{
    kept_send(req, status, "application/json", body);
}

void reply_attachment(struct request *req, const char *file_name)
{
    char *safe = arena_strdup(req->arena, file_name);
    for (char *p = safe; *p; p++)
        if (!text_is_alpha(*p) && !text_is_digit(*p) && *p != '.' && *p != '-' && *p != '_')
            *p = '-';
    http_add_header(req->http, "Content-Disposition", arena_printf(req->arena, "attachment; filename=\"%s\"", safe));
}

void request_download(struct request *req, const char *file_name, const char *content_type, struct str bytes)
{
    reply_attachment(req, file_name);
    reply_send(req, 200, content_type, bytes);
}

/* ---- problems ---- */

static void write_field_errors(struct buf *out, const struct form *f)
{
    buf_adds(out, ",\"errors\":[");
    bool first = true;
    for (size_t i = 0; i < f->spec->fields_n; i++) {
        if (!f->states[i].error)
            continue;
        buf_adds(out, first ? "{\"field\":" : ",{\"field\":");
        json_write_text(out, f->spec->fields[i].name);
        buf_adds(out, ",\"message\":");
        json_write_text(out, f->states[i].error);
        buf_addc(out, '}');
        first = false;
    }
    buf_addc(out, ']');
}

/* application/problem+json (RFC 9457). */
static void problem_json(struct request *req, const struct err_info *info, const char *advice)
{
    struct buf out = {0};
    buf_addf(&out, "{\"type\":\"/problems/%s\",\"title\":", info->name);
    json_write_text(&out, info->title);
    buf_addf(&out, ",\"status\":%d,\"detail\":", info->status);
    json_write_text(&out, advice);
    buf_addf(&out, ",\"instance\":\"%s\"", req->http->id);
    if (req->form && req->form->errors_n)
        write_field_errors(&out, req->form);
    buf_addc(&out, '}');
    reply_send(req, info->status, "application/problem+json", buf_str(&out));
    buf_finish(&out);
}

static void problem(struct request *req, const struct err_info *info, const char *advice)
{
    struct driver *d = request_driver(req);
    if (info->status == 503 || info->status == 429)
        http_add_header(req->http, "Retry-After", info->status == 429 ? "60" : "2");
    log_event(info->level, "request.problem", "req=%s route=%s problem=%s", req->http->id, req->route->pattern, info->name);
    /* Programs ask below /api, also for what no route takes. */
    bool wants_json = d->answer == ANSWER_JSON || (req->route->flags & ROUTE_API) || str_starts(req->http->path, "/api/") ||
                      str_starts(http_field(req->http, "content-type"), "application/json");
    if (wants_json) {
        problem_json(req, info, advice);
        return;
    }
    d->is_again = false;
    req->form = NULL;
    struct html *o = request_page_begin(req, info->status, info->title);
    shell_problem(req, o, info, advice);
    request_page_end(req, o);
}

void request_problem(struct request *req, enum err_code code)
{
    const struct err_info *info = err_info(code);
    /* Whoever only looked has sent no answers that could be stored or not. */
    bool only_looked = req->http->method != HTTP_POST && (code == ERR_UNAVAILABLE || code == ERR_TIMEOUT);
    problem(req, info, only_looked ? "Nothing was changed. Load this page again in a minute." : info->advice);
}

void request_problem_text(struct request *req, enum err_code code, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *advice = arena_vprintf(req->arena, fmt, ap);
    va_end(ap);
    problem(req, err_info(code), advice);
}

void request_see_other(struct request *req, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *location = arena_vprintf(req->arena, fmt, ap);
    va_end(ap);
    /* Only paths of ours: "//host" and "/\host" are other people's. */
    if (location[0] != '/' || location[1] == '/' || location[1] == '\\') {
        request_problem(req, ERR_INTERNAL);
        return;
    }
    http_add_header(req->http, "Location", location);
    reply_send(req, 303, NULL, STR(""));
}
