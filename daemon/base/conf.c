#include "daemon/base/conf.h"

#include <confuse.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/text.h"

static FILE *faults_out;
static unsigned faults_n;

static void report_fault(cfg_t *cfg, const char *fmt, va_list ap)
{
    faults_n++;
    if (cfg && cfg->filename)
        fprintf(faults_out, "%s:%d: ", cfg->filename, cfg->line);
    vfprintf(faults_out, fmt, ap);
    fputc('\n', faults_out);
}

static void fault(const char *where, const char *key, const char *why)
{
    faults_n++;
    fprintf(faults_out, "%s: %s: %s\n", where, key, why);
}

static void check_number(const char *where, const char *key, long value, long smallest, long largest)
{
    if (value < smallest || value > largest) {
        faults_n++;
        fprintf(faults_out, "%s: %s must be from %ld to %ld, not %ld\n", where, key, smallest, largest, value);
    }
}

static bool parse_long(const char *text, long *ret)
{
    int64_t v;
    if (!text_read_i64(str_of(text), INT32_MIN, INT32_MAX, &v))
        return false;
    *ret = v;
    return true;
}

/* One override from the environment or the command line. */
static bool set_one(struct conf *c, struct arena *a, const char *where, const char *key, const char *value)
{
    long number = 0;
#define TEXT(name, otherwise, prose)                                                                                   \
    if (strcmp(key, #name) == 0)                                                                                       \
        return c->name = arena_strdup(a, value), true;
#define NUMBER(name, otherwise, smallest, largest, prose)                                                              \
    if (strcmp(key, #name) == 0)                                                                                       \
        return parse_long(value, &number) ? (c->name = number, true) : (fault(where, key, "must be a whole number"), false);
#define TRUTH(name, otherwise, prose)                                                                                  \
    if (strcmp(key, #name) == 0)                                                                                       \
        return c->name = strcmp(value, "true") == 0, true;
#include "daemon/base/conf.def"
#undef TEXT
#undef NUMBER
#undef TRUTH
    fault(where, key, "there is no such key");
    return false;
}

static void set_from_environment(struct conf *c, struct arena *a)
{
    static const char *const keys[] = {
#define TEXT(name, otherwise, prose) #name,
#define NUMBER(name, otherwise, smallest, largest, prose) #name,
#define TRUTH(name, otherwise, prose) #name,
#include "daemon/base/conf.def"
#undef TEXT
#undef NUMBER
#undef TRUTH
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char *name = arena_printf(a, "MARKETCROSS_%s", keys[i]);
        for (char *p = name; *p; p++)
            if (*p >= 'a' && *p <= 'z')
                *p = (char)(*p - 'a' + 'A');
        const char *value = getenv(name);
        if (value)
            set_one(c, a, name, keys[i], value);
    }
}

static void set_from_arguments(struct conf *c, struct arena *a, const char *const *set, size_t set_n)
{
    for (size_t i = 0; i < set_n; i++) {
        const char *equals = strchr(set[i], '=');
        if (!equals)
            fault("--set", set[i], "must be key=value");
        else
            set_one(c, a, "--set", arena_strndup(a, set[i], (size_t)(equals - set[i])), equals + 1);
    }
}

static void check(const struct conf *c, const char *where)
{
#define TEXT(key, otherwise, prose)
#define NUMBER(key, otherwise, smallest, largest, prose) check_number(where, #key, c->key, smallest, largest);
#define TRUTH(key, otherwise, prose)
#include "daemon/base/conf.def"
#undef TEXT
#undef NUMBER
#undef TRUTH
    if (c->demo && strcmp(c->listen_address, "127.0.0.1") != 0 && strcmp(c->listen_address, "::1") != 0)
        fault(where, "demo", "demonstration mode listens on 127.0.0.1 or ::1 only");
    if (!c->demo && text_is_empty(c->secret_file))
        fault(where, "secret_file", "is required outside demonstration mode: head -c 32 /dev/urandom > FILE");
    if (text_is_empty(c->tls_certificate) != text_is_empty(c->tls_key))
        fault(where, "tls_certificate", "and tls_key are given together or not at all");
}

const struct conf *conf_load(struct arena *a, const char *path, const char *const *set, size_t set_n, FILE *faults)
{
    cfg_opt_t options[] = {
#define TEXT(key, otherwise, prose) CFG_STR(#key, otherwise, CFGF_NONE),
#define NUMBER(key, otherwise, smallest, largest, prose) CFG_INT(#key, otherwise, CFGF_NONE),
#define TRUTH(key, otherwise, prose) CFG_BOOL(#key, otherwise ? cfg_true : cfg_false, CFGF_NONE),
#include "daemon/base/conf.def"
#undef TEXT
#undef NUMBER
#undef TRUTH
        CFG_END()};
    faults_out = faults;
    faults_n = 0;
    cfg_t *cfg = cfg_init(options, CFGF_NONE);
    cfg_set_error_function(cfg, report_fault);
    if (path && cfg_parse(cfg, path) == CFG_FILE_ERROR)
        fault(path, "cannot be read", strerror(errno));
    struct conf *c = arena_alloc(a, sizeof *c);
#define TEXT(key, otherwise, prose) c->key = arena_strdup(a, cfg_getstr(cfg, #key));
#define NUMBER(key, otherwise, smallest, largest, prose) c->key = cfg_getint(cfg, #key);
#define TRUTH(key, otherwise, prose) c->key = cfg_getbool(cfg, #key);
#include "daemon/base/conf.def"
#undef TEXT
#undef NUMBER
#undef TRUTH
    cfg_free(cfg);
    set_from_environment(c, a);
    set_from_arguments(c, a, set, set_n);
    if (!faults_n)
        check(c, path ? path : "configuration");
    return faults_n ? NULL : c;
}

void conf_print(const struct conf *c, FILE *out)
{
#define TEXT(key, otherwise, prose) fprintf(out, "%s = \"%s\"\n", #key, c->key);
#define NUMBER(key, otherwise, smallest, largest, prose) fprintf(out, "%s = %ld\n", #key, c->key);
#define TRUTH(key, otherwise, prose) fprintf(out, "%s = %s\n", #key, c->key ? "true" : "false");
#include "daemon/base/conf.def"
#undef TEXT
#undef NUMBER
#undef TRUTH
}

void conf_print_sample(FILE *out)
{
    fputs("# Market Cross: every key with its built-in value. Secrets are named by file, never written here.\n"
          "# Check a file with: marketcross -n FILE\n",
          out);
#define TEXT(key, otherwise, prose) fprintf(out, "\n# %s\n# %s = \"%s\"\n", prose, #key, otherwise);
#define NUMBER(key, otherwise, smallest, largest, prose)                                                               \
    fprintf(out, "\n# %s (%d to %d)\n# %s = %d\n", prose, smallest, largest, #key, otherwise);
#define TRUTH(key, otherwise, prose) fprintf(out, "\n# %s\n# %s = %s\n", prose, #key, otherwise ? "true" : "false");
#include "daemon/base/conf.def"
#undef TEXT
#undef NUMBER
#undef TRUTH
}
