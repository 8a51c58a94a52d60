/*
 * SHA-256 and HMAC-SHA-256 (FIPS 180-4, RFC 2104) on OpenSSL. Nothing is owned. A failure inside OpenSSL ends the
 * process, because no caller could go on without the digest.
 */
#ifndef DAEMON_BASE_HASH_H
#define DAEMON_BASE_HASH_H

#include "daemon/base/text.h"

enum { HASH_BYTES = 32 };

void hash_sha256(struct str data, unsigned char out[HASH_BYTES]);
void hash_hmac(struct str key, struct str data, unsigned char out[HASH_BYTES]);

/* 64 lower-case hexadecimal characters. */
char *hash_sha256_hex(struct arena *a, struct str data);
char *hash_hmac_hex(struct arena *a, struct str key, struct str data);

#endif
