#include "payments/invoice/read_csv.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/civil.h"
#include "daemon/base/csv.h"
#include "payments/invoice/decimal.h"

enum { LINES_MAX = 10000, HEADING_MAX = 4096, GROUPS_MAX = 16 };

enum column { NUMBER, DATE, DUE, ORDER, ORDER_LINE, SERVICE, NAME, FROM, TO, QUANTITY, UNIT, PRICE, NET, CATEGORY, RATE, VAT_NUMBER, CLIENT, COLUMNS };

static const struct {
    const char *name;
    bool is_needed;
} columns[COLUMNS] = {
    [NUMBER] = {"invoice_no", true},     [DATE] = {"invoice_date", true},   [DUE] = {"due_date", false},      [ORDER] = {"order_no", true},
    [ORDER_LINE] = {"order_line", false}, [SERVICE] = {"service_code", false}, [NAME] = {"description", false}, [FROM] = {"period_start", false},
    [TO] = {"period_end", false},        [QUANTITY] = {"quantity", true},   [UNIT] = {"unit", true},          [PRICE] = {"unit_price", true},
    [NET] = {"net", true},               [CATEGORY] = {"vat_category", true}, [RATE] = {"vat_rate", false},   [VAT_NUMBER] = {"vat_number", false},
    [CLIENT] = {"client_ref", false},
};

/* One entry of the VAT breakdown as it grows. */
struct vat_group {
    const char *category, *rate;
    struct decimal net;
};

struct csv_invoice {
    struct arena *arena;
    struct invoice *inv;
    const struct str *cells; /* of the row */
    size_t cells_n, line;
    bool has_heading;
    int place[COLUMNS]; /* of each column in a row, -1: not in this file */
    size_t lines_room, *lines;
    struct vat_group *groups;
    size_t groups_n;
    struct err *e;
};

bool invoice_is_csv(struct str bytes)
{
    const char *newline = memchr(bytes.p, '\n', bytes.n < HEADING_MAX ? bytes.n : HEADING_MAX);
    size_t n = newline ? (size_t)(newline - bytes.p) : bytes.n;
    return n < HEADING_MAX && memmem(bytes.p, n, columns[NUMBER].name, strlen(columns[NUMBER].name)) && !memchr(bytes.p, '<', n);
}

/* ---- cells ---- */

static struct str cell(const struct csv_invoice *c, enum column column)
{
    int place = c->place[column];
    return place < 0 || (size_t)place >= c->cells_n ? (struct str){"", 0} : str_trim(c->cells[place]);
}

static struct value text(const struct csv_invoice *c, enum column column)
{
    struct str s = cell(c, column);
    return (struct value){s.n ? str_dup(c->arena, s) : NULL, NULL};
}

static bool refuse(const struct csv_invoice *c, enum column column, const char *what)
{
    struct str s = cell(c, column);
    return err_set(c->e, "line %zu: %s is \"%.*s\", which is no %s", c->line, columns[column].name, (int)(s.n < 40 ? s.n : 40), s.p, what);
}

static bool read_day(const struct csv_invoice *c, enum column column, struct value *ret)
{
    int32_t day;
    struct str s = cell(c, column);
    if (!s.n)
        return true;
    if (!civil_read(s, &day) && !civil_read_typed(s, &day))
        return refuse(c, column, "day such as 2026-05-03");
    *ret = (struct value){civil_iso(c->arena, day), NULL};
    return true;
}

static bool read_number(const struct csv_invoice *c, enum column column, struct value *ret_text, struct decimal *ret)
{
    if (!decimal_read(cell(c, column), ret))
        return refuse(c, column, "number such as 12.50");
    *ret_text = text(c, column);
    return true;
}

/* ---- the heading ---- */

static enum column column_of(struct str name)
{
    enum column i = 0;
    while (i < COLUMNS && !str_is(str_trim(name), columns[i].name))
        i++;
    return i;
}

static bool read_heading(struct csv_invoice *c)
{
    for (size_t i = 0; i < COLUMNS; i++)
        c->place[i] = -1;
    for (size_t i = 0; i < c->cells_n; i++) {
        enum column column = column_of(c->cells[i]);
        if (column == COLUMNS)
            return err_set(c->e, "the column \"%.*s\" is not known: leave it out", (int)(c->cells[i].n < 40 ? c->cells[i].n : 40), c->cells[i].p);
        if (c->place[column] >= 0)
            return err_set(c->e, "the column %s is there twice", columns[column].name);
        c->place[column] = (int)i;
    }
    for (size_t i = 0; i < COLUMNS; i++)
        if (columns[i].is_needed && c->place[i] < 0)
            return err_set(c->e, "the column %s is missing", columns[i].name);
    c->has_heading = true;
    return true;
}

