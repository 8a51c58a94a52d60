#include <stdio.h>

#include "tests/unit/bank_reading.h"

static void mt940_quirks(void **state)
{
    (void)state;
    has(":20:A\n:25:1\n:60F:C251231GBP10,\n:61:2512310105C5,NTRFX//B\n:62F:C251231GBP15,\n-", "\"booked\":\"2026-01-05\",\"value\":\"2025-12-31\"");
    has(":20:A\n:60F:C260101GBP10,\n:61:2601011230C5,NTRFX\n:62F:C260101GBP15,\n", "\"booked\":\"2025-12-30\"");
    has(":20:A\n:60F:C260101GBP10,\n:61:260101RC5,NTRFX\n:62F:C260101GBP5,\n", "\"balance\":\"balances\"");
    has(":20:A\n:60F:C260101GBP10,\n:61:260101RD5,NTRFX\n:62F:C260101GBP15,\n", "\"balance\":\"balances\"");
    has(":20:A\n:60F:C260101GBP10,\n:61:260101EC5,NTRFX\n:62F:C260101GBP10,\n", "\"status\":\"pending\"");
    has(":20:A\r\n:60F:C260101GBP10,5\r\n:62F:C260101GBP10,50\r\n:64:C260101GBP10,5-}{5:}\r\n", "\"balance\":\"balances\"");
    has(":20:A\n:60F:C260101GBP1,\n:61:260101D1,NTRFREF//BANK\n:86:/EREF/E2E1/NAME/Willow Care/IBAN/GB1/REMI/MCK7M24QXC\n:62F:C260101GBP0,\n",
        "\"end_to_end_id\":\"E2E1\"");
    has(":20:A\n:60F:C260101GBP1,\n:61:260101D1,NTRFREF//BANK\n:86:123456789012345678901234567890123456789012345678901234567890123MC\nK7M24QXC\n"
        ":62F:C260101GBP0,\n", "0123MCK7M24QXC");
    has(":20:A\n:60F:C260101GBP1,\n:61:260101D1,NTRFREF\n:86:166?00GIRO?20EREF+X1?21SVWZ+Rent?32Tom?33 Hall\n:62F:C260101GBP0,\n", "\"name\":\"Tom Hall\"");
    has(":20:A\n:60F:C260101GBP1,\n:61:260101D1,NTRFREF\n:86:020~00BCA~20Invoice ~21 7~3112~32Tom~33 Hall~38GB29NWBK60161331926819\n:62F:C260101GBP0,\n",
        "{\"name\":\"Tom Hall\",\"account\":\"GB29NWBK60161331926819\"},\"remittance\":[\"Invoice  7\"]");
    has(":20:A\n:60F:C260101GBP1,\n:61:260101D1,NTRFREF\n:86:166?20EREF: X1?21SVWZ: Rent, IBAN: 1\n:62F:C260101GBP0,\n", "\"remittance\":[\"Rent, IBAN: 1\"]");
    has(":20:A\n:60F:C260101GBP1,\n:61:260101D1,NTRFREF\n:86:166?20EREF: X1?21SVWZ: Rent\n:62F:C260101GBP0,\n", "\"end_to_end_id\":\"X1\"");
    has(":20:A\n:60F:C260101GBP1,\n:61:260101D1,NTRFR\n:86:caf\xE9\n:62F:C260101GBP0,\n", "caf\xC3\xA9");
    has(":20:A\n:60F:C260101GBP1,\n:61:260101D1,00 NTRFNONREF//B1\n:62F:C260101GBP0,\n", "\"instruction_id\":null,\"kind\":\"NTRF\"");
    has(":20:A\n:25:1\n:28C:1/1\n:34F:EURD0,\n:13D:2601011200+0100\n:61:260101D1,NTRFR\n:90D:1EUR1,\n-\n", "\"currency\":\"EUR\",\"entries\"");
    /* The width of a line is counted in letters, whatever bytes they have. */
    has(":20:A\n:60F:C260101GBP1,\n:61:260101D1,NTRFR\n:86:Ren\xC3\xA9" "e's rent of \xC2\xA3" "50 for the room in Hall Road 19, paid in cash MC\nK7M24QXC\n:62F:C260101GBP0,\n", "cash MCK7M24QXC");
    has(":20:A\n:60F:C260101GBP1,\n:61:260101D1,NTRFR\n:86:Ren\xE9" "e's rent of \xA3" "50 for the room in Hall Road 19, paid in cash MC\nK7M24QXC\n:62F:C260101GBP0,\n", "cash MCK7M24QXC");
    has(":20:A\n:60F:C260101GBP1,\n:61:260101D1,NTRFR\n:86:166?20EREF+X1?21SVWZ+Ren\xC3\xA9" "e's rent for Hall Road 19 and ?22garden\nshed\n:62F:C260101GBP0,\n", "garden shed");
    refused(":20:A\n:60F:C260101GBP1,\n:61:260101D1,NTRFR\n", "ends in the middle");
    refused(":20:A\n:60F:C260101GBP1,\n", "ends in the middle");
    has(":20:A\n:60F:C260101GBP1,\n:61:260101D1,NTRFR\n-\n", "\"balance\":\"undecided\"");
    has(":20:A\n:60F:C260101GBP1,\n:61:260101D1,NTRFR\n\n", "\"balance\":\"undecided\"");
    refused(":20:A\n:60F:C260101GBP1,\n:61:261301D1,NTRFR\n", "value date");
    refused(":20:A\n:60F:C260101GBP1,\n:61:260101X1,NTRFR\n", "mark");
    refused(":20:A\n:60F:X260101GBP1,\n", "C or D");
    refused(":20:A\n:60F:C260101GBP1,\n:61:260101D1,2,3NTRFR\n", "amount");
    refused(":20:A\n:60F:C260101GBP1,\n:61:260101D1.234,00NTRFR\n", "amount");
    has(":20:A\n:60F:C260101GBP1,\n:61:260101D1,.NTRFR\n-\n", "\"amount\":\"-1\"");
    has(":20:A\n:25P:12345678\nBANKGB2L\n:60F:C260101GBP1,\n:62F:C260101GBP1,\n", "\"id\":\"A\",\"account\":\"12345678\"");
    has(":20:A\r:25:1\r:60F:C260101GBP1,\r:61:260101C1,NTRFR\r:86:ONE\rTWO\r:62F:C260101GBP2,\r-\r", "\"remittance\":[\"ONE\",\"TWO\"]");
    refused(":20:A\r:60F:C260101GBP1,\r:61:260101D1,NTRFR\r", "ends in the middle");
    has("BANKGB2L\r940\r:20:A\r:60F:C260101GBP1,\r:62F:C260101GBP1,\r-\r", "\"balance\":\"balances\"");
    has("@@:20:A@@:25:1@@:60F:C260101GBP1,@@:61:260101C1,NTRFR@@:86:tom@hall.example@@TWO@@:62F:C260101GBP2,@@-@@", "\"remittance\":[\"tom@hall.example\",\"TWO\"]");
}

