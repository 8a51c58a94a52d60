/* The pages of the catalogue: home, search, services, storefronts, categories, events. Constants. */
#ifndef CATALOGUE_CATALOGUE_ROUTES_H
#define CATALOGUE_CATALOGUE_ROUTES_H

#include "daemon/identity/request.h"

extern const struct route catalogue_routes[];
extern const size_t catalogue_routes_n;

#endif
