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

static bool ends_with(struct str s, const char *end)
{
    size_t n = strlen(end);
    return s.n > n && memcmp(s.p + s.n - n, end, n) == 0;
}

/* How cells say that money went out: a sign in front or behind, a real minus, brackets, DR. Each takes its mark away; a second one stays, and is no digit. */
static struct str without_sign(struct str s, bool *ret_negative)
{
    static const struct {
        const char *front, *behind;
        bool negative;
    } signs[] = {{"-", "", true}, {"+", "", false}, {"\xE2\x88\x92", "", true}, {"(", ")", true}, {"", "-", true}, {"", "DR", true}, {"", "CR", false}};
    *ret_negative = false;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t front = strlen(signs[i].front), behind = strlen(signs[i].behind);
        if (!str_starts(s, signs[i].front) || (behind && !ends_with(s, signs[i].behind)) || s.n <= front + behind)
            continue;
        *ret_negative = signs[i].negative;
        return str_trim((struct str){s.p + front, s.n - front - behind});
    }
    return s;
}

static struct str without_pound(struct str s)
{
    size_t n = str_starts(s, "\xC2\xA3") ? 2 : str_starts(s, "\xA3") ? 1 : 0;
    return str_trim((struct str){s.p + n, s.n - n});
}

bool bank_amount_read_cell(struct str s, struct bank_amount *ret_amount)
{
    bool negative;
    struct str rest = without_pound(str_trim(s)), digits = without_pound(without_sign(rest, &negative));
    const char *point = digits.n ? memchr(digits.p, '.', digits.n) : NULL;
    bool may_be_thousands = point && !memchr(digits.p, ',', digits.n) && digits.p + digits.n - point == 4;
    char plain[40];
    return digits.n && !may_be_thousands && drop_thousands(digits, plain, sizeof plain) && bank_amount_read(str_of(plain), negative, ret_amount);
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
