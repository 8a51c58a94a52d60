/* BR-S, -Z, -E, -AE, -IC, -G, -O, -AF, -AG and BR-B in CII. The published tests differ from those for UBL in many details; they are kept. */
#include <string.h>

#include "payments/invoice/facts.h"
#include "payments/invoice/rules_cii.h"
#include "payments/invoice/rules_ubl.h"

#define F INVOICE_FATAL
#define DELIVERY "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeDelivery/"

static bool is_taxed(enum vat category)
{
    return category == VAT_S || category == VAT_L || category == VAT_M;
}

static bool uses_fit_breakdown(const struct vat_places *p, enum vat category)
{
    if (is_taxed(category))
        return (!p->line_any || p->line_any + p->breakdown_any >= 2) && (!p->adjusted_any || p->adjusted_any + p->breakdown_any >= 2);
    if (p->breakdown_any == 1)
        return p->line_any || p->adjusted_any;
    return p->breakdown_any == 0 && (category == VAT_O || (!p->line_any && !p->adjusted_any));
}

void judge_cii_vat_document(struct judge *j, xmlNode *root)
{
    for (enum vat c = VAT_S; c < VAT_B; c++)
        if (!uses_fit_breakdown(&j->facts->vat[c], c))
            vat_fire(j, c, 1, root, "Make the VAT breakdown fit the lines, allowances and charges of this category");
    if (!j->facts->vat[VAT_B].category_any)
        return;
    if (j->facts->has_foreign_country)
        judge_report(j, "BR-B-01", F, root, "Use split payment only between Italian parties.");
    if (j->facts->vat[VAT_S].category_any)
        judge_report(j, "BR-B-02", F, root, "Do not mix split payment with standard rated items.");
}

/* ---- lines, allowances, charges ---- */

static bool identities_fit(const struct facts *f, enum vat category)
{
    bool seller_vat = f->has_seller_vat_id || f->has_representative_vat_id, seller = f->has_seller_tax_id || f->has_representative_vat_id;
    switch (category) {
    case VAT_AE:
        return seller && (f->has_buyer_vat_id || f->has_buyer_legal_id);
    case VAT_K:
        return seller_vat && f->has_buyer_vat_id;
    case VAT_G:
        return seller_vat;
    case VAT_O:
        return !seller_vat && !f->has_buyer_vat_id;
    default:
        return seller;
    }
}

static enum vat category_of(struct judge *j, xmlNode *tax)
{
    const char *code = node_value(j->arena, tax, "ram:CategoryCode");
    return vat_of(code ? code : "");
}

static bool rate_fits(struct judge *j, xmlNode *tax, enum vat category)
{
    struct decimal rate;
    if (category == VAT_O)
        return !node_has(tax, "ram:RateApplicablePercent");
    if (!node_number(j->arena, tax, "ram:RateApplicablePercent", &rate))
        return false;
    if (!is_taxed(category))
        return rate.m == 0;
    return rate.m > 0 || (category == VAT_M && rate.m == 0);
}

static void judge_use(struct judge *j, xmlNode *tax, int identity, int rate)
{
    enum vat category = category_of(j, tax);
    if (category >= VAT_B)
        return;
    if (!identities_fit(j->facts, category))
        vat_fire(j, category, identity, tax, vat_identity_advice(category));
    if (!rate_fits(j, tax, category))
        vat_fire(j, category, rate, tax, category == VAT_O ? "Leave out the VAT rate" : is_taxed(category) ? "Give a VAT rate above 0" : "Set the VAT rate to 0");
}

void judge_cii_vat_line(struct judge *j, xmlNode *tax)
{
    judge_use(j, tax, 2, 5);
}

void judge_cii_vat_allowance(struct judge *j, xmlNode *tax)
{
    judge_use(j, tax, 3, 6);
}

void judge_cii_vat_charge(struct judge *j, xmlNode *tax)
{
    judge_use(j, tax, 4, 7);
}

/* ---- the breakdown ---- */

