#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/civil.h"
#include "daemon/base/id.h"
#include "daemon/base/json.h"
#include "daemon/base/log.h"
#include "daemon/base/money.h"
#include "daemon/http/http.h"
#include "web/html/form_kinds.h"

enum { JSON_MAX_BYTES = 1 << 20 };

struct form *form_create(struct arena *a, const struct form_spec *spec)
{
    struct form *f = arena_alloc(a, sizeof *f);
    f->spec = spec;
    f->arena = a;
    f->states = arena_array(a, spec->fields_n, sizeof *f->states);
    f->input = arena_alloc(a, spec->size);
    f->choices = arena_array(a, spec->fields_n, sizeof *f->choices);
    int32_t none = CIVIL_NONE;
    for (size_t i = 0; i < spec->fields_n; i++)
        if (spec->fields[i].kind == FORM_DATE)
            memcpy((char *)f->input + spec->fields[i].offset, &none, sizeof none);
    return f;
}

/* ---- messages ---- */

static size_t find(const struct form *f, const char *name)
{
    size_t i = 0;
    while (i < f->spec->fields_n && (!name || strcmp(f->spec->fields[i].name, name) != 0))
        i++;
    return i;
}

static void fail(struct form *f, size_t i, const char *message)
{
    const char **at = i < f->spec->fields_n ? &f->states[i].error : &f->error;
    if (*at)
        return;
    *at = message;
    f->errors_n++;
}

void form_error(struct form *f, const char *field, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fail(f, find(f, field), arena_vprintf(f->arena, fmt, ap));
    va_end(ap);
}

bool form_is_valid(const struct form *f)
{
    return f->errors_n == 0;
}

void form_prefill(struct form *f, const char *field, const char *value)
{
    size_t i = find(f, field);
    if (i < f->spec->fields_n)
        f->states[i].typed = value;
    else
        log_event(LOG_ERROR, "form.no_field", "form=%s field=%s", f->spec->name, field);
}

void form_set_choices(struct form *f, const char *field, const struct form_choice *choices)
{
    size_t i = find(f, field);
    if (i < f->spec->fields_n)
        f->choices[i] = choices;
    else
        log_event(LOG_ERROR, "form.no_field", "form=%s field=%s", f->spec->name, field);
}

const struct form_choice *form_choices(const struct form *f, size_t field)
{
    return f->choices[field] ? f->choices[field] : f->spec->fields[field].choices;
}

bool form_is_choice(const struct form_choice *choices, struct str value)
{
    for (; choices && choices->value; choices++)
        if (str_is(value, choices->value))
            return true;
    return false;
}

/* ---- storing ---- */

static void store(struct form *f, size_t i, const void *value, size_t n)
{
    memcpy((char *)f->input + f->spec->fields[i].offset, value, n);
}

static void store_text(struct form *f, size_t i, const char *s)
{
    store(f, i, &s, sizeof s);
}

static bool is_within(const struct form_field *field, int64_t v)
{
    return (field->min == 0 && field->max == 0) || (v >= field->min && v <= field->max);
}

static void read_number(struct form *f, size_t i, bool is_read, int64_t v)
{
    const struct form_field *field = &f->spec->fields[i];
    if (!is_read || !is_within(field, v))
        fail(f, i, form_message_invalid(f, field));
    else
        store(f, i, &v, sizeof v);
}

static void read_date(struct form *f, size_t i, struct str typed)
{
    const struct form_field *field = &f->spec->fields[i];
    int32_t day = CIVIL_NONE;
    if (!kind_date(typed, &day))
        fail(f, i, form_message_invalid(f, field));
    else if (day < civil_day((struct civil){FORM_YEAR_FIRST, 1, 1}) || day > civil_day((struct civil){FORM_YEAR_LAST, 12, 31}))
        fail(f, i, form_message_far(f, field));
    else
        store(f, i, &day, sizeof day);
}

/* Words in which a reader found no value are wrong; NULL is none. */
static void read_normal(struct form *f, size_t i, const char *s)
{
    if (s)
        store_text(f, i, s);
    else
        fail(f, i, form_message_invalid(f, &f->spec->fields[i]));
}

