#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "daemon/base/json.h"
#include "payments/bank/match_json.h"
#include "payments/bank/statement.h"
#include "tests/unit/bank_reading.h"

#define CAMT(version, inner) \
    "<?xml version='1.0'?><Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001." version "'><BkToCstmrStmt><Stmt><Id>S1</Id>" \
    "<Acct><Id><Othr><Id>20123412345678</Id></Othr></Id><Ccy>GBP</Ccy></Acct>" inner "</Stmt></BkToCstmrStmt></Document>"
#define BAL(code, amount, side) \
    "<Bal><Tp><CdOrPrtry><Cd>" code "</Cd></CdOrPrtry></Tp><Amt Ccy='GBP'>" amount "</Amt><CdtDbtInd>" side "</CdtDbtInd><Dt><Dt>2026-01-31</Dt></Dt></Bal>"
#define NTRY(amount, side, more) "<Ntry><Amt Ccy='GBP'>" amount "</Amt><CdtDbtInd>" side "</CdtDbtInd>" more "</Ntry>"
#define BOOKED "<Sts>BOOK</Sts><BookgDt><Dt>2026-01-31</Dt></BookgDt>"

static void camt_quirks(void **state)
{
    (void)state;
    /* A reversal keeps the sign of its mark; the balance equation is told, and so is the reader. */
    has(CAMT("02", BAL("OPBD", "10.00", "CRDT") BAL("CLBD", "5.00", "CRDT") NTRY("5.00", "DBIT", "<RvslInd>true</RvslInd>" BOOKED)), "\"balance\":\"balances\"");
    has(CAMT("02", BAL("OPBD", "10.00", "CRDT") BAL("CLBD", "15.00", "CRDT") NTRY("5.00", "DBIT", "<RvslInd>true</RvslInd>" BOOKED)), "opposite sign");
    has(CAMT("02", BAL("PRCD", "10.00", "DBIT") BAL("CLBD", "5.00", "DBIT") NTRY("5.00", "CRDT", BOOKED)), "\"opening\":{\"amount\":\"-10.00\",\"date\":\"2026-01-31\"}");
    has(CAMT("02", NTRY("5.00", "CRDT", BOOKED)), "\"balance\":\"undecided\"");
    has(CAMT("02", BAL("OPBD", "10.00", "CRDT") BAL("CLBD", "10.00", "CRDT") NTRY("5.00", "CRDT", "<Sts>PDNG</Sts>")), "\"balance\":\"balances\"");
    has(CAMT("08", NTRY("5.00", "CRDT", "<Sts><Cd>BOOK</Cd></Sts><BookgDt><DtTm>2026-01-31T23:59:59+01:00</DtTm></BookgDt>")), "\"booked\":\"2026-01-31\"");
    has(CAMT("13", NTRY("105.75000", "CRDT", "<Sts><Cd>BOOK</Cd></Sts>")), "\"amount\":\"105.75000\"");
    has(CAMT("02", NTRY("5", "CRDT", BOOKED "<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs></TxDtls></NtryDtls>")), "\"end_to_end_id\":null");
    has(CAMT("02", ""), "\"entries\":[]");
    /* Details are an allocation; what they leave is said. */
    has(CAMT("03", NTRY("15.26", "DBIT", BOOKED "<NtryDtls><TxDtls><Amt Ccy='GBP'>15.00</Amt></TxDtls></NtryDtls>")), "\"difference\":\"-0.26\"");
    has(CAMT("03", NTRY("15.00", "DBIT", BOOKED "<NtryDtls><Btch><PmtInfId>RUN7</PmtInfId></Btch><TxDtls/><TxDtls/></NtryDtls>")), "\"batch\":\"RUN7\"");
    /* Money out went to the creditor; a return keeps the roles. */
    has(CAMT("02", NTRY("5", "DBIT", BOOKED "<NtryDtls><TxDtls><RltdPties><Dbtr><Nm>Us</Nm></Dbtr><Cdtr><Nm>Them</Nm></Cdtr></RltdPties></TxDtls></NtryDtls>")),
        "\"counterparty\":{\"name\":\"Them\"");
    has(CAMT("08", NTRY("5", "CRDT", "<Sts><Cd>BOOK</Cd></Sts><NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>Us</Nm></Pty></Dbtr><Cdtr><Pty><Nm>Them</Nm></Pty></Cdtr>"
                           "</RltdPties><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls></NtryDtls>")), "\"counterparty\":{\"name\":\"Them\"");
}

#define IN(document, inner) "<?xml version='1.0'?>" document "<BkToCstmrStmt><Stmt><Id>S1</Id>" inner "</Stmt></BkToCstmrStmt></Document>"

/* The message is known by its identifier, whoever named the space around it, or by itself where there is none. */
static void camt_namespaces(void **state)
{
    (void)state;
    has(IN("<Document xmlns='urn:bank-association:camt.053.001.02:austere:7'>", NTRY("5.00", "CRDT", BOOKED)), "\"format\":\"camt.053.001.02\"");
    has(IN("<Document xmlns='http://clearing.example/en/camt.053.001.04.xsd'>", NTRY("5.00", "CRDT", BOOKED)), "\"format\":\"camt.053.001.04\"");
    has(IN("<Document xmlns:a='urn:iso:std:iso:20022:tech:xsd:camt.053.001.07'>", NTRY("5.00", "CRDT", BOOKED)), "\"format\":\"camt.053\",\"statements\":[{\"id\":\"S1\"");
    has("<env xmlns='urn:e'><Document xmlns=''><BkToCstmrAcctRpt><Rpt><Id>R1</Id></Rpt></BkToCstmrAcctRpt></Document>"
        "<Document xmlns=''><BkToCstmrStmt><Stmt><Id>S2</Id></Stmt></BkToCstmrStmt></Document></env>", "\"id\":\"S2\"");
    has("\r\n \n" IN("<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'>", NTRY("5.00", "CRDT", BOOKED)), "\"id\":\"S1\""); /* copied with an empty line in front */
    refused(IN("<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.002.02'>", ""), "ask the bank");
    refused(IN("<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.123'>", ""), "ask the bank");
    refused("<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pain.002.001.03'><CstmrPmtStsRpt/></Document>", "answer to a payment file");
}

