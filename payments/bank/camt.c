/*
 * ISO 20022 camt.052, camt.053 and camt.054, every version: parsing steps from child to child of the tree of places (camt_places.c), so that
 * unknown elements cost nothing and versions are told apart by their paths alone.
 */
#include <stdio.h>
#include <string.h>

#include "daemon/base/xml.h"
#include "payments/bank/camt_places.h"
#include "payments/bank/statement.h"

enum { LEAF_BYTES = 16 * 1024, ENTRY_BYTES = 48 * 1024 * 1024, DETAILS_MAX = 50000, TEXTS_MAX = 2000 };

/* Where parsing stands: outside, in the document, in the message, in a statement. */
enum level { OUTSIDE, IN_DOCUMENT, IN_MESSAGE };

struct side_amount {
    struct bank_amount amount;
    const char *currency;
};

struct camt {
    struct arena *own, *statement_arena, *entry_arena;
    struct bank_writer *writer;
    struct xml_stream *stream;
    const struct camt_place *root;
    const struct camt_place *path[48];
    unsigned depth, unknown; /* levels below the statement; levels below the first unknown element */
    enum level level;
    unsigned outside, document; /* elements around and beside the statements; how deep the document lies */
    const char *message;
    bool in_statement;
    struct buf leaf;
    bool collecting;
    char currency[8]; /* of the amount being read */
    size_t entry_bytes;
    struct bank_statement statement;
    /* a balance */
    struct bank_balance balance;
    char balance_type[8];
    int balance_side;
    bool opening_is_booked;
    /* an entry */
    struct bank_entry entry;
    const char *info, *kind, *batch_message, *batch_of_details;
    int side;
    /* a detail */
    struct bank_detail detail;
    struct side_amount amounts[F_D_INSTRUCTED - F_D_AMOUNT + 1]; /* the transaction's own, and what its details say of it */
    const char *detail_batch, *debtor, *debtor_ultimate, *debtor_account, *creditor, *creditor_ultimate, *creditor_account;
    int detail_side;
};

/* ---- leaves ---- */

/* A date, or a date and time of which the written day counts: the bank's own calendar, not UTC. */
static bool read_date(const char *text, int32_t *ret_day)
{
    size_t n = strlen(text);
    if (n < 10 || !civil_read((struct str){text, 10}, ret_day))
        return false;
    return n == 10 || text[10] == 'T' || text[10] == 'Z' || text[10] == '+' || text[10] == '-';
}

static bool bad(const struct camt *c, const char *text, struct err *e)
{
    return err_set(e, "%s: \"%.40s\" cannot be read", c->path[c->depth] ? c->path[c->depth]->name : "", text);
}

/* Said twice, nobody can say which counts. */
static bool twice(const struct camt *c, struct err *e)
{
    return err_set(e, "%s: there are two where there must be one", c->path[c->depth]->name);
}

static bool read_amount(struct camt *c, const char *text, struct side_amount *ret, struct err *e)
{
    struct str s = str_of(text);
    if (ret->amount.present)
        return twice(c, e);
    bool plus = s.n > 1 && s.p[0] == '+';
    if (memchr(s.p, ',', s.n) || !bank_amount_read(plus ? (struct str){s.p + 1, s.n - 1} : s, false, &ret->amount))
        return bad(c, text, e);
    ret->currency = arena_strdup(c->entry_arena ? c->entry_arena : c->statement_arena, c->currency);
    return true;
}

static bool read_side(struct camt *c, const char *text, int *ret_side, struct err *e)
{
    if (*ret_side)
        return twice(c, e);
    if (strcmp(text, "CRDT") == 0)
        *ret_side = 1;
    else if (strcmp(text, "DBIT") == 0)
        *ret_side = -1;
    else
        return bad(c, text, e);
    return true;
}

static bool read_status(struct camt *c, const char *text, struct err *e)
{
    if (strcmp(text, "BOOK") == 0)
        c->entry.status = BANK_BOOKED;
    else if (strcmp(text, "PDNG") == 0 || strcmp(text, "FUTR") == 0)
        c->entry.status = BANK_PENDING;
    else if (strcmp(text, "INFO") == 0)
        c->entry.status = BANK_INFO;
    else
        return bad(c, text, e);
    return true;
}

