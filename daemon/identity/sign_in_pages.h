/* Plans and renders of signing in, for the route table in identity_routes.c. See request.h for what they may do. */
#ifndef DAEMON_IDENTITY_SIGN_IN_PAGES_H
#define DAEMON_IDENTITY_SIGN_IN_PAGES_H

#include "daemon/identity/request.h"

extern const struct form_spec sign_in_link_spec, sign_in_password_spec, sign_in_next_spec;
extern const struct form_spec sign_in_empty_spec; /* a form of a button alone */

request_plan_fn sign_in_plan, link_ask_plan, link_show_plan, link_use_plan, password_plan, demo_sign_in_plan, hat_choose_plan, hat_list_plan, sign_out_plan,
    demo_mail_plan;
request_render_fn sign_in_render, link_ask_render, link_show_render, link_use_render, password_render, demo_sign_in_render, hat_choose_render, hat_list_render,
    sign_out_ask_render, sign_out_render, demo_mail_render;

#endif
