/* Who asks, when reverse proxies stand in front. */
#include <stdio.h>

#include "tests/unit/http_fixture.h"

/* Whoever has one address of IPv6 has all of its network: they are counted as one. What the visitor writes stands left of what the proxies add; it counts only where the socket is a trusted proxy's, up to the first stranger. */
static void a_trusted_proxy_says_who_asks(void **state)
{
    static const struct {
        const char *fields, *trusted, *untrusted;
    } rows[] = {
        {"", "127.0.0.1", "127.0.0.1"},
        {"X-Forwarded-For: 192.0.2.7\r\n", "192.0.2.7", "127.0.0.1"},
        {"X-Forwarded-For: 203.0.113.9, 192.0.2.7\r\n", "192.0.2.7", "127.0.0.1"},
        {"X-Forwarded-For: 203.0.113.9, 192.0.2.7, 10.0.0.1\r\n", "192.0.2.7", "127.0.0.1"},
        {"X-Forwarded-For: 10.0.0.1\r\n", "10.0.0.1", "127.0.0.1"},
        {"X-Forwarded-For: 2001:DB8:0:0::7\r\n", "2001:db8::", "127.0.0.1"},
        {"X-Forwarded-For: 2001:db8::1:2:3:4\r\n", "2001:db8::", "127.0.0.1"},
        {"X-Forwarded-For: 2001:db8:0:1::7\r\n", "2001:db8:0:1::", "127.0.0.1"},
        {"X-Forwarded-For: ::ffff:192.0.2.7\r\n", "192.0.2.7", "127.0.0.1"},
        {"X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-For: 192.0.2.7\r\n", "192.0.2.7", "127.0.0.1"},
        {"X-Forwarded-For: unknown\r\n", "127.0.0.1", "127.0.0.1"},
        {"X-Forwarded-For: 192.0.2.7,\r\n", "127.0.0.1", "127.0.0.1"},
        {"X-Forwarded-For: 1111:2222:3333:4444:5555:6666:7777:8888:9999:0000\r\n", "127.0.0.1", "127.0.0.1"},
    };
    struct str proxies[] = {STR("127.0.0.1"), STR("10.0.0.1")};
    (void)state;
    for (int trusts = 0; trusts < 2; trusts++) {
        struct site site = {.config.proxies = trusts ? proxies : NULL, .config.proxies_n = trusts ? 2 : 0, .config.max_per_address = 100};
        site_start(&site);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            struct client c;
            char request[256];
            client_open(&site, &c);
            snprintf(request, sizeof request, "GET /peer HTTP/1.1\r\nHost: a.example\r\n%s\r\n", rows[i].fields);
            client_send(&site, &c, str_of(request));
            struct answer a = client_answer(&site, &c, true, 1000);
            assert_int_equal(a.status, 200);
            const char *wanted = trusts ? rows[i].trusted : rows[i].untrusted;
            if (!str_is(a.body, wanted))
                fail_msg("row %zu, %s: %.*s instead of %s", i, trusts ? "trusted" : "not trusted", (int)a.body.n, a.body.p, wanted);
            client_close(&c);
        }
        site_stop(&site);
    }
}

static void a_trusted_proxy_may_have_any_number_of_connections(void **state)
{
    struct str proxy = STR("127.0.0.1");
    struct site site = {.config.max_per_address = 2, .config.proxies = &proxy, .config.proxies_n = 1};
    struct client c[4];
    (void)state;
    site_start(&site);
    for (int i = 0; i < 4; i++)
        client_open(&site, &c[i]);
    client_send(&site, &c[3], STR(GET("/")));
    assert_int_equal(client_answer(&site, &c[3], true, 1000).status, 200);
    assert_int_equal(http_server_counters(site.server)->refused, 0);
    for (int i = 0; i < 4; i++)
        client_close(&c[i]);
    site_stop(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trusted_proxy_says_who_asks),
        cmocka_unit_test(a_trusted_proxy_may_have_any_number_of_connections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