#define MT940_ENTRY(entry) ":20:A\n:60F:C260101GBP100,\n:61:260101" entry "\n-\n"

/* An amount is read to its end or not at all: letters for digits and parted thousands would leave a smaller one. */
static void mt940_amounts(void **state)
{
    (void)state;
    refused(MT940_ENTRY("D25O,00NTRFX"), "no amount that can be read");
    refused(MT940_ENTRY("D1 234,00NTRFX"), "no amount that can be read");
    refused(MT940_ENTRY("D1,00 234NTRFX"), "no amount that can be read");
    /* A point with two digits behind it parts pence; any other may part thousands. */
    has(MT940_ENTRY("D10.50NTRFX"), "\"amount\":\"-10.50\"");
    has(MT940_ENTRY("D1234567.89"), "\"amount\":\"-1234567.89\"");
    has(":20:A\n:60F:C260101GBP20.00\n:61:260101D10.50NTRFX\n:62F:C260101GBP9.50\n:64:C260101GBP9.50\n-\n", "\"balance\":\"balances\"");
    static const char *const unclear[] = {"D1.234NTRFX", "D10.5NTRFX", "D1.234,00NTRFX", "D1,234.00NTRFX", "D1.234.00NTRFX", "D10.50,NTRFX", "D10.501NTRFX", "D.50NTRFX"};
    for (size_t i = 0; i < sizeof unclear / sizeof *unclear; i++) {
        char text[128];
        snprintf(text, sizeof text, MT940_ENTRY("%s"), unclear[i]);
        refused(text, "ask the bank for the comma");
    }
    refused(MT940_ENTRY("D10.50 00NTRFX"), "no amount that can be read");
    refused(":20:A\n:60F:C260101GBP1.000\n", "ask the bank for the comma");
    refused(":20:A\n:60F:C260101GBP1.00.\n", "ask the bank for the comma");
    has(MT940_ENTRY("D25,00S   X"), "\"kind\":\"S\"");
    has(MT940_ENTRY("0101 D 25,00NTRFX"), "\"amount\":\"-25.00\"");
    has(MT940_ENTRY("D25,00//B7"), "\"amount\":\"-25.00\"");
    has(MT940_ENTRY("D25,00"), "\"amount\":\"-25.00\"");
}

