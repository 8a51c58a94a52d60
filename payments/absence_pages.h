/* "I am away": the list of times away, saying one after having seen what it stops and costs, and being back. For payments_routes.c. */
#ifndef PAYMENTS_ABSENCE_PAGES_H
#define PAYMENTS_ABSENCE_PAGES_H

#include "daemon/identity/request.h"

extern const struct form_spec absence_spec, absence_sure_spec, absence_done_spec, absence_day_spec, absence_back_spec;

request_plan_fn absence_list_plan, absence_keep_plan, absence_check_plan, absence_start_plan, absence_show_plan, absence_back_form_plan, absence_back_plan;
request_render_fn absence_list_render, absence_new_render, absence_keep_render, absence_check_render, absence_start_render, absence_said_render, absence_show_render,
    absence_back_form_render, absence_back_render;

#endif