static void read_text(struct form *f, size_t i, const char *s)
{
    const struct form_field *field = &f->spec->fields[i];
    int64_t n = kind_length(s);
    if (kind_has_controls(s, field->kind == FORM_TEXTAREA))
        fail(f, i, form_message_invalid(f, field));
    else if (n > form_max(field) || n < field->min)
        fail(f, i, form_message_length(f, field, n < field->min));
    else
        store_text(f, i, s);
}

static void read_choice(struct form *f, size_t i, const char *s)
{
    const struct form_choice *choices = form_choices(f, i);
    if (!choices)
        read_text(f, i, s);
    else
        read_normal(f, i, form_is_choice(choices, str_of(s)) ? s : NULL);
}

/* The chosen values, joined by ' '. */
static void read_checks(struct form *f, size_t i, const char *s)
{
    const struct form_choice *choices = form_choices(f, i);
    struct str rest = str_of(s), one;
    while (choices && str_cut(&rest, ' ', &one)) {
        if (!form_is_choice(choices, one)) {
            fail(f, i, form_message_invalid(f, &f->spec->fields[i]));
            return;
        }
    }
    read_text(f, i, s);
}

static void read_tick(struct form *f, size_t i, const char *s)
{
    bool is_ticked = !text_is_empty(s);
    store(f, i, &is_ticked, sizeof is_ticked);
}

/* An answer that is not empty. */
static void read_answer(struct form *f, size_t i, const char *s)
{
    struct str text = str_of(s);
    int64_t v = 0;
    bool is_read;
    switch (f->spec->fields[i].kind) {
    case FORM_POSTCODE:
        read_normal(f, i, kind_postcode(f->arena, text));
        break;
    case FORM_REF:
        read_normal(f, i, id_ref_read(f->arena, text));
        break;
    case FORM_EMAIL:
        read_normal(f, i, kind_email(text) ? s : NULL);
        break;
    case FORM_INT:
        is_read = kind_int(text, &v);
        read_number(f, i, is_read, v);
        break;
    case FORM_MONEY:
        is_read = money_read(text, &v);
        read_number(f, i, is_read, v);
        break;
    case FORM_HOURS:
        is_read = kind_hours(text, &v);
        read_number(f, i, is_read, v);
        break;
    case FORM_TIME:
        read_normal(f, i, kind_time(f->arena, text));
        break;
    case FORM_DATE:
        read_date(f, i, text);
        break;
    case FORM_SELECT:
    case FORM_RADIOS:
        read_choice(f, i, s);
        break;
    case FORM_CHECKS:
        read_checks(f, i, s);
        break;
    case FORM_TICK:
        read_tick(f, i, s);
        break;
    case FORM_TEXT:
    case FORM_TEXTAREA:
    case FORM_PASSWORD:
    case FORM_HIDDEN:
        read_text(f, i, s);
        break;
    case FORM_FILE:
        break;
    }
}

static void read_field(struct form *f, size_t i, const char *typed)
{
    const struct form_field *field = &f->spec->fields[i];
    struct str s = str_of(typed);
    f->states[i].typed = field->kind == FORM_PASSWORD ? NULL : typed;
    if (field->kind != FORM_PASSWORD)
        s = str_trim(s);
    if (s.n)
        read_answer(f, i, str_dup(f->arena, s));
    else if (!field->optional)
        fail(f, i, form_message_missing(f, field));
}

/* ---- from a form body ---- */

/* All values of that name, joined by ' '. */
static const char *joined(struct form *f, const struct http_pairs *pairs, const char *name)
{
    struct html all = {.arena = f->arena};
    struct html part = html_part(&all);
    for (size_t i = 0; i < pairs->n; i++) {
        if (strcmp(pairs->items[i].name, name) != 0 || text_is_empty(pairs->items[i].value))
            continue;
        if (part.out->n)
            buf_addc(part.out, ' ');
        buf_adds(part.out, pairs->items[i].value);
    }
    return html_part_text(&part);
}

