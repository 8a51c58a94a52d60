/*
 * Which answers are kept in memory, and for whom: pages of the catalogue (ROUTE_KEPT), for visitors who show neither cookie nor credentials.
 * Nothing of a session can get in: a request that carries one neither reads nor fills the cache, and a page that holds a form of its own is not kept.
 * What cannot be known to be fresh is not used: while the database cannot be heard, every request goes to the database.
 */
#ifndef DAEMON_IDENTITY_KEPT_H
#define DAEMON_IDENTITY_KEPT_H

#include "daemon/identity/driver.h"

/* What the request asks for, when its answer may be kept; empty when not. In the request's arena. */
struct str kept_key(const struct http_request *http, const struct app *app);
/* Answers from memory; false when the page is not there. */
bool kept_answer(struct http_request *http, struct app *app, struct str key);
/* Sends a page or a list, and keeps it where it may be kept. */
void kept_send(struct request *req, int status, const char *content_type, struct str body);

#endif
