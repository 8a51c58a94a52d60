#include "web/gen/tmplgen.h"

#include <string.h>

static bool is_one_of(struct str s, const char *const *words)
{
    for (; *words; words++)
        if (str_is(s, *words))
            return true;
    return false;
}

static bool is_name_char(char ch)
{
    return text_is_alpha(ch) || text_is_digit(ch) || ch == '-' || ch == '_' || ch == ':';
}

static struct str slice(const struct doc *d, const struct cur *c)
{
    return (struct str){d->mark, (size_t)(c->p - d->mark)};
}

static bool is_open(const struct doc *d, const char *name)
{
    for (size_t i = 0; i < d->ctx.depth; i++)
        if (str_is(d->open[i], name))
            return true;
    return false;
}

bool html_is_preformatted(const struct doc *d)
{
    return is_open(d, "pre") || is_open(d, "textarea");
}

static bool is_in_script(const struct doc *d)
{
    return d->ctx.depth && str_is(d->open[d->ctx.depth - 1], "script");
}

/* ---- attributes ---- */

static const struct attr *find_attr(const struct doc *d, const char *name)
{
    for (size_t i = 0; i < d->attrs_n; i++)
        if (str_is(d->attrs[i].name, name))
            return &d->attrs[i];
    return NULL;
}

static struct str attr_value(const struct doc *d, const char *name)
{
    const struct attr *a = find_attr(d, name);
    return a ? a->value : (struct str){"", 0};
}

static void open_attr(struct doc *d, struct cur *c)
{
    static const char *const urls[] = {"href", "src",  "action",     "formaction", "cite", "poster",
                                       "data", "ping", "xlink:href", "background", NULL};
    static const char *const refused[] = {"style", "srcdoc", "http-equiv", "formmethod", NULL};
    struct str name = slice(d, c);
    if (str_starts(name, "on"))
        tmpl_fail(c, "inline script: no attribute may start with \"on\"");
    if (is_one_of(name, refused))
        tmpl_fail(c, "the attribute %.*s is refused", (int)name.n, name.p);
    for (size_t i = 0; i < name.n; i++)
        if (!is_name_char(name.p[i]))
            tmpl_fail(c, "'%c' cannot stand in an attribute name", name.p[i]);
    if (!d->has_condition && find_attr(d, str_dup(c->g->arena, name)))
        tmpl_fail(c, "the attribute %.*s stands twice", (int)name.n, name.p);
    if (d->attrs_n == TMPL_MAX_ATTRIBUTES)
        tmpl_fail(c, "more than %d attributes", TMPL_MAX_ATTRIBUTES);
    d->attrs[d->attrs_n++] = (struct attr){.name = name, .value = {"", 0}};
    d->ctx.is_url = is_one_of(name, urls);
    d->ctx.url_started = false;
    d->ctx.attr = ++d->serials;
}

static void close_attr(struct doc *d, struct cur *c)
{
    struct attr *a = &d->attrs[d->attrs_n - 1];
    a->value = slice(d, c);
    int64_t index;
    if (str_is(a->name, "tabindex") && (!text_read_i64(a->value, -1, 0, &index)))
        tmpl_fail(c, "tabindex is 0 or -1");
    d->ctx.place = P_AFTER;
}

/* The literal with which a URL attribute starts. */
static void check_url(struct cur *c)
{
    static const char *const starts[] = {"/", "#", "?", "https://", "http://", "mailto:", "tel:", NULL};
    struct str rest = {c->p, (size_t)(c->end - c->p)};
    if (str_starts(rest, "//"))
        tmpl_fail(c, "an address that starts with // leaves the site");
    for (const char *const *s = starts; *s; s++)
        if (str_starts(rest, *s))
            return;
    tmpl_fail(c, "an address starts with /, #, ?, https://, http://, mailto: or tel:");
}

/* ---- whole tags ---- */

static void check_heading(struct doc *d, struct cur *c)
{
    if (d->tag.n != 2 || d->tag.p[0] != 'h' || d->tag.p[1] < '1' || d->tag.p[1] > '6')
        return;
    int level = d->tag.p[1] - '0';
    if (d->ctx.heading && level > d->ctx.heading + 1)
        tmpl_fail(c, "a heading of level %d follows one of level %d", level, d->ctx.heading);
    d->ctx.heading = level;
}