#define TX(inner) "<NtryDtls><TxDtls>" inner "</TxDtls></NtryDtls>"
#define BANK_TX(reference, batch) "<TxDtls><Refs><AcctSvcrRef>" reference "</AcctSvcrRef><PmtInfId>" batch "</PmtInfId></Refs><Amt Ccy='GBP'>5.00</Amt></TxDtls>"

static void camt_details(void **state)
{
    (void)state;
    /* A return that names only the one who sends the money back, and why. */
    const char *back = CAMT("02", NTRY("5", "CRDT", "<RvslInd>true</RvslInd>" BOOKED TX("<RltdPties><Dbtr><Nm>Elm Care</Nm></Dbtr><DbtrAcct><Id><Othr><Id>87654321</Id></Othr></Id>"
                            "</DbtrAcct></RltdPties><RmtInf><Ustrd>PAY 9</Ustrd></RmtInf><RtrInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>closed in May</AddtlInf></RtrInf>")));
    has(back, "\"counterparty\":{\"name\":\"Elm Care\",\"account\":\"87654321\"},\"remittance\":[\"PAY 9\",\"closed in May\"]");
    has(CAMT("02", NTRY("5", "DBIT", BOOKED TX("<RltdPties><Cdtr><Nm>Elm Care</Nm></Cdtr></RltdPties><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"))), "\"name\":\"Elm Care\"");
    has(CAMT("02", NTRY("5", "CRDT", BOOKED TX("<RltdPties><Dbtr><Nm>Us</Nm></Dbtr><DbtrAcct><Id><Othr><Id>20123412345678</Id></Othr></Id></DbtrAcct></RltdPties>"
                            "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"))), "\"counterparty\":{\"name\":null,\"account\":null}");
    /* What a bank leaves out of a statement's entry is what the message is for; of a report nothing is sure. */
    has(CAMT("02", BAL("OPBD", "10.00", "CRDT") BAL("CLBD", "5.00", "CRDT") NTRY("5.00", "DBIT", "")), "\"balance\":\"balances\"");
    has("<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.052.001.02'><BkToCstmrAcctRpt><Rpt><Id>R</Id>" NTRY("5.00", "DBIT", "") "</Rpt></BkToCstmrAcctRpt></Document>",
        "\"status\":\"info\"");
    /* Nobody is not somebody called so. */
    has(CAMT("08", NTRY("5", "CRDT", "<Sts><Cd>BOOK</Cd></Sts>" TX("<RltdPties><Dbtr><Pty><Nm>NOTPROVIDED</Nm></Pty></Dbtr><DbtrAcct><Id><Othr><Id>NOTPROVIDED</Id></Othr></Id>"
                            "</DbtrAcct></RltdPties>"))), "\"counterparty\":{\"name\":null,\"account\":null}");
    has(CAMT("02", NTRY("5", "CRDT", BOOKED TX("<RltdPties><Dbtr><Nm>NOTPROVIDED</Nm></Dbtr><UltmtDbtr><Nm>Ann</Nm></UltmtDbtr></RltdPties>"))), "\"name\":\"Ann\"");
    /* For whom somebody pays or is paid stands beside the one who has the account. */
    const char *paid_for = CAMT("08", NTRY("5", "CRDT", "<Sts><Cd>BOOK</Cd></Sts>" TX("<RltdPties><Dbtr><Pty><Nm>Elm Trust</Nm></Pty></Dbtr><DbtrAcct><Id><Othr><Id>87654321</Id></Othr></Id>"
                                "</DbtrAcct><UltmtDbtr><Pty><Nm>Ann Hall</Nm></Pty></UltmtDbtr><UltmtCdtr><Pty><Nm>Us</Nm></Pty></UltmtCdtr></RltdPties>")));
    has(paid_for, "\"counterparty\":{\"name\":\"Elm Trust\",\"account\":\"87654321\",\"ultimate\":\"Ann Hall\"},\"remittance\":[]");
    has(CAMT("02", NTRY("5", "DBIT", BOOKED TX("<RltdPties><Cdtr><Nm>Elm</Nm></Cdtr><UltmtCdtr><Nm>Ann</Nm></UltmtCdtr></RltdPties>"))), "\"account\":null,\"ultimate\":\"Ann\"}");
    has(CAMT("02", NTRY("5", "CRDT", BOOKED TX("<RltdPties><Dbtr><Nm>Elm</Nm></Dbtr><UltmtDbtr><Nm>Elm</Nm></UltmtDbtr></RltdPties>"))), "{\"name\":\"Elm\",\"account\":null}");
    /* The payments of a file, one by one under one booking, all say which file. */
    has(CAMT("04", NTRY("10", "DBIT", BOOKED "<NtryDtls>" BANK_TX("B1", "RUN8") BANK_TX("B2", "RUN8") "</NtryDtls>")), "\"batch\":\"RUN8\"");
    has(CAMT("04", NTRY("10", "DBIT", BOOKED "<NtryDtls>" BANK_TX("B1", "RUN8") BANK_TX("B2", "RUN8") "</NtryDtls>")), "\"bank_ref\":\"B2\"");
    has(CAMT("04", NTRY("10", "DBIT", BOOKED "<NtryDtls>" BANK_TX("B1", "RUN8") BANK_TX("B2", "RUN9") "</NtryDtls>")), "\"instruction_id\":null,\"counterparty\"");
    has(CAMT("04", NTRY("10", "DBIT", BOOKED TX("<Refs><PmtInfId>NOTPROVIDED</PmtInfId></Refs>"))), "\"instruction_id\":null,\"counterparty\"");
    /* Every reference that a payment has. */
    has(CAMT("08", NTRY("5", "DBIT", "<Sts><Cd>BOOK</Cd></Sts>" TX("<Refs><MsgId>FILE-7</MsgId><UETR>11111111-2222-4333-8444-555555555555</UETR><TxId>T7</TxId></Refs>"))),
        "\"transaction_id\":\"T7\",\"uetr\":\"11111111-2222-4333-8444-555555555555\",\"message_id\":\"FILE-7\"");
    /* The bank's own word for the kind of entry, else the standard's. */
    has(CAMT("02", NTRY("5", "CRDT", BOOKED "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>")), "\"kind\":\"PMNT-RCDT-ESCT\"");
    has(CAMT("02", NTRY("5", "CRDT", BOOKED "<BkTxCd><Domn><Cd>PMNT</Cd></Domn><Prtry><Cd>Bacs credit</Cd></Prtry></BkTxCd>")), "\"kind\":\"Bacs credit\"");
    /* What the account was charged rather than what was ordered in another currency. */
    has(CAMT("02", NTRY("5", "DBIT", BOOKED TX("<AmtDtls><InstdAmt><Amt Ccy='EUR'>6.00</Amt></InstdAmt><CntrValAmt><Amt Ccy='GBP'>4.90</Amt></CntrValAmt></AmtDtls>"))), "\"difference\":\"-0.10\"");
    has(CAMT("08", NTRY("5.00", "DBIT", "<Sts><Cd>BOOK</Cd></Sts>" TX("<Amt Ccy='EUR'>6.00</Amt><AmtDtls><TxAmt><Amt Ccy='GBP'>5.00</Amt></TxAmt></AmtDtls>"))), "\"details\":[{\"amount\":\"-5.00\",\"end");
    has(CAMT("08", NTRY("5.00", "DBIT", "<Sts><Cd>BOOK</Cd></Sts>" TX("<Amt Ccy='EUR'>6.00</Amt>"))), "\"details\":[{\"amount\":\"-6.00\",\"currency\":\"EUR\"");
    has(CAMT("01", NTRY("5", "CRDT", BOOKED TX("<RltdPties><DbtrAcct><Id><PrtryAcct><Id>0042</Id></PrtryAcct></Id></DbtrAcct></RltdPties>"
                            "<RmtInf><Strd><RfrdDocInf><RfrdDocNb>INV 4</RfrdDocNb></RfrdDocInf></Strd></RmtInf>"))), "\"account\":\"0042\"},\"remittance\":[\"INV 4\"]");
}

