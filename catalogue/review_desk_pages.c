/* Reviews at the desks: the provider answers them, the council's moderator hides one with a reason or leaves it. */
#include <string.h>

#include "catalogue/pages.h"
#include "catalogue/review_pages.h"
#include "daemon/base/json.h"
#include "sql/catalogue.h"
#include "tmpl/catalogue.h"

struct desk_query {
    const char *done;
};
static const struct form_field desk_fields[] = {
    FIELD(struct desk_query, done, .kind = FORM_HIDDEN, .optional = true, .max = 9, .label = "Done"),
};
const struct form_spec review_desk_spec = FORM_SPEC(struct desk_query, desk_fields);

/* The reference of the review that something was just done to, in the address; NULL when there is none. */
static const char *done_of(const struct request *req)
{
    const struct desk_query *q = req->input;
    return q ? q->done : NULL;
}

static const char *review_request(struct request *req, const char *name, const char *value, const char *note)
{
    struct buf b = {0};
    buf_adds(&b, "{\"review\":");
    json_write_text(&b, request_arg(req, "review"));
    if (value) {
        buf_addf(&b, ",\"%s\":", name);
        json_write_text(&b, value);
    }
    if (!text_is_empty(note)) {
        buf_adds(&b, ",\"note\":");
        json_write_text(&b, note);
    }
    buf_addc(&b, '}');
    const char *text = str_dup(req->arena, buf_str(&b));
    buf_finish(&b);
    return text;
}

/* ---- the provider ---- */

struct answer_form {
    const char *reply;
};
static const struct form_field answer_fields[] = {
    FIELD(struct answer_form, reply, .kind = FORM_TEXTAREA, .max = 500, .label = "Your answer", .missing = "Write your answer"),
};
const struct form_spec review_answer_spec = FORM_SPEC(struct answer_form, answer_fields);

void provider_reviews_plan(struct request *req, struct db_unit *u)
{
    sql_provider_reviews_add(u, &(struct sql_provider_reviews_params){.page = req->page});
}

/* Anybody can write an address: it is told only of a review on the page that has an answer. */
static const char *answered_words(const char *done, const struct sql_provider_reviews_row *rows, size_t n)
{
    for (size_t i = 0; done && i < n; i++)
        if (strcmp(rows[i].ref, done) == 0 && rows[i].reply)
            return "Everybody can read your answer now.";
    return NULL;
}

void provider_reviews_render(struct request *req, const struct db_unit *u)
{
    const struct sql_provider_reviews_row *rows;
    if (request_rows(req, u, page_step(req, 0), "reviews"))
        return;
    size_t n = sql_provider_reviews_rows(u, page_step(req, 0), &rows);
    request_page(req, 200, "Reviews", tmpl_catalogue_provider_reviews, .reviews = rows, .reviews_n = n, .organisation = req->who.organisation_name,
                 .said = answered_words(done_of(req), rows, n), .prev = request_prev_page(req), .next = request_next_page(req, u, page_step(req, 0)));
}

void provider_review_plan(struct request *req, struct db_unit *u)
{
    sql_provider_review_add(u, &(struct sql_provider_review_params){.ref = request_arg(req, "review")});
}

