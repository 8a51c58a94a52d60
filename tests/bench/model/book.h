/*
 * The money of one person, worked out in memory from the rules as people are told them, without looking at the database's sums.
 * A book owns its latest orders and their visits; every act changes it and says what the answer has to be. Nothing here fails.
 * Two purses: the person's own money is used first, then the council's. Days count from today.
 */
#ifndef TESTS_BENCH_MODEL_BOOK_H
#define TESTS_BENCH_MODEL_BOOK_H

#include <stdbool.h>
#include <stdint.h>

enum { OWN, CARE, PURSES, ORDERS_KEPT = 6, VISITS_MAX = 8, INVOICES_MAX = 8, REF_MAX = 16, ABSENT = -1 };

enum order_is { ASKED, ACCEPTED, DECLINED, EXPIRED, CANCELLED, FINISHED };
enum visit_is { PLANNED, DELIVERED, FRUSTRATED, MISSED, VISIT_CANCELLED, CONFIRMED, QUERIED };

struct purse {
    int64_t allocated, held, spent;
};

struct visit {
    char ref[REF_MAX];
    long long id;
    enum visit_is state;
    int day;
    int64_t part[PURSES], due;
    bool is_held, is_invoiced;
};

struct invoice {
    char ref[40];
    int64_t taken[PURSES];
};

struct order {
    char ref[REF_MAX];
    long long id;
    enum order_is state;
    int minutes, weeks, first_day;
    int64_t price, visit_price, total;
    int visits_n, invoices_n;
    struct visit visits[VISITS_MAX];
    struct invoice invoices[INVOICES_MAX];
};

struct book {
    struct purse purses[PURSES];
    bool is_frozen;
    long orders_n;
    struct order orders[ORDERS_KEPT]; /* the latest: nothing is asked about those before, whose money stays where it was */
    int64_t paid; /* to the provider: captured less given back */
};

/* What must come back; ABSENT where the answer has no such member. */
struct answer {
    const char *outcome;
    int64_t total, free, short_by, fits_visits, released, still_due, amount, visits;
};

int64_t book_free(const struct book *b, int purse);
struct answer book_allocate(struct book *b, int purse, int64_t amount);
struct answer book_take_back(struct book *b, int purse, int64_t amount);
struct answer book_freeze(struct book *b, bool freeze);
/* When it is placed, *ret_order is the new order, whose ref the caller fills in. */
struct answer book_place(struct book *b, int minutes, int weeks, int first_day, struct order **ret_order);
struct answer book_accept(struct order *o);
struct answer book_decline(struct book *b, struct order *o);
struct answer book_cancel(struct book *b, struct order *o);
bool book_expire(struct book *b, struct order *o);
struct answer book_deliver(struct book *b, struct order *o, struct visit *v, const char *how, int minutes);
struct answer book_confirm(struct order *o, struct visit *v);
struct answer book_query(struct visit *v);
struct answer book_visit_cancel(struct book *b, struct order *o, struct visit *v, bool by_provider);
/* Away from that day until they are back: what stops. Only while the book keeps all their orders. Being back at once changes nothing. */
struct answer book_away(const struct book *b, int from_day);
/* `chosen` is a bit a visit. */
struct answer book_capture(struct book *b, struct order *o, unsigned chosen, int64_t amount, const char *invoice);
struct answer book_refund(struct book *b, struct invoice *i, int64_t amount);

#endif
