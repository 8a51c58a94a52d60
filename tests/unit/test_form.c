/* Every kind of answer, good and bad, from a form body and from JSON, and how it is shown again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/base/civil.h"
#include "daemon/http/http.h"
#include "web/html/form.h"

struct answers {
    const char *text, *area, *email, *password, *postcode, *ref, *select, *radios, *checks, *hidden, *time;
    int64_t count, money, hours;
    int32_t date;
    bool tick;
    struct form_file file;
};

static const struct form_choice sizes[] = {{"s", "Small", NULL}, {"l", "Large", "For two"}, {NULL, NULL, NULL}};

static const struct form_field fields[] = {
    FIELD(struct answers, text, .kind = FORM_TEXT, .label = "Your name", .hint = "As on letters", .max = 10, .autocomplete = "name"),
    FIELD(struct answers, area, .kind = FORM_TEXTAREA, .label = "What happened?", .max = 20, .optional = true),
    FIELD(struct answers, email, .kind = FORM_EMAIL, .label = "Email address", .optional = true),
    FIELD(struct answers, password, .kind = FORM_PASSWORD, .label = "Password", .min = 4, .optional = true),
    FIELD(struct answers, postcode, .kind = FORM_POSTCODE, .label = "Postcode", .optional = true),
    FIELD(struct answers, ref, .kind = FORM_REF, .label = "Reference", .optional = true),
    FIELD(struct answers, count, .kind = FORM_INT, .label = "How many visits? (a week)", .min = 1, .max = 7, .optional = true),
    FIELD(struct answers, money, .kind = FORM_MONEY, .label = "Price", .min = 100, .max = 5000, .optional = true),
    FIELD(struct answers, hours, .kind = FORM_HOURS, .label = "Length of a visit", .min = 15, .max = 600, .suffix = "hours", .optional = true),
    FIELD(struct answers, time, .kind = FORM_TIME, .label = "Begins at", .optional = true),
    FIELD(struct answers, date, .kind = FORM_DATE, .label = "First day", .optional = true),
    FIELD(struct answers, select, .kind = FORM_SELECT, .label = "Size", .choices = sizes, .optional = true),
    FIELD(struct answers, radios, .kind = FORM_RADIOS, .label = "Size", .choices = sizes, .optional = true),
    FIELD(struct answers, checks, .kind = FORM_CHECKS, .label = "Sizes", .choices = sizes, .optional = true),
    FIELD(struct answers, tick, .kind = FORM_TICK, .label = "I agree", .optional = true),
    FIELD(struct answers, file, .kind = FORM_FILE, .label = "Receipt", .max = 4, .optional = true),
    FIELD(struct answers, hidden, .kind = FORM_HIDDEN, .optional = true),
};
static const struct form_spec spec = FORM_SPEC(struct answers, fields);

/* Reads "name=Sam&…" in a fresh form. */
static struct form *read_body(struct arena *a, const char *body)
{
    struct http_pairs pairs;
    struct err e;
    struct form *f = form_create(a, &spec);
    assert_true(http_read_urlencoded(a, str_of(body), &pairs, &e));
    form_read_pairs(f, &pairs);
    return f;
}

static const char *error_of(const struct form *f, const char *name)
{
    for (size_t i = 0; i < spec.fields_n; i++)
        if (strcmp(fields[i].name, name) == 0)
            return f->states[i].error;
    return NULL;
}

struct bad {
    const char *name, *typed, *message;
};

