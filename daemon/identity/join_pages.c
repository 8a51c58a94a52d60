/* Offering to give support, the moderator's list of who did, and what people say about a page. */
#include "daemon/identity/join_pages.h"

#include <string.h>

#include "daemon/base/id.h"
#include "daemon/base/json.h"
#include "daemon/identity/sign_in_pages.h"
#include "sql/identity.h"
#include "tmpl/site.h"

struct join_form {
    const char *name, *trading_as, *work, *postcode, *care, *checks, *email, *phone, *council;
    int64_t price;
};
static const struct form_choice yes_no[] = {{"yes", "Yes", NULL}, {"no", "No", NULL}, {NULL, NULL, NULL}};
static const struct form_choice check_choices[] = {
    {"dbs", "A DBS check", NULL}, {"insurance", "Public liability insurance", NULL}, {"training", "Training or a qualification", NULL}, {NULL, NULL, NULL}};
static const struct form_field join_fields[] = {
    FIELD(struct join_form, name, .kind = FORM_TEXT, .label = "1. Your name", .missing = "Enter your name", .autocomplete = "name"),
    FIELD(struct join_form, trading_as, .kind = FORM_TEXT, .optional = true, .label = "2. The name you work under", .hint = "For example, Walk with Sam"),
    FIELD(struct join_form, work, .kind = FORM_TEXTAREA, .max = 1000, .label = "3. What do you do?", .hint = "A few plain sentences. You can change them later",
          .missing = "Say what you do"),
    FIELD(struct join_form, care, .kind = FORM_RADIOS, .label = "4. Do you help people to wash, dress, eat or take medicine?",
          .hint = "This is personal care. The law asks for a registration, or a reason why none is needed", .missing = "Choose yes or no", .choices = yes_no),
    FIELD(struct join_form, postcode, .kind = FORM_POSTCODE, .label = "5. Your postcode", .hint = "So that people nearby find you. Nobody is shown your address",
          .missing = "Enter your postcode", .invalid = "Enter a full postcode, like M33 2DS", .autocomplete = "postal-code", .width = 10),
    FIELD(struct join_form, price, .kind = FORM_MONEY, .min = 100, .max = 50000, .label = "6. Your price for an hour", .missing = "Enter your price for an hour",
          .invalid = "The price must be between £1 and £500", .width = 5),
    FIELD(struct join_form, checks, .kind = FORM_CHECKS, .optional = true, .label = "7. Which of these do you have?", .hint = "We help you to get what is missing",
          .choices = check_choices),
    FIELD(struct join_form, email, .kind = FORM_EMAIL, .label = "8. Your email address", .missing = "Enter your email address", .autocomplete = "email"),
    FIELD(struct join_form, phone, .kind = FORM_TEXT, .optional = true, .max = 50, .label = "9. Your telephone number", .autocomplete = "tel", .width = 20),
    FIELD(struct join_form, council, .kind = FORM_RADIOS, .label = "10. Which council do you live in?", .missing = "Choose a council"),
};
const struct form_spec join_spec = FORM_SPEC(struct join_form, join_fields);

void join_render(struct request *req, const struct db_unit *u)
{
    (void)u;
    request_page(req, 200, "I provide care", tmpl_site_join, .council = req->who.council_name);
}

void join_form_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    sql_council_list_add(u, NULL);
}

void join_form_render(struct request *req, const struct db_unit *u)
{
    const struct sql_council_list_row *rows;
    size_t n = sql_council_list_rows(u, req->first_step, &rows);
    struct form_choice *councils = arena_array(req->arena, n + 1, sizeof *councils);
    for (size_t i = 0; i < n; i++)
        councils[i] = (struct form_choice){rows[i].slug, rows[i].name, NULL};
    struct form *f = request_form_again(req, &join_spec);
    form_set_choices(f, "council", councils);
    if (!f->is_sent && req->who.council_slug)
        form_prefill(f, "council", req->who.council_slug);
    request_page(req, 200, "Offer your help in ten questions", tmpl_site_join_form, .f = f);
}

static void add_member(struct buf *b, const char *name, const char *value)
{
    buf_addf(b, "%s\"%s\":", b->n ? "," : "{", name);
    json_write_text(b, value ? value : "");
}

