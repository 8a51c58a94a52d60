#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/http/http_codec.h"

enum { PARTS_MAX = 100, PART_HEAD_MAX = 4096, PART_FIELDS_MAX = 8, BOUNDARY_MAX = 70, NAME_MAX_BYTES = 1024 };

/* ---- parameters: ; name="value" ---- */

/* Cuts one value: a token, or a quoted string. Browsers send backslashes as they are, other programs escape the quote with one. */
static bool cut_value(struct arena *a, struct str *s, struct str *ret_value)
{
    if (s->n && s->p[0] == '"') {
        char *out = arena_alloc(a, s->n);
        size_t n = 0, i = 1;
        for (; i < s->n && s->p[i] != '"'; i++) {
            if (s->p[i] == '\\' && i + 1 < s->n && s->p[i + 1] == '"')
                i++;
            out[n++] = s->p[i];
        }
        if (i >= s->n)
            return false;
        *ret_value = (struct str){out, n};
        s->p += i + 1, s->n -= i + 1;
        return true;
    }
    size_t n = 0;
    while (n < s->n && s->p[n] != ';' && s->p[n] != ' ' && s->p[n] != '\t')
        n++;
    *ret_value = (struct str){s->p, n};
    s->p += n, s->n -= n;
    return codec_is_token(*ret_value);
}

/* Finds one parameter behind the first word of a value such as `form-data; name="a"`. ret_value->p is NULL when it is absent; false when the
 * value cannot be read, or has it twice. */
static bool find_parameter(struct arena *a, struct str s, const char *name, struct str *ret_value)
{
    struct str key, value;
    *ret_value = (struct str){NULL, 0};
    const char *semicolon = s.n ? memchr(s.p, ';', s.n) : NULL;
    while (semicolon) {
        s = (struct str){semicolon + 1, s.n - (size_t)(semicolon + 1 - s.p)};
        if (!str_cut(&s, '=', &key) || !s.p || !cut_value(a, &s, &value))
            return false;
        key = str_trim(key);
        if (key.n == strlen(name) && strncasecmp(key.p, name, key.n) == 0) {
            if (ret_value->p)
                return false;
            *ret_value = value;
        }
        s = str_trim(s);
        if (s.n && s.p[0] != ';')
            return false;
        semicolon = s.n ? s.p : NULL;
    }
    return true;
}

static bool is_boundary(struct str s)
{
    static const char marks[] = "'()+_,-./:=? ";
    for (size_t i = 0; i < s.n; i++)
        if (!text_is_alpha(s.p[i]) && !text_is_digit(s.p[i]) && !memchr(marks, s.p[i], sizeof marks - 1))
            return false;
    return s.n > 0 && s.n <= BOUNDARY_MAX && s.p[s.n - 1] != ' ';
}

/* The delimiter that stands between parts, CR LF "--" boundary (RFC 2046, 5.1.1). */
static bool read_delimiter(struct arena *a, struct str content_type, struct str *ret_delimiter)
{
    static const char type[] = "multipart/form-data";
    size_t n = sizeof type - 1;
    struct str boundary;
    if (content_type.n <= n || strncasecmp(content_type.p, type, n) != 0 || !strchr("; \t", content_type.p[n]))
        return false;
    if (!find_parameter(a, content_type, "boundary", &boundary) || !boundary.p || !is_boundary(boundary))
        return false;
    *ret_delimiter = str_of(arena_printf(a, "\r\n--%.*s", (int)boundary.n, boundary.p));
    return true;
}

/* ---- one part ---- */

static bool is_clean_text(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F)
            return false;
    return text_is_utf8(s.p, s.n);
}

/* What a person sees of a file name: no folders, whichever way their system writes them. */
static const char *base_name(struct arena *a, struct str s)
{
    for (size_t i = s.n; i > 0; i--)
        if (s.p[i - 1] == '/' || s.p[i - 1] == '\\')
            return arena_strndup(a, s.p + i, s.n - i);
    return str_dup(a, s);
}

static bool read_disposition(struct arena *a, struct str value, struct http_pair *part)
{
    struct str rest = value, kind, name, file;
    str_cut(&rest, ';', &kind);
    kind = str_trim(kind);
    if (part->name || kind.n != 9 || strncasecmp(kind.p, "form-data", 9) != 0)
        return false;
    if (!find_parameter(a, value, "name", &name) || !find_parameter(a, value, "filename", &file))
        return false;
    if (!name.p || name.n > NAME_MAX_BYTES || file.n > NAME_MAX_BYTES || !is_clean_text(name) || !is_clean_text(file))
        return false;
    part->name = str_dup(a, name);
    part->file_name = file.p ? base_name(a, file) : NULL;
    return true;
}