void provider_review_render(struct request *req, const struct db_unit *u)
{
    struct sql_provider_review_row review;
    if (!sql_provider_review_one(u, page_step(req, 0), &review)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    struct form *f = request_form_again(req, &review_answer_spec);
    if (!f->is_sent && review.reply)
        form_prefill(f, "reply", review.reply);
    request_page(req, form_is_valid(f) ? 200 : 422, review.reply ? "Change your answer" : "Answer a review", tmpl_catalogue_provider_review, .r = &review,
                 .organisation = req->who.organisation_name, .f = f);
}

void review_answer_plan(struct request *req, struct db_unit *u)
{
    const struct answer_form *in = req->input;
    sql_review_answer_add(u, &(struct sql_review_answer_params){.key = req->key, .request = review_request(req, "reply", in->reply, NULL)});
}

void review_answer_render(struct request *req, const struct db_unit *u)
{
    (void)u;
    request_see_other(req, "/provider/reviews?done=%s", request_arg(req, "review"));
}

/* ---- the council ---- */

struct hide_form {
    const char *reason, *note;
};
static const struct form_field hide_fields[] = {
    FIELD(struct hide_form, reason, .kind = FORM_RADIOS, .label = "Why?", .hint = "Kept in the audit log", .missing = "Choose why", .choices = review_reasons),
    FIELD(struct hide_form, note, .kind = FORM_TEXTAREA, .optional = true, .max = 500, .label = "Note for the council"),
};
const struct form_spec review_hide_spec = FORM_SPEC(struct hide_form, hide_fields);

struct show_form {
    const char *read; /* the mark of the words that were read */
};
static const struct form_field show_fields[] = {
    FIELD(struct show_form, read, .kind = FORM_HIDDEN, .max = 32, .label = "What was read"),
};
const struct form_spec review_show_spec = FORM_SPEC(struct show_form, show_fields);

void council_reviews_plan(struct request *req, struct db_unit *u)
{
    sql_council_reviews_add(u, &(struct sql_council_reviews_params){.page = req->page});
}

static const char *decided_words(const char *done, const struct sql_council_reviews_row *rows, size_t n)
{
    for (size_t i = 0; done && i < n; i++)
        if (strcmp(rows[i].ref, done) == 0 && rows[i].reports == 0 && !rows[i].waits)
            return strcmp(rows[i].state, "hidden") == 0 ? "The review is hidden. Whoever wrote it is told." : "Everybody can read the review.";
    return NULL;
}

void council_reviews_render(struct request *req, const struct db_unit *u)
{
    const struct sql_council_reviews_row *rows;
    if (request_rows(req, u, page_step(req, 0), "reviews"))
        return;
    size_t n = sql_council_reviews_rows(u, page_step(req, 0), &rows);
    request_page(req, 200, "Reviews", tmpl_catalogue_council_reviews, .reviews = rows, .reviews_n = n, .said = decided_words(done_of(req), rows, n),
                 .prev = request_prev_page(req), .next = request_next_page(req, u, page_step(req, 0)));
}

enum { STEP_REVIEW, STEP_REPORTS, STEP_DECISIONS, STEP_WRITER };

void council_review_plan(struct request *req, struct db_unit *u)
{
    const char *ref = request_arg(req, "review");
    sql_council_review_add(u, &(struct sql_council_review_params){.ref = ref});
    sql_review_reports_add(u, &(struct sql_review_reports_params){.ref = ref});
    sql_review_decisions_add(u, &(struct sql_review_decisions_params){.ref = ref});
    sql_review_writer_add(u, &(struct sql_review_writer_params){.ref = ref});
}

void council_review_render(struct request *req, const struct db_unit *u)
{
    struct sql_council_review_row review;
    struct sql_review_writer_row writer;
    const struct sql_review_reports_row *reports;
    const struct sql_review_decisions_row *decisions;
    if (!sql_council_review_one(u, page_step(req, STEP_REVIEW), &review)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    size_t reports_n = sql_review_reports_rows(u, page_step(req, STEP_REPORTS), &reports);
    size_t decisions_n = sql_review_decisions_rows(u, page_step(req, STEP_DECISIONS), &decisions);
    bool has_writer = sql_review_writer_one(u, page_step(req, STEP_WRITER), &writer), is_gone = strcmp(review.state, "withdrawn") == 0;
    struct form *hide = request_form_again(req, &review_hide_spec), *show = request_form(req, &review_show_spec);
    form_prefill(show, "read", review.mark);
    request_page(req, form_is_valid(hide) ? 200 : 422, "A review", tmpl_catalogue_council_review, .r = &review, .reports = reports, .reports_n = reports_n,
                 .decisions = decisions, .decisions_n = decisions_n, .writer = has_writer ? &writer : NULL, .hide = hide, .show = show,
                 .may_decide = req->who.hat == HAT_MODERATOR && !is_gone, .may_leave = review.reports > 0, .is_gone = is_gone,
                 .is_hidden = strcmp(review.state, "hidden") == 0);
}

void review_hide_plan(struct request *req, struct db_unit *u)
{
    const struct hide_form *in = req->input;
    sql_review_hide_add(u, &(struct sql_review_hide_params){.key = req->key, .request = review_request(req, "reason", in->reason, in->note)});
}

static void decided(struct request *req, const char *outcome)
{
    if (strcmp(outcome, "state") == 0)
        request_problem_text(req, ERR_CONFLICT, "Whoever wrote this review has taken it away.");
    else if (strcmp(outcome, "changed") == 0)
        request_problem_text(req, ERR_CONFLICT, "Whoever wrote this review has changed it since you read it. Open it again and read what it says now.");
    else
        request_see_other(req, "/council/reviews?done=%s", request_arg(req, "review"));
}

void review_hide_render(struct request *req, const struct db_unit *u)
{
    struct sql_review_hide_row row;
    sql_review_hide_one(u, req->first_step, &row);
    decided(req, row.outcome);
}

void review_show_plan(struct request *req, struct db_unit *u)
{
    const struct show_form *in = req->input;
    sql_review_show_add(u, &(struct sql_review_show_params){.key = req->key, .request = review_request(req, "read", in->read, NULL)});
}

void review_show_render(struct request *req, const struct db_unit *u)
{
    struct sql_review_show_row row;
    sql_review_show_one(u, req->first_step, &row);
    decided(req, row.outcome);
}
