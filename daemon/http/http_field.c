#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/http/http_private.h"

struct str http_field(const struct http_request *r, const char *name)
{
    for (size_t i = 0; i < r->fields_n; i++)
        if (str_is(r->fields[i].name, name))
            return r->fields[i].value;
    return (struct str){"", 0};
}

/* RFC 6265, 4.2.1: name=value pairs separated by "; ". The first of that name counts. */
static bool find_cookie(struct str list, const char *name, struct str *ret_value)
{
    struct str pair, key;
    while (str_cut(&list, ';', &pair)) {
        pair = str_trim(pair);
        if (!str_cut(&pair, '=', &key) || !pair.p || !str_is(key, name))
            continue;
        bool is_quoted = pair.n >= 2 && pair.p[0] == '"' && pair.p[pair.n - 1] == '"';
        *ret_value = is_quoted ? (struct str){pair.p + 1, pair.n - 2} : pair;
        return true;
    }
    return false;
}

struct str http_cookie(const struct http_request *r, const char *name)
{
    struct str value = {"", 0};
    for (size_t i = 0; i < r->fields_n; i++)
        if (str_is(r->fields[i].name, "cookie") && find_cookie(r->fields[i].value, name, &value))
            break;
    return value;
}

/* ---- preferences: lists of things with a weight (RFC 9110, 12.4.2) ---- */

static bool same_nocase(struct str a, const char *b, size_t n)
{
    return a.n == n && strncasecmp(a.p, b, n) == 0;
}

/* "0", "1", "0.25" in thousandths; -1 when it is not a weight. */
static int read_weight(struct str s)
{
    if (s.n == 0 || s.n > 5 || (s.p[0] != '0' && s.p[0] != '1') || (s.n > 1 && s.p[1] != '.'))
        return -1;
    int value = (s.p[0] - '0') * 1000, unit = 100;
    for (size_t i = 2; i < s.n; i++, unit /= 10) {
        if (!text_is_digit(s.p[i]))
            return -1;
        value += (s.p[i] - '0') * unit;
    }
    return value <= 1000 ? value : -1;
}

/* Cuts the next item off a list, with its weight; an unreadable weight counts as 0. Other parameters are passed over. */
static bool next_item(struct str *list, struct str *ret_name, int *ret_weight)
{
    struct str item, part, key;
    if (!str_cut(list, ',', &item))
        return false;
    *ret_weight = 1000;
    str_cut(&item, ';', &part);
    *ret_name = str_trim(part);
    while (str_cut(&item, ';', &part)) {
        if (!str_cut(&part, '=', &key) || !same_nocase(str_trim(key), "q", 1))
            continue;
        int weight = read_weight(str_trim(part));
        *ret_weight = weight < 0 ? 0 : weight;
    }
    return true;
}

struct preference {
    int weight, exactness; /* 3 type/subtype, 2 type/…, 1 anything, 0 not named */
};

static int exactness_of(struct str range, const char *type)
{
    size_t n = strlen(type), major = (size_t)(strchrnul(type, '/') - type) + 1;
    if (same_nocase(range, type, n))
        return 3;
    if (range.n == major + 1 && range.p[major] == '*' && strncasecmp(range.p, type, major) == 0)
        return 2;
    return same_nocase(range, "*/*", 3);
}

static struct preference preference_for(struct str accept, const char *type)
{
    struct preference best = {0, 0};
    struct str range;
    int weight;
    while (next_item(&accept, &range, &weight)) {
        int exactness = exactness_of(range, type);
        if (exactness > best.exactness)
            best = (struct preference){weight, exactness};
    }
    return best;
}

/* With equal weights, a type that is named beats one that is only covered by a wildcard. */
bool http_accepts(const struct http_request *r, const char *type)
{
    struct str accept = http_field(r, "accept");
    struct preference wanted = preference_for(accept, type), html = preference_for(accept, "text/html");
    if (wanted.weight != html.weight)
        return wanted.weight > html.weight;
    return wanted.weight > 0 && wanted.exactness > html.exactness;
}

bool http_accepts_coding(const struct http_request *r, const char *coding)
{
    struct str list = http_field(r, "accept-encoding"), name;
    int weight, wildcard = 0;
    while (next_item(&list, &name, &weight)) {
        if (same_nocase(name, coding, strlen(coding)))
            return weight > 0;
        if (str_is(name, "*"))
            wildcard = weight;
    }
    return wildcard > 0;
}
