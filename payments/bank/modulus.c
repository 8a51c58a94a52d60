#include "payments/bank/modulus.h"

#include <stdlib.h>
#include <string.h>

enum { DIGITS = 14, ROWS_MAX = 20000, SUBSTITUTIONS_MAX = 1000 };
/* Positions of the fourteen digits as the published method names them: sort code u to z, account a to h. */
enum { AT_A = 6, AT_B = 7, AT_C = 8, AT_G = 12, AT_H = 13 };

enum method { MOD10, MOD11, DBLAL };

struct row {
    int32_t from, to;
    enum method method;
    int weight[DIGITS], exception;
};

struct modulus_table {
    struct row *rows;
    size_t rows_n;
    struct substitution {
        int32_t from, to;
    } *substitutions;
    size_t substitutions_n;
};

/* ---- the table ---- */

static bool next_word(struct str *line, struct str *ret_word)
{
    while (line->n && (line->p[0] == ' ' || line->p[0] == '\t'))
        *line = (struct str){line->p + 1, line->n - 1};
    size_t n = 0;
    while (n < line->n && line->p[n] != ' ' && line->p[n] != '\t')
        n++;
    *ret_word = (struct str){line->p, n};
    *line = (struct str){line->p + n, line->n - n};
    return n > 0;
}

static bool next_number(struct str *line, int64_t min, int64_t max, int64_t *ret_number)
{
    struct str word;
    return next_word(line, &word) && text_read_i64(word, min, max, ret_number);
}

static bool read_method(struct str word, enum method *ret_method)
{
    static const char *const names[] = {"MOD10", "MOD11", "DBLAL"};
    for (size_t i = 0; i < 3; i++)
        if (str_is(word, names[i])) {
            *ret_method = (enum method)i;
            return true;
        }
    return false;
}

static bool read_row(struct str line, struct row *ret_row)
{
    struct row r = {.exception = 0};
    struct str word;
    int64_t from, to, number;
    if (!next_number(&line, 0, 999999, &from) || !next_number(&line, from, 999999, &to) || !next_word(&line, &word) || !read_method(word, &r.method))
        return false;
    for (size_t i = 0; i < DIGITS; i++) {
        if (!next_number(&line, -999, 999, &number))
            return false;
        r.weight[i] = (int)number;
    }
    if (str_trim(line).n) {
        if (!next_number(&line, 1, 14, &number) || str_trim(line).n)
            return false;
        r.exception = (int)number;
    }
    r.from = (int32_t)from;
    r.to = (int32_t)to;
    *ret_row = r;
    return true;
}

