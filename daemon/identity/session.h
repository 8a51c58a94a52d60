/*
 * Session tokens, their cookie, and the token that protects forms against forgery.
 * All text belongs to the request's arena. A missing or malformed cookie is simply no session.
 */
#ifndef DAEMON_IDENTITY_SESSION_H
#define DAEMON_IDENTITY_SESSION_H

#include "daemon/identity/app.h"

/* The session token of the request (64 hexadecimal digits), or NULL. */
const char *session_token(struct request *req);
/* SHA-256 of a token, for the database: only digests are stored. Empty for NULL. */
struct str session_digest(struct arena *a, const char *token);
/* Sets the cookie on the reply, and makes further rounds of this request ask as the new session. */
void session_set(struct request *req, const char *token);
/* Takes the cookie away. */
void session_forget(struct request *req);

/* The form token: a nonce and the HMAC-SHA-256 of it and the session token (or of the visitor) under the installation's secret. It is another one in
 * every answer, so that its length says nothing about it even where something in front of us compresses pages (BREACH). */
const char *session_csrf(struct request *req);
/* Whether a writing request comes from a page of ours: Sec-Fetch-Site and Origin when sent (RFC 6454), and the form token. */
bool session_is_ours(struct request *req, const char *csrf);
/* The same without a form token, for JSON: a cross-site page cannot send that type without being asked first (Fetch, CORS preflight). */
bool session_is_same_origin(const struct request *req);

struct app *request_app(const struct request *req);

#endif
