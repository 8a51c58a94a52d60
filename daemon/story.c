#include "daemon/story.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "daemon/base/civil.h"
#include "daemon/base/money.h"
#include "daemon/story_tale.h"

/* ---- saying and reading ---- */

void tale_say(struct tale *t, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    printf("   %s\n", arena_vprintf(t->arena, fmt, ap));
    va_end(ap);
    fflush(stdout);
}

bool tale_expect(struct tale *t, const char *words)
{
    if (story_status(t->client) < 400 && strstr(story_words(t->client), words))
        return true;
    return err_set(&t->error, "%s (%ld) does not say \"%s\". It says: %.200s", story_path(t->client), story_status(t->client), words, story_words(t->client));
}

bool tale_money(struct tale *t, const char *before, int64_t *ret_pence)
{
    const char *at = strstr(story_words(t->client), before);
    if (!at)
        return err_set(&t->error, "%s does not say \"%s …\"", story_path(t->client), before);
    at += strlen(before);
    size_t n = strcspn(at, "0123456789");
    n += strspn(at + n, "0123456789,");
    n += at[n] == '.' ? 1 + strspn(at + n + 1, "0123456789") : 0;
    return money_read(str_trim((struct str){at, n}), ret_pence) || err_set(&t->error, "\"%s\" is followed by no amount but by %.20s", before, at);
}

bool tale_sign_in(struct tale *t, const char *name)
{
    return story_get(t->client, "/sign-in", &t->error) && story_press(t->client, "/demo/sign-in/", name, NULL, &t->error);
}

bool tale_open(struct tale *t, const char *link)
{
    const char *href = story_link(t->client, link);
    if (!href)
        return err_set(&t->error, "%s has no link \"%s\"", story_path(t->client), link);
    return story_get(t->client, href, &t->error);
}

/* Between 01:00 UTC on the last Sunday of March and that of October the day in England is the day an hour later. */
static int32_t england_today(void)
{
    time_t now = time(NULL);
    int32_t day = (int32_t)(now / 86400);
    struct civil c = civil_of(day);
    int32_t from = civil_day((struct civil){c.year, 3, 31}), until = civil_day((struct civil){c.year, 10, 31});
    from -= (civil_weekday(from) + 1) % 7;
    until -= (civil_weekday(until) + 1) % 7;
    time_t begins = (time_t)from * 86400 + 3600, ends = (time_t)until * 86400 + 3600;
    return (int32_t)((now + (now >= begins && now < ends ? 3600 : 0)) / 86400);
}

/* ---- asking ---- */

#define LISTING "Personal care at home"

static bool open_listing(struct tale *t, const char *base, const char *title)
{
    char *query = str_dup(t->arena, str_of(title));
    for (char *p = query; *p; p++)
        if (*p == ' ')
            *p = '+';
    return story_get(t->client, arena_printf(t->arena, "%s/services?q=%s", base, query), &t->error) && tale_open(t, title);
}

static bool money_left(struct tale *t, const char *base, int64_t *ret_pence)
{
    return story_get(t->client, arena_printf(t->arena, "%s/money", base), &t->error) && tale_money(t, "There is ", ret_pence);
}

/* The value of the choice with these words, of the page's select. */
static const char *choice(struct tale *t, const char *words)
{
    struct str page = story_body(t->client);
    const char *at = memmem(page.p, page.n, words, strlen(words));
    while (at && at > page.p && strncmp(at, "value=\"", 7) != 0)
        at--;
    return at && at > page.p ? arena_strndup(t->arena, at + 7, strcspn(at + 7, "\"")) : "";
}

/* From the page of a listing to the page that says what it costs. */
static bool ask_cost(struct tale *t, const char *length, const char *weeks, const char *outcome)
{
    if (!tale_open(t, "Ask for this service"))
        return false;
    struct civil d = civil_of(t->today);
    struct story_field fields[] = {
        {"minutes", length},
        {"weekdays", arena_printf(t->arena, "%d", civil_weekday(t->today) + 1)},
        {"starts_on", arena_printf(t->arena, "%d %d %d", d.day, d.month, d.year)},
        {"weeks", weeks},
        {"outcome", choice(t, outcome)},
        {NULL, NULL},
    };
    return story_press(t->client, "/check", NULL, fields, &t->error);
}

static bool send_request(struct tale *t, const char **ret_order)
{
    if (!story_press(t->client, "/ask/", "Ask for this service", NULL, &t->error) || !tale_expect(t, "You have asked for"))
        return false;
    const char *at = strstr(story_path(t->client), "/orders/");
    if (!at)
        return err_set(&t->error, "the request led to %s, not to an order", story_path(t->client));
    *ret_order = arena_strndup(t->arena, at + 8, 9);
    return true;
}

