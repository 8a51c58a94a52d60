#include "payments/period_pages.h"

#include "payments/council_pages.h"
#include "payments/order_pages.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

void period_list_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    sql_period_list_add(u, NULL);
    sql_bank_daily_check_add(u, NULL);
    sql_month_list_add(u, NULL);
}

void period_list_render(struct request *req, const struct db_unit *u)
{
    const struct sql_period_list_row *rows;
    const struct sql_bank_daily_check_row *accounts;
    const struct sql_month_list_row *months;
    if (request_rows(req, u, req->first_step, "financial-years"))
        return;
    size_t n = sql_period_list_rows(u, req->first_step, &rows), accounts_n = sql_bank_daily_check_rows(u, req->first_step + 1, &accounts);
    size_t months_n = sql_month_list_rows(u, req->first_step + 2, &months);
    bool agrees = true;
    for (size_t i = 0; i < accounts_n; i++)
        agrees = agrees && accounts[i].difference == 0 && (accounts[i].client_gap_null || accounts[i].client_gap == 0);
    request_page(req, 200, "Closing the books", tmpl_payments_council_periods, .periods = rows, .periods_n = n, .months = months, .months_n = months_n, .act = request_form(req, &order_button_spec),
                 .may_act = req->who.hat == HAT_FINANCE, .agrees = agrees);
}

void period_close_plan(struct request *req, struct db_unit *u)
{
    sql_period_close_add(u, &(struct sql_period_close_params){.key = req->key, .starts_on = request_arg(req, "year")});
}

void period_close_render(struct request *req, const struct db_unit *u)
{
    struct sql_period_close_row row;
    sql_period_close_one(u, req->first_step, &row);
    if (council_did(req, row.outcome, "closed", "This year is closed already, or it is not over yet."))
        request_see_other(req, "/council/periods");
}

void month_close_plan(struct request *req, struct db_unit *u)
{
    sql_month_close_add(u, &(struct sql_month_close_params){.key = req->key, .month = request_arg(req, "month")});
}

void month_close_render(struct request *req, const struct db_unit *u)
{
    struct sql_month_close_row row;
    sql_month_close_one(u, req->first_step, &row);
    if (council_did(req, row.outcome, "closed", row.sentence ? row.sentence : "This month is closed already, or it is not over yet."))
        request_see_other(req, "/council/periods");
}
