#include "sql/gen/emit.h"

#include <string.h>

/* ---- text ---- */

/* One C literal a line. `?` is escaped because of trigraphs. */
static void emit_literal(struct buf *out, struct str s, const char *indent)
{
    buf_addf(out, "\n%s\"", indent);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '\n')
            buf_adds(out, "\\n");
        else if (c == '\t')
            buf_adds(out, "\\t");
        else if (c == '"' || c == '\\' || c == '?')
            buf_addf(out, "\\%c", c);
        else if ((unsigned char)c < ' ')
            buf_addf(out, "\\%03o", (unsigned)c);
        else
            buf_addc(out, c);
        if (c == '\n' && i + 1 < s.n)
            buf_addf(out, "\"\n%s\"", indent);
    }
    buf_addc(out, '"');
}

static bool is_in(const char *room, const struct query *q)
{
    return strcmp(room, q->room) == 0;
}

/* ---- declarations ---- */

static void emit_struct(struct buf *out, const char *name, const char *what, const struct fields *fields)
{
    buf_addf(out, "struct sql_%s_%s {\n", name, what);
    for (size_t i = 0; i < fields->n; i++) {
        const struct field *f = &fields->list[i];
        buf_addf(out, "    %s%s;\n", f->type->c, f->name);
        if (f->nullable && f->type->is_flagged)
            buf_addf(out, "    bool %s_null;\n", f->name);
    }
    buf_adds(out, "};\n");
}

static void emit_declarations(struct buf *out, const struct query *q)
{
    buf_addf(out, "\n/* %s */\nextern const struct db_stmt sql_%s_stmt;\n", q->about, q->name);
    if (q->params.n)
        emit_struct(out, q->name, "params", &q->params);
    else
        buf_addf(out, "struct sql_%s_params; /* there are none: give NULL */\n", q->name);
    if (q->row.n)
        emit_struct(out, q->name, "row", &q->row);
    buf_addf(out, "int sql_%s_add(struct db_unit *u, const struct sql_%s_params *params);\n", q->name, q->name);
    if (q->row.n) {
        buf_addf(out, "bool sql_%s_one(const struct db_unit *u, int step, struct sql_%s_row *ret_row);\n", q->name, q->name);
        buf_addf(out, "size_t sql_%s_rows(const struct db_unit *u, int step, const struct sql_%s_row **ret_rows);\n",
                 q->name, q->name);
    }
}

void emit_header(struct buf *out, const char *room, const struct query *list, size_t n)
{
    buf_addf(out, "/* Made by sqlgen from sql/queries/%s: change those files instead. */\n", room);
    buf_addf(out, "#ifndef SQL_QUERIES_%s_H\n#define SQL_QUERIES_%s_H\n\n#include \"daemon/db/db.h\"\n", room, room);
    for (size_t i = 0; i < n; i++)
        if (is_in(room, &list[i]))
            emit_declarations(out, &list[i]);
    buf_adds(out, "\n#endif\n");
}

/* ---- definitions ---- */

static void emit_columns(struct buf *out, const char *name, const char *what, const struct fields *fields)
{
    if (!fields->n)
        return;
    buf_addf(out, "\nstatic const struct db_column %s_%s[] = {\n", name, what);
    for (size_t i = 0; i < fields->n; i++) {
        const struct field *f = &fields->list[i];
        buf_addf(out, "    {\"%s\", %s, %s, %s, offsetof(struct sql_%s_%s, %s), ", f->name, f->type->symbol,
                 f->nullable ? "true" : "false", f->hidden ? "true" : "false", name, what, f->name);
        if (f->nullable && f->type->is_flagged)
            buf_addf(out, "offsetof(struct sql_%s_%s, %s_null)},\n", name, what, f->name);
        else
            buf_adds(out, "0},\n");
    }
    buf_adds(out, "};\n");
}

static void emit_table(struct buf *out, const struct query *q, const char *member, const char *what, const struct fields *fields)
{
    if (fields->n)
        buf_addf(out, "    .%s = %s_%s,\n    .%s_n = %zu,\n", member, q->name, what, member, fields->n);
}