#define DAY(code, amount, day) "<Bal><Tp><CdOrPrtry><Cd>" code "</Cd></CdOrPrtry></Tp><Amt Ccy='GBP'>" amount "</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>" day "</Dt></Dt></Bal>"

/* Of the balances of several days the first opens and the last closes, in whatever order they stand. */
static void camt_days(void **state)
{
    (void)state;
    const char *rising = CAMT("02", DAY("OPBD", "1.00", "2026-01-05") DAY("CLBD", "4.00", "2026-01-05") DAY("OPBD", "4.00", "2026-01-06") DAY("CLBD", "6.00", "2026-01-06")
                              NTRY("3.00", "CRDT", BOOKED) NTRY("2.00", "CRDT", BOOKED));
    has(rising, "\"opening\":{\"amount\":\"1.00\",\"date\":\"2026-01-05\"},\"closing\":{\"amount\":\"6.00\",\"date\":\"2026-01-06\"},\"balance\":\"balances\"");
    has(CAMT("02", DAY("CLBD", "6.00", "2026-01-06") DAY("CLBD", "4.00", "2026-01-05") DAY("OPBD", "4.00", "2026-01-06") DAY("OPBD", "1.00", "2026-01-05")
             NTRY("5.00", "CRDT", BOOKED)), "\"balance\":\"balances\"");
    has(CAMT("02", DAY("OPBD", "1.00", "2026-01-05") DAY("PRCD", "9.00", "2026-01-04") DAY("CLBD", "1.00", "2026-01-05")), "\"balance\":\"balances\"");
}

static void camt_refusals(void **state)
{
    (void)state;
    refused("<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pain.001.001.09'><CstmrCdtTrfInitn/></Document>", "not a camt");
    refused("<Document><Other/></Document>", "not a camt");
    refused("<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'><BkToCstmrAcctRpt/></Document>", "announces");
    refused("<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'><BkToCstmrStmt/></Document>", "holds no statement");
    refused("<html/>", "holds no camt");
    refused(CAMT("02", NTRY("5,00", "CRDT", BOOKED)), "cannot be read");
    refused(CAMT("02", NTRY("five", "CRDT", BOOKED)), "cannot be read");
    refused(CAMT("02", NTRY("5.00", "CREDIT", BOOKED)), "cannot be read");
    refused(CAMT("02", NTRY("5.00", "CRDT", "<Sts>DONE</Sts>")), "cannot be read");
    refused(CAMT("02", NTRY("5.00", "CRDT", "<Sts>BOOK</Sts><BookgDt><Dt>2026-02-30</Dt></BookgDt>")), "cannot be read");
    refused(CAMT("02", "<Ntry><CdtDbtInd>CRDT</CdtDbtInd></Ntry>"), "no amount");
    refused(CAMT("02", "<Ntry>"), "mismatch");
    refused(CAMT("02", NTRY("5.00", "CRDT", "<Amt Ccy='GBP'>50.00</Amt>" BOOKED)), "Amt: there are two");
    refused(CAMT("02", NTRY("5.00", "CRDT", "<CdtDbtInd>DBIT</CdtDbtInd>" BOOKED)), "CdtDbtInd: there are two");
    refused(CAMT("02", NTRY("5.00", "CRDT", BOOKED TX("<Amt Ccy='GBP'>1.00</Amt><Amt Ccy='GBP'>4.00</Amt>"))), "Amt: there are two");
    refused(CAMT("02", "<Bal><Amt Ccy='GBP'>1</Amt><Amt Ccy='GBP'>2</Amt></Bal>"), "Amt: there are two");
    refused("<!DOCTYPE Document [<!ENTITY a 'b'>]><Document/>", "document type");
}

