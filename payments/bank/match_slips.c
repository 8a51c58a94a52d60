/* References with a slip in them: a reference and the same with one character left out, looked up by either. */
#include <string.h>

#include "payments/bank/match_spots.h"
#include "payments/bank/match_work.h"

enum { GAP_MIN = 6, GAP_MAX = 20, GAPS_EXPECTED = 10 };

/* A reference without one of its characters: the meeting point of all slips of one character. Of equal neighbours it does not matter which. */
static void add_gaps(struct match_spots *x, const char *key, uint32_t item)
{
    size_t n = strlen(key);
    if (n < GAP_MIN || n > GAP_MAX)
        return;
    uint64_t before = MATCH_HASH;
    match_spots_add(x, match_hash_stir(match_hash_add(before, key, n)), item);
    for (size_t i = 0; i < n; i++) {
        if (!i || key[i] != key[i - 1])
            match_spots_add(x, match_hash_stir(match_hash_add(before, key + i + 1, n - i - 1)), item);
        before = match_hash_add(before, key + i, 1);
    }
}

static void add_all(struct work *w)
{
    for (uint32_t i = 0; i < w->items_n; i++)
        if (w->items[i].has_reference)
            add_gaps(&w->gaps, w->items[i].reference, i);
}

void match_index_slips(struct work *w)
{
    match_spots_init(&w->gaps, w->a, GAPS_EXPECTED * (size_t)w->referenced_n);
    add_all(w);
    match_spots_place(&w->gaps, w->a);
    add_all(w);
}

/* Whether the text is the reference, or it with one character left out. */
static bool is_or_lacks_one(const char *text, const char *reference)
{
    size_t i = 0;
    while (text[i] && text[i] == reference[i])
        i++;
    return text[i] == reference[i] || (reference[i] && strcmp(text + i, reference + i + 1) == 0);
}

size_t match_slips(const struct work *w, const char *text, uint32_t *found, size_t max)
{
    struct match_cursor c = match_spots_find(&w->gaps, match_hash_stir(match_hash_add(MATCH_HASH, text, strlen(text))));
    size_t n = 0;
    for (uint32_t item; match_cursor_next(&c, &item);) {
        if (!is_or_lacks_one(text, w->items[item].reference) || (n && found[n - 1] == item))
            continue;
        if (n == max)
            return 0;
        found[n++] = item;
    }
    return n;
}
