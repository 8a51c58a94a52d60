#include "payments/absence_pages.h"

#include <string.h>

#include "daemon/base/civil.h"
#include "daemon/base/id.h"
#include "payments/facts.h"
#include "payments/order_pages.h"
#include "sql/identity.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

enum { VISITS_MOST = 10000 };

struct absence_form {
    int32_t from_on, to_on;
    const char *reason, *words;
    int64_t visits, due; /* what the check page showed */
};
static const struct form_choice reason_choices[] = {
    {"hospital", "Hospital", NULL},
    {"holiday", "Holiday or family", NULL},
    {"other", "Something else", NULL},
    {NULL, NULL, NULL},
};
#define ASKED_FIELDS \
    FIELD(struct absence_form, from_on, .kind = FORM_DATE, .label = "First day away", .hint = "For example, 27 3 2027. Visits on this day are stopped too", \
          .missing = "Enter the first day away", .invalid = "Enter the first day away, like 27 3 2027", .width = 10), \
    FIELD(struct absence_form, to_on, .kind = FORM_DATE, .optional = true, .label = "Last day away", \
          .hint = "Leave it empty if you do not know yet. Then everything stops until you say that you are back", \
          .invalid = "Enter the last day away, like 27 3 2027", .width = 10), \
    FIELD(struct absence_form, reason, .kind = FORM_RADIOS, .label = "Why?", .hint = "The providers are not told", .missing = "Choose why", .choices = reason_choices), \
    FIELD(struct absence_form, words, .kind = FORM_TEXTAREA, .optional = true, .max = 500, .label = "Anything you want to remember about it?", \
          .hint = "Only you and people who act for you see this")
static const struct form_field asked_fields[] = {ASKED_FIELDS};
const struct form_spec absence_spec = FORM_SPEC(struct absence_form, asked_fields);
static const struct form_field sure_fields[] = {
    ASKED_FIELDS,
    FIELD(struct absence_form, visits, .kind = FORM_INT, .min = 0, .max = VISITS_MOST, .label = "Visits"),
    FIELD(struct absence_form, due, .kind = FORM_INT, .min = 0, .max = INT64_MAX, .label = "Due"),
};
const struct form_spec absence_sure_spec = FORM_SPEC(struct absence_form, sure_fields);

/* What was just done, told once on the page that it leads to. */
struct done_query {
    const char *done;
};
static const struct form_choice done_choices[] = {{"back", "What is still to come goes on. The providers are told.", NULL}, {NULL, NULL, NULL}};
static const struct form_field done_fields[] = {
    FIELD(struct done_query, done, .kind = FORM_SELECT, .optional = true, .label = "Done", .choices = done_choices),
};
const struct form_spec absence_done_spec = FORM_SPEC(struct done_query, done_fields);

struct back_form {
    int32_t from_on;
    int64_t visits; /* that the page said are on again */
};
#define DAY_FIELD \
    FIELD(struct back_form, from_on, .kind = FORM_DATE, .optional = true, .label = "From which day should visits go on?", .hint = "For example, 27 3 2027", \
          .invalid = "Enter the day, like 27 3 2027", .width = 10)
static const struct form_field day_fields[] = {DAY_FIELD};
const struct form_spec absence_day_spec = FORM_SPEC(struct back_form, day_fields);
static const struct form_field back_fields[] = {
    DAY_FIELD,
    FIELD(struct back_form, visits, .kind = FORM_INT, .min = 0, .max = VISITS_MOST, .label = "Visits"),
};
const struct form_spec absence_back_spec = FORM_SPEC(struct back_form, back_fields);

static const char changed_words[] = "Something changed since you looked. Please check again.";

/* Whom these pages are about, when it is not the one who reads them. */
static const char *acting_for(const struct request *req)
{
    return req->who.is_acting ? req->who.person_name : NULL;
}

static const char *title_of(struct request *req)
{
    return acting_for(req) ? arena_printf(req->arena, "When %s is away", acting_for(req)) : "When I am away";
}

/* ---- the list ---- */

void absence_list_plan(struct request *req, struct db_unit *u)
{
    sql_absence_list_add(u, &(struct sql_absence_list_params){.page = req->page});
}

