#include "payments/invoice/facts.h"

#include <string.h>

#include "daemon/base/arena.h"

struct gathering {
    struct arena *arena;
    xmlNode *root;
    struct facts *facts;
};

static const struct vat_paths line_paths = {"cac:Item/cac:ClassifiedTaxCategory", "cbc:ID", "cbc:Percent", "cbc:LineExtensionAmount", true};
static const struct vat_paths adjustment_paths = {"cac:TaxCategory", "cbc:ID", "cbc:Percent", "cbc:Amount", true};

/* Lines inside lines count for the total but not for the VAT. */
static void gather_line(struct gathering *g, xmlNode *line, bool credit)
{
    *(credit ? &g->facts->has_credit_note_line : &g->facts->has_invoice_line) = true;
    facts_add_line(g->facts, g->arena, line, &line_paths, line->parent == g->root, credit);
}

static void gather_adjustment(struct gathering *g, xmlNode *n)
{
    bool charge = node_matches(n, "cac:AllowanceCharge[charge]"), allowance = node_matches(n, "cac:AllowanceCharge[allowance]");
    facts_add_adjustment(g->facts, g->arena, n, &adjustment_paths,
                         (struct adjustment_kind){.own = n->parent == g->root, .charge = charge, .allowance = allowance});
}

/* A few rules compare the code as it is written, most do not mind white space. */
static bool is_exact(struct gathering *g, xmlNode *n)
{
    const char *code = node_value(g->arena, n, "cbc:ID");
    return code && strcmp(code, text_trimmed(g->arena, code)) == 0;
}

static void gather_category(struct gathering *g, xmlNode *n)
{
    struct vat_places *p = &g->facts->vat[vat_of(node_trimmed(g->arena, n, "cbc:ID"))];
    bool vat = node_matches(n, "cac:TaxCategory[VAT]"), exact = is_exact(g, n);
    p->category_any++;
    p->category_vat += vat;
    p->exact_any += exact;
    if (node_matches(n, "/cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory")) {
        p->breakdown_any++;
        p->breakdown_vat += vat;
        p->exact_breakdown_vat += vat && exact;
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
    p->exact_any += is_exact(g, n);
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

/* Rules about lines ask for these again and again. */
static void gather_document_value(struct gathering *g, xmlNode *n, const char *name)
{
    struct facts *f = g->facts;
    if (strcmp(name, "DocumentCurrencyCode") == 0 && n->parent == g->root && !f->currency)
        f->currency = node_text(g->arena, n);
    else if (strcmp(name, "StartDate") == 0 && !f->period_start && node_matches(n, "/cac:InvoicePeriod/cbc:StartDate"))
        f->period_start = node_text(g->arena, n);
    else if (strcmp(name, "EndDate") == 0 && !f->period_end && node_matches(n, "/cac:InvoicePeriod/cbc:EndDate"))
        f->period_end = node_text(g->arena, n);
}

static void gather_cbc(struct gathering *g, xmlNode *n, const char *name)
{
    struct facts *f = g->facts;
    gather_document_value(g, n, name);
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
