#include "payments/bank/match_json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/civil.h"
#include "daemon/base/json.h"
#include "daemon/base/money.h"
#include "payments/bank/match.h"
#include "payments/bank/statement.h"

enum { ITEM_BYTES = 1024 * 1024, ITEMS_MAX = 2000000, ENTRIES_MAX = 2000000, TEXTS_MAX = 2000, DETAILS_MAX = 50000 };
static const size_t line_bytes = (size_t)2 << 30, arena_bytes = (size_t)24 << 30;

/* Items and entries grow where they are; what they point to belongs to the arena. */
struct match_round {
    struct arena *a;
    struct match_item *items;
    size_t items_n, items_cap;
    struct match_entry *entries;
    size_t entries_n, entries_cap, statements;
    const char *account, *currency; /* as last given with an entry */
    struct match_result *results;
};

/* Pence; false when the text is not a whole number of them. */
static bool pence(const char *text, int64_t *ret_pence)
{
    struct bank_amount a;
    bool negative = text && text[0] == '-';
    if (!text || !bank_amount_read(str_of(text + negative), negative, &a) || a.units % (BANK_AMOUNT_SCALE / 100))
        return false;
    *ret_pence = a.units / (BANK_AMOUNT_SCALE / 100);
    return true;
}

static int32_t day_of(const json_t *object, const char *key)
{
    int32_t day = CIVIL_NONE;
    const char *text = json_text(object, key);
    if (text && strlen(text) >= 10)
        civil_read((struct str){text, 10}, &day);
    return day;
}

/* The text of a member, still the tree's own; an empty one counts as absent. */
static const char *member(const json_t *object, const char *key)
{
    const char *text = json_text(object, key);
    return text_is_empty(text) ? NULL : text;
}

/* The list is `once`'s and has room for one more, its texts are the tree's. */
static const char **texts(struct arena *once, const json_t *array, size_t *ret_n)
{
    size_t n = json_array_size(array), there = 0;
    n = n < TEXTS_MAX ? n : TEXTS_MAX;
    const char **out = arena_array(once, n + 1, sizeof *out);
    for (size_t i = 0; i < n; i++)
        if (!text_is_empty(json_string_value(json_array_get(array, i))))
            out[there++] = json_string_value(json_array_get(array, i));
    *ret_n = there;
    return out;
}

/* What is the tree's is copied when all is read: nothing is kept twice, and nothing that is not needed. */
static const char *kept(struct arena *a, const char *text)
{
    return text ? arena_strdup(a, text) : NULL;
}

static const char **kept_texts(struct arena *a, const char **texts, size_t n)
{
    const char **out = n ? arena_array(a, n, sizeof *out) : NULL;
    for (size_t i = 0; i < n; i++)
        out[i] = arena_strdup(a, texts[i]);
    return out;
}

/* Twice as many each time: what is not used yet takes no memory. */
static void *room_for_more(void *array, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return array;
    *cap = *cap ? 2 * *cap : 1024;
    return memory_retake(array, *cap * size);
}

/* ---- expected items ---- */

static bool kind_of(const char *text, enum match_kind *ret_kind)
{
    static const char *const names[] = {"payment", "run", "topup", "contribution", "refund"};
    for (size_t i = 0; text && i < sizeof names / sizeof *names; i++)
        if (strcmp(text, names[i]) == 0) {
            *ret_kind = (enum match_kind)i;
            return true;
        }
    return false;
}

static bool read_item(struct match_round *r, struct arena *once, const json_t *j, struct err *e)
{
    struct match_item i = {.id = member(j, "id"), .due = day_of(j, "due"), .settled_on = day_of(j, "settled")};
    const json_t *party = json_object_get(j, "party");
    if (!i.id)
        return err_set(e, "an item has no id");
    if (!kind_of(json_text(j, "kind"), &i.kind))
        return err_set(e, "item %.60s: the kind is not payment, run, topup, contribution or refund", i.id);
    if (!pence(json_text(j, "amount"), &i.amount) || i.amount == 0)
        return err_set(e, "item %.60s: the amount is not a whole number of pence other than nought", i.id);
    i.id = kept(r->a, i.id);
    i.reference = kept(r->a, member(j, "reference"));
    i.end_to_end_id = kept(r->a, member(j, "end_to_end_id"));
    i.run = kept(r->a, member(j, "run"));
    i.party_id = kept(r->a, member(party, "id"));
    i.party_name = kept(r->a, member(party, "name"));
    i.party_account = kept(r->a, member(party, "account"));
    i.documents = texts(once, json_object_get(j, "documents"), &i.documents_n);
    i.documents = kept_texts(r->a, i.documents, i.documents_n);
    r->items = room_for_more(r->items, r->items_n, &r->items_cap, sizeof *r->items);
    r->items[r->items_n++] = i;
    return r->items_n <= ITEMS_MAX || err_set(e, "more than %d items", ITEMS_MAX);
}

