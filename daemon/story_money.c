/* The chapters of those who provide and those who pay: accepted, delivered, billed, paid, reconciled, followed. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "daemon/base/civil.h"
#include "daemon/base/money.h"
#include "daemon/story_tale.h"

enum { LOOKS = 100, LOOK_MS = 200 };

/* ---- providers ---- */

static bool accept_order(struct tale *t, const char *name, const char *order)
{
    const char *page = arena_printf(t->arena, "/provider/requests/%s", order);
    return tale_sign_in(t, name) && story_get(t->client, "/provider", &t->error) && tale_open(t, page) &&
           story_press(t->client, "/accept", NULL, NULL, &t->error) && story_get(t->client, page, &t->error) && tale_expect(t, "You accepted this");
}

bool tale_providers_accept(struct tale *t)
{
    if (!accept_order(t, "Olivia Stone", t->order) || !accept_order(t, "Priya Nair", t->walk))
        return false;
    tale_say(t, "Olivia of Hearth and Home Care accepts Amina's request, Priya accepts Tom's. The visits are in their week.");
    return true;
}

/* The first visit of an order, as its person sees it: its reference from the page of the order. */
static const char *first_visit(struct tale *t, const char *path)
{
    if (!story_get(t->client, path, &t->error))
        return NULL;
    struct str page = story_body(t->client);
    const char *at = memmem(page.p, page.n, "/visits/", 8);
    if (!at) {
        err_set(&t->error, "%s shows no visit to answer about", path);
        return NULL;
    }
    return arena_strndup(t->arena, at + 8, 9);
}

/* Says of the visit of today of this order that it happened; the page of the week has one form a visit. */
static bool deliver_today(struct tale *t, const char *name, const char *order)
{
    if (!tale_sign_in(t, name) || !story_get(t->client, "/provider/visits", &t->error))
        return false;
    struct str page = story_body(t->client);
    const char *at = memmem(page.p, page.n, order, strlen(order));
    const char *form = at ? memmem(at, (size_t)(page.p + page.n - at), "/provider/visits/", 17) : NULL;
    if (!form)
        return err_set(&t->error, "the week of %s has no visit of order %s to record", name, order);
    return story_press(t->client, arena_strndup(t->arena, form, strcspn(form, "\"")), NULL, NULL, &t->error);
}

bool tale_visits_happen(struct tale *t)
{
    if (!deliver_today(t, "Olivia Stone", t->order) || !deliver_today(t, "Priya Nair", t->walk) || !tale_sign_in(t, "Amina Yusuf"))
        return false;
    const char *visit = first_visit(t, arena_printf(t->arena, "/orders/%s", t->order));
    if (!visit || !story_press(t->client, arena_printf(t->arena, "/visits/%s/confirm", visit), NULL, NULL, &t->error))
        return false;
    tale_say(t, "Today's visits are recorded. Amina says: yes, it happened.");
    if (!tale_sign_in(t, "Nadia Rahman"))
        return false;
    visit = first_visit(t, arena_printf(t->arena, "%s/orders/%s", t->tom, t->walk));
    if (!visit || !story_press(t->client, arena_printf(t->arena, "/visits/%s/confirm", visit), NULL, NULL, &t->error))
        return false;
    tale_say(t, "Nadia confirms Tom's walk.");
    return true;
}

/* ---- invoices ---- */

static const char *party(struct arena *a, const char *name, const char *tax)
{
    return arena_printf(a,
                        "<cac:Party><cac:PostalAddress><cac:Country><cbc:IdentificationCode>GB</cbc:IdentificationCode></cac:Country>"
                        "</cac:PostalAddress>%s<cac:PartyLegalEntity><cbc:RegistrationName>%s</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party>",
                        tax, name);
}

#define VAT_SCHEME "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
#define EXEMPT "<cbc:ID>E</cbc:ID><cbc:Percent>0</cbc:Percent>"

