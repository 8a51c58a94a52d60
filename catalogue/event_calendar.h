/*
 * Events as a calendar file (iCalendar, RFC 5545) through libical.
 * The result is arena memory; nothing fails but running out of memory, which ends the process.
 */
#ifndef CATALOGUE_EVENT_CALENDAR_H
#define CATALOGUE_EVENT_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct calendar_event {
    const char *uid;            /* unique for ever */
    const char *title, *about, *place;
    const char *start, *end;    /* UTC, "20260503T093000Z" */
    const char *stamp;          /* when the file was made, same form */
    bool is_cancelled;
};

char *event_calendar(struct arena *a, const struct calendar_event *events, size_t n);

#endif