static void mt940_references(void **state)
{
    (void)state;
    has(MT940_ENTRY("D5,NTRFMCK7M24QXC\n//B7\nmore"), "\"bank_ref\":\"B7\",\"end_to_end_id\":null,\"instruction_id\":\"MCK7M24QXC\"");
    has(MT940_ENTRY("D5,NTRFMCK7M24QXC\n//B7\nmore"), "\"remittance\":[\"more\"]");
    has(MT940_ENTRY("D5,NONREF"), "\"instruction_id\":null,\"counterparty\""); /* without its type */
    has(MT940_ENTRY("D5,NTRFNONREF"), "\"instruction_id\":null,\"kind\":\"NTRF\"");
    has(MT940_ENTRY("D5,NTRFX//NONREF\n//B7"), "\"bank_ref\":null"); /* there was one; what follows is text */
}

/* Where a message begins and where it is over, at banks that leave marks out or set one too many. */
static void mt940_messages(void **state)
{
    (void)state;
    refused(":20:A\n:60F:C260101GBP1,\n:61:260101C1,NTRFX\n:20:B\n:60F:C260101GBP1,\n:62F:C260101GBP1,\n-\n", "line 4: a new message begins in the middle");
    refused("{1:F01}{4:\n:20:A\n:60F:C260101GBP1,\n:61:260101C1,NTRFX\n{1:F01}{4:\n:20:B\n:60F:C260101GBP1,\n:62F:C260101GBP1,\n-}\n", "in the middle");
    has(":20:A\n:60F:C260101GBP1,\n:61:260101C1,NTRFX\n-\n:20:B\n:60F:C260101GBP1,\n:62F:C260101GBP1,\n-\n", "{\"id\":\"B\"");
    has("BANKGB2L\n940\n:25:1\n:28:1/1\n:60F:C260101GBP1,\n:61:260101C1,NTRFX\n:62F:C260101GBP2,\n:64:C260101GBP2,\n-\nBANKGB2L\n940\n"
        ":25:2\n:28:7/1\n:60F:C260101GBP5,\n:62F:C260101GBP5,\n-\n", "{\"id\":\"7/1\",\"account\":\"2\",\"currency\":\"GBP\",\"entries\":[]");
    has(":20:A\n-:25:7\n:60F:C260101GBP1,\n-:61:260101C1,NTRFX\n:86:- is\n-: no end\n:62F:C260101GBP2,\n", "\"account\":\"7\",\"currency\":\"GBP\",\"entries\":[{\"amount\":\"1\"");
    has(":20:A\n:60F:C260101GBP1,\n:61:260101C1,NTRFX\n:86:- is\n-: no end\n:62F:C260101GBP2,\n", "\"remittance\":[\"- is\",\"-: no end\"]");
    has("{1:F01BANKGB2LXXXX}{2:I940BANKGB2LXXXXN}{4::20:A\n:25:1\n:28C:7/1\n:60F:C260101GBP1,\n:62F:C260101GBP1,\n-}{1:F01BANKGB2LXXXX}{4::20:B\n:28C:8/1\n:60F:C260101GBP2,\n:62F:C260101GBP2,\n-}",
        "\"balance\":\"balances\"},{\"id\":\"B\"");
    has(":20:A\n:60F:C260101GBP1,\n:62F:C260101GBP1,-}{5:{MAC:0}{CHK:1}}\n", "\"balance\":\"balances\"");
    has(":20:A\n:60F:C260101GBP1,\n:62F:C260101GBP1,\n-}{5:{CHK:1}}{S:{COP:P}}$\n{1:F01}{4:\n:20:B\n:60F:C260101GBP2,\n:62F:C260101GBP2,\n-}\n", "{\"id\":\"B\"");
    refused(":20:A\n:60F:C260101GBP1,\n:61:260101C1,NTRFX\n{1:F01}{4::20:B\n:60F:C260101GBP1,\n:62F:C260101GBP1,\n-}\n", "in the middle");
    has("{1:F01}{4::20:A\n:60F:C260101GBP1,\n:62F:C260101GBP1,\n-}\n{1:F01}{4::20:B\n:60F:C260101GBP2,\n:62F:C260101GBP2,\n-}", "{\"id\":\"B\"");
    has("\xE4" "4:\n:20:A\n:60F:C260101GBP1,\n:62F:C260101GBP1,\n-\xE5\n", "\"balance\":\"balances\"");
    has("\xC3\xA4" "4:\n:20:A\n:60F:C260101GBP1,\n:62F:C260101GBP1,\n-\xC3\xA5\n", "\"balance\":\"balances\"");
}

