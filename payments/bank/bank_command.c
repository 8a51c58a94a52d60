#include "payments/bank/bank_command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/base/json.h"
#include "payments/bank/match_json.h"
#include "payments/bank/pain002.h"
#include "payments/bank/statement.h"

enum { PIECE = 64 * 1024, HELD_BYTES = 4 * 1024 * 1024, EX_UNREADABLE = 2 };

/* What was read so far, kept back until the file is known to be good: in memory, then in a temporary file. */
struct held {
    struct buf text;
    FILE *spill;
};

static bool hold(struct held *h, struct err *e)
{
    if (h->text.n < HELD_BYTES)
        return true;
    if (!h->spill && !(h->spill = tmpfile()))
        return err_set(e, "no temporary file: %s", strerror(errno));
    if (fwrite(h->text.p, 1, h->text.n, h->spill) != h->text.n)
        return err_set(e, "the temporary file is full");
    h->text.n = 0;
    return true;
}

static bool release(struct held *h, FILE *out)
{
    char piece[PIECE];
    size_t n;
    if (h->spill) {
        rewind(h->spill);
        while ((n = fread(piece, 1, sizeof piece, h->spill)) > 0)
            fwrite(piece, 1, n, out);
    }
    fwrite(h->text.p ? h->text.p : "", 1, h->text.n, out);
    return !ferror(out);
}

/* The answer to a payment file, which is never larger than what the bank was sent. */
static bool read_answer(FILE *in, struct str first, struct held *h, struct err *e)
{
    char piece[PIECE];
    struct buf all = {0};
    buf_add(&all, first.p, first.n);
    for (size_t n; (n = fread(piece, 1, sizeof piece, in)) > 0;)
        buf_add(&all, piece, n);
    bool read = ferror(in) ? err_set(e, "%s", strerror(errno)) : pain002_read_members(buf_str(&all), &h->text, e);
    buf_finish(&all);
    return read;
}

static bool read_pieces(FILE *in, struct statement_stream *s, struct held *h, struct err *e)
{
    char piece[PIECE];
    size_t n;
    for (bool first = true; (n = fread(piece, 1, sizeof piece, in)) > 0; first = false) {
        if (first && pain002_is((struct str){piece, n}))
            return read_answer(in, (struct str){piece, n}, h, e);
        if (!statement_feed(s, (struct str){piece, n}, e) || !hold(h, e))
            return false;
    }
    if (ferror(in))
        return err_set(e, "%s", strerror(errno));
    return statement_finish(s, e);
}

static bool read_file(const char *path, struct held *h, struct err *e)
{
    FILE *in = fopen(path, "rb");
    if (!in)
        return err_set(e, "%s", strerror(errno));
    struct statement_stream *s = statement_open(&h->text);
    bool read = read_pieces(in, s, h, e);
    statement_close(&s);
    fclose(in);
    return read;
}

/* One line for one file; false when it could not be read. */
static bool print_file(const char *path)
{
    struct held h = {0};
    struct buf head = {0};
    struct err e = {""};
    bool read = read_file(path, &h, &e);
    buf_adds(&head, "{\"file\":");
    json_write_text(&head, path);
    buf_addc(&head, ',');
    if (!read) {
        buf_adds(&head, "\"error\":");
        json_write_text(&head, e.text);
    }
    fwrite(head.p, 1, head.n, stdout);
    if (read)
        read = release(&h, stdout);
    fputs("}\n", stdout);
    if (h.spill)
        fclose(h.spill);
    buf_finish(&h.text);
    buf_finish(&head);
    return read;
}

int statement_command(int argc, char **argv)
{
    if (argc < 4 || strcmp(argv[1], "read") != 0 || strcmp(argv[2], "--json") != 0) {
        fputs("Usage: marketcross statement read --json FILE…\n", stderr);
        return EX_USAGE;
    }
    int status = 0;
    for (int i = 3; i < argc; i++)
        if (!print_file(argv[i]))
            status = EX_UNREADABLE;
    return fflush(stdout) == 0 ? status : EX_IOERR;
}

static bool slurp(const char *path, struct buf *out, struct err *e)
{
    FILE *in = fopen(path, "rb");
    if (!in)
        return err_set(e, "%s: %s", path, strerror(errno));
    char piece[PIECE];
    size_t n;
    while ((n = fread(piece, 1, sizeof piece, in)) > 0)
        buf_add(out, piece, n);
    bool read = !ferror(in);
    fclose(in);
    return read || err_set(e, "%s: cannot be read", path);
}

static int match_files(const char *expected, const char *entries)
{
    struct buf items = {0}, statements = {0}, out = {0};
    struct err e = {""};
    bool done = slurp(expected, &items, &e) && slurp(entries, &statements, &e) && match_json(buf_str(&items), buf_str(&statements), &out, &e);
    if (done)
        done = fwrite(out.p ? out.p : "", 1, out.n, stdout) == out.n && fflush(stdout) == 0;
    else
        fprintf(stderr, "marketcross: %s\n", e.text);
    buf_finish(&items);
    buf_finish(&statements);
    buf_finish(&out);
    return done ? 0 : EX_UNREADABLE;
}

int reconcile_command(int argc, char **argv)
{
    const char *expected = NULL, *entries = NULL;
    bool json = false;
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            json = true;
        else if (strcmp(argv[i], "--expected") == 0 && i + 1 < argc)
            expected = argv[++i];
        else if (strcmp(argv[i], "--entries") == 0 && i + 1 < argc)
            entries = argv[++i];
    }
    if (argc < 2 || strcmp(argv[1], "match") != 0 || !json || !expected || !entries) {
        fputs("Usage: marketcross reconcile match --json --expected FILE --entries FILE\n", stderr);
        return EX_USAGE;
    }
    return match_files(expected, entries);
}
