/* What other programs ask of the directory: every spelling that they send, and nothing that the query could not read. */
#include "tests/unit/unit.h"

#include "catalogue/directory_asked.h"
#include "daemon/base/arena.h"

static void moments(void **state)
{
    (void)state;
    static const struct {
        const char *sent, *read;
    } table[] = {
        {"2026-05-03", "2026-05-03T00:00:00Z"},
        {"2026-05-03T09:30:00Z", "2026-05-03T09:30:00Z"},
        {"2026-05-03t09:30:00z", "2026-05-03T09:30:00Z"},
        {"2026-05-03T09:30:00", "2026-05-03T09:30:00Z"},
        {"2026-05-03 09:30", "2026-05-03T09:30Z"},
        {"2026-05-03T09:30:00.123Z", "2026-05-03T09:30:00.123Z"},
        {"2026-05-03T09:30:00+01:00", "2026-05-03T09:30:00+01:00"},
        {"2026-05-03T09:30:00 01:00", "2026-05-03T09:30:00+01:00"}, /* '+' in an address is a space */
        {"2026-05-03T09:30:00-0530", "2026-05-03T09:30:00-05:30"},
        {"2026-05-03T09:30:00+01", "2026-05-03T09:30:00+01:00"},
        {"", NULL},
        {"yesterday", NULL},
        {"2026-02-30", NULL},
        {"2026-05-03T", NULL},
        {"2026-05-03T24:00:00Z", NULL},
        {"2026-05-03T09:60Z", NULL},
        {"2026-05-03T09:30:00.Z", NULL},
        {"2026-05-03T09:30:00Zulu", NULL},
        {"2026-05-03T09:30:00+99:00", NULL},
        {"2026-05-03T09:30:00+01:0", NULL},
        {"2026-05-03T09:30:00'; SELECT 1", NULL},
    };
    struct arena *a = arena_create(0);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const char *read = directory_moment(a, str_of(table[i].sent));
        if (table[i].read)
            assert_string_equal(read, table[i].read);
        else
            assert_null(read);
    }
    arena_destroy(&a);
}

static void asked(void **state)
{
    (void)state;
    static const struct {
        const char *query, *json; /* or the reason */
    } table[] = {
        {"", "{}"},
        {"search=&page=&full=&unknown=1", "{}"},
        {"search=tea+%26+%22cake%22&page=2", "{\"search\":\"tea & \\\"cake\\\"\",\"page\":\"2\"}"},
        {"per_page=99999999999", "{\"per_page\":\"1000000000\"}"},
        {"full=TRUE&minimal=0", "{\"minimal\":\"false\",\"full\":\"true\"}"},
        {"day=MO", "{\"day\":\"1\"}"},
        {"day=sunday", "{\"day\":\"7\"}"},
        {"day=thurs", "{\"day\":\"4\"}"},
        {"day=3", "{\"day\":\"3\"}"},
        {"start_time=09:30&end_time=17:00:00Z", "{\"start_time\":\"09:30\",\"end_time\":\"17:00:00\"}"},
        {"proximity=1500.5&postcode=AB1+2DE", "{\"postcode\":\"AB1 2DE\",\"proximity\":\"1500.5\"}"},
        {"page=0", "The parameter page must be a whole number from 1"},
        {"page=1.5", "The parameter page must be a whole number from 1"},
        {"per_page=-5", "The parameter per_page must be a whole number from 1"},
        {"format=xml", "The parameter format must be json or ndjson"},
        {"full=perhaps", "The parameter full must be true or false"},
        {"day=m", "The parameter day must be a day of the week, such as Monday or MO"},
        {"day=mondays", "The parameter day must be a day of the week, such as Monday or MO"},
        {"start_time=25:00", "The parameter start_time must be a time, such as 09:30"},
        {"proximity=.", "The parameter proximity must be a number of metres"},
        {"minimum_age=1e9", "The parameter minimum_age must be a number of years"},
    };
    struct arena *a = arena_create(0);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct http_pairs pairs;
        struct err e = {""};
        assert_true(http_read_urlencoded(a, str_of(table[i].query), &pairs, &e));
        const char *json = directory_asked(a, &pairs, &e);
        assert_string_equal(json ? json : e.text, table[i].json);
    }
    arena_destroy(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(moments), cmocka_unit_test(asked)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
