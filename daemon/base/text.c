#include "daemon/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <openssl/crypto.h>

#include "daemon/base/arena.h"

struct str str_of(const char *s)
{
    return s ? (struct str){s, strlen(s)} : (struct str){"", 0};
}

bool str_is(struct str s, const char *text)
{
    return str_equal(s, str_of(text));
}

bool str_equal(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_starts(struct str s, const char *prefix)
{
    size_t n = strlen(prefix);
    return s.n >= n && (n == 0 || memcmp(s.p, prefix, n) == 0);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
    while (s.n && is_space(s.p[0]))
        s.p++, s.n--;
    while (s.n && is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

char *str_dup(struct arena *a, struct str s)
{
    return arena_strndup(a, s.p, s.n);
}

bool str_cut(struct str *s, char sep, struct str *ret_part)
{
    if (!s->p)
        return false;
    const char *at = s->n ? memchr(s->p, sep, s->n) : NULL;
    if (!at) {
        *ret_part = *s;
        *s = (struct str){NULL, 0};
        return true;
    }
    *ret_part = (struct str){s->p, (size_t)(at - s->p)};
    s->n -= ret_part->n + 1;
    s->p = at + 1;
    return true;
}

char text_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool text_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool text_is_alpha(char c)
{
    return text_lower(c) >= 'a' && text_lower(c) <= 'z';
}

bool text_same_nocase(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if (text_lower(*a) != text_lower(*b))
            return false;
    return *a == *b;
}

bool text_is_empty(const char *s)
{
    return !s || !*s;
}

/* Length of the sequence that starts at p, or 0 when it is not well-formed (RFC 3629, section 4). */
static size_t utf8_sequence(const unsigned char *p, size_t n)
{
    if (p[0] < 0x80)
        return 1;
    size_t len = p[0] >= 0xC2 && p[0] <= 0xDF ? 2 : (p[0] & 0xF0) == 0xE0 ? 3 : p[0] >= 0xF0 && p[0] <= 0xF4 ? 4 : 0;
    if (!len || len > n)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) || (p[0] == 0xF0 && p[1] < 0x90) ||
        (p[0] == 0xF4 && p[1] > 0x8F))
        return 0;
    return len;
}

bool text_is_utf8(const char *p, size_t n)
{
    const unsigned char *u = (const unsigned char *)p;
    for (size_t i = 0; i < n;) {
        size_t len = utf8_sequence(u + i, n - i);
        if (!len)
            return false;
        i += len;
    }
    return true;
}

static uint32_t utf16_unit(const char *p, bool big)
{
    const unsigned char *u = (const unsigned char *)p;
    return big ? (uint32_t)u[0] << 8 | u[1] : (uint32_t)u[1] << 8 | u[0];
}

bool text_take_utf16(struct str *in, bool big_endian, uint32_t *ret_character)
{
    if (in->n < 2)
        return false;
    uint32_t first = utf16_unit(in->p, big_endian), c = first;
    size_t n = 2;
    if (first >= 0xD800 && first <= 0xDFFF) {
        uint32_t second = in->n < 4 ? 0 : utf16_unit(in->p + 2, big_endian);
        if (first > 0xDBFF || second < 0xDC00 || second > 0xDFFF)
            return false;
        c = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        n = 4;
    }
    *ret_character = c;
    *in = (struct str){in->p + n, in->n - n};
    return true;
}

char *text_put_utf8(char *to, uint32_t c)
{
    if (c < 0x80)
        return *to++ = (char)c, to;
    unsigned more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const unsigned char lead[] = {0, 0xC0, 0xE0, 0xF0};
    *to++ = (char)(lead[more] | c >> (6 * more));
    while (more--)
        *to++ = (char)(0x80 | ((c >> (6 * more)) & 0x3F));
    return to;
}

bool text_read_i64(struct str s, int64_t min, int64_t max, int64_t *ret_value)
{
    bool negative = s.n && s.p[0] == '-';
    size_t i = negative;
    if (s.n == i || s.n - i > 19)
        return false;
    int64_t v = 0;
    for (; i < s.n; i++) {
        if (!text_is_digit(s.p[i]))
            return false;
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, s.p[i] - '0', &v))
            return false;
    }
    /* Accumulated as a negative number, because INT64_MIN has no positive counterpart. */
    if (!negative && v == INT64_MIN)
        return false;
    v = negative ? v : -v;
    if (v < min || v > max)
        return false;
    *ret_value = v;
    return true;
}

char *text_slug(struct arena *a, const char *title)
{
    enum { SLUG_MAX = 60 };
    char *out = arena_alloc(a, SLUG_MAX + 1);
    size_t n = 0;
    bool gap = false;
    for (const char *p = title; *p && n < SLUG_MAX; p++) {
        char c = text_lower(*p);
        if (text_is_digit(c) || text_is_alpha(c)) {
            if (gap && n && n < SLUG_MAX - 1)
                out[n++] = '-';
            out[n++] = c;
            gap = false;
        } else if (c != '\'') {
            gap = true;
        }
    }
    return out;
}

char *text_hex(struct arena *a, const void *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *p = bytes;
    char *out = arena_alloc(a, 2 * n + 1);
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[p[i] >> 4];
        out[2 * i + 1] = digits[p[i] & 15];
    }
    return out;
}

static int hex_value(char c)
{
    c = text_lower(c);
    return text_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool text_unhex(struct str s, unsigned char *out, size_t out_n)
{
    if (s.n != 2 * out_n)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (hex_value(s.p[i]) < 0)
            return false;
    for (size_t i = 0; i < out_n; i++)
        out[i] = (unsigned char)(hex_value(s.p[2 * i]) * 16 + hex_value(s.p[2 * i + 1]));
    return true;
}

bool text_same_secret(const char *a, const char *b)
{
    size_t n = strlen(a);
    return n == strlen(b) && CRYPTO_memcmp(a, b, n) == 0;
}

void buf_reserve(struct buf *b, size_t more)
{
    if (b->cap - b->n > more)
        return;
    size_t cap = b->cap ? b->cap : 256;
    while (cap - b->n <= more)
        if (__builtin_mul_overflow(cap, 2, &cap))
            _Exit(EX_SOFTWARE);
    b->p = memory_retake(b->p, cap);
    b->cap = cap;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
    buf_reserve(b, n);
    if (n)
        memcpy(b->p + b->n, p, n);
    b->n += n;
    b->p[b->n] = '\0';
}

void buf_adds(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_addc(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    buf_reserve(b, 32); /* what most callers print fits at the first try */
    int n = vsnprintf(b->p + b->n, b->cap - b->n, fmt, ap);
    va_end(ap);
    if (n > 0 && (size_t)n >= b->cap - b->n) {
        buf_reserve(b, (size_t)n);
        vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
    }
    if (n > 0)
        b->n += (size_t)n;
    b->p[b->n] = '\0';
    va_end(again);
}

struct str buf_str(const struct buf *b)
{
    return (struct str){b->p ? b->p : "", b->n};
}

void buf_finish(struct buf *b)
{
    free(b->p);
    *b = (struct buf){0};
}
