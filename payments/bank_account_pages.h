/* The council's own bank accounts, and which payment file the bank of each takes. For council_routes.c. */
#ifndef PAYMENTS_BANK_ACCOUNT_PAGES_H
#define PAYMENTS_BANK_ACCOUNT_PAGES_H

#include "daemon/identity/request.h"

extern const struct form_spec bank_profile_spec;

request_plan_fn bank_account_list_plan, bank_profile_set_plan;
request_render_fn bank_account_list_render, bank_profile_render, bank_profile_set_render;

#endif