/* ---- rows ---- */

/* What people write for the units of UN/ECE Recommendation 20; codes stay as they are. */
static const char *unit_code(const char *unit)
{
    static const struct {
        const char *word, *code;
    } words[] = {{"hour", "HUR"}, {"hours", "HUR"}, {"minute", "MIN"}, {"minutes", "MIN"}, {"day", "DAY"}, {"days", "DAY"}, {"week", "WEE"}, {"weeks", "WEE"},
                 {"mile", "SMI"}, {"miles", "SMI"}, {"item", "EA"},    {"items", "EA"},    {"session", "E48"}, {"night", "E48"}, {"trip", "E48"}, {"meal", "E48"}};
    for (size_t i = 0; unit && i < sizeof words / sizeof *words; i++)
        if (text_same_nocase(unit, words[i].word))
            return words[i].code;
    return unit;
}

static bool read_head(struct csv_invoice *c)
{
    struct invoice *inv = c->inv;
    struct value number = text(c, NUMBER);
    if (!number.text)
        return refuse(c, NUMBER, "invoice number");
    if (inv->number.text)
        return strcmp(inv->number.text, number.text) == 0 ||
               err_set(c->e, "line %zu: the file holds invoice %.40s and invoice %.40s: send one file for each", c->line, inv->number.text, number.text);
    inv->number = number;
    inv->order = text(c, ORDER);
    inv->seller.vat_id = text(c, VAT_NUMBER);
    return read_day(c, DATE, &inv->issue_date) && read_day(c, DUE, &inv->due_date);
}

static bool add_vat(struct csv_invoice *c, const struct invoice_line *line, struct decimal net)
{
    const char *category = line->vat_category.text ? line->vat_category.text : "", *rate = line->vat_rate.text ? line->vat_rate.text : "";
    size_t i = 0;
    while (i < c->groups_n && (strcmp(c->groups[i].category, category) != 0 || strcmp(c->groups[i].rate, rate) != 0))
        i++;
    if (i == c->groups_n) {
        if (i == GROUPS_MAX)
            return err_set(c->e, "line %zu: more than %d kinds of VAT", c->line, GROUPS_MAX);
        c->groups = arena_grow(c->arena, c->groups, i, i + 1, sizeof *c->groups);
        c->groups[c->groups_n++] = (struct vat_group){category, rate, DECIMAL_ZERO};
    }
    return decimal_add(c->groups[i].net, net, &c->groups[i].net) || refuse(c, NET, "amount that can be added up");
}

/* The order stands on every row, so that one invoice may bill several. */
static struct value order_line_of(const struct csv_invoice *c)
{
    struct value order = text(c, ORDER), line = text(c, ORDER_LINE);
    if (order.text && line.text)
        order.text = arena_printf(c->arena, "%s/%s", order.text, line.text);
    return order;
}

static bool read_line(struct csv_invoice *c, struct invoice_line *l)
{
    struct decimal quantity, price, net;
    if (!read_number(c, QUANTITY, &l->quantity, &quantity) || !read_number(c, PRICE, &l->price, &price) || !read_number(c, NET, &l->net, &net) ||
        !read_day(c, FROM, &l->period_start) || !read_day(c, TO, &l->period_end))
        return false;
    int64_t pence;
    if (!decimal_pence(net, &pence))
        return refuse(c, NET, "amount in pounds and pence");
    l->id.text = arena_printf(c->arena, "%zu", c->inv->lines.n);
    l->unit.text = unit_code(text(c, UNIT).text);
    l->order_line = order_line_of(c);
    l->seller_item = text(c, SERVICE);
    l->name = c->place[NAME] >= 0 ? text(c, NAME) : l->seller_item;
    l->vat_category = text(c, CATEGORY);
    l->vat_rate = text(c, RATE);
    if (l->vat_category.text && strcmp(l->vat_category.text, "O") == 0)
        l->vat_rate.text = NULL;
    else if (!l->vat_rate.text)
        l->vat_rate.text = "0";
    return add_vat(c, l, net);
}

