#include "payments/invoice/schema.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlschemas.h>

#include "daemon/base/arena.h"

struct invoice_schemas {
    xmlSchema *invoice, *credit_note;
};

/* The directory whose files may be opened while schemas are compiled; the standing loader refuses everything. */
static char allowed_directory[PATH_MAX];

static xmlParserInput *open_schema_file(const char *url, const char *id, xmlParserCtxt *context)
{
    (void)id;
    char real[PATH_MAX];
    size_t n = strlen(allowed_directory);
    if (!url || !realpath(url, real) || strncmp(real, allowed_directory, n) != 0 || real[n] != '/')
        return NULL;
    return xmlNewInputFromFile(context, real);
}

static void ignore_message(void *context, const char *fmt, ...)
{
    (void)context;
    (void)fmt;
}

static void dispose_schema(void *schema)
{
    xmlSchemaFree(schema);
}

static xmlSchema *compile(struct arena *a, const char *file, struct err *e)
{
    const char *path = arena_printf(a, "%s/maindoc/%s", allowed_directory, file);
    xmlSchemaParserCtxt *context = xmlSchemaNewParserCtxt(path);
    xmlSchema *schema = NULL;
    if (context) {
        xmlSchemaSetParserErrors(context, ignore_message, ignore_message, NULL);
        schema = xmlSchemaParse(context);
        xmlSchemaFreeParserCtxt(context);
    }
    if (schema)
        arena_attach(a, dispose_schema, schema);
    else
        err_set(e, "%s is no XML Schema that could be read", path);
    return schema;
}

struct invoice_schemas *invoice_schemas_create(struct arena *a, const char *directory, struct err *e)
{
    if (!realpath(directory, allowed_directory)) {
        err_set(e, "%s is no directory", directory);
        return NULL;
    }
    struct invoice_schemas *s = arena_alloc(a, sizeof *s);
    xmlExternalEntityLoader standing = xmlGetExternalEntityLoader();
    xmlSetExternalEntityLoader(open_schema_file);
    s->invoice = compile(a, "UBL-Invoice-2.1.xsd", e);
    s->credit_note = s->invoice ? compile(a, "UBL-CreditNote-2.1.xsd", e) : NULL;
    xmlSetExternalEntityLoader(standing);
    return s->credit_note ? s : NULL;
}

enum invoice_schema schema_check(const struct invoice_schemas *schemas, xmlDoc *doc, enum invoice_syntax syntax)
{
    if (!schemas || (syntax != SYNTAX_UBL_INVOICE && syntax != SYNTAX_UBL_CREDIT_NOTE))
        return INVOICE_UNCHECKED;
    xmlSchemaValidCtxt *context = xmlSchemaNewValidCtxt(syntax == SYNTAX_UBL_INVOICE ? schemas->invoice : schemas->credit_note);
    if (!context)
        return INVOICE_UNCHECKED;
    xmlSchemaSetValidErrors(context, ignore_message, ignore_message, NULL);
    int found = xmlSchemaValidateDoc(context, doc);
    xmlSchemaFreeValidCtxt(context);
    return found == 0 ? INVOICE_SCHEMA_VALID : found > 0 ? INVOICE_SCHEMA_INVALID : INVOICE_UNCHECKED;
}
