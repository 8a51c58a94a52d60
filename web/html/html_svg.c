#include "web/html/html.h"

#include <inttypes.h>

enum { BAR_UNITS = 1000 };

static int64_t at_least_zero(int64_t v)
{
    return v > 0 ? v : 0;
}

/* part / whole in thousandths, rounded down; whole > 0. */
static int64_t thousandths(int64_t part, int64_t whole)
{
    if (part >= whole)
        return BAR_UNITS;
    if (part > INT64_MAX / BAR_UNITS)
        return part / (whole / BAR_UNITS);
    return part * BAR_UNITS / whole;
}

static void rect(struct html *o, const char *class, int64_t from, int64_t to, int height)
{
    if (to > from)
        buf_addf(o->out, "<rect class=\"%s\" x=\"%" PRId64 "\" width=\"%" PRId64 "\" height=\"%d\"/>", class, from, to - from,
                 height);
}

/* No text inside: it would shrink with the picture. The key beside it is HTML. */
static void open_svg(struct html *o, const char *class, int height)
{
    buf_addf(o->out,
             "<svg class=\"%s\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\">", class,
             BAR_UNITS, height);
}

void html_money_bar(struct html *o, int64_t spent, int64_t held, int64_t free_amount)
{
    enum { HEIGHT = 40 };
    /* A quarter of the range each, so that the sum cannot overflow; a bar has no use for more. */
    int64_t most = INT64_MAX / 4;
    int64_t a = at_least_zero(spent) < most ? at_least_zero(spent) : most;
    int64_t b = at_least_zero(held) < most ? at_least_zero(held) : most;
    int64_t c = at_least_zero(free_amount) < most ? at_least_zero(free_amount) : most;
    int64_t all = a + b + c;
    open_svg(o, "app-bar app-bar--gauge", HEIGHT);
    if (all == 0) {
        rect(o, "c-none", 0, BAR_UNITS, HEIGHT);
    } else {
        int64_t first = thousandths(a, all), second = thousandths(a + b, all);
        rect(o, "c-spent", 0, first, HEIGHT);
        rect(o, "c-held", first, second, HEIGHT);
        rect(o, "c-left", second, BAR_UNITS, HEIGHT);
    }
    html_lit(o, "</svg>");
}

void html_bar(struct html *o, int64_t value, int64_t max)
{
    enum { HEIGHT = 10 };
    open_svg(o, "app-bar", HEIGHT);
    rect(o, "c-none", 0, BAR_UNITS, HEIGHT);
    if (max > 0)
        rect(o, "c-value", 0, thousandths(at_least_zero(value), max), HEIGHT);
    html_lit(o, "</svg>");
}
