/* The verdict table of the codec: bytes sent, statuses expected, whether the connection lives on, and how many requests were executed. Every row is
 * played twice: in one piece, and byte by byte; both must give the same verdict. */
#include <stdio.h>

#include "tests/unit/http_fixture.h"

enum after { KEPT, CLOSED, WAITS };

struct row {
    const char *name;
    struct str bytes;   /* "@@" stands for `fill` letters, "##" for `fill` short fields */
    unsigned fill;
    const char *statuses; /* separated by blanks; h behind one: without a body */
    enum after after;
    unsigned executed;
};

#define ROW(name, bytes, statuses, after, executed) {name, STR(bytes), 0, statuses, after, executed},
#define FILL(name, bytes, fill, statuses, after, executed) {name, STR(bytes), fill, statuses, after, executed},
#define HOST "Host: a.example\r\n"
#define END "\r\n"
#undef GET
#define GET "GET / HTTP/1.1\r\n" HOST
#define POST "POST / HTTP/1.1\r\n" HOST
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"
#define NEXT "GET /next HTTP/1.1\r\n" HOST "\r\n"

static const struct row rows[] = {
#include "tests/unit/http_raw_rows.h"
};

/* All rows are played before the test fails, so that one run shows every difference. */
static unsigned differences;

static void __attribute__((format(printf, 1, 2))) verdict_differs(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    differences++;
}

static void expand(const struct row *row, struct buf *out)
{
    for (size_t i = 0; i < row->bytes.n; i++) {
        struct str rest = {row->bytes.p + i, row->bytes.n - i};
        bool letters = row->fill && str_starts(rest, "@@"), fields = row->fill && str_starts(rest, "##");
        for (unsigned k = 0; (letters || fields) && k < row->fill; k++)
            buf_adds(out, letters ? "a" : "X: y\r\n");
        if (letters || fields)
            i++;
        else
            buf_addc(out, row->bytes.p[i]);
    }
}

static void send_row(struct site *site, struct client *c, struct str bytes, size_t piece)
{
    for (; bytes.n; bytes.p += piece, bytes.n -= piece) {
        piece = piece < bytes.n ? piece : bytes.n;
        if (!client_send(site, c, (struct str){bytes.p, piece}))
            return;
    }
}

static void expect_statuses(struct site *site, struct client *c, const struct row *row)
{
    for (const char *at = row->statuses; *at; at += strcspn(at, " "), at += *at == ' ') {
        bool has_body = at[3] != 'h';
        struct answer a = client_answer(site, c, has_body, 3000);
        while (a.status == 100)
            a = client_answer(site, c, has_body, 3000);
        if (a.status != atoi(at))
            verdict_differs("%s: status %d instead of %d", row->name, a.status, atoi(at));
    }
}

static void expect_after(struct site *site, struct client *c, const struct row *row)
{
    if (row->after == CLOSED && !client_sees_end(site, c, 3000))
        verdict_differs("%s: the connection is still open", row->name);
    if (row->after == WAITS && !client_waits(site, c, 10))
        verdict_differs("%s: something came where nothing should", row->name);
    if (row->after == KEPT) {
        assert_true(client_send(site, c, STR("GET /probe HTTP/1.1\r\nHost: a.example\r\n\r\n")));
        struct answer a = client_answer(site, c, true, 3000);
        if (a.status != 200 || !str_is(a.body, "GET /probe 0"))
            verdict_differs("%s: the connection does not go on (%d)", row->name, a.status);
    }
    if (c->in.n != c->read)
        verdict_differs("%s: %zu bytes more than expected", row->name, c->in.n - c->read);
}

static void play(struct site *site, const struct row *row, bool in_pieces)
{
    struct client c;
    struct buf bytes = {0};
    expand(row, &bytes);
    site->executed = 0;
    client_open(site, &c);
    send_row(site, &c, buf_str(&bytes), !in_pieces ? bytes.n : bytes.n > 1000 ? 97 : 1);
    expect_statuses(site, &c, row);
    expect_after(site, &c, row);
    unsigned executed = site->executed - (row->after == KEPT);
    if (executed != row->executed)
        verdict_differs("%s: %u requests executed instead of %u", row->name, executed, row->executed);
    client_close(&c);
    buf_finish(&bytes);
    pump(site);
}

static void play_all(bool in_pieces)
{
    struct site site = {0};
    differences = 0;
    site_start(&site);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        play(&site, &rows[i], in_pieces);
    pump_for(&site, 20);
    assert_int_equal(http_server_counters(site.server)->open, 0);
    site_stop(&site);
    assert_int_equal(differences, 0);
}

static void every_row_in_one_piece(void **state)
{
    (void)state;
    play_all(false);
}

static void every_row_byte_by_byte(void **state)
{
    (void)state;
    play_all(true);
}

static void the_table_is_large_enough(void **state)
{
    (void)state;
    assert_true(sizeof rows / sizeof *rows >= 250);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(rows[i].name, rows[k].name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_large_enough),
        cmocka_unit_test(every_row_in_one_piece),
        cmocka_unit_test(every_row_byte_by_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
