#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/civil.h"
#include "daemon/base/text.h"
#include "payments/bank/match.h"
#include "payments/bank/match_index.h"
#include "payments/bank/match_spots.h"
#include "payments/bank/match_text.h"

enum { FIRST = 20500, CELLS = 10, ROWS = 16 };

/* Items:   id | kind letter | pence | day | reference | end to end | party | name | account | run or documents (comma)
 *          A number behind the kind letter is the day on which an earlier statement settled it.
 * Entries: pence | day | text | name | account | end to end | flags: C coded return, R reversal, P pending, E euro, 1-9 statement, B batch in its text | bank ref
 * Expected, for each entry: + posts, ? proposes, - none; rule; item=pence … */
struct trap {
    const char *name, *items, *entries, *expected;
};

#define A1 "MCK7M24QXC"
#define A2 "MCPT9WB3HE"
#define A3 "MCZCY5D8RR"
#define ITEM_A "a|c|10000|10|" A1 "||PA|Amara Okafor|11111122222222;"
#define ITEM_B "b|c|10000|10|" A2 "||PB|Peter Whitby|33333344444444;"
#define RUN_R "r|r|-300000|10|RUN00007||||| RUN00007;x|p|-100000|10|" A1 "||F1|Willow||RUN00007;y|p|-200000|10|" A2 "||F2|Beacon||RUN00007;"
#define PAY_A "p|p|-12000|10|" A1 "|E2E000123|F1|Willow Care Ltd|55555566666666;"

