#include "payments/ahead_pages.h"

#include "sql/payments.h"
#include "tmpl/payments.h"

enum { STEP_BUDGETS, STEP_MONTHS, STEP_ORDERS, STEP_AWAY };

void ahead_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    sql_ahead_budgets_add(u, NULL);
    sql_ahead_months_add(u, NULL);
    sql_ahead_orders_add(u, NULL);
    sql_absence_now_add(u, NULL);
}

void ahead_render(struct request *req, const struct db_unit *u)
{
    const struct sql_ahead_budgets_row *budgets;
    const struct sql_ahead_months_row *months;
    const struct sql_ahead_orders_row *orders;
    struct sql_absence_now_row away;
    if (request_rows(req, u, req->first_step + STEP_MONTHS, "will-it-last"))
        return;
    size_t budgets_n = sql_ahead_budgets_rows(u, req->first_step + STEP_BUDGETS, &budgets), months_n = sql_ahead_months_rows(u, req->first_step + STEP_MONTHS, &months),
           orders_n = sql_ahead_orders_rows(u, req->first_step + STEP_ORDERS, &orders);
    int32_t on_bank_holidays = 0;
    for (size_t i = 0; i < months_n; i++)
        on_bank_holidays += months[i].on_bank_holidays;
    request_page(req, 200, req->who.is_acting ? arena_printf(req->arena, "Will it last for %s?", req->who.person_name) : "Will it last?", tmpl_payments_ahead,
                 .base = req->base, .acting = req->who.is_acting ? req->who.person_name : NULL, .budgets = budgets, .budgets_n = budgets_n, .months = months,
                 .months_n = months_n, .orders = orders, .orders_n = orders_n, .on_bank_holidays = on_bank_holidays,
                 .away = sql_absence_now_one(u, req->first_step + STEP_AWAY, &away) ? &away : NULL);
}
