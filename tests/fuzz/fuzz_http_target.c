/* Targets, and the Host value that the same bytes would be. */
#include <stdlib.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/http/http_codec.h"
#include "daemon/http/router.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str in = {(const char *)data, size}, path, query, args[4], hosts[] = {STR("a.example")};
    struct arena *a = arena_create(0);
    size_t n;
    if (codec_read_target(a, in, &path, &query) == 0) {
        if (path.p[0] != '/' || memchr(path.p, 0, path.n) || !text_is_utf8(path.p, path.n) || path.n + query.n > size)
            abort();
        if (http_route_match("/{a}/b/{c}", path, args, 4, &n) && (n != 2 || !args[0].n || !args[1].n || memchr(args[0].p, '/', args[0].n)))
            abort();
    }
    if (codec_check_host(in, hosts, 1) == 0 && size < hosts[0].n)
        abort();
    arena_destroy(&a);
    return 0;
}