static const struct trap traps[] = {
    /* our reference */
    {"reference and amount", ITEM_A, "10000|12|" A1, "+2 a=10000"},
    {"reference in lower case with spaces", ITEM_A, "10000|12|top up mc k7m2 4qxc ta", "+2 a=10000"},
    {"reference with a hyphen and without MC", ITEM_A, "10000|12|K7M2-4QXC", "+2 a=10000"},
    {"reference in the end-to-end field", ITEM_A, "10000|12|x|||" A1, "+2 a=10000"},
    {"reference as the bank's customer reference among words", ITEM_A, "10000|12|PAYMENT 12 MAY " A1 " THANKS", "+2 a=10000"},
    {"one wrong character", ITEM_A, "10000|12|MCK7M24QXD", "?2 a=10000"},
    {"two characters swapped", ITEM_A, "10000|12|MCK7M42QXC", "?2 a=10000"},
    {"a character missing", ITEM_A, "10000|12|MCK7M4QXC", "?2 a=10000"},
    {"O typed for Q is not folded to it", ITEM_A, "10000|12|MCK7M24OXC", "?2 a=10000"},
    {"reference inside a longer word, payer unknown", ITEM_A, "10000|12|X" A1 "Z", "?2 a=10000"},
    {"reference glued to a word, payer known", ITEM_A, "10000|12|REF" A1 "|Amara Okafor", "+2 a=10000"},
    {"reference cut to seven", ITEM_A, "10000|12|PAYMENT MCK7M24", "?2 a=10000"},
    {"reference cut to seven, payer known: still short", ITEM_A, "10000|12|PAYMENT MCK7M24|Amara Okafor", "?2 a=10000"},
    {"other side of the ledger", ITEM_A, "-10000|12|" A1, "-"},
    {"nothing in common", ITEM_A, "7777|12|WATER RATES", "-"},
    /* amounts that differ */
    {"part of it, payer known", ITEM_A, "4000|12|" A1 "|A Okafor", "+2 a=4000"},
    {"part of it, nothing else said", ITEM_A, "4000|12|" A1, "+2 a=4000"},
    {"part of it, the payer's name cut early in its last word", "a|c|5000|10|" A1 "||PA|Robert Fletcher-Evans;", "2000|11|" A1 "|Robert Fletcher-Ev", "+2 a=2000"},
    {"part of it, payer a stranger", ITEM_A, "4000|12|" A1 "|Tom Nguyen", "?2 a=4000"},
    {"too much, payer known", ITEM_A, "15000|12|" A1 "|Amara Okafor", "+2 a=10000"},
    {"instalments", ITEM_A, "4000|12|" A1 "|A Okafor;6000|20|" A1 "|A Okafor", "+2 a=4000;+2 a=6000"},
    {"instalments, then once more", ITEM_A, "4000|12|" A1 "|A Okafor;6000|13|" A1 "|A Okafor;6000|14|" A1 "|A Okafor", "+2 a=4000;+2 a=6000;?10"},
    {"bank charge taken off", ITEM_A, "9400|12|" A1 "|Amara Okafor", "+2 a=9400"},
    {"a penny short", ITEM_A, "9999|12|" A1 "|Amara Okafor", "+2 a=9999"},
    /* whose is it */
    {"valid reference of another, payer has the same debt", ITEM_A ITEM_B, "10000|12|" A1 "|Peter Whitby", "?7 b=10000"},
    {"valid reference of another, paid from a known account", ITEM_A ITEM_B, "10000|12|" A1 "||33333344444444", "?6 b=10000"},
    {"valid reference of another in the text, name in the text", ITEM_A ITEM_B, "10000|12|PETER WHITBY " A1, "?7 b=10000"},
    {"valid reference of another, written as the payer writes the name", ITEM_A ITEM_B, "10000|12|" A1 "|MR P WHITBY", "?7 b=10000"},
    {"valid reference of another, the payer's name in the text as the bank cuts it", ITEM_A ITEM_B, "10000|12|P WHITBY " A1, "?7 b=10000"},
    {"a longer name than that of another who owes the same", ITEM_A "b|c|10000|10|" A2 "||PB|Nadia Taylor;c|c|777|10|" A3 "||PC|Nadia Taylor-Nguyen;",
     "777|12|NADIA TAYLOR-NGUYE " A3, "+2 c=777"},
    {"a longer name than that of another who owes just this", "b|c|10000|10|" A2 "||PB|Nadia Taylor;c|c|10000|10|" A3 "||PC|Nadia Taylor-Nguyen;",
     "10000|12|NADIA TAYLOR-NGUYE " A3, "+2 c=10000"},
    {"a middle initial that begins another's surname", "a|c|4000|10|PAY-2026-006192||PA|Ted Ali;b|c|4000|10|PAY-2026-006196||PB|Ted Okafor;",
     "4000|11|PAY-2026-006192|Dr Ted A Okafor", "?7 b=4000"},
    {"the payer is like both, more like the other", "a|c|4000|10|" A1 "||PA|J Whitby;b|c|4000|10|" A2 "||PB|John Paul Whitby;", "4000|11|" A1 "|John Whitby",
     "?7 b=4000"},
    {"the payer is like both, and the other's surname is double", "a|c|4000|10|" A1 "||PA|John Grace Roberts;b|c|4000|10|" A2 "||PB|John Roberts-Roberts;",
     "4000|11|" A1 "|MR J Roberts", "+2 a=4000"},
    {"part of it, the payer's account in the text", ITEM_A, "4000|12|A1 OKAF " A1 " 111111 22222222", "+2 a=4000"},
    {"part of it, the account in one word", ITEM_A, "4000|12|TFR " A1 " 11111122222222", "+2 a=4000"},
    {"part of it, another's account in the text", ITEM_A ITEM_B, "4000|12|TFR " A1 " 333333 44444444", "-2"},
    {"paid by a daughter whom nobody knows", ITEM_A, "10000|12|" A1 "|Tom Nguyen|99999988888888", "+2 a=10000"},
    {"two references with the amount of one", ITEM_A ITEM_B, "10000|12|" A1 " " A2, "?4 a=10000"},
    {"two references with both amounts", ITEM_A ITEM_B, "20000|12|" A1 " " A2, "+4 a=10000 b=10000"},
    {"two references, sum too small", ITEM_A ITEM_B, "15000|12|" A1 " " A2, "?4 a=10000 b=5000"},
    {"same surname, initial and amount", "a|c|5000|10|x||PA|John Smith;b|c|5000|10|y||PB|Jane Smith;", "5000|11|CONTRIBUTION|J SMITH", "?7"},
    {"same surname and amount, one first name", "a|c|5000|10|x||PA|John Smith;b|c|5000|10|y||PB|Jane Smith;", "5000|11|CONTRIBUTION|Jane Smith", "?7 b=5000"},
    {"amount alone", ITEM_A, "10000|12|SALARY|Tom Nguyen", "-"},
    {"amount alone, account alone", ITEM_A, "10000|12|SALARY||98765432109876", "-"},
    /* foreign references */
    {"foreign reference", "a|c|5000|10|INV-2026-00123||PA|John Smith;", "5000|11|inv 2026 00123", "+2 a=5000"},
    {"foreign reference, O for 0 and l for 1", "a|c|5000|10|INV-2026-00123||PA|John Smith;", "5000|11|INV-2O26-OOl23", "+2 a=5000"},
    {"foreign reference, part, payer unknown", "a|c|5000|10|INV-2026-00123||PA|John Smith;", "3000|11|INV-2026-00123", "?2 a=3000"},
    {"foreign reference, neighbour's number", "a|c|5000|10|INV-2026-00123||PA|John Smith;b|c|5000|10|INV-2026-00124||PB|Mabel Hall;",
     "5000|11|INV-2026-00124|John Smith", "?7 a=5000"},
    {"foreign reference inside a longer number", "a|c|5000|10|20261234||PA|John Smith;", "5000|11|9920261234", "-"},
    {"short foreign reference, payer unknown", "a|c|5000|10|R1042||PA|John Smith;", "5000|11|R1042", "?2 a=5000"},
    {"short foreign reference, payer known", "a|c|5000|10|R1042||PA|John Smith;", "5000|11|R1042|John Smith", "+2 a=5000"},
    {"a word as reference", "a|c|5000|10|RENT||PA|John Smith;", "5000|11|RENT", "-"},
    {"a date as reference, payer unknown", "a|c|5000|10|20260131||PA|John Smith;", "5000|11|20260131", "?2 a=5000"},
    {"one number for two parties, payer known", "a|c|5000|10|INV-000123||PA|John Smith;b|c|5000|10|INV-000123||PB|Mabel Hall;",
     "5000|11|INV-000123|Mabel Hall", "+2 b=5000"},
    {"one number for two parties, payer unknown", "a|c|5000|10|INV-000123||PA|John Smith;b|c|5000|10|INV-000123||PB|Mabel Hall;", "5000|11|INV-000123", "?2 a=5000"},
    {"long reference cut at 12, payer known", "a|c|5000|10|MK4F7TQ2WXYZR00042||PA|John Smith;", "5000|11|MK4F7TQ2WXYZ|John Smith", "+2 a=5000"},
    {"long reference cut at 12, payer unknown", "a|c|5000|10|MK4F7TQ2WXYZR00042||PA|John Smith;", "5000|11|MK4F7TQ2WXYZ", "?2 a=5000"},
    {"long references that begin alike, cut", "a|c|5000|10|INV202600001234||PA|John Smith;b|c|5000|10|INV202600001999||PB|John Smythe;",
     "5000|11|INV202600001|John Smith", "?7 a=5000"},
    /* a standing reference */
    {"a reference paid by who owes just this, and pays it the same day", "a|c|2500|10|" A1 "||PA|Callum Taylor;b|c|2500|12|" A2 "||PB|Yasmin Begum;",
     "2500|11|" A1 "|Yasmin Tom Begum||||B1;2500|11|" A2 "|Yasmin Begum||||B2", "?10;+2 b=2500"},
    {"the same, the other line first", "a|c|2500|10|" A1 "||PA|Callum Taylor;b|c|2500|12|" A2 "||PB|Yasmin Begum;",
     "2500|11|" A1 "|Yasmin Tom Begum||||B2;2500|11|" A2 "|Yasmin Begum||||B1", "?10;+2 b=2500"},
    {"series: the nearest", "a|t|5000|0|" A1 "||PA|John Smith;b|t|5000|30|" A1 "||PA|John Smith;c|t|5000|60|" A1 "||PA|John Smith;", "5000|31|" A1, "+2 b=5000"},
    {"series: in any order", "a|t|5000|0|" A1 "||PA|John Smith;b|t|5000|30|" A1 "||PA|John Smith;", "5000|31|" A1 ";5000|1|" A1, "+2 b=5000;+2 a=5000"},
    {"series: a month paid twice", "a|t|5000|0|" A1 "||PA|John Smith;b|t|5000|30|" A1 "||PA|John Smith;", "5000|1|" A1 ";5000|3|" A1, "+2 a=5000;?10"},
    {"series: halfway", "a|t|5000|0|" A1 "||PA|John Smith;b|t|5000|30|" A1 "||PA|John Smith;", "5000|15|" A1, "?2 a=5000"},
    {"series: two months at once", "a|t|5000|0|" A1 "||PA|John Smith;b|t|5000|30|" A1 "||PA|John Smith;", "10000|15|" A1, "+2 a=5000 b=5000"},
    {"series without reference", "a|t|5000|0|x||PA|John Smith;b|t|5000|30|x||PA|John Smith;", "5000|31|STANDING ORDER|John Smith", "?9 b=5000"},
    {"series by the week: one paid twice", "a|t|5000|0|" A1 "||PA|John Smith;b|t|5000|7|" A1 "||PA|John Smith;", "5000|0|" A1 "|||||B1;5000|1|" A1 "|||||B2",
     "+2 a=5000;?10"},
    {"series by the week: each on its day", "a|t|5000|0|" A1 "||PA|John Smith;b|t|5000|7|" A1 "||PA|John Smith;", "5000|1|" A1 ";5000|8|" A1, "+2 a=5000;+2 b=5000"},
    {"series by the week: between two", "a|t|5000|0|" A1 "||PA|John Smith;b|t|5000|7|" A1 "||PA|John Smith;", "5000|4|" A1, "?2 b=5000"},
    /* references that are words, or that only look like ours */
    {"a word and a year as reference, payer a stranger", "a|c|5000|10|Rent 2026||PA|John Smith;", "5000|11|RENT 2026|Tom Nguyen", "?2 a=5000"},
    {"a word and a year as reference, payer known", "a|c|5000|10|Rent 2026||PA|John Smith;", "5000|11|RENT 2026|J Smith", "+2 a=5000"},
    {"a month and a year in one word, payer a stranger", "a|c|5000|10|MARCH2026||PA|John Smith;", "5000|11|MARCH2026", "?2 a=5000"},
    {"a document number that is a day, payer a stranger", "a|c|5000|10|x||PA|John Smith||120326;", "5000|11|STANDING ORDER 120326|Tom Nguyen", "?4 a=5000"},
    {"a document number that is a day, payer known", "a|c|5000|10|x||PA|John Smith||120326;", "5000|11|STANDING ORDER 120326|J Smith", "+4 a=5000"},
    {"a name with letters beyond Latin-1", "a|c|5000|10|" A1 "||PA|Łukasz Żółkiewski;", "2000|11|" A1 "|LUKASZ ZOLKIEWSKI", "+2 a=2000"},
    /* end to end, documents */
    {"a short end-to-end id of a payment, in its own field", "p|p|-5000|10||000117|F1|Willow;", "-5000|10|BILL PAYMENT|||000117", "+3 p=-5000"},
    {"a short end-to-end id of a receipt", "p|c|5000|10||000117|F1|Willow;", "5000|10|BILL PAYMENT|||000117", "?3 p=5000"},
    {"a short end-to-end id in the text", "p|p|-5000|10||000117|F1|Willow;", "-5000|10|BILL 000117", "?3 p=-5000"},
    {"end to end", PAY_A, "-12000|10|x|||E2E000123", "+3 p=-12000"},
    {"end to end of one, reference of another", PAY_A ITEM_B "q|p|-12000|10|" A3 "|E2E000999|F2|Beacon Meals Ltd;", "-12000|10|" A1 "|||E2E000999", "?4 p=-12000"},
    {"one document", "a|c|5000|10|x||PA|John Smith||INV-10042;", "5000|11|PAYING INV-10042", "+4 a=5000"},
    {"several documents", "a|c|5000|10|x||PA|John Smith||INV-10042;b|c|2500|10|y||PA|John Smith||INV-10043;", "7500|11|INV-10042 INV-10043", "+4 a=5000 b=2500"},
    {"several documents, one left out of the sum", "a|c|5000|10|x||PA|John Smith||INV-10042;b|c|2500|10|y||PA|John Smith||INV-10043;",
     "5000|11|INV-10042 INV-10043", "?4 a=5000"},
    {"one document number at two providers", "a|p|-5000|10|x||PA|Willow Care Ltd||INV-10042;b|p|-5000|10|y||PB|Beacon Meals Ltd||INV-10042;",
     "-5000|11|INV-10042|BEACON MEALS", "+4 b=-5000"},
    {"one document number at two providers, payee unknown", "a|p|-5000|10|x||PA|Willow Care Ltd||INV-10042;b|p|-5000|10|y||PB|Beacon Meals Ltd||INV-10042;",
     "-5000|11|INV-10042", "?4"},
    {"a sum of three without any number", "a|c|5001|10|x||PA|Elsie Penrose;b|c|2502|10|y||PA|Elsie Penrose;c|c|1004|10|z||PA|Elsie Penrose;",
     "8507|11|INVOICES|Elsie Penrose", "?8 a=5001 b=2502 c=1004"},
    /* runs */
    {"run as one debit", "r|r|-30000|10|RUN00007||||| RUN00007;x|p|-10000|10|" A1 "||F1|Willow||RUN00007;y|p|-20000|10|" A2 "||F2|Beacon||RUN00007;",
     "-30000|10|BACS RUN00007", "+1 r=-30000"},
    {"run without an item of its own", "x|p|-10000|10|" A1 "||F1|Willow||RUN00007;y|p|-20000|10|" A2 "||F2|Beacon||RUN00007;", "-30000|10|BACS RUN00007", "+1 x=-10000 y=-20000"},
    {"run with another total", "r|r|-30000|10|RUN00007||||| RUN00007;", "-29000|10|BACS RUN00007", "?1"},
    {"run booked twice", "r|r|-30000|10|RUN00007||||| RUN00007;", "-30000|10|RUN00007;-30000|11|RUN00007", "+1 r=-30000;?10"},
    {"run with a payment returned", "r|r|-30000|10|RUN00007||||| RUN00007;x|p|-10000|10|" A1 "||F1|Willow||RUN00007;y|p|-20000|10|" A2 "||F2|Beacon||RUN00007;",
     "-30000|10|RUN00007;10000|14|" A1 "||||C", "+1 r=-30000;+5 x=10000"},
    {"run named by a payment of it, with the payment's own reference", RUN_R, "-100000|10|RUN00007 " A1, "+2 x=-100000"},
    {"run whose number stands in a text by accident", "6183|r|-12000|60|" A3 ";" PAY_A, "-12000|11|" A1 " 6183|Willow Care Ltd", "+2 p=-12000"},
    {"run whose number stands in a text by accident, nothing else", "6183|r|-12000|60|" A3 ";", "-12000|11|CARD 6183|Willow Care Ltd", "?1 6183=-12000"},
    {"run by its number, on its day", "6183|r|-12000|10|" A3 ";", "-12000|11|BATCH 6183", "+1 6183=-12000"},
    {"reference in the name", ITEM_A, "10000|12|TOP UP|" A1 " A OKAFOR", "+2 a=10000"},
    {"run's payments name it by its id", "RUN-9|r|-300000|10|" A3 ";x|p|-300000|10|" A1 "||F1|Willow||RUN-9;", "-300000|10|" A3 ";300000|12|" A1 ";-300000|13|" A1,
     "+1 RUN-9=-300000;+5 x=300000;+2 x=-300000"},
    {"run without its name, told as a bulk payment of its total", RUN_R, "-300000|11|BACS DIRECT CREDIT 2 ITEMS", "+1 r=-300000"},
    {"run without its name, then with it", RUN_R, "-300000|11|BACS;-300000|12|RUN00007", "+1 r=-300000;?10"},
    {"run without its name, five working days later", RUN_R, "-300000|17|BACS", "-"},
    {"run without its name, before its day", RUN_R, "-300000|9|BACS", "-"},
    {"run's total to somebody who is named", RUN_R, "-300000|11|BACS|Beacon Meals Ltd", "-"},
    {"run's total, said to be something else", RUN_R, "-300000|11|BACS TRANSFER TO RESERVE", "-"},
    {"run's total under another run's name", RUN_R, "-300000|11|BACS RUN00009", "?2 r=-300000"},
    {"run's total, and another item of just this amount", RUN_R "z|p|-300000|90|" A3 "||F3|Kestrel;", "-300000|11|BACS", "-"},
    {"run's payments booked one by one, then its total", RUN_R, "-100000|10|" A1 ";-200000|10|" A2 ";-300000|11|BACS", "+2 x=-100000;+2 y=-200000;-"},
    {"run's payments booked one by one, then the run by name", RUN_R, "-100000|10|" A1 ";-200000|10|" A2 ";-300000|11|RUN00007",
     "+2 x=-100000;+2 y=-200000;?10"},
    /* returns */
    {"returned with a code", PAY_A, "-12000|10|" A1 ";12000|14|RETURNED " A1 "||||C", "+2 p=-12000;+5 p=12000"},
    {"returned without a code", PAY_A, "-12000|10|" A1 ";12000|14|" A1, "+2 p=-12000;+5 p=12000"},
    {"money back after a month without a code", PAY_A, "-12000|10|" A1 ";12000|45|" A1, "+2 p=-12000;-"},
    {"return before the debit on one day", PAY_A, "12000|10|" A1 "||||C;-12000|10|" A1, "+5 p=12000;+2 p=-12000"},
    {"return of what was settled before", PAY_A, "12000|10|" A1 "||||C", "+5 p=12000"},
    {"return of another amount", PAY_A, "-12000|10|" A1 ";9000|14|" A1 "||||C", "+2 p=-12000;?5 p=9000"},
    {"reversal of a reversal", PAY_A, "-12000|10|" A1 ";12000|12|" A1 "||||R;-12000|13|" A1 "||||R", "+2 p=-12000;+5 p=12000;+5 p=-12000"},
    {"returned, then paid again", PAY_A, "-12000|10|" A1 ";12000|14|" A1 "||||C;-12000|20|" A1, "+2 p=-12000;+5 p=12000;+2 p=-12000"},
    {"a coded return is never a new debt", PAY_A "n|c|12000|14|" A3 "||PA|Willow Care Ltd|55555566666666;", "12000|14|RETURN|Willow Care Ltd|55555566666666||C", "-5"},
    {"a person writes return", ITEM_A, "10000|12|return taxi " A1, "+2 a=10000"},
    /* settled by an earlier statement, of which only the day is known */
    {"settled earlier, comes back without a code", "p|p5|-12000|5|" A1 "||F1|Willow Care Ltd;", "12000|10|" A1, "+5 p=12000"},
    {"settled earlier, comes back with a code", "p|p5|-12000|5|" A1 "||F1|Willow Care Ltd;", "12000|45|" A1 "||||C", "+5 p=12000"},
    {"settled earlier, money in after a month", "p|p5|-12000|5|" A1 "||F1|Willow Care Ltd;", "12000|45|" A1, "-"},
    {"settled earlier, money in before that day", "p|p5|-12000|5|" A1 "||F1|Willow Care Ltd;", "12000|3|" A1, "-"},
    {"settled earlier, another amount comes back", "p|p5|-12000|5|" A1 "||F1|Willow Care Ltd;", "9000|8|" A1 "||||C", "?5 p=9000"},
    {"settled earlier, comes back twice", "p|p5|-12000|5|" A1 "||F1|Willow Care Ltd;", "12000|10|" A1 "||||C;12000|11|" A1 "||||C", "+5 p=12000;?5 p=12000"},
    {"settled earlier, paid again", "p|p5|-12000|5|" A1 "||F1|Willow Care Ltd;", "-12000|8|" A1, "?10"},
    {"settled earlier, the same name and amount again", "a|c5|10000|5|" A1 "||PA|Amara Okafor;", "10000|8|THANK YOU|Amara Okafor", "?10"},
    {"run settled earlier, booked again", "r|r5|-30000|5|RUN00007||||| RUN00007;", "-30000|8|RUN00007", "?10"},
    {"run settled earlier, a payment of it comes back", "r|r5|-10000|5|RUN00007||||| RUN00007;x|p5|-10000|5|" A1 "||F1|Willow||RUN00007;",
     "10000|9|" A1 "||||C", "+5 x=10000"},
    {"a run's own reference of letters alone", "r|r|-30000|10|MCRUNABCDEFGHJ;", "-30000|10|BULK PAYMENT MCRUNABCDEFGHJ", "+1 r=-30000"},
    /* duplicates, pending, overlap, currency */
    {"paid twice", ITEM_A, "10000|12|" A1 ";10000|13|" A1, "+2 a=10000;?10"},
    {"paid twice on one day", ITEM_A, "10000|12|" A1 "|||||B1;10000|12|" A1 "|||||B2", "+2 a=10000;?10"},
    {"pending, then booked", ITEM_A, "10000|12|" A1 "||||P;10000|13|" A1, "-;+2 a=10000"},
    {"overlapping statements", ITEM_A, "10000|12|" A1 "||||1|B1;10000|12|" A1 "||||2|B1", "+2 a=10000;-"},
    {"euros", ITEM_A, "10000|12|" A1 "||||E", "-"},
    {"nought", ITEM_A, "0|12|" A1, "-"},
};

