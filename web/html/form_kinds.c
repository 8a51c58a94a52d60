#include "web/html/form_kinds.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/civil.h"
#include "daemon/base/money.h"

bool kind_int(struct str typed, int64_t *ret_value)
{
    char digits[24];
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (c == ' ' || (c == ',' && i > 0))
            continue;
        if (n == sizeof digits)
            return false;
        digits[n++] = c;
    }
    return text_read_i64((struct str){digits, n}, INT64_MIN + 1, INT64_MAX, ret_value);
}

/* ---- lengths of time ---- */

enum { MAX_HOURS = 10000 };

static void skip_spaces(struct str *s)
{
    while (s->n && (s->p[0] == ' ' || s->p[0] == '\t'))
        s->p++, s->n--;
}

/* Digits with up to two decimals, as hundredths. */
static bool take_hundredths(struct str *s, int64_t *ret_value, bool *ret_has_point)
{
    int64_t whole = 0, part = 0;
    size_t digits = 0, decimals = 0;
    for (; s->n && text_is_digit(s->p[0]) && digits < 6; s->p++, s->n--, digits++)
        whole = whole * 10 + (s->p[0] - '0');
    *ret_has_point = s->n && s->p[0] == '.';
    if (*ret_has_point) {
        for (s->p++, s->n--; s->n && text_is_digit(s->p[0]) && decimals < 2; s->p++, s->n--, decimals++)
            part = part * 10 + (s->p[0] - '0');
        if (!decimals)
            return false;
    }
    *ret_value = whole * 100 + (decimals == 1 ? part * 10 : part);
    return digits > 0;
}

enum unit { UNIT_NONE, UNIT_HOURS, UNIT_MINUTES, UNIT_WRONG };

static enum unit take_unit(struct str *s)
{
    static const char *const hours[] = {"h", "hr", "hrs", "hour", "hours"}, *const minutes[] = {"m", "min", "mins", "minute", "minutes"};
    char word[8] = "";
    size_t n = 0;
    skip_spaces(s);
    for (; s->n && text_is_alpha(s->p[0]) && n + 1 < sizeof word; s->p++, s->n--)
        word[n++] = text_lower(s->p[0]);
    for (size_t i = 0; i < sizeof hours / sizeof *hours; i++) {
        if (strcmp(word, hours[i]) == 0)
            return UNIT_HOURS;
        if (strcmp(word, minutes[i]) == 0)
            return UNIT_MINUTES;
    }
    return n ? UNIT_WRONG : UNIT_NONE;
}

/* The minutes behind the hours: "30", "30 minutes"; nothing is 0. */
static bool take_minutes(struct str *s, int64_t *ret_minutes)
{
    bool has_point;
    int64_t hundredths = 0;
    skip_spaces(s);
    if (s->n && (!take_hundredths(s, &hundredths, &has_point) || has_point || hundredths >= 6000))
        return false;
    enum unit u = take_unit(s);
    if (u != UNIT_NONE && u != UNIT_MINUTES)
        return false;
    *ret_minutes = hundredths / 100;
    return true;
}

bool kind_hours(struct str typed, int64_t *ret_minutes)
{
    bool has_point;
    int64_t first, minutes = 0;
    struct str s = str_trim(typed);
    if (!take_hundredths(&s, &first, &has_point))
        return false;
    bool is_clock = s.n && s.p[0] == ':' && !has_point;
    if (is_clock)
        s.p++, s.n--;
    enum unit u = is_clock ? UNIT_HOURS : take_unit(&s);
    if (is_clock && s.n != 2)
        return false;
    if (u == UNIT_WRONG || (u == UNIT_HOURS && !take_minutes(&s, &minutes)) || (minutes && has_point))
        return false;
    skip_spaces(&s);
    int64_t scaled = u == UNIT_MINUTES ? first : first * 60;
    if (s.n || scaled % 100 || scaled / 100 > MAX_HOURS * 60)
        return false;
    *ret_minutes = scaled / 100 + minutes;
    return true;
}

/* ---- times of day ---- */

/* Up to so many digits, and how many they were. */
static int take_digits(struct str *s, size_t most, size_t *ret_n)
{
    int v = 0;
    for (*ret_n = 0; s->n && text_is_digit(s->p[0]) && *ret_n < most; s->p++, s->n--, (*ret_n)++)
        v = v * 10 + (s->p[0] - '0');
    return v;
}

