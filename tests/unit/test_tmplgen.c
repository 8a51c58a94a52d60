/* The template compiler refuses what it says it refuses: every file of golden/tmplgen/bad names the line and the message it must get. */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define main tmplgen_main
int tmplgen_main(int argc, char **argv);
#include "web/gen/tmpl_body.c"
#include "web/gen/tmpl_expr.c"
#include "web/gen/tmpl_html.c"
#include "web/gen/tmpl_params.c"
#include "web/gen/tmplgen.c"
#undef main

#define GOLDEN "tests/unit/golden/tmplgen/"

static struct gen *compile_one(struct arena *a, const char *path, struct str text)
{
    struct gen *g = gen_create(a, GOLDEN "sql", 1);
    gen_add(g, path, text);
    gen_compile(g);
    return g;
}

/* The message due for `path`: "path:LINE: MESSAGE\n" from the template's own "about:"; NULL when it is a good one. */
static const char *due(struct arena *a, const char *path, struct str text)
{
    static const char start[] = "{# about: ";
    assert_true(str_starts(text, start));
    struct str rest = {text.p + sizeof start - 1, text.n - (sizeof start - 1)}, line;
    assert_true(str_cut(&rest, '\n', &line));
    return text_is_digit(line.p[0]) ? arena_printf(a, "%s:%.*s\n", path, (int)line.n, line.p) : NULL;
}

static void bad_templates_are_refused(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    glob_t files;
    assert_int_equal(glob(GOLDEN "bad/*.html", 0, NULL, &files), 0);
    struct gen *g = gen_create(a, GOLDEN "sql", files.gl_pathc);
    struct buf expected = {0};
    for (size_t i = 0; i < files.gl_pathc; i++) {
        struct str text;
        assert_true(gen_read(a, files.gl_pathv[i], &text));
        gen_add(g, files.gl_pathv[i], text);
        const char *message = due(a, files.gl_pathv[i], text);
        buf_adds(&expected, message ? message : "");
    }
    assert_true(files.gl_pathc > 60);
    assert_false(gen_compile(g));
    assert_string_equal(g->errors->p, expected.p);
    buf_finish(&expected);
    globfree(&files);
    arena_destroy(&a);
}

static void bad_headers_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *path, *text, *message;
    } rows[] = {
        {"r/a.html", "<p>", "1: a template starts with {# about: … params: … #}"},
        {"r/a.html", "{# params: text t #}", "1: the header starts with \"about:\" and a sentence"},
        {"r/a.html", "{# about: x", "1: the header comment is not closed"},
        {"r/a.html", "{# about: x\nparams: text t;", "2: the header comment is not closed"},
        {"r/a.html", "{# about: x\n params: string t #}", "2: unknown type 'string'"},
        {"r/a.html", "{# about: x\n params: text t; int t #}", "2: 't' is declared twice"},
        {"r/a.html", "{# about: x params: text default #}", "1: 'default' is a word of the language: choose another name"},
        {"r/a.html", "{# about: x params: text 1 #}", "1: expected a name"},
        {"r/a.html", "{# about: x params: text T #}", "1: expected a name"},
        {"r/a.html", "{# about: x params: rows q #}", "1: write \"rows q of QUERY\""},
        {"r/a.html", "{# about: x params: rows q of nothing #}", "1: there is no query 'nothing' (" GOLDEN "sql/*/nothing.sql)"},
        {"r/a.html", "{# about: x params: list l { } #}", "1: list 'l' has no fields"},
        {"r/a.html", "{# about: x params: list l { list m { text t } } #}", "1: a list holds plain fields only, not list"},
        {"r/a.html", "{# about: x params: text t int n #}", "1: expected '#}'"},
        {"r/a.html", "{# about: x #}\xC3(", "1: the file is not UTF-8 text"},
        {"r/a.html", "{# about: x #}\n<!-- x -->", "2: comments are written {# … #}"},
        {"r/a-b.html", "{# about: x #}", "1: names of folders and files are small letters, digits and underscores: 'a-b'"},
        {"R/a.html", "{# about: x #}", "1: names of folders and files are small letters, digits and underscores: 'R'"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *a = arena_create(0);
        struct gen *g = compile_one(a, rows[i].path, str_of(rows[i].text));
        assert_string_equal(g->errors->p ? g->errors->p : "", arena_printf(a, "%s:%s\n", rows[i].path, rows[i].message));
        arena_destroy(&a);
    }
}

/* Limits are faults with a message, not crashes. */
static void limits_are_kept(void **state)
{
    (void)state;
    static const struct {
        const char *start, *repeat;
        const char *message;
    } rows[] = {
        {"{# about: x params: bool b #}", "{if b}", "1: more than 32 blocks inside each other"},
        {"{# about: x #}", "<b>", "1: more than 128 elements inside each other"},
        {"{# about: x params: ", "text t;", "1: 't' is declared twice"},
        {"{# about: x #}<p", " {# #}", "1: the file ends inside a tag"},
        {"{# about: x params: text ", "t", "1: a name is longer than 64 characters"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *a = arena_create(0);
        struct buf text = {0};
        buf_adds(&text, rows[i].start);
        for (int k = 0; k < 300; k++)
            buf_adds(&text, rows[i].repeat);
        struct gen *g = compile_one(a, "r/a.html", buf_str(&text));
        assert_string_equal(g->errors->p, arena_printf(a, "r/a.html:%s\n", rows[i].message));
        buf_finish(&text);
        arena_destroy(&a);
    }
}

/* One fault does not hide those of other templates, and nothing is written. */
static void every_template_is_checked(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct gen *g = gen_create(a, GOLDEN "sql", 2);
    gen_add(g, "r/a.html", STR("{# about: x #}{nobody}"));
    gen_add(g, "r/b.html", STR("{# about: x #}\n<p>"));
    assert_false(gen_compile(g));
    assert_string_equal(g->errors->p, "r/a.html:1: there is no parameter 'nobody'\nr/b.html:2: <p> is not closed\n");
    arena_destroy(&a);
}

static void same_input_same_output(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct str text = STR("{# about: x params: text t; list xs { text a } #}\n<p>{t}</p>{for x in xs}{x.a}{end}");
    struct buf *first = gen_buf(compile_one(a, "r/a.html", text)), *second = gen_buf(compile_one(a, "r/a.html", text));
    gen_source(compile_one(a, "r/a.html", text), "r", first);
    gen_source(compile_one(a, "r/a.html", text), "r", second);
    assert_string_equal(first->p, second->p);
    assert_non_null(strstr(first->p, "html_text(o, v1->a);"));
    arena_destroy(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_templates_are_refused), cmocka_unit_test(bad_headers_are_refused),
        cmocka_unit_test(limits_are_kept),           cmocka_unit_test(every_template_is_checked),
        cmocka_unit_test(same_input_same_output),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
