/*
 * Readers of single answers: what a person typed to a value, or false. Private to the forms of this folder.
 * Results are arena memory. Nothing else can fail.
 */
#ifndef WEB_HTML_FORM_KINDS_H
#define WEB_HTML_FORM_KINDS_H

#include "web/html/form.h"

struct arena;

/* A whole number with optional spaces or commas between thousands. */
bool kind_int(struct str typed, int64_t *ret_value);
/* "2", "1.5", "1h 30", "1:30", "90 minutes": whole minutes, at most 10,000 hours. */
bool kind_hours(struct str typed, int64_t *ret_minutes);
/* "9", "9am", "9.30 pm", "21:30", "0930", "noon" to "09:30" and so on. NULL when it is no time of day. */
const char *kind_time(struct arena *a, struct str typed);
/* ISO or as people write dates. */
bool kind_date(struct str typed, int32_t *ret_day);
/* "m332ds" to "M33 2DS": the shapes of Royal Mail's postcodes (BS 7666). NULL when it is none. */
const char *kind_postcode(struct arena *a, struct str typed);
/* One @, a domain with a dot, no spaces, at most 254 bytes (RFC 5321, 4.5.3.1). */
bool kind_email(struct str typed);
/* Control characters other than, on request, LF and tab. */
bool kind_has_controls(const char *s, bool allow_lines);
/* Characters, not bytes. */
int64_t kind_length(const char *s);

/* Fields of a form. */
const struct form_choice *form_choices(const struct form *f, size_t field);
bool form_is_choice(const struct form_choice *choices, struct str value);
int64_t form_max(const struct form_field *field);
const char *form_message_missing(const struct form *f, const struct form_field *field);
const char *form_message_invalid(const struct form *f, const struct form_field *field);
const char *form_message_far(const struct form *f, const struct form_field *field);
const char *form_message_length(const struct form *f, const struct form_field *field, bool is_short);

#endif
