/* What is said when an answer is missing or wrong and the form does not say it itself. */
#include <inttypes.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/civil.h"
#include "daemon/base/money.h"
#include "web/html/form_kinds.h"

int64_t form_max(const struct form_field *field)
{
    if (field->max)
        return field->max;
    return field->kind == FORM_FILE ? 10 << 20 : field->kind == FORM_TEXTAREA || field->kind == FORM_CHECKS ? 4000 : 200;
}

/* Something may stand behind the question: "At what time? (optional)". */
static bool is_question(const char *label)
{
    return strchr(label, '?') != NULL;
}

/* The label in the middle of a sentence: "your name", "the postcode", "the NHS number". */
static const char *inside(struct arena *a, const char *label)
{
    static const char *const own[] = {"Your ", "The ", "A ", "An ", "Any ", "My "};
    const char *article = "the ";
    char *s = arena_strdup(a, label);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (str_starts(str_of(label), own[i]))
            article = "";
    if (s[0] && !(s[1] >= 'A' && s[1] <= 'Z'))
        s[0] = text_lower(s[0]);
    return arena_printf(a, "%s%s", article, s);
}

static const char *subject(const struct form_field *field)
{
    return !field->label || is_question(field->label) ? "Your answer" : field->label;
}

const char *form_message_missing(const struct form *f, const struct form_field *field)
{
    const char *label = field->label ? field->label : field->name;
    if (field->missing)
        return field->missing;
    if (is_question(label))
        return arena_printf(f->arena, "Answer the question: %s", label);
    switch (field->kind) {
    case FORM_SELECT:
    case FORM_RADIOS:
    case FORM_CHECKS:
        return arena_printf(f->arena, "Select %s", inside(f->arena, label));
    case FORM_TICK:
        return arena_printf(f->arena, "Tick the box: %s", label);
    case FORM_FILE:
        return arena_printf(f->arena, "Choose a file: %s", inside(f->arena, label));
    default:
        return arena_printf(f->arena, "Enter %s", inside(f->arena, label));
    }
}

/* "… must be a whole number from 1 to 7", or without limits "… must be a whole number, like 3". */
static const char *range(const struct form *f, const struct form_field *field, const char *what, const char *like, const char *min,
                         const char *max)
{
    if (field->min == 0 && field->max == 0)
        return arena_printf(f->arena, "%s must be %s, like %s", subject(field), what, like);
    return arena_printf(f->arena, "%s must be %s from %s to %s", subject(field), what, min, max);
}

static const char *file_size(struct arena *a, int64_t bytes)
{
    if (bytes >= 1 << 20)
        return arena_printf(a, "%" PRId64 " MB", bytes >> 20);
    return bytes >= 1024 ? arena_printf(a, "%" PRId64 " KB", bytes >> 10) : arena_printf(a, "%" PRId64 " bytes", bytes);
}

static const char *length_of_time(struct arena *a, int64_t minutes)
{
    if (minutes % 60)
        return arena_printf(a, "%" PRId64 " minutes", minutes);
    return arena_printf(a, minutes == 60 ? "%" PRId64 " hour" : "%" PRId64 " hours", minutes / 60);
}

const char *form_message_invalid(const struct form *f, const struct form_field *field)
{
    struct arena *a = f->arena;
    if (field->invalid)
        return field->invalid;
    switch (field->kind) {
    case FORM_EMAIL:
        return "Enter an email address in the correct format, like name@example.com";
    case FORM_POSTCODE:
        return "Enter a full UK postcode, like AB1 2DE";
    case FORM_REF:
        return "Enter the reference with all 8 letters and numbers, like K7M2-4QXP";
    case FORM_INT:
        return range(f, field, "a whole number", "3", arena_printf(a, "%" PRId64, field->min), arena_printf(a, "%" PRId64, field->max));
    case FORM_MONEY:
        return range(f, field, "an amount of money", "25 or 25.50", money_text(a, field->min), money_text(a, field->max));
    case FORM_HOURS:
        return range(f, field, "a length of time", "2, 1.5 or 1h 30", length_of_time(a, field->min), length_of_time(a, field->max));
    case FORM_TIME:
        return "Enter a time, like 9:30am or 14:15";
    case FORM_DATE:
        return arena_printf(a, "%s must be a real date, like 27 3 2026", subject(field));
    case FORM_SELECT:
    case FORM_RADIOS:
    case FORM_CHECKS:
        return "Select one of the answers that are offered";
    case FORM_FILE:
        return arena_printf(a, "The file must not be larger than %s", file_size(a, form_max(field)));
    default:
        return arena_printf(a, "%s must not contain characters that cannot be seen", subject(field));
    }
}

const char *form_message_far(const struct form *f, const struct form_field *field)
{
    return arena_printf(f->arena, "%s must be from 1 January %d to 31 December %d", subject(field), FORM_YEAR_FIRST, FORM_YEAR_LAST);
}

const char *form_message_length(const struct form *f, const struct form_field *field, bool is_short)
{
    if (is_short)
        return arena_printf(f->arena, "%s must be %" PRId64 " characters or more", subject(field), field->min);
    return arena_printf(f->arena, "%s must be %" PRId64 " characters or fewer", subject(field), form_max(field));
}