static bool read_boolean(const char *text, bool *ret)
{
    *ret = strcmp(text, "true") == 0 || strcmp(text, "1") == 0;
    return *ret || strcmp(text, "false") == 0 || strcmp(text, "0") == 0;
}

static bool statement_leaf(struct camt *c, enum camt_field field, char *text, struct err *e)
{
    struct side_amount amount = {.amount = c->balance.amount};
    switch (field) {
    case F_ID:
        c->statement.id = arena_strdup(c->statement_arena, text);
        return true;
    case F_ACCOUNT:
        if (c->writer->in_statement)
            return err_set(e, "the account follows the entries");
        if (!c->statement.account)
            c->statement.account = arena_strdup(c->statement_arena, text);
        return true;
    case F_CURRENCY:
        c->statement.currency = arena_strdup(c->statement_arena, text);
        return true;
    case F_BALANCE_TYPE:
        snprintf(c->balance_type, sizeof c->balance_type, "%s", text);
        return true;
    case F_BALANCE_AMOUNT:
        if (!read_amount(c, text, &amount, e))
            return false;
        c->balance.amount = amount.amount;
        snprintf(c->balance.currency, sizeof c->balance.currency, "%.3s", c->currency);
        return true;
    case F_BALANCE_SIDE: return read_side(c, text, &c->balance_side, e);
    case F_BALANCE_DATE: return read_date(text, &c->balance.date) || bad(c, text, e);
    default:
        return true;
    }
}

static bool entry_leaf(struct camt *c, enum camt_field field, char *text, struct err *e)
{
    struct side_amount amount = {.amount = c->entry.amount};
    char *kept = arena_strdup(c->entry_arena, text);
    switch (field) {
    case F_ENTRY_REF: c->entry.entry_ref = kept; return true;
    case F_AMOUNT:
        if (!read_amount(c, text, &amount, e))
            return false;
        c->entry.amount = amount.amount;
        c->entry.currency = amount.currency;
        return true;
    case F_SIDE: return read_side(c, text, &c->side, e);
    case F_REVERSAL: return read_boolean(text, &c->entry.reversal) || bad(c, text, e);
    case F_STATUS: return read_status(c, text, e);
    case F_STATUS_OWN: c->entry.status = BANK_INFO; return true;
    case F_BOOKED: return read_date(text, &c->entry.booked) || bad(c, text, e);
    case F_VALUE: return read_date(text, &c->entry.value) || bad(c, text, e);
    case F_BANK_REF: c->entry.bank_ref = kept; return true;
    case F_KIND: c->entry.kind = kept; return true;
    case F_KIND_PART: /* domain, family and sub-family, in this order */
        c->kind = c->kind ? arena_printf(c->entry_arena, "%s-%s", c->kind, kept) : kept;
        return true;
    case F_ENTRY_INFO: c->info = kept; return true;
    case F_BATCH: c->entry.batch = kept; return true;
    case F_BATCH_MESSAGE: c->batch_message = kept; return true;
    default:
        return true;
    }
}

