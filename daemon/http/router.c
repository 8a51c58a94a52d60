#include "daemon/http/router.h"

#include <string.h>

static bool is_name(struct str segment)
{
    return segment.n > 2 && segment.p[0] == '{' && segment.p[segment.n - 1] == '}';
}

/* One walk finds out whether all matches and how many names there are; the second one writes, so that a mismatch leaves args alone. */
static bool walk(const char *pattern, struct str path, struct str *args, size_t *ret_n)
{
    struct str rest = str_of(pattern), want, have;
    size_t n = 0;
    while (str_cut(&rest, '/', &want)) {
        if (!str_cut(&path, '/', &have) || (is_name(want) ? have.n == 0 : !str_equal(want, have)))
            return false;
        if (is_name(want) && args)
            args[n] = have;
        n += is_name(want);
    }
    *ret_n = n;
    return path.p == NULL;
}

bool http_route_match(const char *pattern, struct str path, struct str *args, size_t max, size_t *ret_n)
{
    size_t n;
    if (!walk(pattern, path, NULL, &n) || n > max)
        return false;
    return walk(pattern, path, args, ret_n);
}

struct str http_route_name(const char *pattern, size_t k)
{
    struct str rest = str_of(pattern), segment;
    while (str_cut(&rest, '/', &segment))
        if (is_name(segment) && k-- == 0)
            return (struct str){segment.p + 1, segment.n - 2};
    return (struct str){"", 0};
}
