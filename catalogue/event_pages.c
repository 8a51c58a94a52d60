#include <string.h>

#include "catalogue/event_calendar.h"
#include "catalogue/pages.h"
#include "catalogue/search_terms.h"
#include "daemon/base/civil.h"
#include "sql/catalogue.h"
#include "tmpl/catalogue.h"

/* ---- what's on ---- */

struct events_input {
    const char *cat, *near, *miles, *is;
    int32_t from;
    bool free;
};

static const struct form_choice miles_choices[] = {{"2", "2 miles", NULL}, {"5", "5 miles", NULL}, {"", "10 miles", NULL}, {"20", "20 miles", NULL}, {NULL, NULL, NULL}};
static const struct form_choice is_choices[] = {{"wheelchair", "Wheelchair access", NULL}, {"accessible_toilet", "Accessible toilet", NULL}, {"quiet_space", "Quiet space", NULL},
                                                {"bsl", "British Sign Language", NULL}, {"bring_supporter", "Bring a supporter free", NULL}, {NULL, NULL, NULL}};
static const struct form_field events_fields[] = {
    FIELD(struct events_input, from, .kind = FORM_DATE, .optional = true, .label = "From", .invalid = "Enter a date, like 3 May 2026"),
    FIELD(struct events_input, cat, .kind = FORM_SELECT, .optional = true, .label = "Kind of event"),
    FIELD(struct events_input, near, .kind = FORM_POSTCODE, .optional = true, .label = "Your postcode", .invalid = "Enter a full UK postcode, like AB1 2DE", .autocomplete = "postal-code",
          .width = 10),
    FIELD(struct events_input, miles, .kind = FORM_SELECT, .optional = true, .label = "How far away", .choices = miles_choices),
    FIELD(struct events_input, is, .kind = FORM_CHECKS, .optional = true, .label = "Access", .choices = is_choices),
    FIELD(struct events_input, free, .kind = FORM_TICK, .optional = true, .label = "Free events only"),
};
const struct form_spec events_form = FORM_SPEC(struct events_input, events_fields);

enum { STEP_TODAY, STEP_CATEGORIES, STEP_AGENDA };

static char *event_tags(struct arena *a, const struct events_input *in)
{
    char *tags = arena_strdup(a, "kind:event");
    struct str rest = str_of(in->is), one;
    if (!text_is_empty(in->cat))
        tags = arena_printf(a, "%s cat:%s", tags, in->cat);
    while (str_cut(&rest, ' ', &one))
        if (one.n)
            tags = arena_printf(a, "%s is:%.*s", tags, (int)one.n, one.p);
    return in->free ? arena_printf(a, "%s free", tags) : tags;
}

void events_plan(struct request *req, struct db_unit *u)
{
    const struct events_input *in = req->input;
    sql_week_start_add(u, NULL);
    sql_category_list_add(u, NULL);
    sql_event_agenda_add(u, &(struct sql_event_agenda_params){.from_day = in->from,
                                                              .tags = event_tags(req->arena, in),
                                                              .near = in->near,
                                                              .radius = terms_metres(terms_miles(in->miles))});
}

static char *events_url(struct arena *a, const char *path, const struct events_input *in, int32_t from)
{
    struct buf url = {0};
    struct str rest = str_of(in->is), one;
    buf_adds(&url, path);
    if (!text_is_empty(in->cat))
        terms_add_param(&url, "cat", in->cat);
    if (in->free)
        terms_add_param(&url, "free", "on");
    terms_add_param(&url, "from", civil_iso(a, from));
    while (str_cut(&rest, ' ', &one))
        if (one.n)
            terms_add_param(&url, "is", str_dup(a, one));
    if (!text_is_empty(in->miles))
        terms_add_param(&url, "miles", in->miles);
    if (!text_is_empty(in->near))
        terms_add_param(&url, "near", in->near);
    char *out = str_dup(a, buf_str(&url));
    buf_finish(&url);
    return out;
}

