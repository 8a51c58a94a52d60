#include "web/gen/tmplgen.h"

#include <string.h>

const char *c_literal(struct arena *a, struct str s)
{
    struct buf b = {0};
    buf_addc(&b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        if (ch == '\n')
            buf_adds(&b, i + 1 < s.n ? "\\n\"\n        \"" : "\\n");
        else if (ch == '"' || ch == '\\' || ch == '?') /* two question marks would start a trigraph */
            buf_addf(&b, "\\%c", ch);
        else if (ch < 0x20 || ch == 0x7F)
            buf_addf(&b, "\\%03o", ch);
        else
            buf_addc(&b, (char)ch);
    }
    buf_addc(&b, '"');
    char *text = str_dup(a, buf_str(&b));
    buf_finish(&b);
    return text;
}

static struct field *find_field(struct field *fields, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    return NULL;
}

/* `where` is what stands in front of the member in C: "p->" or "v1->". */
static struct expr expr_member(struct arena *a, const char *where, const struct field *f)
{
    struct expr e = {.c = arena_printf(a, "%s%s", where, f->name), .type = f->type, .field = f};
    if (f->type == TY_DATE)
        e.null_c = arena_printf(a, "%s == CIVIL_NONE", e.c);
    else if (f->null && f->type != TY_TEXT && f->type < TY_BYTES)
        e.null_c = arena_printf(a, "%s_null", e.c);
    if (f->type == TY_LIST || f->type == TY_ROWS)
        e.count_c = arena_printf(a, "%s_n", e.c);
    return e;
}

static struct expr expr_column(struct cur *c, const char *owner, const char *where, const struct shape *shape)
{
    const char *name = cur_word(c, "a field");
    const struct field *f = find_field(shape->fields, shape->n, name);
    if (!f && shape->query)
        tmpl_fail(c, "query '%s' has no column '%s'", shape->query, name);
    if (!f)
        tmpl_fail(c, "'%s' has no field '%s'", owner, name);
    return expr_member(c->g->arena, where, f);
}

static bool take_dot(struct cur *c)
{
    return cur_take(c, ".");
}

static struct expr expr_loop(struct cur *c, const struct scope *s)
{
    if (take_dot(c))
        return expr_column(c, s->name, arena_printf(c->g->arena, "%s->", s->c_name), s->list->shape);
    return (struct expr){.c = s->c_name, .type = TY_ROW, .field = s->list};
}

struct expr expr_path(struct cur *c, struct scopes *s)
{
    const char *name = cur_word(c, "a parameter");
    for (size_t i = s->n; i-- > 0;)
        if (strcmp(s->items[i].name, name) == 0)
            return expr_loop(c, &s->items[i]);
    struct field *f = find_field(s->t->params, s->t->n, name);
    if (!f)
        tmpl_fail(c, "there is no parameter '%s'", name);
    f->used = true;
    if (f->type == TY_FORM || !take_dot(c)) /* what stands behind a form is the name of its field */
        return expr_member(c->g->arena, "p->", f);
    if (f->type == TY_ROWS || f->type == TY_LIST)
        tmpl_fail(c, "'%s' has many rows: use {for x in %s}", name, name);
    if (f->type != TY_ROW)
        tmpl_fail(c, "'%s' is %s: it has no fields", name, tmpl_type_name(f->type));
    return expr_column(c, name, arena_printf(c->g->arena, "%s_row->", name), f->shape);
}

/* ---- conditions ---- */

static const char *expr_presence(struct cur *c, struct expr e)
{
    struct arena *a = c->g->arena;
    switch (e.type) {
    case TY_TEXT:
        return arena_printf(a, "!text_is_empty(%s)", e.c);
    case TY_BOOL: /* a truth that is not known is not a truth */
        return e.null_c ? arena_printf(a, "(!%s && %s)", e.null_c, e.c) : e.c;
    case TY_INT:
    case TY_MONEY:
    case TY_REAL:
        return e.null_c ? arena_printf(a, "!%s", e.null_c) : arena_printf(a, "%s != 0", e.c);
    case TY_DATE:
        return arena_printf(a, "%s != CIVIL_NONE", e.c);
    case TY_HTML:
        return arena_printf(a, "%s.markup.n > 0", e.c);
    case TY_LIST:
    case TY_ROWS:
        return arena_printf(a, "%s > 0", e.count_c);
    case TY_FORM:
    case TY_ROW:
        return arena_printf(a, "%s != NULL", e.c);
    case TY_BYTES:
        break;
    }
    tmpl_fail(c, "a column of bytes cannot be tested");
}

