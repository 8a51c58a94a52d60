/* Any form body or JSON text: reading ends, what is shown is well-formed text without raw markup from the input. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/http/http.h"
#include "web/html/form.h"

struct answers {
    const char *text, *area, *email, *password, *postcode, *ref, *radios, *checks, *time;
    int64_t count, money, hours;
    int32_t date;
    bool tick;
};

static const struct form_choice choices[] = {{"s", "Small", NULL}, {"l", "Large", NULL}, {NULL, NULL, NULL}};

static const struct form_field fields[] = {
    FIELD(struct answers, text, .kind = FORM_TEXT, .label = "Name"),
    FIELD(struct answers, area, .kind = FORM_TEXTAREA, .label = "What happened?"),
    FIELD(struct answers, email, .kind = FORM_EMAIL, .label = "Email"),
    FIELD(struct answers, password, .kind = FORM_PASSWORD, .label = "Password"),
    FIELD(struct answers, postcode, .kind = FORM_POSTCODE, .label = "Postcode"),
    FIELD(struct answers, ref, .kind = FORM_REF, .label = "Reference"),
    FIELD(struct answers, radios, .kind = FORM_RADIOS, .label = "Size", .choices = choices),
    FIELD(struct answers, checks, .kind = FORM_CHECKS, .label = "Sizes", .choices = choices),
    FIELD(struct answers, count, .kind = FORM_INT, .label = "Count", .min = 1, .max = 9),
    FIELD(struct answers, money, .kind = FORM_MONEY, .label = "Price"),
    FIELD(struct answers, hours, .kind = FORM_HOURS, .label = "Hours"),
    FIELD(struct answers, time, .kind = FORM_TIME, .optional = true, .label = "Time"),
    FIELD(struct answers, date, .kind = FORM_DATE, .label = "Day"),
    FIELD(struct answers, tick, .kind = FORM_TICK, .label = "Agree"),
};
static const struct form_spec spec = FORM_SPEC(struct answers, fields);

static void show(struct arena *a, const struct form *f)
{
    struct buf out = {0};
    struct html o = {.out = &out, .arena = a};
    form_html_errors(&o, f);
    for (size_t i = 0; i < spec.fields_n; i++)
        form_html_field(&o, f, fields[i].name);
    if (!text_is_utf8(out.p, out.n) || strstr(out.p, "<script"))
        abort();
    buf_finish(&out);
}

/* A valid answer lies within what its field allows. */
static void check(const struct form *f)
{
    const struct answers *in = f->input;
    if (!form_is_valid(f))
        return;
    if (in->count < 1 || in->count > 9 || in->money < 0 || in->hours < 0 || !in->text || strlen(in->text) > 800)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create((size_t)1 << 28);
    struct str body = {(const char *)data, size};
    struct http_pairs pairs;
    struct err e;
    struct form *f = form_create(a, &spec);
    bool is_read = size && data[0] == '{' ? form_read_json(f, body, &e) : http_read_urlencoded(a, body, &pairs, &e);
    if (is_read && !(size && data[0] == '{'))
        form_read_pairs(f, &pairs);
    if (is_read) {
        check(f);
        show(a, f);
    }
    arena_destroy(&a);
    return 0;
}
