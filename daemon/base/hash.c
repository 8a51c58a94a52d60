#include "daemon/base/hash.h"

#include <stdlib.h>
#include <sysexits.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

void hash_sha256(struct str data, unsigned char out[HASH_BYTES])
{
    unsigned n = HASH_BYTES;
    if (EVP_Digest(data.p, data.n, out, &n, EVP_sha256(), NULL) != 1)
        _Exit(EX_SOFTWARE);
}

void hash_hmac(struct str key, struct str data, unsigned char out[HASH_BYTES])
{
    unsigned n = HASH_BYTES;
    if (!HMAC(EVP_sha256(), key.p, (int)key.n, (const unsigned char *)data.p, data.n, out, &n))
        _Exit(EX_SOFTWARE);
}

char *hash_sha256_hex(struct arena *a, struct str data)
{
    unsigned char d[HASH_BYTES];
    hash_sha256(data, d);
    return text_hex(a, d, sizeof d);
}

char *hash_hmac_hex(struct arena *a, struct str key, struct str data)
{
    unsigned char d[HASH_BYTES];
    hash_hmac(key, data, d);
    return text_hex(a, d, sizeof d);
}
