/* TLS over real sockets, with certificates made on the spot. */
#include <stdio.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "tests/unit/http_fixture.h"

static void write_certificate(const char *cert_file, const char *key_file, long serial)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(cert), serial);
    X509_gmtime_adj(X509_getm_notBefore(cert), -60);
    X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
    X509_set_pubkey(cert, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_ASC, (const unsigned char *)"a.example", -1, -1, 0);
    X509_set_issuer_name(cert, X509_get_subject_name(cert));
    assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
    FILE *f = fopen(cert_file, "w");
    PEM_write_X509(f, cert);
    fclose(f);
    f = fopen(key_file, "w");
    PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);
    fclose(f);
    X509_free(cert);
    EVP_PKEY_free(key);
}

static bool client_handshake(struct site *site, struct client *c, int max_version)
{
    client_open(site, c);
    c->ctx = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_max_proto_version(c->ctx, max_version);
    SSL_CTX_set_security_level(c->ctx, 0);
    c->ssl = SSL_new(c->ctx);
    SSL_set_alpn_protos(c->ssl, (const unsigned char *)"\x02h2\x08http/1.1", 12);
    SSL_set_fd(c->ssl, c->fd);
    for (uint64_t end = now_ms() + 3000; now_ms() < end; poll(NULL, 0, 1)) {
        int done = SSL_connect(c->ssl);
        if (done == 1)
            return true;
        int why = SSL_get_error(c->ssl, done);
        if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
            return false;
        pump(site);
    }
    return false;
}

static long peer_serial(struct client *c)
{
    X509 *cert = SSL_get1_peer_certificate(c->ssl);
    long serial = ASN1_INTEGER_get(X509_get0_serialNumber(cert));
    X509_free(cert);
    return serial;
}

struct tls_files {
    char dir[32], cert[64], key[64];
};

static void tls_site(struct site *site, struct tls_files *files)
{
    snprintf(files->dir, sizeof files->dir, "/tmp/http-test-XXXXXX");
    assert_non_null(mkdtemp(files->dir));
    snprintf(files->cert, sizeof files->cert, "%s/cert.pem", files->dir);
    snprintf(files->key, sizeof files->key, "%s/key.pem", files->dir);
    write_certificate(files->cert, files->key, 1);
    site->config.tls_cert = files->cert;
    site->config.tls_key = files->key;
    site_start(site);
}

static void tls_site_stop(struct site *site, struct tls_files *files)
{
    site_stop(site);
    unlink(files->cert);
    unlink(files->key);
    rmdir(files->dir);
}

static void tls_serves_and_pipelines(void **state)
{
    struct site site = {0};
    struct tls_files files;
    struct client c;
    (void)state;
    tls_site(&site, &files);
    assert_true(client_handshake(&site, &c, TLS1_3_VERSION));
    const unsigned char *protocol;
    unsigned n;
    SSL_get0_alpn_selected(c.ssl, &protocol, &n);
    assert_true(str_is((struct str){(const char *)protocol, n}, "http/1.1"));
    client_send(&site, &c, STR(GET("/1") GET("/2") GET("/3")));
    for (int i = 0; i < 3; i++)
        assert_int_equal(client_answer(&site, &c, true, 2000).status, 200);
    upload(&site, &c, 3000000, false);
    assert_int_equal(ask(&site, &c, "FOO / HTTP/1.1\r\nHost: a.example\r\n\r\n").status, 501);
    assert_true(client_sees_end(&site, &c, 2000));
    client_close(&c);
    tls_site_stop(&site, &files);
}

static void tls_refuses_what_is_old(void **state)
{
    struct site site = {0};
    struct tls_files files;
    struct client c;
    (void)state;
    tls_site(&site, &files);
    assert_false(client_handshake(&site, &c, TLS1_1_VERSION));
    client_close(&c);
    assert_true(client_handshake(&site, &c, TLS1_2_VERSION));
    assert_string_equal(SSL_get_version(c.ssl), "TLSv1.2");
    client_close(&c);
    tls_site_stop(&site, &files);
}

static void tls_certificates_are_replaced_while_serving(void **state)
{
    struct site site = {0};
    struct tls_files files;
    struct client before, after;
    struct err e;
    (void)state;
    tls_site(&site, &files);
    assert_true(client_handshake(&site, &before, TLS1_3_VERSION));
    write_certificate(files.cert, files.key, 2);
    assert_true(http_server_reload_tls(site.server, &e));
    assert_true(client_handshake(&site, &after, TLS1_3_VERSION));
    assert_int_equal(peer_serial(&before), 1);
    assert_int_equal(peer_serial(&after), 2);
    assert_int_equal(ask(&site, &before, GET("/")).status, 200);
    client_close(&after);
    assert_int_equal(truncate(files.key, 0), 0);
    assert_false(http_server_reload_tls(site.server, &e));
    assert_non_null(strstr(e.text, files.key));
    assert_true(client_handshake(&site, &after, TLS1_3_VERSION));
    assert_int_equal(peer_serial(&after), 2);
    client_close(&before);
    client_close(&after);
    tls_site_stop(&site, &files);
}

static void tls_handshakes_that_do_not_end_are_cut(void **state)
{
    struct site site = {.config.head_seconds = 1};
    struct tls_files files;
    (void)state;
    tls_site(&site, &files);
    expect_cut(&site, STR("\x16\x03\x01"), 0, 950, 2000);
    assert_int_equal(http_server_counters(site.server)->open, 0);
    tls_site_stop(&site, &files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tls_serves_and_pipelines),
        cmocka_unit_test(tls_refuses_what_is_old),
        cmocka_unit_test(tls_certificates_are_replaced_while_serving),
        cmocka_unit_test(tls_handshakes_that_do_not_end_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
