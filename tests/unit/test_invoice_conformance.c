/*
 * The official test fragments and examples of EN 16931, when they lie beside the project (../shared/conformance/en16931).
 * A test file names, for each fragment of an invoice, rules that must fire or must not; other rules may fire as they like.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libxml/parser.h>

#include "daemon/base/arena.h"
#include "daemon/base/xml.h"
#include "payments/invoice/invoice.h"
#include "payments/invoice/node.h"

#define MATERIAL "../shared/conformance/en16931"
#define CAC "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
#define CREDIT_NOTE "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"

struct score {
    unsigned passed, failed, files;
    bool mirrored; /* run invoices as the credit notes that say the same */
};

static bool read_all(const char *path, struct buf *b)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return false;
    for (size_t got = 1; got; b->n += got) {
        buf_reserve(b, 65536);
        got = fread(b->p + b->n, 1, 65536, f);
    }
    fclose(f);
    return true;
}

static const struct {
    const char *invoice, *credit_note;
} counterparts[] = {
    {"Invoice", "CreditNote"},
    {"InvoiceLine", "CreditNoteLine"},
    {"InvoicedQuantity", "CreditedQuantity"},
    {"InvoiceTypeCode", "CreditNoteTypeCode"},
};

static void mirror_element(xmlNode *n)
{
    for (size_t i = 0; i < sizeof counterparts / sizeof *counterparts; i++) {
        if (!xmlStrEqual(n->name, (const xmlChar *)counterparts[i].invoice))
            continue;
        xmlNodeSetName(n, (const xmlChar *)counterparts[i].credit_note);
        return;
    }
}

/* A credit note says when it is due with the means of payment. */
static void mirror_due_date(xmlNode *root, xmlNode *due)
{
    xmlNode *means = xmlFirstElementChild(root);
    while (means && !xmlStrEqual(means->name, (const xmlChar *)"PaymentMeans"))
        means = xmlNextElementSibling(means);
    if (!means)
        means = xmlNewChild(root, xmlSearchNsByHref(root->doc, root, (const xmlChar *)CAC), (const xmlChar *)"PaymentMeans", NULL);
    xmlNodeSetName(due, (const xmlChar *)"PaymentDueDate");
    xmlUnlinkNode(due);
    xmlAddChild(means, due);
}

/* The credit note that says what the invoice says. */
static void mirror(xmlNode *root)
{
    xmlNode *due = NULL;
    xmlSetNs(root, xmlNewNs(root, (const xmlChar *)CREDIT_NOTE, (const xmlChar *)"cn"));
    for (xmlNode *n = root; n; n = node_next(n, root)) {
        mirror_element(n);
        if (xmlStrEqual(n->name, (const xmlChar *)"CreditNoteTypeCode") && strcmp((const char *)n->children->content, "380") == 0)
            xmlNodeSetContent(n, (const xmlChar *)"381");
        if (n->parent == root && xmlStrEqual(n->name, (const xmlChar *)"DueDate"))
            due = n;
    }
    if (due)
        mirror_due_date(root, due);
}

/* The fragment as a document of its own, because rules start at the root. */
static struct str reroot(struct arena *a, xmlNode *fragment, bool mirrored)
{
    xmlDoc *doc = xmlNewDoc((const xmlChar *)"1.0");
    xmlDocSetRootElement(doc, xmlDocCopyNode(fragment, doc, 1));
    xmlReconciliateNs(doc, xmlDocGetRootElement(doc));
    if (mirrored && xmlStrEqual(fragment->name, (const xmlChar *)"Invoice"))
        mirror(xmlDocGetRootElement(doc));
    xmlChar *text;
    int n;
    xmlDocDumpMemory(doc, &text, &n);
    struct str s = {arena_strndup(a, (const char *)text, (size_t)n), (size_t)n};
    xmlFree(text);
    xmlFreeDoc(doc);
    return s;
}

static unsigned firings(const struct invoice_verdict *v, const char *id, size_t n)
{
    unsigned count = 0;
    for (size_t i = 0; i < v->n; i++)
        count += strlen(v->findings[i].id) == n && strncmp(v->findings[i].id, id, n) == 0;
    return count;
}

