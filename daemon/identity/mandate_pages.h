/* Plans and renders of mandates, for the route table in identity_routes.c. */
#ifndef DAEMON_IDENTITY_MANDATE_PAGES_H
#define DAEMON_IDENTITY_MANDATE_PAGES_H

#include "daemon/identity/request.h"

extern const struct form_spec helper_spec;

request_plan_fn people_plan, helpers_plan, mandate_give_plan, mandate_revoke_plan;
request_render_fn people_render, helpers_render, helper_add_render, mandate_give_render, mandate_revoke_render;

#endif
