#include <string.h>

#include "catalogue/directory_asked.h"
#include "catalogue/pages.h"
#include "daemon/base/id.h"
#include "daemon/base/json.h"
#include "sql/catalogue.h"
#include "web/html/assets.h"

/* The directory in the form of Open Referral UK (HSDS-UK 3.0), for other people's programs. What an item looks like: sql/views/36-directory.sql. */

static const char *const lists[] = {"services", "service_at_locations", "organizations", "taxonomies", "taxonomy_terms"};

/* What a request asks for; base is how people reach the site. */
struct directory {
    const char *list, *asked, *base;
    bool is_lines, is_large;
};

enum { LARGE_PAGE = 100 };

/* NULL after ending the request with what is wrong. */
static struct directory *read_asked(struct request *req)
{
    struct directory *d = arena_alloc(req->arena, sizeof *d);
    struct http_pairs pairs;
    struct err e = {""};
    const char *list = request_arg(req, "list");
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (strcmp(list, lists[i]) == 0)
            d->list = lists[i];
    if (!d->list) {
        request_problem_text(req, ERR_NOT_FOUND, "The directory has no such list.");
        return NULL;
    }
    if (http_read_urlencoded(req->arena, req->http->query, &pairs, &e))
        d->asked = directory_asked(req->arena, &pairs, &e);
    if (!d->asked) {
        request_problem_text(req, ERR_BAD_REQUEST, "%s.", e.text);
        return NULL;
    }
    const char *format = http_pair_get(&pairs, "format");
    const char *per_page = http_pair_get(&pairs, "per_page");
    int64_t size;
    d->is_lines = format && strcmp(format, "ndjson") == 0;
    d->is_large = http_pair_get(&pairs, "minimal") || (text_read_i64(str_of(per_page), 1, INT64_MAX, &size) && size > LARGE_PAGE);
    d->base = request_site(req);
    req->state = d;
    return d;
}

/* ---- where a program starts ---- */

void directory_about_render(struct request *req, const struct db_unit *u)
{
    (void)u;
    struct buf out = {0};
    buf_adds(&out, "{\"version\":\"HSDS-UK-3.0\",\"profile\":\"https://docs.openreferraluk.org/\",\"openapi_url\":");
    json_write_text(&out, arena_printf(req->arena, "%s" DIRECTORY_PATH "/openapi.json", request_site(req)));
    buf_addc(&out, '}');
    request_json(req, 200, buf_str(&out));
    buf_finish(&out);
}

void directory_openapi_render(struct request *req, const struct db_unit *u)
{
    (void)u;
    request_json(req, 200, http_asset_named(http_assets, http_assets_n, "openreferral.json")->plain);
}

/* ---- a list: a page, or all of it in lines ---- */

static void lines_plan(struct request *req, struct db_unit *u)
{
    const struct directory *d = req->state;
    sql_directory_lines_add(u, &(struct sql_directory_lines_params){.list = d->list, .asked = d->asked, .base = d->base, .after = request_place(req)});
}

static int64_t line_place(const void *row)
{
    return ((const struct sql_directory_lines_row *)row)->place;
}

static const char *line_text(const void *row)
{
    return ((const struct sql_directory_lines_row *)row)->line;
}

void directory_list_plan(struct request *req, struct db_unit *u)
{
    const struct directory *d = read_asked(req);
    if (d && d->is_lines)
        lines_plan(req, u);
    else if (d && d->is_large)
        sql_directory_large_page_add(u, &(struct sql_directory_large_page_params){.list = d->list, .asked = d->asked, .base = d->base});
    else if (d)
        sql_directory_page_add(u, &(struct sql_directory_page_params){.list = d->list, .asked = d->asked, .base = d->base});
}

void directory_list_render(struct request *req, const struct db_unit *u)
{
    const struct directory *d = req->state;
    struct sql_directory_page_row page;
    struct sql_directory_large_page_row large;
    if (d->is_lines)
        request_lines(req, u, page_step(req, 0), "application/x-ndjson", lines_plan, line_place, line_text);
    else if (d->is_large && sql_directory_large_page_one(u, page_step(req, 0), &large))
        request_json(req, 200, str_of(large.body));
    else if (sql_directory_page_one(u, page_step(req, 0), &page))
        request_json(req, 200, str_of(page.body));
}

/* ---- one item ---- */

void directory_item_plan(struct request *req, struct db_unit *u)
{
    const char *id = request_arg(req, "id");
    const struct directory *d = read_asked(req);
    if (d && id_is_uuid(str_of(id)))
        sql_directory_one_add(u, &(struct sql_directory_one_params){.list = d->list, .id = id, .asked = d->asked, .base = d->base});
    else if (d)
        request_problem_text(req, ERR_NOT_FOUND, "Ids of the directory are UUIDs.");
}

void directory_item_render(struct request *req, const struct db_unit *u)
{
    struct sql_directory_one_row item;
    if (sql_directory_one_one(u, page_step(req, 0), &item) && item.body)
        request_json(req, 200, str_of(item.body));
    else
        request_problem_text(req, ERR_NOT_FOUND, "Nothing that the directory shows has this id.");
}
