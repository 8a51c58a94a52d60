/*
 * The VAT families in CII, both ways: one invoice with a line, an allowance, a charge and their entry in the breakdown, in each of the nine categories,
 * and the one change that its rule is about. Limits are tried on both sides, because the published tests differ from those for UBL there.
 */
#include "tests/unit/invoice_fixture.h"

/* NULL: not stated. */
struct trade {
    const char *category, *line_rate, *allowance_rate, *charge_rate, *rate, *base, *tax;
    const char *seller_scheme, *buyer_scheme, *representative, *buyer_legal_id;
    unsigned entries;
    bool has_reason, is_delivered, has_period, has_country;
    const char *line_category, *allowance_category, *charge_category; /* of further ones, 0.00 each */
};

struct family {
    const char *name, *category, *rate, *tax;
    bool has_reason;
};

static const struct family families[] = {
    {"S", "S", "20", "19.00", false}, {"Z", "Z", "0", "0", false},      {"E", "E", "0", "0", true},
    {"AE", "AE", "0", "0", true},     {"IC", "K", "0", "0", true},      {"G", "G", "0", "0", true},
    {"O", "O", NULL, "0", true},      {"AF", "L", "7", "6.65", false},  {"AG", "M", "7", "6.65", false},
};

static struct trade good_trade(const struct family *f)
{
    bool not_subject = *f->category == 'O';
    return (struct trade){.category = f->category, .line_rate = f->rate, .allowance_rate = f->rate, .charge_rate = f->rate, .rate = f->rate, .base = "95.00", .tax = f->tax,
                          .seller_scheme = not_subject ? NULL : "VA", .buyer_scheme = not_subject ? NULL : "VA", .entries = 1, .has_reason = f->has_reason,
                          .is_delivered = true, .has_country = true};
}

static const char *element(struct arena *a, const char *name, const char *text)
{
    return text ? arena_printf(a, "<ram:%s>%s</ram:%s>", name, text, name) : "";
}

static const char *tax_of(struct arena *a, const char *name, const char *category, const char *rate)
{
    return element(a, name, arena_printf(a, "<ram:TypeCode>VAT</ram:TypeCode>%s%s", element(a, "CategoryCode", category), element(a, "RateApplicablePercent", rate)));
}

static const char *line_of(struct arena *a, const char *category, const char *rate, const char *net)
{
    return category ? arena_printf(a, "<ram:IncludedSupplyChainTradeLineItem><ram:SpecifiedLineTradeSettlement>%s<ram:SpecifiedTradeSettlementLineMonetarySummation>"
                                      "<ram:LineTotalAmount>%s</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>"
                                      "</ram:IncludedSupplyChainTradeLineItem>", tax_of(a, "ApplicableTradeTax", category, rate), net)
                    : "";
}

static const char *adjustment_of(struct arena *a, const char *charge, const char *category, const char *rate, const char *amount)
{
    return category ? arena_printf(a, "<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>%s</udt:Indicator></ram:ChargeIndicator>"
                                      "<ram:ActualAmount>%s</ram:ActualAmount>%s</ram:SpecifiedTradeAllowanceCharge>", charge, amount, tax_of(a, "CategoryTradeTax", category, rate))
                    : "";
}

static const char *party_of(struct arena *a, const char *name, const char *scheme, const char *legal_id)
{
    const char *vat = scheme ? arena_printf(a, "<ram:SpecifiedTaxRegistration><ram:ID schemeID='%s'>GB1</ram:ID></ram:SpecifiedTaxRegistration>", scheme) : "";
    return element(a, name, arena_printf(a, "%s%s", legal_id ? element(a, "SpecifiedLegalOrganization", element(a, "ID", legal_id)) : "", vat));
}

static const char *breakdown_of(struct arena *a, const struct trade *t)
{
    const char *all = "";
    for (unsigned i = 0; i < t->entries; i++)
        all = arena_printf(a, "%s<ram:ApplicableTradeTax>%s<ram:TypeCode>VAT</ram:TypeCode>%s%s%s%s</ram:ApplicableTradeTax>", all, element(a, "CalculatedAmount", t->tax),
                           t->has_reason ? "<ram:ExemptionReason>why</ram:ExemptionReason>" : "", element(a, "BasisAmount", t->base), element(a, "CategoryCode", t->category),
                           element(a, "RateApplicablePercent", t->rate));
    return all;
}

