#include "payments/bank_account_pages.h"

#include <string.h>

#include "payments/council_pages.h"
#include "payments/facts.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

struct bank_profile {
    const char *profile, *service_user_number, *reason;
};
static const struct form_choice profiles[] = {
    {"pain.001.001.09", "ISO 20022 pain.001.001.09", "What most banks ask for now"},
    {"pain.001.001.03", "ISO 20022 pain.001.001.03", "The version before"},
    {"bacs18", "Bacs Standard 18", "Pays two working days after the bank got it. Ask the bank to try a file first"},
    {NULL, NULL, NULL},
};
static const struct form_field bank_profile_fields[] = {
    FIELD(struct bank_profile, profile, .kind = FORM_RADIOS, .label = "Which payment file does the bank take?", .missing = "Choose the file", .choices = profiles),
    FIELD(struct bank_profile, service_user_number, .kind = FORM_TEXT, .optional = true, .max = 6, .label = "Service user number", .hint = "6 digits from Bacs, needed for Standard 18 alone",
          .width = 10),
    FIELD(struct bank_profile, reason, .kind = FORM_TEXTAREA, .max = 500, .label = "Why?", .hint = "Kept in the audit log", .missing = "Say why"),
};
const struct form_spec bank_profile_spec = FORM_SPEC(struct bank_profile, bank_profile_fields);

void bank_account_list_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    sql_bank_account_list_add(u, NULL);
}

void bank_account_list_render(struct request *req, const struct db_unit *u)
{
    const struct sql_bank_account_list_row *rows;
    if (request_rows(req, u, req->first_step, "bank-accounts"))
        return;
    size_t n = sql_bank_account_list_rows(u, req->first_step, &rows);
    request_page(req, 200, "Our bank accounts", tmpl_payments_council_bank_accounts, .accounts = rows, .accounts_n = n, .may_act = req->who.hat == HAT_FINANCE);
}

void bank_profile_render(struct request *req, const struct db_unit *u)
{
    const struct sql_bank_account_list_row *rows;
    size_t n = sql_bank_account_list_rows(u, req->first_step, &rows), i = 0;
    while (i < n && strcmp(rows[i].ref, request_arg(req, "account")) != 0)
        i++;
    if (i == n) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    struct form *f = request_form_again(req, &bank_profile_spec);
    if (!f->is_sent) {
        form_prefill(f, "profile", rows[i].profile);
        form_prefill(f, "service_user_number", rows[i].service_user_number);
    }
    request_page(req, council_status(req), "Payment file of an account", tmpl_payments_council_bank_profile, .account = &rows[i], .f = f);
}

void bank_profile_set_plan(struct request *req, struct db_unit *u)
{
    const struct bank_profile *in = req->input;
    const char *request = FACTS(req->arena, {"account", request_arg(req, "account")}, {"profile", in->profile}, {"service_user_number", in->service_user_number}, {"reason", in->reason});
    sql_bank_profile_set_add(u, &(struct sql_bank_profile_set_params){.key = req->key, .request = request});
}

void bank_profile_set_render(struct request *req, const struct db_unit *u)
{
    struct sql_bank_profile_set_row row;
    sql_bank_profile_set_one(u, req->first_step, &row);
    if (strcmp(row.outcome, "number") == 0) {
        form_error(req->form, "service_user_number", "Enter the 6 digits that Bacs gave you");
        request_next(req, bank_account_list_plan, bank_profile_render);
    } else {
        request_see_other(req, "/council/bank-accounts");
    }
}
