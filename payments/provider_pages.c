/* The provider's desk and the requests on it. A provider sees what was asked, never the person's plan or money. */
#include "payments/provider_pages.h"

#include <string.h>

#include "daemon/base/json.h"
#include "payments/order_pages.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

struct answer_form {
    const char *note;
};
static const struct form_field answer_fields[] = {
    FIELD(struct answer_form, note, .kind = FORM_TEXTAREA, .max = 500, .label = "Why not?", .hint = "The person who asked sees this. For example: we have nobody free on Tuesdays",
          .missing = "Say why you cannot help"),
};
const struct form_spec provider_answer_spec = FORM_SPEC(struct answer_form, answer_fields);

/* The desk knows the week only after the database said which day it is. */
static void desk_more_plan(struct request *req, struct db_unit *u)
{
    const struct sql_provider_about_row *about = req->state;
    sql_provider_requests_add(u, NULL);
    sql_provider_visits_add(u, &(struct sql_provider_visits_params){.from_on = about->week_from, .to_on = about->week_from + 6});
    sql_provider_owed_add(u, NULL);
}

static void desk_more_render(struct request *req, const struct db_unit *u)
{
    const struct sql_provider_about_row *about = req->state;
    const struct sql_provider_requests_row *requests;
    const struct sql_provider_visits_row *visits;
    const struct sql_provider_owed_row *owed;
    if (request_rows(req, u, req->first_step, "requests"))
        return;
    size_t requests_n = sql_provider_requests_rows(u, req->first_step, &requests);
    size_t visits_n = sql_provider_visits_rows(u, req->first_step + 1, &visits);
    size_t owed_n = sql_provider_owed_rows(u, req->first_step + 2, &owed);
    int64_t due = 0, queried = 0, total = 0;
    for (size_t i = 0; i < visits_n; i++) {
        due += strcmp(visits[i].state, "planned") == 0 && visits[i].is_due;
        queried += strcmp(visits[i].state, "queried") == 0;
    }
    for (size_t i = 0; i < owed_n; i++)
        total += owed[i].amount;
    request_page(req, 200, "Requests", tmpl_payments_provider_desk, .name = about->name, .provider_ref = about->ref, .requests = requests, .requests_n = requests_n,
                 .owed = owed, .owed_n = owed_n, .total = total, .visits_n = (int64_t)visits_n, .due_n = due, .queried_n = queried,
                 .services_n = about->services, .hindrance = about->hindrance);
}

void provider_desk_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    sql_provider_about_add(u, NULL);
}

void provider_desk_render(struct request *req, const struct db_unit *u)
{
    struct sql_provider_about_row *about = arena_alloc(req->arena, sizeof *about);
    sql_provider_about_one(u, req->first_step, about);
    req->state = about;
    request_next(req, desk_more_plan, desk_more_render);
}

/* ---- one request ---- */

void provider_request_plan(struct request *req, struct db_unit *u)
{
    order_only_plan(req, u);
    sql_provider_request_people_add(u, &(struct sql_provider_request_people_params){.ref = request_arg(req, "order")});
    sql_provider_request_away_add(u, &(struct sql_provider_request_away_params){.ref = request_arg(req, "order")});
}

void provider_request_render(struct request *req, const struct db_unit *u)
{
    const struct sql_provider_request_people_row *people;
    const struct sql_provider_request_away_row *away;
    struct sql_order_show_row order;
    if (!sql_order_show_one(u, req->first_step, &order)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    size_t people_n = sql_provider_request_people_rows(u, req->first_step + 1, &people), away_n = sql_provider_request_away_rows(u, req->first_step + 2, &away);
    int64_t total = 0, each_time = 0;
    for (size_t i = 0; i < people_n; i++) {
        total += people[i].total;
        each_time += people[i].visit_price;
    }
    request_page(req, 200, arena_printf(req->arena, "Request %s", order.ref), tmpl_payments_provider_request, .order = &order, .people = people,
                 .people_n = people_n, .is_group = people_n > 1, .how_many = (int64_t)people_n, .total = total, .each_time = each_time, .away = away, .away_n = away_n,
                 .each = people_n ? order_quantity_text(req->arena, people[0].unit, people[0].quantity) : "", .days = order_days_text(req->arena, order.weekdays),
                 .accept = request_form(req, &order_button_spec), .decline = request_form_again(req, &provider_answer_spec));
}

static const char *answer_request(struct request *req, const char *note)
{
    struct buf b = {0};
    buf_adds(&b, "{\"order\":");
    json_write_text(&b, request_arg(req, "order"));
    if (note) {
        buf_adds(&b, ",\"note\":");
        json_write_text(&b, note);
    }
    buf_addc(&b, '}');
    const char *text = str_dup(req->arena, buf_str(&b));
    buf_finish(&b);
    return text;
}

/* To the request's page, which tells what it is now; or why the answer came too late. */
static void answered(struct request *req, const char *outcome, const char *done, const char *state)
{
    if (strcmp(outcome, done) == 0)
        request_see_other(req, "/provider/requests/%s", request_arg(req, "order"));
    else if (state && strcmp(state, "expired") == 0)
        request_problem_text(req, ERR_CONFLICT, "The time to answer this request has passed. The person was told, and may ask again.");
    else
        request_problem_text(req, ERR_CONFLICT, "This request was answered already: it is %s.", state ? state : "closed");
}

void provider_accept_plan(struct request *req, struct db_unit *u)
{
    sql_order_accept_add(u, &(struct sql_order_accept_params){.key = req->key, .request = answer_request(req, NULL)});
}

void provider_accept_render(struct request *req, const struct db_unit *u)
{
    struct sql_order_accept_row row;
    sql_order_accept_one(u, req->first_step, &row);
    answered(req, row.outcome, "accepted", row.state);
}

void provider_decline_plan(struct request *req, struct db_unit *u)
{
    const struct answer_form *in = req->input;
    sql_order_decline_add(u, &(struct sql_order_decline_params){.key = req->key, .request = answer_request(req, in->note)});
}

void provider_decline_render(struct request *req, const struct db_unit *u)
{
    struct sql_order_decline_row row;
    sql_order_decline_one(u, req->first_step, &row);
    answered(req, row.outcome, "declined", row.state);
}
