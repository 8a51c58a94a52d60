/* Any bytes as a template: the compiler must end with C or with a message, and never with both missing. */
#include <stdint.h>
#include <stdlib.h>

#define main tmplgen_main
int tmplgen_main(int argc, char **argv);
#include "web/gen/tmpl_body.c"
#include "web/gen/tmpl_expr.c"
#include "web/gen/tmpl_html.c"
#include "web/gen/tmpl_params.c"
#include "web/gen/tmplgen.c"
#undef main

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 16)
        return 0;
    struct arena *a = arena_create((size_t)1 << 30);
    struct gen *g = gen_create(a, "tests/unit/golden/tmplgen/sql", 2);
    gen_add(g, "r/part.html", STR("{# about: a part params: text t null; list xs { text a } #}<b>{t}</b>"));
    gen_add(g, "r/a.html", (struct str){arena_strndup(a, (const char *)data, size), size});
    bool is_compiled = gen_compile(g);
    if (is_compiled == (g->errors->n > 0))
        abort();
    if (is_compiled) {
        gen_header(g, "r", gen_buf(g));
        gen_source(g, "r", gen_buf(g));
    }
    arena_destroy(&a);
    return 0;
}
