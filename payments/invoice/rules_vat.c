/*
 * The VAT families BR-S, -Z, -E, -AE, -IC, -G, -O, -AF, -AG (rules -01 to -14) and BR-B: one template, told apart by a table.
 * The template follows EN 16931-1 chapter 6.4.3; which of the published tests look at the tax scheme is kept as published.
 */
#include <string.h>

#include "daemon/base/arena.h"
#include "payments/invoice/facts.h"
#include "payments/invoice/rules_ubl.h"

enum rate_rule { RATE_ZERO, RATE_ABOVE_ZERO, RATE_NOT_NEGATIVE, RATE_ABSENT };

struct family {
    enum vat category;
    const char *suffix, *name;
    bool is_taxed; /* may occur at several rates, has a tax and no exemption reason */
    bool wants_reason;
    enum rate_rule rate;
};

static const struct family families[] = {
    {VAT_AE, "AE", "reverse charge", false, true, RATE_ZERO},  {VAT_E, "E", "exempt from VAT", false, true, RATE_ZERO},
    {VAT_G, "G", "export", false, true, RATE_ZERO},            {VAT_K, "IC", "intra-community supply", false, true, RATE_ZERO},
    {VAT_L, "AF", "IGIC", true, false, RATE_NOT_NEGATIVE},     {VAT_M, "AG", "IPSI", true, false, RATE_NOT_NEGATIVE},
    {VAT_O, "O", "not subject to VAT", false, true, RATE_ABSENT}, {VAT_S, "S", "standard rated", true, false, RATE_ABOVE_ZERO},
    {VAT_Z, "Z", "zero rated", false, false, RATE_ZERO},
};

static const struct family *family_of(enum vat category)
{
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (families[i].category == category)
            return &families[i];
    return NULL;
}

static void fire(struct judge *j, const struct family *f, int number, xmlNode *n, const char *advice)
{
    judge_report(j, arena_printf(j->arena, "BR-%s-%02d", f->suffix, number), INVOICE_FATAL, n, arena_printf(j->arena, "%s (%s).", advice, f->name));
}

void vat_fire(struct judge *j, enum vat category, int number, xmlNode *n, const char *advice)
{
    const struct family *f = family_of(category);
    if (f)
        fire(j, f, number, n, advice);
}

/* ---- the document: -01 to -04, -11 to -14 ---- */

/* -01: lines, allowances and charges of the category need their entry in the breakdown. */
static bool breakdown_matches_use(const struct facts *facts, const struct family *f)
{
    const struct vat_places *p = &facts->vat[f->category];
    if (!f->is_taxed)
        return p->category_vat || p->line_vat ? p->breakdown_vat == 1 : true;
    bool any_scheme = f->category == VAT_S;
    unsigned used = any_scheme ? p->adjusted_any + p->line_any : p->adjusted_vat + p->line_vat;
    if (used)
        return (f->category == VAT_M ? p->exact_breakdown_vat : p->breakdown_any) > 0;
    return (any_scheme ? p->breakdown_any : p->breakdown_vat) == 0;
}

/* -02 to -04: who must (or for O: must not) state a tax identifier. */
static bool parties_are_identified(const struct facts *facts, enum vat category)
{
    bool seller_vat = facts->has_seller_vat_id || facts->has_representative_vat_id;
    bool seller = facts->has_seller_tax_id || facts->has_representative_vat_id;
    switch (category) {
    case VAT_AE:
        return seller && (facts->has_buyer_vat_id || facts->has_buyer_legal_id);
    case VAT_K:
        return seller_vat && facts->has_buyer_vat_id;
    case VAT_G:
        return seller_vat;
    case VAT_O:
        return !seller_vat && !facts->has_buyer_vat_id;
    default:
        return seller;
    }
}

const char *vat_identity_advice(enum vat category)
{
    switch (category) {
    case VAT_AE:
        return "Give the seller's VAT or tax number and the buyer's VAT or registration number";
    case VAT_K:
        return "Give the VAT numbers of seller and buyer";
    case VAT_G:
        return "Give the seller's VAT number";
    case VAT_O:
        return "Leave out the VAT numbers of seller, tax representative and buyer";
    default:
        return "Give the seller's VAT number or another tax number; a seller without any uses category O";
    }
}

