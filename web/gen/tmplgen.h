/*
 * The template compiler: typed .html templates become C functions that cannot emit unescaped input.
 * Everything lives in one arena per run, growing texts included (gen_buf).
 * The first fault of a template ends that template with "file:line: message"; the others are still compiled.
 *
 * One pass: tmpl_body.c walks the text, tmpl_html.c follows the HTML state byte by byte and refuses what is unsafe, tmpl_expr.c
 * resolves names to typed C expressions, tmpl_params.c reads the header comment and the headers of SQL queries.
 */
#ifndef WEB_GEN_TMPLGEN_H
#define WEB_GEN_TMPLGEN_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

#include "daemon/base/arena.h"
#include "daemon/base/text.h"

enum type { TY_TEXT, TY_INT, TY_MONEY, TY_BOOL, TY_DATE, TY_REAL, TY_BYTES, TY_HTML, TY_FORM, TY_LIST, TY_ROWS, TY_ROW };

struct shape;

/* A parameter, a list field or a column. */
struct field {
    const char *name;
    enum type type;
    bool null;
    struct shape *shape; /* of list, rows and row */
    bool used;
};

/* What one element of a list, rows or row looks like. */
struct shape {
    const char *c_name; /* "struct sql_budget_lines_row" */
    const char *query;  /* NULL for a list */
    const char *room;   /* of the query */
    struct field *fields;
    size_t n;
};

/* Reading position in a text, for messages. */
struct cur {
    const char *p, *end;
    unsigned line;
    const char *file;
    struct gen *g;
};

enum {
    TMPL_MAX_BYTES = 1 << 20,
    TMPL_MAX_FIELDS = 64,
    TMPL_MAX_DEPTH = 32,  /* nested blocks */
    TMPL_MAX_TAGS = 128,  /* nested elements */
    TMPL_MAX_ATTRIBUTES = 32,
    TMPL_MAX_WORD = 64
};

struct tmpl {
    const char *path, *room, *name;
    struct str text;
    struct field params[TMPL_MAX_FIELDS];
    size_t n;
    struct cur body_start;
    bool has_header;
    struct buf *body;     /* C statements */
    struct buf *includes; /* of the generated .c */
};

struct gen {
    struct arena *arena;
    const char *sql_dir;
    struct tmpl *tmpls;
    size_t n;
    struct buf *errors; /* "file:line: message\n" each */
    jmp_buf stop;
};

/* ---- tmplgen.c ---- */
void tmpl_fail(const struct cur *c, const char *fmt, ...) __attribute__((noreturn, format(printf, 2, 3)));
struct buf *gen_buf(struct gen *g);
/* The whole file, of which at most TMPL_MAX_BYTES are read. */
bool gen_read(struct arena *a, const char *path, struct str *ret_text);
struct tmpl *tmpl_find(struct gen *g, const char *room_and_name);
struct gen *gen_create(struct arena *a, const char *sql_dir, size_t max_templates);
void gen_add(struct gen *g, const char *path, struct str text);
/* Compiles every template; false when g->errors has something to say. */
bool gen_compile(struct gen *g);
/* The two files of a room. */
void gen_header(struct gen *g, const char *room, struct buf *b);
void gen_source(struct gen *g, const char *room, struct buf *b);

/* ---- tmpl_params.c ---- */
bool cur_is_space(char ch);
void cur_space(struct cur *c);
bool cur_take(struct cur *c, const char *text); /* consumes exactly that text */
void cur_expect(struct cur *c, const char *text);
/* A name of small letters, digits and underscores, after spaces; fails with `what` when there is none. */
const char *cur_word(struct cur *c, const char *what);
/* Consumes that whole word, after spaces. */
bool cur_keyword(struct cur *c, const char *word);
void tmpl_read_header(struct tmpl *t, struct cur *c);
const char *tmpl_type_name(enum type type);