static bool detail_leaf(struct camt *c, enum camt_field field, char *text, struct err *e)
{
    const char **slot = NULL;
    switch (field) {
    case F_D_AMOUNT: case F_D_TX_AMOUNT: case F_D_COUNTER: case F_D_INSTRUCTED: return read_amount(c, text, &c->amounts[field - F_D_AMOUNT], e);
    case F_D_SIDE: return read_side(c, text, &c->detail_side, e);
    case F_D_BATCH: slot = &c->detail_batch; break;
    case F_D_INSTRUCTION: slot = &c->detail.instruction_id; break;
    case F_D_END_TO_END: slot = &c->detail.end_to_end_id; break;
    case F_D_TRANSACTION: slot = &c->detail.transaction_id; break;
    case F_D_UETR: slot = &c->detail.uetr; break;
    case F_D_MESSAGE: slot = &c->detail.message_id; break;
    case F_D_BANK_REF: slot = &c->detail.bank_ref; break;
    case F_D_DEBTOR: slot = &c->debtor; break;
    case F_D_DEBTOR_ULTIMATE: slot = &c->debtor_ultimate; break;
    case F_D_DEBTOR_ACCOUNT: slot = &c->debtor_account; break;
    case F_D_CREDITOR: slot = &c->creditor; break;
    case F_D_CREDITOR_ULTIMATE: slot = &c->creditor_ultimate; break;
    case F_D_CREDITOR_ACCOUNT: slot = &c->creditor_account; break;
    case F_D_RETURN: slot = &c->detail.return_reason; break;
    default: break;
    }
    char *kept = arena_strdup(c->entry_arena, text);
    if (field == F_D_TEXT) {
        if (c->detail.remittance.n >= TEXTS_MAX)
            return err_set(e, "a transaction has more than %d lines of remittance information", TEXTS_MAX);
        bank_text_add(c->entry_arena, &c->detail.remittance, kept);
    } else if (slot && !*slot && !text_is_empty(kept)) {
        *slot = kept; /* the first one counts */
    }
    return true;
}

/* ---- elements ---- */

static void begin_entry(struct camt *c)
{
    c->entry_arena = arena_create(2 * (size_t)ENTRY_BYTES + ((size_t)64 << 20));
    /* Without a status: a statement is of booked entries, a report or notification may say anything. */
    bool is_statement = strcmp(c->message, "BkToCstmrStmt") == 0;
    c->entry = (struct bank_entry){.booked = CIVIL_NONE, .value = CIVIL_NONE, .status = is_statement ? BANK_BOOKED : BANK_INFO};
    c->info = c->kind = c->batch_message = c->batch_of_details = NULL;
    c->side = 0;
    c->entry_bytes = 0;
}

static void begin_detail(struct camt *c)
{
    c->detail = (struct bank_detail){0};
    memset(c->amounts, 0, sizeof c->amounts);
    c->detail_batch = c->debtor = c->debtor_ultimate = c->debtor_account = c->creditor = c->creditor_ultimate = c->creditor_account = NULL;
    c->detail_side = 0;
}

static void begin_balance(struct camt *c)
{
    c->balance = (struct bank_balance){.date = CIVIL_NONE};
    c->balance_type[0] = '\0';
    c->balance_side = 0;
}

static void sign(struct bank_amount *a, int side)
{
    if (!a->present || side >= 0 || a->units == 0)
        return;
    a->units = -a->units;
    a->negative = true;
    memmove(a->text + 1, a->text, sizeof a->text - 1);
    a->text[0] = '-';
}

/* Of several balances of a kind, as of the days of a longer statement, the earliest opens it and the latest closes it; without days the order decides. */
static bool end_balance(struct camt *c, struct err *e)
{
    bool booked = strcmp(c->balance_type, "OPBD") == 0, closing = strcmp(c->balance_type, "CLBD") == 0;
    if (!booked && !closing && strcmp(c->balance_type, "PRCD") != 0)
        return true;
    if (!c->balance.amount.present || !c->balance_side)
        return err_set(e, "a balance has no amount or no side");
    sign(&c->balance.amount, c->balance_side);
    struct bank_balance *known = closing ? &c->statement.closing : &c->statement.opening;
    bool dated = c->balance.date != CIVIL_NONE && known->date != CIVIL_NONE;
    if (!known->amount.present || (closing && !(dated && c->balance.date < known->date)) || (booked && !c->opening_is_booked) ||
        (!closing && booked == c->opening_is_booked && dated && c->balance.date < known->date))
        *known = c->balance;
    c->opening_is_booked |= booked;
    if (!c->statement.currency)
        c->statement.currency = arena_strdup(c->statement_arena, c->balance.currency);
    return true;
}

/* Banks that must name somebody and know nobody write NOTPROVIDED. */
static struct bank_party party(const char *name, const char *ultimate, const char *account)
{
    const char *behind = bank_reference_is_absent(ultimate) ? NULL : ultimate, *who = bank_reference_is_absent(name) ? behind : name;
    bool is_another = who && behind && strcmp(who, behind) != 0;
    return (struct bank_party){.name = who, .account = bank_reference_is_absent(account) ? NULL : account, .ultimate = is_another ? behind : NULL};
}

