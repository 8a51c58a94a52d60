/* The pre-scan in front of libxml2: linear, never reads past the end, and what it lets through never declares a DOCTYPE. */
#include <stdlib.h>

#include "daemon/base/arena.h"
#include "daemon/base/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct xml_limits limits = {.bytes = 1 << 16, .tags = 1000, .depth = 20, .attributes = 16, .legacy_charsets = true};
    static bool is_ready;
    if (!is_ready)
        xml_init();
    is_ready = true;
    struct arena *a = arena_create(0);
    struct err e = {""};
    const xmlDoc *doc = xml_parse(a, (struct str){(const char *)data, size}, &limits, &e);
    if (doc && doc->intSubset)
        abort();
    arena_destroy(&a);
    return 0;
}
