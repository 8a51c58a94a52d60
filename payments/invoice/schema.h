/*
 * The XML Schema verdict, kept apart from the rules: a document may be valid by either and not by the other.
 * The schemas are read from a directory that the operator names, by a loader that opens files of that directory only, and compiled once.
 */
#ifndef PAYMENTS_INVOICE_SCHEMA_H
#define PAYMENTS_INVOICE_SCHEMA_H

#include <libxml/tree.h>

#include "payments/invoice/invoice.h"

/* INVOICE_UNCHECKED without schemas, and for CII. */
enum invoice_schema schema_check(const struct invoice_schemas *schemas, xmlDoc *doc, enum invoice_syntax syntax);

#endif
