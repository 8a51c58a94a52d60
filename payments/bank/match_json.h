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

/* The same piece by piece, for more than fits in one text. Strings given are copied. */
struct match_round;
struct match_round *match_round_open(void);
void match_round_close(struct match_round **r);
bool match_round_item(struct match_round *r, struct str line, struct err *e);
/* Entries count as those of one statement; account and currency are the bank account's. */
bool match_round_entry(struct match_round *r, const char *account, const char *currency, struct str line, struct err *e);
/* After the last item and entry; fails when two items have the same id. */
bool match_round_run(struct match_round *r, struct err *e);
/* The lines of the entries from `from` up to, not including, `to`. */
void match_round_write(const struct match_round *r, size_t from, size_t to, struct buf *out);

#endif