/* A British bank's second line: a name, the kind of payment and a reference, of which nine letters fit and the rest follows in field :86:. */
static void mt940_columns(void **state)
{
    (void)state;
    has(MT940_ENTRY("C5,NMSCNONREF\nTOM HALL              BGCMCK7M24QX\n:86:C"), "\"kind\":\"BGC\",\"counterparty\":{\"name\":\"TOM HALL\",\"account\":null},\"remittance\":[\"MCK7M24QXC\"]");
    has(MT940_ENTRY("D5,NMSCNONREF\nWILLOW CARE LTD        DDRENT     \n:86:MAY"), "\"kind\":\"DD\",\"counterparty\":{\"name\":\"WILLOW CARE LTD\",\"account\":null},\"remittance\":[\"RENT\",\"MAY\"]");
    has(MT940_ENTRY("C5,NMSCNONREF\nTOM HALL              FPI\n:86:MCK7M24QXC\n30JAN26 07:24"), "\"remittance\":[\"MCK7M24QXC\",\"30JAN26 07:24\"]");
    has(MT940_ENTRY("C5,NMSCNONREF\nTOM HALL              BGCMCK7M24QX\n:61:260101C5,NMSCNONREF\n:86:C"), "\"remittance\":[\"MCK7M24QX\"]");
    has(MT940_ENTRY("C5,NMSCNONREF\nFROM A/C              TFR12345678\n:86:201234"), "\"remittance\":[\"FROM A/C              TFR12345678\",\"201234\"]");
    has(MT940_ENTRY("C5,NMSCNONREF\nTHANK YOU FOR A LARGE PAYMENT"), "\"remittance\":[\"THANK YOU FOR A LARGE PAYMENT\"]");
    has(MT940_ENTRY("C5,NMSCNONREF\nREFUND FOR THE MONTH OF JANUARY ON\n:86:REQUEST"), "\"remittance\":[\"REFUND FOR THE MONTH OF JANUARY ON\",\"REQUEST\"]");
}