void absence_list_render(struct request *req, const struct db_unit *u)
{
    const struct sql_absence_list_row *rows;
    if (request_rows(req, u, req->first_step, "away"))
        return;
    size_t n = sql_absence_list_rows(u, req->first_step, &rows);
    request_page(req, 200, title_of(req), tmpl_payments_away, .absences = rows, .absences_n = n, .base = req->base, .title = title_of(req),
                 .prev = request_prev_page(req), .next = request_next_page(req, u, req->first_step));
}

/* ---- saying it: the form, what it would do, and doing it ---- */

void absence_new_render(struct request *req, const struct db_unit *u)
{
    (void)u;
    request_page(req, 200, "Say when you are away", tmpl_payments_away_new, .f = request_form_again(req, &absence_spec), .base = req->base,
                 .acting = acting_for(req));
}

/* Whether these days can be a time away; else the message stands at its field. */
static bool days_fit(struct request *req, int32_t today)
{
    enum { YEAR = 366 };
    const struct absence_form *in = req->input;
    if (in->from_on < today || in->from_on > today + YEAR)
        form_error(req->form, "from_on", "The first day away must be from today to a year from now");
    else if (in->to_on != CIVIL_NONE && in->to_on < in->from_on)
        form_error(req->form, "to_on", "The last day away must not come before the first");
    else if (in->to_on != CIVIL_NONE && in->to_on > in->from_on + YEAR)
        form_error(req->form, "to_on", "The last day away must be within a year of the first");
    return form_is_valid(req->form);
}

void absence_keep_plan(struct request *req, struct db_unit *u)
{
    const struct absence_form *in = req->input;
    sql_absence_check_add(u, &(struct sql_absence_check_params){.from_on = in->from_on, .to_on = in->to_on});
}

/* The check page has an address of its own that the browser can go back to: what was typed is kept on the server. */
void absence_keep_render(struct request *req, const struct db_unit *u)
{
    struct sql_absence_check_row check;
    sql_absence_check_one(u, req->first_step, &check);
    if (days_fit(req, check.today))
        request_keep(req, arena_printf(req->arena, "%s/away/check", req->base));
    else
        request_next(req, NULL, absence_new_render);
}

void absence_check_plan(struct request *req, struct db_unit *u)
{
    const char *kept = request_arg(req, "kept");
    if (id_is_uuid(str_of(kept)))
        sql_answers_kept_add(u, &(struct sql_answers_kept_params){.key = kept});
}

static request_plan_fn preview_plan;
static request_render_fn preview_render;

/* First what was typed, then what it would do. */
void absence_check_render(struct request *req, const struct db_unit *u)
{
    struct sql_answers_kept_row kept;
    bool is_kept = sql_answers_kept_one(u, req->first_step, &kept) && strcmp(kept.page, "/away/new") == 0;
    struct form *f = is_kept ? request_kept(req, &absence_spec, kept.answers) : NULL;
    if (!f || !form_is_valid(f)) {
        request_see_other(req, "%s/away/new", req->base); /* kept no longer */
        return;
    }
    req->form = f;
    req->input = f->input;
    request_next(req, preview_plan, preview_render);
}

static void preview_plan(struct request *req, struct db_unit *u)
{
    const struct absence_form *in = req->input;
    sql_absence_check_add(u, &(struct sql_absence_check_params){.from_on = in->from_on, .to_on = in->to_on});
    sql_absence_preview_add(u, &(struct sql_absence_preview_params){.from_on = in->from_on, .to_on = in->to_on});
    sql_absence_purses_add(u, &(struct sql_absence_purses_params){.from_on = in->from_on, .to_on = in->to_on});
    sql_absence_waiting_add(u, &(struct sql_absence_waiting_params){.from_on = in->from_on, .to_on = in->to_on});
}

/* The answers travel through the check page as hidden fields, with what it showed. */
static struct form *sure_form(struct request *req, size_t visits, int64_t due)
{
    struct form *f = request_form(req, &absence_sure_spec);
    for (size_t i = 0; i < absence_spec.fields_n; i++)
        if (req->form->states[i].typed)
            form_prefill(f, absence_spec.fields[i].name, req->form->states[i].typed);
    form_prefill(f, "visits", arena_printf(req->arena, "%zu", visits));
    form_prefill(f, "due", arena_printf(req->arena, "%lld", (long long)due));
    f->is_hidden = true;
    return f;
}

