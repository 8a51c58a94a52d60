/* The pages of a provider: its desk, requests, visits, invoices, files, bank details. For the route table in payments_routes.c. */
#ifndef PAYMENTS_PROVIDER_PAGES_H
#define PAYMENTS_PROVIDER_PAGES_H

#include "daemon/identity/request.h"

/* provider_pages.c: the desk, one request */
extern const struct form_spec provider_answer_spec;
request_plan_fn provider_desk_plan, provider_request_plan, provider_accept_plan, provider_decline_plan;
request_render_fn provider_desk_render, provider_request_render, provider_accept_render, provider_decline_render;

/* provider_visit_pages.c */
extern const struct form_spec provider_week_spec, provider_days_spec, provider_visit_spec;
request_plan_fn provider_week_plan, provider_week_confirm_plan, provider_visit_plan, provider_visit_say_plan, provider_visit_happened_plan;
request_render_fn provider_week_render, provider_week_confirm_render, provider_visit_render, provider_visit_say_render;

/* provider_invoice_pages.c */
request_plan_fn provider_invoices_plan, provider_invoice_plan;
request_render_fn provider_invoices_render, provider_invoice_render;

/* provider_file_pages.c: the electronic invoice itself, for its provider and the council */
request_plan_fn invoice_file_plan;
request_render_fn invoice_file_render;

/* provider_file_pages.c: sending files, in the browser and through the API */
extern const struct form_spec provider_upload_spec;
request_plan_fn provider_upload_plan, provider_file_plan, provider_api_send_plan, provider_api_file_plan;
request_render_fn provider_upload_form_render, provider_upload_render, provider_file_render, provider_api_send_render, provider_api_file_render;

/* provider_bill_pages.c: visits to an invoice, written by the council (self-billing) or in a form */
extern const struct form_spec provider_choose_spec, provider_self_bill_spec, provider_form_spec;
request_plan_fn provider_self_bill_plan, provider_self_bill_issue_plan, provider_form_plan, provider_form_send_plan;
request_render_fn provider_self_bill_render, provider_self_bill_issue_render, provider_form_render, provider_form_send_render;

/* provider_bank_pages.c */
extern const struct form_spec provider_bank_spec;
request_plan_fn provider_bank_plan, provider_bank_enter_plan;
request_render_fn provider_bank_render, provider_bank_enter_render;

#endif
