#include "payments/decided_pages.h"

#include <string.h>

#include "daemon/base/civil.h"
#include "payments/council_pages.h"
#include "payments/facts.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

static const char *iso_or_null(struct request *req, int32_t day)
{
    return day == CIVIL_NONE ? NULL : civil_iso(req->arena, day);
}

/* ---- tolerances ---- */

struct tolerance {
    const char *measure, *service, *absolute, *percent, *reason;
    int32_t starts_on;
};
static const struct form_choice measures[] = {
    {"price", "The price of one unit", "In pounds"},
    {"quantity", "The quantity", "In the unit of the order, for example hours"},
    {"line", "The amount of a line", "In pounds"},
    {"document", "The total of an invoice", "In pounds"},
    {NULL, NULL, NULL},
};
static const struct form_field tolerance_fields[] = {
    FIELD(struct tolerance, measure, .kind = FORM_RADIOS, .label = "What may differ?", .missing = "Choose what may differ", .choices = measures),
    FIELD(struct tolerance, service, .kind = FORM_SELECT, .label = "For which service?", .missing = "Choose the service"),
    FIELD(struct tolerance, absolute, .kind = FORM_TEXT, .optional = true, .max = 14, .label = "By how much at most?",
          .hint = "For example 0.05 for 5p, or 0.25 for a quarter of an hour. Leave both empty to end a tolerance.", .width = 10),
    FIELD(struct tolerance, percent, .kind = FORM_TEXT, .optional = true, .max = 8, .label = "By how many percent at most?", .hint = "The lesser of the two counts", .width = 5),
    FIELD(struct tolerance, starts_on, .kind = FORM_DATE, .optional = true, .label = "From which day?", .hint = "Left empty: from today. For example, 1 4 2027", .width = 10,
          .invalid = "Enter the day, like 1 4 2027"),
    FIELD(struct tolerance, reason, .kind = FORM_TEXTAREA, .max = 500, .label = "Why?", .hint = "Kept in the history and the audit log", .missing = "Say why"),
};
const struct form_spec tolerance_spec = FORM_SPEC(struct tolerance, tolerance_fields);

void tolerance_list_plan(struct request *req, struct db_unit *u)
{
    sql_tolerance_list_add(u, &(struct sql_tolerance_list_params){.page = req->page});
}

void tolerance_list_render(struct request *req, const struct db_unit *u)
{
    const struct sql_tolerance_list_row *rows;
    if (request_rows(req, u, req->first_step, "tolerances"))
        return;
    size_t n = sql_tolerance_list_rows(u, req->first_step, &rows);
    request_page(req, 200, "Tolerances", tmpl_payments_council_tolerances, .tolerances = rows, .tolerances_n = n, .may_act = req->who.hat == HAT_FINANCE,
                 .prev = request_prev_page(req), .next = request_next_page(req, u, req->first_step));
}

void tolerance_new_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    sql_tolerance_services_add(u, NULL);
}

void tolerance_new_render(struct request *req, const struct db_unit *u)
{
    const struct sql_tolerance_services_row *services;
    size_t n = sql_tolerance_services_rows(u, req->first_step, &services);
    struct form_choice *choices = arena_array(req->arena, n + 2, sizeof *choices);
    choices[0] = (struct form_choice){"every", "Every service that has none of its own", NULL};
    for (size_t i = 0; i < n; i++)
        choices[i + 1] = (struct form_choice){services[i].ref, services[i].title, NULL};
    struct form *f = request_form_again(req, &tolerance_spec);
    form_set_choices(f, "service", choices);
    request_page(req, council_status(req), "Set a tolerance", tmpl_payments_council_tolerance_new, .f = f);
}

void tolerance_set_plan(struct request *req, struct db_unit *u)
{
    const struct tolerance *in = req->input;
    const char *service = strcmp(in->service, "every") == 0 ? NULL : in->service;
    const char *request = FACTS(req->arena, {"measure", in->measure}, {"service", service}, {"absolute", in->absolute}, {"percent", in->percent},
                                {"starts_on", iso_or_null(req, in->starts_on)}, {"reason", in->reason});
    sql_tolerance_set_add(u, &(struct sql_tolerance_set_params){.key = req->key, .request = request});
}

