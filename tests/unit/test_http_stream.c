/* Answers in pieces: whole or visibly not, no faster than the client takes them, and never left behind. */
#include "tests/unit/http_fixture.h"

/* A handler that gives `pieces` of `size` bytes when it is asked, at once or when the test says so. */
struct giver {
    struct site site;
    unsigned pieces, given, asked, ended;
    size_t size;
    bool waits, breaks_off;
    struct http_request *r;
};

static void give(struct giver *g)
{
    struct http_request *r = g->r;
    if (r->client_gone || (g->breaks_off && g->given == g->pieces)) {
        g->ended++;
        http_stream_end(r, false);
    } else if (g->given == g->pieces) {
        g->ended++;
        http_stream_end(r, true);
    } else {
        char *bytes = malloc(g->size + 1);
        memset(bytes, 'a' + (int)(g->given++ % 26), g->size);
        http_stream_piece(r, (struct str){bytes, g->size});
        free(bytes);
    }
}

static void on_more(struct http_request *r, void *context)
{
    struct giver *g = context;
    g->asked++;
    g->r = r;
    if (!g->waits || r->client_gone)
        give(g);
}

static void stream_handler(struct http_request *r, void *context)
{
    struct giver *g = context;
    if (!str_is(r->path, "/list")) {
        http_reply(r, 200, "text/plain", STR("short"));
        return;
    }
    g->given = 0;
    http_add_header(r, "Content-Disposition", "attachment");
    http_stream(r, 200, "text/csv; charset=utf-8", on_more, g);
}

static void giver_start(struct giver *g, struct client *c)
{
    g->site.config.handler = stream_handler;
    site_start(&g->site);
    /* site_start makes the site the handler's context; here it is the giver, whose first member it is. */
    client_open(&g->site, c);
}

static void giver_stop(struct giver *g, struct client *c)
{
    client_close(c);
    site_stop(&g->site);
}

/* The chunks of an answer put together; false while the last one is not there. */
static bool unchunk(const struct client *c, struct buf *ret, size_t *ret_end)
{
    const char *p = c->in.n ? memmem(c->in.p, c->in.n, "\r\n\r\n", 4) : NULL, *end = c->in.p + c->in.n;
    ret->n = 0;
    if (!p)
        return false;
    for (p += 4;;) {
        const char *line = memmem(p, (size_t)(end - p), "\r\n", 2);
        if (!line)
            return false;
        size_t n = strtoul(p, NULL, 16);
        if ((size_t)(end - line) < 2 + n + 2)
            return false;
        buf_add(ret, line + 2, n);
        p = line + 2 + n + 2;
        if (!n)
            break;
    }
    *ret_end = (size_t)(p - c->in.p);
    return true;
}

static void pieces_arrive_as_one_answer_and_the_connection_goes_on(void **state)
{
    static const size_t sizes[] = {1, 1000, 3000000};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct giver g = {.pieces = 5, .size = sizes[i]};
        struct client c;
        struct buf all = {0};
        size_t end = 0;
        giver_start(&g, &c);
        assert_true(client_send(&g.site, &c, STR(GET("/list") GET("/"))));
        for (uint64_t late = now_ms() + 10000; !unchunk(&c, &all, &end) && now_ms() < late;)
            client_receive(&g.site, &c);
        assert_int_equal(all.n, 5 * sizes[i]);
        for (size_t k = 0; k < 5; k++)
            assert_int_equal(all.p[k * sizes[i]], 'a' + (int)k);
        assert_non_null(memmem(c.in.p, end, "Transfer-Encoding: chunked\r\n", 28));
        assert_non_null(memmem(c.in.p, end, "Content-Disposition: attachment\r\n", 33));
        assert_null(memmem(c.in.p, end - all.n, "Content-Length", 14));
        c.read = end;
        struct answer next = client_answer(&g.site, &c, true, 2000);
        assert_int_equal(next.status, 200);
        assert_int_equal(next.body.n, 5);
        assert_int_equal(g.ended, 1);
        buf_finish(&all);
        giver_stop(&g, &c);
    }
}

