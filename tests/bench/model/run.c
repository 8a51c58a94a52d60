/*
 * Random acts on many people's money from many connections, each answer and each balance compared with the book (book.h).
 *   run CONNINFO CALLS [CONNECTIONS [SEED]]      the town of setup.sql must be there; CALLS is how often a function of the money is called at least
 * Every connection owns its people; what they share is the provider's account, the funds, the log and the keys. Every request is sent again with the
 * same key (the same answer must come) and with the same key and another body (it must be refused).
 */
#include <libpq-fe.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/model/book.h"

enum { PEOPLE_EACH = 4, CONNECTIONS_MAX = 64, SQL_MAX = 4096, COLUMNS = 12, ADMIN, WEB, RETRIES = 20 };

#define MEMBERS \
    "a->>'outcome', a->>'total', a->>'free', a->>'short_by', a->>'fits_visits', a->>'released', a->>'still_due', a->>'amount', a->>'visits', a->>'ref', " \
    "a->>'replayed', (a - 'replayed')::text"
#define ENTERED "role, name, council_name, council_slug, council_phone, organisation_name, person_name, person_ref, is_acting, hats, is_demo"
#define ACT(function) "PREPARE " #function "(uuid, jsonb) AS SELECT " MEMBERS " FROM payments." #function "($1, $2) AS a;"

/* What a connection asks again and again, planned once. */
static const char *const prepared[] = {
    [WEB] = "PREPARE be(text) AS SELECT be($1);"
            "PREPARE balances(text) AS SELECT allocated, held, spent, free FROM payments.budget_position WHERE person_id = id($1) ORDER BY use_order;"
            "PREPARE day(int) AS SELECT extract(isodow FROM ledger.today() + $1), ledger.today() + $1;"
            ACT(budget_allocate) ACT(allocation_take_back) ACT(budget_freeze) ACT(order_place) ACT(order_accept) ACT(order_decline) ACT(order_cancel)
            ACT(visit_deliver) ACT(visit_confirm) ACT(visit_query) ACT(visit_cancel) ACT(absence_start) ACT(absence_back)
            "PREPARE orders_place(jsonb) AS SELECT " MEMBERS " FROM payments.orders_place($1) AS x (" ENTERED ", a);",
    [ADMIN] = "PREPARE be(text) AS SELECT be($1);"
              "PREPARE visits(text) AS SELECT v.ref, v.id, o.id FROM payments.visit v JOIN payments.orders o ON o.id = v.order_id WHERE o.ref = $1 ORDER BY v.planned_on;"
              "PREPARE order_capture(bigint, bigint[], bigint, text) AS SELECT " MEMBERS " FROM payments.order_capture($1, $2, $3, $4) AS a;"
              "PREPARE order_uncapture(bigint, text, bigint, text) AS SELECT " MEMBERS " FROM payments.order_uncapture($1, $2, $3, $4) AS a;",
};

struct person {
    struct book book;
    char name[24], ref[24], outcome[24], budget[24], line[PURSES][24], portion[PURSES][24];
};

struct client {
    pthread_t thread;
    const char *conninfo;
    PGconn *web, *admin;
    struct person people[PEOPLE_EACH];
    unsigned long long random;
    int number;
    long wanted, calls, keys, replays, wrong, retried;
};

static unsigned next(struct client *c, unsigned below)
{
    c->random = c->random * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(c->random >> 33) % below;
}

__attribute__((format(printf, 2, 3))) static void wrong(struct client *c, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    printf("connection %d, call %ld: ", c->number, c->calls);
    vprintf(fmt, ap);
    putchar('\n');
    va_end(ap);
    c->wrong++;
}

/* ---- one message, one transaction: put on the hat, ask, commit; deadlocks and lost races are tried again as the product does ---- */

static bool is_again(const PGresult *r)
{
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    return state && (strcmp(state, "40P01") == 0 || strcmp(state, "40001") == 0);
}

