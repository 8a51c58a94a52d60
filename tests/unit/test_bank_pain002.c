#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/json.h"
#include "payments/bank/pain002.h"

#define HEAD "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"><CstmrPmtStsRpt>"
#define FOOT "</CstmrPmtStsRpt></Document>"
#define GROUP(status) "<OrgnlGrpInfAndSts><OrgnlMsgId>M1</OrgnlMsgId>" status "</OrgnlGrpInfAndSts>"
#define BATCH(status, payments) "<OrgnlPmtInfAndSts><OrgnlPmtInfId>B1</OrgnlPmtInfId>" status payments "</OrgnlPmtInfAndSts>"
#define NAMED(id, more) "<TxInfAndSts><OrgnlEndToEndId>" id "</OrgnlEndToEndId>" more "</TxInfAndSts>"
#define WHY(code, words) "<StsRsnInf><Rsn><Cd>" code "</Cd></Rsn><AddtlInf>" words "</AddtlInf></StsRsnInf>"
#define REJECTED                                                                                                                            \
    "<TxInfAndSts><OrgnlInstrId>I1</OrgnlInstrId><OrgnlEndToEndId> E1 </OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC01</Cd></Rsn>" \
    "<AddtlInf>No such </AddtlInf><AddtlInf>account</AddtlInf></StsRsnInf><OrgnlTxRef><Cdtr><Nm>x</Nm></Cdtr><PmtTpInf><SvcLvl><Cd>SEPA</Cd>"  \
    "</SvcLvl></PmtTpInf></OrgnlTxRef></TxInfAndSts>"