static const struct bad bad_answers[] = {
    {"text", "", "Enter your name"},
    {"text", "++", "Enter your name"},
    {"text", "%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9x", "Your name must be 10 characters or fewer"},
    {"text", "a%07b", "Your name must not contain characters that cannot be seen"},
    {"text", "a%0Ab", "Your name must not contain characters that cannot be seen"},
    {"area", "123456789012345678901", "Your answer must be 20 characters or fewer"},
    {"area", "a%1Bb", "Your answer must not contain characters that cannot be seen"},
    {"email", "sam", "Enter an email address in the correct format, like name@example.com"},
    {"email", "sam@example", "Enter an email address in the correct format, like name@example.com"},
    {"email", "a b@example.org", "Enter an email address in the correct format, like name@example.com"},
    {"email", "a@b@example.org", "Enter an email address in the correct format, like name@example.com"},
    {"email", "a@example..org", "Enter an email address in the correct format, like name@example.com"},
    {"email", "a%0D%0ABcc:x@example.org", "Enter an email address in the correct format, like name@example.com"},
    {"password", "abc", "Password must be 4 characters or more"},
    {"postcode", "M33", "Enter a full UK postcode, like AB1 2DE"},
    {"postcode", "QQ1 1AA", "Enter a full UK postcode, like AB1 2DE"},
    {"postcode", "M33 2CS", "Enter a full UK postcode, like AB1 2DE"},
    {"postcode", "M333 2DSX", "Enter a full UK postcode, like AB1 2DE"},
    {"ref", "K7M2-4QXX", "Enter the reference with all 8 letters and numbers, like K7M2-4QXP"},
    {"count", "two", "Your answer must be a whole number from 1 to 7"},
    {"count", "8", "Your answer must be a whole number from 1 to 7"},
    {"count", "1.5", "Your answer must be a whole number from 1 to 7"},
    {"count", "99999999999999999999", "Your answer must be a whole number from 1 to 7"},
    {"money", "0.99", "Price must be an amount of money from £1.00 to £50.00"},
    {"money", "5e1", "Price must be an amount of money from £1.00 to £50.00"},
    {"money", "-5", "Price must be an amount of money from £1.00 to £50.00"},
    {"hours", "soon", "Length of a visit must be a length of time from 15 minutes to 10 hours"},
    {"hours", "1.33", "Length of a visit must be a length of time from 15 minutes to 10 hours"},
    {"hours", "1h 60", "Length of a visit must be a length of time from 15 minutes to 10 hours"},
    {"hours", "11", "Length of a visit must be a length of time from 15 minutes to 10 hours"},
    {"hours", "90 minutes x", "Length of a visit must be a length of time from 15 minutes to 10 hours"},
    {"time", "25:00", "Enter a time, like 9:30am or 14:15"},
    {"time", "24:00", "Enter a time, like 9:30am or 14:15"},
    {"time", "9:5", "Enter a time, like 9:30am or 14:15"},
    {"time", "9:60", "Enter a time, like 9:30am or 14:15"},
    {"time", "13pm", "Enter a time, like 9:30am or 14:15"},
    {"time", "0am", "Enter a time, like 9:30am or 14:15"},
    {"time", "9 o'clock", "Enter a time, like 9:30am or 14:15"},
    {"time", "09:30:00", "Enter a time, like 9:30am or 14:15"},
    {"time", "soon", "Enter a time, like 9:30am or 14:15"},
    {"date", "31 2 2026", "First day must be a real date, like 27 3 2026"},
    {"date", "1 1 2999", "First day must be from 1 January 2000 to 31 December 2099"},
    {"date", "31 12 1999", "First day must be from 1 January 2000 to 31 December 2099"},
    {"select", "m", "Select one of the answers that are offered"},
    {"radios", "S", "Select one of the answers that are offered"},
    {"checks", "s&checks=m", "Select one of the answers that are offered"},
};

static void bad_answers_get_a_message(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_answers / sizeof *bad_answers; i++) {
        struct arena *a = arena_create(0);
        const struct bad *b = &bad_answers[i];
        const char *first = strcmp(b->name, "text") == 0 ? "" : "text=Sam&";
        struct form *f = read_body(a, arena_printf(a, "%s%s=%s", first, b->name, b->typed));
        assert_non_null(error_of(f, b->name));
        assert_string_equal(error_of(f, b->name), b->message);
        assert_int_equal(f->errors_n, 1);
        assert_false(form_is_valid(f));
        arena_destroy(&a);
    }
}

static void good_answers_fill_the_struct(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct form *f = read_body(a, "text=+Sam+&area=a%0D%0Ab&email=sam%40example.org&password=+pass+&postcode=m33+2ds&count=+7+&money=%C2%A31"
                                  "2.5&hours=1h30&date=27+3+2026&select=s&radios=l&checks=s&checks=l&tick=yes&hidden=h&unknown=1");
    const struct answers *in = f->input;
    assert_true(form_is_valid(f));
    assert_string_equal(in->text, "Sam");
    assert_string_equal(in->area, "a\nb");
    assert_string_equal(in->email, "sam@example.org");
    assert_string_equal(in->password, " pass ");
    assert_string_equal(in->postcode, "M33 2DS");
    assert_int_equal(in->count, 7);
    assert_int_equal(in->money, 1250);
    assert_int_equal(in->hours, 90);
    assert_int_equal(in->date, civil_day((struct civil){2026, 3, 27}));
    assert_string_equal(in->select, "s");
    assert_string_equal(in->radios, "l");
    assert_string_equal(in->checks, "s l");
    assert_true(in->tick);
    assert_string_equal(in->hidden, "h");
    arena_destroy(&a);
}

