/*
 * The registry of public errors (errors.def) and the short message that says why an operation failed.
 * Rows of the registry are constants. A struct err is filled by the function that fails and read by its caller; a
 * function that takes one returns bool, and leaves it untouched on success.
 */
#ifndef DAEMON_BASE_ERR_H
#define DAEMON_BASE_ERR_H

#include <stdbool.h>

#include "daemon/base/log.h"

enum err_code {
#define ERROR(symbol, status, name, title, advice, level) symbol,
#include "daemon/base/errors.def"
#undef ERROR
    ERR_COUNT
};

struct err_info {
    enum err_code code;
    int status;         /* HTTP status */
    const char *name;   /* stable, part of the problem type URL */
    const char *title;  /* one sentence for people */
    const char *advice; /* what to do next */
    enum log_level level;
};

const struct err_info *err_info(enum err_code code);

/* A failure with its reason in words, for logs and command lines. */
struct err {
    char text[512];
};

/* Sets the reason and returns false, so that `return err_set(e, ...)` reads as a sentence. e may be NULL. */
bool err_set(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
#ifdef __clang_analyzer__
/* It looks into no function with "...", and must know that this is false. */
#define err_set(...) ((void)err_set(__VA_ARGS__), false)
#endif

#endif
