#include "payments/invoice/decimal.h"

#include <string.h>

#include "daemon/base/arena.h"

static decimal_int power_of_ten(int n)
{
    decimal_int p = 1;
    while (n-- > 0)
        p *= 10;
    return p;
}

/* Trailing zeros only eat room that a later product needs. */
static struct decimal reduced(struct decimal d)
{
    while (d.scale > 0 && d.m % 10 == 0) {
        d.m /= 10;
        d.scale--;
    }
    return d;
}

struct decimal decimal_of(int64_t m, int scale)
{
    return reduced((struct decimal){m, scale});
}

bool decimal_read(struct str s, struct decimal *ret)
{
    s = str_trim(s);
    bool negative = s.n && *s.p == '-';
    if (s.n && (*s.p == '-' || *s.p == '+'))
        s = (struct str){s.p + 1, s.n - 1};
    struct decimal d = DECIMAL_ZERO;
    size_t digits = 0;
    int significant = 0;
    bool point = false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (!text_is_digit(s.p[i]))
            return false;
        digits++;
        significant += significant || s.p[i] != '0';
        if (significant > DECIMAL_DIGITS_MAX || d.scale == DECIMAL_SCALE_MAX)
            return false;
        d.m = d.m * 10 + (s.p[i] - '0');
        d.scale += point;
    }
    if (digits == 0)
        return false;
    if (negative)
        d.m = -d.m;
    *ret = reduced(d);
    return true;
}

static bool rescale(struct decimal *d, int scale)
{
    if (d->scale == scale)
        return true;
    if (__builtin_mul_overflow(d->m, power_of_ten(scale - d->scale), &d->m))
        return false;
    d->scale = scale;
    return true;
}

bool decimal_add(struct decimal a, struct decimal b, struct decimal *ret)
{
    int scale = a.scale > b.scale ? a.scale : b.scale;
    struct decimal sum = {0, scale};
    if (!rescale(&a, scale) || !rescale(&b, scale) || __builtin_add_overflow(a.m, b.m, &sum.m))
        return false;
    *ret = reduced(sum);
    return true;
}

bool decimal_sub(struct decimal a, struct decimal b, struct decimal *ret)
{
    b.m = -b.m;
    return decimal_add(a, b, ret);
}

bool decimal_mul(struct decimal a, struct decimal b, struct decimal *ret)
{
    a = reduced(a);
    b = reduced(b);
    struct decimal product = {0, a.scale + b.scale};
    if (product.scale > DECIMAL_SCALE_MAX || __builtin_mul_overflow(a.m, b.m, &product.m))
        return false;
    *ret = reduced(product);
    return true;
}

bool decimal_div(struct decimal a, struct decimal b, struct decimal *ret)
{
    enum { PLACES = 18 };
    a = reduced(a);
    b = reduced(b);
    if (b.m == 0)
        return false;
    int shift = PLACES + b.scale - a.scale;
    decimal_int divisor = b.m;
    if (shift >= 0) {
        if (shift > DECIMAL_SCALE_MAX || __builtin_mul_overflow(a.m, power_of_ten(shift), &a.m))
            return false;
    } else if (__builtin_mul_overflow(divisor, power_of_ten(-shift), &divisor)) {
        return false;
    }
    *ret = reduced((struct decimal){a.m / divisor, PLACES});
    return true;
}

struct decimal decimal_abs(struct decimal a)
{
    return a.m < 0 ? (struct decimal){-a.m, a.scale} : a;
}

struct decimal decimal_round(struct decimal a, int places)
{
    if (a.scale <= places)
        return a;
    decimal_int unit = power_of_ten(a.scale - places);
    decimal_int whole = a.m / unit, rest = a.m % unit;
    if (rest < 0) {
        whole--;
        rest += unit;
    }
    return reduced((struct decimal){whole + (rest >= unit / 2), places});
}

/* Whole and fractional parts are compared apart, because aligning the scales of the whole numbers could overflow. */
int decimal_compare(struct decimal a, struct decimal b)
{
    decimal_int unit_a = power_of_ten(a.scale), unit_b = power_of_ten(b.scale);
    decimal_int whole_a = a.m / unit_a, whole_b = b.m / unit_b;
    if (whole_a != whole_b)
        return whole_a < whole_b ? -1 : 1;
    int scale = a.scale > b.scale ? a.scale : b.scale;
    decimal_int rest_a = a.m % unit_a * power_of_ten(scale - a.scale), rest_b = b.m % unit_b * power_of_ten(scale - b.scale);
    return rest_a < rest_b ? -1 : rest_a > rest_b;
}

bool decimal_equal(struct decimal a, struct decimal b)
{
    return decimal_compare(a, b) == 0;
}

char *decimal_text(struct arena *a, struct decimal d, int places)
{
    char digits[64];
    int at = sizeof digits;
    d = reduced(d);
    if (d.scale < places)
        rescale(&d, places);
    decimal_int m = d.m < 0 ? -d.m : d.m;
    for (int i = 0; m > 0 || i <= d.scale; i++, m /= 10) {
        if (i == d.scale && i > 0)
            digits[--at] = '.';
        digits[--at] = (char)('0' + (int)(m % 10));
    }
    if (d.m < 0)
        digits[--at] = '-';
    return arena_strndup(a, digits + at, sizeof digits - (size_t)at);
}

bool decimal_pence(struct decimal d, int64_t *ret)
{
    d = reduced(d);
    if (d.scale > 2 || !rescale(&d, 2) || d.m > INT64_MAX || d.m < -INT64_MAX)
        return false;
    *ret = (int64_t)d.m;
    return true;
}
