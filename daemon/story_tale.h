/*
 * What the chapters of the told story share: who is in it, what was promised, and how a page is read aloud.
 * Everything belongs to the arena. A chapter returns false with the reason in error; the first one ends the story.
 */
#ifndef DAEMON_STORY_TALE_H
#define DAEMON_STORY_TALE_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/base/arena.h"
#include "daemon/base/err.h"
#include "daemon/story_client.h"

struct tale {
    struct arena *arena;
    struct story_client *client;
    struct err error;
    int32_t today;          /* in England */
    int64_t public_price, agreed_price; /* pence an hour */
    const char *order, *walk; /* references of Amina's and Tom's requests */
    const char *tom;        /* prefix of the pages that Nadia sees for him */
    const char *run;        /* path of the payment run */
    struct str payment_file;
};

void tale_say(struct tale *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Whether the page came well and has these words. */
bool tale_expect(struct tale *t, const char *words);
/* The amount behind these words. */
bool tale_money(struct tale *t, const char *before, int64_t *ret_pence);
bool tale_sign_in(struct tale *t, const char *name);
/* Goes where the first link leads whose words or address contain this. */
bool tale_open(struct tale *t, const char *link);

/* Chapters of those who provide and those who pay, in story_money.c. */
bool tale_providers_accept(struct tale *t);
bool tale_visits_happen(struct tale *t);
bool tale_invoices_arrive(struct tale *t);
bool tale_officers_pay(struct tale *t);
bool tale_bank_answers(struct tale *t);
bool tale_auditor_follows(struct tale *t);

#endif