static void references_are_normalised(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct form *f = read_body(a, "text=Sam&ref=k7M24QXC");
    assert_true(form_is_valid(f));
    assert_string_equal(((const struct answers *)f->input)->ref, "K7M2-4QXC");
    arena_destroy(&a);
}

static void lengths_of_time(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        int64_t minutes;
    } times[] = {{"2", 120},     {"1.5", 90},       {"1.25", 75}, {"1h 30", 90}, {"1h30m", 90},         {"1 hour 30 minutes", 90}, {"90 minutes", 90},
                 {"90+min", 90}, {"1:30", 90},      {"0.5", 30},  {"2 HRS", 120}, {"15m", 15},          {"1 hr", 60}};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        struct arena *a = arena_create(0);
        struct form *f = read_body(a, arena_printf(a, "text=Sam&hours=%s", times[i].typed));
        assert_true(form_is_valid(f));
        assert_int_equal(((const struct answers *)f->input)->hours, times[i].minutes);
        arena_destroy(&a);
    }
}

static void times_of_day(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *time;
    } times[] = {{"9", "09:00"},       {"9am", "09:00"}, {"9:30+PM", "21:30"}, {"9.30", "09:30"}, {"0930", "09:30"},  {"930", "09:30"}, {"21:30", "21:30"},
                 {"12am", "00:00"},    {"12pm", "12:00"}, {"Noon", "12:00"},   {"0", "00:00"},    {"23:59", "23:59"}, {"+8+am+", "08:00"}};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        struct arena *a = arena_create(0);
        struct form *f = read_body(a, arena_printf(a, "text=Sam&time=%s", times[i].typed));
        assert_true(form_is_valid(f));
        assert_string_equal(((const struct answers *)f->input)->time, times[i].time);
        arena_destroy(&a);
    }
}

static void missing_answers_are_asked_for_in_words(void **state)
{
    (void)state;
    static const struct form_field asked[] = {
        FIELD(struct answers, text, .kind = FORM_TEXT, .label = "Postcode"),
        FIELD(struct answers, area, .kind = FORM_TEXTAREA, .label = "What happened?"),
        FIELD(struct answers, email, .kind = FORM_EMAIL, .label = "NHS number"),
        FIELD(struct answers, select, .kind = FORM_SELECT, .label = "A size", .choices = sizes),
        FIELD(struct answers, tick, .kind = FORM_TICK, .label = "I agree"),
        FIELD(struct answers, file, .kind = FORM_FILE, .label = "Your receipt"),
        FIELD(struct answers, hidden, .kind = FORM_TEXT, .label = "Town", .missing = "Where is it?"),
    };
    static const struct form_spec asking = FORM_SPEC(struct answers, asked);
    static const char *const messages[] = {"Enter the postcode",         "Answer the question: What happened?", "Enter the NHS number", "Select a size",
                                           "Tick the box: I agree", "Choose a file: your receipt",         "Where is it?"};
    struct arena *a = arena_create(0);
    struct form *f = form_create(a, &asking);
    form_read_pairs(f, &(struct http_pairs){NULL, 0});
    assert_int_equal(f->errors_n, sizeof messages / sizeof *messages);
    for (size_t i = 0; i < asking.fields_n; i++)
        assert_string_equal(f->states[i].error, messages[i]);
    arena_destroy(&a);
}

static void left_empty(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct form *f = read_body(a, "text=Sam");
    const struct answers *in = f->input;
    assert_true(form_is_valid(f));
    assert_null(in->area);
    assert_int_equal(in->money, 0);
    assert_int_equal(in->date, CIVIL_NONE);
    assert_false(in->tick);
    arena_destroy(&a);
}