static bool is_number(enum type type)
{
    return type == TY_INT || type == TY_MONEY;
}

static struct str read_string(struct cur *c)
{
    const char *start = c->p;
    while (c->p < c->end && *c->p != '"' && *c->p != '\n')
        c->p++;
    struct str s = {start, (size_t)(c->p - start)};
    if (!cur_take(c, "\""))
        tmpl_fail(c, "the string is not closed");
    return s;
}

const char *expr_number(struct cur *c)
{
    const char *start = c->p;
    cur_take(c, "-");
    while (c->p < c->end && text_is_digit(*c->p))
        c->p++;
    if (c->p - start > 15 || c->p == start || c->p[-1] == '-')
        tmpl_fail(c, "expected a number");
    return arena_strndup(c->g->arena, start, (size_t)(c->p - start));
}

bool expr_at_number(const struct cur *c)
{
    return c->p < c->end && (text_is_digit(*c->p) || *c->p == '-');
}

/* What stands behind == and its like. */
static const char *expr_compare(struct cur *c, struct scopes *s, struct expr left, const char *op)
{
    struct arena *a = c->g->arena;
    bool is_equality = op[1] == '=' && (op[0] == '=' || op[0] == '!');
    cur_space(c);
    if (left.type == TY_TEXT && is_equality) {
        const char *sign = op[0] == '!' ? "!" : "";
        if (cur_take(c, "\""))
            return arena_printf(a, "%sstr_is(str_of(%s), %s)", sign, left.c, c_literal(a, read_string(c)));
        struct expr right = expr_path(c, s);
        if (right.type != TY_TEXT)
            tmpl_fail(c, "text is compared with text, not with %s", tmpl_type_name(right.type));
        return arena_printf(a, "%sstr_equal(str_of(%s), str_of(%s))", sign, left.c, right.c);
    }
    if (!is_number(left.type))
        tmpl_fail(c, "%s cannot be compared with '%s'", tmpl_type_name(left.type), op);
    const char *known = left.null_c ? arena_printf(a, "!%s && ", left.null_c) : "";
    if (expr_at_number(c))
        return arena_printf(a, "(%s%s %s %s)", known, left.c, op, expr_number(c));
    struct expr right = expr_path(c, s);
    if (right.type != left.type || right.null_c)
        tmpl_fail(c, "%s is compared with a value of the same type that is never null", tmpl_type_name(left.type));
    return arena_printf(a, "(%s%s %s %s)", known, left.c, op, right.c);
}

static const char *expr_term(struct cur *c, struct scopes *s)
{
    static const char *const operators[] = {"==", "!=", ">=", "<=", ">", "<"};
    if (cur_keyword(c, "not"))
        return arena_printf(c->g->arena, "!(%s)", expr_presence(c, expr_path(c, s)));
    struct expr e = expr_path(c, s);
    cur_space(c);
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (cur_take(c, operators[i]))
            return expr_compare(c, s, e, operators[i]);
    return expr_presence(c, e);
}

const char *expr_condition(struct cur *c, struct scopes *s)
{
    const char *all = expr_term(c, s), *join = NULL;
    for (;;) {
        const char *next = cur_keyword(c, "and") ? "&&" : cur_keyword(c, "or") ? "||" : NULL;
        if (!next)
            return all;
        if (join && join != next && strcmp(join, next) != 0)
            tmpl_fail(c, "\"and\" and \"or\" in one condition: nest two conditions instead");
        join = next;
        all = arena_printf(c->g->arena, "%s %s %s", all, join, expr_term(c, s));
    }
}

/* ---- holes ---- */

static const char *text_writer(struct cur *c, const char *format, enum hole_place place)
{
    static const char *const writers[] = {[HOLE_TEXT] = "html_text",
                                          [HOLE_ATTRIBUTE] = "html_text",
                                          [HOLE_URL_START] = "html_url",
                                          [HOLE_URL_PART] = "html_url_part",
                                          [HOLE_PLAIN] = "html_part_add"};
    if (!*format)
        return writers[place];
    if (strcmp(format, "lines") != 0)
        return NULL;
    if (place != HOLE_TEXT)
        tmpl_fail(c, ":lines writes <br>, which may stand in text only");
    return "html_lines";
}

