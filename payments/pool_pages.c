#include "payments/pool_pages.h"

#include <string.h>

#include "daemon/base/civil.h"
#include "payments/ask_pages.h"
#include "payments/facts.h"
#include "payments/order_pages.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

struct pool_form {
    int64_t minutes, quantity, weeks, minimum, most;
    const char *weekdays, *starts_at, *note;
    int32_t starts_on, closes_on;
};
static const struct form_field pool_fields[] = {
    FIELD(struct pool_form, minutes, .kind = FORM_HOURS, .optional = true, .min = 5, .max = 10080, .label = "How long each time?",
          .hint = "For all of you together. For example, 2 hours, 1.5 or 90 minutes. One hour if you leave it empty",
          .invalid = "Enter how long each time, like 2 hours or 90 minutes", .width = 10),
    FIELD(struct pool_form, quantity, .kind = FORM_INT, .optional = true, .min = 1, .max = 1000, .label = "How many each time?",
          .hint = "For all of you together. One if you leave it empty", .invalid = "Enter how many each time, a whole number from 1 to 1,000", .width = 4),
    FIELD(struct pool_form, weekdays, .kind = FORM_CHECKS, .optional = true, .label = "On which days?", .hint = "Leave empty if it is only once", .choices = ask_weekdays),
    FIELD(struct pool_form, starts_on, .kind = FORM_DATE, .label = "From which day?", .hint = "For example, 27 3 2027", .missing = "Enter the day it should begin",
          .invalid = "Enter the first day, like 27 3 2027", .width = 10),
    FIELD(struct pool_form, starts_at, .kind = FORM_TIME, .optional = true, .label = "At what time? (optional)", .hint = "For example, 9:30am or 14:15", .width = 10),
    FIELD(struct pool_form, weeks, .kind = FORM_INT, .optional = true, .min = 1, .max = 53, .label = "For how many weeks?", .hint = "One week if you leave it empty",
          .invalid = "Enter a number of weeks from 1 to 53", .width = 3),
    FIELD(struct pool_form, minimum, .kind = FORM_INT, .min = 2, .max = 20, .label = "How many people do you need at least?",
          .hint = "You are one of them. The price is shared evenly. With fewer people it does not take place, and nobody pays",
          .missing = "Enter how many people you need at least", .invalid = "Enter how many people you need at least, from 2 to 20", .width = 2),
    FIELD(struct pool_form, most, .kind = FORM_INT, .optional = true, .min = 2, .max = 20, .label = "How many at most?",
          .hint = "With more people it costs each of you less. No more than you need if you leave it empty", .invalid = "Enter how many people at most, from 2 to 20", .width = 2),
    FIELD(struct pool_form, closes_on, .kind = FORM_DATE, .label = "What is the last day to say yes, or to leave again?",
          .hint = "At least three days before it begins, so that the provider can answer", .missing = "Enter the last day to say yes",
          .invalid = "Enter the last day to say yes, like 27 3 2027", .width = 10),
    FIELD(struct pool_form, note, .kind = FORM_TEXTAREA, .optional = true, .max = 500, .label = "Anything the others and the provider should know? (optional)"),
};
const struct form_spec pool_spec = FORM_SPEC(struct pool_form, pool_fields);

struct find_query {
    const char *invitation;
};
static const struct form_field find_fields[] = {
    FIELD(struct find_query, invitation, .kind = FORM_REF, .label = "Were you given a reference?", .hint = "For example, K7M2-4QXP", .missing = "Enter the reference that you were given",
          .invalid = "Enter the reference as it was given to you, like K7M2-4QXP", .width = 10),
};
const struct form_spec pool_find_spec = FORM_SPEC(struct find_query, find_fields);

