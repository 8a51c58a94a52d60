/* Paying for something together with others: proposing it, answering an invitation, what becomes of it, leaving. For payments_routes.c. */
#ifndef PAYMENTS_POOL_PAGES_H
#define PAYMENTS_POOL_PAGES_H

#include "daemon/identity/request.h"

extern const struct form_spec pool_spec, pool_find_spec, pool_join_spec, pool_done_spec;

request_plan_fn pool_list_plan, pool_find_plan, pool_new_plan, pool_start_plan, pool_invited_plan, pool_join_plan, pool_decline_plan, pool_show_plan, pool_leave_plan;
request_render_fn pool_list_render, pool_find_render, pool_new_render, pool_start_render, pool_invited_render, pool_join_render, pool_decline_render, pool_show_render,
    pool_joined_render, pool_leave_render;

#endif