static const char *date_writer(const char *format, enum hole_place place)
{
    bool is_url = place == HOLE_URL_START || place == HOLE_URL_PART;
    if (is_url || strcmp(format, "iso") == 0)
        return "html_date_iso";
    return !*format ? "html_date"
           : strcmp(format, "long") == 0  ? "html_date_long"
           : strcmp(format, "brief") == 0 ? "html_date_brief"
                                          : NULL;
}

static const char *money_writer(const char *format, enum hole_place place)
{
    bool is_url = place == HOLE_URL_START || place == HOLE_URL_PART;
    if (is_url || strcmp(format, "plain") == 0)
        return "html_money_plain";
    return !*format ? "html_money" : NULL;
}

static const char *writer(struct cur *c, enum type type, const char *format, enum hole_place place)
{
    switch (type) {
    case TY_TEXT:
        return text_writer(c, format, place);
    case TY_INT:
        return *format ? NULL : "html_int";
    case TY_REAL:
        return *format ? NULL : "html_real";
    case TY_MONEY:
        return money_writer(format, place);
    case TY_DATE:
        return date_writer(format, place);
    case TY_HTML:
        if (place != HOLE_TEXT)
            tmpl_fail(c, "html may stand in text only, not in an attribute");
        return *format ? NULL : "html_safe";
    case TY_BOOL:
        tmpl_fail(c, "bool cannot be written: use {if …}yes{else}no{end}");
    case TY_FORM:
        tmpl_fail(c, "a form is written with {form f …}, {field f.name} and {errors f}");
    case TY_LIST:
    case TY_ROWS:
        tmpl_fail(c, "many rows are written with {for x in …}");
    case TY_ROW:
        tmpl_fail(c, "a row is written field by field");
    case TY_BYTES:
        break;
    }
    tmpl_fail(c, "a column of bytes cannot be written");
}

void expr_hole(struct cur *c, struct scopes *s, enum hole_place place, const char *out, struct buf *b)
{
    struct expr e = expr_path(c, s);
    const char *format = cur_take(c, ":") ? cur_word(c, "a format") : "";
    const char *function = writer(c, e.type, format, place);
    if (!function)
        tmpl_fail(c, "%s has no format '%s'", tmpl_type_name(e.type), format);
    cur_expect(c, "}");
    if (e.null_c && e.type != TY_DATE)
        buf_addf(b, "    if (!%s)\n    ", e.null_c);
    buf_addf(b, "    %s(%s, %s);\n", function, out, e.c);
}

/* ---- strings with holes ---- */

static void add_plain(struct cur *c, struct buf *before, const char *part, const char *start, bool is_first_of_url)
{
    struct str s = {start, (size_t)(c->p - start)};
    if (!s.n)
        return;
    if (is_first_of_url && s.p[0] != '/')
        tmpl_fail(c, "the address starts with / or with {base}");
    buf_addf(before, "    html_part_add(%s, %s);\n", part, c_literal(c->g->arena, s));
}

const char *expr_string(struct cur *c, struct scopes *s, bool is_url, struct buf *before)
{
    struct arena *a = c->g->arena;
    unsigned id = ++s->strings;
    const char *part = arena_printf(a, "&part%u", id), *start = c->p, *whole = c->p;
    buf_addf(before, "    struct html part%u = html_part(o);\n", id);
    while (c->p < c->end && *c->p != '"' && *c->p != '\n') {
        if (*c->p != '{') {
            c->p++;
            continue;
        }
        add_plain(c, before, part, start, is_url && start == whole);
        bool is_start = c->p == whole;
        c->p++;
        expr_hole(c, s, is_url && !is_start ? HOLE_URL_PART : HOLE_PLAIN, part, before);
        start = c->p;
    }
    add_plain(c, before, part, start, is_url && start == whole);
    if (!cur_take(c, "\""))
        tmpl_fail(c, "the string is not closed");
    buf_addf(before, "    const char *text%u = html_part_text(&part%u);\n", id, id);
    return arena_printf(a, "text%u", id);
}
