/*
 * What a search asks for, as data: the words, the place and the filters that a person can take away one by one; and as web addresses.
 * Terms live in the request's arena and borrow from its input. Nothing fails.
 */
#ifndef CATALOGUE_SEARCH_TERMS_H
#define CATALOGUE_SEARCH_TERMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/text.h"

struct arena;

enum { TERMS_MILES = 10, TERMS_WIDE_MILES = 50, TERMS_PAGE = 20, TERMS_FILTERS = 24 };

/* What the form of /services reads. */
struct search_input {
    const char *q, *near, *miles, *cat, *at, *is, *kind, *sort;
    int64_t max; /* pence, 0: none */
};

struct term_filter {
    const char *name, *value; /* as in the query string */
    const char *label;
};

struct search_terms {
    const char *q, *near; /* near NULL: everywhere */
    int miles;
    int64_t max;
    const char *sort;
    struct term_filter filters[TERMS_FILTERS];
    size_t filters_n;
};

struct search_terms terms_of(struct arena *a, const struct search_input *in);

/* Tags for the query, separated by spaces: ways of delivery are alternatives, everything else must all be there. */
char *terms_all_tags(struct arena *a, const struct search_terms *t);
char *terms_any_tags(struct arena *a, const struct search_terms *t);

int terms_metres(int miles);

/* The distance chosen in a form; the ordinary one when none was. */
int terms_miles(const char *chosen);

/* The address of the search, parameters in alphabetical order, what is ordinary left out. path such as "/services". */
char *terms_url(struct arena *a, const char *path, const struct search_terms *t, int64_t page);

/* The same terms without one filter. */
struct search_terms terms_without(const struct search_terms *t, size_t filter);

/* "1 result", "34 results", "More than 500 results". */
char *terms_count(struct arena *a, int found, bool is_more);

/* Appends name=value, percent-encoded (RFC 3986), behind '?' or '&'. */
void terms_add_param(struct buf *url, const char *name, const char *value);

/* "Wheelchair access" for is=wheelchair; the value itself when it is not one of ours. */
const char *terms_label(const char *name, const char *value);

#endif
