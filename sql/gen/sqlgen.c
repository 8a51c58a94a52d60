/*
 * sqlgen OUTDIR FILE.sql…              named queries to OUTDIR/ROOM.{h,c} and OUTDIR/stmts.c
 * sqlgen --schema OUTFILE FILE.sql…    the schema's files to one table, so that the program carries its schema
 * A file is written only when its content changed, so that nothing is compiled again for nothing.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/base/arena.h"
#include "daemon/base/hash.h"
#include "sql/gen/emit.h"

enum { FILE_BYTES_MAX = 4 * 1024 * 1024 };

static bool file_read(struct arena *a, const char *path, struct str *ret, struct err *e)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return err_set(e, "%s:1: %s", path, strerror(errno));
    struct buf b = {0};
    char chunk[8192];
    for (size_t n; b.n <= FILE_BYTES_MAX && (n = fread(chunk, 1, sizeof chunk, f)) > 0;)
        buf_add(&b, chunk, n);
    bool ok = !ferror(f) && b.n <= FILE_BYTES_MAX;
    fclose(f);
    if (ok)
        *ret = (struct str){str_dup(a, buf_str(&b)), b.n};
    buf_finish(&b);
    return ok || err_set(e, "%s:1: unreadable, or longer than %d bytes", path, FILE_BYTES_MAX);
}

static bool file_write(struct arena *a, const char *path, const struct buf *content, struct err *e)
{
    struct str old;
    if (file_read(a, path, &old, NULL) && str_equal(old, buf_str(content)))
        return true;
    FILE *f = fopen(path, "wb");
    if (!f)
        return err_set(e, "%s:1: %s", path, strerror(errno));
    bool ok = fwrite(content->p, 1, content->n, f) == content->n;
    ok = fclose(f) == 0 && ok;
    return ok || err_set(e, "%s:1: could not be written", path);
}

typedef void emit_room_fn(struct buf *out, const char *room, const struct query *list, size_t n);

static bool room_write(struct arena *a, const char *dir, const char *suffix, emit_room_fn *emit, const char *room,
                       const struct query *list, size_t n, struct err *e)
{
    struct buf out = {0};
    emit(&out, room, list, n);
    bool ok = file_write(a, arena_printf(a, "%s/%s.%s", dir, room, suffix), &out, e);
    buf_finish(&out);
    return ok;
}

static bool is_first_of_room(const struct query *list, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (strcmp(list[j].room, list[i].room) == 0)
            return false;
    return true;
}

static bool rooms_write(struct arena *a, const char *dir, const struct query *list, size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++)
        if (is_first_of_room(list, i) && (!room_write(a, dir, "h", emit_header, list[i].room, list, n, e) ||
                                          !room_write(a, dir, "c", emit_source, list[i].room, list, n, e)))
            return false;
    struct buf out = {0};
    emit_stmts(&out, list, n);
    bool ok = file_write(a, arena_printf(a, "%s/stmts.c", dir), &out, e);
    buf_finish(&out);
    return ok;
}

/* Every bad file is reported, not only the first. */
static bool queries_make(struct arena *a, const char *dir, char **paths, size_t n)
{
    struct query *list = arena_array(a, n, sizeof *list);
    struct err e;
    size_t bad = 0;
    for (size_t i = 0; i < n; i++) {
        struct str text;
        if (file_read(a, paths[i], &text, &e) && query_read(a, paths[i], text, &list[i], &e))
            continue;
        fprintf(stderr, "%s\n", e.text);
        bad++;
    }
    if (bad)
        return false;
    if (query_check_names(list, n, &e) && rooms_write(a, dir, list, n, &e))
        return true;
    fprintf(stderr, "%s\n", e.text);
    return false;
}

/* Kind and name from …/KIND/NAME.sql. */
static bool schema_read(struct arena *a, const char *path, struct schema_file *ret, struct err *e)
{
    const char *name = strrchr(path, '/'), *suffix = strrchr(path, '.');
    struct str dir = {path, name ? (size_t)(name - path) : 0}, kind = {0};
    while (str_cut(&dir, '/', &kind))
        ;
    if (!name || !suffix || strcmp(suffix, ".sql") != 0 ||
        !(str_is(kind, "migrations") || str_is(kind, "functions") || str_is(kind, "views")))
        return err_set(e, "%s:1: not migrations/NAME.sql, functions/NAME.sql or views/NAME.sql", path);
    if (!file_read(a, path, &ret->text, e))
        return false;
    if (!text_is_utf8(ret->text.p, ret->text.n) || memchr(ret->text.p, '\0', ret->text.n))
        return err_set(e, "%s:1: not UTF-8", path);
    ret->kind = str_dup(a, kind);
    ret->name = arena_strndup(a, name + 1, (size_t)(suffix - name - 1));
    ret->sha256 = hash_sha256_hex(a, ret->text);
    return true;
}

static bool is_numbered(const char *name)
{
    for (size_t i = 0; i < 4; i++)
        if (!text_is_digit(name[i]))
            return false;
    return name[4] == '-' && strspn(name, "0123456789abcdefghijklmnopqrstuvwxyz-") == strlen(name);
}

/* Files come in the order in which they run. Two migrations of one number would run in another order elsewhere. */
static bool schema_check(const struct schema_file *list, size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i].kind, "migrations") != 0)
            continue;
        if (!is_numbered(list[i].name))
            return err_set(e, "migrations/%s.sql:1: not called NNNN-name.sql (a-z, 0-9, -)", list[i].name);
        if (i && strncmp(list[i - 1].name, list[i].name, 4) >= 0)
            return err_set(e, "migrations/%s.sql:1: its number is not above that of %s", list[i].name, list[i - 1].name);
    }
    return true;
}

static bool schema_make(struct arena *a, const char *path, char **paths, size_t n)
{
    struct schema_file *list = arena_array(a, n, sizeof *list);
    struct err e;
    bool ok = true;
    for (size_t i = 0; i < n && ok; i++)
        ok = schema_read(a, paths[i], &list[i], &e);
    ok = ok && schema_check(list, n, &e);
    if (ok) {
        struct buf out = {0};
        emit_schema(&out, list, n);
        ok = file_write(a, path, &out, &e);
        buf_finish(&out);
    }
    if (!ok)
        fprintf(stderr, "%s\n", e.text);
    return ok;
}

int main(int argc, char **argv)
{
    bool is_schema = argc > 1 && strcmp(argv[1], "--schema") == 0;
    int first = is_schema ? 3 : 2;
    if (argc < first) {
        fputs("Usage: sqlgen OUTDIR FILE.sql…\n       sqlgen --schema OUTFILE FILE.sql…\n", stderr);
        return EX_USAGE;
    }
    struct arena *a = arena_create(0);
    size_t n = (size_t)(argc - first);
    bool ok = is_schema ? schema_make(a, argv[2], argv + first, n) : queries_make(a, argv[1], argv + first, n);
    arena_destroy(&a);
    return ok ? 0 : 1;
}
