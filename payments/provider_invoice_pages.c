/* The provider's invoices: the list, and one as it prints. */
#include <string.h>

#include "payments/order_pages.h"
#include "payments/provider_pages.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

void provider_invoices_plan(struct request *req, struct db_unit *u)
{
    sql_provider_invoices_add(u, &(struct sql_provider_invoices_params){.page = req->page});
    sql_provider_files_add(u, NULL);
    sql_provider_about_add(u, NULL);
}

void provider_invoices_render(struct request *req, const struct db_unit *u)
{
    const struct sql_provider_invoices_row *invoices;
    const struct sql_provider_files_row *files;
    struct sql_provider_about_row about;
    if (request_rows(req, u, req->first_step, "invoices"))
        return;
    size_t n = sql_provider_invoices_rows(u, req->first_step, &invoices);
    size_t files_n = sql_provider_files_rows(u, req->first_step + 1, &files);
    sql_provider_about_one(u, req->first_step + 2, &about);
    request_page(req, 200, "Invoices", tmpl_payments_provider_invoices, .invoices = invoices, .invoices_n = n, .files = files, .files_n = files_n,
                 .is_micro = strcmp(about.kind, "micro") == 0, .prev = request_prev_page(req), .next = request_next_page(req, u, req->first_step));
}

void provider_invoice_plan(struct request *req, struct db_unit *u)
{
    const char *ref = request_arg(req, "invoice");
    sql_provider_invoice_add(u, &(struct sql_provider_invoice_params){.ref = ref});
    sql_invoice_lines_add(u, &(struct sql_invoice_lines_params){.ref = ref});
    sql_invoice_checks_add(u, &(struct sql_invoice_checks_params){.ref = ref});
    sql_invoice_questions_add(u, &(struct sql_invoice_questions_params){.ref = ref});
}

void provider_invoice_render(struct request *req, const struct db_unit *u)
{
    struct sql_provider_invoice_row invoice;
    const struct sql_invoice_lines_row *lines;
    const struct sql_invoice_checks_row *checks;
    const struct sql_invoice_questions_row *questions;
    int step = req->first_step;
    if (!sql_provider_invoice_one(u, step, &invoice)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    if (request_rows(req, u, step + 1, arena_printf(req->arena, "invoice-%s", invoice.number)))
        return;
    size_t lines_n = sql_invoice_lines_rows(u, step + 1, &lines);
    size_t checks_n = sql_invoice_checks_rows(u, step + 2, &checks);
    size_t questions_n = sql_invoice_questions_rows(u, step + 3, &questions);
    request_page(req, 200, arena_printf(req->arena, "Invoice %s", invoice.number), tmpl_payments_provider_invoice, .i = &invoice, .lines = lines,
                 .lines_n = lines_n, .checks = checks, .checks_n = checks_n, .questions = questions, .questions_n = questions_n,
                 .council = req->who.council_name, .has_checks = checks_n > 0);
}
