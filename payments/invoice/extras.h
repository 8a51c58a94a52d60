/*
 * Elements that a syntax knows and the European invoice does not: tables of paths, one number of a published rule a path, all of them warnings.
 * A document is walked once and every element costs one look. Tables are constants and made ready at first use; findings go to the judge.
 */
#ifndef PAYMENTS_INVOICE_EXTRAS_H
#define PAYMENTS_INVOICE_EXTRAS_H

#include <stdint.h>

#include "payments/invoice/rule.h"

/*
 * Rules first, first + 1, … are about base/below/name for each name in turn; "-" skips a number that is not in use.
 * A rule fires once for each element that base leads to.
 */
struct extra {
    int first;
    const char *base, *below, *names;
};

enum { EXTRAS_SLOTS = 2048, EXTRAS_RULES_MAX = 700 };

/* A path is found by a hash that grows from parent to child. */
struct extras_slot {
    uint64_t hash;
    int number, steps; /* steps: from the element that base leads to */
};

struct extras {
    const char *id; /* what stands before the three digits of a number */
    const char *prefix; /* of steps that have none */
    const struct extra *rows;
    size_t n;
    const char *line; /* the step that stands for InvoiceLine and CreditNoteLine, NULL when it has no such name */
    bool (*is_permitted)(const struct judge *j, int number); /* NULL: none */
    void (*visit)(void *context, xmlNode *n); /* called for every element but the root; NULL: nothing */
    struct extras_slot slots[EXTRAS_SLOTS];
    bool is_ready;
};

void judge_extras(struct judge *j, struct extras *extras, void *context);

#endif
