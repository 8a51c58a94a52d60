#include "payments/invoice/invoice_command.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/base/arena.h"
#include "daemon/base/json.h"
#include "daemon/base/xml.h"
#include "payments/invoice/invoice.h"

enum { EXIT_VALID, EXIT_INVALID, EXIT_UNREADABLE };

/* A little more than the limit of documents, so that the limit itself gives the reason. */
enum { FILE_BYTES_MAX = 21 * 1024 * 1024 };

struct options {
    bool json;
    enum invoice_profile profile;
    const char *schema_directory;
    char **files;
    int n_files;
};

static int usage(void)
{
    fputs("Usage: marketcross invoice check [--json] [--profile en16931|peppol] [--xsd DIR] FILE…\n"
          "       marketcross invoice show [--json] FILE\n"
          "       marketcross invoice write [FILE]\n",
          stderr);
    return EX_USAGE;
}

static bool read_profile(const char *name, enum invoice_profile *ret)
{
    if (strcmp(name, "en16931") == 0)
        *ret = INVOICE_EN16931;
    else if (strcmp(name, "peppol") == 0)
        *ret = INVOICE_PEPPOL;
    else
        return false;
    return true;
}

/* argv[0] is the subcommand. */
static bool read_options(int argc, char **argv, struct options *o)
{
    int i = 1;
    for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        bool has_value = i + 1 < argc;
        if (strcmp(argv[i], "--") == 0) {
            i++;
            break;
        }
        if (strcmp(argv[i], "--json") == 0)
            o->json = true;
        else if (strcmp(argv[i], "--profile") == 0 && has_value && read_profile(argv[i + 1], &o->profile))
            i++;
        else if (strcmp(argv[i], "--xsd") == 0 && has_value)
            o->schema_directory = argv[++i];
        else
            return false;
    }
    o->files = argv + i;
    o->n_files = argc - i;
    return true;
}

static bool read_file(const char *path, struct buf *b, struct err *e)
{
    FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (!f)
        return err_set(e, "%s", strerror(errno));
    size_t got = 1;
    while (got && b->n < FILE_BYTES_MAX) {
        buf_reserve(b, 64 * 1024);
        got = fread(b->p + b->n, 1, 64 * 1024, f);
        b->n += got;
    }
    bool ok = !ferror(f);
    if (!ok)
        err_set(e, "%s", strerror(errno));
    if (f != stdin)
        fclose(f);
    return ok;
}

/* ---- check ---- */

static void print_json(const char *path, enum invoice_syntax syntax, const struct invoice_verdict *v, const struct err *e)
{
    struct buf b = {0};
    buf_adds(&b, "{\"file\":");
    json_write_text(&b, path);
    if (syntax != SYNTAX_UNKNOWN) {
        buf_addf(&b, ",\"syntax\":\"%s\",\"xsd\":\"%s\",\"valid\":%s,\"ruleset\":\"%s\",\"rules\":", invoice_syntax_name(syntax), invoice_schema_name(v->schema),
                 v->is_valid ? "true" : "false", v->ruleset);
        invoice_write_findings(v, &b);
    } else {
        buf_adds(&b, ",\"syntax\":\"unknown\",\"xsd\":\"unchecked\",\"valid\":false,\"ruleset\":\"\",\"rules\":[],\"error\":");
        json_write_text(&b, e->text);
    }
    buf_adds(&b, "}\n");
    fwrite(b.p, 1, b.n, stdout);
    buf_finish(&b);
}

static void print_text(const char *path, enum invoice_syntax syntax, const struct invoice_verdict *v, const struct err *e)
{
    if (syntax == SYNTAX_UNKNOWN) {
        printf("%s: cannot be read: %s\n", path, e->text);
        return;
    }
    printf("%s: %s (%s, schema %s)\n", path, v->is_valid ? "valid" : "not valid", v->ruleset, invoice_schema_name(v->schema));
    for (size_t i = 0; i < v->n; i++) {
        const struct invoice_finding *f = &v->findings[i];
        printf("  %-7s %s, line %ld: %s\n          %s\n", f->severity == INVOICE_FATAL ? "error" : "warning", f->id, f->line, f->advice, f->path);
    }
}

