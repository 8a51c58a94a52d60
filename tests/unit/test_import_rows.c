/* From the bytes of a CSV file to lines for COPY, and the report of what could not be used. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/csv.h"
#include "catalogue/import_rows.h"

#define MAP                                                                                                                          \
    "source = x\nkind = community\ncategory = food\nkey = {id}\nname = {name}\ndescription = {about}\ncontact = {contact}\n"          \
    "postcode = {postcode}\nlatitude = {lat}\nlongitude = {lon}\n"
#define HEADING "id,name,about,contact,postcode,lat,lon\n"

static bool read_entries(const char *file, struct buf *out, struct err *e)
{
    struct buf in = {0};
    import_pack(&in, STR(MAP), str_of(file));
    bool ok = import_read_entries(buf_str(&in), out, e);
    buf_finish(&in);
    return ok;
}

static void expect(const char *file, const char *lines)
{
    struct buf out = {0};
    struct err e = {""};
    if (!read_entries(file, &out, &e))
        fail_msg("refused: %s", e.text);
    assert_string_equal(out.p ? out.p : "", lines);
    buf_finish(&out);
}

static void expect_refusal(const char *file, const char *part)
{
    struct buf out = {0};
    struct err e = {""};
    assert_false(read_entries(file, &out, &e));
    if (!strstr(e.text, part))
        fail_msg("\"%s\" does not say \"%s\"", e.text, part);
    buf_finish(&out);
}

static void clean_rows(void **state)
{
    (void)state;
    expect("\xEF\xBB\xBF" HEADING "1,SOUP KITCHEN,\"Soup, and\nbread\",1617486414,m332ds,53.4,-2.3\r\n\r\n2,Second,NA,a@example.org,NA,53.4,NA\n",
           "R\t2\t1\tcommunity\tfood\tSoup Kitchen\tSoup, and bread\t\t0161 748 6414\t\\N\t\\N\t\\N\t\\N\tM33 2DS\t53.4\t-2.3\t\\N\t\\N\t\\N\t\\N\n"
           "R\t5\t2\tcommunity\tfood\tSecond\t\t\t\\N\ta@example.org\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n");
}

static void escapes_for_copy(void **state)
{
    (void)state;
    expect(HEADING "1,Back\\slash,\"\",,,,\n", "R\t2\t1\tcommunity\tfood\tBack\\\\slash\t\t\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n");
}

static void reports_faults(void **state)
{
    (void)state;
    expect(HEADING "1,Good,,nobody,M33,,\n,No key,,,,,\n3,NA,,,,,\n",
           "E\t0\t2\tcontact\t\"nobody\" is neither a telephone number nor an e-mail address\tWrite one, such as 0161 496 0123 or name@example.org.\n"
           "E\t0\t2\tpostcode\t\"M33\" is not a full UK postcode\tWrite a full UK postcode, like AB1 2DE.\n"
           "R\t2\t1\tcommunity\tfood\tGood\t\t\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n"
           "E\t1\t3\tkey\tno key\tFill in the columns that tell rows apart.\n"
           "E\t1\t4\tname\tno name\tWrite the name of the service or group.\n");
}

static void refuses_files(void **state)
{
    (void)state;
    expect_refusal("", "empty");
    expect_refusal("id,name\n", "no column \"about\"");
    expect_refusal(HEADING "1,\xFF,,,,,\n", "UTF-8");
    expect_refusal(HEADING "1,\"never closed,,,,,\n", "never closes");
    expect_refusal(HEADING "1,wr\"ong,,,,,\n", "line 2");
    char wide[200];
    memset(wide, ',', sizeof wide - 1);
    wide[sizeof wide - 1] = 0;
    expect_refusal(wide, "more than 64 columns");
}

static void postcodes(void **state)
{
    (void)state;
    struct buf out = {0};
    struct err e = {""};
    assert_true(import_read_postcodes(STR("postcode,lon,lat\nm332ds,-2.3,53.4\nX,1,2\nM1 1AA,-2.2,95\n"), &out, &e));
    assert_string_equal(out.p, "P\tM33 2DS\t-2.3\t53.4\nE\t1\t3\tpostcode\tnot a full UK postcode\tWrite a full UK postcode, like AB1 2DE.\n"
                               "E\t1\t4\tlatitude\tnot a latitude in the United Kingdom\tWrite degrees, such as 53.4246.\n");
    assert_false(import_read_postcodes(STR("postcode,lat\n"), &out, &e));
    assert_non_null(strstr(e.text, "no lon"));
    buf_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(clean_rows), cmocka_unit_test(escapes_for_copy), cmocka_unit_test(reports_faults),
                                       cmocka_unit_test(refuses_files), cmocka_unit_test(postcodes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