/* ---- reading the table ---- */

struct scene {
    struct arena *a;
    struct match_item items[ROWS];
    struct match_entry entries[ROWS];
    size_t items_n, entries_n;
};

static size_t cells(struct arena *a, struct str row, const char **cell)
{
    struct str part;
    size_t n = 0;
    for (size_t i = 0; i < CELLS; i++)
        cell[i] = NULL;
    while (n < CELLS && str_cut(&row, '|', &part)) {
        part = str_trim(part);
        cell[n++] = part.n ? str_dup(a, part) : NULL;
    }
    return n;
}

static enum match_kind kind_of(char letter)
{
    return letter == 'p' ? MATCH_PAYMENT : letter == 'r' ? MATCH_RUN : letter == 't' ? MATCH_TOPUP : MATCH_CONTRIBUTION;
}

static void read_items(struct scene *s, const char *text)
{
    const char *c[CELLS];
    for (struct str rest = str_of(text), row; str_cut(&rest, ';', &row);) {
        if (cells(s->a, row, c) < 4)
            continue;
        struct match_item *i = &s->items[s->items_n++];
        *i = (struct match_item){.id = c[0], .kind = kind_of(c[1][0]), .amount = strtol(c[2], NULL, 10), .due = FIRST + (int32_t)strtol(c[3], NULL, 10),
                                 .reference = c[4], .end_to_end_id = c[5], .party_id = c[6], .party_name = c[7], .party_account = c[8],
                                 .settled_on = c[1][1] ? FIRST + (int32_t)strtol(c[1] + 1, NULL, 10) : CIVIL_NONE};
        bool is_run = c[9] && strncmp(c[9], "RUN", 3) == 0;
        i->run = is_run ? c[9] : NULL;
        if (c[9] && !is_run) {
            i->documents = arena_memdup(s->a, &c[9], sizeof c[9]);
            i->documents_n = 1;
        }
    }
}

