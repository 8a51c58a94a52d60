#include "web/gen/tmplgen.h"

#include <string.h>

enum block_kind { BLOCK_IF, BLOCK_FOR, BLOCK_FORM };

struct block {
    enum block_kind kind;
    unsigned line;
    struct ctx start, merged;
    bool has_merged, has_else;
    size_t floor;
    const char *count_c; /* FOR: how many */
    const char *form_c, *button_c;
};

struct body {
    struct tmpl *t;
    struct cur c, at; /* now, and at the brace that began the statement */
    struct doc doc;
    struct scopes scopes;
    struct block blocks[TMPL_MAX_DEPTH];
    size_t depth;
    struct buf *lit; /* literal not written yet */
    unsigned loops;
};

static void flush(struct body *b)
{
    if (b->lit->n) {
        const char *text = c_literal(b->c.g->arena, buf_str(b->lit));
        buf_addf(b->t->body, "    html_lit(o, %s);\n", text);
    }
    b->lit->n = 0;
}

/* ---- blocks ---- */

static struct block *open_block(struct body *b, enum block_kind kind)
{
    if (b->depth == TMPL_MAX_DEPTH)
        tmpl_fail(&b->c, "more than %d blocks inside each other", TMPL_MAX_DEPTH);
    struct block *k = &b->blocks[b->depth++];
    *k = (struct block){.kind = kind, .line = b->c.line, .start = b->doc.ctx, .floor = b->doc.floor};
    b->doc.floor = b->doc.ctx.depth;
    return k;
}

/* Ends one branch: its end is compared with those before, the next starts where the block did. */
static void end_branch(struct body *b, struct block *k)
{
    k->merged = k->has_merged ? html_merge(&b->c, k->merged, b->doc.ctx) : b->doc.ctx;
    k->has_merged = true;
    b->doc.ctx = k->start;
}

static void st_if(struct body *b)
{
    html_pause(&b->doc, &b->at);
    flush(b);
    open_block(b, BLOCK_IF);
    buf_addf(b->t->body, "    if (%s) {\n", expr_condition(&b->c, &b->scopes));
    cur_expect(&b->c, "}");
}

static void st_for(struct body *b)
{
    html_pause(&b->doc, &b->at);
    flush(b);
    const char *name = cur_word(&b->c, "the name of the loop variable");
    if (!cur_keyword(&b->c, "in"))
        tmpl_fail(&b->c, "write {for %s in LIST}", name);
    struct expr e = expr_path(&b->c, &b->scopes);
    if (!e.count_c)
        tmpl_fail(&b->c, "{for} needs a list or rows, not %s", tmpl_type_name(e.type));
    cur_expect(&b->c, "}");
    struct block *k = open_block(b, BLOCK_FOR);
    k->count_c = e.count_c;
    unsigned id = ++b->loops;
    const char *var = arena_printf(b->c.g->arena, "v%u", id);
    b->scopes.items[b->scopes.n++] = (struct scope){name, var, e.field};
    buf_addf(b->t->body,
             "    for (size_t i%u = 0; i%u < %s; i%u++) {\n    const %s *%s = &%s[i%u];\n    (void)%s;\n", id, id,
             e.count_c, id, e.field->shape->c_name, var, e.c, id, var);
}

static void st_else(struct body *b)
{
    html_pause(&b->doc, &b->at);
    flush(b);
    struct block *k = b->depth ? &b->blocks[b->depth - 1] : NULL;
    if (!k || k->kind == BLOCK_FORM)
        tmpl_fail(&b->c, "{else} outside of {if} and {for}");
    if (k->has_else)
        tmpl_fail(&b->c, "a second {else} in the block of line %u", k->line);
    end_branch(b, k);
    bool is_else_if = cur_keyword(&b->c, "if");
    if (k->kind == BLOCK_FOR) {
        if (is_else_if)
            tmpl_fail(&b->c, "{else if} in a {for}");
        k->merged = html_merge(&b->c, k->start, k->merged);
        b->scopes.n--;
        buf_addf(b->t->body, "    }\n    if (%s == 0) {\n", k->count_c);
    } else if (is_else_if) {
        buf_addf(b->t->body, "    } else if (%s) {\n", expr_condition(&b->c, &b->scopes));
    } else {
        buf_adds(b->t->body, "    } else {\n");
    }
    k->has_else = !is_else_if;
    cur_expect(&b->c, "}");
}

