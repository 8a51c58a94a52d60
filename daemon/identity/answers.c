/* What was typed, kept on the server: every page of a form has an address of its own that the browser can go back to, and no answer stands in one. */
#include <string.h>

#include "daemon/base/id.h"
#include "daemon/base/json.h"
#include "daemon/http/router.h"
#include "daemon/identity/driver.h"
#include "daemon/identity/session.h"
#include "sql/identity.h"

enum { KEPT_BYTES = 32 << 10, KEPT_DAYS = 28, REFUSED_DAYS = 1 };

struct keep {
    const char *page; /* the path of the form */
    const char *to;   /* the key is put behind it */
    const char *answers;
    int days;
};

/* ---- written down ---- */

static const char *text_of(struct arena *a, struct buf *b)
{
    const char *text = str_dup(a, buf_str(b));
    buf_finish(b);
    return text;
}

/* As form_read_json reads it. Neither passwords nor files. */
static const char *answers_text(struct arena *a, const struct form *f)
{
    struct buf b = {0};
    buf_addc(&b, '{');
    for (size_t i = 0; i < f->spec->fields_n; i++) {
        const struct form_field *field = &f->spec->fields[i];
        const char *typed = f->states[i].typed;
        if (text_is_empty(typed) || field->kind == FORM_PASSWORD || field->kind == FORM_FILE)
            continue;
        buf_addf(&b, "%s\"%s\":", b.n > 1 ? "," : "", field->name);
        if (field->kind == FORM_TICK)
            buf_adds(&b, "true");
        else
            json_write_text(&b, typed);
    }
    buf_addc(&b, '}');
    return text_of(a, &b);
}

static const char *messages_text(struct arena *a, const struct form *f)
{
    struct buf b = {0};
    buf_addc(&b, '{');
    for (size_t i = 0; i <= f->spec->fields_n; i++) {
        const char *message = i < f->spec->fields_n ? f->states[i].error : f->error;
        if (!message)
            continue;
        buf_addf(&b, "%s\"%s\":", b.n > 1 ? "," : "", i < f->spec->fields_n ? f->spec->fields[i].name : "");
        json_write_text(&b, message);
    }
    buf_addc(&b, '}');
    return text_of(a, &b);
}

static void keep_plan(struct request *req, struct db_unit *u)
{
    const struct keep *k = req->state;
    sql_answers_keep_add(u, &(struct sql_answers_keep_params){.key = req->key,
                                                              .page = k->page,
                                                              .form = req->form->spec->name,
                                                              .answers = k->answers,
                                                              .messages = messages_text(req->arena, req->form),
                                                              .days = k->days});
}

static void keep_render(struct request *req, const struct db_unit *u)
{
    const struct keep *k = req->state;
    struct sql_answers_keep_row row = {0};
    sql_answers_keep_one(u, req->first_step, &row);
    if (row.key) {
        request_see_other(req, "%s%s", k->to, row.key);
        return;
    }
    request_driver(req)->is_unkept = true; /* nobody is signed in */
    request_next(req, req->route->again_plan, req->route->again_render);
}

static void keep(struct request *req, const char *page, const char *to, const char *answers, int days)
{
    struct keep *k = arena_alloc(req->arena, sizeof *k);
    *k = (struct keep){page, to, answers, days};
    req->state = k;
    request_next(req, keep_plan, keep_render);
}

/* ---- the page of a form ---- */

/* Whether the GET route shows the form of the POST route, of the same things. */
static bool shows(const struct route *get, const struct route *post)
{
    if (get->method != HTTP_GET || post->method != HTTP_POST || !post->input || get->render != post->again_render || get->plan != post->again_plan)
        return false;
    size_t n = 0;
    for (struct str name; (name = http_route_name(get->pattern, n)).n; n++)
        if (!str_equal(name, http_route_name(post->pattern, n)))
            return false;
    return http_route_name(post->pattern, n).n == 0;
}

