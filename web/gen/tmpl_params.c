#include "web/gen/tmplgen.h"

#include <glob.h>
#include <string.h>

static const struct {
    const char *name;
    enum type type;
} param_types[] = {{"text", TY_TEXT}, {"int", TY_INT},   {"money", TY_MONEY}, {"bool", TY_BOOL},
                   {"date", TY_DATE}, {"real", TY_REAL}, {"html", TY_HTML},   {"form", TY_FORM},
                   {"list", TY_LIST}, {"rows", TY_ROWS}, {"row", TY_ROW}};

static const struct {
    const char *name;
    enum type type;
} column_types[] = {{"text", TY_TEXT}, {"uuid", TY_TEXT},  {"time", TY_TEXT}, {"json", TY_TEXT},
                    {"int", TY_INT},   {"bigint", TY_INT}, {"real", TY_REAL}, {"money", TY_MONEY},
                    {"bool", TY_BOOL}, {"date", TY_DATE},  {"bytes", TY_BYTES}};

/* Members of a C struct, or words of the template language, that a parameter may not be called. */
static const char *const reserved[] = {
    "auto",   "break",    "case",   "char",   "const",  "continue", "default", "do",       "double", "else",
    "enum",   "extern",   "float",  "for",    "goto",   "if",       "inline",  "int",      "long",   "register",
    "return", "restrict", "short",  "signed", "sizeof", "static",   "struct",  "switch",   "typedef", "union",
    "void",   "volatile", "while",  "not",    "and",    "or",       "in",      "unsigned", "bool",   "true",
    "false",  "asm",      "typeof", "include",  "end",     "errors",   "field",  "bar"};

const char *tmpl_type_name(enum type type)
{
    for (size_t i = 0; i < sizeof param_types / sizeof *param_types; i++)
        if (param_types[i].type == type)
            return param_types[i].name;
    return "bytes";
}

bool cur_is_space(char ch)
{
    return ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n';
}

void cur_space(struct cur *c)
{
    for (; c->p < c->end && cur_is_space(*c->p); c->p++)
        c->line += *c->p == '\n';
}

bool cur_take(struct cur *c, const char *text)
{
    size_t n = strlen(text);
    if ((size_t)(c->end - c->p) < n || memcmp(c->p, text, n) != 0)
        return false;
    for (size_t i = 0; i < n; i++)
        c->line += text[i] == '\n';
    c->p += n;
    return true;
}

void cur_expect(struct cur *c, const char *text)
{
    cur_space(c);
    if (!cur_take(c, text))
        tmpl_fail(c, "expected '%s'", text);
}

static bool is_word_char(char ch)
{
    return (ch >= 'a' && ch <= 'z') || text_is_digit(ch) || ch == '_';
}

static struct str peek_word(struct cur *c)
{
    cur_space(c);
    const char *p = c->p;
    while (p < c->end && is_word_char(*p))
        p++;
    return (struct str){c->p, (size_t)(p - c->p)};
}

const char *cur_word(struct cur *c, const char *what)
{
    struct str w = peek_word(c);
    if (!w.n || text_is_digit(w.p[0]))
        tmpl_fail(c, "expected %s", what);
    if (w.n > TMPL_MAX_WORD)
        tmpl_fail(c, "%s is longer than %d characters", what, TMPL_MAX_WORD);
    c->p += w.n;
    return str_dup(c->g->arena, w);
}

bool cur_keyword(struct cur *c, const char *word)
{
    if (!str_is(peek_word(c), word))
        return false;
    c->p += strlen(word);
    return true;
}

static const char *member_name(struct cur *c, const struct field *fields, size_t n)
{
    const char *name = cur_word(c, "a name");
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcmp(name, reserved[i]) == 0)
            tmpl_fail(c, "'%s' is a word of the language: choose another name", name);
    for (size_t i = 0; i < n; i++)
        if (strcmp(name, fields[i].name) == 0)
            tmpl_fail(c, "'%s' is declared twice", name);
    return name;
}

/* ---- the headers of SQL queries ---- */

static struct field read_column(struct cur *c)
{
    struct field f = {.name = cur_word(c, "a column")};
    const char *type = cur_word(c, "a type");
    size_t i = 0, all = sizeof column_types / sizeof *column_types;
    while (i < all && strcmp(column_types[i].name, type) != 0)
        i++;
    if (i == all)
        tmpl_fail(c, "unknown type '%s'", type);
    f.type = column_types[i].type;
    f.null = cur_keyword(c, "null");
    cur_keyword(c, "hidden");
    return f;
}

/* The columns of "-- row: a text, b int null", which may go on behind "-- " on the next lines. */
static void read_row(struct cur *c, struct shape *s)
{
    s->fields = arena_array(c->g->arena, TMPL_MAX_FIELDS, sizeof *s->fields);
    do {
        cur_space(c);
        cur_take(c, "--");
        if (s->n == TMPL_MAX_FIELDS)
            tmpl_fail(c, "more than %d columns", TMPL_MAX_FIELDS);
        s->fields[s->n] = read_column(c);
        s->n++;
        cur_space(c);
    } while (cur_take(c, ","));
}

static bool find_row_line(struct cur *c)
{
    while (c->p < c->end) {
        if (cur_take(c, "-- row:"))
            return true;
        const char *nl = memchr(c->p, '\n', (size_t)(c->end - c->p));
        if (!nl)
            return false;
        c->p = nl + 1;
        c->line++;
    }
    return false;
}

