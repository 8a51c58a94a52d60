/* Lists in pages: their number in the address, whether another follows, and what becomes of a page that there is not. */
#include <string.h>

#include "daemon/identity/driver.h"

enum { PAGE_LAST = 10000 };

int32_t request_next_page(const struct request *req, const struct db_unit *u, int step)
{
    return db_unit_has_more(u, step) ? req->page + 1 : 0;
}

void paging_restart(struct request *req)
{
    const struct driver *d = request_driver(req);
    struct str target = req->http->target, path;
    struct html all = {.arena = req->arena};
    struct html query = html_part(&all);
    str_cut(&target, '?', &path);
    for (size_t i = 0; i < d->pairs.n; i++) {
        const struct http_pair *pair = &d->pairs.items[i];
        if (strcmp(pair->name, "page") == 0)
            continue;
        buf_addc(query.out, query.out->n ? '&' : '?');
        html_url_part(&query, pair->name);
        buf_addc(query.out, '=');
        html_url_part(&query, pair->value);
    }
    request_see_other(req, "%.*s%s", (int)path.n, path.p, html_part_text(&query));
}

bool paging_take(struct request *req)
{
    const char *page = http_pair_get(&request_driver(req)->pairs, "page");
    int64_t number = 1;
    if (!(req->route->flags & ROUTE_PAGED) || !page)
        return true;
    if (!text_read_i64(str_of(page), 1, PAGE_LAST, &number))
        return paging_restart(req), false;
    req->page = (int32_t)number;
    return true;
}

bool paging_is_beyond(const struct request *req, const struct db_unit *u)
{
    const void *rows;
    if (req->page == 1 || request_driver(req)->answer == ANSWER_JSON)
        return false;
    for (int i = req->first_step; i < (int)db_unit_count(u); i++)
        if (db_unit_stmt(u, i)->page)
            return db_unit_rows(u, i, &rows) == 0;
    return false;
}
