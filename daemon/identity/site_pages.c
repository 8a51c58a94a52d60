/* Pages about the site itself, and "I am worried". */
#include "daemon/base/id.h"
#include "daemon/base/json.h"
#include "daemon/identity/driver.h"
#include "daemon/identity/identity_routes.h"
#include "sql/identity.h"
#include "tmpl/site.h"

static const char *phone_of(const struct request *req)
{
    const struct driver *d = request_driver(req);
    return d->council_phone ? d->council_phone : d->app->conf->phone;
}

#define SITE_PAGE(name, title)                                                                               \
    static void name##_render(struct request *req, const struct db_unit *u)                                  \
    {                                                                                                        \
        (void)u;                                                                                             \
        request_page(req, 200, title, tmpl_site_##name, .phone = phone_of(req));                             \
    }
SITE_PAGE(help, "Help")
SITE_PAGE(accessibility, "Accessibility")
SITE_PAGE(cookies, "Cookies")
SITE_PAGE(privacy, "Privacy")
SITE_PAGE(licences, "Licences")

static void contact_render(struct request *req, const struct db_unit *u)
{
    (void)u;
    request_page(req, 200, "Talk to someone", tmpl_site_contact, .phone = phone_of(req),
                 .council = req->who.council_name);
}

struct concern_form {
    const char *about, *concern;
};
static const struct form_field concern_fields[] = {
    FIELD(struct concern_form, about, .kind = FORM_TEXT, .optional = true,
          .label = "Who or what is it about?", .hint = "A name, a provider or an order reference"),
    FIELD(struct concern_form, concern, .kind = FORM_TEXTAREA, .label = "What worries you?",
          .missing = "Tell us what worries you"),
};
static const struct form_spec concern_spec = FORM_SPEC(struct concern_form, concern_fields);

static void worried_render(struct request *req, const struct db_unit *u)
{
    (void)u;
    request_page(req, 200, "I am worried about someone", tmpl_site_worried, .phone = phone_of(req),
                 .form = request_form_again(req, &concern_spec), .is_signed_in = req->who.hat != HAT_NONE);
}

static void concern_plan(struct request *req, struct db_unit *u)
{
    const struct concern_form *in = req->input;
    struct buf b = {0};
    buf_adds(&b, "{\"about\":");
    json_write_text(&b, in->about);
    buf_adds(&b, ",\"concern\":");
    json_write_text(&b, in->concern);
    buf_addc(&b, '}');
    sql_concern_raise_add(
        u, &(struct sql_concern_raise_params){.key = req->key, .request = str_dup(req->arena, buf_str(&b))});
    buf_finish(&b);
}

static void concern_render(struct request *req, const struct db_unit *u)
{
    struct sql_concern_raise_row row;
    sql_concern_raise_one(u, req->first_step, &row);
    request_see_other(req, "/worried/sent/%s", row.ref);
}

/* Only the reference: what was told is for the safeguarding lead alone. */
static void concern_sent_render(struct request *req, const struct db_unit *u)
{
    (void)u;
    const char *ref = id_ref_read(req->arena, str_of(request_arg(req, "ref")));
    if (ref)
        request_page(req, 200, "Thank you for telling us", tmpl_site_worried_sent, .ref = ref, .phone = phone_of(req));
    else
        request_problem(req, ERR_NOT_FOUND);
}

static void concern_list_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    sql_concern_list_add(u, NULL);
}

static void concern_list_render(struct request *req, const struct db_unit *u)
{
    const struct sql_concern_list_row *rows;
    if (request_rows(req, u, req->first_step, "concerns"))
        return;
    size_t n = sql_concern_list_rows(u, req->first_step, &rows);
    request_page(req, 200, "Concerns", tmpl_site_concerns, .concerns = rows, .concerns_n = n);
}

const struct route site_routes[] = {
    ROUTE(HTTP_GET, "/help", HAT_ANYONE, NULL, NULL, help_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/contact", HAT_ANYONE, NULL, NULL, contact_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/accessibility", HAT_ANYONE, NULL, NULL, accessibility_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/cookies", HAT_ANYONE, NULL, NULL, cookies_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/privacy", HAT_ANYONE, NULL, NULL, privacy_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/licences", HAT_ANYONE, NULL, NULL, licences_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/worried", HAT_ANYONE, NULL, NULL, worried_render, 0, NULL, NULL),
    ROUTE(HTTP_POST, "/worried", HAT_SIGNED_IN, &concern_spec, concern_plan, concern_render, 0, NULL,
          worried_render),
    ROUTE(HTTP_GET, "/worried/sent/{ref}", HAT_SIGNED_IN, NULL, NULL, concern_sent_render, 0, NULL, NULL),
    ROUTE(HTTP_GET, "/council/concerns", HAT_SAFEGUARDING, NULL, concern_list_plan, concern_list_render, 0,
          NULL, NULL),
};
const size_t site_routes_n = sizeof site_routes / sizeof *site_routes;