static void check_form(struct doc *d, struct cur *c)
{
    if (d->ctx.in_form)
        tmpl_fail(c, "a form inside a form");
    struct str method = attr_value(d, "method");
    if (find_attr(d, "method") && !str_is(method, "get"))
        tmpl_fail(c, "only <form method=\"get\">: forms that write use {form}");
    d->ctx.in_form = FORM_GET;
}

static bool needs_no_label(const struct doc *d)
{
    static const char *const types[] = {"hidden", "submit", "button", "reset", NULL};
    return (str_is(d->tag, "input") && is_one_of(attr_value(d, "type"), types)) || find_attr(d, "aria-label") ||
           find_attr(d, "aria-labelledby") || is_open(d, "label");
}

static void check_control(struct doc *d, struct cur *c)
{
    if (d->ctx.in_form != FORM_GET)
        tmpl_fail(c, "a bare <%.*s> %s: use {field f.name}", (int)d->tag.n, d->tag.p,
                  d->ctx.in_form ? "in a writing form" : "outside a form");
    if (needs_no_label(d))
        return;
    struct str id = attr_value(d, "id");
    if (!id.n)
        tmpl_fail(c, "<%.*s> has no label: give it an id and a <label for>", (int)d->tag.n, d->tag.p);
    if (d->wanting_n == TMPL_MAX_FIELDS)
        tmpl_fail(c, "more than %d fields", TMPL_MAX_FIELDS);
    d->wanting[d->wanting_n++] = (struct control){id, c->line};
}

static void note_label(struct doc *d, struct cur *c)
{
    struct str id = attr_value(d, "for");
    if (!id.n)
        return;
    if (d->labels_n == TMPL_MAX_FIELDS)
        tmpl_fail(c, "more than %d labels", TMPL_MAX_FIELDS);
    d->labels[d->labels_n++] = id;
}

static void check_tag(struct doc *d, struct cur *c)
{
    static const char *const refused[] = {"style", "base", "iframe", "object", "embed", "frame", "applet", NULL};
    static const char *const controls[] = {"input", "select", "textarea", NULL};
    if (is_one_of(d->tag, refused))
        tmpl_fail(c, "<%.*s> is refused", (int)d->tag.n, d->tag.p);
    if (str_is(d->tag, "script") && !attr_value(d, "src").n)
        tmpl_fail(c, "an inline script is refused: give it a src");
    if (str_is(d->tag, "img") && !find_attr(d, "alt"))
        tmpl_fail(c, "<img> without alt");
    if (str_is(d->tag, "button") && !attr_value(d, "type").n)
        tmpl_fail(c, "<button> without type");
    if (str_is(d->tag, "form"))
        check_form(d, c);
    if (str_is(d->tag, "label"))
        note_label(d, c);
    if (is_one_of(d->tag, controls))
        check_control(d, c);
    check_heading(d, c);
}

static void finish_tag(struct doc *d, struct cur *c, bool is_closed)
{
    static const char *const voids[] = {"area", "br",   "col",    "hr",    "img", "input",
                                        "link", "meta", "source", "track", "wbr", NULL};
    check_tag(d, c);
    d->ctx.place = P_TEXT;
    if (is_one_of(d->tag, voids))
        return;
    if (is_closed && (is_open(d, "svg") || str_is(d->tag, "svg")))
        return;
    if (is_closed)
        tmpl_fail(c, "<%.*s/> does not close itself: write </%.*s>", (int)d->tag.n, d->tag.p, (int)d->tag.n, d->tag.p);
    if (d->ctx.depth == TMPL_MAX_TAGS)
        tmpl_fail(c, "more than %d elements inside each other", TMPL_MAX_TAGS);
    d->open[d->ctx.depth++] = d->tag;
}

static void finish_end_tag(struct doc *d, struct cur *c)
{
    struct str name = str_trim(slice(d, c));
    if (d->ctx.depth == 0)
        tmpl_fail(c, "</%.*s> closes nothing", (int)name.n, name.p);
    struct str top = d->open[d->ctx.depth - 1];
    if (!str_equal(top, name))
        tmpl_fail(c, "</%.*s> where </%.*s> is due", (int)name.n, name.p, (int)top.n, top.p);
    if (d->ctx.depth == d->floor)
        tmpl_fail(c, "</%.*s> closes what was opened outside of this block", (int)name.n, name.p);
    d->ctx.depth--;
    if (str_is(name, "form"))
        d->ctx.in_form = 0;
    d->ctx.place = P_TEXT;
}

