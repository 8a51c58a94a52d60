#include "daemon/base/id.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <openssl/rand.h>

#include "daemon/base/arena.h"

enum { REF_CHARS = 8, REF_BASE = 31 };

void id_random(void *out, size_t n)
{
    if (n > INT32_MAX || RAND_bytes(out, (int)n) != 1) {
        fputs("id.no_random\n", stderr);
        _Exit(EX_SOFTWARE);
    }
}

char *id_token(struct arena *a, size_t n)
{
    unsigned char *bytes = arena_alloc(a, n);
    id_random(bytes, n);
    return text_hex(a, bytes, n);
}

char *id_uuid(struct arena *a)
{
    unsigned char b[16];
    id_random(b, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0F) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3F) | 0x80);
    const char *h = text_hex(a, b, sizeof b);
    return arena_printf(a, "%.8s-%.4s-%.4s-%.4s-%.12s", h, h + 8, h + 12, h + 16, h + 20);
}

bool id_is_uuid(struct str s)
{
    if (s.n != 36)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        char c = text_lower(s.p[i]);
        if (hyphen ? c != '-' : !(text_is_digit(c) || (c >= 'a' && c <= 'f')))
            return false;
    }
    return true;
}

static int ref_value(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    const char *at = c ? strchr(ID_ALPHABET, c) : NULL;
    return at ? (int)(at - ID_ALPHABET) : -1;
}

static char ref_check(const char *seven)
{
    int sum = 0;
    for (int i = 0; i < REF_CHARS - 1; i++)
        sum += (i + 1) * ref_value(seven[i]);
    return ID_ALPHABET[sum % REF_BASE];
}

char *id_ref_read(struct arena *a, struct str typed)
{
    char c[REF_CHARS];
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        if (typed.p[i] == ' ' || typed.p[i] == '-')
            continue;
        int v = ref_value(typed.p[i]);
        if (v < 0 || n == REF_CHARS)
            return NULL;
        c[n++] = ID_ALPHABET[v];
    }
    if (n != REF_CHARS || ref_check(c) != c[REF_CHARS - 1])
        return NULL;
    return arena_printf(a, "%.4s-%.4s", c, c + 4);
}
