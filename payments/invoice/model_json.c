#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/json.h"
#include "payments/invoice/invoice.h"
#include "payments/invoice/node.h"
#include "payments/invoice/shape.h"

enum { JSON_BYTES_MAX = 64 * 1024 * 1024 };

static const struct {
    enum invoice_syntax syntax;
    const char *name;
} syntaxes[] = {
    {SYNTAX_UBL_INVOICE, "ubl-invoice"}, {SYNTAX_UBL_CREDIT_NOTE, "ubl-creditnote"}, {SYNTAX_CII, "cii"}, {SYNTAX_UNKNOWN, "unknown"}};

const char *invoice_syntax_name(enum invoice_syntax syntax)
{
    size_t i = 0;
    while (syntaxes[i].syntax != syntax)
        i++;
    return syntaxes[i].name;
}

/* ---- out ---- */

static void write_name(struct buf *b, const char *name, bool *first)
{
    if (!*first)
        buf_addc(b, ',');
    *first = false;
    json_write_text(b, name);
    buf_addc(b, ':');
}

/* {"text":…, "line":…}: the line says where in the document the value was found. */
static void write_value(struct buf *b, const struct value *v)
{
    if (!v->source) {
        json_write_text(b, v->text);
        return;
    }
    buf_adds(b, "{\"text\":");
    json_write_text(b, v->text);
    buf_addf(b, ",\"line\":%ld}", xmlGetLineNo(v->source));
}

static bool is_stated(const struct shape *shape, const void *from)
{
    for (size_t i = 0; i < shape->n; i++) {
        const struct field *f = &shape->fields[i];
        const void *at = (const char *)from + f->offset;
        if (f->kind == FIELD_GROUP ? is_stated(f->group, at)
            : f->kind == FIELD_LIST ? ((const struct any_list *)at)->n > 0
                                    : !field_is_constant(f) && ((const struct value *)at)->text)
            return true;
    }
    return false;
}

static void write_object(struct buf *b, const struct shape *shape, const void *from, bool *first);

static void write_list(struct buf *b, const struct shape *shape, const struct any_list *list)
{
    buf_addc(b, '[');
    for (size_t i = 0; i < list->n; i++) {
        bool first = true;
        buf_adds(b, i ? ",{" : "{");
        write_object(b, shape, (const char *)list->items + i * shape->size, &first);
        buf_addc(b, '}');
    }
    buf_addc(b, ']');
}

static void write_member(struct buf *b, const struct field *f, const void *at, bool *first)
{
    if (f->kind == FIELD_LIST) {
        if (((const struct any_list *)at)->n == 0)
            return;
        write_name(b, f->name, first);
        write_list(b, f->group, at);
    } else if (f->kind == FIELD_GROUP) {
        if (!is_stated(f->group, at))
            return;
        bool inner = true;
        write_name(b, f->name, first);
        buf_addc(b, '{');
        write_object(b, f->group, at, &inner);
        buf_addc(b, '}');
    } else if (((const struct value *)at)->text) {
        write_name(b, f->name, first);
        write_value(b, at);
    }
}

static void write_object(struct buf *b, const struct shape *shape, const void *from, bool *first)
{
    for (size_t i = 0; i < shape->n; i++) {
        const struct field *f = &shape->fields[i];
        if (!field_is_constant(f) && f->kind != FIELD_READ_ONLY)
            write_member(b, f, (const char *)from + f->offset, first);
    }
}

void invoice_write_json(const struct invoice *inv, struct buf *out)
{
    bool first = false;
    buf_addf(out, "{\"syntax\":\"%s\"", invoice_syntax_name(inv->syntax));
    write_object(out, &shape_invoice, inv, &first);
    buf_addc(out, '}');
}

void invoice_write_findings(const struct invoice_verdict *verdict, struct buf *out)
{
    buf_addc(out, '[');
    for (size_t i = 0; i < verdict->n; i++) {
        const struct invoice_finding *f = &verdict->findings[i];
        buf_addf(out, "%s{\"id\":\"%s\",\"severity\":\"%s\",\"path\":", i ? "," : "", f->id, f->severity == INVOICE_FATAL ? "fatal" : "warning");
        json_write_text(out, f->path);
        buf_addf(out, ",\"line\":%ld,\"message\":", f->line);
        json_write_text(out, f->advice);
        buf_addc(out, '}');
    }
    buf_addc(out, ']');
}

/* ---- in ---- */

static bool read_object(struct arena *a, const json_t *object, const struct shape *shape, void *into, struct err *e);

static bool read_list(struct arena *a, const json_t *array, const struct field *f, struct any_list *list, struct err *e)
{
    if (!json_is_array(array))
        return err_set(e, "\"%s\" must be a list", f->name);
    list->n = json_array_size(array);
    list->items = arena_array(a, list->n, f->group->size);
    for (size_t i = 0; i < list->n; i++)
        if (!read_object(a, json_array_get(array, i), f->group, (char *)list->items + i * f->group->size, e))
            return false;
    return true;
}

static bool read_text(struct arena *a, const json_t *value, const struct field *f, struct value *v, struct err *e)
{
    const json_t *text = json_is_object(value) ? json_object_get(value, "text") : value;
    if (!json_is_string(text))
        return err_set(e, "\"%s\" must be a text (numbers too, such as \"12.50\")", f->name);
    v->text = arena_strndup(a, json_string_value(text), json_string_length(text));
    return true;
}

static bool read_member(struct arena *a, const json_t *value, const struct field *f, void *at, struct err *e)
{
    if (f->kind == FIELD_LIST)
        return read_list(a, value, f, at, e);
    return f->kind == FIELD_GROUP ? read_object(a, value, f->group, at, e) : read_text(a, value, f, at, e);
}

static bool read_object(struct arena *a, const json_t *object, const struct shape *shape, void *into, struct err *e)
{
    if (!json_is_object(object))
        return err_set(e, "an object was expected");
    for (size_t i = 0; i < shape->n; i++) {
        const struct field *f = &shape->fields[i];
        const json_t *value = field_is_constant(f) || f->kind == FIELD_READ_ONLY ? NULL : json_object_get(object, f->name);
        if (value && !read_member(a, value, f, (char *)into + f->offset, e))
            return false;
    }
    return true;
}

struct invoice *invoice_parse_json(struct arena *a, struct str text, struct err *e)
{
    const json_t *object = json_read(a, text, JSON_BYTES_MAX, e);
    if (!object)
        return NULL;
    struct invoice *inv = arena_alloc(a, sizeof *inv);
    const char *syntax = json_text(object, "syntax");
    for (size_t i = 0; syntax && i < sizeof syntaxes / sizeof *syntaxes; i++)
        if (strcmp(syntaxes[i].name, syntax) == 0)
            inv->syntax = syntaxes[i].syntax;
    if (inv->syntax == SYNTAX_UNKNOWN) {
        err_set(e, "\"syntax\" must be \"ubl-invoice\" or \"ubl-creditnote\"");
        return NULL;
    }
    return read_object(a, object, &shape_invoice, inv, e) ? inv : NULL;
}
