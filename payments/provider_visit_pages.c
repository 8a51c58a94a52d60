/* The provider's week: what is planned, what happened, and the questions that people asked about it. */
#include <string.h>

#include "daemon/base/civil.h"
#include "daemon/base/json.h"
#include "payments/order_pages.h"
#include "payments/provider_pages.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

struct week_query {
    int32_t from;
};
static const struct form_field week_fields[] = {
    FIELD(struct week_query, from, .kind = FORM_DATE, .optional = true, .label = "A day of the week", .width = 10),
};
const struct form_spec provider_week_spec = FORM_SPEC(struct week_query, week_fields);

struct days_form {
    const char *from;
};
static const struct form_field days_fields[] = {
    FIELD(struct days_form, from, .kind = FORM_HIDDEN, .label = "Week"),
};
const struct form_spec provider_days_spec = FORM_SPEC(struct days_form, days_fields);

struct visit_form {
    const char *outcome, *note;
    int64_t minutes;
};
static const struct form_choice outcome_choices[] = {
    {"delivered", "It happened", "Check the time below"},
    {"frustrated", "It could not take place", "You came, and the person could not be supported. It is still due"},
    {"missed", "We missed it", "Nothing is due, and the money goes back to the person"},
    {NULL, NULL, NULL},
};
static const struct form_field visit_fields[] = {
    FIELD(struct visit_form, outcome, .kind = FORM_RADIOS, .label = "What happened?", .missing = "Choose what happened", .choices = outcome_choices),
    FIELD(struct visit_form, minutes, .kind = FORM_HOURS, .optional = true, .min = 1, .max = 10080, .label = "How long did it take?",
          .hint = "For example, 2 hours, 1.5 or 90 minutes. Time beyond what was agreed is kept, and not billed",
          .invalid = "Enter how long it took, like 2 hours or 90 minutes", .width = 10),
    FIELD(struct visit_form, note, .kind = FORM_TEXTAREA, .optional = true, .max = 500, .label = "Anything to say about it?", .hint = "The person sees this"),
};
const struct form_spec provider_visit_spec = FORM_SPEC(struct visit_form, visit_fields);

static const char *minutes_text(struct arena *a, int32_t minutes)
{
    if (minutes < 60)
        return arena_printf(a, "%d minutes", minutes);
    return minutes % 60 ? arena_printf(a, "%dh %02d", minutes / 60, minutes % 60) : arena_printf(a, "%d hour%s", minutes / 60, minutes == 60 ? "" : "s");
}

/* ---- the week ---- */

static int32_t monday_of(int32_t day)
{
    return day - civil_weekday(day);
}

static void week_visits_plan(struct request *req, struct db_unit *u)
{
    const int32_t *from = req->state;
    sql_provider_visits_add(u, &(struct sql_provider_visits_params){.from_on = *from, .to_on = *from + 6});
}

static void fill_visit(struct request *req, struct tmpl_payments_provider_week_visits *to, const struct sql_provider_visits_row *v)
{
    bool is_planned = strcmp(v->state, "planned") == 0;
    *to = (struct tmpl_payments_provider_week_visits){
        .ref = v->ref,
        .order_ref = v->order_ref,
        .day = v->planned_on,
        .time = v->starts_at ? v->starts_at : "Any time",
        .length = v->planned_minutes_null ? NULL : minutes_text(req->arena, v->planned_minutes),
        .took = v->actual_minutes_null || !v->actual_minutes ? NULL : minutes_text(req->arena, v->actual_minutes),
        .title = v->title,
        .person = v->person_name,
        .state = v->state,
        .query = v->query_reason,
        .can_say = is_planned && v->is_due,
        .can_answer = strcmp(v->state, "queried") == 0,
        .is_invoiced = v->is_invoiced,
    };
}

static void week_visits_render(struct request *req, const struct db_unit *u)
{
    const int32_t *from = req->state;
    const struct sql_provider_visits_row *rows;
    if (request_rows(req, u, req->first_step, arena_printf(req->arena, "visits-%s", civil_iso(req->arena, *from))))
        return;
    size_t n = sql_provider_visits_rows(u, req->first_step, &rows), due = 0;
    struct tmpl_payments_provider_week_visits *visits = arena_array(req->arena, n, sizeof *visits);
    for (size_t i = 0; i < n; i++) {
        fill_visit(req, &visits[i], &rows[i]);
        visits[i].is_new_day = i == 0 || rows[i].planned_on != rows[i - 1].planned_on;
        due += visits[i].can_say;
    }
    struct form *all = request_form(req, &provider_days_spec);
    form_prefill(all, "from", civil_iso(req->arena, *from));
    request_page(req, 200, arena_printf(req->arena, "Visits from %s", civil_text(req->arena, *from)), tmpl_payments_provider_week, .from = *from, .to = *from + 6,
                 .before = *from - 7, .after = *from + 7, .visits = visits, .visits_n = n, .due = (int64_t)due, .all = all,
                 .one = request_form(req, &order_button_spec));
}

