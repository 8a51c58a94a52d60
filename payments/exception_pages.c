#include "payments/exception_pages.h"

#include <string.h>

#include "payments/council_pages.h"
#include "payments/facts.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

struct decision {
    const char *action, *note;
};
static const struct form_choice actions[] = {
    {"accept", "Accept it as it is", "The invoice goes on; what it asks for is paid up to what the order still holds"},
    {"return", "Send it back to the provider", "They read your reason, correct the invoice and may keep its number"},
    {"dispute", "Dispute this line", "Only this line waits; everything else on the invoice is paid"},
    {"reject", "Reject it", "It will not be paid; the provider reads your reason"},
    {NULL, NULL, NULL},
};
static const struct form_field decision_fields[] = {
    FIELD(struct decision, action, .kind = FORM_RADIOS, .label = "What do you decide?", .missing = "Choose what to do", .choices = actions),
    FIELD(struct decision, note, .kind = FORM_TEXTAREA, .max = 500, .label = "Why?", .hint = "It is kept in the audit log’s record of this question",
          .missing = "Say why"),
};
const struct form_spec decision_spec = FORM_SPEC(struct decision, decision_fields);

static const struct form_choice endings[] = {
    {"accept", "The line is right", "It is judged again and paid"},
    {"reject", "The line is wrong", "It will not be paid"},
    {NULL, NULL, NULL},
};
static const struct form_field dispute_end_fields[] = {
    FIELD(struct decision, action, .kind = FORM_RADIOS, .label = "How does the dispute end?", .missing = "Choose how it ends", .choices = endings),
    FIELD(struct decision, note, .kind = FORM_TEXTAREA, .max = 500, .label = "Why?", .missing = "Say why"),
};
const struct form_spec dispute_end_spec = FORM_SPEC(struct decision, dispute_end_fields);

/* ---- the queue ---- */

void exception_list_plan(struct request *req, struct db_unit *u)
{
    struct list_query q = list_query_of(req);
    sql_exceptions_queue_add(u, &(struct sql_exceptions_queue_params){.reason = text_is_empty(q.state) ? NULL : q.state, .page = req->page});
}

void exception_list_render(struct request *req, const struct db_unit *u)
{
    const struct sql_exceptions_queue_row *rows;
    struct list_query q = list_query_of(req);
    if (request_rows(req, u, req->first_step, "exceptions"))
        return;
    size_t n = sql_exceptions_queue_rows(u, req->first_step, &rows);
    request_page(req, 200, "Questions about invoices", tmpl_payments_council_exceptions, .questions = rows, .questions_n = n, .reason = q.state ? q.state : "",
                 .prev = request_prev_page(req), .next = request_next_page(req, u, req->first_step));
}

/* ---- one invoice ---- */

void exception_invoice_plan(struct request *req, struct db_unit *u)
{
    const char *ref = request_arg(req, "invoice");
    sql_invoice_show_add(u, &(struct sql_invoice_show_params){.ref = ref});
    sql_invoice_lines_add(u, &(struct sql_invoice_lines_params){.ref = ref});
    sql_invoice_checks_add(u, &(struct sql_invoice_checks_params){.ref = ref});
    sql_invoice_questions_add(u, &(struct sql_invoice_questions_params){.ref = ref});
}

