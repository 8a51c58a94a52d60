#include "daemon/holidays.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/base/civil.h"
#include "daemon/base/csv.h"
#include "daemon/base/json.h"
#include "daemon/register.h"
#include "sql/jobs.h"

struct reading {
    struct buf *out;
    size_t date, name; /* columns; SIZE_MAX until the heading was read */
    size_t days;
};

static bool find_columns(struct reading *r, const struct str *cells, size_t cells_n, struct err *e)
{
    for (size_t i = 0; i < cells_n; i++) {
        if (str_is(str_trim(cells[i]), "date"))
            r->date = i;
        else if (str_is(str_trim(cells[i]), "name"))
            r->name = i;
    }
    return (r->date != SIZE_MAX && r->name != SIZE_MAX) || err_set(e, "the first line must name the columns date and name");
}

static bool take_row(void *context, size_t line, const struct str *cells, size_t cells_n, struct err *e)
{
    struct reading *r = context;
    if (r->date == SIZE_MAX)
        return find_columns(r, cells, cells_n, e);
    if (cells_n <= r->date || cells_n <= r->name)
        return err_set(e, "line %zu has no date or no name", line);
    buf_adds(r->out, r->days++ ? ",{\"date\":" : "{\"date\":");
    json_write_str(r->out, str_trim(cells[r->date]));
    buf_adds(r->out, ",\"name\":");
    json_write_str(r->out, str_trim(cells[r->name]));
    buf_addc(r->out, '}');
    return true;
}

bool holidays_read(struct str in, struct buf *out, struct err *e)
{
    struct reading r = {.out = out, .date = SIZE_MAX, .name = SIZE_MAX};
    buf_addc(out, '[');
    bool ok = csv_read(in, take_row, &r, e) && (r.days || err_set(e, "it names no day"));
    buf_addc(out, ']');
    return ok;
}

static bool store(struct db_session *s, struct arena *a, const void *context, struct str days, struct err *e)
{
    (void)context;
    struct db_unit *u = db_unit_create(a);
    struct sql_bank_holidays_take_row row;
    sql_bank_holidays_take_add(u, &(struct sql_bank_holidays_take_params){.days = str_dup(a, days)});
    if (db_session_run(s, u) != DB_DONE || !sql_bank_holidays_take_one(u, 0, &row)) {
        const char *why = db_unit_result(u)->message;
        return err_set(e, "%s", why ? why : "the database did not answer");
    }
    printf("%d added, %d changed. Bank holidays are known until %s.\n", row.added, row.changed, civil_iso(a, row.known_until));
    return true;
}

int holidays_command(int argc, char **argv)
{
    const char *database = "host=/run/postgresql dbname=mc user=mc_jobs";
    int i = 1;
    if (i + 1 < argc && strcmp(argv[i], "--database") == 0) {
        database = argv[i + 1];
        i += 2;
    }
    if (i + 1 != argc)
        return fputs("Usage: marketcross holidays [--database CONNINFO] FILE.csv\n", stderr), EX_USAGE;
    return list_command("holidays", database, argv[i], holidays_read, store, NULL);
}
