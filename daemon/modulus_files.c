#include "daemon/modulus_files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { FILE_BYTES_MOST = 4 << 20 }; /* the published table has about 1,100 lines */

/* An empty path gives empty text. */
static bool read_file(struct arena *a, const char *key, const char *path, struct str *ret_text, struct err *e)
{
    struct buf b = {0};
    char piece[4096];
    size_t n;
    FILE *f = text_is_empty(path) ? NULL : fopen(path, "re");
    if (!text_is_empty(path) && !f)
        return err_set(e, "%s %s: %s", key, path, strerror(errno));
    while (f && b.n <= FILE_BYTES_MOST && (n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_add(&b, piece, n);
    bool is_read = !f || (!ferror(f) && b.n <= FILE_BYTES_MOST);
    if (f)
        fclose(f);
    size_t length = b.n;
    *ret_text = (struct str){str_dup(a, buf_str(&b)), length};
    buf_finish(&b);
    return is_read || err_set(e, "%s %s: cannot be read, or is over %d MB", key, path, FILE_BYTES_MOST >> 20);
}

bool modulus_files_load(struct arena *a, const struct conf *c, const struct modulus_table **ret_table, struct err *e)
{
    struct str weights, substitutions;
    struct err why = {""};
    *ret_table = NULL;
    if (!read_file(a, "modulus_weights", c->modulus_weights, &weights, e) || !read_file(a, "modulus_substitutions", c->modulus_substitutions, &substitutions, e))
        return false;
    if (!weights.n)
        return text_is_empty(c->modulus_weights) || err_set(e, "modulus_weights %s: is empty", c->modulus_weights);
    *ret_table = modulus_load(a, weights, substitutions, &why);
    return *ret_table || err_set(e, "modulus_weights %s: %s", c->modulus_weights, why.text);
}