static void judge_identities(struct judge *j, xmlNode *root, const struct family *f)
{
    const struct facts *facts = j->facts;
    const struct vat_places *p = &facts->vat[f->category];
    bool document_only = f->category == VAT_O;
    bool ok = parties_are_identified(facts, f->category);
    bool line_ok = f->category == VAT_S ? !p->line_any || (p->line_vat && ok) : !p->line_vat || ok;
    const char *advice = vat_identity_advice(f->category);
    if (!line_ok)
        fire(j, f, 2, root, advice);
    if (!ok && (document_only ? p->own_allowance_vat : p->allowance_vat))
        fire(j, f, 3, root, advice);
    if (!ok && (document_only ? p->own_charge_vat : p->charge_vat))
        fire(j, f, 4, root, advice);
}

/* O stands alone: nothing else may be in the breakdown, on lines, allowances or charges. */
static void judge_not_subject(struct judge *j, xmlNode *root, const struct family *f)
{
    struct vat_places others = {0};
    for (size_t i = 0; i < VAT_COUNT; i++) {
        if (i == VAT_O)
            continue;
        others.breakdown_vat += j->facts->vat[i].breakdown_vat;
        others.line_vat += j->facts->vat[i].line_vat;
        others.allowance_vat += j->facts->vat[i].allowance_vat;
        others.charge_vat += j->facts->vat[i].charge_vat;
    }
    if (others.breakdown_vat)
        fire(j, f, 11, root, "Leave out every other entry of the VAT breakdown");
    if (others.line_vat)
        fire(j, f, 12, root, "Give every line category O");
    if (others.allowance_vat)
        fire(j, f, 13, root, "Give every allowance category O");
    if (others.charge_vat)
        fire(j, f, 14, root, "Give every charge category O");
}

static bool has_long_value(struct judge *j, xmlNode *n, const char *path)
{
    const char *text = node_value(j->arena, n, path);
    return text && strlen(text) > 1;
}

static bool has_own_period(xmlNode *root)
{
    for (xmlNode *n = root->children; n; n = n->next)
        if (n->type == XML_ELEMENT_NODE && node_matches(n, "cac:InvoicePeriod") && xmlFirstElementChild(n))
            return true;
    return false;
}

static void judge_community(struct judge *j, xmlNode *root, const struct family *f)
{
    if (!has_long_value(j, root, "cac:Delivery/cbc:ActualDeliveryDate") && !has_own_period(root))
        fire(j, f, 11, root, "Give the delivery date or the period");
    if (!has_long_value(j, root, "cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode"))
        fire(j, f, 12, root, "Give the country that was delivered to");
}

/* BR-B-01, -02: split payment is an Italian arrangement and excludes standard rated items. */
static void judge_split_payment(struct judge *j, xmlNode *root)
{
    if (!j->facts->vat[VAT_B].exact_any)
        return;
    if (j->facts->has_foreign_country)
        judge_report(j, "BR-B-01", INVOICE_FATAL, root, "Use split payment only between Italian parties.");
    if (j->facts->vat[VAT_S].exact_any)
        judge_report(j, "BR-B-02", INVOICE_FATAL, root, "Do not mix split payment with standard rated items.");
}

void judge_vat_document(struct judge *j, xmlNode *root)
{
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        const struct family *f = &families[i];
        if (!breakdown_matches_use(j->facts, f))
            fire(j, f, 1, root, f->is_taxed ? "Add an entry to the VAT breakdown for this category, and none when nothing belongs to it" :
                                              "Add exactly one entry to the VAT breakdown for this category");
        judge_identities(j, root, f);
        if (f->category == VAT_O && j->facts->vat[VAT_O].breakdown_vat)
            judge_not_subject(j, root, f);
        if (f->category == VAT_K && j->facts->vat[VAT_K].breakdown_vat)
            judge_community(j, root, f);
    }
    judge_split_payment(j, root);
}

/* ---- -05 to -07: the rate of a line, an allowance, a charge ---- */

static bool rate_fits(struct judge *j, xmlNode *n, enum rate_rule rule)
{
    struct decimal rate;
    if (rule == RATE_ABSENT)
        return !node_has(n, "cbc:Percent");
    if (!node_number(j->arena, n, "cbc:Percent", &rate))
        return false;
    return rule == RATE_ZERO ? rate.m == 0 : rule == RATE_ABOVE_ZERO ? rate.m > 0 : rate.m >= 0;
}