/* Money out goes to the creditor, money in comes from the debtor; a return keeps the roles of what it returns, or names only the one who sends it back. */
static void choose_party(struct camt *c, int side)
{
    bool returned = c->entry.reversal || c->detail.return_reason;
    bool ours_is_debtor = c->statement.account && c->debtor_account && strcmp(c->statement.account, c->debtor_account) == 0;
    bool ours_is_creditor = c->statement.account && c->creditor_account && strcmp(c->statement.account, c->creditor_account) == 0;
    bool theirs_is_creditor = (side < 0) != returned;
    if (ours_is_debtor != ours_is_creditor)
        theirs_is_creditor = ours_is_debtor;
    struct bank_party creditor = party(c->creditor, c->creditor_ultimate, c->creditor_account), debtor = party(c->debtor, c->debtor_ultimate, c->debtor_account);
    if (returned && !ours_is_debtor && !creditor.name && !creditor.account)
        theirs_is_creditor = false;
    else if (returned && !ours_is_creditor && !debtor.name && !debtor.account)
        theirs_is_creditor = true;
    c->detail.party = theirs_is_creditor ? creditor : debtor;
}

/* What moved on the account: the first amount in the entry's own currency, else the first. */
static const struct side_amount *amount_of_detail(const struct camt *c)
{
    const struct side_amount *first = NULL;
    for (size_t i = 0; i < sizeof c->amounts / sizeof *c->amounts; i++) {
        const struct side_amount *a = &c->amounts[i];
        if (a->amount.present && c->entry.currency && strcmp(a->currency, c->entry.currency) == 0)
            return a;
        first = !first && a->amount.present ? a : first;
    }
    return first ? first : c->amounts;
}

static bool end_detail(struct camt *c, struct err *e)
{
    if (c->entry.details_n >= DETAILS_MAX)
        return err_set(e, "an entry has more than %d transactions", DETAILS_MAX);
    const struct side_amount *from = amount_of_detail(c);
    int side = c->detail_side ? c->detail_side : c->side;
    c->detail.amount = from->amount;
    c->detail.currency = from->currency;
    sign(&c->detail.amount, side);
    const char **references[] = {&c->detail.end_to_end_id, &c->detail.instruction_id, &c->detail.message_id};
    for (size_t i = 0; i < sizeof references / sizeof *references; i++)
        if (bank_reference_is_absent(*references[i]))
            *references[i] = NULL;
    if (!c->entry.details_n)
        c->batch_of_details = c->detail_batch;
    else if (!c->detail_batch || !c->batch_of_details || strcmp(c->detail_batch, c->batch_of_details) != 0)
        c->batch_of_details = NULL;
    choose_party(c, side);
    *bank_detail_add(c->entry_arena, &c->entry) = c->detail;
    return true;
}

/* One detail speaks for the entry; of several only what belongs to all of them does. */
static void adopt_detail(struct camt *c)
{
    struct bank_entry *x = &c->entry;
    if (x->details_n == 1) {
        struct bank_detail *d = &x->details[0];
        if (!d->amount.present) {
            d->amount = x->amount;
            d->currency = x->currency;
        }
        x->end_to_end_id = d->end_to_end_id;
        x->instruction_id = d->instruction_id;
        x->party = d->party;
        x->return_reason = d->return_reason;
        x->bank_ref = x->bank_ref ? x->bank_ref : d->bank_ref;
        if (x->bank_ref == d->bank_ref || (d->bank_ref && strcmp(x->bank_ref, d->bank_ref) == 0))
            d->bank_ref = NULL; /* the entry says it */
        for (size_t i = 0; i < d->remittance.n; i++)
            bank_text_add(c->entry_arena, &x->remittance, d->remittance.at[i]);
    }
    bank_text_add(c->entry_arena, &x->remittance, c->info);
    const char *const batches[] = {x->batch, c->batch_of_details, c->batch_message};
    x->batch = NULL;
    for (size_t i = 0; i < 3 && !x->batch; i++)
        if (!bank_reference_is_absent(batches[i]))
            x->batch = batches[i];
    if (bank_reference_is_absent(x->bank_ref))
        x->bank_ref = NULL;
}

