#include "payments/bank/camt_places.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/text.h"

static const struct {
    const char *path;
    enum camt_field field;
} places[] = {
    {"", F_STATEMENT},
    {"Id", F_ID},
    {"Acct/Id/IBAN", F_ACCOUNT},
    {"Acct/Id/Othr/Id", F_ACCOUNT},
    {"Acct/Id/PrtryAcct/Id", F_ACCOUNT},
    {"Acct/Id/BBAN", F_ACCOUNT},
    {"Acct/Id/UPIC", F_ACCOUNT},
    {"Acct/Ccy", F_CURRENCY},
    {"Bal", F_BALANCE},
    {"Bal/Tp/CdOrPrtry/Cd", F_BALANCE_TYPE},
    {"Bal/Tp/Cd", F_BALANCE_TYPE},
    {"Bal/Amt", F_BALANCE_AMOUNT},
    {"Bal/CdtDbtInd", F_BALANCE_SIDE},
    {"Bal/Dt/Dt", F_BALANCE_DATE},
    {"Bal/Dt/DtTm", F_BALANCE_DATE},
    {"Ntry", F_ENTRY},
    {"Ntry/NtryRef", F_ENTRY_REF},
    {"Ntry/Amt", F_AMOUNT},
    {"Ntry/CdtDbtInd", F_SIDE},
    {"Ntry/RvslInd", F_REVERSAL},
    {"Ntry/Sts", F_STATUS},
    {"Ntry/Sts/Cd", F_STATUS},
    {"Ntry/Sts/Prtry", F_STATUS_OWN},
    {"Ntry/BookgDt/Dt", F_BOOKED},
    {"Ntry/BookgDt/DtTm", F_BOOKED},
    {"Ntry/ValDt/Dt", F_VALUE},
    {"Ntry/ValDt/DtTm", F_VALUE},
    {"Ntry/AcctSvcrRef", F_BANK_REF},
    {"Ntry/BkTxCd/Prtry/Cd", F_KIND},
    {"Ntry/BkTxCd/Domn/Cd", F_KIND_PART},
    {"Ntry/BkTxCd/Domn/Fmly/Cd", F_KIND_PART},
    {"Ntry/BkTxCd/Domn/Fmly/SubFmlyCd", F_KIND_PART},
    {"Ntry/AddtlNtryInf", F_ENTRY_INFO},
    {"Ntry/Btch/MsgId", F_BATCH_MESSAGE},
    {"Ntry/Btch/PmtInfId", F_BATCH},
    {"Ntry/NtryDtls/Btch/MsgId", F_BATCH_MESSAGE},
    {"Ntry/NtryDtls/Btch/PmtInfId", F_BATCH},
#define DETAIL(path, field) {"Ntry/NtryDtls/TxDtls" path, field}, {"Ntry/TxDtls" path, field}
    DETAIL("", F_DETAIL),
    DETAIL("/Refs/MsgId", F_D_MESSAGE),
    DETAIL("/Refs/PmtInfId", F_D_BATCH),
    DETAIL("/Refs/InstrId", F_D_INSTRUCTION),
    DETAIL("/Refs/EndToEndId", F_D_END_TO_END),
    DETAIL("/Refs/TxId", F_D_TRANSACTION),
    DETAIL("/Refs/UETR", F_D_UETR),
    DETAIL("/Refs/AcctSvcrRef", F_D_BANK_REF),
    DETAIL("/Amt", F_D_AMOUNT),
    DETAIL("/AmtDtls/TxAmt/Amt", F_D_TX_AMOUNT),
    DETAIL("/AmtDtls/CntrValAmt/Amt", F_D_COUNTER),
    DETAIL("/AmtDtls/InstdAmt/Amt", F_D_INSTRUCTED),
    DETAIL("/CdtDbtInd", F_D_SIDE),
    DETAIL("/RltdPties/Dbtr/Nm", F_D_DEBTOR),
    DETAIL("/RltdPties/Dbtr/Pty/Nm", F_D_DEBTOR),
    DETAIL("/RltdPties/Dbtr/Agt/FinInstnId/Nm", F_D_DEBTOR),
    DETAIL("/RltdPties/UltmtDbtr/Nm", F_D_DEBTOR_ULTIMATE),
    DETAIL("/RltdPties/UltmtDbtr/Pty/Nm", F_D_DEBTOR_ULTIMATE),
    DETAIL("/RltdPties/DbtrAcct/Id/IBAN", F_D_DEBTOR_ACCOUNT),
    DETAIL("/RltdPties/DbtrAcct/Id/Othr/Id", F_D_DEBTOR_ACCOUNT),
    DETAIL("/RltdPties/DbtrAcct/Id/PrtryAcct/Id", F_D_DEBTOR_ACCOUNT),
    DETAIL("/RltdPties/DbtrAcct/Id/BBAN", F_D_DEBTOR_ACCOUNT),
    DETAIL("/RltdPties/DbtrAcct/Id/UPIC", F_D_DEBTOR_ACCOUNT),
    DETAIL("/RltdPties/Cdtr/Nm", F_D_CREDITOR),
    DETAIL("/RltdPties/Cdtr/Pty/Nm", F_D_CREDITOR),
    DETAIL("/RltdPties/Cdtr/Agt/FinInstnId/Nm", F_D_CREDITOR),
    DETAIL("/RltdPties/UltmtCdtr/Nm", F_D_CREDITOR_ULTIMATE),
    DETAIL("/RltdPties/UltmtCdtr/Pty/Nm", F_D_CREDITOR_ULTIMATE),
    DETAIL("/RltdPties/CdtrAcct/Id/IBAN", F_D_CREDITOR_ACCOUNT),
    DETAIL("/RltdPties/CdtrAcct/Id/Othr/Id", F_D_CREDITOR_ACCOUNT),
    DETAIL("/RltdPties/CdtrAcct/Id/PrtryAcct/Id", F_D_CREDITOR_ACCOUNT),
    DETAIL("/RltdPties/CdtrAcct/Id/BBAN", F_D_CREDITOR_ACCOUNT),
    DETAIL("/RltdPties/CdtrAcct/Id/UPIC", F_D_CREDITOR_ACCOUNT),
    DETAIL("/RmtInf/Ustrd", F_D_TEXT),
    DETAIL("/RmtInf/Strd/RfrdDocInf/Nb", F_D_TEXT),
    DETAIL("/RmtInf/Strd/RfrdDocInf/RfrdDocNb", F_D_TEXT),
    DETAIL("/RmtInf/Strd/CdtrRefInf/Ref", F_D_TEXT),
    DETAIL("/RmtInf/Strd/CdtrRefInf/CdtrRef", F_D_TEXT),
    DETAIL("/RmtInf/Strd/AddtlRmtInf", F_D_TEXT),
    DETAIL("/AddtlTxInf", F_D_TEXT),
    DETAIL("/RtrInf/Rsn/Cd", F_D_RETURN),
    DETAIL("/RtrInf/Rsn/Prtry", F_D_RETURN),
    DETAIL("/RtrInf/RtrRsn/Cd", F_D_RETURN),
    DETAIL("/RtrInf/RtrRsn/Prtry", F_D_RETURN),
    DETAIL("/RtrInf/AddtlInf", F_D_TEXT),
    DETAIL("/RtrInf/AddtlRtrRsnInf", F_D_TEXT),
#undef DETAIL
};