static void preview_render(struct request *req, const struct db_unit *u)
{
    const struct absence_form *in = req->input;
    const struct sql_absence_preview_row *visits;
    const struct sql_absence_purses_row *purses;
    const struct sql_absence_waiting_row *waiting;
    struct sql_absence_check_row check;
    sql_absence_check_one(u, req->first_step, &check);
    if (!days_fit(req, check.today)) {
        request_next(req, NULL, absence_new_render);
        return;
    }
    size_t visits_n = sql_absence_preview_rows(u, req->first_step + 1, &visits);
    size_t purses_n = sql_absence_purses_rows(u, req->first_step + 2, &purses);
    size_t waiting_n = sql_absence_waiting_rows(u, req->first_step + 3, &waiting);
    int64_t due = 0, released = 0;
    for (size_t i = 0; i < visits_n; i++) {
        due += visits[i].due;
        released += visits[i].released;
    }
    request_page(req, 200, "Check before you send it", tmpl_payments_away_check, .check = &check, .visits = visits, .visits_n = visits_n, .purses = purses,
                 .purses_n = purses_n, .waiting = waiting, .waiting_n = waiting_n, .from_on = in->from_on, .to_on = in->to_on, .reason = in->reason,
                 .words = in->words, .due = due, .released = released, .f = sure_form(req, visits_n, due), .base = req->base, .said = req->state,
                 .acting = acting_for(req), .kept = req->http->method == HTTP_GET ? request_arg(req, "kept") : NULL,
                 .how_many = arena_printf(req->arena, "%zu", visits_n));
}

void absence_start_plan(struct request *req, struct db_unit *u)
{
    const struct absence_form *in = req->input;
    const char *request = FACTS(req->arena, {"from", civil_iso(req->arena, in->from_on)}, {"to", civil_iso(req->arena, in->to_on)}, {"reason", in->reason},
                                {"words", in->words}, {"visits", arena_printf(req->arena, "%lld", (long long)in->visits)},
                                {"due", arena_printf(req->arena, "%lld", (long long)in->due)});
    sql_absence_start_add(u, &(struct sql_absence_start_params){.key = req->key, .request = request});
}

void absence_start_render(struct request *req, const struct db_unit *u)
{
    struct sql_absence_start_row row;
    sql_absence_start_one(u, req->first_step, &row);
    bool is_changed = strcmp(row.outcome, "changed") == 0;
    if (is_changed || strcmp(row.outcome, "overlaps") == 0 || strcmp(row.outcome, "bad_dates") == 0) {
        req->state = is_changed ? arena_strdup(req->arena, changed_words) : NULL;
        request_next(req, preview_plan, preview_render);
    } else if (!order_is_refused(req, row.outcome, "away")) {
        request_see_other(req, "%s/away/%s/said", req->base, row.ref);
    }
}

/* ---- one time away ---- */

void absence_show_plan(struct request *req, struct db_unit *u)
{
    const char *ref = request_arg(req, "absence");
    sql_absence_show_add(u, &(struct sql_absence_show_params){.ref = ref});
    sql_absence_visits_add(u, &(struct sql_absence_visits_params){.ref = ref});
}

static bool find_absence(struct request *req, const struct db_unit *u, struct sql_absence_show_row *ret)
{
    if (sql_absence_show_one(u, req->first_step, ret))
        return true;
    request_problem(req, ERR_NOT_FOUND);
    return false;
}

void absence_said_render(struct request *req, const struct db_unit *u)
{
    const struct sql_absence_visits_row *visits;
    struct sql_absence_show_row absence;
    if (!find_absence(req, u, &absence))
        return;
    size_t n = sql_absence_visits_rows(u, req->first_step + 1, &visits);
    int64_t due = 0, released = 0;
    for (size_t i = 0; i < n; i++) {
        due += visits[i].due;
        released += visits[i].released;
    }
    request_page(req, 200, "Everything has stopped", tmpl_payments_away_said, .absence = &absence, .visits_n = (int64_t)n, .due = due, .released = released,
                 .base = req->base);
}

void absence_show_render(struct request *req, const struct db_unit *u)
{
    const struct done_query *q = req->input;
    const struct sql_absence_visits_row *visits;
    struct sql_absence_show_row absence;
    if (!find_absence(req, u, &absence) || request_rows(req, u, req->first_step + 1, arena_printf(req->arena, "away-%s", absence.ref)))
        return;
    size_t n = sql_absence_visits_rows(u, req->first_step + 1, &visits);
    bool is_back = q && q->done && absence.back_on != CIVIL_NONE; /* anybody can write an address: it is told only where it is so */
    request_page(req, 200, arena_printf(req->arena, "Away %s", absence.away), tmpl_payments_away_one, .absence = &absence, .visits = visits, .visits_n = n,
                 .base = req->base, .acting = acting_for(req), .said = is_back ? done_choices[0].label : NULL, .is_open = strcmp(absence.state, "open") == 0);
}