/* The object that the lines would be: what `statement read --json` prints of the same file. */
static json_t *joined(struct arena *a, struct str lines)
{
    json_t *all = json_object(), *entries = json_array();
    json_t *statements = json_array();
    json_object_set_new(all, "statements", statements);
    lines.n--; /* behind the last line feed is no line */
    for (struct str line; str_cut(&lines, '\n', &line);) {
        struct err e = {""};
        json_t *j = json_read(a, line, 1 << 20, &e), *head = json_object_get(j, "statement");
        if (!j)
            fail_msg("%s", e.text);
        if (!head) {
            json_array_append(entries, j);
            continue;
        }
        json_object_set(all, "format", json_object_get(head, "format"));
        json_object_del(head, "format");
        json_object_set_new(head, "entries", entries);
        json_array_append(statements, head);
        entries = json_array();
    }
    assert_int_equal(json_array_size(entries), 0); /* none behind the last statement */
    json_decref(entries);
    return all;
}

/* An entry or a statement's head is one line, and the lines say what the object says. */
static void lines_are(const char *text, size_t n)
{
    struct arena *a = arena_create(0);
    struct buf object = {0}, lines = {0};
    struct err e = {""};
    assert_true(statement_read_json(str_of(text), &object, &e));
    assert_true(statement_read_lines(str_of(text), &lines, &e));
    size_t found = 0;
    for (size_t i = 0; i < lines.n; i++)
        found += lines.p[i] == '\n';
    assert_int_equal(found, n);
    json_t *one = json_read(a, buf_str(&object), 1 << 20, &e), *other = joined(a, buf_str(&lines));
    if (!json_equal(one, other))
        fail_msg("%s as lines: %s", object.p, lines.p);
    json_decref(other);
    buf_finish(&object);
    buf_finish(&lines);
    arena_destroy(&a);
}

static void lines(void **state)
{
    (void)state;
    lines_are(CAMT("02", ""), 1);
    lines_are(CAMT("08", BAL("OPBD", "10.00", "CRDT") BAL("CLBD", "15.00", "CRDT") NTRY("5.00", "DBIT", "<RvslInd>true</RvslInd>" BOOKED)), 2);
    lines_are(CAMT("03", NTRY("15.26", "DBIT", BOOKED "<NtryDtls><TxDtls><RmtInf><Ustrd>two\nlines</Ustrd></RmtInf></TxDtls></NtryDtls>") NTRY("1", "CRDT", BOOKED)), 3);
    lines_are(":20:A\n:25:1\n:60F:C260101GBP10,\n:61:260101C5,NTRFX\n:86:one\ntwo\n:62F:C260101GBP15,\n-\n:20:B\n:25:2\n:60F:C260101GBP1,\n:62F:C260101GBP1,\n-\n", 3);
    /* Two accounts in one file are two statements. */
    lines_are("Date,Sort Code,Account Number,Counterparty,Reference,Amount,DR/CR,Balance\n20260203,20-12-34,12345678,Tom,RENT,5.00,DR,1.00\n"
              "20260203,20-12-34,12345678,Tom,RENT,1.00,CR,2.00\n20260203,20-12-34,87654321,Ann,\"A \"\"B\"\"\",5.00,DR,1.00\n", 5);
    struct buf out = {0};
    struct err e = {""};
    buf_adds(&out, "before");
    assert_false(statement_read_lines(str_of("Date,Sort Code,Account Number,Counterparty,Reference,Amount,DR/CR,Balance\n20260203,20-12-34,12345678,Tom,RENT,5.00,DR,1.00\nx,,,,,,,\n"), &out, &e));
    assert_int_equal(out.n, 6);
    buf_finish(&out);
}

/* The text in UTF-16, as bytes. */
static struct str wide(struct arena *a, const char *text, bool big)
{
    size_t n = strlen(text);
    char *out = arena_alloc(a, 2 * n + 2);
    memcpy(out, big ? "\xFE\xFF" : "\xFF\xFE", 2);
    for (size_t i = 0; i < n; i++)
        out[2 + 2 * i + (big ? 1 : 0)] = text[i];
    return (struct str){out, 2 * n + 2};
}

static void encodings(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "<?xml version='1.0' encoding='UTF-16'?>" "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'><BkToCstmrStmt><Stmt><Id>WIDE</Id></Stmt></BkToCstmrStmt></Document>",
        ":20:WIDE\n:25:1\n:60F:C260101GBP1,\n:62F:C260101GBP1,\n-\n",
        "\"Date\",\"Details\",\"Amount\",\"Balance\"\n\"31/01/2026\",\"WIDE\",\"1.00\",\"1.00\"\n",
    };
    struct arena *a = arena_create(0);
    struct buf out = {0};
    struct err e = {""};
    for (size_t i = 0; i < 2 * sizeof texts / sizeof *texts; i++) {
        struct str in = wide(a, texts[i / 2], i % 2);
        out.n = 0;
        if (!statement_read_json(in, &out, &e) || !memmem(out.p, out.n, "\"WIDE\"", 6))
            fail_msg("text %zu: %s", i, e.text);
        assert_false(statement_read_json((struct str){in.p, in.n - 1}, &out, &e)); /* half a character */
    }
    assert_false(statement_read_json((struct str){"\xFF\xFE" "a\0\0\xDC" "b\0", 8}, &out, &e));
    assert_non_null(strstr(e.text, "UTF-16"));
    has("\xEF\xBB\xBF\"Date\",\"Details\",\"Amount\",\"Balance\"\n\"31/01/2026\",\"x\",\"1.00\",\"1.00\"\n", "\"amount\":\"1.00\"");
    buf_finish(&out);
    arena_destroy(&a);
}

