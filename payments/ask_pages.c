#include "payments/ask_pages.h"

#include <string.h>

#include "daemon/base/civil.h"
#include "daemon/base/id.h"
#include "daemon/base/json.h"
#include "daemon/base/money.h"
#include "payments/order_pages.h"
#include "sql/identity.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

const struct form_choice ask_weekdays[] = {
    {"1", "Monday", NULL}, {"2", "Tuesday", NULL},  {"3", "Wednesday", NULL}, {"4", "Thursday", NULL},
    {"5", "Friday", NULL}, {"6", "Saturday", NULL}, {"7", "Sunday", NULL},    {NULL, NULL, NULL},
};

static const struct form_field ask_fields[] = {
    FIELD(struct ask_form, minutes, .kind = FORM_HOURS, .optional = true, .min = 5, .max = 10080, .label = "How long each time?",
          .hint = "For example, 2 hours, 1.5 or 90 minutes. One hour if you leave it empty", .invalid = "Enter how long each time, like 2 hours or 90 minutes", .width = 10),
    FIELD(struct ask_form, quantity, .kind = FORM_INT, .optional = true, .min = 1, .max = 1000, .label = "How many each time?",
          .hint = "One if you leave it empty", .invalid = "Enter how many each time, a whole number from 1 to 1,000", .width = 4),
    FIELD(struct ask_form, weekdays, .kind = FORM_CHECKS, .optional = true, .label = "On which days?", .hint = "Leave empty if it is only once",
          .choices = ask_weekdays),
    FIELD(struct ask_form, starts_on, .kind = FORM_DATE, .label = "From which day?", .hint = "For example, 27 3 2027",
          .missing = "Enter the day it should begin", .invalid = "Enter the first day, like 27 3 2027", .width = 10),
    FIELD(struct ask_form, starts_at, .kind = FORM_TIME, .optional = true, .label = "At what time? (optional)",
          .hint = "For example, 9:30am or 14:15", .width = 10),
    FIELD(struct ask_form, weeks, .kind = FORM_INT, .optional = true, .min = 1, .max = 53, .label = "For how many weeks?", .hint = "One week if you leave it empty",
          .invalid = "Enter a number of weeks from 1 to 53", .width = 3),
    FIELD(struct ask_form, outcome, .kind = FORM_SELECT, .optional = true, .label = "What is it for?", .hint = "The outcome in the plan that it helps with"),
    FIELD(struct ask_form, note, .kind = FORM_TEXTAREA, .optional = true, .max = 500, .label = "Anything the provider should know? (optional)"),
};
const struct form_spec ask_spec = FORM_SPEC(struct ask_form, ask_fields);

/* ---- the form ---- */

struct start_query {
    bool empty;
};
static const struct form_field start_fields[] = {
    FIELD(struct start_query, empty, .kind = FORM_TICK, .optional = true, .label = "Start with an empty form"),
};
const struct form_spec ask_start_spec = FORM_SPEC(struct start_query, start_fields);

void ask_plan(struct request *req, struct db_unit *u)
{
    sql_ask_listing_add(u, &(struct sql_ask_listing_params){.ref = request_arg(req, "listing")});
    sql_person_outcomes_add(u, NULL);
    sql_ask_latest_add(u, &(struct sql_ask_latest_params){.page = arena_printf(req->arena, "/ask/%s", request_arg(req, "listing"))});
}

/* Whoever comes back to what they have not sent finds their answers, the wrong ones without a message. */
static bool take_latest(struct request *req, const struct db_unit *u, int step, struct form *f)
{
    const struct start_query *start = req->route->input == &ask_start_spec ? req->input : NULL;
    struct sql_ask_latest_row row;
    struct form *latest = start && !start->empty && sql_ask_latest_one(u, step, &row) ? request_kept(req, &ask_spec, row.answers) : NULL;
    for (size_t i = 0; latest && i < ask_spec.fields_n; i++)
        form_prefill(f, ask_spec.fields[i].name, latest->states[i].typed);
    return latest != NULL;
}

