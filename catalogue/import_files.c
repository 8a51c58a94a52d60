#include "catalogue/import.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue/import_rows.h"
#include "daemon/base/arena.h"
#include "daemon/base/hash.h"
#include "daemon/base/json.h"
#include "daemon/jail/jail.h"

enum { FILE_BYTES = 32 << 20 };

/* The whole file; false after saying why. */
static bool read_file(const char *path, struct buf *out)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return false;
    }
    char piece[65536];
    size_t n;
    while ((n = fread(piece, 1, sizeof piece, f)) > 0 && out->n <= FILE_BYTES)
        buf_add(out, piece, n);
    bool ok = !ferror(f) && out->n <= FILE_BYTES;
    if (!ok)
        fprintf(stderr, "%s: it cannot be read, or is larger than %d MiB\n", path, FILE_BYTES >> 20);
    fclose(f);
    return ok;
}

/* "R\t…" -> "…" into the list of its kind. */
static void take_line(struct import_rows *to, struct str line, int file)
{
    struct str rest = {line.p + 2, line.n - 2};
    if (line.p[0] == 'E') {
        to->failed_n += rest.p[0] == '1';
        to->fault_files[to->faults_n] = file;
        to->faults[to->faults_n++] = rest;
    } else {
        to->row_files[to->rows_n] = file;
        to->rows[to->rows_n++] = rest;
    }
}

static size_t count_lines(struct str text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

static void split_lines(struct arena *a, const size_t *ends, size_t files_n, struct import_rows *to)
{
    size_t most = count_lines(buf_str(&to->text)) + 1;
    to->rows = arena_array(a, most, sizeof *to->rows);
    to->faults = arena_array(a, most, sizeof *to->faults);
    to->row_files = arena_array(a, most, sizeof *to->row_files);
    to->fault_files = arena_array(a, most, sizeof *to->fault_files);
    size_t from = 0;
    for (size_t f = 0; f < files_n; from = ends[f++]) {
        struct str text = {to->text.p ? to->text.p + from : "", ends[f] - from}, line;
        while (str_cut(&text, '\n', &line))
            if (line.n > 2)
                take_line(to, line, (int)f);
    }
}

static void free_buf(void *b)
{
    buf_finish(b);
}

bool import_read_files(struct arena *a, const struct import_options *o, jail_fn *read, struct str map, struct import_rows *ret, char **ret_sha256)
{
    size_t *ends = arena_array(a, o->files_n, sizeof *ends);
    struct buf whole = {0};
    bool ok = true;
    arena_attach(a, free_buf, &ret->text);
    json_prepare();
    buf_add(&whole, map.p, map.n);
    for (size_t i = 0; i < o->files_n && ok; i++) {
        struct buf file = {0}, in = {0};
        struct err e = {""};
        ok = read_file(o->files[i], &file);
        if (ok && map.n)
            import_pack(&in, map, buf_str(&file));
        if (ok && jail_run(read, map.n ? buf_str(&in) : buf_str(&file), &jail_limits_document, &ret->text, &e) != JAIL_READ) {
            fprintf(stderr, "%s: %s\n", o->files[i], e.text);
            ok = false;
        }
        buf_add(&whole, file.p, file.n);
        ends[i] = ret->text.n;
        buf_finish(&in);
        buf_finish(&file);
    }
    if (ok) {
        *ret_sha256 = hash_sha256_hex(a, buf_str(&whole));
        split_lines(a, ends, o->files_n, ret);
    }
    buf_finish(&whole);
    return ok;
}

/* A column of a line in COPY's text form, as a CSV cell. */
static void write_cell(FILE *f, struct str cell)
{
    fputs(",\"", f);
    for (size_t i = 0; i < cell.n; i++) {
        char c = cell.p[i];
        if (c == '\\' && i + 1 < cell.n)
            c = cell.p[++i] == 'n' || cell.p[i] == 'r' ? ' ' : cell.p[i];
        if (c == '"')
            fputc('"', f);
        fputc(c, f);
    }
    fputc('"', f);
}

bool import_write_faults(const struct import_options *o, const struct import_rows *rows)
{
    FILE *f = fopen(o->errors, "w");
    if (!f) {
        fprintf(stderr, "%s: %s\n", o->errors, strerror(errno));
        return false;
    }
    fputs("file,outcome,line,column,what is wrong,what to do\n", f);
    for (size_t i = 0; i < rows->faults_n; i++) {
        struct str rest = rows->faults[i], part;
        const char *name = strrchr(o->files[rows->fault_files[i]], '/');
        fprintf(f, "%s,%s", name ? name + 1 : o->files[rows->fault_files[i]], rest.p[0] == '1' ? "row left out" : "value left out");
        str_cut(&rest, '\t', &part);
        while (str_cut(&rest, '\t', &part))
            write_cell(f, part);
        fputc('\n', f);
    }
    return fclose(f) == 0;
}
