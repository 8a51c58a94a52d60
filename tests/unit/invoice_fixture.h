/*
 * An invented invoice that breaks no rule, as the JSON that `invoice write` reads, and helpers that judge changed copies of it.
 * Memory belongs to the arena given; a helper fails the test when the document cannot be read at all.
 */
#ifndef TESTS_UNIT_INVOICE_FIXTURE_H
#define TESTS_UNIT_INVOICE_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/base/xml.h"
#include "payments/invoice/invoice.h"

static const char fixture_json[] =
    "{\"syntax\":\"ubl-invoice\",\"specification\":\"urn:cen.eu:en16931:2017\",\"process\":\"urn:fdc:peppol.eu:2017:poacc:billing:01:1.0\","
    "\"number\":\"2026-0117\",\"issue_date\":\"2026-05-04\",\"due_date\":\"2026-06-03\",\"type\":\"389\","
    "\"notes\":[{\"text\":\"Week 18\"}],\"currency\":\"GBP\",\"buyer_reference\":\"K7M2-4QXP\",\"period_start\":\"2026-04-27\",\"period_end\":\"2026-05-03\","
    "\"order\":\"K7M2-4QXP\",\"contract\":\"C-9\",\"object\":{\"id\":\"P-1\",\"scheme\":\"ABT\"},"
    "\"attachments\":[{\"reference\":\"A1\",\"description\":\"Timesheet\",\"content\":\"AA==\",\"mime\":\"application/pdf\",\"filename\":\"t.pdf\"}],"
    "\"seller\":{\"endpoint\":{\"id\":\"GB123456789\",\"scheme\":\"9932\"},\"ids\":[{\"id\":\"4012345000009\",\"scheme\":\"0088\"}],"
    "\"trading_name\":\"Brook Care\",\"address\":{\"line1\":\"1 Mill Lane\",\"city\":\"Ambridge\",\"postcode\":\"AM1 1AA\",\"country\":\"GB\"},"
    "\"vat_id\":\"GB123456789\",\"name\":\"Brook Care Limited\",\"legal_id\":{\"id\":\"01234567\"},\"contact_name\":\"Robin Hill\",\"contact_email\":\"robin@example.org\"},"
    "\"buyer\":{\"endpoint\":{\"id\":\"4012345000009\",\"scheme\":\"0088\"},\"address\":{\"line1\":\"Town Hall\",\"city\":\"Felpersham\",\"country\":\"GB\"},"
    "\"name\":\"Felpersham Council\",\"contact_name\":\"Payments\"},"
    "\"delivery\":{\"date\":\"2026-05-03\",\"address\":{\"city\":\"Felpersham\",\"country\":\"GB\"},\"name\":\"Home\"},"
    "\"payments\":[{\"code\":\"30\",\"text\":\"Credit transfer\",\"reference\":\"K7M24QXP\",\"account\":\"31926819\",\"account_name\":\"Brook Care\",\"branch\":\"601613\"}],"
    "\"terms\":\"30 days\","
    "\"allowances\":[{\"reason\":\"Discount\",\"reason_code\":\"95\",\"percent\":\"10\",\"amount\":\"5.00\",\"base\":\"50.00\",\"vat_category\":\"E\",\"vat_rate\":\"0\"}],"
    "\"charges\":[{\"reason\":\"Travel\",\"reason_code\":\"FC\",\"amount\":\"3.00\",\"vat_category\":\"S\",\"vat_rate\":\"20\"}],"
    "\"vat_total\":\"2.60\",\"vat\":[{\"taxable\":\"75.00\",\"tax\":\"0.00\",\"category\":\"E\",\"rate\":\"0\",\"reason_code\":\"VATEX-EU-132-1G\",\"reason\":\"Welfare services\"},"
    "{\"taxable\":\"13.00\",\"tax\":\"2.60\",\"category\":\"S\",\"rate\":\"20\"}],"
    "\"line_total\":\"90.00\",\"total_without_vat\":\"88.00\",\"total_with_vat\":\"90.60\",\"allowance_total\":\"5.00\",\"charge_total\":\"3.00\",\"paid\":\"0.60\","
    "\"rounding\":\"0.00\",\"due\":\"90.00\","
    "\"lines\":[{\"id\":\"1\",\"note\":\"Mornings\",\"quantity\":\"4\",\"unit\":\"HUR\",\"net\":\"80.00\",\"accounting_reference\":\"CC1\",\"period_start\":\"2026-04-27\","
    "\"period_end\":\"2026-05-03\",\"order_line\":\"1\",\"allowances\":[{\"reason\":\"Late\",\"amount\":\"2.00\"}],\"charges\":[{\"reason\":\"Sunday\",\"amount\":\"2.00\"}],"
    "\"description\":\"Support at home\",\"name\":\"Morning visit\",\"seller_item\":\"MV\",\"standard_item\":{\"id\":\"04012345123456\",\"scheme\":\"0160\"},"
    "\"origin_country\":\"GB\",\"classifications\":[{\"code\":\"85311500\",\"list\":\"STI\"}],\"vat_category\":\"E\",\"vat_rate\":\"0\","
    "\"attributes\":[{\"name\":\"Band\",\"value\":\"weekday\"}],\"price\":\"20.00\",\"base_quantity\":\"1\",\"base_unit\":\"HUR\",\"discount\":\"1.00\",\"gross_price\":\"21.00\"},"
    "{\"id\":\"2\",\"quantity\":\"1\",\"unit\":\"EA\",\"net\":\"10.00\",\"name\":\"Grab rail\",\"vat_category\":\"S\",\"vat_rate\":\"20\",\"price\":\"10.00\"}]}";