static void emit_stmt(struct buf *out, const struct query *q)
{
    emit_columns(out, q->name, "params", &q->params);
    emit_columns(out, q->name, "row", &q->row);
    buf_addf(out, "\nconst struct db_stmt sql_%s_stmt = {\n    .name = \"%s\",\n    .room = \"%s\",\n    .sql =",
             q->name, q->name, q->room);
    emit_literal(out, str_of(q->sql), "        ");
    buf_adds(out, ",\n");
    emit_table(out, q, "params", "params", &q->params);
    emit_table(out, q, "columns", "row", &q->row);
    if (q->row.n)
        buf_addf(out, "    .row_size = sizeof(struct sql_%s_row),\n", q->name);
    buf_addf(out, "    .lane = %s,\n    .writes = %s,\n    .rows = \"%s\",\n", q->is_slow ? "DB_SLOW" : "DB_FAST",
             q->writes ? "true" : "false", q->rows);
    if (q->page)
        buf_addf(out, "    .page = %u,\n", q->page);
    buf_adds(out, "};\n");
}

static void emit_functions(struct buf *out, const struct query *q)
{
    const char *name = q->name;
    buf_addf(out,
             "\nint sql_%s_add(struct db_unit *u, const struct sql_%s_params *params)\n{\n"
             "    return db_unit_add(u, &sql_%s_stmt, params);\n}\n",
             name, name, name);
    if (!q->row.n)
        return;
    buf_addf(out,
             "\nbool sql_%s_one(const struct db_unit *u, int step, struct sql_%s_row *ret_row)\n{\n"
             "    return db_unit_row(u, step, ret_row);\n}\n",
             name, name);
    buf_addf(out,
             "\nsize_t sql_%s_rows(const struct db_unit *u, int step, const struct sql_%s_row **ret_rows)\n{\n"
             "    const void *rows = NULL;\n    size_t n = db_unit_rows(u, step, &rows);\n    *ret_rows = rows;\n    return n;\n}\n",
             name, name);
}

void emit_source(struct buf *out, const char *room, const struct query *list, size_t n)
{
    buf_addf(out, "/* Made by sqlgen from sql/queries/%s: change those files instead. */\n#include \"sql/%s.h\"\n", room, room);
    for (size_t i = 0; i < n; i++)
        if (is_in(room, &list[i])) {
            emit_stmt(out, &list[i]);
            emit_functions(out, &list[i]);
        }
}

void emit_stmts(struct buf *out, const struct query *list, size_t n)
{
    buf_adds(out, "/* Made by sqlgen: every named query of the program. */\n#include \"daemon/db/db.h\"\n\n");
    for (size_t i = 0; i < n; i++)
        buf_addf(out, "extern const struct db_stmt sql_%s_stmt;\n", list[i].name);
    buf_adds(out, "\nconst struct db_stmt *const db_stmts[] = {\n");
    for (size_t i = 0; i < n; i++)
        buf_addf(out, "    &sql_%s_stmt, /* %s */\n", list[i].name, list[i].room);
    buf_addf(out, "    NULL,\n};\nconst size_t db_stmts_n = %zu;\n", n);
}

void emit_schema(struct buf *out, const struct schema_file *list, size_t n)
{
    buf_adds(out, "/* Made by sqlgen from sql/migrations, sql/functions and sql/views. */\n#include \"daemon/migrate.h\"\n");
    buf_adds(out, "\nconst struct migrate_file migrate_files[] = {\n");
    for (size_t i = 0; i < n; i++) {
        buf_addf(out, "    {\"%s\", \"%s\", \"%s\",", list[i].kind, list[i].name, list[i].sha256);
        emit_literal(out, list[i].text, "     ");
        buf_adds(out, "},\n");
    }
    buf_addf(out, "    {NULL, NULL, NULL, NULL},\n};\nconst size_t migrate_files_n = %zu;\n", n);
}
