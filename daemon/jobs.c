#include "daemon/jobs.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/base/xml.h"
#include "daemon/jobs_file.h"
#include "daemon/jobs_invoice.h"
#include "daemon/jobs_mail.h"
#include "daemon/jobs_match.h"
#include "daemon/jobs_unit.h"
#include "payments/invoice/invoice.h"
#include "sql/jobs.h"

enum { CLAIM = 20, LETTERS = 200, IDLE_MS = 1000, ROUND_SECONDS = 10, HOUSEKEEPING_SECONDS = 60, ROUND_ARENA = 256 << 20 };

static volatile sig_atomic_t is_ending;

static void on_terminate(int number)
{
    (void)number;
    is_ending = 1;
}

/* ---- one message ---- */

typedef bool message_fn(struct db_session *s, struct arena *a, const struct sql_outbox_claim_row *m, struct err *e);

static bool write_mail(struct db_session *s, struct arena *a, const struct sql_outbox_claim_row *m, struct err *e)
{
    struct db_unit *u = db_unit_create(a);
    sql_mail_write_add(u, &(struct sql_mail_write_params){.outbox_id = m->id});
    if (db_session_run(s, u) == DB_DONE)
        return true;
    return err_set(e, "%s", db_unit_result(u)->message ? db_unit_result(u)->message : "the database did not answer");
}

static const struct {
    const char *topic;
    message_fn *handle;
} topics[] = {
    {"mail", write_mail},
    {"file", jobs_file_read},
    {"invoice_written", jobs_invoice_write},
    {"reconcile", jobs_match_message},
};

static bool handle_message(struct db_session *s, const struct sql_outbox_claim_row *m, struct err *e)
{
    bool ok = err_set(e, "no handler for topic %s", m->topic);
    struct arena *a = arena_create(ROUND_ARENA);
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
        if (strcmp(topics[i].topic, m->topic) == 0)
            ok = topics[i].handle(s, a, m, e);
    if (!ok) {
        struct db_unit *u = db_unit_create(a);
        sql_outbox_settle_add(u, &(struct sql_outbox_settle_params){.id = m->id, .error = e->text});
        db_session_run(s, u);
        log_event(LOG_WARN, "jobs.message_failed", "id=%lld topic=%s try=%d reason=\"%s\"", (long long)m->id, m->topic, m->tries, e->text);
    }
    arena_destroy(&a);
    return ok;
}

/* Letters wait in great numbers and are alike: written together. False: one of them cannot be written, so each is taken on its own. */
static bool write_letters(struct db_session *s, struct metrics *metrics)
{
    struct sql_mail_write_due_row row = {0};
    bool ok = true;
    do {
        struct arena *a = arena_create(0);
        struct db_unit *u = db_unit_create(a);
        sql_mail_write_due_add(u, &(struct sql_mail_write_due_params){.most = LETTERS});
        ok = db_session_run(s, u) == DB_DONE && sql_mail_write_due_one(u, 0, &row);
        if (ok)
            metrics->outbox_done += (uint64_t)row.letters;
        else
            log_event(LOG_WARN, "jobs.letters_apart", "reason=\"%s\"", db_unit_result(u)->message ? db_unit_result(u)->message : "the database did not answer");
        arena_destroy(&a);
    } while (ok && row.letters == LETTERS && !is_ending);
    return ok;
}

/* Takes what is due and handles it; *ret_n is how many messages there were. */
static bool handle_due(struct db_session *s, bool fresh_letters, struct metrics *metrics, size_t *ret_n, struct err *e)
{
    struct arena *a = arena_create(0);
    struct db_unit *u = db_unit_create(a);
    const struct sql_outbox_claim_row *rows;
    sql_outbox_claim_add(u, &(struct sql_outbox_claim_params){.most = CLAIM, .fresh_letters = fresh_letters});
    bool ok = db_session_run(s, u) == DB_DONE;
    *ret_n = ok ? sql_outbox_claim_rows(u, 0, &rows) : 0;
    for (size_t i = 0; i < *ret_n; i++) {
        struct err why = {""};
        if (handle_message(s, &rows[i], &why))
            metrics->outbox_done++;
    }
    if (!ok)
        err_set(e, "the outbox could not be read");
    arena_destroy(&a);
    return ok;
}

/* ---- per council: sealing, what has run out, the work of the day ---- */

