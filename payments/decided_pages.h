/* What finance decides about itself: tolerances of the match, limits of approval; each with its history. For council_routes.c. */
#ifndef PAYMENTS_DECIDED_PAGES_H
#define PAYMENTS_DECIDED_PAGES_H

#include "daemon/identity/request.h"

extern const struct form_spec tolerance_spec, tolerance_decision_spec, approval_limit_spec;

request_plan_fn tolerance_list_plan, tolerance_new_plan, tolerance_set_plan, tolerance_show_plan, tolerance_decide_plan;
request_render_fn tolerance_list_render, tolerance_new_render, tolerance_set_render, tolerance_show_render, tolerance_decide_render;
request_plan_fn approval_limit_list_plan, approval_limit_new_plan, approval_limit_set_plan;
request_render_fn approval_limit_list_render, approval_limit_new_render, approval_limit_set_render;

#endif
