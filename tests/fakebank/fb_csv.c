#include "tests/fakebank/fakebank.h"

static void cell(struct buf *b, const char *text, char end)
{
    buf_addc(b, '"');
    for (; *text; text++) {
        if (*text == '"')
            buf_addc(b, '"');
        buf_addc(b, *text);
    }
    buf_addc(b, '"');
    buf_addc(b, end);
}

static void signed_pence(struct buf *b, int64_t pence)
{
    if (pence < 0)
        buf_addc(b, '-');
    fb_write_pence(b, pence);
}

/* 20-12-34, the number after it with what stands between the two. */
static void own_account(struct buf *b, const struct fb_world *w, const char *between)
{
    const char *own = fb_own_account(w);
    buf_addf(b, "%.2s-%.2s-%.2s%s%s", own, own + 2, own + 4, between, own + 6);
}

static void lloyds(struct buf *b, const struct fb_world *w, const struct fb_entry *x, const char *text, int64_t balance)
{
    fb_write_day(b, "D/M/Y", x->day);
    buf_addf(b, ",%s,'", x->amount < 0 ? "DEB" : "FPI");
    own_account(b, w, ",");
    buf_addc(b, ',');
    cell(b, text, ',');
    if (x->amount < 0)
        fb_write_pence(b, x->amount);
    buf_addc(b, ',');
    if (x->amount >= 0)
        fb_write_pence(b, x->amount);
    buf_addc(b, ',');
    signed_pence(b, balance);
    buf_addc(b, '\n');
}

static void barclays(struct buf *b, const struct fb_world *w, const struct fb_entry *x, const char *text)
{
    buf_addf(b, "%s,", x->bank_ref);
    fb_write_day(b, "D/M/Y", x->day);
    buf_addc(b, ',');
    own_account(b, w, " ");
    buf_addc(b, ',');
    signed_pence(b, x->amount);
    buf_adds(b, ",PAYMENT,");
    cell(b, text, '\n');
}

static void marked(struct buf *b, const struct fb_world *w, const struct fb_entry *x, int64_t balance)
{
    fb_write_day(b, "YMD", x->day);
    buf_addc(b, ',');
    own_account(b, w, ",");
    buf_addc(b, ',');
    cell(b, x->name, ',');
    buf_addf(b, "%s,", x->account ? x->account : "");
    cell(b, x->text, ',');
    buf_addf(b, "%s,%s,", x->end_to_end_id ? x->end_to_end_id : "", x->bank_ref);
    fb_write_pence(b, x->amount);
    buf_addf(b, ",%s,", x->amount < 0 ? "DR" : "CR");
    signed_pence(b, balance);
    buf_addc(b, '\n');
}

/* Pending entries are not in these files. One file for each statement would be usual; one statement is written at a time. */
void fb_write_csv(const struct fb_world *w, enum fb_csv dialect, struct buf *out, struct buf *order)
{
    static const char *const headers[] = {
        "Transaction Date,Transaction Type,Sort Code,Account Number,Transaction Description,Debit Amount,Credit Amount,Balance\n",
        "Number,Date,Account,Amount,Subcategory,Memo\n",
        "Date,Sort Code,Account Number,Counterparty,Counterparty Account,Reference,End To End Reference,Bank Reference,Amount,DR/CR,Balance\n",
    };
    for (size_t s = 0; s < w->statements_n; s++) {
        const struct fb_statement *st = &w->statements[s];
        int64_t balance = st->opening;
        buf_adds(out, headers[dialect]);
        for (size_t i = st->first; i < st->first + st->n; i++) {
            const struct fb_entry *x = &w->entries[i];
            if (x->pending)
                continue;
            balance += x->amount;
            const char *account = x->account ? arena_printf(w->a, " %.6s %s", x->account, x->account + 6) : "";
            const char *text = arena_printf(w->a, "%s%s %s", x->name, account, x->text); /* one cell for all that is said */
            if (dialect == FB_CSV_LLOYDS)
                lloyds(out, w, x, text, balance);
            else if (dialect == FB_CSV_BARCLAYS)
                barclays(out, w, x, text);
            else
                marked(out, w, x, balance);
            buf_addf(order, "%zu\n", x->uid);
        }
        buf_addc(out, '\f'); /* the files are cut apart here */
    }
}
