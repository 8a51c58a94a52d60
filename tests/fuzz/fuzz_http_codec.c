/* A connection's bytes: heads and bodies, one after the other, delivered whole and then cut at a place that the input chooses. Both deliveries must
 * find the same requests, and what was accepted must be what the grammar allows. */
#include <stdlib.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/http/http_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool truth)
{
    if (!truth)
        abort();
}

static void check_head(const struct codec_head *h)
{
    require(h->path.n > 0 && h->path.p[0] == '/' && text_is_utf8(h->path.p, h->path.n));
    require(!memmem(h->path.p, h->path.n, "//", 2) && !memmem(h->path.p, h->path.n, "/../", 4) && !memchr(h->path.p, 0, h->path.n));
    require(!memchr(h->path.p, '\\', h->path.n) && h->target.n <= HTTP_TARGET_MAX);
    require(h->fields_n <= HTTP_FIELDS_MAX && !(h->is_chunked && (h->length || h->minor == 0)));
    for (size_t i = 0; i < h->fields_n; i++) {
        require(codec_is_token(h->fields[i].name));
        for (size_t k = 0; k < h->fields[i].value.n; k++)
            require(!strchr("\r\n", h->fields[i].value.p[k]));
    }
}

/* Returns the bytes of a body at the start of `in`, or SIZE_MAX when it is broken or not complete. */
static size_t body_length(struct str in, const struct codec_head *h, size_t cut)
{
    if (!h->is_chunked)
        return h->length <= in.n ? (size_t)h->length : SIZE_MAX;
    struct codec_chunks chunks = {0};
    struct str first = {in.p, cut < in.n ? cut : in.n}, rest = {in.p + first.n, in.n - first.n}, piece;
    while (codec_next_chunk(&chunks, &first, &piece))
        require(piece.n > 0);
    if (first.n == 0)
        while (codec_next_chunk(&chunks, &rest, &piece))
            require(piece.n > 0);
    return chunks.state == CHUNK_DONE ? in.n - first.n - rest.n : SIZE_MAX;
}

static unsigned count_requests(struct str in, size_t cut)
{
    unsigned n = 0;
    for (; n < 20; n++) {
        struct codec_scan scan = {0};
        struct codec_head head;
        if ((cut < in.n && codec_scan_head(&scan, in.p, cut)) || codec_scan_head(&scan, in.p, in.n) || !scan.is_complete)
            break;
        struct arena *a = arena_create(0);
        bool is_fine = codec_read_head(a, arena_memdup(a, in.p, scan.at), scan.at, &head) == 0;
        size_t body = SIZE_MAX;
        in.p += scan.at, in.n -= scan.at;
        if (is_fine) {
            check_head(&head);
            body = body_length(in, &head, cut);
        }
        arena_destroy(&a);
        if (body == SIZE_MAX)
            break;
        in.p += body, in.n -= body;
    }
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct str in = {(const char *)data + 1, size - 1};
    require(count_requests(in, SIZE_MAX) == count_requests(in, data[0]));
    return 0;
}
