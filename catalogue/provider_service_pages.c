/* The provider's own services: the list, and changing one. */
#include <string.h>

#include "catalogue/pages.h"
#include "daemon/base/json.h"
#include "daemon/base/money.h"
#include "sql/catalogue.h"
#include "tmpl/catalogue.h"

struct listing_form {
    const char *title, *summary, *status;
    int64_t price;
};
static const struct form_choice status_choices[] = {
    {"published", "Everybody can find it", NULL},
    {"paused", "Paused", "Nobody can ask for it. What was agreed before goes on"},
    {NULL, NULL, NULL},
};
static const struct form_field listing_fields[] = {
    FIELD(struct listing_form, title, .kind = FORM_TEXT, .min = 3, .max = 120, .label = "What is it called?", .hint = "Plain words that people search for",
          .missing = "Enter what it is called"),
    FIELD(struct listing_form, summary, .kind = FORM_TEXTAREA, .max = 300, .label = "What do you do, in a sentence or two?", .missing = "Say what you do"),
    FIELD(struct listing_form, price, .kind = FORM_MONEY, .min = 1, .max = 1000000, .label = "Price for everybody", .missing = "Enter the price",
          .invalid = "The price must be an amount between 1p and £10,000", .width = 10),
    FIELD(struct listing_form, status, .kind = FORM_RADIOS, .label = "Who can see it?", .missing = "Choose who can see it", .choices = status_choices),
};
const struct form_spec listing_form_spec = FORM_SPEC(struct listing_form, listing_fields);

void provider_services_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    sql_provider_services_add(u, NULL);
}

void provider_services_render(struct request *req, const struct db_unit *u)
{
    const struct sql_provider_services_row *rows;
    if (request_rows(req, u, req->first_step, "services"))
        return;
    size_t n = sql_provider_services_rows(u, req->first_step, &rows);
    request_page(req, 200, "Your services", tmpl_catalogue_provider_services, .services = rows, .services_n = n);
}

void provider_service_plan(struct request *req, struct db_unit *u)
{
    sql_provider_service_add(u, &(struct sql_provider_service_params){.ref = request_arg(req, "listing")});
}

void provider_service_render(struct request *req, const struct db_unit *u)
{
    struct sql_provider_service_row service;
    if (!sql_provider_service_one(u, req->first_step, &service)) {
        request_problem(req, ERR_NOT_FOUND);
        return;
    }
    struct form *f = request_form_again(req, &listing_form_spec);
    if (!f->is_sent) {
        form_prefill(f, "title", service.title);
        form_prefill(f, "summary", service.summary);
        form_prefill(f, "price", money_plain(req->arena, service.price));
        form_prefill(f, "status", service.status);
    }
    request_page(req, form_is_valid(f) ? 200 : 422, arena_printf(req->arena, "Change %s", service.title), tmpl_catalogue_provider_service, .s = &service, .f = f);
}

void listing_save_plan(struct request *req, struct db_unit *u)
{
    const struct listing_form *in = req->input;
    struct buf b = {0};
    buf_adds(&b, "{\"listing\":");
    json_write_text(&b, request_arg(req, "listing"));
    buf_adds(&b, ",\"title\":");
    json_write_text(&b, in->title);
    buf_adds(&b, ",\"summary\":");
    json_write_text(&b, in->summary);
    buf_addf(&b, ",\"price\":%lld,\"status\":\"%s\"}", (long long)in->price, in->status);
    sql_listing_save_add(u, &(struct sql_listing_save_params){.key = req->key, .request = str_dup(req->arena, buf_str(&b))});
    buf_finish(&b);
}

void listing_save_render(struct request *req, const struct db_unit *u)
{
    struct sql_listing_save_row row;
    sql_listing_save_one(u, req->first_step, &row);
    if (strcmp(row.outcome, "saved") == 0) {
        request_see_other(req, "/provider/services");
    } else if (strcmp(row.outcome, "gate") == 0) {
        form_error(req->form, "status", "%s", row.sentence);
        request_next(req, provider_service_plan, provider_service_render);
    } else {
        request_problem_text(req, ERR_CONFLICT, "This service is %s and can no longer be changed.", row.state);
    }
}
