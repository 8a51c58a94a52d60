#include "catalogue/import.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "catalogue/import_map.h"
#include "catalogue/import_rows.h"
#include "daemon/base/arena.h"
#include "daemon/base/json.h"
#include "daemon/db/db.h"
#include "sql/jobs.h"

enum { BATCH_ROWS = 500 };

struct import_sums {
    size_t added, changed, unchanged, duplicates, proposed;
};

struct import_run {
    struct arena *arena;
    const struct import_options *options;
    const struct import_map *map;
    struct import_rows rows;
    struct db_session *session;
    int64_t id;
    int batch; /* the next to do, from 1 */
    struct import_sums sums;
};

static volatile sig_atomic_t is_stopped;

static void on_stop(int signal)
{
    (void)signal;
    is_stopped = 1;
}

/* Ctrl-C ends the import behind the batch at hand; a second one ends it at once. */
static void catch_stop(void)
{
    struct sigaction action = {.sa_handler = on_stop, .sa_flags = SA_RESTART | (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* ---- the database ---- */

static struct db_unit *begin_unit(struct import_run *r)
{
    struct db_unit *u = db_unit_create(r->arena);
    sql_import_enter_add(u, &(struct sql_import_enter_params){.council_id = r->options->council});
    return u;
}

/* 0, or the exit code after saying why. */
static int run_unit(struct import_run *r, struct db_unit *u)
{
    enum db_outcome outcome = db_session_run(r->session, u);
    const struct db_result *result = db_unit_result(u);
    if (outcome == DB_DONE)
        return 0;
    fprintf(stderr, "\nmarketcross: the database %s: %s\n", outcome == DB_FAILED ? "refused" : "is not reachable", result->message ? result->message : "no answer");
    return outcome == DB_FAILED ? EX_DATAERR : EX_UNAVAILABLE;
}

static int open_session(struct import_run *r)
{
    struct err e = {""};
    r->session = db_session_open(r->options->database, &e);
    if (r->session)
        return 0;
    fprintf(stderr, "marketcross: the database is not reachable: %s\n", e.text);
    return EX_UNAVAILABLE;
}

static bool has_category(const struct sql_import_categories_row *rows, size_t n, const char *slug)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].slug, slug) == 0)
            return true;
    fprintf(stderr, "marketcross: there is no category \"%s\"\n", slug);
    return false;
}

static int check_categories(struct import_run *r, const struct db_unit *u, int step)
{
    const struct sql_import_categories_row *rows;
    size_t n = sql_import_categories_rows(u, step, &rows);
    bool ok = has_category(rows, n, r->map->category);
    for (size_t i = 0; i < r->map->rules_n; i++)
        ok = (!r->map->rules[i].category || has_category(rows, n, r->map->rules[i].category)) && ok;
    return ok ? 0 : EX_DATAERR;
}

static int begin_run(struct import_run *r, const char *sha256)
{
    struct db_unit *u = begin_unit(r);
    int categories = sql_import_categories_add(u, NULL);
    int code = run_unit(r, u);
    struct sql_import_enter_row council;
    if (!code && !sql_import_enter_one(u, 0, &council)) {
        fprintf(stderr, "marketcross: there is no council %d\n", r->options->council);
        return EX_DATAERR;
    }
    if (code || (code = check_categories(r, u, categories)))
        return code;
    u = begin_unit(r);
    int begin = sql_import_begin_add(u, &(struct sql_import_begin_params){
                                            .source = r->map->source, .sha256 = sha256, .rows = (int32_t)r->rows.rows_n, .failed = (int32_t)r->rows.failed_n});
    struct sql_import_begin_row row;
    if ((code = run_unit(r, u)))
        return code;
    if (!sql_import_begin_one(u, begin, &row))
        return EX_SOFTWARE;
    r->id = row.run_id;
    r->batch = row.next_batch;
    return 0;
}