static void end_form(struct body *b, struct block *k)
{
    buf_addf(b->t->body, "    form_html_close(o, %s, %s);\n    }\n", k->form_c, k->button_c);
    k->merged.in_form = 0;
}

static void st_end(struct body *b)
{
    html_pause(&b->doc, &b->at);
    flush(b);
    if (!b->depth)
        tmpl_fail(&b->c, "{end} without a block");
    struct block *k = &b->blocks[--b->depth];
    end_branch(b, k);
    if (!k->has_else || k->kind == BLOCK_FORM)
        k->merged = html_merge(&b->c, k->start, k->merged);
    if (k->kind == BLOCK_FOR && !k->has_else)
        b->scopes.n--;
    if (k->kind == BLOCK_FORM)
        end_form(b, k);
    else
        buf_adds(b->t->body, "    }\n");
    b->doc.ctx = k->merged;
    b->doc.floor = k->floor;
    cur_expect(&b->c, "}");
}

/* ---- forms ---- */

static struct expr form_path(struct body *b)
{
    struct expr e = expr_path(&b->c, &b->scopes);
    if (e.type != TY_FORM)
        tmpl_fail(&b->c, "expected a form, not %s", tmpl_type_name(e.type));
    return e;
}

static void st_form(struct body *b)
{
    struct buf *out = b->t->body;
    html_need_text(&b->doc, &b->c, "{form}");
    flush(b);
    if (b->doc.ctx.in_form)
        tmpl_fail(&b->c, "a form inside a form");
    struct expr e = form_path(b);
    buf_adds(out, "    {\n");
    if (!cur_keyword(&b->c, "action"))
        tmpl_fail(&b->c, "{form} needs action=\"…\"");
    cur_expect(&b->c, "=\"");
    const char *action = expr_string(&b->c, &b->scopes, true, out), *button = "NULL";
    if (cur_keyword(&b->c, "button")) {
        cur_expect(&b->c, "=\"");
        button = expr_string(&b->c, &b->scopes, false, out);
    }
    cur_expect(&b->c, "}");
    buf_addf(out, "    form_html_open(o, %s, %s);\n", e.c, action);
    b->doc.ctx.in_form = FORM_POST;
    struct block *k = open_block(b, BLOCK_FORM);
    k->form_c = e.c;
    k->button_c = button;
}

static void st_field(struct body *b)
{
    html_need_text(&b->doc, &b->c, "{field}");
    if (!b->doc.ctx.in_form)
        tmpl_fail(&b->c, "{field} outside of a form");
    flush(b);
    struct expr e = form_path(b);
    cur_expect(&b->c, ".");
    const char *name = cur_word(&b->c, "the name of a field");
    cur_expect(&b->c, "}");
    buf_addf(b->t->body, "    form_html_field(o, %s, \"%s\");\n", e.c, name);
}

static void st_errors(struct body *b)
{
    html_need_text(&b->doc, &b->c, "{errors}");
    flush(b);
    buf_addf(b->t->body, "    form_html_errors(o, %s);\n", form_path(b).c);
    cur_expect(&b->c, "}");
}

/* ---- bars ---- */

static const char *amount(struct body *b)
{
    struct cur *c = &b->c;
    cur_space(c);
    if (expr_at_number(c))
        return expr_number(c);
    struct expr e = expr_path(c, &b->scopes);
    if ((e.type != TY_INT && e.type != TY_MONEY) || e.null_c)
        tmpl_fail(c, "a bar is drawn from int or money that is never null");
    return e.c;
}

static void st_bar(struct body *b)
{
    html_need_text(&b->doc, &b->c, "{bar}");
    flush(b);
    bool is_money = cur_take(&b->c, ":");
    if (is_money && !cur_keyword(&b->c, "money"))
        tmpl_fail(&b->c, "write {bar:money spent held free} or {bar value max}");
    const char *first = amount(b), *second = amount(b);
    if (is_money)
        buf_addf(b->t->body, "    html_money_bar(o, %s, %s, %s);\n", first, second, amount(b));
    else
        buf_addf(b->t->body, "    html_bar(o, %s, %s);\n", first, second);
    cur_expect(&b->c, "}");
}