static bool visitor_looks(struct tale *t)
{
    if (!story_get(t->client, "/services?q=personal+care&near=EM1+2AB", &t->error) || !tale_open(t, LISTING) || !tale_money(t, "Price ", &t->public_price))
        return false;
    tale_say(t, "Somebody who is not signed in looks for personal care near EM1 2AB.");
    tale_say(t, "They find \"%s\" at %s an hour, the price for everybody.", LISTING, money_text(t->arena, t->public_price));
    return true;
}

static bool holder_asks(struct tale *t)
{
    int64_t left, total, after;
    if (!tale_sign_in(t, "Amina Yusuf") || !money_left(t, "", &left))
        return false;
    tale_say(t, "Amina has %s left of her budget.", money_text(t->arena, left));
    if (!open_listing(t, "", LISTING) || !tale_expect(t, "your council’s price") || !tale_money(t, "Price ", &t->agreed_price))
        return false;
    int64_t price = t->agreed_price;
    if (price >= t->public_price)
        return err_set(&t->error, "Amina should see the agreed price, and sees %s", money_text(t->arena, price));
    tale_say(t, "She finds the same service, for her at %s an hour: her council agreed that price.", money_text(t->arena, price));
    if (!ask_cost(t, "2 hours", "6", "Keep my home the way I like it") || !tale_money(t, "Cost ", &total) || !send_request(t, &t->order))
        return false;
    tale_say(t, "She asks for two hours a week for six weeks. %s is set aside; the reference is %s.", money_text(t->arena, total), t->order);
    if (!money_left(t, "", &after))
        return false;
    if (total != 12 * price || left - after != total)
        return err_set(&t->error, "twelve hours at %lld are not %lld, or %lld less %lld is not it", (long long)price, (long long)total, (long long)left, (long long)after);
    tale_say(t, "Now %s is left.", money_text(t->arena, after));
    return true;
}

static bool too_little(struct tale *t)
{
    int64_t missing;
    if (!open_listing(t, "", LISTING) || !ask_cost(t, "40 hours", "30", "See friends every week") || !tale_expect(t, "This cannot be asked for yet") ||
        !tale_money(t, "not enough money: it is ", &missing) || !tale_expect(t, "instead"))
        return false;
    const char *step = strstr(story_words(t->client), "Ask for ");
    tale_say(t, "She tries forty hours a week for thirty weeks. That is %s more than there is, so nothing is set aside,", money_text(t->arena, missing));
    tale_say(t, "and the page says what would fit: \"%.*s\".", step ? (int)strcspn(step, ":.,") : 0, step ? step : "");
    return true;
}

static bool broker_asks(struct tale *t)
{
    if (!tale_sign_in(t, "Nadia Rahman") || !tale_open(t, "Tom Ashdown"))
        return false;
    const char *path = story_path(t->client);
    const char *base = arena_strndup(t->arena, path, strcspn(path + 5, "/?") + 5);
    if (!open_listing(t, base, "Walking company") || !ask_cost(t, "1 hour", "2", "Get out of the house") || !send_request(t, &t->walk))
        return false;
    struct str page = story_body(t->client);
    if (!memmem(page.p, page.n, "You are acting for", 18))
        return err_set(&t->error, "the page does not say for whom Nadia acts");
    t->tom = base;
    tale_say(t, "Nadia, a broker, asks for walking company for Tom. Every page says that she acts for him, and his consent sets the limits.");
    return true;
}

/* ---- the whole ---- */

static const struct {
    const char *title;
    bool (*tell)(struct tale *t);
} steps[] = {
    {"A visitor looks around", visitor_looks},
    {"Amina asks for help at home", holder_asks},
    {"Too little money", too_little},
    {"A broker asks for somebody", broker_asks},
    {"The providers answer", tale_providers_accept},
    {"The visits happen", tale_visits_happen},
    {"The invoices come in", tale_invoices_arrive},
    {"Two officers pay", tale_officers_pay},
    {"The bank says so", tale_bank_answers},
    {"The auditor follows a pound", tale_auditor_follows},
};

int story_tell(const char *base_url)
{
    struct arena *a = arena_create((size_t)256 << 20);
    struct tale t = {.arena = a, .client = story_client_create(a, base_url), .today = england_today()};
    size_t n = sizeof steps / sizeof *steps, i = 0;
    for (; i < n; i++) {
        printf("%zu. %s\n", i + 1, steps[i].title);
        if (!steps[i].tell(&t))
            break;
    }
    if (i == n)
        puts("Every step held.");
    else
        fprintf(stderr, "The story stops here, at step %zu (%s): %s\n", i + 1, steps[i].title, t.error.text);
    arena_destroy(&a);
    return i == n ? 0 : 1;
}
