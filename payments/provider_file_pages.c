/* Invoices as files: stored at once, read by jobs in the jail, answered in words. The API does the same in JSON. */
#include <string.h>

#include "payments/provider_pages.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

enum { FILES_MAX = 20, NAME_MAX_BYTES = 100 };

struct upload_form {
    struct form_file file;
};
static const struct form_field upload_fields[] = {
    FIELD(struct upload_form, file, .kind = FORM_FILE, .many = true, .label = "Invoice files", .hint = "XML or CSV, up to 20 files and 10 MB together",
          .missing = "Choose at least one file", .invalid = "Each file must be smaller than 10 MB"),
};
const struct form_spec provider_upload_spec = FORM_SPEC(struct upload_form, upload_fields);

void provider_upload_form_render(struct request *req, const struct db_unit *u)
{
    (void)u;
    request_page(req, 200, "Send invoices", tmpl_payments_provider_upload, .f = request_form_again(req, &provider_upload_spec));
}

static size_t count_files(const struct form_file *file)
{
    size_t n = 0;
    for (; file; file = file->next)
        n++;
    return n;
}

void provider_upload_plan(struct request *req, struct db_unit *u)
{
    const struct upload_form *in = req->input;
    if (count_files(&in->file) > FILES_MAX) {
        request_problem_text(req, ERR_TOO_LARGE, "Send at most %d files at once.", FILES_MAX);
        return;
    }
    int32_t place = 0;
    for (const struct form_file *file = &in->file; file; file = file->next, place++)
        sql_file_store_add(u, &(struct sql_file_store_params){.key = req->key, .place = place, .kind = "invoice", .name = file->name, .bytes = file->bytes});
}

void provider_upload_render(struct request *req, const struct db_unit *u)
{
    const struct upload_form *in = req->input;
    struct sql_file_store_row row;
    sql_file_store_one(u, req->first_step, &row);
    if (count_files(&in->file) == 1)
        request_see_other(req, "/provider/files/%s", row.ref);
    else
        request_see_other(req, "/provider/invoices");
}

/* ---- one file ---- */

void provider_file_plan(struct request *req, struct db_unit *u)
{
    const char *ref = request_arg(req, "file");
    sql_provider_file_add(u, &(struct sql_provider_file_params){.ref = ref});
    sql_provider_file_findings_add(u, &(struct sql_provider_file_findings_params){.ref = ref});
}

static bool is_waiting(const struct sql_provider_file_row *file)
{
    return strcmp(file->state, "waiting") == 0 || strcmp(file->state, "reading") == 0;
}

void provider_file_render(struct request *req, const struct db_unit *u)
{
    struct sql_provider_file_row file;
    const struct sql_provider_file_findings_row *findings;
    if (!sql_provider_file_one(u, req->first_step, &file)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    if (request_rows(req, u, req->first_step + 1, "findings"))
        return;
    size_t n = sql_provider_file_findings_rows(u, req->first_step + 1, &findings);
    if (is_waiting(&file))
        http_add_header(req->http, "Refresh", "2");
    request_page(req, 200, arena_printf(req->arena, "%s %s", is_waiting(&file) ? "Being checked:" : "Checked:", file.name), tmpl_payments_provider_file,
                 .file = &file, .findings = findings, .findings_n = n, .is_waiting = is_waiting(&file));
}

void invoice_file_plan(struct request *req, struct db_unit *u)
{
    sql_invoice_file_add(u, &(struct sql_invoice_file_params){.ref = request_arg(req, "invoice")});
}

void invoice_file_render(struct request *req, const struct db_unit *u)
{
    struct sql_invoice_file_row file;
    if (sql_invoice_file_one(u, req->first_step, &file))
        request_download(req, file.name, "application/octet-stream", file.bytes);
    else
        request_problem(req, ERR_NOT_FOUND);
}

/* ---- the API ---- */

/* What the sender calls the document, in the Slug header (RFC 5023, 9.7). */
static const char *document_name(struct request *req)
{
    struct str name = http_field(req->http, "slug");
    return name.n && name.n <= NAME_MAX_BYTES ? str_dup(req->arena, name) : "invoice.xml";
}

void provider_api_send_plan(struct request *req, struct db_unit *u)
{
    if (!req->http->body.n) {
        request_problem_text(req, ERR_BAD_REQUEST, "The body must be one UBL 2.1 or CII document.");
        return;
    }
    sql_file_store_add(u, &(struct sql_file_store_params){
                              .key = req->key, .place = 0, .kind = "invoice", .name = document_name(req), .bytes = req->http->body});
}

void provider_api_send_render(struct request *req, const struct db_unit *u)
{
    struct sql_file_store_row row;
    sql_file_store_one(u, req->first_step, &row);
    const char *place = arena_printf(req->arena, "/api/v1/files/%s", row.ref);
    http_add_header(req->http, "Location", place);
    http_add_header(req->http, "Retry-After", "2");
    request_json(req, 202, str_of(arena_printf(req->arena, "{\"ref\":\"%s\",\"location\":\"%s\",\"replayed\":%s}", row.ref, place, row.replayed ? "true" : "false")));
}

void provider_api_file_plan(struct request *req, struct db_unit *u)
{
    sql_provider_file_add(u, &(struct sql_provider_file_params){.ref = request_arg(req, "file")});
}

void provider_api_file_render(struct request *req, const struct db_unit *u)
{
    struct sql_provider_file_row file;
    if (!sql_provider_file_one(u, req->first_step, &file)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    if (is_waiting(&file))
        http_add_header(req->http, "Retry-After", "2");
    request_json(req, 200, str_of(file.answer));
}