const struct form_choice *ask_outcomes(struct request *req, const struct db_unit *u, int step)
{
    const struct sql_person_outcomes_row *rows;
    size_t n = sql_person_outcomes_rows(u, step, &rows);
    struct form_choice *c = arena_array(req->arena, n + 2, sizeof *c);
    c[0] = (struct form_choice){"", "Choose one", NULL};
    for (size_t i = 0; i < n; i++)
        c[i + 1] = (struct form_choice){rows[i].ref, rows[i].title, NULL};
    return c;
}

bool ask_listing(struct request *req, const struct db_unit *u, struct sql_ask_listing_row *ret)
{
    if (!sql_ask_listing_one(u, req->first_step, ret))
        request_problem(req, ERR_NOT_FOUND);
    else if (!ret->may_ask)
        request_problem_text(req, ERR_FORBIDDEN, "You may not ask for services for %s. Ask the person to let you do this, or talk to the council.", req->who.person_name);
    else
        return true;
    return false;
}

void ask_render(struct request *req, const struct db_unit *u)
{
    struct sql_ask_listing_row listing;
    const struct sql_person_outcomes_row *outcomes;
    if (!ask_listing(req, u, &listing))
        return;
    size_t n = sql_person_outcomes_rows(u, req->first_step + 1, &outcomes);
    struct form *f = request_form_again(req, &ask_spec);
    bool is_kept = take_latest(req, u, req->first_step + 2, f);
    form_set_choices(f, "outcome", ask_outcomes(req, u, req->first_step + 1));
    f->is_filter = true; /* most answers have a sensible default, so the labels say themselves what may be left out */
    request_page(req, 200, arena_printf(req->arena, "Ask for %s", listing.title), tmpl_payments_ask, .listing = &listing, .f = f, .base = req->base,
                 .is_hourly = strcmp(listing.unit, "hour") == 0, .has_outcomes = n > 0, .is_kept = is_kept);
}

/* ---- what the database is asked ---- */

static void add_weekdays(struct buf *b, const char *chosen)
{
    struct str rest = str_of(chosen), day;
    const char *between = "";
    buf_adds(b, ",\"weekdays\":[");
    while (chosen && str_cut(&rest, ' ', &day)) {
        buf_addf(b, "%s\"%.*s\"", between, (int)day.n, day.p);
        between = ",";
    }
    buf_addc(b, ']');
}

static void add_text(struct buf *b, const char *name, const char *value)
{
    if (text_is_empty(value))
        return;
    buf_addf(b, ",\"%s\":", name);
    json_write_text(b, value);
}

const char *ask_request(struct request *req, const struct ask_form *in, const char *more)
{
    struct buf b = {0};
    buf_adds(&b, "{\"listing\":");
    json_write_text(&b, request_arg(req, "listing"));
    if (in->minutes)
        buf_addf(&b, ",\"minutes\":%lld", (long long)in->minutes);
    if (in->quantity)
        buf_addf(&b, ",\"quantity\":%lld", (long long)in->quantity);
    if (in->weeks)
        buf_addf(&b, ",\"weeks\":%lld", (long long)in->weeks);
    add_weekdays(&b, in->weekdays);
    add_text(&b, "starts_on", civil_iso(req->arena, in->starts_on));
    add_text(&b, "starts_at", in->starts_at);
    add_text(&b, "outcome", in->outcome);
    add_text(&b, "note", in->note);
    buf_addf(&b, "%s}", more ? more : "");
    const char *text = str_dup(req->arena, buf_str(&b));
    buf_finish(&b);
    return text;
}

/* ---- check before sending ---- */

/* What cannot be said field by field. */
bool ask_is_coherent(struct form *f, const struct ask_form *in)
{
    if (text_is_empty(in->weekdays) && in->weeks > 1)
        form_error(f, "weekdays", "Choose the days, or leave the weeks empty if it is only once");
    return form_is_valid(f);
}

void ask_keep_render(struct request *req, const struct db_unit *u)
{
    (void)u;
    if (ask_is_coherent(req->form, req->input))
        request_keep(req, arena_printf(req->arena, "%s/ask/%s/check", req->base, request_arg(req, "listing")));
    else
        request_next(req, ask_plan, ask_render);
}

