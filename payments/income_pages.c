#include "payments/income_pages.h"

#include <string.h>

#include "daemon/base/civil.h"
#include "payments/council_pages.h"
#include "payments/facts.h"
#include "payments/order_pages.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

/* ---- the list ---- */

void income_list_plan(struct request *req, struct db_unit *u)
{
    sql_income_list_add(u, &(struct sql_income_list_params){.page = req->page});
    sql_income_sums_add(u, NULL);
}

void income_list_render(struct request *req, const struct db_unit *u)
{
    const struct sql_income_list_row *rows;
    struct sql_income_sums_row sums;
    if (request_rows(req, u, req->first_step, "expected-money"))
        return;
    size_t n = sql_income_list_rows(u, req->first_step, &rows);
    sql_income_sums_one(u, req->first_step + 1, &sums);
    request_page(req, 200, "Money that is expected", tmpl_payments_council_income, .items = rows, .items_n = n, .sums = &sums, .act = request_form(req, &order_button_spec),
                 .may_act = req->who.hat == HAT_FINANCE, .prev = request_prev_page(req), .next = request_next_page(req, u, req->first_step));
}

/* ---- expecting ---- */

struct income {
    const char *kind, *account, *person, *payer, *email, *every;
    int64_t amount;
    int32_t starts_on, ends_on;
};
static const struct form_choice kinds[] = {
    {"contribution", "A contribution", "A person’s own share of the cost of support"},
    {"topup", "A top-up", "Public money for the account of a person or a broker"},
    {"refund", "A refund", "A provider or somebody else pays money back"},
    {NULL, NULL, NULL},
};
static const struct form_choice rhythms[] = {
    {"once", "Once", NULL}, {"week", "Every week", NULL}, {"four_weeks", "Every four weeks", NULL}, {"month", "Every month", NULL}, {NULL, NULL, NULL},
};
static const struct form_field income_fields[] = {
    FIELD(struct income, kind, .kind = FORM_RADIOS, .label = "What is it?", .missing = "Choose what it is", .choices = kinds),
    FIELD(struct income, account, .kind = FORM_SELECT, .label = "Which account does it come to?", .missing = "Choose the account"),
    FIELD(struct income, payer, .kind = FORM_TEXT, .max = 100, .label = "Who pays it?", .hint = "The name as it will stand on the bank statement", .missing = "Enter who pays it"),
    FIELD(struct income, email, .kind = FORM_EMAIL, .optional = true, .label = "Their e-mail", .hint = "Left empty, nobody is reminded when it is late",
          .invalid = "Enter an e-mail address, like name@example.org"),
    FIELD(struct income, person, .kind = FORM_REF, .optional = true, .label = "Which person is it for?", .hint = "The person’s reference, if it is for one person",
          .invalid = "Enter the person’s reference, like K7M2-4QXC"),
    FIELD(struct income, amount, .kind = FORM_MONEY, .min = 1, .max = 10000000000, .label = "How much each time?", .missing = "Enter the amount",
          .invalid = "Enter an amount in pounds, like 52 or 52.50", .width = 10),
    FIELD(struct income, every, .kind = FORM_RADIOS, .label = "How often?", .missing = "Choose how often", .choices = rhythms),
    FIELD(struct income, starts_on, .kind = FORM_DATE, .label = "When is it due, or due first?", .hint = "For example, 1 4 2027", .missing = "Enter the day",
          .invalid = "Enter the day, like 1 4 2027", .width = 10),
    FIELD(struct income, ends_on, .kind = FORM_DATE, .optional = true, .label = "Last day", .hint = "Left empty, it goes on until somebody ends it",
          .invalid = "Enter the last day, like 31 3 2028", .width = 10),
};
const struct form_spec income_spec = FORM_SPEC(struct income, income_fields);

void income_new_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    sql_bank_account_choices_add(u, NULL);
}

void income_new_render(struct request *req, const struct db_unit *u)
{
    struct form *f = request_form_again(req, &income_spec);
    form_set_choices(f, "account", bank_choices(req, u, req->first_step, NULL));
    request_page(req, council_status(req), "Expect money", tmpl_payments_council_income_new, .f = f);
}

void income_expect_plan(struct request *req, struct db_unit *u)
{
    const struct income *in = req->input;
    if (in->ends_on != CIVIL_NONE && in->ends_on < in->starts_on) {
        form_error(req->form, "ends_on", "The last day must not come before the first");
        income_new_plan(req, u);
        return;
    }
    sql_income_expect_add(u, &(struct sql_income_expect_params){.key = req->key,
                                                                .kind = in->kind,
                                                                .account = in->account,
                                                                .person = text_is_empty(in->person) ? NULL : in->person,
                                                                .payer = in->payer,
                                                                .email = text_is_empty(in->email) ? NULL : in->email,
                                                                .amount = in->amount,
                                                                .every = in->every,
                                                                .starts_on = in->starts_on,
                                                                .ends_on = in->ends_on});
}

void income_expect_render(struct request *req, const struct db_unit *u)
{
    static const struct refusal refusals[] = {
        {"no_person", "person", "There is no person with this reference"},
        {"no_account", "account", "Choose the account"},
        {"far", "starts_on", "The day must be within two years from today, before or after"},
        {"too_long", "ends_on", "The last day must be within ten years of the first. Leave it empty if there is none"},
    };
    struct sql_income_expect_row row;
    if (!form_is_valid(req->form)) {
        income_new_render(req, u);
        return;
    }
    sql_income_expect_one(u, req->first_step, &row);
    if (council_refused(req, row.outcome, refusals, sizeof refusals / sizeof *refusals))
        request_next(req, income_new_plan, income_new_render);
    else
        request_see_other(req, "/council/income");
}

/* ---- reminding, ending ---- */

void income_remind_plan(struct request *req, struct db_unit *u)
{
    sql_income_remind_add(u, &(struct sql_income_remind_params){.key = req->key, .request = FACTS(req->arena, {"item", request_arg(req, "item")})});
}

void income_remind_render(struct request *req, const struct db_unit *u)
{
    struct sql_income_remind_row row;
    sql_income_remind_one(u, req->first_step, &row);
    if (council_did(req, row.outcome, "reminded", "No reminder was sent: the money came in meanwhile, one went out today, or there is no address."))
        request_see_other(req, "/council/income");
}

void income_end_plan(struct request *req, struct db_unit *u)
{
    sql_income_end_add(u, &(struct sql_income_end_params){.key = req->key, .request = FACTS(req->arena, {"series", request_arg(req, "series")})});
}

void income_end_render(struct request *req, const struct db_unit *u)
{
    struct sql_income_end_row row;
    sql_income_end_one(u, req->first_step, &row);
    if (council_did(req, row.outcome, "ended", "Nothing more was expected of it already."))
        request_see_other(req, "/council/income");
}
