/* A list of bank holidays as CSV: which columns, and what is refused. What is a day and what is not the database says (tests/sql/27-decided.sql). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/holidays.h"

static void check(const char *csv, bool is_read, const char *expected)
{
    struct buf out = {0};
    struct err e = {""};
    assert_int_equal(holidays_read((struct str){csv, strlen(csv)}, &out, &e), is_read);
    if (is_read)
        assert_string_equal(out.p, expected);
    else
        assert_non_null(strstr(e.text, expected));
    buf_finish(&out);
}

static void reads_the_two_columns(void **state)
{
    (void)state;
    check("date,name\n2029-01-01,New Year's Day\n", true, "[{\"date\":\"2029-01-01\",\"name\":\"New Year's Day\"}]");
    check("notes,name,date\n,\"Good \"\"Friday\"\"\", 2029-03-30 \n,Easter Monday,2029-04-02\n", true,
          "[{\"date\":\"2029-03-30\",\"name\":\"Good \\\"Friday\\\"\"},{\"date\":\"2029-04-02\",\"name\":\"Easter Monday\"}]");
}

static void refuses_what_is_no_list(void **state)
{
    (void)state;
    check("", false, "no day");
    check("date,name\n", false, "no day");
    check("day,what\n2029-01-01,New Year's Day\n", false, "columns date and name");
    check("date,name\n2029-01-01\n", false, "line 2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_the_two_columns), cmocka_unit_test(refuses_what_is_no_list)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
