#include "payments/review_pages.h"

#include <string.h>

#include "payments/facts.h"
#include "payments/order_pages.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

struct review_form {
    const char *on_time, *as_agreed, *was_kind, *use_again, *words;
};
static const char unsure[] = "unsure";
static const struct form_choice said_choices[] = {{"yes", "Yes", NULL}, {"partly", "Mostly", NULL}, {"no", "No", NULL}, {unsure, "I cannot say", NULL}, {NULL, NULL, NULL}};
static const struct form_choice again_choices[] = {{"yes", "Yes", NULL}, {"partly", "Maybe", NULL}, {"no", "No", NULL}, {unsure, "I cannot say", NULL}, {NULL, NULL, NULL}};
static const struct form_field review_fields[] = {
    FIELD(struct review_form, on_time, .kind = FORM_RADIOS, .label = "Did they come when they said?", .missing = "Say whether they came when they said", .choices = said_choices),
    FIELD(struct review_form, as_agreed, .kind = FORM_RADIOS, .label = "Did they do what was agreed?", .missing = "Say whether they did what was agreed", .choices = said_choices),
    FIELD(struct review_form, was_kind, .kind = FORM_RADIOS, .label = "Were they kind?", .missing = "Say whether they were kind", .choices = said_choices),
    FIELD(struct review_form, use_again, .kind = FORM_RADIOS, .label = "Would you use them again?", .missing = "Say whether you would use them again", .choices = again_choices),
    FIELD(struct review_form, words, .kind = FORM_TEXTAREA, .optional = true, .max = 500, .label = "What would you tell somebody else?",
          .hint = "A sentence or two. Leave out names, and anything about health or money"),
};
const struct form_spec review_spec = FORM_SPEC(struct review_form, review_fields);

struct done_query {
    const char *done;
};
static const struct form_field done_fields[] = {
    FIELD(struct done_query, done, .kind = FORM_HIDDEN, .optional = true, .max = 20, .label = "Done"),
};
const struct form_spec review_done_spec = FORM_SPEC(struct done_query, done_fields);

/* What was just done, told only where the review says so too: anybody can write an address. */
static const char *done_words(const struct request *req, const struct sql_review_mine_row *mine)
{
    const struct done_query *q = req->route->input == &review_done_spec ? req->input : NULL;
    if (!q || !q->done || !mine->state)
        return NULL;
    if (strcmp(q->done, "written") == 0 && strcmp(mine->state, "shown") == 0)
        return mine->waits ? "Thank you. Your answers count now." : "Thank you. Everybody can read your review now.";
    if (strcmp(q->done, "changed") == 0 && mine->is_changed && strcmp(mine->state, "withdrawn") != 0)
        return "Your review is changed.";
    return strcmp(q->done, "withdrawn") == 0 && strcmp(mine->state, "withdrawn") == 0 ? "Your review is taken away." : NULL;
}

void review_plan(struct request *req, struct db_unit *u)
{
    sql_review_mine_add(u, &(struct sql_review_mine_params){.order = request_arg(req, "order")});
}

static bool find_mine(struct request *req, const struct db_unit *u, struct sql_review_mine_row *ret)
{
    if (sql_review_mine_one(u, req->first_step, ret))
        return true;
    request_problem(req, ERR_NOT_FOUND);
    return false;
}

static void prefill_said(struct form *f, const char *field, const char *said)
{
    form_prefill(f, field, said ? said : unsure);
}

static struct form *form_of(struct request *req, const struct sql_review_mine_row *mine)
{
    struct form *f = request_form_again(req, &review_spec);
    if (!f->is_sent && mine->review) {
        prefill_said(f, "on_time", mine->on_time);
        prefill_said(f, "as_agreed", mine->as_agreed);
        prefill_said(f, "was_kind", mine->was_kind);
        prefill_said(f, "use_again", mine->use_again);
        if (mine->words)
            form_prefill(f, "words", mine->words);
    }
    return f;
}

void review_render(struct request *req, const struct db_unit *u)
{
    struct sql_review_mine_row mine;
    if (!find_mine(req, u, &mine))
        return;
    struct form *f = form_of(req, &mine);
    request_page(req, form_is_valid(f) ? 200 : 422, mine.review ? "Your review" : "How was it?", tmpl_payments_review, .mine = &mine, .f = f, .base = req->base,
                 .said = done_words(req, &mine), .is_gone = mine.state && strcmp(mine.state, "withdrawn") == 0,
                 .can_write = mine.may_rate && (mine.review ? mine.can_change : mine.is_delivered));
}

/* What cannot be said is left out. */
static const char *said(const char *chosen)
{
    return strcmp(chosen, unsure) == 0 ? NULL : chosen;
}

void review_write_plan(struct request *req, struct db_unit *u)
{
    const struct review_form *in = req->input;
    const char *request = FACTS(req->arena, {"order", request_arg(req, "order")}, {"on_time", said(in->on_time)}, {"as_agreed", said(in->as_agreed)},
                                {"was_kind", said(in->was_kind)}, {"use_again", said(in->use_again)}, {"words", in->words});
    sql_review_write_add(u, &(struct sql_review_write_params){.key = req->key, .request = request});
}

static void refuse(struct request *req, const char *outcome)
{
    if (strncmp(outcome, "mandate", 7) == 0)
        request_problem_text(req, ERR_FORBIDDEN, "You may not write reviews for this person. They can let you under People who help me.");
    else if (strcmp(outcome, "related_party") == 0)
        request_problem_text(req, ERR_FORBIDDEN, "You belong to the organisation that this is about, so you cannot review it.");
    else if (strcmp(outcome, "not_delivered") == 0)
        request_problem_text(req, ERR_CONFLICT, "A review can be written once a visit has taken place.");
    else
        request_problem_text(req, ERR_CONFLICT, "This review can no longer be changed.");
}

void review_write_render(struct request *req, const struct db_unit *u)
{
    struct sql_review_write_row row;
    sql_review_write_one(u, req->first_step, &row);
    if (strcmp(row.outcome, "nothing_said") == 0) {
        form_error(req->form, "on_time", "Answer at least one of the four questions with yes, mostly or no");
        request_next(req, review_plan, review_render);
    } else if (strcmp(row.outcome, "written") == 0 || strcmp(row.outcome, "changed") == 0) {
        request_see_other(req, "%s/orders/%s/review?done=%s", req->base, request_arg(req, "order"), row.outcome);
    } else {
        refuse(req, row.outcome);
    }
}

void review_withdraw_form_render(struct request *req, const struct db_unit *u)
{
    struct sql_review_mine_row mine;
    if (!find_mine(req, u, &mine))
        return;
    if (!mine.review || strcmp(mine.state, "withdrawn") == 0)
        request_see_other(req, "%s/orders/%s/review", req->base, mine.order_ref);
    else
        request_page(req, 200, "Take your review away?", tmpl_payments_review_withdraw, .mine = &mine, .f = request_form(req, &order_button_spec), .base = req->base);
}

void review_withdraw_plan(struct request *req, struct db_unit *u)
{
    const char *request = FACTS(req->arena, {"order", request_arg(req, "order")});
    sql_review_withdraw_add(u, &(struct sql_review_withdraw_params){.key = req->key, .request = request});
}

void review_withdraw_render(struct request *req, const struct db_unit *u)
{
    struct sql_review_withdraw_row row;
    sql_review_withdraw_one(u, req->first_step, &row);
    if (strcmp(row.outcome, "withdrawn") == 0)
        request_see_other(req, "%s/orders/%s/review?done=withdrawn", req->base, request_arg(req, "order"));
    else
        refuse(req, row.outcome);
}
