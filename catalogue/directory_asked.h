/*
 * What another program asks of the directory: the parameters of Open Referral UK, checked and written down as one JSON object for the query.
 * Everything belongs to the arena. Parameters that are not in the table, and empty ones, ask for nothing; one that cannot be read fails with a sentence.
 */
#ifndef CATALOGUE_DIRECTORY_ASKED_H
#define CATALOGUE_DIRECTORY_ASKED_H

#include "daemon/base/err.h"
#include "daemon/base/text.h"
#include "daemon/http/http.h"

struct arena;

/* {"page":"2","modified_after":"2026-05-03T00:00:00Z"}: every value is text in the form that PostgreSQL reads. NULL with a reason. */
char *directory_asked(struct arena *a, const struct http_pairs *pairs, struct err *e);

/* A day, or a day and a time, with or without a zone (UTC then), in the spellings that programs send: "2026-05-03", "2026-05-03T09:30:00.5Z",
 * "2026-05-03 09:30+01:00", and with the '+' that became a space on its way. NULL when it is none of these. */
char *directory_moment(struct arena *a, struct str s);

#endif
