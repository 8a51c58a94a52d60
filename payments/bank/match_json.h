/*
 * The matcher for programs that speak JSON: expected items and read statements in, one line an entry out (the contract of `reconcile match`).
 * The caller owns the buffer. Fails with the line number on text that is not the documented form; *out is unchanged then.
 */
#ifndef PAYMENTS_BANK_MATCH_JSON_H
#define PAYMENTS_BANK_MATCH_JSON_H

#include "daemon/base/err.h"
#include "daemon/base/text.h"

/* items: JSON lines; a day in the optional member "settled" says that an earlier statement settled the item then. statements: JSON lines as
 * `statement read` writes them, entries counted over all of them from 0. */
bool match_json(struct str items, struct str statements, struct buf *out, struct err *e);

#endif
