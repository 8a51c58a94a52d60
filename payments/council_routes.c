#include "payments/council_routes.h"

#include "payments/audit_pages.h"
#include "payments/bank_account_pages.h"
#include "payments/bank_detail_pages.h"
#include "payments/budget_pages.h"
#include "payments/council_pages.h"
#include "payments/decided_pages.h"
#include "payments/exception_pages.h"
#include "payments/income_pages.h"
#include "payments/ledger_pages.h"
#include "payments/period_pages.h"
#include "payments/provider_pages.h"
#include "payments/run_pages.h"
#include "payments/statement_pages.h"

enum {
    NUMBERS = HAT_FINANCE | HAT_AUDITOR | HAT_COMMISSIONER,
    BANK = HAT_FINANCE | HAT_AUDITOR,
    GIVE = HAT_COMMISSIONER | HAT_FINANCE,
    PAUSE = GIVE | HAT_SAFEGUARDING,
    BUDGETS = PAUSE | HAT_AUDITOR
};

const struct route council_routes[] = {
    ROUTE(HTTP_GET, "/council", HAT_COUNCIL, NULL, council_home_plan, council_home_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/council/invoices", NUMBERS, &list_spec, invoice_list_plan, invoice_list_render, ROUTE_PAGED, NULL, NULL),
    ROUTE(HTTP_GET, "/council/spend", NUMBERS, &list_spec, spend_plan, spend_render, 0, NULL, NULL),

    ROUTE(HTTP_GET, "/council/exceptions", NUMBERS, &list_spec, exception_list_plan, exception_list_render, ROUTE_PAGED, NULL, NULL),
    ROUTE(HTTP_GET, "/council/exceptions/{invoice}", NUMBERS, NULL, exception_invoice_plan,
          exception_invoice_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/council/exceptions/{invoice}/file", NUMBERS, NULL, invoice_file_plan,
          invoice_file_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/council/exceptions/{invoice}/{question}", NUMBERS, NULL, question_plan, question_render,
          0, NULL, NULL),
    ROUTE(HTTP_POST, "/council/exceptions/{invoice}/{question}", HAT_FINANCE, &decision_spec,
          question_decide_plan, question_decide_render, 0, question_plan, question_render),
    ROUTE(HTTP_GET, "/council/exceptions/{invoice}/lines/{line}", HAT_FINANCE, NULL, dispute_plan,
          dispute_render, 0, NULL, NULL),
    ROUTE(HTTP_POST, "/council/exceptions/{invoice}/lines/{line}", HAT_FINANCE, &dispute_end_spec,
          dispute_end_plan, dispute_end_render, 0, dispute_plan, dispute_render),

    ROUTE(HTTP_GET, "/council/tolerances", NUMBERS, &list_spec, tolerance_list_plan, tolerance_list_render, ROUTE_PAGED, NULL, NULL),
    ROUTE(HTTP_GET, "/council/tolerances/new", HAT_FINANCE, NULL, tolerance_new_plan, tolerance_new_render, 0,
          NULL, NULL),
    ROUTE(HTTP_POST, "/council/tolerances/new", HAT_FINANCE, &tolerance_spec, tolerance_set_plan,
          tolerance_set_render, 0, tolerance_new_plan, tolerance_new_render),
    ROUTE(HTTP_GET, "/council/tolerances/{tolerance}", HAT_FINANCE, NULL, tolerance_show_plan, tolerance_show_render, 0, NULL, NULL),
    ROUTE(HTTP_POST, "/council/tolerances/{tolerance}", HAT_FINANCE, &tolerance_decision_spec, tolerance_decide_plan,
          tolerance_decide_render, 0, tolerance_show_plan, tolerance_show_render),
    ROUTE(HTTP_GET, "/council/limits", NUMBERS, &list_spec, approval_limit_list_plan,
          approval_limit_list_render, ROUTE_PAGED, NULL, NULL),
    ROUTE(HTTP_GET, "/council/limits/new", HAT_FINANCE, NULL, approval_limit_new_plan,
          approval_limit_new_render, 0, NULL, NULL),
    ROUTE(HTTP_POST, "/council/limits/new", HAT_FINANCE, &approval_limit_spec, approval_limit_set_plan,
          approval_limit_set_render, 0, approval_limit_new_plan, approval_limit_new_render),

    ROUTE(HTTP_GET, "/council/runs", BANK, &list_spec, run_list_plan, run_list_render, ROUTE_PAGED, NULL, NULL),
    ROUTE(HTTP_GET, "/council/runs/new", HAT_FINANCE, &list_spec, run_new_plan, run_new_render, ROUTE_PAGED, NULL, NULL),
    ROUTE(HTTP_POST, "/council/runs/new", HAT_FINANCE, &run_new_spec, run_assemble_plan, run_assemble_render,
          0, run_new_plan, run_new_render),
    ROUTE(HTTP_GET, "/council/runs/{run}", BANK, &list_spec, run_show_plan, run_show_render, ROUTE_PAGED, NULL, NULL),
    ROUTE(HTTP_GET, "/council/runs/{run}/file", BANK, NULL, run_file_plan, run_file_render, 0, NULL, NULL),
    ROUTE(HTTP_POST, "/council/runs/{run}/{act}", HAT_FINANCE, NULL, run_act_plan, run_act_render, 0, NULL,
          NULL),
    ROUTE(HTTP_GET, "/council/payments/{payment}", NUMBERS, NULL, payment_plan, payment_render, 0, NULL,
          NULL),

    ROUTE(HTTP_GET, "/council/statements", BANK, &list_spec, statement_list_plan, statement_list_render, ROUTE_PAGED, NULL, NULL),
    ROUTE(HTTP_POST, "/council/statements", HAT_FINANCE, &statement_send_spec, statement_send_plan,
          statement_send_render, ROUTE_UPLOAD, statement_list_plan, statement_list_render),
    ROUTE(HTTP_POST, "/council/statements/match", HAT_FINANCE, NULL, statements_match_plan,
          statements_match_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/council/statements/open", BANK, &list_spec, open_entries_plan, open_entries_render, ROUTE_PAGED, NULL, NULL),
    ROUTE(HTTP_GET, "/council/statements/differences", BANK, &list_spec, bank_differences_plan,
          bank_differences_render, ROUTE_PAGED, NULL, NULL),
    ROUTE(HTTP_GET, "/council/statements/files/{file}", BANK, NULL, statement_file_plan,
          statement_file_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/council/statements/{statement}", BANK, &list_spec, statement_show_plan, statement_show_render, ROUTE_PAGED, NULL, NULL),
    ROUTE(HTTP_GET, "/council/statements/{statement}/accept", HAT_FINANCE, NULL, statement_show_plan,
          statement_note_render, 0, NULL, NULL),
    ROUTE(HTTP_POST, "/council/statements/{statement}/accept", HAT_FINANCE, &statement_note_spec,
          statement_accept_plan, statement_accept_render, 0, statement_show_plan, statement_note_render),
    ROUTE(HTTP_GET, "/council/statements/{statement}/{entry}/aside", HAT_FINANCE, NULL, entry_aside_form_plan,
          entry_aside_render, 0, NULL, NULL),
    ROUTE(HTTP_POST, "/council/statements/{statement}/{entry}/aside", HAT_FINANCE, &statement_note_spec,
          entry_aside_plan, entry_match_done_render, 0, entry_aside_form_plan, entry_aside_render),
    ROUTE(HTTP_POST, "/council/statements/{statement}/{entry}/explanations/{explanation}", HAT_FINANCE, NULL,
          entry_match_plan, entry_match_done_render, 0, NULL, NULL),

    ROUTE(HTTP_GET, "/council/income", BANK, &list_spec, income_list_plan, income_list_render, ROUTE_PAGED, NULL, NULL),
    ROUTE(HTTP_GET, "/council/income/new", HAT_FINANCE, NULL, income_new_plan, income_new_render, 0, NULL,
          NULL),
    ROUTE(HTTP_POST, "/council/income/new", HAT_FINANCE, &income_spec, income_expect_plan,
          income_expect_render, 0, income_new_plan, income_new_render),
    ROUTE(HTTP_POST, "/council/income/{item}/remind", HAT_FINANCE, NULL, income_remind_plan,
          income_remind_render, 0, NULL, NULL),
    ROUTE(HTTP_POST, "/council/income/{series}/end", HAT_FINANCE, NULL, income_end_plan, income_end_render, 0,
          NULL, NULL),

    ROUTE(HTTP_GET, "/council/periods", BANK, NULL, period_list_plan, period_list_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/council/periods/{year}/ledger", BANK, NULL, ledger_year_plan, ledger_year_render, 0, NULL,
          NULL),
    ROUTE(HTTP_GET, "/council/periods/{year}/ledger/entries", BANK, NULL, ledger_entries_plan,
          ledger_entries_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/council/periods/{year}/close", HAT_FINANCE, NULL, period_list_plan,
          period_close_form_render, 0, NULL, NULL),
    ROUTE(HTTP_POST, "/council/periods/{year}/close", HAT_FINANCE, NULL, period_close_plan,
          period_close_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/council/periods/months/{month}/close", HAT_FINANCE, NULL, period_list_plan,
          month_close_form_render, 0, NULL, NULL),
    ROUTE(HTTP_POST, "/council/periods/months/{month}/close", HAT_FINANCE, NULL, month_close_plan,
          month_close_render, 0, NULL, NULL),

    ROUTE(HTTP_GET, "/council/bank-accounts", BANK, NULL, bank_account_list_plan, bank_account_list_render, 0,
          NULL, NULL),
    ROUTE(HTTP_GET, "/council/bank-accounts/{account}", HAT_FINANCE, NULL, bank_account_list_plan,
          bank_profile_render, 0, NULL, NULL),
    ROUTE(HTTP_POST, "/council/bank-accounts/{account}", HAT_FINANCE, &bank_profile_spec,
          bank_profile_set_plan, bank_profile_set_render, 0, bank_account_list_plan, bank_profile_render),
    ROUTE(HTTP_GET, "/council/bank-details", BANK, NULL, bank_detail_list_plan, bank_detail_list_render, 0,
          NULL, NULL),
    ROUTE(HTTP_GET, "/council/bank-details/{details}", HAT_FINANCE, NULL, bank_detail_list_plan,
          bank_detail_render, 0, NULL, NULL),
    ROUTE(HTTP_POST, "/council/bank-details/{details}", HAT_FINANCE, &bank_detail_spec,
          bank_detail_decide_plan, bank_detail_decide_render, 0, bank_detail_list_plan, bank_detail_render),

    ROUTE(HTTP_GET, "/council/budgets", BUDGETS, &list_spec, budget_list_plan, budget_list_render, ROUTE_PAGED, NULL, NULL),
    ROUTE(HTTP_GET, "/council/budgets/new", GIVE, &list_spec, budget_person_plan, budget_person_render, 0,
          NULL, NULL),
    ROUTE(HTTP_GET, "/council/budgets/new/{person}", GIVE, NULL, budget_new_plan, budget_new_render, 0, NULL,
          NULL),
    ROUTE(HTTP_POST, "/council/budgets/new/{person}", GIVE, &budget_give_spec, budget_give_plan,
          budget_give_render, 0, budget_new_plan, budget_new_render),
    ROUTE(HTTP_GET, "/council/budgets/{budget}", BUDGETS, NULL, budget_show_plan, budget_show_render, 0, NULL,
          NULL),
    ROUTE(HTTP_GET, "/council/budgets/{budget}/pause", PAUSE, NULL, budget_show_plan,
          budget_state_form_render, 0, NULL, NULL),
    ROUTE(HTTP_POST, "/council/budgets/{budget}/pause", PAUSE, &budget_reason_spec, budget_pause_plan,
          budget_pause_render, 0, budget_show_plan, budget_state_form_render),
    ROUTE(HTTP_POST, "/council/budgets/{budget}/open", PAUSE, &budget_reason_spec, budget_open_plan,
          budget_open_render, 0, budget_show_plan, budget_state_form_render),

    ROUTE(HTTP_GET, "/council/audit", HAT_AUDITOR, &list_spec, audit_search_plan, audit_search_render, ROUTE_PAGED, NULL, NULL),
    ROUTE(HTTP_GET, "/council/audit/log", HAT_AUDITOR, NULL, audit_log_plan, audit_log_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/council/audit/log/now", HAT_AUDITOR, NULL, audit_now_plan, audit_now_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/council/audit/log/checks", HAT_AUDITOR, &list_spec, audit_checks_plan, audit_checks_render, ROUTE_PAGED, NULL, NULL),
    ROUTE(HTTP_GET, "/council/audit/people/{person}", HAT_AUDITOR, &list_spec, audit_person_plan,
          audit_person_render, ROUTE_PAGED, NULL, NULL),
    ROUTE(HTTP_GET, "/council/audit/people/{person}/pound", HAT_AUDITOR, NULL, audit_pound_plan,
          audit_pound_render, 0, NULL, NULL),
};
const size_t council_routes_n = sizeof council_routes / sizeof *council_routes;
