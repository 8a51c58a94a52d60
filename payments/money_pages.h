/* My money and its statement: plans and renders for payments_routes.c. */
#ifndef PAYMENTS_MONEY_PAGES_H
#define PAYMENTS_MONEY_PAGES_H

#include "daemon/identity/request.h"

extern const struct form_spec money_statement_spec;

request_plan_fn money_plan, money_statement_plan;
request_render_fn money_render, money_statement_render;

#endif
