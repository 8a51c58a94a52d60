/*
 * Weekly opening hours on their way from another directory into the catalogue, in one form: "2 10:00 12:00|4 10:00 12:00 2026-12-31" is Tuesdays, and Thursdays
 * until the end of 2026. Days are those of ISO 8601, 1 is Monday; times are what the clock on the wall shows.
 */
#ifndef CATALOGUE_IMPORT_HOURS_H
#define CATALOGUE_IMPORT_HOURS_H

#include <stdbool.h>

#include "daemon/base/json.h"
#include "daemon/base/text.h"

struct arena;

/* Appends what a schedule (Open Referral 1.0, 3.0) says, behind a "|" unless it is the first; false, and nothing, when it is not of every week or not plain. */
bool import_hours_add(const json_t *schedule, struct buf *out);

/* The hours in s, each once; NULL when anything in it has another form. */
char *clean_hours(struct arena *a, struct str s);

#endif