static void report_duplicates(const struct import_run *r, const char *text)
{
    struct err e = {""};
    json_t *list = json_read(r->arena, str_of(text), (size_t)16 << 20, &e), *item;
    size_t i;
    json_array_foreach (list, i, item) {
        size_t file = (size_t)json_int(item, "file", 0);
        const char *name = json_text(item, "name"), *why = json_text(item, "why");
        if (file < r->options->files_n && name && why)
            fprintf(stderr, "%s line %lld: \"%s\" was left out: %s\n", r->options->files[file], (long long)json_int(item, "line", 0), name, why);
    }
}

static bool copy_batch(struct import_run *r, size_t from, size_t to, struct err *e)
{
    struct buf text = {0};
    for (size_t i = from; i < to; i++) {
        buf_addf(&text, "%lld\t%d\t%d\t", (long long)r->id, r->batch, r->rows.row_files[i]);
        buf_add(&text, r->rows.rows[i].p, r->rows.rows[i].n);
        buf_addc(&text, '\n');
    }
    bool ok = db_session_copy(r->session,
                              "COPY catalogue.import_row (run_id, batch, file, line, source_key, kind, category, name, summary, description, phone, email, web, "
                              "source_web, address, postcode, lat, lon, opens, hours, minimum_age, maximum_age) FROM STDIN",
                              buf_str(&text), e);
    buf_finish(&text);
    return ok;
}

static int apply_batch(struct import_run *r)
{
    struct err e = {""};
    size_t from = (size_t)(r->batch - 1) * BATCH_ROWS, to = from + BATCH_ROWS < r->rows.rows_n ? from + BATCH_ROWS : r->rows.rows_n;
    if (!copy_batch(r, from, to, &e)) {
        fprintf(stderr, "\nmarketcross: the rows could not be handed over: %s\n", e.text);
        return EX_UNAVAILABLE;
    }
    struct db_unit *u = begin_unit(r);
    int step = sql_import_apply_add(u, &(struct sql_import_apply_params){.run_id = r->id, .batch = r->batch});
    int code = run_unit(r, u);
    struct sql_import_apply_row row;
    if (!code && sql_import_apply_one(u, step, &row))
        report_duplicates(r, row.duplicates);
    r->batch += !code;
    return code;
}

/* EX_TEMPFAIL when stopped between batches. */
static int apply_batches(struct import_run *r)
{
    struct progress p;
    size_t batches = (r->rows.rows_n + BATCH_ROWS - 1) / BATCH_ROWS;
    int code = 0;
    progress_start(&p, "Importing", r->rows.rows_n, r->options->progress);
    while (!code && !is_stopped && (size_t)r->batch <= batches) {
        code = apply_batch(r);
        size_t done = (size_t)(r->batch - 1) * BATCH_ROWS;
        progress_step(&p, done < r->rows.rows_n ? done : r->rows.rows_n, r->rows.failed_n);
    }
    progress_end(&p);
    if (code || (size_t)r->batch > batches)
        return code;
    fprintf(stderr, "Stopped behind batch %d of %zu; everything up to there is stored. Run the same command again to go on.\n", r->batch - 1, batches);
    return EX_TEMPFAIL;
}

static int finish_run(struct import_run *r)
{
    struct db_unit *u = begin_unit(r);
    int step = sql_import_finish_add(u, &(struct sql_import_finish_params){.run_id = r->id});
    int code = run_unit(r, u);
    struct sql_import_finish_row row;
    if (!code && sql_import_finish_one(u, step, &row))
        r->sums = (struct import_sums){(size_t)row.added, (size_t)row.changed, (size_t)row.unchanged, (size_t)row.duplicates, (size_t)row.proposed};
    return code;
}

/* ---- the summary ---- */

static void print_line(const char *label, size_t n, const char *note)
{
    char number[32];
    printf("  %-28s %8s  %s\n", label, progress_number(number, n), note);
}

static void print_summary(const struct import_run *r)
{
    const struct import_sums *s = &r->sums;
    size_t values = r->rows.faults_n - r->rows.failed_n;
    printf("%s\n", r->map->about ? r->map->about : r->map->source);
    print_line("added", s->added, "");
    print_line("changed", s->changed, "");
    print_line("unchanged", s->unchanged, "");
    print_line("skipped: duplicates", s->duplicates, "");
    print_line("skipped: rows with faults", r->rows.failed_n, r->rows.failed_n ? r->options->errors : "");
    print_line("proposed for hiding", s->proposed, s->proposed ? "no longer in the files: a moderator decides" : "");
    print_line("values left out", values, values ? r->options->errors : "");
}