/* Each part is rounded on its own. */
static bool sum_of(const struct facts *f, enum vat category, const struct decimal *rate, struct decimal *ret)
{
    const struct vat_sum *s = facts_sum(f, category, rate);
    *ret = DECIMAL_ZERO;
    return !s || (!s->is_broken && decimal_add(decimal_round(s->invoice_lines, 2), decimal_round(s->charges, 2), ret) &&
                  decimal_sub(*ret, decimal_round(s->allowances, 2), ret));
}

static bool is_close(struct decimal stated, struct decimal sum)
{
    struct decimal difference;
    return decimal_sub(stated, sum, &difference) && decimal_compare(decimal_abs(difference), decimal_of(1, 0)) < 0;
}

static bool base_fits(struct judge *j, xmlNode *tax, enum vat category)
{
    struct decimal stated, rate, sum;
    if (category == VAT_S && !node_has(tax, "ram:RateApplicablePercent"))
        return true;
    if (category == VAT_S && !node_number(j->arena, tax, "ram:RateApplicablePercent", &rate))
        return false;
    if (!node_number(j->arena, tax, "ram:BasisAmount", &stated) || !sum_of(j->facts, category, category == VAT_S ? &rate : NULL, &sum))
        return false;
    return category == VAT_S || category == VAT_O ? decimal_equal(stated, sum) : is_close(stated, sum);
}

static bool tax_fits(struct judge *j, xmlNode *tax, enum vat category)
{
    struct decimal amount, base, rate;
    if (!node_number(j->arena, tax, "ram:CalculatedAmount", &amount))
        return false;
    if (category != VAT_S)
        return amount.m == 0;
    return node_number(j->arena, tax, "ram:BasisAmount", &base) && node_number(j->arena, tax, "ram:RateApplicablePercent", &rate) &&
           tax_is_near(amount, base, rate);
}

static void judge_reason(struct judge *j, xmlNode *tax, enum vat category, xmlNode *n)
{
    bool reason = node_has(tax, "ram:ExemptionReason") || node_has(tax, "ram:ExemptionReasonCode");
    bool wanted = !is_taxed(category) && category != VAT_Z;
    if (reason != wanted)
        vat_fire(j, category, 10, n, wanted ? "Say in words or by code why no VAT is charged" : "Leave out the exemption reason");
}

static void judge_entry(struct judge *j, xmlNode *tax, enum vat category, xmlNode *n)
{
    if (!base_fits(j, tax, category))
        vat_fire(j, category, 8, n, "Make the taxable amount equal the lines minus allowances plus charges of this category");
    if (!tax_fits(j, tax, category))
        vat_fire(j, category, 9, n, category == VAT_S ? "Make the VAT equal the taxable amount times the rate" : "Set the VAT to 0");
    judge_reason(j, tax, category, n);
}

static void judge_community(struct judge *j, xmlNode *code)
{
    if (!node_has(j->root, DELIVERY "ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/udt:DateTimeString") &&
        !node_has(code, "../../ram:BillingSpecifiedPeriod/ram:StartDateTime") && !node_has(code, "../../ram:BillingSpecifiedPeriod/ram:EndDateTime"))
        vat_fire(j, VAT_K, 11, code, "Give the delivery date or the period");
    if (!node_has(j->root, DELIVERY "ram:ShipToTradeParty/ram:PostalTradeAddress/ram:CountryID"))
        vat_fire(j, VAT_K, 12, code, "Give the country that was delivered to");
}

void judge_cii_vat_breakdown(struct judge *j, xmlNode *code)
{
    enum vat category = vat_of(node_text(j->arena, code));
    bool vat = node_matches(code->parent, "ram:ApplicableTradeTax[VAT]");
    bool here = category == VAT_S || category == VAT_Z || (vat && (category == VAT_AE || category == VAT_E || category == VAT_G || category == VAT_K));
    if (!here)
        return;
    judge_entry(j, code->parent, category, code);
    if (category == VAT_K)
        judge_community(j, code);
}

/* ---- entries whatever their category ---- */

static bool has_one_tax_point_kind(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)n;
    (void)r;
    return !j->facts->has_tax_point_date || !j->facts->has_tax_point_code;
}

