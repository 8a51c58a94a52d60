/* Payment runs: the list, putting one together, its steps, its file, and the life of one payment. For council_routes.c. */
#ifndef PAYMENTS_RUN_PAGES_H
#define PAYMENTS_RUN_PAGES_H

#include "daemon/identity/request.h"

extern const struct form_spec run_new_spec;

request_plan_fn run_list_plan, run_new_plan, run_assemble_plan, run_show_plan, run_act_plan, run_file_plan, payment_plan;
request_render_fn run_list_render, run_new_render, run_assemble_render, run_show_render, run_act_render, run_file_render, payment_render;

#endif
