/*
 * Slices, growing buffers and strict readers of numbers.
 * A slice (struct str) never owns its bytes; a buffer (struct buf) owns its own and is given back with buf_finish.
 * Readers return false and leave their out-parameter untouched on anything but exactly the form they document.
 */
#ifndef DAEMON_BASE_TEXT_H
#define DAEMON_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct str {
    const char *p;
    size_t n;
};

/* Only for string literals. */
#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})

struct str str_of(const char *s); /* NULL gives the empty slice */
bool str_is(struct str s, const char *text);
bool str_equal(struct str a, struct str b);
bool str_starts(struct str s, const char *prefix);
struct str str_trim(struct str s); /* ASCII space, tab, CR, LF */
char *str_dup(struct arena *a, struct str s);

/* Cuts s at the first `sep`: returns the part before it and leaves the rest in *s; false when nothing is left. */
bool str_cut(struct str *s, char sep, struct str *ret_part);

/* ASCII-only, locale-free. */
bool text_same_nocase(const char *a, const char *b);
bool text_is_empty(const char *s); /* NULL or "" */
char text_lower(char c);
bool text_is_digit(char c);
bool text_is_alpha(char c);

/* Whether the bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF). */
bool text_is_utf8(const char *p, size_t n);
/* One character from pairs of bytes, taken off the front; false, and nothing taken, when it is not all there or no character: a surrogate that stands alone. */
bool text_take_utf16(struct str *in, bool big_endian, uint32_t *ret_character);
/* Writes at most 4 bytes and returns where they end. */
char *text_put_utf8(char *to, uint32_t character);

/* Optional '-' and 1 to 19 digits, nothing else, within [min, max]. */
bool text_read_i64(struct str s, int64_t min, int64_t max, int64_t *ret_value);

/* Lower-case words joined by '-', at most 60 bytes, for the readable tail of a URL; "" when nothing is left. */
char *text_slug(struct arena *a, const char *title);

/* Lower- or upper-case hexadecimal of exactly n bytes. */
char *text_hex(struct arena *a, const void *bytes, size_t n);
bool text_unhex(struct str s, unsigned char *out, size_t out_n);

/* Equal length and content, in time that does not depend on where they differ. */
bool text_same_secret(const char *a, const char *b);

/* A growing byte buffer; zero-initialise. Always NUL-terminated behind p[n]. Ends the process when out of memory. */
struct buf {
    char *p;
    size_t n, cap;
};

void buf_add(struct buf *b, const void *p, size_t n);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_reserve(struct buf *b, size_t more);
struct str buf_str(const struct buf *b);
void buf_finish(struct buf *b);

#endif
