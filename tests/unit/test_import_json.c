/* From the JSON of other directories to lines for COPY: pages of both versions, what is missing, and places that are not mixed. */
#include "tests/unit/unit.h"

#include "catalogue/import_json.h"
#include "catalogue/import_rows.h"

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

#define NOTHING "\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n"

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
           "R\t1\t7\tcommunity\tfood\tSoup\t\t\t\\N\t\\N\t\\N\t\\N\t1 Mill Lane\tAB1 2DE\t\\N\t\\N\n");
    expect("[{\"id\":\"7\",\"name\":\"Soup\",\"at\":[{\"location\":{\"latitude\":53.5,\"longitude\":\"-2.25\"}}]}]",
           "R\t1\t7\tcommunity\tfood\tSoup\t\t\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t53.5000000\t-2.25\n");
}

static void text_and_terms(void **state)
{
    (void)state;
    expect("[{\"id\":\"7\",\"name\":\"Tea &amp; <b>talk</b>\",\"description\":\"<p>Every Tuesday&nbsp;at two.</p><p>5 < 6</p>\","
           "\"contacts\":[{\"name\":\"Ann\"},{\"phones\":[{\"number\":\"+44 1632 960123\"}]}],"
           "\"terms\":[{\"term\":{\"name\":\"Tea\"}},{\"term\":{\"name\":\"Mental health\"}}]}]",
           "R\t1\t7\tcommunity\tmind\tTea & talk\tEvery Tuesday at two. 5 < 6\t\t01632 960123\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n");
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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pages_of_every_kind), cmocka_unit_test(what_is_missing), cmocka_unit_test(one_place_is_not_mixed_with_another),
                                       cmocka_unit_test(text_and_terms), cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
