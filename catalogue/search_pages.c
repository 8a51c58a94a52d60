#include <string.h>

#include "catalogue/pages.h"
#include "catalogue/search_terms.h"
#include "daemon/base/json.h"
#include "sql/catalogue.h"
#include "tmpl/catalogue.h"

/* ---- the form ---- */

static const struct form_choice miles_choices[] = {{"2", "2 miles", NULL}, {"5", "5 miles", NULL}, {"", "10 miles", NULL}, {"20", "20 miles", NULL},
                                                   {"50", "50 miles", NULL}, {NULL, NULL, NULL}};
static const struct form_choice at_choices[] = {{"home", "At my home", NULL}, {"place", "At their place", NULL}, {"remote", "By phone or video", NULL}, {NULL, NULL, NULL}};
static const struct form_choice is_choices[] = {{"wheelchair", "Wheelchair access", NULL},
                                                {"accessible_toilet", "Accessible toilet", NULL},
                                                {"hearing_loop", "Hearing loop", NULL},
                                                {"bsl", "British Sign Language", NULL},
                                                {"quiet_space", "Quiet space", NULL},
                                                {"bring_supporter", "Bring a supporter free", NULL},
                                                {"gender_choice", "I choose a man or a woman", NULL},
                                                {"same_worker", "The same worker each time", NULL},
                                                {NULL, NULL, NULL}};
static const struct form_choice kind_choices[] = {{"", "Everyone", NULL},
                                                  {"business", "Providers and businesses", NULL},
                                                  {"community", "Community groups", NULL},
                                                  {"public_service", "Public services", NULL},
                                                  {NULL, NULL, NULL}};
static const struct form_choice sort_choices[] = {{"", "Best match", NULL}, {"near", "Nearest", NULL}, {"price", "Lowest price", NULL}, {"new", "Newest", NULL},
                                                  {NULL, NULL, NULL}};

enum { MONEY_LIMIT = 100000000 };
#define BAD_POSTCODE "Enter a full UK postcode, like AB1 2DE"
static const struct form_field search_fields[] = {
    FIELD(struct search_input, q, .kind = FORM_TEXT, .optional = true, .label = "What are you looking for?", .hint = "In your own words, such as someone to clean"),
    FIELD(struct search_input, near, .kind = FORM_POSTCODE, .optional = true, .label = "Your postcode", .invalid = BAD_POSTCODE, .autocomplete = "postal-code", .width = 10),
    FIELD(struct search_input, miles, .kind = FORM_SELECT, .optional = true, .label = "How far away", .choices = miles_choices),
    FIELD(struct search_input, cat, .kind = FORM_SELECT, .optional = true, .label = "Kind of help"),
    FIELD(struct search_input, at, .kind = FORM_CHECKS, .optional = true, .label = "Where", .choices = at_choices),
    FIELD(struct search_input, is, .kind = FORM_CHECKS, .optional = true, .label = "Access and choice", .choices = is_choices),
    FIELD(struct search_input, kind, .kind = FORM_SELECT, .optional = true, .label = "From whom", .choices = kind_choices),
    FIELD(struct search_input, max, .kind = FORM_MONEY, .optional = true, .max = MONEY_LIMIT, .label = "Highest price", .invalid = "Enter an amount of money, like 15 or 15.50", .width = 5),
    FIELD(struct search_input, sort, .kind = FORM_SELECT, .optional = true, .label = "Order", .choices = sort_choices),
};
const struct form_spec search_form = FORM_SPEC(struct search_input, search_fields);

/* ---- plan ---- */

enum { STEP_ABOUT, STEP_SEARCH, STEP_CATEGORIES };

static struct sql_service_search_params params_of(struct arena *a, const struct search_terms *t, int32_t page)
{
    return (struct sql_service_search_params){.q = t->q,
                                              .near = t->near,
                                              .radius = terms_metres(t->miles),
                                              .all_tags = terms_all_tags(a, t),
                                              .any_tags = terms_any_tags(a, t),
                                              .max_price = t->max,
                                              .max_price_null = t->max == 0,
                                              .sort = t->sort,
                                              .page = page};
}

void search_plan(struct request *req, struct db_unit *u)
{
    const struct search_input *in = req->input;
    struct search_terms *t = arena_alloc(req->arena, sizeof *t);
    *t = terms_of(req->arena, in);
    req->state = t;
    struct sql_service_search_params params = params_of(req->arena, t, req->page);
    sql_search_about_add(u, &(struct sql_search_about_params){.q = t->q, .near = t->near});
    sql_service_search_add(u, &params);
    sql_category_list_add(u, NULL);
}

