#include "payments/council_pages.h"

#include <string.h>

#include "daemon/base/civil.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

enum { NUMBERS = HAT_FINANCE | HAT_AUDITOR | HAT_COMMISSIONER };

static const struct form_field list_fields[] = {
    FIELD(struct list_query, q, .kind = FORM_TEXT, .optional = true, .max = 100, .label = "Name or reference"),
    FIELD(struct list_query, state, .kind = FORM_TEXT, .optional = true, .max = 20, .label = "State"),
    FIELD(struct list_query, from_on, .kind = FORM_DATE, .optional = true, .label = "From", .hint = "For example, 27 3 2026", .width = 10,
          .invalid = "Enter the first day, like 27 3 2026"),
    FIELD(struct list_query, to_on, .kind = FORM_DATE, .optional = true, .label = "To", .hint = "For example, 27 4 2026", .width = 10,
          .invalid = "Enter the last day, like 27 3 2026"),
};
const struct form_spec list_spec = FORM_SPEC(struct list_query, list_fields);

struct list_query list_query_of(const struct request *req)
{
    struct list_query q = *(const struct list_query *)req->input;
    if (!req->form->is_sent)
        q.from_on = q.to_on = CIVIL_NONE;
    if (!q.q)
        q.q = "";
    return q;
}

const struct form_choice *bank_choices(struct request *req, const struct db_unit *u, int step, const char *none)
{
    const struct sql_bank_account_choices_row *accounts;
    size_t n = sql_bank_account_choices_rows(u, step, &accounts), at = 0;
    struct form_choice *choices = arena_array(req->arena, n + 2, sizeof *choices);
    if (none)
        choices[at++] = (struct form_choice){"", none, NULL};
    for (size_t i = 0; i < n; i++)
        choices[at++] = (struct form_choice){accounts[i].ref, accounts[i].name, NULL};
    return choices;
}

int council_status(const struct request *req)
{
    return req->form && req->form->errors_n ? 422 : 200;
}

bool council_did(struct request *req, const char *outcome, const char *done, const char *sentence)
{
    if (outcome && strcmp(outcome, done) == 0)
        return true;
    request_problem_text(req, ERR_CONFLICT, "%s", text_is_empty(sentence) ? "Somebody else changed this in the meantime. Go back and look at it again." : sentence);
    return false;
}

bool council_refused(struct request *req, const char *outcome, const struct refusal *refusals, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(refusals[i].outcome, outcome) == 0) {
            form_error(req->form, refusals[i].field, "%s", refusals[i].message);
            return true;
        }
    return false;
}

/* ---- home ---- */

void council_home_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    sql_officer_home_add(u, NULL);
    sql_touchless_rate_add(u, &(struct sql_touchless_rate_params){.from_on = CIVIL_NONE, .to_on = CIVIL_NONE});
    sql_budgets_home_add(u, NULL);
    sql_safety_home_add(u, NULL);
    sql_budget_uptake_add(u, NULL);
}

/* Whole percent, rounded down: 99.9 in 100 is not all. */
static const char *percent(struct arena *a, int part, int whole)
{
    return whole ? arena_printf(a, "%d%%", (int)((int64_t)part * 100 / whole)) : "–";
}

void council_home_render(struct request *req, const struct db_unit *u)
{
    struct sql_officer_home_row work;
    struct sql_touchless_rate_row rate;
    struct sql_budgets_home_row budgets;
    struct sql_safety_home_row safety;
    const struct sql_budget_uptake_row *uptake;
    sql_officer_home_one(u, req->first_step, &work);
    sql_touchless_rate_one(u, req->first_step + 1, &rate);
    sql_budgets_home_one(u, req->first_step + 2, &budgets);
    sql_safety_home_one(u, req->first_step + 3, &safety);
    size_t uptake_n = sql_budget_uptake_rows(u, req->first_step + 4, &uptake);
    bool is_finance = req->who.hat == HAT_FINANCE;
    int waiting = work.questions + work.runs_to_approve + work.runs_to_send + work.details_to_verify + work.tolerances_to_agree + work.held_statements + work.open_entries;
    request_page(req, 200, "Council home", tmpl_payments_council_home, .work = &work, .rate = &rate, .budgets = &budgets, .safety = &safety,
                 .uptake = uptake, .uptake_n = uptake_n, .percent = percent(req->arena, rate.touchless, rate.received), .council = req->who.council_name,
                 .hat = req->who.hat_name, .shows_numbers = (req->who.hat & NUMBERS) != 0, .is_finance = is_finance,
                 .is_auditor = req->who.hat == HAT_AUDITOR, .is_commissioner = req->who.hat == HAT_COMMISSIONER,
                 .is_safeguarding = req->who.hat == HAT_SAFEGUARDING, .is_moderator = req->who.hat == HAT_MODERATOR, .has_work = waiting > 0);
}

/* ---- invoices ---- */

void invoice_list_plan(struct request *req, struct db_unit *u)
{
    struct list_query q = list_query_of(req);
    bool is_file = request_wants_file(req);
    sql_invoice_list_add(u, &(struct sql_invoice_list_params){.state = text_is_empty(q.state) ? NULL : q.state, .page = is_file ? 1 : req->page,
                                                              .after = request_place(req), .after_null = !is_file});
}

static int64_t invoice_id(const void *row)
{
    return ((const struct sql_invoice_list_row *)row)->id;
}

void invoice_list_render(struct request *req, const struct db_unit *u)
{
    const struct sql_invoice_list_row *rows;
    struct list_query q = list_query_of(req);
    if (request_wants_file(req)) {
        request_parts(req, u, req->first_step, "invoices", invoice_list_plan, invoice_id);
        return;
    }
    if (request_rows(req, u, req->first_step, "invoices"))
        return;
    size_t n = sql_invoice_list_rows(u, req->first_step, &rows);
    request_page(req, 200, "Invoices", tmpl_payments_council_invoices, .invoices = rows, .invoices_n = n, .state = q.state ? q.state : "",
                 .prev = request_prev_page(req), .next = request_next_page(req, u, req->first_step));
}

/* ---- payments over £500 ---- */

void spend_plan(struct request *req, struct db_unit *u)
{
    struct list_query q = list_query_of(req);
    sql_spend_published_add(u, &(struct sql_spend_published_params){.from_on = q.from_on, .to_on = q.to_on, .after = request_place(req)});
}

static int64_t spend_id(const void *row)
{
    return ((const struct sql_spend_published_row *)row)->id;
}

void spend_render(struct request *req, const struct db_unit *u)
{
    const struct sql_spend_published_row *rows;
    if (request_wants_file(req)) {
        request_parts(req, u, req->first_step, "spend-over-500", spend_plan, spend_id);
        return;
    }
    if (request_rows(req, u, req->first_step, "spend-over-500"))
        return;
    size_t n = sql_spend_published_rows(u, req->first_step, &rows);
    request_page(req, 200, "Payments over £500", tmpl_payments_council_spend, .rows = rows, .rows_n = n);
}
