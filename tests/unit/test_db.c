/* Units, decoding and the forms of rows: everything of the database room that needs no database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/base/civil.h"
#include "daemon/base/json.h"
#include "daemon/db/db_decode.h"
#include "daemon/db/db_unit.h"

struct all {
    const char *text;
    int32_t n;
    bool n_null;
    int64_t big, money;
    bool money_null;
    bool flag;
    int32_t day;
    const char *time, *uuid;
    struct str bytes;
    const char *json;
    double real;
    bool real_null;
    const char *secret;
};

#define AT(NAME) offsetof(struct all, NAME)
static const struct db_column columns[] = {
    {"text", DB_TEXT, true, false, AT(text), 0},        {"n", DB_INT, true, false, AT(n), AT(n_null)},
    {"big", DB_BIGINT, false, false, AT(big), 0},       {"money", DB_MONEY, true, false, AT(money), AT(money_null)},
    {"flag", DB_BOOL, false, false, AT(flag), 0},       {"day", DB_DATE, true, false, AT(day), 0},
    {"time", DB_TIME, true, false, AT(time), 0},        {"uuid", DB_UUID, true, false, AT(uuid), 0},
    {"bytes", DB_BYTES, true, false, AT(bytes), 0},     {"json", DB_JSON, true, false, AT(json), 0},
    {"real", DB_REAL, true, false, AT(real), AT(real_null)}, {"secret", DB_TEXT, false, true, AT(secret), 0},
};
enum { COLUMNS = sizeof columns / sizeof *columns };
static const struct db_stmt read_all = {.name = "read_all", .params = columns, .params_n = COLUMNS, .columns = columns,
                                        .columns_n = COLUMNS, .row_size = sizeof(struct all), .rows = "many"};
static const struct db_stmt write_one = {.name = "write_one", .writes = true, .lane = DB_SLOW, .rows = "none"};

static const struct all full = {.text = "a", .n = -7, .big = INT64_MIN, .money = 123456, .flag = true, .day = 20576,
                                .time = "2026-05-03T10:00:00Z", .uuid = "6f2c0b7e-8b4e-4a55-9d3c-0a6f1c1e2d3f", .bytes = {"\x01\xff", 2},
                                .json = "{\"a\": [1]}", .real = 0.5, .secret = "s"};
static const struct all empty = {.n_null = true, .money_null = true, .day = CIVIL_NONE, .real_null = true, .secret = ""};

static void parameters_become_text(void **state)
{
    static const char *const expected[] = {"a", "-7", "-9223372036854775808", "123456", "t", "2026-05-03", "2026-05-03T10:00:00Z",
                                           "6f2c0b7e-8b4e-4a55-9d3c-0a6f1c1e2d3f", "\\x01ff", "{\"a\": [1]}", "0.5", "s"};
    struct arena *a = arena_create(0);
    struct db_unit *u = db_unit_create(a);
    (void)state;
    assert_int_equal(db_unit_add(u, &read_all, &full), 0);
    assert_int_equal(db_unit_add(u, &read_all, &empty), 1);
    for (size_t i = 0; i < COLUMNS; i++) {
        assert_string_equal(u->steps[0].values[i], expected[i]);
        if (columns[i].nullable)
            assert_null(u->steps[1].values[i]);
    }
    assert_string_equal(u->steps[1].values[2], "0");
    assert_string_equal(u->steps[1].values[4], "f");
    assert_string_equal(u->steps[1].values[11], "");
    arena_destroy(&a);
}

static void a_unit_knows_what_it_holds(void **state)
{
    struct arena *a = arena_create(0);
    struct db_unit *u = db_unit_create(a);
    (void)state;
    for (int i = 0; i < 20; i++)
        assert_int_equal(db_unit_add(u, &read_all, &full), i);
    assert_int_equal(db_unit_count(u), 20);
    assert_false(db_unit_writes(u));
    assert_int_equal(db_unit_lane(u), DB_FAST);
    assert_int_equal(db_unit_add(u, &write_one, NULL), 20);
    assert_true(db_unit_writes(u));
    assert_int_equal(db_unit_lane(u), DB_SLOW);
    assert_ptr_equal(db_unit_stmt(u, 20), &write_one);
    assert_null(db_unit_stmt(u, 21));
    assert_null(db_unit_stmt(u, -1));
    arena_destroy(&a);
}

static void rows_are_given_only_when_done(void **state)
{
    struct arena *a = arena_create(0);
    struct db_unit *u = db_unit_create(a);
    const void *rows;
    struct all row;
    (void)state;
    db_unit_add(u, &read_all, &full);
    u->steps[0].rows = &full;
    u->steps[0].rows_n = 1;
    u->result.outcome = DB_FAILED;
    assert_int_equal(db_unit_rows(u, 0, &rows), 0);
    assert_null(rows);
    u->result.outcome = DB_DONE;
    assert_int_equal(db_unit_rows(u, 0, &rows), 1);
    assert_ptr_equal(rows, &full);
    assert_true(db_unit_row(u, 0, &row));
    assert_int_equal(row.money, 123456);
    assert_int_equal(db_unit_rows(u, 1, &rows), 0);
    assert_false(db_unit_row(u, 1, &row));
    arena_destroy(&a);
}

static bool decode(enum db_type type, const char *text, struct all *row)
{
    static char room[256];
    char *spare = room;
    for (size_t i = 0; i < COLUMNS; i++)
        if (columns[i].type == type)
            return db_decode_value(&columns[i], str_of(text), &spare, (char *)row);
    return false;
}

static void values_are_decoded_strictly(void **state)
{
    struct all r;
    (void)state;
    assert_true(decode(DB_INT, "-2147483648", &r) && r.n == INT32_MIN);
    assert_false(decode(DB_INT, "2147483648", &r));
    assert_false(decode(DB_INT, "", &r));
    assert_false(decode(DB_INT, "1.0", &r));
    assert_true(decode(DB_BIGINT, "9223372036854775807", &r) && r.big == INT64_MAX);
    assert_true(decode(DB_MONEY, "-5", &r) && r.money == -5);
    assert_true(decode(DB_BOOL, "t", &r) && r.flag);
    assert_true(decode(DB_BOOL, "f", &r) && !r.flag);
    assert_false(decode(DB_BOOL, "true", &r));
    assert_true(decode(DB_DATE, "2026-05-03", &r) && r.day == 20576);
    assert_false(decode(DB_DATE, "infinity", &r));
    assert_true(decode(DB_TIME, "2026-05-03 10:00:00+00", &r));
    assert_string_equal(r.time, "2026-05-03T10:00:00Z");
    assert_true(decode(DB_TIME, "2026-05-03 10:00:00.25+00", &r));
    assert_string_equal(r.time, "2026-05-03T10:00:00.25Z");
    assert_true(decode(DB_TIME, "infinity", &r));
    assert_string_equal(r.time, "infinity");
    assert_true(decode(DB_BYTES, "\\x00ff", &r) && r.bytes.n == 2 && memcmp(r.bytes.p, "\x00\xff", 2) == 0);
    assert_true(decode(DB_BYTES, "\\x", &r) && r.bytes.n == 0 && r.bytes.p);
    assert_false(decode(DB_BYTES, "\\x0", &r));
    assert_false(decode(DB_BYTES, "00", &r));
    assert_true(decode(DB_REAL, "1e-3", &r) && r.real > 0.0009 && r.real < 0.0011);
    assert_false(decode(DB_REAL, "NaN", &r));
    assert_false(decode(DB_REAL, "", &r));
    assert_true(decode(DB_TEXT, "", &r));
    assert_string_equal(r.text, "");
}

static const struct db_column pair[] = {{"name", DB_TEXT, true, false, AT(text), 0}, {"money", DB_MONEY, false, false, AT(money), 0}};
static const struct db_stmt sheet = {.name = "sheet", .columns = pair, .columns_n = 2, .row_size = sizeof(struct all), .rows = "many"};

static void csv_is(const char *cell, const char *expected)
{
    struct buf out = {0};
    struct all row = {.text = cell, .money = -5};
    db_rows_csv(&out, &sheet, &row, 1);
    const char *head = "\uFEFFname,money\r\n";
    assert_int_equal(strncmp(out.p, head, strlen(head)), 0);
    struct buf line = {0};
    buf_addf(&line, "%s,-0.05\r\n", expected);
    assert_string_equal(out.p + strlen(head), line.p);
    buf_finish(&line);
    buf_finish(&out);
}

static void csv_never_starts_a_formula(void **state)
{
    (void)state;
    csv_is("Ann", "Ann");
    csv_is(NULL, "");
    csv_is("", "");
    csv_is("O'Hara, Ann", "\"O'Hara, Ann\"");
    csv_is("say \"yes\"", "\"say \"\"yes\"\"\"");
    csv_is("two\nlines", "\"two\nlines\"");
    csv_is(" edge", "\" edge\"");
    csv_is("=1+1", "'=1+1");
    csv_is("+44 20", "'+44 20");
    csv_is("-1", "'-1");
    csv_is("@SUM(A1)", "'@SUM(A1)");
    csv_is("\t=1", "'\t=1");
    csv_is("\r=1", "\"'\r=1\"");
    csv_is("  =1", "\"'  =1\"");
    csv_is("\n=1", "\"'\n=1\"");
    csv_is("\uFF1D1", "'\uFF1D1");
    csv_is("\uFF201", "'\uFF201");
    csv_is("=cmd|' /C calc'!\"A0\"", "\"'=cmd|' /C calc'!\"\"A0\"\"\"");
    csv_is("a=1", "a=1");
}

static void csv_has_every_type_but_what_is_hidden(void **state)
{
    struct buf out = {0};
    const struct all rows[] = {full, empty};
    (void)state;
    db_rows_csv(&out, &read_all, rows, 2);
    assert_string_equal(out.p, "\uFEFFtext,n,big,money,flag,day,time,uuid,bytes,json,real\r\n"
                               "a,-7,-9223372036854775808,1234.56,true,2026-05-03,2026-05-03T10:00:00Z,"
                               "6f2c0b7e-8b4e-4a55-9d3c-0a6f1c1e2d3f,01ff,\"{\"\"a\"\": [1]}\",0.5\r\n"
                               ",,0,,false,,,,,,\r\n");
    buf_finish(&out);
}

static void json_has_every_type_but_what_is_hidden(void **state)
{
    struct arena *a = arena_create(0);
    struct buf out = {0};
    struct err e = {""};
    const struct all rows[] = {full, empty};
    (void)state;
    db_rows_json(&out, &read_all, rows, 2);
    assert_string_equal(out.p, "[{\"text\":\"a\",\"n\":-7,\"big\":-9223372036854775808,\"money\":\"1234.56\",\"flag\":true,"
                               "\"day\":\"2026-05-03\",\"time\":\"2026-05-03T10:00:00Z\","
                               "\"uuid\":\"6f2c0b7e-8b4e-4a55-9d3c-0a6f1c1e2d3f\",\"bytes\":\"01ff\",\"json\":{\"a\": [1]},\"real\":0.5},"
                               "{\"text\":null,\"n\":null,\"big\":0,\"money\":null,\"flag\":false,\"day\":null,\"time\":null,"
                               "\"uuid\":null,\"bytes\":null,\"json\":null,\"real\":null}]");
    assert_non_null(json_read(a, buf_str(&out), 4096, &e));
    buf_finish(&out);
    db_rows_json(&out, &read_all, NULL, 0);
    assert_string_equal(out.p, "[]");
    buf_finish(&out);
    arena_destroy(&a);
}

static void put(PGresult *res, int row, int column, const char *text)
{
    char copy[64];
    strcpy(copy, text ? text : "");
    assert_true(PQsetvalue(res, row, column, text ? copy : NULL, text ? (int)strlen(text) : -1));
}

static PGresult *made_result(const char *first, const char *second)
{
    PGresult *res = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    char name[] = "x";
    PGresAttDesc desc[2] = {{name, 0, 0, 0, 25, -1, -1}, {name, 0, 0, 0, 20, -1, -1}};
    assert_true(PQsetResultAttrs(res, 2, desc));
    put(res, 0, 0, first);
    put(res, 0, 1, second);
    return res;
}

static void results_must_be_what_was_declared(void **state)
{
    struct arena *a = arena_create(0);
    struct err e = {""};
    const void *rows;
    size_t n, used = 0;
    (void)state;
    PGresult *res = made_result(NULL, "250");
    assert_true(db_decode_rows(a, &sheet, res, 1000, &used, &rows, &n, &e));
    assert_int_equal(n, 1);
    assert_null(((const struct all *)rows)->text);
    assert_int_equal(((const struct all *)rows)->money, 250);
    assert_false(db_decode_rows(a, &sheet, res, used + 10, &used, &rows, &n, &e));
    assert_non_null(strstr(e.text, "need more than"));
    assert_false(db_decode_rows(a, &read_all, res, 100000, &used, &rows, &n, &e));
    assert_string_equal(e.text, "read_all gives 2 columns, declared are 12");
    PQclear(res);
    res = made_result("x", NULL);
    assert_false(db_decode_rows(a, &sheet, res, 100000, &used, &rows, &n, &e));
    assert_string_equal(e.text, "column money of sheet is null, but not declared so");
    PQclear(res);
    res = made_result("x", "2.5");
    assert_false(db_decode_rows(a, &sheet, res, 100000, &used, &rows, &n, &e));
    assert_string_equal(e.text, "column money of sheet holds what its type does not allow");
    PQclear(res);
    arena_destroy(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_become_text),
        cmocka_unit_test(a_unit_knows_what_it_holds),
        cmocka_unit_test(rows_are_given_only_when_done),
        cmocka_unit_test(values_are_decoded_strictly),
        cmocka_unit_test(csv_never_starts_a_formula),
        cmocka_unit_test(csv_has_every_type_but_what_is_hidden),
        cmocka_unit_test(json_has_every_type_but_what_is_hidden),
        cmocka_unit_test(results_must_be_what_was_declared),
    };
    return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}