/* ---- what the page shows beside the results ---- */

struct search_page {
    struct sql_search_about_row about;
    const struct sql_service_search_row *rows;
    size_t rows_n;
    struct tmpl_catalogue_services_chips *chips;
    size_t chips_n;
    struct tmpl_catalogue_services_tries *tries;
    size_t tries_n;
};

static char *services_path(struct request *req)
{
    return arena_printf(req->arena, "%s/services", req->base);
}

/* "At my home (12)": the counts of what was found. */
static const struct form_choice *counted(struct request *req, const json_t *facets, const char *tag, const struct form_choice *choices)
{
    size_t n = 0;
    while (choices[n].value)
        n++;
    struct form_choice *out = arena_array(req->arena, n + 1, sizeof *out);
    for (size_t i = 0; i < n; i++) {
        int64_t count = json_int(facets, arena_printf(req->arena, "%s:%s", tag, choices[i].value), 0);
        out[i] = choices[i];
        if (*choices[i].value && count)
            out[i].label = arena_printf(req->arena, "%s (%lld)", choices[i].label, (long long)count);
    }
    return out;
}

static void set_choices(struct request *req, const struct search_page *p, const struct form_choice *categories)
{
    struct err e;
    const char *text = p->rows_n && !p->rows->is_more ? p->rows->facets : "{}"; /* counts of a part would be wrong: better none */
    const json_t *facets = json_read(req->arena, str_of(text), 65536, &e);
    form_set_choices(req->form, "cat", counted(req, facets, "cat", categories));
    form_set_choices(req->form, "at", counted(req, facets, "at", at_choices));
    form_set_choices(req->form, "is", counted(req, facets, "is", is_choices));
    form_set_choices(req->form, "kind", counted(req, facets, "kind", kind_choices));
}

/* A category is shown by its name, not by its address part. */
static void name_categories(struct search_terms *t, const struct form_choice *categories)
{
    for (size_t i = 0; i < t->filters_n; i++)
        for (const struct form_choice *c = categories; strcmp(t->filters[i].name, "cat") == 0 && c->value; c++)
            if (strcmp(c->value, t->filters[i].value) == 0)
                t->filters[i].label = strncmp(c->label, "– ", strlen("– ")) == 0 ? c->label + strlen("– ") : c->label;
}

static void make_chips(struct request *req, const struct search_terms *t, struct search_page *p)
{
    p->chips = arena_array(req->arena, t->filters_n + 1, sizeof *p->chips);
    for (size_t i = 0; i < t->filters_n; i++) {
        struct search_terms without = terms_without(t, i);
        p->chips[p->chips_n].label = t->filters[i].label;
        p->chips[p->chips_n++].href = terms_url(req->arena, services_path(req), &without, 1);
    }
    if (t->max) {
        struct search_terms without = *t;
        without.max = 0;
        p->chips[p->chips_n].label = "highest price";
        p->chips[p->chips_n++].href = terms_url(req->arena, services_path(req), &without, 1);
    }
}

static void show_page(struct request *req, const struct search_terms *t, const struct search_page *p)
{
    int64_t page = req->page, last = p->rows_n ? (p->rows->found + TERMS_PAGE - 1) / TERMS_PAGE : 1;
    char *path = services_path(req);
    struct tmpl_catalogue_services_pages *pages = arena_array(req->arena, 8, sizeof *pages);
    size_t pages_n = 0;
    int64_t before = 0;
    for (int64_t i = 1; i <= last && last > 1; i++) {
        if (i != 1 && i != last && (i < page - 1 || i > page + 1))
            continue;
        if (i > before + 1)
            pages[pages_n++].gap = true;
        pages[pages_n].number = (int32_t)i;
        pages[pages_n].href = terms_url(req->arena, path, t, i);
        pages[pages_n++].current = i == page;
        before = i;
    }
    const struct sql_service_search_row *first = p->rows;
    request_page(req, 200, "Find services", tmpl_catalogue_services, .base = req->base, .search = req->form, .has_error = req->form->errors_n > 0, .shown = p->about.shown,
                 .is_corrected = p->about.is_corrected, .asked = t->q, .near = t->near, .is_rough = p->about.is_rough, .is_any_word = p->rows_n && first->is_any_word,
                 .count = p->rows_n ? terms_count(req->arena, first->found, first->is_more) : "", .results = p->rows, .results_n = p->rows_n, .chips = p->chips,
                 .chips_n = p->chips_n, .tries = p->tries, .tries_n = p->tries_n, .prev = page > 1 ? terms_url(req->arena, path, t, page - 1) : NULL,
                 .next = page < last ? terms_url(req->arena, path, t, page + 1) : NULL, .pages = pages, .pages_n = pages_n,
                 .csv = terms_url(req->arena, arena_printf(req->arena, "%s.csv", path), t, page));
}

