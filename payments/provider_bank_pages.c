/* The provider's bank details: the verified ones, masked, and a change that a second person checks. */
#include <string.h>

#include "daemon/base/json.h"
#include "payments/bank/modulus.h"
#include "payments/provider_pages.h"
#include "sql/payments.h"
#include "tmpl/payments.h"

struct bank_form {
    const char *account_name, *sort_code, *account_number, *vat_profile, *vat_number;
};
static const struct form_choice vat_choices[] = {
    {"not_registered", "Not registered for VAT", "Most micro-enterprises"},
    {"exempt", "Registered or not, but what we do is exempt welfare", "Most charities and registered care providers"},
    {"standard", "Registered: our prices contain 20% VAT", NULL},
    {"mixed", "Registered: some of what we do is exempt", NULL},
    {NULL, NULL, NULL},
};
static const struct form_field bank_fields[] = {
    FIELD(struct bank_form, account_name, .kind = FORM_TEXT, .max = 70, .label = "Name on the account", .missing = "Enter the name on the account"),
    FIELD(struct bank_form, sort_code, .kind = FORM_TEXT, .max = 10, .label = "Sort code", .hint = "6 digits, like 40-00-01", .missing = "Enter the sort code",
          .width = 10),
    FIELD(struct bank_form, account_number, .kind = FORM_TEXT, .max = 10, .label = "Account number", .hint = "8 digits", .missing = "Enter the account number",
          .width = 10),
    FIELD(struct bank_form, vat_profile, .kind = FORM_RADIOS, .label = "VAT", .missing = "Choose how you stand with VAT", .choices = vat_choices),
    FIELD(struct bank_form, vat_number, .kind = FORM_TEXT, .optional = true, .max = 20, .label = "VAT number",
          .hint = "If you are registered. For example, GB 123 4567 89", .width = 20),
};
const struct form_spec provider_bank_spec = FORM_SPEC(struct bank_form, bank_fields);

void provider_bank_plan(struct request *req, struct db_unit *u)
{
    (void)req;
    sql_provider_account_list_add(u, NULL);
}

void provider_bank_render(struct request *req, const struct db_unit *u)
{
    const struct sql_provider_account_list_row *rows;
    size_t n = sql_provider_account_list_rows(u, req->first_step, &rows);
    struct form *f = request_form_again(req, &provider_bank_spec);
    request_page(req, form_is_valid(f) ? 200 : 422, "Bank details", tmpl_payments_provider_bank, .accounts = rows, .accounts_n = n,
                 .hindrance = n ? rows[0].hindrance : NULL, .f = f);
}

/* Exactly n digits; spaces and hyphens between them do not matter. */
static bool has_digits(const char *s, size_t n)
{
    size_t digits = 0;
    for (; *s; s++) {
        if (!text_is_digit(*s) && *s != ' ' && *s != '-')
            return false;
        digits += text_is_digit(*s);
    }
    return digits == n;
}

static const char *digits_of(struct arena *a, const char *s)
{
    char *out = arena_strdup(a, s), *to = out;
    for (; *s; s++)
        if (text_is_digit(*s))
            *to++ = *s;
    *to = '\0';
    return out;
}

static enum modulus_answer account_check(const struct request *req, const struct bank_form *in)
{
    const struct modulus_table *t = request_modulus(req);
    return t ? modulus_check(t, in->sort_code, in->account_number) : MODULUS_UNCHECKED;
}

static const char *bank_request(struct request *req)
{
    const struct bank_form *in = req->input;
    struct buf b = {0};
    buf_adds(&b, "{\"account_name\":");
    json_write_text(&b, in->account_name);
    buf_addf(&b, ",\"sort_code\":\"%s\",\"account_number\":\"%s\",\"vat_profile\":\"%s\",\"account_check\":\"%s\"", digits_of(req->arena, in->sort_code),
             digits_of(req->arena, in->account_number), in->vat_profile, account_check(req, in) == MODULUS_VALID ? "passed" : "unchecked");
    if (!text_is_empty(in->vat_number)) {
        buf_adds(&b, ",\"vat_number\":");
        json_write_text(&b, in->vat_number);
    }
    buf_addc(&b, '}');
    const char *text = str_dup(req->arena, buf_str(&b));
    buf_finish(&b);
    return text;
}

/* 9 digits, or 12 of a branch or group, with or without the GB in front that invoices need. */
static bool is_vat_number(const char *s)
{
    const char *digits = s[0] && text_lower(s[0]) == 'g' && text_lower(s[1]) == 'b' ? s + 2 : s;
    return has_digits(digits, 9) || has_digits(digits, 12);
}

static void check(struct request *req, struct form *f, const struct bank_form *in)
{
    bool is_registered = strcmp(in->vat_profile, "standard") == 0 || strcmp(in->vat_profile, "mixed") == 0;
    if (!has_digits(in->sort_code, 6))
        form_error(f, "sort_code", "The sort code must have 6 digits");
    if (!has_digits(in->account_number, 8))
        form_error(f, "account_number", "The account number must have 8 digits");
    else if (has_digits(in->sort_code, 6) && account_check(req, in) == MODULUS_INVALID)
        form_error(f, "account_number", "No account at this sort code has this number. Check both against a bank card or statement");
    if (is_registered && text_is_empty(in->vat_number))
        form_error(f, "vat_number", "Enter the VAT number");
    else if (!text_is_empty(in->vat_number) && !is_vat_number(in->vat_number))
        form_error(f, "vat_number", "Enter the VAT number with all its 9 digits, like GB 123 4567 89");
}

void provider_bank_enter_plan(struct request *req, struct db_unit *u)
{
    check(req, req->form, req->input);
    provider_bank_plan(req, u);
    if (form_is_valid(req->form))
        sql_provider_bank_enter_add(u, &(struct sql_provider_bank_enter_params){.key = req->key, .request = bank_request(req)});
}

void provider_bank_enter_render(struct request *req, const struct db_unit *u)
{
    if (form_is_valid(req->form))
        request_see_other(req, "/provider/bank");
    else
        provider_bank_render(req, u);
}
