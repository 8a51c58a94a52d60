/*
 * assetgen OUT.c FILE…: embeds static files under /assets/NAME-HASH.EXT with their gzip and brotli forms.
 * A text file may name files given before it as "/assets/NAME": the name is replaced by the hashed path, so that a change of one reaches all.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include <brotli/encode.h>
#include <zlib.h>

#include "daemon/base/arena.h"
#include "daemon/base/hash.h"
#include "daemon/base/text.h"

enum { MAX_BYTES = 8 << 20, MAX_FILES = 256, HASH_LETTERS = 10 };

struct asset {
    const char *name, *path, *type, *hash;
    struct str plain, gzip, brotli;
};

static const char *type_of(const char *name)
{
    static const char *const types[][2] = {{".css", "text/css; charset=utf-8"},
                                           {".js", "text/javascript; charset=utf-8"},
                                           {".svg", "image/svg+xml"},
                                           {".png", "image/png"},
                                           {".json", "application/json"},
                                           {".webmanifest", "application/manifest+json"},
                                           {".woff2", "font/woff2"},
                                           {".txt", "text/plain; charset=utf-8"}};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof types / sizeof *types; i++)
        if (strcmp(dot, types[i][0]) == 0)
            return types[i][1];
    return NULL;
}

static bool is_text(const struct asset *a)
{
    return strncmp(a->type, "image/png", 9) != 0 && strncmp(a->type, "font/", 5) != 0;
}

static bool read_file(struct arena *a, const char *path, struct str *ret)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return false;
    char *p = arena_alloc(a, MAX_BYTES);
    size_t n = fread(p, 1, MAX_BYTES, f);
    bool is_whole = !ferror(f) && n < MAX_BYTES;
    fclose(f);
    *ret = (struct str){p, n};
    return is_whole;
}

/* ---- references between files ---- */

static bool is_name_end(char c)
{
    return !(text_is_alpha(c) || text_is_digit(c) || c == '.' || c == '-' || c == '_');
}

static const struct asset *named_at(struct str text, const struct asset *all, size_t n)
{
    static const char prefix[] = "/assets/";
    if (!str_starts(text, prefix))
        return NULL;
    struct str rest = {text.p + sizeof prefix - 1, text.n - (sizeof prefix - 1)};
    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(all[i].name);
        if (str_starts(rest, all[i].name) && (rest.n == length || is_name_end(rest.p[length])))
            return &all[i];
    }
    return NULL;
}

static struct str with_hashed_paths(struct arena *a, struct str text, const struct asset *all, size_t n)
{
    struct buf b = {0};
    for (size_t i = 0; i < text.n; i++) {
        const struct asset *found = text.p[i] == '/' ? named_at((struct str){text.p + i, text.n - i}, all, n) : NULL;
        if (found) {
            buf_adds(&b, found->path);
            i += strlen("/assets/") + strlen(found->name) - 1;
        } else {
            buf_addc(&b, text.p[i]);
        }
    }
    struct str out = {arena_memdup(a, b.p, b.n), b.n};
    buf_finish(&b);
    return out;
}

/* ---- compressing: only what is smaller is kept ---- */

static struct str gzip(struct arena *a, struct str s)
{
    z_stream z = {0};
    if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        return (struct str){NULL, 0};
    uLong bound = deflateBound(&z, s.n);
    char *out = arena_alloc(a, bound);
    z.next_in = (Bytef *)arena_memdup(a, s.p, s.n);
    z.avail_in = (uInt)s.n;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)bound;
    bool is_done = deflate(&z, Z_FINISH) == Z_STREAM_END;
    size_t n = z.total_out;
    deflateEnd(&z);
    return is_done && n < s.n ? (struct str){out, n} : (struct str){NULL, 0};
}

static struct str brotli(struct arena *a, struct str s)
{
    size_t n = BrotliEncoderMaxCompressedSize(s.n);
    uint8_t *out = arena_alloc(a, n);
    bool is_done = BrotliEncoderCompress(BROTLI_MAX_QUALITY, BROTLI_MAX_WINDOW_BITS, BROTLI_MODE_TEXT, s.n, (const uint8_t *)s.p, &n, out);
    return is_done && n < s.n ? (struct str){(char *)out, n} : (struct str){NULL, 0};
}

/* ---- writing ---- */

static void write_bytes(FILE *f, struct str s)
{
    fputs("{\"", f);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\' || c == '?')
            fprintf(f, "\\%c", c);
        else if (c < 0x20 || c >= 0x7F)
            fprintf(f, "\\%03o", c);
        else
            fputc(c, f);
        if (i % 120 == 119)
            fputs("\"\n\"", f);
    }
    fprintf(f, "\", %zu}", s.n);
}

static void write_asset(FILE *f, const struct asset *a)
{
    fprintf(f, "    {\"%s\", \"%s\", \"%s\", \"\\\"%s\\\"\",\n", a->path, a->name, a->type, a->hash);
    write_bytes(f, a->plain);
    fputs(",\n", f);
    write_bytes(f, a->gzip);
    fputs(",\n", f);
    write_bytes(f, a->brotli);
    fputs("},\n", f);
}

static bool write_all(const char *path, const struct asset *all, size_t n)
{
    FILE *f = fopen(path, "w");
    if (!f)
        return false;
    fputs("/* Made by assetgen. */\n#include \"web/html/assets.h\"\n\nconst struct http_asset http_assets[] = {\n", f);
    for (size_t i = 0; i < n; i++)
        write_asset(f, &all[i]);
    fprintf(f, "};\n\nconst size_t http_assets_n = %zu;\n", n);
    bool is_written = !ferror(f);
    return fclose(f) == 0 && is_written;
}

static bool load(struct arena *a, const char *file, struct asset *all, size_t n)
{
    struct asset *new = &all[n];
    const char *slash = strrchr(file, '/');
    new->name = slash ? slash + 1 : file;
    new->type = type_of(new->name);
    if (!new->type || !read_file(a, file, &new->plain)) {
        fprintf(stderr, "%s:1: %s\n", file, new->type ? "cannot be read" : "a kind of file that is not known");
        return false;
    }
    if (is_text(new)) {
        new->plain = with_hashed_paths(a, new->plain, all, n);
        new->brotli = brotli(a, new->plain);
        new->gzip = gzip(a, new->plain);
    }
    new->hash = arena_strndup(a, hash_sha256_hex(a, new->plain), HASH_LETTERS);
    const char *dot = strrchr(new->name, '.');
    new->path = arena_printf(a, "/assets/%.*s-%s%s", (int)(dot - new->name), new->name, new->hash, dot);
    return true;
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc > MAX_FILES) {
        fputs("usage: assetgen OUT.c FILE...\n", stderr);
        return EX_USAGE;
    }
    struct arena *a = arena_create((size_t)4 << 30);
    struct asset *all = arena_array(a, (size_t)argc, sizeof *all);
    size_t n = 0;
    bool is_loaded = true;
    for (int i = 2; i < argc && is_loaded; i++)
        is_loaded = load(a, argv[i], all, n++);
    bool is_written = is_loaded && write_all(argv[1], all, n);
    arena_destroy(&a);
    return is_written ? 0 : EX_DATAERR;
}