void ask_check_plan(struct request *req, struct db_unit *u)
{
    const char *kept = request_arg(req, "kept");
    if (!id_is_uuid(str_of(kept)))
        return;
    sql_answers_kept_add(u, &(struct sql_answers_kept_params){.key = kept});
    sql_ask_state_add(u, &(struct sql_ask_state_params){.key = kept});
}

static void check_cost_plan(struct request *req, struct db_unit *u)
{
    sql_ask_listing_add(u, &(struct sql_ask_listing_params){.ref = request_arg(req, "listing")});
    sql_order_try_add(u, &(struct sql_order_try_params){.request = ask_request(req, req->input, NULL)});
    sql_my_money_total_add(u, NULL);
    sql_person_outcomes_add(u, NULL);
}

static request_render_fn check_cost_render, asked_already_render;

static void asked_already_plan(struct request *req, struct db_unit *u)
{
    sql_order_show_add(u, &(struct sql_order_show_params){.ref = req->state});
}

/* First what was typed, then what it would cost; or where it was sent already, which order that is. */
void ask_check_render(struct request *req, const struct db_unit *u)
{
    struct sql_answers_kept_row kept;
    struct sql_ask_state_row state;
    const char *page = arena_printf(req->arena, "/ask/%s", request_arg(req, "listing"));
    bool is_kept = sql_answers_kept_one(u, req->first_step, &kept) && strcmp(kept.page, page) == 0;
    if (!sql_ask_state_one(u, req->first_step + 1, &state)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    req->form = is_kept ? request_kept(req, &ask_spec, kept.answers) : NULL;
    if (is_kept && state.order_ref) {
        req->state = arena_strdup(req->arena, state.order_ref);
        request_next(req, asked_already_plan, asked_already_render);
    } else if (!req->form || !form_is_valid(req->form)) {
        request_see_other(req, "%s%s", req->base, page); /* kept no longer */
    } else {
        req->form->key = state.key;
        req->input = req->form->input;
        request_next(req, check_cost_plan, check_cost_render);
    }
}

static void asked_already_render(struct request *req, const struct db_unit *u)
{
    struct sql_order_show_row order;
    if (sql_order_show_one(u, req->first_step, &order))
        request_page(req, 200, "You have already asked for this", tmpl_payments_asked_already, .order = &order, .listing = request_arg(req, "listing"),
                     .base = req->base);
    else
        request_problem(req, ERR_NOT_FOUND);
}

/* The same refusals for the check page and for the order itself: what, by how much, in plain words. */
const char *ask_refusal(struct arena *a, const char *outcome, int64_t short_by, int64_t ceiling, int32_t minimum_minutes)
{
    static const struct {
        const char *outcome, *words;
    } plain[] = {
        {"frozen", "This budget is paused, so nothing new can be asked for."},
        {"no_listing", "This service cannot be asked for here now."},
        {"no_outcome", "Council money pays for what the support plan wants to achieve. Choose what this is for."},
        {"no_budget", "There is no budget for some of the days you chose."},
        {"bad_dates", "No visit falls on the days you chose."},
        {"other_price", "This has a price that the council agreed for its money, and your share would be paid by other money."},
        {"related_party", "You work for this provider, so you cannot order from it."},
        {"mandate_no_right", "You may not ask for services for this person."},
        {"mandate_ended", "You may no longer act for this person."},
    };
    if (strcmp(outcome, "short") == 0)
        return arena_printf(a, "There is not enough money: it is %s short.", money_text(a, short_by));
    if (strcmp(outcome, "too_short") == 0)
        return arena_printf(a, "The provider comes for at least %d minutes.", minimum_minutes);
    if (strncmp(outcome, "mandate_over_", 13) == 0)
        return arena_printf(a, "This is more than you may spend for this person: the limit is %s.", money_text(a, ceiling));
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (strcmp(plain[i].outcome, outcome) == 0)
            return plain[i].words;
    return "You may not ask for this for this person.";
}

/* Whether asking for something else could be granted. */
static bool is_about_what_is_asked(const char *outcome)
{
    static const char *const about[] = {"short", "no_budget", "no_outcome", "bad_dates", "too_short"};
    for (size_t i = 0; i < sizeof about / sizeof *about; i++)
        if (strcmp(outcome, about[i]) == 0)
            return true;
    return strncmp(outcome, "mandate_over_", 13) == 0;
}

/* Whether asking for less, or for other days, could be granted. */
static bool is_too_much(const char *outcome)
{
    return is_about_what_is_asked(outcome) && strcmp(outcome, "no_outcome") != 0 && strcmp(outcome, "too_short") != 0;
}

static const char *length_text(struct arena *a, const struct ask_form *in, const char *unit)
{
    bool is_hourly = strcmp(unit, "hour") == 0;
    int64_t quantity = is_hourly ? in->minutes : in->quantity;
    return order_quantity_text(a, unit, quantity ? quantity : is_hourly ? 60 : 1);
}

static const char *outcome_title(const struct db_unit *u, int step, const char *ref)
{
    const struct sql_person_outcomes_row *rows;
    size_t n = sql_person_outcomes_rows(u, step, &rows);
    for (size_t i = 0; ref && i < n; i++)
        if (strcmp(rows[i].ref, ref) == 0)
            return rows[i].title;
    return NULL;
}

static struct form *hidden_copy(const struct request *req)
{
    req->form->is_hidden = true;
    return req->form;
}

static void check_cost_render(struct request *req, const struct db_unit *u)
{
    const struct ask_form *in = req->input;
    struct sql_ask_listing_row listing;
    struct sql_order_try_row quote;
    struct sql_my_money_total_row total;
    if (!sql_ask_listing_one(u, req->first_step, &listing)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    sql_order_try_one(u, req->first_step + 1, &quote);
    sql_my_money_total_one(u, req->first_step + 2, &total);
    bool fits = strcmp(quote.outcome, "fits") == 0;
    request_page(req, 200, fits ? "Check before you send it" : "This cannot be asked for yet", tmpl_payments_ask_check, .listing = &listing, .quote = &quote,
                 .total = &total, .f = hidden_copy(req), .base = req->base, .kept = request_arg(req, "kept"), .fits = fits,
                 .can_change = fits || is_about_what_is_asked(quote.outcome), .can_ask_less = is_too_much(quote.outcome),
                 .problem = fits ? "" : ask_refusal(req->arena, quote.outcome, quote.short_by, quote.ceiling, quote.minimum_minutes),
                 .days = order_days_text(req->arena, in->weekdays), .length = length_text(req->arena, in, listing.unit), .starts_on = in->starts_on,
                 .is_once = text_is_empty(in->weekdays), .weeks = in->weeks ? in->weeks : 1, .starts_at = in->starts_at, .note = in->note,
                 .outcome = outcome_title(u, req->first_step + 3, in->outcome), .how_many = arena_printf(req->arena, "%d", quote.visits));
}

/* ---- the request itself ---- */

void ask_place_plan(struct request *req, struct db_unit *u)
{
    sql_order_place_add(u, &(struct sql_order_place_params){.key = req->key, .request = ask_request(req, req->input, NULL)});
    db_unit_together(u, &sql_orders_place_stmt);
}

void ask_place_render(struct request *req, const struct db_unit *u)
{
    struct sql_order_place_row row;
    sql_order_place_one(u, req->first_step, &row);
    if (strcmp(row.outcome, "placed") != 0) {
        request_problem_text(req, ERR_CONFLICT, "%s%s%s Nothing was set aside.", ask_refusal(req->arena, row.outcome, row.short_by, row.ceiling, row.minimum_minutes),
                             row.next_step ? " " : "", row.next_step ? row.next_step : "");
        return;
    }
    if (!request_rows(req, u, req->first_step, "order"))
        request_see_other(req, "%s/orders/%s/asked", req->base, row.ref);
}

void asked_render(struct request *req, const struct db_unit *u)
{
    struct sql_order_show_row order;
    if (!sql_order_show_one(u, req->first_step, &order)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    request_page(req, 200, "Request sent", tmpl_payments_asked, .order = &order, .base = req->base);
}

void asked_plan(struct request *req, struct db_unit *u)
{
    sql_order_show_add(u, &(struct sql_order_show_params){.ref = request_arg(req, "order")});
}