static const struct {
    const char *in, *out;
} answers[] = {
    {HEAD GROUP("<GrpSts>ACTC</GrpSts>") FOOT,
     "{\"format\":\"pain.002.001.10\",\"answers\":[{\"level\":\"group\",\"id\":\"M1\",\"instruction_id\":null,\"status\":\"ACTC\",\"code\":null,\"info\":null}]}\n"},
    /* the original transaction repeats codes of its own: they are not the reason */
    {HEAD GROUP("") "<OrgnlPmtInfAndSts><OrgnlPmtInfId>M1-1</OrgnlPmtInfId>" REJECTED "<PmtInfSts>PART</PmtInfSts></OrgnlPmtInfAndSts>" FOOT,
     "{\"format\":\"pain.002.001.10\",\"answers\":[{\"level\":\"group\",\"id\":\"M1\",\"instruction_id\":null,\"status\":null,\"code\":null,\"info\":null},"
     "{\"level\":\"payment\",\"id\":\"E1\",\"instruction_id\":\"I1\",\"status\":\"RJCT\",\"code\":\"AC01\",\"info\":\"No such account\"},"
     "{\"level\":\"batch\",\"id\":\"M1-1\",\"instruction_id\":null,\"status\":\"PART\",\"code\":null,\"info\":null}]}\n"},
    /* in the oldest version payments stand beside the group and name their batch */
    {"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pain.002.001.02'><pain.002.001.02>" GROUP("<GrpSts>RJCT</GrpSts>")
     "<TxInfAndSts><OrgnlPmtInfId>B1</OrgnlPmtInfId><OrgnlInstrId>I1</OrgnlInstrId><TxSts>ACSC</TxSts><StsRsnInf><StsOrgtr><Id><OrgId><PrtryId><Prtry>x</Prtry></PrtryId>"
     "</OrgId></Id></StsOrgtr><StsRsn><Prtry>K1</Prtry></StsRsn><AddtlStsRsnInf>done</AddtlStsRsnInf></StsRsnInf></TxInfAndSts></pain.002.001.02></Document>",
     "{\"format\":\"pain.002.001.02\",\"answers\":[{\"level\":\"group\",\"id\":\"M1\",\"instruction_id\":null,\"status\":\"RJCT\",\"code\":null,\"info\":null},"
     "{\"level\":\"payment\",\"id\":null,\"instruction_id\":\"I1\",\"status\":\"ACSC\",\"code\":\"K1\",\"info\":\"done\"}]}\n"},
    /* several reasons; who gave one and what it cost have codes of their own; lines of words do not run into each other */
    {HEAD GROUP("<GrpSts>RJCT</GrpSts><StsRsnInf><Orgtr><Id><OrgId><Othr><Id>7</Id><SchmeNm><Cd>BANK</Cd></SchmeNm></Othr></OrgId></Id></Orgtr><Rsn><Cd>AM05</Cd></Rsn>"
                "<AddtlInf>Sent</AddtlInf><AddtlInf>twice</AddtlInf></StsRsnInf><StsRsnInf><Rsn><Prtry>HOUSE</Prtry></Rsn><AddtlInf>See desk</AddtlInf></StsRsnInf>") FOOT,
     "{\"format\":\"pain.002.001.10\",\"answers\":[{\"level\":\"group\",\"id\":\"M1\",\"instruction_id\":null,\"status\":\"RJCT\",\"code\":\"AM05\","
     "\"info\":\"Sent twice; HOUSE See desk\"}]}\n"},
    {HEAD GROUP("") "<OrgnlPmtInfAndSts><OrgnlPmtInfId>B1</OrgnlPmtInfId><TxInfAndSts><OrgnlEndToEndId>E1</OrgnlEndToEndId><TxSts>ACSP</TxSts><ChrgsInf><Agt><FinInstnId>"
     "<ClrSysMmbId><ClrSysId><Cd>GBDSC</Cd></ClrSysId></ClrSysMmbId></FinInstnId></Agt></ChrgsInf></TxInfAndSts></OrgnlPmtInfAndSts>" FOOT,
     "{\"format\":\"pain.002.001.10\",\"answers\":[{\"level\":\"group\",\"id\":\"M1\",\"instruction_id\":null,\"status\":null,\"code\":null,\"info\":null},"
     "{\"level\":\"payment\",\"id\":\"E1\",\"instruction_id\":null,\"status\":\"ACSP\",\"code\":null,\"info\":null},"
     "{\"level\":\"batch\",\"id\":\"B1\",\"instruction_id\":null,\"status\":null,\"code\":null,\"info\":null}]}\n"},
    /* in an envelope; with a namespace of another's making; with none */
    {"<e:Env xmlns:e='urn:e'><AppHdr><MsgDefIdr>pain.002.001.10</MsgDefIdr></AppHdr>" HEAD GROUP("<GrpSts>ACCP</GrpSts>") FOOT "</e:Env>",
     "{\"format\":\"pain.002.001.10\",\"answers\":[{\"level\":\"group\",\"id\":\"M1\",\"instruction_id\":null,\"status\":\"ACCP\",\"code\":null,\"info\":null}]}\n"},
    /* a reference that says there is none */
    {HEAD GROUP("") "<TxInfAndSts><OrgnlInstrId>I1</OrgnlInstrId><OrgnlEndToEndId>NOTPROVIDED</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts>" FOOT,
     "{\"format\":\"pain.002.001.10\",\"answers\":[{\"level\":\"group\",\"id\":\"M1\",\"instruction_id\":null,\"status\":null,\"code\":null,\"info\":null},"
     "{\"level\":\"payment\",\"id\":null,\"instruction_id\":\"I1\",\"status\":\"ACSC\",\"code\":null,\"info\":null}]}\n"},
    /* a batch that has neither name nor status is only where its payments stand */
    {HEAD GROUP("<GrpSts>ACCP</GrpSts>") "<OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>E1</OrgnlEndToEndId><TxSts>ACCP</TxSts></TxInfAndSts></OrgnlPmtInfAndSts>" FOOT,
     "{\"format\":\"pain.002.001.10\",\"answers\":[{\"level\":\"group\",\"id\":\"M1\",\"instruction_id\":null,\"status\":\"ACCP\",\"code\":null,\"info\":null},"
     "{\"level\":\"payment\",\"id\":\"E1\",\"instruction_id\":null,\"status\":\"ACCP\",\"code\":null,\"info\":null}]}\n"},
    {"<Document xmlns='http://clearing.example/pain.002.001.03.xx.02.xsd'><CstmrPmtStsRpt>" GROUP("<GrpSts>ACTC</GrpSts>") FOOT,
     "{\"format\":\"pain.002.001.03\",\"answers\":[{\"level\":\"group\",\"id\":\"M1\",\"instruction_id\":null,\"status\":\"ACTC\",\"code\":null,\"info\":null}]}\n"},
    {"<Document><CstmrPmtStsRpt>" GROUP("<GrpSts>ACTC</GrpSts>") FOOT,
     "{\"format\":\"pain.002\",\"answers\":[{\"level\":\"group\",\"id\":\"M1\",\"instruction_id\":null,\"status\":\"ACTC\",\"code\":null,\"info\":null}]}\n"},
};

/* What a payment inherits, as the status, code and words of each in the order of the file. */
static const struct {
    const char *in, *payments;
} inherited[] = {
    {HEAD GROUP("<GrpSts>ACSC</GrpSts>") BATCH("", NAMED("E1", "") NAMED("E2", "<TxSts>RJCT</TxSts>")) FOOT, "E1 ACSC - -; E2 RJCT - -; "},
    {HEAD GROUP("<GrpSts>PART</GrpSts>") BATCH("<PmtInfSts>ACCP</PmtInfSts>", NAMED("E1", "")) BATCH("<PmtInfSts>RJCT</PmtInfSts>" WHY("AM04", "No money"), NAMED("E2", "")) FOOT,
     "E1 ACCP - -; E2 RJCT AM04 No money; "},
    /* a reason of its own; a file rejected with its reason, whose batch says nothing; the batch before is over */
    {HEAD GROUP("<GrpSts>RJCT</GrpSts>" WHY("AM05", "Twice")) BATCH("<PmtInfSts>RJCT</PmtInfSts>", NAMED("E1", WHY("AC04", "Closed"))) BATCH("", NAMED("E2", "")) FOOT,
     "E1 RJCT AC04 Closed; E2 RJCT AM05 Twice; "},
    /* a part of the payments is not each of them, and nothing said is nothing known */
    {HEAD GROUP("<GrpSts>ACSP</GrpSts>") BATCH("<PmtInfSts>PART</PmtInfSts>", NAMED("E1", WHY("AC04", "Closed"))) FOOT, "E1 - AC04 Closed; "},
    {HEAD GROUP("<GrpSts>PART</GrpSts>") BATCH("", NAMED("E1", "")) FOOT, "E1 - - -; "},
    {HEAD GROUP("") NAMED("E1", "") FOOT, "E1 - - -; "},
};

