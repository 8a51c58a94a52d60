/* Time, order, caps and the end of a server, over real sockets. */
#include <stdio.h>
#include <sys/resource.h>

#include "tests/unit/http_fixture.h"

/* ---- deadlines ---- */

static void a_slow_head_is_cut_however_it_drips(void **state)
{
    struct site site = {.config.head_seconds = 1};
    struct client c;
    (void)state;
    site_start(&site);
    expect_cut(&site, STR("GET / HT"), 408, 950, 2000);
    client_open(&site, &c);
    uint64_t begun = now_ms();
    assert_true(client_send(&site, &c, STR("GET / HTTP/1.1\r\nX: ")));
    while (!c.ended && now_ms() - begun < 3000) {
        client_send(&site, &c, STR("y"));
        pump_for(&site, 100);
        client_receive(&site, &c);
    }
    assert_in_range(now_ms() - begun, 950, 2000);
    assert_int_equal(client_answer(&site, &c, true, 100).status, 408);
    client_close(&c);
    assert_int_equal(http_server_counters(site.server)->timeouts, 2);
    assert_int_equal(site.executed, 0);
    site_stop(&site);
}

static void a_slow_body_is_cut(void **state)
{
    struct site site = {.config.body_seconds = 1};
    (void)state;
    site_start(&site);
    expect_cut(&site, STR("POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 10\r\n\r\nabc"), 408, 950, 2000);
    assert_int_equal(site.executed, 0);
    site_stop(&site);
}

static void a_body_below_the_rate_is_cut_after_its_grace(void **state)
{
    struct site site = {.config.body_seconds = 30};
    (void)state;
    site_start(&site);
    expect_cut(&site, STR("POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 900\r\n\r\nabc"), 408, 4950, 6500);
    site_stop(&site);
}

static void an_idle_connection_ends_silently(void **state)
{
    struct site site = {.config.idle_seconds = 1};
    struct client c;
    (void)state;
    site_start(&site);
    expect_cut(&site, STR(""), 0, 950, 2000);
    client_open(&site, &c);
    assert_true(client_send(&site, &c, STR(GET("/"))));
    assert_int_equal(client_answer(&site, &c, true, 1000).status, 200);
    assert_false(client_waits(&site, &c, 2000));
    assert_true(c.ended);
    assert_int_equal(c.in.n, c.read);
    client_close(&c);
    site_stop(&site);
}

static void a_handler_that_is_late_is_answered_for(void **state)
{
    struct site site = {.config.answer_seconds = 1, .holds = true};
    (void)state;
    site_start(&site);
    expect_cut(&site, STR(GET("/") GET("/next")), 504, 950, 2000);
    assert_int_equal(site.executed, 1);
    assert_true(site.held->client_gone);
    http_reply(site.held, 200, "text/plain", STR("too late"));
    pump_for(&site, 20);
    assert_int_equal(http_server_counters(site.server)->answers[2], 0);
    site_stop(&site);
}

static void large_handler(struct http_request *r, void *context)
{
    struct site *site = context;
    size_t n = 30 * 1024 * 1024;
    site->executed++;
    char *body = arena_alloc(r->arena, n);
    memset(body, 'x', n);
    http_reply(r, 200, "application/octet-stream", (struct str){body, n});
}

static void a_client_that_reads_nothing_is_cut(void **state)
{
    struct site site = {.config.write_seconds = 1, .config.handler = large_handler};
    struct client c;
    (void)state;
    site_start(&site);
    client_open(&site, &c);
    assert_true(client_send(&site, &c, STR(GET("/"))));
    pump_for(&site, 300);
    assert_int_equal(http_server_counters(site.server)->open, 1);
    pump_for(&site, 2500);
    assert_int_equal(http_server_counters(site.server)->open, 0);
    assert_int_equal(http_server_counters(site.server)->timeouts, 1);
    client_close(&c);
    site_stop(&site);
}

static void a_large_answer_arrives_whole(void **state)
{
    struct site site = {.config.handler = large_handler};
    struct client c;
    (void)state;
    site_start(&site);
    client_open(&site, &c);
    assert_true(client_send(&site, &c, STR(GET("/") GET("/"))));
    for (int i = 0; i < 2; i++) {
        struct answer a = client_answer(&site, &c, true, 20000);
        assert_int_equal(a.status, 200);
        assert_int_equal(a.body.n, 30 * 1024 * 1024);
    }
    client_close(&c);
    site_stop(&site);
}

