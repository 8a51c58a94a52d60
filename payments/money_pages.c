#include "payments/money_pages.h"

#include <time.h>

#include "daemon/base/civil.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

enum { LOOK_AHEAD = 14, STATEMENT_DAYS = 92, SECONDS_AN_HOUR = 3600, SECONDS_A_DAY = 86400 };

/* Good enough to choose which days to show first, an hour ahead as London is in summer; what is due when is decided by the database's own day. */
static int32_t roughly_today(void)
{
    return (int32_t)((time(NULL) + SECONDS_AN_HOUR) / SECONDS_A_DAY);
}

/* ---- what is left ---- */

void money_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    int32_t today = roughly_today();
    sql_my_money_add(u, NULL);
    sql_my_money_total_add(u, NULL);
    sql_my_visits_add(u, &(struct sql_my_visits_params){.from_on = today, .to_on = today + LOOK_AHEAD});
    sql_absence_now_add(u, NULL);
}

void money_render(struct request *req, const struct db_unit *u)
{
    const struct sql_my_money_row *purses;
    const struct sql_my_visits_row *visits;
    struct sql_my_money_total_row total;
    struct sql_absence_now_row away;
    if (request_rows(req, u, req->first_step, "money"))
        return;
    size_t purses_n = sql_my_money_rows(u, req->first_step, &purses);
    size_t visits_n = sql_my_visits_rows(u, req->first_step + 2, &visits);
    sql_my_money_total_one(u, req->first_step + 1, &total);
    const char *title = req->who.is_acting ? arena_printf(req->arena, "Money for %s", req->who.person_name) : "My money";
    request_page(req, 200, title, tmpl_payments_money, .total = &total, .purses = purses, .purses_n = purses_n, .visits = visits, .visits_n = visits_n,
                 .away = sql_absence_now_one(u, req->first_step + 3, &away) ? &away : NULL, .base = req->base, .whose = title);
}

/* ---- the statement ---- */

struct statement_query {
    int32_t from_on, to_on;
};
static const struct form_field statement_fields[] = {
    FIELD(struct statement_query, from_on, .kind = FORM_DATE, .optional = true, .label = "From", .width = 10, .invalid = "Enter the first day, like 27 3 2026"),
    FIELD(struct statement_query, to_on, .kind = FORM_DATE, .optional = true, .label = "To", .width = 10, .invalid = "Enter the last day, like 27 3 2026"),
};
const struct form_spec money_statement_spec = FORM_SPEC(struct statement_query, statement_fields);

static struct statement_query span(const struct request *req)
{
    struct statement_query s = *(const struct statement_query *)req->input;
    if (s.to_on == CIVIL_NONE || !s.to_on)
        s.to_on = roughly_today();
    if (s.from_on == CIVIL_NONE || !s.from_on)
        s.from_on = s.to_on - STATEMENT_DAYS;
    return s;
}

void money_statement_plan(struct request *req, struct db_unit *u)
{
    struct statement_query s = span(req);
    if (s.from_on > s.to_on)
        form_error(req->form, "from_on", "The first day must come before the last day");
    sql_money_statement_add(u, &(struct sql_money_statement_params){.from_on = s.from_on, .to_on = s.to_on});
}

void money_statement_render(struct request *req, const struct db_unit *u)
{
    const struct sql_money_statement_row *moves;
    struct statement_query s = span(req);
    if (request_rows(req, u, req->first_step, "statement"))
        return;
    size_t n = sql_money_statement_rows(u, req->first_step, &moves);
    struct form *f = req->form;
    const struct statement_query *typed = req->input;
    if (form_is_valid(f) && typed->from_on == CIVIL_NONE)
        form_prefill(f, "from_on", civil_text(req->arena, s.from_on));
    if (form_is_valid(f) && typed->to_on == CIVIL_NONE)
        form_prefill(f, "to_on", civil_text(req->arena, s.to_on));
    request_page(req, 200, "Statement", tmpl_payments_statement, .moves = moves, .moves_n = n, .from_on = s.from_on, .to_on = s.to_on, .base = req->base,
                 .f = f);
}