/* ---- entries ---- */

static const char *reference(const json_t *j, const char *key)
{
    const char *text = member(j, key);
    return bank_reference_is_absent(text) ? NULL : text;
}

static void read_common(struct arena *once, const json_t *j, struct match_entry *x)
{
    const json_t *party = json_object_get(j, "counterparty");
    x->amount_known = pence(json_text(j, "amount"), &x->amount);
    x->end_to_end_id = reference(j, "end_to_end_id");
    x->instruction_id = reference(j, "instruction_id");
    x->transaction_id = reference(j, "transaction_id");
    x->return_reason = member(j, "return_reason");
    x->name = member(party, "name");
    x->party_account = member(party, "account");
    x->texts = texts(once, json_object_get(j, "remittance"), &x->texts_n);
    if (member(party, "ultimate")) /* a name beside the one who has the account: text, as banks write it in other formats */
        x->texts[x->texts_n++] = member(party, "ultimate");
}

/* Amounts without signs that add up to the entry's have its sign. */
static void give_signs(struct match_entry *details, size_t n, const struct match_entry *x)
{
    __int128 sum = 0;
    for (size_t i = 0; i < n; i++) {
        if (!details[i].amount_known || details[i].amount < 0)
            return;
        sum += details[i].amount;
    }
    for (size_t i = 0; i < n && x->amount_known && x->amount < 0 && sum == -(__int128)x->amount; i++)
        details[i].amount = -details[i].amount;
}

static bool has_text(const struct match_entry *x, const char *text)
{
    for (size_t i = 0; i < x->texts_n; i++)
        if (strcmp(x->texts[i], text) == 0)
            return true;
    return false;
}

/* What the only transaction of an entry says, the entry says too. */
static void take_single(struct arena *once, const struct match_entry *d, struct match_entry *x)
{
    const char **all = arena_array(once, x->texts_n + d->texts_n, sizeof *all);
    size_t n = 0;
    for (; n < x->texts_n; n++)
        all[n] = x->texts[n];
    for (size_t i = 0; i < d->texts_n; i++)
        if (!has_text(x, d->texts[i]))
            all[n++] = d->texts[i];
    x->texts = all;
    x->texts_n = n;
    x->end_to_end_id = x->end_to_end_id ? x->end_to_end_id : d->end_to_end_id;
    x->instruction_id = x->instruction_id ? x->instruction_id : d->instruction_id;
    x->transaction_id = x->transaction_id ? x->transaction_id : d->transaction_id;
    x->return_reason = x->return_reason ? x->return_reason : d->return_reason;
    x->name = x->name ? x->name : d->name;
    x->party_account = x->party_account ? x->party_account : d->party_account;
}

static void keep_entry(struct arena *a, struct match_entry *x)
{
    x->bank_ref = kept(a, x->bank_ref);
    x->entry_ref = kept(a, x->entry_ref);
    x->end_to_end_id = kept(a, x->end_to_end_id);
    x->instruction_id = kept(a, x->instruction_id);
    x->transaction_id = kept(a, x->transaction_id);
    x->batch = kept(a, x->batch);
    x->return_reason = kept(a, x->return_reason);
    x->name = kept(a, x->name);
    x->party_account = kept(a, x->party_account);
    x->texts = kept_texts(a, x->texts, x->texts_n);
}

/* A single transaction says the same as its entry: only of several each counts by itself. */
static void read_details(struct arena *a, struct arena *once, const json_t *array, struct match_entry *x)
{
    size_t n = json_array_size(array);
    n = n < DETAILS_MAX ? n : DETAILS_MAX;
    struct match_entry *details = n ? arena_array(n > 1 ? a : once, n, sizeof *details) : NULL;
    for (size_t i = 0; i < n; i++)
        read_common(once, json_array_get(array, i), &details[i]);
    if (n == 1)
        take_single(once, &details[0], x);
    if (n < 2)
        return;
    give_signs(details, n, x);
    for (size_t i = 0; i < n; i++)
        keep_entry(a, &details[i]);
    x->details = details;
    x->details_n = n;
}