static bool has_category(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)j;
    return node_matches(n, "ram:ApplicableTradeTax[VAT]") && node_has(n, r->arg);
}

static bool has_rate(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    return node_matches(n, "ram:ApplicableTradeTax[VAT]") &&
           (node_has(n, "ram:RateApplicablePercent") || category_of(j, n) == VAT_O);
}

/* Unlike in UBL a difference of exactly one currency unit is still allowed. */
static bool is_near(struct decimal tax, struct decimal base, struct decimal rate)
{
    struct decimal expected, difference;
    if (!decimal_mul(decimal_abs(base), rate, &expected) || expected.scale > DECIMAL_SCALE_MAX - 2)
        return false;
    expected.scale += 2;
    return decimal_sub(decimal_abs(tax), decimal_round(expected, 2), &difference) && decimal_compare(decimal_abs(difference), decimal_of(1, 0)) <= 0;
}

static bool is_taxed_right(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    struct decimal tax, base, rate;
    bool stated = text_same_nocase(node_trimmed(j->arena, n, "ram:TypeCode"), "VAT") && node_has(n, "ram:RateApplicablePercent");
    if (!node_number(j->arena, n, "ram:CalculatedAmount", &tax) || (stated && !node_number(j->arena, n, "ram:RateApplicablePercent", &rate)))
        return false;
    if (!stated || decimal_round(rate, 0).m == 0)
        return decimal_round(tax, 0).m == 0;
    return node_number(j->arena, n, "ram:BasisAmount", &base) && is_near(tax, base, rate);
}

static const struct rule entry_rules[] = {
    {"BR-45", F, holds_exists, "ram:BasisAmount", "Give the amount that the VAT is charged on.", NULL},
    {"BR-46", F, holds_exists, "ram:CalculatedAmount", "Give the amount of VAT, even when it is 0.", NULL},
    {"BR-47", F, has_category, "ram:CategoryCode", "Give the VAT category.", NULL},
    {"BR-48", F, has_rate, NULL, "Give the VAT rate (0 when exempt); only category O has none.", NULL},
    {"BR-CO-03", F, has_one_tax_point_kind, NULL, "Give the VAT point either as a date or as a code, not both.", NULL},
    {"BR-CO-17", F, is_taxed_right, NULL, "Make the VAT equal the taxable amount times the rate.", NULL},
    {"BR-DEC-19", F, holds_two_decimals, "ram:BasisAmount", "The taxable amount may have at most two decimals.", NULL},
    {"BR-DEC-20", F, holds_two_decimals, "ram:CalculatedAmount", "The amount of VAT may have at most two decimals.", NULL},
};

static void judge_not_subject(struct judge *j, xmlNode *tax)
{
    struct vat_places others = {0};
    for (size_t i = 0; i < VAT_COUNT; i++) {
        others.breakdown_any += i == VAT_O ? 0 : j->facts->vat[i].breakdown_any + j->facts->vat[i].line_any;
        others.adjusted_any += i == VAT_O ? 0 : j->facts->vat[i].adjusted_any;
    }
    for (int number = 11; number <= 14; number++)
        if (number <= 12 ? others.breakdown_any : others.adjusted_any)
            vat_fire(j, VAT_O, number, tax, "Give everything category O, because category O stands alone");
}

void judge_cii_vat_entry(struct judge *j, xmlNode *tax)
{
    enum vat category = category_of(j, tax);
    bool own_rules = node_matches(tax, "ram:ApplicableTradeTax[VAT]") && (category == VAT_L || category == VAT_M || category == VAT_O);
    if (own_rules && category == VAT_O) {
        judge_entry(j, tax, category, tax);
        judge_not_subject(j, tax);
    } else if (own_rules) {
        judge_reason(j, tax, category, tax);
    }
    for (size_t i = 0; !own_rules && i < sizeof entry_rules / sizeof *entry_rules; i++)
        if (!entry_rules[i].holds(j, tax, &entry_rules[i]))
            judge_report(j, entry_rules[i].id, entry_rules[i].severity, tax, entry_rules[i].advice);
}
