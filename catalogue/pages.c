#include "catalogue/pages.h"

#include <string.h>

#include "sql/catalogue.h"
#include "tmpl/catalogue.h"

bool page_redirect(struct request *req, const char *path, const char *ref, const char *slug)
{
    if (strcmp(request_arg(req, "slug"), slug) == 0)
        return false;
    http_redirect(req->http, 301, arena_printf(req->arena, "%s%s%s/%s", req->base, path, ref, slug));
    return true;
}

void page_closed(struct request *req, const char *what, const char *title, const char *href, const char *action)
{
    request_page(req, 410, what, tmpl_catalogue_closed, .title = title, .what = what, .href = href, .action = action);
}

const struct form_choice *page_categories(struct request *req, const struct db_unit *u, int step)
{
    const struct sql_category_list_row *rows;
    size_t n = sql_category_list_rows(u, step, &rows);
    struct form_choice *choices = arena_array(req->arena, n + 2, sizeof *choices);
    choices[0] = (struct form_choice){.value = "", .label = "Any kind"};
    for (size_t i = 0; i < n; i++)
        choices[i + 1] = (struct form_choice){.value = rows[i].slug, .label = rows[i].parent ? arena_printf(req->arena, "– %s", rows[i].name) : rows[i].name};
    return choices;
}