void tolerance_set_render(struct request *req, const struct db_unit *u)
{
    static const struct refusal refusals[] = {
        {"absolute", "absolute", "Enter a number, like 0.05"},
        {"percent", "percent", "Enter a number from 0 to 100, like 1 or 2.5"},
        {"one", "percent", "Enter both, or leave both empty to end a tolerance"},
        {"past", "starts_on", "The first day must not lie in the past: what was judged stays as it was judged"},
        {"far", "starts_on", "The first day must be within two years from today"},
        {"no_service", "service", "Choose a service that is ordered here"},
    };
    struct sql_tolerance_set_row row;
    sql_tolerance_set_one(u, req->first_step, &row);
    if (council_refused(req, row.outcome, refusals, sizeof refusals / sizeof *refusals))
        request_next(req, tolerance_new_plan, tolerance_new_render);
    else
        request_see_other(req, "/council/tolerances");
}

/* A wider one waits for a second officer, who agrees or refuses; whoever asked for it may take it back. */
struct tolerance_decision {
    const char *decision;
};
static const struct form_choice tolerance_decisions[] = {
    {"agree", "Agree", "It holds from its first day on, from now if that has come"},
    {"refuse", "Refuse it", "What holds now goes on"},
    {NULL, NULL, NULL},
};
static const struct form_field tolerance_decision_fields[] = {
    FIELD(struct tolerance_decision, decision, .kind = FORM_RADIOS, .label = "May invoices differ by that much?", .missing = "Choose whether you agree", .choices = tolerance_decisions),
};
const struct form_spec tolerance_decision_spec = FORM_SPEC(struct tolerance_decision, tolerance_decision_fields);

void tolerance_show_plan(struct request *req, struct db_unit *u)
{
    sql_tolerance_show_add(u, &(struct sql_tolerance_show_params){.ref = request_arg(req, "tolerance")});
}

void tolerance_show_render(struct request *req, const struct db_unit *u)
{
    struct sql_tolerance_show_row row;
    if (!sql_tolerance_show_one(u, req->first_step, &row)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    struct form *f = request_form_again(req, &tolerance_decision_spec);
    if (row.is_own && row.waits) {
        form_prefill(f, "decision", "refuse");
        f->is_hidden = true;
    }
    request_page(req, council_status(req), row.waits ? "A wider tolerance" : "A tolerance", tmpl_payments_council_tolerance, .t = &row, .f = f);
}

void tolerance_decide_plan(struct request *req, struct db_unit *u)
{
    const struct tolerance_decision *in = req->input;
    const char *request = FACTS(req->arena, {"tolerance", request_arg(req, "tolerance")}, {"decision", in->decision});
    sql_tolerance_decide_add(u, &(struct sql_tolerance_decide_params){.key = req->key, .request = request});
}

void tolerance_decide_render(struct request *req, const struct db_unit *u)
{
    struct sql_tolerance_decide_row row;
    sql_tolerance_decide_one(u, req->first_step, &row);
    if (strcmp(row.outcome, "same_person") == 0)
        request_problem_text(req, ERR_FORBIDDEN, "You asked for this tolerance. Somebody else has to agree.");
    else if (strcmp(row.outcome, "not_waiting") == 0)
        request_problem_text(req, ERR_CONFLICT, "Somebody else has decided this in the meantime.");
    else
        request_see_other(req, "/council/tolerances");
}

/* ---- limits of approval ---- */

struct approval_limit {
    const char *account, *extent, *reason;
    int64_t amount;
    int32_t starts_on;
};
static const struct form_choice extents[] = {{"up_to", "Runs up to a sum", NULL}, {"any", "Runs of any sum", NULL}, {"none", "No run", NULL}, {NULL, NULL, NULL}};
static const struct form_field approval_limit_fields[] = {
    FIELD(struct approval_limit, account, .kind = FORM_SELECT, .label = "Whose limit?", .missing = "Choose whose limit it is"),
    FIELD(struct approval_limit, extent, .kind = FORM_RADIOS, .label = "What may they approve?", .missing = "Choose what they may approve", .choices = extents),
    FIELD(struct approval_limit, amount, .kind = FORM_MONEY, .optional = true, .max = 100000000000, .label = "Up to what sum?", .hint = "For one run",
          .invalid = "Enter an amount in pounds, like 25000", .width = 10),
    FIELD(struct approval_limit, starts_on, .kind = FORM_DATE, .optional = true, .label = "From which day?", .hint = "Left empty: from today. For example, 1 4 2027", .width = 10,
          .invalid = "Enter the day, like 1 4 2027"),
    FIELD(struct approval_limit, reason, .kind = FORM_TEXTAREA, .max = 500, .label = "Why?", .hint = "Kept in the history and the audit log", .missing = "Say why"),
};
const struct form_spec approval_limit_spec = FORM_SPEC(struct approval_limit, approval_limit_fields);

void approval_limit_list_plan(struct request *req, struct db_unit *u)
{
    sql_approval_limit_list_add(u, &(struct sql_approval_limit_list_params){.page = req->page});
    sql_approvers_add(u, NULL);
}

void approval_limit_list_render(struct request *req, const struct db_unit *u)
{
    const struct sql_approval_limit_list_row *rows;
    const struct sql_approvers_row *people;
    if (request_rows(req, u, req->first_step, "approval-limits"))
        return;
    size_t n = sql_approval_limit_list_rows(u, req->first_step, &rows), people_n = sql_approvers_rows(u, req->first_step + 1, &people);
    request_page(req, 200, "Who may approve what", tmpl_payments_council_limits, .limits = rows, .limits_n = n, .people = people, .people_n = people_n,
                 .may_act = req->who.hat == HAT_FINANCE, .sees_runs = req->who.hat != HAT_COMMISSIONER,
                 .prev = request_prev_page(req), .next = request_next_page(req, u, req->first_step));
}

void approval_limit_new_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    sql_approvers_add(u, NULL);
}