/* ---- being back ---- */

void absence_back_form_plan(struct request *req, struct db_unit *u)
{
    const struct back_form *in = req->input;
    const char *ref = request_arg(req, "absence");
    sql_absence_show_add(u, &(struct sql_absence_show_params){.ref = ref});
    sql_absence_back_preview_add(u, &(struct sql_absence_back_preview_params){.ref = ref, .from_on = in->from_on});
}

static bool day_fits(struct request *req, const struct sql_absence_show_row *absence, int32_t day)
{
    if (day >= absence->first_back && (absence->ends_on == CIVIL_NONE || day <= absence->ends_on))
        return true;
    if (absence->ends_on == CIVIL_NONE)
        form_error(req->form, "from_on", "Choose a day from %s on", civil_text(req->arena, absence->first_back));
    else
        form_error(req->form, "from_on", "Choose a day from %s to %s", civil_text(req->arena, absence->first_back), civil_text(req->arena, absence->ends_on));
    return false;
}

void absence_back_form_render(struct request *req, const struct db_unit *u)
{
    const struct back_form *in = req->input;
    const struct sql_absence_back_preview_row *visits;
    struct sql_absence_show_row absence;
    if (!find_absence(req, u, &absence))
        return;
    if (strcmp(absence.state, "open") != 0) {
        request_see_other(req, "%s/away/%s", req->base, absence.ref);
        return;
    }
    size_t n = sql_absence_back_preview_rows(u, req->first_step + 1, &visits), on = 0;
    int32_t day = in->from_on != CIVIL_NONE && form_is_valid(req->form) ? in->from_on : absence.first_back;
    int64_t again = 0;
    for (size_t i = 0; i < n; i++) {
        on += strcmp(visits[i].answer, "planned") == 0;
        again += visits[i].again;
    }
    bool fits = form_is_valid(req->form) && day_fits(req, &absence, day);
    struct form *ask = request_filter(req, &absence_day_spec), *sure = request_form(req, &absence_back_spec);
    const char *day_typed = civil_text(req->arena, day);
    form_prefill(ask, "from_on", day_typed);
    form_prefill(sure, "from_on", day_typed);
    form_prefill(sure, "visits", arena_printf(req->arena, "%zu", on));
    sure->is_hidden = true;
    const char *title = !absence.is_now ? "Take it back?" : acting_for(req) ? arena_printf(req->arena, "Is %s back?", acting_for(req)) : "Are you back?";
    request_page(req, 200, title, tmpl_payments_away_back, .absence = &absence, .visits = visits, .visits_n = n,
                 .ask = fits ? ask : req->form, .f = sure, .title = title, .fits = fits, .day = day, .is_undo = !absence.is_now && day == absence.starts_on, .again = again,
                 .on = (int64_t)on, .off = (int64_t)(n - on), .base = req->base, .said = req->state);
}

void absence_back_plan(struct request *req, struct db_unit *u)
{
    const struct back_form *in = req->input;
    const char *request = FACTS(req->arena, {"absence", request_arg(req, "absence")}, {"from", civil_iso(req->arena, in->from_on)},
                                {"visits", arena_printf(req->arena, "%lld", (long long)in->visits)});
    sql_absence_back_add(u, &(struct sql_absence_back_params){.key = req->key, .request = request});
}

void absence_back_render(struct request *req, const struct db_unit *u)
{
    struct sql_absence_back_row row;
    sql_absence_back_one(u, req->first_step, &row);
    bool is_changed = strcmp(row.outcome, "changed") == 0;
    if (is_changed || strcmp(row.outcome, "bad_dates") == 0 || strcmp(row.outcome, "state") == 0) {
        req->state = is_changed ? arena_strdup(req->arena, changed_words) : NULL;
        request_next(req, absence_back_form_plan, absence_back_form_render);
    } else if (!order_is_refused(req, row.outcome, "back")) {
        request_see_other(req, "%s/away/%s?done=back", req->base, row.ref);
    }
}
