/* Several servers on one socket: who takes which connection. */
#include "tests/unit/http_fixture.h"

/* One that took all that wait would leave the worker beside it with nothing to do. */
static void a_burst_is_spread_over_the_servers_of_a_socket(void **state)
{
    struct site site = {0};
    struct client c[16];
    struct err e;
    (void)state;
    site_start(&site);
    struct http_server *beside = http_server_create(site.loop, site.fd, &site.config, &e);
    assert_non_null(beside);
    for (size_t i = 0; i < 16; i++)
        client_connect(&site, &c[i]);
    pump_for(&site, 50);
    assert_int_equal(http_server_counters(site.server)->open, 8);
    assert_int_equal(http_server_counters(beside)->open, 8);
    for (size_t i = 0; i < 16; i++)
        client_close(&c[i]);
    http_server_destroy(&beside);
    site_stop(&site);
}

static unsigned nobody_has_any(unsigned open, void *context)
{
    (void)open;
    (void)context;
    return 0;
}

/* However slow the others are to wake: twenty turns, of which the one of two at least gives way, cannot take all of sixteen. */
static void who_has_more_gives_way(void **state)
{
    struct site site = {.config.beside = nobody_has_any};
    struct client c[16];
    (void)state;
    site_start(&site);
    for (size_t i = 0; i < 16; i++)
        client_connect(&site, &c[i]);
    for (int turn = 0; turn < 20; turn++)
        event_base_loop(site.loop, EVLOOP_NONBLOCK);
    unsigned open = http_server_counters(site.server)->open;
    assert_in_range(open, 1, 15);
    pump_for(&site, 200);
    assert_int_equal(http_server_counters(site.server)->open, 16); /* nobody came for them */
    for (size_t i = 0; i < 16; i++)
        client_close(&c[i]);
    site_stop(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_is_spread_over_the_servers_of_a_socket),
        cmocka_unit_test(who_has_more_gives_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
