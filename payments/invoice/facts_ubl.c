#include "payments/invoice/facts.h"

#include <string.h>

#include "daemon/base/arena.h"

/* More categories on one line than this are not summed: such a line breaks UBL-SR-48 already. */
enum { CATEGORIES_MAX = 16 };

struct gathering {
    struct arena *arena;
    xmlNode *root;
    struct facts *facts;
};

/* The categories and the rates that one line or adjustment names; the published rules combine every one with every other. */
struct named_vat {
    struct arena *arena;
    enum vat categories[CATEGORIES_MAX];
    struct decimal rates[CATEGORIES_MAX];
    size_t n_categories, n_rates;
};

static bool name_vat(void *context, xmlNode *n)
{
    struct named_vat *v = context;
    enum vat category = vat_of(node_trimmed(v->arena, n, "cbc:ID"));
    bool is_new = v->n_categories < CATEGORIES_MAX;
    for (size_t i = 0; i < v->n_categories; i++)
        is_new = is_new && v->categories[i] != category;
    if (is_new)
        v->categories[v->n_categories++] = category;
    struct decimal rate;
    if (v->n_rates == CATEGORIES_MAX || !node_number(v->arena, n, "cbc:Percent", &rate))
        return true;
    for (size_t i = 0; i < v->n_rates; i++)
        if (decimal_equal(v->rates[i], rate))
            return true;
    v->rates[v->n_rates++] = rate;
    return true;
}

static void add_to(struct vat_sum *row, struct decimal *sum, bool readable, struct decimal amount)
{
    if (!readable || !decimal_add(*sum, amount, sum))
        row->is_broken = true;
}

static void add_line(struct vat_sum *row, bool credit, bool readable, struct decimal amount)
{
    *(credit ? &row->has_credit_note_line : &row->has_invoice_line) = true;
    add_to(row, credit ? &row->credit_note_lines : &row->invoice_lines, readable, amount);
}

/* The lines of the document itself; lines inside lines are not summed. */
static void gather_line(struct gathering *g, xmlNode *line, bool credit)
{
    struct facts *f = g->facts;
    *(credit ? &f->has_credit_note_line : &f->has_invoice_line) = true;
    struct decimal amount = DECIMAL_ZERO;
    bool readable = node_sum(g->arena, line, "cbc:LineExtensionAmount", &amount);
    f->lines_are_broken |= !readable || !decimal_add(f->lines, amount, &f->lines);
    if (line->parent != g->root)
        return;
    struct named_vat v = {.arena = g->arena};
    node_each(line, "cac:Item/cac:ClassifiedTaxCategory", name_vat, &v);
    for (size_t c = 0; c < v.n_categories; c++) {
        add_line(facts_sum_row(g->facts, g->arena, v.categories[c], NULL), credit, readable, amount);
        for (size_t r = 0; r < v.n_rates; r++)
            add_line(facts_sum_row(g->facts, g->arena, v.categories[c], &v.rates[r]), credit, readable, amount);
    }
}

struct adjustment {
    bool own, charge, allowance, readable; /* own: of the document itself */
    struct decimal amount;
};

static void add_adjustment(struct vat_sum *row, const struct adjustment *adj)
{
    row->has_adjustment = true;
    if (adj->own && adj->charge)
        add_to(row, &row->charges, adj->readable, adj->amount);
    if (adj->own && adj->allowance)
        add_to(row, &row->allowances, adj->readable, adj->amount);
}

static void add_to_document(struct facts *f, const struct adjustment *adj)
{
    if (adj->own && adj->charge) {
        f->has_own_charge = true;
        f->own_charges_are_broken |= !adj->readable || !decimal_add(f->own_charges, adj->amount, &f->own_charges);
    }
    if (adj->own && adj->allowance) {
        f->has_own_allowance = true;
        f->own_allowances_are_broken |= !adj->readable || !decimal_add(f->own_allowances, adj->amount, &f->own_allowances);
    }
}

static void gather_adjustment(struct gathering *g, xmlNode *n)
{
    struct named_vat v = {.arena = g->arena};
    struct adjustment adj = {.own = n->parent == g->root,
                             .charge = node_matches(n, "cac:AllowanceCharge[charge]"),
                             .allowance = node_matches(n, "cac:AllowanceCharge[allowance]")};
    adj.readable = node_sum(g->arena, n, "cbc:Amount", &adj.amount);
    add_to_document(g->facts, &adj);
    node_each(n, "cac:TaxCategory", name_vat, &v);
    for (size_t c = 0; c < v.n_categories; c++) {
        add_adjustment(facts_sum_row(g->facts, g->arena, v.categories[c], NULL), &adj);
        for (size_t r = 0; r < v.n_rates; r++)
            add_adjustment(facts_sum_row(g->facts, g->arena, v.categories[c], &v.rates[r]), &adj);
    }
}

