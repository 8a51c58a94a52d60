#include "daemon/base/csv.h"

#include <csv.h>
#include <string.h>

struct reader {
    csv_row_fn *row;
    void *context;
    struct err *e;
    struct buf cells;               /* of the row so far */
    size_t ends[CSV_MAX_COLUMNS];
    size_t cells_n, line, row_line, rows;
    bool failed;
};

static void take_cell(void *text, size_t n, void *context)
{
    struct reader *r = context;
    if (r->failed)
        return;
    if (r->cells_n == CSV_MAX_COLUMNS || n > CSV_MAX_CELL) {
        r->failed = !err_set(r->e, "line %zu: more than %d columns, or more than %d KiB in one of them", r->line, CSV_MAX_COLUMNS, CSV_MAX_CELL / 1024);
        return;
    }
    buf_add(&r->cells, text, n);
    r->ends[r->cells_n++] = r->cells.n;
}

static void take_row(int end, void *context)
{
    (void)end;
    struct reader *r = context;
    struct str cells[CSV_MAX_COLUMNS];
    for (size_t i = 0, from = 0; i < r->cells_n; from = r->ends[i++])
        cells[i] = (struct str){r->cells.p ? r->cells.p + from : "", r->ends[i] - from};
    if (!r->failed && r->cells_n && ++r->rows > CSV_MAX_ROWS + 1)
        r->failed = !err_set(r->e, "more than %d rows: split the file", CSV_MAX_ROWS);
    if (!r->failed && r->cells_n)
        r->failed = !r->row(r->context, r->row_line, cells, r->cells_n, r->e);
    r->cells.n = 0;
    r->cells_n = 0;
    r->row_line = r->line + 1;
}

/* Fed a line at a time, because libcsv does not count them. With CSV_REPALL_NL it tells of empty lines too, so that the count of rows' lines stays right. */
static bool feed(struct csv_parser *p, struct reader *r, struct str text)
{
    while (text.n && !r->failed) {
        const char *newline = memchr(text.p, '\n', text.n);
        size_t n = newline ? (size_t)(newline - text.p) + 1 : text.n;
        if (csv_parse(p, text.p, n, take_cell, take_row, r) != n && !r->failed)
            return err_set(r->e, "line %zu: %s", r->line, csv_strerror(csv_error(p)));
        r->line++;
        text = (struct str){text.p + n, text.n - n};
    }
    if (!r->failed && csv_fini(p, take_cell, take_row, r) != 0)
        return err_set(r->e, "a quotation mark that opens near line %zu never closes", r->row_line);
    return !r->failed;
}

bool csv_read(struct str text, csv_row_fn *row, void *context, struct err *e)
{
    struct csv_parser p;
    struct reader r = {.row = row, .context = context, .e = e, .line = 1, .row_line = 1};
    if (text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0)
        text = (struct str){text.p + 3, text.n - 3};
    if (!text_is_utf8(text.p, text.n) || memchr(text.p, 0, text.n))
        return err_set(e, "it is not UTF-8 text: save it as \"CSV UTF-8\" and try again");
    if (csv_init(&p, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0)
        return err_set(e, "out of memory");
    bool ok = feed(&p, &r, text);
    csv_free(&p);
    buf_finish(&r.cells);
    return ok;
}