static bool seal_council(struct db_session *s, struct arena *a, int council, struct metrics *metrics)
{
    struct db_unit *u = jobs_unit(a, council);
    struct sql_seal_next_row row;
    int step = sql_seal_next_add(u, NULL);
    if (db_session_run(s, u) != DB_DONE || !sql_seal_next_one(u, step, &row))
        return false;
    metrics->sealed += (uint64_t)row.events;
    return true;
}

static bool for_each_council(struct db_session *s, struct err *e, bool (*act)(struct db_session *, struct arena *, int, struct metrics *),
                             struct metrics *metrics)
{
    struct arena *a = arena_create(0);
    struct db_unit *u = db_unit_create(a);
    const struct sql_councils_row *councils;
    sql_councils_add(u, NULL);
    bool ok = db_session_run(s, u) == DB_DONE;
    size_t n = ok ? sql_councils_rows(u, 0, &councils) : 0;
    for (size_t i = 0; i < n; i++)
        ok = act(s, a, councils[i].id, metrics) && ok;
    arena_destroy(&a);
    return ok || err_set(e, "a round over the councils failed");
}

static bool run_out(struct db_session *s, struct arena *a, int council, struct metrics *metrics)
{
    (void)metrics;
    struct db_unit *u = jobs_unit(a, council);
    sql_order_expire_due_add(u, NULL);
    sql_income_daily_add(u, NULL);
    sql_answers_forget_add(u, NULL);
    return db_session_run(s, u) == DB_DONE;
}

/* On its own, so that what goes wrong with an invoice holds up nothing else. */
static bool judge_again(struct db_session *s, struct arena *a, int council, struct metrics *metrics)
{
    (void)metrics;
    struct db_unit *u = jobs_unit(a, council);
    sql_invoices_try_again_add(u, NULL);
    return db_session_run(s, u) == DB_DONE;
}

static bool check_log(struct db_session *s, struct arena *a, int council, struct metrics *metrics)
{
    struct db_unit *u = jobs_unit(a, council);
    struct sql_log_check_due_row row;
    int step = sql_log_check_due_add(u, NULL);
    if (db_session_run(s, u) != DB_DONE || !sql_log_check_due_one(u, step, &row))
        return false;
    if (row.findings > 0)
        log_event(LOG_ERROR, "audit.log_not_whole", "council=%d findings=%d", council, row.findings);
    metrics->log_findings += (uint64_t)row.findings;
    return true;
}

/* Added up apart, so that nobody reads half a round. */
static bool check_logs(struct db_session *s, struct err *e, struct metrics *metrics)
{
    struct metrics found = {0};
    if (!for_each_council(s, e, check_log, &found))
        return false;
    metrics->log_findings = found.log_findings;
    return true;
}

static void note_outbox(struct db_session *s, struct metrics *metrics)
{
    struct arena *a = arena_create(0);
    struct db_unit *u = db_unit_create(a);
    struct sql_outbox_state_row row;
    sql_outbox_state_add(u, NULL);
    if (db_session_run(s, u) == DB_DONE && sql_outbox_state_one(u, 0, &row)) {
        metrics->outbox_waiting = (uint64_t)row.waiting;
        metrics->outbox_parked = (uint64_t)row.parked;
    }
    arena_destroy(&a);
}

/* Files without end must not keep e-mails waiting, nor the seal; and no trouble with mail keeps the log from being sealed. */
bool jobs_round(struct db_session *s, const struct conf *conf, struct metrics *metrics, struct err *e)
{
    time_t began = time(NULL);
    size_t n;
    bool is_sent = true;
    do {
        bool are_apart = !write_letters(s, metrics);
        if (!handle_due(s, are_apart, metrics, &n, e))
            return false;
        is_sent = is_sent && jobs_mail_send(s, conf, e);
    } while (n == CLAIM && !is_ending && time(NULL) - began < ROUND_SECONDS);
    note_outbox(s, metrics);
    return for_each_council(s, e, seal_council, metrics) && is_sent;
}

static bool forget_throttles(struct db_session *s, struct err *e)
{
    struct arena *a = arena_create(0);
    struct db_unit *u = db_unit_create(a);
    sql_throttle_forget_add(u, NULL);
    bool ok = db_session_run(s, u) == DB_DONE || err_set(e, "who asked too often could not be forgotten");
    arena_destroy(&a);
    return ok;
}