/* ---- includes ---- */

static bool same_shape(const struct shape *a, const struct shape *b)
{
    if (a->query || b->query)
        return a->query && b->query && strcmp(a->query, b->query) == 0;
    bool is_same = a->n == b->n;
    for (size_t i = 0; is_same && i < a->n; i++)
        is_same = strcmp(a->fields[i].name, b->fields[i].name) == 0 && a->fields[i].type == b->fields[i].type &&
                  a->fields[i].null == b->fields[i].null;
    return is_same;
}

static void pass_value(struct body *b, const struct field *to, struct expr e, struct buf *args)
{
    struct cur *c = &b->c;
    if (to->type != e.type)
        tmpl_fail(c, "'%s' is %s, not %s", to->name, tmpl_type_name(to->type), tmpl_type_name(e.type));
    if (to->shape && !same_shape(to->shape, e.field->shape))
        tmpl_fail(c, "'%s' has other fields than what is passed", to->name);
    /* Lists of two templates are two C types of the same members. */
    buf_addf(args, ".%s = %s%s, ", to->name, to->type == TY_LIST ? "(const void *)" : "", e.c);
    if (e.count_c)
        buf_addf(args, ".%s_n = %s, ", to->name, e.count_c);
    if (!e.null_c || to->type == TY_DATE)
        return;
    if (!to->null)
        tmpl_fail(c, "'%s' is never null, but what is passed may be", to->name);
    buf_addf(args, ".%s_null = %s, ", to->name, e.null_c);
}

static void pass_argument(struct body *b, const struct field *to, struct buf *args)
{
    struct cur *c = &b->c;
    cur_space(c);
    if (cur_take(c, "\"")) {
        if (to->type != TY_TEXT)
            tmpl_fail(c, "'%s' is %s, not text", to->name, tmpl_type_name(to->type));
        buf_addf(args, ".%s = %s, ", to->name, expr_string(c, &b->scopes, false, b->t->body));
    } else if (to->type == TY_BOOL && cur_keyword(c, "true")) {
        buf_addf(args, ".%s = true, ", to->name);
    } else if (to->type == TY_BOOL && cur_keyword(c, "false")) {
        buf_addf(args, ".%s = false, ", to->name);
    } else if ((to->type == TY_INT || to->type == TY_MONEY) && expr_at_number(c)) {
        buf_addf(args, ".%s = %s, ", to->name, expr_number(c));
    } else {
        pass_value(b, to, expr_path(c, &b->scopes), args);
    }
}

static void pass_nothing(struct body *b, const struct tmpl *to, const struct field *f, struct buf *args)
{
    if (!f->null)
        tmpl_fail(&b->c, "%s/%s needs '%s'", to->room, to->name, f->name);
    if (f->type == TY_DATE)
        buf_addf(args, ".%s = CIVIL_NONE, ", f->name);
    else if (f->type == TY_INT || f->type == TY_MONEY || f->type == TY_REAL || f->type == TY_BOOL)
        buf_addf(args, ".%s_null = true, ", f->name);
}

static void pass_all(struct body *b, const struct tmpl *to, struct buf *args)
{
    bool given[TMPL_MAX_FIELDS] = {false};
    for (cur_space(&b->c); !cur_take(&b->c, "}"); cur_space(&b->c)) {
        const char *name = cur_word(&b->c, "a parameter or }");
        size_t i = 0;
        while (i < to->n && strcmp(to->params[i].name, name) != 0)
            i++;
        if (i == to->n)
            tmpl_fail(&b->c, "%s/%s has no parameter '%s'", to->room, to->name, name);
        if (given[i])
            tmpl_fail(&b->c, "'%s' is given twice", name);
        given[i] = true;
        cur_expect(&b->c, "=");
        pass_argument(b, &to->params[i], args);
    }
    for (size_t i = 0; i < to->n; i++)
        if (!given[i])
            pass_nothing(b, to, &to->params[i], args);
}

