/* Visits to an invoice on one page: choose, check, issue. Self-billed for micro-enterprises, from a form for everybody without software. */
#include <string.h>

#include "daemon/base/civil.h"
#include "daemon/base/json.h"
#include "payments/provider_pages.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

struct choose_query {
    const char *order;
    int32_t from, to;
};
static const struct form_field choose_fields[] = {
    FIELD(struct choose_query, order, .kind = FORM_SELECT, .optional = true, .label = "For which order?"),
    FIELD(struct choose_query, from, .kind = FORM_DATE, .optional = true, .label = "From", .hint = "For example, 1 11 2026", .width = 10,
          .invalid = "Enter the first day, like 1 11 2026"),
    FIELD(struct choose_query, to, .kind = FORM_DATE, .optional = true, .label = "To", .hint = "For example, 30 11 2026", .width = 10,
          .invalid = "Enter the last day, like 30 11 2026"),
};
const struct form_spec provider_choose_spec = FORM_SPEC(struct choose_query, choose_fields);

struct bill_form {
    const char *order, *from, *to, *number;
};
static const struct form_field self_fields[] = {
    FIELD(struct bill_form, order, .kind = FORM_HIDDEN, .label = "Order"),
    FIELD(struct bill_form, from, .kind = FORM_HIDDEN, .label = "From"),
    FIELD(struct bill_form, to, .kind = FORM_HIDDEN, .label = "To"),
};
const struct form_spec provider_self_bill_spec = FORM_SPEC(struct bill_form, self_fields);
static const struct form_field form_fields[] = {
    FIELD(struct bill_form, order, .kind = FORM_HIDDEN, .label = "Order"),
    FIELD(struct bill_form, from, .kind = FORM_HIDDEN, .label = "From"),
    FIELD(struct bill_form, to, .kind = FORM_HIDDEN, .label = "To"),
    FIELD(struct bill_form, number, .kind = FORM_TEXT, .max = 60, .label = "Your invoice number", .hint = "Each invoice has a number of its own. For example, 2026-014",
          .missing = "Enter your invoice number", .width = 20),
};
const struct form_spec provider_form_spec = FORM_SPEC(struct bill_form, form_fields);

/* What the page shows: from the address, or from the form that was refused. */
struct choice {
    const char *order;
    int32_t from, to;
};

static int32_t typed_day(const char *iso)
{
    int32_t day;
    return civil_read(str_of(iso), &day) ? day : CIVIL_NONE;
}

static struct choice chosen(const struct request *req)
{
    if (req->route->input != &provider_choose_spec) {
        const struct bill_form *in = req->input;
        return (struct choice){in->order, typed_day(in->from), typed_day(in->to)};
    }
    const struct choose_query *in = req->input;
    return (struct choice){in->order, in->from, in->to};
}

static void plan(struct request *req, struct db_unit *u, bool is_self)
{
    struct choice c = chosen(req);
    sql_provider_billable_orders_add(u, &(struct sql_provider_billable_orders_params){.confirmed_only = is_self});
    sql_provider_billable_visits_add(u, &(struct sql_provider_billable_visits_params){
                                            .order_ref = c.order ? c.order : "", .from_on = c.from, .to_on = c.to, .confirmed_only = is_self});
    sql_provider_about_add(u, NULL);
}

static const struct form_choice *order_choices(struct request *req, const struct sql_provider_billable_orders_row *rows, size_t n)
{
    struct form_choice *c = arena_array(req->arena, n + 2, sizeof *c);
    c[0] = (struct form_choice){"", "Choose an order", NULL};
    for (size_t i = 0; i < n; i++)
        c[i + 1] = (struct form_choice){rows[i].order_ref,
                                    arena_printf(req->arena, "%s for %s: %d visit%s", rows[i].title, rows[i].person_name, rows[i].visits,
                                                 rows[i].visits == 1 ? "" : "s"),
                                    NULL};
    return c;
}

static struct form *choose_form(struct request *req, const struct choice *c, const struct form_choice *orders)
{
    struct form *f = request_form_again(req, &provider_choose_spec);
    form_set_choices(f, "order", orders);
    if (f == req->form && f->states[0].typed && text_is_empty(c->order))
        form_error(f, "order", "Choose the order");
    if (f != req->form && c->order) {
        form_prefill(f, "order", c->order);
        form_prefill(f, "from", civil_iso(req->arena, c->from));
        form_prefill(f, "to", civil_iso(req->arena, c->to));
    }
    return f;
}

