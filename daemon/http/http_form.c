#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/http/http.h"

enum { PAIRS_MAX = 1000 };

const char *http_pair_get(const struct http_pairs *p, const char *name)
{
    for (size_t i = 0; i < p->n; i++)
        if (strcmp(p->items[i].name, name) == 0)
            return p->items[i].value;
    return NULL;
}

/* Decodes '+' and escapes and makes one LF of every line end (CRLF, CR, LF); NULL when an escape is broken or the result is not text. */
static char *decode(struct arena *a, struct str s)
{
    char *out = arena_alloc(a, s.n + 1);
    size_t n = 0;
    char before = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i] == '+' ? ' ' : s.p[i];
        if (c == '%') {
            unsigned char byte;
            if (s.n - i < 3 || !text_unhex((struct str){s.p + i + 1, 2}, &byte, 1))
                return NULL;
            i += 2;
            c = (char)byte;
        }
        if (c == '\0')
            return NULL;
        if (c != '\n' || before != '\r')
            out[n++] = c == '\r' ? '\n' : c;
        before = c;
    }
    out[n] = '\0';
    return text_is_utf8(out, n) ? out : NULL;
}

static bool read_pair(struct arena *a, struct str piece, struct http_pair *ret_pair, struct err *e)
{
    struct str name;
    str_cut(&piece, '=', &name);
    const char *key = decode(a, name), *value = decode(a, piece);
    if (!key || !value)
        return err_set(e, "a field is not valid UTF-8 text or has a broken %% escape");
    *ret_pair = (struct http_pair){.name = key, .value = value, .bytes = {"", 0}};
    return true;
}

static size_t count_pieces(struct str text)
{
    size_t n = 1;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '&';
    return n;
}

bool http_read_urlencoded(struct arena *a, struct str text, struct http_pairs *ret, struct err *e)
{
    size_t pieces = count_pieces(text);
    if (pieces > PAIRS_MAX)
        return err_set(e, "more than %d fields", PAIRS_MAX);
    struct http_pairs pairs = {arena_array(a, pieces, sizeof *pairs.items), 0};
    struct str piece;
    while (str_cut(&text, '&', &piece)) {
        if (piece.n == 0)
            continue;
        if (!read_pair(a, piece, &pairs.items[pairs.n], e))
            return false;
        pairs.n++;
    }
    *ret = pairs;
    return true;
}
