/*
 * Memory that lives exactly as long as one request, one file or one command.
 * The arena owns everything taken from it, and every foreign handle attached with a disposer; nothing is freed
 * one by one, but what was taken since a mark may be given back as a whole. Allocation never returns NULL: when the
 * system or the arena's limit is exhausted the process ends with exit code 70 (EX_SOFTWARE), because input sizes are
 * bounded at the door and the supervisor replaces it.
 */
#ifndef DAEMON_BASE_ARENA_H
#define DAEMON_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;
struct block;
struct disposer;

typedef void arena_dispose_fn(void *thing);

/* limit: bytes the arena may hand out in all; 0 means 64 MiB. */
struct arena *arena_create(size_t limit);

/* Runs the disposers, last attached first, then frees all memory. NULL and *a == NULL are accepted. */
void arena_destroy(struct arena **a);

/* Zeroed memory, aligned for any type. size 0 gives a valid, unique pointer. */
void *arena_alloc(struct arena *a, size_t size);

/* count * size with an overflow check. */
void *arena_array(struct arena *a, size_t count, size_t size);

/* Grows an array made by arena_array: copies `used` elements to a new block of `count`. */
void *arena_grow(struct arena *a, const void *old, size_t used, size_t count, size_t size);

/* Texts stand side by side, aligned for bytes only. */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
void *arena_memdup(struct arena *a, const void *p, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/* malloc and realloc for libraries that do not bear a refusal: these too end the process with exit code 70 rather than return NULL. */
void *memory_take(size_t n);
void *memory_retake(void *p, size_t n);

/* Runs dispose(thing) when the arena is destroyed. */
void arena_attach(struct arena *a, arena_dispose_fn *dispose, void *thing);

/* For work in between: everything taken and attached since the mark is given back, last attached first. An arena rewinds to its last mark first. */
struct arena_mark {
    struct block *block, *behind;
    struct disposer *disposers;
    size_t block_used, used;
};
struct arena_mark arena_mark(const struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark m);

/* Bytes handed out and not given back. */
size_t arena_used(const struct arena *a);

#endif