void exception_invoice_render(struct request *req, const struct db_unit *u)
{
    struct sql_invoice_show_row invoice;
    const struct sql_invoice_lines_row *lines;
    const struct sql_invoice_checks_row *checks;
    const struct sql_invoice_questions_row *questions;
    if (!sql_invoice_show_one(u, req->first_step, &invoice)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    if (request_rows(req, u, req->first_step + 2, "checks"))
        return;
    size_t lines_n = sql_invoice_lines_rows(u, req->first_step + 1, &lines);
    size_t checks_n = sql_invoice_checks_rows(u, req->first_step + 2, &checks);
    size_t questions_n = sql_invoice_questions_rows(u, req->first_step + 3, &questions);
    request_page(req, 200, arena_printf(req->arena, "Invoice %s from %s", invoice.number, invoice.provider), tmpl_payments_council_invoice, .invoice = &invoice,
                 .lines = lines, .lines_n = lines_n, .checks = checks, .checks_n = checks_n, .questions = questions, .questions_n = questions_n,
                 .may_decide = req->who.hat == HAT_FINANCE);
}

/* ---- one question ---- */

void question_plan(struct request *req, struct db_unit *u)
{
    sql_question_show_add(u, &(struct sql_question_show_params){.invoice = request_arg(req, "invoice"), .question = request_arg(req, "question")});
}

void question_render(struct request *req, const struct db_unit *u)
{
    struct sql_question_show_row question;
    if (!sql_question_show_one(u, req->first_step, &question)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    request_page(req, council_status(req), arena_printf(req->arena, "Decide about invoice %s", question.number), tmpl_payments_council_question, .question = &question,
                 .f = request_form_again(req, &decision_spec));
}

void question_decide_plan(struct request *req, struct db_unit *u)
{
    const struct decision *in = req->input;
    const char *request = FACTS(req->arena, {"exception", request_arg(req, "question")}, {"action", in->action}, {"note", in->note});
    sql_exception_resolve_add(u, &(struct sql_exception_resolve_params){.key = req->key, .request = request});
}

void question_decide_render(struct request *req, const struct db_unit *u)
{
    struct sql_exception_resolve_row row;
    sql_exception_resolve_one(u, req->first_step, &row);
    if (strncmp(row.outcome, "cannot", 6) == 0) {
        form_error(req->form, "action", "%s", row.sentence);
        request_next(req, question_plan, question_render);
    } else if (strcmp(row.outcome, "already_resolved") == 0)
        request_problem_text(req, ERR_CONFLICT, "Somebody else has decided this in the meantime.");
    else
        request_see_other(req, "/council/exceptions/%s", request_arg(req, "invoice"));
}

/* ---- the end of a dispute about a line ---- */

void dispute_plan(struct request *req, struct db_unit *u)
{
    const char *ref = request_arg(req, "invoice");
    sql_invoice_show_add(u, &(struct sql_invoice_show_params){.ref = ref});
    sql_invoice_lines_add(u, &(struct sql_invoice_lines_params){.ref = ref});
}

static const struct sql_invoice_lines_row *find_disputed(struct request *req, const struct db_unit *u)
{
    const struct sql_invoice_lines_row *lines;
    const char *wanted = request_arg(req, "line");
    size_t n = sql_invoice_lines_rows(u, req->first_step + 1, &lines);
    for (size_t i = 0; i < n; i++)
        if (strcmp(arena_printf(req->arena, "%d", lines[i].line), wanted) == 0 && strcmp(lines[i].state, "disputed") == 0)
            return &lines[i];
    return NULL;
}

void dispute_render(struct request *req, const struct db_unit *u)
{
    struct sql_invoice_show_row invoice;
    const struct sql_invoice_lines_row *line = find_disputed(req, u);
    if (!line || !sql_invoice_show_one(u, req->first_step, &invoice)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    request_page(req, 200, arena_printf(req->arena, "End the dispute about line %d of %s", line->line, invoice.number), tmpl_payments_council_dispute,
                 .invoice = &invoice, .line = line, .f = request_form_again(req, &dispute_end_spec));
}

void dispute_end_plan(struct request *req, struct db_unit *u)
{
    const struct decision *in = req->input;
    const char *request = FACTS(req->arena, {"invoice", request_arg(req, "invoice")}, {"line", request_arg(req, "line")}, {"action", in->action}, {"note", in->note});
    sql_dispute_end_add(u, &(struct sql_dispute_end_params){.key = req->key, .request = request});
}

void dispute_end_render(struct request *req, const struct db_unit *u)
{
    (void)u;
    request_see_other(req, "/council/exceptions/%s", request_arg(req, "invoice"));
}
