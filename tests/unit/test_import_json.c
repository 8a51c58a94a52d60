/* From the JSON of other directories to lines for COPY: pages of both versions, what is missing, and places that are not mixed. */
#include "tests/unit/unit.h"

#include "catalogue/import_json.h"
#include "catalogue/import_rows.h"
#include "daemon/base/arena.h"

#define MAP                                                                                                                                      \
    "source = x\nkind = community\ncategory = food\nkey = {id}\nname = {name:plain}\ndescription = {description:plain}\nphone = {phones.number}\n" \
    "phone = {contacts.phones.number}\npostcode = {at.location.addresses.postal_code}\naddress = {at.location.addresses.address_1}\n"              \
    "latitude = {at.location.latitude}\nlongitude = {at.location.longitude}\nleave out when {status} = Closed\n"                                   \
    "category when {terms[].term.name} has mental = mind\n"

static void expect(const char *file, const char *lines)
{
    struct buf in = {0}, out = {0};
    struct err e = {""};
    import_pack(&in, STR(MAP), str_of(file));
    if (!import_read_entries(buf_str(&in), &out, &e))
        buf_adds(&out, e.text);
    assert_string_equal(out.p ? out.p : "", lines);
    buf_finish(&in);
    buf_finish(&out);
}

#define NOTHING "\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n"

static void pages_of_every_kind(void **state)
{
    (void)state;
    static const char row[] = "R\t1\t7\tcommunity\tfood\tSoup\t\t" NOTHING;
    expect("{\"contents\":[{\"id\":\"7\",\"name\":\"Soup\"}]}", row);
    expect("\xEF\xBB\xBF {\"content\":[{\"id\":7,\"name\":\"Soup\"}],\"totalElements\":1}", row);
    expect("[{\"id\":\"7\",\"name\":\"Soup\"}]", row);
    expect("{\"id\":\"7\",\"name\":\"Soup\",\"contents\":null}", row);
    expect("{\"id\":\"7\",\"name\":\"Soup\"}\n\n{\"id\":\"8\",\"name\":\"Bread\"}\r\n",
           "R\t1\t7\tcommunity\tfood\tSoup\t\t" NOTHING "R\t2\t8\tcommunity\tfood\tBread\t\t" NOTHING);
    expect("{\"contents\":[]}", "");
}

static void what_is_missing(void **state)
{
    (void)state;
    expect("[{\"id\":\"7\",\"name\":\"Soup\",\"description\":null,\"phones\":[],\"contacts\":{},\"at\":[null,{\"location\":null}],\"terms\":7,\"extra\":[[{}]]}]",
           "R\t1\t7\tcommunity\tfood\tSoup\t\t" NOTHING);
    expect("[{\"id\":\"7\"},{\"name\":\"Soup\"},7,null,[]]", "E\t1\t1\tname\tno name\tWrite the name of the service or group.\n"
                                                          "E\t1\t2\tkey\tno key\tFill in the columns that tell rows apart.\n"
                                                          "E\t1\t3\tkey\tno key\tFill in the columns that tell rows apart.\n"
                                                          "E\t1\t4\tkey\tno key\tFill in the columns that tell rows apart.\n"
                                                          "E\t1\t5\tkey\tno key\tFill in the columns that tell rows apart.\n");
    expect("[{\"id\":\"7\",\"name\":\"Soup\",\"status\":\"closed\"},{\"id\":\"8\",\"name\":\"Bread\",\"status\":\"closed on Mondays\"}]",
           "R\t2\t8\tcommunity\tfood\tBread\t\t" NOTHING);
}

static void one_place_is_not_mixed_with_another(void **state)
{
    (void)state;
    expect("[{\"id\":\"7\",\"name\":\"Soup\",\"at\":[{\"location\":{\"name\":\"Online\"}},"
           "{\"location\":{\"addresses\":[{\"attention\":\"Ann\"},{\"postal_code\":\"ab1 2de\",\"address_1\":\"1 Mill Lane\"}]}},"
           "{\"location\":{\"latitude\":53.5,\"longitude\":-2.25,\"addresses\":[{\"postal_code\":\"CD9 9ZZ\"}]}}]}]",
           "R\t1\t7\tcommunity\tfood\tSoup\t\t\t\\N\t\\N\t\\N\t\\N\t1 Mill Lane\tAB1 2DE\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n");
    expect("[{\"id\":\"7\",\"name\":\"Soup\",\"at\":[{\"location\":{\"latitude\":53.5,\"longitude\":\"-2.25\"}}]}]",
           "R\t1\t7\tcommunity\tfood\tSoup\t\t\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t53.5000000\t-2.25\t\\N\t\\N\t\\N\t\\N\n");
}

static void text_and_terms(void **state)
{
    (void)state;
    expect("[{\"id\":\"7\",\"name\":\"Tea &amp; <b>talk</b>\",\"description\":\"<p>Every Tuesday&nbsp;at two.</p><p>5 < 6</p>\","
           "\"contacts\":[{\"name\":\"Ann\"},{\"phones\":[{\"number\":\"+44 1632 960123\"}]}],"
           "\"terms\":[{\"term\":{\"name\":\"Tea\"}},{\"term\":{\"name\":\"Mental health\"}}]}]",
           "R\t1\t7\tcommunity\tmind\tTea & talk\tEvery Tuesday at two. 5 < 6\t\t01632 960123\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n");
}

