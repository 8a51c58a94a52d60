#include "catalogue/pages.h"
#include "catalogue/search_terms.h"
#include "sql/catalogue.h"
#include "tmpl/catalogue.h"

void home_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    sql_category_list_add(u, NULL);
}

void home_render(struct request *req, const struct db_unit *u)
{
    const struct sql_category_list_row *rows;
    size_t n = sql_category_list_rows(u, page_step(req, 0), &rows);
    struct form *search = request_filter(req, &search_form);
    request_page(req, 200, "Find support and things to do", tmpl_catalogue_home, .search = search, .categories = rows, .categories_n = n);
}

void category_plan(struct request *req, struct db_unit *u)
{
    const char *slug = request_arg(req, "slug");
    sql_category_page_add(u, &(struct sql_category_page_params){.slug = slug});
    sql_category_list_add(u, NULL);
    sql_service_search_add(u, &(struct sql_service_search_params){.q = "", .radius = terms_metres(TERMS_MILES), .all_tags = arena_printf(req->arena, "cat:%s", slug),
                                                                  .any_tags = "", .max_price_null = true, .sort = "best", .page = 1});
}

void category_render(struct request *req, const struct db_unit *u)
{
    struct sql_category_page_row c;
    if (!sql_category_page_one(u, page_step(req, 0), &c)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    if (request_rows(req, u, page_step(req, 2), c.slug))
        return;
    const struct sql_category_list_row *categories;
    const struct sql_service_search_row *results;
    size_t categories_n = sql_category_list_rows(u, page_step(req, 1), &categories), n = sql_service_search_rows(u, page_step(req, 2), &results);
    request_page(req, 200, c.name, tmpl_catalogue_category, .name = c.name, .about = c.about, .slug = c.slug, .parent = c.parent, .parent_name = c.parent_name,
                 .categories = categories, .categories_n = categories_n, .results = results, .results_n = n,
                 .count = n ? terms_count(req->arena, results->found, results->is_more) : "", .is_more = n && results->found > TERMS_PAGE);
}
