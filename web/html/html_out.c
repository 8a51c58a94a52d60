#include "web/html/html.h"

#include <inttypes.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/civil.h"
#include "daemon/base/money.h"

void html_lit_bytes(struct html *o, const char *p, size_t n)
{
    buf_add(o->out, p, n);
}

/* How many bytes the well-formed UTF-8 character at p has; 0 when it is none. */
static size_t character_length(const char *p)
{
    unsigned char c = (unsigned char)*p;
    size_t n = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    return strnlen(p, n) == n && text_is_utf8(p, n) ? n : 0;
}

static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static bool is_control(char c)
{
    return ((unsigned char)c < 0x20 && c != '\n' && c != '\t') || c == 0x7F;
}

/* Writes one character and returns how many bytes of s it took. */
static size_t write_character(struct html *o, const char *s)
{
    size_t n = character_length(s);
    const char *instead = entity(*s);
    if (n == 0 || is_control(*s))
        instead = "\xEF\xBF\xBD";
    if (instead)
        buf_adds(o->out, instead);
    else
        buf_add(o->out, s, n);
    return n ? n : 1;
}

/* Bytes that stand for themselves in text and attributes. */
static size_t plain_run(const char *s)
{
    size_t n = 0;
    while ((unsigned char)s[n] >= 0x20 && (unsigned char)s[n] < 0x7F && !entity(s[n]))
        n++;
    return n;
}

void html_text(struct html *o, const char *s)
{
    while (s && *s) {
        size_t n = plain_run(s);
        if (n)
            buf_add(o->out, s, n);
        else
            n = write_character(o, s);
        s += n;
    }
}

void html_lines(struct html *o, const char *s)
{
    while (s && *s) {
        if (*s == '\n') {
            html_lit(o, "<br>");
            s++;
        } else {
            s += write_character(o, s);
        }
    }
}

static bool is_unreserved(char c)
{
    return text_is_alpha(c) || text_is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

void html_url_part(struct html *o, const char *s)
{
    while (s && *s) {
        size_t n = character_length(s);
        const char *from = n ? s : "\xEF\xBF\xBD";
        for (size_t i = 0; i < (n ? n : 3); i++)
            if (is_unreserved(from[i]))
                buf_addc(o->out, from[i]);
            else
                buf_addf(o->out, "%%%02X", (unsigned char)from[i]);
        s += n ? n : 1;
    }
}

/* Browsers drop tabs and line ends inside an address and read \ as /, so an address with one of them is not taken for what it seems. */
static bool has_tricks(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s <= 0x20 || *s == 0x7F || *s == '\\')
            return true;
    return false;
}

static bool is_safe_url(const char *s)
{
    static const char *const schemes[] = {"https://", "http://", "mailto:", "tel:"};
    if (has_tricks(s))
        return false;
    if (*s == '/')
        return s[1] != '/';
    if (*s == '?' || *s == '#')
        return true;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (str_starts(str_of(s), schemes[i]))
            return true;
    return false;
}

void html_url(struct html *o, const char *s)
{
    if (text_is_empty(s))
        return;
    html_text(o, is_safe_url(s) ? s : "#");
}

void html_int(struct html *o, int64_t v)
{
    buf_addf(o->out, "%" PRId64, v);
}

void html_money(struct html *o, int64_t pence)
{
    buf_adds(o->out, money_text(o->arena, pence));
}

void html_money_plain(struct html *o, int64_t pence)
{
    buf_adds(o->out, money_plain(o->arena, pence));
}

void html_date(struct html *o, int32_t day)
{
    html_text(o, civil_text(o->arena, day));
}

void html_date_long(struct html *o, int32_t day)
{
    html_text(o, civil_long(o->arena, day));
}

void html_date_brief(struct html *o, int32_t day)
{
    html_text(o, civil_brief(o->arena, day));
}

void html_date_iso(struct html *o, int32_t day)
{
    html_text(o, civil_iso(o->arena, day));
}

void html_real(struct html *o, double v)
{
    buf_addf(o->out, "%.1f", v);
}

void html_safe(struct html *o, struct html_safe s)
{
    buf_add(o->out, s.markup.p, s.markup.n);
}

/* ---- parts ---- */

static void dispose_buf(void *b)
{
    buf_finish(b);
}

struct html html_part(const struct html *o)
{
    struct buf *b = arena_alloc(o->arena, sizeof *b);
    arena_attach(o->arena, dispose_buf, b);
    return (struct html){.out = b, .arena = o->arena};
}

void html_part_add(struct html *part, const char *s)
{
    buf_adds(part->out, s ? s : "");
}

const char *html_part_text(struct html *part)
{
    return part->out->n ? part->out->p : "";
}

struct html_safe html_part_markup(struct html *part)
{
    return (struct html_safe){buf_str(part->out)};
}