const char *const camt_messages[3] = {"camt.052.001.", "camt.053.001.", "camt.054.001."};

bool camt_message_of(const char *space, size_t *ret_message, struct str *ret_format)
{
    for (size_t i = 0; i < sizeof camt_messages / sizeof *camt_messages; i++) {
        const char *at = strstr(space, camt_messages[i]);
        size_t n = strlen(camt_messages[i]);
        if (!at || !text_is_digit(at[n]) || !text_is_digit(at[n + 1]) || text_is_digit(at[n + 2]))
            continue;
        *ret_message = i;
        *ret_format = (struct str){at, n + 2};
        return true;
    }
    return false;
}

const struct camt_place *camt_child(const struct camt_place *of, const char *name, size_t name_n)
{
    for (const struct camt_place *c = of->child; c; c = c->next)
        if (c->name_n == name_n && memcmp(c->name, name, name_n) == 0)
            return c;
    return NULL;
}

static struct camt_place *plant(struct arena *a, struct camt_place *in, struct str name)
{
    for (struct camt_place *c = in->child; c; c = c->next)
        if (c->name_n == name.n && memcmp(c->name, name.p, name.n) == 0)
            return c;
    struct camt_place *made = arena_alloc(a, sizeof *made);
    *made = (struct camt_place){.name = arena_strndup(a, name.p, name.n), .name_n = name.n, .next = in->child};
    in->child = made;
    return made;
}

const struct camt_place *camt_places(struct arena *a)
{
    struct camt_place *root = arena_alloc(a, sizeof *root);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct camt_place *at = root;
        for (struct str rest = str_of(places[i].path), part; str_cut(&rest, '/', &part);)
            at = plant(a, at, part);
        at->field = places[i].field;
    }
    return root;
}
