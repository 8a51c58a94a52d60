#include "payments/budget_pages.h"

#include <string.h>

#include "payments/council_pages.h"
#include "payments/facts.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

/* ---- the list ---- */

void budget_list_plan(struct request *req, struct db_unit *u)
{
    struct list_query q = list_query_of(req);
    sql_budget_list_add(u, &(struct sql_budget_list_params){.q = q.q, .page = req->page});
}

void budget_list_render(struct request *req, const struct db_unit *u)
{
    const struct sql_budget_list_row *rows;
    struct list_query q = list_query_of(req);
    if (request_rows(req, u, req->first_step, "budgets"))
        return;
    size_t n = sql_budget_list_rows(u, req->first_step, &rows);
    request_page(req, 200, "Budgets", tmpl_payments_council_budgets, .budgets = rows, .budgets_n = n, .q = q.q,
                 .may_allocate = (req->who.hat & (HAT_COMMISSIONER | HAT_FINANCE)) != 0, .prev = request_prev_page(req), .next = request_next_page(req, u, req->first_step));
}

/* ---- allocating: first the person, then the money ---- */

void budget_person_plan(struct request *req, struct db_unit *u)
{
    sql_person_find_add(u, &(struct sql_person_find_params){.q = list_query_of(req).q});
}

void budget_person_render(struct request *req, const struct db_unit *u)
{
    const struct sql_person_find_row *rows;
    size_t n = sql_person_find_rows(u, req->first_step, &rows);
    request_page(req, 200, "Who is the budget for?", tmpl_payments_council_budget_person, .people = rows, .people_n = n, .q = list_query_of(req).q);
}

struct budget_give {
    const char *funder, *kind, *route, *holder, *reason;
    int64_t amount;
    int32_t starts_on, ends_on;
};
static const struct form_choice kinds[] = {
    {"social_care", "Social care", NULL}, {"health", "Health", NULL}, {"education", "Education", NULL},
    {"housing", "Housing", NULL},         {"grant", "One-off grant", NULL}, {NULL, NULL, NULL},
};
static const struct form_choice routes[] = {
    {"direct_payment", "Direct payment", "The person holds the money"},
    {"council_managed", "Managed by the council", "The council pays what the person decides"},
    {"representative", "By a representative", NULL},
    {"trust", "In a trust", NULL},
    {"broker_account", "In a broker’s account", "Choose the broker below"},
    {"provider_isf", "Individual service fund with a provider", "Choose the provider below"},
    {NULL, NULL, NULL},
};
static const struct form_field give_fields[] = {
    FIELD(struct budget_give, amount, .kind = FORM_MONEY, .min = 1, .max = 10000000000, .label = "How much, for the whole time?", .missing = "Enter the amount",
          .invalid = "Enter an amount in pounds, like 5,200 or 5,200.50", .width = 10),
    FIELD(struct budget_give, kind, .kind = FORM_RADIOS, .label = "What kind of money is it?", .missing = "Choose the kind of money", .choices = kinds),
    FIELD(struct budget_give, funder, .kind = FORM_TEXT, .max = 100, .label = "Who gives it?", .hint = "As the person will read it, for example the council’s name",
          .missing = "Enter who gives the money"),
    FIELD(struct budget_give, route, .kind = FORM_RADIOS, .label = "How is it held?", .missing = "Choose how it is held", .choices = routes),
    FIELD(struct budget_give, holder, .kind = FORM_SELECT, .optional = true, .label = "Which broker or provider holds it?"),
    FIELD(struct budget_give, starts_on, .kind = FORM_DATE, .label = "First day", .hint = "For example, 1 4 2027", .missing = "Enter the first day",
          .invalid = "Enter the first day, like 1 4 2027", .width = 10),
    FIELD(struct budget_give, ends_on, .kind = FORM_DATE, .label = "Last day", .hint = "For example, 31 3 2028", .missing = "Enter the last day",
          .invalid = "Enter the last day, like 31 3 2028", .width = 10),
    FIELD(struct budget_give, reason, .kind = FORM_TEXT, .optional = true, .max = 200, .label = "What is it for?", .hint = "The person reads this on their statement"),
};
const struct form_spec budget_give_spec = FORM_SPEC(struct budget_give, give_fields);

void budget_new_plan(struct request *req, struct db_unit *u)
{
    sql_person_look_add(u, &(struct sql_person_look_params){.person = request_arg(req, "person")});
    sql_holder_choices_add(u, NULL);
}

static const struct form_choice *holder_options(struct arena *a, const struct sql_holder_choices_row *rows, size_t n)
{
    struct form_choice *c = arena_array(a, n + 2, sizeof *c);
    c[0] = (struct form_choice){"", "Nobody else", NULL};
    for (size_t i = 0; i < n; i++)
        c[i + 1] = (struct form_choice){rows[i].ref, rows[i].name, NULL};
    return c;
}

void budget_new_render(struct request *req, const struct db_unit *u)
{
    struct sql_person_look_row person;
    const struct sql_holder_choices_row *holders;
    sql_person_look_one(u, req->first_step, &person);
    size_t n = sql_holder_choices_rows(u, req->first_step + 1, &holders);
    struct form *f = request_form_again(req, &budget_give_spec);
    form_set_choices(f, "holder", holder_options(req->arena, holders, n));
    if (!f->is_sent)
        form_prefill(f, "funder", req->who.council_name);
    request_page(req, council_status(req), arena_printf(req->arena, "A budget for %s", person.name), tmpl_payments_council_budget_new, .person = &person, .f = f);
}