static bool read_row(void *context, size_t line, const struct str *cells, size_t cells_n, struct err *e)
{
    struct csv_invoice *c = context;
    struct invoice *inv = c->inv;
    c->cells = cells, c->cells_n = cells_n, c->line = line, c->e = e;
    if (!c->has_heading)
        return read_heading(c);
    if (!read_head(c))
        return false;
    if (inv->lines.n == LINES_MAX)
        return err_set(e, "more than %d rows", LINES_MAX);
    if (inv->lines.n == c->lines_room) {
        c->lines_room = c->lines_room ? c->lines_room * 2 : 16;
        inv->lines.items = arena_grow(c->arena, inv->lines.items, inv->lines.n, c->lines_room, sizeof *inv->lines.items);
        c->lines = arena_grow(c->arena, c->lines, inv->lines.n, c->lines_room, sizeof *c->lines);
    }
    c->lines[inv->lines.n] = line;
    struct invoice_line *l = &inv->lines.items[inv->lines.n++];
    *l = (struct invoice_line){0};
    return read_line(c, l);
}

/* ---- what follows from the rows ---- */

/* Why care bears no VAT; the other categories without VAT are not met in care, and the rules ask for their reasons. */
static void give_reason(struct invoice_vat *v)
{
    bool is_exempt = strcmp(v->category.text, "E") == 0;
    if (!is_exempt && strcmp(v->category.text, "O") != 0)
        return;
    v->reason_code.text = is_exempt ? "VATEX-EU-132-1G" : "VATEX-EU-O";
    v->reason.text = is_exempt ? "Welfare services" : "Not subject to VAT";
}

static bool add_up(struct csv_invoice *c)
{
    struct arena *a = c->arena;
    struct invoice *inv = c->inv;
    struct decimal net = DECIMAL_ZERO, tax = DECIMAL_ZERO, gross;
    inv->vat.items = arena_array(a, c->groups_n, sizeof *inv->vat.items);
    for (size_t i = 0; i < c->groups_n; i++) {
        const struct vat_group *g = &c->groups[i];
        struct invoice_vat *v = &inv->vat.items[inv->vat.n++];
        struct decimal rate = DECIMAL_ZERO, part = DECIMAL_ZERO;
        if (*g->rate && !(decimal_read(str_of(g->rate), &rate) && decimal_mul(g->net, rate, &part) && decimal_div(part, decimal_of(100, 0), &part)))
            return err_set(c->e, "\"%.20s\" is no VAT rate such as 20", g->rate);
        part = decimal_round(part, 2);
        *v = (struct invoice_vat){.taxable.text = decimal_text(a, g->net, 2), .tax.text = decimal_text(a, part, 2), .category.text = g->category,
                                  .rate.text = *g->rate ? g->rate : NULL};
        give_reason(v);
        if (!decimal_add(net, g->net, &net) || !decimal_add(tax, part, &tax))
            return err_set(c->e, "the amounts cannot be added up");
    }
    if (!decimal_add(net, tax, &gross))
        return err_set(c->e, "the amounts cannot be added up");
    inv->line_total.text = inv->total_without_vat.text = decimal_text(a, net, 2);
    inv->vat_total.text = decimal_text(a, tax, 2);
    inv->total_with_vat.text = inv->due.text = decimal_text(a, gross, 2);
    return true;
}

/* Rows name no parties: the account that sent the file is who bills, and its council is billed. For the rules both stand by their parts. */
static void stand_in(struct invoice *inv)
{
    inv->seller.ids.n = 1;
    inv->seller.ids.items[0].id.text = inv->seller.name.text = "The account that sent the file";
    inv->buyer.name.text = "The council that received it";
    inv->seller.address.country.text = inv->buyer.address.country.text = "GB";
}

struct invoice *invoice_read_csv(struct arena *a, struct str bytes, const size_t **ret_lines, struct err *e)
{
    struct invoice *inv = arena_alloc(a, sizeof *inv);
    struct csv_invoice c = {.arena = a, .inv = inv, .e = e};
    inv->syntax = SYNTAX_UBL_INVOICE;
    inv->specification.text = "urn:cen.eu:en16931:2017";
    inv->type.text = "380";
    inv->currency.text = "GBP";
    inv->seller.ids.items = arena_array(a, 1, sizeof *inv->seller.ids.items);
    stand_in(inv);
    if (!csv_read(bytes, read_row, &c, e) || !add_up(&c))
        return NULL;
    *ret_lines = c.lines;
    return inv;
}