void approval_limit_new_render(struct request *req, const struct db_unit *u)
{
    const struct sql_approvers_row *people;
    size_t n = sql_approvers_rows(u, req->first_step, &people), used = 1;
    struct form_choice *choices = arena_array(req->arena, n + 2, sizeof *choices);
    choices[0] = (struct form_choice){"everybody", "Everybody without a limit of their own", NULL};
    for (size_t i = 0; i < n; i++)
        if (!people[i].is_self)
            choices[used++] = (struct form_choice){people[i].email, people[i].name, NULL};
    struct form *f = request_form_again(req, &approval_limit_spec);
    form_set_choices(f, "account", choices);
    request_page(req, council_status(req), "Set a limit", tmpl_payments_council_limit_new, .f = f);
}

void approval_limit_set_plan(struct request *req, struct db_unit *u)
{
    const struct approval_limit *in = req->input;
    bool has_sum = strcmp(in->extent, "up_to") == 0;
    if (has_sum != (in->amount > 0)) {
        form_error(req->form, "amount", "%s", has_sum ? "Enter the sum" : "Leave the sum empty, or choose “Runs up to a sum”");
        approval_limit_new_plan(req, u);
        return;
    }
    sql_approval_limit_set_add(u, &(struct sql_approval_limit_set_params){.key = req->key,
                                                                          .account = in->account,
                                                                          .amount = in->amount,
                                                                          .amount_null = strcmp(in->extent, "any") == 0,
                                                                          .starts_on = in->starts_on,
                                                                          .reason = in->reason});
}

void approval_limit_set_render(struct request *req, const struct db_unit *u)
{
    static const struct refusal refusals[] = {
        {"own_limit", "account", "Nobody decides their own limit. One for everybody can be set by somebody who has one of their own"},
        {"no_account", "account", "Choose somebody who works in finance"},
        {"past", "starts_on", "The first day must not lie in the past"},
        {"far", "starts_on", "The first day must be within two years from today"},
    };
    struct sql_approval_limit_set_row row;
    if (!form_is_valid(req->form)) {
        approval_limit_new_render(req, u);
        return;
    }
    sql_approval_limit_set_one(u, req->first_step, &row);
    if (council_refused(req, row.outcome, refusals, sizeof refusals / sizeof *refusals))
        request_next(req, approval_limit_new_plan, approval_limit_new_render);
    else
        request_see_other(req, "/council/limits");
}
