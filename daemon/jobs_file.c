#include "daemon/jobs_file.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/json.h"
#include "daemon/base/log.h"
#include "daemon/jail/jail.h"
#include "daemon/jobs_match.h"
#include "payments/bank/pain002.h"
#include "payments/invoice/invoice.h"
#include "sql/jobs.h"

/* One kind of file: how it is parsed, which query applies what was read, and what follows before the file is done. What follows runs in transactions of
 * its own, each of which may be done again; without it the effect and the file's outcome commit together. */
struct file_kind {
    const char *name;
    jail_fn *parse;
    const struct jail_limits *limits;
    int (*apply)(struct db_unit *u, int council, const char *ref, const char *request);
    bool (*follow)(struct db_session *s, struct arena *a, int council, const char **ret_report, struct err *e);
};

static int apply_invoice(struct db_unit *u, int council, const char *ref, const char *request)
{
    return sql_file_apply_invoice_add(u, &(struct sql_file_apply_invoice_params){.council_id = council, .ref = ref, .request = request});
}

static int apply_statement(struct db_unit *u, int council, const char *ref, const char *request)
{
    return sql_file_apply_statement_add(u, &(struct sql_file_apply_statement_params){.council_id = council, .ref = ref, .request = request});
}

/* A statement is done when its lines are matched; after an answer to a payment file the open lines are looked at anew, because a run may now fit. */
static bool match_statement(struct db_session *s, struct arena *a, int council, const char **ret_report, struct err *e)
{
    size_t unmatched = 0;
    if (!jobs_match(s, council, &unmatched, e))
        return false;
    *ret_report = arena_printf(a, "{\"reconciled\":{\"unmatched\":%zu}}", unmatched);
    return true;
}

static const struct file_kind kinds[] = {
    {"invoice", invoice_read_json, &jail_limits_document, apply_invoice, NULL},
    {"statement", bank_file_read_json, &jail_limits_statement, apply_statement, match_statement},
};

static const struct file_kind *find_kind(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

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

static const char unfit_data[] = "an amount, a date or a quantity in the file is missing or does not fit";

/* What finishing a file needs to know of it. */
struct taken {
    const struct sql_outbox_claim_row *message;
    const struct sql_file_take_row *file;
    const struct file_kind *kind;
    const char *ref;
};

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

static bool refuse(struct db_session *s, struct arena *a, const struct taken *t, const char *reason, struct err *e)
{
    struct db_unit *u = enter(a, t);
    add_finish(u, t, "refused", refusal(a, reason));
    return run(s, u, e);
}

static bool follow(struct db_session *s, struct arena *a, const struct taken *t, struct err *e)
{
    const char *report = "{}";
    if (!t->kind->follow(s, a, t->message->council_id, &report, e))
        return false;
    struct db_unit *u = enter(a, t);
    add_finish(u, t, "done", report);
    return run(s, u, e);
}

static bool apply(struct db_session *s, struct arena *a, const struct taken *t, const char *request, struct err *e)
{
    struct db_unit *u = enter(a, t);
    t->kind->apply(u, t->message->council_id, t->ref, request);
    if (!t->kind->follow)
        add_finish(u, t, "done", "{}");
    if (run(s, u, e))
        return !t->kind->follow || follow(s, a, t, e);
    /* Data that our own functions refuse is the sender's to correct; the rest is ours, and tried again. */
    const struct db_result *r = db_unit_result(u);
    bool is_said = strncmp(r->sqlstate, "MC", 2) == 0;
    if (r->outcome == DB_FAILED && (is_said || strncmp(r->sqlstate, "22", 2) == 0))
        return refuse(s, a, t, is_said && r->message ? r->message : unfit_data, e);
    return false;
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
    const struct file_kind *kind = find_kind(file.kind);
    if (!kind)
        return err_set(e, "no reader for files of kind %s", file.kind);
    struct buf out = {0};
    struct err reason = {""};
    enum jail_outcome outcome = jail_run(kind->parse, file.bytes, kind->limits, &out, &reason);
    const char *request = outcome == JAIL_READ ? str_dup(a, buf_str(&out)) : NULL;
    buf_finish(&out);
    log_event(LOG_INFO, "jobs.file", "ref=%s kind=%s read=%d", ref, file.kind, outcome == JAIL_READ);
    if (outcome == JAIL_FAILED)
        return err_set(e, "%s", reason.text);
    struct taken t = {.message = m, .file = &file, .kind = kind, .ref = ref};
    return request ? apply(s, a, &t, request, e) : refuse(s, a, &t, reason.text, e);
}
