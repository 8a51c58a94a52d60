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
    {HTTP_GET, "/provider/invoices", HAT_PROVIDER, &order_page_spec, provider_invoices_plan, provider_invoices_render, 0, NULL, NULL},
    {HTTP_GET, "/provider/invoices/upload", HAT_PROVIDER, NULL, NULL, provider_upload_form_render, 0, NULL, NULL},
    {HTTP_POST, "/provider/invoices/upload", HAT_PROVIDER, &provider_upload_spec, provider_upload_plan, provider_upload_render, ROUTE_UPLOAD, NULL,
     provider_upload_form_render},
    {HTTP_GET, "/provider/files/{file}", HAT_PROVIDER, NULL, provider_file_plan, provider_file_render, 0, NULL, NULL},
    {HTTP_GET, "/provider/invoices/{invoice}", HAT_PROVIDER, NULL, provider_invoice_plan, provider_invoice_render, 0, NULL, NULL},
    {HTTP_POST, "/api/v1/invoices", HAT_PROVIDER, NULL, provider_api_send_plan, provider_api_send_render, ROUTE_API | ROUTE_UPLOAD | ROUTE_RAW, NULL, NULL},
    {HTTP_GET, "/api/v1/files/{file}", HAT_PROVIDER, NULL, provider_api_file_plan, provider_api_file_render, ROUTE_API, NULL, NULL},
};
const size_t payments_routes_n = sizeof payments_routes / sizeof *payments_routes;
