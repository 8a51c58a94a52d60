/* Lists in pages: their number in the address, whether another follows, and what becomes of a page that there is not. */
#include <inttypes.h>
#include <string.h>

#include "daemon/identity/driver.h"

enum { PAGE_LAST = 10000 };

/* This address with another page; the first has no number. What a form was filled with is nothing that an address may carry. */
static const char *page_address(const struct request *req, int32_t page)
{
    const struct driver *d = request_driver(req);
    struct str target = req->http->target, path;
    struct html all = {.arena = req->arena};
    struct html query = html_part(&all);
    str_cut(&target, '?', &path);
    for (size_t i = 0; i < d->pairs.n && req->http->method != HTTP_POST; i++) {
        const struct http_pair *pair = &d->pairs.items[i];
        if (strcmp(pair->name, "page") == 0)
            continue;
        buf_addc(query.out, query.out->n ? '&' : '?');
        html_url_part(&query, pair->name);
        buf_addc(query.out, '=');
        html_url_part(&query, pair->value);
    }
    if (page > 1)
        buf_addf(query.out, "%cpage=%" PRId32, query.out->n ? '&' : '?', page);
    return arena_printf(req->arena, "%.*s%s", (int)path.n, path.p, html_part_text(&query));
}

const char *request_prev_page(const struct request *req)
{
    return req->page > 1 ? page_address(req, req->page - 1) : NULL;
}

const char *request_next_page(const struct request *req, const struct db_unit *u, int step)
{
    return db_unit_has_more(u, step) ? page_address(req, req->page + 1) : NULL;
}

void paging_restart(struct request *req)
{
    request_see_other(req, "%s", page_address(req, 1));
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