/* ---- nothing found: a second round counts the miss and what each other search would give ---- */

struct search_retry {
    struct search_terms terms;
    struct search_page page;
    struct search_terms others[TERMS_FILTERS + 4];
    const char *labels[TERMS_FILTERS + 4];
    size_t others_n;
};

static void add_other(struct search_retry *r, const struct search_terms *t, const char *label)
{
    r->others[r->others_n] = *t;
    r->labels[r->others_n++] = label;
}

static void find_others(struct request *req, struct search_retry *r)
{
    const struct search_terms *t = &r->terms;
    for (size_t i = 0; i < t->filters_n; i++) {
        struct search_terms other = terms_without(t, i);
        add_other(r, &other, arena_printf(req->arena, "Search without “%s”", t->filters[i].label));
    }
    struct search_terms other = *t;
    other.max = 0;
    if (t->max)
        add_other(r, &other, "Search at any price");
    other = *t;
    other.miles = TERMS_WIDE_MILES;
    if (t->near && t->miles < TERMS_WIDE_MILES)
        add_other(r, &other, "Search up to 50 miles away");
    other.near = NULL;
    if (t->near)
        add_other(r, &other, "Search everywhere");
    other = *t;
    other.q = "";
    if (*t->q && (t->near || t->filters_n))
        add_other(r, &other, "Search without your words");
}

static void retry_plan(struct request *req, struct db_unit *u)
{
    const struct search_retry *r = req->state;
    sql_search_missed_add(u, &(struct sql_search_missed_params){.q = r->terms.q, .near = r->terms.near, .address = req->http->peer});
    for (size_t i = 0; i < r->others_n; i++) {
        const struct search_terms *t = &r->others[i];
        sql_search_count_add(u, &(struct sql_search_count_params){.q = t->q,
                                                                  .near = t->near,
                                                                  .radius = terms_metres(t->miles),
                                                                  .all_tags = terms_all_tags(req->arena, t),
                                                                  .any_tags = terms_any_tags(req->arena, t),
                                                                  .max_price = t->max,
                                                                  .max_price_null = t->max == 0});
    }
}

static void retry_render(struct request *req, const struct db_unit *u)
{
    struct search_retry *r = req->state;
    r->page.tries = arena_array(req->arena, r->others_n + 1, sizeof *r->page.tries);
    for (size_t i = 0; i < r->others_n; i++) {
        struct sql_search_count_row row;
        if (!sql_search_count_one(u, page_step(req, 1 + (int)i), &row) || row.found == 0)
            continue;
        struct tmpl_catalogue_services_tries *one = &r->page.tries[r->page.tries_n++];
        one->label = r->labels[i];
        one->href = terms_url(req->arena, services_path(req), &r->others[i], 1);
        one->number = row.found < 100 ? terms_count(req->arena, row.found, false) : "100 results or more";
    }
    show_page(req, &r->terms, &r->page);
}

void search_render(struct request *req, const struct db_unit *u)
{
    struct search_terms *t = req->state;
    struct search_page p = {0};
    if (request_rows(req, u, page_step(req, STEP_SEARCH), "services"))
        return;
    p.rows_n = sql_service_search_rows(u, page_step(req, STEP_SEARCH), &p.rows);
    if (sql_search_about_one(u, page_step(req, STEP_ABOUT), &p.about) && t->near && !p.about.is_placed)
        form_error(req->form, "near", "We do not know where %s is. Check it, or leave it empty to search everywhere", t->near);
    const struct form_choice *categories = page_categories(req, u, page_step(req, STEP_CATEGORIES));
    name_categories(t, categories);
    set_choices(req, &p, categories);
    make_chips(req, t, &p);
    if (p.rows_n || req->form->errors_n) {
        show_page(req, t, &p);
        return;
    }
    struct search_retry *r = arena_alloc(req->arena, sizeof *r);
    r->terms = *t;
    r->page = p;
    find_others(req, r);
    req->state = r;
    request_next(req, retry_plan, retry_render);
}
