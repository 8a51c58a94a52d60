#include <string.h>

#include "daemon/base/arena.h"
#include "payments/invoice/codelist.h"
#include "payments/invoice/invoice.h"
#include "payments/invoice/node.h"
#include "payments/invoice/shape.h"

enum { DEPTH_MAX = 16 };

/* One step of a path: "cac:PartyTaxScheme[VAT]". Two rows that share their first steps share the elements. */
struct step {
    const char *p;
    size_t n;
};

struct writer {
    struct buf *out;
    const struct invoice *inv;
    struct step open[DEPTH_MAX];
    size_t depth;
    bool in_tag; /* the start tag of the innermost element is not finished */
    const char *text; /* its text, while in_tag */
};

/* Line ends that a parser would change are written as references. */
static void write_escaped(struct buf *out, const char *s, bool attribute)
{
    for (; *s; s++) {
        switch (*s) {
        case '\r':
            buf_adds(out, "&#13;");
            break;
        case '\n':
        case '\t':
            if (attribute)
                buf_addf(out, "&#%d;", *s);
            else
                buf_addc(out, *s);
            break;
        case '&':
            buf_adds(out, "&amp;");
            break;
        case '<':
            buf_adds(out, "&lt;");
            break;
        case '>':
            buf_adds(out, "&gt;");
            break;
        case '"':
            buf_adds(out, "&quot;");
            break;
        default:
            buf_addc(out, *s);
        }
    }
}

static size_t name_length(struct step s)
{
    const char *bracket = memchr(s.p, '[', s.n);
    return bracket ? (size_t)(bracket - s.p) : s.n;
}

static void write_indent(struct writer *w)
{
    buf_addc(w->out, '\n');
    for (size_t i = 0; i < w->depth; i++)
        buf_adds(w->out, "  ");
}

static void open_element(struct writer *w, struct step s)
{
    if (w->in_tag)
        buf_addc(w->out, '>');
    w->depth++;
    write_indent(w);
    w->open[w->depth - 1] = s;
    buf_addc(w->out, '<');
    buf_add(w->out, s.p, name_length(s));
    w->in_tag = true;
    w->text = NULL;
}

static void close_element(struct writer *w)
{
    struct step s = w->open[w->depth - 1];
    if (w->in_tag && !w->text) {
        buf_adds(w->out, "/>");
    } else {
        if (w->in_tag) {
            buf_addc(w->out, '>');
            write_escaped(w->out, w->text, false);
        } else {
            write_indent(w);
        }
        buf_adds(w->out, "</");
        buf_add(w->out, s.p, name_length(s));
        buf_addc(w->out, '>');
    }
    w->in_tag = false;
    w->text = NULL;
    w->depth--;
}

static void write_attribute(struct writer *w, const char *name, const char *value)
{
    buf_addf(w->out, " %s=\"", name);
    write_escaped(w->out, value, true);
    buf_addc(w->out, '"');
}

struct path {
    struct step steps[DEPTH_MAX];
    size_t n;
    const char *attribute;
};

static void extend(struct path *p, const char *more)
{
    while (*more && p->n < DEPTH_MAX) {
        size_t n = step_length(more);
        if (*more == '@')
            p->attribute = more + 1;
        else if (!(n == 1 && *more == '.'))
            p->steps[p->n++] = (struct step){more, n};
        more += n + (more[n] == '/');
    }
}