static void before_1_1_the_end_of_the_connection_is_the_end(void **state)
{
    struct giver g = {.pieces = 3, .size = 100000};
    struct client c;
    (void)state;
    giver_start(&g, &c);
    assert_true(client_send(&g.site, &c, STR("GET /list HTTP/1.0\r\nHost: a.example\r\n\r\n")));
    assert_true(client_sees_end(&g.site, &c, 5000));
    const char *body = memmem(c.in.p, c.in.n, "\r\n\r\n", 4);
    assert_int_equal(c.in.p + c.in.n - (body + 4), 300000);
    assert_null(memmem(c.in.p, (size_t)(body - c.in.p), "Transfer-Encoding", 17));
    assert_null(memmem(c.in.p, (size_t)(body - c.in.p), "Content-Length", 14));
    giver_stop(&g, &c);
}

static void a_head_alone_has_no_pieces(void **state)
{
    struct giver g = {.pieces = 3, .size = 100};
    struct client c;
    (void)state;
    giver_start(&g, &c);
    assert_int_equal(ask(&g.site, &c, "HEAD /list HTTP/1.1\r\nHost: a.example\r\n\r\n").status, 200);
    assert_int_equal(g.asked, 0);
    assert_int_equal(ask(&g.site, &c, GET("/")).status, 200);
    giver_stop(&g, &c);
}

static void an_empty_piece_is_not_the_end(void **state)
{
    struct giver g = {.pieces = 3, .size = 0};
    struct client c;
    struct buf all = {0};
    size_t end;
    (void)state;
    giver_start(&g, &c);
    assert_true(client_send(&g.site, &c, STR(GET("/list"))));
    pump_for(&g.site, 20);
    client_receive(&g.site, &c);
    assert_true(unchunk(&c, &all, &end));
    assert_int_equal(g.asked, 4);
    giver_stop(&g, &c);
    buf_finish(&all);
}

static void no_more_is_made_than_the_client_takes(void **state)
{
    struct giver g = {.pieces = 1000, .size = 1000000};
    struct client c;
    (void)state;
    giver_start(&g, &c);
    assert_true(client_send(&g.site, &c, STR(GET("/list"))));
    pump_for(&g.site, 200);
    assert_in_range(g.given, 1, 20);
    giver_stop(&g, &c); /* the giver is told while its server ends */
    assert_int_equal(g.ended, 1);
}