static struct str document_of(struct arena *a, const struct trade *t)
{
    const char *agreement = arena_printf(a, "%s%s%s", party_of(a, "SellerTradeParty", t->seller_scheme, NULL), party_of(a, "BuyerTradeParty", t->buyer_scheme, t->buyer_legal_id),
                                         t->representative ? party_of(a, "SellerTaxRepresentativeTradeParty", t->representative, NULL) : "");
    const char *delivery = arena_printf(a, "%s%s", t->has_country ? "<ram:ShipToTradeParty><ram:PostalTradeAddress><ram:CountryID>IE</ram:CountryID></ram:PostalTradeAddress></ram:ShipToTradeParty>" : "",
                                        t->is_delivered ? "<ram:ActualDeliverySupplyChainEvent><ram:OccurrenceDateTime><udt:DateTimeString format='102'>20260504</udt:DateTimeString>"
                                                          "</ram:OccurrenceDateTime></ram:ActualDeliverySupplyChainEvent>" : "");
    const char *settlement = arena_printf(a, "%s%s%s%s%s%s", breakdown_of(a, t),
                                          t->has_period ? "<ram:BillingSpecifiedPeriod><ram:EndDateTime><udt:DateTimeString format='102'>20260504</udt:DateTimeString></ram:EndDateTime></ram:BillingSpecifiedPeriod>" : "",
                                          adjustment_of(a, "false", t->category, t->allowance_rate, "10.00"), adjustment_of(a, "true", t->category, t->charge_rate, "5.00"),
                                          adjustment_of(a, "false", t->allowance_category, "0", "0.00"), adjustment_of(a, "true", t->charge_category, "0", "0.00"));
    return str_of(arena_printf(a, "<rsm:CrossIndustryInvoice xmlns:rsm='urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100' "
                                  "xmlns:ram='urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100' "
                                  "xmlns:udt='urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100'><rsm:SupplyChainTradeTransaction>%s%s%s%s%s</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>",
                               line_of(a, t->category, t->line_rate, "100.00"), line_of(a, t->line_category, "0", "0.00"), element(a, "ApplicableHeaderTradeAgreement", agreement),
                               element(a, "ApplicableHeaderTradeDelivery", delivery), element(a, "ApplicableHeaderTradeSettlement", settlement)));
}

static bool fires(const struct family *f, int number, const struct trade *t)
{
    struct arena *a = arena_create(0);
    struct invoice_verdict v = fixture_judge(a, document_of(a, t), INVOICE_EN16931);
    bool found = fixture_firings(&v, arena_printf(a, "BR-%s-%02d", f->name, number)) > 0;
    arena_destroy(&a);
    return found;
}

static void expect(const struct family *f, int number, struct trade t, bool wanted, const char *what)
{
    if (fires(f, number, &t) != wanted)
        fail_msg("BR-%s-%02d %s with %s", f->name, number, wanted ? "does not fire" : "fires", what);
}

