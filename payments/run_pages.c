#include "payments/run_pages.h"

#include <string.h>

#include "daemon/base/civil.h"
#include "payments/council_pages.h"
#include "payments/facts.h"
#include "payments/order_pages.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

/* ---- the list ---- */

void run_list_plan(struct request *req, struct db_unit *u)
{
    sql_run_list_add(u, &(struct sql_run_list_params){.page = req->page});
}

void run_list_render(struct request *req, const struct db_unit *u)
{
    const struct sql_run_list_row *rows;
    if (request_rows(req, u, req->first_step, "payment-runs"))
        return;
    size_t n = sql_run_list_rows(u, req->first_step, &rows);
    request_page(req, 200, "Payment runs", tmpl_payments_council_runs, .runs = rows, .runs_n = n, .may_act = req->who.hat == HAT_FINANCE,
                 .prev = request_prev_page(req), .next = request_next_page(req, u, req->first_step));
}

/* ---- putting one together ---- */

struct run_new {
    int32_t pay_on;
};
static const struct form_field run_new_fields[] = {
    FIELD(struct run_new, pay_on, .kind = FORM_DATE, .optional = true, .label = "On which day should it be paid?",
          .hint = "Left empty: as soon as the bank can. A weekend or bank holiday becomes the working day after it.", .width = 10,
          .invalid = "Enter the day, like 27 3 2027"),
};
const struct form_spec run_new_spec = FORM_SPEC(struct run_new, run_new_fields);

void run_new_plan(struct request *req, struct db_unit *u)
{
    sql_run_preview_add(u, &(struct sql_run_preview_params){.page = req->page});
}

void run_new_render(struct request *req, const struct db_unit *u)
{
    const struct sql_run_preview_row *rows;
    if (request_rows(req, u, req->first_step, "next-run"))
        return;
    size_t n = sql_run_preview_rows(u, req->first_step, &rows);
    request_page(req, 200, "Put together a payment run", tmpl_payments_council_run_new, .rows = rows, .rows_n = n, .payees = n ? rows[0].payees : 0,
                 .total = n ? rows[0].total : 0, .has_left_out = n && rows[0].hindrance, .has_payees = n && !rows[n - 1].hindrance,
                 .prev = request_prev_page(req), .next = request_next_page(req, u, req->first_step), .f = request_form_again(req, &run_new_spec));
}

void run_assemble_plan(struct request *req, struct db_unit *u)
{
    const struct run_new *in = req->input;
    const char *day = in->pay_on == CIVIL_NONE ? NULL : civil_iso(req->arena, in->pay_on);
    sql_run_assemble_add(u, &(struct sql_run_assemble_params){.key = req->key, .request = FACTS(req->arena, {"pay_on", day})});
}

void run_assemble_render(struct request *req, const struct db_unit *u)
{
    static const struct refusal refusals[] = {
        {"day_past", "pay_on", "The day must be today or later"},
        {"day_far", "pay_on", "The day must be within 90 days from today"},
    };
    struct sql_run_assemble_row row;
    sql_run_assemble_one(u, req->first_step, &row);
    if (council_refused(req, row.outcome, refusals, sizeof refusals / sizeof *refusals))
        request_next(req, run_new_plan, run_new_render);
    else if (council_did(req, row.outcome, "assembled", "There is nothing to pay now. Approved invoices appear here by themselves."))
        request_see_other(req, "/council/runs/%s", row.ref);
}

/* ---- one run ---- */

void run_show_plan(struct request *req, struct db_unit *u)
{
    const char *ref = request_arg(req, "run");
    sql_run_show_add(u, &(struct sql_run_show_params){.ref = ref});
    sql_run_payments_add(u, &(struct sql_run_payments_params){.ref = ref, .page = req->page});
    sql_run_sums_add(u, &(struct sql_run_sums_params){.ref = ref});
    sql_run_preview_add(u, &(struct sql_run_preview_params){.run = ref, .page = 1});
}

/* What is wrong with the sums; NULL when they agree. */
static const char *difference(const struct sql_run_show_row *run, const struct sql_run_sums_row *s)
{
    if (s->payments_sum != run->total)
        return "The payments do not add up to the run.";
    if (s->invoices_sum != run->total)
        return "The invoices do not add up to the run.";
    if (!s->file_control_null && (s->file_control != run->total || s->file_added != run->total || s->file_transfers != run->payments))
        return "The payment file does not say what the run says.";
    if (!s->file_is_intact_null && !s->file_is_intact)
        return "The stored payment file is not the one that was released.";
    return NULL;
}