/* ---- byte by byte ---- */

static void step_text(struct doc *d, struct cur *c)
{
    if (*c->p == '<')
        d->ctx.place = P_TAG_OPEN;
    else if (is_in_script(d) && !cur_is_space(*c->p))
        tmpl_fail(c, "an inline script is refused");
}

static void step_tag_open(struct doc *d, struct cur *c)
{
    static const char doctype[] = "!doctype html>";
    size_t n = sizeof doctype - 1;
    d->mark = c->p;
    if (text_is_alpha(*c->p)) {
        d->ctx.place = P_TAG_NAME;
        d->ctx.serial = ++d->serials;
        d->attrs_n = 0;
        d->has_condition = false;
    } else if (*c->p == '/') {
        d->ctx.place = P_END_TAG;
        d->mark = c->p + 1;
    } else if ((size_t)(c->end - c->p) >= n && text_same_nocase(arena_strndup(c->g->arena, c->p, n), doctype)) {
        d->ctx.place = P_DOCTYPE;
    } else if (*c->p == '!') {
        tmpl_fail(c, "comments are written {# … #}");
    } else {
        tmpl_fail(c, "a bare < in text: write &lt;");
    }
}

/* What may follow a tag name, an attribute name or a value. */
static void step_behind(struct doc *d, struct cur *c)
{
    if (cur_is_space(*c->p))
        d->ctx.place = P_IN_TAG;
    else if (*c->p == '>')
        finish_tag(d, c, d->is_closed);
    else if (*c->p == '/' && c->p + 1 < c->end && c->p[1] == '>')
        d->ctx.place = P_AFTER;
    else
        tmpl_fail(c, "'%c' where a space or > is due", *c->p);
    d->is_closed = *c->p == '/';
}

static void step_attr_name(struct doc *d, struct cur *c)
{
    bool is_end = cur_is_space(*c->p) || *c->p == '>' || *c->p == '/';
    if (!is_end && *c->p != '=')
        return;
    open_attr(d, c);
    if (is_end)
        step_behind(d, c);
    else
        d->ctx.place = P_BEFORE_VALUE;
}

static void step_before_value(struct doc *d, struct cur *c)
{
    if (*c->p != '"' && *c->p != '\'')
        tmpl_fail(c, "an unquoted attribute: put the value in quotes");
    d->ctx.quote = *c->p;
    d->mark = c->p + 1;
    d->ctx.place = P_VALUE;
}

static void step_value(struct doc *d, struct cur *c)
{
    if (*c->p == d->ctx.quote) {
        close_attr(d, c);
        return;
    }
    if (d->ctx.is_url && !d->ctx.url_started)
        check_url(c);
    d->ctx.url_started = true;
}

void html_step(struct doc *d, struct cur *c)
{
    switch (d->ctx.place) {
    case P_TEXT:
        step_text(d, c);
        break;
    case P_TAG_OPEN:
        step_tag_open(d, c);
        break;
    case P_TAG_NAME:
        if (is_name_char(*c->p))
            break;
        d->tag = slice(d, c);
        step_behind(d, c);
        break;
    case P_END_TAG:
        if (*c->p == '>')
            finish_end_tag(d, c);
        break;
    case P_DOCTYPE:
        if (*c->p == '>')
            d->ctx.place = P_TEXT;
        break;
    case P_IN_TAG:
        if (cur_is_space(*c->p) || *c->p == '>' || *c->p == '/') {
            step_behind(d, c);
        } else {
            d->mark = c->p;
            d->ctx.place = P_ATTR_NAME;
        }
        break;
    case P_AFTER:
        step_behind(d, c);
        break;
    case P_ATTR_NAME:
        step_attr_name(d, c);
        break;
    case P_BEFORE_VALUE:
        step_before_value(d, c);
        break;
    case P_VALUE:
        step_value(d, c);
        break;
    }
}

