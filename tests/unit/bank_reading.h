/* Bank files read in pieces of several sizes, for the tests of what a reader makes of a text. */
#ifndef TESTS_UNIT_BANK_READING_H
#define TESTS_UNIT_BANK_READING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "daemon/base/json.h"
#include "payments/bank/statement.h"

/* Reads a text in pieces of several sizes; the answer must not depend on them. NULL is a refusal. */
static char *read_text(struct arena *a, const char *text, struct err *e)
{
    static const size_t pieces[] = {1, 37, 1 << 20};
    char *first = NULL;
    for (size_t i = 0; i < 3; i++) {
        struct buf out = {0};
        struct statement_stream *s = statement_open(&out);
        size_t n = strlen(text);
        bool ok = true;
        for (size_t at = 0; ok && at < n; at += pieces[i])
            ok = statement_feed(s, (struct str){text + at, n - at < pieces[i] ? n - at : pieces[i]}, e);
        ok = ok && statement_finish(s, e);
        statement_close(&s);
        char *got = ok ? arena_printf(a, "{%s}", out.p) : NULL;
        buf_finish(&out);
        if (i && got && first)
            assert_string_equal(got, first);
        assert_true(i == 0 || !got == !first);
        first = got;
    }
    return first;
}

static void has(const char *text, const char *part)
{
    struct arena *a = arena_create(0);
    struct err e = {""};
    const char *got = read_text(a, text, &e);
    if (!got || !strstr(got, part))
        fail_msg("expected %s in %s%s", part, got ? got : "a refusal: ", got ? "" : e.text);
    assert_non_null(json_read(a, str_of(got), 1 << 20, &e));
    arena_destroy(&a);
}

static void refused(const char *text, const char *why)
{
    struct arena *a = arena_create(0);
    struct err e = {""};
    const char *got = read_text(a, text, &e);
    if (got || !strstr(e.text, why))
        fail_msg("expected refusal \"%s\", got %s%s", why, got ? got : "", e.text);
    arena_destroy(&a);
}

#endif
