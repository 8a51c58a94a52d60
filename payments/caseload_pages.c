#include "payments/caseload_pages.h"

#include "sql/payments.h"
#include "tmpl/payments.h"

struct caseload_query {
    const char *kind;
};
static const struct form_choice kind_choices[] = {{"", "Everything", NULL},
                                                  {"nobody", "Nobody came", NULL},
                                                  {"visits", "Visits that went wrong", NULL},
                                                  {"request", "Requests without an answer", NULL},
                                                  {"money", "Money that runs out", NULL},
                                                  {"budget", "Budgets that end", NULL},
                                                  {"mandate", "Mandates that end", NULL},
                                                  {"away", "Away", NULL},
                                                  {NULL, NULL, NULL}};
static const struct form_field caseload_fields[] = {
    FIELD(struct caseload_query, kind, .kind = FORM_SELECT, .optional = true, .label = "Show", .choices = kind_choices),
};
const struct form_spec caseload_spec = FORM_SPEC(struct caseload_query, caseload_fields);

enum { STEP_FOUND, STEP_PEOPLE };

static const char *kind_of(const struct request *req)
{
    const struct caseload_query *q = req->input;
    return text_is_empty(q->kind) ? NULL : q->kind;
}

void caseload_plan(struct request *req, struct db_unit *u)
{
    sql_caseload_add(u, &(struct sql_caseload_params){.kind = kind_of(req), .page = req->page});
    sql_caseload_people_add(u, NULL);
}

void caseload_render(struct request *req, const struct db_unit *u)
{
    const struct sql_caseload_row *found;
    struct sql_caseload_people_row all;
    if (request_rows(req, u, req->first_step + STEP_FOUND, "needs-you"))
        return;
    size_t n = sql_caseload_rows(u, req->first_step + STEP_FOUND, &found);
    sql_caseload_people_one(u, req->first_step + STEP_PEOPLE, &all);
    const char *kind = kind_of(req);
    /* How many need something is said of all kinds together: rows of one kind do not tell. */
    int32_t needing = n ? found->people : 0;
    request_page(req, 200, "What needs you today", tmpl_payments_caseload, .found = found, .found_n = n, .f = req->form, .kind = kind ? kind : "", .all = all.people,
                 .needing = kind ? 0 : needing, .others = kind ? 0 : all.people - needing,
                 .prev = request_prev_page(req), .next = request_next_page(req, u, req->first_step + STEP_FOUND));
}
