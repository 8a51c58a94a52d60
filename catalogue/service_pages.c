#include <string.h>

#include "catalogue/pages.h"
#include "catalogue/review_pages.h"
#include "sql/catalogue.h"
#include "tmpl/catalogue.h"

/* A reference names a listing or an entry: both are asked for in the one round, and one of them answers. */
enum { STEP_LISTING, STEP_ENTRY, STEP_BANDS, STEP_SAID };

void service_plan(struct request *req, struct db_unit *u)
{
    const char *ref = request_arg(req, "ref");
    sql_listing_page_add(u, &(struct sql_listing_page_params){.ref = ref});
    sql_entry_page_add(u, &(struct sql_entry_page_params){.ref = ref});
    sql_listing_bands_add(u, &(struct sql_listing_bands_params){.ref = ref});
    said_plan(u, ref);
}

static const char *unless_empty(const char *s)
{
    return text_is_empty(s) ? NULL : s;
}

static const char *category_path(struct request *req, const char *category)
{
    return arena_printf(req->arena, "/categories/%s", category);
}

static void show_listing(struct request *req, const struct db_unit *u, const struct sql_listing_page_row *l)
{
    if (request_rows(req, u, page_step(req, STEP_LISTING), l->slug) || page_redirect(req, "/services/", l->ref, l->slug))
        return;
    if (strcmp(l->status, "closed") == 0) {
        page_closed(req, "This service has closed", l->title, category_path(req, l->category), "See similar services");
        return;
    }
    const struct sql_listing_bands_row *bands;
    size_t bands_n = sql_listing_bands_rows(u, page_step(req, STEP_BANDS), &bands);
    struct said said = said_of(u, page_step(req, STEP_SAID));
    request_page(req, 200, l->title, tmpl_catalogue_listing, .base = req->base, .ref = l->ref, .title = l->title, .summary = l->summary, .description = l->description,
                 .category = l->category, .category_name = l->category_name, .unit = l->unit, .price = l->price, .agreed = l->agreed, .agreed_null = l->agreed_null,
                 .minimum = l->minimum, .notice = l->notice, .terms = unless_empty(l->terms),
                 .delivered = l->delivered, .place = l->place, .features = l->features, .languages = unless_empty(l->languages), .faith_diet = l->faith_diet,
                 .dbs_on = l->dbs_on, .insured_until = l->insured_until, .cqc_id = l->cqc_id, .cqc_rating = l->cqc_rating, .cqc_rated_on = l->cqc_rated_on,
                 .can_ask = req->who.hat & (HAT_NONE | HAT_PERSON) && l->may_ask,
                 .is_paused = strcmp(l->status, "paused") == 0, .is_draft = strcmp(l->status, "draft") == 0, .organisation_ref = l->organisation_ref,
                 .organisation_slug = l->organisation_slug, .organisation = l->organisation, .phone = l->phone, .email = l->email, .web = l->web, .bands = bands,
                 .bands_n = bands_n, .reviews = said.count, .figures = said.figures, .figures_n = said.figures_n, .latest = said.reviews, .latest_n = said.reviews_n);
}

static void show_entry(struct request *req, const struct db_unit *u, const struct sql_entry_page_row *e)
{
    if (request_rows(req, u, page_step(req, STEP_ENTRY), e->slug) || page_redirect(req, "/services/", e->ref, e->slug))
        return;
    if (e->is_hidden) {
        page_closed(req, "This service has closed", e->title, category_path(req, e->category), "See similar services");
        return;
    }
    request_page(req, 200, e->title, tmpl_catalogue_entry, .ref = e->ref, .title = e->title, .summary = e->summary, .description = e->description, .category = e->category,
                 .category_name = e->category_name, .kind = e->kind, .phone = e->phone, .email = e->email, .web = e->web, .source_web = e->source_web, .place = e->place,
                 .features = e->features, .opens = e->opens, .ages = e->ages, .assured_on = e->assured_on, .is_old = e->is_old);
}

void service_render(struct request *req, const struct db_unit *u)
{
    struct sql_listing_page_row listing;
    struct sql_entry_page_row entry;
    if (sql_listing_page_one(u, page_step(req, STEP_LISTING), &listing))
        show_listing(req, u, &listing);
    else if (sql_entry_page_one(u, page_step(req, STEP_ENTRY), &entry))
        show_entry(req, u, &entry);
    else
        request_problem(req, ERR_NOT_FOUND);
}

/* ---- storefronts ---- */

void storefront_plan(struct request *req, struct db_unit *u)
{
    const char *ref = request_arg(req, "ref");
    sql_storefront_page_add(u, &(struct sql_storefront_page_params){.ref = ref});
    sql_storefront_listings_add(u, &(struct sql_storefront_listings_params){.ref = ref});
    said_plan(u, ref);
}

void storefront_render(struct request *req, const struct db_unit *u)
{
    struct sql_storefront_page_row s;
    const struct sql_storefront_listings_row *listings;
    if (!sql_storefront_page_one(u, page_step(req, 0), &s)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    if (request_rows(req, u, page_step(req, 1), s.slug) || page_redirect(req, "/providers/", s.ref, s.slug))
        return;
    if (s.has_ended) {
        page_closed(req, "This provider has closed", s.name, "/services", "Find other services");
        return;
    }
    size_t n = sql_storefront_listings_rows(u, page_step(req, 1), &listings);
    struct said said = said_of(u, page_step(req, 2));
    request_page(req, 200, s.name, tmpl_catalogue_storefront, .base = req->base, .ref = s.ref, .name = s.name, .kind = s.kind, .summary = unless_empty(s.summary),
                 .description = unless_empty(s.description), .phone = s.phone, .email = s.email, .web = s.web, .languages = unless_empty(s.languages), .area = s.area,
                 .listings = listings, .listings_n = n, .reviews = said.count, .figures = said.figures, .figures_n = said.figures_n, .latest = said.reviews,
                 .latest_n = said.reviews_n);
}
