#include "daemon/base/money.h"

#include <inttypes.h>
#include <stdio.h>

#include "daemon/base/arena.h"

bool money_add(int64_t a, int64_t b, int64_t *ret_sum)
{
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum))
        return false;
    *ret_sum = sum;
    return true;
}

bool money_sub(int64_t a, int64_t b, int64_t *ret_difference)
{
    int64_t difference;
    if (__builtin_sub_overflow(a, b, &difference))
        return false;
    *ret_difference = difference;
    return true;
}

/* The whole pounds: digits only, or groups of three behind commas. */
static bool read_pounds(struct str s, int64_t *ret_pounds)
{
    int64_t pounds = 0;
    size_t group = 0;
    bool grouped = false;
    if (!s.n)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ',') {
            if (!group || group > 3 || (grouped && group != 3))
                return false;
            grouped = true;
            group = 0;
            continue;
        }
        if (!text_is_digit(s.p[i]) || pounds > MONEY_MAX_TYPED)
            return false;
        pounds = pounds * 10 + (s.p[i] - '0');
        group++;
    }
    if (grouped && group != 3)
        return false;
    *ret_pounds = pounds;
    return true;
}

bool money_read(struct str s, int64_t *ret_pence)
{
    s = str_trim(s);
    if (str_starts(s, "\xC2\xA3"))
        s = str_trim((struct str){s.p + 2, s.n - 2});
    struct str whole, fraction = {"", 0};
    if (!str_cut(&s, '.', &whole))
        return false;
    if (s.p) {
        fraction = s;
        if (fraction.n < 1 || fraction.n > 2)
            return false;
    }
    int64_t pounds, pence = 0;
    if (!read_pounds(whole, &pounds))
        return false;
    if (fraction.n && !text_read_i64(fraction, 0, 99, &pence))
        return false;
    if (fraction.n == 1)
        pence *= 10;
    if (pounds > (MONEY_MAX_TYPED - pence) / 100)
        return false;
    *ret_pence = pounds * 100 + pence;
    return true;
}

static uint64_t magnitude(int64_t pence)
{
    return pence < 0 ? (uint64_t)0 - (uint64_t)pence : (uint64_t)pence;
}

char *money_plain(struct arena *a, int64_t pence)
{
    uint64_t m = magnitude(pence);
    return arena_printf(a, "%s%" PRIu64 ".%02" PRIu64, pence < 0 ? "-" : "", m / 100, m % 100);
}

char *money_text(struct arena *a, int64_t pence)
{
    uint64_t m = magnitude(pence);
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" PRIu64, m / 100);
    char grouped[40];
    int o = 0;
    for (int i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0)
            grouped[o++] = ',';
        grouped[o++] = digits[i];
    }
    grouped[o] = '\0';
    return arena_printf(a, "%s\xC2\xA3%s.%02" PRIu64, pence < 0 ? "-" : "", grouped, m % 100);
}