/* "success X": X does not fire. "error X" or "warning X": it fires, exactly `number` times when given. */
static bool as_declared(xmlNode *expectation, const struct invoice_verdict *v, unsigned *ret_count)
{
    xmlChar *id = xmlNodeGetContent(expectation), *number = xmlGetProp(expectation, (const xmlChar *)"number");
    struct str rule = str_trim(str_of((const char *)id));
    unsigned count = firings(v, rule.p, rule.n);
    bool ok = xmlStrEqual(expectation->name, (const xmlChar *)"success") ? count == 0
              : number                                                   ? count == (unsigned)strtoul((const char *)number, NULL, 10)
                                                                         : count > 0;
    xmlFree(id);
    xmlFree(number);
    *ret_count = count;
    return ok;
}

static bool is_expectation(const xmlNode *n)
{
    static const char *const names[] = {"success", "error", "warning"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (xmlStrEqual(n->name, (const xmlChar *)names[i]))
            return true;
    return false;
}

static void run_fragment(const char *file, xmlNode *test, enum invoice_profile profile, struct score *score)
{
    struct arena *a = arena_create(0);
    xmlNode *declared = xmlFirstElementChild(test), *fragment = declared ? xmlNextElementSibling(declared) : NULL;
    struct invoice_verdict v;
    struct err e = {{0}};
    assert_non_null(fragment);
    bool read = invoice_read(a, reroot(a, fragment, score->mirrored), profile, NULL, &v, &e) != NULL;
    for (xmlNode *n = xmlFirstElementChild(declared); n; n = xmlNextElementSibling(n)) {
        unsigned count = 0;
        if (!is_expectation(n))
            continue;
        bool ok = read && as_declared(n, &v, &count);
        score->passed += ok;
        score->failed += !ok;
        if (!ok)
            print_message("%s line %ld: %s expected, fired %u times %s\n", file, xmlGetLineNo(test), (const char *)n->name, count, e.text);
    }
    arena_destroy(&a);
}

static void run_file(const char *path, enum invoice_profile profile, struct score *score)
{
    struct arena *a = arena_create(0);
    struct buf bytes = {0};
    struct err e = {{0}};
    assert_true(read_all(path, &bytes));
    xmlDoc *doc = xml_parse(a, buf_str(&bytes), &xml_limits_document, &e);
    assert_non_null(doc);
    for (xmlNode *n = xmlFirstElementChild(xmlDocGetRootElement(doc)); n; n = xmlNextElementSibling(n))
        if (xmlStrEqual(n->name, (const xmlChar *)"test"))
            run_fragment(path, n, profile, score);
    score->files++;
    buf_finish(&bytes);
    arena_destroy(&a);
}

typedef void file_fn(const char *path, enum invoice_profile profile, struct score *score);

/* False when the folder is not there. */
static bool each_file(const char *folder, enum invoice_profile profile, file_fn *run, struct score *score)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (strstr(entries[i]->d_name, ".xml"))
            run(path, profile, score);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    return n >= 0;
}

static void run_fragments(const char *folder, enum invoice_profile profile, bool mirrored)
{
    struct score score = {.mirrored = mirrored};
    if (!each_file(folder, profile, run_file, &score)) {
        print_message("skipped: no %s\n", folder);
        skip();
    }
    print_message("%s%s: %u files, %u of %u expectations met\n", folder, mirrored ? " as credit notes" : "", score.files, score.passed, score.passed + score.failed);
    assert_int_equal(score.failed, 0);
    assert_true(score.passed > 0);
}

static void test_unit_invoice(void **state)
{
    (void)state;
    run_fragments(MATERIAL "/unit-invoice", INVOICE_EN16931, false);
}

/* Nearly every rule is the same for credit notes. */
static void test_unit_invoice_mirrored(void **state)
{
    (void)state;
    run_fragments(MATERIAL "/unit-invoice", INVOICE_EN16931, true);
}

/* Further suites of the same form are run when someone puts them there. */
static void test_unit_credit_note(void **state)
{
    (void)state;
    run_fragments(MATERIAL "/unit-creditnote", INVOICE_EN16931, false);
}

static void test_unit_peppol(void **state)
{
    (void)state;
    run_fragments(MATERIAL "/unit-peppol", INVOICE_PEPPOL, false);
}