/* account, of_account: the round's own texts. */
static bool read_entry(struct match_round *r, const char *account, const char *of_account, struct arena *once, const json_t *j, struct err *e)
{
    struct match_entry x = {.statement = r->statements, .account = account};
    const char *status = json_text(j, "status"), *currency = member(j, "currency");
    if (!json_text(j, "amount"))
        return err_set(e, "entry %zu has no amount", r->entries_n);
    read_common(once, j, &x);
    read_details(r->a, once, json_object_get(j, "details"), &x);
    x.currency = !currency || (of_account && strcmp(currency, of_account) == 0) ? of_account : arena_strdup(r->a, currency);
    x.booked = day_of(j, "booked");
    x.value = day_of(j, "value");
    x.is_booked = !status || strcmp(status, "booked") == 0;
    x.reversal = json_is_true(json_object_get(j, "reversal"));
    x.bank_ref = reference(j, "bank_ref");
    x.entry_ref = reference(j, "entry_ref");
    x.batch = reference(j, "batch");
    keep_entry(r->a, &x);
    r->entries = room_for_more(r->entries, r->entries_n, &r->entries_cap, sizeof *r->entries);
    r->entries[r->entries_n++] = x;
    return r->entries_n <= ENTRIES_MAX || err_set(e, "more than %d entries", ENTRIES_MAX);
}

static bool read_statements(struct match_round *r, struct arena *once, const json_t *j, struct err *e)
{
    const json_t *statements = json_object_get(j, "statements");
    if (json_text(j, "error"))
        return err_set(e, "a file among the entries was unreadable: %.200s", json_text(j, "error"));
    if (!json_is_array(statements))
        return err_set(e, "no list of statements");
    for (size_t s = 0; s < json_array_size(statements); s++) {
        const json_t *statement = json_array_get(statements, s), *entries = json_object_get(statement, "entries");
        const char *account = kept(r->a, member(statement, "account")), *currency = kept(r->a, member(statement, "currency"));
        for (size_t i = 0; i < json_array_size(entries); i++) {
            struct arena_mark before = arena_mark(once);
            if (!read_entry(r, account, currency, once, json_array_get(entries, i), e))
                return false;
            arena_rewind(once, before);
        }
        r->statements++;
    }
    return true;
}

/* once: of the tree, and of what is needed until it is taken. */
typedef bool take_fn(struct match_round *r, struct arena *once, const json_t *j, struct err *e);

static bool read_lines(struct match_round *r, struct str text, size_t max, take_fn *take, const char *what, struct err *e)
{
    size_t line_no = 0;
    struct arena *some = arena_create(arena_bytes);
    bool taken = true;
    for (struct str line; taken && str_cut(&text, '\n', &line);) {
        struct arena_mark before = arena_mark(some);
        line_no++;
        if (!str_trim(line).n)
            continue;
        struct err why = {""};
        const json_t *j = json_read(some, line, max, &why);
        taken = j && (json_is_object(j) || err_set(&why, "not an object")) && take(r, some, j, &why);
        if (!taken)
            err_set(e, "%s, line %zu: %.400s", what, line_no, why.text);
        arena_rewind(some, before);
    }
    arena_destroy(&some);
    return taken;
}

static int by_id(const void *x, const void *y)
{
    return strcmp(((const struct match_item *)x)->id, ((const struct match_item *)y)->id);
}

static bool ids_are_unique(struct match_round *r, struct err *e)
{
    if (r->items_n)
        qsort(r->items, r->items_n, sizeof *r->items, by_id);
    for (size_t i = 1; i < r->items_n; i++)
        if (strcmp(r->items[i - 1].id, r->items[i].id) == 0)
            return err_set(e, "expected items: the id %.60s is used twice", r->items[i].id);
    return true;
}

/* ---- results ---- */

static void write_pence(struct buf *b, int64_t amount)
{
    uint64_t size = amount < 0 ? -(uint64_t)amount : (uint64_t)amount;
    buf_addf(b, "\"%s%" PRIu64 ".%02" PRIu64 "\"", amount < 0 ? "-" : "", size / 100, size % 100);
}

static void write_allocations(struct buf *b, const struct match_round *r, const struct match_result *m)
{
    buf_adds(b, "\"allocations\":[");
    for (size_t i = 0; i < m->allocations_n; i++) {
        buf_adds(b, i ? ",{\"item\":" : "{\"item\":");
        json_write_text(b, r->items[m->allocations[i].item].id);
        buf_adds(b, ",\"amount\":");
        write_pence(b, m->allocations[i].amount);
        buf_addc(b, '}');
    }
    buf_addc(b, ']');
}