struct join_form {
    const char *outcome, *shown;
};
static const struct form_choice shown_choices[] = {
    {"first_name", "My first name", NULL},
    {"initials", "My initials", NULL},
    {"nothing", "Nothing", "They only see how many people there are"},
    {NULL, NULL, NULL},
};
static const struct form_field join_fields[] = {
    FIELD(struct join_form, outcome, .kind = FORM_SELECT, .optional = true, .label = "What is it for?", .hint = "The outcome in the plan that it helps with. The others do not see it"),
    FIELD(struct join_form, shown, .kind = FORM_RADIOS, .label = "What may the others see of you?", .missing = "Choose what the others may see of you", .choices = shown_choices),
};
const struct form_spec pool_join_spec = FORM_SPEC(struct join_form, join_fields);

/* What was just done, told once on the page that it leads to. */
struct done_query {
    const char *done;
};
static const struct form_choice done_choices[] = {
    {"left", "You have left. What was set aside is free again.", NULL},
    {"said_no", "You said no. The others are not told.", NULL},
    {NULL, NULL, NULL},
};
static const struct form_field done_fields[] = {
    FIELD(struct done_query, done, .kind = FORM_SELECT, .optional = true, .label = "Done", .choices = done_choices),
};
const struct form_spec pool_done_spec = FORM_SPEC(struct done_query, done_fields);

/* ---- the list, and the way from a reference to what it is about ---- */

void pool_list_plan(struct request *req, struct db_unit *u)
{
    sql_pool_list_add(u, &(struct sql_pool_list_params){.page = req->page});
}

void pool_list_render(struct request *req, const struct db_unit *u)
{
    const struct sql_pool_list_row *rows;
    if (request_rows(req, u, req->first_step, "together"))
        return;
    size_t n = sql_pool_list_rows(u, req->first_step, &rows);
    bool is_refused = req->form && req->form->spec == &pool_find_spec;
    struct form *f = is_refused ? req->form : request_filter(req, &pool_find_spec);
    request_page(req, 200, "Paying together", tmpl_payments_pools, .pools = rows, .pools_n = n, .f = f, .base = req->base,
                 .prev = is_refused ? NULL : request_prev_page(req), .next = is_refused ? NULL : request_next_page(req, u, req->first_step));
}

static const char *asked_for(const struct request *req)
{
    const struct find_query *in = req->input;
    return form_is_valid(req->form) ? in->invitation : "";
}

void pool_find_plan(struct request *req, struct db_unit *u)
{
    sql_pool_invited_add(u, &(struct sql_pool_invited_params){.invitation = asked_for(req)});
}

void pool_find_render(struct request *req, const struct db_unit *u)
{
    struct sql_pool_invited_row row;
    if (sql_pool_invited_one(u, req->first_step, &row)) {
        request_see_other(req, "%s/pools/join/%s", req->base, row.invitation);
        return;
    }
    form_error(req->form, "invitation", "We do not know this reference. Ask whoever gave it to you");
    req->form->is_filter = true;
    request_next(req, pool_list_plan, pool_list_render);
}

/* ---- proposing ---- */

void pool_new_plan(struct request *req, struct db_unit *u)
{
    sql_ask_listing_add(u, &(struct sql_ask_listing_params){.ref = request_arg(req, "listing")});
}

void pool_new_render(struct request *req, const struct db_unit *u)
{
    struct sql_ask_listing_row listing;
    if (!ask_listing(req, u, &listing))
        return;
    struct form *f = request_form_again(req, &pool_spec);
    f->is_filter = true; /* as on the page of asking: the labels say what may be left out */
    request_page(req, 200, arena_printf(req->arena, "Share %s with others", listing.title), tmpl_payments_pool_new, .listing = &listing, .f = f, .base = req->base,
                 .is_hourly = strcmp(listing.unit, "hour") == 0);
}