static void judge_rate(struct judge *j, xmlNode *n, int number)
{
    static const char *const advice[] = {
        [RATE_ZERO] = "Set the VAT rate to 0",
        [RATE_ABOVE_ZERO] = "Give a VAT rate above 0; zero rated items have category Z",
        [RATE_NOT_NEGATIVE] = "Give a rate of 0 or more",
        [RATE_ABSENT] = "Leave out the VAT rate",
    };
    const struct family *f = family_of(vat_of(node_trimmed(j->arena, n, "cbc:ID")));
    if (f && !rate_fits(j, n, f->rate))
        fire(j, f, number, n, advice[f->rate]);
}

void judge_vat_line(struct judge *j, xmlNode *category)
{
    judge_rate(j, category, 5);
}

void judge_vat_allowance(struct judge *j, xmlNode *category)
{
    judge_rate(j, category, 6);
}

void judge_vat_charge(struct judge *j, xmlNode *category)
{
    judge_rate(j, category, 7);
}

/* ---- -08 to -10: the breakdown ---- */

static bool sum_of(const struct vat_sum *s, struct decimal lines, struct decimal *ret)
{
    return decimal_add(lines, s->charges, ret) && decimal_sub(*ret, s->allowances, ret);
}

static bool is_within_one(struct decimal stated, const struct vat_sum *s, struct decimal lines)
{
    struct decimal sum, low, high;
    return sum_of(s, lines, &sum) && decimal_sub(stated, decimal_of(1, 0), &low) && decimal_add(stated, decimal_of(1, 0), &high) &&
           decimal_compare(low, sum) < 0 && decimal_compare(high, sum) > 0;
}

static bool is_exactly(struct decimal stated, const struct vat_sum *s, struct decimal lines)
{
    struct decimal sum;
    return sum_of(s, lines, &sum) && decimal_equal(stated, sum);
}

static const struct vat_sum nothing = {.category = VAT_OTHER};

static bool base_adds_up(struct judge *j, xmlNode *n, const struct family *f)
{
    struct decimal stated, rate;
    if (f->is_taxed && !node_has(n, "cbc:Percent"))
        return true;
    if (f->is_taxed && !node_number(j->arena, n, "cbc:Percent", &rate))
        return false;
    const struct vat_sum *s = facts_sum(j->facts, f->category, f->is_taxed ? &rate : NULL);
    s = s ? s : &nothing;
    if (s->is_broken || !node_number(j->arena, n, "../cbc:TaxableAmount", &stated))
        return false;
    bool in_invoice = j->facts->has_invoice_line, in_credit_note = j->facts->has_credit_note_line;
    if (f->category == VAT_S) {
        in_invoice = s->has_invoice_line || s->has_adjustment;
        in_credit_note = s->has_credit_note_line || s->has_adjustment;
    }
    bool (*fits)(struct decimal, const struct vat_sum *, struct decimal) = f->is_taxed ? is_within_one : is_exactly;
    return (in_invoice && fits(stated, s, s->invoice_lines)) || (in_credit_note && fits(stated, s, s->credit_note_lines));
}

static bool tax_fits(struct judge *j, xmlNode *n, const struct family *f)
{
    struct decimal tax, base, rate;
    if (!node_number(j->arena, n, "../cbc:TaxAmount", &tax))
        return false;
    if (!f->is_taxed)
        return tax.m == 0;
    return node_number(j->arena, n, "../cbc:TaxableAmount", &base) && node_number(j->arena, n, "cbc:Percent", &rate) && tax_is_near(tax, base, rate);
}

void judge_vat_breakdown(struct judge *j, xmlNode *category)
{
    const struct family *f = family_of(vat_of(node_trimmed(j->arena, category, "cbc:ID")));
    if (!f)
        return;
    if (!base_adds_up(j, category, f))
        fire(j, f, 8, category, "Make the taxable amount equal the lines minus allowances plus charges of this category");
    if (!tax_fits(j, category, f))
        fire(j, f, 9, category, f->is_taxed ? "Make the VAT equal the taxable amount times the rate" :
                                              "Set the VAT to 0");
    bool reason = node_has(category, "cbc:TaxExemptionReason") || node_has(category, "cbc:TaxExemptionReasonCode");
    if (reason != f->wants_reason)
        fire(j, f, 10, category, f->wants_reason ? "Say in words or by code why no VAT is charged" :
                                                   "Leave out the exemption reason");
}
