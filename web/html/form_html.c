/* Forms as HTML, after the patterns of the GOV.UK Design System: label, hint, error and control tied together by ids. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "web/html/form_kinds.h"

struct place {
    struct html *o;
    const struct form *form;
    const struct form_field *field;
    const char *typed, *error, *hint;
    size_t index;
};

static struct place place_of(struct html *o, const struct form *f, size_t i)
{
    const struct form_field *field = &f->spec->fields[i];
    struct place at = {.o = o, .form = f, .field = field, .index = i};
    at.typed = f->states[i].typed ? f->states[i].typed : "";
    at.error = f->states[i].error;
    at.hint = field->hint ? field->hint : field->kind == FORM_DATE ? "For example, 27 3 2026" : NULL;
    return at;
}

/* ---- pieces ---- */

/* ` name="value"` */
static void attribute(struct html *o, const char *name, const char *value)
{
    buf_addf(o->out, " %s=\"", name);
    html_text(o, value);
    html_lit(o, "\"");
}

static void label_text(const struct place *at)
{
    html_text(at->o, at->field->label ? at->field->label : at->field->name);
    if (at->field->optional && at->field->kind != FORM_TICK && !at->form->is_filter)
        html_lit(at->o, " (optional)");
}

static void described_by(const struct place *at, const char *more)
{
    struct html *o = at->o;
    const char *name = at->field->name;
    if (!at->hint && !at->error && !more)
        return;
    html_lit(o, " aria-describedby=\"");
    const char *space = "";
    if (at->hint) {
        buf_addf(o->out, "%s-hint", name);
        space = " ";
    }
    if (at->error) {
        buf_addf(o->out, "%s%s-error", space, name);
        space = " ";
    }
    if (more)
        buf_addf(o->out, "%s%s-%s", space, name, more);
    html_lit(o, "\"");
}

static void hint_and_error(const struct place *at)
{
    struct html *o = at->o;
    if (at->hint) {
        buf_addf(o->out, "<div id=\"%s-hint\" class=\"govuk-hint\">", at->field->name);
        html_text(o, at->hint);
        html_lit(o, "</div>");
    }
    if (at->error) {
        buf_addf(o->out, "<p id=\"%s-error\" class=\"govuk-error-message\">", at->field->name);
        html_lit(o, "<span class=\"govuk-visually-hidden\">Error:</span> ");
        html_text(o, at->error);
        html_lit(o, "</p>");
    }
}

static void open_group(const struct place *at, const char *more)
{
    buf_addf(at->o->out, "<div class=\"govuk-form-group%s\"%s>", at->error ? " govuk-form-group--error" : "", more);
}

static void label(const struct place *at)
{
    buf_addf(at->o->out, "<label class=\"govuk-label\" for=\"%s\">", at->field->name);
    label_text(at);
    html_lit(at->o, "</label>");
}

/* ---- one-line inputs ---- */

static const char *width_class(const struct form_field *field)
{
    static const unsigned widths[] = {2, 3, 4, 5, 10, 20, 30};
    static const char *const classes[] = {" govuk-input--width-2",  " govuk-input--width-3",  " govuk-input--width-4", " govuk-input--width-5",
                                          " govuk-input--width-10", " govuk-input--width-20", " govuk-input--width-30"};
    bool is_short = field->kind == FORM_INT || field->kind == FORM_MONEY || field->kind == FORM_HOURS || field->kind == FORM_POSTCODE ||
                    field->kind == FORM_REF;
    unsigned width = field->width ? field->width : field->kind == FORM_DATE ? 20 : is_short ? 10 : 0;
    for (size_t i = 0; width && i < sizeof widths / sizeof *widths; i++)
        if (width <= widths[i])
            return classes[i];
    return "";
}

static const char *autocomplete(const struct form_field *field)
{
    if (field->autocomplete)
        return field->autocomplete;
    return field->kind == FORM_EMAIL ? "email" : field->kind == FORM_PASSWORD ? "current-password" : NULL;
}

static void input_tail(const struct place *at)
{
    const struct form_field *field = at->field;
    if (autocomplete(field))
        attribute(at->o, "autocomplete", autocomplete(field));
    described_by(at, NULL);
    if (at->error)
        html_lit(at->o, " aria-invalid=\"true\"");
    html_lit(at->o, ">");
}

