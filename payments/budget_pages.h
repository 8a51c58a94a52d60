/* People's budgets for officers: the list, one budget, allocating, pausing and opening again. For council_routes.c. */
#ifndef PAYMENTS_BUDGET_PAGES_H
#define PAYMENTS_BUDGET_PAGES_H

#include "daemon/identity/request.h"

extern const struct form_spec budget_give_spec, budget_reason_spec;

request_plan_fn budget_list_plan, budget_person_plan, budget_new_plan, budget_give_plan, budget_show_plan, budget_pause_plan, budget_open_plan;
request_render_fn budget_list_render, budget_person_render, budget_new_render, budget_give_render, budget_show_render, budget_pause_render, budget_open_render,
    budget_state_form_render;

#endif
