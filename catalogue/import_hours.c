#include "catalogue/import_hours.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/civil.h"
#include "daemon/base/json.h"

enum { DAYS = 7, DATE = 10, HOURS = 13 /* "2 10:00 12:00" */ };

static bool is_word(struct str s, const char *word, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (i >= s.n || text_lower(s.p[i]) != word[i])
            return false;
    return s.n == n;
}

/* "TU" as in iCalendar, or the whole name; 0 for anything else, such as the second Tuesday of a month. */
static int day_of(struct str s)
{
    static const char *const days[DAYS] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    for (int i = 0; i < DAYS; i++)
        if (is_word(s, days[i], 2) || is_word(s, days[i], strlen(days[i])))
            return i + 1;
    return 0;
}

/* 9:00, 09:00, 09:00:00, with the zone of England or none: feeds put it behind what the clock shows. */
static bool read_time(const char *text, char ret[6])
{
    static const char *const zones[] = {"", "Z", "+00:00", "-00:00", "+01:00"};
    struct str s = text ? str_trim(str_of(text)) : (struct str){"", 0};
    bool is_short = s.n > 1 && s.p[1] == ':';
    char digits[6] = "00:00";
    if (s.n < (is_short ? 4 : 5))
        return false;
    memcpy(digits + is_short, s.p, 5 - (size_t)is_short);
    bool is_time = text_is_digit(digits[0]) && text_is_digit(digits[1]) && digits[2] == ':' && text_is_digit(digits[3]) && text_is_digit(digits[4]);
    if (!is_time || strcmp(digits, "23:59") > 0 || digits[3] > '5')
        return false;
    struct str rest = {s.p + 5 - is_short, s.n - 5 + is_short};
    if (rest.n >= 3 && rest.p[0] == ':' && text_is_digit(rest.p[1]) && text_is_digit(rest.p[2]))
        rest = (struct str){rest.p + 3, rest.n - 3};
    memcpy(ret, digits, sizeof digits);
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        if (str_is(rest, zones[i]))
            return true;
    return false;
}

static bool is_absent_or(const json_t *schedule, const char *key, const char *word)
{
    const json_t *v = json_object_get(schedule, key);
    const char *text = json_string_value(v);
    if (!v || json_is_null(v) || (text && !*text))
        return true;
    return text ? is_word(str_trim(str_of(text)), word, strlen(word)) : json_is_number(v) && json_number_value(v) == 1 && strcmp(word, "1") == 0;
}

/* The days that it names; one that only says to be weekly is held on the day on which it began, as iCalendar has it. */
static const char *days_of(const json_t *schedule)
{
    static const char *const days[DAYS] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    const char *by_day = json_text(schedule, "byday"), *weekday = json_text(schedule, "weekday"), *begins = json_text(schedule, "dtstart");
    int32_t first;
    if (!text_is_empty(by_day))
        return by_day;
    if (!text_is_empty(weekday))
        return weekday;
    bool is_weekly = json_text(schedule, "freq") && is_absent_or(schedule, "freq", "weekly");
    return is_weekly && begins && strlen(begins) >= DATE && civil_read((struct str){begins, DATE}, &first) ? days[civil_weekday(first)] : NULL;
}

bool import_hours_add(const json_t *schedule, struct buf *out)
{
    char opens[6], closes[6];
    const char *days = days_of(schedule), *until = json_text(schedule, "valid_to");
    int32_t last;
    bool has_end = !text_is_empty(until), is_plain = is_absent_or(schedule, "freq", "weekly") && is_absent_or(schedule, "interval", "1") && is_absent_or(schedule, "bymonthday", "");
    if (!is_plain || text_is_empty(days) || !read_time(json_text(schedule, "opens_at"), opens) || !read_time(json_text(schedule, "closes_at"), closes))
        return false;
    if (strcmp(opens, closes) >= 0 || (has_end && (strlen(until) < DATE || !civil_read((struct str){until, DATE}, &last))))
        return false;
    size_t before = out->n;
    for (struct str rest = str_of(days), one; str_cut(&rest, ',', &one);) {
        int day = day_of(str_trim(one));
        if (!day) {
            out->n = before;
            return false;
        }
        buf_addf(out, "%s%d %s %s%s%.*s", out->n ? "|" : "", day, opens, closes, has_end ? " " : "", has_end ? DATE : 0, has_end ? until : "");
    }
    return true;
}

static bool is_hours(struct str s)
{
    char opens[6], closes[6], text[HOURS + 1];
    int32_t last;
    if (s.n < HOURS || s.p[0] < '1' || s.p[0] > '0' + DAYS || s.p[1] != ' ' || s.p[4] != ':' || s.p[7] != ' ' || s.p[10] != ':')
        return false;
    memcpy(text, s.p, HOURS);
    text[7] = text[HOURS] = '\0';
    if (!read_time(text + 2, opens) || !read_time(text + 8, closes) || strcmp(opens, closes) >= 0)
        return false;
    return s.n == HOURS || (s.n == HOURS + 1 + DATE && s.p[HOURS] == ' ' && civil_read((struct str){s.p + HOURS + 1, DATE}, &last));
}

static bool holds(struct str all, struct str one)
{
    for (struct str part; str_cut(&all, '|', &part);)
        if (part.n == one.n && memcmp(part.p, one.p, one.n) == 0)
            return true;
    return false;
}

char *clean_hours(struct arena *a, struct str s)
{
    struct buf out = {0};
    bool ok = s.n > 0;
    for (struct str one; ok && str_cut(&s, '|', &one);) {
        ok = is_hours(one);
        if (!ok || (out.n && holds(buf_str(&out), one)))
            continue;
        if (out.n)
            buf_addc(&out, '|');
        buf_add(&out, one.p, one.n);
    }
    char *hours = ok && out.n ? str_dup(a, buf_str(&out)) : NULL;
    buf_finish(&out);
    return hours;
}
