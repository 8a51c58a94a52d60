/*
 * How references, names and accounts are compared: folded to what banks, people and forms leave unchanged.
 * Results live in the arena. Nothing fails; what holds no letter or digit folds to the empty text.
 */
#ifndef PAYMENTS_BANK_MATCH_TEXT_H
#define PAYMENTS_BANK_MATCH_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/base/arena.h"

/* Capital letters and digits only, accents dropped, O as 0, I and L as 1. NULL gives "". */
char *match_fold(struct arena *a, const char *text);

/* The same of a single character that is a capital letter or a digit. */
char match_folded(char c);
/* Whether the word folds to this text, as far as the first `most` characters. */
bool match_folds_to(const char *word, const char *folded, size_t most);

/* The same, cut at everything that is neither letter nor digit; at most `max` words. */
size_t match_fold_words(struct arena *a, const char *text, const char **words, size_t max);

/* Sort code and account number of a British IBAN, else capital letters and digits; NULL when there are none. */
const char *match_account(struct arena *a, const char *account);
/* Equal, or one is the account number (8 digits) of the other. */
bool match_same_account(const char *a, const char *b);

enum { MATCH_NAME_WORDS = 8 };

/* A name without titles and legal forms: its words as written, and the sorted words as one key. */
struct match_name {
    const char *const *word;
    size_t n; /* at most MATCH_NAME_WORDS */
    const char *key;
};

struct match_name match_name(struct arena *a, const char *name);

/* NAME_ALIKE: initials or a cut end, with at least one whole word in common; NAME_SOME: one word of three or more letters in common. */
enum match_likeness { NAME_NONE, NAME_SOME, NAME_ALIKE, NAME_SAME };
enum match_likeness match_names(const struct match_name *a, const struct match_name *b);
/* Words of three or more letters that stand in both. */
size_t match_words_shared(const struct match_name *a, const struct match_name *b);

/* Words with at most a year or two digits behind them: "Rent 2026" tells no payment from another. */
bool match_is_plain_words(const char *text);

/* "MC" and eight characters with a valid check character, or the eight alone: the eight, else NULL. */
const char *match_own_reference(struct arena *a, const char *folded);

/* The number of single-character edits between two texts, or `max` + 1 when there are more. */
unsigned match_edits(const char *a, const char *b, unsigned max);

#endif