static void read_entries(struct scene *s, const char *text)
{
    const char *c[CELLS];
    for (struct str rest = str_of(text), row; str_cut(&rest, ';', &row);) {
        if (cells(s->a, row, c) < 2)
            continue;
        const char *flags = c[6] ? c[6] : "";
        struct match_entry *x = &s->entries[s->entries_n++];
        *x = (struct match_entry){.account = "20123412345678", .currency = strchr(flags, 'E') ? "EUR" : "GBP", .amount = strtol(c[0], NULL, 10),
                                  .amount_known = true, .booked = FIRST + (int32_t)strtol(c[1], NULL, 10), .is_booked = !strchr(flags, 'P'),
                                  .reversal = strchr(flags, 'R') != NULL, .return_reason = strchr(flags, 'C') ? "AC04" : NULL, .name = c[3],
                                  .party_account = c[4], .end_to_end_id = c[5], .bank_ref = c[7]};
        x->value = x->booked;
        x->statement = strchr(flags, '1') ? 1 : strchr(flags, '2') ? 2 : 0;
        x->texts = arena_memdup(s->a, &c[2], sizeof c[2]);
        x->texts_n = c[2] ? 1 : 0;
    }
}

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* A result in the words of the table; allocations in the order of their items. */
static char *described(const struct scene *s, const struct match_result *r)
{
    const char *part[ROWS];
    struct buf b = {0};
    buf_addc(&b, r->class == MATCH_POST ? '+' : r->class == MATCH_PROPOSE ? '?' : '-');
    if (r->rule)
        buf_addf(&b, "%d", r->rule);
    for (size_t i = 0; i < r->allocations_n; i++)
        part[i] = arena_printf(s->a, " %s=%ld", s->items[r->allocations[i].item].id, (long)r->allocations[i].amount);
    if (r->allocations_n)
        qsort(part, r->allocations_n, sizeof *part, by_text);
    for (size_t i = 0; i < r->allocations_n; i++)
        buf_adds(&b, part[i]);
    char *text = str_dup(s->a, buf_str(&b));
    buf_finish(&b);
    return text;
}

