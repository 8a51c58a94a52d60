/* The routes of signing in, roles, mandates and the pages about the site itself. Constants. */
#ifndef DAEMON_IDENTITY_IDENTITY_ROUTES_H
#define DAEMON_IDENTITY_IDENTITY_ROUTES_H

#include "daemon/identity/request.h"

extern const struct route identity_routes[];
extern const size_t identity_routes_n;
extern const struct route site_routes[];
extern const size_t site_routes_n;

/* "Budget holder" for "holder". */
const char *request_hat_name(const char *role);

#endif