static void several_files_keep_their_order(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    static const struct form_field one[] = {FIELD(struct answers, file, .kind = FORM_FILE, .label = "Bills")};
    static const struct form_field many[] = {FIELD(struct answers, file, .kind = FORM_FILE, .label = "Bills", .many = true)};
    static const struct form_spec one_spec = FORM_SPEC(struct answers, one), many_spec = FORM_SPEC(struct answers, many);
    struct http_pair items[] = {{.name = "file", .value = "", .file_name = "a.xml", .bytes = STR("A")},
                                {.name = "file", .value = "", .file_name = "", .bytes = STR("")},
                                {.name = "file", .value = "", .file_name = "b.xml", .bytes = STR("BB")}};
    struct http_pairs pairs = {items, 3};
    struct form *f = form_create(a, &many_spec);
    form_read_pairs(f, &pairs);
    const struct form_file *file = &((const struct answers *)f->input)->file;
    assert_string_equal(file->name, "a.xml");
    assert_non_null(file->next);
    assert_string_equal(file->next->name, "b.xml");
    assert_null(file->next->next);
    f = form_create(a, &one_spec);
    form_read_pairs(f, &pairs);
    assert_null(((const struct answers *)f->input)->file.next);
    arena_destroy(&a);
}

static void files_have_a_limit(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct http_pair items[] = {{.name = "text", .value = "Sam"}, {.name = "file", .value = "", .file_name = "r.pdf", .bytes = STR("1234")}};
    struct http_pairs pairs = {items, 2};
    struct form *f = form_create(a, &spec);
    form_read_pairs(f, &pairs);
    assert_true(form_is_valid(f));
    assert_string_equal(((const struct answers *)f->input)->file.name, "r.pdf");
    items[1].bytes = STR("12345");
    f = form_create(a, &spec);
    form_read_pairs(f, &pairs);
    assert_string_equal(error_of(f, "file"), "The file must not be larger than 4 bytes");
    arena_destroy(&a);
}

/* ---- JSON ---- */

static void json_fills_the_struct(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct err e = {""};
    struct form *f = form_create(a, &spec);
    assert_true(form_read_json(f, STR("{\"text\":\"Sam\",\"money\":1250,\"hours\":\"1h 30\",\"date\":\"2026-03-27\",\"tick\":true,"
                                      "\"checks\":[\"s\",\"l\"],\"area\":null}"),
                               &e));
    const struct answers *in = f->input;
    assert_true(form_is_valid(f));
    assert_int_equal(in->money, 1250);
    assert_int_equal(in->hours, 90);
    assert_true(in->tick);
    assert_string_equal(in->checks, "s l");
    f = form_create(a, &spec);
    assert_true(form_read_json(f, STR("{\"text\":\"Sam\",\"money\":99}"), &e));
    assert_non_null(error_of(f, "money"));
    arena_destroy(&a);
}