/* Hours of an order at a price in pence, as a provider's software would write it (UBL 2.1, EN 16931, exempt from VAT). */
static struct str ubl_invoice(struct tale *t, const char *number, int hours, int64_t price)
{
    struct buf b = {0};
    const char *day = civil_iso(t->arena, t->today), *net = money_plain(t->arena, hours * price);
    buf_adds(&b, "<Invoice xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2\" "
                 "xmlns:cac=\"urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2\" "
                 "xmlns:cbc=\"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2\">"
                 "<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>");
    buf_addf(&b, "<cbc:ID>%s</cbc:ID><cbc:IssueDate>%s</cbc:IssueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>"
                 "<cbc:DocumentCurrencyCode>GBP</cbc:DocumentCurrencyCode><cbc:BuyerReference>%s</cbc:BuyerReference><cac:InvoicePeriod><cbc:StartDate>%s"
                 "</cbc:StartDate><cbc:EndDate>%s</cbc:EndDate></cac:InvoicePeriod><cac:OrderReference><cbc:ID>%s</cbc:ID></cac:OrderReference>",
             number, day, t->order, day, day, t->order);
    buf_addf(&b, "<cac:AccountingSupplierParty>%s</cac:AccountingSupplierParty><cac:AccountingCustomerParty>%s</cac:AccountingCustomerParty>"
                 "<cac:PaymentTerms><cbc:Note>30 days</cbc:Note></cac:PaymentTerms>",
             party(t->arena, "Hearth and Home Care", "<cac:PartyTaxScheme><cbc:CompanyID>GB123456789</cbc:CompanyID>" VAT_SCHEME "</cac:PartyTaxScheme>"),
             party(t->arena, "Eastmere Council", ""));
    buf_addf(&b, "<cac:TaxTotal><cbc:TaxAmount currencyID=\"GBP\">0.00</cbc:TaxAmount><cac:TaxSubtotal><cbc:TaxableAmount currencyID=\"GBP\">%s"
                 "</cbc:TaxableAmount><cbc:TaxAmount currencyID=\"GBP\">0.00</cbc:TaxAmount><cac:TaxCategory>" EXEMPT
                 "<cbc:TaxExemptionReason>Welfare services</cbc:TaxExemptionReason>" VAT_SCHEME "</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>",
             net);
    buf_addf(&b, "<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID=\"GBP\">%s</cbc:LineExtensionAmount><cbc:TaxExclusiveAmount currencyID=\"GBP\">%s"
                 "</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount currencyID=\"GBP\">%s</cbc:TaxInclusiveAmount><cbc:PayableAmount currencyID=\"GBP\">%s"
                 "</cbc:PayableAmount></cac:LegalMonetaryTotal>",
             net, net, net, net);
    buf_addf(&b, "<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode=\"HUR\">%d</cbc:InvoicedQuantity><cbc:LineExtensionAmount currencyID=\"GBP\">"
                 "%s</cbc:LineExtensionAmount><cac:Item><cbc:Name>Personal care at home</cbc:Name><cac:ClassifiedTaxCategory>" EXEMPT VAT_SCHEME
                 "</cac:ClassifiedTaxCategory></cac:Item><cac:Price><cbc:PriceAmount currencyID=\"GBP\">%s</cbc:PriceAmount></cac:Price></cac:InvoiceLine></Invoice>\n",
             hours, net, money_plain(t->arena, price));
    struct str whole = str_of(str_dup(t->arena, buf_str(&b)));
    buf_finish(&b);
    return whole;
}

/* Looks at a page until it says this: files are read by the jobs process in its own time. */
static bool wait_for(struct tale *t, const char *path, const char *words)
{
    for (int i = 0; i < LOOKS; i++) {
        if (!story_get(t->client, path, &t->error))
            return false;
        if (strstr(story_words(t->client), words))
            return true;
        nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000L}, NULL);
    }
    return tale_expect(t, words);
}

static bool send_invoice(struct tale *t, const char *number, int64_t price, const char *verdict)
{
    return story_get(t->client, "/provider/invoices/upload", &t->error) &&
           story_send_file(t->client, "/provider/invoices/upload", "file", arena_printf(t->arena, "%s.xml", number), ubl_invoice(t, number, 2, price), &t->error) &&
           (strstr(story_path(t->client), "/files/") || tale_open(t, arena_printf(t->arena, "%s.xml", number))) &&
           wait_for(t, story_path(t->client), verdict);
}

bool tale_invoices_arrive(struct tale *t)
{
    const char *first = arena_printf(t->arena, "%s-1", t->order), *second = arena_printf(t->arena, "%s-2", t->order);
    if (!tale_sign_in(t, "Olivia Stone") || !send_invoice(t, first, t->agreed_price, "Your invoice is approved"))
        return false;
    tale_say(t, "Olivia's software sends invoice %s (UBL). It fits the order and the visit: approved, and nobody had to look at it.", first);
    if (!send_invoice(t, second, t->agreed_price + 190, "A person is looking at your invoice"))
        return false;
    tale_say(t, "Invoice %s asks for more, and for a visit that nobody made. It waits for a person.", second);
    struct story_field order[] = {{"order", t->walk}, {NULL, NULL}};
    if (!tale_sign_in(t, "Priya Nair") || !story_get(t->client, arena_printf(t->arena, "/provider/invoices/self-bill?order=%s", t->walk), &t->error) ||
        !story_press(t->client, "/self-bill", "Issue this invoice", order, &t->error) || story_status(t->client) >= 400)
        return false;
    tale_say(t, "Priya works alone: she checks what was confirmed, and the invoice is written for her.");
    if (!tale_sign_in(t, "Ravi Patel") || !story_get(t->client, "/council/exceptions", &t->error) || !tale_expect(t, second) || !tale_expect(t, "the order says"))
        return false;
    tale_say(t, "Ravi, a finance officer, finds %s among the questions, with the reason: the price is not the one in the order.", second);
    return true;
}

/* ---- paying ---- */

static bool press_in_run(struct tale *t, const char *name, const char *act)
{
    return tale_sign_in(t, name) && story_get(t->client, t->run, &t->error) &&
           story_press(t->client, arena_printf(t->arena, "%s/%s", t->run, act), NULL, NULL, &t->error);
}

