/* Reviews as everybody reads them, and saying that something is wrong with one. */
#include <string.h>

#include "catalogue/pages.h"
#include "catalogue/review_pages.h"
#include "daemon/base/json.h"
#include "sql/catalogue.h"
#include "tmpl/catalogue.h"

/* The latest stand on the page of the service or storefront itself; the others have a page of their own. */
enum { LATEST = 3, REVIEWS_A_PAGE = 20, STEP_ABOUT = 0, STEP_SAID, STEP_LIST };

void said_plan(struct db_unit *u, const char *ref)
{
    sql_review_figures_add(u, &(struct sql_review_figures_params){.ref = ref});
    sql_review_list_add(u, &(struct sql_review_list_params){.ref = ref, .most = LATEST, .page = 1});
}

struct said said_of(const struct db_unit *u, int step)
{
    struct said s;
    s.figures_n = sql_review_figures_rows(u, step, &s.figures);
    s.reviews_n = sql_review_list_rows(u, step + 1, &s.reviews);
    s.count = s.figures_n ? s.figures[0].reviews : 0;
    return s;
}

void reviews_plan(struct request *req, struct db_unit *u)
{
    const char *ref = request_arg(req, "ref");
    sql_review_about_add(u, &(struct sql_review_about_params){.ref = ref});
    sql_review_figures_add(u, &(struct sql_review_figures_params){.ref = ref});
    sql_review_list_add(u, &(struct sql_review_list_params){.ref = ref, .most = REVIEWS_A_PAGE + 1, .page = req->page});
}

void reviews_render(struct request *req, const struct db_unit *u)
{
    struct sql_review_about_row about;
    if (!sql_review_about_one(u, page_step(req, STEP_ABOUT), &about)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    if (request_rows(req, u, page_step(req, STEP_LIST), arena_printf(req->arena, "reviews-%s", about.slug)))
        return;
    struct said said = said_of(u, page_step(req, STEP_SAID));
    request_page(req, 200, arena_printf(req->arena, "Reviews of %s", about.title), tmpl_catalogue_reviews, .about = &about, .count = said.count, .figures = said.figures,
                 .figures_n = said.figures_n, .reviews = said.reviews, .reviews_n = said.reviews_n, .base = req->base,
                 .prev = request_prev_page(req), .next = request_next_page(req, u, page_step(req, STEP_LIST)));
}

/* ---- something is wrong with one ---- */

struct report_form {
    const char *reason, *words;
};
const struct form_choice review_reasons[] = {
    {"unkind", "It is unkind or rude", NULL},
    {"names_somebody", "It says who somebody is, or something private about them", NULL},
    {"untrue", "It is not true", NULL},
    {"other_matter", "It is about something else", NULL},
    {NULL, NULL, NULL},
};
static const struct form_field report_fields[] = {
    FIELD(struct report_form, reason, .kind = FORM_RADIOS, .label = "What is wrong?", .missing = "Choose what is wrong", .choices = review_reasons),
    FIELD(struct report_form, words, .kind = FORM_TEXTAREA, .optional = true, .max = 500, .label = "Can you say more?", .hint = "Leave out names and anything about somebody’s health"),
};
const struct form_spec review_report_spec = FORM_SPEC(struct report_form, report_fields);

void review_report_form_plan(struct request *req, struct db_unit *u)
{
    sql_review_one_add(u, &(struct sql_review_one_params){.ref = request_arg(req, "review")});
}

void review_report_form_render(struct request *req, const struct db_unit *u)
{
    struct sql_review_one_row review;
    if (!sql_review_one_one(u, page_step(req, 0), &review)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    struct form *f = request_form_again(req, &review_report_spec);
    request_page(req, form_is_valid(f) ? 200 : 422, "What is wrong with this review?", tmpl_catalogue_review_report, .r = &review, .f = f);
}

/* Read before it is reported: the council decides what is shown afterwards, and nobody is told of a review that is not. */
void review_report_plan(struct request *req, struct db_unit *u)
{
    const struct report_form *in = req->input;
    struct buf b = {0};
    buf_adds(&b, "{\"review\":");
    json_write_text(&b, request_arg(req, "review"));
    buf_addf(&b, ",\"reason\":\"%s\",\"words\":", in->reason);
    json_write_text(&b, in->words ? in->words : "");
    buf_addc(&b, '}');
    review_report_form_plan(req, u);
    sql_review_report_add(u, &(struct sql_review_report_params){.key = req->key, .request = str_dup(req->arena, buf_str(&b)), .address = req->http->peer});
    buf_finish(&b);
}

void review_report_render(struct request *req, const struct db_unit *u)
{
    struct sql_review_one_row review;
    struct sql_review_report_row row;
    bool is_there = sql_review_one_one(u, page_step(req, 0), &review) && sql_review_report_one(u, page_step(req, 1), &row);
    if (is_there && strcmp(row.outcome, "too_many") == 0)
        request_problem(req, ERR_TOO_MANY);
    else if (is_there)
        request_page(req, 200, "Thank you", tmpl_catalogue_review_reported, .href = arena_printf(req->arena, "/reviews/%s", review.service_ref));
    else
        request_problem(req, ERR_NOT_FOUND);
}