static PGresult *ask(struct client *c, int as, const char *hat, const char *sql)
{
    PGconn *pg = as == WEB ? c->web : c->admin;
    char text[SQL_MAX + 64];
    snprintf(text, sizeof text, "EXECUTE be('%s'); %s", hat, sql);
    for (int n = 0;; n++) {
        PGresult *r = PQexec(pg, text);
        if (!is_again(r) || n == RETRIES)
            return r;
        c->retried++;
        PQclear(r);
    }
}

static int64_t number(const PGresult *r, int row, int column)
{
    return PQgetisnull(r, row, column) ? ABSENT : atoll(PQgetvalue(r, row, column));
}

static void compare(struct client *c, const char *what, const PGresult *r, int row, const struct answer *w)
{
    const int64_t wanted[] = {w->total, w->free, w->short_by, w->fits_visits, w->released, w->still_due, w->amount, w->visits};
    static const char *const names[] = {"total", "free", "short_by", "fits_visits", "released", "still_due", "amount", "visits"};
    if (strcmp(PQgetvalue(r, row, 0), w->outcome) != 0) {
        wrong(c, "%s: %s, the book says %s", what, PQgetvalue(r, row, 11), w->outcome);
        return;
    }
    for (int i = 0; i < 8; i++)
        if (wanted[i] != ABSENT && number(r, row, i + 1) != wanted[i])
            wrong(c, "%s: %s, the book says %s %lld", what, PQgetvalue(r, row, 11), names[i], (long long)wanted[i]);
}

static void new_key(struct client *c, char key[static 64])
{
    snprintf(key, 64, "%08x-%04x-4000-8000-%012lx", next(c, 1U << 31), (unsigned)c->number, c->keys++);
}

/* What came back for one request: as the book says, new in turn 0 and a replay of the same in turn 1. *ref is filled in turn 0; NULL: it has none. */
static void check_turn(struct client *c, const char *what, const PGresult *r, int row, int turn, const struct answer *wanted, char *ref)
{
    compare(c, what, r, row, wanted);
    if (strcmp(PQgetvalue(r, row, 10), turn ? "true" : "false") != 0)
        wrong(c, "%s: replayed is %s in turn %d", what, PQgetvalue(r, row, 10), turn);
    if (ref && turn == 0)
        snprintf(ref, REF_MAX, "%s", PQgetvalue(r, row, 9));
    if (ref && turn == 1 && strcmp(ref, PQgetvalue(r, row, 9)) != 0)
        wrong(c, "%s: the second answer names %s, the first %s", what, PQgetvalue(r, row, 9), ref);
}

static void check_refused(struct client *c, const char *what, const PGresult *r)
{
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    if (!state || strcmp(state, "MC422") != 0)
        wrong(c, "%s: another body under the same key was not refused: %s", what, state ? state : "answered");
}

/* Does `function(key, request)` three times: once, again with the same body, again with another. *ret_ref gets the answer's ref. */
static void act(struct client *c, const char *hat, const char *function, const char *request, const struct answer *wanted, char *ret_ref)
{
    char sql[SQL_MAX], key[64];
    new_key(c, key);
    for (int turn = 0; turn < 3; turn++) {
        snprintf(sql, sizeof sql, "EXECUTE %s('%s', '%s'::jsonb%s)", function, key, request, turn == 2 ? " || '{\"note\": \"other\"}'" : "");
        PGresult *r = ask(c, WEB, hat, sql);
        if (turn == 2)
            check_refused(c, function, r);
        else if (PQresultStatus(r) != PGRES_TUPLES_OK)
            wrong(c, "%s %s: %s", function, request, PQerrorMessage(c->web));
        else
            check_turn(c, function, r, 0, turn, wanted, ret_ref);
        c->calls++;
        c->replays += turn > 0;
        PQclear(r);
    }
}

