/*
 * Forms and JSON bodies, declared once: a table of fields says how each is read, checked, explained and shown.
 * A struct form and all its text belong to the request's arena. Reading never fails: every problem becomes a message at its field, and the page
 * is shown again with what was typed.
 *
 * To add a field: add a member to the input struct and one FIELD line to the spec; place it in the template with {field form.name}.
 */
#ifndef WEB_HTML_FORM_H
#define WEB_HTML_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/err.h"
#include "daemon/base/text.h"
#include "web/html/html.h"

struct http_pairs;

enum form_kind {
    FORM_TEXT,     /* const char *: trimmed, one line */
    FORM_TEXTAREA, /* const char * */
    FORM_EMAIL,    /* const char * */
    FORM_PASSWORD, /* const char *: not trimmed, never shown again */
    FORM_POSTCODE, /* const char *: normalised "M33 2DS" */
    FORM_REF,      /* const char *: a reference with its check character, normalised */
    FORM_INT,      /* int64_t within min..max */
    FORM_MONEY,    /* int64_t pence within min..max */
    FORM_HOURS,    /* int64_t minutes: "2", "1.5", "1h 30" */
    FORM_TIME,     /* const char *: a time of day, "9am", "9.30" or "21:30", normalised "09:30" */
    FORM_DATE,     /* int32_t day of the years FORM_YEAR_FIRST to FORM_YEAR_LAST */
    FORM_SELECT,   /* const char *: one of the choices */
    FORM_RADIOS,   /* const char *: one of the choices */
    FORM_CHECKS,   /* const char *: chosen values joined by ' ' */
    FORM_TICK,     /* bool: a single checkbox */
    FORM_FILE,     /* struct form_file */
    FORM_HIDDEN    /* const char * */
};

/* A day outside of these years is a slip of the finger. */
enum { FORM_YEAR_FIRST = 2000, FORM_YEAR_LAST = 2099 };

struct form_file {
    const char *name;
    struct str bytes;
    struct form_file *next; /* of a field that takes several; NULL for the last */
};

struct form_choice {
    const char *value, *label, *hint;
};

struct form_field {
    const char *name;         /* of the input and of the JSON member */
    enum form_kind kind;
    size_t offset;            /* in the input struct */
    bool optional;            /* "(optional)" is added to the label */
    int64_t min, max;         /* number, money, minutes (0, 0: any); length for text (max 0: 200 characters; textarea 4,000; file 10 MiB) */
    const char *label, *hint;
    const char *missing;      /* "Enter …": required unless optional */
    const char *invalid;      /* "… must be …" */
    const struct form_choice *choices;
    const char *autocomplete; /* WCAG 1.3.5 token */
    const char *suffix;       /* shown behind the box: "hours" */
    unsigned width;           /* characters, 0 = full */
    bool many;                /* several files may be chosen */
};

struct form_spec {
    const char *name;
    size_t size; /* of the input struct */
    const struct form_field *fields;
    size_t fields_n;
};

#define FIELD(type, member, ...) {.name = #member, .offset = offsetof(type, member), __VA_ARGS__}
#define FORM_SPEC(type, table) {.name = #type, .size = sizeof(type), .fields = (table), .fields_n = sizeof(table) / sizeof *(table)}

struct form_state {
    const char *typed;  /* as sent */
    const char *error;  /* NULL when fine */
};

struct form {
    const struct form_spec *spec;
    struct arena *arena;
    struct form_state *states; /* one a field */
    void *input;               /* the filled struct */
    bool is_sent;              /* read from a request, not a fresh page */
    bool is_filter;            /* of a search: everything may be left empty, so nothing says so */
    bool is_hidden;            /* carried through a check page: every field is written as a hidden one */
    const char *error;  /* of the form as a whole; NULL when fine */
    size_t errors_n;
    const char *csrf;          /* hidden field of every writing form */
    const char *key;           /* client-made idempotency key (UUID), hidden field of every writing form */
    const struct form_choice **choices; /* overrides by field index, for lists from the database; NULL entries use the spec's */
};

struct form *form_create(struct arena *a, const struct form_spec *spec);
/* Fills the input struct from what was sent. Unknown names are ignored, missing ones are errors unless optional.
 * Left empty: NULL, 0, false or CIVIL_NONE. Choices that only the database knows (none in the spec) are checked there. */
void form_read_pairs(struct form *f, const struct http_pairs *pairs);
/* The same from a JSON object: strings, integers (money in pence, hours in minutes), booleans, lists of strings for FORM_CHECKS.
 * False with a reason when the body is not such an object or has an unknown member; wrong values become messages as above. */
bool form_read_json(struct form *f, struct str body, struct err *e);
/* Adds a message found later, by the database for instance. The first message of a field stays; a name that is no field (or NULL) makes
 * it a message of the whole form. */
void form_error(struct form *f, const char *field, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
bool form_is_valid(const struct form *f);
/* Shows a value on a fresh page. */
void form_prefill(struct form *f, const char *field, const char *value);
void form_set_choices(struct form *f, const char *field, const struct form_choice *choices);

/* Called by generated templates: {errors f}, {field f.name}, and {form f action="…" button="…"}…{end}. */
void form_html_errors(struct html *o, const struct form *f);
void form_html_field(struct html *o, const struct form *f, const char *name);
void form_html_open(struct html *o, const struct form *f, const char *action);
void form_html_close(struct html *o, const struct form *f, const char *button);

#endif
