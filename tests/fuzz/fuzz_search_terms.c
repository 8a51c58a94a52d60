/* The query strings of the search and of the directory. What a search writes as its address asks for the same again; what the directory was asked is one JSON object. */
#include <stdlib.h>
#include <string.h>

#include "catalogue/directory_asked.h"
#include "catalogue/search_terms.h"
#include "daemon/base/arena.h"
#include "daemon/base/json.h"
#include "daemon/http/http_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *asked_for(const struct http_pairs *pairs, const char *name)
{
    const char *value = http_pair_get(pairs, name);
    return value ? value : "";
}

/* Several of one name are one text with spaces between them, as the form reads ticked boxes. */
static const char *all_asked_for(struct arena *a, const struct http_pairs *pairs, const char *name)
{
    char *all = "";
    for (size_t i = 0; i < pairs->n; i++)
        if (strcmp(pairs->items[i].name, name) == 0)
            all = arena_printf(a, "%s%s%s", all, *all ? " " : "", pairs->items[i].value);
    return all;
}

static char *address(struct arena *a, const struct http_pairs *pairs)
{
    struct search_input in = {.q = asked_for(pairs, "q"), .near = asked_for(pairs, "near"), .miles = asked_for(pairs, "miles"), .sort = asked_for(pairs, "sort"),
                              .cat = all_asked_for(a, pairs, "cat"), .at = all_asked_for(a, pairs, "at"), .is = all_asked_for(a, pairs, "is"), .kind = all_asked_for(a, pairs, "kind")};
    struct search_terms t = terms_of(a, &in);
    if (t.filters_n > TERMS_FILTERS || t.miles < 1 || t.miles > TERMS_WIDE_MILES)
        abort();
    for (size_t i = 0; i < t.filters_n; i++)
        if (terms_without(&t, i).filters_n != t.filters_n - 1)
            abort();
    terms_all_tags(a, &t);
    terms_any_tags(a, &t);
    return terms_url(a, "/services", &t, 1);
}

static void search(struct arena *a, const struct http_pairs *pairs)
{
    struct http_pairs again;
    struct err e;
    struct str path, query;
    const char *first = address(a, pairs);
    if (strspn(first, "/?&=%-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") != strlen(first))
        abort();
    if (codec_read_target(a, str_of(first), &path, &query) != 0)
        return; /* longer than a target may be */
    if (!http_read_urlencoded(a, query, &again, &e) || strcmp(first, address(a, &again)) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create((size_t)1 << 28);
    struct http_pairs pairs;
    struct err e = {""};
    if (http_read_urlencoded(a, (struct str){(const char *)data, size}, &pairs, &e)) {
        search(a, &pairs);
        const char *asked = directory_asked(a, &pairs, &e);
        if (asked ? !json_read(a, str_of(asked), (size_t)1 << 24, &e) : !e.text[0])
            abort();
    }
    arena_destroy(&a);
    return 0;
}
