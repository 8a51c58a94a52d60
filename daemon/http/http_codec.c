#include "daemon/http/http_codec.h"

#include <string.h>

#include "daemon/base/arena.h"

static const char *const method_names[HTTP_METHODS] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

const char *http_method_name(enum http_method m)
{
    return m < HTTP_METHODS ? method_names[m] : "";
}

static bool is_token_char(char c)
{
    return text_is_alpha(c) || text_is_digit(c) || (c && strchr("!#$%&'*+-.^_`|~", c));
}

bool codec_is_token(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_token_char(s.p[i]))
            return false;
    return s.n > 0;
}

/* What may stand in a field value: visible characters, space, tab and obs-text (RFC 9110, 5.5). */
static bool is_value_char(char c)
{
    unsigned char u = (unsigned char)c;
    return u == '\t' || (u >= 0x20 && u != 0x7F);
}

/* ---- finding the end of a head ---- */

/* Which limit a head of n bytes breaks: a long first line is a long target. */
static int head_too_large(const struct codec_scan *scan, size_t n)
{
    enum { AROUND_TARGET = sizeof "OPTIONS  HTTP/1.1\r\n" - 1 };
    if (scan->lines == 0 && n > HTTP_TARGET_MAX + AROUND_TARGET)
        return 414;
    return n > HTTP_HEAD_MAX || scan->lines > HTTP_FIELDS_MAX + 1 ? 431 : 0;
}

int codec_scan_head(struct codec_scan *scan, const char *p, size_t n)
{
    while (scan->at < n && !scan->is_complete) {
        char c = p[scan->at];
        if (c == '\r') {
            if (scan->at + 1 == n)
                break;
            if (p[scan->at + 1] != '\n')
                return 400;
            scan->at += 2;
            if (scan->at - scan->line_start == 2) {
                if (scan->lines == 0)
                    return 400;
                scan->is_complete = true;
            } else {
                scan->lines++;
                scan->line_start = scan->at;
            }
        } else if (is_value_char(c)) {
            scan->at++;
        } else {
            return 400;
        }
        int status = head_too_large(scan, scan->at);
        if (status)
            return status;
    }
    return 0;
}

/* ---- the request line ---- */

static int read_method(struct str s, enum http_method *ret_method)
{
    for (int m = 0; m < HTTP_METHODS; m++) {
        if (str_is(s, method_names[m])) {
            *ret_method = (enum http_method)m;
            return 0;
        }
    }
    if (str_is(s, "TRACE") || str_is(s, "CONNECT"))
        return 405;
    return codec_is_token(s) ? 501 : 400;
}

static int read_version(struct str s, int *ret_minor)
{
    if (s.n != 8 || !str_starts(s, "HTTP/") || !text_is_digit(s.p[5]) || s.p[6] != '.' || !text_is_digit(s.p[7]))
        return 400;
    if (s.p[5] != '1' || s.p[7] > '1')
        return 505;
    *ret_minor = s.p[7] - '0';
    return 0;
}

static int read_request_line(struct arena *a, struct str line, struct codec_head *h)
{
    struct str method, target;
    if (!str_cut(&line, ' ', &method) || !str_cut(&line, ' ', &target) || !line.p)
        return 400;
    int status = read_method(method, &h->method);
    if (status == 400)
        return status;
    int version = read_version(line, &h->minor);
    if (version || status)
        return version ? version : status;
    if (target.n > HTTP_TARGET_MAX)
        return 414;
    h->target = target;
    return codec_read_target(a, target, &h->path, &h->query);
}

/* ---- fields ---- */

static struct str trim_blanks(struct str s)
{
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
        s.p++, s.n--;
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

/* One field line without its CRLF. A folded line starts with a blank, which no token does. */
static bool read_field(char *p, size_t n, struct http_field *ret_field)
{
    char *colon = memchr(p, ':', n);
    struct str name = {p, colon ? (size_t)(colon - p) : 0};
    if (!colon || !codec_is_token(name))
        return false;
    struct str value = {colon + 1, n - name.n - 1};
    for (size_t i = 0; i < value.n; i++)
        if (!is_value_char(value.p[i]))
            return false;
    for (size_t i = 0; i < name.n; i++)
        p[i] = text_lower(p[i]);
    *ret_field = (struct http_field){name, trim_blanks(value)};
    return true;
}

static int read_length(struct str s, uint64_t *ret_length)
{
    uint64_t v = 0;
    if (s.n == 0 || s.n > HTTP_LENGTH_DIGITS)
        return 400;
    for (size_t i = 0; i < s.n; i++) {
        if (!text_is_digit(s.p[i]))
            return 400;
        v = v * 10 + (uint64_t)(s.p[i] - '0');
    }
    *ret_length = v;
    return 0;
}

static bool list_names_close(struct str list)
{
    struct str part;
    while (str_cut(&list, ',', &part)) {
        part = trim_blanks(part);
        if (part.n == 5 && strncasecmp(part.p, "close", 5) == 0)
            return true;
    }
    return false;
}

static int read_expectation(struct str value, struct codec_head *h)
{
    if (value.n != 12 || strncasecmp(value.p, "100-continue", 12) != 0)
        return 417;
    h->expects_continue = h->minor == 1;
    return 0;
}

struct framing {
    unsigned hosts, lengths, codings;
};

/* Takes notice of the fields that decide where this request ends and who it is for. */
static int apply_field(const struct http_field *f, struct codec_head *h, struct framing *seen)
{
    if (str_is(f->name, "host")) {
        h->host = f->value;
        return ++seen->hosts > 1 ? 400 : 0;
    }
    if (str_is(f->name, "content-length"))
        return ++seen->lengths > 1 ? 400 : read_length(f->value, &h->length);
    if (str_is(f->name, "transfer-encoding")) {
        h->is_chunked = true;
        return ++seen->codings > 1 || h->minor == 0 || !str_is(f->value, "chunked") ? 400 : 0;
    }
    if (str_is(f->name, "connection"))
        h->closes = h->closes || list_names_close(f->value);
    if (str_is(f->name, "expect"))
        return read_expectation(f->value, h);
    return 0;
}

/* The first thing that is wrong decides, except that broken framing (400) outranks an expectation (417). */
static int read_fields(char *p, size_t n, struct codec_head *h, struct framing *seen)
{
    int expectation = 0;
    for (char *end; n > 2; n -= (size_t)(end + 2 - p), p = end + 2) {
        end = memmem(p, n, "\r\n", 2);
        if (!end)
            return 400;
        if (h->fields_n == HTTP_FIELDS_MAX)
            return 431;
        struct http_field *f = &h->fields[h->fields_n];
        if (!read_field(p, (size_t)(end - p), f))
            return 400;
        h->fields_n++;
        int status = apply_field(f, h, seen);
        if (status == 417)
            expectation = status;
        else if (status)
            return status;
    }
    return expectation;
}

int codec_read_head(struct arena *a, char *p, size_t n, struct codec_head *h)
{
    struct framing seen = {0};
    memset(h, 0, sizeof *h);
    char *end = memmem(p, n, "\r\n", 2);
    if (!end)
        return 400;
    int line = read_request_line(a, (struct str){p, (size_t)(end - p)}, h);
    if (line)
        return line;
    int status = read_fields(end + 2, n - (size_t)(end + 2 - p), h, &seen);
    if (status && status != 417)
        return status;
    if ((seen.hosts == 0 && h->minor == 1) || (seen.lengths && seen.codings))
        return 400;
    if (h->minor == 0)
        h->closes = true;
    if (h->length == 0 && !h->is_chunked)
        h->expects_continue = false;
    return status;
}
