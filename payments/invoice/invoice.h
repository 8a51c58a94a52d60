/*
 * European electronic invoices (EN 16931 in UBL 2.1 and UN/CEFACT CII D16B): read, judged and written.
 * Everything returned lives in the caller's arena, the texts of a model partly in the parsed document, which the arena owns too.
 * A document that is not XML within the limits, or no invoice, is refused with a reason; an invoice that breaks rules is not a failure but a verdict.
 *
 * Foreign bytes belong in the jail: give invoice_read_json to jail_run. The rules are those of rule-set version INVOICE_RULESET, which is
 * part of every verdict, because rule sets change twice a year.
 */
#ifndef PAYMENTS_INVOICE_INVOICE_H
#define PAYMENTS_INVOICE_INVOICE_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/base/err.h"
#include "daemon/base/text.h"
#include "payments/invoice/model.h"

struct arena;

enum invoice_profile { INVOICE_EN16931, INVOICE_PEPPOL };
enum invoice_severity { INVOICE_FATAL, INVOICE_WARNING };
enum invoice_schema { INVOICE_UNCHECKED, INVOICE_SCHEMA_VALID, INVOICE_SCHEMA_INVALID };

/* One firing of one rule. */
struct invoice_finding {
    const char *id; /* "BR-CO-15" */
    enum invoice_severity severity;
    const char *path; /* "/Invoice/cac:InvoiceLine[2]/cbc:ID" */
    long line;        /* of the document */
    const char *advice;
};

struct invoice_verdict {
    const char *ruleset; /* "en16931-ubl-1.3.16" */
    bool is_valid;       /* no fatal rule fired */
    enum invoice_schema schema;
    const struct invoice_finding *findings;
    size_t n; /* at most INVOICE_FINDINGS_MAX; is_valid counts those beyond, too */
};

enum { INVOICE_FINDINGS_MAX = 10000 };

/* Memory that one document of the permitted size may need. */
#define INVOICE_ARENA_BYTES (512U * 1024 * 1024)

/* The compiled XML Schemas of UBL 2.1 (maindoc/ and common/ of the directory); optional. Compile once at start, share read-only; they live as long as the arena. */
struct invoice_schemas;
struct invoice_schemas *invoice_schemas_create(struct arena *a, const char *directory, struct err *e);

/* The schemas that invoice_read_json judges with from now on, also in children; NULL: none. */
void invoice_schemas_use(const struct invoice_schemas *schemas);

/*
 * Parses and judges. schemas may be NULL. NULL when the bytes are neither an invoice in one of the three syntaxes nor one as CSV (read_csv.h), which is
 * judged as the UBL invoice that says the same; its findings carry the line of the row, 0 when they are about no row.
 */
struct invoice *invoice_read(struct arena *a, struct str bytes, enum invoice_profile profile, const struct invoice_schemas *schemas,
                             struct invoice_verdict *ret_verdict, struct err *e);

/* The verdict alone, for those who need no model. SYNTAX_UNKNOWN with a reason where invoice_read gives NULL. */
enum invoice_syntax invoice_judge(struct arena *a, struct str bytes, enum invoice_profile profile, const struct invoice_schemas *schemas,
                                  struct invoice_verdict *ret_verdict, struct err *e);

/* invoice_read as one JSON object {syntax, ruleset, xsd, valid, rules:[…], model:{…}}; fits jail_run (daemon/jail/jail.h). */
bool invoice_read_json(struct str in, struct buf *out, struct err *e);

/* Appends the invoice as UBL 2.1 (Invoice or CreditNote by inv->syntax; CII is written as the UBL document of its type code). */
bool invoice_write(const struct invoice *inv, struct buf *out, struct err *e);

/* The model as one JSON object, and back. */
void invoice_write_json(const struct invoice *inv, struct buf *out);
struct invoice *invoice_parse_json(struct arena *a, struct str text, struct err *e);

/* The verdict's findings as a JSON array. */
void invoice_write_findings(const struct invoice_verdict *verdict, struct buf *out);
const char *invoice_syntax_name(enum invoice_syntax syntax);
const char *invoice_schema_name(enum invoice_schema schema); /* "valid", "invalid", "unchecked" */

#endif