/* The page of the form that this request sends; with the name of a form, what it is sent to from this request's page. */
static const struct route *other_route(const struct request *req, const char *form)
{
    const struct app *app = request_app(req);
    for (size_t t = 0; t < app->tables_n; t++)
        for (size_t i = 0; i < *app->tables[t].n; i++) {
            const struct route *r = &app->tables[t].routes[i];
            if (form ? shows(req->route, r) && strcmp(r->input->name, form) == 0 : shows(r, req->route))
                return r;
        }
    return NULL;
}

static const char *segment_of(struct request *req, struct str arg)
{
    struct html all = {.arena = req->arena};
    struct html part = html_part(&all);
    html_url_part(&part, str_dup(req->arena, arg));
    return html_part_text(&part);
}

static const char *path_of(struct request *req, const struct route *route)
{
    const struct driver *d = request_driver(req);
    struct str rest = str_of(route->pattern), segment;
    struct buf b = {0};
    size_t arg = 0;
    str_cut(&rest, '/', &segment);
    while (str_cut(&rest, '/', &segment)) {
        buf_addc(&b, '/');
        if (segment.n && segment.p[0] == '{')
            buf_adds(&b, segment_of(req, d->args[arg++]));
        else
            buf_add(&b, segment.p, segment.n);
    }
    return text_of(req->arena, &b);
}

bool answers_refused(struct request *req)
{
    const struct driver *d = request_driver(req);
    const struct route *page;
    if (!d->token || d->is_unkept || d->answer != ANSWER_HTML || req->http->method != HTTP_POST || !req->form || !req->key ||
        str_starts(http_field(req->http, "content-type"), "application/json") || !(page = other_route(req, NULL)))
        return false;
    const char *answers = answers_text(req->arena, req->form), *path = path_of(req, page);
    if (strlen(answers) > KEPT_BYTES)
        return false;
    keep(req, path, arena_printf(req->arena, "%s%s?kept=", req->base, path), answers, REFUSED_DAYS);
    return true;
}

void request_keep(struct request *req, const char *to)
{
    const struct route *page = other_route(req, NULL);
    keep(req, page ? path_of(req, page) : "", arena_printf(req->arena, "%s/", to), answers_text(req->arena, req->form), KEPT_DAYS);
}

/* ---- read back ---- */

struct form *request_kept(struct request *req, const struct form_spec *spec, const char *answers)
{
    struct err e = {""};
    struct form *f = request_form(req, spec);
    return form_read_json(f, str_of(answers), &e) ? f : NULL;
}

static void say_messages(struct request *req, struct form *f, const char *messages)
{
    struct err e = {""};
    json_t *said = json_read(req->arena, str_of(messages), KEPT_BYTES, &e), *message;
    const char *name;
    json_object_foreach(said, name, message) {
        form_error(f, *name ? name : NULL, "%s", json_string_value(message));
    }
}

static void kept_plan(struct request *req, struct db_unit *u)
{
    sql_answers_kept_add(u, &(struct sql_answers_kept_params){.key = req->state});
}

/* As the form itself would be answered, under an address that can be asked for again. */
static void kept_render(struct request *req, const struct db_unit *u)
{
    struct driver *d = request_driver(req);
    struct sql_answers_kept_row row;
    bool is_here = sql_answers_kept_one(u, req->first_step, &row) && strcmp(row.page, path_of(req, req->route)) == 0;
    const struct route *post = is_here ? other_route(req, row.form) : NULL;
    struct form *f = post ? request_kept(req, post->input, row.answers) : NULL;
    if (!f) {
        request_see_other(req, "%s%s", req->base, path_of(req, req->route)); /* kept no longer */
        return;
    }
    say_messages(req, f, row.messages);
    req->route = post;
    req->form = f;
    req->input = f->input;
    d->is_again = true;
    request_next(req, post->again_plan, post->again_render);
}

bool answers_shown(struct request *req)
{
    struct driver *d = request_driver(req);
    const char *key = http_pair_get(&d->pairs, "kept");
    if (!key || !id_is_uuid(str_of(key)) || !d->token || d->answer != ANSWER_HTML)
        return false;
    req->state = arena_strdup(req->arena, key);
    request_next(req, kept_plan, kept_render);
    return true;
}
