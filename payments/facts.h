/*
 * The JSON request of an SQL function, from names and texts: {"run": "K7M2-4QXP", "note": "…"}.
 * The text belongs to the arena; names are literals. Nothing fails: values left empty are left out.
 */
#ifndef PAYMENTS_FACTS_H
#define PAYMENTS_FACTS_H

#include <stddef.h>

struct arena;

struct fact {
    const char *name, *value;
};

const char *facts_json(struct arena *a, const struct fact *facts, size_t n);

#define FACTS(a, ...) facts_json((a), (const struct fact[]){__VA_ARGS__}, sizeof((const struct fact[]){__VA_ARGS__}) / sizeof(struct fact))

#endif
