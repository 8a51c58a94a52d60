/* The months and financial years of the books: which are open, what stands open in them, closing one. For council_routes.c. */
#ifndef PAYMENTS_PERIOD_PAGES_H
#define PAYMENTS_PERIOD_PAGES_H

#include "daemon/identity/request.h"

request_plan_fn period_list_plan, period_close_plan, month_close_plan;
request_render_fn period_list_render, period_close_form_render, period_close_render, month_close_form_render, month_close_render;

#endif
