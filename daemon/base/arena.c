#include "daemon/base/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

/* Under the address sanitizer a look at what was given back ends the process, as it would after free. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define ARENA_IS_WATCHED
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define ARENA_IS_WATCHED
#endif
#ifdef ARENA_IS_WATCHED
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

enum { ARENA_BLOCK = 16 * 1024, ARENA_DEFAULT_LIMIT = 64 * 1024 * 1024 };

struct block {
    struct block *next;
    size_t used, size;
    alignas(max_align_t) unsigned char data[];
};

struct disposer {
    struct disposer *next;
    arena_dispose_fn *fn;
    void *thing;
};

struct arena {
    struct block *blocks;
    struct disposer *disposers;
    size_t used, limit;
};

static _Noreturn void memory_exhausted(size_t wanted)
{
    fprintf(stderr, "memory.exhausted wanted=%zu\n", wanted);
    _Exit(EX_SOFTWARE);
}

void *memory_take(size_t n)
{
    void *p = malloc(n);
    if (!p)
        memory_exhausted(n);
    return p;
}

void *memory_retake(void *p, size_t n)
{
    void *larger = realloc(p, n);
    if (!larger)
        memory_exhausted(n);
    return larger;
}

struct arena *arena_create(size_t limit)
{
    struct arena *a = memory_take(sizeof *a);
    *a = (struct arena){0};
    a->limit = limit ? limit : ARENA_DEFAULT_LIMIT;
    return a;
}

void arena_destroy(struct arena **a)
{
    if (!a || !*a)
        return;
    for (struct disposer *d = (*a)->disposers; d; d = d->next)
        d->fn(d->thing);
    for (struct block *b = (*a)->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(*a);
    *a = NULL;
}

static struct block *block_add(struct arena *a, size_t need)
{
    size_t size = need > ARENA_BLOCK / 4 ? need : ARENA_BLOCK;
    struct block *b = memory_take(sizeof *b + size);
    b->used = 0;
    b->size = size;
    /* A large block goes behind the current one, so that its free space stays in use. */
    if (a->blocks && need > ARENA_BLOCK / 4) {
        b->next = a->blocks->next;
        a->blocks->next = b;
    } else {
        b->next = a->blocks;
        a->blocks = b;
    }
    return b;
}

/* align: a power of two, at most that of a block's data. */
static void *take(struct arena *a, size_t size, size_t align)
{
    if (size > SIZE_MAX - 2 * align || size > a->limit || a->used > a->limit - size)
        memory_exhausted(size);
    size_t need = size ? size : 1;
    struct block *b = a->blocks;
    size_t at = b ? (b->used + align - 1) / align * align : 0;
    if (!b || at > b->size || b->size - at < need) {
        b = block_add(a, need);
        at = 0;
    }
    b->used = at + need;
    a->used += size;
    ASAN_UNPOISON_MEMORY_REGION(b->data + at, need);
    return b->data + at;
}

void *arena_alloc(struct arena *a, size_t size)
{
    return memset(take(a, size, alignof(max_align_t)), 0, size ? size : 1);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total))
        memory_exhausted(SIZE_MAX);
    return arena_alloc(a, total);
}

void *arena_grow(struct arena *a, const void *old, size_t used, size_t count, size_t size)
{
    void *p = arena_array(a, count, size);
    if (used)
        memcpy(p, old, used * size);
    return p;
}

void *arena_memdup(struct arena *a, const void *p, size_t n)
{
    void *copy = arena_alloc(a, n);
    if (n)
        memcpy(copy, p, n);
    return copy;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
    if (n == SIZE_MAX)
        memory_exhausted(n);
    char *copy = take(a, n + 1, 1);
    if (n)
        memcpy(copy, s, n);
    copy[n] = '\0';
    return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return arena_strndup(a, s, strlen(s));
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    if (n < 0)
        memory_exhausted(0);
    char *s = arena_alloc(a, (size_t)n + 1);
    vsnprintf(s, (size_t)n + 1, fmt, again);
    va_end(again);
    return s;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *s = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return s;
}

void arena_attach(struct arena *a, arena_dispose_fn *dispose, void *thing)
{
    struct disposer *d = arena_alloc(a, sizeof *d);
    d->fn = dispose;
    d->thing = thing;
    d->next = a->disposers;
    a->disposers = d;
}

struct arena_mark arena_mark(const struct arena *a)
{
    struct block *b = a->blocks;
    return (struct arena_mark){b, b ? b->next : NULL, a->disposers, b ? b->used : 0, a->used};
}

/* Later blocks stand before the marked one, later large ones right behind it. */
void arena_rewind(struct arena *a, struct arena_mark m)
{
    for (; a->disposers != m.disposers; a->disposers = a->disposers->next)
        a->disposers->fn(a->disposers->thing);
    for (struct block *b = a->blocks, *next; b != m.behind; b = next) {
        next = b->next;
        if (b != m.block)
            free(b);
    }
    a->blocks = m.block;
    if (m.block) {
        m.block->next = m.behind;
        m.block->used = m.block_used;
        ASAN_POISON_MEMORY_REGION(m.block->data + m.block_used, m.block->size - m.block_used);
    }
    a->used = m.used;
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}
