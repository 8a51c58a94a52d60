/* Every statement of ../shared/conformance against the values published beside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/json.h"
#include "payments/bank/statement.h"

#define SHARED "../shared/conformance/"
enum { FILES_MAX = 200, JSON_BYTES = 8 * 1024 * 1024 };

static size_t differences;

static void differ(const char *file, const char *what, const char *ours, const char *theirs)
{
    print_error("%s: %s is \"%s\", expected \"%s\"\n", file, what, ours ? ours : "null", theirs ? theirs : "null");
    differences++;
}

static bool slurp(struct arena *a, const char *path, struct str *ret)
{
    struct buf b = {0};
    char piece[4096];
    size_t n;
    FILE *f = fopen(path, "rb");
    if (!f)
        return false;
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_add(&b, piece, n);
    fclose(f);
    *ret = (struct str){arena_strndup(a, b.p ? b.p : "", b.n), b.n};
    buf_finish(&b);
    return true;
}

/* NULL when the file is refused. */
static const json_t *read_ours(struct arena *a, const char *path, struct err *e)
{
    struct str file;
    struct buf out = {0};
    assert_true(slurp(a, path, &file));
    const json_t *j = statement_read_json(file, &out, e) ? json_read(a, buf_str(&out), JSON_BYTES, e) : NULL;
    buf_finish(&out);
    return j;
}

static int64_t units(const char *text)
{
    struct bank_amount v = {0};
    if (text)
        bank_amount_read(str_of(text + (*text == '-')), *text == '-', &v);
    return v.units;
}

static void same_text(const char *file, const char *what, const char *ours, const char *theirs)
{
    if (text_is_empty(theirs) ? !text_is_empty(ours) : !ours || strcmp(ours, theirs) != 0)
        differ(file, what, ours, theirs);
}

static void same_units(const char *file, const char *what, const char *ours, int64_t theirs)
{
    if (!ours || units(ours) != theirs) {
        char text[32];
        snprintf(text, sizeof text, "%lld", (long long)theirs);
        differ(file, what, ours, text);
    }
}

/* All entries of all statements, in order. */
static const json_t *entry_at(const json_t *ours, size_t at, const json_t **ret_statement)
{
    const json_t *statements = json_object_get(ours, "statements");
    for (size_t s = 0; s < json_array_size(statements); s++) {
        const json_t *entries = json_object_get(json_array_get(statements, s), "entries");
        if (at < json_array_size(entries)) {
            *ret_statement = json_array_get(statements, s);
            return json_array_get(entries, at);
        }
        at -= json_array_size(entries);
    }
    return NULL;
}

/* An entry by the id of its statement and its place there. */
static const json_t *entry_of(const json_t *ours, const char *id, size_t at, const json_t **ret_statement)
{
    const json_t *statements = json_object_get(ours, "statements");
    for (size_t s = 0; s < json_array_size(statements); s++) {
        *ret_statement = json_array_get(statements, s);
        if (id && str_is(str_of(json_text(*ret_statement, "id")), id))
            return json_array_get(json_object_get(*ret_statement, "entries"), at);
    }
    return NULL;
}

static size_t count_entries(const json_t *ours)
{
    const json_t *s;
    size_t n = 0;
    while (entry_at(ours, n, &s))
        n++;
    return n;
}

/* ---- camt: JSON with the getters of the program it came from ---- */

/* Their amounts are hundredths. */
static int64_t their_amount(const json_t *object)
{
    const char *text = json_text(json_object_get(object, "getAmount"), "getAmount");
    return text ? strtoll(text, NULL, 10) * (BANK_AMOUNT_SCALE / 100) : 0;
}

/* The day of a date that they converted to UTC; times near midnight do not occur in these files. */
static const char *their_day(struct arena *a, const json_t *object, const char *key)
{
    const char *text = json_text(json_object_get(object, key), "0");
    return text ? arena_strndup(a, text, 10) : NULL;
}

/* Some list a balance of one kind several times: ours must be among them. */
static void compare_balances(const char *file, const json_t *ours, const json_t *theirs)
{
    static const char *const types[] = {"opening", "closing"};
    for (size_t t = 0; t < 2; t++) {
        const char *amount = json_text(json_object_get(ours, types[t]), "amount");
        bool listed = false, same = false;
        for (size_t i = 0; i < json_array_size(theirs); i++) {
            const json_t *b = json_array_get(theirs, i);
            bool is = str_is(str_of(json_text(b, "getType")), types[t]);
            listed = listed || is;
            same = same || (is && amount && units(amount) == their_amount(b));
        }
        if (listed && !same)
            differ(file, types[t], amount, "another");
    }
}

