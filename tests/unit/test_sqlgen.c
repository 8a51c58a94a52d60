/* The generator byte for byte (golden/sqlgen), and the reason it gives for every bad header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/base/hash.h"
#include "sql/gen/emit.c"
#include "sql/gen/query.c"

#define GOLDEN "tests/unit/golden/sqlgen/"

static struct str file(struct arena *a, const char *path)
{
    struct buf b = {0};
    char chunk[4096];
    FILE *f = fopen(path, "rb");
    if (!f)
        fail_msg("%s is missing: run from the project's root", path);
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0;)
        buf_add(&b, chunk, n);
    fclose(f);
    struct str s = {str_dup(a, buf_str(&b)), b.n};
    buf_finish(&b);
    return s;
}

static void same(struct arena *a, struct buf *made, const char *name)
{
    assert_string_equal(made->p, file(a, arena_printf(a, GOLDEN "expected/%s", name)).p);
    buf_finish(made);
}

static void output_is_as_expected(void **state)
{
    static const char *const paths[] = {"example/every_type.sql", "example/write_only.sql", "empty/no_params.sql"};
    struct arena *a = arena_create(0);
    struct query list[3];
    struct err e = {""};
    struct buf out = {0};
    (void)state;
    for (size_t i = 0; i < 3; i++)
        if (!query_read(a, paths[i], file(a, arena_printf(a, GOLDEN "%s", paths[i])), &list[i], &e))
            fail_msg("%s", e.text);
    emit_header(&out, "example", list, 3);
    same(a, &out, "example.h");
    emit_source(&out, "example", list, 3);
    same(a, &out, "example.c");
    emit_header(&out, "empty", list, 3);
    same(a, &out, "empty.h");
    emit_source(&out, "empty", list, 3);
    same(a, &out, "empty.c");
    emit_stmts(&out, list, 3);
    same(a, &out, "stmts.c");
    arena_destroy(&a);
}

static void the_schema_is_embedded(void **state)
{
    static const char *const kinds[] = {"migrations", "migrations", "views"}, *const names[] = {"0001-first", "0002-second", "10-v"};
    struct arena *a = arena_create(0);
    struct schema_file list[3];
    struct buf out = {0};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct str text = file(a, arena_printf(a, GOLDEN "%s/%s.sql", kinds[i], names[i]));
        list[i] = (struct schema_file){kinds[i], names[i], hash_sha256_hex(a, text), text};
    }
    emit_schema(&out, list, 3);
    same(a, &out, "schema.c");
    arena_destroy(&a);
}

static void a_program_without_queries_is_valid(void **state)
{
    struct buf out = {0};
    (void)state;
    emit_stmts(&out, NULL, 0);
    assert_non_null(strstr(out.p, "    NULL,\n};\nconst size_t db_stmts_n = 0;"));
    buf_finish(&out);
}

#define HEAD "-- query: x\n-- about: A test.\n"
#define BAD(TEXT, WHY) {"room/x.sql", TEXT, WHY}

static const struct {
    const char *path, *text, *why;
} bad[] = {
    {"room/y.sql", HEAD "-- rows: none\nSELECT 1", "room/y.sql:1: query \"x\" is in a file named \"y.sql\""},
    {"x.sql", HEAD "-- rows: none\nSELECT 1", "x.sql:1: folder and file must be called ROOM/NAME.sql (a-z, 0-9, _)"},
    {"room/x.txt", HEAD "-- rows: none\nSELECT 1", "room/x.txt:1: the file is not called NAME.sql"},
    {"room/X.sql", "SELECT 1", "room/X.sql:1: folder and file must be called ROOM/NAME.sql (a-z, 0-9, _)"},
    BAD("", "room/x.sql:1: missing header \"query\""),
    BAD("-- query: x\n-- rows: none\nSELECT 1", "room/x.sql:1: missing header \"about\""),
    BAD(HEAD "SELECT 1", "room/x.sql:1: missing header \"rows\""),
    BAD(HEAD "-- rows: some\nSELECT 1", "room/x.sql:3: \"some\" is not a value of rows"),
    BAD(HEAD "-- rows: none\n-- lane: quick\nSELECT 1", "room/x.sql:4: \"quick\" is not a value of lane"),
    BAD(HEAD "-- rows: none\n-- writes: maybe\nSELECT 1", "room/x.sql:4: \"maybe\" is not a value of writes"),
    BAD(HEAD "-- rows: none\n-- rows: one\nSELECT 1", "room/x.sql:4: second header \"rows\""),
    BAD(HEAD "-- colour: red\nSELECT 1", "room/x.sql:3: unknown header \"colour\": comments go behind an empty line"),
    BAD(HEAD "-- a remark\nSELECT 1", "room/x.sql:3: this is not a header line: comments go behind an empty line"),
    BAD(HEAD "--\nSELECT 1", "room/x.sql:3: this is not a header line: comments go behind an empty line"),
    BAD("-- query: x\n-- about: */ int main;\n-- rows: none\nSELECT 1",
        "room/x.sql:2: about becomes a comment of C: it cannot hold /* or */"),
    BAD(HEAD "-- rows: one\nSELECT 1", "room/x.sql:3: rows: one needs a row"),
    BAD(HEAD "-- rows: none\n-- row: a int\nSELECT 1", "room/x.sql:4: a row, but rows: none"),
    BAD(HEAD "-- rows: many\n-- row: a int\n-- page: all\nSELECT 1 AS a", "room/x.sql:5: page must be a number of rows from 1 to 1000"),
    BAD(HEAD "-- rows: many\n-- row: a int\n-- page: 1001\nSELECT 1 AS a", "room/x.sql:5: page must be a number of rows from 1 to 1000"),
    BAD(HEAD "-- rows: maybe\n-- row: a int\n-- params: page int\n-- page: 5\nSELECT $1 AS a", "room/x.sql:6: a page, but rows: maybe"),
    BAD(HEAD "-- rows: many\n-- row: a int\n-- page: 5\nSELECT 1 AS a", "room/x.sql:5: a page needs the parameter \"page\""),
    BAD(HEAD "-- rows: none\n-- params: a integer\nSELECT $1", "room/x.sql:4: unknown type \"integer\" of \"a\""),
    BAD(HEAD "-- rows: none\n-- params: a\nSELECT $1", "room/x.sql:4: \"a\" has no type"),
    BAD(HEAD "-- rows: none\n-- params: a int,\nSELECT $1", "room/x.sql:4: \"\" is not a name (a-z, 0-9, _) in params"),
    BAD(HEAD "-- rows: none\n-- params: A int\nSELECT $1", "room/x.sql:4: \"A\" is not a name (a-z, 0-9, _) in params"),
    BAD(HEAD "-- rows: none\n-- params: 1a int\nSELECT $1", "room/x.sql:4: \"1a\" is not a name (a-z, 0-9, _) in params"),
    BAD(HEAD "-- rows: none\n-- params: int int\nSELECT $1", "room/x.sql:4: \"int\" is a word of C: choose another name"),
    BAD(HEAD "-- rows: none\n-- params: a int hidden\nSELECT $1", "room/x.sql:4: \"hidden\" cannot follow the type of \"a\""),
    BAD(HEAD "-- rows: none\n-- params: a int null null\nSELECT $1", "room/x.sql:4: \"null\" cannot follow the type of \"a\""),
    BAD(HEAD "-- rows: none\n-- params: a int not null\nSELECT $1", "room/x.sql:4: \"not\" cannot follow the type of \"a\""),
    BAD(HEAD "-- rows: none\n-- params: a int, a text\nSELECT $1, $2", "room/x.sql:4: \"a\" twice in params"),
    BAD(HEAD "-- rows: none\n-- params: a int null, a_null bool\nSELECT $1, $2", "room/x.sql:4: \"a_null\" twice in params"),
    BAD(HEAD "-- rows: none\n-- params: a int\n\nSELECT $1,\n $2", "room/x.sql:7: $2 is beyond the 1 params"),
    BAD(HEAD "-- rows: none\nSELECT $0", "room/x.sql:4: $0 is beyond the 0 params"),
    BAD(HEAD "-- rows: none\nSELECT $99999999999999999999", "room/x.sql:4: $99999999999999999999 is beyond the 0 params"),
    BAD(HEAD "-- rows: none\n-- params: a int, b int\nSELECT $1, '$2'", "room/x.sql:4: param \"b\" ($2) is never used"),
    BAD(HEAD "-- rows: none\nSELECT 1; SELECT 2", "room/x.sql:4: one statement a file, and only its end may be marked with ;"),
    BAD(HEAD "-- rows: none\n", "room/x.sql:4: no statement behind the header"),
    BAD(HEAD "-- rows: none\n\n ;", "room/x.sql:5: no statement behind the header"),
    BAD(HEAD "-- rows: none\nSELECT\n 'a", "room/x.sql:5: ' is not closed"),
    BAD(HEAD "-- rows: none\nSELECT \"a", "room/x.sql:4: \" is not closed"),
    BAD(HEAD "-- rows: none\nSELECT /* a", "room/x.sql:4: /* is not closed"),
    BAD(HEAD "-- rows: none\nSELECT $q$ $$", "room/x.sql:4: $q$ is not closed"),
    BAD(HEAD "-- rows: none\nSELECT $q", "room/x.sql:4: a $ that starts neither a parameter nor a quoted text"),
    BAD(HEAD "-- rows: none\r\nSELECT 1", "room/x.sql:3: control character (byte 13)"),
    BAD("-- query: x\n\xff", "room/x.sql:1: not UTF-8"),
};

