#include "payments/bank_detail_pages.h"

#include <string.h>

#include "payments/council_pages.h"
#include "payments/facts.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

struct bank_decision {
    const char *decision, *evidence;
};
static const struct form_choice decisions[] = {
    {"verify", "They are right", "I rang the provider on a number that we knew before"},
    {"refuse", "Refuse them", "The details used until now stay in force"},
    {NULL, NULL, NULL},
};
static const struct form_field fields[] = {
    FIELD(struct bank_decision, decision, .kind = FORM_RADIOS, .label = "Are these bank details right?", .missing = "Choose whether they are right",
          .choices = decisions),
    FIELD(struct bank_decision, evidence, .kind = FORM_TEXTAREA, .max = 500, .label = "How do you know?", .hint = "Whom you rang, on which number, and when",
          .missing = "Say how you know"),
};
const struct form_spec bank_detail_spec = FORM_SPEC(struct bank_decision, fields);

void bank_detail_list_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    sql_provider_account_list_add(u, NULL);
}

void bank_detail_list_render(struct request *req, const struct db_unit *u)
{
    const struct sql_provider_account_list_row *rows;
    if (request_rows(req, u, req->first_step, "bank-details"))
        return;
    size_t n = sql_provider_account_list_rows(u, req->first_step, &rows);
    request_page(req, 200, "Bank details of providers", tmpl_payments_council_bank_details, .details = rows, .details_n = n, .may_act = req->who.hat == HAT_FINANCE);
}

void bank_detail_render(struct request *req, const struct db_unit *u)
{
    const struct sql_provider_account_list_row *rows;
    size_t n = sql_provider_account_list_rows(u, req->first_step, &rows), i = 0;
    while (i < n && (strcmp(rows[i].ref, request_arg(req, "details")) != 0 || strcmp(rows[i].state, "entered") != 0))
        i++;
    if (i == n) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    const struct sql_provider_account_list_row *now = NULL;
    for (size_t k = 0; k < n; k++)
        if (k != i && strcmp(rows[k].provider_ref, rows[i].provider_ref) == 0)
            now = &rows[k];
    request_page(req, council_status(req), arena_printf(req->arena, "Check the bank details of %s", rows[i].provider), tmpl_payments_council_bank_detail, .details = &rows[i],
                 .now = now, .f = request_form_again(req, &bank_detail_spec));
}

void bank_detail_decide_plan(struct request *req, struct db_unit *u)
{
    const struct bank_decision *in = req->input;
    const char *request = FACTS(req->arena, {"ref", request_arg(req, "details")}, {"decision", in->decision}, {"evidence", in->evidence});
    sql_provider_account_verify_add(u, &(struct sql_provider_account_verify_params){.key = req->key, .request = request});
}

void bank_detail_decide_render(struct request *req, const struct db_unit *u)
{
    struct sql_provider_account_verify_row row;
    sql_provider_account_verify_one(u, req->first_step, &row);
    if (strcmp(row.outcome, "same_person") == 0) {
        form_error(req->form, "decision", "You entered these details. Somebody else has to check them");
        request_next(req, bank_detail_list_plan, bank_detail_render);
    } else if (strcmp(row.outcome, "not_waiting") == 0)
        request_problem_text(req, ERR_CONFLICT, "Somebody else has decided this in the meantime.");
    else
        request_see_other(req, "/council/bank-details");
}
