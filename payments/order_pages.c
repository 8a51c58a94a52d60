#include "payments/order_pages.h"

#include <string.h>

#include "daemon/base/json.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

/* A form of one button: its token and key alone. */
static const struct form_field no_fields[1];
const struct form_spec order_button_spec = {.name = "button", .size = 1, .fields = no_fields, .fields_n = 0};

struct reason_form {
    const char *reason;
};
static const struct form_field cancel_fields[] = {
    FIELD(struct reason_form, reason, .kind = FORM_TEXT, .optional = true, .label = "Why? The provider sees this."),
};
const struct form_spec order_reason_spec = FORM_SPEC(struct reason_form, cancel_fields);
static const struct form_field query_fields[] = {
    FIELD(struct reason_form, reason, .kind = FORM_TEXTAREA, .max = 500, .label = "What was wrong?", .hint = "For example: nobody came, or they left early",
          .missing = "Say what was wrong"),
};
const struct form_spec visit_reason_spec = FORM_SPEC(struct reason_form, query_fields);

/* What was just done, told once on the page that it leads to. */
struct done_query {
    const char *done;
};
static const struct form_choice done_choices[] = {
    {"confirmed", "Thank you. You said that the visit happened.", NULL},
    {"queried", "The provider is told. If the money is not on its way yet, it waits until this is settled.", NULL},
    {"cancelled", "This is cancelled. The provider is told.", NULL},
    {NULL, NULL, NULL},
};
static const struct form_field done_fields[] = {
    FIELD(struct done_query, done, .kind = FORM_SELECT, .optional = true, .label = "Done", .choices = done_choices),
};
const struct form_spec order_done_spec = FORM_SPEC(struct done_query, done_fields);

/* Anybody can write an address: it is told only where the order or one of its visits is in that state. */
static const char *done_words(const struct done_query *q, const char *order_state, const struct sql_order_visits_row *visits, size_t n)
{
    const char *done = q && q->done ? q->done : "";
    bool is_so = strcmp(order_state, done) == 0;
    for (size_t i = 0; i < n; i++)
        is_so |= strcmp(visits[i].state, done) == 0;
    for (size_t i = 0; is_so && done_choices[i].value; i++)
        if (strcmp(done_choices[i].value, done) == 0)
            return done_choices[i].label;
    return NULL;
}

/* ---- the list ---- */

void order_list_plan(struct request *req, struct db_unit *u)
{
    sql_order_list_add(u, &(struct sql_order_list_params){.page = req->page});
    sql_absence_now_add(u, NULL);
}

void order_list_render(struct request *req, const struct db_unit *u)
{
    const struct sql_order_list_row *rows;
    struct sql_absence_now_row away;
    if (request_rows(req, u, req->first_step, "orders"))
        return;
    size_t n = sql_order_list_rows(u, req->first_step, &rows);
    request_page(req, 200, "Orders", tmpl_payments_orders, .orders = rows, .orders_n = n, .base = req->base, .prev = request_prev_page(req), .next = request_next_page(req, u, req->first_step),
                 .away = sql_absence_now_one(u, req->first_step + 1, &away) ? &away : NULL);
}

/* ---- one order ---- */

void order_only_plan(struct request *req, struct db_unit *u)
{
    sql_order_show_add(u, &(struct sql_order_show_params){.ref = request_arg(req, "order")});
}

void order_show_plan(struct request *req, struct db_unit *u)
{
    const char *ref = request_arg(req, "order");
    sql_order_show_add(u, &(struct sql_order_show_params){.ref = ref});
    sql_order_visits_add(u, &(struct sql_order_visits_params){.ref = ref});
    sql_order_timeline_add(u, &(struct sql_order_timeline_params){.ref = ref});
    sql_order_purses_add(u, &(struct sql_order_purses_params){.ref = ref});
}

static const char *length_text(struct arena *a, int64_t minutes)
{
    long long hours = minutes / 60, rest = minutes % 60;
    const char *hour = hours == 1 ? "hour" : "hours";
    if (!hours)
        return arena_printf(a, "%lld minutes", rest);
    return rest ? arena_printf(a, "%lld %s %lld minutes", hours, hour, rest) : arena_printf(a, "%lld %s", hours, hour);
}

const char *order_quantity_text(struct arena *a, const char *unit, int64_t quantity)
{
    if (strcmp(unit, "hour") == 0)
        return length_text(a, quantity);
    return arena_printf(a, "%lld %s%s", (long long)quantity, unit, quantity == 1 ? "" : "s");
}

const char *order_each_text(struct arena *a, const struct sql_order_show_row *o)
{
    return order_quantity_text(a, o->unit, o->quantity);
}

