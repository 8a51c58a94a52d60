/* The officers' home and their list of invoices, and what the lists of officers share: words, days, page. For council_routes.c. */
#ifndef PAYMENTS_COUNCIL_PAGES_H
#define PAYMENTS_COUNCIL_PAGES_H

#include "daemon/identity/request.h"

/* What narrows a list; left empty: NULL, CIVIL_NONE. */
struct list_query {
    const char *q, *state;
    int32_t from_on, to_on;
};
extern const struct form_spec list_spec;

/* The query of this request, with nothing in it when none was sent. */
struct list_query list_query_of(const struct request *req);

/* The council's bank accounts to choose from, of a step of bank_account_choices; `none`, unless NULL, stands before them for an empty answer. */
const struct form_choice *bank_choices(struct request *req, const struct db_unit *u, int step, const char *none);

/* 422 when the form on the page has messages, 200 otherwise. */
int council_status(const struct request *req);

/* Whether a decision went through; otherwise the reason is shown and nothing was changed. */
bool council_did(struct request *req, const char *outcome, const char *done, const char *sentence);

/* What a refusal says, and at which field; whether the outcome is one of them, which the form then says. */
struct refusal {
    const char *outcome, *field, *message;
};
bool council_refused(struct request *req, const char *outcome, const struct refusal *refusals, size_t n);

request_plan_fn council_home_plan, invoice_list_plan, spend_plan;
request_render_fn council_home_render, invoice_list_render, spend_render;

#endif
