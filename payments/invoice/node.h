/*
 * Short constant paths on a parsed invoice: "cac:Party/cbc:EndpointID/@schemeID". They are written by us, never by a sender.
 * Nodes belong to the document, texts to the document or the arena; a path that leads nowhere gives NULL, 0 or false.
 *
 * A step is prefix:Name or "..", the last step may be @attribute. Predicates: [VAT] a tax scheme that is VAT, [charge] and
 * [allowance] by ChargeIndicator, [cat=E] by category code, [@name], [@name=value], [prefix:Name=value|value], and [!…] for the opposite.
 */
#ifndef PAYMENTS_INVOICE_NODE_H
#define PAYMENTS_INVOICE_NODE_H

#include <stdbool.h>
#include <stddef.h>

#include <libxml/tree.h>

#include "payments/invoice/decimal.h"

struct arena;

enum node_space { SPACE_OTHER, SPACE_CBC, SPACE_CAC, SPACE_EXT, SPACE_INVOICE, SPACE_CREDIT_NOTE, SPACE_RSM, SPACE_RAM, SPACE_UDT, SPACE_QDT };

/* Remembers namespace and place among equally named neighbours in every element; call once before anything else here. */
void nodes_mark(xmlNode *root);

enum node_space node_space(const xmlNode *n);

/* The next element of the tree in document order, NULL behind the last one below root. */
xmlNode *node_next(xmlNode *n, const xmlNode *root);

/* Whether the element fits the end of a path; a leading '/' stands for the document's root element. */
bool node_matches(xmlNode *n, const char *path);

/* Calls visit for every element that the path leads to, until it returns false. */
typedef bool node_visit(void *context, xmlNode *n);
bool node_each(xmlNode *n, const char *path, node_visit *visit, void *context);

xmlNode *node_first(xmlNode *n, const char *path);
size_t node_count(xmlNode *n, const char *path);
bool node_has(xmlNode *n, const char *path); /* elements or an attribute */

/* The attribute's value, NULL when it is absent. */
const char *node_attribute(struct arena *a, xmlNode *n, const char *name, size_t length);

/* All text below the element. */
const char *node_text(struct arena *a, xmlNode *n);

/* The text of the first element or attribute that the path leads to ("." is the element itself); NULL when there is none. */
const char *node_value(struct arena *a, xmlNode *n, const char *path);

/* The same with normalize-space of XPath; "" when there is none. */
const char *node_trimmed(struct arena *a, xmlNode *n, const char *path);
const char *text_trimmed(struct arena *a, const char *s);

/* The same as a number; false when there is none or it is not one. */
bool node_number(struct arena *a, xmlNode *n, const char *path, struct decimal *ret);

/* Adds up every number that the path leads to; false when one of them is not a number. No numbers give zero. */
bool node_sum(struct arena *a, xmlNode *n, const char *path, struct decimal *ret);

/* "/Invoice/cac:InvoiceLine[2]/cbc:ID" */
const char *node_path(struct arena *a, xmlNode *n);
const char *space_prefix(enum node_space space); /* "cac:", "" for root elements */

/* Length of the first step of a path, predicates included. */
size_t step_length(const char *path);

#endif