static char *run(const struct scene *s)
{
    struct match_result results[ROWS] = {{0}};
    struct buf b = {0};
    match_run(s->a, s->items, s->items_n, s->entries, s->entries_n, results);
    for (size_t i = 0; i < s->entries_n; i++)
        buf_addf(&b, "%s%s", i ? ";" : "", described(s, &results[i]));
    char *text = str_dup(s->a, buf_str(&b));
    buf_finish(&b);
    return text;
}

static struct scene scene_of(const struct trap *t)
{
    struct scene s = {.a = arena_create(0)};
    read_items(&s, t->items);
    read_entries(&s, t->entries);
    return s;
}

/* ---- tests ---- */

static void every_trap(void **state)
{
    (void)state;
    size_t wrong = 0;
    assert_true(sizeof traps / sizeof *traps >= 60);
    for (size_t i = 0; i < sizeof traps / sizeof *traps; i++) {
        struct scene s = scene_of(&traps[i]);
        const char *got = run(&s);
        if (strcmp(got, traps[i].expected) != 0) {
            print_error("%s: expected %s, got %s\n", traps[i].name, traps[i].expected, got);
            wrong++;
        }
        arena_destroy(&s.a);
    }
    assert_int_equal(wrong, 0);
}

static void reversed(struct scene *s)
{
    for (size_t i = 0; i < s->items_n / 2; i++) {
        struct match_item x = s->items[i];
        s->items[i] = s->items[s->items_n - 1 - i];
        s->items[s->items_n - 1 - i] = x;
    }
}