static bool read_part_field(struct arena *a, struct str line, struct http_pair *part)
{
    struct str name;
    if (!str_cut(&line, ':', &name) || !line.p || !codec_is_token(name) || !is_clean_text(line))
        return false;
    struct str value = str_trim(line);
    if (name.n == 19 && strncasecmp(name.p, "content-disposition", 19) == 0)
        return read_disposition(a, value, part);
    if (name.n == 12 && strncasecmp(name.p, "content-type", 12) == 0)
        part->file_type = str_dup(a, value);
    /* RFC 7578, 4.7: nobody encodes parts any more, and nobody may start here. */
    return name.n != 25 || strncasecmp(name.p, "content-transfer-encoding", 25) != 0 || str_is(value, "binary") || str_is(value, "8bit");
}

/* Cuts the lines before the first empty one off *part_bytes. */
static bool read_part_head(struct arena *a, struct str *bytes, struct http_pair *part)
{
    for (unsigned lines = 0; lines <= PART_FIELDS_MAX; lines++) {
        const char *end = memmem(bytes->p, bytes->n < PART_HEAD_MAX ? bytes->n : PART_HEAD_MAX, "\r\n", 2);
        if (!end)
            return false;
        struct str line = {bytes->p, (size_t)(end - bytes->p)};
        bytes->n -= line.n + 2;
        bytes->p = end + 2;
        if (line.n == 0)
            return part->name != NULL;
        if (!read_part_field(a, line, part))
            return false;
    }
    return false;
}

static const char *fold_lines(struct arena *a, struct str s)
{
    char *out = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '\n' || i == 0 || s.p[i - 1] != '\r')
            out[n++] = s.p[i] == '\r' ? '\n' : s.p[i];
    return out;
}

static bool read_part(struct arena *a, struct str bytes, struct http_pair *part, struct err *e)
{
    if (!read_part_head(a, &bytes, part))
        return err_set(e, "the head of a part cannot be read");
    part->value = "";
    part->bytes = (struct str){"", 0};
    if (part->file_name) {
        part->bytes = bytes;
        part->file_type = part->file_type ? part->file_type : "application/octet-stream";
        return true;
    }
    if ((bytes.n && memchr(bytes.p, '\0', bytes.n)) || !text_is_utf8(bytes.p, bytes.n))
        return err_set(e, "the field %s is not valid UTF-8 text", part->name);
    part->value = fold_lines(a, bytes);
    part->file_type = NULL;
    return true;
}

/* ---- the body ---- */

/* Behind a delimiter: CRLF when a part follows, "--" at the end. Returns the bytes taken, 0 when it is neither. */
static size_t after_delimiter(struct str rest, bool *ret_is_last)
{
    *ret_is_last = str_is(rest, "--") || str_is(rest, "--\r\n");
    return *ret_is_last || str_starts(rest, "\r\n") ? 2 : 0;
}

static bool read_parts(struct arena *a, struct str rest, struct str delimiter, struct http_pairs *pairs, struct err *e)
{
    bool is_last;
    while (true) {
        if (!after_delimiter(rest, &is_last))
            return err_set(e, "the parts are not separated as announced");
        if (is_last)
            return true;
        if (pairs->n == PARTS_MAX)
            return err_set(e, "more than %d parts", PARTS_MAX);
        rest.p += 2, rest.n -= 2;
        const char *end = memmem(rest.p, rest.n, delimiter.p, delimiter.n);
        if (!end)
            return err_set(e, "the last part has no end");
        struct str part = {rest.p, (size_t)(end - rest.p)};
        if (!read_part(a, part, &pairs->items[pairs->n], e))
            return false;
        pairs->n++;
        rest.n -= part.n + delimiter.n;
        rest.p = end + delimiter.n;
    }
}

bool http_read_multipart(struct arena *a, struct str body, struct str content_type, struct http_pairs *ret, struct err *e)
{
    struct str delimiter;
    if (!read_delimiter(a, content_type, &delimiter))
        return err_set(e, "not multipart/form-data with a boundary");
    /* The first delimiter has no line end before it. */
    if (!str_starts(body, delimiter.p + 2))
        return err_set(e, "the body does not start with its boundary");
    struct http_pairs pairs = {arena_array(a, PARTS_MAX, sizeof *pairs.items), 0};
    size_t first = delimiter.n - 2;
    if (!read_parts(a, (struct str){body.p + first, body.n - first}, delimiter, &pairs, e))
        return false;
    *ret = pairs;
    return true;
}
