/*
 * The configuration: one table (conf.def) read with libconfuse. Text belongs to the arena it was loaded into.
 * Loading reports every fault at once as file:line: message and returns NULL; unknown keys are faults. Order of precedence: built-in, file, environment
 * (MARKETCROSS_KEY in capitals), command line (--set key=value).
 */
#ifndef DAEMON_BASE_CONF_H
#define DAEMON_BASE_CONF_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct arena;

struct conf {
#define TEXT(key, otherwise, prose) const char *key;
#define NUMBER(key, otherwise, smallest, largest, prose) long key;
#define TRUTH(key, otherwise, prose) bool key;
#include "daemon/base/conf.def"
#undef TEXT
#undef NUMBER
#undef TRUTH
};

/* path may be NULL: built-in values. set: n strings "key=value". Faults are written to `faults`. */
const struct conf *conf_load(struct arena *a, const char *path, const char *const *set, size_t set_n, FILE *faults);

/* Every key with its value in the form of the file. */
void conf_print(const struct conf *c, FILE *out);

/* The annotated sample: config/marketcross.conf.sample is exactly this. */
void conf_print_sample(FILE *out);

#endif