/* Each for itself: what goes wrong with one of them holds up none of the others. */
static bool keep_house(struct db_session *s, const struct conf *conf, struct metrics *metrics, struct err *e)
{
    bool ok = for_each_council(s, e, run_out, metrics);
    ok = for_each_council(s, e, judge_again, metrics) && ok;
    ok = check_logs(s, e, metrics) && ok;
    ok = forget_throttles(s, e) && ok;
    return jobs_anchor(s, conf, e) && ok;
}

/* ---- the process ---- */

static struct db_session *connect_patiently(const struct conf *conf)
{
    for (unsigned tries = 0; !is_ending; tries++) {
        struct err e = {""};
        struct db_session *s = db_session_open(conf->jobs_database, &e);
        if (s && db_session_listen(s, "outbox"))
            return s;
        db_session_close(&s);
        log_event(tries < 3 ? LOG_INFO : LOG_WARN, "jobs.database_away", "reason=\"%s\"", e.text);
        usleep(tries < 2 ? 250000U << tries : 1000000U);
    }
    return NULL;
}

static void work_until_lost(struct db_session *s, const struct jobs_start *start)
{
    time_t housekept = 0;
    bool is_lost = false;
    while (!is_ending && !is_lost) {
        struct err e = {""};
        bool ok = jobs_round(s, start->conf, start->metrics, &e);
        if (time(NULL) - housekept >= HOUSEKEEPING_SECONDS) {
            housekept = time(NULL);
            ok = keep_house(s, start->conf, start->metrics, &e) && ok;
        }
        if (!ok) {
            start->metrics->jobs_failed++;
            log_event(LOG_WARN, "jobs.round_failed", "reason=\"%s\"", e.text);
        }
        db_session_wait(s, IDLE_MS, &is_lost);
    }
}

/* Compiled once, before any file is read; the jail's children inherit them. Without them invoices are judged by the rules alone. */
static struct arena *load_schemas(const struct conf *conf)
{
    if (text_is_empty(conf->ubl_schemas))
        return NULL;
    struct arena *a = arena_create(0);
    struct err e = {""};
    const struct invoice_schemas *schemas = invoice_schemas_create(a, conf->ubl_schemas, &e);
    if (!schemas)
        log_event(LOG_ERROR, "jobs.no_schemas", "reason=\"%s\"", e.text);
    invoice_schemas_use(schemas);
    return a;
}

int jobs_run(const struct jobs_start *start)
{
    struct sigaction a = {.sa_handler = on_terminate};
    sigemptyset(&a.sa_mask);
    sigaction(SIGTERM, &a, NULL);
    signal(SIGHUP, SIG_IGN);
    xml_init();
    struct arena *schemas = load_schemas(start->conf);
    bool is_first = true;
    while (!is_ending) {
        struct db_session *s = connect_patiently(start->conf);
        if (!s)
            break;
        if (is_first && start->ready_fd >= 0 && write(start->ready_fd, &start->number, 1) < 0)
            log_event(LOG_WARN, "jobs.ready_unsaid", "pid=%d", (int)getpid());
        is_first = false;
        work_until_lost(s, start);
        db_session_close(&s);
    }
    arena_destroy(&schemas);
    return 0;
}

int jobs_command(int argc, char **argv)
{
    static struct metrics metrics;
    const char *database = NULL;
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--database") == 0 && i + 1 < argc)
            database = argv[++i];
        else if (strcmp(argv[i], "--once") != 0)
            return fputs("Usage: marketcross jobs --once [--database CONNINFO]\n", stderr), EX_USAGE;
    struct err e = {""};
    struct arena *a = arena_create(0);
    const struct conf *defaults = conf_load(a, NULL, (const char *[]){"demo=true"}, 1, stderr);
    struct db_session *s = defaults ? db_session_open(database ? database : defaults->jobs_database, &e) : NULL;
    xml_init();
    bool ok = s && jobs_round(s, defaults, &metrics, &e) && for_each_council(s, &e, run_out, &metrics) &&
              for_each_council(s, &e, judge_again, &metrics);
    if (!ok)
        fprintf(stderr, "marketcross jobs: %s\n", e.text);
    int code = ok ? 0 : s ? 1 : EX_UNAVAILABLE;
    db_session_close(&s);
    arena_destroy(&a);
    return code;
}