static void gather_category(struct gathering *g, xmlNode *n)
{
    struct vat_places *p = &g->facts->vat[vat_of(node_trimmed(g->arena, n, "cbc:ID"))];
    bool vat = node_matches(n, "cac:TaxCategory[VAT]");
    p->category_any++;
    p->category_vat += vat;
    if (node_matches(n, "/cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory")) {
        p->breakdown_any++;
        p->breakdown_vat += vat;
    }
    if (!node_matches(n->parent, "cac:AllowanceCharge"))
        return;
    bool own = n->parent->parent == g->root;
    bool allowance = node_matches(n->parent, "cac:AllowanceCharge[allowance]"), charge = node_matches(n->parent, "cac:AllowanceCharge[charge]");
    p->adjusted_any++;
    p->adjusted_vat += vat;
    p->allowance_vat += vat && allowance;
    p->charge_vat += vat && charge;
    p->own_allowance_vat += vat && allowance && own;
    p->own_charge_vat += vat && charge && own;
}

static void gather_line_category(struct gathering *g, xmlNode *n)
{
    struct vat_places *p = &g->facts->vat[vat_of(node_trimmed(g->arena, n, "cbc:ID"))];
    p->line_any++;
    p->line_vat += node_matches(n, "cac:ClassifiedTaxCategory[VAT]");
}

static void gather_company_id(struct gathering *g, xmlNode *n)
{
    struct facts *f = g->facts;
    if (node_matches(n, "cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme/cbc:CompanyID"))
        f->has_seller_tax_id = true;
    if (node_matches(n, "cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme[VAT]/cbc:CompanyID"))
        f->has_seller_vat_id = true;
    if (node_matches(n, "cac:TaxRepresentativeParty/cac:PartyTaxScheme[VAT]/cbc:CompanyID"))
        f->has_representative_vat_id = true;
    if (node_matches(n, "cac:AccountingCustomerParty/cac:Party/cac:PartyTaxScheme[VAT]/cbc:CompanyID"))
        f->has_buyer_vat_id = true;
    if (node_matches(n, "cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:CompanyID"))
        f->has_buyer_legal_id = true;
}

static void note_value(const char **first, bool *mixed, const char *value)
{
    if (!*first)
        *first = value;
    else if (strcmp(*first, value) != 0)
        *mixed = true;
}

static void gather_cbc(struct gathering *g, xmlNode *n, const char *name)
{
    struct facts *f = g->facts;
    if (strcmp(name, "CompanyID") == 0)
        gather_company_id(g, n);
    else if (strcmp(name, "IdentificationCode") == 0)
        f->has_foreign_country |= strcmp(node_text(g->arena, n), "IT") != 0;
    else if (strcmp(name, "PaymentID") == 0)
        note_value(&f->payment_id, &f->has_mixed_payment_ids, node_text(g->arena, n));
    else if (strcmp(name, "PaymentMeansCode") == 0)
        note_value(&f->payment_code, &f->has_mixed_payment_codes, node_text(g->arena, n));
    else if (strcmp(name, "ID") == 0 && node_matches(n, "cac:PartyIdentification/cbc:ID[@schemeID]"))
        f->sepa_ids += text_same_nocase(node_attribute(g->arena, n, "schemeID", 8), "SEPA");
}

static void gather_object(struct gathering *g, xmlNode *n)
{
    g->facts->has_object_attachment |= node_has(n, "cac:Attachment");
    g->facts->has_object_description |= node_has(n, "cbc:DocumentDescription");
}

static void gather_cac(struct gathering *g, xmlNode *n, const char *name)
{
    if (strcmp(name, "TaxCategory") == 0)
        gather_category(g, n);
    else if (strcmp(name, "ClassifiedTaxCategory") == 0)
        gather_line_category(g, n);
    else if (strcmp(name, "AllowanceCharge") == 0)
        gather_adjustment(g, n);
    else if (strcmp(name, "InvoiceLine") == 0)
        gather_line(g, n, false);
    else if (strcmp(name, "CreditNoteLine") == 0)
        gather_line(g, n, true);
    else if (strcmp(name, "AdditionalDocumentReference") == 0 && node_matches(n, "cac:AdditionalDocumentReference[cbc:DocumentTypeCode=130]"))
        gather_object(g, n);
    else if (strcmp(name, "AccountingSupplierParty") == 0 && !g->facts->seller)
        g->facts->seller = n;
}

struct facts *facts_of_ubl(struct arena *a, xmlNode *root)
{
    struct gathering g = {a, root, arena_alloc(a, sizeof(struct facts))};
    for (xmlNode *n = root; n; n = node_next(n, root)) {
        if (node_space(n) == SPACE_CBC)
            gather_cbc(&g, n, (const char *)n->name);
        else if (node_space(n) == SPACE_CAC)
            gather_cac(&g, n, (const char *)n->name);
    }
    return g.facts;
}
