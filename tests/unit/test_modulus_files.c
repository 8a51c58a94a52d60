#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/modulus_files.h"

static char path[] = "/tmp/mc-modulus-XXXXXX";

static bool load(const char *text, bool has_file, const struct modulus_table **ret_table, struct err *e, struct arena *a)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    return modulus_files_load(a, &(struct conf){.modulus_weights = has_file ? path : "", .modulus_substitutions = ""}, ret_table, e);
}

static void loads_what_the_configuration_names(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct err e = {""};
    const struct modulus_table *t;
    assert_true(load("", false, &t, &e, a));
    assert_null(t);
    assert_true(load("990000 990099 MOD10 0 0 0 0 0 0 7 1 3 7 1 3 7 1\n", true, &t, &e, a));
    assert_int_equal(modulus_check(t, "990000", "12345672"), MODULUS_VALID);
    assert_int_equal(modulus_check(t, "990000", "12345678"), MODULUS_INVALID);
    arena_destroy(&a);
}

static void refuses_with_key_file_and_reason(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct err e = {""};
    const struct modulus_table *t;
    assert_false(load("", true, &t, &e, a));
    assert_ptr_equal(strstr(e.text, "modulus_weights /tmp/mc-modulus-"), e.text);
    assert_non_null(strstr(e.text, "is empty"));
    assert_false(load("990000 990099 MOD12\n", true, &t, &e, a));
    assert_non_null(strstr(e.text, "line 1"));
    assert_null(t);
    assert_false(modulus_files_load(a, &(struct conf){.modulus_weights = path, .modulus_substitutions = "/nowhere/at/all"}, &t, &e));
    assert_non_null(strstr(e.text, "modulus_substitutions /nowhere/at/all: No such file"));
    arena_destroy(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(loads_what_the_configuration_names), cmocka_unit_test(refuses_with_key_file_and_reason)};
    int fd = mkstemp(path);
    if (fd < 0 || close(fd) != 0)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
