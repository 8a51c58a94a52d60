#include "daemon/base/civil.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/base/arena.h"

static const char *const month_names[] = {"January", "February", "March",     "April",   "May",      "June",
                                          "July",    "August",   "September", "October", "November", "December"};
static const char *const weekday_names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                            "Friday", "Saturday", "Sunday"};

/* Days from 1970-01-01; years start in March so that the leap day comes last (era = 400 years = 146,097 days). */
int32_t civil_day(struct civil c)
{
    int y = c.month <= 2 ? c.year - 1 : c.year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int yoe = y - era * 400;
    int doy = (153 * (c.month + (c.month > 2 ? -3 : 9)) + 2) / 5 + c.day - 1;
    int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

struct civil civil_of(int32_t day)
{
    int z = day + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int doe = z - era * 146097;
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    int month = mp < 10 ? mp + 3 : mp - 9;
    return (struct civil){yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) / 5 + 1};
}

bool civil_is_valid(struct civil c)
{
    if (c.year < 1 || c.year > 9999 || c.month < 1 || c.month > 12 || c.day < 1 || c.day > 31)
        return false;
    struct civil back = civil_of(civil_day(c));
    return back.year == c.year && back.month == c.month && back.day == c.day;
}

int civil_weekday(int32_t day)
{
    int w = (day + 3) % 7; /* 1 January 1970 was a Thursday */
    return w < 0 ? w + 7 : w;
}

static bool finish_read(int64_t y, int64_t m, int64_t d, int32_t *ret_day)
{
    struct civil c = {(int)y, (int)m, (int)d};
    if (!civil_is_valid(c))
        return false;
    *ret_day = civil_day(c);
    return true;
}

bool civil_read(struct str s, int32_t *ret_day)
{
    int64_t y, m, d;
    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-')
        return false;
    if (!text_read_i64((struct str){s.p, 4}, 1, 9999, &y) || !text_read_i64((struct str){s.p + 5, 2}, 1, 12, &m) ||
        !text_read_i64((struct str){s.p + 8, 2}, 1, 31, &d))
        return false;
    return finish_read(y, m, d, ret_day);
}

static bool read_month(struct str s, int64_t *ret_month)
{
    if (text_read_i64(s, 1, 12, ret_month))
        return true;
    for (int i = 0; i < 12; i++) {
        size_t full = strlen(month_names[i]);
        if (s.n != 3 && s.n != full)
            continue;
        size_t k = 0;
        while (k < s.n && text_lower(s.p[k]) == text_lower(month_names[i][k]))
            k++;
        if (k == s.n) {
            *ret_month = i + 1;
            return true;
        }
    }
    return false;
}

bool civil_read_typed(struct str s, int32_t *ret_day)
{
    s = str_trim(s);
    if (civil_read(s, ret_day))
        return true;
    struct str part[3];
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        size_t start = i;
        while (i < s.n && s.p[i] != '/' && s.p[i] != '-' && s.p[i] != ' ' && s.p[i] != '.')
            i++;
        if (i > start) {
            if (n == 3)
                return false;
            part[n++] = (struct str){s.p + start, i - start};
        }
        i++;
    }
    int64_t y, m, d;
    if (n != 3 || part[2].n != 4 || !text_read_i64(part[0], 1, 31, &d) || !read_month(part[1], &m) ||
        !text_read_i64(part[2], 1, 9999, &y))
        return false;
    return finish_read(y, m, d, ret_day);
}

char *civil_iso(struct arena *a, int32_t day)
{
    if (day == CIVIL_NONE)
        return arena_strdup(a, "");
    struct civil c = civil_of(day);
    return arena_printf(a, "%04d-%02d-%02d", c.year, c.month, c.day);
}

char *civil_text(struct arena *a, int32_t day)
{
    if (day == CIVIL_NONE)
        return arena_strdup(a, "");
    struct civil c = civil_of(day);
    return arena_printf(a, "%d %s %d", c.day, month_names[c.month - 1], c.year);
}

char *civil_long(struct arena *a, int32_t day)
{
    if (day == CIVIL_NONE)
        return arena_strdup(a, "");
    return arena_printf(a, "%s %s", weekday_names[civil_weekday(day)], civil_text(a, day));
}

char *civil_brief(struct arena *a, int32_t day)
{
    if (day == CIVIL_NONE)
        return arena_strdup(a, "");
    struct civil c = civil_of(day);
    return arena_printf(a, "%.3s %d %.3s", weekday_names[civil_weekday(day)], c.day, month_names[c.month - 1]);
}

int32_t civil_add_months(int32_t day, int months)
{
    struct civil c = civil_of(day);
    int total = c.year * 12 + (c.month - 1) + months;
    struct civil next = {total / 12, total % 12 + 1, c.day};
    while (next.day > 28 && !civil_is_valid(next))
        next.day--;
    return civil_day(next);
}
