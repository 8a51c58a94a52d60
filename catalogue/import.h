/*
 * `marketcross import entries` and `marketcross import postcodes`: other people's lists into the catalogue, again and again without harm.
 * Commands own all they use and give it back. Exit codes: 0 done, 64 usage, 65 a file or a row could not be used, 69 database away, 75 stopped: run it again.
 */
#ifndef CATALOGUE_IMPORT_H
#define CATALOGUE_IMPORT_H

#include "catalogue/import_progress.h"
#include "daemon/base/err.h"
#include "daemon/base/text.h"

struct arena;

struct import_options {
    int council;
    const char *database, *map, *errors;
    char *const *files;
    size_t files_n;
    bool is_dry;
    enum progress_mode progress;
};

/* What the jail made of the files: whole lines without their newline (see import_rows.h). */
struct import_rows {
    struct buf text;
    struct str *rows, *faults;
    int *row_files, *fault_files; /* index of the file each came from */
    size_t rows_n, faults_n, failed_n;
};

/* The command: argv[1] is entries or postcodes. */
int import_command(int argc, char **argv);

/* Reads all files in the jail. False after saying why on standard error. */
bool import_read_files(struct arena *a, const struct import_options *o, bool (*read)(struct str in, struct buf *out, struct err *e), struct str map, struct import_rows *ret,
                       char **ret_sha256);
/* The report of faults, as CSV: file, line, column, what is wrong, what to do. */
bool import_write_faults(const struct import_options *o, const struct import_rows *rows);

int import_entries(struct arena *a, const struct import_options *o);
int import_postcodes(struct arena *a, const struct import_options *o);

#endif
