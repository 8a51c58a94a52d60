#include "catalogue/search_terms.h"

#include <stdio.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/money.h"

static const struct term_filter known[] = {
    {"at", "home", "At my home"},
    {"at", "place", "At their place"},
    {"at", "remote", "By phone or video"},
    {"is", "wheelchair", "Wheelchair access"},
    {"is", "accessible_toilet", "Accessible toilet"},
    {"is", "hearing_loop", "Hearing loop"},
    {"is", "bsl", "British Sign Language"},
    {"is", "quiet_space", "Quiet space"},
    {"is", "bring_supporter", "Bring a supporter free"},
    {"is", "gender_choice", "I choose a man or a woman"},
    {"is", "same_worker", "The same worker each time"},
    {"kind", "business", "Providers and businesses"},
    {"kind", "community", "Community groups"},
    {"kind", "public_service", "Public services"},
};

const char *terms_label(const char *name, const char *value)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].name, name) == 0 && strcmp(known[i].value, value) == 0)
            return known[i].label;
    return value;
}

/* values: separated by spaces. */
static void add_filters(struct arena *a, struct search_terms *t, const char *name, const char *values)
{
    struct str rest = str_of(values), one;
    while (str_cut(&rest, ' ', &one) && t->filters_n < TERMS_FILTERS)
        if (one.n) {
            char *value = str_dup(a, one);
            t->filters[t->filters_n++] = (struct term_filter){name, value, terms_label(name, value)};
        }
}

int terms_miles(const char *chosen)
{
    int64_t miles = TERMS_MILES;
    text_read_i64(str_of(chosen), 1, TERMS_WIDE_MILES, &miles);
    return (int)miles;
}

struct search_terms terms_of(struct arena *a, const struct search_input *in)
{
    struct search_terms t = {.q = in->q ? in->q : "", .near = text_is_empty(in->near) ? NULL : in->near, .sort = text_is_empty(in->sort) ? "best" : in->sort, .max = in->max};
    t.miles = terms_miles(in->miles);
    add_filters(a, &t, "at", in->at);
    add_filters(a, &t, "cat", in->cat);
    add_filters(a, &t, "is", in->is);
    add_filters(a, &t, "kind", in->kind);
    return t;
}

static char *join_tags(struct arena *a, const struct search_terms *t, bool is_any)
{
    char *tags = "";
    for (size_t i = 0; i < t->filters_n; i++)
        if ((strcmp(t->filters[i].name, "at") == 0) == is_any)
            tags = arena_printf(a, "%s%s%s:%s", tags, *tags ? " " : "", t->filters[i].name, t->filters[i].value);
    return tags;
}

char *terms_all_tags(struct arena *a, const struct search_terms *t)
{
    return join_tags(a, t, false);
}

char *terms_any_tags(struct arena *a, const struct search_terms *t)
{
    return join_tags(a, t, true);
}

int terms_metres(int miles)
{
    return miles * 1609;
}

/* ---- addresses ---- */

void terms_add_param(struct buf *url, const char *name, const char *value)
{
    static const char digits[] = "0123456789ABCDEF";
    buf_addf(url, "%c%s=", url->p && memchr(url->p, '?', url->n) ? '&' : '?', name);
    for (const unsigned char *p = (const unsigned char *)value; *p; p++) {
        if (text_is_alpha((char)*p) || text_is_digit((char)*p) || strchr("-._~", *p)) {
            buf_addc(url, (char)*p);
        } else {
            buf_addc(url, '%');
            buf_addc(url, digits[*p >> 4]);
            buf_addc(url, digits[*p & 15]);
        }
    }
}

static void add_filter_params(struct buf *url, const struct search_terms *t, const char *name)
{
    for (size_t i = 0; i < t->filters_n; i++)
        if (strcmp(t->filters[i].name, name) == 0)
            terms_add_param(url, name, t->filters[i].value);
}

char *terms_url(struct arena *a, const char *path, const struct search_terms *t, int64_t page)
{
    struct buf url = {0};
    char number[24];
    buf_adds(&url, path);
    add_filter_params(&url, t, "at");
    add_filter_params(&url, t, "cat");
    add_filter_params(&url, t, "is");
    add_filter_params(&url, t, "kind");
    if (t->max)
        terms_add_param(&url, "max", money_plain(a, t->max));
    if (t->near) {
        if (t->miles != TERMS_MILES) {
            snprintf(number, sizeof number, "%d", t->miles);
            terms_add_param(&url, "miles", number);
        }
        terms_add_param(&url, "near", t->near);
    }
    if (page > 1) {
        snprintf(number, sizeof number, "%lld", (long long)page);
        terms_add_param(&url, "page", number);
    }
    if (*t->q)
        terms_add_param(&url, "q", t->q);
    if (strcmp(t->sort, "best") != 0)
        terms_add_param(&url, "sort", t->sort);
    char *out = str_dup(a, buf_str(&url));
    buf_finish(&url);
    return out;
}

struct search_terms terms_without(const struct search_terms *t, size_t filter)
{
    struct search_terms out = *t;
    out.filters_n--;
    for (size_t i = filter; i < out.filters_n; i++)
        out.filters[i] = t->filters[i + 1];
    return out;
}

char *terms_count(struct arena *a, int found, bool is_more)
{
    return arena_printf(a, "%s%d result%s", is_more ? "More than " : "", found, found == 1 ? "" : "s");
}
