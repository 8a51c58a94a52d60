#include "daemon/http/http_tls.h"

#include <openssl/err.h>

static const unsigned char session_context[] = "market-cross";

static bool tls_failed(struct err *e, const char *what, const char *file)
{
    char reason[256];
    ERR_error_string_n(ERR_peek_last_error(), reason, sizeof reason);
    ERR_clear_error();
    return err_set(e, "%s %s: %s", what, file, reason);
}

/* The only protocol spoken here. A client that offers others only goes on without one, as RFC 7301 leaves open. */
static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_n, const unsigned char *in, unsigned in_n, void *context)
{
    static const unsigned char http11[] = "\x08http/1.1";
    (void)ssl;
    (void)context;
    unsigned char *chosen;
    if (SSL_select_next_proto(&chosen, out_n, http11, sizeof http11 - 1, in, in_n) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static bool configure(SSL_CTX *ctx)
{
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    /* An idle connection gives its record buffers back: this is most of its memory. */
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
    /* Sessions are resumed by tickets, which cost the server nothing to keep. */
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_alpn_select_cb(ctx, choose_protocol, NULL);
    return SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(ctx, "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL") == 1 &&
           SSL_CTX_set1_groups_list(ctx, "X25519:P-256") == 1 &&
           SSL_CTX_set_session_id_context(ctx, session_context, sizeof session_context - 1) == 1;
}

static bool load(SSL_CTX *ctx, const char *cert_file, const char *key_file, struct err *e)
{
    if (!configure(ctx))
        return tls_failed(e, "cannot set up TLS for", cert_file);
    if (SSL_CTX_use_certificate_chain_file(ctx, cert_file) != 1)
        return tls_failed(e, "cannot read the certificate", cert_file);
    if (SSL_CTX_use_PrivateKey_file(ctx, key_file, SSL_FILETYPE_PEM) != 1)
        return tls_failed(e, "cannot read the key", key_file);
    if (SSL_CTX_check_private_key(ctx) != 1)
        return tls_failed(e, "the certificate does not belong to the key", key_file);
    return true;
}

SSL_CTX *http_tls_create(const char *cert_file, const char *key_file, struct err *e)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    if (!ctx) {
        tls_failed(e, "cannot set up TLS for", cert_file);
        return NULL;
    }
    if (load(ctx, cert_file, key_file, e))
        return ctx;
    SSL_CTX_free(ctx);
    return NULL;
}
