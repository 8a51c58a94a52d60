#include "payments/invoice/invoice.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/json.h"
#include "daemon/base/xml.h"
#include "payments/invoice/facts.h"
#include "payments/invoice/judge.h"
#include "payments/invoice/read.h"
#include "payments/invoice/read_csv.h"
#include "payments/invoice/schema.h"

static const struct pattern *const ubl_patterns[] = {&pattern_ubl_model, &pattern_ubl_syntax, &pattern_ubl_codes, NULL};
static const struct pattern *const peppol_patterns[] = {&pattern_peppol_empty, &pattern_peppol_credit_note, &pattern_peppol_model, &pattern_peppol_codes, NULL};
static const struct pattern *const cii_patterns[] = {&pattern_cii_model, &pattern_cii_syntax, &pattern_cii_codes, NULL};
static const struct pattern *const peppol_cii_patterns[] = {&pattern_peppol_cii_model, &pattern_peppol_cii_codes, NULL};

static void judge(struct judge *j, enum invoice_syntax syntax, enum invoice_profile profile)
{
    if (syntax == SYNTAX_CII) {
        j->verdict->ruleset = profile == INVOICE_PEPPOL ? "en16931-cii-1.3.16+peppol-bis-3.0.21" : "en16931-cii-1.3.16";
        j->facts = facts_of_cii(j->arena, j->root);
        judge_patterns(j, cii_patterns);
        judge_cii_extras(j);
        if (profile == INVOICE_PEPPOL)
            judge_patterns(j, peppol_cii_patterns);
        return;
    }
    j->verdict->ruleset = profile == INVOICE_PEPPOL ? "en16931-ubl-1.3.16+peppol-bis-3.0.21" : "en16931-ubl-1.3.16";
    j->facts = facts_of_ubl(j->arena, j->root);
    judge_patterns(j, ubl_patterns);
    judge_ubl_extras(j);
    if (profile == INVOICE_PEPPOL)
        judge_patterns(j, peppol_patterns);
}

/* A finding about a line is told with the place of its row: the document that was judged is ours, and its sender never sees it. */
static void place_in_csv(struct arena *a, struct invoice_verdict *v, const size_t *lines, size_t lines_n)
{
    struct invoice_finding *findings = arena_array(a, v->n, sizeof *findings);
    for (size_t i = 0; i < v->n; i++) {
        const char *line = strstr(v->findings[i].path, "cac:InvoiceLine");
        size_t place = line && line[15] == '[' ? strtoul(line + 16, NULL, 10) : 1;
        findings[i] = v->findings[i];
        findings[i].line = line && place <= lines_n ? (long)lines[place - 1] : 0;
    }
    v->findings = findings;
}

/* The rows become the UBL document that says the same, so that the same rules judge it. */
static struct invoice *read_rows(struct arena *a, struct str bytes, enum invoice_profile profile, const struct invoice_schemas *schemas,
                                 struct invoice_verdict *ret_verdict, struct err *e)
{
    const size_t *lines;
    struct invoice *inv = invoice_read_csv(a, bytes, &lines, e);
    struct buf xml = {0};
    bool ok = inv && invoice_write(inv, &xml, e) && invoice_judge(a, buf_str(&xml), profile, schemas, ret_verdict, e) != SYNTAX_UNKNOWN;
    buf_finish(&xml);
    if (ok)
        place_in_csv(a, ret_verdict, lines, inv->lines.n);
    return ok ? inv : NULL;
}

/* Networks hand an invoice over in an envelope (SBDH) with its addresses: what is judged is the document in it. */
static xmlNode *out_of_envelope(xmlDoc *doc)
{
    static const char space[] = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader";
    xmlNode *root = xmlDocGetRootElement(doc), *last = xmlLastElementChild(root);
    nodes_mark(root);
    if (strcmp((const char *)root->name, "StandardBusinessDocument") != 0 || !root->ns || strcmp((const char *)root->ns->href, space) != 0 ||
        !last || syntax_of(last) == SYNTAX_UNKNOWN || xmlChildElementCount(root) != 2)
        return root;
    xmlUnlinkNode(last);
    xmlDocSetRootElement(doc, last);
    xmlReconciliateNs(doc, last); /* names that only the envelope explained */
    xmlFreeNode(root);
    nodes_mark(last);
    return last;
}