static void check_balances(struct client *c, const struct person *p)
{
    char sql[SQL_MAX];
    snprintf(sql, sizeof sql, "EXECUTE balances('%s')", p->name);
    PGresult *r = ask(c, WEB, p->name, sql);
    for (int i = 0; i < PURSES; i++) {
        const struct purse *u = &p->book.purses[i];
        const int64_t wanted[] = {u->allocated, u->held, u->spent, book_free(&p->book, i)};
        for (int j = 0; j < 4; j++)
            if (PQntuples(r) != PURSES || atoll(PQgetvalue(r, i, j)) != wanted[j]) {
                wrong(c, "%s purse %d: the ledger's figure %d is %s, the book's %lld", p->name, i, j, PQntuples(r) > i ? PQgetvalue(r, i, j) : "-", (long long)wanted[j]);
                break;
            }
    }
    PQclear(r);
}

/* ---- acts ---- */

static void do_allocate(struct client *c, struct person *p)
{
    char request[1024];
    int purse = (int)next(c, PURSES);
    int64_t amount = 1 + next(c, 60000);
    snprintf(request, sizeof request,
             "{\"person\": \"%s\", \"budget\": \"%s\", \"lines\": [{\"line\": \"%s\", \"kind\": \"%s\", \"portions\": [{\"portion\": \"%s\", \"amount\": %lld}]}]}", p->ref,
             p->budget, p->line[purse], purse == OWN ? "own_money" : "social_care", p->portion[purse], (long long)amount);
    struct answer a = book_allocate(&p->book, purse, amount);
    act(c, "commissioner", "budget_allocate", request, &a, NULL);
}

static void do_take_back(struct client *c, struct person *p)
{
    char request[256];
    int purse = (int)next(c, PURSES);
    int64_t amount = 1 + next(c, 12000);
    snprintf(request, sizeof request, "{\"portion\": \"%s\", \"amount\": %lld, \"reason\": \"review\"}", p->portion[purse], (long long)amount);
    struct answer a = book_take_back(&p->book, purse, amount);
    act(c, "commissioner", "allocation_take_back", request, &a, NULL);
}

static void do_freeze(struct client *c, struct person *p)
{
    char request[256];
    bool freeze = !p->book.is_frozen && next(c, 4) == 0;
    snprintf(request, sizeof request, "{\"budget\": \"%s\", \"freeze\": %s, \"reason\": \"drill\"}", p->budget, freeze ? "true" : "false");
    struct answer a = book_freeze(&p->book, freeze);
    act(c, "commissioner", "budget_freeze", request, &a, NULL);
}

static void read_ids(struct client *c, struct order *o)
{
    char sql[SQL_MAX];
    snprintf(sql, sizeof sql, "EXECUTE visits('%s')", o->ref);
    PGresult *r = ask(c, ADMIN, "finance", sql);
    if (PQntuples(r) != o->visits_n)
        wrong(c, "order %s has %d visits, the book says %d", o->ref, PQntuples(r), o->visits_n);
    for (int n = 0; n < PQntuples(r) && n < o->visits_n; n++) {
        snprintf(o->visits[n].ref, REF_MAX, "%s", PQgetvalue(r, n, 0));
        o->visits[n].id = atoll(PQgetvalue(r, n, 1));
        o->id = atoll(PQgetvalue(r, n, 2));
    }
    PQclear(r);
}

/* A random order of this person: what to ask, and what the book answers; *ret_ref is where its reference belongs, NULL when it is refused. */
static struct answer choose_order(struct client *c, struct person *p, char request[static 512], char **ret_ref)
{
    static const int minutes[] = {30, 45, 50, 60, 90, 125}, starts[] = {0, 1, 5};
    char sql[SQL_MAX];
    struct order *o = NULL;
    int m = minutes[next(c, 6)], weeks = 1 + (int)next(c, next(c, 4) ? 3 : VISITS_MAX), first = starts[next(c, 3)];
    snprintf(sql, sizeof sql, "EXECUTE day(%d)", first);
    PGresult *day = ask(c, WEB, p->name, sql);
    snprintf(request, 512, "{\"listing\": \"TLIS-0001\", \"minutes\": %d, \"weekdays\": [%s], \"starts_on\": \"%s\", \"weeks\": %d, \"outcome\": \"%s\"}", m,
             PQgetvalue(day, 0, 0), PQgetvalue(day, 0, 1), weeks, p->outcome);
    PQclear(day);
    struct answer a = book_place(&p->book, m, weeks, first, &o);
    *ret_ref = o ? o->ref : NULL;
    return a;
}