/* What is no statement is told apart, with what to do. */
static void other_files(void **state)
{
    (void)state;
    refused("PK\x03\x04 sheet", "save the sheet as CSV");
    refused("%PDF-1.7\n", "ask the bank");
    refused("!Type:Bank\nD1/1/26\n", "QIF");
    refused("OFXHEADER:100\n", "OFX");
    refused("\x1F\x8B\x08", "unpack");
    refused(" \n", "empty");
}

static void csv_dialects(void **state)
{
    (void)state;
    const char *lloyds = "Transaction Date,Transaction Type,Sort Code,Account Number,Transaction Description,Debit Amount,Credit Amount,Balance\n";
    char text[2048];
    snprintf(text, sizeof text, "%s31/01/2026,FPI,'20-12-34,12345678,\"SMITH, J\",,10.00,110.00\n30/01/2026,DEB,'20-12-34,12345678,RENT,\"1,250.50\",,100.00\n", lloyds);
    has(text, "\"account\":\"20123412345678\"");
    has(text, "\"amount\":\"-1250.50\"");
    has(text, "\"balance\":\"balances\"");
    has(text, "\"opening\":{\"amount\":\"1350.50\",\"date\":\"2026-01-30\"}");
    snprintf(text, sizeof text, "%s31/01/2026,FPI,'20-12-34,12345678,A,,10.00,110.00\n30/01/2026,DEB,'20-12-34,12345678,B,5.00,,101.00\n", lloyds);
    has(text, "\"balance\":\"differs\"");
    has("Number,Date,Account,Amount,Subcategory,Memo\r\n 1,03/02/2026,20-12-34 12345678,-5.00,PAYMENT,RENT\r\n", "\"booked\":\"2026-02-03\"");
    has("Date,Sort Code,Account Number,Counterparty,Reference,Amount,DR/CR,Balance\n20260203,20-12-34,12345678,Tom,RENT,5.00,DR,1.00\n", "\"amount\":\"-5.00\"");
    has("Date,Type,Description,Value,Balance,Account Name,Account Number\n03 Feb 2026,D/D,RENT,-5.00,1.00,Us,201234-12345678,\n", "\"amount\":\"-5.00\"");
    const char *revolut = "Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance\n";
    snprintf(text, sizeof text, "%sTOPUP,Current,2026-03-01 09:00:00,2026-03-01 09:00:05,Tom,6.00,0.00,GBP,COMPLETED,6.00\n"
             "TOPUP,Current,2026-03-02 09:00:00,,Tom,1.00,0.00,GBP,PENDING,\nTOPUP,Current,2026-03-03 09:00:00,2026-03-03 09:00:05,Tom,2.00,0.00,GBP,COMPLETED,8.00\n", revolut);
    has(text, "\"amount\":\"1.00\",\"booked\":null,\"value\":null,\"status\":\"pending\"");
    has(text, "\"balance\":\"balances\"");
    snprintf(text, sizeof text, "%sTOPUP,Current,2026-03-01 09:00:00,,Tom,6.00,0.00,GBP,COMPLETED,6.00\n", revolut);
    refused(text, "no date");
    has("Transaction ID,Date,Time,Type,Name,Emoji,Category,Amount,Currency,Local amount,Local currency,Notes and #tags,Address,Receipt,Description,Category split,"
        "Money Out,Money In\ntx_1,01/10/2026,09:12:00,Faster payment,Kwame,,Income,450.00,GBP,450.00,GBP,,,,\"MCK7M24QXC, thanks\",,,450.00\n",
        "\"counterparty\":{\"name\":\"Kwame\",\"account\":null},\"remittance\":[\"MCK7M24QXC, thanks\"]");
    snprintf(text, sizeof text, "%sATM,Current,2026-03-01 09:00:00,2026-03-01 09:00:05,Cash,-40.00,1.50,GBP,COMPLETED,58.50\n"
             "TOPUP,Current,2026-03-02 09:00:00,2026-03-02 09:00:05,Tom,6.00,0.00,GBP,COMPLETED,64.50\n", revolut);
    has(text, "\"amount\":\"-41.50\"");
    has(text, "\"details\":[{\"amount\":\"-40.00\",");
    has(text, "\"difference\":\"-1.50\"");
    has(text, "\"opening\":{\"amount\":\"100.00\",\"date\":\"2026-03-01\"}");
    snprintf(text, sizeof text, "%sATM,Current,2026-03-01 09:00:00,2026-03-01 09:00:05,Cash,-40.00,some,GBP,COMPLETED,58.50\n", revolut);
    refused(text, "no fee");
    has(" Date,Type,Merchant/Description,Debit/Credit,Balance\n\n31/01/2026,DD,RENT,-\xC2\xA3" "5.00,+\xC2\xA3" "1.00\n30/01/2026,CR,***,+\xC2\xA3" "6.00,+\xC2\xA3" "6.00\n\n"
        "Arranged overdraft limit,31/01/2026,\xC2\xA3" "0.00\n", "\"balance\":\"balances\"");
    has("Transaction ID,Date,Time,Type,Name,Emoji,Category,Amount,Currency,Local amount,Local currency,Notes and #tags\n"
        "tx_1,01/10/2026,09:12:00,Faster payment,Kwame,,Income,450.00,GBP,450.00,GBP,MCK7M24QXC\n", "\"remittance\":[\"MCK7M24QXC\"]");
    has("Date, Type, Description, Value, Balance, Account Name, Account Number\n03 Feb 2026,D/D,\"'RENT, MARCH\",-5.00,1.00,\"'Us\",\"'201234-12345678\",\n", "\"remittance\":[\"RENT, MARCH\"]");
    has("Account:;1\nDate;Description;Amount;Balance\n31/01/2026;\"RENT; MARCH\";-5.00;95.00\n01/02/2026;a,b,c,d,e;5.00;100.00\n", "\"remittance\":[\"RENT; MARCH\"]");
    has("Date\tDescription\tAmount\tBalance\n31/01/2026\tRENT\t-5.00\t95.00\n", "\"amount\":\"-5.00\"");
    has("Date,Description,Amount,Balance\n31/01/2026,a;b;c;d;e,(5.00),95.00 CR\n01/02/2026,GIFT,5.00,100.00 CR\n\x1A", "\"balance\":\"balances\"");
    refused("Date;Description;Amount;Balance\n31/01/2026;RENT;-5,00;95,00\n", "no amount");
    refused("Date,What,How much\n1/1/2026,x,5\n", "known are barclays");
    snprintf(text, sizeof text, "%s31/01/2026,FPI,'20-12-34,12345678,A,5.00,10.00,110.00\n", lloyds);
    refused(text, "for certain");
    snprintf(text, sizeof text, "%s31/02/2026,FPI,'20-12-34,12345678,A,,10.00,110.00\n", lloyds);
    refused(text, "no date");
    snprintf(text, sizeof text, "%s31/01/2026,FPI,'20-12-34,12345678,A,,1,00,110.00\n", lloyds);
    refused("", "empty");
    refused("Number,Date,Account,Amount,Subcategory,Memo\n1,03/02/2026,1,12,34.5,RENT\n,\"", "row");
}

