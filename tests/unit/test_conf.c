/* The configuration: every fault at once, with file and line; bounds; precedence; and log lines that cannot be forged. */
#include "tests/unit/unit.h"

#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/conf.h"
#include "daemon/base/log.h"

static char path[] = "/tmp/mc-conf-XXXXXX";

static const struct conf *load(struct arena *a, const char *text, const char *const *set, size_t set_n, char *faults, size_t faults_n)
{
    FILE *f = fopen(path, "w");
    fputs(text, f);
    fclose(f);
    memset(faults, 0, faults_n);
    FILE *out = fmemopen(faults, faults_n - 1, "w");
    const struct conf *c = conf_load(a, path, set, set_n, out);
    fclose(out);
    return c;
}

static void built_in_values_stand(void **state)
{
    char faults[1000];
    const struct conf *c = load(*state, "demo = true\n", NULL, 0, faults, sizeof faults);
    assert_non_null(c);
    assert_int_equal(c->port, 8080);
    assert_string_equal(c->listen_address, "127.0.0.1");
    assert_int_equal(c->fast_connections, 2);
}

static void later_sources_win(void **state)
{
    char faults[1000];
    setenv("MARKETCROSS_WORKERS", "3", 1);
    setenv("MARKETCROSS_QUEUE", "7", 1);
    const char *set[] = {"queue=9", "demo=true"};
    const struct conf *c = load(*state, "workers = 5\nqueue = 5\nport = 81\n", set, 2, faults, sizeof faults);
    unsetenv("MARKETCROSS_WORKERS");
    unsetenv("MARKETCROSS_QUEUE");
    assert_non_null(c);
    assert_int_equal(c->port, 81);
    assert_int_equal(c->workers, 3);
    assert_int_equal(c->queue, 9);
}

static void faults_name_file_and_line(void **state)
{
    char faults[2000];
    assert_null(load(*state, "demo = true\nprot = 80\n", NULL, 0, faults, sizeof faults));
    assert_non_null(strstr(faults, ":2: "));
    assert_non_null(strstr(faults, "prot"));
    assert_null(load(*state, "demo = true\nport = 70000\n", NULL, 0, faults, sizeof faults));
    assert_non_null(strstr(faults, "port must be from 0 to 65535"));
    assert_null(load(*state, "demo = true\nlisten_address = \"0.0.0.0\"\n", NULL, 0, faults, sizeof faults));
    assert_non_null(strstr(faults, "127.0.0.1"));
    assert_null(load(*state, "\n", NULL, 0, faults, sizeof faults));
    assert_non_null(strstr(faults, "secret_file"));
    assert_null(load(*state, "demo = true\ntls_key = \"x\"\n", NULL, 0, faults, sizeof faults));
    assert_non_null(strstr(faults, "tls_certificate"));
    const char *unknown[] = {"demo=true", "nothing=1"}, *number[] = {"demo=true", "port=many"}, *shape[] = {"demo=true", "port"};
    assert_null(load(*state, "", unknown, 2, faults, sizeof faults));
    assert_null(load(*state, "", number, 2, faults, sizeof faults));
    assert_null(load(*state, "", shape, 2, faults, sizeof faults));
}

static void the_sample_names_every_key(void **state)
{
    (void)state;
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    conf_print_sample(out);
    fclose(out);
    static const char *const keys[] = {"# database = ", "# port = 8080", "# demo = false", "# anchor_file = ", "# log_level = "};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        assert_non_null(strstr(text, keys[i]));
    free(text);
}

static void log_lines_cannot_be_forged(void **state)
{
    (void)state;
    int saved = dup(STDERR_FILENO), ends[2];
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    log_event(LOG_INFO, "sign_in", "name=%s", "x\nevil event=1\x1b[31m");
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(ends[1]);
    char line[500] = "";
    assert_true(read(ends[0], line, sizeof line - 1) > 0);
    close(ends[0]);
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
    assert_non_null(strstr(line, "x\\x0aevil"));
    assert_null(strchr(line, 0x1b));
}

static int set_up(void **state)
{
    close(mkstemp(path));
    *state = arena_create(0);
    return 0;
}

static int tear_down(void **state)
{
    struct arena *a = *state;
    arena_destroy(&a);
    unlink(path);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(built_in_values_stand), cmocka_unit_test(later_sources_win), cmocka_unit_test(faults_name_file_and_line),
        cmocka_unit_test(the_sample_names_every_key), cmocka_unit_test(log_lines_cannot_be_forged),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