static bool same_step(struct step a, struct step b)
{
    return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

/* Closes and opens elements until the path is open; `floor` elements belong to the list item that is being written. */
static void go_to(struct writer *w, const struct path *p, size_t floor)
{
    size_t common = floor;
    while (common < w->depth && common < p->n && same_step(w->open[common], p->steps[common]))
        common++;
    while (w->depth > common)
        close_element(w);
    while (w->depth < p->n)
        open_element(w, p->steps[w->depth]);
}

static void write_shape(struct writer *w, const struct path *base, size_t floor, const struct shape *shape, const void *from);

static void write_items(struct writer *w, const struct path *base, size_t floor, const struct field *f, const struct any_list *list)
{
    struct path item = *base;
    extend(&item, f->ubl);
    struct path parent = item;
    parent.n--;
    for (size_t i = 0; i < list->n; i++) {
        go_to(w, &parent, floor);
        open_element(w, item.steps[item.n - 1]);
        write_shape(w, &item, item.n, f->group, (const char *)list->items + i * f->group->size);
        while (w->depth >= item.n)
            close_element(w);
    }
}

static const char *currency_of(const struct invoice *inv, enum field_kind kind)
{
    const struct value *v = kind == FIELD_TAX_AMOUNT ? &inv->tax_currency : &inv->currency;
    return v->text ? v->text : "";
}

static void write_value(struct writer *w, const struct path *p, size_t floor, const struct field *f, const char *text)
{
    go_to(w, p, floor);
    if (p->attribute) {
        write_attribute(w, p->attribute, text);
        return;
    }
    w->text = text;
    if (f->kind == FIELD_AMOUNT || f->kind == FIELD_TAX_AMOUNT)
        write_attribute(w, "currencyID", currency_of(w->inv, f->kind));
}

static void write_field(struct writer *w, const struct path *base, size_t floor, const struct field *f, const void *from)
{
    const void *at = (const char *)from + f->offset;
    if (!f->ubl || f->kind == FIELD_READ_ONLY)
        return;
    if (f->kind == FIELD_LIST) {
        write_items(w, base, floor, f, at);
        return;
    }
    struct path p = *base;
    extend(&p, f->ubl);
    const struct value *v = at;
    if (f->kind == FIELD_GROUP)
        write_shape(w, &p, floor, f->group, at);
    else if (f->kind == FIELD_ALWAYS || v->text)
        write_value(w, &p, floor, f, field_is_constant(f) ? f->name : v->text);
}

static void write_shape(struct writer *w, const struct path *base, size_t floor, const struct shape *shape, const void *from)
{
    for (size_t i = 0; i < shape->n; i++)
        write_field(w, base, floor, &shape->fields[i], from);
}

/* CII has one document for both: what it is in UBL is told by its type. */
static bool is_credit_note(const struct invoice *inv)
{
    if (inv->syntax != SYNTAX_CII)
        return inv->syntax == SYNTAX_UBL_CREDIT_NOTE;
    const char *type = inv->type.text ? inv->type.text : "";
    return code_is_in(&code_credit_note_type, type) && !code_is_in(&code_invoice_type, type);
}

/* UBL has no place for the subject of a note, which stands before its text, and keeps the due date of a credit note with the means of payment. */
static struct invoice adapted(struct arena *a, const struct invoice *inv, bool credit)
{
    struct invoice copy = *inv;
    copy.notes.items = arena_array(a, inv->notes.n, sizeof *inv->notes.items);
    for (size_t i = 0; i < inv->notes.n; i++) {
        const struct invoice_note *n = &inv->notes.items[i];
        copy.notes.items[i] = *n;
        if (n->subject.text)
            copy.notes.items[i].text.text = arena_printf(a, "#%s#%s", n->subject.text, n->text.text ? n->text.text : "");
    }
    if (credit && inv->due_date.text && inv->payments.n && !inv->payments.items->due_date.text) {
        copy.payments.items = arena_array(a, inv->payments.n, sizeof *inv->payments.items);
        memcpy(copy.payments.items, inv->payments.items, inv->payments.n * sizeof *inv->payments.items);
        copy.payments.items->due_date = inv->due_date;
    }
    return copy;
}

bool invoice_write(const struct invoice *inv, struct buf *out, struct err *e)
{
    if (inv->syntax == SYNTAX_UNKNOWN)
        return err_set(e, "the invoice does not say whether it is an invoice or a credit note");
    bool credit = is_credit_note(inv);
    const char *name = credit ? "CreditNote" : "Invoice";
    buf_addf(out,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
             "<%s xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:%s-2\""
             " xmlns:cac=\"urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2\""
             " xmlns:cbc=\"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2\">",
             name, name);
    struct arena *a = arena_create(0);
    struct invoice copy = adapted(a, inv, credit);
    struct writer w = {.out = out, .inv = &copy};
    struct path root = {0};
    write_shape(&w, &root, 0, credit ? &shape_credit_note : &shape_invoice, &copy);
    while (w.depth)
        close_element(&w);
    arena_destroy(&a);
    buf_addf(out, "\n</%s>\n", name);
    return true;
}