/* ---- tmpl_expr.c ---- */
struct scope {
    const char *name;  /* of the loop variable */
    const char *c_name;
    const struct field *list;
};

struct scopes {
    struct tmpl *t;
    struct scope items[TMPL_MAX_DEPTH];
    size_t n;
    unsigned strings; /* built so far: numbers their C variables */
};

struct expr {
    const char *c;           /* the C expression */
    const char *null_c;      /* true when there is no value; NULL when there always is one */
    enum type type;
    const struct field *field;
    const char *count_c;     /* of list and rows */
};

struct expr expr_path(struct cur *c, struct scopes *s);
/* "not a", "a and b", "a == \"x\"" up to the closing brace, as a C condition. */
const char *expr_condition(struct cur *c, struct scopes *s);
/* A string in double quotes with holes, as the C expression of its text: `before` gets the statements that build it. */
const char *expr_string(struct cur *c, struct scopes *s, bool is_url, struct buf *before);
enum hole_place { HOLE_TEXT, HOLE_ATTRIBUTE, HOLE_URL_START, HOLE_URL_PART, HOLE_PLAIN };
/* The rest of "{path:format}" as statements that write to `out`. */
void expr_hole(struct cur *c, struct scopes *s, enum hole_place place, const char *out, struct buf *b);
const char *expr_number(struct cur *c);
bool expr_at_number(const struct cur *c);
const char *c_literal(struct arena *a, struct str s);

/* ---- tmpl_html.c ---- */
enum place {
    P_TEXT,
    P_DOCTYPE,
    P_TAG_OPEN,   /* behind < */
    P_TAG_NAME,
    P_END_TAG,    /* behind </ */
    P_IN_TAG,     /* behind a space in a tag */
    P_AFTER,      /* behind a value or a condition: a space, / or > must follow */
    P_ATTR_NAME,
    P_BEFORE_VALUE,
    P_VALUE
};

struct attr {
    struct str name, value;
};

/* Where in the HTML we are; copied at every branch and compared at its end. */
struct ctx {
    enum place place;
    char quote;
    bool is_url, url_started;
    size_t depth;      /* open elements */
    unsigned serial;   /* which tag we are in */
    unsigned attr;     /* which attribute of the file */
    int heading;       /* level of the last heading, 0 before the first */
    int in_form;       /* 0, FORM_GET, FORM_POST */
};
enum { FORM_GET = 1, FORM_POST = 2 };

struct control {
    struct str id;
    unsigned line;
};

struct doc {
    struct ctx ctx;
    struct str open[TMPL_MAX_TAGS];
    size_t floor;      /* elements opened outside the current block: may not be closed here */
    unsigned serials;
    bool has_condition; /* the current tag has statements between its attributes */
    bool is_closed;     /* the last byte was the / of /> */
    struct str tag;
    struct attr attrs[TMPL_MAX_ATTRIBUTES];
    size_t attrs_n;
    const char *mark;  /* start of the name or value being read */
    struct control wanting[TMPL_MAX_FIELDS]; /* inputs that need a label, by id */
    size_t wanting_n;
    struct str labels[TMPL_MAX_FIELDS];
    size_t labels_n;
};

/* Takes the byte at c->p, without moving. */
void html_step(struct doc *d, struct cur *c);
/* Called before a statement in braces: ends a tag or attribute name. Fails where no statement may stand. */
void html_pause(struct doc *d, struct cur *c);
enum hole_place html_hole(struct doc *d, struct cur *c);
void html_need_text(struct doc *d, struct cur *c, const char *what);
/* Both branches must end at the same place; returns the place from which to go on. */
struct ctx html_merge(struct cur *c, struct ctx a, struct ctx b);
void html_finish(struct doc *d, struct cur *c);
bool html_is_preformatted(const struct doc *d);

/* ---- tmpl_body.c ---- */
void tmpl_compile_body(struct tmpl *t);

#endif
