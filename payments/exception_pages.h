/* Questions about invoices: the queue, an invoice with its evaluated checks, and what finance decides. For council_routes.c. */
#ifndef PAYMENTS_EXCEPTION_PAGES_H
#define PAYMENTS_EXCEPTION_PAGES_H

#include "daemon/identity/request.h"

extern const struct form_spec decision_spec, dispute_end_spec;

request_plan_fn exception_list_plan, exception_invoice_plan, question_plan, question_decide_plan, dispute_plan, dispute_end_plan;
request_render_fn exception_list_render, exception_invoice_render, question_render, question_decide_render, dispute_render, dispute_end_render;

#endif
