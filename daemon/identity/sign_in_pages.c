/* Signing in by link, by password and, in the demonstration town, by button; changing hats; signing out. */
#include <string.h>

#include "daemon/base/id.h"
#include "daemon/identity/driver.h"
#include "daemon/identity/identity_routes.h"
#include "daemon/identity/password.h"
#include "daemon/identity/session.h"
#include "daemon/identity/sign_in_pages.h"
#include "sql/identity.h"
#include "tmpl/identity.h"

enum { LINK_BYTES = 32 };

struct link_form {
    const char *email;
};
static const struct form_field link_fields[] = {
    FIELD(struct link_form, email, .kind = FORM_EMAIL, .label = "Email address", .missing = "Enter your email address", .autocomplete = "email"),
};
const struct form_spec sign_in_link_spec = FORM_SPEC(struct link_form, link_fields);

struct password_form {
    const char *user, *password, *next;
};
static const struct form_field password_fields[] = {
    FIELD(struct password_form, user, .kind = FORM_EMAIL, .label = "Email address", .missing = "Enter your email address", .autocomplete = "username"),
    FIELD(struct password_form, password, .kind = FORM_PASSWORD, .label = "Password", .missing = "Enter your password",
          .autocomplete = "current-password", .max = 256),
    FIELD(struct password_form, next, .kind = FORM_HIDDEN, .optional = true, .max = 500),
};
const struct form_spec sign_in_password_spec = FORM_SPEC(struct password_form, password_fields);

struct next_query {
    const char *next;
};
static const struct form_field next_fields[] = {
    FIELD(struct next_query, next, .kind = FORM_HIDDEN, .optional = true, .max = 500),
};
const struct form_spec sign_in_next_spec = FORM_SPEC(struct next_query, next_fields);

/* Where a hat begins. */
static const char *start_page(enum hat hat)
{
    switch (hat) {
    case HAT_HOLDER:
    case HAT_SELF_FUNDER:
        return "/money";
    case HAT_SUPPORTER:
    case HAT_BROKER:
        return "/people";
    case HAT_PROVIDER:
        return "/provider";
    case HAT_COMMISSIONER:
    case HAT_FINANCE:
    case HAT_AUDITOR:
        return "/council";
    case HAT_SAFEGUARDING:
        return "/council/concerns";
    default:
        return "/";
    }
}

/* ---- the page ---- */

void sign_in_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    sql_demo_people_add(u, NULL);
}

static const char *person_about(struct arena *a, const struct sql_demo_people_row *p)
{
    return text_is_empty(p->about) ? request_hat_name(p->role) : arena_printf(a, "%s, %s", request_hat_name(p->role), p->about);
}

void sign_in_render(struct request *req, const struct db_unit *u)
{
    const struct sql_demo_people_row *rows;
    size_t n = sql_demo_people_rows(u, req->first_step, &rows);
    struct tmpl_identity_sign_in_people *people = arena_array(req->arena, n, sizeof *people);
    for (size_t i = 0; i < n; i++) {
        bool is_new_council = i == 0 || rows[i].council_id != rows[i - 1].council_id;
        people[i] = (struct tmpl_identity_sign_in_people){
            .heading = is_new_council ? rows[i].council_name : NULL,
            .action = arena_printf(req->arena, "/demo/sign-in/%d/%lld", rows[i].council_id, (long long)rows[i].hat_id),
            .label = rows[i].name,
            .about = person_about(req->arena, &rows[i]),
        };
    }
    struct form *password = request_form_again(req, &sign_in_password_spec);
    const struct next_query *query = req->input;
    if (req->route->input == &sign_in_next_spec && query && query->next)
        form_prefill(password, "next", query->next);
    request_page(req, 200, "Sign in", tmpl_identity_sign_in, .link = request_form_again(req, &sign_in_link_spec), .password = password,
                 .is_demo = n > 0, .people = people, .people_n = n, .button = request_form(req, &sign_in_empty_spec));
}

/* A page of forms whose every field is the hidden token and key. */
static const struct form_field no_fields[1];
const struct form_spec sign_in_empty_spec = {.name = "empty", .size = 1, .fields = no_fields, .fields_n = 0};

/* ---- by link ---- */

void link_ask_plan(struct request *req, struct db_unit *u)
{
    const struct link_form *in = req->input;
    const char *token = id_token(req->arena, LINK_BYTES);
    const char *url = arena_printf(req->arena, "%s/sign-in/link/%s", request_app(req)->conf->base_url, token);
    sql_link_ask_add(u, &(struct sql_link_ask_params){
                            .email = in->email, .link = session_digest(req->arena, token), .url = url, .address = req->http->peer});
}

