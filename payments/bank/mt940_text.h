/*
 * What the free text of MT940 says: field :86: in its three dialects (German ?20 subfields, /CODE/ words, plain lines), field :61: in columns.
 * Results live in the arena and are stored in the entry given. Nothing fails: text without structure is remittance information as it stands.
 */
#ifndef PAYMENTS_BANK_MT940_TEXT_H
#define PAYMENTS_BANK_MT940_TEXT_H

#include "payments/bank/statement.h"

/* `value` holds the lines of the field, separated by line feeds. */
void mt940_text(struct arena *a, struct str value, struct bank_entry *entry);

/* Whether it begins as the German dialect does: three digits and a subfield. */
bool mt940_text_is_german(struct str value);

/* Whether it begins with a /CODE/ word. */
bool mt940_text_is_coded(struct str value);

/* Whether the second line of field :61: has columns: 18 for a name, four left empty, three for the kind of payment, and behind them its reference.
 * Name and kind are stored then. */
bool mt940_text_in_columns(struct arena *a, struct str line, struct bank_entry *entry, struct str *ret_rest);

#endif
