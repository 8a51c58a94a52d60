/* Events as a calendar file: what must be escaped is, and a cancelled one says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "catalogue/event_calendar.h"
#include "daemon/base/arena.h"

static void writes_a_calendar(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    const struct calendar_event events[] = {{.uid = "one@marketcross", .title = "Tea, talk; cake", .about = "All\nwelcome", .place = "The hall", .start = "20260503T093000Z",
                                             .end = "20260503T110000Z", .stamp = "20260501T080000Z", .is_cancelled = true}};
    assert_string_equal(event_calendar(a, events, 1),
                        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Market Cross//Events//EN\r\nBEGIN:VEVENT\r\nUID:one@marketcross\r\nDTSTAMP:20260501T080000Z\r\n"
                        "DTSTART:20260503T093000Z\r\nDTEND:20260503T110000Z\r\nSUMMARY:Tea\\, talk\\; cake\r\nDESCRIPTION:All\\nwelcome\r\nLOCATION:The hall\r\n"
                        "STATUS:CANCELLED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
    arena_destroy(&a);
}

static void an_empty_one(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    assert_string_equal(event_calendar(a, NULL, 0), "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Market Cross//Events//EN\r\nEND:VCALENDAR\r\n");
    arena_destroy(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(writes_a_calendar), cmocka_unit_test(an_empty_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
