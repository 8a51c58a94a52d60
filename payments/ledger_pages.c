#include "payments/ledger_pages.h"

#include "daemon/base/arena.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

/* ---- the year ---- */

void ledger_year_plan(struct request *req, struct db_unit *u)
{
    const char *year = request_arg(req, "year");
    sql_ledger_year_add(u, &(struct sql_ledger_year_params){.year = year});
    sql_ledger_sums_add(u, &(struct sql_ledger_sums_params){.year = year});
}

void ledger_year_render(struct request *req, const struct db_unit *u)
{
    struct sql_ledger_year_row year;
    const struct sql_ledger_sums_row *sums;
    int64_t debits = 0, credits = 0, entries = 0;
    if (!sql_ledger_year_one(u, req->first_step, &year)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    if (request_rows(req, u, req->first_step + 1, arena_printf(req->arena, "trial-balance-%s", request_arg(req, "year"))))
        return;
    size_t n = sql_ledger_sums_rows(u, req->first_step + 1, &sums);
    for (size_t i = 0; i < n; i++) {
        debits += sums[i].debits;
        credits += sums[i].credits;
        entries += sums[i].entries;
    }
    request_page(req, 200, "The ledger of a year", tmpl_payments_council_ledger, .year = &year, .sums = sums, .sums_n = n, .debits = debits, .credits = credits, .entries = entries);
}

/* ---- its entries ---- */

void ledger_entries_plan(struct request *req, struct db_unit *u)
{
    int64_t after = request_place(req);
    const char *year = request_arg(req, "year");
    sql_ledger_part_add(u, &(struct sql_ledger_part_params){.year = year, .after = after});
    if (!after)
        sql_ledger_year_add(u, &(struct sql_ledger_year_params){.year = year});
}

static int64_t journal_of(const void *row)
{
    return ((const struct sql_ledger_part_row *)row)->journal;
}

void ledger_entries_render(struct request *req, const struct db_unit *u)
{
    struct sql_ledger_year_row year;
    const char *name = arena_printf(req->arena, "ledger-%s", request_arg(req, "year"));
    if (!sql_ledger_year_one(u, req->first_step + 1, &year)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    request_parts(req, u, req->first_step, name, ledger_entries_plan, journal_of);
}