static void json_is_strict(void **state)
{
    (void)state;
    static const struct {
        const char *body, *reason;
    } cases[] = {{"[]", "it is not a JSON object"},
                 {"{\"text\":\"Sam\",\"extra\":1}", "there is no member \"extra\""},
                 {"{\"text\":5}", "\"text\" must be a string"},
                 {"{\"text\":\"Sam\",\"tick\":\"yes\"}", "\"tick\" must be true or false"},
                 {"{\"text\":\"Sam\",\"money\":1.5}", "\"money\" must be an integer or a string"},
                 {"{\"text\":\"Sam\",\"checks\":[1]}", "\"checks\" must be a list of strings"},
                 {"{\"text\":\"Sam\",\"file\":\"x\"}", "\"file\" is a file: send the request as multipart/form-data"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_create(0);
        struct err e = {""};
        assert_false(form_read_json(form_create(a, &spec), str_of(cases[i].body), &e));
        assert_string_equal(e.text, cases[i].reason);
        arena_destroy(&a);
    }
}

/* ---- showing ---- */

static char *shown(struct arena *a, const struct form *f, const char *name)
{
    struct buf out = {0};
    struct html o = {.out = &out, .arena = a};
    form_html_field(&o, f, name);
    char *copy = arena_strndup(a, out.p ? out.p : "", out.n);
    buf_finish(&out);
    return copy;
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in %s", part, text);
}

static void answers_are_shown_again(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct form *f = read_body(a, "text=%3Cb%3E%22+very+long+name&password=secret&money=x&select=l&radios=l&checks=l&checks=s&tick=yes&area=%3C%2Ftextarea%3E");
    assert_has(shown(a, f, "text"), "value=\"&lt;b&gt;&quot; very long name\"");
    assert_has(shown(a, f, "text"), "aria-describedby=\"text-hint text-error\"");
    assert_has(shown(a, f, "text"), "autocomplete=\"name\"");
    assert_has(shown(a, f, "text"), "<p id=\"text-error\" class=\"govuk-error-message\"><span class=\"govuk-visually-hidden\">Error:</span> Your name must be");
    assert_null(strstr(shown(a, f, "password"), "secret"));
    assert_has(shown(a, f, "password"), "autocomplete=\"current-password\"");
    assert_has(shown(a, f, "money"), "govuk-input__prefix\" aria-hidden=\"true\">£</div>");
    assert_has(shown(a, f, "money"), "inputmode=\"decimal\"");
    assert_has(shown(a, f, "hours"), "govuk-input__suffix\" aria-hidden=\"true\">hours</div>");
    assert_has(shown(a, f, "select"), "<option value=\"l\" selected>Large</option>");
    assert_has(shown(a, f, "radios"), "id=\"radios-2\" name=\"radios\" type=\"radio\" value=\"l\" aria-describedby=\"radios-2-item-hint\" checked>");
    assert_has(shown(a, f, "checks"), "id=\"checks\" name=\"checks\" type=\"checkbox\" value=\"s\" checked>");
    assert_has(shown(a, f, "tick"), " checked>");
    assert_has(shown(a, f, "area"), "&lt;/textarea&gt;</textarea>");
    assert_has(shown(a, f, "area"), "What happened? (optional)");
    assert_has(shown(a, f, "date"), "For example, 27 3 2026");
    assert_string_equal(shown(a, f, "nothing"), "");
    arena_destroy(&a);
}

static void writing_forms_carry_token_and_key(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct buf out = {0};
    struct html o = {.out = &out, .arena = a};
    struct form *f = form_create(a, &spec);
    f->csrf = "t";
    f->key = "k";
    form_html_open(&o, f, "/orders");
    form_html_close(&o, f, "Send <it>");
    assert_string_equal(out.p,
                        "<form method=\"post\" novalidate action=\"/orders\" enctype=\"multipart/form-data\"><input type=\"hidden\" name=\"csrf\" "
                        "value=\"t\"><input type=\"hidden\" name=\"key\" value=\"k\"><button type=\"submit\" class=\"govuk-button\" "
                        "data-module=\"govuk-button\" data-prevent-double-click=\"true\">Send &lt;it&gt;</button></form>");
    buf_finish(&out);
    arena_destroy(&a);
}

static void messages_found_later(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct buf out = {0};
    struct html o = {.out = &out, .arena = a};
    struct form *f = form_create(a, &spec);
    form_html_errors(&o, f);
    assert_int_equal(out.n, 0);
    form_error(f, "text", "First %d", 1);
    form_error(f, "text", "Second");
    form_error(f, NULL, "You have £%d left", 5);
    assert_int_equal(f->errors_n, 2);
    form_html_errors(&o, f);
    assert_has(out.p, "<li>You have £5 left</li><li><a href=\"#text\">First 1</a></li>");
    buf_finish(&out);
    arena_destroy(&a);
}

static void choices_from_the_database(void **state)
{
    (void)state;
    static const struct form_choice more[] = {{"x", "Ex", NULL}, {NULL, NULL, NULL}};
    struct arena *a = arena_create(0);
    struct form *f = form_create(a, &spec);
    form_set_choices(f, "select", more);
    form_prefill(f, "select", "x");
    form_prefill(f, "nothing", "x");
    assert_has(shown(a, f, "select"), "<option value=\"x\" selected>Ex</option>");
    assert_null(strstr(shown(a, f, "select"), "Small"));
    arena_destroy(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_answers_get_a_message), cmocka_unit_test(good_answers_fill_the_struct),
        cmocka_unit_test(references_are_normalised), cmocka_unit_test(lengths_of_time),
        cmocka_unit_test(times_of_day),
        cmocka_unit_test(missing_answers_are_asked_for_in_words),
        cmocka_unit_test(left_empty),                cmocka_unit_test(files_have_a_limit),
        cmocka_unit_test(several_files_keep_their_order),
        cmocka_unit_test(json_fills_the_struct),     cmocka_unit_test(json_is_strict),
        cmocka_unit_test(answers_are_shown_again),   cmocka_unit_test(writing_forms_carry_token_and_key),
        cmocka_unit_test(messages_found_later),      cmocka_unit_test(choices_from_the_database),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
