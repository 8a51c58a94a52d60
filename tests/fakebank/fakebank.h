/*
 * The simulated bank of the tests: invents expected items and what a bank would report of them, with labelled noise, in every statement format.
 * Everything belongs to the arena of the world. The same seed gives the same bytes; nothing here is used by the product.
 */
#ifndef TESTS_FAKEBANK_FAKEBANK_H
#define TESTS_FAKEBANK_FAKEBANK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/arena.h"
#include "daemon/base/err.h"
#include "daemon/base/text.h"

enum fb_class {
    FB_RUN, FB_CLEAN, FB_FORMED, FB_MISSING, FB_CUT, FB_TYPO, FB_FOLDED, FB_TWIN, FB_SEVERAL, FB_INSTALMENT, FB_OVER, FB_UNDER, FB_DUPLICATE,
    FB_RETURN_CODED, FB_RETURN_PLAIN, FB_REVERSED_TWICE, FB_CHARGED, FB_PENDING, FB_OVERLAP, FB_STRANGER, FB_WRONG_PARTY, FB_UNRELATED, FB_COINCIDENCE,
    FB_CLASSES
};

extern const char *const fb_class_names[FB_CLASSES];

struct fb_item {
    const char *id, *kind, *reference, *end_to_end_id, *run, *party_id, *party_name, *party_account, *document;
    int64_t amount;
    int32_t due;
};

enum { FB_ALLOCATIONS = 4 };

struct fb_entry {
    size_t uid; /* the same in every format; an overlap has one of its own */
    enum fb_class class;
    int32_t day;
    int64_t amount;
    const char *text, *name, *account, *end_to_end_id, *batch, *return_reason, *bank_ref;
    bool reversal, pending;
    struct {
        size_t item;
        int64_t amount;
    } truth[FB_ALLOCATIONS];
    size_t truth_n;
};

struct fb_statement {
    size_t first, n; /* entries */
    int64_t opening, closing;
    int32_t from, to;
};

struct fb_world {
    struct arena *a;
    uint64_t random;
    enum fb_class loud; /* the noise that comes `times` as often as usual; times is 0 or 1 for none */
    unsigned times;
    const char *message; /* of the payment file that the statement answers; NULL: statements are numbered */
    int64_t opening;     /* pence, of a statement that answers a payment file */
    bool is_calm;        /* every payment of a file arrives */
    const char *account; /* our own, sort code and number; NULL: an invented one */
    struct fb_item *items;
    size_t items_n, items_cap;
    struct fb_entry *entries;
    size_t entries_n, entries_cap;
    struct fb_statement *statements;
    size_t statements_n;
};

/* fb_random.c */
uint64_t fb_random(struct fb_world *w);
size_t fb_below(struct fb_world *w, size_t n);
bool fb_percent(struct fb_world *w, unsigned percent);
/* The usual share of a noise, in percent, or that of the loud one; never more than 90. */
unsigned fb_share(const struct fb_world *w, enum fb_class class, unsigned percent);
const char *fb_reference(struct fb_world *w);
const char *fb_typo(struct fb_world *w, const char *reference, size_t edits);
const char *fb_person(struct fb_world *w);
const char *fb_firm(struct fb_world *w);
const char *fb_account(struct fb_world *w);
const char *fb_name_as_written(struct fb_world *w, const char *name);

/* fb_make.c: items, then entries, then statements with overlaps. */
void fb_make(struct fb_world *w, size_t entries);

const char *fb_own_account(const struct fb_world *w);

/* fb_write.c, fb_csv.c: one file of a format; the order of uids goes to *order, one a line. */
enum fb_csv { FB_CSV_LLOYDS, FB_CSV_BARCLAYS, FB_CSV_MARKED };
void fb_write_camt(const struct fb_world *w, int version, struct buf *out, struct buf *order);
void fb_write_mt940(const struct fb_world *w, struct buf *out, struct buf *order);
void fb_write_csv(const struct fb_world *w, enum fb_csv dialect, struct buf *out, struct buf *order);
void fb_write_expected(const struct fb_world *w, struct buf *out);
void fb_write_truth(const struct fb_world *w, struct buf *out);
void fb_write_pence(struct buf *b, int64_t pence);
void fb_write_day(struct buf *b, const char *format, int32_t day);
void fb_write_xml(struct buf *b, const char *text);

/* fb_pain.c: what the bank does with a pain.001 file of ours: entries, and the pain.002 answer. And what all payment files need: a new entry, and
 * one statement of all entries. One payment in fifty is rejected or comes back, unless the world is calm. */
bool fb_mishap(struct fb_world *w);
struct fb_entry *fb_book(struct fb_world *w, int32_t day, int64_t amount);
void fb_state(struct fb_world *w);
bool fb_take_pain(struct fb_world *w, struct str file, struct buf *answer, struct err *e);

/* fb_bacs.c: the same of records in the style of Bacs Standard 18; Bacs answers with nothing but the statement. */
bool fb_take_bacs(struct fb_world *w, struct str file, struct err *e);

#endif
