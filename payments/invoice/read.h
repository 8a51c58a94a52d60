/*
 * Fills the model from a marked document (nodes_mark), whichever of the three syntaxes it is in.
 * The model and its lists belong to the arena, the texts to the document. Nothing can fail: what is not stated stays NULL.
 */
#ifndef PAYMENTS_INVOICE_READ_H
#define PAYMENTS_INVOICE_READ_H

#include "payments/invoice/model.h"
#include "payments/invoice/node.h"

enum invoice_syntax syntax_of(const xmlNode *root);

struct invoice *model_of(struct arena *a, xmlNode *root);

#endif
