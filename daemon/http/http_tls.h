/*
 * The TLS set-up of a listener: 1.2 and 1.3 only, forward secrecy and authenticated ciphers only, no renegotiation, no compression.
 * The context is counted by OpenSSL: connections keep the one they began with when it is replaced. Making one fails when the
 * certificate or key cannot be read or do not belong together.
 */
#ifndef DAEMON_HTTP_HTTP_TLS_H
#define DAEMON_HTTP_HTTP_TLS_H

#include <openssl/ssl.h>

#include "daemon/base/err.h"

SSL_CTX *http_tls_create(const char *cert_file, const char *key_file, struct err *e);

#endif
