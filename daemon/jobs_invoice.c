#include "daemon/jobs_invoice.h"

#include "daemon/base/arena.h"
#include "daemon/base/json.h"
#include "daemon/base/log.h"
#include "daemon/jobs_unit.h"
#include "payments/invoice/invoice.h"
#include "sql/jobs.h"

enum { VERDICT_BYTES_MAX = 64 << 20 };

/* What is kept is what was read back, so that a fault of the writer shows as a fault. */
static bool write_and_judge(struct arena *a, const char *model, struct buf *bytes, struct buf *verdict, struct err *e)
{
    const struct invoice *inv = invoice_parse_json(a, str_of(model), e);
    if (!inv || !invoice_write(inv, bytes, e) || !invoice_read_json(buf_str(bytes), verdict, e))
        return false;
    const json_t *json = json_read(a, buf_str(verdict), VERDICT_BYTES_MAX, e);
    return json && (json_is_true(json_object_get(json, "valid")) || err_set(e, "the invoice that was written breaks the rules: %.300s", verdict->p));
}

static bool keep(struct db_session *s, struct arena *a, const struct sql_outbox_claim_row *m, const char *ref, const struct buf *bytes, const struct buf *verdict,
                 struct err *e)
{
    struct db_unit *u = jobs_unit(a, m->council_id);
    if (bytes->n)
        sql_invoice_written_keep_add(u, &(struct sql_invoice_written_keep_params){.ref = ref, .bytes = buf_str(bytes), .verdict = str_dup(a, buf_str(verdict))});
    sql_outbox_settle_add(u, &(struct sql_outbox_settle_params){.id = m->id});
    return db_session_run(s, u) == DB_DONE || err_set(e, "the invoice's file could not be kept");
}

bool jobs_invoice_write(struct db_session *s, struct arena *a, const struct sql_outbox_claim_row *m, struct err *e)
{
    const char *ref = json_text(json_read(a, str_of(m->payload), 4096, e), "ref");
    struct sql_invoice_written_model_row row;
    if (!ref || m->council_id_null)
        return err_set(e, "the message names no invoice");
    struct db_unit *u = jobs_unit(a, m->council_id);
    int step = sql_invoice_written_model_add(u, &(struct sql_invoice_written_model_params){.ref = ref});
    if (db_session_run(s, u) != DB_DONE || !sql_invoice_written_model_one(u, step, &row))
        return err_set(e, "the invoice could not be read from the database");
    struct buf bytes = {0}, verdict = {0};
    bool ok = (!row.model || write_and_judge(a, row.model, &bytes, &verdict, e)) && keep(s, a, m, ref, &bytes, &verdict, e);
    log_event(LOG_INFO, "jobs.invoice_written", "ref=%s kept=%d", ref, ok && bytes.n);
    buf_finish(&bytes);
    buf_finish(&verdict);
    return ok;
}
