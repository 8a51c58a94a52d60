#include "payments/audit_pages.h"

#include <string.h>

#include "daemon/base/civil.h"
#include "payments/council_pages.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

/* ---- the log by words and days ---- */

void audit_search_plan(struct request *req, struct db_unit *u)
{
    struct list_query q = list_query_of(req);
    if (q.from_on != CIVIL_NONE && q.to_on != CIVIL_NONE && q.from_on > q.to_on)
        form_error(req->form, "from_on", "The first day must come before the last day");
    int64_t before = request_place(req);
    sql_audit_search_add(u, &(struct sql_audit_search_params){.q = q.q, .from_on = q.from_on, .to_on = q.to_on, .page = request_wants_file(req) ? 1 : req->page,
                                                              .before = before, .before_null = !before});
    if (!before)
        sql_person_find_add(u, &(struct sql_person_find_params){.q = q.q});
}

static int64_t event_id(const void *row)
{
    return ((const struct sql_audit_search_row *)row)->id;
}

void audit_search_render(struct request *req, const struct db_unit *u)
{
    const struct sql_audit_search_row *events;
    const struct sql_person_find_row *people;
    struct list_query q = list_query_of(req);
    if (request_wants_file(req)) {
        request_parts(req, u, req->first_step, "audit", audit_search_plan, event_id);
        return;
    }
    if (request_rows(req, u, req->first_step, "audit"))
        return;
    size_t events_n = sql_audit_search_rows(u, req->first_step, &events);
    size_t people_n = sql_person_find_rows(u, req->first_step + 1, &people);
    const char *from = q.from_on == CIVIL_NONE ? "" : civil_text(req->arena, q.from_on), *to = q.to_on == CIVIL_NONE ? "" : civil_text(req->arena, q.to_on);
    request_page(req, 200, "Audit", tmpl_payments_council_audit, .events = events, .events_n = events_n, .people = people, .people_n = people_n, .q = q.q,
                 .from = from, .to = to, .f = req->form, .prev = request_prev_page(req), .next = request_next_page(req, u, req->first_step));
}

/* ---- one person ---- */

void audit_person_plan(struct request *req, struct db_unit *u)
{
    const char *person = request_arg(req, "person");
    sql_person_look_add(u, &(struct sql_person_look_params){.person = person});
    sql_audit_person_add(u, &(struct sql_audit_person_params){.person = person, .page = req->page});
}

void audit_person_render(struct request *req, const struct db_unit *u)
{
    struct sql_person_look_row person;
    const struct sql_audit_person_row *acts;
    sql_person_look_one(u, req->first_step, &person);
    if (request_rows(req, u, req->first_step + 1, arena_printf(req->arena, "audit-%s", person.ref)))
        return;
    size_t n = sql_audit_person_rows(u, req->first_step + 1, &acts);
    request_page(req, 200, arena_printf(req->arena, "Audit report of %s", person.name), tmpl_payments_council_audit_person, .person = &person, .acts = acts,
                 .acts_n = n, .prev = request_prev_page(req), .next = request_next_page(req, u, req->first_step + 1));
}

void audit_pound_plan(struct request *req, struct db_unit *u)
{
    const char *person = request_arg(req, "person");
    sql_person_look_add(u, &(struct sql_person_look_params){.person = person});
    sql_pound_trail_add(u, &(struct sql_pound_trail_params){.person = person});
}

void audit_pound_render(struct request *req, const struct db_unit *u)
{
    struct sql_person_look_row person;
    const struct sql_pound_trail_row *steps;
    sql_person_look_one(u, req->first_step, &person);
    if (request_rows(req, u, req->first_step + 1, arena_printf(req->arena, "pound-%s", person.ref)))
        return;
    size_t n = sql_pound_trail_rows(u, req->first_step + 1, &steps);
    request_page(req, 200, arena_printf(req->arena, "Follow the pound of %s", person.name), tmpl_payments_council_audit_pound, .person = &person, .steps = steps,
                 .steps_n = n);
}

/* ---- the proof of the log ---- */

static void plan_log(struct db_unit *u, bool is_now)
{
    sql_audit_findings_add(u, &(struct sql_audit_findings_params){.is_now = is_now});
    sql_audit_seals_add(u, NULL);
    sql_log_state_add(u, NULL);
}

static void render_log(struct request *req, const struct db_unit *u, bool is_now)
{
    const struct sql_audit_findings_row *findings;
    const struct sql_audit_seals_row *seals;
    struct sql_log_state_row state;
    if (request_rows(req, u, req->first_step + 1, "audit-log"))
        return;
    size_t findings_n = sql_audit_findings_rows(u, req->first_step, &findings);
    size_t seals_n = sql_audit_seals_rows(u, req->first_step + 1, &seals);
    sql_log_state_one(u, req->first_step + 2, &state);
    request_page(req, 200, is_now ? "The log, checked now" : "Verify the log", tmpl_payments_council_audit_log, .is_now = is_now, .state = &state, .findings = findings, .findings_n = findings_n,
                 .seals = seals, .seals_n = seals_n, .head = seals_n ? seals[0].sha256 : NULL, .waiting = seals_n ? seals[0].waiting : 0,
                 .council = req->who.council_name);
}

void audit_log_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    plan_log(u, false);
}

void audit_log_render(struct request *req, const struct db_unit *u)
{
    render_log(req, u, false);
}

void audit_now_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    plan_log(u, true);
}

void audit_now_render(struct request *req, const struct db_unit *u)
{
    render_log(req, u, true);
}

void audit_checks_plan(struct request *req, struct db_unit *u)
{
    sql_log_checks_add(u, &(struct sql_log_checks_params){.page = req->page});
}

void audit_checks_render(struct request *req, const struct db_unit *u)
{
    const struct sql_log_checks_row *rows;
    if (request_rows(req, u, req->first_step, "checks-of-the-log"))
        return;
    size_t n = sql_log_checks_rows(u, req->first_step, &rows);
    request_page(req, 200, "Checks of the log", tmpl_payments_council_audit_checks, .checks = rows, .checks_n = n,
                 .prev = request_prev_page(req), .next = request_next_page(req, u, req->first_step));
}