static void compare_camt_entry(struct arena *a, const char *file, const json_t *statement, const json_t *ours, const json_t *theirs)
{
    const json_t *record = json_object_get(theirs, "getRecord");
    const char *status = json_text(theirs, "getStatus");
    same_units(file, "amount", json_text(ours, "amount"), their_amount(theirs));
    same_text(file, "booked", json_text(ours, "booked"), their_day(a, theirs, "getBookingDate"));
    same_text(file, "value", json_text(ours, "value"), their_day(a, theirs, "getValueDate"));
    same_text(file, "status", json_text(ours, "status"), strcmp(status, "BOOK") == 0 ? "booked" : "pending");
    if (json_text(theirs, "getAccountServicerReference"))
        same_text(file, "bank_ref", json_text(ours, "bank_ref"), json_text(theirs, "getAccountServicerReference"));
    if (json_text(theirs, "getBatchPaymentId"))
        same_text(file, "batch", json_text(ours, "batch"), json_text(theirs, "getBatchPaymentId"));
    if (json_is_true(json_object_get(ours, "reversal")) != json_is_true(json_object_get(theirs, "getReversalIndicator")))
        differ(file, "reversal", "", "");
    if (json_is_object(record)) {
        same_text(file, "id", json_text(statement, "id"), json_text(record, "getId"));
        same_text(file, "account", json_text(statement, "account"), json_text(json_object_get(record, "getAccount"), "getIdentification"));
        compare_balances(file, statement, json_object_get(record, "getBalances"));
    }
    const json_t *details = json_object_get(theirs, "getTransactionDetails");
    if (json_is_array(details) && json_array_size(details) != json_array_size(json_object_get(ours, "details")))
        differ(file, "number of transactions", "", "");
}

static void compare_camt(struct arena *a, const char *file, const json_t *ours, const json_t *theirs)
{
    const json_t *entries = json_object_get(theirs, "getEntries"), *statement = NULL;
    for (size_t i = 0; i < json_array_size(entries); i++) {
        const json_t *their = json_array_get(entries, i), *their_record = json_object_get(their, "getRecord");
        const json_t *x = json_is_object(their_record) ? entry_of(ours, json_text(their_record, "getId"), (size_t)json_int(their, "getIndex", 0), &statement)
                                                       : entry_at(ours, i, &statement);
        if (!x)
            differ(file, "an entry", NULL, "there");
        else if (json_is_object(json_array_get(entries, i)))
            compare_camt_entry(a, file, statement, x, json_array_get(entries, i));
    }
    /* Of a file with several statements they list those of the last. */
    if (json_array_size(json_object_get(ours, "statements")) == 1 && count_entries(ours) != json_array_size(entries))
        differ(file, "number of entries", "", "");
    const json_t *record = json_array_get(json_object_get(theirs, "getRecords"), 0);
    if (json_is_object(record))
        compare_balances(file, json_array_get(json_object_get(ours, "statements"), 0), json_object_get(record, "getBalances"));
}

static void check_camt(const char *path, const char *name)
{
    struct arena *a = arena_create(0);
    struct err e = {""};
    struct str text;
    const json_t *ours = read_ours(a, path, &e);
    const char *expected = arena_printf(a, "%.*s.json", (int)(strlen(path) - 4), path);
    if (!slurp(a, expected, &text)) {
        if (ours)
            differ(name, "the file", "read", "refused");
    } else if (!ours) {
        differ(name, "the file", e.text, "read");
    } else {
        const json_t *theirs = json_read(a, text, JSON_BYTES, &e);
        assert_non_null(theirs);
        compare_camt(a, name, ours, theirs);
    }
    arena_destroy(&a);
}

/* ---- MT940: just the fields needed from the YAML ---- */

struct theirs {
    int64_t amount;
    int32_t date, entry_date;
    char status[4], bank_reference[32];
};

static const char *value_of(struct str line, const char *key)
{
    line = str_trim(line);
    if (!str_starts(line, key) || line.p[strlen(key)] != ':')
        return NULL;
    return line.p + strlen(key) + 1;
}

