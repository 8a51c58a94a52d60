/*
 * Bank statements of every format (camt.052/053/054, MT940, CSV) read into one model and written as JSON, entry by entry as they come.
 * A reader owns its state and appends to the caller's buffer, which the caller may empty between two pieces; strings of an entry live until the
 * sink returns. Anything that cannot be read for certain refuses the whole file with a reason: amounts and dates are never guessed.
 */
#ifndef PAYMENTS_BANK_STATEMENT_H
#define PAYMENTS_BANK_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/arena.h"
#include "daemon/base/civil.h"
#include "daemon/base/err.h"
#include "daemon/base/text.h"

/* A decimal amount: the digits as in the file (at most 18 before and 5 behind the point) and, when it fits, a count of 1/100000. */
struct bank_amount {
    bool present, negative;
    char text[32];
    int64_t units; /* signed, in 1/100000 */
};

enum { BANK_AMOUNT_SCALE = 100000 };

/* Digits with at most one decimal point or comma; false on anything else, on more than 5 significant decimals and on overflow. */
bool bank_amount_read(struct str s, bool negative, struct bank_amount *ret_amount);
/* As bank_amount_read, with an optional sign (-5, 5-, (5), 5 DR), pound sign and thousands commas: the cells of a CSV file. Three digits behind a lone point
 * may be thousands: false. */
bool bank_amount_read_cell(struct str s, struct bank_amount *ret_amount);
/* At least two decimals, no trailing zeros beyond them. */
bool bank_amount_of_units(int64_t units, struct bank_amount *ret_amount);

struct bank_texts {
    const char **at;
    size_t n, cap;
};

struct bank_party {
    const char *name, *account;
    const char *ultimate; /* for whom the named one pays or is paid, when that is somebody else */
};

/* What a batch or a single entry says about one of its transactions. */
struct bank_detail {
    struct bank_amount amount;
    const char *currency; /* of the amount */
    const char *end_to_end_id, *instruction_id, *transaction_id, *uetr, *message_id, *bank_ref, *return_reason;
    struct bank_party party;
    struct bank_texts remittance;
};

enum bank_status { BANK_BOOKED, BANK_PENDING, BANK_INFO };

struct bank_entry {
    struct bank_amount amount; /* signed by the credit/debit mark, taken literally */
    const char *currency;
    int32_t booked, value; /* CIVIL_NONE when not given */
    enum bank_status status;
    bool reversal;
    const char *bank_ref, *entry_ref, *end_to_end_id, *instruction_id, *batch, *kind, *return_reason;
    struct bank_party party;
    struct bank_texts remittance;
    struct bank_detail *details;
    size_t details_n, details_cap;
};

struct bank_balance {
    struct bank_amount amount;
    char currency[4];
    int32_t date;
};

/* Running text of the caller: the strings of a statement's head are copied by the writer when it begins. */
struct bank_statement {
    const char *id, *account, *currency;
    struct bank_balance opening, closing;
};

enum bank_verdict { BANK_UNDECIDED, BANK_BALANCES, BANK_DIFFERS };

/* Writes statements as JSON. begin, entry*, end for each; the balance equation is summed on the way. In lines, an entry is a line, and behind the entries of
 * a statement comes a line with the rest of it. */
struct bank_writer {
    struct buf *out;
    bool in_lines, format_written, in_statement, mixed_currencies;
    const char *format; /* the reader's, as long as it lives */
    struct buf head;    /* of the statement, in lines, until it ends */
    size_t statements, entries, statement_entries;
    __int128 booked_sum, reversed_sum;
    char currency[8]; /* of the statement, for the comparison with its entries */
};

void bank_writer_format(struct bank_writer *w, const char *format);
bool bank_writer_entry(struct bank_writer *w, const struct bank_statement *s, const struct bank_entry *entry, struct err *e);
/* Closes the statement: the verdict is the equation's unless a format decides by itself (running balances of a CSV file). */
void bank_writer_end(struct bank_writer *w, const struct bank_statement *s, const enum bank_verdict *decided);
void bank_writer_finish(struct bank_writer *w);

void bank_text_add(struct arena *a, struct bank_texts *t, const char *text);
struct bank_detail *bank_detail_add(struct arena *a, struct bank_entry *entry);
/* NOTPROVIDED, NONREF and their like say that there is no reference. */
bool bank_reference_is_absent(const char *reference);
/* UTF-8 as it is; any other bytes are taken as windows-1252. Control characters become spaces, line feeds stay. */
char *bank_utf8(struct arena *a, struct str raw);
/* The same on one line, without spaces at either end. */
char *bank_text(struct arena *a, struct str raw);

/* ---- readers ---- */

/* One format's reader: create in an arena that outlives it, feed any pieces, finish; destroy whatever the outcome. */
struct bank_reader {
    void *(*create)(struct arena *a, struct bank_writer *w);
    bool (*feed)(void *self, struct str bytes, struct err *e);
    bool (*finish)(void *self, struct err *e);
    void (*destroy)(void *self);
};

extern const struct bank_reader camt_reader, mt940_reader, csv_reader;

/* Detects the format by the first bytes. What it appends is `"format":…,"statements":[…]`, without the braces of the object. */
struct statement_stream;
struct statement_stream *statement_open(struct buf *out);
/* The same as whole lines, which may be taken away at any time: entries, each as it is in `entries` there, and behind those of a statement
 * {"statement": {"format", and all members of it but its entries}}. */
struct statement_stream *statement_open_lines(struct buf *out);
bool statement_feed(struct statement_stream *s, struct str bytes, struct err *e);
bool statement_finish(struct statement_stream *s, struct err *e);
void statement_close(struct statement_stream **s);

/* The whole of a file to one JSON object and a line feed; *out is as before when it fails. Fits the jail. */
bool statement_read_json(struct str in, struct buf *out, struct err *e);
/* The whole of a file to the lines of statement_open_lines; *out is as before when it fails. Fits the jail. */
bool statement_read_lines(struct str in, struct buf *out, struct err *e);

#endif