static void do_place(struct client *c, struct person *p)
{
    char request[512], *ref;
    struct answer a = choose_order(c, p, request, &ref);
    act(c, p->name, "order_place", request, &a, ref);
}

/* Several orders of several people in one statement, often more than one of one person; with the same three turns, the third with one other body. */
static void do_place_together(struct client *c)
{
    enum { MOST = 5 };
    char requests[MOST][512], keys[MOST][64], *refs[MOST], sql[SQL_MAX];
    struct answer wanted[MOST];
    const struct person *people[MOST];
    int n = 2 + (int)next(c, MOST - 1), other = (int)next(c, (unsigned)n);
    for (int i = 0; i < n; i++) {
        struct person *p = &c->people[next(c, PEOPLE_EACH)];
        people[i] = p;
        new_key(c, keys[i]);
        wanted[i] = choose_order(c, p, requests[i], &refs[i]);
    }
    for (int turn = 0; turn < 3; turn++) {
        size_t at = (size_t)snprintf(sql, sizeof sql, "EXECUTE orders_place(jsonb_build_array(");
        for (int i = 0; i < n; i++)
            at += (size_t)snprintf(sql + at, sizeof sql - at, "%sasked('%s', '%s', '%s'::jsonb%s)", i ? ", " : "", people[i]->name, keys[i], requests[i],
                                   turn == 2 && i == other ? " || '{\"note\": \"other\"}'" : "");
        snprintf(sql + at, sizeof sql - at, "))");
        PGresult *r = ask(c, WEB, people[0]->name, sql);
        if (turn == 2)
            check_refused(c, "orders_place", r);
        else if (PQntuples(r) != n)
            wrong(c, "orders_place: %d answers to %d: %s", PQntuples(r), n, PQerrorMessage(c->web));
        for (int i = 0; turn < 2 && i < PQntuples(r) && i < n; i++)
            check_turn(c, "orders_place", r, i, turn, &wanted[i], refs[i]);
        c->calls += n;
        c->replays += turn ? n : 0;
        PQclear(r);
    }
    for (int i = 0; i < n; i++)
        check_balances(c, people[i]);
}

static void do_order(struct client *c, struct person *p, struct order *o, int which)
{
    char request[128];
    snprintf(request, sizeof request, "{\"order\": \"%s\"}", o->ref);
    bool was_asked = o->state == ASKED;
    struct answer a = which == 0 ? book_accept(o) : which == 1 ? book_decline(&p->book, o) : book_cancel(&p->book, o);
    act(c, which == 2 ? p->name : "provider", which == 0 ? "order_accept" : which == 1 ? "order_decline" : "order_cancel", request, &a, NULL);
    if (was_asked && which == 0)
        read_ids(c, o);
}

/* Nobody can wait for a test: ten weeks go by for this order. */
static void do_time(struct client *c, struct order *o)
{
    char sql[SQL_MAX];
    snprintf(sql, sizeof sql, "UPDATE payments.visit SET planned_on = planned_on - 70 WHERE order_id = %lld", o->id);
    PQclear(ask(c, ADMIN, "finance", sql));
    for (int n = 0; n < o->visits_n; n++)
        o->visits[n].day -= 70;
}

static void do_expire(struct client *c, struct person *p, struct order *o)
{
    char sql[SQL_MAX];
    if (!book_expire(&p->book, o))
        return;
    snprintf(sql, sizeof sql, "UPDATE payments.orders SET answer_by = now() - interval '1 minute' WHERE ref = '%s'", o->ref);
    PQclear(ask(c, ADMIN, "finance", sql));
    snprintf(sql, sizeof sql, "SELECT state FROM payments.orders WHERE ref = '%s'", o->ref);
    for (int n = 0; n < 100; n++) {
        PQclear(ask(c, ADMIN, "finance", "SELECT payments.order_expire_due()"));
        PGresult *r = ask(c, ADMIN, "finance", sql);
        bool expired = strcmp(PQgetvalue(r, 0, 0), "expired") == 0;
        PQclear(r);
        if (expired)
            return;
    }
    wrong(c, "order %s does not expire", o->ref);
}

