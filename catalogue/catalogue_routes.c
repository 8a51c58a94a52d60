#include "catalogue/catalogue_routes.h"

#include "catalogue/pages.h"

/* Pages with prices stand twice: for everyone, and below /for/{person}, where the mandate decides whose prices they are. */
#define PRICED(pattern_, input_, page)                                                                                               \
    {.method = HTTP_GET, .pattern = pattern_, .hats = HAT_ANYONE, .input = input_, .plan = page##_plan, .render = page##_render,     \
     .flags = ROUTE_KEPT},                                                                                                           \
    {                                                                                                                                \
        .method = HTTP_GET, .pattern = pattern_, .hats = HAT_SUPPORTER | HAT_BROKER, .input = input_, .plan = page##_plan,           \
        .render = page##_render, .flags = ROUTE_FOR                                                                                  \
    }

const struct route catalogue_routes[] = {
    {.method = HTTP_GET, .pattern = "/", .hats = HAT_ANYONE, .plan = home_plan, .render = home_render, .flags = ROUTE_KEPT},
    PRICED("/services", &search_form, search),
    PRICED("/services/{ref}", NULL, service),
    PRICED("/services/{ref}/{slug}", NULL, service),
    PRICED("/providers/{ref}", NULL, storefront),
    PRICED("/providers/{ref}/{slug}", NULL, storefront),
    {.method = HTTP_GET, .pattern = "/categories/{slug}", .hats = HAT_ANYONE, .plan = category_plan, .render = category_render, .flags = ROUTE_KEPT},
    {.method = HTTP_GET, .pattern = "/events", .hats = HAT_ANYONE, .input = &events_form, .plan = events_plan, .render = events_render, .flags = ROUTE_KEPT},
    {.method = HTTP_GET, .pattern = "/events/{ref}", .hats = HAT_ANYONE, .plan = event_plan, .render = event_render, .flags = ROUTE_KEPT},
    {.method = HTTP_GET, .pattern = "/events/{ref}/{slug}", .hats = HAT_ANYONE, .plan = event_plan, .render = event_render, .flags = ROUTE_KEPT},
    {.method = HTTP_GET, .pattern = "/provider/services", .hats = HAT_PROVIDER, .plan = provider_services_plan, .render = provider_services_render},
    {.method = HTTP_GET, .pattern = "/provider/services/{listing}", .hats = HAT_PROVIDER, .plan = provider_service_plan, .render = provider_service_render},
    {.method = HTTP_POST, .pattern = "/provider/services/{listing}", .hats = HAT_PROVIDER, .input = &listing_form_spec, .plan = listing_save_plan,
     .render = listing_save_render, .again_plan = provider_service_plan, .again_render = provider_service_render},
};
const size_t catalogue_routes_n = sizeof catalogue_routes / sizeof *catalogue_routes;