static size_t count_lines(struct str text)
{
    size_t n = 1;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

struct modulus_table *modulus_load(struct arena *a, struct str weights, struct str substitutions, struct err *e)
{
    struct modulus_table *t = arena_alloc(a, sizeof *t);
    size_t rows = count_lines(weights), pairs = count_lines(substitutions), line_no = 0;
    struct str line;
    if (rows > ROWS_MAX || pairs > SUBSTITUTIONS_MAX) {
        err_set(e, "the weight table has too many lines");
        return NULL;
    }
    t->rows = arena_array(a, rows, sizeof *t->rows);
    t->substitutions = arena_array(a, pairs, sizeof *t->substitutions);
    while (str_cut(&weights, '\n', &line)) {
        line_no++;
        line = str_trim(line);
        if (line.n && !read_row(line, &t->rows[t->rows_n++])) {
            err_set(e, "weight table, line %zu: not \"from to method and fourteen weights\"", line_no);
            return NULL;
        }
    }
    for (line_no = 1; str_cut(&substitutions, '\n', &line); line_no++) {
        int64_t from, to;
        line = str_trim(line);
        if (!line.n)
            continue;
        if (!next_number(&line, 0, 999999, &from) || !next_number(&line, 0, 999999, &to)) {
            err_set(e, "substitutions, line %zu: not two sort codes", line_no);
            return NULL;
        }
        t->substitutions[t->substitutions_n++] = (struct substitution){(int32_t)from, (int32_t)to};
    }
    return t;
}

/* ---- the method ---- */

static bool read_digits(const char *text, int *digits, size_t n)
{
    size_t have = 0;
    for (; text && *text; text++) {
        if (*text == ' ' || *text == '-')
            continue;
        if (!text_is_digit(*text) || have == n)
            return false;
        digits[have++] = *text - '0';
    }
    return have == n;
}

static int32_t sort_code_of(const int *d)
{
    int32_t code = 0;
    for (size_t i = 0; i < 6; i++)
        code = code * 10 + d[i];
    return code;
}

static void put_sort_code(int *d, int32_t code)
{
    for (size_t i = 6; i-- > 0; code /= 10)
        d[i] = code % 10;
}

/* Double alternate adds the digits of each product. */
static int weigh(const struct row *r, const int *d, const int *weight)
{
    int sum = 0;
    for (size_t i = 0; i < DIGITS; i++) {
        int product = d[i] * weight[i];
        if (r->method == DBLAL) {
            int size = abs(product);
            product = size / 100 + size / 10 % 10 + size % 10;
        }
        sum += product;
    }
    return sum;
}

/* Exceptions 2 and 9: other weights when a is not nought. */
static const int *weights_of(const struct row *r, const int *d)
{
    static const int plain[DIGITS] = {0, 0, 1, 2, 5, 3, 6, 4, 8, 7, 10, 9, 3, 1}, nine[DIGITS] = {0, 0, 0, 0, 0, 0, 0, 0, 8, 7, 10, 9, 3, 1};
    if (r->exception == 2 && d[AT_A] != 0)
        return d[AT_G] == 9 ? nine : plain;
    return r->weight;
}

static bool leading_digits_are_nought(const struct row *r, const int *d)
{
    bool seven = r->exception == 7 && d[AT_G] == 9;
    bool ten = r->exception == 10 && d[AT_G] == 9 && ((d[AT_A] == 0 && d[AT_B] == 9) || (d[AT_A] == 9 && d[AT_B] == 9));
    return seven || ten;
}

/* Exception 5: the check digits g (first check) and h (second) are compared, not included. */
static bool check_five(const struct row *r, const int *d, int sum)
{
    if (r->method == DBLAL) {
        int rest = sum % 10;
        return rest == 0 ? d[AT_H] == 0 : 10 - rest == d[AT_H];
    }
    int rest = sum % 11;
    if (rest == 0)
        return d[AT_G] == 0;
    return rest != 1 && 11 - rest == d[AT_G];
}

static bool sum_passes(const struct row *r, const int *d, int sum)
{
    if (r->exception == 5)
        return check_five(r, d, sum);
    if (r->exception == 1)
        sum += 27;
    int modulus = r->method == MOD11 ? 11 : 10;
    int rest = (sum % modulus + modulus) % modulus;
    if (r->exception == 4)
        return rest == d[AT_G] * 10 + d[AT_H];
    return rest == 0;
}

/* Exception 14: an account whose last digit is 0, 1 or 9 may be the same one written a place to the left. */
static bool check_shifted(const struct row *r, const int *given)
{
    int d[DIGITS];
    if (given[AT_H] != 0 && given[AT_H] != 1 && given[AT_H] != 9)
        return false;
    memcpy(d, given, sizeof d);
    memmove(d + AT_B, d + AT_A, 7 * sizeof *d);
    d[AT_A] = 0;
    return sum_passes(r, d, weigh(r, d, r->weight));
}

static bool row_passes(const struct modulus_table *t, const struct row *r, const int *given)
{
    int d[DIGITS];
    memcpy(d, given, sizeof d);
    if (r->exception == 8)
        put_sort_code(d, 90126);
    if (r->exception == 9)
        put_sort_code(d, 309634);
    for (size_t i = 0; r->exception == 5 && i < t->substitutions_n; i++)
        if (t->substitutions[i].from == sort_code_of(given))
            put_sort_code(d, t->substitutions[i].to);
    int weight[DIGITS];
    memcpy(weight, weights_of(r, d), sizeof weight);
    if (leading_digits_are_nought(r, d))
        memset(weight, 0, 8 * sizeof *weight); /* u to b */
    if (sum_passes(r, d, weigh(r, d, weight)))
        return true;
    return r->exception == 14 && check_shifted(r, d);
}

/* Exception 3: the second check falls away for some accounts. */
static bool is_left_out(const struct row *r, const int *d)
{
    return r->exception == 3 && (d[AT_C] == 6 || d[AT_C] == 9);
}

/* Pairs of exceptions of which either check is enough. */
static bool either_is_enough(const struct row *first, const struct row *second)
{
    int a = first->exception, b = second->exception;
    return (a == 2 && b == 9) || (a == 10 && b == 11) || (a == 12 && b == 13);
}

/* Exception 6: foreign currency accounts carry no check. */
static bool is_foreign_currency(const struct row *r, const int *d)
{
    return r->exception == 6 && d[AT_A] >= 4 && d[AT_A] <= 8 && d[AT_G] == d[AT_H];
}

enum modulus_answer modulus_check(const struct modulus_table *t, const char *sort_code, const char *account)
{
    int d[DIGITS];
    const struct row *row[2];
    size_t n = 0;
    if (!read_digits(sort_code, d, 6) || !read_digits(account, d + AT_A, 8))
        return MODULUS_INVALID;
    int32_t code = sort_code_of(d);
    for (size_t i = 0; i < t->rows_n && n < 2; i++)
        if (code >= t->rows[i].from && code <= t->rows[i].to)
            row[n++] = &t->rows[i];
    if (n == 0)
        return MODULUS_UNCHECKED;
    if (is_foreign_currency(row[0], d))
        return MODULUS_VALID;
    bool first = row_passes(t, row[0], d);
    if (n == 1 || is_left_out(row[1], d))
        return first ? MODULUS_VALID : MODULUS_INVALID;
    bool second = row_passes(t, row[1], d);
    bool ok = either_is_enough(row[0], row[1]) ? first || second : first && second;
    return ok ? MODULUS_VALID : MODULUS_INVALID;
}