/* The last heading of what is included counts for what follows it. */
static int last_heading(const struct tmpl *t, int level)
{
    for (size_t i = 0; i + 2 < t->text.n; i++)
        if (t->text.p[i] == '<' && t->text.p[i + 1] == 'h' && t->text.p[i + 2] >= '1' && t->text.p[i + 2] <= '6')
            level = t->text.p[i + 2] - '0';
    return level;
}

static void st_include(struct body *b)
{
    struct arena *a = b->c.g->arena;
    html_need_text(&b->doc, &b->c, "{include}");
    flush(b);
    cur_expect(&b->c, "\"");
    const char *start = b->c.p;
    while (b->c.p < b->c.end && *b->c.p != '"' && *b->c.p != '\n')
        b->c.p++;
    const char *name = arena_strndup(a, start, (size_t)(b->c.p - start));
    cur_expect(&b->c, "\"");
    const struct tmpl *to = tmpl_find(b->c.g, name);
    if (!to)
        tmpl_fail(&b->c, "there is no template \"%s\"", name);
    if (!to->has_header)
        tmpl_fail(&b->c, "the header of \"%s\" has a fault", name);
    buf_addf(b->t->includes, "#include \"tmpl/%s.h\"\n", to->room);
    struct buf *args = gen_buf(b->c.g);
    buf_adds(b->t->body, "    {\n");
    pass_all(b, to, args);
    buf_addf(b->t->body, "    tmpl_%s_%s(o, &(struct tmpl_%s_%s){%s});\n    }\n", to->room, to->name, to->room, to->name,
             args->n ? args->p : "");
    b->doc.ctx.heading = last_heading(to, b->doc.ctx.heading);
}

/* ---- the walk ---- */

static void st_hole(struct body *b)
{
    enum hole_place place = html_hole(&b->doc, &b->c);
    flush(b);
    expr_hole(&b->c, &b->scopes, place, "o", b->t->body);
}

static void skip_comment(struct body *b)
{
    struct cur *c = &b->c;
    for (; c->p < c->end; c->p++) {
        if (cur_take(c, "#}"))
            return;
        c->line += *c->p == '\n';
    }
    tmpl_fail(c, "the comment is not closed");
}

static void statement(struct body *b)
{
    static const struct {
        const char *word;
        void (*run)(struct body *);
    } statements[] = {{"if", st_if},         {"for", st_for},       {"else", st_else},     {"end", st_end},
                      {"form", st_form},     {"field", st_field},   {"errors", st_errors}, {"bar", st_bar},
                      {"include", st_include}};
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        if (cur_keyword(&b->c, statements[i].word)) {
            statements[i].run(b);
            return;
        }
    }
    st_hole(b);
}

/* Indentation is dropped where it cannot be seen. */
static void literal_byte(struct body *b)
{
    struct cur *c = &b->c;
    bool is_indent = b->doc.ctx.place == P_TEXT && (*c->p == ' ' || *c->p == '\t') && b->lit->n &&
                     b->lit->p[b->lit->n - 1] == '\n' && !html_is_preformatted(&b->doc);
    html_step(&b->doc, c);
    if (!is_indent)
        buf_addc(b->lit, *c->p);
    c->line += *c->p == '\n';
    c->p++;
}

static void walk(struct body *b)
{
    struct cur *c = &b->c;
    while (c->p < c->end) {
        if (*c->p != '{') {
            literal_byte(b);
        } else if (c->p + 1 < c->end && c->p[1] == '{') {
            literal_byte(b);
            c->p++;
        } else {
            b->at = *c;
            c->p++;
            if (cur_take(c, "#"))
                skip_comment(b);
            else if (c->p < c->end && (*c->p < 'a' || *c->p > 'z'))
                tmpl_fail(&b->at, "a lone {: a literal brace is {{");
            else
                statement(b);
        }
    }
    if (b->depth)
        tmpl_fail(c, "the block of line %u is not ended", b->blocks[b->depth - 1].line);
    html_finish(&b->doc, c);
    flush(b);
}

void tmpl_compile_body(struct tmpl *t)
{
    struct gen *g = t->body_start.g;
    struct body *b = arena_alloc(g->arena, sizeof *b);
    *b = (struct body){.t = t, .c = t->body_start, .scopes = {.t = t}, .lit = gen_buf(g)};
    walk(b);
}