void link_ask_render(struct request *req, const struct db_unit *u)
{
    const struct link_form *in = req->input;
    struct sql_link_ask_row row;
    if (!sql_link_ask_one(u, req->first_step, &row) || strcmp(row.outcome, "too_many") == 0) {
        request_problem(req, ERR_TOO_MANY);
        return;
    }
    request_page(req, 200, "Check your email", tmpl_identity_link_sent, .email = in->email, .is_demo = request_driver(req)->is_demo);
}

void link_show_plan(struct request *req, struct db_unit *u)
{
    sql_link_show_add(u, &(struct sql_link_show_params){.link = session_digest(req->arena, request_arg(req, "token"))});
}

void link_show_render(struct request *req, const struct db_unit *u)
{
    struct sql_link_show_row row;
    bool is_known = sql_link_show_one(u, req->first_step, &row);
    request_page(req, is_known ? 200 : 410, "Sign in", tmpl_identity_link_show, .link = is_known ? &row : NULL,
                 .form = request_form(req, &sign_in_empty_spec),
                 .action = arena_printf(req->arena, "/sign-in/link/%s", request_arg(req, "token")));
}

/* ---- a session begins: the old one ends, the cookie changes, and the page of the hat comes next ---- */

struct opening {
    const char *token;
    const char *next;
};

static struct opening *begin_opening(struct request *req)
{
    struct opening *o = arena_alloc(req->arena, sizeof *o);
    o->token = id_token(req->arena, LINK_BYTES);
    req->state = o;
    return o;
}

static void to_start_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    (void)u;
}

static void to_start_render(struct request *req, const struct db_unit *u)
{
    (void)u;
    const struct opening *o = req->state;
    bool is_local = !text_is_empty(o->next) && o->next[0] == '/' && o->next[1] != '/' && o->next[1] != '\\';
    request_see_other(req, "%s", is_local ? o->next : start_page(req->who.hat));
}

static void finish_opening(struct request *req, const char *outcome, const char *failed)
{
    const struct opening *o = req->state;
    if (strcmp(outcome, "signed_in") != 0) {
        request_problem_text(req, strcmp(outcome, "too_many") == 0 ? ERR_TOO_MANY : ERR_FORBIDDEN, "%s", failed);
        return;
    }
    session_set(req, o->token);
    request_next(req, to_start_plan, to_start_render);
}

static struct str old_session(struct request *req)
{
    return session_digest(req->arena, session_token(req));
}

void link_use_plan(struct request *req, struct db_unit *u)
{
    const struct opening *o = begin_opening(req);
    sql_link_use_add(u, &(struct sql_link_use_params){.link = session_digest(req->arena, request_arg(req, "token")),
                                                      .token = session_digest(req->arena, o->token),
                                                      .old = old_session(req)});
}

void link_use_render(struct request *req, const struct db_unit *u)
{
    struct sql_link_use_row row;
    sql_link_use_one(u, req->first_step, &row);
    finish_opening(req, row.outcome, "This link was used before, or is over an hour old. Ask for a new one.");
}

/* ---- by password: find the hash, check it on a helper thread, open the session ---- */

struct password_check {
    struct opening opening; /* first: req->state is both */
    const char *hash;
    int64_t account;
    bool has_account, is_right;
    const char *password;
};

void password_plan(struct request *req, struct db_unit *u)
{
    const struct password_form *in = req->input;
    sql_password_find_add(u, &(struct sql_password_find_params){.email = in->user, .address = req->http->peer});
}

static void check_password(void *state)
{
    struct password_check *c = state;
    c->is_right = password_is_right(c->hash, c->password);
}

static void password_use_plan(struct request *req, struct db_unit *u)
{
    const struct password_form *in = req->input;
    const struct password_check *c = req->state;
    sql_password_use_add(u, &(struct sql_password_use_params){.email = in->user,
                                                              .address = req->http->peer,
                                                              .account_id = c->account,
                                                              .account_id_null = !c->has_account,
                                                              .is_right = c->is_right,
                                                              .token = session_digest(req->arena, c->opening.token),
                                                              .old = old_session(req)});
}

static void password_use_render(struct request *req, const struct db_unit *u)
{
    struct sql_password_use_row row;
    sql_password_use_one(u, req->first_step, &row);
    if (strcmp(row.outcome, "wrong") == 0) {
        form_error(req->form, "password", "The email address or the password is not right");
        request_next(req, sign_in_plan, sign_in_render);
        return;
    }
    finish_opening(req, row.outcome, "Wait five minutes, then try again, or ask for a link by email.");
}

static void password_checked(struct request *req, const struct db_unit *u)
{
    (void)u;
    request_next(req, password_use_plan, password_use_render);
}

