#include "payments/invoice/read.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/civil.h"
#include "payments/invoice/codelist.h"
#include "payments/invoice/shape.h"

struct reading {
    struct arena *arena;
    bool cii;
};

enum invoice_syntax syntax_of(const xmlNode *root)
{
    const char *name = (const char *)root->name;
    switch (node_space(root)) {
    case SPACE_INVOICE:
        return strcmp(name, "Invoice") == 0 ? SYNTAX_UBL_INVOICE : SYNTAX_UNKNOWN;
    case SPACE_CREDIT_NOTE:
        return strcmp(name, "CreditNote") == 0 ? SYNTAX_UBL_CREDIT_NOTE : SYNTAX_UNKNOWN;
    case SPACE_RSM:
        return strcmp(name, "CrossIndustryInvoice") == 0 ? SYNTAX_CII : SYNTAX_UNKNOWN;
    default:
        return SYNTAX_UNKNOWN;
    }
}

/* CII writes 20260503 (format 102), and a date of XML may end with its zone, Z or +01:00: the day that is written counts. Anything else stays as it was sent,
 * for the rules to judge. */
static const char *iso_date(struct arena *a, const char *text, bool cii)
{
    size_t n = strlen(text);
    if (cii && n == 8 && strspn(text, "0123456789") == 8)
        return arena_printf(a, "%.4s-%.2s-%.2s", text, text + 4, text + 6);
    bool is_zoned = (n == 11 && text[10] == 'Z') || (n == 16 && strchr("+-", text[10]) && text[13] == ':');
    int32_t day;
    return is_zoned && civil_read((struct str){text, 10}, &day) ? arena_strndup(a, text, 10) : text;
}

static const char *without_edges(struct arena *a, const char *text)
{
    struct str s = str_of(text), trimmed = str_trim(s);
    return trimmed.n == s.n ? text : str_dup(a, trimmed);
}

static void read_value(const struct reading *r, xmlNode *n, const struct field *f, const char *path, struct value *v)
{
    const char *text = v->text ? NULL : node_value(r->arena, n, path);
    if (!text)
        return;
    v->text = without_edges(r->arena, text);
    if (f->kind == FIELD_DATE)
        v->text = iso_date(r->arena, v->text, r->cii);
    const char *attribute = strrchr(path, '@');
    bool plain = !attribute || strchr(path, '[');
    v->source = plain ? node_first(n, path) : n;
    if (!plain && attribute > path)
        v->source = node_first(n, arena_strndup(r->arena, path, (size_t)(attribute - path) - 1));
}

static void read_shape(const struct reading *r, xmlNode *n, const struct shape *shape, void *into);

struct reading_list {
    const struct reading *reading;
    const struct shape *shape;
    struct any_list *list;
    size_t room;
};

static bool read_item(void *context, xmlNode *n)
{
    struct reading_list *l = context;
    if (l->list->n == l->room) {
        l->room = l->room ? l->room * 2 : 4;
        l->list->items = arena_grow(l->reading->arena, l->list->items, l->list->n, l->room, l->shape->size);
    }
    read_shape(l->reading, n, l->shape, (char *)l->list->items + l->list->n++ * l->shape->size);
    return true;
}

static void read_field(const struct reading *r, xmlNode *n, const struct field *f, void *into)
{
    const char *path = r->cii ? f->cii : f->ubl;
    void *at = (char *)into + f->offset;
    if (!path || field_is_constant(f))
        return;
    if (f->kind == FIELD_LIST) {
        struct reading_list l = {r, f->group, at, 0};
        node_each(n, path, read_item, &l);
    } else if (f->kind == FIELD_GROUP) {
        xmlNode *group = node_first(n, path);
        if (group)
            read_shape(r, group, f->group, at);
    } else {
        read_value(r, n, f, path, at);
    }
}

static void read_shape(const struct reading *r, xmlNode *n, const struct shape *shape, void *into)
{
    for (size_t i = 0; i < shape->n; i++)
        read_field(r, n, &shape->fields[i], into);
}

struct vat_totals {
    struct arena *arena;
    struct invoice *inv;
};

/* BT-110 and BT-111 are told apart by their currency, not by their place. */
static bool read_vat_total(void *context, xmlNode *n)
{
    struct vat_totals *t = context;
    const char *currency = node_attribute(t->arena, n, "currencyID", 10);
    struct value v = {without_edges(t->arena, node_text(t->arena, n)), n};
    const char *own = t->inv->currency.text, *tax = t->inv->tax_currency.text;
    if (currency && tax && strcmp(currency, tax) == 0 && !(own && strcmp(own, tax) == 0))
        t->inv->vat_total_accounting = v;
    else if (!t->inv->vat_total.text || (currency && own && strcmp(currency, own) == 0))
        t->inv->vat_total = v;
    return true;
}

/* UBL has no element for the subject of a note: "#AAI#text". */
static void read_subject(struct arena *a, struct invoice_note *n)
{
    const char *text = n->text.text;
    if (!text || *text != '#' || strcspn(text + 1, "#") != 3 || text[4] != '#')
        return;
    char *code = arena_strndup(a, text + 1, 3);
    if (!code_is_in(&code_note_subject, code))
        return;
    n->subject = (struct value){code, n->text.source};
    n->text.text = text[5] ? text + 5 : NULL;
}

struct invoice *model_of(struct arena *a, xmlNode *root)
{
    struct invoice *inv = arena_alloc(a, sizeof *inv);
    inv->syntax = syntax_of(root);
    struct reading r = {a, inv->syntax == SYNTAX_CII};
    read_shape(&r, root, inv->syntax == SYNTAX_UBL_CREDIT_NOTE ? &shape_credit_note : &shape_invoice, inv);
    for (size_t i = 0; !r.cii && i < inv->notes.n; i++)
        read_subject(a, &inv->notes.items[i]);
    inv->vat_total = inv->vat_total_accounting = (struct value){0};
    struct vat_totals totals = {a, inv};
    node_each(root, r.cii ? "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement/"
                            "ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:TaxTotalAmount"
                          : "cac:TaxTotal/cbc:TaxAmount",
              read_vat_total, &totals);
    return inv;
}
