#include <inttypes.h>
#include <string.h>

#include "daemon/base/civil.h"
#include "daemon/base/json.h"
#include "tests/fakebank/fakebank.h"

const char *fb_own_account(const struct fb_world *w)
{
    return w->account ? w->account : "20123412345678";
}

void fb_write_pence(struct buf *b, int64_t pence)
{
    int64_t size = pence < 0 ? -pence : pence;
    buf_addf(b, "%" PRId64 ".%02" PRId64, size / 100, size % 100);
}

/* format: D, M, Y and y (two digits) stand for the parts of the date. */
void fb_write_day(struct buf *b, const char *format, int32_t day)
{
    struct civil c = civil_of(day);
    for (; *format; format++) {
        if (*format == 'D')
            buf_addf(b, "%02d", c.day);
        else if (*format == 'M')
            buf_addf(b, "%02d", c.month);
        else if (*format == 'Y')
            buf_addf(b, "%04d", c.year);
        else if (*format == 'y')
            buf_addf(b, "%02d", c.year % 100);
        else
            buf_addc(b, *format);
    }
}

void fb_write_xml(struct buf *b, const char *text)
{
    for (; *text; text++) {
        if (*text == '&')
            buf_adds(b, "&amp;");
        else if (*text == '<')
            buf_adds(b, "&lt;");
        else
            buf_addc(b, *text);
    }
}

static void element(struct buf *b, const char *name, const char *text)
{
    if (!text || !*text)
        return;
    buf_addf(b, "<%s>", name);
    fb_write_xml(b, text);
    buf_addf(b, "</%s>", name);
}

static void camt_balance(struct buf *b, const char *code, int64_t amount, int32_t day)
{
    buf_addf(b, "<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy=\"GBP\">", code);
    fb_write_pence(b, amount);
    buf_addf(b, "</Amt><CdtDbtInd>%s</CdtDbtInd><Dt><Dt>", amount < 0 ? "DBIT" : "CRDT");
    fb_write_day(b, "Y-M-D", day);
    buf_adds(b, "</Dt></Dt></Bal>\n");
}

/* From version 8 on a party is wrapped once more. */
static void camt_party(struct buf *b, const struct fb_entry *x, int version)
{
    bool to_creditor = (x->amount < 0) != (x->reversal || x->return_reason);
    const char *role = to_creditor ? "Cdtr" : "Dbtr";
    buf_addf(b, "<RltdPties><%s>%s", role, version >= 8 ? "<Pty>" : "");
    element(b, "Nm", x->name);
    buf_addf(b, "%s</%s>", version >= 8 ? "</Pty>" : "", role);
    if (x->account)
        buf_addf(b, "<%sAcct><Id><Othr><Id>%s</Id></Othr></Id></%sAcct>", role, x->account, role);
    buf_adds(b, "</RltdPties>");
}

