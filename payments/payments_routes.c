#include "payments/payments_routes.h"

#include "payments/ask_pages.h"
#include "payments/money_pages.h"
#include "payments/order_pages.h"
#include "payments/provider_pages.h"

const struct route payments_routes[] = {
    {HTTP_GET, "/money", HAT_PERSON, NULL, money_plan, money_render, ROUTE_FOR, NULL, NULL},
    {HTTP_GET, "/money/statement", HAT_PERSON, &money_statement_spec, money_statement_plan, money_statement_render, ROUTE_FOR, NULL, NULL},
    {HTTP_GET, "/ask/{listing}", HAT_PERSON, NULL, ask_plan, ask_render, ROUTE_FOR, NULL, NULL},
    {HTTP_POST, "/ask/{listing}/check", HAT_PERSON, &ask_spec, ask_check_plan, ask_check_render, ROUTE_FOR, ask_plan, ask_render},
    {HTTP_POST, "/ask/{listing}", HAT_PERSON, &ask_spec, ask_place_plan, ask_place_render, ROUTE_FOR, ask_plan, ask_render},
    {HTTP_GET, "/orders", HAT_PERSON, &order_page_spec, order_list_plan, order_list_render, ROUTE_FOR, NULL, NULL},
    {HTTP_GET, "/orders/{order}", HAT_PERSON, NULL, order_show_plan, order_show_render, ROUTE_FOR, NULL, NULL},
    {HTTP_GET, "/orders/{order}/asked", HAT_PERSON, NULL, asked_plan, asked_render, ROUTE_FOR, NULL, NULL},
    {HTTP_GET, "/orders/{order}/cancel", HAT_PERSON, NULL, order_only_plan, order_cancel_form_render, ROUTE_FOR, NULL, NULL},
    {HTTP_POST, "/orders/{order}/cancel", HAT_PERSON, &order_reason_spec, order_cancel_plan, order_cancel_render, ROUTE_FOR, order_only_plan,
     order_cancel_form_render},
    {HTTP_POST, "/visits/{visit}/confirm", HAT_PERSON, NULL, visit_confirm_plan, visit_confirm_render, ROUTE_FOR, NULL, NULL},
    {HTTP_GET, "/visits/{visit}/query", HAT_PERSON, NULL, visit_show_plan, visit_query_form_render, ROUTE_FOR, NULL, NULL},
    {HTTP_POST, "/visits/{visit}/query", HAT_PERSON, &visit_reason_spec, visit_query_plan, visit_query_render, ROUTE_FOR, visit_show_plan,
     visit_query_form_render},
    {HTTP_GET, "/provider", HAT_PROVIDER, NULL, provider_desk_plan, provider_desk_render, 0, NULL, NULL},
    {HTTP_GET, "/provider/requests/{order}", HAT_PROVIDER, NULL, provider_request_plan, provider_request_render, 0, NULL, NULL},
    {HTTP_POST, "/provider/requests/{order}/accept", HAT_PROVIDER, NULL, provider_accept_plan, provider_accept_render, 0, NULL, NULL},
    {HTTP_POST, "/provider/requests/{order}/decline", HAT_PROVIDER, &provider_answer_spec, provider_decline_plan, provider_decline_render, 0,
     provider_request_plan, provider_request_render},
    {HTTP_GET, "/provider/visits", HAT_PROVIDER, &provider_week_spec, provider_week_plan, provider_week_render, 0, NULL, NULL},
    {HTTP_POST, "/provider/visits/confirm", HAT_PROVIDER, &provider_days_spec, provider_week_confirm_plan, provider_week_confirm_render, 0, NULL, NULL},
    {HTTP_GET, "/provider/visits/{visit}", HAT_PROVIDER, NULL, provider_visit_plan, provider_visit_render, 0, NULL, NULL},
    {HTTP_POST, "/provider/visits/{visit}", HAT_PROVIDER, &provider_visit_spec, provider_visit_say_plan, provider_visit_say_render, 0, provider_visit_plan,
     provider_visit_render},
    {HTTP_POST, "/provider/visits/{visit}/happened", HAT_PROVIDER, NULL, provider_visit_happened_plan, provider_visit_say_render, 0, NULL, NULL},
    {HTTP_GET, "/provider/invoices", HAT_PROVIDER, &order_page_spec, provider_invoices_plan, provider_invoices_render, 0, NULL, NULL},
    {HTTP_GET, "/provider/invoices/upload", HAT_PROVIDER, NULL, NULL, provider_upload_form_render, 0, NULL, NULL},
    {HTTP_POST, "/provider/invoices/upload", HAT_PROVIDER, &provider_upload_spec, provider_upload_plan, provider_upload_render, ROUTE_UPLOAD, NULL,
     provider_upload_form_render},
    {HTTP_GET, "/provider/files/{file}", HAT_PROVIDER, NULL, provider_file_plan, provider_file_render, 0, NULL, NULL},
    {HTTP_GET, "/provider/invoices/self-bill", HAT_PROVIDER, &provider_choose_spec, provider_self_bill_plan, provider_self_bill_render, 0, NULL, NULL},
    {HTTP_POST, "/provider/invoices/self-bill", HAT_PROVIDER, &provider_self_bill_spec, provider_self_bill_issue_plan, provider_self_bill_issue_render, 0,
     provider_self_bill_plan, provider_self_bill_render},
    {HTTP_GET, "/provider/invoices/new", HAT_PROVIDER, &provider_choose_spec, provider_form_plan, provider_form_render, 0, NULL, NULL},
    {HTTP_POST, "/provider/invoices/new", HAT_PROVIDER, &provider_form_spec, provider_form_send_plan, provider_form_send_render, 0, provider_form_plan,
     provider_form_render},
    {HTTP_GET, "/provider/bank", HAT_PROVIDER, NULL, provider_bank_plan, provider_bank_render, 0, NULL, NULL},
    {HTTP_POST, "/provider/bank", HAT_PROVIDER, &provider_bank_spec, provider_bank_enter_plan, provider_bank_enter_render, 0, provider_bank_plan,
     provider_bank_render},
    {HTTP_GET, "/provider/invoices/{invoice}", HAT_PROVIDER, NULL, provider_invoice_plan, provider_invoice_render, 0, NULL, NULL},
    {HTTP_POST, "/api/v1/invoices", HAT_PROVIDER, NULL, provider_api_send_plan, provider_api_send_render, ROUTE_API | ROUTE_UPLOAD | ROUTE_RAW, NULL, NULL},
    {HTTP_GET, "/api/v1/files/{file}", HAT_PROVIDER, NULL, provider_api_file_plan, provider_api_file_render, ROUTE_API, NULL, NULL},
};
const size_t payments_routes_n = sizeof payments_routes / sizeof *payments_routes;
