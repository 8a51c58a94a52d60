/*
 * Matching a decoded path against patterns such as "/orders/{order}/cancel".
 * Nothing is owned: arguments are slices of the path, names slices of the pattern. A path that does not match is an ordinary answer;
 * nothing else can fail.
 */
#ifndef DAEMON_HTTP_ROUTER_H
#define DAEMON_HTTP_ROUTER_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/base/text.h"

/* Each {name} is a whole segment of the pattern and matches one segment that is not empty. Fills args in order, up to max; a pattern
 * with more names than that matches nothing. *ret_n and args are set only when it matches. */
bool http_route_match(const char *pattern, struct str path, struct str *args, size_t max, size_t *ret_n);

/* The k-th name of a pattern, counted from 0; the empty slice when there are not so many. */
struct str http_route_name(const char *pattern, size_t k);

#endif