static void do_visit(struct client *c, struct person *p, struct order *o, struct visit *v)
{
    static const char *const how[] = {"delivered", "delivered", "delivered", "frustrated", "missed"};
    char request[256];
    struct answer a;
    unsigned which = next(c, 8), h = next(c, 5);
    int minutes = 10 + (int)next(c, 150);
    if (which < 4) {
        snprintf(request, sizeof request, "{\"visit\": \"%s\", \"outcome\": \"%s\", \"minutes\": %d}", v->ref, how[h], minutes);
        a = book_deliver(&p->book, o, v, how[h], minutes);
        act(c, "provider", "visit_deliver", request, &a, NULL);
        return;
    }
    snprintf(request, sizeof request, "{\"visit\": \"%s\", \"reason\": \"drill\"}", v->ref);
    a = which < 6 ? book_confirm(o, v) : which < 7 ? book_query(v) : book_visit_cancel(&p->book, o, v, h == 0);
    act(c, which == 7 && h == 0 ? "provider" : p->name, which < 6 ? "visit_confirm" : which < 7 ? "visit_query" : "visit_cancel", request, &a, NULL);
}

/* Away, and back before anything else happens: whatever was stopped, of orders that the book has long forgotten too, every penny is where it was. */
static void do_away(struct client *c, struct person *p)
{
    static const int starts[] = {0, 1, 2, 5};
    char sql[SQL_MAX], request[256], ref[REF_MAX] = "";
    int from = starts[next(c, 4)];
    if (p->book.is_frozen)
        return;
    snprintf(sql, sizeof sql, "EXECUTE day(%d)", from);
    PGresult *day = ask(c, WEB, p->name, sql);
    snprintf(request, sizeof request, "{\"from\": \"%s\", \"reason\": \"hospital\"}", PQgetvalue(day, 0, 1));
    PQclear(day);
    struct answer a = book_away(&p->book, from);
    act(c, p->name, "absence_start", request, &a, ref);
    snprintf(request, sizeof request, "{\"absence\": \"%s\"}", ref);
    a.outcome = "back";
    a.released = ABSENT;
    act(c, p->name, "absence_back", request, &a, NULL);
}

/* ---- invoices: called by functions only, so by the owner, and keyed by order and invoice ---- */

static void capture_twice(struct client *c, const char *what, const char *call, const char *other, const struct answer *a, const char *done)
{
    char sql[SQL_MAX];
    for (int turn = 0; turn < 3; turn++) {
        snprintf(sql, sizeof sql, "EXECUTE %s", turn == 2 ? other : call);
        PGresult *r = ask(c, ADMIN, "finance", sql);
        const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
        bool is_done = strcmp(a->outcome, done) == 0;
        if (turn < 2 && PQresultStatus(r) != PGRES_TUPLES_OK)
            wrong(c, "%s: %s", what, PQerrorMessage(c->admin));
        else if (turn == 0)
            compare(c, what, r, 0, a);
        else if (turn == 1 && (strcmp(PQgetvalue(r, 0, 0), a->outcome) != 0 || (is_done && strcmp(PQgetvalue(r, 0, 10), "true") != 0)))
            wrong(c, "%s again: %s", what, PQgetvalue(r, 0, 11));
        else if (turn == 2 && is_done && (!state || strcmp(state, "MC422") != 0))
            wrong(c, "%s with another amount under the same number: %s", what, state ? state : PQgetvalue(r, 0, 11));
        PQclear(r);
        c->calls++;
        c->replays += turn > 0;
    }
}

