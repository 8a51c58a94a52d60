#include "daemon/migrate.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/base/arena.h"
#include "daemon/base/hash.h"
#include "daemon/db/db.h"

/* What mc.migration says; number 0 is the set of functions and views. */
struct applied {
    int32_t number;
    const char *name, *sha256;
};

static const struct db_column applied_columns[] = {
    {"number", DB_INT, false, false, offsetof(struct applied, number), 0},
    {"name", DB_TEXT, false, false, offsetof(struct applied, name), 0},
    {"sha256", DB_TEXT, false, false, offsetof(struct applied, sha256), 0},
};

/* Not a named query of the program: only this runner, as the owner, may see the table. */
static const struct db_stmt applied_stmt = {
    .name = "migration_list",
    .sql = "SELECT number, name, sha256 FROM mc.migration ORDER BY number",
    .columns = applied_columns,
    .columns_n = 3,
    .row_size = sizeof(struct applied),
    .rows = "many",
};

/* The lock is the session's: it holds until the runner disconnects, whatever becomes of the single transactions. */
static const char registry_sql[] =
    "SET LOCAL lock_timeout = '5min'; SELECT pg_advisory_lock(hashtext('mc.migration'));"
    "SET LOCAL ROLE mc_owner; CREATE SCHEMA IF NOT EXISTS mc;"
    "CREATE TABLE IF NOT EXISTS mc.migration (number int PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL,"
    " applied_at timestamptz NOT NULL DEFAULT now(), views text[] NOT NULL DEFAULT '{}');";

/* A view cannot change its columns in place, so those of the set before go first. Functions are replaced. */
static const char views_drop_sql[] =
    "SET LOCAL ROLE mc_owner;"
    "DO $mc$ DECLARE v text; BEGIN"
    " SELECT string_agg(x, ', ') INTO v FROM mc.migration, unnest(views) AS x WHERE number = 0 AND to_regclass(x) IS NOT NULL;"
    " IF v IS NOT NULL THEN EXECUTE 'DROP VIEW ' || v; END IF; END $mc$;";

/* Views of the set are those that this transaction made. %s: the set's SHA-256. */
static const char views_register_sql[] =
    "\n;INSERT INTO mc.migration (number, name, sha256, views)"
    " SELECT 0, 'functions and views', '%s', coalesce(array_agg(format('%%I.%%I', n.nspname, c.relname)), '{}')"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind = 'v' AND c.xmin = pg_current_xact_id()::xid"
    " ON CONFLICT (number) DO UPDATE SET sha256 = excluded.sha256, views = excluded.views, applied_at = now();";

struct runner {
    struct arena *arena;
    struct db_session *session;
    bool is_dry;
    const struct applied *applied;
    size_t applied_n;
    unsigned done; /* what was, or would be, changed */
};

static bool is_kind(const struct migrate_file *f, const char *kind)
{
    return strcmp(f->kind, kind) == 0;
}

static size_t migrations_n(void)
{
    size_t n = 0;
    while (n < migrate_files_n && is_kind(&migrate_files[n], "migrations"))
        n++;
    return n;
}

/* The migrations among what is applied. */
static size_t applied_migrations(const struct runner *r, const struct applied **ret_first)
{
    size_t skip = r->applied_n && r->applied[0].number == 0;
    *ret_first = r->applied + skip;
    return r->applied_n - skip;
}

static bool read_applied(struct runner *r, struct err *e)
{
    struct db_unit *u = db_unit_create(r->arena);
    const void *rows;
    db_unit_add(u, &applied_stmt, NULL);
    enum db_outcome outcome = db_session_run(r->session, u);
    const struct db_result *result = db_unit_result(u);
    /* No such table: a dry run on an empty database. */
    if (outcome != DB_DONE && strcmp(result->sqlstate, "42P01") != 0)
        return err_set(e, "reading mc.migration: %s", result->message ? result->message : "connection lost");
    r->applied_n = db_unit_rows(u, 0, &rows);
    r->applied = rows;
    return true;
}

/* A migration that could not run everywhere may be replaced by one of the same effect, which names the text that it stands for: "-- replaces: SHA256". */
static bool is_text_of(const struct applied *a, const struct migrate_file *f)
{
    char mark[96];
    snprintf(mark, sizeof mark, "-- replaces: %s\n", a->sha256);
    return strcmp(a->sha256, f->sha256) == 0 || strstr(f->text, mark);
}

/* What is applied must be exactly the first files of this program. */
static bool check_applied(const struct runner *r, struct err *e)
{
    const struct applied *a;
    size_t n = applied_migrations(r, &a), files = migrations_n();
    for (size_t i = 0; i < n; i++) {
        if (i >= files || strcmp(a[i].name, migrate_files[i].name) != 0)
            return err_set(e, "%s was applied to this database, but is not number %zu of this program's migrations",
                           a[i].name, i + 1);
        if (!is_text_of(&a[i], &migrate_files[i]))
            return err_set(e, "%s was changed after it was applied: corrections are new migrations", a[i].name);
    }
    return true;
}