static void order_of_items_does_not_matter(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof traps / sizeof *traps; i++) {
        struct scene s = scene_of(&traps[i]);
        const char *before = run(&s);
        reversed(&s);
        assert_string_equal(run(&s), before);
        arena_destroy(&s.a);
    }
}

/* Each entry keeps its result when all are given in the opposite order; equal ones may stand for each other. */
static void order_of_entries_does_not_matter(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof traps / sizeof *traps; i++) {
        struct scene s = scene_of(&traps[i]), back = s;
        struct match_result a[ROWS] = {{0}}, b[ROWS] = {{0}};
        for (size_t k = 0; k < s.entries_n; k++)
            back.entries[k] = s.entries[s.entries_n - 1 - k];
        match_run(s.a, s.items, s.items_n, s.entries, s.entries_n, a);
        match_run(s.a, back.items, back.items_n, back.entries, back.entries_n, b);
        for (size_t k = 0; k < s.entries_n; k++)
            assert_string_equal(described(&s, &a[k]), described(&s, &b[s.entries_n - 1 - k]));
        arena_destroy(&s.a);
    }
}

static void an_unrelated_party_changes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof traps / sizeof *traps; i++) {
        struct scene s = scene_of(&traps[i]);
        const char *before = run(&s);
        s.items[s.items_n++] = (struct match_item){.id = "zz", .kind = MATCH_CONTRIBUTION, .amount = 123456789, .due = FIRST + 3, .settled_on = CIVIL_NONE, .reference = "MCV2N6FJGK",
                                                   .party_id = "PZ", .party_name = "Ottoline Quarles", .party_account = "77777799999999"};
        assert_string_equal(run(&s), before);
        arena_destroy(&s.a);
    }
}

