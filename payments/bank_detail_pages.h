/* Bank details of providers: what waits for a second person, and that person's decision. For council_routes.c. */
#ifndef PAYMENTS_BANK_DETAIL_PAGES_H
#define PAYMENTS_BANK_DETAIL_PAGES_H

#include "daemon/identity/request.h"

extern const struct form_spec bank_detail_spec;

request_plan_fn bank_detail_list_plan, bank_detail_decide_plan;
request_render_fn bank_detail_list_render, bank_detail_render, bank_detail_decide_render;

#endif
