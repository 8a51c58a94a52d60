/* The routes of officers and auditors: exceptions, payment runs, statements, budgets, audit. Constants. */
#ifndef PAYMENTS_COUNCIL_ROUTES_H
#define PAYMENTS_COUNCIL_ROUTES_H

#include "daemon/identity/request.h"

extern const struct route council_routes[];
extern const size_t council_routes_n;

#endif