/* 52 weeks, so that working days fall as before. */
static void a_year_later_is_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof traps / sizeof *traps; i++) {
        struct scene s = scene_of(&traps[i]);
        const char *before = run(&s);
        for (size_t k = 0; k < s.items_n; k++) {
            s.items[k].due += 364;
            s.items[k].settled_on += s.items[k].settled_on == CIVIL_NONE ? 0 : 364;
        }
        for (size_t k = 0; k < s.entries_n; k++)
            s.entries[k].booked += 364;
        assert_string_equal(run(&s), before);
        arena_destroy(&s.a);
    }
}

/* The same entries once more in a second statement: they change nothing and get nothing. */
static void importing_twice_changes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof traps / sizeof *traps; i++) {
        struct scene s = scene_of(&traps[i]);
        struct match_result a[ROWS] = {{0}}, b[ROWS] = {{0}};
        size_t n = s.entries_n;
        match_run(s.a, s.items, s.items_n, s.entries, n, a);
        for (size_t k = 0; k < n; k++) {
            s.entries[n + k] = s.entries[k];
            s.entries[n + k].statement = 5 + s.entries[k].statement;
        }
        s.entries_n = 2 * n;
        match_run(s.a, s.items, s.items_n, s.entries, s.entries_n, b);
        for (size_t k = 0; k < n; k++) {
            assert_string_equal(described(&s, &a[k]), described(&s, &b[k]));
            assert_int_equal(b[n + k].class, MATCH_NONE);
        }
        arena_destroy(&s.a);
    }
}

/* Every entry in a statement of its own, unless the trap is about statements. */
static void splitting_a_statement_changes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof traps / sizeof *traps; i++) {
        struct scene s = scene_of(&traps[i]);
        const char *before = run(&s);
        for (size_t k = 0; k < s.entries_n && strcmp(traps[i].name, "overlapping statements") != 0; k++)
            s.entries[k].statement = k;
        assert_string_equal(run(&s), before);
        arena_destroy(&s.a);
    }
}

/* Certain matches do not hang on how the payer's name is written. */
static void another_spelling_keeps_certain_matches(void **state)
{
    (void)state;
    static const struct trap with = {"", ITEM_A, "10000|12|" A1 "|Amara Okafor", ""}, without = {"", ITEM_A, "10000|12|" A1 "|OKAFOR A MISS", ""};
    struct scene a = scene_of(&with), b = scene_of(&without);
    assert_string_equal(run(&a), run(&b));
    assert_string_equal(run(&a), "+2 a=10000");
    arena_destroy(&a.a);
    arena_destroy(&b.a);
}

static void explains_itself(void **state)
{
    (void)state;
    static const struct trap t = {"", ITEM_A ITEM_B, "10000|12|mc k7m2 4qxc;10000|12|TOP UP|Peter Whitby", ""};
    struct scene s = scene_of(&t);
    struct match_result r[2] = {{0}};
    match_run(s.a, s.items, s.items_n, s.entries, s.entries_n, r);
    assert_string_equal(r[0].evidence[0].field, "remittance");
    assert_string_equal(r[0].evidence[0].ours, A1);
    assert_true(r[0].has_due && r[0].due == 10000);
    assert_int_equal(r[1].rule, 7);
    assert_true(r[1].candidates_n >= 1 && r[1].candidates[0].item == 1);
    arena_destroy(&s.a);
}

