/* BR-CO: what must add up or fit together, computed exactly as the published rules do (rounding to 2 decimals with halves upwards). */
#include "payments/invoice/rules_ubl.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "payments/invoice/facts.h"

/* The names of one party that are compared; a party has one. */
enum { NAMES_MAX = 64 };

bool is_typed(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    return *node_trimmed(j->arena, n, "cbc:InvoiceTypeCode") || *node_trimmed(j->arena, n, "cbc:CreditNoteTypeCode");
}

bool has_one_tax_point(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)j;
    (void)r;
    return !node_has(n, "cbc:TaxPointDate") || !node_has(n, "cac:InvoicePeriod/cbc:DescriptionCode");
}

/* The published test looks for the first two characters in a list joined by spaces, so that fewer or blank characters can be found, too. */
bool vat_id_has_country(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    const char *id = node_value(j->arena, n, "cbc:CompanyID");
    const char *start = arena_strndup(j->arena, id ? id : "", id ? strnlen(id, 2) : 0);
    if (start[0] == '\0' || code_is_in(&code_country, start) || strcmp(start, "EL") == 0)
        return true;
    for (size_t i = 0; i < code_country.n; i++) {
        const char *code = code_country.codes[i];
        const char joined[] = {' ', code[0], code[1], ' ', '\0'};
        if (strstr(joined, start))
            return true;
    }
    return false;
}

static bool is_sum(struct judge *j, xmlNode *n, const char *path, bool broken, struct decimal sum)
{
    struct decimal stated;
    return !broken && node_number(j->arena, n, path, &stated) && decimal_equal(stated, decimal_round(sum, 2));
}

bool lines_add_up(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    return is_sum(j, n, "cbc:LineExtensionAmount", j->facts->lines_are_broken, j->facts->lines);
}

bool allowances_add_up(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    if (!node_has(n, "cbc:AllowanceTotalAmount"))
        return !j->facts->has_own_allowance;
    return is_sum(j, n, "cbc:AllowanceTotalAmount", j->facts->own_allowances_are_broken, j->facts->own_allowances);
}

bool charges_add_up(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    if (!node_has(n, "cbc:ChargeTotalAmount"))
        return !j->facts->has_own_charge;
    return is_sum(j, n, "cbc:ChargeTotalAmount", j->facts->own_charges_are_broken, j->facts->own_charges);
}

bool total_without_vat_adds_up(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    struct decimal total, sum, change;
    bool charged = node_has(n, "cbc:ChargeTotalAmount"), allowed = node_has(n, "cbc:AllowanceTotalAmount");
    if (!node_number(j->arena, n, "cbc:TaxExclusiveAmount", &total) || !node_number(j->arena, n, "cbc:LineExtensionAmount", &sum))
        return false;
    if (charged && !(node_number(j->arena, n, "cbc:ChargeTotalAmount", &change) && decimal_add(sum, change, &sum)))
        return false;
    if (allowed && !(node_number(j->arena, n, "cbc:AllowanceTotalAmount", &change) && decimal_sub(sum, change, &sum)))
        return false;
    return decimal_equal(total, charged || allowed ? decimal_round(sum, 2) : sum);
}

bool vat_adds_up(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    struct decimal sum;
    if (!node_has(n, "cac:TaxSubtotal"))
        return true;
    return node_sum(j->arena, n, "cac:TaxSubtotal/cbc:TaxAmount", &sum) && is_sum(j, n, "cbc:TaxAmount", false, sum);
}

struct currency_total {
    struct arena *arena;
    const char *currency;
    size_t n;
    const char *amount;
};

static bool keep_currency_total(void *context, xmlNode *n)
{
    struct currency_total *t = context;
    const char *currency = node_attribute(t->arena, n, "currencyID", 10);
    if (currency && strcmp(currency, t->currency) == 0 && t->n++ == 0)
        t->amount = node_text(t->arena, n);
    return true;
}

bool total_with_vat_adds_up(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    struct currency_total vat = {.arena = j->arena, .currency = node_value(j->arena, n, "cbc:DocumentCurrencyCode")};
    if (!vat.currency)
        return true;
    node_each(n, "cac:TaxTotal/cbc:TaxAmount", keep_currency_total, &vat);
    struct decimal with, without, tax;
    return vat.n == 1 && decimal_read(str_of(vat.amount), &tax) && node_number(j->arena, n, "cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount", &with) &&
           node_number(j->arena, n, "cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount", &without) && decimal_add(without, tax, &without) &&
           decimal_equal(with, decimal_round(without, 2));
}

