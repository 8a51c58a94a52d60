#include <stdio.h>
#include <string.h>

#include "daemon/base/json.h"
#include "payments/bank/statement.h"

static void key(struct buf *b, const char *name, bool *first)
{
    buf_adds(b, *first ? "\"" : ",\"");
    buf_adds(b, name);
    buf_adds(b, "\":");
    *first = false;
}

/* A member that the reading contract lists: null when absent. */
static void member(struct buf *b, const char *name, const char *text, bool *first)
{
    key(b, name, first);
    json_write_text(b, text);
}

/* A member beyond the contract: left out when absent. */
static void extra(struct buf *b, const char *name, const char *text, bool *first)
{
    if (text)
        member(b, name, text, first);
}

static void write_date(struct buf *b, int32_t day)
{
    if (day == CIVIL_NONE) {
        buf_adds(b, "null");
        return;
    }
    /* A statement has several dates an entry: printf would be a tenth of its time. */
    struct civil c = civil_of(day);
    const int parts[] = {c.year / 100, c.year % 100, c.month, c.day};
    char text[] = "\"YYYY-MM-DD\"";
    static const size_t at[] = {1, 3, 6, 9};
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        text[at[i]] = (char)('0' + parts[i] / 10);
        text[at[i] + 1] = (char)('0' + parts[i] % 10);
    }
    buf_adds(b, text);
}

static void write_amount(struct buf *b, const struct bank_amount *a)
{
    if (!a->present) {
        buf_adds(b, "null");
        return;
    }
    buf_addc(b, '"');
    buf_adds(b, a->text);
    buf_addc(b, '"');
}

static void write_texts(struct buf *b, const struct bank_texts *t)
{
    buf_addc(b, '[');
    for (size_t i = 0; i < t->n; i++) {
        if (i)
            buf_addc(b, ',');
        json_write_text(b, t->at[i]);
    }
    buf_addc(b, ']');
}

static void write_party(struct buf *b, const struct bank_party *p)
{
    bool first = true;
    buf_addc(b, '{');
    member(b, "name", p->name, &first);
    member(b, "account", p->account, &first);
    extra(b, "ultimate", p->ultimate, &first);
    buf_addc(b, '}');
}

static void write_detail(struct buf *b, const struct bank_detail *d, const char *entry_currency)
{
    bool first = true;
    buf_addc(b, '{');
    key(b, "amount", &first);
    write_amount(b, &d->amount);
    if (d->currency && entry_currency && strcmp(d->currency, entry_currency) != 0)
        member(b, "currency", d->currency, &first);
    member(b, "end_to_end_id", d->end_to_end_id, &first);
    extra(b, "instruction_id", d->instruction_id, &first);
    extra(b, "transaction_id", d->transaction_id, &first);
    extra(b, "uetr", d->uetr, &first);
    extra(b, "message_id", d->message_id, &first);
    extra(b, "bank_ref", d->bank_ref, &first);
    key(b, "counterparty", &first);
    write_party(b, &d->party);
    key(b, "remittance", &first);
    write_texts(b, &d->remittance);
    member(b, "return_reason", d->return_reason, &first);
    buf_addc(b, '}');
}

/* What the details leave unexplained: bank charges, foreign exchange. Nothing when an amount is missing or in another currency. */
static bool difference_of(const struct bank_entry *x, struct bank_amount *ret_difference)
{
    __int128 sum = 0;
    for (size_t i = 0; i < x->details_n; i++) {
        const struct bank_detail *d = &x->details[i];
        if (!d->amount.present || !d->currency || !x->currency || strcmp(d->currency, x->currency) != 0)
            return false;
        sum += d->amount.units;
    }
    __int128 rest = (__int128)x->amount.units - sum;
    return x->details_n && rest != 0 && rest > INT64_MIN && rest <= INT64_MAX && bank_amount_of_units((int64_t)rest, ret_difference);
}

static void write_entry(struct buf *b, const struct bank_entry *x, const char *currency)
{
    static const char *const status[] = {"booked", "pending", "info"};
    bool first = true;
    buf_addc(b, '{');
    key(b, "amount", &first);
    write_amount(b, &x->amount);
    if (x->currency && strcmp(x->currency, currency) != 0)
        member(b, "currency", x->currency, &first);
    key(b, "booked", &first);
    write_date(b, x->booked);
    key(b, "value", &first);
    write_date(b, x->value);
    member(b, "status", status[x->status], &first);
    buf_addf(b, ",\"reversal\":%s", x->reversal ? "true" : "false");
    member(b, "bank_ref", x->bank_ref, &first);
    member(b, "end_to_end_id", x->end_to_end_id, &first);
    member(b, "instruction_id", x->instruction_id, &first);
    extra(b, "entry_ref", x->entry_ref, &first);
    extra(b, "batch", x->batch, &first);
    extra(b, "kind", x->kind, &first);
    extra(b, "return_reason", x->return_reason, &first);
    key(b, "counterparty", &first);
    write_party(b, &x->party);
    key(b, "remittance", &first);
    write_texts(b, &x->remittance);
    buf_adds(b, ",\"details\":[");
    for (size_t i = 0; i < x->details_n; i++) {
        if (i)
            buf_addc(b, ',');
        write_detail(b, &x->details[i], x->currency);
    }
    buf_addc(b, ']');
    struct bank_amount difference;
    if (difference_of(x, &difference))
        extra(b, "difference", difference.text, &first);
    buf_addc(b, '}');
}