/* Four bytes: year (two), month, day. */
static int32_t yaml_date(const char *base64)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned bits = 0, have = 0, n = 0, byte[6] = {0};
    for (const char *p = base64; *p && strchr(letters, *p) && n < 4; p++) {
        bits = (bits << 6 | (unsigned)(strchr(letters, *p) - letters)) & 0xFFFF;
        have += 6;
        if (have >= 8) {
            have -= 8;
            byte[n++] = bits >> have & 0xFF;
        }
    }
    struct civil c = {(int)(byte[0] << 8 | byte[1]), (int)byte[2], (int)byte[3]};
    return n == 4 && civil_is_valid(c) ? civil_day(c) : CIVIL_NONE;
}

/* The decimal in the line `- '-10.00'`. */
static int64_t yaml_amount(struct str line)
{
    const char *quote = memchr(line.p, '\'', line.n);
    const char *end = quote ? memchr(quote + 1, '\'', line.n - (size_t)(quote + 1 - line.p)) : NULL;
    char text[40] = "";
    if (end)
        snprintf(text, sizeof text, "%.*s", (int)(end - quote - 1), quote + 1);
    return units(text);
}

static void copy_plain(char *to, size_t size, const char *from)
{
    size_t n = strcspn(from, "\r\n");
    struct str s = str_trim((struct str){from, n});
    if (s.n >= 2 && s.p[0] == '\'')
        s = (struct str){s.p + 1, s.n - 2};
    snprintf(to, size, "%.*s", (int)s.n, str_is(s, "null") ? "" : s.p);
}

/* Lines of one transaction, from its head to the next one's. */
static void read_transaction(struct arena *a, struct str block, struct theirs *t)
{
    enum { NOTHING, AMOUNT, DATE, ENTRY_DATE } expects = NOTHING;
    const char *v;
    *t = (struct theirs){.date = CIVIL_NONE, .entry_date = CIVIL_NONE};
    bool has_amount = false;
    for (struct str line; str_cut(&block, '\n', &line);) {
        struct str bare = str_trim(line);
        if (value_of(line, "amount") && !has_amount && expects == NOTHING)
            expects = AMOUNT;
        else if (expects == AMOUNT && str_starts(bare, "- '")) {
            t->amount = yaml_amount(line);
            has_amount = true;
            expects = NOTHING;
        } else if ((v = value_of(line, "date")))
            expects = DATE;
        else if ((v = value_of(line, "entry_date")))
            expects = ENTRY_DATE;
        else if ((expects == DATE || expects == ENTRY_DATE) && !str_starts(bare, "- !!binary")) {
            *(expects == DATE ? &t->date : &t->entry_date) = yaml_date(str_dup(a, bare));
            expects = NOTHING;
        } else if ((v = value_of(line, "status")))
            copy_plain(t->status, sizeof t->status, v);
        else if ((v = value_of(line, "bank_reference")))
            copy_plain(t->bank_reference, sizeof t->bank_reference, v);
    }
}

static int32_t day_of(const json_t *x, const char *key)
{
    int32_t day = CIVIL_NONE;
    const char *text = json_text(x, key);
    if (text)
        civil_read(str_of(text), &day);
    return day;
}

static void compare_transaction(const char *file, const json_t *ours, const struct theirs *t)
{
    /* They leave the sign of a reversal to the reader; the balances say that it is the opposite of what it reverses. */
    int64_t amount = strcmp(t->status, "RC") == 0 && t->amount > 0 ? -t->amount : t->amount;
    same_units(file, "amount", json_text(ours, "amount"), amount);
    if (t->date != CIVIL_NONE && day_of(ours, "value") != t->date)
        differ(file, "value date", json_text(ours, "value"), "another");
    if (t->entry_date != CIVIL_NONE && abs(day_of(ours, "booked") - t->entry_date) % 365 > 1)
        differ(file, "entry date", json_text(ours, "booked"), "another");
    if (t->bank_reference[0] && !bank_reference_is_absent(t->bank_reference))
        same_text(file, "bank_ref", json_text(ours, "bank_ref"), t->bank_reference);
}

