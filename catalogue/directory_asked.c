#include "catalogue/directory_asked.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/civil.h"
#include "daemon/base/json.h"

enum { TEXT_BYTES = 500, NUMBER_DIGITS = 12 };

/* ---- the kinds of value: each gives the text for the query, NULL when it cannot be read ---- */

static char *read_text(struct arena *a, struct str s)
{
    return s.n <= TEXT_BYTES ? str_dup(a, s) : NULL;
}

/* Counting from one. More than anybody has is as good as the most. */
static char *read_count(struct arena *a, struct str s)
{
    static const int64_t most = INT64_C(1000000000);
    int64_t n;
    return text_read_i64(s, 1, INT64_MAX, &n) ? arena_printf(a, "%lld", (long long)(n < most ? n : most)) : NULL;
}

static char *read_number(struct arena *a, struct str s)
{
    bool has_digit = false, has_point = false;
    for (size_t i = 0; i < s.n; i++) {
        if (!text_is_digit(s.p[i]) && (s.p[i] != '.' || has_point))
            return NULL;
        has_digit |= text_is_digit(s.p[i]);
        has_point |= s.p[i] == '.';
    }
    return has_digit && s.n <= NUMBER_DIGITS ? str_dup(a, s) : NULL;
}

static char *read_truth(struct arena *a, struct str s)
{
    char *word = str_dup(a, s);
    if (text_same_nocase(word, "true") || strcmp(word, "1") == 0)
        return "true";
    return text_same_nocase(word, "false") || strcmp(word, "0") == 0 ? "false" : NULL;
}

static char *read_format(struct arena *a, struct str s)
{
    return str_is(s, "json") || str_is(s, "ndjson") ? str_dup(a, s) : NULL;
}

/* Two digits up to `most` off the front. */
static bool take_two(struct str *s, int64_t most)
{
    int64_t n;
    if (s->n < 2 || !text_is_digit(s->p[0]) || !text_read_i64((struct str){s->p, 2}, 0, most, &n))
        return false;
    *s = (struct str){s->p + 2, s->n - 2};
    return true;
}

static bool take_char(struct str *s, char c)
{
    if (!s->n || *s->p != c)
        return false;
    *s = (struct str){s->p + 1, s->n - 1};
    return true;
}

/* 09:30, 09:30:00, 09:30:00.123456 */
static bool take_time(struct str *s)
{
    if (!take_two(s, 23) || !take_char(s, ':') || !take_two(s, 59))
        return false;
    if (!take_char(s, ':'))
        return true;
    if (!take_two(s, 59))
        return false;
    if (!take_char(s, '.'))
        return true;
    size_t digits = 0;
    for (; s->n && text_is_digit(*s->p); digits++)
        *s = (struct str){s->p + 1, s->n - 1};
    return digits > 0 && digits <= 9;
}

static char *read_clock(struct arena *a, struct str s)
{
    struct str rest = s;
    return take_time(&rest) && (!rest.n || str_is(rest, "Z")) ? str_dup(a, (struct str){s.p, s.n - rest.n}) : NULL;
}

/* The number of the day (ISO 8601), 1 is Monday: "Monday", "mon", "MO" as in iCalendar, or the number itself. */
static char *read_day(struct arena *a, struct str s)
{
    static const char *const days[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    for (int i = 0; i < 7; i++) {
        bool is_this = s.n >= 2 && s.n <= strlen(days[i]);
        for (size_t k = 0; is_this && k < s.n; k++)
            is_this = text_lower(s.p[k]) == days[i][k];
        if (is_this || (s.n == 1 && *s.p == '1' + i))
            return arena_printf(a, "%d", i + 1);
    }
    return NULL;
}

char *directory_moment(struct arena *a, struct str s)
{
    enum { DAY = 10 };
    int32_t day;
    if (s.n < DAY || !civil_read((struct str){s.p, DAY}, &day))
        return NULL;
    const char *date = str_dup(a, (struct str){s.p, DAY});
    struct str rest = {s.p + DAY, s.n - DAY};
    if (!rest.n)
        return arena_printf(a, "%sT00:00:00Z", date);
    if (!take_char(&rest, 'T') && !take_char(&rest, 't') && !take_char(&rest, ' '))
        return NULL;
    struct str clock = rest;
    if (!take_time(&rest))
        return NULL;
    clock.n -= rest.n;
    if (!rest.n || str_is(rest, "Z") || str_is(rest, "z"))
        return arena_printf(a, "%sT%.*sZ", date, (int)clock.n, clock.p);
    char sign = *rest.p == '-' ? '-' : '+';
    if (!take_char(&rest, '+') && !take_char(&rest, '-') && !take_char(&rest, ' '))
        return NULL;
    struct str hours = rest, minutes = STR("00");
    if (!take_two(&rest, 14))
        return NULL;
    take_char(&rest, ':');
    if (rest.n) {
        minutes = rest;
        if (!take_two(&rest, 59) || rest.n)
            return NULL;
    }
    return arena_printf(a, "%sT%.*s%c%.2s:%.2s", date, (int)clock.n, clock.p, sign, hours.p, minutes.p);
}

/* ---- the table ---- */

static const struct parameter {
    const char *name;
    char *(*read)(struct arena *a, struct str s);
    const char *form;
} parameters[] = {
    {"search", read_text, "text of at most 500 bytes"},
    {"page", read_count, "a whole number from 1"},
    {"per_page", read_count, "a whole number from 1"},
    {"format", read_format, "json or ndjson"},
    {"taxonomy_term_id", read_text, "an id"},
    {"taxonomy_id", read_text, "an id"},
    {"organization_id", read_text, "an id"},
    {"parent_id", read_text, "an id"},
    {"modified_after", directory_moment, "a date and time, such as 2026-05-03T09:30:00Z"},
    {"minimal", read_truth, "true or false"},
    {"full", read_truth, "true or false"},
    {"full_service", read_truth, "true or false"},
    {"top_only", read_truth, "true or false"},
    {"minimum_age", read_number, "a number of years"},
    {"maximum_age", read_number, "a number of years"},
    {"start_time", read_clock, "a time, such as 09:30"},
    {"end_time", read_clock, "a time, such as 17:00"},
    {"day", read_day, "a day of the week, such as Monday or MO"},
    {"postcode", read_text, "a postcode"},
    {"proximity", read_number, "a number of metres"},
};

char *directory_asked(struct arena *a, const struct http_pairs *pairs, struct err *e)
{
    struct buf out = {0};
    bool ok = true;
    buf_addc(&out, '{');
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters && ok; i++) {
        const struct parameter *p = &parameters[i];
        struct str given = str_trim(str_of(http_pair_get(pairs, p->name)));
        if (!given.n)
            continue;
        const char *value = p->read(a, given);
        ok = value || err_set(e, "The parameter %s must be %s", p->name, p->form);
        if (!ok)
            continue;
        buf_addf(&out, "%s\"%s\":", out.n > 1 ? "," : "", p->name);
        json_write_text(&out, value);
    }
    buf_addc(&out, '}');
    char *asked = ok ? str_dup(a, buf_str(&out)) : NULL;
    buf_finish(&out);
    return asked;
}
