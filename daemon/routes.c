#include "daemon/routes.h"

#include <stdio.h>

#include "catalogue/catalogue_routes.h"
#include "daemon/identity/identity_routes.h"
#include "payments/council_routes.h"
#include "payments/payments_routes.h"

const struct route_table route_tables[] = {
    {"catalogue", catalogue_routes, &catalogue_routes_n},
    {"payments", payments_routes, &payments_routes_n},
    {"council", council_routes, &council_routes_n},
    {"identity", identity_routes, &identity_routes_n},
    {"site", site_routes, &site_routes_n},
};
const size_t route_tables_n = sizeof route_tables / sizeof *route_tables;

static void print_hats(unsigned hats)
{
    static const char *const names[] = {"visitor",  "holder",       "supporter", "broker",  "self_funder",  "provider", "group",
                                        "commissioner", "finance", "auditor",   "safeguarding", "moderator", "operator"};
    if (hats == HAT_ANYONE) {
        fputs("anyone", stdout);
        return;
    }
    const char *between = "";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (hats & 1U << i) {
            printf("%s%s", between, names[i]);
            between = ",";
        }
}

int routes_command(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    for (size_t t = 0; t < route_tables_n; t++)
        for (size_t i = 0; i < *route_tables[t].n; i++) {
            const struct route *r = &route_tables[t].routes[i];
            printf("%s\t%s%s\t", http_method_name(r->method), r->flags & ROUTE_FOR ? "[/for/{person}]" : "", r->pattern);
            print_hats(r->hats);
            printf("\t%s\t%s%s%s%s\t%s\n", r->input ? r->input->name : "-", route_tables[t].feature, r->flags & ROUTE_UPLOAD ? " upload" : "",
                   r->flags & ROUTE_API ? " api" : "", r->flags & ROUTE_PAGED ? " paged" : "", r->handler);
        }
    return 0;
}