void events_render(struct request *req, const struct db_unit *u)
{
    const struct events_input *in = req->input;
    struct sql_week_start_row week;
    const struct sql_event_agenda_row *rows;
    if (request_rows(req, u, page_step(req, STEP_AGENDA), "events") || !sql_week_start_one(u, page_step(req, STEP_TODAY), &week))
        return;
    size_t n = sql_event_agenda_rows(u, page_step(req, STEP_AGENDA), &rows);
    int32_t from = in->from == CIVIL_NONE ? week.today : in->from;
    if (in->near && n && rows->miles_null)
        form_error(req->form, "near", "We do not know where %s is. Check it, or leave it empty to see everything", in->near);
    form_set_choices(req->form, "cat", page_categories(req, u, page_step(req, STEP_CATEGORIES)));
    request_page(req, 200, "What’s on", tmpl_catalogue_events, .search = req->form, .has_error = req->form->errors_n > 0, .from = from,
                 .earlier = from > week.today ? events_url(req->arena, "/events", in, from - 7 > week.today ? from - 7 : week.today) : NULL,
                 .later = events_url(req->arena, "/events", in, from + 7), .csv = events_url(req->arena, "/events.csv", in, from), .events = rows, .events_n = n);
}

/* ---- one event ---- */

enum { STEP_EVENT, STEP_TIMES, STEP_NOW };

void event_plan(struct request *req, struct db_unit *u)
{
    const char *ref = request_arg(req, "ref");
    sql_event_page_add(u, &(struct sql_event_page_params){.ref = ref});
    sql_event_times_add(u, &(struct sql_event_times_params){.ref = ref});
    sql_calendar_stamp_add(u, NULL);
}

static void send_calendar(struct request *req, const struct db_unit *u, const struct sql_event_page_row *e)
{
    const struct sql_event_times_row *times;
    struct sql_calendar_stamp_row now;
    size_t n = sql_event_times_rows(u, page_step(req, STEP_TIMES), &times);
    sql_calendar_stamp_one(u, page_step(req, STEP_NOW), &now);
    struct calendar_event *events = arena_array(req->arena, n + 1, sizeof *events);
    for (size_t i = 0; i < n; i++)
        events[i] = (struct calendar_event){.uid = arena_printf(req->arena, "%s-%s@marketcross", e->ref, times[i].start_stamp),
                                            .title = e->title,
                                            .about = e->summary,
                                            .place = e->address ? arena_printf(req->arena, "%s, %s", e->place, e->address) : e->place,
                                            .start = times[i].start_stamp,
                                            .end = times[i].end_stamp,
                                            .stamp = now.stamp,
                                            .is_cancelled = times[i].is_cancelled};
    request_download(req, arena_printf(req->arena, "%s.ics", e->slug), "text/calendar; charset=utf-8", str_of(event_calendar(req->arena, events, n)));
}

static bool is_calendar(const char *slug)
{
    size_t n = strlen(slug);
    return n > 4 && strcmp(slug + n - 4, ".ics") == 0;
}

void event_render(struct request *req, const struct db_unit *u)
{
    struct sql_event_page_row e;
    if (!sql_event_page_one(u, page_step(req, STEP_EVENT), &e)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    if (is_calendar(request_arg(req, "slug"))) {
        send_calendar(req, u, &e);
        return;
    }
    if (request_rows(req, u, page_step(req, STEP_TIMES), e.slug) || page_redirect(req, "/events/", e.ref, e.slug))
        return;
    if (e.is_over) {
        page_closed(req, "This event is over", e.title, "/events", "See what’s on this week");
        return;
    }
    const struct sql_event_times_row *times;
    size_t n = sql_event_times_rows(u, page_step(req, STEP_TIMES), &times);
    request_page(req, 200, e.title, tmpl_catalogue_event, .ref = e.ref, .slug = e.slug, .title = e.title, .summary = e.summary, .description = e.description,
                 .category = e.category, .category_name = e.category_name, .place = e.place, .address = e.address, .price = e.price, .is_free = e.is_free,
                 .features = e.features, .phone = e.phone, .email = e.email, .web = e.web, .organisation = e.organisation, .times = times, .times_n = n);
}
