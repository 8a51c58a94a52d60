#include "payments/invoice/check_digits.h"

#include <string.h>

#include "daemon/base/text.h"

static int digit(char c)
{
    return c - '0';
}

bool is_digits(const char *s, size_t n)
{
    size_t length = strlen(s);
    return strspn(s, "0123456789") == length && (n ? length == n : length > 0);
}

bool is_gln(const char *s)
{
    if (!is_digits(s, 0))
        return false;
    size_t last = strlen(s) - 1;
    unsigned sum = 0;
    for (size_t i = 0; i < last; i++)
        sum += (unsigned)digit(s[last - 1 - i]) * (i % 2 ? 1U : 3U);
    return (int)((10 - sum % 10) % 10) == digit(s[last]);
}

bool is_norwegian_organisation(const char *s)
{
    if (!is_digits(s, 9) || strcmp(s, "000000000") == 0)
        return false;
    int sum = 0;
    for (int i = 0; i < 8; i++)
        sum += digit(s[7 - i]) * (i % 6 + 2);
    return (11 - sum % 11) % 11 == digit(s[8]);
}

bool is_danish_se(const char *s)
{
    return strncmp(s, "DK", 2) == 0 && is_digits(s + 2, 8);
}

bool is_danish_cvr(const char *s)
{
    return is_danish_se(s) || is_digits(s, 8);
}

bool is_danish_p(const char *s)
{
    return is_digits(s, 10);
}

bool is_belgian_enterprise(const char *s)
{
    if (!is_digits(s, 10))
        return false;
    int number = 0;
    for (int i = 0; i < 8; i++)
        number = number * 10 + digit(s[i]);
    return 97 - number % 97 == digit(s[8]) * 10 + digit(s[9]);
}

static bool is_letters(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!text_is_alpha(s[i]))
            return false;
    return true;
}

bool is_italian_ipa(const char *s)
{
    for (const char *p = s; *p; p++)
        if (!text_is_alpha(*p) && !text_is_digit(*p))
            return false;
    return strlen(s) == 6;
}

/* What XPath casts to an integer: digits behind an optional sign. */
static bool is_integer(const char *s, size_t n)
{
    size_t sign = n && (*s == '-' || *s == '+');
    for (size_t i = sign; i < n; i++)
        if (!text_is_digit(s[i]))
            return false;
    return n > sign;
}

bool is_italian_tax_code(const char *s)
{
    size_t n = strlen(s);
    if (n == 11)
        return is_integer(s, n);
    return n == 16 && is_letters(s, 6) && is_integer(s + 6, 2) && is_letters(s + 8, 1) && is_integer(s + 9, 2) && is_integer(s + 14, 1) &&
           is_letters(s + 15, 1);
}

/* Every second digit is doubled and its digits are added. */
bool is_italian_vat(const char *s)
{
    if (strncmp(s, "IT", 2) != 0 && strncmp(s, "it", 2) != 0)
        return true;
    if (!is_digits(s + 2, 11))
        return false;
    int sum = 0;
    for (int i = 0; i < 11; i++)
        sum += i % 2 ? digit("0246813579"[digit(s[2 + i])]) : digit(s[2 + i]);
    return sum % 10 == 0;
}

bool is_swedish_organisation(const char *s)
{
    if (!is_digits(s, 10))
        return false;
    int sum = 0;
    for (int i = 0; i < 9; i++) {
        int d = digit(s[8 - i]) * (i % 2 ? 1 : 2);
        sum += d % 10 + d / 10;
    }
    return (10 - sum % 10) % 10 == digit(s[9]);
}

bool is_australian_business(const char *s)
{
    if (!is_digits(s, 11))
        return false;
    int sum = (digit(s[0]) - 1) * 10;
    for (int i = 1; i < 11; i++)
        sum += digit(s[i]) * (2 * i - 1);
    return sum % 89 == 0;
}

bool is_dutch_company(const char *s)
{
    return is_digits(s, 8);
}

bool is_dutch_organisation(const char *s)
{
    return is_digits(s, 20);
}

bool is_dutch_establishment(const char *s)
{
    return is_digits(s, 12);
}

bool is_dutch_vat(const char *s)
{
    return strlen(s) == 14 && strncmp(s, "NL", 2) == 0 && strspn(s + 2, "0123456789") == 9 && s[11] == 'B' && is_digits(s + 12, 2);
}