/* ---- order ---- */

/* Every third request is answered later, so that fast ones wait behind slow ones. */
static void later(evutil_socket_t fd, short what, void *request)
{
    struct http_request *r = request;
    (void)fd;
    (void)what;
    http_reply(r, 200, "text/plain", r->path);
}

static void mixed_handler(struct http_request *r, void *context)
{
    struct site *site = context;
    struct timeval soon = {0, 100};
    if (site->executed++ % 3 == 0)
        event_base_once(site->loop, -1, EV_TIMEOUT, later, r, &soon);
    else
        http_reply(r, 200, "text/plain", r->path);
}

static void a_thousand_pipelined_requests_come_back_in_order(void **state)
{
    struct site site = {.config.handler = mixed_handler};
    struct client c;
    struct buf all = {0};
    (void)state;
    site_start(&site);
    client_open(&site, &c);
    for (int i = 0; i < 1001; i++)
        buf_addf(&all, "GET /%d HTTP/1.1\r\nHost: a.example\r\n\r\n", i);
    assert_true(client_send(&site, &c, buf_str(&all)));
    for (int i = 0; i < 1000; i++) {
        char path[16];
        struct answer a = client_answer(&site, &c, true, 2000);
        snprintf(path, sizeof path, "/%d", i);
        assert_int_equal(a.status, 200);
        assert_true(str_is(a.body, path));
        assert_int_equal(str_is(answer_field(&a, "Connection"), "close"), i == 999);
    }
    assert_true(client_sees_end(&site, &c, 3000));
    assert_int_equal(c.read, c.in.n);
    assert_int_equal(site.executed, 1000);
    client_close(&c);
    buf_finish(&all);
    site_stop(&site);
}

/* A client that floods while its request is being answered is not read beyond a bound. */
static void a_flood_behind_a_pending_request_stays_outside(void **state)
{
    struct site site = {.holds = true};
    struct client c;
    static char flood[16 * 1024 * 1024];
    (void)state;
    site_start(&site);
    memset(flood, 'x', sizeof flood);
    client_open(&site, &c);
    assert_true(client_send(&site, &c, STR(GET("/"))));
    pump_for(&site, 20);
    size_t sent = 0;
    for (ssize_t n; sent < sizeof flood && (n = send(c.fd, flood + sent, sizeof flood - sent, MSG_NOSIGNAL)) > 0; sent += (size_t)n)
        pump_for(&site, 5);
    assert_true(sent < sizeof flood);
    http_reply(site.held, 200, NULL, STR("ok"));
    assert_int_equal(client_answer(&site, &c, true, 2000).status, 200);
    assert_int_equal(client_answer(&site, &c, true, 2000).status, 414);
    assert_int_equal(site.executed, 1);
    client_close(&c);
    site_stop(&site);
}

/* ---- bodies ---- */

static void bodies_of_every_size_arrive_whole(void **state)
{
    struct site site = {0};
    struct client c;
    static const size_t sizes[] = {1, 65535, 65536, 65537, 1000000, 10 * 1024 * 1024};
    (void)state;
    site_start(&site);
    client_open(&site, &c);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        upload(&site, &c, sizes[i], false);
        upload(&site, &c, sizes[i], true);
    }
    client_close(&c);
    site_stop(&site);
}

static void a_body_that_cannot_be_kept_is_refused(void **state)
{
    struct site site = {0};
    struct client c;
    static char body[70000];
    (void)state;
    site_start(&site);
    http_server_destroy(&site.server);
    site.config.spool_dir = "/nonexistent";
    struct err e;
    site.server = http_server_create(site.loop, site.fd, &site.config, &e);
    client_open(&site, &c);
    client_send(&site, &c, STR("POST /big HTTP/1.1\r\nHost: a.example\r\nContent-Length: 70000\r\n\r\n"));
    client_send(&site, &c, (struct str){body, sizeof body});
    assert_int_equal(client_answer(&site, &c, true, 2000).status, 503);
    assert_int_equal(site.executed, 0);
    client_close(&c);
    site_stop(&site);
}