static void read_file(struct form *f, size_t i, const struct http_pairs *pairs)
{
    const struct form_field *field = &f->spec->fields[i];
    struct form_file *first = NULL, **last = &first;
    for (size_t j = 0; j < pairs->n && (!first || field->many); j++) {
        const struct http_pair *pair = &pairs->items[j];
        if (!pair->file_name || strcmp(pair->name, field->name) != 0 || !(*pair->file_name || pair->bytes.n))
            continue;
        if ((int64_t)pair->bytes.n > form_max(field)) {
            fail(f, i, form_message_invalid(f, field));
            return;
        }
        struct form_file *file = arena_alloc(f->arena, sizeof *file);
        *file = (struct form_file){pair->file_name, pair->bytes, NULL};
        *last = file;
        last = &file->next;
    }
    if (first)
        store(f, i, first, sizeof *first);
    else if (!field->optional)
        fail(f, i, form_message_missing(f, field));
}

void form_read_pairs(struct form *f, const struct http_pairs *pairs)
{
    f->is_sent = true;
    for (size_t i = 0; i < f->spec->fields_n; i++) {
        const struct form_field *field = &f->spec->fields[i];
        if (field->kind == FORM_FILE)
            read_file(f, i, pairs);
        else if (field->kind == FORM_CHECKS)
            read_field(f, i, joined(f, pairs, field->name));
        else
            read_field(f, i, http_pair_get(pairs, field->name));
    }
}

/* ---- from a JSON object ---- */

static bool is_number_kind(enum form_kind kind)
{
    return kind == FORM_INT || kind == FORM_MONEY || kind == FORM_HOURS;
}

static const char *joined_json(struct form *f, const json_t *list)
{
    struct html all = {.arena = f->arena};
    struct html part = html_part(&all);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *s = json_string_value(json_array_get(list, i));
        if (!s)
            return NULL;
        buf_addf(part.out, part.out->n ? " %s" : "%s", s);
    }
    return html_part_text(&part);
}

static bool wrong_type(struct err *e, const char *name, const char *due)
{
    return err_set(e, "\"%s\" must be %s", name, due);
}

/* One member that is present and not null. */
static bool read_member(struct form *f, size_t i, const json_t *v, struct err *e)
{
    const struct form_field *field = &f->spec->fields[i];
    if (field->kind == FORM_FILE)
        return err_set(e, "\"%s\" is a file: send the request as multipart/form-data", field->name);
    if (field->kind == FORM_TICK) {
        if (!json_is_boolean(v))
            return wrong_type(e, field->name, "true or false");
        read_field(f, i, json_is_true(v) ? "yes" : "");
    } else if (is_number_kind(field->kind) && json_is_integer(v)) {
        f->states[i].typed = arena_printf(f->arena, "%" PRId64, (int64_t)json_integer_value(v));
        read_number(f, i, true, json_integer_value(v));
    } else if (field->kind == FORM_CHECKS && json_is_array(v)) {
        const char *all = joined_json(f, v);
        if (!all)
            return wrong_type(e, field->name, "a list of strings");
        read_field(f, i, all);
    } else if (json_is_string(v)) {
        read_field(f, i, json_string_value(v));
    } else {
        return wrong_type(e, field->name, is_number_kind(field->kind) ? "an integer or a string" : "a string");
    }
    return true;
}

static bool has_only_fields(struct form *f, json_t *object, struct err *e)
{
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value) {
        if (find(f, name) == f->spec->fields_n)
            return err_set(e, "there is no member \"%.80s\"", name);
    }
    return true;
}

bool form_read_json(struct form *f, struct str body, struct err *e)
{
    json_t *object = json_read(f->arena, body, JSON_MAX_BYTES, e);
    if (!object)
        return false;
    if (!json_is_object(object))
        return err_set(e, "it is not a JSON object");
    if (!has_only_fields(f, object, e))
        return false;
    f->is_sent = true;
    for (size_t i = 0; i < f->spec->fields_n; i++) {
        const json_t *v = json_object_get(object, f->spec->fields[i].name);
        if (!v || json_is_null(v))
            read_field(f, i, NULL);
        else if (!read_member(f, i, v, e))
            return false;
    }
    return true;
}