static bool end_entry(struct camt *c, struct err *e)
{
    struct bank_entry *x = &c->entry;
    if (!x->amount.present || !c->side)
        return err_set(e, "an entry has no amount or no side");
    sign(&x->amount, c->side);
    if (!c->statement.currency)
        c->statement.currency = arena_strdup(c->statement_arena, x->currency);
    adopt_detail(c);
    x->kind = x->kind ? x->kind : c->kind;
    bool written = bank_writer_entry(c->writer, &c->statement, x, e);
    arena_destroy(&c->entry_arena);
    return written;
}

static void end_statement(struct camt *c)
{
    bank_writer_end(c->writer, &c->statement, NULL);
    arena_destroy(&c->statement_arena);
    c->in_statement = false;
}

/* Elements that begin something; the others are leaves or on the way to one. */
static bool begin_element(struct camt *c, enum camt_field field)
{
    if (field == F_BALANCE)
        begin_balance(c);
    else if (field == F_ENTRY)
        begin_entry(c);
    else if (field == F_DETAIL)
        begin_detail(c);
    else
        return false;
    return true;
}

static bool end_element(struct camt *c, const struct camt_place *n, struct err *e)
{
    if (n->field == F_BALANCE)
        return end_balance(c, e);
    if (n->field == F_ENTRY)
        return end_entry(c, e);
    if (n->field == F_DETAIL)
        return end_detail(c, e);
    if (n->field == F_NONE || !c->collecting)
        return true;
    c->collecting = false;
    struct str raw = str_trim(buf_str(&c->leaf));
    struct arena *a = c->entry_arena ? c->entry_arena : c->statement_arena;
    c->entry_bytes += raw.n;
    if (c->entry_bytes > ENTRY_BYTES / 4)
        return err_set(e, "an entry or the head of a statement is too long");
    char *text = bank_text(a, raw);
    if (text_is_empty(text))
        return true;
    if (n->field >= F_DETAIL)
        return detail_leaf(c, n->field, text, e);
    return n->field >= F_ENTRY ? entry_leaf(c, n->field, text, e) : statement_leaf(c, n->field, text, e);
}

/* ---- events ---- */

static const char *const bodies[] = {"BkToCstmrAcctRpt", "BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn"};
static const char *const statements[] = {"Rpt", "Stmt", "Ntfctn"};

static void enter_message(struct camt *c, size_t message, struct str format)
{
    c->message = bodies[message];
    if (!c->writer->format_written)
        bank_writer_format(c->writer, arena_strndup(c->own, format.p, format.n));
}

/*
 * The namespace names message and version: urn:iso:std:iso:20022:tech:xsd:camt.053.001.08, or the same identifier within a name that an association of banks
 * gave it. A document without a namespace is known by its message.
 */
static bool open_document(struct camt *c, const char *name, const char *space, struct err *e)
{
    if (strcmp(name, "Document") != 0)
        return true; /* an envelope around it, such as a business message with an application header */
    c->level = IN_DOCUMENT;
    c->document = c->outside;
    c->message = NULL;
    size_t message;
    struct str format;
    if (space && camt_message_of(space, &message, &format)) {
        enter_message(c, message, format);
        return true;
    }
    if (space && strstr(space, "pain.002"))
        return err_set(e, "this is a bank's answer to a payment file (pain.002), not a statement");
    return !space ||
           err_set(e, "this XML is not a camt.052, camt.053 or camt.054 message (its namespace is %.80s): ask the bank for its statements as camt.053", space);
}

/* Version 1 repeats itself: BkToCstmrAcctRptV01. */
static bool is_body(const char *name, const char *body)
{
    size_t n = strlen(body);
    return strncmp(name, body, n) == 0 && (!name[n] || name[n] == 'V');
}