static void do_capture(struct client *c, struct person *p, struct order *o)
{
    char ids[256] = "", call[512], other[512], invoice[40];
    unsigned chosen = 0;
    int64_t due = 0;
    for (int n = 0; n < o->visits_n; n++) {
        const struct visit *v = &o->visits[n];
        if (next(c, 10) ? v->due > 0 && !v->is_invoiced && v->state != QUERIED : next(c, 2)) {
            chosen |= 1U << n;
            due += v->due;
            snprintf(ids + strlen(ids), sizeof ids - strlen(ids), "%s%lld", *ids ? "," : "", v->id);
        }
    }
    if (!chosen || o->invoices_n == INVOICES_MAX)
        return;
    int64_t amount = due > 0 && next(c, 4) ? 1 + next(c, (unsigned)due) : due + 1 + next(c, 3000);
    snprintf(invoice, sizeof invoice, "INV-%d-%ld", c->number, c->keys++);
    snprintf(call, sizeof call, "order_capture(%lld, ARRAY[%s], %lld, '%s')", o->id, ids, (long long)amount, invoice);
    snprintf(other, sizeof other, "order_capture(%lld, ARRAY[%s], %lld, '%s')", o->id, ids, (long long)amount + 1, invoice);
    struct answer a = book_capture(&p->book, o, chosen, amount, invoice);
    capture_twice(c, "order_capture", call, other, &a, "captured");
}

static void do_refund(struct client *c, struct person *p, struct order *o)
{
    char call[512], other[512];
    if (!o->invoices_n)
        return;
    struct invoice *i = &o->invoices[next(c, (unsigned)o->invoices_n)];
    int64_t amount = 1 + next(c, 4000);
    long credit = c->keys++;
    snprintf(call, sizeof call, "order_uncapture(%lld, '%s', %lld, 'CRE-%d-%ld')", o->id, i->ref, (long long)amount, c->number, credit);
    snprintf(other, sizeof other, "order_uncapture(%lld, '%s', %lld, 'CRE-%d-%ld')", o->id, i->ref, (long long)amount + 1, c->number, credit);
    struct answer a = book_refund(&p->book, i, amount);
    capture_twice(c, "order_uncapture", call, other, &a, "refunded");
}

static void step(struct client *c)
{
    struct person *p = &c->people[next(c, PEOPLE_EACH)];
    unsigned dice = next(c, 100);
    struct order *o = p->book.orders_n ? &p->book.orders[next(c, (unsigned)(p->book.orders_n < ORDERS_KEPT ? p->book.orders_n : ORDERS_KEPT))] : NULL;
    struct visit *v = o && o->id ? &o->visits[next(c, (unsigned)o->visits_n)] : NULL;
    if (dice < 8)
        do_allocate(c, p);
    else if (dice < 13)
        do_take_back(c, p);
    else if (dice < 16)
        do_freeze(c, p);
    else if (dice < 22)
        do_place_together(c);
    else if (dice < 36 || !o)
        do_place(c, p);
    else if (dice < 48)
        do_order(c, p, o, 0);
    else if (dice < 51)
        do_order(c, p, o, 1);
    else if (dice < 54)
        do_order(c, p, o, 2);
    else if (dice < 56)
        do_expire(c, p, o);
    else if (dice < 62 && v)
        do_time(c, o);
    else if (dice < 63)
        do_away(c, p);
    else if (dice < 85 && v)
        do_visit(c, p, o, v);
    else if (dice < 96 && v)
        do_capture(c, p, o);
    else if (v)
        do_refund(c, p, o);
    check_balances(c, p);
}

/* ---- people ---- */

static bool learn(struct client *c, struct person *p, int n)
{
    char sql[SQL_MAX];
    snprintf(p->name, sizeof p->name, "m%d", c->number * PEOPLE_EACH + n);
    snprintf(sql, sizeof sql,
             "SELECT ref('%s'), ref('o_%s'), b.budget_ref, b.funding_line_ref, b.portion_ref, b.allocated FROM payments.budget_position b "
             "WHERE b.person_id = id('%s') ORDER BY use_order",
             p->name, p->name, p->name);
    PGresult *r = ask(c, WEB, p->name, sql);
    bool ok = PQntuples(r) == PURSES;
    for (int i = 0; ok && i < PURSES; i++) {
        snprintf(p->ref, sizeof p->ref, "%s", PQgetvalue(r, i, 0));
        snprintf(p->outcome, sizeof p->outcome, "%s", PQgetvalue(r, i, 1));
        snprintf(p->budget, sizeof p->budget, "%s", PQgetvalue(r, i, 2));
        snprintf(p->line[i], sizeof p->line[i], "%s", PQgetvalue(r, i, 3));
        snprintf(p->portion[i], sizeof p->portion[i], "%s", PQgetvalue(r, i, 4));
        p->book.purses[i].allocated = atoll(PQgetvalue(r, i, 5));
    }
    if (!ok)
        fprintf(stderr, "%s has no two purses: %s\n", p->name, PQerrorMessage(c->web));
    PQclear(r);
    return ok;
}

