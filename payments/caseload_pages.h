/* What needs somebody who acts for many people today: exceptions, not lists. For payments_routes.c. */
#ifndef PAYMENTS_CASELOAD_PAGES_H
#define PAYMENTS_CASELOAD_PAGES_H

#include "daemon/identity/request.h"

extern const struct form_spec caseload_spec;

request_plan_fn caseload_plan;
request_render_fn caseload_render;

#endif