void password_render(struct request *req, const struct db_unit *u)
{
    const struct password_form *in = req->input;
    struct sql_password_find_row row;
    sql_password_find_one(u, req->first_step, &row);
    if (row.too_many) {
        request_problem(req, ERR_TOO_MANY);
        return;
    }
    struct password_check *c = arena_alloc(req->arena, sizeof *c);
    *c = (struct password_check){.opening = {.token = id_token(req->arena, LINK_BYTES), .next = in->next},
                                 .hash = row.hash,
                                 .account = row.account_id,
                                 .has_account = !row.account_id_null,
                                 .password = in->password};
    request_offload(req, check_password, c, password_checked);
}

/* ---- demonstration buttons, hats, signing out ---- */

static bool read_hat(struct request *req, int64_t *ret_council, int64_t *ret_hat)
{
    if (text_read_i64(str_of(request_arg(req, "council")), 1, INT32_MAX, ret_council) &&
        text_read_i64(str_of(request_arg(req, "hat")), 1, INT64_MAX, ret_hat))
        return true;
    request_problem(req, ERR_NOT_FOUND);
    return false;
}

void demo_sign_in_plan(struct request *req, struct db_unit *u)
{
    int64_t council, hat;
    const struct opening *o = begin_opening(req);
    if (read_hat(req, &council, &hat))
        sql_demo_sign_in_add(u, &(struct sql_demo_sign_in_params){.council_id = (int32_t)council,
                                                                  .hat_id = hat,
                                                                  .token = session_digest(req->arena, o->token),
                                                                  .old = old_session(req)});
}

void demo_sign_in_render(struct request *req, const struct db_unit *u)
{
    struct sql_demo_sign_in_row row;
    sql_demo_sign_in_one(u, req->first_step, &row);
    finish_opening(req, row.outcome, "This person has no role.");
}

void hat_choose_plan(struct request *req, struct db_unit *u)
{
    int64_t council, hat;
    const struct opening *o = begin_opening(req);
    if (read_hat(req, &council, &hat))
        sql_hat_choose_add(u, &(struct sql_hat_choose_params){.council_id = (int32_t)council,
                                                              .hat_id = hat,
                                                              .token = session_digest(req->arena, o->token),
                                                              .old = old_session(req)});
}

void hat_choose_render(struct request *req, const struct db_unit *u)
{
    struct sql_hat_choose_row row;
    sql_hat_choose_one(u, req->first_step, &row);
    finish_opening(req, row.outcome, "This role is not yours.");
}

void hat_list_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    sql_hat_list_add(u, NULL);
}

void hat_list_render(struct request *req, const struct db_unit *u)
{
    const struct sql_hat_list_row *rows;
    size_t n = sql_hat_list_rows(u, req->first_step, &rows);
    struct tmpl_identity_hats_hats *list = arena_array(req->arena, n, sizeof *list);
    for (size_t i = 0; i < n; i++) {
        const char *of = rows[i].organisation_name ? rows[i].organisation_name : rows[i].person_name ? rows[i].person_name : "";
        list[i] = (struct tmpl_identity_hats_hats){
            .action = arena_printf(req->arena, "/hats/%d/%lld", rows[i].council_id, (long long)rows[i].hat_id),
            .label = request_hat_name(rows[i].role),
            .about = arena_printf(req->arena, "%s%s%s", rows[i].council_name, *of ? ", " : "", of),
            .is_current = rows[i].is_current,
        };
    }
    request_page(req, 200, "Your roles", tmpl_identity_hats, .hats = list, .hats_n = n, .form = request_form(req, &sign_in_empty_spec));
}

void sign_out_ask_render(struct request *req, const struct db_unit *u)
{
    (void)u;
    request_page(req, 200, req->who.name ? "Sign out?" : "You are not signed in", tmpl_identity_sign_out, .name = req->who.name, .button = request_form(req, &sign_in_empty_spec));
}

void sign_out_plan(struct request *req, struct db_unit *u)
{
    sql_sign_out_add(u, &(struct sql_sign_out_params){.token = old_session(req)});
}

void sign_out_render(struct request *req, const struct db_unit *u)
{
    (void)u;
    session_forget(req);
    request_see_other(req, "/");
}

void demo_mail_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    sql_demo_mail_add(u, NULL);
}

void demo_mail_render(struct request *req, const struct db_unit *u)
{
    const struct sql_demo_mail_row *rows;
    if (!request_driver(req)->is_demo) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    size_t n = sql_demo_mail_rows(u, req->first_step, &rows);
    request_page(req, 200, "Demonstration mail", tmpl_identity_demo_mail, .mails = rows, .mails_n = n);
}
