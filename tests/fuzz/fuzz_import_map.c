/* Any bytes as a mapping; one that reads is bound to columns and used on a row. */
#include <stddef.h>
#include <stdint.h>

#include "catalogue/import_map.h"
#include "daemon/base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct str columns[] = {{"a", 1}, {"b", 1}, {"name", 4}}, cells[] = {{"One|two", 7}, {"2026-05-03", 10}, {"NA", 2}};
    struct arena *a = arena_create(0);
    struct err e;
    struct import_map *m = map_read(a, (struct str){(const char *)data, size}, &e);
    if (m && map_bind(m, columns, 3, &e)) {
        map_category(m, cells, 3);
        for (size_t i = 0; i < m->lines_n; i++)
            map_text(a, &m->lines[i], cells, 3);
    }
    arena_destroy(&a);
    return 0;
}