/* A header that no list has, read by the names in it. */
static void csv_by_names(void **state)
{
    (void)state;
    const char *two = "Sort Code,Account Number,Currency,BIC,Date,Narrative #1,Narrative #2,Narrative #3,Transaction Type,Debit,Credit\n"
                      "60-11-11,12345678,GBP,NWBKGB2L,31/01/2026,J SMITH,MCK7M24QXC,,BAC,,10.00\n60-11-11,12345678,GBP,NWBKGB2L,31/01/2026,RENT,,,D/D,50.00,\n";
    has(two, "\"account\":\"60111112345678\",\"currency\":\"GBP\"");
    has(two, "\"amount\":\"10.00\"");
    has(two, "\"remittance\":[\"J SMITH\",\"MCK7M24QXC\"]");
    has(two, "\"amount\":\"-50.00\"");
    has("Value date,Post date,IBAN,Sort code,Bank reference,Narrative,Customer reference,Credit amount (GBP),Debit amount (GBP)\n"
        "30/01/2026,31/01/2026,GB29NWBK60161331926819,601613,B1,SMITH,R1,,-3.20\n",
        "\"account\":\"GB29NWBK60161331926819\",\"currency\":\"GBP\",\"entries\":[{\"amount\":\"-3.20\",\"booked\":\"2026-01-31\",\"value\":\"2026-01-30\"");
    has("Transaction Date,Date,Payee,Notes,Amount,Running balance\n29 Jan 2026,30 Jan 2026,Tom,Rent,\"-1,000.00\",5.00\n30 Jan 2026,31 Jan 2026,Ann,Gift,1.00,6.00\n", "\"balance\":\"balances\"");
    has("Date,Details,Debit,Credit\n2026/01/05,x,1.00,\n", "\"booked\":\"2026-01-05\"");
    static const char *const days[] = {"05.01.26", "05/01/26", "05Jan26", "05JAN2026", "5 Jan 2026", "05-Jan-26", "05.01.2026", "05/01/2026 09:00"}, *const no_days[] = {"05-01-26", "2601", "05Jan6", "05Foo26", "01/13/2026"};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        char text[80];
        snprintf(text, sizeof text, "Date,Details,Debit,Credit\n%s,x,1.00,\n", days[i]);
        has(text, "\"booked\":\"2026-01-05\"");
    }
    for (size_t i = 0; i < sizeof no_days / sizeof *no_days; i++) {
        char text[80];
        snprintf(text, sizeof text, "Date,Details,Debit,Credit\n%s,x,1.00,\n", no_days[i]);
        refused(text, "no date");
    }
    refused("Date,Details,Debit,Credit\n2026/13/05,x,1.00,\n", "no date");
    /* The name of an amount tells its currency. */
    has("Date,Counter Party,Reference,Type,Amount (EUR),Balance (EUR)\n31/01/2026,Tom,R,PAY,-4.50,10.00\n", "\"account\":null,\"currency\":\"EUR\"");
    has("Date,Details,Paid out (USD),Paid in (USD)\n31/01/2026,Tom,4.50,\n", "\"currency\":\"USD\"");
    has("Date,Details,Amount (in pounds),Balance\n31/01/2026,Tom,4.50,4.50\n", "\"currency\":\"GBP\"");
    /* Payer and payee apart; an amount without and one with its fee; what is not completed. */
    const char *apart = "Date completed (UTC),State,Payer Name,Payee Name,Merchant,Reference,Payment currency,Amount,Total amount,Fee,Balance\n"
                        "2026-01-31,COMPLETED,Ann,,,R1,GBP,5.00,5.00,0.00,104.00\n2026-01-30,COMPLETED,,Tom,,R2,GBP,-10.00,-11.00,1.00,99.00\n"
                        "2026-01-29,COMPLETED,,,Shop,R3,GBP,-10.00,-10.00,0.00,110.00\n2026-01-29,PENDING,,,Shop,R3,GBP,-1.00,-1.00,0.00,\n";
    has(apart, "\"name\":\"Ann\"");
    has(apart, "\"amount\":\"-11.00\"");
    has(apart, "\"name\":\"Tom\"");
    has(apart, "\"name\":\"Shop\"");
    has(apart, "\"status\":\"pending\"");
    refused("Date,State,Details,Debit,Credit\n31/01/2026,HELD,x,1.00,\n", "row 2: a state that may or may not be booked: \"HELD\"");
    has("Date,State,Details,Debit,Credit\n31/01/2026,declined,x,1.00,\n", "\"status\":\"info\"");
    has(apart, "\"balance\":\"balances\"");
    has("Date,Details,Amount,Balance,\n30/01/2026,RENT,10.00,90.00\n31/01/2026,RENT,10.00,80.00\n", "\"balance\":\"differs\""); /* no signs: a person looks */
    has("Date,Details,Amount,Balance,\n31/01/2026,RENT,10.00,90.00\n31/01/2026,RENT,10.00,80.00\n", "\"balance\":\"differs\"");
    has("Date,Details,Amount,Balance,\n31/01/2026,GIFT,10.00,90.00\n31/01/2026,GIFT,10.00,100.00\n", "\"balance\":\"balances\"");
    has("Date,Details,Amount,Balance,\n31/01/2026,RENT,-10.00,80.00\n31/01/2026,GIFT,10.00,90.00\n", "\"balance\":\"balances\"");
    has("Date,Text,Amount,D/C\n31/01/2026,RENT,10.00,D\n", "\"amount\":\"-10.00\"");
    has("Date,Text,Amount,Credit/debit indicator\n31/01/2026,RENT,10.00,DBIT\n", "\"amount\":\"-10.00\"");
    refused("31/01/2026,RENT,-10.00\n31/01/2026,GIFT,10.00\n", "no header line");
    refused("Date,Text,Amount\n31/01/2026,RENT,10.00\n", "money in and out apart or an amount beside a balance");
    /* A balance brought forward is no entry, and the others must lead from it to the next. */
    const char *forward = "Txn Date,Details,Paid in,Paid out,Balance\n01/01/2026,Opening balance,,,100.00\n02/01/2026,GIFT,5.00,,105.00\n";
    has(forward, "\"entries\":[{\"amount\":\"5.00\"");
    has(forward, "\"opening\":{\"amount\":\"100.00\",\"date\":\"2026-01-01\"}");
    has(forward, "\"balance\":\"balances\"");
    has("Date,Details,Paid in,Paid out,Balance\n01/01/2026,Opening balance,,,100.00\n02/01/2026,LOST,,,105.00\n", "\"entries\":[],\"opening\":null,\"closing\":null,\"balance\":\"differs\"");
    refused("Date,Details,Paid in,Paid out\n01/01/2026,x,,\n", "no amount");
    refused("Date,Details,Amount,Balance\n01/01/2026,Balance,,100.00\n", "no amount");
    /* A comma that nobody quoted would make the balance the amount's, and the amount the text's. */
    refused("Date,Details,Amount,Balance\n31/01/2026,FLAT 4,12,-5.00,100.00\n", "row 2: not as many columns");
    refused("Date,Details,Amount,Balance\n31/01/2026,FLAT\n", "row 2: not as many columns");
    has("Date,Details,Amount,Balance\n31/01/2026,FLAT 4,-5.00,100.00, ,\n", "\"amount\":\"-5.00\"");
    has("Sort Code/Account Number,Date,Details,Debit,Credit\n20-12-34 12345678,31/01/2026,x,1.00,\n", "\"account\":\"20123412345678\"");
    refused("Text,Amount,Balance\n31/01/2026,10.00,10.00\n", "needed are a date");
    refused("Date,Text,Debit,Balance\n31/01/2026,RENT,10.00,1.00\n", "needed are");
    refused("Date,Text,Amount,Amount,Balance\n31/01/2026,RENT,10.00,10.00,1.00\n", "needed are");
    refused("Date,Text,Amount,Debit,Balance\n31/01/2026,RENT,10.00,10.00,1.00\n", "needed are");
    refused("Date,Details,Paid out,Paid in\n31/01/2026,RENT,1.00,2.00\n", "row 2: no amount");
}