static void camt_entry(struct buf *b, const struct fb_entry *x, int version)
{
    const char *status = x->pending ? "PDNG" : "BOOK";
    buf_adds(b, "<Ntry><Amt Ccy=\"GBP\">");
    fb_write_pence(b, x->amount);
    buf_addf(b, "</Amt><CdtDbtInd>%s</CdtDbtInd>%s", x->amount < 0 ? "DBIT" : "CRDT", x->reversal ? "<RvslInd>true</RvslInd>" : "");
    buf_addf(b, version >= 8 ? "<Sts><Cd>%s</Cd></Sts>" : "<Sts>%s</Sts>", status);
    buf_adds(b, "<BookgDt><Dt>");
    fb_write_day(b, "Y-M-D", x->day);
    buf_adds(b, "</Dt></BookgDt><ValDt><Dt>");
    fb_write_day(b, "Y-M-D", x->day);
    buf_addf(b, "</Dt></ValDt><AcctSvcrRef>%s</AcctSvcrRef><BkTxCd><Prtry><Cd>%s</Cd></Prtry></BkTxCd><NtryDtls>", x->bank_ref,
             x->amount < 0 ? "BACS DEBIT" : "FASTER PAYMENT");
    if (x->batch)
        buf_addf(b, "<Btch><PmtInfId>%s</PmtInfId></Btch>", x->batch);
    buf_adds(b, "<TxDtls><Refs>");
    element(b, "EndToEndId", x->end_to_end_id ? x->end_to_end_id : "NOTPROVIDED");
    buf_adds(b, "</Refs>");
    if (version >= 3) {
        buf_adds(b, "<Amt Ccy=\"GBP\">");
        fb_write_pence(b, x->amount);
        buf_addf(b, "</Amt><CdtDbtInd>%s</CdtDbtInd>", x->amount < 0 ? "DBIT" : "CRDT");
    }
    camt_party(b, x, version);
    buf_adds(b, "<RmtInf>");
    element(b, "Ustrd", x->text);
    buf_adds(b, "</RmtInf>");
    if (x->return_reason)
        buf_addf(b, "<RtrInf><Rsn><Cd>%s</Cd></Rsn></RtrInf>", x->return_reason);
    buf_adds(b, "</TxDtls></NtryDtls></Ntry>\n");
}

static const char *statement_id(const struct fb_world *w, size_t n)
{
    return w->message ? w->message : arena_printf(w->a, "S%05zu", n);
}

void fb_write_camt(const struct fb_world *w, int version, struct buf *out, struct buf *order)
{
    buf_addf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.%02d\">"
                  "<BkToCstmrStmt><GrpHdr><MsgId>FAKEBANK</MsgId><CreDtTm>2026-12-31T06:00:00</CreDtTm></GrpHdr>\n", version);
    for (size_t s = 0; s < w->statements_n; s++) {
        const struct fb_statement *st = &w->statements[s];
        buf_addf(out, "<Stmt><Id>%s</Id><CreDtTm>2026-12-31T06:00:00</CreDtTm><Acct><Id><Othr><Id>%s</Id></Othr></Id><Ccy>GBP</Ccy></Acct>\n", statement_id(w, s), fb_own_account(w));
        camt_balance(out, "OPBD", st->opening, st->from);
        camt_balance(out, "CLBD", st->closing, st->to);
        for (size_t i = st->first; i < st->first + st->n; i++) {
            camt_entry(out, &w->entries[i], version);
            buf_addf(order, "%zu\n", w->entries[i].uid);
        }
        buf_adds(out, "</Stmt>\n");
    }
    buf_adds(out, "</BkToCstmrStmt></Document>\n");
}

/* ---- MT940 ---- */

static void mt940_amount(struct buf *b, int64_t pence)
{
    size_t from = b->n;
    fb_write_pence(b, pence);
    char *point = memchr(b->p + from, '.', b->n - from);
    *point = ',';
}

static void mt940_balance(struct buf *b, const char *tag, int64_t amount, int32_t day)
{
    buf_addf(b, ":%s:%c", tag, amount < 0 ? 'D' : 'C');
    fb_write_day(b, "yMD", day);
    buf_adds(b, "GBP");
    mt940_amount(b, amount);
    buf_adds(b, "\r\n");
}

static void mt940_word(struct buf *b, const char *word, const char *text)
{
    if (text && *text)
        buf_addf(b, "/%s/%s", word, text);
}

/* The text of :86: broken after every 65 characters, as banks break it. */
static void mt940_text(struct buf *b, const struct fb_entry *x)
{
    struct buf line = {0};
    mt940_word(&line, "EREF", x->end_to_end_id);
    mt940_word(&line, "IBAN", x->account);
    mt940_word(&line, "NAME", x->name);
    mt940_word(&line, "RTRN", x->return_reason);
    mt940_word(&line, "REMI", x->text);
    buf_adds(b, ":86:");
    for (size_t at = 0; at < line.n; at += 65) {
        buf_add(b, line.p + at, line.n - at < 65 ? line.n - at : 65);
        buf_adds(b, "\r\n");
    }
    buf_finish(&line);
}

