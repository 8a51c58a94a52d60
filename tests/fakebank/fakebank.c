/* fakebank generate SEED ENTRIES DIR | score SEED ENTRIES | noise SEED ENTRIES TIMES | pain SEED FILE DIR | pay FILE DIR OPENING */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "tests/fakebank/fb_score.h"

static bool save(const char *dir, const char *name, const struct buf *b)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "wb");
    bool ok = f && fwrite(b->p ? b->p : "", 1, b->n, f) == b->n;
    if (f)
        ok = fclose(f) == 0 && ok;
    if (!ok)
        fprintf(stderr, "fakebank: %s cannot be written\n", path);
    return ok;
}

/* A CSV file holds one statement: name-1.csv, name-2.csv … */
static bool save_csv(const struct fb_world *w, enum fb_csv dialect, const char *dir, const char *stem)
{
    struct buf all = {0}, order = {0};
    char name[64];
    size_t number = 0;
    bool ok = true;
    fb_write_csv(w, dialect, &all, &order);
    for (struct str rest = buf_str(&all), part; ok && str_cut(&rest, '\f', &part);) {
        if (!part.n)
            continue;
        struct buf one = {0};
        buf_add(&one, part.p, part.n);
        snprintf(name, sizeof name, "%s-%05zu.csv", stem, ++number);
        ok = save(dir, name, &one);
        buf_finish(&one);
    }
    snprintf(name, sizeof name, "%s.order", stem);
    ok = ok && save(dir, name, &order);
    buf_finish(&all);
    buf_finish(&order);
    return ok;
}

static bool save_formats(const struct fb_world *w, const char *dir)
{
    struct buf b[6] = {{0}};
    fb_write_camt(w, 2, &b[0], &b[1]);
    fb_write_camt(w, 8, &b[2], &b[3]);
    b[3].n = 0;
    fb_write_mt940(w, &b[4], &b[3]);
    bool ok = save(dir, "camt.053.001.02.xml", &b[0]) && save(dir, "camt.053.001.08.xml", &b[2]) && save(dir, "mt940.sta", &b[4]) &&
              save(dir, "statement.order", &b[1]);
    for (size_t i = 0; i < 6; i++)
        buf_finish(&b[i]);
    return ok && save_csv(w, FB_CSV_LLOYDS, dir, "lloyds") && save_csv(w, FB_CSV_BARCLAYS, dir, "barclays") && save_csv(w, FB_CSV_MARKED, dir, "marked");
}

static bool generate(uint64_t seed, size_t entries, const char *dir)
{
    struct fb_world w = {.a = arena_create((size_t)16 << 30), .random = seed};
    struct buf expected = {0}, truth = {0};
    fb_make(&w, entries);
    fb_write_expected(&w, &expected);
    fb_write_truth(&w, &truth);
    bool ok = save(dir, "expected.jsonl", &expected) && save(dir, "truth.jsonl", &truth) && save_formats(&w, dir);
    buf_finish(&expected);
    buf_finish(&truth);
    arena_destroy(&w.a);
    return ok;
}

static bool answer_file(uint64_t seed, const char *path, const char *dir, int64_t opening, bool is_calm)
{
    struct fb_world w = {.a = arena_create(0), .random = seed, .opening = opening, .is_calm = is_calm};
    struct buf file = {0}, answer = {0};
    struct err e = {""};
    char piece[4096];
    size_t n;
    FILE *f = fopen(path, "rb");
    while (f && (n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_add(&file, piece, n);
    if (f)
        fclose(f);
    bool is_bacs = file.n > 4 && memcmp(file.p, "VOL1", 4) == 0;
    bool ok = is_bacs ? fb_take_bacs(&w, buf_str(&file), &e) : fb_take_pain(&w, buf_str(&file), &answer, &e);
    if (!ok)
        fprintf(stderr, "fakebank: %s: %s\n", path, e.text);
    ok = ok && (is_bacs || save(dir, "pain.002.xml", &answer)) && save_formats(&w, dir);
    buf_finish(&file);
    buf_finish(&answer);
    arena_destroy(&w.a);
    return ok;
}

int main(int argc, char **argv)
{
    struct err e = {""};
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "generate") == 0 && argc == 5)
        return generate(strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10), argv[4]) ? 0 : 1;
    if (strcmp(what, "pain") == 0 && argc == 5)
        return answer_file(strtoul(argv[2], NULL, 10), argv[3], argv[4], 100000000, false) ? 0 : 1;
    if (strcmp(what, "pay") == 0 && argc == 5)
        return answer_file(1, argv[2], argv[3], strtol(argv[4], NULL, 10), true) ? 0 : 1;
    bool noise = strcmp(what, "noise") == 0 && argc == 5;
    if (noise || (strcmp(what, "score") == 0 && argc == 4)) {
        uint64_t seed = strtoul(argv[2], NULL, 10);
        size_t entries = strtoul(argv[3], NULL, 10);
        bool ok = noise ? fb_score_noises(seed, entries, (unsigned)strtoul(argv[4], NULL, 10), &e) : fb_score(seed, entries, FB_CLEAN, 0, &e);
        if (!ok)
            fprintf(stderr, "fakebank: %s\n", e.text);
        return ok ? 0 : 1;
    }
    fputs("Usage: fakebank generate SEED ENTRIES DIR | score SEED ENTRIES | noise SEED ENTRIES TIMES | pain SEED FILE DIR | pay FILE DIR OPENING\n", stderr);
    return EX_USAGE;
}
