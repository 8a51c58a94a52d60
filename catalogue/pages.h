/*
 * The plan and render functions of the catalogue's pages, for the route table, and what they share.
 * Everything lives in the request's arena. Nothing here decides who may see a price: the queries do.
 */
#ifndef CATALOGUE_PAGES_H
#define CATALOGUE_PAGES_H

#include "daemon/identity/request.h"

extern const struct form_spec search_form, events_form;

/* provider_service_pages.c: the provider's own services */
extern const struct form_spec listing_form_spec;
request_plan_fn provider_services_plan, provider_service_plan, listing_save_plan;
request_render_fn provider_services_render, provider_service_render, listing_save_render;

request_plan_fn home_plan, category_plan, search_plan, service_plan, storefront_plan, events_plan, event_plan;
request_render_fn home_render, category_render, search_render, service_render, storefront_render, events_render, event_render;

/* directory_pages.c: the same for other people's programs, below DIRECTORY_PATH */
#define DIRECTORY_PATH "/openreferral/v3"
request_plan_fn directory_list_plan, directory_item_plan;
request_render_fn directory_about_render, directory_openapi_render, directory_list_render, directory_item_render;

/* A step of the unit by its place behind the driver's own. */
static inline int page_step(const struct request *req, int n)
{
    return req->first_step + n;
}

/* True after sending the reader to the page's one address, because the readable tail was another. path ends with '/'. */
bool page_redirect(struct request *req, const char *path, const char *ref, const char *slug);

/* 410 with where to look instead. */
void page_closed(struct request *req, const char *what, const char *title, const char *href, const char *action);

/* The categories as choices of a select, children indented, "Any kind" first. step: of category_list. */
const struct form_choice *page_categories(struct request *req, const struct db_unit *u, int step);

#endif
