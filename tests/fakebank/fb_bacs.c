/* Bacs takes a file of ours: the contra record is booked as one debit on the working day after the processing day, and some credits come back. */
#include <string.h>

#include "daemon/base/civil.h"
#include "tests/fakebank/fakebank.h"

enum { LABEL = 80, RECORD = 100 };

/* from counts from 1, as tables of the records do. */
static struct str place(struct str line, size_t from, size_t n)
{
    return (struct str){line.p + from - 1, n};
}

static bool pence_of(struct str line, size_t from, size_t n, int64_t *ret_pence)
{
    return text_read_i64(place(line, from, n), 0, INT64_C(9999999999999), ret_pence);
}

/* " YYDDD" in UHL1. */
static bool processing_day(struct str line, int32_t *ret_day)
{
    int64_t year, day;
    if (!text_read_i64(place(line, 6, 2), 0, 99, &year) || !text_read_i64(place(line, 8, 3), 1, 366, &day))
        return false;
    *ret_day = civil_day((struct civil){.year = 2000 + (int)year, .month = 1, .day = 1}) + (int32_t)day - 1;
    return true;
}

static int32_t next_working_day(int32_t day)
{
    do
        day++;
    while (civil_weekday(day) > 4);
    return day;
}

static void send_back(struct fb_world *w, struct str line, int64_t amount, int32_t day)
{
    struct fb_entry *x = fb_book(w, day + 2, amount);
    x->class = FB_RETURN_CODED;
    x->text = arena_printf(w->a, "ARUCS RETURNED %s", str_dup(w->a, str_trim(place(line, 65, 18))));
    x->name = str_dup(w->a, str_trim(place(line, 83, 18)));
    x->account = str_dup(w->a, place(line, 7, 8));
    x->return_reason = "AC04";
}

static bool take_record(struct fb_world *w, struct str line, int32_t day, int64_t *credits, struct err *e)
{
    int64_t amount;
    if (!pence_of(line, 36, 11, &amount))
        return err_set(e, "a record without an amount");
    if (str_is(place(line, 16, 2), "99")) {
        *credits += amount;
        if (fb_mishap(w))
            send_back(w, line, amount, day);
        return true;
    }
    if (!str_is(place(line, 16, 2), "17") || amount != *credits)
        return err_set(e, "the contra record does not carry the sum of the credits");
    struct fb_entry *x = fb_book(w, day, -amount);
    w->account = str_dup(w->a, place(line, 1, 14));
    x->class = FB_RUN;
    w->message = x->text = x->batch = str_dup(w->a, str_trim(place(line, 47, 18)));
    return true;
}

bool fb_take_bacs(struct fb_world *w, struct str file, struct err *e)
{
    int32_t day = 0;
    int64_t credits = 0, debits, total;
    struct str line;
    bool has_end = false;
    while (str_cut(&file, '\n', &line)) {
        line = line.n && line.p[line.n - 1] == '\r' ? (struct str){line.p, line.n - 1} : line;
        if (line.n == RECORD) {
            if (!day || !take_record(w, line, day, &credits, e))
                return day ? false : err_set(e, "a record before the processing day");
        } else if (line.n == LABEL) {
            if (str_is(place(line, 1, 4), "UHL1") && !processing_day(line, &day))
                return err_set(e, "UHL1 has no processing day");
            if (str_is(place(line, 1, 4), "UHL1"))
                day = next_working_day(day);
            has_end = str_is(place(line, 1, 4), "UTL1") && pence_of(line, 5, 13, &debits) && pence_of(line, 18, 13, &total) && debits == total && total == credits;
        } else if (line.n) {
            return err_set(e, "a line of %zu characters", line.n);
        }
    }
    fb_state(w);
    return (has_end && w->account) || err_set(e, "the file does not end with labels that say its sums");
}
