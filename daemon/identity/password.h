/*
 * Passwords: Argon2id by libsodium (RFC 9106), 19 MiB and 2 passes, as a PHC string with its parameters. About 50 ms of one core: always on a helper thread.
 * Nothing is owned; password_hash fails only when memory is short.
 */
#ifndef DAEMON_IDENTITY_PASSWORD_H
#define DAEMON_IDENTITY_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

enum { PASSWORD_HASH_MAX = 128 };

bool password_hash(const char *password, char out[PASSWORD_HASH_MAX]);
/* hash NULL: the account does not exist or has no password; a hash of nobody's is checked all the same, so that time tells nothing. */
bool password_is_right(const char *hash, const char *password);

#endif
