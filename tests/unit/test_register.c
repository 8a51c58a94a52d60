/* An operator's list as CSV becomes rows with the names of its columns. What a cell may hold the database says (tests/sql/register.sh). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/register.h"

static void check(const char *csv, bool is_read, const char *expected)
{
    struct buf out = {0};
    struct err e = {""};
    assert_int_equal(register_read((struct str){csv, strlen(csv)}, &out, &e), is_read);
    if (is_read)
        assert_string_equal(out.p, expected);
    else if (!strstr(e.text, expected))
        fail_msg("expected \"%s\", got \"%s\"", expected, e.text);
    buf_finish(&out);
}

static void reads_rows_by_their_names(void **state)
{
    (void)state;
    check("slug, name\na, \"Says \"\"b\"\"\" \n,c\n", true, "[{\"line\":2,\"slug\":\"a\",\"name\":\"Says \\\"b\\\"\"},{\"line\":3,\"slug\":\"\",\"name\":\"c\"}]");
}

static void refuses_what_is_no_list(void **state)
{
    (void)state;
    check("", false, "no line below");
    check("slug,name\n", false, "no line below");
    check("slug,name\na\n", false, "line 2 has 1 cells, the first line 2");
    check("slug\n\"a\n", false, "");
    check("slug\n\xFF\n", false, "UTF-8");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_rows_by_their_names),
        cmocka_unit_test(refuses_what_is_no_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
