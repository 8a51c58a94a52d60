/*
 * A person at a terminal with a browser of sorts: fetches pages of a running server, reads their words, finds their forms and sends them filled.
 * The client and every text that it hands out belong to the arena; a text of a page lives on after the next page.
 * Only what cannot be asked fails (no server, no such form); an answer of any status is a page, and story_status tells which.
 */
#ifndef DAEMON_STORY_CLIENT_H
#define DAEMON_STORY_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/base/arena.h"
#include "daemon/base/err.h"
#include "daemon/base/text.h"

struct story_client;

/* One value of a form; several of the same name are sent as several. */
struct story_field {
    const char *name, *value;
};

struct story_client *story_client_create(struct arena *a, const char *base_url);

/* Follows redirects, keeps cookies. path starts with '/'. */
bool story_get(struct story_client *c, const char *path, struct err *e);
/* Sends the form on the page whose address contains `action` (an empty one: any) and, unless NULL, whose button says `button`.
 * Its hidden fields go along untouched; the list ends with a NULL name. */
bool story_press(struct story_client *c, const char *action, const char *button, const struct story_field *fields, struct err *e);
/* The same with a file. */
bool story_send_file(struct story_client *c, const char *action, const char *field, const char *file_name, struct str bytes, struct err *e);

long story_status(const struct story_client *c);
/* The path that the last redirect led to. */
const char *story_path(const struct story_client *c);
/* What came, byte for byte. */
struct str story_body(const struct story_client *c);
/* What <main> says, as words with single spaces. */
const char *story_words(const struct story_client *c);
/* Address of the first link whose words or address contain this; NULL when there is none. */
const char *story_link(const struct story_client *c, const char *part);

#endif
