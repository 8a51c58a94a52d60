#include "daemon/identity/identity_routes.h"

#include "daemon/identity/join_pages.h"
#include "daemon/identity/mandate_pages.h"
#include "daemon/identity/sign_in_pages.h"

const struct route identity_routes[] = {
    ROUTE(HTTP_GET, "/sign-in", HAT_ANYONE, &sign_in_next_spec, sign_in_plan, sign_in_render, 0, NULL, NULL),
    ROUTE(HTTP_POST, "/sign-in/link", HAT_ANYONE, &sign_in_link_spec, link_ask_plan, link_ask_render, 0,
          sign_in_plan, sign_in_render),
    ROUTE(HTTP_GET, "/sign-in/link/{token}", HAT_ANYONE, NULL, link_show_plan, link_show_render, 0, NULL,
          NULL),
    ROUTE(HTTP_POST, "/sign-in/link/{token}", HAT_ANYONE, NULL, link_use_plan, link_use_render, 0, NULL,
          NULL),
    ROUTE(HTTP_POST, "/sign-in/password", HAT_ANYONE, &sign_in_password_spec, password_plan, password_render,
          0, sign_in_plan, sign_in_render),
    ROUTE(HTTP_GET, "/sign-out", HAT_ANYONE, NULL, NULL, sign_out_ask_render, 0, NULL, NULL),
    ROUTE(HTTP_POST, "/sign-out", HAT_ANYONE, NULL, sign_out_plan, sign_out_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/hats", HAT_SIGNED_IN, NULL, hat_list_plan, hat_list_render, 0, NULL, NULL),
    ROUTE(HTTP_POST, "/hats/{council}/{hat}", HAT_SIGNED_IN, NULL, hat_choose_plan, hat_choose_render, 0,
          NULL, NULL),
    ROUTE(HTTP_POST, "/demo/sign-in/{council}/{hat}", HAT_ANYONE, NULL, demo_sign_in_plan,
          demo_sign_in_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/demo/mail", HAT_ANYONE, NULL, demo_mail_plan, demo_mail_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/people", HAT_SUPPORTER | HAT_BROKER, NULL, people_plan, people_render, ROUTE_PAGED, NULL,
          NULL),
    ROUTE(HTTP_GET, "/helpers", HAT_HOLDER, NULL, helpers_plan, helpers_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/helpers/add", HAT_HOLDER, NULL, NULL, helper_add_render, 0, NULL, NULL),
    ROUTE(HTTP_POST, "/helpers/add", HAT_HOLDER, &helper_spec, mandate_give_plan, mandate_give_render, 0,
          NULL, helper_add_render),
    ROUTE(HTTP_POST, "/helpers/{mandate}/stop", HAT_HOLDER, NULL, mandate_revoke_plan, mandate_revoke_render,
          0, NULL, NULL),
    ROUTE(HTTP_GET, "/join", HAT_ANYONE, NULL, NULL, join_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/join/apply", HAT_ANYONE, NULL, join_form_plan, join_form_render, 0, NULL, NULL),
    ROUTE(HTTP_POST, "/join/apply", HAT_ANYONE, &join_spec, join_send_plan, join_send_render, 0,
          join_form_plan, join_form_render),
    ROUTE(HTTP_GET, "/join/sent/{ref}", HAT_ANYONE, NULL, NULL, join_sent_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/council/applications", HAT_MODERATOR, NULL, application_list_plan,
          application_list_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/feedback", HAT_ANYONE, &feedback_page_spec, NULL, feedback_render, 0, NULL, NULL),
    ROUTE(HTTP_POST, "/feedback", HAT_ANYONE, &feedback_spec, feedback_give_plan, feedback_give_render, 0,
          NULL, feedback_render),
    ROUTE(HTTP_GET, "/feedback/thanks", HAT_ANYONE, NULL, NULL, feedback_thanks_render, 0, NULL, NULL),
};
const size_t identity_routes_n = sizeof identity_routes / sizeof *identity_routes;
