#include "payments/bank/csv_layouts.h"

/* What every download of this bank begins with; how it ends has grown over the years. */
#define MONZO \
    "Transaction ID,Date,Time,Type,Name,Emoji,Category,Amount,Currency,Local amount,Local currency,Notes and #tags,Address,Receipt,Description,Category split"

const struct csv_layout csv_layouts[] = {
    {"barclays", "Number,Date,Account,Amount,Subcategory,Memo", "RDCAKT"},
    {"bank-of-scotland, halifax, lloyds",
     "Transaction Date,Transaction Type,Sort Code,Account Number,Transaction Description,Debit Amount,Credit Amount,Balance", "DKSCTOIB"},
    {"natwest, rbs", "Date,Type,Description,Value,Balance,Account Name,Account Number", "DKTAB-C"},
    {"starling", "Date,Counter Party,Reference,Type,Amount (GBP),Balance (GBP),Spending Category,Notes", "DNTKAB-T"},
    {"starling, earlier", "Date,Counter Party,Reference,Type,Amount (GBP),Balance (GBP)", "DNTKAB"},
    {"hsbc, first direct, nationwide", "Date,Transaction type,Description,Paid out,Paid in,Balance", "DKTOIB"},
    {"hsbc, earlier", "Date,Type,Description,Paid out,Paid in,Balance", "DKTOIB"},
    {"co-operative bank", "Date,Description,Type,Money In,Money Out,Balance", "DTKIOB"},
    {"metro bank", "Date,Details,Transaction Type,In,Out,Balance", "DTKIOB"},
    {"santander", "Date,Description,Money in,Money out,Balance", "DTIOB"},
    {"tsb", "Transaction Date,Transaction Type,Sort Code,Account Number,Description,Debit Amount,Credit Amount,Balance", "DKSCTOIB"},
    {"revolut", "Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance", "K--DTA-YZB"},
    {"monzo", MONZO, "RD-KN--AY--T--T-"},
    {"monzo, money out and in", MONZO ",Money Out,Money In", "RD-KN--AY--T--T---"},
    {"monzo, with a balance", MONZO ",Balance,Balance currency", "RD-KN--AY--T--T-B-"},
    {"monzo, with both", MONZO ",Money Out,Money In,Balance,Balance currency", "RD-KN--AY--T--T---B-"},
    {"general: debit and credit", "Date,Description,Debit,Credit,Balance", "DTOIB"},
    {"general: one amount", "Date,Description,Amount,Balance", "DTAB"},
    {"general: amount and reference", "Date,Description,Reference,Amount,Balance", "DTTAB"},
    {"general: marked amount, every reference",
     "Date,Sort Code,Account Number,Counterparty,Counterparty Account,Reference,End To End Reference,Bank Reference,Amount,DR/CR,Balance", "DSCNPTERAXB"},
    {"general: marked amount", "Date,Sort Code,Account Number,Counterparty,Reference,Amount,DR/CR,Balance", "DSCNTAXB"},
};

const size_t csv_layouts_n = sizeof csv_layouts / sizeof *csv_layouts;