/* ---- the commands ---- */

static const struct import_map *load_map(struct arena *a, const char *path, struct str *ret_text)
{
    struct err e = {""};
    char *text = arena_alloc(a, MAP_MAX_BYTES + 1);
    FILE *f = fopen(path, "rb");
    if (!f) {
        fprintf(stderr, "%s: it cannot be opened\n", path);
        return NULL;
    }
    *ret_text = (struct str){text, fread(text, 1, MAP_MAX_BYTES, f)};
    fclose(f);
    const struct import_map *m = map_read(a, *ret_text, &e);
    if (!m)
        fprintf(stderr, "%s: %s\n", path, e.text);
    return m;
}

/* In the arena, because the rows' bytes hang on it until the arena ends. */
static struct import_run *begin_command(struct arena *a, const struct import_options *o)
{
    struct import_run *r = arena_alloc(a, sizeof *r);
    r->arena = a;
    r->options = o;
    return r;
}

static int store(struct import_run *r, const char *sha256)
{
    int code = open_session(r);
    if (!code)
        code = begin_run(r, sha256);
    if (!code)
        code = apply_batches(r);
    if (!code)
        code = finish_run(r);
    if (!code)
        print_summary(r);
    db_session_close(&r->session);
    return code;
}

int import_entries(struct arena *a, const struct import_options *o)
{
    struct import_run *r = begin_command(a, o);
    struct str map;
    char *sha256;
    catch_stop();
    r->map = load_map(a, o->map, &map);
    if (!r->map || !import_read_files(a, o, import_read_entries, map, &r->rows, &sha256))
        return EX_DATAERR;
    if (r->rows.faults_n && !import_write_faults(o, &r->rows))
        return EX_CANTCREAT;
    int code = 0;
    if (o->is_dry)
        printf("%zu rows can be imported, %zu cannot, %zu single values would be left out.\n", r->rows.rows_n, r->rows.failed_n, r->rows.faults_n - r->rows.failed_n);
    else
        code = store(r, sha256);
    return code ? code : r->rows.failed_n ? EX_DATAERR : 0;
}

static int store_postcodes(struct import_run *r)
{
    struct err e = {""};
    struct buf text = {0};
    int code = open_session(r);
    if (code)
        return code;
    for (size_t i = 0; i < r->rows.rows_n; i++) {
        buf_add(&text, r->rows.rows[i].p, r->rows.rows[i].n);
        buf_addc(&text, '\n');
    }
    if (!db_session_copy(r->session, "COPY catalogue.import_postcode (postcode, lon, lat) FROM STDIN", buf_str(&text), &e)) {
        fprintf(stderr, "marketcross: the rows could not be handed over: %s\n", e.text);
        code = EX_UNAVAILABLE;
    }
    struct db_unit *u = db_unit_create(r->arena);
    int step = sql_import_postcodes_add(u, NULL);
    struct sql_import_postcodes_row row;
    if (!code)
        code = run_unit(r, u);
    if (!code && sql_import_postcodes_one(u, step, &row)) {
        printf("Postcodes\n");
        print_line("added", (size_t)row.added, "");
        print_line("changed", (size_t)row.changed, "");
        print_line("unchanged", (size_t)row.unchanged, "");
        print_line("skipped: rows with faults", r->rows.failed_n, r->rows.failed_n ? r->options->errors : "");
    }
    buf_finish(&text);
    db_session_close(&r->session);
    return code;
}

int import_postcodes(struct arena *a, const struct import_options *o)
{
    struct import_run *r = begin_command(a, o);
    char *sha256;
    if (!import_read_files(a, o, import_read_postcodes, STR(""), &r->rows, &sha256))
        return EX_DATAERR;
    if (r->rows.faults_n && !import_write_faults(o, &r->rows))
        return EX_CANTCREAT;
    int code = o->is_dry ? 0 : store_postcodes(r);
    return code ? code : r->rows.failed_n ? EX_DATAERR : 0;
}
