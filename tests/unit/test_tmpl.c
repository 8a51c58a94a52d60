/* Compiled templates write what golden/tmplgen/golden/NAME.expected holds, with hostile text in every hole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/base/civil.h"
#include "tmpl/golden.c"

#define GOLDEN "tests/unit/golden/tmplgen/golden/"
#define HOSTILE "<a href='x' title=\"y\">&amp;\n</script> {t} é"

struct page {
    struct arena *arena;
    struct buf out;
    struct html html;
};

static int page_begin(void **state)
{
    struct arena *a = arena_create(0);
    struct page *p = arena_alloc(a, sizeof *p);
    p->arena = a;
    p->html = (struct html){.out = &p->out, .arena = a};
    *state = p;
    return 0;
}

static int page_end(void **state)
{
    struct page *p = *state;
    struct arena *a = p->arena; /* the page itself lies in it */
    buf_finish(&p->out);
    arena_destroy(&a);
    return 0;
}

static void compare(struct page *p, const char *name)
{
    char expected[16384] = "";
    FILE *f = fopen(arena_printf(p->arena, GOLDEN "%s.expected", name), "rb");
    assert_non_null(f);
    expected[fread(expected, 1, sizeof expected - 1, f)] = '\0';
    fclose(f);
    assert_string_equal(p->out.p, expected);
}

static void holes_are_escaped_for_their_place(void **state)
{
    struct page *p = *state;
    tmpl_golden_holes(&p->html, &(struct tmpl_golden_holes){.t = HOSTILE,
                                                            .n = -7,
                                                            .none_null = true,
                                                            .m = 123456,
                                                            .d = civil_day((struct civil){2026, 5, 3}),
                                                            .r = 4.25,
                                                            .h = {STR("<b>safe</b>")},
                                                            .b = true,
                                                            .base = "/for/K7M2-4QXP"});
    compare(p, "holes");
}

static void missing_values_write_nothing(void **state)
{
    struct page *p = *state;
    tmpl_golden_holes(&p->html, &(struct tmpl_golden_holes){.none_null = true, .d = CIVIL_NONE});
    compare(p, "holes_empty");
}

static const struct sql_golden_lines_row lines[] = {
    {.ref = "A", .title = "Bread & butter", .price = 250, .n = 3, .ends = 0, .paid = true, .share = 0.5},
    {.ref = "B", .title = NULL, .price_null = true, .n_null = true, .ends = CIVIL_NONE, .paid = true, .paid_null = true, .share_null = true},
};
static const struct tmpl_golden_flow_tags tags[] = {{"x", 1, false}, {"y", 0, true}};

static void conditions_loops_and_includes(void **state)
{
    struct page *p = *state;
    tmpl_golden_flow(&p->html, &(struct tmpl_golden_flow){.state = "B",
                                                          .b = true,
                                                          .n = 2,
                                                          .d = 0,
                                                          .lines = lines,
                                                          .lines_n = 2,
                                                          .one = &lines[0],
                                                          .tags = tags,
                                                          .tags_n = 2});
    compare(p, "flow");
}

static void nothing_to_loop_over(void **state)
{
    struct page *p = *state;
    tmpl_golden_flow(&p->html, &(struct tmpl_golden_flow){.state = "placed", .d = CIVIL_NONE});
    compare(p, "flow_empty");
}

struct note {
    const char *note;
};

static void writing_forms_and_bars(void **state)
{
    static const struct form_field fields[] = {FIELD(struct note, note, .kind = FORM_TEXT, .label = "Note")};
    static const struct form_spec spec = FORM_SPEC(struct note, fields);
    struct page *p = *state;
    struct form *f = form_create(p->arena, &spec);
    f->csrf = "c\"1";
    f->key = "k1";
    form_error(f, "note", "Enter <a> note");
    tmpl_golden_written(&p->html, &(struct tmpl_golden_written){.f = f, .ref = "../K7 M2?", .base = "/for/X", .left = 1});
    compare(p, "written");
}

#define PAGE_TEST(f) cmocka_unit_test_setup_teardown(f, page_begin, page_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAGE_TEST(holes_are_escaped_for_their_place), PAGE_TEST(missing_values_write_nothing), PAGE_TEST(conditions_loops_and_includes),
        PAGE_TEST(nothing_to_loop_over),              PAGE_TEST(writing_forms_and_bars),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