/* The hour with "am" or "pm" behind it on a clock of 24 hours; without either as it is. Out of range when it is none. */
static int hour_of_day(int hour, const char *half)
{
    bool is_am = text_same_nocase(half, "am"), is_pm = text_same_nocase(half, "pm");
    if (!*half)
        return hour;
    return (is_am || is_pm) && hour >= 1 && hour <= 12 ? hour % 12 + (is_pm ? 12 : 0) : 24;
}

const char *kind_time(struct arena *a, struct str typed)
{
    struct str s = str_trim(typed);
    size_t digits, decimals = 2;
    int minute = 0, hour = take_digits(&s, 4, &digits);
    if (!digits && (text_same_nocase(str_dup(a, s), "noon") || text_same_nocase(str_dup(a, s), "midday")))
        return "12:00";
    if (digits > 2) {
        minute = hour % 100;
        hour /= 100;
    } else if (s.n && (s.p[0] == ':' || s.p[0] == '.')) {
        s.p++, s.n--;
        minute = take_digits(&s, 2, &decimals);
    }
    hour = hour_of_day(hour, str_dup(a, str_trim(s)));
    if (!digits || decimals != 2 || hour > 23 || minute > 59)
        return NULL;
    return arena_printf(a, "%02d:%02d", hour, minute);
}

bool kind_date(struct str typed, int32_t *ret_day)
{
    return civil_read_typed(typed, ret_day);
}

/* ---- postcodes and addresses ---- */

static bool is_one_of(char c, const char *set)
{
    return c && strchr(set, c);
}

/* A9, A99, AA9, AA99, A9A, AA9A with the letters that occur at each place. */
static bool is_outward(const char *p, size_t n)
{
    size_t letters = text_is_alpha(p[0]) + (n > 1 && text_is_alpha(p[0]) && text_is_alpha(p[1]));
    if (!letters || n <= letters || n > letters + 2 || !text_is_digit(p[letters]) || is_one_of(p[0], "QVX"))
        return false;
    if (letters == 2 && is_one_of(p[1], "IJZ"))
        return false;
    return n == letters + 1 || text_is_digit(p[n - 1]) || text_is_alpha(p[n - 1]);
}

static bool is_inward(const char *p)
{
    return text_is_digit(p[0]) && text_is_alpha(p[1]) && text_is_alpha(p[2]) && !is_one_of(p[1], "CIKMOV") && !is_one_of(p[2], "CIKMOV");
}

const char *kind_postcode(struct arena *a, struct str typed)
{
    char code[8];
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (c == ' ' || c == '-' || c == '\t')
            continue;
        if (n == 7 || (!text_is_alpha(c) && !text_is_digit(c)))
            return NULL;
        code[n++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    if (n < 5 || !is_inward(code + n - 3) || !is_outward(code, n - 3))
        return NULL;
    return arena_printf(a, "%.*s %.3s", (int)(n - 3), code, code + n - 3);
}

bool kind_email(struct str s)
{
    const char *at = s.n ? memchr(s.p, '@', s.n) : NULL;
    if (!at || s.n > 254 || at == s.p || at - s.p > 64)
        return false;
    struct str domain = {at + 1, (size_t)(s.p + s.n - at - 1)};
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || is_one_of(s.p[i], "<>\"(),:;\\[]") || (s.p + i > at && s.p[i] == '@'))
            return false;
    bool has_dot = false;
    for (size_t i = 0; i < domain.n; i++) {
        bool is_dot = domain.p[i] == '.';
        if (is_dot && (i == 0 || i + 1 == domain.n || domain.p[i - 1] == '.'))
            return false;
        has_dot |= is_dot;
    }
    return has_dot;
}

bool kind_has_controls(const char *s, bool allow_lines)
{
    for (; *s; s++) {
        bool is_line = *s == '\n' || *s == '\t';
        if (((unsigned char)*s < 0x20 || *s == 0x7F) && !(is_line && allow_lines))
            return true;
    }
    return false;
}

int64_t kind_length(const char *s)
{
    int64_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80;
    return n;
}