/* A line of one pound out whose fields :61: (from its type on) and :86: are these. */
static const char *mt940_line(struct arena *a, const char *references, const char *text)
{
    return arena_printf(a, ":20:A\n:60F:C260101GBP1,\n:61:260101D1,N%s\n:86:%s\n:62F:C260101GBP0,\n", references, text);
}

/* The German dialect at banks of other countries: without the kind of entry, with a mark of their own, broken anywhere. */
static void mt940_subfields(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    has(mt940_line(a, "TRFX", "?20Rent ?21March?32Tom?33 Hall"), "{\"name\":\"Tom Hall\",\"account\":null},\"remittance\":[\"Rent March\"]");
    has(mt940_line(a, "TRFX", ">00GIRO>20Rent>32Tom"), "\"kind\":\"GIRO\",\"counterparty\":{\"name\":\"Tom\"");
    has(mt940_line(a, "TRFX", "000+20Rent+31GB29NWBK60161331926819\n+32Tom Hall"), "{\"name\":\"Tom Hall\",\"account\":\"GB29NWBK60161331926819\"},\"remittance\":[\"Rent\"]");
    has(mt940_line(a, "TRFX", "166?20Rent?\n21 March?3\n1GB29NWBK6016133\n1926819?32Tom"), "{\"name\":\"Tom\",\"account\":\"GB29NWBK60161331926819\"},\"remittance\":[\"Rent March\"]");
    has(mt940_line(a, "TRFX", "/IBAN/GB29NWBK6016133\n1926819/NAME/Tom"), "\"account\":\"GB29NWBK60161331926819\"");
    has(mt940_line(a, "TRFX", "/CNTP/GB29NWBK6016133\n1926819/NWBKGB2L/Tom/"), "{\"name\":\"Tom\",\"account\":\"GB29NWBK60161331926819\"");
    /* Nothing that was said is lost: the payer's own reference, for whom it is, subfields of this bank alone. */
    has(mt940_line(a, "TRFKREF+//B7", "166?20EREF+NOTPROVIDED?21KREF+RUN-7?22MTLG:Late?23SVWZ+Rent"), "\"bank_ref\":\"B7\",\"end_to_end_id\":null,\"instruction_id\":\"RUN-7\"");
    has(mt940_line(a, "TRFOURS", "166?20KREF+RUN-7"), "\"instruction_id\":\"OURS\"");
    has(mt940_line(a, "TRFX", "166?20Flat 7 ?21SVWZ+Rent?22ABWA+Ann Hall?23MTLG:Late?60 in arrears?70For An?71n Hall?75Old"),
        "\"remittance\":[\"Flat 7\",\"Rent\",\"Ann Hall\",\"Late\",\"in arrears\",\"For Ann Hall Old\"]");
    has(mt940_line(a, "TRFX", "166?1049?20Rent?30NWBKGB2L?34000"), "\"remittance\":[\"Rent\"]");
    has(mt940_line(a, "TRFX", "+447700900123 Tom"), "\"remittance\":[\"+447700900123 Tom\"]");
    has(mt940_line(a, "TRFX", "?? 20 pounds"), "\"remittance\":[\"?? 20 pounds\"]");
    arena_destroy(&a);
}

