#include "daemon/verify.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "daemon/base/arena.h"
#include "daemon/base/json.h"
#include "daemon/db/db.h"
#include "sql/verify.h"

enum { FINDINGS_ARENA = 1 << 30 };

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void print_finding(bool json, const char *check, const char *object, const char *detail)
{
    if (!json) {
        printf("%s: %s %s\n", check, object, detail);
        return;
    }
    struct buf b = {0};
    buf_adds(&b, "{\"check\":");
    json_write_text(&b, check);
    buf_adds(&b, ",\"object\":");
    json_write_text(&b, object);
    buf_adds(&b, ",\"detail\":");
    json_write_text(&b, detail);
    printf("%s}\n", b.p);
    buf_finish(&b);
}

/* Each line of the anchor file names a council, a block and its digest. Returns the findings, or -1 when something could not be read. */
static long check_anchor(struct db_session *s, struct arena *a, const char *path, bool json)
{
    FILE *f = fopen(path, "re");
    if (!f) {
        fprintf(stderr, "marketcross verify: cannot read %s\n", path);
        return -1;
    }
    long found = 0, anchors = 0;
    int council;
    long long block;
    char line[256], sha256[65];
    while (found >= 0 && fgets(line, sizeof line, f)) {
        if (sscanf(line, "%*s council=%d block=%lld sha256=%64[0-9a-f]", &council, &block, sha256) != 3)
            continue;
        anchors++;
        struct db_unit *u = db_unit_create(a);
        struct sql_verify_anchor_row row;
        sql_verify_anchor_add(u, &(struct sql_verify_anchor_params){.council_id = council, .block = block, .sha256 = sha256});
        if (db_session_run(s, u) != DB_DONE || !sql_verify_anchor_one(u, 0, &row)) {
            found = -1;
        } else if (!row.matches) {
            print_finding(json, "audit.anchor", arena_printf(a, "council %d block %lld", council, block), "is not what was written down outside");
            found++;
        }
    }
    fclose(f);
    if (found == 0 && anchors == 0) {
        fprintf(stderr, "marketcross verify: %s holds no anchor\n", path);
        return -1;
    }
    return found;
}

/* ---- the parts, each on a connection and a thread of its own ---- */

struct part {
    const char *name, *database;
    struct arena *arena;
    pthread_t thread;
    const struct sql_verify_findings_row *rows;
    size_t rows_n;
    bool is_done;
    struct err err;
};

static void *run_part(void *context)
{
    struct part *p = context;
    struct db_session *s = db_session_open(p->database, &p->err);
    if (!s)
        return NULL;
    struct db_unit *u = db_unit_create(p->arena);
    sql_verify_findings_add(u, &(struct sql_verify_findings_params){.part = p->name});
    p->is_done = db_session_run(s, u) == DB_DONE;
    if (p->is_done)
        p->rows_n = sql_verify_findings_rows(u, 0, &p->rows);
    else
        err_set(&p->err, "%s", db_unit_result(u)->message ? db_unit_result(u)->message : "the database did not answer");
    db_session_close(&s);
    return NULL;
}

/* Prints what the part found, and gives back its memory. Returns how much it found, or -1. */
static long finish_part(struct part *p, bool json, struct err *e)
{
    long found = p->is_done ? (long)p->rows_n : -1;
    for (size_t i = 0; i < p->rows_n; i++)
        print_finding(json, p->rows[i].check_name, p->rows[i].object, p->rows[i].detail);
    if (!p->is_done)
        *e = p->err;
    arena_destroy(&p->arena);
    return found;
}

static long check_parts(const char *database, bool json, struct err *e)
{
    /* The longest first. */
    struct part parts[] = {{.name = "journals"}, {.name = "ledger"}, {.name = "events"}, {.name = "blocks"}, {.name = "payments"}};
    enum { PARTS = sizeof parts / sizeof *parts };
    bool is_running[PARTS], is_whole = true;
    for (size_t i = 0; i < PARTS; i++) {
        parts[i].database = database;
        parts[i].arena = arena_create(FINDINGS_ARENA);
        is_running[i] = pthread_create(&parts[i].thread, NULL, run_part, &parts[i]) == 0;
        if (!is_running[i])
            err_set(&parts[i].err, "no thread for %s", parts[i].name);
    }
    long found = 0;
    for (size_t i = 0; i < PARTS; i++) {
        if (is_running[i])
            pthread_join(parts[i].thread, NULL);
        long n = finish_part(&parts[i], json, e);
        is_whole = is_whole && n >= 0;
        found += n;
    }
    return is_whole ? found : -1;
}

static void print_sizes(struct db_session *s, struct arena *a, int64_t ms)
{
    struct db_unit *u = db_unit_create(a);
    struct sql_verify_sizes_row sizes;
    sql_verify_sizes_add(u, NULL);
    if (db_session_run(s, u) == DB_DONE && sql_verify_sizes_one(u, 0, &sizes))
        fprintf(stderr, "%" PRId64 " events in %" PRId64 " sealed blocks, %" PRId64 " journals with %" PRId64 " entries, in %" PRId64 " ms\n", sizes.events,
                sizes.blocks, sizes.journals, sizes.entries, ms);
}

static long check_all(const char *database, struct db_session *s, struct arena *a, bool json, struct err *e)
{
    int64_t started = now_ms();
    long found = check_parts(database, json, e);
    if (found >= 0)
        print_sizes(s, a, now_ms() - started);
    return found;
}

int verify_command(int argc, char **argv)
{
    const char *database = "host=/run/postgresql dbname=mc user=mc_verify", *anchor = NULL;
    bool json = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--database") == 0 && i + 1 < argc)
            database = argv[++i];
        else if (strcmp(argv[i], "--anchor") == 0 && i + 1 < argc)
            anchor = argv[++i];
        else if (strcmp(argv[i], "--json") == 0)
            json = true;
        else
            return fputs("Usage: marketcross verify [--database CONNINFO] [--anchor FILE] [--json]\n", stderr), EX_USAGE;
    }
    struct err e = {""};
    struct arena *a = arena_create(FINDINGS_ARENA);
    struct db_session *s = db_session_open(database, &e);
    long found = s ? check_all(database, s, a, json, &e) : -1, outside = 0;
    if (found >= 0 && anchor)
        outside = check_anchor(s, a, anchor, json);
    if (found < 0)
        fprintf(stderr, "marketcross verify: %s\n", e.text);
    else if (found + outside == 0 && outside >= 0)
        puts("Log and ledger are whole.");
    db_session_close(&s);
    arena_destroy(&a);
    return found < 0 || outside < 0 ? EX_UNAVAILABLE : found + outside > 0 ? 1 : 0;
}
