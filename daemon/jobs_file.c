#include "daemon/jobs_file.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/json.h"
#include "daemon/base/log.h"
#include "daemon/jail/jail.h"
#include "daemon/jobs_match.h"
#include "daemon/jobs_statement.h"
#include "daemon/jobs_unit.h"
#include "payments/bank/pain002.h"
#include "payments/invoice/invoice.h"
#include "sql/jobs.h"

/* libpq keeps the room that the longest result took: a file comes in pieces of this size. */
enum { PIECE_BYTES = 1 << 20 };

/* What reading a file and finishing it need to know of it. */
struct taken {
    const struct sql_outbox_claim_row *message;
    const struct sql_file_take_row *file;
    const char *ref;
    struct buf *bytes;
};

/* One kind of file: how it is read and applied. False is trouble of our own. */
struct file_kind {
    const char *name;
    bool (*read)(struct db_session *s, struct arena *a, const struct taken *t, struct err *e);
};

static const char *refusal(struct arena *a, const char *reason)
{
    struct buf b = {0};
    buf_adds(&b, "{\"error\":");
    json_write_text(&b, reason);
    buf_addc(&b, '}');
    const char *text = str_dup(a, buf_str(&b));
    buf_finish(&b);
    return text;
}

static struct db_unit *enter(struct arena *a, const struct taken *t)
{
    struct db_unit *u = db_unit_create(a);
    sql_jobs_enter_add(u, &(struct sql_jobs_enter_params){.council_id = t->message->council_id,
                                                          .organisation_id = t->file->organisation_id,
                                                          .organisation_id_null = t->file->organisation_id_null});
    return u;
}

static void add_finish(struct db_unit *u, const struct taken *t, const char *state, const char *report)
{
    sql_file_finish_add(u, &(struct sql_file_finish_params){.ref = t->ref, .state = state, .report = report, .outbox_id = t->message->id});
}

static bool run(struct db_session *s, struct db_unit *u, struct err *e)
{
    const char *why = db_session_run(s, u) == DB_DONE ? NULL : db_unit_result(u)->message;
    return db_unit_result(u)->outcome == DB_DONE || err_set(e, "%s", why ? why : "the database did not answer");
}

/* The bytes are needed no longer than the jail needs them. */
static enum jail_outcome note_read(const struct taken *t, enum jail_outcome outcome)
{
    buf_finish(t->bytes);
    log_event(LOG_INFO, "jobs.file", "ref=%s kind=%s read=%d", t->ref, t->file->kind, outcome == JAIL_READ);
    return outcome;
}

/* ---- invoices: the effect and the file's outcome commit together ---- */

static bool refuse_invoice(struct db_session *s, struct arena *a, const struct taken *t, const char *reason, struct err *e)
{
    struct db_unit *u = enter(a, t);
    add_finish(u, t, "refused", refusal(a, reason));
    return run(s, u, e);
}

static bool apply_invoice(struct db_session *s, struct arena *a, const struct taken *t, const char *request, struct err *e)
{
    struct db_unit *u = enter(a, t);
    sql_file_apply_invoice_add(u, &(struct sql_file_apply_invoice_params){.council_id = t->message->council_id, .ref = t->ref, .request = request});
    add_finish(u, t, "done", "{}");
    if (run(s, u, e))
        return true;
    const char *why = jobs_unit_refusal(u);
    return why && refuse_invoice(s, a, t, why, e);
}

static bool read_invoice(struct db_session *s, struct arena *a, const struct taken *t, struct err *e)
{
    struct buf out = {0};
    enum jail_outcome outcome = note_read(t, jail_run(invoice_read_json, buf_str(t->bytes), &jail_limits_document, &out, e));
    const char *request = outcome == JAIL_READ ? str_dup(a, buf_str(&out)) : NULL;
    buf_finish(&out);
    if (outcome == JAIL_FAILED)
        return false;
    return request ? apply_invoice(s, a, t, request, e) : refuse_invoice(s, a, t, e->text, e);
}

/* ---- files of a bank: staged, imported, matched, each in transactions of its own that may be done again ---- */

static bool refuse_statement(struct db_session *s, struct arena *a, const struct taken *t, const char *reason, struct err *e)
{
    struct db_unit *u = enter(a, t);
    sql_statement_unstage_add(u, &(struct sql_statement_unstage_params){.file = t->ref});
    add_finish(u, t, "refused", refusal(a, reason));
    return run(s, u, e);
}

