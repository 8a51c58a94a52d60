/* Bank statements: sending one, the page while it is read, its entries and what a person decides about those left over. For council_routes.c. */
#ifndef PAYMENTS_STATEMENT_PAGES_H
#define PAYMENTS_STATEMENT_PAGES_H

#include "daemon/identity/request.h"

extern const struct form_spec statement_send_spec, statement_note_spec;

request_plan_fn statement_list_plan, open_entries_plan, bank_differences_plan, statement_send_plan, statement_file_plan, statement_show_plan, statement_accept_plan, statements_match_plan, entry_match_plan,
    entry_aside_form_plan, entry_aside_plan;
request_render_fn statement_list_render, open_entries_render, bank_differences_render, statement_send_render, statement_file_render, statement_show_render, statement_note_render, statement_accept_render,
    statements_match_render, entry_aside_render, entry_match_done_render;

#endif
