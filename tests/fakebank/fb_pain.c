/* The bank's side of our own payment files: every PmtInf of a pain.001 (versions 03 and 09) is booked as one debit, some payments are returned, pain.002 answers. */
#include <string.h>

#include "daemon/base/civil.h"
#include "daemon/base/xml.h"
#include "payments/bank/statement.h"
#include "tests/fakebank/fakebank.h"

struct pain {
    struct fb_world *w;
    struct buf *answer;
    struct err *e;
};

static const xmlNode *child(const xmlNode *of, const char *name)
{
    for (const xmlNode *n = of ? of->children : NULL; n; n = n->next)
        if (n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, name) == 0)
            return n;
    return NULL;
}

bool fb_mishap(struct fb_world *w)
{
    return !w->is_calm && fb_below(w, 50) == 0;
}

void fb_state(struct fb_world *w)
{
    struct fb_statement *s = w->statements = arena_alloc(w->a, sizeof *w->statements);
    w->statements_n = 1;
    *s = (struct fb_statement){.n = w->entries_n, .opening = w->opening, .closing = w->opening};
    for (size_t i = 0; i < w->entries_n; i++) {
        s->closing += w->entries[i].amount;
        s->to = w->entries[i].day > s->to ? w->entries[i].day : s->to;
    }
    s->from = s->to;
}

/* path: names separated by '/'. */
static const char *text_at(struct pain *p, const xmlNode *of, const char *path)
{
    for (struct str rest = str_of(path), part; of && str_cut(&rest, '/', &part);)
        of = child(of, str_dup(p->w->a, part));
    for (const xmlNode *n = of ? of->children : NULL; n; n = n->next)
        if (n->type == XML_TEXT_NODE)
            return str_dup(p->w->a, str_trim(str_of((const char *)n->content)));
    return NULL;
}

static bool pence_at(struct pain *p, const xmlNode *of, const char *path, int64_t *ret_pence)
{
    struct bank_amount a;
    const char *text = text_at(p, of, path);
    if (!text || !bank_amount_read(str_of(text), false, &a) || a.units % 1000)
        return err_set(p->e, "no amount at %s", path);
    *ret_pence = a.units / 1000;
    return true;
}

struct fb_entry *fb_book(struct fb_world *w, int32_t day, int64_t amount)
{
    if (w->entries_n == w->entries_cap) {
        w->entries_cap = w->entries_cap ? 2 * w->entries_cap : 64;
        w->entries = arena_grow(w->a, w->entries, w->entries_n, w->entries_cap, sizeof *w->entries);
    }
    struct fb_entry *x = &w->entries[w->entries_n];
    *x = (struct fb_entry){.uid = w->entries_n++, .day = day, .amount = amount, .text = "", .name = ""};
    x->bank_ref = arena_printf(w->a, "B%09zu", x->uid);
    return x;
}

static void send_back(struct pain *p, const xmlNode *tx, int64_t amount, int32_t day)
{
    struct fb_entry *x = fb_book(p->w, day + 2 + (int32_t)fb_below(p->w, 4), amount);
    const char *text = text_at(p, tx, "RmtInf/Ustrd"), *name = text_at(p, tx, "Cdtr/Nm");
    x->class = FB_RETURN_CODED;
    x->text = arena_printf(p->w->a, "RETURNED %s", text ? text : "");
    x->name = name ? name : "";
    x->account = text_at(p, tx, "CdtrAcct/Id/Othr/Id");
    x->end_to_end_id = text_at(p, tx, "PmtId/EndToEndId");
    x->return_reason = "AC04";
}

static void answer_payment(struct pain *p, const xmlNode *tx, bool accepted)
{
    const char *id = text_at(p, tx, "PmtId/EndToEndId");
    buf_adds(p->answer, "<TxInfAndSts><OrgnlEndToEndId>");
    fb_write_xml(p->answer, id ? id : "");
    buf_addf(p->answer, "</OrgnlEndToEndId><TxSts>%s</TxSts>%s</TxInfAndSts>", accepted ? "ACSC" : "RJCT",
             accepted ? "" : "<StsRsnInf><Rsn><Cd>AC01</Cd></Rsn></StsRsnInf>");
}

/* One block of payments: one in fifty is rejected before the debit, one in fifty comes back after it. */
static bool book_block(struct pain *p, const xmlNode *block)
{
    int32_t day;
    int64_t total = 0, amount = 0;
    const char *sort_code = text_at(p, block, "DbtrAgt/FinInstnId/ClrSysMmbId/MmbId"), *number = text_at(p, block, "DbtrAcct/Id/Othr/Id");
    if (sort_code && number)
        p->w->account = arena_printf(p->w->a, "%s%s", sort_code, number);
    const char *later = text_at(p, block, "ReqdExctnDt/Dt"), *date = later ? later : text_at(p, block, "ReqdExctnDt"), *id = text_at(p, block, "PmtInfId");
    if (!date || !civil_read(str_of(date), &day) || !id)
        return err_set(p->e, "a block has no execution date or no PmtInfId");
    buf_adds(p->answer, "<OrgnlPmtInfAndSts><OrgnlPmtInfId>");
    fb_write_xml(p->answer, id);
    buf_adds(p->answer, "</OrgnlPmtInfId>");
    for (const xmlNode *n = block->children; n; n = n->next) {
        if (n->type != XML_ELEMENT_NODE || strcmp((const char *)n->name, "CdtTrfTxInf") != 0)
            continue;
        if (!pence_at(p, n, "Amt/InstdAmt", &amount))
            return false;
        bool accepted = !fb_mishap(p->w);
        answer_payment(p, n, accepted);
        total += accepted ? amount : 0;
        if (accepted && fb_mishap(p->w))
            send_back(p, n, amount, day);
    }
    buf_adds(p->answer, "</OrgnlPmtInfAndSts>");
    struct fb_entry *x = fb_book(p->w, day, -total);
    x->class = FB_RUN;
    x->batch = id;
    x->text = id;
    return true;
}

bool fb_take_pain(struct fb_world *w, struct str file, struct buf *answer, struct err *e)
{
    struct pain p = {w, answer, e};
    xmlDoc *doc = xml_parse(w->a, file, &xml_limits_document, e);
    const xmlNode *root = doc ? child(xmlDocGetRootElement(doc), "CstmrCdtTrfInitn") : NULL;
    if (!root)
        return doc ? err_set(e, "not a pain.001 file") : false;
    const char *id = text_at(&p, root, "GrpHdr/MsgId");
    w->message = id;
    buf_adds(answer, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"><CstmrPmtStsRpt>"
                     "<OrgnlGrpInfAndSts><OrgnlMsgId>");
    fb_write_xml(answer, id ? id : "");
    buf_adds(answer, "</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>");
    for (const xmlNode *n = root->children; n; n = n->next)
        if (n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, "PmtInf") == 0 && !book_block(&p, n))
            return false;
    buf_adds(answer, "</CstmrPmtStsRpt></Document>\n");
    fb_state(w);
    return true;
}
