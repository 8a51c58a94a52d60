/* The ledger of a financial year: its trial balance as a page, every entry of it as a file of any length. For council_routes.c. */
#ifndef PAYMENTS_LEDGER_PAGES_H
#define PAYMENTS_LEDGER_PAGES_H

#include "daemon/identity/request.h"

request_plan_fn ledger_year_plan, ledger_entries_plan;
request_render_fn ledger_year_render, ledger_entries_render;

#endif
