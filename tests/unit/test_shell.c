/*
 * The parts of the shell stand in their order, and only those that apply.
 * With STYLE_GUIDE=DIR the sample pages and the assets are written there: tests/e2e/style_guide.mjs looks at them in a browser.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/base/civil.h"
#include "tmpl/golden.c"
#include "tmpl/shell.h"
#include "web/html/assets.h"

#define ASSET(name) http_asset_path(http_assets, http_assets_n, name)

struct answers {
    const char *name, *email, *postcode, *password, *size, *sort, *days, *what;
    int64_t hours, price, visits;
    int32_t start;
    bool agree;
    struct form_file receipt;
};

static const struct form_choice sizes[] = {
    {"one", "One worker", NULL}, {"two", "Two workers", "For lifting and moving safely"}, {NULL, NULL, NULL}};
static const struct form_choice days[] = {{"mon", "Monday", NULL}, {"tue", "Tuesday", NULL}, {"wed", "Wednesday", NULL}, {NULL, NULL, NULL}};

static const struct form_field fields[] = {
    FIELD(struct answers, name, .kind = FORM_TEXT, .label = "Your name", .autocomplete = "name"),
    FIELD(struct answers, email, .kind = FORM_EMAIL, .label = "Email address", .hint = "We only use it for this order", .optional = true),
    FIELD(struct answers, postcode, .kind = FORM_POSTCODE, .label = "Postcode", .autocomplete = "postal-code"),
    FIELD(struct answers, password, .kind = FORM_PASSWORD, .label = "Password"),
    FIELD(struct answers, hours, .kind = FORM_HOURS, .label = "How long is a visit?", .suffix = "hours", .width = 5),
    FIELD(struct answers, price, .kind = FORM_MONEY, .label = "Price of an hour"),
    FIELD(struct answers, visits, .kind = FORM_INT, .label = "How many visits a week?", .min = 1, .max = 21, .width = 2),
    FIELD(struct answers, start, .kind = FORM_DATE, .label = "First day"),
    FIELD(struct answers, size, .kind = FORM_RADIOS, .label = "Who comes?", .choices = sizes),
    FIELD(struct answers, sort, .kind = FORM_SELECT, .label = "Kind of support", .choices = sizes),
    FIELD(struct answers, days, .kind = FORM_CHECKS, .label = "Which days?", .hint = "Choose all that you like", .choices = days),
    FIELD(struct answers, what, .kind = FORM_TEXTAREA, .label = "Anything else?", .max = 400, .optional = true),
    FIELD(struct answers, receipt, .kind = FORM_FILE, .label = "Receipt", .optional = true),
    FIELD(struct answers, agree, .kind = FORM_TICK, .label = "I have asked the person"),
};
static const struct form_spec spec = FORM_SPEC(struct answers, fields);

static const struct tmpl_shell_page_nav nav[] = {
    {"Find help", "/services", true}, {"What’s on", "/events", false}, {"My money", "/money", false}, {"Orders", "/orders", false}};
static const struct tmpl_shell_page_crumbs crumbs[] = {{"Home", "/"}, {"Find help", "/services"}};

static const struct tmpl_golden_style_guide_cards cards[] = {
    {"Help getting up and ready for the day", "Bright Days, Sale", "The same two workers, every morning, at the time you choose.", 1850, false,
     "an hour", "/services/1", "published"},
    {"Allotment group", "Greenfingers", "Grow vegetables together on Tuesdays. Bring your supporter.", 0, false, "a session", "/services/2", "paused"},
    {"Lifts to appointments", "Oak Street Community Transport", "A driver who waits for you and brings you home.", 0, true, NULL, "/services/3",
     "exception"}};
static const struct sql_golden_lines_row lines[] = {
    {.ref = "April", .title = "Help getting up", .price = 38000}, {.ref = "May", .title = "Help getting up, lifts", .price = 123450}};
static const struct tmpl_golden_done_pages pages[] = {
    {1, "/x?page=1", false, false}, {2, "/x?page=2", true, false}, {3, "/x?page=3", false, false}, {0, NULL, false, true}, {9, "/x?page=9", false, false}};

static struct tmpl_shell_page frame(const char *title, struct html_safe body)
{
    return (struct tmpl_shell_page){.title = title,
                                    .body = body,
                                    .css = ASSET("app.css"),
                                    .boot_js = ASSET("boot.js"),
                                    .govuk_js = ASSET("govuk-frontend.js"),
                                    .app_js = ASSET("app.js"),
                                    .icon = ASSET("favicon.svg"),
                                    .home = "/",
                                    .nav = nav,
                                    .nav_n = 4,
                                    .crumbs = crumbs,
                                    .crumbs_n = 2};
}

static struct tmpl_shell_page full_frame(const char *title, struct html_safe body)
{
    struct tmpl_shell_page p = frame(title, body);
    p.council = "Seven Brooks Council";
    p.home = "/seven-brooks";
    p.phone = "0161 496 0000";
    p.name = "Amina Clarke";
    p.hat = "Supporter";
    p.signed_in = p.many_hats = p.demo = p.worried = true;
    p.acting = "Sam Jones";
    p.worried_about = "K7M2-4QXP";
    p.here = "/style guide";
    return p;
}

static struct form *sample_form(struct arena *a, bool has_errors)
{
    struct form *f = form_create(a, &spec);
    f->csrf = "sample";
    f->key = "sample";
    if (!has_errors)
        return f;
    struct http_pair typed[] = {{.name = "name", .value = "Sam"}, {.name = "postcode", .value = "M33"}, {.name = "hours", .value = "1h 30"}};
    struct http_pairs pairs = {typed, 3};
    form_read_pairs(f, &pairs);
    return f;
}

static struct html_safe guide(struct html *o, struct arena *a, bool has_errors)
{
    struct html part = html_part(o);
    tmpl_golden_style_guide(&part, &(struct tmpl_golden_style_guide){.f = sample_form(a, has_errors),
                                                                     .cards = cards,
                                                                     .cards_n = 3,
                                                                     .lines = lines,
                                                                     .lines_n = 2});
    return html_part_markup(&part);
}

static void write_file(struct arena *a, const char *name, struct str bytes)
{
    const char *dir = getenv("STYLE_GUIDE");
    if (!dir)
        return;
    FILE *f = fopen(arena_printf(a, "%s/%s", dir, name), "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
    assert_int_equal(fclose(f), 0);
}

/* Each text stands behind the one before it. */
static void assert_order(const char *page, const char *const *parts)
{
    for (const char *at = page; *parts; parts++) {
        const char *found = strstr(at, *parts);
        if (!found)
            fail_msg("\"%s\" is missing or too early", *parts);
        at = found + 1;
    }
}