void bank_writer_format(struct bank_writer *w, const char *format)
{
    w->format = format;
    w->format_written = true;
    if (w->in_lines)
        return;
    buf_adds(w->out, "\"format\":");
    json_write_text(w->out, format);
    buf_adds(w->out, ",\"statements\":[");
}

static void write_head(struct buf *b, const struct bank_statement *s)
{
    bool first = true;
    member(b, "id", s->id, &first);
    member(b, "account", s->account, &first);
    member(b, "currency", s->currency, &first);
}

static void begin(struct bank_writer *w, const struct bank_statement *s)
{
    if (w->in_lines) {
        w->head.n = 0;
        write_head(&w->head, s);
    } else {
        buf_adds(w->out, w->statements ? ",{" : "{");
        write_head(w->out, s);
        buf_adds(w->out, ",\"entries\":[");
    }
    w->statements++;
    w->in_statement = true;
    w->statement_entries = 0;
    w->booked_sum = w->reversed_sum = 0;
    snprintf(w->currency, sizeof w->currency, "%s", s->currency ? s->currency : "");
}

bool bank_writer_entry(struct bank_writer *w, const struct bank_statement *s, const struct bank_entry *entry, struct err *e)
{
    if (!entry->amount.present)
        return err_set(e, "an entry has no amount");
    if (!w->in_statement)
        begin(w, s);
    if (w->statement_entries++ && !w->in_lines)
        buf_addc(w->out, ',');
    write_entry(w->out, entry, w->currency);
    if (w->in_lines)
        buf_addc(w->out, '\n');
    w->entries++;
    if (entry->status == BANK_BOOKED) {
        w->booked_sum += entry->amount.units;
        w->reversed_sum += entry->reversal ? entry->amount.units : 0;
        if (entry->currency && w->currency[0] && strcmp(entry->currency, w->currency) != 0)
            w->mixed_currencies = true;
    }
    return true;
}

static void write_balance(struct buf *b, const char *name, const struct bank_balance *balance)
{
    bool first = false;
    key(b, name, &first);
    if (!balance->amount.present) {
        buf_adds(b, "null");
        return;
    }
    first = true;
    buf_addc(b, '{');
    key(b, "amount", &first);
    write_amount(b, &balance->amount);
    key(b, "date", &first);
    write_date(b, balance->date);
    buf_addc(b, '}');
}

static enum bank_verdict verdict_of(const struct bank_writer *w, const struct bank_statement *s, bool *ret_flip_mends)
{
    const struct bank_balance *from = &s->opening, *to = &s->closing;
    *ret_flip_mends = false;
    if (!from->amount.present || !to->amount.present || strcmp(from->currency, to->currency) != 0 || w->mixed_currencies)
        return BANK_UNDECIDED;
    __int128 rest = (__int128)to->amount.units - from->amount.units - w->booked_sum;
    *ret_flip_mends = rest != 0 && rest == -2 * w->reversed_sum;
    return rest == 0 ? BANK_BALANCES : BANK_DIFFERS;
}

void bank_writer_end(struct bank_writer *w, const struct bank_statement *s, const enum bank_verdict *decided)
{
    static const char *const words[] = {"undecided", "balances", "differs"};
    bool flip_mends, first = false;
    if (!w->in_statement)
        begin(w, s);
    enum bank_verdict verdict = verdict_of(w, s, &flip_mends);
    if (w->in_lines) {
        buf_adds(w->out, "{\"statement\":{\"format\":");
        json_write_text(w->out, w->format);
        buf_addc(w->out, ',');
        buf_add(w->out, w->head.p, w->head.n);
    } else {
        buf_addc(w->out, ']');
    }
    write_balance(w->out, "opening", &s->opening);
    write_balance(w->out, "closing", &s->closing);
    member(w->out, "balance", words[decided ? *decided : verdict], &first);
    if (!decided && flip_mends)
        member(w->out, "notice", "It would balance if the entries marked as reversals had the opposite sign.", &first);
    buf_adds(w->out, w->in_lines ? "}}\n" : "}");
    w->in_statement = false;
    w->mixed_currencies = false;
}

void bank_writer_finish(struct bank_writer *w)
{
    if (!w->in_lines)
        buf_addc(w->out, ']');
}
