/*
 * The matcher's working state, shared by its parts: match.c (order, guard, results), match_items.c (what is expected), match_link.c (which items an entry
 * names), match_payer.c (who pays), match_slips.c (references with a slip), match_bulk.c (R1), match_rules.c (R2 to R5, R10), match_propose.c (R6 to R9 and
 * candidates). Positions are in canonical order, not as given.
 *
 * Three arenas: `out` is the caller's and takes what results point to; `a` lasts as long as the matching; `once` is for the entry in hand and is rewound
 * behind it. What is known of all items and entries is kept small, what an entry says is read again where it is wanted.
 */
#ifndef PAYMENTS_BANK_MATCH_WORK_H
#define PAYMENTS_BANK_MATCH_WORK_H

#include "payments/bank/match.h"
#include "payments/bank/match_index.h"
#include "payments/bank/match_spots.h"
#include "payments/bank/match_text.h"

/* What a text is for an item; also how a link was found. */
enum { KEY_REFERENCE = 1, KEY_END_TO_END = 2, KEY_DOCUMENT = 4, KEY_RUN = 8 };
enum match_sure { LINK_PREFIX, LINK_GLUED, LINK_EXACT };

struct item_state {
    const struct match_item *is;
    const char *reference, *account;
    const struct match_name *name; /* shared by all items with this name */
    const char *party; /* identity for comparison: id, else name, else the item's own id */
    int64_t open;      /* still to be settled; signed as the item */
    uint32_t given;    /* index as given */
    uint32_t folded_name; /* its place in folded_names, or MATCH_NO_SLOT */
    uint32_t settled_by; /* position of the last entry that settled it, or NOBODY */
    int32_t settled_on;
    bool has_reference : 1;
    bool own_reference : 1; /* of our form, with a valid check character */
    bool is_plain : 1;      /* the reference is a word or two and a year */
    bool by_run : 1, proposed : 1, contested : 1, came_back : 1;
};

#define NOBODY UINT32_MAX
#define EARLIER (UINT32_MAX - 1) /* settled by an entry that is not among those given */
enum { MATCH_FAR = 100000, MATCH_NAMED = 4 };

struct link {
    const char *field, *key;
    uint32_t item;
    uint8_t kind, sure; /* KEY_…, enum match_sure */
    bool dropped;
};

/* What an entry says, read anew for every look at it. */
struct reading {
    const char *account;
    struct match_name name;
    const char *said_name; /* the name as it stands in the text, when the entry has no name of its own */
    struct link *links;
    size_t links_n;
    const char **tokens; /* folded words and joined neighbours that could be a reference with a slip in it */
    size_t tokens_n;
    const char **words; /* folded words of the remittance information */
    size_t words_n;
    const struct match_slot *named[MATCH_NAMED]; /* parties whose whole name stands in the text */
    size_t named_n;
};

struct entry_state {
    const struct match_entry *is;
    struct match_result *result;
    struct reading *says; /* while it is looked at, else NULL */
    uint32_t given;
    int32_t day;
    bool marked_return, decided, skipped;
};

struct work {
    struct arena *out, *a, *once;
    struct item_state *items;
    uint32_t items_n;
    struct entry_state *entries;
    uint32_t entries_n;
    struct match_index keys;     /* references, end-to-end ids, documents, runs */
    struct match_index accounts; /* of parties, by account and by its last 8 digits */
    struct match_index names;    /* of parties, by the key of the name */
    struct match_index folded_names; /* the same as it may stand in free text */
    struct match_index words;    /* of parties' names */
    struct match_spots owed;     /* an item's amount with each word of its party's name */
    struct match_spots gaps;     /* references with one character left out */
    uint32_t *by_amount;         /* items in the order of amount, due */
    uint32_t *by_reference;      /* items that have a reference, in its order */
    uint32_t referenced_n;
};

enum { PARTY_OTHER, PARTY_STRANGER, PARTY_UNKNOWN, PARTY_LIKELY, PARTY_SAME };

/* match_items.c */
void match_take_items(struct work *w, const struct match_item *items, size_t n);
/* The first place in by_amount of this amount, due on this day or later. */
size_t match_by_amount(const struct work *w, int64_t amount, int32_t due);

/* match_link.c: what the entry says, in the arena `once` */
void match_read(struct work *w, struct entry_state *x);
/* Long enough to be no accident: ours has a check character; a foreign one needs length. */
bool match_is_telling(const struct work *w, const struct link *l);
/* Whether a bank's words for a returned payment stand in the text. */
bool match_text_says_return(const struct work *w, const struct entry_state *x);

/* match_payer.c */
bool match_shares_party(const struct item_state *a, const struct item_state *b);
/* Finds parties named in the text, and the payer's name and account there when the entry has none of its own. */
void match_payer(struct work *w, struct entry_state *x);
/* What the entry's own account and name say about the item's party (PARTY_…). */
int match_party(const struct work *w, const struct entry_state *x, const struct item_state *i);

bool match_text_names(const struct entry_state *x, const struct item_state *i);
/* Whether the payer's name is like that of somebody who owes just this under a reference one slip away: then the item's was hit by accident. */
bool match_means_neighbour(const struct work *w, const struct entry_state *x, const struct item_state *i);
void match_index_owed(struct work *w);
/* Items of this amount whose party has this word of three or more letters in its name. */
struct match_owed {
    struct match_cursor at;
    int64_t amount;
    const char *word;
    uint32_t last;
};
struct match_owed match_owed(const struct work *w, int64_t amount, const char *folded_word);
bool match_owed_next(const struct work *w, struct match_owed *o, uint32_t *ret_item);

/* match_slips.c */
void match_index_slips(struct work *w);
/* Items whose reference is the text, or it with one character left out; none when they are more than max. */
size_t match_slips(const struct work *w, const char *text, uint32_t *found, size_t max);

/* match_bulk.c: true when R1 has said something; *ret_posted tells what. */
bool match_rule_run(struct work *w, uint32_t entry, bool *ret_posted);
/* The run came back: so did all that it settled. */
void match_reopen_run(struct work *w, uint32_t run);

/* match_rules.c: true when the entry is decided for good. */
bool match_decide(struct work *w, uint32_t entry);

/* match_propose.c */
void match_propose(struct work *w);

/* match.c: helpers for the rules */
int64_t match_size(int64_t amount);
bool match_same_side(int64_t a, int64_t b);
int match_working_days(int32_t from, int32_t to);
/* Far apart when either is unknown. */
int match_days_apart(int32_t a, int32_t b);
void match_append(struct work *w, struct match_result *r, struct match_allocation allocation);
void match_allocate(struct work *w, struct match_result *r, uint32_t item, int64_t amount);
/* What is explained must stay: given, or kept. */
const char *match_kept(struct work *w, const char *text);
void match_explain(struct work *w, struct match_result *r, const char *field, const char *ours, const char *theirs, const char *normalisation);
void match_ask(struct match_result *r, int64_t due);
void match_explain_link(struct work *w, struct match_result *r, const struct link *l);
/* Allocates, and settles the item by that much. */
void match_settle(struct work *w, uint32_t entry, uint32_t item, int64_t amount);
/* Whether it posts. */
bool match_decided(struct match_result *r, enum match_class class, int rule, const char *note);
/* Names the entry that settled the item, when it is among those given. */
void match_point_at(const struct work *w, struct match_result *r, const struct item_state *i);

#endif
