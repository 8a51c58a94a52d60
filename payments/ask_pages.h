/* Asking for a service: the form, the check page with the cost, and the request itself. For payments_routes.c. */
#ifndef PAYMENTS_ASK_PAGES_H
#define PAYMENTS_ASK_PAGES_H

#include "daemon/identity/request.h"

/* How often, how long and from when; unset where nothing was typed. */
struct ask_form {
    int64_t minutes, quantity, weeks;
    const char *weekdays, *starts_at, *outcome, *note;
    int32_t starts_on;
};

/* What order_place is asked, of the service in the address; `more` is further members of the JSON object (",\"minimum\":3") or NULL. */
const char *ask_request(struct request *req, const struct ask_form *in, const char *more);
/* Whether the days are coherent; else the message stands at its field. */
bool ask_is_coherent(struct form *f, const struct ask_form *in);
/* The service of the address, when it is there and may be asked for; else the reply is given and this is false. */
struct sql_ask_listing_row;
bool ask_listing(struct request *req, const struct db_unit *u, struct sql_ask_listing_row *ret);
/* Why money could not be set aside, in a sentence: amounts in pence, of those outcomes that have them. */
const char *ask_refusal(struct arena *a, const char *outcome, int64_t short_by, int64_t ceiling, int32_t minimum_minutes);
/* The outcomes of the plan to choose from, "Choose one" first. */
const struct form_choice *ask_outcomes(struct request *req, const struct db_unit *u, int step);

extern const struct form_spec ask_spec, ask_start_spec;
/* Monday is "1", as in ISO 8601. */
extern const struct form_choice ask_weekdays[];

request_plan_fn ask_plan, ask_check_plan, ask_place_plan, asked_plan;
request_render_fn ask_render, ask_keep_render, ask_check_render, ask_place_render, asked_render;

#endif