/* Exactly the days that were checked: what is confirmed later is not in it. */
static struct form *issue_form(struct request *req, const struct form_spec *spec, const char *order, const struct sql_provider_billable_visits_row *visits, size_t n)
{
    struct form *f = request_form_again(req, spec);
    if (n) {
        form_prefill(f, "order", order);
        form_prefill(f, "from", civil_iso(req->arena, visits[0].planned_on));
        form_prefill(f, "to", civil_iso(req->arena, visits[n - 1].planned_on));
    }
    return f;
}

static const char *vat_words(const char *category)
{
    if (strcmp(category, "S") == 0)
        return "20%, contained in the total";
    return strcmp(category, "E") == 0 ? "none: welfare services are exempt" : "none: you are not registered for VAT";
}

static void render(struct request *req, const struct db_unit *u, bool is_self)
{
    struct choice c = chosen(req);
    const struct sql_provider_billable_orders_row *orders;
    const struct sql_provider_billable_visits_row *visits;
    struct sql_provider_about_row about;
    size_t orders_n = sql_provider_billable_orders_rows(u, req->first_step, &orders);
    size_t n = sql_provider_billable_visits_rows(u, req->first_step + 1, &visits);
    sql_provider_about_one(u, req->first_step + 2, &about);
    if (is_self && strcmp(about.kind, "micro") != 0) {
        request_problem_text(req, ERR_FORBIDDEN, "Self-billing is for micro-enterprises. Write an invoice or send a file instead.");
        return;
    }
    const char *order = !text_is_empty(c.order) ? c.order : NULL;
    request_page(req, 200, is_self ? "Bill visits" : "Write an invoice", tmpl_payments_provider_bill, .orders = orders, .orders_n = orders_n, .visits = visits,
                 .visits_n = n, .choose = choose_form(req, &c, order_choices(req, orders, orders_n)),
                 .issue = issue_form(req, is_self ? &provider_self_bill_spec : &provider_form_spec, order, visits, n), .is_self = is_self,
                 .action = is_self ? "/provider/invoices/self-bill" : "/provider/invoices/new", .order = order, .vat = vat_words(about.vat_category),
                 .total = n ? visits[n - 1].sum : 0, .today = civil_text(req->arena, about.today));
}

void provider_self_bill_plan(struct request *req, struct db_unit *u)
{
    plan(req, u, true);
}

void provider_self_bill_render(struct request *req, const struct db_unit *u)
{
    render(req, u, true);
}

void provider_form_plan(struct request *req, struct db_unit *u)
{
    plan(req, u, false);
}

void provider_form_render(struct request *req, const struct db_unit *u)
{
    render(req, u, false);
}

/* ---- issuing ---- */

static const char *bill_request(struct request *req)
{
    const struct bill_form *in = req->input;
    const struct {
        const char *name, *value;
    } members[] = {{"{\"order\":", in->order}, {",\"from\":", in->from}, {",\"to\":", in->to}, {",\"number\":", in->number}};
    struct buf b = {0};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (members[i].value) {
            buf_adds(&b, members[i].name);
            json_write_text(&b, members[i].value);
        }
    buf_addc(&b, '}');
    const char *text = str_dup(req->arena, buf_str(&b));
    buf_finish(&b);
    return text;
}

void provider_self_bill_issue_plan(struct request *req, struct db_unit *u)
{
    sql_self_bill_add(u, &(struct sql_self_bill_params){.key = req->key, .request = bill_request(req)});
}

void provider_self_bill_issue_render(struct request *req, const struct db_unit *u)
{
    struct sql_self_bill_row row;
    sql_self_bill_one(u, req->first_step, &row);
    if (row.ref)
        request_see_other(req, "/provider/invoices/%s", row.ref);
    else
        request_problem_text(req, ERR_CONFLICT, strcmp(row.outcome, "not_micro") == 0 ? "Self-billing is for micro-enterprises."
                                                                                      : "These visits are billed already. Nothing was issued.");
}

void provider_form_send_plan(struct request *req, struct db_unit *u)
{
    sql_invoice_form_add(u, &(struct sql_invoice_form_params){.key = req->key, .request = bill_request(req)});
}

void provider_form_send_render(struct request *req, const struct db_unit *u)
{
    struct sql_invoice_form_row row;
    sql_invoice_form_one(u, req->first_step, &row);
    bool is_duplicate = strcmp(row.outcome, "duplicate") == 0;
    if (row.ref && !is_duplicate) {
        request_see_other(req, "/provider/invoices/%s", row.ref);
    } else if (strcmp(row.outcome, "nothing_to_bill") == 0) {
        request_problem_text(req, ERR_CONFLICT, "These visits are billed already. Nothing was sent.");
    } else {
        form_error(req->form, "number", "%s", is_duplicate ? arena_printf(req->arena, "You have used this number before: it looks the same as %s", row.number)
                                                           : row.sentence);
        request_next(req, provider_form_plan, provider_form_render);
    }
}
