#include "payments/bank/csv_layouts.h"

#include <string.h>

#include "daemon/base/text.h"

/* What every download of this bank begins with; how it ends has grown over the years. */
#define MONZO_EARLIER "Transaction ID,Date,Time,Type,Name,Emoji,Category,Amount,Currency,Local amount,Local currency,Notes and #tags"
#define MONZO MONZO_EARLIER ",Address,Receipt,Description,Category split"

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
    {"revolut", "Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance", "K--DTAFYZB"},
    {"midata of any bank", "Date,Type,Merchant/Description,Debit/Credit,Balance", "DKTAB"},
    {"monzo, earlier", MONZO_EARLIER, "RD-KN--AY--T"},
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

#define ACCOUNT_NAMES "account number|account no|account|iban|sort code account number|sort code account|sort code and account number"

/* Names of columns as `plain` makes them, the likelier first where a kind can be only once: a day on which the bank booked before one on which somebody paid. */
static const struct {
    char column;
    const char *names;
} names[] = {
    {'D', "posting date|post date|posted date|booking date|booked date|entry date|date|transaction date|trans date|txn date|processed date|date completed|"
          "completed date"},
    {'V', "value date"},
    {'A', "amount|transaction amount|value|net amount"},
    {'G', "total amount"},
    {'O', "debit|debits|debit amount|paid out|money out|out|withdrawal|withdrawals|withdrawn|payments out|amount out|debit value"},
    {'I', "credit|credits|credit amount|paid in|money in|in|deposit|deposits|lodgement|receipts|amount in|credit value"},
    {'X', "dr cr|cr dr|d c|c d|debit credit|credit debit|debit or credit|credit or debit|debit credit indicator|credit debit indicator|dr cr indicator|sign"},
    {'B', "balance|running balance|account balance|balance after|ledger balance"},
    {'N', "counterparty|counter party|counterparty name|payee|payee name|beneficiary|beneficiary name|payer|name"},
    {'M', "payer name|sender name|merchant"},
    {'K', "type|transaction type|trn type|tran type|transaction code|tran code|code|category"},
    {'S', "sort code|sortcode"},
    {'C', ACCOUNT_NAMES},
    {'P', "counterparty account|counterparty account number|counterparty iban|payee account number|beneficiary account number|beneficiary iban"},
    {'R', "bank reference|bank ref|transaction id|transaction identifier|transferwise id"},
    {'E', "end to end reference|end to end id|endtoendid"},
    {'Y', "currency|ccy|currency code|payment currency"},
    {'Z', "state"},
    {'T', "description|description 1|description 2|description 3|transaction description|narrative|narrative 1|narrative 2|narrative 3|narrative 4|narrative 5|"
          "narrative 6|narration|details|transaction details|payment details|transaction|transactions|memo|reference|payment reference|customer reference|"
          "your reference|transaction reference|additional information|remittance information|notes|text|particulars"},
};

/* Lower-case words between single spaces, without what stands in brackets and without the currency: "Narrative #1" is "narrative 1", "Amount (GBP)" is "amount". */
static void plain(const char *cell, char *ret, size_t size)
{
    size_t n = 0, depth = 0;
    for (const char *p = cell; *p && n + 1 < size; p++) {
        depth += *p == '(';
        bool is_word = !depth && (text_is_alpha(*p) || text_is_digit(*p));
        if (is_word)
            ret[n++] = text_lower(*p);
        else if (n && ret[n - 1] != ' ')
            ret[n++] = ' ';
        depth -= *p == ')' && depth;
    }
    while (n && ret[n - 1] == ' ')
        n--;
    ret[n] = '\0';
    if (n > 4 && strcmp(ret + n - 4, " gbp") == 0)
        ret[n - 4] = '\0';
}

/* The place of a name in a list, 1 for the first; 0: not in it. */
static size_t place_in(const char *list, const char *name)
{
    struct str rest = str_of(list), one;
    for (size_t i = 1; str_cut(&rest, '|', &one); i++)
        if (str_is(one, name))
            return i;
    return 0;
}

static size_t count(const char *columns, char column)
{
    size_t n = 0;
    for (; *columns; columns++)
        n += *columns == column;
    return n;
}

/* Of several columns that can be only once the one with the likeliest name stays. */
static void keep_one(char *columns, const size_t *places, char column)
{
    char *best = NULL;
    for (char *p = columns; *p; p++)
        if (*p == column && (!best || places[p - columns] < places[best - columns]))
            best = p;
    for (char *p = columns; *p; p++)
        if (*p == column && p != best)
            *p = '-';
}

static void replace(char *columns, char from, char to)
{
    for (char *p = columns; *p; p++)
        if (*p == from)
            *p = to;
}

bool csv_layout_by_names(const char *const header[], size_t n, char *ret)
{
    size_t places[CSV_COLUMNS_MAX];
    if (n > CSV_COLUMNS_MAX)
        return false;
    for (size_t i = 0; i < n; i++) {
        char name[64];
        plain(header[i], name, sizeof name);
        ret[i] = '-';
        for (size_t k = 0; k < sizeof names / sizeof *names && ret[i] == '-'; k++)
            if ((places[i] = place_in(names[k].names, name)) != 0)
                ret[i] = names[k].column;
    }
    ret[n] = '\0';
    if (strchr(ret, 'G')) /* with the fee, which another amount is without */
        replace(ret, 'A', '-');
    replace(ret, 'G', 'A');
    if (count(ret, 'A') > 1 || count(ret, 'O') > 1 || count(ret, 'I') > 1 || count(ret, 'X') > 1 || count(ret, 'B') > 1)
        return false;
    for (const char *once = "DVNKSCPREYZ"; *once; once++)
        keep_one(ret, places, *once);
    const char *account = strchr(ret, 'C');
    if (account && places[account - ret] == place_in(ACCOUNT_NAMES, "iban"))
        replace(ret, 'S', '-'); /* which holds the sort code itself */
    if (!strchr(ret, 'D'))
        replace(ret, 'V', 'D');
    bool two = strchr(ret, 'O') && strchr(ret, 'I'), one = strchr(ret, 'A') && (strchr(ret, 'X') || strchr(ret, 'B'));
    if (two) {
        replace(ret, 'A', '-');
        replace(ret, 'X', '-');
    }
    return strchr(ret, 'D') && (two || (one && !strchr(ret, 'O') && !strchr(ret, 'I')));
}
