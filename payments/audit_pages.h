/* What auditors read: the log by words and days, a person's report, a pound from allocation to bank line, the proof of the log. For council_routes.c. */
#ifndef PAYMENTS_AUDIT_PAGES_H
#define PAYMENTS_AUDIT_PAGES_H

#include "daemon/identity/request.h"

request_plan_fn audit_search_plan, audit_person_plan, audit_pound_plan, audit_log_plan, audit_now_plan, audit_checks_plan;
request_render_fn audit_search_render, audit_person_render, audit_pound_render, audit_log_render, audit_now_render, audit_checks_render;

#endif
