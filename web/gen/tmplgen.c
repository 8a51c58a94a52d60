/* tmplgen OUTDIR SQLDIR FILE.html…: writes OUTDIR/ROOM.h and OUTDIR/ROOM.c for every folder of templates. */
#include "web/gen/tmplgen.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

void tmpl_fail(const struct cur *c, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *message = arena_vprintf(c->g->arena, fmt, ap);
    va_end(ap);
    buf_addf(c->g->errors, "%s:%u: %s\n", c->file, c->line, message);
    longjmp(c->g->stop, 1);
}

static void dispose_buf(void *b)
{
    buf_finish(b);
}

struct buf *gen_buf(struct gen *g)
{
    struct buf *b = arena_alloc(g->arena, sizeof *b);
    arena_attach(g->arena, dispose_buf, b);
    return b;
}

struct gen *gen_create(struct arena *a, const char *sql_dir, size_t max_templates)
{
    struct gen *g = arena_alloc(a, sizeof *g);
    g->arena = a;
    g->sql_dir = sql_dir;
    g->tmpls = arena_array(a, max_templates, sizeof *g->tmpls);
    g->errors = gen_buf(g);
    return g;
}

struct tmpl *tmpl_find(struct gen *g, const char *room_and_name)
{
    for (size_t i = 0; i < g->n; i++) {
        size_t n = strlen(g->tmpls[i].room);
        if (strncmp(room_and_name, g->tmpls[i].room, n) == 0 && room_and_name[n] == '/' &&
            strcmp(room_and_name + n + 1, g->tmpls[i].name) == 0)
            return &g->tmpls[i];
    }
    return NULL;
}

/* ---- compiling ---- */

static void check_name(struct cur *c, const char *name)
{
    for (const char *p = name; *p; p++)
        if (!((*p >= 'a' && *p <= 'z') || text_is_digit(*p) || *p == '_'))
            tmpl_fail(c, "names of folders and files are small letters, digits and underscores: '%s'", name);
    if (!*name || text_is_digit(*name))
        tmpl_fail(c, "the name of a folder or file starts with a letter: '%s'", name);
}

static void read_header(struct tmpl *t)
{
    struct cur c = t->body_start;
    check_name(&c, t->room);
    check_name(&c, t->name);
    if (t->text.n >= TMPL_MAX_BYTES)
        tmpl_fail(&c, "the file is larger than 1 MiB");
    if (!text_is_utf8(t->text.p, t->text.n) || memchr(t->text.p, 0, t->text.n))
        tmpl_fail(&c, "the file is not UTF-8 text");
    tmpl_read_header(t, &c);
}

/* Runs one step of a template; its first fault ends the step and leaves the rest of the run alone. */
static bool attempt(struct gen *g, struct tmpl *t, void (*step)(struct tmpl *))
{
    if (setjmp(g->stop))
        return false;
    step(t);
    return true;
}

void gen_add(struct gen *g, const char *path, struct str text)
{
    struct tmpl *t = &g->tmpls[g->n++];
    const char *slash = strrchr(path, '/'), *room = slash ? slash : path;
    while (room > path && room[-1] != '/')
        room--;
    const char *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    t->path = arena_strdup(g->arena, path);
    t->room = arena_strndup(g->arena, room, slash ? (size_t)(slash - room) : 0);
    t->name = arena_strndup(g->arena, name, dot ? (size_t)(dot - name) : strlen(name));
    t->text = text;
    t->body = gen_buf(g);
    t->includes = gen_buf(g);
    t->body_start = (struct cur){.p = text.p, .end = text.p + text.n, .line = 1, .file = t->path, .g = g};
}

bool gen_compile(struct gen *g)
{
    for (size_t i = 0; i < g->n; i++)
        attempt(g, &g->tmpls[i], read_header);
    for (size_t i = 0; i < g->n; i++)
        if (g->tmpls[i].has_header)
            attempt(g, &g->tmpls[i], tmpl_compile_body);
    return g->errors->n == 0;
}

/* ---- writing ---- */

static const char *c_type(enum type type)
{
    static const char *const types[] = {
        [TY_TEXT] = "const char *", [TY_INT] = "int64_t ",  [TY_MONEY] = "int64_t ",           [TY_BOOL] = "bool ",
        [TY_DATE] = "int32_t ",     [TY_REAL] = "double ",  [TY_HTML] = "struct html_safe ", [TY_FORM] = "const struct form *"};
    return types[type];
}

static void write_member(struct buf *b, const struct field *f)
{
    if (f->shape) {
        buf_addf(b, "    const %s *%s;\n", f->shape->c_name, f->name);
        if (f->type != TY_ROW)
            buf_addf(b, "    size_t %s_n;\n", f->name);
        return;
    }
    buf_addf(b, "    %s%s;\n", c_type(f->type), f->name);
    bool is_number = f->type == TY_INT || f->type == TY_MONEY || f->type == TY_BOOL || f->type == TY_REAL;
    if (f->null && is_number)
        buf_addf(b, "    bool %s_null;\n", f->name);
}

static void write_struct(struct buf *b, const char *c_name, const struct field *fields, size_t n)
{
    buf_addf(b, "%s {\n", c_name);
    for (size_t i = 0; i < n; i++)
        write_member(b, &fields[i]);
    if (!n)
        buf_adds(b, "    bool none; /* C has no empty struct */\n");
    buf_adds(b, "};\n\n");
}

