#include "daemon/http/http_codec.h"

#include <string.h>

#include "daemon/base/arena.h"

/* unreserved and sub-delims of RFC 3986, which stand for themselves in a path and in a host name. */
static bool is_plain(char c)
{
    return text_is_alpha(c) || text_is_digit(c) || (c && strchr("-._~!$&'()*+,;=", c));
}

static bool is_path_char(char c)
{
    return is_plain(c) || c == ':' || c == '@' || c == '/' || c == '%';
}

/* Browsers leave more characters as they are in a query than RFC 3986 has; none of them can end the target. */
static bool is_query_char(char c)
{
    return c > 0x20 && c < 0x7F && !strchr("\"<>#", c);
}

static bool all_of(struct str s, bool (*allows)(char))
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char byte;
        if (!allows(s.p[i]))
            return false;
        if (s.p[i] == '%' && (s.n - i < 3 || !text_unhex((struct str){s.p + i + 1, 2}, &byte, 1)))
            return false;
    }
    return true;
}

/* Decodes well-formed escapes. A slash, backslash or control character must not appear by decoding, because what was one segment
 * to every program in front of us would be something else here. */
static bool decode(struct str s, char *out, size_t *ret_n)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%') {
            unsigned char byte = 0;
            text_unhex((struct str){s.p + i + 1, 2}, &byte, 1);
            i += 2;
            c = (char)byte;
            if (byte < 0x20 || byte == 0x7F || c == '/' || c == '\\')
                return false;
        }
        out[n++] = c;
    }
    *ret_n = n;
    return true;
}

/* C1 control characters, U+0080 to U+009F, are C2 80 to C2 9F in UTF-8. */
static bool has_c1(const char *p, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++)
        if ((unsigned char)p[i] == 0xC2 && (unsigned char)p[i + 1] < 0xA0)
            return true;
    return false;
}

/* The last segment may be empty: "/" itself, and a trailing slash. */
static bool segments_are_fine(struct str path)
{
    struct str rest = {path.p + 1, path.n - 1}, segment;
    while (str_cut(&rest, '/', &segment))
        if (str_is(segment, ".") || str_is(segment, "..") || (segment.n == 0 && rest.p))
            return false;
    return true;
}

int codec_read_target(struct arena *a, struct str target, struct str *ret_path, struct str *ret_query)
{
    struct str raw = target, query = {"", 0};
    const char *mark = target.n ? memchr(target.p, '?', target.n) : NULL;
    if (mark) {
        raw.n = (size_t)(mark - target.p);
        query = (struct str){mark + 1, target.n - raw.n - 1};
    }
    if (raw.n == 0 || raw.p[0] != '/' || !all_of(raw, is_path_char) || !all_of(query, is_query_char))
        return 400;
    char *out = arena_alloc(a, raw.n + 1);
    size_t n;
    if (!decode(raw, out, &n) || !text_is_utf8(out, n) || has_c1(out, n) || !segments_are_fine((struct str){out, n}))
        return 400;
    *ret_path = (struct str){out, n};
    *ret_query = query;
    return 0;
}

/* ---- Host ---- */

static bool is_literal_char(char c)
{
    return c == ':' || c == '.' || text_is_digit(c) || (text_lower(c) >= 'a' && text_lower(c) <= 'f');
}

/* Splits "name", "name:80", "[::1]:80"; false when it is not a host. */
static bool split_host(struct str value, struct str *ret_name)
{
    const char *close = value.n && value.p[0] == '[' ? memchr(value.p, ']', value.n) : NULL;
    struct str name = value, port = {NULL, 0};
    const char *from = close ? close + 1 : value.p;
    const char *colon = memchr(from, ':', value.n - (size_t)(from - value.p));
    if (colon) {
        name.n = (size_t)(colon - value.p);
        port = (struct str){colon + 1, value.n - name.n - 1};
    }
    if (close && (name.n != (size_t)(close + 1 - value.p) || !all_of((struct str){name.p + 1, name.n - 2}, is_literal_char)))
        return false;
    if (!close && !all_of(name, is_plain))
        return false;
    int64_t number;
    if (colon && (port.n > 5 || !text_read_i64(port, 1, 65535, &number)))
        return false;
    *ret_name = name;
    return name.n > 0;
}

int codec_check_host(struct str value, const struct str *hosts, size_t hosts_n)
{
    struct str name;
    if (value.n == 0 || !split_host(value, &name))
        return 400;
    for (size_t i = 0; i < hosts_n; i++)
        if (hosts[i].n == name.n && strncasecmp(hosts[i].p, name.p, name.n) == 0)
            return 0;
    return 421;
}
