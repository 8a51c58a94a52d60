#include "payments/invoice/rule.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/civil.h"

enum { PATH_MAX_BYTES = 160, MINUTES_A_DAY = 24 * 60 };

bool holds_exists(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)j;
    return node_has(n, r->arg);
}

bool holds_absent(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)j;
    return !node_has(n, r->arg);
}

bool holds_filled(struct judge *j, xmlNode *n, const struct rule *r)
{
    return *node_trimmed(j->arena, n, r->arg) != '\0';
}

/* Takes the next path of path|path; false behind the last one. */
static bool next_path(const char **paths, char out[PATH_MAX_BYTES])
{
    size_t length = strcspn(*paths, "|");
    if (!length)
        return false;
    size_t kept = length < PATH_MAX_BYTES ? length : PATH_MAX_BYTES - 1;
    memcpy(out, *paths, kept);
    out[kept] = '\0';
    *paths += length + ((*paths)[length] == '|');
    return true;
}

bool holds_any(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)j;
    char path[PATH_MAX_BYTES];
    for (const char *paths = r->arg; next_path(&paths, path);)
        if (node_has(n, path))
            return true;
    return false;
}

bool holds_any_filled(struct judge *j, xmlNode *n, const struct rule *r)
{
    char path[PATH_MAX_BYTES];
    for (const char *paths = r->arg; next_path(&paths, path);)
        if (*node_trimmed(j->arena, n, path))
            return true;
    return false;
}

bool holds_all(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)j;
    char path[PATH_MAX_BYTES];
    for (const char *paths = r->arg; next_path(&paths, path);)
        if (!node_has(n, path))
            return false;
    return true;
}

bool holds_at_most_one(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)j;
    return node_count(n, r->arg) <= 1;
}

bool holds_exactly_one(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)j;
    return node_count(n, r->arg) == 1;
}

bool holds_at_most_ten(struct judge *j, xmlNode *n, const struct rule *r)
{
    size_t characters = 0;
    for (const char *p = node_trimmed(j->arena, n, r->arg); *p; p++)
        characters += ((unsigned char)*p & 0xC0) != 0x80;
    return characters <= 10;
}

bool holds_two_decimals(struct judge *j, xmlNode *n, const struct rule *r)
{
    const char *text = node_value(j->arena, n, r->arg);
    const char *point = text ? strchr(text, '.') : NULL;
    return !point || strlen(point + 1) <= 2;
}

bool holds_not_negative(struct judge *j, xmlNode *n, const struct rule *r)
{
    struct decimal d;
    return node_number(j->arena, n, r->arg, &d) && d.m >= 0;
}

bool holds_in_list(struct judge *j, xmlNode *n, const struct rule *r)
{
    return code_is_in(r->list, node_trimmed(j->arena, n, r->arg));
}

bool holds_in_list_as_written(struct judge *j, xmlNode *n, const struct rule *r)
{
    const char *code = node_value(j->arena, n, r->arg);
    return code && code_is_in(r->list, code);
}

bool holds_never(struct judge *j, xmlNode *n, const struct rule *r)
{
    (void)j;
    (void)n;
    (void)r;
    return false;
}

/* "Z", "+hh:mm" or "-hh:mm" at most 14 hours away; nothing counts as UTC. */
static bool read_zone(struct str zone, int64_t *ret_minutes)
{
    *ret_minutes = 0;
    if (zone.n == 0 || str_is(zone, "Z"))
        return true;
    int64_t hours, minutes;
    if (zone.n != 6 || (*zone.p != '+' && *zone.p != '-') || zone.p[3] != ':')
        return false;
    if (!text_read_i64((struct str){zone.p + 1, 2}, 0, 14, &hours) || !text_read_i64((struct str){zone.p + 4, 2}, 0, 59, &minutes))
        return false;
    *ret_minutes = (*zone.p == '-' ? -1 : 1) * (hours * 60 + minutes);
    return hours < 14 || minutes == 0;
}

bool rule_date(const char *text, int64_t *ret_minutes)
{
    struct str s = str_trim(str_of(text));
    int32_t day;
    int64_t zone;
    if (s.n < 10 || !civil_read((struct str){s.p, 10}, &day) || !read_zone((struct str){s.p + 10, s.n - 10}, &zone))
        return false;
    *ret_minutes = (int64_t)day * MINUTES_A_DAY - zone;
    return true;
}

bool holds_dates_in_order(struct judge *j, xmlNode *n, const struct rule *r)
{
    char start_path[PATH_MAX_BYTES], end_path[PATH_MAX_BYTES];
    const char *paths = r->arg;
    if (!next_path(&paths, start_path) || !next_path(&paths, end_path))
        return false;
    const char *start = node_value(j->arena, n, start_path), *end = node_value(j->arena, n, end_path);
    int64_t first, last;
    return !start || !end || (rule_date(start, &first) && rule_date(end, &last) && first <= last);
}
