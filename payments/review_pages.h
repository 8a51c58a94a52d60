/* How it was: a person, or somebody whose mandate lets them, reviews an order of which a visit was delivered. For payments_routes.c. */
#ifndef PAYMENTS_REVIEW_PAGES_H
#define PAYMENTS_REVIEW_PAGES_H

#include "daemon/identity/request.h"

extern const struct form_spec review_spec, review_done_spec;

request_plan_fn review_plan, review_write_plan, review_withdraw_plan;
request_render_fn review_render, review_write_render, review_withdraw_form_render, review_withdraw_render;

#endif
