/* A statement that stands for those of several units answers in their columns: what is added to one of them is missed here before it is missed at run time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sql/identity.h"
#include "sql/payments.h"

static void same_columns(const struct db_column *wide, const struct db_stmt *part)
{
    for (size_t i = 0; i < part->columns_n; i++) {
        assert_string_equal(wide[i].name, part->columns[i].name);
        assert_int_equal(wide[i].type, part->columns[i].type);
        assert_int_equal(wide[i].nullable, part->columns[i].nullable);
    }
}

static void orders_answer_together_as_alone(void **state)
{
    const struct db_stmt *together = &sql_orders_place_stmt, *who = &sql_identity_enter_stmt, *order = &sql_order_place_stmt;
    (void)state;
    assert_int_equal(together->columns_n, who->columns_n + order->columns_n);
    same_columns(together->columns, who);
    same_columns(together->columns + who->columns_n, order);
    assert_string_equal(who->rows, "one");
    assert_string_equal(order->rows, "one");
    assert_true(together->writes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(orders_answer_together_as_alone)};
    return cmocka_run_group_tests_name("together", tests, NULL, NULL);
}