/* ---- statements and holes ---- */

void html_pause(struct doc *d, struct cur *c)
{
    switch (d->ctx.place) {
    case P_TAG_NAME:
        d->tag = slice(d, c);
        d->ctx.place = P_AFTER;
        break;
    case P_ATTR_NAME:
        open_attr(d, c);
        d->ctx.place = P_AFTER;
        break;
    case P_TAG_OPEN:
    case P_END_TAG:
    case P_DOCTYPE:
        tmpl_fail(c, "a statement in a tag name");
    case P_BEFORE_VALUE:
        tmpl_fail(c, "an unquoted attribute: put the value in quotes");
    case P_TEXT:
    case P_IN_TAG:
    case P_AFTER:
    case P_VALUE:
        break;
    }
    d->has_condition |= d->ctx.place != P_TEXT && d->ctx.place != P_VALUE;
}

static enum hole_place hole_in_value(struct doc *d, struct cur *c)
{
    static const char *const literal[] = {"method", "tabindex", "srcset", "rel", "target", NULL};
    struct str name = d->attrs[d->attrs_n - 1].name;
    if (is_one_of(name, literal))
        tmpl_fail(c, "a hole in %.*s: only literals there", (int)name.n, name.p);
    if (!d->ctx.is_url)
        return HOLE_ATTRIBUTE;
    bool is_start = !d->ctx.url_started;
    d->ctx.url_started = true;
    return is_start ? HOLE_URL_START : HOLE_URL_PART;
}

enum hole_place html_hole(struct doc *d, struct cur *c)
{
    switch (d->ctx.place) {
    case P_TEXT:
        if (is_in_script(d))
            tmpl_fail(c, "a hole inside <script>");
        return HOLE_TEXT;
    case P_VALUE:
        return hole_in_value(d, c);
    case P_BEFORE_VALUE:
        tmpl_fail(c, "a hole in an unquoted attribute: put the value in quotes");
    case P_TAG_OPEN:
    case P_TAG_NAME:
    case P_END_TAG:
    case P_DOCTYPE:
        tmpl_fail(c, "a hole in a tag name");
    case P_IN_TAG:
    case P_AFTER:
    case P_ATTR_NAME:
        break;
    }
    tmpl_fail(c, "a hole where an attribute name stands");
}

void html_need_text(struct doc *d, struct cur *c, const char *what)
{
    if (d->ctx.place != P_TEXT || is_in_script(d))
        tmpl_fail(c, "%s may stand in text only, not in a tag", what);
}

struct ctx html_merge(struct cur *c, struct ctx a, struct ctx b)
{
    bool is_in_tag = a.place == P_IN_TAG || a.place == P_AFTER;
    bool is_same_place = a.place == b.place || (is_in_tag && (b.place == P_IN_TAG || b.place == P_AFTER));
    if (a.depth != b.depth || a.in_form != b.in_form)
        tmpl_fail(c, "the branches do not close the same elements");
    bool is_same_value = a.place != P_VALUE || (a.attr == b.attr && a.quote == b.quote);
    if (!is_same_place || !is_same_value || (a.place != P_TEXT && a.serial != b.serial))
        tmpl_fail(c, "the branches do not end at the same place of a tag");
    if (a.place != b.place)
        a.place = P_AFTER;
    a.url_started |= b.url_started;
    if (b.heading > a.heading)
        a.heading = b.heading;
    return a;
}

static bool has_label(const struct doc *d, struct str id)
{
    for (size_t i = 0; i < d->labels_n; i++)
        if (str_equal(d->labels[i], id))
            return true;
    return false;
}

void html_finish(struct doc *d, struct cur *c)
{
    if (d->ctx.place != P_TEXT)
        tmpl_fail(c, "the file ends inside a tag");
    if (d->ctx.depth) {
        struct str top = d->open[d->ctx.depth - 1];
        tmpl_fail(c, "<%.*s> is not closed", (int)top.n, top.p);
    }
    for (size_t i = 0; i < d->wanting_n; i++) {
        c->line = d->wanting[i].line;
        if (!has_label(d, d->wanting[i].id))
            tmpl_fail(c, "the field \"%.*s\" has no <label for>", (int)d->wanting[i].id.n, d->wanting[i].id.p);
    }
}