void join_send_plan(struct request *req, struct db_unit *u)
{
    const struct join_form *in = req->input;
    struct str rest = str_of(in->checks), one;
    const char *between = "";
    struct buf b = {0};
    add_member(&b, "council", in->council);
    add_member(&b, "name", in->name);
    add_member(&b, "trading_as", in->trading_as);
    add_member(&b, "work", in->work);
    add_member(&b, "postcode", in->postcode);
    add_member(&b, "email", in->email);
    add_member(&b, "phone", in->phone);
    buf_addf(&b, ",\"price\":%lld,\"personal_care\":%s,\"checks\":[", (long long)in->price, strcmp(in->care, "yes") == 0 ? "true" : "false");
    while (in->checks && str_cut(&rest, ' ', &one)) {
        buf_adds(&b, between);
        json_write_str(&b, one);
        between = ",";
    }
    buf_adds(&b, "]}");
    sql_application_send_add(u, &(struct sql_application_send_params){.key = req->key, .request = str_dup(req->arena, buf_str(&b)), .address = req->http->peer});
    buf_finish(&b);
}

void join_send_render(struct request *req, const struct db_unit *u)
{
    struct sql_application_send_row row;
    sql_application_send_one(u, req->first_step, &row);
    if (row.ref)
        request_see_other(req, "/join/sent/%s", row.ref);
    else
        request_problem(req, ERR_TOO_MANY);
}

/* Only the reference, which its check character guards: the page says nothing that its reader did not write. */
void join_sent_render(struct request *req, const struct db_unit *u)
{
    (void)u;
    const char *ref = id_ref_read(req->arena, str_of(request_arg(req, "ref")));
    if (ref)
        request_page(req, 200, "We have your application", tmpl_site_join_sent, .ref = ref);
    else
        request_problem(req, ERR_NOT_FOUND);
}

void application_list_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    sql_application_list_add(u, NULL);
}

void application_list_render(struct request *req, const struct db_unit *u)
{
    const struct sql_application_list_row *rows;
    if (request_rows(req, u, req->first_step, "applications"))
        return;
    size_t n = sql_application_list_rows(u, req->first_step, &rows);
    request_page(req, 200, "Applications", tmpl_site_applications, .applications = rows, .applications_n = n);
}

/* ---- was this page useful? ---- */

struct page_query {
    const char *page;
};
static const struct form_field page_fields[] = {
    FIELD(struct page_query, page, .kind = FORM_HIDDEN, .optional = true, .max = 300, .label = "Page"),
};
const struct form_spec feedback_page_spec = FORM_SPEC(struct page_query, page_fields);

struct feedback_form {
    const char *page, *useful, *words;
};
static const struct form_field feedback_fields[] = {
    FIELD(struct feedback_form, page, .kind = FORM_HIDDEN, .optional = true, .max = 300, .label = "Page"),
    FIELD(struct feedback_form, useful, .kind = FORM_RADIOS, .label = "Was the page useful?", .missing = "Choose yes or no", .choices = yes_no),
    FIELD(struct feedback_form, words, .kind = FORM_TEXTAREA, .optional = true, .max = 2000, .label = "What could be better?",
          .hint = "Leave out names and anything about somebody’s health or money"),
};
const struct form_spec feedback_spec = FORM_SPEC(struct feedback_form, feedback_fields);

void feedback_render(struct request *req, const struct db_unit *u)
{
    (void)u;
    struct form *f = request_form_again(req, &feedback_spec);
    if (!f->is_sent && req->route->input == &feedback_page_spec)
        form_prefill(f, "page", ((const struct page_query *)req->input)->page);
    request_page(req, 200, "Was this page useful?", tmpl_site_feedback, .f = f);
}

void feedback_give_plan(struct request *req, struct db_unit *u)
{
    const struct feedback_form *in = req->input;
    struct buf b = {0};
    add_member(&b, "page", in->page);
    add_member(&b, "useful", in->useful);
    add_member(&b, "words", in->words);
    buf_addc(&b, '}');
    sql_feedback_give_add(u, &(struct sql_feedback_give_params){.key = req->key, .request = str_dup(req->arena, buf_str(&b)), .address = req->http->peer});
    buf_finish(&b);
}

void feedback_give_render(struct request *req, const struct db_unit *u)
{
    struct sql_feedback_give_row row;
    sql_feedback_give_one(u, req->first_step, &row);
    if (strcmp(row.outcome, "too_many") == 0)
        request_problem(req, ERR_TOO_MANY);
    else
        request_see_other(req, "/feedback/thanks");
}

void feedback_thanks_render(struct request *req, const struct db_unit *u)
{
    (void)u;
    request_page(req, 200, "Thank you", tmpl_site_feedback_thanks, .home = "/");
}

/* ---- signing out, for those who follow the link ---- */