static void absent_references(void **state)
{
    (void)state;
    static const char *const absent[] = {"", "NONREF", "nonref", "NOTPROVIDED", "Not provided", "NOTPROV IDED", "N/A", "KREF+"};
    static const char *const present[] = {"NONREF1", "NONRE", "X NONREF", "NOTPROVIDED MCK7M24QXC", "KREF+1"};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        if (!bank_reference_is_absent(absent[i]))
            fail_msg("%s is no reference", absent[i]);
    for (size_t i = 0; i < sizeof present / sizeof *present; i++)
        if (bank_reference_is_absent(present[i]))
            fail_msg("%s is a reference", present[i]);
}

static void amounts(void **state)
{
    (void)state;
    struct bank_amount a;
    static const char *const good[][2] = {{"0", "0"}, {"000147,64", "147.64"}, {"5,", "5"}, {",5", "0.5"}, {"8.850", "8.850"}, {"1.1234500", "1.12345"}};
    static const char *const bad[] = {"", ".", "1.2.3", "1,2,3", "-1", "1e5", "1.123456", "1234567890123456789", "92233720368548"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(bank_amount_read(str_of(good[i][0]), false, &a));
        assert_string_equal(a.text, good[i][1]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (bank_amount_read(str_of(bad[i]), false, &a))
            fail_msg("%s was read", bad[i]);
    assert_true(bank_amount_read(STR("0.00"), true, &a));
    assert_string_equal(a.text, "0.00");
    assert_true(bank_amount_read_cell(STR(" -\xC2\xA3" "1,234.50"), &a));
    assert_string_equal(a.text, "-1234.50");
    static const char *const cells[][2] = {{"(5.00)", "-5.00"}, {"(\xC2\xA3" "1,234.50)", "-1234.50"}, {"5.00-", "-5.00"}, {"5.00 DR", "-5.00"}, {"5.00CR", "5.00"}, {"- 5.00", "-5.00"},
                                           {"\xE2\x88\x92" "5.00", "-5.00"}, {"\xA3" "-5.00", "-5.00"}, {"-\xA3" "5", "-5"}, {"1,234.500", "1234.500"}, {"+5.1", "5.1"}};
    static const char *const no_cells[] = {"--5.00", "(-5.00)", "-5.00-", "-5.00 DR", "5.00 DR CR", "(5.00", "5.00)", "()", "-", "DR", "5.00 D", "5 00", "1.234", "-1.234", "5.00 GBP"};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        assert_true(bank_amount_read_cell(str_of(cells[i][0]), &a));
        assert_string_equal(a.text, cells[i][1]);
    }
    for (size_t i = 0; i < sizeof no_cells / sizeof *no_cells; i++)
        if (bank_amount_read_cell(str_of(no_cells[i]), &a))
            fail_msg("%s was read", no_cells[i]);
    assert_false(bank_amount_read_cell(STR("12,34"), &a));
    assert_false(bank_amount_read_cell(STR("1,2345"), &a));
    assert_true(bank_amount_of_units(-123450, &a));
    assert_string_equal(a.text, "-1.2345");
}

static void command_contract(void **state)
{
    (void)state;
    static const char items[] = "{\"id\":\"a\",\"kind\":\"topup\",\"amount\":\"12.50\",\"due\":\"2026-01-31\",\"reference\":\"MCK7M24QXC\",\"party\":{\"id\":\"P\"},\"documents\":[]}\n";
    static const char entries[] = "{\"file\":\"x\",\"statements\":[{\"account\":\"1\",\"currency\":\"GBP\",\"entries\":[{\"amount\":\"12.5\",\"booked\":\"2026-02-01\","
                                  "\"status\":\"booked\",\"reversal\":false,\"remittance\":[\"MCK7M24QXC\"],\"details\":[]}]}]}\n";
    struct buf out = {0};
    struct err e = {""};
    assert_true(match_json(str_of(items), str_of(entries), &out, &e));
    assert_non_null(strstr(out.p, "{\"entry\":0,\"allocations\":[{\"item\":\"a\",\"amount\":\"12.50\"}],\"rule\":\"R2\",\"class\":\"post\","));
    /* What only the one transaction of an entry says counts for the entry; amounts without signs have the entry's. */
    static const char single[] = "{\"statements\":[{\"entries\":[{\"amount\":\"12.50\",\"booked\":\"2026-02-01\",\"details\":[{\"remittance\":[\"MCK7M24QXC\"]}]}]}]}\n";
    static const char paid[] = "{\"id\":\"p\",\"kind\":\"payment\",\"amount\":\"-5.00\",\"end_to_end_id\":\"E2E-0001\"}\n{\"id\":\"q\",\"kind\":\"payment\",\"amount\":\"-7.00\",\"end_to_end_id\":\"E2E-0002\"}\n";
    static const char batch[] = "{\"statements\":[{\"entries\":[{\"amount\":\"-12.00\",\"booked\":\"2026-02-01\",\"details\":[{\"amount\":\"5.00\",\"end_to_end_id\":\"E2E-0001\"},"
                                "{\"amount\":\"7.00\",\"end_to_end_id\":\"E2E-0002\"}]}]}]}\n";
    out.n = 0;
    assert_true(match_json(str_of(items), str_of(single), &out, &e));
    assert_non_null(strstr(out.p, "\"class\":\"post\""));
    out.n = 0;
    assert_true(match_json(str_of(paid), str_of(batch), &out, &e));
    assert_non_null(strstr(out.p, "[{\"item\":\"p\",\"amount\":\"-5.00\"},{\"item\":\"q\",\"amount\":\"-7.00\"}],\"rule\":\"R3\",\"class\":\"post\""));
    /* Whom the payer pays for counts as a name in the text. */
    static const char owed[] = "{\"id\":\"a\",\"kind\":\"topup\",\"amount\":\"12.50\",\"due\":\"2026-01-31\",\"party\":{\"id\":\"P\",\"name\":\"Ann Hall\"}}\n";
    static const char on_behalf[] = "{\"statements\":[{\"entries\":[{\"amount\":\"12.50\",\"booked\":\"2026-02-01\",\"counterparty\":{\"name\":\"Elm Trust\",\"ultimate\":\"Ann Hall\"}}]}]}\n";
    out.n = 0;
    assert_true(match_json(str_of(owed), str_of(on_behalf), &out, &e));
    assert_non_null(strstr(out.p, "\"rule\":\"R7\",\"class\":\"propose\",\"evidence\":{\"rule\":\"R7\",\"matched_on\":[{\"field\":\"remittance\",\"ours\":\"Ann Hall\","));
    assert_false(match_json(STR("{\"id\":\"a\"}\n"), str_of(entries), &out, &e));
    assert_false(match_json(str_of(items), STR("{\"file\":\"x\",\"error\":\"broken\"}\n"), &out, &e));
    struct buf twice = {0};
    buf_adds(&twice, items);
    buf_adds(&twice, items);
    assert_false(match_json(buf_str(&twice), str_of(entries), &out, &e));
    assert_non_null(strstr(e.text, "twice"));
    buf_finish(&twice);
    buf_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(camt_quirks),  cmocka_unit_test(camt_namespaces), cmocka_unit_test(camt_details),      cmocka_unit_test(camt_days),
        cmocka_unit_test(camt_refusals), cmocka_unit_test(encodings),      cmocka_unit_test(csv_dialects),      cmocka_unit_test(csv_by_names),
        cmocka_unit_test(amounts),      cmocka_unit_test(absent_references), cmocka_unit_test(command_contract), cmocka_unit_test(lines),
        cmocka_unit_test(other_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