void pool_start_plan(struct request *req, struct db_unit *u)
{
    const struct pool_form *in = req->input;
    struct ask_form ask = {.minutes = in->minutes, .quantity = in->quantity, .weeks = in->weeks, .weekdays = in->weekdays, .starts_at = in->starts_at, .note = in->note,
                           .starts_on = in->starts_on};
    if (in->most && in->most < in->minimum)
        form_error(req->form, "most", "Enter at least as many people as you need");
    if (!ask_is_coherent(req->form, &ask)) {
        pool_new_plan(req, u);
        return;
    }
    const char *more = arena_printf(req->arena, ",\"minimum\":%lld,\"most\":%lld,\"closes_on\":\"%s\"", (long long)in->minimum, (long long)(in->most ? in->most : in->minimum),
                                    civil_iso(req->arena, in->closes_on));
    sql_pool_start_add(u, &(struct sql_pool_start_params){.key = req->key, .request = ask_request(req, &ask, more)});
}

void pool_start_render(struct request *req, const struct db_unit *u)
{
    struct sql_pool_start_row row;
    if (!form_is_valid(req->form)) {
        pool_new_render(req, u);
        return;
    }
    sql_pool_start_one(u, req->first_step, &row);
    if (strcmp(row.outcome, "started") == 0) {
        request_see_other(req, "%s/pools/join/%s", req->base, row.invitation);
        return;
    }
    if (strcmp(row.outcome, "bad_close") == 0)
        form_error(req->form, "closes_on", "%s", row.next_step);
    else if (strcmp(row.outcome, "bad_dates") == 0)
        form_error(req->form, "starts_on", "%s", row.next_step);
    else if (strcmp(row.outcome, "too_many") == 0)
        form_error(req->form, NULL, "You have proposed twenty already. %s", row.next_step);
    else
        form_error(req->form, NULL, "%s", ask_refusal(req->arena, row.outcome, 0, 0, row.minimum_minutes));
    request_next(req, pool_new_plan, pool_new_render);
}

/* ---- an invitation: what it is, what it would cost the one who reads it, and the two answers ---- */

void pool_invited_plan(struct request *req, struct db_unit *u)
{
    const char *invitation = request_arg(req, "invitation");
    sql_pool_invited_add(u, &(struct sql_pool_invited_params){.invitation = invitation});
    sql_pool_try_add(u, &(struct sql_pool_try_params){.invitation = invitation});
    sql_my_money_total_add(u, NULL);
    sql_person_outcomes_add(u, NULL);
}