static bool open_message(struct camt *c, const char *name, struct err *e)
{
    for (size_t i = 0; !c->message && i < 3; i++)
        if (is_body(name, bodies[i]))
            enter_message(c, i, (struct str){camt_messages[i], strlen("camt.053")});
    c->level = IN_MESSAGE;
    if (!c->message)
        return err_set(e, "this XML is not a camt.052, camt.053 or camt.054 message (it has no namespace and holds <%.40s>)", name);
    return is_body(name, c->message) || err_set(e, "<%.40s> is not what the namespace announces (%s)", name, c->message);
}

static bool start_outside(struct camt *c, const char *name, const char *space, struct err *e)
{
    c->outside++;
    if (c->level == OUTSIDE)
        return open_document(c, name, space, e);
    if (c->level == IN_DOCUMENT)
        return open_message(c, name, e);
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(c->message, bodies[i]) != 0 || strcmp(name, statements[i]) != 0)
            continue;
        c->outside--;
        c->in_statement = true;
        c->statement_arena = arena_create(0);
        c->statement = (struct bank_statement){.opening.date = CIVIL_NONE, .closing.date = CIVIL_NONE};
        c->opening_is_booked = false;
        c->entry_bytes = 0;
        c->depth = 0;
        c->path[0] = c->root;
    }
    return true;
}

static bool on_start(void *self, const char *name, const char *space, const struct xml_attributes *a, struct err *e)
{
    struct camt *c = self;
    if (!c->in_statement)
        return start_outside(c, name, space, e);
    const struct camt_place *next = c->unknown ? NULL : camt_child(c->path[c->depth], name, strlen(name));
    if (!next) {
        c->unknown++;
        return true;
    }
    c->path[++c->depth] = next;
    c->collecting = false;
    if (next->field == F_NONE || begin_element(c, next->field))
        return true;
    c->collecting = true;
    c->leaf.n = 0;
    struct str currency = xml_attribute(a, "Ccy");
    size_t n = currency.n < sizeof c->currency ? currency.n : sizeof c->currency - 1;
    memcpy(c->currency, currency.p, n);
    c->currency[n] = '\0';
    return true;
}

static bool on_text(void *self, struct str piece, struct err *e)
{
    struct camt *c = self;
    if (!c->collecting || c->unknown)
        return true;
    if (c->leaf.n + piece.n > LEAF_BYTES)
        return err_set(e, "<%s> is longer than 16 KiB", c->path[c->depth]->name);
    buf_add(&c->leaf, piece.p, piece.n);
    return true;
}

/* An envelope may hold several documents. */
static void end_outside(struct camt *c)
{
    if (c->level == IN_MESSAGE && c->outside == c->document + 1)
        c->level = IN_DOCUMENT;
    else if (c->level == IN_DOCUMENT && c->outside == c->document)
        c->level = OUTSIDE;
    c->outside--;
}

static bool on_end(void *self, struct err *e)
{
    struct camt *c = self;
    if (!c->in_statement) {
        end_outside(c);
        return true;
    }
    if (c->unknown) {
        c->unknown--;
        return true;
    }
    if (c->depth == 0) {
        end_statement(c);
        return true;
    }
    bool ended = end_element(c, c->path[c->depth], e);
    c->depth--;
    return ended;
}

/* ---- the reader ---- */

static void *create(struct arena *a, struct bank_writer *w)
{
    static const struct xml_events events = {on_start, on_text, on_end};
    struct camt *c = arena_alloc(a, sizeof *c);
    c->own = a;
    c->writer = w;
    c->root = camt_places(a);
    c->stream = xml_stream_create(&events, c, &xml_limits_statement);
    return c;
}

static bool feed(void *self, struct str bytes, struct err *e)
{
    return xml_stream_feed(((struct camt *)self)->stream, bytes, e);
}

static bool finish(void *self, struct err *e)
{
    struct camt *c = self;
    return xml_stream_finish(c->stream, e) && (c->message || err_set(e, "this XML holds no camt message"));
}

static void destroy(void *self)
{
    struct camt *c = self;
    xml_stream_destroy(&c->stream);
    arena_destroy(&c->entry_arena);
    arena_destroy(&c->statement_arena);
    buf_finish(&c->leaf);
}

const struct bank_reader camt_reader = {create, feed, finish, destroy};