void run_show_render(struct request *req, const struct db_unit *u)
{
    struct sql_run_show_row run;
    struct sql_run_sums_row sums;
    const struct sql_run_payments_row *payments;
    const struct sql_run_preview_row *waiting;
    if (!sql_run_show_one(u, req->first_step, &run) || !sql_run_sums_one(u, req->first_step + 2, &sums)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    if (request_rows(req, u, req->first_step + 1, arena_printf(req->arena, "run-%s", run.ref)))
        return;
    size_t payments_n = sql_run_payments_rows(u, req->first_step + 1, &payments);
    size_t waiting_n = sql_run_preview_rows(u, req->first_step + 3, &waiting);
    const char *wrong = difference(&run, &sums), *refusal = req->state;
    request_page(req, refusal ? 409 : 200, arena_printf(req->arena, "Payment run %s", run.ref), tmpl_payments_council_run, .run = &run, .sums = &sums, .payments = payments,
                 .payments_n = payments_n, .waiting = waiting, .waiting_n = waiting_n, .wrong = wrong, .refusal = refusal, .act = request_form(req, &order_button_spec),
                 .prev = request_prev_page(req), .next = request_next_page(req, u, req->first_step + 1), .has_more_waiting = db_unit_has_more(u, req->first_step + 3));
}

static const struct {
    const char *act, *done;
} acts[] = {
    {"freeze", "frozen"}, {"approve", "approved"}, {"emit", "emitted"}, {"acknowledge", "acknowledged"}, {"withdraw", "withdrawn"},
};

static const char *done_word(const char *act)
{
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (strcmp(acts[i].act, act) == 0)
            return acts[i].done;
    return NULL;
}

void run_act_plan(struct request *req, struct db_unit *u)
{
    const char *act = request_arg(req, "act");
    if (!done_word(act)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    sql_run_act_add(u, &(struct sql_run_act_params){.key = req->key, .act = act, .run = request_arg(req, "run")});
}

void run_act_render(struct request *req, const struct db_unit *u)
{
    struct sql_run_act_row row;
    sql_run_act_one(u, req->first_step, &row);
    if (row.outcome && strcmp(row.outcome, done_word(request_arg(req, "act"))) == 0) {
        request_see_other(req, "/council/runs/%s", request_arg(req, "run"));
        return;
    }
    const char *sentence = row.sentence ? row.sentence : "This step does not come now. Somebody else may have taken it in the meantime.";
    req->state = arena_strdup(req->arena, sentence);
    request_next(req, run_show_plan, run_show_render);
}

void run_file_plan(struct request *req, struct db_unit *u)
{
    sql_run_file_add(u, &(struct sql_run_file_params){.ref = request_arg(req, "run")});
}

void run_file_render(struct request *req, const struct db_unit *u)
{
    struct sql_run_file_row file;
    if (sql_run_file_one(u, req->first_step, &file))
        request_download(req, file.name, file.content_type, file.bytes);
    else
        request_problem(req, ERR_NOT_FOUND);
}

/* ---- the life of one payment ---- */

void payment_plan(struct request *req, struct db_unit *u)
{
    const char *reference = request_arg(req, "payment");
    sql_payment_show_add(u, &(struct sql_payment_show_params){.reference = reference});
    sql_payment_life_add(u, &(struct sql_payment_life_params){.reference = reference});
}

void payment_render(struct request *req, const struct db_unit *u)
{
    struct sql_payment_show_row payment;
    const struct sql_payment_life_row *steps;
    if (!sql_payment_show_one(u, req->first_step, &payment)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    if (request_rows(req, u, req->first_step + 1, arena_printf(req->arena, "payment-%s", payment.reference)))
        return;
    size_t n = sql_payment_life_rows(u, req->first_step + 1, &steps);
    request_page(req, 200, arena_printf(req->arena, "Payment %s", payment.reference), tmpl_payments_council_payment, .payment = &payment, .steps = steps, .steps_n = n,
                 .shows_run = req->who.hat != HAT_COMMISSIONER);
}
