/*
 * Bank entries matched to expected items by ranked rules: deterministic (the order of the input never changes the result), explainable, in whole
 * pence. Everything given must outlive the results, which live in the arena; what the work itself needs is given back. Nothing fails: what no rule explains
 * comes back as MATCH_NONE.
 *
 * R1 a payment run as one debit; R2 our reference; R3 the end-to-end reference; R4 listed documents; R5 returns and reversals: these may post.
 * R6 account and amount; R7 name and amount; R8 a sum of several items of one party; R9 an expected series; R10 a second payment for what is already
 * settled: these only propose. R0 is the guard in front of them: entries seen before, entries not booked, other currencies.
 */
#ifndef PAYMENTS_BANK_MATCH_H
#define PAYMENTS_BANK_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/arena.h"

enum { MATCH_CANDIDATES = 3, MATCH_EVIDENCE = 4 };

enum match_kind { MATCH_PAYMENT, MATCH_RUN, MATCH_TOPUP, MATCH_CONTRIBUTION, MATCH_REFUND };
enum match_class { MATCH_NONE, MATCH_PROPOSE, MATCH_POST };

/* An expected item. Its amount has the sign of the bank entry that settles it; ids are unique. Absent texts are NULL. */
struct match_item {
    const char *id;
    enum match_kind kind;
    int64_t amount;
    int32_t due; /* CIVIL_NONE when unknown */
    int32_t settled_on; /* the day on which entries that are not given settled all of it; CIVIL_NONE: it is open */
    const char *reference, *end_to_end_id, *party_id, *party_name, *party_account, *run;
    const char **documents;
    size_t documents_n;
};

/* An entry, or one transaction of a batch entry (then only amount, texts, references, party and return_reason count). */
struct match_entry {
    size_t statement; /* entries of one statement share a number */
    const char *account, *currency;
    int64_t amount;
    bool amount_known; /* false when the amount is not a whole number of pence */
    int32_t booked, value;
    bool is_booked, reversal;
    const char *bank_ref, *entry_ref, *end_to_end_id, *instruction_id, *transaction_id, *batch, *return_reason, *name, *party_account;
    const char **texts;
    size_t texts_n;
    const struct match_entry *details;
    size_t details_n;
};

struct match_allocation {
    size_t item; /* index of the item as given */
    int64_t amount;
};

struct match_evidence {
    const char *field, *ours, *theirs, *normalisation;
};

struct match_candidate {
    size_t item;
    int score; /* 0 to 100 */
    const char *why;
};

/* There is one for every entry, and most need little: what it lists stands elsewhere. */
struct match_result {
    struct match_allocation *allocations;
    struct match_evidence *evidence;    /* at most MATCH_EVIDENCE */
    struct match_candidate *candidates; /* at most MATCH_CANDIDATES */
    const char *note;
    int64_t due; /* what the matched items still asked for; the entry's amount less this is the difference */
    size_t other; /* the entry that this one repeats or returns */
    uint32_t allocations_n;
    uint8_t evidence_n, candidates_n, rule; /* R0 to R10 */
    bool has_due, has_other;
    enum match_class class;
};

/* results: one for each entry, in the order of the entries; what they point to is the arena's or was given. At most 2^28 items. */
void match_run(struct arena *a, const struct match_item *items, size_t items_n, const struct match_entry *entries, size_t entries_n,
               struct match_result *results);

#endif
