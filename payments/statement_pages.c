#include "payments/statement_pages.h"

#include <string.h>

#include "payments/council_pages.h"
#include "payments/facts.h"
#include "payments/order_pages.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

struct statement_send {
    struct form_file file;
    const char *account;
};
static const struct form_field send_fields[] = {
    FIELD(struct statement_send, file, .kind = FORM_FILE, .label = "Send a file from the bank",
          .hint = "A statement (camt.053, MT940 or CSV) or the answer to a payment file (pain.002), up to 10 MB. Sending one twice does no harm.",
          .missing = "Choose the bank’s file"),
    FIELD(struct statement_send, account, .kind = FORM_SELECT, .optional = true, .label = "Which account is it from?",
          .hint = "Choose one only if the file does not say: some banks’ CSV files do not."),
};
const struct form_spec statement_send_spec = FORM_SPEC(struct statement_send, send_fields);

struct statement_note {
    const char *note;
};
static const struct form_field note_fields[] = {
    FIELD(struct statement_note, note, .kind = FORM_TEXTAREA, .max = 500, .label = "Why?", .missing = "Say why"),
};
const struct form_spec statement_note_spec = FORM_SPEC(struct statement_note, note_fields);

/* ---- the list, and whether the books and the bank agree ---- */

void statement_list_plan(struct request *req, struct db_unit *u)
{
    sql_statements_list_add(u, &(struct sql_statements_list_params){.page = req->page});
    sql_bank_daily_check_add(u, NULL);
    sql_matching_now_add(u, NULL);
    sql_bank_account_choices_add(u, NULL);
}

static bool is_matching(const struct db_unit *u, int step)
{
    struct sql_matching_now_row row;
    return sql_matching_now_one(u, step, &row) && row.is_matching;
}

static struct form *send_form(struct request *req, const struct db_unit *u, int step)
{
    struct form *f = request_form_again(req, &statement_send_spec);
    form_set_choices(f, "account", bank_choices(req, u, step, "The file says"));
    return f;
}

void statement_list_render(struct request *req, const struct db_unit *u)
{
    const struct sql_statements_list_row *rows;
    const struct sql_bank_daily_check_row *accounts;
    if (request_rows(req, u, req->first_step, "statements"))
        return;
    size_t n = sql_statements_list_rows(u, req->first_step, &rows);
    size_t accounts_n = sql_bank_daily_check_rows(u, req->first_step + 1, &accounts);
    request_page(req, 200, "Bank statements", tmpl_payments_council_statements, .statements = rows, .statements_n = n, .accounts = accounts,
                 .accounts_n = accounts_n, .f = send_form(req, u, req->first_step + 3), .again = request_form(req, &order_button_spec),
                 .may_act = req->who.hat == HAT_FINANCE, .is_matching = is_matching(u, req->first_step + 2), .prev = request_prev_page(req), .next = request_next_page(req, u, req->first_step));
}

void statements_match_plan(struct request *req, struct db_unit *u)
{
    sql_reconcile_add(u, &(struct sql_reconcile_params){.key = req->key, .request = "{}"});
}

void statements_match_render(struct request *req, const struct db_unit *u)
{
    (void)u;
    request_see_other(req, "/council/statements");
}

void open_entries_plan(struct request *req, struct db_unit *u)
{
    sql_unmatched_entries_add(u, &(struct sql_unmatched_entries_params){.page = req->page});
}

void open_entries_render(struct request *req, const struct db_unit *u)
{
    const struct sql_unmatched_entries_row *rows;
    if (request_rows(req, u, req->first_step, "open-bank-lines"))
        return;
    size_t n = sql_unmatched_entries_rows(u, req->first_step, &rows);
    request_page(req, 200, "Bank lines not explained yet", tmpl_payments_council_open_entries, .entries = rows, .entries_n = n,
                 .prev = request_prev_page(req), .next = request_next_page(req, u, req->first_step));
}

/* ---- what lies between the books and the bank ---- */

