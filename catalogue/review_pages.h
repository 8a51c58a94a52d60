/*
 * Reviews: as everybody reads them, at the provider's desk and at the council's, for catalogue_routes.c. Everything lives in the request's arena.
 * Who wrote one is known to the safeguarding lead and the auditor alone: no other query names them.
 */
#ifndef CATALOGUE_REVIEW_PAGES_H
#define CATALOGUE_REVIEW_PAGES_H

#include "daemon/identity/request.h"

/* What people say of a listing or an organisation: the figures of `count` reviews in all, and a page of them, newest first. */
struct said {
    const struct sql_review_figures_row *figures;
    const struct sql_review_list_row *reviews;
    size_t figures_n, reviews_n;
    int32_t count;
};
/* Two queries: the figures, and the latest three. */
void said_plan(struct db_unit *u, const char *ref);
/* step: the first of the two. */
struct said said_of(const struct db_unit *u, int step);

/* What may be wrong with a review: why somebody reports it, why the moderator hides it. */
extern const struct form_choice review_reasons[];

extern const struct form_spec review_report_spec, review_desk_spec, review_answer_spec, review_hide_spec, review_show_spec;

request_plan_fn reviews_plan, review_report_form_plan, review_report_plan;
request_render_fn reviews_render, review_report_form_render, review_report_render;

/* review_desk_pages.c */
request_plan_fn provider_reviews_plan, provider_review_plan, review_answer_plan, council_reviews_plan, council_review_plan, review_hide_plan, review_show_plan;
request_render_fn provider_reviews_render, provider_review_render, review_answer_render, council_reviews_render, council_review_render, review_hide_render,
    review_show_render;

#endif
