#include "daemon/identity/shell.h"

#include <string.h>

#include "daemon/identity/driver.h"
#include "tmpl/shell.h"
#include "web/html/assets.h"

/* The menu of each hat: at most five links, the person's prefix in front of `personal` ones. */
struct entry {
    unsigned hats;
    const char *label, *path;
    bool is_personal;
};

static const struct entry menu[] = {
    {HAT_SUPPORTER | HAT_BROKER, "Needs you", "/people/today", false},
    {HAT_SUPPORTER | HAT_BROKER, "People I help", "/people", false},
    {HAT_HOLDER | HAT_SELF_FUNDER | HAT_SUPPORTER | HAT_BROKER, "Money", "/money", true},
    {HAT_HOLDER | HAT_SELF_FUNDER | HAT_SUPPORTER | HAT_BROKER, "Orders", "/orders", true},
    {HAT_PROVIDER, "Requests", "/provider", false},
    {HAT_PROVIDER, "Visits", "/provider/visits", false},
    {HAT_PROVIDER, "Invoices", "/provider/invoices", false},
    {HAT_PROVIDER, "Reviews", "/provider/reviews", false},
    {HAT_COUNCIL, "Council home", "/council", false},
    {HAT_FINANCE, "Exceptions", "/council/exceptions", false},
    {HAT_FINANCE, "Payments", "/council/runs", false},
    {HAT_FINANCE, "Bank statements", "/council/statements", false},
    {HAT_COMMISSIONER | HAT_FINANCE, "Budgets", "/council/budgets", false},
    {HAT_AUDITOR, "Audit", "/council/audit", false},
    {HAT_SAFEGUARDING, "Concerns", "/council/concerns", false},
    {HAT_MODERATOR, "Reviews", "/council/reviews", false},
    {HAT_NONE | HAT_HOLDER | HAT_SELF_FUNDER | HAT_SUPPORTER | HAT_BROKER | HAT_GROUP | HAT_MODERATOR | HAT_OPERATOR, "Find help", "/services", true},
    {HAT_NONE | HAT_HOLDER | HAT_SELF_FUNDER | HAT_GROUP | HAT_MODERATOR | HAT_OPERATOR, "What’s on", "/events", false},
    {HAT_NONE, "I provide care", "/join", false},
    {HAT_HOLDER, "People who help me", "/helpers", false},
};

enum { MENU = sizeof menu / sizeof *menu };

static size_t fill_menu(const struct request *req, struct tmpl_shell_page_nav *nav)
{
    const struct driver *d = request_driver(req);
    bool has_own_pages = req->who.hat & (HAT_HOLDER | HAT_SELF_FUNDER);
    size_t n = 0;
    for (size_t i = 0; i < MENU; i++) {
        const struct entry *m = &menu[i];
        /* A supporter or broker has no money of their own here: those pages appear once somebody is chosen. */
        bool needs_choice = m->is_personal && !has_own_pages && !req->who.is_acting && strcmp(m->path, "/services") != 0;
        if (!(m->hats & req->who.hat) || needs_choice)
            continue;
        const char *href = m->is_personal ? arena_printf(req->arena, "%s%s", req->base, m->path) : m->path;
        nav[n++] = (struct tmpl_shell_page_nav){.label = m->label, .href = href, .current = strcmp(d->path, m->path) == 0};
    }
    return n;
}

/* A person, a provider, an order or a review: of these somebody may be worried. */
static bool shows_somebody(const struct request *req)
{
    static const char *const prefixes[] = {"/services", "/categories/", "/provider", "/reviews/", "/orders", "/ask", "/people", "/helpers", "/council"};
    const struct driver *d = request_driver(req);
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (str_starts(str_of(d->path), prefixes[i]))
            return true;
    return req->route->flags & ROUTE_FOR;
}

static const char *asset(const char *name)
{
    return http_asset_path(http_assets, http_assets_n, name);
}

void shell_page(struct request *req, struct buf *out, const char *title, bool has_errors, struct str body)
{
    const struct driver *d = request_driver(req);
    struct html o = {.out = out, .arena = req->arena};
    struct tmpl_shell_page_nav nav[MENU];
    size_t nav_n = fill_menu(req, nav);
    buf_reserve(out, body.n + 8192);
    tmpl_shell_page(&o, &(struct tmpl_shell_page){
                            .title = title,
                            .page = req->page,
                            .is_error = has_errors,
                            .body = {.markup = body},
                            .css = asset("app.css"),
                            .boot_js = asset("boot.js"),
                            .govuk_js = asset("govuk-frontend.js"),
                            .app_js = asset("app.js"),
                            .icon = asset("favicon.svg"),
                            .council = req->who.council_name,
                            .home = "/",
                            .phone = d->council_phone ? d->council_phone : d->app->conf->phone,
                            .hat = d->is_signed_in ? req->who.hat_name : NULL,
                            .name = req->who.name,
                            .many_hats = req->who.hats_n > 1,
                            .signed_in = d->is_signed_in,
                            .unsure = d->token && !d->knows_who,
                            .acting = req->who.is_acting ? req->who.person_name : NULL,
                            .demo = d->is_demo,
                            .worried = shows_somebody(req),
                            .here = d->path,
                            .nav = nav,
                            .nav_n = nav_n,
                        });
}

void shell_problem(struct request *req, struct html *o, const struct err_info *info, const char *advice)
{
    const struct driver *d = request_driver(req);
    tmpl_shell_problem(o, &(struct tmpl_shell_problem){
                              .title = info->title,
                              .advice = advice,
                              .reference = info->status >= 500 ? req->http->id : NULL,
                              .phone = d->council_phone ? d->council_phone : d->app->conf->phone,
                          });
}
