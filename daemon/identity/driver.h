/*
 * Between the driver (request.c) and the replies (reply.c): the private part of a request.
 */
#ifndef DAEMON_IDENTITY_DRIVER_H
#define DAEMON_IDENTITY_DRIVER_H

#include "daemon/identity/app.h"

enum { PATH_ARGS = 6 };

enum answer_form { ANSWER_HTML, ANSWER_JSON, ANSWER_CSV };

struct driver {
    struct app *app;
    struct str args[PATH_ARGS];
    size_t args_n;
    const char *for_ref;       /* person in the path, NULL when none */
    const char *path;          /* without /for/… and without .csv or .json: what the pattern matched */
    enum answer_form answer;
    bool has_replied;
    bool *ends_plan;           /* while a plan runs: told when it ends the request, which is gone then, and this with it */
    bool is_again;             /* showing a refused form again */
    bool is_unkept;            /* what was typed cannot be kept: the answer to the form itself shows it again */
    bool is_signed_in;
    bool knows_who;            /* the database was asked and answered; a refusal or an address that is none may come before */
    const char *token;
    const char *csrf; /* the form token of this answer, once there is a form */
    struct http_pairs pairs;
    request_plan_fn *plan;
    request_render_fn *render;
    struct buf body;           /* of the page being rendered */
    struct html html;
    int page_status;
    const char *page_title;
    uint64_t started_us;
    request_work_fn *work;
    bool is_demo;
    const char *council_phone;
    struct str key;            /* of the page in memory, empty when it may not be kept; and the edition when its making began */
    uint64_t edition;
    struct parts *parts;       /* of a list that is being sent part by part (parts.c) */
    bool is_own;               /* the answer is for this request alone: a form with a key, or a second round */
};

struct driver *request_driver(const struct request *req);

/* Asks the database for one part: parts_done is told, and nothing else is sent. */
void request_run_part(struct request *req, struct arena *a, request_plan_fn *plan);
void parts_done(struct request *req, const struct db_unit *u);
/* reply_send without a body: the headers, the count and the log line of an answer that follows in pieces. */
void reply_begin(struct request *req, int status);
/* "attachment" under this name. */
void reply_attachment(struct request *req, const char *file_name);

/* Open data, below /openreferral: JSON for programs, also on pages of other sites. */
bool reply_is_open(const struct http_request *http);
/* What a browser asks before a page of another site may read open data. */
void reply_preflight(struct http_request *http);
/* Answers /favicon.ico, which browsers and programs ask for before they have read a page; false when something else is asked for. */
bool reply_icon(struct http_request *http);
/* Adds the tag of open data; true when the client has it already and wants no body. */
bool reply_is_known(struct http_request *http, struct str body);

/* Reads the number of the page; false when it is none and the request was sent to the first. */
bool paging_take(struct request *req);
/* Whether a list in pages ends before this page. Programs that walk through a list are told so by a page without rows, and not sent back. */
bool paging_is_beyond(const struct request *req, const struct db_unit *u);
/* To the same list from its beginning. */
void paging_restart(struct request *req);

/* Keeps what was typed into a form that is refused, and sends to its page, which shows it again. False where it cannot be kept: nothing was sent then. */
bool answers_refused(struct request *req);
/* The page of a form with what is kept under the key in its address; false when the address names none. */
bool answers_shown(struct request *req);

/* The security headers of every answer. */
void reply_headers(struct http_request *http, bool may_store);
/* Sends with them, and counts. */
void reply_send(struct request *req, int status, const char *content_type, struct str body);

#endif
