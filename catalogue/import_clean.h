/*
 * Makes text that other people published fit to be shown: names, telephone numbers, addresses of web pages, e-mails and postcodes.
 * Results are arena memory. Each function returns NULL when nothing usable is left; nothing is invented, a value is repaired only where the rule is certain.
 */
#ifndef CATALOGUE_IMPORT_CLEAN_H
#define CATALOGUE_IMPORT_CLEAN_H

#include <stdbool.h>

#include "daemon/base/text.h"

struct arena;

/* "", "NA", "N/A", "none", "not known", "unknown", "-", "--", in any case. */
bool clean_is_missing(struct str s);

/* One line: control characters and no-break spaces become spaces, runs of spaces one, none at the ends. */
char *clean_text(struct arena *a, struct str s);

/* The same without markup: tags become spaces, &amp; and its like the characters that they stand for. What is no tag ("a < b") stays. */
char *clean_plain(struct arena *a, struct str s);

/* clean_text with a space behind every comma and none of them at the end. */
char *clean_address(struct arena *a, struct str s);

/* A name written in capitals alone becomes "St George's Club (Sale)": small words stay small, known initials (CIC, YMCA) and words without a vowel
 * (RSPB) stay capitals. Any other name is only trimmed. */
char *clean_name(struct arena *a, struct str s);

/* The first telephone number of the United Kingdom in s, "0161 748 6414": +44 and a lost leading zero are repaired. */
char *clean_phone(struct arena *a, struct str s);

/* The first word with the form of an e-mail address (RFC 5321 dot-string, no quoting), its domain in lower case. */
char *clean_email(struct arena *a, struct str s);

/* The first word with the form of a web address; one without a scheme gains https://. At most 300 characters. */
char *clean_web(struct arena *a, struct str s);

/* "m332ds" -> "M33 2DS": the form of a full postcode (it need not exist). */
char *clean_postcode(struct arena *a, struct str s);

/* At most `most` bytes, cut behind a word, with "…" when something was cut. */
char *clean_cut(struct arena *a, const char *s, size_t most);

#endif
