#include "catalogue/catalogue_routes.h"

#include "catalogue/pages.h"

/* Pages with prices stand twice: for everyone, and below /for/{person}, where the mandate decides whose
 * prices they are. */
#define PRICED(pattern, input, plan, render, flags)                                                            \
    ROUTE(HTTP_GET, pattern, HAT_ANYONE, input, plan, render, ROUTE_KEPT | (flags), NULL, NULL),             \
        ROUTE(HTTP_GET, pattern, HAT_SUPPORTER | HAT_BROKER, input, plan, render, ROUTE_FOR | (flags), NULL, NULL)

const struct route catalogue_routes[] = {
    ROUTE(HTTP_GET, "/", HAT_ANYONE, NULL, home_plan, home_render, ROUTE_KEPT, NULL, NULL),
    PRICED("/services", &search_form, search_plan, search_render, ROUTE_PAGED),
    PRICED("/services/{ref}", NULL, service_plan, service_render, 0),
    PRICED("/services/{ref}/{slug}", NULL, service_plan, service_render, 0),
    PRICED("/providers/{ref}", NULL, storefront_plan, storefront_render, 0),
    PRICED("/providers/{ref}/{slug}", NULL, storefront_plan, storefront_render, 0),
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
};
const size_t catalogue_routes_n = sizeof catalogue_routes / sizeof *catalogue_routes;
