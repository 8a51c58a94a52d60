/* A person's orders and visits: lists, one order, cancelling, confirming and querying. For payments_routes.c. */
#ifndef PAYMENTS_ORDER_PAGES_H
#define PAYMENTS_ORDER_PAGES_H

#include "daemon/identity/request.h"


struct sql_order_show_row;
/* Of hours the minutes: "2 hours", "1 hour 30 minutes", "45 minutes"; of other units "1 night", "3 meals". */
const char *order_quantity_text(struct arena *a, const char *unit, int64_t quantity);
const char *order_each_text(struct arena *a, const struct sql_order_show_row *o);
/* "Every Monday, Thursday", or "Once". */
const char *order_days_text(struct arena *a, const char *weekdays);

/* Whether an act on orders or visits answered anything but `done`; then the page that says so was sent. */
bool order_is_refused(struct request *req, const char *outcome, const char *done);

extern const struct form_spec order_done_spec, order_reason_spec, visit_reason_spec, order_button_spec;

request_plan_fn order_list_plan, order_show_plan, order_only_plan, order_cancel_plan, visit_show_plan, visit_confirm_plan, visit_query_plan;
request_render_fn order_list_render, order_show_render, order_cancel_form_render, order_cancel_render, visit_query_form_render, visit_confirm_render,
    visit_query_render;

#endif
