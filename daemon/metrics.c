#include "daemon/metrics.h"

#include <inttypes.h>
#include <stddef.h>
#include <sys/mman.h>
#include <time.h>

struct metrics *metrics_create(void)
{
    void *page = mmap(NULL, sizeof(struct metrics), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return NULL;
    struct metrics *m = page;
    m->started_at = (uint64_t)time(NULL);
    return m;
}

struct series {
    const char *name, *kind, *help;
    size_t offset;
};

#define SLOT(name, kind, member, help) {"marketcross_" name, kind, help, offsetof(struct metrics_slot, member)}

static const struct series per_worker[] = {
    SLOT("http_connections_accepted_total", "counter", accepted, "Connections accepted."),
    SLOT("http_requests_total", "counter", requests, "Requests whose head was complete and well-formed."),
    SLOT("http_refused_total", "counter", refused, "Requests refused by the codec."),
    SLOT("http_timeouts_total", "counter", timeouts, "Connections cut at a deadline."),
    SLOT("http_answer_microseconds_total", "counter", microseconds, "Time from request to reply, added up."),
    SLOT("http_answers_kept_total", "counter", kept, "Answers from memory, without the database."),
    SLOT("http_connections_open", "gauge", open, "Connections open now."),
    SLOT("db_units_total", "counter", db_units, "Units of work sent to the database."),
    SLOT("db_failed_total", "counter", db_failed, "Units that the database refused."),
    SLOT("db_retried_total", "counter", db_retried, "Units run again after a serialisation failure or deadlock."),
    SLOT("db_busy_total", "counter", db_busy, "Units refused because the queue was full."),
    SLOT("db_expired_total", "counter", db_expired, "Units that passed their deadline."),
    SLOT("db_unknown_total", "counter", db_unknown, "Writing units whose connection died before the answer."),
    SLOT("db_reconnects_total", "counter", db_reconnects, "Database connections made again."),
    SLOT("db_waiting", "gauge", db_waiting, "Units waiting for a connection now."),
    SLOT("db_in_flight", "gauge", db_in_flight, "Units sent and not answered now."),
    SLOT("db_connections", "gauge", db_connections, "Database connections ready now."),
};

static uint64_t slot_value(const struct metrics_slot *slot, size_t offset)
{
    return *(const uint64_t *)(const void *)((const char *)slot + offset);
}

static void write_series(const struct metrics *m, const struct series *s, struct buf *out)
{
    buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n", s->name, s->help, s->name, s->kind);
    for (unsigned w = 0; w < METRICS_WORKERS; w++)
        if (m->workers[w].is_ready)
            buf_addf(out, "%s{worker=\"%u\"} %" PRIu64 "\n", s->name, w + 1, slot_value(&m->workers[w], s->offset));
}

static void write_one(struct buf *out, const char *name, const char *kind, const char *help, uint64_t value)
{
    buf_addf(out, "# HELP marketcross_%s %s\n# TYPE marketcross_%s %s\nmarketcross_%s %" PRIu64 "\n", name, help, name, kind, name, value);
}

void metrics_write(const struct metrics *m, struct buf *out)
{
    for (size_t i = 0; i < sizeof per_worker / sizeof *per_worker; i++)
        write_series(m, &per_worker[i], out);
    buf_adds(out, "# HELP marketcross_http_answers_total Answers by class of status.\n# TYPE marketcross_http_answers_total counter\n");
    for (unsigned class = 1; class < 6; class ++) {
        uint64_t sum = 0;
        for (unsigned w = 0; w < METRICS_WORKERS; w++)
            sum += m->workers[w].answers[class];
        buf_addf(out, "marketcross_http_answers_total{class=\"%uxx\"} %" PRIu64 "\n", class, sum);
    }
    write_one(out, "process_restarts_total", "counter", "Crashed processes that were replaced.", m->restarts);
    write_one(out, "start_time_seconds", "gauge", "When the supervisor started, in seconds since 1970.", m->started_at);
    write_one(out, "outbox_waiting", "gauge", "Messages waiting in the outbox.", m->outbox_waiting);
    write_one(out, "outbox_parked", "gauge", "Messages parked after five tries, and e-mails after twelve: a person should look.", m->outbox_parked);
    write_one(out, "outbox_done_total", "counter", "Messages handled since the start.", m->outbox_done);
    write_one(out, "audit_sealed_total", "counter", "Audit events sealed since the start.", m->sealed);
    write_one(out, "audit_log_findings", "gauge", "What the last look at the log of every council found wrong, added up.", m->log_findings);
    write_one(out, "jobs_failed_total", "counter", "Rounds of the jobs process that failed.", m->jobs_failed);
}