/* A batch entry of which one transaction is not ours: the certain ones post, the rest stays in suspense. */
static void transactions_of_a_batch_are_matched_by_themselves(void **state)
{
    (void)state;
    static const struct trap t = {"", ITEM_A ITEM_B, "27777|12|BATCH", ""};
    struct scene s = scene_of(&t);
    static const char *texts[] = {A1, A2, "UNKNOWN"};
    struct match_entry details[3] = {{.amount = 10000, .amount_known = true, .texts = &texts[0], .texts_n = 1},
                                     {.amount = 10000, .amount_known = true, .texts = &texts[1], .texts_n = 1},
                                     {.amount = 7777, .amount_known = true, .texts = &texts[2], .texts_n = 1}};
    s.entries[0].details = details;
    s.entries[0].details_n = 3;
    assert_string_equal(run(&s), "+2 a=10000 b=10000");
    arena_destroy(&s.a);
}

/* Lists keep their order, what is added twice in a row counts once, and keys survive the table's growth. */
static void an_index_gives_back_what_was_added(void **state)
{
    (void)state;
    enum { KEYS = 5000, ROUNDS = 3 };
    struct arena *a = arena_create(0);
    struct match_index x;
    char key[16];
    match_index_init(&x, a);
    assert_int_equal(match_index_add(&x, NULL, 1, 1), MATCH_NO_SLOT);
    assert_int_equal(match_index_add(&x, "", 1, 1), MATCH_NO_SLOT);
    for (uint32_t round = 0; round < ROUNDS; round++)
        for (uint32_t k = 0; k < KEYS; k++) {
            snprintf(key, sizeof key, "K%u", k);
            uint32_t slot = match_index_add(&x, key, k + round, round + 1);
            assert_int_equal(slot, k);
            assert_int_equal(match_index_add(&x, key, k + round, round + 1), slot);
            assert_string_equal(match_index_key(&x, slot), key);
        }
    match_index_seal(&x);
    for (uint32_t k = 0; k < KEYS; k++) {
        snprintf(key, sizeof key, "K%u", k);
        const struct match_slot *s = match_index_find(&x, key);
        assert_non_null(s);
        assert_int_equal(match_end(s) - match_first(s), ROUNDS);
        for (uint32_t round = 0; round < ROUNDS; round++)
            assert_true(s->first[round].item == k + round && s->first[round].kind == round + 1);
    }
    assert_null(match_index_find(&x, "K5000"));
    assert_null(match_index_find(&x, ""));
    assert_true(match_first(NULL) == match_end(NULL));
    match_index_finish(&x);
    arena_destroy(&a);
}

static void spots_come_in_the_order_of_adding(void **state)
{
    (void)state;
    struct arena *a = arena_create(0);
    struct match_spots x;
    match_spots_init(&x, a, 100);
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 3000; i++)
            match_spots_add(&x, match_hash_stir(MATCH_HASH + i % 1000), i);
        if (!round)
            match_spots_place(&x, a);
    }
    for (uint32_t i = 0; i < 1000; i++) {
        struct match_cursor c = match_spots_find(&x, match_hash_stir(MATCH_HASH + i));
        uint32_t item = UINT32_MAX;
        for (uint32_t k = 0; k < 3; k++)
            assert_true(match_cursor_next(&c, &item) && item == i + k * 1000);
        assert_false(match_cursor_next(&c, &item));
    }
    struct match_cursor none = match_spots_find(&x, match_hash_stir(MATCH_HASH + 1000));
    assert_false(match_cursor_next(&none, &(uint32_t){0}));
    arena_destroy(&a);
}

static void words_fold_to_what_the_bank_writes(void **state)
{
    (void)state;
    assert_true(match_folds_to("OLIVER", "011VER", SIZE_MAX));
    assert_true(match_folds_to("OLIVER", "011XXX", 3));
    assert_false(match_folds_to("OLIVER", "011VE", SIZE_MAX));
    assert_false(match_folds_to("OLIVE", "011VER", SIZE_MAX));
    assert_false(match_folds_to("OLIVE", "011VER", 40));
    assert_true(match_folds_to("", "", 40));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_trap),
        cmocka_unit_test(order_of_items_does_not_matter),
        cmocka_unit_test(order_of_entries_does_not_matter),
        cmocka_unit_test(an_unrelated_party_changes_nothing),
        cmocka_unit_test(a_year_later_is_the_same),
        cmocka_unit_test(importing_twice_changes_nothing),
        cmocka_unit_test(splitting_a_statement_changes_nothing),
        cmocka_unit_test(another_spelling_keeps_certain_matches),
        cmocka_unit_test(explains_itself),
        cmocka_unit_test(an_index_gives_back_what_was_added),
        cmocka_unit_test(spots_come_in_the_order_of_adding),
        cmocka_unit_test(words_fold_to_what_the_bank_writes),
        cmocka_unit_test(transactions_of_a_batch_are_matched_by_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
