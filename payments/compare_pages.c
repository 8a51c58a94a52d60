#include "payments/compare_pages.h"

#include <string.h>

#include "catalogue/search_terms.h"
#include "payments/ask_pages.h"
#include "payments/order_pages.h"
#include "sql/catalogue.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

enum { LEAST = 2, MOST = 4, AN_HOUR = 60 };
enum { STEP_ASKED, STEP_SERVICES, STEP_PLACE, STEP_SIMILAR };

struct compare_query {
    const char *id, *near, *weekdays;
    int64_t minutes, quantity, weeks;
    bool more;
};

/* What may be left out is what the form of asking takes for it. */
static const struct form_field compare_fields[] = {
    FIELD(struct compare_query, id, .kind = FORM_CHECKS, .optional = true, .label = "Services"),
    FIELD(struct compare_query, minutes, .kind = FORM_HOURS, .optional = true, .min = 5, .max = 10080, .label = "How long each time?",
          .hint = "For example, 2 hours. One hour if you leave it empty", .invalid = "Enter how long each time, like 2 hours or 90 minutes", .width = 10),
    FIELD(struct compare_query, quantity, .kind = FORM_INT, .optional = true, .min = 1, .max = 1000, .label = "How many each time?",
          .hint = "One if you leave it empty", .invalid = "Enter how many each time, a whole number from 1 to 1,000", .width = 4),
    FIELD(struct compare_query, weekdays, .kind = FORM_CHECKS, .optional = true, .label = "On which days?", .hint = "Leave empty if it is only once",
          .choices = ask_weekdays),
    FIELD(struct compare_query, weeks, .kind = FORM_INT, .optional = true, .min = 1, .max = 53, .label = "For how many weeks?", .hint = "One week if you leave it empty",
          .invalid = "Enter a number of weeks from 1 to 53", .width = 3),
    FIELD(struct compare_query, near, .kind = FORM_POSTCODE, .optional = true, .label = "Your postcode", .hint = "To see how far away they are",
          .invalid = "Enter a full UK postcode, like AB1 2DE", .autocomplete = "postal-code", .width = 10),
    FIELD(struct compare_query, more, .kind = FORM_TICK, .optional = true, .label = "Add another service"),
};
const struct form_spec compare_spec = FORM_SPEC(struct compare_query, compare_fields);

static int32_t or_else(int64_t typed, int32_t usual)
{
    return typed ? (int32_t)typed : usual;
}

static const char *or_empty(const char *typed)
{
    return typed ? typed : "";
}

void compare_plan(struct request *req, struct db_unit *u)
{
    const struct compare_query *in = req->input;
    sql_compare_asked_add(u, &(struct sql_compare_asked_params){.refs = or_empty(in->id)});
    sql_compare_services_add(u, &(struct sql_compare_services_params){.refs = or_empty(in->id),
                                                                      .near = in->near,
                                                                      .minutes = or_else(in->minutes, AN_HOUR),
                                                                      .quantity = or_else(in->quantity, 1),
                                                                      .weekdays = or_empty(in->weekdays),
                                                                      .weeks = or_else(in->weeks, 1)});
    sql_search_about_add(u, &(struct sql_search_about_params){.q = "", .near = in->near});
}

static int step_of(const struct request *req, int n)
{
    return req->first_step + n;
}

/* ---- too few yet, or one more: those of the same kind to choose from ---- */

static void choose_plan(struct request *req, struct db_unit *u)
{
    const struct compare_query *in = req->input;
    compare_plan(req, u);
    sql_service_search_add(u, &(struct sql_service_search_params){.q = "", .near = in->near, .radius = terms_metres(TERMS_WIDE_MILES), .any_tags = "", .sort = "best", .page = 1,
                                                                  .all_tags = arena_printf(req->arena, "cat:%s", (const char *)req->state), .max_price_null = true});
}

/* Services that were found and are not chosen yet. */
static size_t others_of(struct arena *a, const struct sql_service_search_row *found, size_t n, const struct sql_compare_services_row *chosen, size_t chosen_n,
                        struct sql_service_search_row **ret)
{
    size_t others = 0;
    *ret = arena_array(a, n + 1, sizeof **ret);
    for (size_t i = 0; i < n; i++) {
        size_t j = 0;
        while (j < chosen_n && strcmp(chosen[j].ref, found[i].ref) != 0)
            j++;
        if (found[i].is_listing && j == chosen_n)
            (*ret)[others++] = found[i];
    }
    return others;
}