/* Code words with parts of their own, each value ended by a slash, as Dutch banks write them. */
static void mt940_code_words(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    const char *all = mt940_line(a, "TRFEREF//0042\n/TRCD/00100/", "/EREF/MCK7M24QXC//CNTP/GB29NWBK60161331926819/NWBKGB2L/WILLOW\nCARE LTD///REMI/USTD//Invoice 7/");
    has(all, "\"end_to_end_id\":\"MCK7M24QXC\",\"instruction_id\":null");
    has(all, "\"counterparty\":{\"name\":\"WILLOW CARE LTD\",\"account\":\"GB29NWBK60161331926819\"},\"remittance\":[\"Invoice 7\"]");
    const char *back = mt940_line(a, "RTIPREF//0043", "/RTRN/AC04//PREF/M00012//REMI/STRD/CUR/RF18539007547034/");
    has(back, "\"return_reason\":\"AC04\"");
    has(back, "\"remittance\":[\"M00012\",\"RF18539007547034\"]");
    has(mt940_line(a, "TRFPREF", "/BENM//NAME/Tom & Sons/REMI/Gardens/ULTC//NAME/Tom/OCMT/EUR1,00/CHGS/EUR0,10/"),
        "\"counterparty\":{\"name\":\"Tom & Sons\",\"account\":null},\"remittance\":[\"Gardens\"]");
    has(mt940_line(a, "TRFX", "/CNTP/"), "\"counterparty\":{\"name\":null,\"account\":null}");
    has(mt940_line(a, "TRFX", "/CNTP/1234"), "\"account\":\"1234\"");
    has(mt940_line(a, "TRFX", "/REMI/and/or //"), "\"remittance\":[\"and/or\"]");
    /* Text behind data is text; a party may be named without a word for its name. */
    has(mt940_line(a, "TRFX", "/OCMT/USD2,50/\nRENT MCK7M24QXC\n/VA/77\nTom"), "\"remittance\":[\"RENT MCK7M24QXC/VA/77 Tom\"]");
    has(mt940_line(a, "TRFX", "/TRCD/00100/BIC/NWBKGB2L Rent/ADDR/Hall Road 7/York/REMI/May"), "\"remittance\":[\"Rent\",\"May\"]");
    has(mt940_line(a, "TRFKREF", "/KREF/RUN-7/ORDP/Tom Hall/ULTD/Ann Hall"), "\"instruction_id\":\"RUN-7\"");
    has(mt940_line(a, "TRFX", "/KREF/RUN-7/ORDP/Tom Hall/ULTD/Ann Hall"), "{\"name\":\"Tom Hall\",\"account\":null},\"remittance\":[\"Ann Hall\"]");
    has(mt940_line(a, "TRFX", "/ACCW/GB29NWBK60161331926819,NWBKGB2L/ORDP//NAME/Tom"), "{\"name\":\"Tom\",\"account\":\"GB29NWBK60161331926819\"}");
    has(mt940_line(a, "TRFX", "/BBAN/12345678/NAME/Tom/UDTR/Ann"), "{\"name\":\"Tom\",\"account\":\"12345678\"},\"remittance\":[\"Ann\"]");
    has(mt940_line(a, "TRFX", "TOM HALL 7\n /EREF/E1/REMI/Rent\nMay"), "\"end_to_end_id\":\"E1\"");
    has(mt940_line(a, "TRFX", "/ACCW/GB29NWBK60161331926819,NWBKGB2L/ORDP//NAME/Tom"), "{\"name\":\"Tom\",\"account\":\"GB29NWBK60161331926819\"}");
    has(mt940_line(a, "TRFX", "/BBAN/12345678/NAME/Tom/UDTR/Ann"), "{\"name\":\"Tom\",\"account\":\"12345678\"},\"remittance\":[\"Ann\"]");
    has(mt940_line(a, "TRFX", "TOM HALL 7\n /EREF/E1/REMI/Rent\nMay"), "\"remittance\":[\"TOM HALL 7\",\"Rent May\"]");
    has(mt940_line(a, "TRFX", "/BENM/20123412345678\n/TOM HALL\n/RENT//MAY"), "\"remittance\":[\"20123412345678/TOM HALL/RENT//MAY\"]");
    arena_destroy(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mt940_quirks),  cmocka_unit_test(mt940_amounts),   cmocka_unit_test(mt940_references), cmocka_unit_test(mt940_messages),
        cmocka_unit_test(mt940_columns), cmocka_unit_test(mt940_subfields), cmocka_unit_test(mt940_code_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
