/* Two to four services beside each other, at what one pattern of visits would cost with each. For payments_routes.c. Nothing is stored: the address says it all. */
#ifndef PAYMENTS_COMPARE_PAGES_H
#define PAYMENTS_COMPARE_PAGES_H

#include "daemon/identity/request.h"

extern const struct form_spec compare_spec;

request_plan_fn compare_plan;
request_render_fn compare_render;

#endif