static void choose_render(struct request *req, const struct db_unit *u)
{
    const struct sql_compare_asked_row *asked;
    const struct sql_compare_services_row *services;
    const struct sql_service_search_row *found = NULL;
    struct sql_service_search_row *similar;
    size_t asked_n = sql_compare_asked_rows(u, step_of(req, STEP_ASKED), &asked), n = sql_compare_services_rows(u, step_of(req, STEP_SERVICES), &services);
    size_t found_n = req->state ? sql_service_search_rows(u, step_of(req, STEP_SIMILAR), &found) : 0;
    size_t similar_n = others_of(req->arena, found, found_n, services, n, &similar);
    req->form->is_hidden = true; /* the pattern goes along */
    request_page(req, 200, "Choose what to compare", tmpl_payments_compare_choose, .base = req->base, .f = req->form, .asked = asked, .asked_n = asked_n,
                 .services = services, .services_n = n, .similar = similar, .similar_n = similar_n);
}

/* ---- beside each other ---- */

static const char *who_pays(const struct request *req)
{
    if (req->who.is_acting)
        return arena_printf(req->arena, "The budget of %s", req->who.person_name);
    if (req->who.hat == HAT_HOLDER)
        return "Your budget";
    return req->who.hat == HAT_SELF_FUNDER ? "You, with your own money" : "Whoever asks for it: with a budget from a council, or with their own money";
}

static const char *refs_of(struct arena *a, const struct sql_compare_services_row *rows, size_t n)
{
    const char *refs = "";
    for (size_t i = 0; i < n; i++)
        refs = arena_printf(a, "%s%s%s", refs, i ? " " : "", rows[i].ref);
    return refs;
}

/* How many of those that were asked for can be compared. */
static size_t open_of(const struct sql_compare_asked_row *asked, size_t n)
{
    size_t open = 0;
    for (size_t i = 0; i < n; i++)
        open += strcmp(asked[i].state, "open") == 0;
    return open;
}

/* The address of these services with this pattern, as a table. */
static const char *csv_of(struct request *req, const char *refs)
{
    struct buf url = {0};
    buf_addf(&url, "%s/compare.csv", req->base);
    terms_add_param(&url, "id", refs);
    for (size_t i = 0; i < compare_spec.fields_n; i++) {
        const char *name = compare_spec.fields[i].name, *typed = req->form->states[i].typed;
        if (strcmp(name, "id") != 0 && strcmp(name, "more") != 0 && !text_is_empty(typed))
            terms_add_param(&url, name, typed);
    }
    const char *text = str_dup(req->arena, buf_str(&url));
    buf_finish(&url);
    return text;
}

void compare_render(struct request *req, const struct db_unit *u)
{
    const struct compare_query *in = req->input;
    const struct sql_compare_asked_row *asked;
    const struct sql_compare_services_row *services;
    struct sql_search_about_row place;
    if (request_rows(req, u, step_of(req, STEP_SERVICES), "compare"))
        return;
    size_t asked_n = sql_compare_asked_rows(u, step_of(req, STEP_ASKED), &asked), n = sql_compare_services_rows(u, step_of(req, STEP_SERVICES), &services);
    if (n < LEAST || (in->more && n < MOST)) {
        req->state = n ? arena_strdup(req->arena, services[0].category) : NULL;
        request_next(req, n ? choose_plan : compare_plan, choose_render);
        return;
    }
    if (sql_search_about_one(u, step_of(req, STEP_PLACE), &place) && in->near && !place.is_placed)
        form_error(req->form, "near", "We do not know where %s is. Check it, or leave it empty", in->near);
    if (text_is_empty(in->weekdays) && in->weeks > 1)
        form_error(req->form, "weekdays", "Choose the days, or leave the weeks empty if it is only once");
    const char *refs = refs_of(req->arena, services, n);
    bool has_hours = false, has_others = false;
    for (size_t i = 0; i < n; i++)
        *(strcmp(services[i].unit_name, "hour") == 0 ? &has_hours : &has_others) = true;
    request_page(req, 200, "Compare services", tmpl_payments_compare, .base = req->base, .f = req->form, .asked = asked, .asked_n = asked_n, .services = services,
                 .services_n = n, .too_many = open_of(asked, asked_n) > n, .refs = refs, .csv = csv_of(req, refs), .near = in->near, .is_rough = place.is_rough,
                 .has_hours = has_hours, .has_others = has_others, .can_add = n < MOST, .who_pays = who_pays(req), .may_ask = req->who.hat & (HAT_NONE | HAT_PERSON),
                 .length = order_quantity_text(req->arena, "hour", or_else(in->minutes, AN_HOUR)), .quantity = or_else(in->quantity, 1),
                 .days = order_days_text(req->arena, in->weekdays), .is_once = text_is_empty(in->weekdays), .weeks = or_else(in->weeks, 1));
}