#define WITH(member, value, number, wanted) \
    do { \
        struct trade changed = good_trade(f); \
        changed.member = value; \
        expect(f, number, changed, wanted, #member " " #value); \
    } while (0)

/* categories: " S L M " */
static bool is_one_of(const struct family *f, const char *categories)
{
    char word[8];
    snprintf(word, sizeof word, " %s ", f->category);
    return strstr(categories, word) != NULL;
}

static void check_entries(const struct family *f)
{
    bool many = is_one_of(f, " S L M ");
    WITH(entries, 0, 1, !is_one_of(f, " O "));
    WITH(entries, 2, 1, !many);
}

static void check_identities(const struct family *f)
{
    for (int number = 2; number <= 4; number++) {
        if (is_one_of(f, " O ")) {
            WITH(seller_scheme, "VA", number, true);
            WITH(seller_scheme, "FC", number, false);
            WITH(buyer_scheme, "VA", number, true);
            WITH(representative, "VA", number, true);
            continue;
        }
        WITH(seller_scheme, NULL, number, true);
        WITH(seller_scheme, "FC", number, is_one_of(f, " K G "));
        WITH(buyer_scheme, NULL, number, is_one_of(f, " AE K "));
        struct trade t = good_trade(f);
        t.seller_scheme = NULL;
        t.representative = "VA";
        expect(f, number, t, false, "a representative");
        t = good_trade(f);
        t.buyer_scheme = NULL;
        t.buyer_legal_id = "1";
        expect(f, number, t, is_one_of(f, " K "), "the buyer's registration number");
    }
}

static void check_rates(const struct family *f)
{
    const char *wrong = is_one_of(f, " S L O ") ? "0" : is_one_of(f, " M ") ? "-1" : "1";
    WITH(line_rate, wrong, 5, true);
    WITH(allowance_rate, wrong, 6, true);
    WITH(charge_rate, wrong, 7, true);
    bool wants_one = !is_one_of(f, " O ");
    WITH(line_rate, NULL, 5, wants_one);
    WITH(allowance_rate, NULL, 6, wants_one);
    WITH(charge_rate, NULL, 7, wants_one);
    if (is_one_of(f, " M ")) {
        WITH(line_rate, "0", 5, false);
        WITH(allowance_rate, "0", 6, false);
        WITH(charge_rate, "0", 7, false);
    }
}

/* As published, the sums of L and M are never looked at. */
static void check_breakdown(const struct family *f)
{
    bool looked_at = !is_one_of(f, " L M "), exact = is_one_of(f, " S O ");
    WITH(base, "95.01", 8, exact);
    WITH(base, "95.99", 8, exact);
    WITH(base, "96.00", 8, looked_at);
    WITH(base, "94.00", 8, looked_at);
    WITH(base, NULL, 8, looked_at);
    WITH(tax, "0.01", 9, looked_at);
    WITH(tax, NULL, 9, looked_at);
    if (is_one_of(f, " S ")) {
        WITH(tax, "19.99", 9, false);
        WITH(tax, "20.00", 9, true);
        WITH(tax, "18.01", 9, false);
        WITH(tax, "18.00", 9, true);
    }
    WITH(has_reason, !f->has_reason, 10, true);
}

static void test_families(void **state)
{
    (void)state;
    for (const struct family *f = families; f < families + sizeof families / sizeof *families; f++) {
        for (int number = 1; number <= 14; number++)
            expect(f, number, good_trade(f), false, "everything right");
        check_entries(f);
        check_identities(f);
        check_rates(f);
        check_breakdown(f);
    }
}

static void test_community_supply(void **state)
{
    (void)state;
    const struct family *f = &families[4];
    WITH(is_delivered, false, 11, true);
    WITH(has_country, false, 12, true);
    struct trade t = good_trade(f);
    t.is_delivered = false;
    t.has_period = true;
    expect(f, 11, t, false, "a period");
}

static void test_not_subject_stands_alone(void **state)
{
    (void)state;
    const struct family *f = &families[6];
    WITH(line_category, "E", 11, true);
    WITH(line_category, "E", 12, true);
    WITH(line_category, "O", 12, false);
    WITH(allowance_category, "E", 13, true);
    WITH(allowance_category, "O", 13, false);
    WITH(charge_category, "E", 14, true);
    WITH(charge_category, "x", 14, true);
}

/* White space around a category is part of it, in CII only. */
static void test_categories_are_not_trimmed(void **state)
{
    (void)state;
    struct family padded = {"S", " S ", "20", "19.00", false};
    const struct family *f = &padded;
    WITH(base, "1", 8, false);
    WITH(seller_scheme, NULL, 2, false);
}

static void test_split_payment(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct family split = {"B", "B", "22", "20.90", false};
    struct trade t = good_trade(&split);
    struct invoice_verdict v = fixture_judge(a, document_of(a, &t), INVOICE_EN16931);
    assert_int_equal(fixture_firings(&v, "BR-B-01"), 1); /* delivered to Ireland */
    assert_int_equal(fixture_firings(&v, "BR-B-02"), 0);
    t.has_country = false;
    t.line_category = "S";
    v = fixture_judge(a, document_of(a, &t), INVOICE_EN16931);
    assert_int_equal(fixture_firings(&v, "BR-B-01"), 0);
    assert_int_equal(fixture_firings(&v, "BR-B-02"), 1);
    arena_destroy(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_families), cmocka_unit_test(test_community_supply), cmocka_unit_test(test_not_subject_stands_alone),
                                       cmocka_unit_test(test_categories_are_not_trimmed), cmocka_unit_test(test_split_payment)};
    return cmocka_run_group_tests(tests, fixture_set_up, NULL);
}