void provider_week_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    sql_provider_about_add(u, NULL);
}

/* The week asked for, or this one. */
void provider_week_render(struct request *req, const struct db_unit *u)
{
    const struct week_query *in = req->input;
    struct sql_provider_about_row about;
    sql_provider_about_one(u, req->first_step, &about);
    bool is_asked = in && form_is_valid(req->form) && in->from != CIVIL_NONE && req->form->is_sent;
    int32_t *from = arena_alloc(req->arena, sizeof *from);
    *from = is_asked ? monday_of(in->from) : about.week_from;
    req->state = from;
    request_next(req, week_visits_plan, week_visits_render);
}

void provider_week_confirm_plan(struct request *req, struct db_unit *u)
{
    const struct days_form *in = req->input;
    int32_t from;
    if (!civil_read(str_of(in->from), &from)) {
        request_problem(req, ERR_BAD_REQUEST);
        return;
    }
    sql_visits_deliver_add(u, &(struct sql_visits_deliver_params){
                                  .key = req->key, .request = arena_printf(req->arena, "{\"from\":\"%s\",\"to\":\"%s\"}", civil_iso(req->arena, from),
                                                                          civil_iso(req->arena, from + 6))});
}

void provider_week_confirm_render(struct request *req, const struct db_unit *u)
{
    (void)u;
    const struct days_form *in = req->input;
    request_see_other(req, "/provider/visits?from=%s", in->from);
}

/* ---- one visit ---- */

void provider_visit_plan(struct request *req, struct db_unit *u)
{
    sql_provider_visit_add(u, &(struct sql_provider_visit_params){.ref = request_arg(req, "visit")});
}

static bool find_visit(struct request *req, const struct db_unit *u, struct sql_provider_visit_row *ret)
{
    if (sql_provider_visit_one(u, req->first_step, ret))
        return true;
    request_problem(req, ERR_NOT_FOUND);
    return false;
}

void provider_visit_render(struct request *req, const struct db_unit *u)
{
    struct sql_provider_visit_row visit;
    if (!find_visit(req, u, &visit))
        return;
    struct form *f = request_form_again(req, &provider_visit_spec);
    bool is_queried = strcmp(visit.state, "queried") == 0;
    if (!f->is_sent && !visit.planned_minutes_null)
        form_prefill(f, "minutes", minutes_text(req->arena, is_queried && visit.actual_minutes ? visit.actual_minutes : visit.planned_minutes));
    request_page(req, 200, "What happened?", tmpl_payments_provider_visit, .visit = &visit, .f = f, .has_minutes = !visit.planned_minutes_null,
                 .can_say = is_queried || (strcmp(visit.state, "planned") == 0 && visit.is_due), .is_queried = is_queried);
}

static void say(struct request *req, struct db_unit *u, const struct visit_form *in)
{
    struct buf b = {0};
    provider_visit_plan(req, u);
    buf_adds(&b, "{\"visit\":");
    json_write_text(&b, request_arg(req, "visit"));
    buf_adds(&b, ",\"outcome\":");
    json_write_text(&b, in->outcome);
    if (in->minutes)
        buf_addf(&b, ",\"minutes\":%lld", (long long)in->minutes);
    if (!text_is_empty(in->note)) {
        buf_adds(&b, ",\"note\":");
        json_write_text(&b, in->note);
    }
    buf_addc(&b, '}');
    sql_visit_deliver_add(u, &(struct sql_visit_deliver_params){.key = req->key, .request = str_dup(req->arena, buf_str(&b))});
    buf_finish(&b);
}

void provider_visit_say_plan(struct request *req, struct db_unit *u)
{
    say(req, u, req->input);
}

void provider_visit_happened_plan(struct request *req, struct db_unit *u)
{
    say(req, u, &(struct visit_form){.outcome = "delivered"});
}

void provider_visit_say_render(struct request *req, const struct db_unit *u)
{
    struct sql_provider_visit_row visit;
    struct sql_visit_deliver_row row;
    if (!find_visit(req, u, &visit))
        return;
    sql_visit_deliver_one(u, req->first_step + 1, &row);
    if (strcmp(row.outcome, "too_early") == 0)
        request_problem_text(req, ERR_CONFLICT, "This visit is still to come. Say what happened once its time is there.");
    else if (strcmp(row.outcome, "state") == 0)
        request_problem_text(req, ERR_CONFLICT, "This visit cannot be changed now: it is %s.", row.state ? row.state : "closed");
    else
        request_see_other(req, "/provider/visits?from=%s", civil_iso(req->arena, monday_of(visit.planned_on)));
}