static void input(const struct place *at)
{
    const struct form_field *field = at->field;
    struct html *o = at->o;
    buf_addf(o->out, "<input class=\"govuk-input%s%s\" id=\"%s\" name=\"%s\" type=\"%s\"", width_class(field),
             at->error ? " govuk-input--error" : "", field->name, field->name, field->kind == FORM_EMAIL ? "email" : "text");
    if (field->kind == FORM_EMAIL || field->kind == FORM_REF || field->kind == FORM_POSTCODE)
        html_lit(o, " spellcheck=\"false\"");
    if (field->kind == FORM_INT)
        html_lit(o, " inputmode=\"numeric\"");
    if (field->kind == FORM_MONEY)
        html_lit(o, " inputmode=\"decimal\"");
    if (*at->typed)
        attribute(o, "value", at->typed);
    input_tail(at);
}

static void write_input(const struct place *at)
{
    struct html *o = at->o;
    bool has_wrapper = at->field->kind == FORM_MONEY || at->field->suffix;
    open_group(at, "");
    label(at);
    hint_and_error(at);
    if (has_wrapper)
        html_lit(o, "<div class=\"govuk-input__wrapper\">");
    if (at->field->kind == FORM_MONEY)
        html_lit(o, "<div class=\"govuk-input__prefix\" aria-hidden=\"true\">£</div>");
    input(at);
    if (at->field->suffix) {
        html_lit(o, "<div class=\"govuk-input__suffix\" aria-hidden=\"true\">");
        html_text(o, at->field->suffix);
        html_lit(o, "</div>");
    }
    if (has_wrapper)
        html_lit(o, "</div>");
    html_lit(o, "</div>");
}

/* What was typed is never written back. */
static void write_password(const struct place *at)
{
    struct html *o = at->o;
    const char *name = at->field->name;
    buf_addf(o->out, "<div class=\"govuk-form-group govuk-password-input%s\" data-module=\"govuk-password-input\">",
             at->error ? " govuk-form-group--error" : "");
    label(at);
    hint_and_error(at);
    html_lit(o, "<div class=\"govuk-input__wrapper govuk-password-input__wrapper\">");
    buf_addf(o->out,
             "<input class=\"govuk-input govuk-password-input__input govuk-js-password-input-input%s\" id=\"%s\" name=\"%s\" "
             "type=\"password\" spellcheck=\"false\" autocapitalize=\"none\"",
             at->error ? " govuk-input--error" : "", name, name);
    input_tail(at);
    buf_addf(o->out,
             "<button type=\"button\" class=\"govuk-button govuk-button--secondary govuk-password-input__toggle "
             "govuk-js-password-input-toggle\" data-module=\"govuk-button\" aria-controls=\"%s\" aria-label=\"Show password\" "
             "hidden>Show</button></div></div>",
             name);
}

static void write_file(const struct place *at)
{
    open_group(at, "");
    label(at);
    hint_and_error(at);
    buf_addf(at->o->out, "<input class=\"govuk-file-upload%s\" id=\"%s\" name=\"%s\" type=\"file\"%s",
             at->error ? " govuk-file-upload--error" : "", at->field->name, at->field->name, at->field->many ? " multiple" : "");
    input_tail(at);
    html_lit(at->o, "</div>");
}

static void write_hidden(const struct place *at)
{
    buf_addf(at->o->out, "<input type=\"hidden\" name=\"%s\"", at->field->name);
    attribute(at->o, "value", at->typed);
    html_lit(at->o, ">");
}

/* ---- several lines ---- */

static void write_textarea(const struct place *at)
{
    struct html *o = at->o;
    const char *name = at->field->name;
    bool is_counted = at->field->max > 0;
    if (is_counted)
        buf_addf(o->out, "<div class=\"govuk-form-group govuk-character-count%s\" data-module=\"govuk-character-count\" data-maxlength=\"%" PRId64 "\">",
                 at->error ? " govuk-form-group--error" : "", at->field->max);
    else
        open_group(at, "");
    label(at);
    hint_and_error(at);
    buf_addf(o->out, "<textarea class=\"govuk-textarea%s%s\" id=\"%s\" name=\"%s\" rows=\"5\"", is_counted ? " govuk-js-character-count" : "",
             at->error ? " govuk-textarea--error" : "", name, name);
    if (at->field->autocomplete)
        attribute(o, "autocomplete", at->field->autocomplete);
    described_by(at, is_counted ? "info" : NULL);
    if (at->error)
        html_lit(o, " aria-invalid=\"true\"");
    /* A parser drops one line end behind the tag, so that one is always given. */
    html_lit(o, ">\n");
    html_text(o, at->typed);
    html_lit(o, "</textarea>");
    if (is_counted)
        buf_addf(o->out, "<div id=\"%s-info\" class=\"govuk-hint govuk-character-count__message\">You can enter up to %" PRId64 " characters</div>",
                 name, at->field->max);
    html_lit(o, "</div>");
}

