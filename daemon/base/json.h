/*
 * The one hardened entry point to jansson: strict UTF-8, no duplicate keys, depth and size bounded at the door.
 * Values read belong to the arena; values built are written into a buffer and dropped by the caller.
 */
#ifndef DAEMON_BASE_JSON_H
#define DAEMON_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "daemon/base/err.h"
#include "daemon/base/text.h"

struct arena;

/* The tables of objects are seeded with a secret of the system's, drawn at first use: whoever reads JSON in a jail, where it cannot be asked for, draws it before. */
void json_prepare(void);

/* At most max_bytes and 32 levels deep; NULL with a reason that names line and column. */
json_t *json_read(struct arena *a, struct str text, size_t max_bytes, struct err *e);

/* Members of an object; NULL or `otherwise` when absent or of another type. */
const char *json_text(const json_t *object, const char *key);
int64_t json_int(const json_t *object, const char *key, int64_t otherwise);

/* Appends s as a JSON string with its quotes; invalid UTF-8 bytes and NUL are written as U+FFFD. */
void json_write_text(struct buf *b, const char *s);
void json_write_str(struct buf *b, struct str s);

#endif