static inline int fixture_set_up(void **state)
{
    (void)state;
    xml_init();
    return 0;
}

/* The fixture as UBL. */
static inline struct str fixture_ubl(struct arena *a, bool credit_note)
{
    struct err e = {{0}};
    struct invoice *inv = invoice_parse_json(a, str_of(fixture_json), &e);
    assert_non_null(inv);
    if (credit_note) {
        inv->syntax = SYNTAX_UBL_CREDIT_NOTE;
        inv->type.text = "381";
        inv->payments.items[0].due_date = inv->due_date;
    }
    struct buf b = {0};
    assert_true(invoice_write(inv, &b, &e));
    struct str s = {arena_strndup(a, b.p, b.n), b.n};
    buf_finish(&b);
    return s;
}

static inline struct invoice_verdict fixture_judge(struct arena *a, struct str xml, enum invoice_profile profile)
{
    struct err e = {{0}};
    struct invoice_verdict v;
    if (!invoice_read(a, xml, profile, NULL, &v, &e))
        fail_msg("%s", e.text);
    return v;
}

static inline unsigned fixture_firings(const struct invoice_verdict *v, const char *id)
{
    unsigned n = 0;
    for (size_t i = 0; i < v->n; i++)
        n += strcmp(v->findings[i].id, id) == 0;
    return n;
}

/* xml with the first `from` at or behind the first `behind` (NULL: anywhere) replaced by `to`. */
static inline struct str fixture_change(struct arena *a, struct str xml, const char *behind, const char *from, const char *to)
{
    const char *start = behind ? strstr(xml.p, behind) : xml.p;
    const char *at = start ? strstr(start, from) : NULL;
    if (!at)
        fail_msg("the fixture has no %s behind %s", from, behind ? behind : "the start");
    char *out = arena_printf(a, "%.*s%s%s", (int)(at - xml.p), xml.p, to, at + strlen(from));
    return str_of(out);
}

/* A path as elements inside each other, `copies` of the last. Steps without a prefix get the usual one; the last may be an attribute. */
static inline const char *fixture_nested(struct arena *a, const char *usual, const char *path, unsigned copies)
{
    const char *slash = strchr(path, '/');
    int n = slash ? (int)(slash - path) : (int)strlen(path);
    const char *prefix = memchr(path, ':', (size_t)n) ? "" : usual;
    bool attribute = slash && slash[1] == '@';
    const char *inside = slash && !attribute ? fixture_nested(a, usual, slash + 1, copies) : "";
    const char *all = "";
    for (unsigned i = 0; i < (slash ? 1 : copies); i++)
        all = arena_printf(a, "%s<%s%.*s%s>%s</%s%.*s>", all, prefix, n, path, attribute && copies ? arena_printf(a, " %s='x'", slash + 2) : "", inside, prefix, n, path);
    return all;
}

#endif