/* The script's first line is the file's first line, so that the line in an error is the file's. */
static bool apply_one(struct runner *r, const struct migrate_file *f, struct err *e)
{
    struct buf sql = {0};
    struct err why;
    buf_addf(&sql, "SET LOCAL ROLE mc_owner;%s\n;INSERT INTO mc.migration (number, name, sha256) VALUES (%.4s, '%s', '%s')",
             f->text, f->name, f->name, f->sha256);
    bool ok = db_session_script(r->session, buf_str(&sql).p, &why) || err_set(e, "%s.sql: %s", f->name, why.text);
    buf_finish(&sql);
    return ok;
}

static bool apply_migrations(struct runner *r, struct err *e)
{
    const struct applied *a;
    for (size_t i = applied_migrations(r, &a), n = migrations_n(); i < n; i++) {
        if (!r->is_dry && !apply_one(r, &migrate_files[i], e))
            return false;
        printf("%s %s\n", r->is_dry ? "would apply" : "applied", migrate_files[i].name);
        r->done++;
    }
    return true;
}

static const char *set_sha256(struct arena *a)
{
    struct buf all = {0};
    for (size_t i = migrations_n(); i < migrate_files_n; i++)
        buf_addf(&all, "%s/%s %s\n", migrate_files[i].kind, migrate_files[i].name, migrate_files[i].sha256);
    const char *hex = hash_sha256_hex(a, buf_str(&all));
    buf_finish(&all);
    return hex;
}

/* "line 40: …" of all files in a row to "functions/10-core.sql: line 12: …". */
static bool set_failed(const char *why, struct err *e)
{
    unsigned line, left;
    int at = 0;
    if (sscanf(why, "line %u: %n", &line, &at) != 1 || !at)
        return err_set(e, "functions and views: %s", why);
    left = line;
    for (size_t i = migrations_n(); i < migrate_files_n; i++) {
        unsigned lines = 1;
        for (const char *p = migrate_files[i].text; *p; p++)
            lines += *p == '\n';
        if (left <= lines)
            return err_set(e, "%s/%s.sql: line %u: %s", migrate_files[i].kind, migrate_files[i].name, left, why + at);
        left -= lines;
    }
    return err_set(e, "functions and views: %s", why);
}

static bool apply_set(struct runner *r, struct err *e)
{
    const char *sha256 = set_sha256(r->arena);
    bool is_known = r->applied_n && r->applied[0].number == 0 && strcmp(r->applied[0].sha256, sha256) == 0;
    /* A migration may have replaced what they stand on. */
    if (is_known && !r->done)
        return true;
    r->done++;
    printf("%s functions and views\n", r->is_dry ? "would re-create" : "re-creating");
    if (r->is_dry)
        return true;
    struct buf sql = {0};
    struct err why;
    buf_adds(&sql, views_drop_sql);
    for (size_t i = migrations_n(); i < migrate_files_n; i++)
        buf_addf(&sql, "%s\n", migrate_files[i].text);
    buf_addf(&sql, views_register_sql, sha256);
    bool ok = db_session_script(r->session, buf_str(&sql).p, &why) || set_failed(why.text, e);
    buf_finish(&sql);
    return ok;
}

static bool run(struct runner *r, struct err *e)
{
    if (!r->is_dry && !db_session_script(r->session, registry_sql, e))
        return false;
    if (!read_applied(r, e) || !check_applied(r, e) || !apply_migrations(r, e) || !apply_set(r, e))
        return false;
    if (!r->done)
        puts("nothing to do");
    return true;
}

static int migrate(const char *conninfo, bool is_dry)
{
    struct err e;
    struct runner r = {.session = db_session_open(conninfo, &e), .is_dry = is_dry};
    if (!r.session) {
        fprintf(stderr, "migrate: %s\n", e.text);
        return EX_UNAVAILABLE;
    }
    r.arena = arena_create(0);
    bool ok = run(&r, &e);
    if (!ok)
        fprintf(stderr, "migrate: %s\n", e.text);
    arena_destroy(&r.arena);
    db_session_close(&r.session);
    return ok ? 0 : 1;
}

int migrate_command(int argc, char **argv)
{
    static const struct option options[] = {
        {"database", required_argument, NULL, 'd'}, {"dry-run", no_argument, NULL, 'n'}, {NULL, 0, NULL, 0}};
    const char *conninfo = NULL;
    bool is_dry = false;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c == 'd')
            conninfo = optarg;
        else if (c == 'n')
            is_dry = true;
        else
            return EX_USAGE;
    }
    if (!conninfo || optind != argc) {
        fputs("Usage: marketcross migrate --database CONNINFO [--dry-run]\n", stderr);
        return EX_USAGE;
    }
    return migrate(conninfo, is_dry);
}
