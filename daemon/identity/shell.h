/*
 * The shell around every page: header, acting-for bar, hat, navigation, help and footer (web/templates/shell).
 * Borrows everything from the request; writes whole documents. Nothing fails.
 */
#ifndef DAEMON_IDENTITY_SHELL_H
#define DAEMON_IDENTITY_SHELL_H

#include "daemon/identity/request.h"

/* A whole page around an already rendered body. */
void shell_page(struct request *req, struct buf *out, const char *title, bool has_errors, struct str body);

/* The body of a problem page. */
void shell_problem(struct request *req, struct html *o, const struct err_info *info, const char *advice);

#endif