/* The balance called `key` in their head, compared with the last one of ours. */
static void compare_mt940_balance(const char *file, const json_t *ours, struct str head, const char *key, const char *our_key)
{
    const char *at = memmem(head.p, head.n, key, strlen(key));
    if (!at)
        return;
    struct str rest = {at, head.n - (size_t)(at - head.p)}, line;
    for (int i = 0; i < 4 && str_cut(&rest, '\n', &line); i++)
        if (i == 3) {
            struct str currency = {"", 0};
            str_cut(&rest, '\n', &currency);
            currency = str_trim(currency);
            if (currency.n > 11 && text_is_digit(currency.p[11]))
                return; /* a file without currency, whose amount they read as one */
            const json_t *statements = json_object_get(ours, "statements");
            bool same = false; /* pages in between have balances of their own */
            for (size_t k = 0; k < json_array_size(statements); k++)
                same = same || units(json_text(json_object_get(json_array_get(statements, k), our_key), "amount")) == yaml_amount(line);
            if (!same)
                differ(file, our_key, "none of ours", "theirs");
        }
}

static void compare_mt940(struct arena *a, const char *file, const json_t *ours, struct str yaml)
{
    static const char mark[] = "!!python/object:mt940.models.Transaction\n";
    const char *tags = memmem(yaml.p, yaml.n, "\ntags:", 6), *list = memmem(yaml.p, yaml.n, "\ntransactions:", 14);
    struct str head = {yaml.p, tags ? (size_t)(tags - yaml.p) : 0};
    size_t n = 0;
    const json_t *statement;
    const char *end = yaml.p + yaml.n;
    for (const char *at = list ? memmem(list, (size_t)(end - list), mark, sizeof mark - 1) : NULL; at; n++) {
        const char *next = memmem(at + 1, (size_t)(end - at - 1), mark, sizeof mark - 1);
        struct theirs t;
        read_transaction(a, (struct str){at, (size_t)((next ? next : end) - at)}, &t);
        const json_t *x = ours ? entry_at(ours, n, &statement) : NULL;
        if (x)
            compare_transaction(file, x, &t);
        at = next;
    }
    if (n != (ours ? count_entries(ours) : 0))
        differ(file, "number of entries", "", "");
    if (!ours)
        return;
    compare_mt940_balance(file, ours, head, "  final_opening_balance:", "opening");
    compare_mt940_balance(file, ours, head, "  final_closing_balance:", "closing");
}

static void check_mt940(const char *path, const char *name)
{
    struct arena *a = arena_create(0);
    struct err e = {""};
    struct str yaml;
    const char *expected = arena_printf(a, "%.*s.yml", (int)(strlen(path) - 4), path);
    const json_t *ours = read_ours(a, path, &e);
    bool is_listed = strcmp(path + strlen(path) - 4, ".sta") == 0; /* values are given for these only */
    if (is_listed && slurp(a, expected, &yaml))
        compare_mt940(a, name, ours, yaml);
    else if (!ours && strcmp(name, "requirements.txt") != 0)
        differ(name, "the file", e.text, "read");
    arena_destroy(&a);
}

/* ---- both ---- */

static void each_file(const char *folder, const char *const *endings, void (*check)(const char *path, const char *name))
{
    char path[512];
    struct dirent **names;
    size_t checked = 0;
    snprintf(path, sizeof path, SHARED "%s", folder);
    int n = scandir(path, &names, NULL, alphasort);
    if (n < 0) {
        print_message("skipped: no ../shared\n");
        skip();
    }
    differences = 0;
    for (int i = 0; i < n; i++) {
        const char *dot = strrchr(names[i]->d_name, '.');
        for (size_t k = 0; dot && endings[k]; k++)
            if (strcmp(dot, endings[k]) == 0) {
                snprintf(path, sizeof path, SHARED "%s/%s", folder, names[i]->d_name);
                check(path, names[i]->d_name);
                checked++;
            }
        free(names[i]);
    }
    free(names);
    print_message("%s: %zu files, %zu differences\n", folder, checked, differences);
    assert_true(checked > 0);
    assert_int_equal(differences, 0);
}

static void camt_files(void **state)
{
    (void)state;
    static const char *const endings[] = {".xml", NULL};
    each_file("camt", endings, check_camt);
}

static void mt940_files(void **state)
{
    (void)state;
    static const char *const endings[] = {".sta", ".txt", NULL};
    each_file("mt940", endings, check_mt940);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(camt_files), cmocka_unit_test(mt940_files)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
