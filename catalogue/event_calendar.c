#include "catalogue/event_calendar.h"

#include <libical/ical.h>

#include "daemon/base/arena.h"

static void add(icalcomponent *to, icalproperty *property)
{
    icalcomponent_add_property(to, property);
}

static icalcomponent *make_event(const struct calendar_event *e)
{
    icalcomponent *event = icalcomponent_new(ICAL_VEVENT_COMPONENT);
    add(event, icalproperty_new_uid(e->uid));
    add(event, icalproperty_new_dtstamp(icaltime_from_string(e->stamp)));
    add(event, icalproperty_new_dtstart(icaltime_from_string(e->start)));
    add(event, icalproperty_new_dtend(icaltime_from_string(e->end)));
    add(event, icalproperty_new_summary(e->title));
    add(event, icalproperty_new_description(e->about));
    add(event, icalproperty_new_location(e->place));
    if (e->is_cancelled)
        add(event, icalproperty_new_status(ICAL_STATUS_CANCELLED));
    return event;
}

char *event_calendar(struct arena *a, const struct calendar_event *events, size_t n)
{
    icalcomponent *calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
    add(calendar, icalproperty_new_version("2.0"));
    add(calendar, icalproperty_new_prodid("-//Market Cross//Events//EN"));
    for (size_t i = 0; i < n; i++)
        icalcomponent_add_component(calendar, make_event(&events[i]));
    char *text = icalcomponent_as_ical_string_r(calendar), *out = arena_strdup(a, text);
    icalmemory_free_buffer(text);
    icalcomponent_free(calendar);
    return out;
}