/* It is done when its lines are matched; after an answer to a payment file the open lines are looked at anew, because a run may now fit. */
static bool match_statement(struct db_session *s, struct arena *a, const struct taken *t, struct err *e)
{
    size_t unmatched = 0;
    if (!jobs_match(s, t->message->council_id, &unmatched, e))
        return false;
    struct db_unit *u = enter(a, t);
    add_finish(u, t, "done", arena_printf(a, "{\"reconciled\":{\"unmatched\":%zu}}", unmatched));
    return run(s, u, e);
}

static bool import_statement(struct db_session *s, struct arena *a, const struct taken *t, struct jobs_statement *j, struct err *e)
{
    struct db_unit *u = enter(a, t);
    jobs_statement_import(j, u);
    bool ok = run(s, u, e);
    j->refusal = ok ? NULL : jobs_unit_refusal(u);
    return ok;
}

static bool read_statement(struct db_session *s, struct arena *a, const struct taken *t, struct err *e)
{
    struct jobs_statement j;
    jobs_statement_init(&j, s, a, t->message->council_id, t->ref);
    enum jail_outcome outcome = note_read(t, jail_run_to(bank_file_read_lines, buf_str(t->bytes), &jail_limits_statement, jobs_statement_take, &j, e));
    bool is_imported = outcome == JAIL_READ && jobs_statement_end(&j, e) && import_statement(s, a, t, &j, e);
    jobs_statement_finish(&j);
    if (is_imported)
        return match_statement(s, a, t, e);
    const char *why = outcome == JAIL_REFUSED ? e->text : j.refusal;
    return why && refuse_statement(s, a, t, why, e);
}

static const struct file_kind kinds[] = {{"invoice", read_invoice}, {"statement", read_statement}};

static const struct file_kind *find_kind(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

/* ---- taking them ---- */

static bool fetch_bytes(struct db_session *s, const struct taken *t, struct err *e)
{
    size_t size = (size_t)t->file->size;
    bool ok = true;
    buf_reserve(t->bytes, size);
    while (ok && t->bytes->n < size) {
        struct arena *a = arena_create(0);
        struct db_unit *u = enter(a, t);
        struct sql_file_bytes_row row;
        int step = sql_file_bytes_add(u, &(struct sql_file_bytes_params){.ref = t->ref, .after = (int)t->bytes->n, .most = PIECE_BYTES});
        ok = run(s, u, e) && (sql_file_bytes_one(u, step, &row) || err_set(e, "the file is gone")) && (row.bytes.n || err_set(e, "the file is shorter than it was"));
        if (ok)
            buf_add(t->bytes, row.bytes.p, row.bytes.n);
        arena_destroy(&a);
    }
    return ok;
}

static bool read_file(struct db_session *s, struct arena *a, const struct taken *t, struct err *e)
{
    const struct file_kind *kind = find_kind(t->file->kind);
    if (!kind)
        return err_set(e, "no reader for files of kind %s", t->file->kind);
    bool ok = fetch_bytes(s, t, e) && kind->read(s, a, t, e);
    buf_finish(t->bytes);
    return ok;
}

bool jobs_file_read(struct db_session *s, struct arena *a, const struct sql_outbox_claim_row *m, struct err *e)
{
    json_t *payload = json_read(a, str_of(m->payload), 4096, e);
    const char *ref = json_text(payload, "ref");
    struct db_unit *u = db_unit_create(a);
    struct sql_file_take_row file;
    if (!ref || m->council_id_null)
        return err_set(e, "the message names no file");
    sql_file_take_add(u, &(struct sql_file_take_params){.council_id = m->council_id, .ref = ref});
    if (db_session_run(s, u) != DB_DONE)
        return err_set(e, "the file could not be read from the database");
    struct db_unit *settled = db_unit_create(a);
    if (!sql_file_take_one(u, 0, &file)) {
        sql_outbox_settle_add(settled, &(struct sql_outbox_settle_params){.id = m->id});
        return db_session_run(s, settled) == DB_DONE || err_set(e, "the message could not be settled");
    }
    struct buf bytes = {0};
    return read_file(s, a, &(struct taken){.message = m, .file = &file, .ref = ref, .bytes = &bytes}, e);
}