/* What was copied may begin with an empty line, which XML forbids. */
static struct str without_blank_lines(struct str bytes)
{
    while (bytes.n && memchr(" \t\r\n", *bytes.p, 4))
        bytes = (struct str){bytes.p + 1, bytes.n - 1};
    return bytes;
}

/* The judged root element, NULL with a reason. */
static xmlNode *parse_and_judge(struct arena *a, struct str bytes, enum invoice_profile profile, const struct invoice_schemas *schemas,
                                struct invoice_verdict *ret_verdict, struct err *e)
{
    if (str_starts(bytes, "%PDF")) {
        err_set(e, "the document is a PDF: send the invoice as XML (UBL or cross industry invoice), or the XML that the PDF carries");
        return NULL;
    }
    xmlDoc *doc = xml_parse(a, without_blank_lines(bytes), &xml_limits_document, e);
    xmlNode *root = doc ? out_of_envelope(doc) : NULL;
    if (!root)
        return NULL;
    enum invoice_syntax syntax = syntax_of(root);
    if (syntax == SYNTAX_UNKNOWN) {
        err_set(e, "the document is no UBL invoice or credit note and no cross industry invoice (its root is %.100s)", (const char *)root->name);
        return NULL;
    }
    *ret_verdict = (struct invoice_verdict){.is_valid = true, .schema = schema_check(schemas, doc, syntax)};
    struct judge j = {.arena = a, .root = root, .is_credit_note = syntax == SYNTAX_UBL_CREDIT_NOTE, .verdict = ret_verdict};
    judge(&j, syntax, profile);
    return root;
}

struct invoice *invoice_read(struct arena *a, struct str bytes, enum invoice_profile profile, const struct invoice_schemas *schemas,
                             struct invoice_verdict *ret_verdict, struct err *e)
{
    if (invoice_is_csv(bytes))
        return read_rows(a, bytes, profile, schemas, ret_verdict, e);
    xmlNode *root = parse_and_judge(a, bytes, profile, schemas, ret_verdict, e);
    return root ? model_of(a, root) : NULL;
}

enum invoice_syntax invoice_judge(struct arena *a, struct str bytes, enum invoice_profile profile, const struct invoice_schemas *schemas,
                                  struct invoice_verdict *ret_verdict, struct err *e)
{
    if (invoice_is_csv(bytes))
        return read_rows(a, bytes, profile, schemas, ret_verdict, e) ? SYNTAX_UBL_INVOICE : SYNTAX_UNKNOWN;
    const xmlNode *root = parse_and_judge(a, bytes, profile, schemas, ret_verdict, e);
    return root ? syntax_of(root) : SYNTAX_UNKNOWN;
}

static const struct invoice_schemas *standing_schemas;

void invoice_schemas_use(const struct invoice_schemas *schemas)
{
    standing_schemas = schemas;
}

const char *invoice_schema_name(enum invoice_schema schema)
{
    static const char *const names[] = {[INVOICE_UNCHECKED] = "unchecked", [INVOICE_SCHEMA_VALID] = "valid", [INVOICE_SCHEMA_INVALID] = "invalid"};
    return names[schema];
}

bool invoice_read_json(struct str in, struct buf *out, struct err *e)
{
    struct arena *a = arena_create(INVOICE_ARENA_BYTES);
    struct invoice_verdict verdict;
    struct invoice *inv = invoice_read(a, in, INVOICE_EN16931, standing_schemas, &verdict, e);
    if (inv) {
        buf_addf(out, "{\"syntax\":\"%s\",\"ruleset\":\"%s\",\"xsd\":\"%s\",\"valid\":%s,\"rules\":", invoice_syntax_name(inv->syntax), verdict.ruleset,
                 invoice_schema_name(verdict.schema), verdict.is_valid ? "true" : "false");
        invoice_write_findings(&verdict, out);
        buf_adds(out, ",\"model\":");
        invoice_write_json(inv, out);
        buf_adds(out, "}\n");
    }
    arena_destroy(&a);
    return inv != NULL;
}
