#include "catalogue/import.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/base/arena.h"
#include "daemon/base/conf.h"

static int usage(void)
{
    fputs("Usage: marketcross import entries --council ID --map FILE.map [OPTION…] FILE…\n"
          "       marketcross import postcodes [OPTION…] FILE.csv\n\n"
          "  --database CONNINFO     where to (default: jobs_database of the configuration)\n"
          "  --dry-run               read and check the files, store nothing\n"
          "  --errors FILE           where to write what was wrong (default: import-errors.csv)\n"
          "  --progress auto|plain|never\n",
          stderr);
    return EX_USAGE;
}

static bool read_progress(const char *word, enum progress_mode *ret)
{
    static const char *const words[] = {[PROGRESS_AUTO] = "auto", [PROGRESS_PLAIN] = "plain", [PROGRESS_NEVER] = "never"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0) {
            *ret = (enum progress_mode)i;
            return true;
        }
    return false;
}

static bool read_options(int argc, char **argv, struct import_options *o)
{
    static const struct option options[] = {{"council", required_argument, NULL, 'c'},  {"map", required_argument, NULL, 'm'},
                                            {"database", required_argument, NULL, 'd'}, {"dry-run", no_argument, NULL, 'n'},
                                            {"errors", required_argument, NULL, 'e'},   {"progress", required_argument, NULL, 'p'},
                                            {NULL, 0, NULL, 0}};
    int c;
    int64_t number;
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {
        case 'c':
            if (!text_read_i64(str_of(optarg), 1, INT32_MAX, &number))
                return false;
            o->council = (int)number;
            break;
        case 'm':
            o->map = optarg;
            break;
        case 'd':
            o->database = optarg;
            break;
        case 'n':
            o->is_dry = true;
            break;
        case 'e':
            o->errors = optarg;
            break;
        case 'p':
            if (!read_progress(optarg, &o->progress))
                return false;
            break;
        default:
            return false;
        }
    }
    o->files = argv + optind;
    o->files_n = (size_t)(argc - optind);
    return o->files_n > 0;
}

int import_command(int argc, char **argv)
{
    if (argc < 2)
        return usage();
    bool is_entries = strcmp(argv[1], "entries") == 0;
    struct import_options o = {.errors = "import-errors.csv"};
    if ((!is_entries && strcmp(argv[1], "postcodes") != 0) || !read_options(argc - 1, argv + 1, &o) || (is_entries && (!o.council || !o.map)))
        return usage();
    struct arena *a = arena_create((size_t)512 << 20);
    if (!o.database) {
        const struct conf *conf = conf_load(a, NULL, NULL, 0, stderr);
        o.database = conf ? conf->jobs_database : "";
    }
    int code = is_entries ? import_entries(a, &o) : import_postcodes(a, &o);
    arena_destroy(&a);
    return code;
}
