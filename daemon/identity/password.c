#include "daemon/identity/password.h"

#include <string.h>

#include <sodium.h>

_Static_assert(PASSWORD_HASH_MAX >= crypto_pwhash_STRBYTES, "a PHC string fits");

enum { MEMORY = 19 * 1024 * 1024, PASSES = 2 };

bool password_hash(const char *password, char out[PASSWORD_HASH_MAX])
{
    return sodium_init() >= 0 && crypto_pwhash_str_alg(out, password, strlen(password), PASSES, MEMORY, crypto_pwhash_ALG_ARGON2ID13) == 0;
}

bool password_is_right(const char *hash, const char *password)
{
    static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$eHqQ9dYQkZdkcJL4BDzVU3nnqp0bHp2W1rKcv0C2Z7k";
    if (sodium_init() < 0)
        return false;
    bool matches = crypto_pwhash_str_verify(hash ? hash : nobody, password, strlen(password)) == 0;
    return hash && matches;
}