static void refuses(void **state)
{
    (void)state;
    expect("{\"contents\":[{\"id\":1,}]}", "line 1, column 22: string or '}' expected near '}'");
    expect("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "the JSON text is nested more than 32 levels deep");
    assert_false(import_is_json(STR("id,name\n")));
    assert_false(import_is_json(STR("")));
    assert_true(import_is_json(STR("\xEF\xBB\xBF\n [")));
}

#define HOURS_MAP "source = x\nkind = community\ncategory = food\nkey = {id}\nname = {id}\nopens = {schedules.description}\nhours = {schedules[]}\nminimum_age = {minimum_age}\nmaximum_age = {maximum_age}\n"

/* The last four columns of one service: opens, hours, ages. */
static void expect_hours(const char *members, const char *columns)
{
    struct arena *a = arena_create(0);
    struct buf in = {0}, out = {0};
    struct err e = {""};
    import_pack(&in, STR(HOURS_MAP), str_of(arena_printf(a, "[{\"id\":\"77\",%s}]", members)));
    assert_true(import_read_entries(buf_str(&in), &out, &e));
    const char *row = strstr(out.p, "R\t");
    assert_non_null(row);
    for (int tabs = 0; tabs < 16; row++)
        tabs += *row == '\t';
    assert_string_equal(row, arena_printf(a, "%s\n", columns));
    buf_finish(&in);
    buf_finish(&out);
    arena_destroy(&a);
}

#define WEEKLY(days, opens, closes, more) "{\"freq\":\"WEEKLY\",\"byday\":\"" days "\",\"opens_at\":\"" opens "\",\"closes_at\":\"" closes "\"" more "}"
#define NO_HOURS "\\N\t\\N\t\\N\t\\N"

static void hours_and_ages(void **state)
{
    (void)state;
    expect_hours("\"schedules\":[" WEEKLY("TU,TH", "10:00", "12:00", "") "," WEEKLY("SA", "9:30:00Z", "11:00+01:00", ",\"interval\":1,\"valid_to\":\"2030-12-31\"") "]",
                 "\\N\t2 10:00 12:00|4 10:00 12:00|6 09:30 11:00 2030-12-31\t\\N\t\\N");
    expect_hours("\"schedules\":[{\"weekday\":\"Monday\",\"opens_at\":\"09:00:00\",\"closes_at\":\"17:00:00\"}," WEEKLY("MO", "09:00", "17:00", "") "]", "\\N\t1 09:00 17:00\t\\N\t\\N");
    expect_hours("\"schedules\":[{\"description\":\"Ring first\"}],\"minimum_age\":18,\"maximum_age\":25.5", "Ring first\t\\N\t18\t25.5000000");
    expect_hours("\"minimum_age\":\"16\",\"maximum_age\":null", "\\N\t\\N\t16\t\\N");
    expect_hours("\"minimum_age\":60,\"maximum_age\":25", NO_HOURS);
    expect_hours("\"minimum_age\":-1,\"maximum_age\":1000", NO_HOURS);
    expect_hours("\"schedules\":[{\"freq\":\"weekly\",\"dtstart\":\"2026-01-06\",\"opens_at\":\"12:00\",\"closes_at\":\"14:00\"}]", "\\N\t2 12:00 14:00\t\\N\t\\N");
    expect_hours("\"schedules\":[{\"dtstart\":\"2026-01-06\",\"opens_at\":\"12:00\",\"closes_at\":\"14:00\"}]", NO_HOURS);
    /* What is not of every week, or not plain, is left out and not bent. */
    static const char *const others[] = {
        WEEKLY("2MO", "10:00", "12:00", ""), WEEKLY("TU,someday", "10:00", "12:00", ""), WEEKLY("TU", "10:00", "12:00", ",\"interval\":2"), WEEKLY("TU", "10:00-05:00", "12:00", ""),
        WEEKLY("TU", "12:00", "10:00", ""), WEEKLY("TU", "24:00", "25:00", ""), WEEKLY("TU", "10", "12", ""), WEEKLY("TU", "10:70", "12:00", ""), WEEKLY("", "10:00", "12:00", ""),
        WEEKLY("TU", "10:00", "12:00", ",\"bymonthday\":\"1\""), WEEKLY("TU", "10:00", "12:00", ",\"valid_to\":\"soon\""), "{\"freq\":\"MONTHLY\",\"byday\":\"TU\",\"opens_at\":\"10:00\",\"closes_at\":\"12:00\"}",
        "{\"byday\":\"TU\"}", "{}", "[]", "null", "7", "\"TU 10:00\""};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct arena *a = arena_create(0);
        expect_hours(arena_printf(a, "\"schedules\":[%s]", others[i]), NO_HOURS);
        arena_destroy(&a);
    }
    expect_hours("\"schedules\":[\"2 9:00  12:00\"]", NO_HOURS);
    expect_hours("\"schedules\":[\"2 09:00 12:00\"]", "\\N\t2 09:00 12:00\t\\N\t\\N");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(hours_and_ages), cmocka_unit_test(pages_of_every_kind), cmocka_unit_test(what_is_missing), cmocka_unit_test(one_place_is_not_mixed_with_another),
                                       cmocka_unit_test(text_and_terms), cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