bool tale_officers_pay(struct tale *t)
{
    if (!story_get(t->client, "/council/runs/new", &t->error) || !story_press(t->client, "/council/runs/new", NULL, NULL, &t->error))
        return false;
    const char *path = story_path(t->client);
    t->run = arena_strndup(t->arena, path, strcspn(path, "?"));
    if (!strstr(t->run, "/council/runs/") || !press_in_run(t, "Ravi Patel", "freeze") || !press_in_run(t, "Ravi Patel", "approve"))
        return err_set(&t->error, "%s: %.200s", t->run, story_words(t->client));
    if (!strstr(story_words(t->client), "Somebody else has to approve it"))
        return err_set(&t->error, "Ravi could approve his own run");
    tale_say(t, "Ravi puts a payment run together and freezes it. He cannot approve it himself: \"Somebody else has to approve it.\"");
    if (!press_in_run(t, "Susan Oakes", "approve") || !press_in_run(t, "Ravi Patel", "emit") || !tale_expect(t, "Payment file"))
        return false;
    if (!story_get(t->client, arena_printf(t->arena, "%s/file", t->run), &t->error))
        return false;
    t->payment_file = str_of(str_dup(t->arena, story_body(t->client)));
    tale_say(t, "Susan approves it, and Ravi makes the file for the bank (pain.001, %zu bytes).", t->payment_file.n);
    return true;
}

/* What stands between two texts of the payment file. */
static const char *in_file(struct tale *t, const char *before)
{
    const char *at = t->payment_file.p ? strstr(t->payment_file.p, before) : NULL;
    return at ? arena_strndup(t->arena, at + strlen(before), strcspn(at + strlen(before), "<")) : "";
}

/* The statement of a bank that booked the file in one line (camt.053). */
static struct str bank_statement(struct tale *t)
{
    const char *message = in_file(t, "<MsgId>"), *day = in_file(t, "<ReqdExctnDt><Dt>");
    const char *agent = strstr(t->payment_file.p, "<DbtrAgt>"), *sort = agent ? strstr(agent, "<MmbId>") : NULL;
    char *text = arena_printf(
        t->arena,
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><GrpHdr><MsgId>S-%s</MsgId><CreDtTm>%sT22:00:00Z</CreDtTm></GrpHdr><Stmt>"
        "<Id>S-%s</Id><CreDtTm>%sT22:00:00Z</CreDtTm><Acct><Id><Othr><Id>%.6s%s</Id></Othr></Id><Ccy>GBP</Ccy></Acct><Ntry><Amt Ccy=\"GBP\">%s</Amt><CdtDbtInd>DBIT"
        "</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>%s</Dt></BookgDt><ValDt><Dt>%s</Dt></ValDt><AcctSvcrRef>%s</AcctSvcrRef><BkTxCd/><NtryDtls><TxDtls>"
        "<RmtInf><Ustrd>BULK PAYMENT %s</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>\n",
        message, day, message, day, sort ? sort + 7 : "", in_file(t, "<DbtrAcct><Id><Othr><Id>"), in_file(t, "<CtrlSum>"), day, day, message, message);
    return str_of(text);
}

bool tale_bank_answers(struct tale *t)
{
    if (!story_get(t->client, "/council/statements", &t->error) ||
        !story_send_file(t->client, "/council/statements", "file", "statement.xml", bank_statement(t), &t->error) ||
        !wait_for(t, story_path(t->client), "The statement was read"))
        return false;
    if (!story_get(t->client, t->run, &t->error) || !tale_expect(t, "ettled"))
        return false;
    tale_say(t, "The bank's statement (camt.053) shows one line with the run's reference. The run and its payments are settled by themselves.");
    if (!story_get(t->client, "/council", &t->error) || !tale_expect(t, "with no human hand"))
        return false;
    const char *words = strstr(story_words(t->client), "Touchless invoices");
    tale_say(t, "The council's home says: \"%.*s\".", words ? (int)strcspn(words, ".") : 0, words ? words : "");
    return true;
}

bool tale_auditor_follows(struct tale *t)
{
    if (!tale_sign_in(t, "Peter Lindqvist") || !story_get(t->client, "/council/audit?q=Amina", &t->error) || !tale_open(t, "/pound") || !tale_expect(t, t->order) ||
        !tale_expect(t, "paid by the bank"))
        return false;
    tale_say(t, "Peter, the auditor, follows Amina's money from the allocation over order %s, its visit and its invoice to the line of the bank.", t->order);
    if (!story_get(t->client, arena_printf(t->arena, "%s.csv", story_path(t->client)), &t->error) || story_status(t->client) != 200)
        return err_set(&t->error, "the trail cannot be had as CSV (%ld)", story_status(t->client));
    tale_say(t, "He takes it along as CSV, %zu bytes.", story_body(t->client).n);
    if (!story_get(t->client, "/council/audit/log/now", &t->error) || !tale_expect(t, "The log is whole"))
        return false;
    tale_say(t, "He verifies the log: it is whole.");
    return true;
}