const char *order_days_text(struct arena *a, const char *weekdays)
{
    static const char *const names[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
    const char *list = "";
    struct str rest = str_of(weekdays), day;
    int64_t number;
    while (!text_is_empty(weekdays) && str_cut(&rest, ' ', &day))
        if (text_read_i64(day, 1, 7, &number))
            list = arena_printf(a, "%s%s%s", list, *list ? ", " : "Every ", names[number - 1]);
    return *list ? list : "Once";
}

static bool is_open(const struct sql_order_show_row *o)
{
    return (strcmp(o->state, "asked") == 0 && !o->pool_ref) || strcmp(o->state, "accepted") == 0; /* what several asked for together waits for its one answer */
}

static bool find_order(struct request *req, const struct db_unit *u, struct sql_order_show_row *ret)
{
    if (sql_order_show_one(u, req->first_step, ret))
        return true;
    request_problem(req, ERR_NOT_FOUND);
    return false;
}

void order_show_render(struct request *req, const struct db_unit *u)
{
    struct sql_order_show_row order;
    const struct sql_order_visits_row *visits;
    const struct sql_order_timeline_row *events;
    const struct sql_order_purses_row *purses;
    if (!find_order(req, u, &order) || request_rows(req, u, req->first_step + 1, "visits"))
        return;
    size_t visits_n = sql_order_visits_rows(u, req->first_step + 1, &visits);
    size_t events_n = sql_order_timeline_rows(u, req->first_step + 2, &events);
    size_t purses_n = sql_order_purses_rows(u, req->first_step + 3, &purses);
    request_page(req, 200, order.title, tmpl_payments_order, .order = &order, .visits = visits, .visits_n = visits_n, .events = events, .events_n = events_n,
                 .purses = purses, .purses_n = purses_n, .act = request_form(req, &order_button_spec), .base = req->base, .can_cancel = is_open(&order) && order.may_act,
                 .said = done_words(req->input, order.state, visits, visits_n), .each = order_each_text(req->arena, &order), .days = order_days_text(req->arena, order.weekdays));
}

/* ---- acts: each is one idempotent function; what it refuses is shown in words ---- */

static const char *reason_request(struct request *req, const char *object, const char *ref)
{
    const struct reason_form *in = req->input;
    struct buf b = {0};
    buf_addf(&b, "{\"%s\":", object);
    json_write_text(&b, ref);
    if (in && !text_is_empty(in->reason)) {
        buf_adds(&b, ",\"reason\":");
        json_write_text(&b, in->reason);
    }
    buf_addc(&b, '}');
    const char *text = str_dup(req->arena, buf_str(&b));
    buf_finish(&b);
    return text;
}

static void may_not(struct request *req)
{
    request_problem_text(req, ERR_FORBIDDEN, "You may not do this for %s. Ask the person to let you do it, or talk to the council.", req->who.person_name);
}

bool order_is_refused(struct request *req, const char *outcome, const char *done)
{
    if (strcmp(outcome, done) == 0)
        return false;
    if (strncmp(outcome, "mandate", 7) == 0)
        may_not(req);
    else if (strcmp(outcome, "related_party") == 0)
        request_problem_text(req, ERR_FORBIDDEN, "You work for this provider, so somebody else has to say whether the visit came.");
    else
        request_problem(req, ERR_CONFLICT);
    return true;
}

void order_cancel_form_render(struct request *req, const struct db_unit *u)
{
    struct sql_order_show_row order;
    if (!find_order(req, u, &order))
        return;
    if (!is_open(&order))
        request_see_other(req, "%s/orders/%s", req->base, order.ref);
    else if (!order.may_act)
        may_not(req);
    else
        request_page(req, 200, arena_printf(req->arena, "Cancel %s?", order.title), tmpl_payments_order_cancel, .order = &order,
                     .f = request_form_again(req, &order_reason_spec), .base = req->base);
}

void order_cancel_plan(struct request *req, struct db_unit *u)
{
    sql_order_cancel_add(u, &(struct sql_order_cancel_params){.key = req->key, .request = reason_request(req, "order", request_arg(req, "order"))});
}

void order_cancel_render(struct request *req, const struct db_unit *u)
{
    struct sql_order_cancel_row row;
    sql_order_cancel_one(u, req->first_step, &row);
    if (!order_is_refused(req, row.outcome, "cancelled"))
        request_see_other(req, "%s/orders/%s?done=cancelled", req->base, row.ref);
}

void visit_show_plan(struct request *req, struct db_unit *u)
{
    sql_visit_show_add(u, &(struct sql_visit_show_params){.ref = request_arg(req, "visit")});
}

void visit_query_form_render(struct request *req, const struct db_unit *u)
{
    struct sql_visit_show_row visit;
    if (!sql_visit_show_one(u, req->first_step, &visit)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    if (!visit.may_act) {
        may_not(req);
        return;
    }
    if (strcmp(visit.state, "delivered") != 0 && strcmp(visit.state, "frustrated") != 0) {
        request_see_other(req, "%s/orders/%s", req->base, visit.order_ref);
        return;
    }
    request_page(req, 200, "What was wrong?", tmpl_payments_visit_query, .visit = &visit, .f = request_form_again(req, &visit_reason_spec), .base = req->base);
}

void visit_confirm_plan(struct request *req, struct db_unit *u)
{
    visit_show_plan(req, u);
    sql_visit_confirm_add(u, &(struct sql_visit_confirm_params){.key = req->key, .request = reason_request(req, "visit", request_arg(req, "visit"))});
}

static void back_to_order(struct request *req, const struct db_unit *u, const char *done)
{
    struct sql_visit_show_row visit;
    sql_visit_show_one(u, req->first_step, &visit);
    request_see_other(req, "%s/orders/%s?done=%s", req->base, visit.order_ref, done);
}

void visit_confirm_render(struct request *req, const struct db_unit *u)
{
    struct sql_visit_confirm_row row;
    sql_visit_confirm_one(u, req->first_step + 1, &row);
    if (!order_is_refused(req, row.outcome, "confirmed"))
        back_to_order(req, u, row.outcome);
}

void visit_query_plan(struct request *req, struct db_unit *u)
{
    visit_show_plan(req, u);
    sql_visit_query_add(u, &(struct sql_visit_query_params){.key = req->key, .request = reason_request(req, "visit", request_arg(req, "visit"))});
}

void visit_query_render(struct request *req, const struct db_unit *u)
{
    struct sql_visit_query_row row;
    sql_visit_query_one(u, req->first_step + 1, &row);
    if (!order_is_refused(req, row.outcome, "queried"))
        back_to_order(req, u, row.outcome);
}
