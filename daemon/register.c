#include "daemon/register.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/base/csv.h"
#include "daemon/base/json.h"
#include "sql/identity.h"

enum { FILE_BYTES = 16 << 20, PIECE_BYTES = 64 << 10 };

/* The columns that a list must have, then those that it may have. What a cell may hold: sql/functions/56-register.sql. */
static const struct kind {
    const char *name, *needed, *optional;
} kinds[] = {
    {"councils", "slug,name,phone,email", ""},
    {"bank-accounts", "council,name,sort_code,account_number", "iban,client_money"},
    {"organisations", "name,kind", "summary,phone,email,area"},
    {"people", "council,case_ref,name", "postcode,needs"},
    {"roles", "council,role,email,name", "organisation,person,ended"},
    {"outcomes", "council,person,title,agreed_on", "ended_on"},
    {"agreed-prices", "council,listing,price,valid_from", "valid_to"},
};

/* ---- reading ---- */

struct reading {
    struct buf *out;
    struct arena *a;
    const char *names[CSV_MAX_COLUMNS];
    size_t names_n, rows;
};

static bool take_row(void *context, size_t line, const struct str *cells, size_t cells_n, struct err *e)
{
    struct reading *r = context;
    if (!r->names_n) {
        for (; r->names_n < cells_n; r->names_n++)
            r->names[r->names_n] = str_dup(r->a, str_trim(cells[r->names_n]));
        return true;
    }
    if (cells_n != r->names_n)
        return err_set(e, "line %zu has %zu cells, the first line %zu", line, cells_n, r->names_n);
    buf_addf(r->out, "%s{\"line\":%zu", r->rows++ ? "," : "", line);
    for (size_t i = 0; i < cells_n; i++) {
        buf_addc(r->out, ',');
        json_write_text(r->out, r->names[i]);
        buf_addc(r->out, ':');
        json_write_str(r->out, str_trim(cells[i]));
    }
    buf_addc(r->out, '}');
    return true;
}

bool register_read(struct str in, struct buf *out, struct err *e)
{
    struct reading r = {.out = out, .a = arena_create(0)};
    buf_addc(out, '[');
    bool ok = csv_read(in, take_row, &r, e) && (r.rows || err_set(e, "it has no line below the names of its columns"));
    buf_addc(out, ']');
    arena_destroy(&r.a);
    return ok;
}

static bool read_file(const char *path, jail_fn *read, struct buf *out, struct err *e)
{
    char piece[PIECE_BYTES];
    struct buf text = {0};
    FILE *f = fopen(path, "re");
    if (!f)
        return err_set(e, "%s", strerror(errno));
    for (size_t n; text.n <= FILE_BYTES && (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_add(&text, piece, n);
    bool ok = (!ferror(f) || err_set(e, "it cannot be read")) && (text.n <= FILE_BYTES || err_set(e, "it is larger than 16 MiB"));
    fclose(f);
    ok = ok && jail_run(read, buf_str(&text), &jail_limits_document, out, e) == JAIL_READ;
    buf_finish(&text);
    return ok;
}

int list_command(const char *command, const char *database, const char *path, jail_fn *read, list_store_fn *store, const void *context)
{
    struct err e = {""};
    struct buf rows = {0};
    struct arena *a = arena_create(0);
    bool is_read = read_file(path, read, &rows, &e);
    struct db_session *s = is_read ? db_session_open(database, &e) : NULL;
    bool ok = s && store(s, a, context, buf_str(&rows), &e);
    if (!ok)
        fprintf(stderr, "marketcross %s: %s: %s\n", command, path, e.text);
    int code = ok ? 0 : s || !is_read ? EX_DATAERR : EX_UNAVAILABLE;
    db_session_close(&s);
    buf_finish(&rows);
    arena_destroy(&a);
    return code;
}

/* ---- what it must name ---- */

static bool is_in(const char *list, const char *name)
{
    struct str rest = str_of(list), one;
    while (str_cut(&rest, ',', &one))
        if (str_is(one, name))
            return true;
    return false;
}

/* The first object has the names of all. */
static bool columns_fit(const struct kind *k, struct arena *a, struct str rows, struct err *e)
{
    const json_t *first = json_array_get(json_read(a, rows, rows.n + 1, e), 0);
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)first, name, value)
        if (strcmp(name, "line") != 0 && !is_in(k->needed, name) && !is_in(k->optional, name))
            return err_set(e, "the column \"%.40s\" is none of %s%s%s", name, k->needed, k->optional[0] ? "," : "", k->optional);
    struct str rest = str_of(k->needed), one;
    while (str_cut(&rest, ',', &one))
        if (!json_object_getn(first, one.p, one.n))
            return err_set(e, "the first line must name the columns %s", k->needed);
    return true;
}

/* ---- the command ---- */

static const struct kind *kind_of(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

static int usage(void)
{
    fputs("Usage: marketcross register KIND [--database CONNINFO] FILE.csv\nThe kinds, and the columns of their lists (the latter may be left out):\n", stderr);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        fprintf(stderr, "  %-14s %s%s%s\n", kinds[i].name, kinds[i].needed, kinds[i].optional[0] ? "  " : "", kinds[i].optional);
    return EX_USAGE;
}

static bool store(struct db_session *s, struct arena *a, const void *context, struct str rows, struct err *e)
{
    const struct kind *k = context;
    if (!columns_fit(k, a, rows, e))
        return false;
    struct db_unit *u = db_unit_create(a);
    struct sql_register_rows_row row;
    sql_register_rows_add(u, &(struct sql_register_rows_params){.kind = k->name, .rows = str_dup(a, rows)});
    if (db_session_run(s, u) != DB_DONE || !sql_register_rows_one(u, 0, &row)) {
        const char *why = db_unit_result(u)->message;
        return err_set(e, "%s", why ? why : "the database did not answer");
    }
    printf("%s: %d added, %d changed.\n", k->name, row.added, row.changed);
    return true;
}

int register_command(int argc, char **argv)
{
    const char *database = "host=/run/postgresql dbname=mc user=mc_migrate";
    const struct kind *k = argc > 1 ? kind_of(argv[1]) : NULL;
    int i = 2;
    if (i + 1 < argc && strcmp(argv[i], "--database") == 0) {
        database = argv[i + 1];
        i += 2;
    }
    if (!k || i + 1 != argc)
        return usage();
    return list_command("register", database, argv[i], register_read, store, k);
}