void bank_differences_plan(struct request *req, struct db_unit *u)
{
    sql_bank_differences_add(u, &(struct sql_bank_differences_params){.page = req->page});
    sql_bank_daily_check_add(u, NULL);
}

void bank_differences_render(struct request *req, const struct db_unit *u)
{
    const struct sql_bank_differences_row *rows;
    const struct sql_bank_daily_check_row *accounts;
    if (request_rows(req, u, req->first_step, "books-and-bank"))
        return;
    size_t n = sql_bank_differences_rows(u, req->first_step, &rows), accounts_n = sql_bank_daily_check_rows(u, req->first_step + 1, &accounts);
    request_page(req, 200, "Books and bank, line by line", tmpl_payments_council_differences, .lines = rows, .lines_n = n, .accounts = accounts, .accounts_n = accounts_n,
                 .prev = request_prev_page(req), .next = request_next_page(req, u, req->first_step));
}

/* ---- sending one ---- */

void statement_send_plan(struct request *req, struct db_unit *u)
{
    const struct statement_send *in = req->input;
    sql_statement_send_add(u, &(struct sql_statement_send_params){.key = req->key, .name = in->file.name, .bytes = in->file.bytes,
                                                                   .account = text_is_empty(in->account) ? NULL : in->account});
}

void statement_send_render(struct request *req, const struct db_unit *u)
{
    struct sql_statement_send_row row;
    sql_statement_send_one(u, req->first_step, &row);
    request_see_other(req, "/council/statements/files/%s", row.ref);
}

void statement_file_plan(struct request *req, struct db_unit *u)
{
    const char *ref = request_arg(req, "file");
    sql_statement_file_add(u, &(struct sql_statement_file_params){.ref = ref});
    sql_statement_file_parts_add(u, &(struct sql_statement_file_parts_params){.ref = ref});
}

