/* Plans and renders of joining, feedback and the page that signs out, for the route table in identity_routes.c. */
#ifndef DAEMON_IDENTITY_JOIN_PAGES_H
#define DAEMON_IDENTITY_JOIN_PAGES_H

#include "daemon/identity/request.h"

extern const struct form_spec join_spec, feedback_page_spec, feedback_spec;

request_plan_fn join_form_plan, join_send_plan, application_list_plan, feedback_give_plan;
request_render_fn join_render, join_form_render, join_send_render, join_sent_render, application_list_render, feedback_render, feedback_give_render,
    feedback_thanks_render;

#endif
