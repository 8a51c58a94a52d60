/*
 * CSV statements: rows read by libcsv, columns by the layout that the header line or the names in it tell (csv_layouts.c). Where a file has running balances they are
 * checked from row to row, newest first or oldest first, and give the opening and closing balance.
 */
#include <stdio.h>
#include <string.h>

#include <csv.h>

#include "payments/bank/csv_layouts.h"
#include "payments/bank/statement.h"

enum { CELLS_MAX = CSV_COLUMNS_MAX, CELL_BYTES = 8 * 1024, ROW_BYTES = 32 * 1024, PREAMBLE_ROWS = 8 };

struct bank_csv {
    struct bank_writer *writer;
    struct arena *statement_arena, *row_arena;
    struct csv_parser parser;
    bool parser_ready, has_delimiter, failed, begins_with_day;
    struct err why;
    size_t row /* being read */, cells, row_bytes, cell_bytes, preamble;
    const char *cell[CELLS_MAX];
    const struct csv_layout *layout;
    struct csv_layout by_names;
    char columns[CELLS_MAX + 1], currency[4] /* of the amounts, when rows do not say */;
    struct bank_statement statement;
    bool in_statement, has_balances, newest_first, oldest_first, has_out;
    size_t rows;
    struct bank_amount first_amount, last_amount, first_balance, last_balance;
    int32_t first_date, last_date;
};

static void refuse(struct bank_csv *c, const char *what, const char *text)
{
    if (!c->failed)
        err_set(&c->why, "row %zu: %s%s%.60s%s", c->row, what, text ? " \"" : "", text ? text : "", text ? "\"" : "");
    c->failed = true;
}

/* dd/mm/yyyy, yyyy-mm-dd, yyyy/mm/dd, dd mmm yyyy, ddmmmyyyy, yyyymmdd, each perhaps followed by a time; two-digit years are those of this century. */
static bool read_date(const char *cell, int32_t *ret_day)
{
    struct str s = str_trim(str_of(cell));
    const char *time = s.n > 10 ? memchr(s.p + 10, ' ', s.n - 10) : NULL;
    if (time && memchr(time, ':', s.n - (size_t)(time - s.p)))
        s.n = (size_t)(time - s.p);
    if (s.n > 10 && s.p[10] == 'T')
        s.n = 10;
    char text[24];
    if (s.n == 8 && strspn(s.p, "0123456789") >= 8) {
        snprintf(text, sizeof text, "%.4s-%.2s-%.2s", s.p, s.p + 4, s.p + 6);
        return civil_read(str_of(text), ret_day);
    }
    if (s.n == 10 && s.p[4] == '/' && s.p[7] == '/') {
        snprintf(text, sizeof text, "%.4s-%.2s-%.2s", s.p, s.p + 5, s.p + 8);
        return civil_read(str_of(text), ret_day);
    }
    if (s.n == 8 && s.p[2] == s.p[5] && (s.p[2] == '/' || s.p[2] == '.')) {
        snprintf(text, sizeof text, "%.6s20%.2s", s.p, s.p + 6);
        return civil_read_typed(str_of(text), ret_day);
    }
    if (s.n == 9 && s.p[2] == s.p[6] && (s.p[2] == ' ' || s.p[2] == '-')) {
        snprintf(text, sizeof text, "%.7s20%.2s", s.p, s.p + 7);
        return civil_read_typed(str_of(text), ret_day);
    }
    if ((s.n == 7 || s.n == 9) && text_is_alpha(s.p[2]) && text_is_alpha(s.p[4])) {
        snprintf(text, sizeof text, "%.2s %.3s %s%.*s", s.p, s.p + 2, s.n == 7 ? "20" : "", (int)s.n - 5, s.p + 5);
        return civil_read_typed(str_of(text), ret_day);
    }
    return civil_read_typed(s, ret_day);
}

/* ---- the header ---- */

static bool cell_is(const char *cell, struct str name)
{
    struct str s = str_trim(str_of(cell));
    if (s.n != name.n)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (text_lower(s.p[i]) != text_lower(name.p[i]))
            return false;
    return true;
}

/* Empty cells behind the last column do not count: some banks end every line with a comma. */
static bool header_is(const struct bank_csv *c, const struct csv_layout *l)
{
    struct str rest = str_of(l->header), name;
    size_t i = 0;
    while (str_cut(&rest, ',', &name))
        if (i >= c->cells || !cell_is(c->cell[i++], name))
            return false;
    for (; i < c->cells; i++)
        if (str_trim(str_of(c->cell[i])).n)
            return false;
    return true;
}