static const struct {
    const char *in, *why;
} refused[] = {
    {"", "empty"},
    {"<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"><CstmrCdtTrfInitn/></Document>", "not a pain.002"},
    {"<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"><Other/></Document>", "not an answer"},
    {HEAD FOOT, "no answer"},
    {"<Env><Other/></Env>", "no answer"},
    {"<Env>" HEAD GROUP("<GrpSts>ACCP</GrpSts>") FOOT HEAD GROUP("<GrpSts>ACCP</GrpSts>") FOOT "</Env>", "send each by itself"},
    {HEAD GROUP("") "<OrgnlPmtInfAndSts><PmtInfSts>RJCT</PmtInfSts></OrgnlPmtInfAndSts>" FOOT, "batch does not say which"},
    {HEAD GROUP("<GrpSts>FINE</GrpSts>"), "end of the document"},
    {HEAD GROUP("<GrpSts>fine</GrpSts>") FOOT, "status"},
    {HEAD "<OrgnlGrpInfAndSts><GrpSts>ACTC</GrpSts></OrgnlGrpInfAndSts>" FOOT, "does not say which"},
    {HEAD GROUP("<GrpSts>ACTC</GrpSts>") "<OrgnlPmtInfAndSts><OrgnlPmtInfId>B1</OrgnlPmtInfId>" NAMED("E1", "") "<PmtInfSts>RJCT</PmtInfSts></OrgnlPmtInfAndSts>" FOOT, "follows payments"},
    {HEAD BATCH("", NAMED("E1", "")) GROUP("<GrpSts>RJCT</GrpSts>") FOOT, "follows payments"},
    {"<!DOCTYPE Document>" HEAD GROUP("<GrpSts>ACTC</GrpSts>") FOOT, "document type"},
};

static void answers_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct buf out = {0};
        struct err e = {""};
        assert_true(bank_file_read_lines(str_of(answers[i].in), &out, &e));
        buf_addc(&out, '\0');
        assert_string_equal(out.p, answers[i].out);
        buf_finish(&out);
    }
}

static void statuses_are_inherited(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof inherited / sizeof *inherited; i++) {
        struct arena *a = arena_create(0);
        struct buf out = {0}, said = {0};
        struct err e = {""};
        if (!pain002_read_json(str_of(inherited[i].in), &out, &e))
            fail_msg("row %zu: %s", i, e.text);
        const json_t *all = json_object_get(json_read(a, buf_str(&out), 1 << 16, &e), "answers"), *x;
        for (size_t n = 0; (x = json_array_get(all, n)); n++) {
            const char *code = json_text(x, "code"), *info = json_text(x, "info"), *status = json_text(x, "status");
            if (strcmp(json_text(x, "level"), "payment") == 0)
                buf_addf(&said, "%s %s %s %s; ", json_text(x, "id"), status ? status : "-", code ? code : "-", info ? info : "-");
        }
        buf_addc(&said, '\0');
        assert_string_equal(said.p, inherited[i].payments);
        buf_finish(&said);
        buf_finish(&out);
        arena_destroy(&a);
    }
}

static void others_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct buf out = {0};
        struct err e = {""};
        assert_false(pain002_read_json(str_of(refused[i].in), &out, &e));
        if (!strstr(e.text, refused[i].why))
            fail_msg("row %zu: %s", i, e.text);
        assert_int_equal(out.n, 0);
        buf_finish(&out);
    }
}

/* A file cut anywhere is refused: half an answer is no answer. */
static void cut_files_are_refused(void **state)
{
    (void)state;
    struct str whole = str_of(answers[1].in);
    for (size_t n = 0; n < whole.n; n++) {
        struct buf out = {0};
        struct err e = {""};
        assert_false(pain002_read_json((struct str){whole.p, n}, &out, &e));
        buf_finish(&out);
    }
}

static void statements_stay_statements(void **state)
{
    (void)state;
    struct buf out = {0};
    struct err e = {""};
    assert_true(bank_file_read_lines(str_of(":20:A\n:25:1\n:60F:C260101GBP1,\n:62F:C260101GBP1,\n-\n"), &out, &e));
    assert_non_null(memmem(out.p, out.n, "\"format\":\"mt940\"", 16));
    buf_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_read),
        cmocka_unit_test(statuses_are_inherited),
        cmocka_unit_test(others_are_refused),
        cmocka_unit_test(cut_files_are_refused),
        cmocka_unit_test(statements_stay_statements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
