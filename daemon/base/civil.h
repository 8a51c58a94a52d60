/*
 * Civil dates as a count of days since 1 January 1970 in the proleptic Gregorian calendar.
 * Nothing is owned. Times of day and time zones are PostgreSQL's business (AT TIME ZONE 'Europe/London'): C code
 * never asks the system for local time.
 */
#ifndef DAEMON_BASE_CIVIL_H
#define DAEMON_BASE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/base/text.h"

struct arena;

/* No date; prints as nothing. */
#define CIVIL_NONE INT32_MIN

struct civil {
    int year, month, day; /* 1 to 9999, 1 to 12, 1 to 31 */
};

int32_t civil_day(struct civil c);
struct civil civil_of(int32_t day);
bool civil_is_valid(struct civil c);

/* 0 is Monday (ISO 8601). */
int civil_weekday(int32_t day);

/* Exactly YYYY-MM-DD (ISO 8601), a day that exists. */
bool civil_read(struct str s, int32_t *ret_day);

/* What a person types: 3/5/2026, 03-05-2026, 3 May 2026, 3 may 26 is refused (two-digit years are ambiguous). */
bool civil_read_typed(struct str s, int32_t *ret_day);

char *civil_iso(struct arena *a, int32_t day);   /* 2026-05-03 */
char *civil_text(struct arena *a, int32_t day);  /* 3 May 2026 */
char *civil_long(struct arena *a, int32_t day);  /* Sunday 3 May 2026 */
char *civil_brief(struct arena *a, int32_t day); /* Sun 3 May */

/* The same day of the month `months` later, or that month's last day (used for monthly recurrences). */
int32_t civil_add_months(int32_t day, int months);

#endif