static void unknown_header(struct bank_csv *c)
{
    if (c->begins_with_day) {
        err_set(&c->why, "the file has no header line, and without one nothing tells money in from money out: download it with one, or as camt.053 or MT940");
        c->failed = true;
        return;
    }
    char text[sizeof c->why.text];
    size_t n = (size_t)snprintf(text, sizeof text, "no known bank has this header line, and the names of its columns do not tell: needed are a date, and money in and out apart or "
                                                   "an amount beside a balance or a mark (DR, CR); known are");
    for (size_t i = 0; i < csv_layouts_n && n + strlen(csv_layouts[i].name) + sizeof "; " <= sizeof text; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s %s", i ? ";" : "", csv_layouts[i].name);
    err_set(&c->why, "%s", text);
    c->failed = true;
}

/* Pounds, unless the name of an amount says otherwise: "Amount (EUR)". */
static void currency_of_header(struct bank_csv *c)
{
    snprintf(c->currency, sizeof c->currency, "GBP");
    for (size_t i = 0; i < c->cells && c->layout->columns[i]; i++) {
        const char *at = strchr("AOIB", c->layout->columns[i]) ? strchr(c->cell[i], '(') : NULL;
        if (at && strspn(at + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3 && at[4] == ')')
            snprintf(c->currency, sizeof c->currency, "%.3s", at + 1);
    }
}

static void take_header(struct bank_csv *c)
{
    int32_t day;
    c->begins_with_day |= c->preamble == 0 && read_date(c->cell[0], &day);
    for (size_t i = 0; i < csv_layouts_n && !c->layout; i++)
        if (header_is(c, &csv_layouts[i]))
            c->layout = &csv_layouts[i];
    if (!c->layout && csv_layout_by_names(c->cell, c->cells, c->columns)) {
        c->by_names.columns = c->columns;
        c->layout = &c->by_names;
    }
    if (c->layout) {
        currency_of_header(c);
        bank_writer_format(c->writer, "csv");
    } else if (++c->preamble > PREAMBLE_ROWS) {
        unknown_header(c);
    }
}

/* ---- cells ---- */

static const char *cell_of(const struct bank_csv *c, char column)
{
    const char *at = strchr(c->layout->columns, column);
    size_t i = at ? (size_t)(at - c->layout->columns) : CELLS_MAX;
    return i < c->cells ? c->cell[i] : "";
}

static bool side_of(const char *mark, bool *ret_debit)
{
    *ret_debit = text_same_nocase(mark, "DR") || text_same_nocase(mark, "D") || text_same_nocase(mark, "DEBIT") || text_same_nocase(mark, "DBIT");
    return *ret_debit || text_same_nocase(mark, "CR") || text_same_nocase(mark, "C") || text_same_nocase(mark, "CREDIT") || text_same_nocase(mark, "CRDT");
}

static void negate(struct bank_amount *a)
{
    char digits[sizeof a->text];
    snprintf(digits, sizeof digits, "%s", a->negative ? a->text + 1 : a->text);
    bank_amount_read(str_of(digits), !a->negative, a);
}

/* Two columns: exactly one of them holds an amount; the other is empty or nought. */
static bool two_columns(const struct bank_csv *c, struct bank_amount *ret)
{
    struct bank_amount out = {0}, in = {0};
    struct str out_cell = str_trim(str_of(cell_of(c, 'O'))), in_cell = str_trim(str_of(cell_of(c, 'I')));
    if ((out_cell.n && !bank_amount_read_cell(out_cell, &out)) || (in_cell.n && !bank_amount_read_cell(in_cell, &in)))
        return false;
    if (out.units != 0 && in.units != 0)
        return false;
    *ret = out.units != 0 || (out.present && !in.present) ? out : in;
    if (out.present && ret->units == out.units && out.units > 0)
        negate(ret);
    return ret->present;
}

static bool read_amount(struct bank_csv *c, struct bank_amount *ret)
{
    if (strchr(c->layout->columns, 'O'))
        return two_columns(c, ret);
    if (!bank_amount_read_cell(str_of(cell_of(c, 'A')), ret))
        return false;
    if (!strchr(c->layout->columns, 'X'))
        return true;
    bool debit;
    if (!side_of(cell_of(c, 'X'), &debit) || ret->negative)
        return false;
    if (debit)
        negate(ret);
    return true;
}

/* Sort code and account without hyphens, spaces or the apostrophe that keeps spreadsheets from eating zeros. */
static const char *account_of(struct bank_csv *c)
{
    struct buf b = {0};
    const char *const parts[] = {cell_of(c, 'S'), cell_of(c, 'C')};
    for (size_t i = 0; i < 2; i++)
        for (const char *p = parts[i]; *p; p++)
            if (*p != '\'' && *p != ' ' && *p != '-')
                buf_addc(&b, *p);
    const char *account = b.n ? str_dup(c->row_arena, buf_str(&b)) : NULL;
    buf_finish(&b);
    return account;
}

/* ---- statements ---- */

static bool has_column(const struct bank_csv *c, char column)
{
    return strchr(c->layout->columns, column) != NULL;
}

static void balance_of(struct bank_balance *b, __int128 units, int32_t date)
{
    if (units >= INT64_MIN && units <= INT64_MAX && bank_amount_of_units((int64_t)units, &b->amount))
        b->date = date;
}

static void end_statement(struct bank_csv *c)
{
    if (!c->in_statement)
        return;
    enum bank_verdict verdict = BANK_UNDECIDED;
    /* Outgoing amounts without a sign would follow one another in the other direction too: then days decide, and where no list says how the bank writes, a person. */
    c->oldest_first &= c->first_date <= c->last_date;
    c->newest_first &= c->first_date >= c->last_date && (c->has_out || c->layout != &c->by_names || c->first_date > c->last_date);
    if (c->has_balances && c->rows && (c->oldest_first || c->newest_first)) {
        bool down = !c->oldest_first;
        const struct bank_amount *oldest = down ? &c->last_amount : &c->first_amount;
        const struct bank_amount *before = down ? &c->last_balance : &c->first_balance, *after = down ? &c->first_balance : &c->last_balance;
        balance_of(&c->statement.opening, (__int128)before->units - oldest->units, down ? c->last_date : c->first_date);
        balance_of(&c->statement.closing, after->units, down ? c->first_date : c->last_date);
        verdict = c->rows > 1 ? BANK_BALANCES : BANK_UNDECIDED;
    } else if (c->has_balances && c->rows) {
        verdict = BANK_DIFFERS;
    }
    bank_writer_end(c->writer, &c->statement, &verdict);
    arena_destroy(&c->statement_arena);
    c->in_statement = false;
}

static void begin_statement(struct bank_csv *c, const char *account, const char *currency)
{
    c->in_statement = true;
    c->statement_arena = arena_create(0);
    c->statement = (struct bank_statement){.opening.date = CIVIL_NONE, .closing.date = CIVIL_NONE};
    c->statement.account = account ? arena_strdup(c->statement_arena, account) : NULL;
    c->statement.currency = arena_strdup(c->statement_arena, text_is_empty(currency) ? c->currency : currency);
    c->has_balances = has_column(c, 'B');
    c->newest_first = c->oldest_first = true;
    c->has_out = false;
    c->rows = 0;
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void follow_balance(struct bank_csv *c, const struct bank_entry *x)
{
    struct bank_amount balance;
    if (!c->has_balances)
        return;
    if (!bank_amount_read_cell(str_of(cell_of(c, 'B')), &balance)) {
        c->has_balances = false; /* a bank that shows the balance once a day: nothing to follow */
        return;
    }
    if (!c->rows) {
        c->first_amount = x->amount;
        c->first_balance = balance;
        c->first_date = x->booked;
    } else {
        c->oldest_first &= (__int128)c->last_balance.units + x->amount.units == balance.units;
        c->newest_first &= (__int128)balance.units + c->last_amount.units == c->last_balance.units;
    }
    c->has_out |= x->amount.units < 0;
    c->last_amount = x->amount;
    c->last_balance = balance;
    c->last_date = x->booked;
}

/* One line, without the apostrophe that keeps spreadsheets from reading a text as anything else. */
static const char *text_of(struct bank_csv *c, const char *cell)
{
    const char *text = bank_text(c->row_arena, str_of(cell));
    return *text == '\'' ? bank_text(c->row_arena, str_of(text + 1)) : text;
}

static void texts(struct bank_csv *c, struct bank_entry *x)
{
    for (size_t i = 0; c->layout->columns[i]; i++) {
        if (c->layout->columns[i] != 'T' || i >= c->cells)
            continue;
        bank_text_add(c->row_arena, &x->remittance, text_of(c, c->cell[i]));
    }
}

static const char *filled(struct bank_csv *c, char column)
{
    const char *text = text_of(c, cell_of(c, column));
    return text_is_empty(text) ? NULL : text;
}

/* The counterparty's name, or the first that is given where banks name payer and payee apart. */
static const char *name_of(struct bank_csv *c)
{
    const char *name = filled(c, 'N');
    for (size_t i = 0; !name && i < c->cells && c->layout->columns[i]; i++)
        if (c->layout->columns[i] == 'M' && !text_is_empty(text_of(c, c->cell[i])))
            name = text_of(c, c->cell[i]);
    return name;
}

/* What is taken besides the amount: the entry is what the account moved, its one transaction what the other side got. False for a fee that cannot be read. */
static bool add_fee(struct bank_csv *c, struct bank_entry *x)
{
    struct bank_amount fee = {0}, both;
    struct str cell = str_trim(str_of(cell_of(c, 'F')));
    int64_t moved;
    if (cell.n && (!bank_amount_read_cell(cell, &fee) || __builtin_sub_overflow(x->amount.units, fee.units, &moved) || !bank_amount_of_units(moved, &both)))
        return false;
    if (fee.units == 0)
        return true;
    *bank_detail_add(c->row_arena, x) = (struct bank_detail){
        .amount = x->amount, .currency = x->currency, .end_to_end_id = x->end_to_end_id, .party = x->party, .remittance = x->remittance};
    x->amount = both;
    return true;
}

/* Only what is completed is booked. A word that is not known leaves out the line of a bank that we know; in a column that only its name tells it may mean anything. */
static bool state_of(const struct bank_csv *c, const char *state, enum bank_status *ret)
{
    static const struct {
        const char *word;
        enum bank_status status;
    } words[] = {{"", BANK_BOOKED}, {"COMPLETED", BANK_BOOKED}, {"PENDING", BANK_PENDING}, {"REVERTED", BANK_INFO}, {"DECLINED", BANK_INFO}, {"FAILED", BANK_INFO}};
    *ret = BANK_INFO;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_same_nocase(state, words[i].word)) {
            *ret = words[i].status;
            return true;
        }
    return c->layout != &c->by_names;
}

/* A line like "Balance brought forward": no money out, none in, and a balance, which the others must lead to. */
static bool is_balance_alone(const struct bank_csv *c)
{
    struct bank_amount balance;
    return has_column(c, 'O') && !str_trim(str_of(cell_of(c, 'O'))).n && !str_trim(str_of(cell_of(c, 'I'))).n && bank_amount_read_cell(str_of(cell_of(c, 'B')), &balance);
}

/* A comma too many moves every cell behind it into the next column: no more may be filled than the header names, and at most an empty last one may be missing. */
static bool fits_header(const struct bank_csv *c)
{
    size_t n = strlen(c->layout->columns);
    for (size_t i = n; i < c->cells; i++)
        if (str_trim(str_of(c->cell[i])).n)
            return false;
    return c->cells + 1 >= n;
}

static void take_entry(struct bank_csv *c)
{
    struct bank_entry x = {.booked = CIVIL_NONE, .value = CIVIL_NONE};
    if (text_same_nocase(c->cell[0], "Arranged overdraft limit")) /* the last line of midata: no entry */
        return;
    if (!fits_header(c)) {
        refuse(c, "not as many columns as the header line names", NULL);
        return;
    }
    if (!state_of(c, cell_of(c, 'Z'), &x.status)) {
        refuse(c, "a state that may or may not be booked:", cell_of(c, 'Z'));
        return;
    }
    bool dateless = x.status != BANK_BOOKED && text_is_empty(cell_of(c, 'D')); /* not completed yet, or never */
    if (!dateless && !read_date(cell_of(c, 'D'), &x.booked)) {
        refuse(c, "no date that can be read in", cell_of(c, 'D'));
        return;
    }
    bool is_entry = !is_balance_alone(c);
    if (is_entry && !read_amount(c, &x.amount)) {
        refuse(c, "no amount that can be read for certain", NULL);
        return;
    }
    const char *account = account_of(c), *currency = filled(c, 'Y');
    if (c->in_statement && (!same(account, c->statement.account) || (currency && strcmp(currency, c->statement.currency) != 0)))
        end_statement(c);
    if (!c->in_statement)
        begin_statement(c, account, currency);
    x.currency = c->statement.currency;
    if (!read_date(cell_of(c, 'V'), &x.value))
        x.value = x.booked;
    x.kind = filled(c, 'K');
    x.bank_ref = filled(c, 'R');
    x.end_to_end_id = filled(c, 'E');
    x.party = (struct bank_party){.name = name_of(c), .account = filled(c, 'P')};
    texts(c, &x);
    if (!add_fee(c, &x)) {
        refuse(c, "no fee that can be read for certain in", cell_of(c, 'F'));
        return;
    }
    if (x.status == BANK_BOOKED) {
        follow_balance(c, &x);
        c->rows++;
    }
    if (is_entry && !bank_writer_entry(c->writer, &c->statement, &x, &c->why))
        c->failed = true;
}

/* ---- libcsv's events ---- */

static void on_cell(void *p, size_t n, void *self)
{
    struct bank_csv *c = self;
    if (c->failed)
        return;
    if (!c->row_arena)
        c->row_arena = arena_create(0);
    c->row_bytes += n;
    if (c->cells >= CELLS_MAX || n > CELL_BYTES || c->row_bytes > ROW_BYTES)
        refuse(c, "too many or too long cells", NULL);
    else
        c->cell[c->cells++] = arena_strndup(c->row_arena, p ? p : "", n);
}

/* Behind the last row some programs still write the mark that ended files on old systems. */
static bool row_is_empty(const struct bank_csv *c)
{
    for (size_t i = 0; i < c->cells; i++)
        if (str_trim(str_of(c->cell[i])).n && strcmp(c->cell[i], "\x1A") != 0)
            return false;
    return true;
}

static void on_row(int end, void *self)
{
    (void)end;
    struct bank_csv *c = self;
    if (!c->failed && !row_is_empty(c)) {
        if (c->layout)
            take_entry(c);
        else
            take_header(c);
    }
    c->row++;
    c->cells = c->row_bytes = 0;
    arena_destroy(&c->row_arena);
}

/* ---- the reader ---- */

static void *create(struct arena *a, struct bank_writer *w)
{
    struct bank_csv *c = arena_alloc(a, sizeof *c);
    c->writer = w;
    c->row = 1;
    c->parser_ready = csv_init(&c->parser, CSV_STRICT | CSV_STRICT_FINI) == 0;
    if (!c->parser_ready)
        refuse(c, "the CSV parser could not be started", NULL);
    return c;
}

/* What parts the cells: of the first line that has two of a kind, the more frequent kind. */
static unsigned char delimiter_of(struct str text)
{
    static const char kinds[] = {',', ';', '\t'};
    for (struct str line; str_cut(&text, '\n', &line);) {
        size_t n[sizeof kinds] = {0}, best = 0;
        bool is_quoted = false;
        for (size_t i = 0; i < line.n; i++) {
            is_quoted ^= line.p[i] == '"';
            for (size_t k = 0; k < sizeof kinds && !is_quoted; k++)
                n[k] += line.p[i] == kinds[k];
        }
        for (size_t k = 1; k < sizeof kinds; k++)
            best = n[k] > n[best] ? k : best;
        if (n[best] > 1)
            return (unsigned char)kinds[best];
    }
    return ',';
}

static bool feed(void *self, struct str bytes, struct err *e)
{
    struct bank_csv *c = self;
    if (!c->has_delimiter)
        csv_set_delim(&c->parser, delimiter_of(bytes));
    c->has_delimiter = true;
    while (bytes.n && !c->failed) {
        size_t n = bytes.n < ROW_BYTES ? bytes.n : ROW_BYTES;
        if (memchr(bytes.p, '\0', n))
            refuse(c, "the file is not text", NULL);
        else if (csv_parse(&c->parser, bytes.p, n, on_cell, on_row, c) != n)
            refuse(c, csv_strerror(csv_error(&c->parser)), NULL);
        else if (csv_get_buffer_size(&c->parser) > 4 * ROW_BYTES)
            refuse(c, "a cell is too long", NULL);
        bytes = (struct str){bytes.p + n, bytes.n - n};
    }
    return !c->failed || err_set(e, "%s", c->why.text);
}

static bool finish(void *self, struct err *e)
{
    struct bank_csv *c = self;
    if (!c->failed && csv_fini(&c->parser, on_cell, on_row, c) != 0)
        refuse(c, csv_strerror(csv_error(&c->parser)), NULL);
    if (!c->failed && !c->layout)
        unknown_header(c);
    if (!c->failed)
        end_statement(c);
    return !c->failed || err_set(e, "%s", c->why.text);
}

static void destroy(void *self)
{
    struct bank_csv *c = self;
    arena_destroy(&c->row_arena);
    arena_destroy(&c->statement_arena);
    if (c->parser_ready)
        csv_free(&c->parser);
}

const struct bank_reader csv_reader = {create, feed, finish, destroy};
