/*
 * The model as data: for every value its name, its term in EN 16931-1, its place in the struct and its path in each syntax.
 * Constant tables, nothing is owned. Readers, the UBL writer and the JSON forms all walk these tables, so they cannot disagree.
 */
#ifndef PAYMENTS_INVOICE_SHAPE_H
#define PAYMENTS_INVOICE_SHAPE_H

#include <stddef.h>

#include "payments/invoice/model.h"

enum field_kind {
    FIELD_TEXT,
    FIELD_AMOUNT,       /* written with the invoice currency */
    FIELD_TAX_AMOUNT,   /* written with the accounting currency */
    FIELD_DATE,         /* YYYYMMDD in CII */
    FIELD_GROUP,        /* a struct inside the struct */
    FIELD_LIST,
    FIELD_CONSTANT,     /* name is the text; written when the value at offset is stated */
    FIELD_ALWAYS,       /* name is the text; written whatever else the list item says */
    FIELD_READ_ONLY,    /* written elsewhere */
};

struct shape;

struct field {
    enum field_kind kind;
    const char *name, *term;
    size_t offset;
    const char *ubl, *cii; /* paths from the group's element; NULL: not in this syntax */
    const struct shape *group;
};

static inline bool field_is_constant(const struct field *f)
{
    return f->kind == FIELD_CONSTANT || f->kind == FIELD_ALWAYS;
}

struct shape {
    size_t size;
    const struct field *fields;
    size_t n;
};

/* What every list of the model looks like. */
struct any_list {
    void *items;
    size_t n;
};

/* The fields in the order of the UBL schemas. shape_invoice serves CII, too. */
extern const struct shape shape_invoice, shape_credit_note;

#endif
