/*
 * Random tokens, and the references that people read out and type in.
 * Results are arena memory. Random bytes come from OpenSSL; when it cannot give any the process ends (exit 70),
 * because a predictable token is worse than none.
 *
 * A reference is seven characters that tell nothing and a check character, from the 31 letters and digits that are not mistaken for
 * each other (no 0 O 1 I L), written XXXX-XXXX. The check character is a weighted sum modulo 31 (a prime, weights 1 to 7):
 * every single wrong character and every swap of two different characters is found. The database makes them (mc.new_ref) by the same
 * rule; tests/sql compares the two.
 */
#ifndef DAEMON_BASE_ID_H
#define DAEMON_BASE_ID_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/base/text.h"

struct arena;

#define ID_ALPHABET "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

void id_random(void *out, size_t n);

/* 2 * n lower-case hexadecimal characters of n random bytes. */
char *id_token(struct arena *a, size_t n);

/* A random version 4 UUID (RFC 9562) as text: the idempotency key of a form. */
char *id_uuid(struct arena *a);
bool id_is_uuid(struct str s);

/* Reads what a person typed (spaces, hyphens and case do not matter); NULL when it is not a reference. */
char *id_ref_read(struct arena *a, struct str typed);

#endif