/* A reversal names what it reverses: money out again after a return is the reversal of a credit. */
static void mt940_entry(struct buf *b, const struct fb_entry *x)
{
    buf_adds(b, ":61:");
    fb_write_day(b, "yMD", x->day);
    fb_write_day(b, "MD", x->day);
    if (x->reversal)
        buf_adds(b, x->amount < 0 ? "RC" : "RD");
    else
        buf_addf(b, "%s%c", x->pending ? "E" : "", x->amount < 0 ? 'D' : 'C');
    mt940_amount(b, x->amount);
    buf_addf(b, "NTRF%s//%s\r\n", x->batch ? x->batch : "NONREF", x->bank_ref);
    mt940_text(b, x);
}

void fb_write_mt940(const struct fb_world *w, struct buf *out, struct buf *order)
{
    for (size_t s = 0; s < w->statements_n; s++) {
        const struct fb_statement *st = &w->statements[s];
        buf_addf(out, "{1:F01FAKEGB2LXXXX0000000000}{2:O940FAKEGB2LXXXXN}{4:\r\n:20:%s\r\n:25:%s\r\n:28C:%zu/1\r\n", statement_id(w, s), fb_own_account(w), s + 1);
        mt940_balance(out, "60F", st->opening, st->from);
        for (size_t i = st->first; i < st->first + st->n; i++) {
            mt940_entry(out, &w->entries[i]);
            buf_addf(order, "%zu\n", w->entries[i].uid);
        }
        mt940_balance(out, "62F", st->closing, st->to);
        buf_adds(out, "-}{5:}\r\n");
    }
}

/* ---- items and truth ---- */

static void json_member(struct buf *b, const char *name, const char *text)
{
    buf_addf(b, ",\"%s\":", name);
    json_write_text(b, text);
}

static void json_pence(struct buf *b, int64_t pence)
{
    buf_adds(b, pence < 0 ? "\"-" : "\"");
    fb_write_pence(b, pence);
    buf_addc(b, '"');
}

void fb_write_expected(const struct fb_world *w, struct buf *out)
{
    for (size_t n = 0; n < w->items_n; n++) {
        const struct fb_item *i = &w->items[n];
        buf_adds(out, "{\"id\":");
        json_write_text(out, i->id);
        json_member(out, "kind", i->kind);
        buf_adds(out, ",\"amount\":");
        json_pence(out, i->amount);
        buf_adds(out, ",\"due\":\"");
        fb_write_day(out, "Y-M-D", i->due);
        buf_addc(out, '"');
        json_member(out, "reference", i->reference);
        json_member(out, "end_to_end_id", i->end_to_end_id);
        buf_adds(out, ",\"party\":{\"id\":");
        json_write_text(out, i->party_id);
        json_member(out, "name", i->party_name);
        json_member(out, "account", i->party_account);
        buf_addc(out, '}');
        json_member(out, "run", i->run);
        buf_adds(out, ",\"documents\":[");
        if (i->document)
            json_write_text(out, i->document);
        buf_adds(out, "]}\n");
    }
}

void fb_write_truth(const struct fb_world *w, struct buf *out)
{
    for (size_t n = 0; n < w->entries_n; n++) {
        const struct fb_entry *x = &w->entries[n];
        buf_addf(out, "{\"uid\":%zu,\"class\":\"%s\",\"allocations\":[", x->uid, fb_class_names[x->class]);
        for (size_t i = 0; i < x->truth_n; i++) {
            const struct fb_item *item = &w->items[x->truth[i].item];
            buf_addf(out, "%s{\"item\":\"%s\",\"party\":\"%s\",\"amount\":", i ? "," : "", item->id, item->party_id ? item->party_id : "");
            json_pence(out, x->truth[i].amount);
            buf_addc(out, '}');
        }
        buf_adds(out, "]}\n");
    }
}
