/* Mapping files: what they may say, and what they make of a row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "catalogue/import_map.h"
#include "daemon/base/arena.h"

#define HEAD "source = x-list\nkind = community\ncategory = food\nkey = {id}\nname = {name}\n"

static void reads_and_fills(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct err e = {""};
    struct import_map *m = map_read(a, STR("# a list\n" HEAD "category when {type} has Soup = mind\nsummary = {type:list}. Open on {day:date}.\n"), &e);
    assert_non_null(m);
    const struct str columns[] = {STR("type"), STR("id"), STR("name"), STR("day")};
    assert_true(map_bind(m, columns, 4, &e));
    const struct str cells[] = {STR("Soups|Bread."), STR("7"), STR("Kitchen"), STR("2026-05-03")};
    assert_string_equal(map_text(a, &m->lines[2], cells, 4), "Soups, Bread. Open on 3 May 2026.");
    assert_string_equal(map_category(m, cells, 4), "mind");
    const struct str sparse[] = {STR("Bread"), STR("7"), STR("Kitchen"), STR("NA")};
    assert_null(map_text(a, &m->lines[2], sparse, 4));
    assert_string_equal(map_category(m, sparse, 4), "food");
    assert_null(map_text(a, &m->lines[2], sparse, 2));
    arena_destroy(&a);
}

static void names_the_missing_column(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct err e = {""};
    struct import_map *m = map_read(a, STR(HEAD), &e);
    const struct str columns[] = {STR("id"), STR("title")};
    assert_non_null(m);
    assert_false(map_bind(m, columns, 2, &e));
    assert_string_equal(e.text, "the file has no column \"name\", which line 5 of the mapping names");
    arena_destroy(&a);
}

static void refuses(void **state)
{
    (void)state;
    static const struct {
        const char *text, *part; /* of the reason */
    } rows[] = {
        {"", "no source"},
        {"source = x\n", "kind must be"},
        {"source = A B\n", "one word"},
        {"source = x\nkind = shop\n", "kind must be"},
        {"source = x\nkind = business\n", "no category"},
        {"source = x\nkind = business\ncategory = food\n", "no key"},
        {"source = x\nkind = business\ncategory = food\nkey = {id}\n", "no name"},
        {HEAD "colour = {x}\n", "line 6: there is no field"},
        {HEAD "phone {x}\n", "line 6: write"},
        {HEAD "phone = {x\n", "without }"},
        {HEAD "phone = {}\n", "empty {}"},
        {HEAD "phone = {x:upper}\n", "not a format"},
        {HEAD "category when type has x = food\n", "write: category when"},
        {HEAD "category when {type} is x = food\n", "write: category when"},
        {HEAD "category when {type} has x = Food!\n", "write: category when"},
        {HEAD "leave out when status = x\n", "write: leave out when"},
        {HEAD "leave out when {status} has = x\n", "write: leave out when"},
        {HEAD "leave out when {status} =\n", "write: leave out when"},
        {HEAD "summary = {a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}\n", "more than"},
        {"source = x\xFF\n", "UTF-8"},
    };
    struct arena *a = arena_create(0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err e = {""};
        assert_null(map_read(a, str_of(rows[i].text), &e));
        if (!strstr(e.text, rows[i].part))
            fail_msg("row %zu: \"%s\" does not say \"%s\"", i, e.text, rows[i].part);
    }
    arena_destroy(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_and_fills), cmocka_unit_test(names_the_missing_column), cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