static void write_evidence(struct buf *b, const struct match_entry *x, const struct match_result *m)
{
    buf_addf(b, "\"evidence\":{\"rule\":\"R%d\",\"matched_on\":[", m->rule);
    for (size_t i = 0; i < m->evidence_n; i++) {
        const struct match_evidence *v = &m->evidence[i];
        buf_adds(b, i ? ",{\"field\":" : "{\"field\":");
        json_write_text(b, v->field);
        buf_adds(b, ",\"ours\":");
        json_write_text(b, v->ours);
        buf_adds(b, ",\"theirs\":");
        json_write_text(b, v->theirs);
        buf_adds(b, ",\"normalisation\":");
        json_write_text(b, v->normalisation);
        buf_addc(b, '}');
    }
    buf_addc(b, ']');
    if (m->has_due) {
        int64_t difference;
        buf_adds(b, ",\"amount_due\":");
        write_pence(b, m->due);
        buf_adds(b, ",\"amount_bank\":");
        write_pence(b, x->amount);
        if (money_sub(x->amount, m->due, &difference)) {
            buf_adds(b, ",\"difference\":");
            write_pence(b, difference);
        }
    }
    if (m->has_other)
        buf_addf(b, ",\"other_entry\":%zu", m->other);
    if (m->note) {
        buf_adds(b, ",\"note\":");
        json_write_text(b, m->note);
    }
    buf_adds(b, ",\"engine\":\"1\"}");
}

static void write_candidates(struct buf *b, const struct match_round *r, const struct match_result *m)
{
    buf_adds(b, "\"candidates\":[");
    for (size_t i = 0; i < m->candidates_n; i++) {
        const struct match_candidate *c = &m->candidates[i];
        buf_adds(b, i ? ",{\"item\":" : "{\"item\":");
        json_write_text(b, r->items[c->item].id);
        buf_addf(b, ",\"score\":%d,\"why\":", c->score);
        json_write_text(b, c->why);
        buf_addc(b, '}');
    }
    buf_addc(b, ']');
}

static void write_result(struct buf *b, const struct match_round *r, size_t at, const struct match_result *m)
{
    static const char *const classes[] = {"none", "propose", "post"};
    buf_addf(b, "{\"entry\":%zu,", at);
    write_allocations(b, r, m);
    if (m->rule || m->class != MATCH_NONE)
        buf_addf(b, ",\"rule\":\"R%d\"", m->rule);
    else
        buf_adds(b, ",\"rule\":null");
    buf_addf(b, ",\"class\":\"%s\",", classes[m->class]);
    write_evidence(b, &r->entries[at], m);
    buf_addc(b, ',');
    write_candidates(b, r, m);
    buf_adds(b, "}\n");
}

/* ---- a round ---- */

struct match_round *match_round_open(void)
{
    struct arena *a = arena_create(arena_bytes);
    struct match_round *r = arena_alloc(a, sizeof *r);
    *r = (struct match_round){.a = a};
    return r;
}

void match_round_close(struct match_round **r)
{
    if (!r || !*r)
        return;
    struct arena *a = (*r)->a;
    free((*r)->items);
    free((*r)->entries);
    *r = NULL;
    arena_destroy(&a);
}

/* What is read is copied: the text and its tree are gone afterwards. */
static const json_t *object(struct arena *once, struct str line, size_t max, struct err *e)
{
    const json_t *j = json_read(once, line, max, e);
    return !j || json_is_object(j) || !err_set(e, "not an object") ? j : NULL;
}

bool match_round_item(struct match_round *r, struct str line, struct err *e)
{
    struct arena *once = arena_create(arena_bytes);
    const json_t *j = object(once, line, ITEM_BYTES, e);
    bool ok = j && read_item(r, once, j, e);
    arena_destroy(&once);
    return ok;
}

/* Many entries in a row give the same. */
static const char *kept_as_last(struct arena *a, const char *last, const char *text)
{
    return last && strcmp(last, text) == 0 ? last : arena_strdup(a, text);
}

bool match_round_entry(struct match_round *r, const char *account, const char *currency, struct str line, struct err *e)
{
    struct arena *once = arena_create(arena_bytes);
    const json_t *j = object(once, line, line_bytes, e);
    r->account = kept_as_last(r->a, r->account, account);
    r->currency = kept_as_last(r->a, r->currency, currency);
    bool ok = j && read_entry(r, r->account, r->currency, once, j, e);
    arena_destroy(&once);
    return ok;
}

bool match_round_run(struct match_round *r, struct err *e)
{
    if (!ids_are_unique(r, e))
        return false;
    r->results = arena_array(r->a, r->entries_n + 1, sizeof *r->results);
    match_run(r->a, r->items, r->items_n, r->entries, r->entries_n, r->results);
    return true;
}

void match_round_write(const struct match_round *r, size_t from, size_t to, struct buf *out)
{
    for (size_t i = from; i < to && i < r->entries_n; i++)
        write_result(out, r, i, &r->results[i]);
}

bool match_json(struct str items, struct str statements, struct buf *out, struct err *e)
{
    struct match_round *r = match_round_open();
    bool ok = read_lines(r, items, ITEM_BYTES, read_item, "expected items", e) && read_lines(r, statements, line_bytes, read_statements, "entries", e) &&
              match_round_run(r, e);
    if (ok)
        match_round_write(r, 0, r->entries_n, out);
    match_round_close(&r);
    return ok;
}