void statement_file_render(struct request *req, const struct db_unit *u)
{
    struct sql_statement_file_row file;
    const struct sql_statement_file_parts_row *parts;
    if (!sql_statement_file_one(u, req->first_step, &file)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    if (request_rows(req, u, req->first_step + 1, "statement-file"))
        return;
    size_t n = sql_statement_file_parts_rows(u, req->first_step + 1, &parts);
    bool is_read = strcmp(file.state, "done") == 0, is_refused = strcmp(file.state, "refused") == 0;
    bool is_answer = is_read && file.outcome && (strcmp(file.outcome, "answered") == 0 || strcmp(file.outcome, "unknown_file") == 0);
    const char *title = is_answer ? "The bank’s answer was read" : is_read ? "The statement was read" : is_refused ? "The file could not be read" : "The file is being read";
    request_page(req, 200, title, tmpl_payments_council_statement_file, .file = &file, .parts = parts, .parts_n = n, .title = title, .is_read = is_read,
                 .is_refused = is_refused, .here = arena_printf(req->arena, "/council/statements/files/%s", request_arg(req, "file")));
}

/* ---- one statement ---- */

static void plan_file(struct request *req, struct db_unit *u)
{
    sql_statement_entries_add(u, &(struct sql_statement_entries_params){.ref = request_arg(req, "statement"), .page = 1, .after = request_place(req)});
}

static int64_t entry_id(const void *row)
{
    return ((const struct sql_statement_entries_row *)row)->id;
}

void statement_show_plan(struct request *req, struct db_unit *u)
{
    const char *ref = request_arg(req, "statement");
    sql_statement_show_add(u, &(struct sql_statement_show_params){.ref = ref});
    if (request_wants_file(req)) {
        plan_file(req, u);
        return;
    }
    sql_statement_entries_add(u, &(struct sql_statement_entries_params){.ref = ref, .page = req->page, .after_null = true});
    sql_entry_explanations_add(u, &(struct sql_entry_explanations_params){.statement = ref, .page = req->page});
    sql_matching_now_add(u, NULL);
}

void statement_show_render(struct request *req, const struct db_unit *u)
{
    struct sql_statement_show_row statement;
    const struct sql_statement_entries_row *entries;
    const struct sql_entry_explanations_row *explanations;
    if (!sql_statement_show_one(u, req->first_step, &statement)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    const char *file_name = arena_printf(req->arena, "statement-%s", statement.ref);
    if (request_wants_file(req)) {
        request_parts(req, u, req->first_step + 1, file_name, plan_file, entry_id);
        return;
    }
    if (request_rows(req, u, req->first_step + 1, file_name))
        return;
    size_t entries_n = sql_statement_entries_rows(u, req->first_step + 1, &entries);
    size_t explanations_n = sql_entry_explanations_rows(u, req->first_step + 2, &explanations);
    request_page(req, 200, arena_printf(req->arena, "Statement %s", statement.ref), tmpl_payments_council_statement, .statement = &statement, .entries = entries,
                 .entries_n = entries_n, .explanations = explanations, .explanations_n = explanations_n, .act = request_form(req, &order_button_spec),
                 .is_matching = is_matching(u, req->first_step + 3), .may_match = statement.may_act && strcmp(statement.state, "open") == 0,
                 .has_open = entries_n && entries[0].is_open, .prev = request_prev_page(req), .next = request_next_page(req, u, req->first_step + 1));
}

/* ---- decisions ---- */

void statement_note_render(struct request *req, const struct db_unit *u)
{
    struct sql_statement_show_row statement;
    if (!sql_statement_show_one(u, req->first_step, &statement)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    request_page(req, 200, "Use this statement?", tmpl_payments_council_statement_accept, .statement = &statement, .f = request_form_again(req, &statement_note_spec));
}

void statement_accept_plan(struct request *req, struct db_unit *u)
{
    const struct statement_note *in = req->input;
    const char *request = FACTS(req->arena, {"statement", request_arg(req, "statement")}, {"note", in->note});
    sql_statement_accept_add(u, &(struct sql_statement_accept_params){.key = req->key, .request = request});
}

void statement_accept_render(struct request *req, const struct db_unit *u)
{
    struct sql_statement_accept_row row;
    sql_statement_accept_one(u, req->first_step, &row);
    if (council_did(req, row.outcome, "accepted", "This statement is not held any more."))
        request_see_other(req, "/council/statements/%s", request_arg(req, "statement"));
}

/* how: the member of the request that says where the line belongs. */
static void plan_match(struct request *req, struct db_unit *u, const char *how, const char *where, const char *note)
{
    const char *request = FACTS(req->arena, {"entry", request_arg(req, "entry")}, {how, where}, {"note", note});
    sql_entry_match_add(u, &(struct sql_entry_match_params){.key = req->key, .request = request});
}

void entry_match_plan(struct request *req, struct db_unit *u)
{
    plan_match(req, u, "explanation", request_arg(req, "explanation"), "Chosen from the nearest explanations.");
}

void entry_aside_form_plan(struct request *req, struct db_unit *u)
{
    sql_statement_entry_add(u, &(struct sql_statement_entry_params){.statement = request_arg(req, "statement"), .entry = request_arg(req, "entry")});
}

void entry_aside_render(struct request *req, const struct db_unit *u)
{
    struct sql_statement_entry_row entry;
    if (!sql_statement_entry_one(u, req->first_step, &entry)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    request_page(req, 200, "Put this bank line aside?", tmpl_payments_council_entry_aside, .entry = &entry, .statement = request_arg(req, "statement"),
                 .f = request_form_again(req, &statement_note_spec));
}

void entry_aside_plan(struct request *req, struct db_unit *u)
{
    const struct statement_note *in = req->input;
    plan_match(req, u, "item", "suspense:", in->note);
}

void entry_match_done_render(struct request *req, const struct db_unit *u)
{
    struct sql_entry_match_row row;
    sql_entry_match_one(u, req->first_step, &row);
    if (council_did(req, row.outcome, "matched", "This line does not fit any more: it was placed already, or the payment is settled by another line."))
        request_see_other(req, "/council/statements/%s", request_arg(req, "statement"));
}