void pool_invited_render(struct request *req, const struct db_unit *u)
{
    const struct sql_person_outcomes_row *outcomes;
    struct sql_pool_invited_row pool;
    struct sql_pool_try_row quote;
    struct sql_my_money_total_row money;
    if (!sql_pool_invited_one(u, req->first_step, &pool)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    if (pool.is_in) {
        request_see_other(req, "%s/pools/%s", req->base, pool.ref);
        return;
    }
    sql_pool_try_one(u, req->first_step + 1, &quote);
    sql_my_money_total_one(u, req->first_step + 2, &money);
    size_t outcomes_n = sql_person_outcomes_rows(u, req->first_step + 3, &outcomes);
    struct form *f = request_form_again(req, &pool_join_spec);
    form_set_choices(f, "outcome", ask_outcomes(req, u, req->first_step + 3));
    f->is_filter = true;
    bool fits = strcmp(quote.outcome, "fits") == 0, is_full = pool.people >= pool.most;
    request_page(req, 200, arena_printf(req->arena, "Share %s with others", pool.title), tmpl_payments_pool_invited, .pool = &pool, .quote = &quote, .money = &money, .f = f,
                 .no = request_form(req, &order_button_spec), .base = req->base, .has_outcomes = outcomes_n > 0, .is_full = is_full,
                 .can_join = fits && !is_full && pool.may_act, .problem = fits ? NULL : ask_refusal(req->arena, quote.outcome, quote.short_by, quote.ceiling, 0),
                 .each = order_quantity_text(req->arena, pool.unit, pool.quantity), .days = order_days_text(req->arena, pool.weekdays));
}

void pool_join_plan(struct request *req, struct db_unit *u)
{
    const struct join_form *in = req->input;
    const char *request = FACTS(req->arena, {"invitation", request_arg(req, "invitation")}, {"outcome", in->outcome}, {"shown", in->shown});
    sql_pool_join_add(u, &(struct sql_pool_join_params){.key = req->key, .request = request});
}

/* What hinders is said by the page of the invitation, which looks again. */
void pool_join_render(struct request *req, const struct db_unit *u)
{
    struct sql_pool_join_row row;
    sql_pool_join_one(u, req->first_step, &row);
    if (strcmp(row.outcome, "joined") == 0) {
        request_see_other(req, "%s/pools/%s/joined", req->base, row.ref);
        return;
    }
    if (strcmp(row.outcome, "no_outcome") == 0)
        form_error(req->form, "outcome", "Choose what this is for: council money pays for what the support plan wants to achieve");
    request_next(req, pool_invited_plan, pool_invited_render);
}

void pool_decline_plan(struct request *req, struct db_unit *u)
{
    sql_pool_decline_add(u, &(struct sql_pool_decline_params){.key = req->key, .request = FACTS(req->arena, {"invitation", request_arg(req, "invitation")})});
}

void pool_decline_render(struct request *req, const struct db_unit *u)
{
    struct sql_pool_decline_row row;
    sql_pool_decline_one(u, req->first_step, &row);
    if (!order_is_refused(req, row.outcome, "declined"))
        request_see_other(req, "%s/pools/%s?done=said_no", req->base, row.ref);
}

/* ---- one of them ---- */

void pool_show_plan(struct request *req, struct db_unit *u)
{
    const char *ref = request_arg(req, "pool");
    sql_pool_show_add(u, &(struct sql_pool_show_params){.ref = ref});
    sql_pool_names_add(u, &(struct sql_pool_names_params){.ref = ref});
}

/* Anybody can write an address: it is told only where it is so. */
static const char *done_words(const struct done_query *q, const char *state)
{
    for (size_t i = 0; q && q->done && done_choices[i].value; i++)
        if (strcmp(done_choices[i].value, q->done) == 0 && strcmp(state, q->done) == 0)
            return done_choices[i].label;
    return NULL;
}

void pool_show_render(struct request *req, const struct db_unit *u)
{
    const struct sql_pool_names_row *names;
    struct sql_pool_show_row pool;
    if (!sql_pool_show_one(u, req->first_step, &pool)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    size_t names_n = sql_pool_names_rows(u, req->first_step + 1, &names);
    request_page(req, 200, pool.title, tmpl_payments_pool, .pool = &pool, .names = names, .names_n = names_n, .act = request_form(req, &order_button_spec), .base = req->base,
                 .said = done_words(req->input, pool.state), .each = order_quantity_text(req->arena, pool.unit, pool.quantity),
                 .days = order_days_text(req->arena, pool.weekdays));
}

void pool_joined_render(struct request *req, const struct db_unit *u)
{
    struct sql_pool_show_row pool;
    if (!sql_pool_show_one(u, req->first_step, &pool))
        request_problem(req, ERR_NOT_FOUND);
    else if (!pool.is_in)
        request_see_other(req, "%s/pools/%s", req->base, pool.ref);
    else
        request_page(req, 200, "You take part", tmpl_payments_pool_joined, .pool = &pool, .base = req->base);
}

void pool_leave_plan(struct request *req, struct db_unit *u)
{
    sql_pool_leave_add(u, &(struct sql_pool_leave_params){.key = req->key, .request = FACTS(req->arena, {"pool", request_arg(req, "pool")})});
}

void pool_leave_render(struct request *req, const struct db_unit *u)
{
    struct sql_pool_leave_row row;
    sql_pool_leave_one(u, req->first_step, &row);
    if (strcmp(row.outcome, "closed") == 0)
        request_problem_text(req, ERR_CONFLICT, "The last day to leave has passed. Once the provider has accepted, you can cancel your own share as any other order.");
    else if (!order_is_refused(req, row.outcome, "left"))
        request_see_other(req, "%s/pools/%s?done=left", req->base, row.ref);
}