static void write_declarations(struct gen *g, const struct tmpl *t, struct buf *b)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct shape *shape = t->params[i].shape;
        if (shape && t->params[i].type == TY_LIST)
            write_struct(b, shape->c_name, shape->fields, shape->n);
    }
    write_struct(b, arena_printf(g->arena, "struct tmpl_%s_%s", t->room, t->name), t->params, t->n);
    buf_addf(b, "void tmpl_%s_%s(struct html *o, const struct tmpl_%s_%s *p);\n\n", t->room, t->name, t->room, t->name);
}

static bool is_of(const struct tmpl *t, const char *room)
{
    return strcmp(t->room, room) == 0;
}

void gen_header(struct gen *g, const char *room, struct buf *b)
{
    buf_addf(b, "/* Made by tmplgen from the templates of \"%s\". */\n#ifndef TMPL_%s_H\n#define TMPL_%s_H\n\n", room, room,
             room);
    buf_adds(b, "#include \"daemon/base/civil.h\"\n#include \"web/html/form.h\"\n#include \"web/html/html.h\"\n");
    for (size_t i = 0; i < g->n; i++)
        for (size_t j = 0; is_of(&g->tmpls[i], room) && j < g->tmpls[i].n; j++)
            if (g->tmpls[i].params[j].shape && g->tmpls[i].params[j].shape->query)
                buf_addf(b, "#include \"sql/%s.h\"\n", g->tmpls[i].params[j].shape->room);
    buf_adds(b, "\n");
    for (size_t i = 0; i < g->n; i++)
        if (is_of(&g->tmpls[i], room))
            write_declarations(g, &g->tmpls[i], b);
    buf_adds(b, "#endif\n");
}

/* A row that is not there reads as a row of nothing. */
static void write_rows(const struct tmpl *t, struct buf *b)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct field *f = &t->params[i];
        if (f->type == TY_ROW && f->used)
            buf_addf(b, "    static const %s %s_none = {0};\n    const %s *%s_row = p->%s ? p->%s : &%s_none;\n    (void)%s_row;\n",
                     f->shape->c_name, f->name, f->shape->c_name, f->name, f->name, f->name, f->name, f->name);
    }
}

static void write_function(const struct tmpl *t, struct buf *b)
{
    buf_addf(b, "void tmpl_%s_%s(struct html *o, const struct tmpl_%s_%s *p)\n{\n    (void)p;\n    (void)o;\n", t->room, t->name,
             t->room, t->name);
    write_rows(t, b);
    buf_add(b, t->body->p, t->body->n);
    buf_adds(b, "}\n\n");
}

void gen_source(struct gen *g, const char *room, struct buf *b)
{
    buf_addf(b, "/* Made by tmplgen from the templates of \"%s\". */\n#include \"tmpl/%s.h\"\n\n", room, room);
    for (size_t i = 0; i < g->n; i++)
        if (is_of(&g->tmpls[i], room) && g->tmpls[i].includes->n)
            buf_add(b, g->tmpls[i].includes->p, g->tmpls[i].includes->n);
    buf_adds(b, "\n");
    for (size_t i = 0; i < g->n; i++)
        if (is_of(&g->tmpls[i], room))
            write_function(&g->tmpls[i], b);
}

/* ---- files ---- */

bool gen_read(struct arena *a, const char *path, struct str *ret_text)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return false;
    struct buf b = {0};
    size_t n;
    do {
        buf_reserve(&b, 4096);
        n = fread(b.p + b.n, 1, 4096, f);
        b.n += n;
    } while (n && b.n < TMPL_MAX_BYTES);
    bool is_read = !ferror(f);
    fclose(f);
    *ret_text = (struct str){arena_strndup(a, b.p, b.n), b.n};
    buf_finish(&b);
    return is_read;
}

/* A file that is the same keeps its time, so that nothing is compiled again. */
static bool write_changed(struct arena *a, const char *path, const struct buf *b)
{
    struct str old = {NULL, 0};
    if (b->n < TMPL_MAX_BYTES && gen_read(a, path, &old) && str_equal(old, buf_str(b)))
        return true;
    FILE *f = fopen(path, "wb");
    bool is_written = f && fwrite(b->p, 1, b->n, f) == b->n;
    if (f && fclose(f) != 0)
        is_written = false;
    if (!is_written)
        fprintf(stderr, "%s: cannot be written\n", path);
    return is_written;
}

static bool write_room(struct gen *g, const char *out, const char *room)
{
    struct buf *h = gen_buf(g), *c = gen_buf(g);
    gen_header(g, room, h);
    gen_source(g, room, c);
    return write_changed(g->arena, arena_printf(g->arena, "%s/%s.h", out, room), h) &&
           write_changed(g->arena, arena_printf(g->arena, "%s/%s.c", out, room), c);
}

static bool is_first_of_room(const struct gen *g, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (strcmp(g->tmpls[j].room, g->tmpls[i].room) == 0)
            return false;
    return true;
}

static int generate(struct arena *a, int argc, char **argv)
{
    struct gen *g = gen_create(a, argv[2], (size_t)argc);
    for (int i = 3; i < argc; i++) {
        struct str text;
        if (!gen_read(a, argv[i], &text)) {
            fprintf(stderr, "%s:1: cannot be read\n", argv[i]);
            return EX_NOINPUT;
        }
        gen_add(g, argv[i], text);
    }
    if (!gen_compile(g)) {
        fputs(g->errors->p, stderr);
        return 1;
    }
    for (size_t i = 0; i < g->n; i++)
        if (is_first_of_room(g, i) && !write_room(g, argv[1], g->tmpls[i].room))
            return EX_CANTCREAT;
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: tmplgen OUTDIR SQLDIR FILE.html...\n", stderr);
        return EX_USAGE;
    }
    struct arena *a = arena_create((size_t)4 << 30);
    int code = generate(a, argc, argv);
    arena_destroy(&a);
    return code;
}