/* bytes: the buffer of the file before, used again. */
static int check_file(const char *path, const struct options *o, const struct invoice_schemas *schemas, struct buf *bytes)
{
    struct arena *a = arena_create(INVOICE_ARENA_BYTES);
    struct err e = {{0}};
    struct invoice_verdict verdict = {0};
    enum invoice_syntax syntax = SYNTAX_UNKNOWN;
    bytes->n = 0;
    if (read_file(path, bytes, &e))
        syntax = invoice_judge(a, buf_str(bytes), o->profile, schemas, &verdict, &e);
    (o->json ? print_json : print_text)(path, syntax, &verdict, &e);
    arena_destroy(&a);
    return syntax == SYNTAX_UNKNOWN ? EXIT_UNREADABLE : verdict.is_valid ? EXIT_VALID : EXIT_INVALID;
}

/* What one file gives back the next one takes: asking the system for the same pages again costs more than judging a small invoice. */
static void keep_freed_memory(void)
{
    mallopt(M_MMAP_THRESHOLD, FILE_BYTES_MAX);
    mallopt(M_TRIM_THRESHOLD, FILE_BYTES_MAX);
}

static int run_check(const struct options *o)
{
    if (o->n_files == 0)
        return usage();
    struct arena *a = arena_create(0);
    struct err e;
    const struct invoice_schemas *schemas = o->schema_directory ? invoice_schemas_create(a, o->schema_directory, &e) : NULL;
    struct buf bytes = {0};
    int worst = EXIT_VALID;
    keep_freed_memory();
    if (o->schema_directory && !schemas) {
        fprintf(stderr, "marketcross: %s\n", e.text);
        worst = EX_USAGE;
    }
    for (int i = 0; i < o->n_files && worst != EX_USAGE; i++) {
        int result = check_file(o->files[i], o, schemas, &bytes);
        worst = result > worst ? result : worst;
    }
    buf_finish(&bytes);
    arena_destroy(&a);
    return worst;
}

/* ---- show, write ---- */

static int fail(const char *path, const struct err *e)
{
    fprintf(stderr, "marketcross: %s: %s\n", path, e->text);
    return EXIT_UNREADABLE;
}

static bool show(struct arena *a, struct str bytes, struct buf *out, struct err *e)
{
    struct invoice_verdict verdict;
    const struct invoice *inv = invoice_read(a, bytes, INVOICE_EN16931, NULL, &verdict, e);
    if (inv)
        invoice_write_json(inv, out);
    buf_addc(out, '\n');
    return inv != NULL;
}

static bool write_ubl(struct arena *a, struct str bytes, struct buf *out, struct err *e)
{
    const struct invoice *inv = invoice_parse_json(a, bytes, e);
    return inv && invoice_write(inv, out, e);
}

typedef bool convert_fn(struct arena *a, struct str bytes, struct buf *out, struct err *e);

static int run_convert(const struct options *o, convert_fn *convert)
{
    if (o->n_files > 1)
        return usage();
    const char *path = o->n_files ? o->files[0] : "-";
    struct arena *a = arena_create(INVOICE_ARENA_BYTES);
    struct buf bytes = {0}, out = {0};
    struct err e;
    bool ok = read_file(path, &bytes, &e) && convert(a, buf_str(&bytes), &out, &e);
    if (ok)
        fwrite(out.p, 1, out.n, stdout);
    int code = ok ? EXIT_VALID : fail(path, &e);
    buf_finish(&out);
    buf_finish(&bytes);
    arena_destroy(&a);
    return code;
}

int invoice_command(int argc, char **argv)
{
    struct options o = {0};
    xml_init();
    if (argc < 2 || !read_options(argc - 1, argv + 1, &o))
        return usage();
    if (strcmp(argv[1], "check") == 0)
        return run_check(&o);
    if (strcmp(argv[1], "show") == 0)
        return run_convert(&o, show);
    return strcmp(argv[1], "write") == 0 ? run_convert(&o, write_ubl) : usage();
}