/* What the fields cannot say one by one. */
static bool is_coherent(struct form *f, const struct budget_give *in)
{
    bool needs_holder = strcmp(in->route, "broker_account") == 0 || strcmp(in->route, "provider_isf") == 0;
    if (needs_holder && text_is_empty(in->holder))
        form_error(f, "holder", "Choose who holds the money");
    if (!needs_holder && !text_is_empty(in->holder))
        form_error(f, "holder", "Only a broker’s account or an individual service fund is held by an organisation");
    if (in->ends_on <= in->starts_on)
        form_error(f, "ends_on", "The last day must come after the first");
    return form_is_valid(f);
}

void budget_give_plan(struct request *req, struct db_unit *u)
{
    const struct budget_give *in = req->input;
    if (!is_coherent(req->form, in)) {
        budget_new_plan(req, u);
        return;
    }
    sql_budget_give_add(u, &(struct sql_budget_give_params){.key = req->key,
                                                            .person = request_arg(req, "person"),
                                                            .funder = in->funder,
                                                            .kind = in->kind,
                                                            .route = in->route,
                                                            .holder = text_is_empty(in->holder) ? NULL : in->holder,
                                                            .amount = in->amount,
                                                            .starts_on = in->starts_on,
                                                            .ends_on = in->ends_on,
                                                            .reason = in->reason});
}

void budget_give_render(struct request *req, const struct db_unit *u)
{
    static const struct refusal refusals[] = {
        {"over", "ends_on", "The last day must be today or later"},
        {"far", "starts_on", "The first day must be within two years from today, before or after"},
        {"too_long", "ends_on", "A budget can be for five years at most: choose an earlier last day"},
    };
    struct sql_budget_give_row row;
    if (!form_is_valid(req->form)) {
        budget_new_render(req, u);
        return;
    }
    sql_budget_give_one(u, req->first_step, &row);
    if (council_refused(req, row.outcome, refusals, sizeof refusals / sizeof *refusals))
        request_next(req, budget_new_plan, budget_new_render);
    else if (council_did(req, row.outcome, "allocated", NULL))
        request_see_other(req, "/council/budgets/%s", row.budget_ref);
}

/* ---- one budget ---- */

void budget_show_plan(struct request *req, struct db_unit *u)
{
    const char *ref = request_arg(req, "budget");
    sql_budget_show_add(u, &(struct sql_budget_show_params){.ref = ref});
    sql_budget_portions_add(u, &(struct sql_budget_portions_params){.ref = ref});
}

void budget_show_render(struct request *req, const struct db_unit *u)
{
    struct sql_budget_show_row budget;
    const struct sql_budget_portions_row *portions;
    if (!sql_budget_show_one(u, req->first_step, &budget)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    if (request_rows(req, u, req->first_step + 1, arena_printf(req->arena, "budget-%s", budget.ref)))
        return;
    size_t n = sql_budget_portions_rows(u, req->first_step + 1, &portions);
    request_page(req, 200, arena_printf(req->arena, "Budget of %s", budget.person_name), tmpl_payments_council_budget, .budget = &budget, .portions = portions,
                 .portions_n = n, .is_frozen = strcmp(budget.state, "frozen") == 0);
}

/* ---- pausing and opening again ---- */

struct reason_form {
    const char *reason;
};
static const struct form_field reason_fields[] = {
    FIELD(struct reason_form, reason, .kind = FORM_TEXTAREA, .max = 500, .label = "Why?", .hint = "Other officers read this; the person does not",
          .missing = "Say why"),
};
const struct form_spec budget_reason_spec = FORM_SPEC(struct reason_form, reason_fields);

void budget_state_form_render(struct request *req, const struct db_unit *u)
{
    struct sql_budget_show_row budget;
    if (!sql_budget_show_one(u, req->first_step, &budget)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    bool is_frozen = strcmp(budget.state, "frozen") == 0;
    const char *title = arena_printf(req->arena, is_frozen ? "Open the budget of %s again?" : "Pause the budget of %s?", budget.person_name);
    request_page(req, 200, title, tmpl_payments_council_budget_pause, .budget = &budget, .title = title, .is_frozen = is_frozen,
                 .f = request_form_again(req, &budget_reason_spec));
}

static void plan_state(struct request *req, struct db_unit *u, const char *freeze)
{
    const struct reason_form *in = req->input;
    const char *request = FACTS(req->arena, {"budget", request_arg(req, "budget")}, {"freeze", freeze}, {"reason", in->reason});
    sql_budget_freeze_add(u, &(struct sql_budget_freeze_params){.key = req->key, .request = request});
}

static void render_state(struct request *req, const struct db_unit *u, const char *done)
{
    struct sql_budget_freeze_row row;
    sql_budget_freeze_one(u, req->first_step, &row);
    if (council_did(req, row.outcome, done, "This budget has ended."))
        request_see_other(req, "/council/budgets/%s", request_arg(req, "budget"));
}

void budget_pause_plan(struct request *req, struct db_unit *u)
{
    plan_state(req, u, "true");
}

void budget_pause_render(struct request *req, const struct db_unit *u)
{
    render_state(req, u, "frozen");
}

void budget_open_plan(struct request *req, struct db_unit *u)
{
    plan_state(req, u, "false");
}

void budget_open_render(struct request *req, const struct db_unit *u)
{
    render_state(req, u, "active");
}
