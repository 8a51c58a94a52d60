#include "catalogue/catalogue_routes.h"

#include "catalogue/pages.h"
#include "catalogue/review_pages.h"

/* Pages with prices, or that lead to some, stand twice: for everyone, and below /for/{person}, where the
 * mandate decides whose prices they are. */
#define PRICED(pattern, input, plan, render, flags)                                                            \
    ROUTE(HTTP_GET, pattern, HAT_ANYONE, input, plan, render, ROUTE_KEPT | (flags), NULL, NULL),             \
        ROUTE(HTTP_GET, pattern, HAT_SUPPORTER | HAT_BROKER, input, plan, render, ROUTE_FOR | (flags), NULL, NULL)

enum { READS_REVIEWS = HAT_MODERATOR | HAT_SAFEGUARDING | HAT_COMMISSIONER | HAT_AUDITOR };

const struct route catalogue_routes[] = {
    ROUTE(HTTP_GET, "/", HAT_ANYONE, NULL, home_plan, home_render, ROUTE_KEPT, NULL, NULL),
    PRICED("/services", &search_form, search_plan, search_render, ROUTE_PAGED),
    PRICED("/services/{ref}", NULL, service_plan, service_render, 0),
    PRICED("/services/{ref}/{slug}", NULL, service_plan, service_render, 0),
    PRICED("/providers/{ref}", NULL, storefront_plan, storefront_render, 0),
    PRICED("/providers/{ref}/{slug}", NULL, storefront_plan, storefront_render, 0),
    PRICED("/reviews/{ref}", NULL, reviews_plan, reviews_render, ROUTE_PAGED),
    ROUTE(HTTP_GET, "/reviews/{review}/report", HAT_ANYONE, NULL, review_report_form_plan, review_report_form_render, 0, NULL, NULL),
    ROUTE(HTTP_POST, "/reviews/{review}/report", HAT_ANYONE, &review_report_spec, review_report_plan, review_report_render, 0,
          review_report_form_plan, review_report_form_render),
    ROUTE(HTTP_GET, "/categories/{slug}", HAT_ANYONE, NULL, category_plan, category_render, ROUTE_KEPT, NULL, NULL),
    ROUTE(HTTP_GET, "/events", HAT_ANYONE, &events_form, events_plan, events_render, ROUTE_KEPT, NULL, NULL),
    ROUTE(HTTP_GET, "/events/{ref}", HAT_ANYONE, NULL, event_plan, event_render, ROUTE_KEPT, NULL, NULL),
    ROUTE(HTTP_GET, "/events/{ref}/{slug}", HAT_ANYONE, NULL, event_plan, event_render, ROUTE_KEPT, NULL, NULL),
    ROUTE(HTTP_GET, DIRECTORY_PATH, HAT_ANYONE, NULL, NULL, directory_about_render, ROUTE_KEPT, NULL, NULL),
    ROUTE(HTTP_GET, DIRECTORY_PATH "/openapi", HAT_ANYONE, NULL, NULL, directory_openapi_render, ROUTE_KEPT, NULL, NULL),
    ROUTE(HTTP_GET, DIRECTORY_PATH "/{list}", HAT_ANYONE, NULL, directory_list_plan, directory_list_render, ROUTE_KEPT, NULL, NULL),
    ROUTE(HTTP_GET, DIRECTORY_PATH "/{list}/{id}", HAT_ANYONE, NULL, directory_item_plan, directory_item_render, ROUTE_KEPT, NULL, NULL),
    ROUTE(HTTP_GET, "/provider/services", HAT_PROVIDER, NULL, provider_services_plan,
          provider_services_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/provider/services/{listing}", HAT_PROVIDER, NULL, provider_service_plan,
          provider_service_render, 0, NULL, NULL),
    ROUTE(HTTP_POST, "/provider/services/{listing}", HAT_PROVIDER, &listing_form_spec, listing_save_plan,
          listing_save_render, 0, provider_service_plan, provider_service_render),
    ROUTE(HTTP_GET, "/provider/reviews", HAT_PROVIDER, &review_desk_spec, provider_reviews_plan,
          provider_reviews_render, ROUTE_PAGED, NULL, NULL),
    ROUTE(HTTP_GET, "/provider/reviews/{review}", HAT_PROVIDER, NULL, provider_review_plan, provider_review_render,
          0, NULL, NULL),
    ROUTE(HTTP_POST, "/provider/reviews/{review}", HAT_PROVIDER, &review_answer_spec, review_answer_plan,
          review_answer_render, 0, provider_review_plan, provider_review_render),
    ROUTE(HTTP_GET, "/council/reviews", READS_REVIEWS, &review_desk_spec, council_reviews_plan, council_reviews_render,
          ROUTE_PAGED, NULL, NULL),
    ROUTE(HTTP_GET, "/council/reviews/{review}", READS_REVIEWS, NULL, council_review_plan, council_review_render, 0,
          NULL, NULL),
    ROUTE(HTTP_POST, "/council/reviews/{review}/hide", HAT_MODERATOR, &review_hide_spec, review_hide_plan,
          review_hide_render, 0, council_review_plan, council_review_render),
    ROUTE(HTTP_POST, "/council/reviews/{review}/show", HAT_MODERATOR, &review_show_spec, review_show_plan, review_show_render, 0,
          NULL, NULL),
};
const size_t catalogue_routes_n = sizeof catalogue_routes / sizeof *catalogue_routes;
