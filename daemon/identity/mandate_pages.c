/* People I help, people who help me, and letting somebody help. */
#include <string.h>

#include "daemon/base/civil.h"
#include "daemon/base/json.h"
#include "daemon/identity/mandate_pages.h"
#include "daemon/identity/sign_in_pages.h"
#include "sql/identity.h"
#include "tmpl/identity.h"

struct helper_form {
    const char *email, *rights;
    int64_t ceiling_order, ceiling_month;
    int32_t ends_on;
};

static const struct form_choice right_choices[] = {
    {"see", "See my money and my orders", NULL},
    {"order", "Ask for services", "Only up to the amounts below"},
    {"decide", "Decide: say whether a visit came", NULL},
    {"rate", "Write reviews", "Everybody reads that somebody wrote them for me"},
    {NULL, NULL, NULL},
};

static const struct form_field helper_fields[] = {
    FIELD(struct helper_form, email, .kind = FORM_EMAIL, .label = "Their email address", .missing = "Enter their email address"),
    FIELD(struct helper_form, rights, .kind = FORM_CHECKS, .label = "What may they do?", .hint = "Choose all that you want",
          .missing = "Choose at least one thing they may do", .choices = right_choices),
    FIELD(struct helper_form, ceiling_order, .kind = FORM_MONEY, .optional = true, .label = "Most money for one order", .min = 100, .max = 10000000,
          .invalid = "The amount must be between £1 and £100,000"),
    FIELD(struct helper_form, ceiling_month, .kind = FORM_MONEY, .optional = true, .label = "Most money in a month", .min = 100, .max = 10000000,
          .invalid = "The amount must be between £1 and £100,000"),
    FIELD(struct helper_form, ends_on, .kind = FORM_DATE, .optional = true, .label = "Until when?", .hint = "For example, 27 3 2027"),
};
const struct form_spec helper_spec = FORM_SPEC(struct helper_form, helper_fields);

void people_plan(struct request *req, struct db_unit *u)
{
    sql_people_i_help_add(u, &(struct sql_people_i_help_params){.page = req->page});
}

void people_render(struct request *req, const struct db_unit *u)
{
    const struct sql_people_i_help_row *rows;
    if (request_rows(req, u, req->first_step, "people-i-help"))
        return;
    size_t n = sql_people_i_help_rows(u, req->first_step, &rows);
    request_page(req, 200, "People I help", tmpl_identity_people, .people = rows, .people_n = n,
                 .prev = request_prev_page(req), .next = request_next_page(req, u, req->first_step));
}

void helpers_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    sql_helper_list_add(u, NULL);
    sql_look_list_add(u, NULL);
}

void helpers_render(struct request *req, const struct db_unit *u)
{
    const struct sql_helper_list_row *helpers;
    const struct sql_look_list_row *looks;
    if (request_rows(req, u, req->first_step, "people-who-help-me"))
        return;
    size_t helpers_n = sql_helper_list_rows(u, req->first_step, &helpers);
    size_t looks_n = sql_look_list_rows(u, req->first_step + 1, &looks);
    request_page(req, 200, "People who help me", tmpl_identity_helpers, .helpers = helpers, .helpers_n = helpers_n, .looks = looks, .looks_n = looks_n,
                 .stop = request_form(req, &sign_in_empty_spec));
}

void helper_add_render(struct request *req, const struct db_unit *u)
{
    (void)u;
    request_page(req, 200, "Let somebody help", tmpl_identity_helper_add, .form = request_form_again(req, &helper_spec));
}

static void add_rights(struct buf *b, const char *rights)
{
    struct str rest = str_of(rights), right;
    bool is_first = true, has_see = false;
    while (str_cut(&rest, ' ', &right)) {
        buf_adds(b, is_first ? "" : ",");
        json_write_str(b, right);
        has_see = has_see || str_is(right, "see");
        is_first = false;
    }
    /* Whoever may do anything has to see what it is about. */
    if (!has_see)
        buf_adds(b, ",\"see\"");
}

void mandate_give_plan(struct request *req, struct db_unit *u)
{
    const struct helper_form *in = req->input;
    struct buf b = {0};
    buf_adds(&b, "{\"email\":");
    json_write_text(&b, in->email);
    buf_adds(&b, ",\"rights\":[");
    add_rights(&b, in->rights);
    buf_addc(&b, ']');
    if (in->ceiling_order)
        buf_addf(&b, ",\"ceiling_order\":%lld", (long long)in->ceiling_order);
    if (in->ceiling_month)
        buf_addf(&b, ",\"ceiling_month\":%lld", (long long)in->ceiling_month);
    if (in->ends_on && in->ends_on != CIVIL_NONE)
        buf_addf(&b, ",\"ends_on\":\"%s\"", civil_iso(req->arena, in->ends_on));
    buf_addc(&b, '}');
    sql_mandate_give_add(u, &(struct sql_mandate_give_params){.key = req->key, .request = str_dup(req->arena, buf_str(&b))});
    buf_finish(&b);
}

void mandate_give_render(struct request *req, const struct db_unit *u)
{
    struct sql_mandate_give_row row;
    sql_mandate_give_one(u, req->first_step, &row);
    if (strcmp(row.outcome, "too_many") == 0) {
        request_problem(req, ERR_TOO_MANY);
        return;
    }
    if (strcmp(row.outcome, "no_account") == 0) {
        form_error(req->form, "email", "Nobody with this email address has an account yet. Ask them to get one, then try again");
        helper_add_render(req, u);
        return;
    }
    if (strcmp(row.outcome, "ends_far") == 0) {
        form_error(req->form, "ends_on", "The last day must be within ten years. Leave it empty if they may help until you stop them");
        helper_add_render(req, u);
        return;
    }
    if (strcmp(row.outcome, "ends_before") == 0) {
        form_error(req->form, "ends_on", "The last day must be today or later");
        helper_add_render(req, u);
        return;
    }
    request_see_other(req, "/helpers");
}

void mandate_revoke_plan(struct request *req, struct db_unit *u)
{
    sql_mandate_revoke_add(u, &(struct sql_mandate_revoke_params){.key = req->key, .ref = request_arg(req, "mandate")});
}

void mandate_revoke_render(struct request *req, const struct db_unit *u)
{
    (void)u;
    request_see_other(req, "/helpers");
}
