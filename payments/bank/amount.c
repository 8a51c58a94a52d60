#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "payments/bank/statement.h"

enum { WHOLE_DIGITS = 18, DECIMALS = 5 };

/* Splits at the one decimal mark; both parts hold digits only and are not both empty. */
static bool split(struct str s, struct str *ret_whole, struct str *ret_part)
{
    size_t mark = s.n;
    for (size_t i = 0; i < s.n; i++) {
        bool is_mark = s.p[i] == '.' || s.p[i] == ',';
        if (is_mark && mark != s.n)
            return false;
        if (is_mark)
            mark = i;
        else if (!text_is_digit(s.p[i]))
            return false;
    }
    *ret_whole = (struct str){s.p, mark};
    *ret_part = mark < s.n ? (struct str){s.p + mark + 1, s.n - mark - 1} : (struct str){"", 0};
    return ret_whole->n + ret_part->n > 0;
}

static bool to_units(struct str whole, struct str part, int64_t *ret_units)
{
    int64_t units = 0;
    for (size_t i = 0; i < whole.n; i++)
        if (__builtin_mul_overflow(units, 10, &units) || __builtin_add_overflow(units, whole.p[i] - '0', &units))
            return false;
    for (size_t i = 0; i < DECIMALS; i++) {
        int digit = i < part.n ? part.p[i] - '0' : 0;
        if (__builtin_mul_overflow(units, 10, &units) || __builtin_add_overflow(units, digit, &units))
            return false;
    }
    *ret_units = units;
    return true;
}

bool bank_amount_read(struct str s, bool negative, struct bank_amount *ret_amount)
{
    struct str whole, part;
    if (!split(s, &whole, &part))
        return false;
    while (whole.n > 1 && whole.p[0] == '0')
        whole = (struct str){whole.p + 1, whole.n - 1};
    while (part.n > DECIMALS && part.p[part.n - 1] == '0')
        part.n--;
    int64_t units;
    if (whole.n > WHOLE_DIGITS || part.n > DECIMALS || !to_units(whole, part, &units))
        return false;
    struct bank_amount a = {.present = true, .negative = negative && units != 0, .units = negative ? -units : units};
    snprintf(a.text, sizeof a.text, "%s%.*s%s%.*s", a.negative ? "-" : "", whole.n ? (int)whole.n : 1, whole.n ? whole.p : "0",
             part.n ? "." : "", (int)part.n, part.p);
    *ret_amount = a;
    return true;
}

/* Thousands commas stand before every third digit or not at all. */
static bool drop_thousands(struct str s, char *plain, size_t cap)
{
    const char *point = memchr(s.p, '.', s.n);
    size_t whole = point ? (size_t)(point - s.p) : s.n, n = 0;
    bool has_comma = memchr(s.p, ',', s.n) != NULL;
    for (size_t i = 0; i < s.n; i++) {
        if (has_comma && i < whole && (whole - i) % 4 == 0 && i > 0) {
            if (s.p[i] != ',')
                return false;
            continue;
        }
        if (s.p[i] == ',' || n + 1 >= cap)
            return false;
        plain[n++] = s.p[i];
    }
    plain[n] = '\0';
    return true;
}

bool bank_amount_read_cell(struct str s, struct bank_amount *ret_amount)
{
    bool negative = false, signed_once = false;
    s = str_trim(s);
    while (s.n) {
        if (!signed_once && (s.p[0] == '-' || s.p[0] == '+')) {
            negative = s.p[0] == '-';
            signed_once = true;
            s = (struct str){s.p + 1, s.n - 1};
        } else if (str_starts(s, "\xC2\xA3")) {
            s = (struct str){s.p + 2, s.n - 2};
        } else if (s.p[0] == '\xA3') {
            s = (struct str){s.p + 1, s.n - 1};
        } else {
            break;
        }
    }
    char plain[40];
    return s.n && drop_thousands(s, plain, sizeof plain) && bank_amount_read(str_of(plain), negative, ret_amount);
}

bool bank_amount_of_units(int64_t units, struct bank_amount *ret_amount)
{
    if (units == INT64_MIN)
        return false;
    struct bank_amount a = {.present = true, .negative = units < 0, .units = units};
    int64_t size = units < 0 ? -units : units;
    int n = snprintf(a.text, sizeof a.text, "%s%" PRId64 ".%05" PRId64, a.negative ? "-" : "", size / BANK_AMOUNT_SCALE,
                     size % BANK_AMOUNT_SCALE);
    for (int spare = 3; spare > 0 && a.text[n - 1] == '0'; spare--)
        a.text[--n] = '\0';
    *ret_amount = a;
    return true;
}
