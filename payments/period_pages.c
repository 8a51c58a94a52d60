#include "payments/period_pages.h"

#include <string.h>

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
    request_page(req, 200, "Closing the books", tmpl_payments_council_periods, .periods = rows, .periods_n = n, .months = months, .months_n = months_n,
                 .may_act = req->who.hat == HAT_FINANCE, .agrees = agrees);
}

/* Closing cannot be undone, so a page of its own asks first. */
static void close_page(struct request *req, const char *what, int32_t open_lines, bool is_year)
{
    const char *action = arena_printf(req->arena, is_year ? "/council/periods/%s/close" : "/council/periods/months/%s/close", request_arg(req, is_year ? "year" : "month"));
    request_page(req, 200, arena_printf(req->arena, "Close %s?", what), tmpl_payments_council_period_close, .what = what, .action = action, .open_lines = open_lines, .is_year = is_year,
                 .act = request_form(req, &order_button_spec));
}

void period_close_form_render(struct request *req, const struct db_unit *u)
{
    const struct sql_period_list_row *rows;
    size_t n = sql_period_list_rows(u, req->first_step, &rows), i = 0;
    while (i < n && !(strcmp(civil_iso(req->arena, rows[i].starts_on), request_arg(req, "year")) == 0 && rows[i].is_over && strcmp(rows[i].state, "open") == 0))
        i++;
    if (i == n)
        request_problem(req, ERR_NOT_FOUND);
    else
        close_page(req, arena_printf(req->arena, "the year from %s", civil_text(req->arena, rows[i].starts_on)), rows[i].open_lines, true);
}

void month_close_form_render(struct request *req, const struct db_unit *u)
{
    const struct sql_month_list_row *rows;
    size_t n = sql_month_list_rows(u, req->first_step + 2, &rows), i = 0;
    while (i < n && !(strcmp(civil_iso(req->arena, rows[i].starts_on), request_arg(req, "month")) == 0 && rows[i].is_next))
        i++;
    if (i == n)
        request_problem(req, ERR_NOT_FOUND);
    else
        close_page(req, rows[i].month, rows[i].open_lines, false);
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
