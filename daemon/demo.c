#include "daemon/demo.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/base/arena.h"
#include "daemon/db/db.h"
#include "daemon/identity/identity_routes.h"
#include "daemon/story.h"
#include "sql/identity.h"
#include "sql/verify.h"

enum { SEED_MAX = 4 << 20, FILES_MAX = 64 };

static bool read_file(struct arena *a, const char *path, const char **ret_text, struct err *e)
{
    FILE *f = fopen(path, "re");
    if (!f)
        return err_set(e, "%s: %s", path, strerror(errno));
    char *text = arena_alloc(a, SEED_MAX);
    size_t n = fread(text, 1, SEED_MAX - 1, f);
    bool is_whole = feof(f) && !ferror(f);
    fclose(f);
    *ret_text = text;
    return is_whole && n > 0 ? true : err_set(e, "%s: cannot be read", path);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The .sql files of a folder in name order, those of `daily/` excepted. */
static size_t list_scripts(struct arena *a, const char *folder, const char **names)
{
    size_t n = 0;
    DIR *d = opendir(folder);
    for (const struct dirent *f; d && (f = readdir(d)) != NULL;) {
        size_t len = strlen(f->d_name);
        if (len > 4 && strcmp(f->d_name + len - 4, ".sql") == 0 && n < FILES_MAX)
            names[n++] = arena_printf(a, "%s/%s", folder, f->d_name);
    }
    if (d)
        closedir(d);
    qsort(names, n, sizeof *names, by_name);
    return n;
}

static bool run_scripts(struct db_session *s, struct arena *a, const char *folder, struct err *e)
{
    const char *names[FILES_MAX];
    size_t n = list_scripts(a, folder, names);
    struct buf all = {0};
    bool ok = n > 0 || err_set(e, "%s: holds no .sql files", folder);
    buf_adds(&all, "SET LOCAL ROLE mc_owner;\n");
    for (size_t i = 0; i < n && ok; i++) {
        const char *text = NULL;
        ok = read_file(a, names[i], &text, e);
        if (ok)
            buf_addf(&all, "%s\n", text);
    }
    /* One transaction: the town is there whole, or not at all. */
    ok = ok && db_session_script(s, all.p, e);
    buf_finish(&all);
    return ok;
}

static bool town_is_loaded(struct db_session *s, struct arena *a, bool *ret_loaded, struct err *e)
{
    struct db_unit *u = db_unit_create(a);
    struct sql_installation_row row;
    sql_installation_add(u, NULL);
    if (db_session_run(s, u) != DB_DONE || !sql_installation_one(u, 0, &row))
        return err_set(e, "the database could not be read");
    *ret_loaded = row.is_demo;
    if (!row.is_demo && row.councils > 0)
        return err_set(e, "this database holds real councils: the demonstration town is not loaded into it");
    return true;
}

static int load(struct db_session *s, struct arena *a, const char *seed, struct err *e)
{
    bool loaded = false;
    if (!town_is_loaded(s, a, &loaded, e) || (!loaded && !run_scripts(s, a, seed, e)) ||
        !run_scripts(s, a, arena_printf(a, "%s/daily", seed), e))
        return 1;
    return 0;
}

static int people(struct db_session *s, struct arena *a, struct err *e)
{
    struct db_unit *u = db_unit_create(a);
    const struct sql_demo_people_row *rows;
    sql_demo_people_add(u, NULL);
    if (db_session_run(s, u) != DB_DONE) {
        err_set(e, "the database could not be read");
        return 1;
    }
    size_t n = sql_demo_people_rows(u, 0, &rows);
    puts("Who can sign in (one button each on /sign-in, no password needed):");
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || rows[i].council_id != rows[i - 1].council_id)
            printf("  %s\n", rows[i].council_name);
        printf("    %-20s %-18s %s\n", rows[i].name, request_hat_name(rows[i].role), rows[i].about);
    }
    fflush(stdout);
    return 0;
}

static int usage(void)
{
    fputs("Usage: marketcross demo load --database CONNINFO --seed FOLDER\n"
          "       marketcross demo people --database CONNINFO\n"
          "       marketcross demo story [--url URL]\n",
          stderr);
    return EX_USAGE;
}

int demo_command(int argc, char **argv)
{
    const char *database = NULL, *seed = "sql/seed", *verb = argc > 1 ? argv[1] : "", *url = "http://localhost:8080";
    for (int i = 2; i < argc; i++) {
        if (i + 1 >= argc)
            return usage();
        if (strcmp(argv[i], "--database") == 0)
            database = argv[++i];
        else if (strcmp(argv[i], "--seed") == 0)
            seed = argv[++i];
        else if (strcmp(argv[i], "--url") == 0)
            url = argv[++i];
        else
            return usage();
    }
    if (strcmp(verb, "story") == 0)
        return database ? usage() : story_tell(url);
    if (!database || (strcmp(verb, "load") != 0 && strcmp(verb, "people") != 0))
        return usage();
    struct err e = {""};
    struct arena *a = arena_create((size_t)SEED_MAX * FILES_MAX);
    struct db_session *s = db_session_open(database, &e);
    int code = !s ? EX_UNAVAILABLE : strcmp(verb, "load") == 0 ? load(s, a, seed, &e) : people(s, a, &e);
    if (code)
        fprintf(stderr, "marketcross demo %s: %s\n", verb, e.text);
    db_session_close(&s);
    arena_destroy(&a);
    return code;
}