static void continue_is_sent_when_it_is_waited_for(void **state)
{
    struct site site = {0};
    struct client c;
    (void)state;
    site_start(&site);
    client_open(&site, &c);
    client_send(&site, &c, STR("POST / HTTP/1.1\r\nHost: a.example\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
    assert_int_equal(client_answer(&site, &c, false, 2000).status, 100);
    client_send(&site, &c, STR("ab"));
    assert_int_equal(client_answer(&site, &c, true, 2000).status, 200);
    assert_int_equal(site.body_n, 2);
    client_close(&c);
    site_stop(&site);
}

/* ---- clients that leave ---- */

static void a_vanished_client_is_noticed_before_the_reply(void **state)
{
    struct site site = {.holds = true};
    struct client c;
    (void)state;
    site_start(&site);
    client_open(&site, &c);
    client_send(&site, &c, STR(GET("/")));
    pump_for(&site, 10);
    assert_false(site.held->client_gone);
    struct linger hard = {1, 0};
    setsockopt(c.fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    client_close(&c);
    pump_for(&site, 20);
    assert_true(site.held->client_gone);
    assert_int_equal(http_server_counters(site.server)->open, 0);
    http_reply(site.held, 200, NULL, STR("nobody hears"));
    site_stop(&site);
}

static void a_client_that_only_stops_sending_still_gets_its_answer(void **state)
{
    struct site site = {.holds = true};
    struct client c;
    (void)state;
    site_start(&site);
    client_open(&site, &c);
    client_send(&site, &c, STR(GET("/")));
    shutdown(c.fd, SHUT_WR);
    pump_for(&site, 20);
    assert_true(site.held->client_gone);
    http_reply(site.held, 200, NULL, STR("ok"));
    assert_int_equal(client_answer(&site, &c, true, 1000).status, 200);
    assert_true(client_sees_end(&site, &c, 1000));
    client_close(&c);
    site_stop(&site);
}

static void a_request_cut_short_is_not_executed(void **state)
{
    static const char *const cut[] = {"GET / HT", "POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\n\r\nabc",
                                      "POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"};
    struct site site = {0};
    struct client c;
    (void)state;
    site_start(&site);
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
        client_open(&site, &c);
        client_send(&site, &c, str_of(cut[i]));
        shutdown(c.fd, SHUT_WR);
        assert_int_equal(client_answer(&site, &c, true, 1000).status, 400);
        assert_true(client_sees_end(&site, &c, 1000));
        client_close(&c);
    }
    assert_int_equal(site.executed, 0);
    site_stop(&site);
}

static void replying_after_the_server_is_gone_is_safe(void **state)
{
    struct site site = {.holds = true};
    struct client c;
    (void)state;
    site_start(&site);
    client_open(&site, &c);
    client_send(&site, &c, STR(GET("/")));
    pump_for(&site, 10);
    http_server_destroy(&site.server);
    assert_true(site.held->client_gone);
    http_reply(site.held, 200, NULL, STR("nobody hears"));
    client_close(&c);
    site_stop(&site);
}

/* ---- caps ---- */

static void connections_above_the_cap_wait_outside(void **state)
{
    struct site site = {.config.max_connections = 3};
    struct client c[5];
    (void)state;
    site_start(&site);
    for (int i = 0; i < 5; i++)
        client_open(&site, &c[i]);
    client_send(&site, &c[4], STR(GET("/")));
    assert_true(client_waits(&site, &c[4], 30));
    assert_int_equal(http_server_counters(site.server)->open, 3);
    client_close(&c[0]);
    client_close(&c[1]);
    assert_int_equal(client_answer(&site, &c[4], true, 1000).status, 200);
    for (int i = 2; i < 5; i++)
        client_close(&c[i]);
    pump_for(&site, 20);
    assert_int_equal(http_server_counters(site.server)->open, 0);
    assert_int_equal(http_server_counters(site.server)->accepted, 5);
    site_stop(&site);
}

static void one_address_may_have_only_so_many(void **state)
{
    struct site site = {.config.max_per_address = 2};
    struct client c[3];
    (void)state;
    site_start(&site);
    for (int i = 0; i < 3; i++)
        client_open(&site, &c[i]);
    assert_true(client_sees_end(&site, &c[2], 1000));
    assert_int_equal(http_server_counters(site.server)->refused, 1);
    client_close(&c[0]);
    client_close(&c[2]);
    pump_for(&site, 20);
    client_open(&site, &c[0]);
    client_send(&site, &c[0], STR(GET("/")));
    assert_int_equal(client_answer(&site, &c[0], true, 1000).status, 200);
    client_close(&c[0]);
    client_close(&c[1]);
    site_stop(&site);
}

/* Out of descriptors, the server pauses instead of spinning, and goes on when there are some again. */
static void running_out_of_descriptors_is_survived(void **state)
{
    struct site site = {0};
    struct client c;
    struct rlimit before, tight;
    (void)state;
    site_start(&site);
    int next = dup(site.fd);
    close(next);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    tight = (struct rlimit){(rlim_t)next + 1, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
    client_open(&site, &c);
    assert_true(client_send(&site, &c, STR(GET("/"))));
    clock_t cpu = clock();
    assert_true(client_waits(&site, &c, 250));
    assert_true(clock() - cpu < CLOCKS_PER_SEC / 5);
    assert_int_equal(http_server_counters(site.server)->accepted, 0);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(client_answer(&site, &c, true, 1000).status, 200);
    client_close(&c);
    site_stop(&site);
}

/* ---- answers ---- */

static void answer_handler(struct http_request *r, void *context)
{
    (void)context;
    if (str_is(r->path, "/split"))
        http_add_header(r, "X-Name", "a\r\nSet-Cookie: stolen=1");
    if (str_is(r->path, "/length"))
        http_add_header(r, "Content-Length", "1");
    if (str_is(r->path, "/away"))
        return http_redirect(r, 303, "//evil.example/");
    if (str_is(r->path, "/home"))
        return http_redirect(r, 303, "/home?a=b");
    if (str_is(r->path, "/nothing"))
        return http_reply(r, 204, NULL, STR("dropped"));
    http_add_header(r, "X-Fine", "yes");
    char *text = arena_alloc(r->arena, 4000);
    memset(text, 'a', 4000);
    http_reply(r, 200, "text/html; charset=utf-8", (struct str){text, 4000});
}

static void headers_that_would_break_the_answer_never_leave(void **state)
{
    struct site site = {.config.handler = answer_handler};
    struct client c;
    (void)state;
    site_start(&site);
    client_open(&site, &c);
    struct answer a = ask(&site, &c, GET("/split"));
    assert_int_equal(a.status, 500);
    assert_null(memmem(a.head.p, a.head.n, "stolen", 6));
    assert_int_equal(ask(&site, &c, GET("/length")).status, 500);
    a = ask(&site, &c, GET("/away"));
    assert_int_equal(a.status, 500);
    assert_null(answer_field(&a, "Location").p);
    a = ask(&site, &c, GET("/home"));
    assert_int_equal(a.status, 303);
    assert_true(str_is(answer_field(&a, "Location"), "/home?a=b"));
    a = ask(&site, &c, GET("/nothing"));
    assert_int_equal(a.status, 204);
    assert_null(answer_field(&a, "Content-Length").p);
    a = ask(&site, &c, GET("/"));
    assert_true(str_is(answer_field(&a, "X-Fine"), "yes"));
    assert_int_equal(answer_field(&a, "Date").n, strlen("Sun, 06 Nov 1994 08:49:37 GMT"));
    assert_int_equal(a.body.n, 4000);
    client_close(&c);
    site_stop(&site);
}

static void what_is_made_for_one_is_never_compressed(void **state)
{
    struct site site = {.config.handler = answer_handler};
    struct client c;
    (void)state;
    site_start(&site);
    client_open(&site, &c);
    struct answer a = ask(&site, &c, "GET / HTTP/1.1\r\nHost: a.example\r\nAccept-Encoding: br, gzip, deflate\r\n\r\n");
    assert_null(answer_field(&a, "Content-Encoding").p);
    assert_int_equal(a.body.n, 4000);
    a = ask(&site, &c, "HEAD / HTTP/1.1\r\nHost: a.example\r\nAccept-Encoding: gzip\r\n\r\n");
    assert_int_equal(strtoul(answer_field(&a, "Content-Length").p, NULL, 10), 4000);
    client_close(&c);
    site_stop(&site);
}

/* ---- draining ---- */

static void drained(void *context)
{
    struct site *site = context;
    site->is_drained = true;
    http_server_destroy(&site->server);
}

static void draining_answers_what_is_in_flight(void **state)
{
    struct site site = {.holds = true};
    struct client busy, idle, ready;
    (void)state;
    site_start(&site);
    client_open(&site, &busy);
    client_open(&site, &idle);
    client_open(&site, &ready);
    client_send(&site, &busy, STR(GET("/")));
    pump_for(&site, 10);
    site.holds = false;
    http_server_drain(site.server, drained, &site);
    client_send(&site, &ready, STR(GET("/on-its-way")));
    struct answer a = client_answer(&site, &ready, true, 1000);
    assert_int_equal(a.status, 200);
    assert_true(str_is(answer_field(&a, "Connection"), "close"));
    assert_true(client_sees_end(&site, &idle, 1500));
    assert_false(site.is_drained);
    http_reply(site.held, 200, NULL, STR("ok"));
    a = client_answer(&site, &busy, true, 1000);
    assert_int_equal(a.status, 200);
    assert_true(str_is(answer_field(&a, "Connection"), "close"));
    client_close(&busy);
    client_close(&ready);
    client_close(&idle);
    pump_for(&site, 50);
    assert_true(site.is_drained);
    site_stop(&site);
}

static void draining_waits_for_a_handler_whose_client_left(void **state)
{
    struct site site = {.holds = true};
    struct client c;
    (void)state;
    site_start(&site);
    client_open(&site, &c);
    client_send(&site, &c, STR(GET("/")));
    pump_for(&site, 10);
    client_close(&c);
    http_server_drain(site.server, drained, &site);
    pump_for(&site, 50);
    assert_false(site.is_drained);
    http_reply(site.held, 200, NULL, STR("ok"));
    pump_for(&site, 50);
    assert_true(site.is_drained);
    site_stop(&site);
}

static void a_server_without_its_files_does_not_start(void **state)
{
    struct site site = {0};
    struct err e;
    (void)state;
    site_start(&site);
    site.config.tls_cert = "/nonexistent.pem";
    site.config.tls_key = "/nonexistent.pem";
    assert_null(http_server_create(site.loop, site.fd, &site.config, &e));
    assert_non_null(strstr(e.text, "/nonexistent.pem"));
    assert_int_equal(http_listen("nowhere", 1, &e), -1);
    assert_int_equal(http_listen("127.0.0.1", site.port, &e), -1);
    site_stop(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slow_head_is_cut_however_it_drips),
        cmocka_unit_test(a_slow_body_is_cut),
        cmocka_unit_test(a_body_below_the_rate_is_cut_after_its_grace),
        cmocka_unit_test(an_idle_connection_ends_silently),
        cmocka_unit_test(a_handler_that_is_late_is_answered_for),
        cmocka_unit_test(a_client_that_reads_nothing_is_cut),
        cmocka_unit_test(a_large_answer_arrives_whole),
        cmocka_unit_test(a_thousand_pipelined_requests_come_back_in_order),
        cmocka_unit_test(a_flood_behind_a_pending_request_stays_outside),
        cmocka_unit_test(bodies_of_every_size_arrive_whole),
        cmocka_unit_test(a_body_that_cannot_be_kept_is_refused),
        cmocka_unit_test(continue_is_sent_when_it_is_waited_for),
        cmocka_unit_test(a_vanished_client_is_noticed_before_the_reply),
        cmocka_unit_test(a_client_that_only_stops_sending_still_gets_its_answer),
        cmocka_unit_test(a_request_cut_short_is_not_executed),
        cmocka_unit_test(replying_after_the_server_is_gone_is_safe),
        cmocka_unit_test(connections_above_the_cap_wait_outside),
        cmocka_unit_test(one_address_may_have_only_so_many),
        cmocka_unit_test(running_out_of_descriptors_is_survived),
        cmocka_unit_test(headers_that_would_break_the_answer_never_leave),
        cmocka_unit_test(what_is_made_for_one_is_never_compressed),
        cmocka_unit_test(draining_answers_what_is_in_flight),
        cmocka_unit_test(draining_waits_for_a_handler_whose_client_left),
        cmocka_unit_test(a_server_without_its_files_does_not_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
