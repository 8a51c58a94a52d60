/* Money that is expected to come in: the list, writing a series down, reminding a payer, ending a series. For council_routes.c. */
#ifndef PAYMENTS_INCOME_PAGES_H
#define PAYMENTS_INCOME_PAGES_H

#include "daemon/identity/request.h"

extern const struct form_spec income_spec;

request_plan_fn income_list_plan, income_new_plan, income_expect_plan, income_remind_plan, income_end_plan;
request_render_fn income_list_render, income_new_render, income_expect_render, income_remind_render, income_end_render;

#endif
