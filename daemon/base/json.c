#include "daemon/base/json.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/base/arena.h"

enum { JSON_DEPTH = 32 };

static void dispose(void *value)
{
    json_decref(value);
}

/* jansson recurses once a level: the depth is bounded here, before it runs. */
static bool depth_is_bounded(struct str text)
{
    unsigned depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (quoted) {
            if (c == '\\')
                i++;
            else if (c == '"')
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (++depth > JSON_DEPTH)
                return false;
        } else if ((c == '}' || c == ']') && depth) {
            depth--;
        }
    }
    return true;
}

void json_prepare(void)
{
    json_object_seed(0);
}

json_t *json_read(struct arena *a, struct str text, size_t max_bytes, struct err *e)
{
    if (text.n > max_bytes) {
        err_set(e, "the JSON text has %zu bytes; the limit is %zu", text.n, max_bytes);
        return NULL;
    }
    if (!depth_is_bounded(text)) {
        err_set(e, "the JSON text is nested more than %d levels deep", JSON_DEPTH);
        return NULL;
    }
    json_error_t at;
    /* jansson 2.14 asserts where its lexer gets no memory, which would be a crash by signal. */
    json_set_alloc_funcs(memory_take, free);
    json_t *value = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &at);
    if (!value) {
        err_set(e, "line %d, column %d: %s", at.line, at.column, at.text);
        return NULL;
    }
    arena_attach(a, dispose, value);
    return value;
}

const char *json_text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

int64_t json_int(const json_t *object, const char *key, int64_t otherwise)
{
    const json_t *v = json_object_get(object, key);
    return json_is_integer(v) ? json_integer_value(v) : otherwise;
}

static size_t sequence_length(const char *p, size_t n)
{
    for (size_t len = 1; len <= 4 && len <= n; len++)
        if (text_is_utf8(p, len))
            return len;
    return 0;
}

/* Bytes from here on that stand for themselves: most text is nothing else. */
static size_t plain_length(const char *p, size_t n)
{
    size_t i = 0;
    while (i < n && p[i] >= 0x20 && p[i] < 0x7F && p[i] != '"' && p[i] != '\\')
        i++;
    return i;
}

void json_write_str(struct buf *b, struct str s)
{
    buf_addc(b, '"');
    for (size_t i = 0; i < s.n;) {
        size_t plain = plain_length(s.p + i, s.n - i);
        if (plain) {
            buf_add(b, s.p + i, plain);
            i += plain;
            continue;
        }
        unsigned char c = (unsigned char)s.p[i];
        size_t len = sequence_length(s.p + i, s.n - i);
        /* NUL is legal JSON, but neither jansson nor PostgreSQL's jsonb takes it. */
        if (!len || c == 0) {
            buf_adds(b, "\xEF\xBF\xBD");
            i++;
            continue;
        }
        if (c == '"' || c == '\\') {
            buf_addc(b, '\\');
            buf_addc(b, (char)c);
        } else if (c == '\n') {
            buf_adds(b, "\\n");
        } else if (c < 0x20 || c == 0x7F) {
            buf_addf(b, "\\u%04x", c);
        } else {
            buf_add(b, s.p + i, len);
        }
        i += len;
    }
    buf_addc(b, '"');
}

void json_write_text(struct buf *b, const char *s)
{
    if (s)
        json_write_str(b, str_of(s));
    else
        buf_adds(b, "null");
}
