/*
 * Where the fields of a camt statement lie: one table of paths below Stmt, Rpt or Ntfctn, of every version, made into a tree for parsing.
 * The tree belongs to the arena it is planted in. Nothing fails; an element that is not in the tree is of no interest.
 */
#ifndef PAYMENTS_BANK_CAMT_PLACES_H
#define PAYMENTS_BANK_CAMT_PLACES_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/base/text.h"

struct arena;

enum camt_field {
    F_NONE,
    F_STATEMENT, F_ID, F_ACCOUNT, F_CURRENCY,
    F_BALANCE, F_BALANCE_TYPE, F_BALANCE_AMOUNT, F_BALANCE_SIDE, F_BALANCE_DATE,
    F_ENTRY, F_ENTRY_REF, F_AMOUNT, F_SIDE, F_REVERSAL, F_STATUS, F_STATUS_OWN, F_BOOKED, F_VALUE, F_BANK_REF, F_KIND, F_KIND_PART,
    F_ENTRY_INFO, F_BATCH, F_BATCH_MESSAGE,
    F_DETAIL, F_D_MESSAGE, F_D_BATCH, F_D_INSTRUCTION, F_D_END_TO_END, F_D_TRANSACTION, F_D_UETR, F_D_BANK_REF, F_D_AMOUNT, F_D_TX_AMOUNT, F_D_COUNTER,
    F_D_INSTRUCTED, F_D_SIDE,
    F_D_DEBTOR, F_D_DEBTOR_ULTIMATE, F_D_DEBTOR_ACCOUNT, F_D_CREDITOR, F_D_CREDITOR_ULTIMATE, F_D_CREDITOR_ACCOUNT,
    F_D_TEXT, F_D_RETURN,
};

struct camt_place {
    const char *name;
    size_t name_n;
    enum camt_field field;
    struct camt_place *child, *next;
};

extern const char *const camt_messages[3]; /* the report, the statement, the notification: "camt.052.001." without its version */
/* Which of them a namespace names, and how, with the version; false when it names none. */
bool camt_message_of(const char *space, size_t *ret_message, struct str *ret_format);

const struct camt_place *camt_places(struct arena *a);
const struct camt_place *camt_child(const struct camt_place *of, const char *name, size_t name_n);

#endif