static void run_example(const char *path, enum invoice_profile profile, struct score *score)
{
    struct arena *a = arena_create(INVOICE_ARENA_BYTES);
    struct buf bytes = {0};
    struct err e = {{0}};
    struct invoice_verdict v = {0};
    assert_true(read_all(path, &bytes));
    bool clean = invoice_read(a, buf_str(&bytes), profile, NULL, &v, &e) && v.is_valid;
    score->passed += clean;
    score->failed += !clean;
    if (!clean)
        print_message("%s: %s\n", path, e.text);
    for (size_t i = 0; i < v.n && !clean; i++)
        if (v.findings[i].severity == INVOICE_FATAL)
            print_message("  %s line %ld %s\n", v.findings[i].id, v.findings[i].line, v.findings[i].path);
    buf_finish(&bytes);
    arena_destroy(&a);
}

static void run_examples(const char *folder)
{
    struct score score = {0};
    if (!each_file(folder, INVOICE_EN16931, run_example, &score)) {
        print_message("skipped: no %s\n", folder);
        skip();
    }
    print_message("%s: %u of %u documents without a fatal rule\n", folder, score.passed, score.passed + score.failed);
    assert_int_equal(score.failed, 0);
}

/* The model as JSON without the lines of the document it came from. */
static char *plain_json(struct arena *a, const struct invoice *inv)
{
    struct err e = {{0}};
    struct buf b = {0};
    invoice_write_json(inv, &b);
    struct invoice *again = invoice_parse_json(a, buf_str(&b), &e);
    assert_non_null(again);
    again->syntax = SYNTAX_UBL_INVOICE; /* what was CII is UBL afterwards */
    b.n = 0;
    invoice_write_json(again, &b);
    char *json = arena_strndup(a, b.p, b.n);
    buf_finish(&b);
    return json;
}

static void run_round_trip(const char *path, enum invoice_profile profile, struct score *score)
{
    struct arena *a = arena_create(INVOICE_ARENA_BYTES);
    struct buf bytes = {0}, written = {0};
    struct err e = {{0}};
    struct invoice_verdict v = {0};
    assert_true(read_all(path, &bytes));
    struct invoice *inv = invoice_read(a, buf_str(&bytes), profile, NULL, &v, &e), *back = NULL;
    bool same = inv && invoice_write(inv, &written, &e);
    if (same)
        back = invoice_read(a, buf_str(&written), profile, NULL, &v, &e);
    same = back && strcmp(plain_json(a, inv), plain_json(a, back)) == 0;
    score->passed += same;
    score->failed += !same;
    if (!same)
        print_message("%s: written and read back, it says something else %s\n", path, e.text);
    buf_finish(&written);
    buf_finish(&bytes);
    arena_destroy(&a);
}

static void round_trip(const char *folder)
{
    struct score score = {0};
    if (!each_file(folder, INVOICE_EN16931, run_round_trip, &score)) {
        print_message("skipped: no %s\n", folder);
        skip();
    }
    print_message("%s: %u of %u documents say the same when they are written and read back\n", folder, score.passed, score.passed + score.failed);
    assert_int_equal(score.failed, 0);
}

static void test_round_trip_ubl(void **state)
{
    (void)state;
    round_trip(MATERIAL "/examples");
}

static void test_round_trip_cii(void **state)
{
    (void)state;
    round_trip(MATERIAL "/cii-examples");
}

static void test_round_trip_own(void **state)
{
    (void)state;
    round_trip("tests/fuzz/corpus/invoice_cii");
    round_trip("tests/fuzz/corpus/invoice_ubl");
}

static void test_examples_ubl(void **state)
{
    (void)state;
    run_examples(MATERIAL "/examples");
}

static void test_examples_cii(void **state)
{
    (void)state;
    run_examples(MATERIAL "/cii-examples");
}

static int set_up(void **state)
{
    (void)state;
    xml_init();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unit_invoice), cmocka_unit_test(test_unit_invoice_mirrored), cmocka_unit_test(test_unit_credit_note), cmocka_unit_test(test_unit_peppol),
        cmocka_unit_test(test_examples_ubl), cmocka_unit_test(test_examples_cii), cmocka_unit_test(test_round_trip_ubl), cmocka_unit_test(test_round_trip_cii),
        cmocka_unit_test(test_round_trip_own),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
