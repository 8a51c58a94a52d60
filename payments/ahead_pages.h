/* "Will it last?": whether each budget pays for what runs now until it ends. For payments_routes.c. */
#ifndef PAYMENTS_AHEAD_PAGES_H
#define PAYMENTS_AHEAD_PAGES_H

#include "daemon/identity/request.h"

request_plan_fn ahead_plan;
request_render_fn ahead_render;

#endif