static const char *folder_of(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/'), *start = slash;
    while (start > path && start[-1] != '/')
        start--;
    return arena_strndup(a, start, (size_t)(slash - start));
}

static const char *find_query(struct cur *c, const char *query)
{
    glob_t found = {0};
    const char *pattern = arena_printf(c->g->arena, "%s/*/%s.sql", c->g->sql_dir, query);
    char *path = NULL;
    if (glob(pattern, 0, NULL, &found) == 0)
        path = arena_strdup(c->g->arena, found.gl_pathv[0]);
    globfree(&found);
    if (!path)
        tmpl_fail(c, "there is no query '%s' (%s)", query, pattern);
    return path;
}

static struct shape *query_shape(struct cur *c)
{
    struct arena *a = c->g->arena;
    const char *query = cur_word(c, "the name of a query");
    const char *path = find_query(c, query);
    struct str text;
    if (!gen_read(a, path, &text))
        tmpl_fail(c, "%s cannot be read", path);
    struct shape *s = arena_alloc(a, sizeof *s);
    *s = (struct shape){.query = query, .room = folder_of(a, path), .c_name = arena_printf(a, "struct sql_%s_row", query)};
    struct cur sql = {.p = text.p, .end = text.p + text.n, .line = 1, .file = path, .g = c->g};
    if (!find_row_line(&sql))
        tmpl_fail(c, "query '%s' has no line \"-- row:\"", query);
    read_row(&sql, s);
    return s;
}

/* ---- the header comment of a template ---- */

static enum type read_type(struct cur *c)
{
    const char *word = cur_word(c, "a type (text, int, money, bool, date, real, html, form, list, rows, row)");
    for (size_t i = 0; i < sizeof param_types / sizeof *param_types; i++)
        if (strcmp(word, param_types[i].name) == 0)
            return param_types[i].type;
    tmpl_fail(c, "unknown type '%s'", word);
}

static bool at_end_of_list(struct cur *c, const char *end)
{
    cur_space(c);
    if (c->p == c->end)
        tmpl_fail(c, "the header comment is not closed");
    return (size_t)(c->end - c->p) >= strlen(end) && memcmp(c->p, end, strlen(end)) == 0;
}

static struct shape *list_shape(struct cur *c, const struct tmpl *t, const char *name)
{
    struct shape *s = arena_alloc(c->g->arena, sizeof *s);
    s->c_name = arena_printf(c->g->arena, "struct tmpl_%s_%s_%s", t->room, t->name, name);
    s->fields = arena_array(c->g->arena, TMPL_MAX_FIELDS, sizeof *s->fields);
    cur_expect(c, "{");
    while (!at_end_of_list(c, "}")) {
        struct field f = {.type = read_type(c)};
        if (f.type >= TY_LIST)
            tmpl_fail(c, "a list holds plain fields only, not %s", tmpl_type_name(f.type));
        if (s->n == TMPL_MAX_FIELDS)
            tmpl_fail(c, "more than %d fields", TMPL_MAX_FIELDS);
        f.name = member_name(c, s->fields, s->n);
        f.null = cur_keyword(c, "null");
        s->fields[s->n++] = f;
        cur_space(c);
        if (!cur_take(c, ";"))
            break;
    }
    cur_expect(c, "}");
    if (!s->n)
        tmpl_fail(c, "list '%s' has no fields", name);
    return s;
}

static void read_param(struct tmpl *t, struct cur *c)
{
    if (t->n == TMPL_MAX_FIELDS)
        tmpl_fail(c, "more than %d parameters", TMPL_MAX_FIELDS);
    struct field f = {.type = read_type(c)};
    f.name = member_name(c, t->params, t->n);
    if (f.type == TY_LIST) {
        f.shape = list_shape(c, t, f.name);
    } else if (f.type == TY_ROWS || f.type == TY_ROW) {
        if (!cur_keyword(c, "of"))
            tmpl_fail(c, "write \"%s %s of QUERY\"", tmpl_type_name(f.type), f.name);
        f.shape = query_shape(c);
    } else {
        f.null = cur_keyword(c, "null");
    }
    t->params[t->n++] = f;
}

static void skip_to(struct cur *c, const char *a, const char *b)
{
    while (c->p < c->end) {
        struct cur here = *c;
        if (cur_take(&here, a) || cur_take(&here, b))
            return;
        c->line += *c->p == '\n';
        c->p++;
    }
    tmpl_fail(c, "the header comment is not closed");
}

void tmpl_read_header(struct tmpl *t, struct cur *c)
{
    if (!cur_take(c, "{#"))
        tmpl_fail(c, "a template starts with {# about: … params: … #}");
    cur_space(c);
    if (!cur_take(c, "about:"))
        tmpl_fail(c, "the header starts with \"about:\" and a sentence");
    skip_to(c, "params:", "#}");
    if (cur_take(c, "params:")) {
        while (!at_end_of_list(c, "#}")) {
            read_param(t, c);
            cur_space(c);
            if (!cur_take(c, ";"))
                break;
        }
    }
    cur_expect(c, "#}");
    cur_take(c, "\n");
    t->body_start = *c;
    t->has_header = true;
}