/* ---- choices ---- */

static void option(struct html *o, const char *value, const char *text, bool is_selected)
{
    html_lit(o, "<option");
    attribute(o, "value", value);
    if (is_selected)
        html_lit(o, " selected");
    html_lit(o, ">");
    html_text(o, text);
    html_lit(o, "</option>");
}

static void write_select(const struct place *at)
{
    struct html *o = at->o;
    const char *name = at->field->name;
    const struct form_choice *choices = form_choices(at->form, at->index);
    open_group(at, "");
    label(at);
    hint_and_error(at);
    buf_addf(o->out, "<select class=\"govuk-select%s\" id=\"%s\" name=\"%s\"", at->error ? " govuk-select--error" : "", name, name);
    input_tail(at);
    if (!form_is_choice(choices, STR("")))
        option(o, "", at->field->optional ? "Any" : "Choose", !*at->typed);
    for (; choices && choices->value; choices++)
        option(o, choices->value, choices->label, strcmp(choices->value, at->typed) == 0);
    html_lit(o, "</select></div>");
}

/* Whether `value` is one of the words of `typed`. */
static bool is_chosen(const char *typed, const char *value)
{
    struct str rest = str_of(typed), one;
    while (str_cut(&rest, ' ', &one))
        if (one.n && str_is(one, value))
            return true;
    return false;
}

/* One radio button or checkbox; the first has the name as its id, so that the error summary leads there. */
static void item(const struct place *at, const char *what, const struct form_choice *choice, size_t number, bool is_checked)
{
    struct html *o = at->o;
    char id[128];
    snprintf(id, sizeof id, number ? "%.100s-%zu" : "%.100s", at->field->name, number + 1);
    buf_addf(o->out, "<div class=\"govuk-%s__item\"><input class=\"govuk-%s__input\" id=\"%s\" name=\"%s\" type=\"%s\"", what, what, id,
             at->field->name, strcmp(what, "radios") == 0 ? "radio" : "checkbox");
    attribute(o, "value", choice->value);
    if (choice->hint)
        buf_addf(o->out, " aria-describedby=\"%s-item-hint\"", id);
    else if (at->field->kind == FORM_TICK)
        described_by(at, NULL);
    if (is_checked)
        html_lit(o, " checked");
    buf_addf(o->out, "><label class=\"govuk-label govuk-%s__label\" for=\"%s\">", what, id);
    html_text(o, choice->label);
    html_lit(o, "</label>");
    if (choice->hint) {
        buf_addf(o->out, "<div id=\"%s-item-hint\" class=\"govuk-hint govuk-%s__hint\">", id, what);
        html_text(o, choice->hint);
        html_lit(o, "</div>");
    }
    html_lit(o, "</div>");
}

static void write_group(const struct place *at)
{
    struct html *o = at->o;
    bool is_radios = at->field->kind == FORM_RADIOS;
    const char *what = is_radios ? "radios" : "checkboxes";
    const struct form_choice *choices = form_choices(at->form, at->index);
    open_group(at, "");
    html_lit(o, "<fieldset class=\"govuk-fieldset\"");
    described_by(at, NULL);
    html_lit(o, "><legend class=\"govuk-fieldset__legend govuk-fieldset__legend--s\">");
    label_text(at);
    html_lit(o, "</legend>");
    hint_and_error(at);
    buf_addf(o->out, "<div class=\"govuk-%s\" data-module=\"govuk-%s\">", what, what);
    for (size_t i = 0; choices && choices[i].value; i++)
        item(at, what, &choices[i], i, is_radios ? strcmp(choices[i].value, at->typed) == 0 : is_chosen(at->typed, choices[i].value));
    html_lit(o, "</div></fieldset></div>");
}