static void parts_stand_in_order(void **state)
{
    (void)state;
    static const char *const order[] = {"<title>Error: Style guide – for Sam Jones – Seven Brooks Council – Market Cross</title>",
                                        "Skip to main content", "govuk-generic-header", "Amina Clarke", "You are acting for <strong>Sam Jones",
                                        "govuk-service-navigation", "aria-current=\"page\"", "Demonstration", "govuk-breadcrumbs", "<main",
                                        "There is a problem", "<h1", "</main>", "page=%2Fstyle%20guide", "about=K7M2-4QXP", "<footer", "Help",
                                        "Talk to someone: 0161 496 0000", "Accessibility", "Cookies", "Privacy", "Licences", NULL};
    struct arena *a = arena_create(0);
    struct buf out = {0};
    struct html o = {.out = &out, .arena = a};
    struct tmpl_shell_page p = full_frame("Style guide", guide(&o, a, true));
    p.is_error = true;
    tmpl_shell_page(&o, &p);
    assert_order(out.p, order);
    assert_null(strstr(out.p, "style=\""));
    assert_null(strstr(out.p, "crown"));
    write_file(a, "errors.html", buf_str(&out));
    buf_finish(&out);
    arena_destroy(&a);
}

static void visitors_see_no_more_than_they_need(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct buf out = {0};
    struct html o = {.out = &out, .arena = a};
    struct tmpl_shell_page p = frame("Style guide", guide(&o, a, false));
    tmpl_shell_page(&o, &p);
    assert_non_null(strstr(out.p, "<title>Style guide – Market Cross</title>"));
    assert_non_null(strstr(out.p, "You are not signed in"));
    assert_null(strstr(out.p, "acting for"));
    assert_null(strstr(out.p, "Demonstration"));
    assert_null(strstr(out.p, "I am worried"));
    assert_null(strstr(out.p, "There is a problem"));
    write_file(a, "guide.html", buf_str(&out));
    buf_finish(&out);
    arena_destroy(&a);
}

static void journeys_end_and_go_back(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct buf out = {0};
    struct html o = {.out = &out, .arena = a}, part = html_part(&o);
    tmpl_golden_done(&part, &(struct tmpl_golden_done){.ref = "K7M2-4QXP", .pages = pages, .pages_n = 5});
    struct tmpl_shell_page p = full_frame("You have asked", html_part_markup(&part));
    p.back_href = "/orders";
    tmpl_shell_page(&o, &p);
    assert_non_null(strstr(out.p, "class=\"govuk-back-link\">Back</a>"));
    assert_null(strstr(out.p, "govuk-breadcrumbs"));
    assert_non_null(strstr(out.p, "<strong>K7M2-4QXP</strong>"));
    write_file(a, "done.html", buf_str(&out));
    buf_finish(&out);
    arena_destroy(&a);
}

static void problems_say_what_to_do(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct buf out = {0};
    struct html o = {.out = &out, .arena = a}, part = html_part(&o);
    tmpl_shell_problem(&part, &(struct tmpl_shell_problem){
                                  .title = "Page <not> found", .advice = "Check the address.", .reference = "0123456789abcdef", .phone = "0161 496 0000"});
    struct tmpl_shell_page p = frame("Page not found", html_part_markup(&part));
    tmpl_shell_page(&o, &p);
    assert_non_null(strstr(out.p, "<h1 class=\"govuk-heading-l\">Page &lt;not&gt; found</h1>"));
    assert_non_null(strstr(out.p, "0123456789abcdef"));
    write_file(a, "problem.html", buf_str(&out));
    buf_finish(&out);
    arena_destroy(&a);
}

static void assets_name_each_other_by_hash(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    const char *library = ASSET("govuk-frontend.js");
    bool is_named = false;
    for (size_t i = 0; i < http_assets_n; i++) {
        const struct http_asset *s = &http_assets[i];
        const char *text = arena_strndup(a, s->plain.p, s->plain.n);
        is_named |= strcmp(s->name, "app.js") == 0 && strstr(text, library);
        assert_null(strstr(text, "GDS Transport"));
        assert_true(s->gzip.n < s->plain.n && s->brotli.n < s->plain.n);
        assert_true(s->etag[0] == '"' && strstr(s->path, "/assets/") == s->path);
        write_file(a, s->path + 1, s->plain);
    }
    assert_true(is_named);
    arena_destroy(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_stand_in_order),     cmocka_unit_test(visitors_see_no_more_than_they_need),
        cmocka_unit_test(journeys_end_and_go_back), cmocka_unit_test(problems_say_what_to_do),
        cmocka_unit_test(assets_name_each_other_by_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
