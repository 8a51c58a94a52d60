/* Asking for a service: the form, the check page with the cost, and the request itself. For payments_routes.c. */
#ifndef PAYMENTS_ASK_PAGES_H
#define PAYMENTS_ASK_PAGES_H

#include "daemon/identity/request.h"

extern const struct form_spec ask_spec, ask_start_spec;
/* Monday is "1", as in ISO 8601. */
extern const struct form_choice ask_weekdays[];

request_plan_fn ask_plan, ask_check_plan, ask_place_plan, asked_plan;
request_render_fn ask_render, ask_keep_render, ask_check_render, ask_place_render, asked_render;

#endif
