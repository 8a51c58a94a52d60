/* Peppol BIS Billing 3.0.21: what is the same in UBL and in CII, above all identifiers whose scheme says how they are built. */
#include <string.h>

#include "daemon/base/arena.h"
#include "payments/invoice/check_digits.h"
#include "payments/invoice/judge.h"
#include "payments/invoice/rules_peppol.h"

bool peppol_is_near(struct decimal stated, struct decimal expected)
{
    struct decimal low, high, slack = decimal_of(2, 2);
    return decimal_sub(stated, slack, &low) && decimal_add(stated, slack, &high) && decimal_compare(low, expected) <= 0 && decimal_compare(high, expected) >= 0;
}

bool peppol_number_or(struct judge *j, xmlNode *n, const char *path, int64_t otherwise, struct decimal *ret)
{
    *ret = decimal_of(otherwise, 0);
    return !node_has(n, path) || node_number(j->arena, n, path, ret);
}

bool peppol_quantity_is_positive(struct judge *j, xmlNode *n, const struct rule *r)
{
    struct decimal base;
    return !node_has(n, r->arg) || (node_number(j->arena, n, r->arg, &base) && base.m > 0);
}

bool peppol_specification_is_stated(struct judge *j, xmlNode *n, const struct rule *r)
{
    const char *id = node_trimmed(j->arena, n, r->arg);
    const char *wanted = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0";
    return strncmp(id, wanted, strlen(wanted)) == 0 && !strstr(id, "::");
}

const char *const peppol_dutch_vat_advice = "Check the Dutch VAT number (NL123456789B12).";

/* Some tests look at the identifier as it was sent, most at the trimmed one. */
static const struct {
    const char *scheme, *id;
    enum invoice_severity severity;
    bool (*holds)(const char *);
    bool raw, endpoint_only;
    const char *advice;
} scheme_checks[] = {
    {"0088", "PEPPOL-COMMON-R040", INVOICE_FATAL, is_gln, false, false, "Check the GLN: its last digit does not fit."},
    {"0192", "PEPPOL-COMMON-R041", INVOICE_FATAL, is_norwegian_organisation, false, false, "Check the Norwegian organisation number."},
    {"0184", "PEPPOL-COMMON-R042", INVOICE_FATAL, is_danish_cvr, true, false, "Check the Danish organisation number (CVR)."},
    {"0096", "PEPPOL-COMMON-R052", INVOICE_FATAL, is_danish_p, true, false, "Check the Danish chamber of commerce number (P)."},
    {"0198", "PEPPOL-COMMON-R053", INVOICE_FATAL, is_danish_se, true, false, "Check the Danish SE number."},
    {"0208", "PEPPOL-COMMON-R043", INVOICE_FATAL, is_belgian_enterprise, false, false, "Check the Belgian enterprise number."},
    {"0201", "PEPPOL-COMMON-R044", INVOICE_WARNING, is_italian_ipa, false, false, "Check the Italian IPA code."},
    {"0210", "PEPPOL-COMMON-R045", INVOICE_WARNING, is_italian_tax_code, false, false, "Check the Italian tax code."},
    {"9907", "PEPPOL-COMMON-R046", INVOICE_WARNING, is_italian_tax_code, false, true, "Check the Italian tax code."},
    {"0211", "PEPPOL-COMMON-R047", INVOICE_WARNING, is_italian_vat, false, false, "Check the Italian VAT number."},
    {"0007", "PEPPOL-COMMON-R049", INVOICE_FATAL, is_swedish_organisation, false, false, "Check the Swedish organisation number."},
    {"0151", "PEPPOL-COMMON-R050", INVOICE_FATAL, is_australian_business, false, false, "Check the Australian business number."},
    {"0106", "PEPPOL-COMMON-R054", INVOICE_WARNING, is_dutch_company, false, false, "Check the Dutch chamber of commerce number (8 digits)."},
    {"0190", "PEPPOL-COMMON-R055", INVOICE_WARNING, is_dutch_organisation, false, false, "Check the Dutch organisation number (20 digits)."},
    {"9944", "PEPPOL-COMMON-R056-1", INVOICE_WARNING, is_dutch_vat, false, false, "Check the Dutch VAT number (NL123456789B12)."},
    {"0217", "PEPPOL-COMMON-R057", INVOICE_WARNING, is_dutch_establishment, false, false, "Check the Dutch establishment number (12 digits)."},
};

bool peppol_judge_scheme(struct judge *j, xmlNode *n, bool endpoint)
{
    const char *scheme = node_value(j->arena, n, "@schemeID");
    for (size_t i = 0; scheme && i < sizeof scheme_checks / sizeof *scheme_checks; i++) {
        if (strcmp(scheme_checks[i].scheme, scheme) != 0 || (scheme_checks[i].endpoint_only && !endpoint))
            continue;
        const char *id = scheme_checks[i].raw ? node_text(j->arena, n) : node_trimmed(j->arena, n, ".");
        bool (*holds)(const char *) = scheme_checks[i].holds;
        if (holds == is_dutch_establishment && node_space(n) == SPACE_RAM)
            holds = is_dutch_organisation; /* the rules for CII want 20 digits here as well */
        if (!holds(id))
            judge_report(j, scheme_checks[i].id, scheme_checks[i].severity, n, scheme_checks[i].advice);
        return true;
    }
    return false;
}

bool peppol_is_percentage(struct judge *j, xmlNode *n, const char *amount_path, const char *base_path, const char *percent_path)
{
    struct decimal base, percent, amount = DECIMAL_ZERO, expected;
    if (!node_has(n, percent_path) || !node_has(n, base_path))
        return true;
    if (node_has(n, amount_path) && !node_number(j->arena, n, amount_path, &amount))
        return false;
    return node_number(j->arena, n, base_path, &base) && node_number(j->arena, n, percent_path, &percent) && decimal_mul(base, percent, &expected) &&
           decimal_div(expected, decimal_of(100, 0), &expected) && peppol_is_near(amount, expected);
}
