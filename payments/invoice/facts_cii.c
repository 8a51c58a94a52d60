#include "payments/invoice/facts.h"

#include <string.h>

#include "daemon/base/arena.h"

static const struct vat_paths line_paths = {
    "ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax", "ram:CategoryCode", "ram:RateApplicablePercent",
    "ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount", false};
static const struct vat_paths adjustment_paths = {"ram:CategoryTradeTax", "ram:CategoryCode", "ram:RateApplicablePercent", "ram:ActualAmount", false};

struct gathering {
    struct arena *arena;
    struct facts *facts;
};

static void gather_category(struct gathering *g, xmlNode *n)
{
    struct vat_places *p = &g->facts->vat[vat_of(node_text(g->arena, n))];
    p->category_any++;
    p->breakdown_any += node_matches(n, "ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax/ram:CategoryCode");
    p->line_any += node_matches(n, "ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax/ram:CategoryCode");
    p->adjusted_any += node_matches(n, "ram:CategoryTradeTax/ram:CategoryCode");
}

static void gather_id(struct gathering *g, xmlNode *n)
{
    struct facts *f = g->facts;
    f->has_seller_tax_id |= node_matches(n, "ram:SellerTradeParty/ram:SpecifiedTaxRegistration/ram:ID[@schemeID=VA|FC]");
    f->has_seller_vat_id |= node_matches(n, "ram:SellerTradeParty/ram:SpecifiedTaxRegistration/ram:ID[@schemeID=VA]");
    f->has_representative_vat_id |= node_matches(n, "ram:SellerTaxRepresentativeTradeParty/ram:SpecifiedTaxRegistration/ram:ID[@schemeID=VA]");
    f->has_buyer_vat_id |= node_matches(n, "ram:BuyerTradeParty/ram:SpecifiedTaxRegistration/ram:ID[@schemeID=VA]");
    f->has_buyer_legal_id |= node_matches(n, "ram:BuyerTradeParty/ram:SpecifiedLegalOrganization/ram:ID");
}

static void note_value(const char **first, bool *mixed, const char *value)
{
    if (!*first)
        *first = value;
    else if (strcmp(*first, value) != 0)
        *mixed = true;
}

static void gather_adjustment(struct gathering *g, xmlNode *n)
{
    struct adjustment_kind kind = {
        .own = node_matches(n, "ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeAllowanceCharge"),
        .charge = node_matches(n, "ram:SpecifiedTradeAllowanceCharge[charge]"),
        .allowance = node_matches(n, "ram:SpecifiedTradeAllowanceCharge[allowance]"),
    };
    facts_add_adjustment(g->facts, g->arena, n, &adjustment_paths, kind);
}

static void gather_value(struct gathering *g, xmlNode *n, const char *name)
{
    struct facts *f = g->facts;
    if (strcmp(name, "CategoryCode") == 0)
        gather_category(g, n);
    else if (strcmp(name, "ID") == 0)
        gather_id(g, n);
    else if (strcmp(name, "CountryID") == 0)
        f->has_foreign_country |= strcmp(node_text(g->arena, n), "IT") != 0;
    else if (strcmp(name, "TypeCode") == 0 && node_matches(n, "ram:SpecifiedTradeSettlementPaymentMeans/ram:TypeCode"))
        note_value(&f->payment_code, &f->has_mixed_payment_codes, node_trimmed(g->arena, n, "."));
    else if (strcmp(name, "Information") == 0 && node_matches(n, "ram:SpecifiedTradeSettlementPaymentMeans/ram:Information"))
        note_value(&f->payment_text, &f->has_mixed_payment_texts, node_trimmed(g->arena, n, "."));
    else if (strcmp(name, "PaymentReference") == 0)
        f->payment_references += node_matches(n, "ram:ApplicableHeaderTradeSettlement/ram:PaymentReference");
}

static void gather_other(struct gathering *g, xmlNode *n, const char *name)
{
    struct facts *f = g->facts;
    if (strcmp(name, "IncludedSupplyChainTradeLineItem") == 0) {
        f->has_invoice_line = true;
        facts_add_line(f, g->arena, n, &line_paths, true, false);
    } else if (strcmp(name, "SpecifiedTradeAllowanceCharge") == 0) {
        gather_adjustment(g, n);
    } else if (strcmp(name, "SellerTradeParty") == 0 && !f->seller) {
        f->seller = n;
    } else if (strcmp(name, "ApplicableTradeTax") == 0 && node_matches(n, "ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax")) {
        struct decimal tax = DECIMAL_ZERO;
        f->has_breakdown = true;
        f->taxes_are_broken |= !node_sum(g->arena, n, "ram:CalculatedAmount", &tax) || !decimal_add(f->taxes, tax, &f->taxes);
    } else if (strcmp(name, "BilledQuantity") == 0) {
        f->has_billed_unit |= node_matches(n, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity[@unitCode]");
    } else if (strcmp(name, "BillingSpecifiedPeriod") == 0 && node_matches(n, "ram:ApplicableHeaderTradeSettlement/ram:BillingSpecifiedPeriod")) {
        f->period_start = node_value(g->arena, n, "ram:StartDateTime/udt:DateTimeString");
        f->period_end = node_value(g->arena, n, "ram:EndDateTime/udt:DateTimeString");
    } else if (strcmp(name, "DirectDebitMandateID") == 0) {
        f->has_mandate |= node_matches(n, "ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradePaymentTerms/ram:DirectDebitMandateID");
    } else if (strcmp(name, "TaxPointDate") == 0) {
        f->has_tax_point_date = true;
    } else if (strcmp(name, "DueDateTypeCode") == 0) {
        f->has_tax_point_code = true;
        if (node_matches(n, "ram:ApplicableTradeTax/ram:DueDateTypeCode"))
            note_value(&f->tax_point_code, &f->has_mixed_tax_point_codes, node_text(g->arena, n));
    }
}

struct facts *facts_of_cii(struct arena *a, xmlNode *root)
{
    struct gathering g = {a, arena_alloc(a, sizeof(struct facts))};
    for (xmlNode *n = root; n; n = node_next(n, root)) {
        if (node_space(n) != SPACE_RAM)
            continue;
        gather_value(&g, n, (const char *)n->name);
        gather_other(&g, n, (const char *)n->name);
    }
    return g.facts;
}
