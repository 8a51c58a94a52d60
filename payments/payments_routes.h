/* The routes of money, orders, visits, invoices, payments, statements and audit. Constants. */
#ifndef PAYMENTS_PAYMENTS_ROUTES_H
#define PAYMENTS_PAYMENTS_ROUTES_H

#include "daemon/identity/request.h"

extern const struct route payments_routes[];
extern const size_t payments_routes_n;

#endif