/* Rounding is moved to the other side and only what was computed is rounded: so does the published rule. */
bool amount_due_adds_up(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    struct decimal due, total, paid, rounding;
    bool is_paid = node_has(n, "cbc:PrepaidAmount"), is_rounded = node_has(n, "cbc:PayableRoundingAmount");
    if (!node_number(j->arena, n, "cbc:PayableAmount", &due) || !node_number(j->arena, n, "cbc:TaxInclusiveAmount", &total))
        return false;
    if (is_paid && !(node_number(j->arena, n, "cbc:PrepaidAmount", &paid) && decimal_sub(total, paid, &total)))
        return false;
    if (is_rounded && !(node_number(j->arena, n, "cbc:PayableRoundingAmount", &rounding) && decimal_sub(due, rounding, &due)))
        return false;
    return decimal_equal(is_rounded ? decimal_round(due, 2) : due, is_paid ? decimal_round(total, 2) : total);
}

bool tax_is_near(struct decimal tax, struct decimal base, struct decimal rate)
{
    struct decimal expected, low, high;
    if (!decimal_mul(decimal_abs(base), rate, &expected) || expected.scale > DECIMAL_SCALE_MAX - 2)
        return false;
    expected.scale += 2;
    expected = decimal_round(expected, 2);
    tax = decimal_abs(tax);
    return decimal_sub(tax, decimal_of(1, 0), &low) && decimal_add(tax, decimal_of(1, 0), &high) && decimal_compare(low, expected) < 0 &&
           decimal_compare(high, expected) > 0;
}

/* A rate that rounds to zero percent wants a tax that rounds to zero; any other rate allows one currency unit of difference. */
bool breakdown_is_taxed_right(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    struct decimal rate, tax, base;
    if (!node_number(j->arena, n, "cbc:TaxAmount", &tax))
        return false;
    if (!node_has(n, "cac:TaxCategory[VAT]/cbc:Percent"))
        return decimal_round(tax, 0).m == 0;
    if (!node_number(j->arena, n, "cac:TaxCategory[VAT]/cbc:Percent", &rate))
        return false;
    if (decimal_round(rate, 0).m == 0)
        return decimal_round(tax, 0).m == 0;
    return node_number(j->arena, n, "cbc:TaxableAmount", &base) && tax_is_near(tax, base, rate);
}

bool period_says_something(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)j;
    (void)r;
    return node_has(n, "cbc:StartDate") || node_has(n, "cbc:EndDate") || node_has(n, "cbc:DescriptionCode");
}

bool breakdown_has_rate(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)j;
    (void)r;
    return node_has(n, "cac:TaxCategory[VAT]/cbc:Percent") || node_has(n, "cac:TaxCategory[VAT][cat=O]");
}

/* "#AAI#text": a subject code is three characters between two #; anything else is plain text. */
bool note_subject_is_known(struct judge *j, xmlNode *n, const struct rule *r)
{
    const char *start = strchr(node_text(j->arena, n), '#');
    const char *end = start ? strchr(start + 1, '#') : NULL;
    if (!end)
        return true;
    size_t characters = 0;
    for (const char *p = start + 1; p < end; p++)
        characters += ((unsigned char)*p & 0xC0) != 0x80;
    if (characters != 3)
        return true;
    char code[13] = {0};
    memcpy(code, start + 1, (size_t)(end - start - 1));
    return code_is_in(r->list, code);
}

struct names {
    struct arena *arena;
    const char *texts[NAMES_MAX];
    size_t n;
};

static bool keep_name(void *context, xmlNode *n)
{
    struct names *names = context;
    names->texts[names->n++] = node_text(names->arena, n);
    return names->n < NAMES_MAX;
}

static bool share_name(struct arena *a, xmlNode *payee, const char *payee_path, xmlNode *seller, const char *seller_path)
{
    struct names mine = {.arena = a}, theirs = {.arena = a};
    node_each(payee, payee_path, keep_name, &mine);
    if (seller)
        node_each(seller, seller_path, keep_name, &theirs);
    for (size_t i = 0; i < mine.n; i++)
        for (size_t k = 0; k < theirs.n; k++)
            if (strcmp(mine.texts[i], theirs.texts[k]) == 0)
                return true;
    return false;
}

bool payee_is_named_and_other(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)r;
    xmlNode *seller = j->facts->seller;
    return node_has(n, "cac:PartyName/cbc:Name") && !share_name(j->arena, n, "cac:PartyName/cbc:Name", seller, "cac:Party/cac:PartyName/cbc:Name") &&
           !share_name(j->arena, n, "cac:PartyIdentification/cbc:ID", seller, "cac:Party/cac:PartyIdentification/cbc:ID");
}
