/*
 * What a rule is: data that names its id, where it applies (a context), what must hold there, and what to tell the sender.
 * Rules are constants; findings live in the judge's arena. A rule that cannot be computed (a number that is none) does not hold.
 *
 * As in the published Schematron, the contexts of one pattern are tried in order and an element is judged by the first that fits.
 */
#ifndef PAYMENTS_INVOICE_RULE_H
#define PAYMENTS_INVOICE_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "payments/invoice/codelist.h"
#include "payments/invoice/invoice.h"
#include "payments/invoice/node.h"

struct facts;

struct judge {
    struct arena *arena;
    xmlNode *root;
    bool is_credit_note;
    const struct facts *facts; /* what rules want to know of the whole document */
    struct invoice_verdict *verdict;
    struct invoice_finding *findings; /* the verdict's, while they grow */
    size_t room;
};

struct rule {
    const char *id;
    enum invoice_severity severity;
    bool (*holds)(struct judge *j, xmlNode *n, const struct rule *rule);
    const char *arg; /* a path, or several joined by '|' where the test says so */
    const char *advice;
    const struct code_list *list;
};

struct context {
    const char *path; /* matched backwards from the element; "*" fits every element, "/" the root */
    const struct rule *rules;
    size_t n;
    void (*judge)(struct judge *j, xmlNode *n); /* for families of rules that share their work */
};

enum { CONTEXTS_MAX = 64 }; /* of one pattern */

struct pattern {
    const struct context *contexts;
    size_t n;
};

#define RULES(array) (array), sizeof(array) / sizeof *(array), NULL
#define PATTERN(array) {(array), sizeof(array) / sizeof *(array) * AT_MOST_CONTEXTS(array)}
/* 1, or no program at all. */
#define AT_MOST_CONTEXTS(array) \
    sizeof(struct { \
        _Static_assert(sizeof(array) / sizeof *(array) <= CONTEXTS_MAX, "a pattern has too many contexts"); \
        char one; \
    })

void judge_report(struct judge *j, const char *id, enum invoice_severity severity, xmlNode *n, const char *advice);

/* ---- tests that many rules share; `path` is rule->arg ---- */
bool holds_exists(struct judge *j, xmlNode *n, const struct rule *r);
bool holds_absent(struct judge *j, xmlNode *n, const struct rule *r);
bool holds_filled(struct judge *j, xmlNode *n, const struct rule *r);      /* more than white space */
bool holds_any(struct judge *j, xmlNode *n, const struct rule *r);         /* one of path|path exists */
bool holds_any_filled(struct judge *j, xmlNode *n, const struct rule *r);  /* the same with more than white space */
bool holds_all(struct judge *j, xmlNode *n, const struct rule *r);         /* each of path|path exists */
bool holds_at_most_one(struct judge *j, xmlNode *n, const struct rule *r);
bool holds_exactly_one(struct judge *j, xmlNode *n, const struct rule *r);
bool holds_at_most_ten(struct judge *j, xmlNode *n, const struct rule *r);   /* characters, trimmed */
bool holds_two_decimals(struct judge *j, xmlNode *n, const struct rule *r); /* as written, trailing white space counts */
bool holds_not_negative(struct judge *j, xmlNode *n, const struct rule *r); /* and exists */
bool holds_in_list(struct judge *j, xmlNode *n, const struct rule *r);      /* trimmed; "." is the element itself */
bool holds_in_list_as_written(struct judge *j, xmlNode *n, const struct rule *r); /* not trimmed */
bool holds_never(struct judge *j, xmlNode *n, const struct rule *r);
bool holds_dates_in_order(struct judge *j, xmlNode *n, const struct rule *r); /* arg: start|end, either may be missing */

/* Days and minutes of an xs:date with optional time zone, in minutes since 1970; false when it is not a date. */
bool rule_date(const char *text, int64_t *ret_minutes);

#endif