static void bad_headers_are_refused_with_a_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct arena *a = arena_create(0);
        struct err e = {""};
        struct query q = {.name = "untouched"};
        assert_false(query_read(a, bad[i].path, str_of(bad[i].text), &q, &e));
        assert_string_equal(e.text, bad[i].why);
        assert_string_equal(q.name, "untouched");
        arena_destroy(&a);
    }
}

static void limits_hold(void **state)
{
    struct arena *a = arena_create(0);
    struct buf text = {0};
    struct query q;
    struct err e = {""};
    (void)state;
    buf_adds(&text, HEAD "-- rows: none\n-- params: p0 int");
    for (int i = 1; i <= QUERY_FIELDS_MAX; i++)
        buf_addf(&text, ", p%d int", i);
    assert_false(query_read(a, "room/x.sql", buf_str(&text), &q, &e));
    assert_string_equal(e.text, "room/x.sql:4: more than 100 in params");
    while (text.n <= QUERY_BYTES_MAX)
        buf_adds(&text, "\nSELECT $1");
    assert_false(query_read(a, "room/x.sql", buf_str(&text), &q, &e));
    assert_string_equal(e.text, "room/x.sql:1: longer than 65536 bytes");
    buf_finish(&text);
    arena_destroy(&a);
}

static void names_are_unique_over_all_rooms(void **state)
{
    const struct query list[] = {{.path = "a/x.sql", .name = "x"}, {.path = "b/y.sql", .name = "y"}, {.path = "c/x.sql", .name = "x"}};
    struct err e = {""};
    (void)state;
    assert_true(query_check_names(list, 2, &e));
    assert_false(query_check_names(list, 3, &e));
    assert_string_equal(e.text, "c/x.sql:1: query \"x\" is also in a/x.sql");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output_is_as_expected),
        cmocka_unit_test(the_schema_is_embedded),
        cmocka_unit_test(a_program_without_queries_is_valid),
        cmocka_unit_test(bad_headers_are_refused_with_a_reason),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(names_are_unique_over_all_rooms),
    };
    return cmocka_run_group_tests_name("sqlgen", tests, NULL, NULL);
}