static void a_client_that_goes_ends_it(void **state)
{
    struct giver g = {.pieces = 1000, .size = 1000000};
    struct client c;
    (void)state;
    giver_start(&g, &c);
    assert_true(client_send(&g.site, &c, STR(GET("/list"))));
    pump_for(&g.site, 50);
    struct linger hard = {1, 0};
    setsockopt(c.fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close(c.fd);
    c.fd = -1;
    pump_for(&g.site, 50);
    assert_int_equal(g.ended, 1);
    assert_int_equal(http_server_counters(g.site.server)->open, 0);
    giver_stop(&g, &c);
}

/* It is at work when the client goes, and finds out with its piece. */
static void a_client_that_goes_while_a_piece_is_made_ends_it(void **state)
{
    struct giver g = {.pieces = 3, .size = 100, .waits = true};
    struct client c;
    (void)state;
    giver_start(&g, &c);
    assert_true(client_send(&g.site, &c, STR(GET("/list"))));
    pump_for(&g.site, 20);
    assert_int_equal(g.asked, 1);
    struct linger hard = {1, 0};
    setsockopt(c.fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close(c.fd);
    c.fd = -1;
    pump_for(&g.site, 20);
    assert_int_equal(g.asked, 1);
    assert_int_equal(g.ended, 0);
    g.r->client_gone = false; /* a giver that did not look */
    give(&g);
    pump_for(&g.site, 20);
    assert_int_equal(g.asked, 2);
    assert_int_equal(g.ended, 1);
    giver_stop(&g, &c);
}

static void a_client_that_only_stops_sending_gets_all_of_it(void **state)
{
    struct giver g = {.pieces = 5, .size = 500000};
    struct client c;
    struct buf all = {0};
    size_t end = 0;
    (void)state;
    giver_start(&g, &c);
    assert_true(client_send(&g.site, &c, STR(GET("/list"))));
    shutdown(c.fd, SHUT_WR);
    assert_true(client_sees_end(&g.site, &c, 5000));
    assert_true(unchunk(&c, &all, &end));
    assert_int_equal(all.n, 2500000);
    buf_finish(&all);
    giver_stop(&g, &c);
}

static void what_breaks_off_is_cut_and_seen_to_be(void **state)
{
    static const char *const asked[] = {GET("/list"), "GET /list HTTP/1.0\r\nHost: a.example\r\n\r\n"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct giver g = {.pieces = 2, .size = 100, .breaks_off = true};
        struct client c;
        struct buf all = {0};
        size_t end;
        giver_start(&g, &c);
        assert_true(client_send(&g.site, &c, str_of(asked[i])));
        errno = 0;
        assert_true(client_sees_end(&g.site, &c, 2000));
        assert_int_equal(errno, ECONNRESET);
        assert_false(unchunk(&c, &all, &end));
        buf_finish(&all);
        giver_stop(&g, &c);
    }
}

static void a_piece_that_does_not_come_ends_it(void **state)
{
    struct giver g = {.pieces = 3, .size = 100, .waits = true, .site.config.answer_seconds = 1};
    struct client c;
    (void)state;
    giver_start(&g, &c);
    assert_true(client_send(&g.site, &c, STR(GET("/list"))));
    assert_true(client_sees_end(&g.site, &c, 5000));
    assert_null(memmem(c.in.p, c.in.n, "504", 3));
    give(&g);
    assert_int_equal(g.ended, 1);
    giver_stop(&g, &c);
}

static void a_draining_server_waits_for_the_end_of_it(void **state)
{
    struct giver g = {.pieces = 1, .size = 100, .waits = true};
    struct client c;
    struct buf all = {0};
    size_t end;
    (void)state;
    giver_start(&g, &c);
    assert_true(client_send(&g.site, &c, STR(GET("/list"))));
    pump_for(&g.site, 20);
    http_server_drain(g.site.server, NULL, NULL);
    pump_for(&g.site, 20);
    give(&g);
    pump_for(&g.site, 20);
    assert_int_equal(g.asked, 2);
    give(&g);
    assert_true(client_sees_end(&g.site, &c, 2000));
    assert_true(unchunk(&c, &all, &end));
    assert_int_equal(all.n, 100);
    buf_finish(&all);
    giver_stop(&g, &c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_arrive_as_one_answer_and_the_connection_goes_on),
        cmocka_unit_test(before_1_1_the_end_of_the_connection_is_the_end),
        cmocka_unit_test(a_head_alone_has_no_pieces),
        cmocka_unit_test(an_empty_piece_is_not_the_end),
        cmocka_unit_test(no_more_is_made_than_the_client_takes),
        cmocka_unit_test(a_client_that_goes_ends_it),
        cmocka_unit_test(a_client_that_goes_while_a_piece_is_made_ends_it),
        cmocka_unit_test(a_client_that_only_stops_sending_gets_all_of_it),
        cmocka_unit_test(what_breaks_off_is_cut_and_seen_to_be),
        cmocka_unit_test(a_piece_that_does_not_come_ends_it),
        cmocka_unit_test(a_draining_server_waits_for_the_end_of_it),
    };
    return cmocka_run_group_tests_name("http stream", tests, NULL, NULL);
}