static void write_tick(const struct place *at)
{
    struct form_choice only = {"yes", at->field->label ? at->field->label : at->field->name, NULL};
    open_group(at, "");
    hint_and_error(at);
    html_lit(at->o, "<div class=\"govuk-checkboxes\" data-module=\"govuk-checkboxes\">");
    item(at, "checkboxes", &only, 0, *at->typed);
    html_lit(at->o, "</div></div>");
}

/* ---- the whole ---- */

static void write_field(const struct place *at)
{
    switch (at->field->kind) {
    case FORM_PASSWORD:
        write_password(at);
        break;
    case FORM_TEXTAREA:
        write_textarea(at);
        break;
    case FORM_SELECT:
        write_select(at);
        break;
    case FORM_RADIOS:
    case FORM_CHECKS:
        write_group(at);
        break;
    case FORM_TICK:
        write_tick(at);
        break;
    case FORM_FILE:
        write_file(at);
        break;
    case FORM_HIDDEN:
        write_hidden(at);
        break;
    case FORM_TEXT:
    case FORM_EMAIL:
    case FORM_POSTCODE:
    case FORM_REF:
    case FORM_INT:
    case FORM_MONEY:
    case FORM_HOURS:
    case FORM_TIME:
    case FORM_DATE:
        write_input(at);
        break;
    }
}

void form_html_field(struct html *o, const struct form *f, const char *name)
{
    for (size_t i = 0; f && i < f->spec->fields_n; i++) {
        if (strcmp(f->spec->fields[i].name, name) == 0) {
            struct place at = place_of(o, f, i);
            if (f->is_hidden)
                write_hidden(&at);
            else
                write_field(&at);
            return;
        }
    }
    log_event(LOG_ERROR, "form.no_field", "form=%s field=%s", f ? f->spec->name : "none", name);
}

static void summary_item(struct html *o, const char *name, const char *message)
{
    html_lit(o, "<li>");
    if (name)
        buf_addf(o->out, "<a href=\"#%s\">", name);
    html_text(o, message);
    if (name)
        html_lit(o, "</a>");
    html_lit(o, "</li>");
}

void form_html_errors(struct html *o, const struct form *f)
{
    if (!f || !f->errors_n)
        return;
    html_lit(o, "<div class=\"govuk-error-summary\" data-module=\"govuk-error-summary\"><div role=\"alert\">"
                "<h2 class=\"govuk-error-summary__title\">There is a problem</h2><div class=\"govuk-error-summary__body\">"
                "<ul class=\"govuk-list govuk-error-summary__list\">");
    if (f->error)
        summary_item(o, NULL, f->error);
    for (size_t i = 0; i < f->spec->fields_n; i++)
        if (f->states[i].error) /* a hidden field cannot be gone to */
            summary_item(o, f->spec->fields[i].kind == FORM_HIDDEN ? NULL : f->spec->fields[i].name, f->states[i].error);
    html_lit(o, "</ul></div></div></div>");
}

static void hidden(struct html *o, const char *name, const char *value)
{
    if (!value)
        return;
    buf_addf(o->out, "<input type=\"hidden\" name=\"%s\"", name);
    attribute(o, "value", value);
    html_lit(o, ">");
}

static bool has_file(const struct form_spec *spec)
{
    for (size_t i = 0; i < spec->fields_n; i++)
        if (spec->fields[i].kind == FORM_FILE)
            return true;
    return false;
}

void form_html_open(struct html *o, const struct form *f, const char *action)
{
    html_lit(o, "<form method=\"post\" novalidate action=\"");
    html_url(o, action);
    html_lit(o, "\"");
    if (f && has_file(f->spec))
        html_lit(o, " enctype=\"multipart/form-data\"");
    html_lit(o, ">");
    if (!f)
        return;
    hidden(o, "csrf", f->csrf);
    hidden(o, "key", f->key);
}

void form_html_close(struct html *o, const struct form *f, const char *button)
{
    (void)f;
    if (button) {
        html_lit(o, "<button type=\"submit\" class=\"govuk-button\" data-module=\"govuk-button\" data-prevent-double-click=\"true\">");
        html_text(o, button);
        html_lit(o, "</button>");
    }
    html_lit(o, "</form>");
}