static PGconn *connect_as(const char *conninfo, const char *user, const char *statements)
{
    char all[1024];
    snprintf(all, sizeof all, "%s user=%s", conninfo, user);
    PGconn *pg = PQconnectdb(all);
    PQclear(PQexec(pg, statements));
    return pg;
}

static void *work(void *arg)
{
    struct client *c = arg;
    c->web = connect_as(c->conninfo, "mc_web", prepared[WEB]);
    c->admin = connect_as(c->conninfo, "postgres", prepared[ADMIN]);
    bool ok = PQstatus(c->web) == CONNECTION_OK && PQstatus(c->admin) == CONNECTION_OK;
    for (int n = 0; n < PEOPLE_EACH && ok; n++)
        ok = learn(c, &c->people[n], n);
    if (!ok)
        wrong(c, "no connection, or no people: %s", PQerrorMessage(c->web));
    while (ok && c->calls < c->wanted && c->wrong < 10)
        step(c);
    PQfinish(c->web);
    PQfinish(c->admin);
    return NULL;
}

/* What the provider is owed is what all the books say was captured. */
static bool check_payable(const char *conninfo, int64_t paid)
{
    PGconn *pg = connect_as(conninfo, "postgres", "");
    PGresult *r = PQexec(pg, "SELECT coalesce(sum(e.amount), 0) FROM ledger.entry e JOIN ledger.account a ON a.id = e.account_id WHERE a.kind = 'payable'");
    bool ok = PQntuples(r) == 1 && atoll(PQgetvalue(r, 0, 0)) == paid;
    printf("%s the provider is owed %s, the books say %lld\n", ok ? "ok 2 -" : "not ok 2 -", PQntuples(r) ? PQgetvalue(r, 0, 0) : "?", (long long)paid);
    PQclear(r);
    PQfinish(pg);
    return ok;
}

int main(int argc, char **argv)
{
    static struct client clients[CONNECTIONS_MAX];
    int n = argc > 3 ? atoi(argv[3]) : 8;
    long wanted = argc > 2 ? atol(argv[2]) : 5000, calls = 0, replays = 0, wrongs = 0, retried = 0;
    unsigned long long seed = argc > 4 ? strtoull(argv[4], NULL, 10) : 1;
    int64_t paid = 0;
    if (argc < 2 || n < 1 || n > CONNECTIONS_MAX)
        return fprintf(stderr, "Usage: run CONNINFO CALLS [CONNECTIONS [SEED]]\n"), 64;
    for (int i = 0; i < n; i++) {
        clients[i] = (struct client){.conninfo = argv[1], .number = i, .wanted = wanted / n, .random = seed * 1000003ULL + (unsigned)i};
        pthread_create(&clients[i].thread, NULL, work, &clients[i]);
    }
    for (int i = 0; i < n; i++) {
        pthread_join(clients[i].thread, NULL);
        calls += clients[i].calls;
        replays += clients[i].replays;
        wrongs += clients[i].wrong;
        retried += clients[i].retried;
        for (int p = 0; p < PEOPLE_EACH; p++)
            paid += clients[i].people[p].book.paid;
    }
    printf("%s %ld calls from %d connections, %ld of them replays, %ld tried again after a deadlock, seed %llu: %ld differences\n", wrongs ? "not ok 1 -" : "ok 1 -", calls, n, replays,
           retried, seed, wrongs);
    return (check_payable(argv[1], paid) && !wrongs && calls >= wanted / n * n) ? 0 : 1;
}
