#include "payments/bank/pain002.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/json.h"
#include "daemon/base/xml.h"
#include "payments/bank/statement.h"

enum { ANSWERS_MAX = 200000, TEXT_MAX = 512, DEPTH_MAX = 64, HEAD_BYTES = 16 * 1024 };

/* Where a text belongs, and what ends where: the whole knowledge of the format. */
enum place { ELSEWHERE, DOCUMENT, REPORT, GROUP, BATCH, PAYMENT, REASONS, REASON, ID, INSTRUCTION, STATUS, CODE, INFO };

/* A name means something only where it belongs: the payment as it was sent, who gave a reason and what it cost have codes of their own. */
static const struct {
    const char *name;
    enum place place, in, or_in;
} places[] = {
    {"CstmrPmtStsRpt", REPORT, DOCUMENT, 0}, {"pain.002.001.02", REPORT, DOCUMENT, 0},
    {"OrgnlGrpInfAndSts", GROUP, REPORT, 0}, {"OrgnlPmtInfAndSts", BATCH, REPORT, 0}, {"TxInfAndSts", PAYMENT, BATCH, REPORT},
    {"OrgnlMsgId", ID, GROUP, 0}, {"OrgnlPmtInfId", ID, BATCH, 0}, {"OrgnlEndToEndId", ID, PAYMENT, 0}, {"OrgnlInstrId", INSTRUCTION, PAYMENT, 0},
    {"GrpSts", STATUS, GROUP, 0}, {"PmtInfSts", STATUS, BATCH, 0}, {"TxSts", STATUS, PAYMENT, 0},
    {"StsRsnInf", REASONS, GROUP, 0}, {"StsRsnInf", REASONS, BATCH, PAYMENT}, {"Rsn", REASON, REASONS, 0}, {"StsRsn", REASON, REASONS, 0},
    {"Cd", CODE, REASON, 0}, {"Prtry", CODE, REASON, 0}, {"AddtlInf", INFO, REASONS, 0}, {"AddtlStsRsnInf", INFO, REASONS, 0},
};

enum { FIELDS = INFO - ID + 1 };

/* What is said of one file, batch or payment. */
struct answer {
    char text[FIELDS][TEXT_MAX];
};

struct reader {
    struct buf *out;
    struct answer answers[PAYMENT - GROUP + 1];
    enum place path[DEPTH_MAX];
    size_t depth, written;
    bool has_document, has_heirs[PAYMENT - GROUP]; /* payments of the file, of the batch, that went without a status */
    char text[TEXT_MAX]; /* of the element that is open */
};

/* The innermost file, batch or payment that is open. */
static struct answer *current(struct reader *r)
{
    for (size_t i = r->depth; i-- > 0;)
        if (r->path[i] >= GROUP && r->path[i] <= PAYMENT)
            return &r->answers[r->path[i] - GROUP];
    return NULL;
}

static enum place place_of(const char *name, enum place in)
{
    for (size_t i = 0; in && i < sizeof places / sizeof *places; i++)
        if ((places[i].in == in || places[i].or_in == in) && strcmp(places[i].name, name) == 0)
            return places[i].place;
    return ELSEWHERE;
}

/* The version, as the name of the format, from the document's namespace; without one the message tells by itself. */
static bool open_document(struct reader *r, const char *space, struct err *e)
{
    static const char name[] = "pain.002";
    const char *at = space ? strstr(space, name) : name;
    if (!at)
        return err_set(e, "not a pain.002 file");
    size_t n = strlen(name) + strspn(at + strlen(name), ".0123456789");
    while (at[n - 1] == '.')
        n--;
    buf_adds(r->out, "\"format\":");
    json_write_str(r->out, (struct str){at, n});
    buf_adds(r->out, ",\"answers\":[");
    return true;
}

static bool start(void *self, const char *name, const char *space, const struct xml_attributes *a, struct err *e)
{
    struct reader *r = self;
    (void)a;
    if (r->depth == DEPTH_MAX)
        return err_set(e, "elements are nested too deeply");
    enum place in = r->depth ? r->path[r->depth - 1] : ELSEWHERE, place = place_of(name, in);
    if (strcmp(name, "Document") == 0) { /* at the root, or in an envelope */
        if (r->has_document)
            return err_set(e, "the file holds more than one answer: send each by itself");
        r->has_document = true;
        place = DOCUMENT;
        if (!open_document(r, space, e))
            return false;
    }
    if (in == DOCUMENT && place != REPORT)
        return err_set(e, "not an answer to a payment file");
    r->path[r->depth++] = place;
    r->text[0] = '\0';
    if (place >= GROUP && place <= PAYMENT)
        r->answers[place - GROUP] = (struct answer){0};
    return true;
}

/* Texts longer than a field keep their beginning; only the words of a reason can be that long. */
static void append(char *to, struct str piece)
{
    size_t n = strlen(to), add = piece.n < TEXT_MAX - 1 - n ? piece.n : TEXT_MAX - 1 - n;
    memcpy(to + n, piece.p, add);
    to[n + add] = '\0';
}

static bool text(void *self, struct str piece, struct err *e)
{
    struct reader *r = self;
    (void)e;
    if (r->depth && r->path[r->depth - 1] >= ID)
        append(r->text, piece);
    return true;
}

/* A status that comes behind the payments that went without would have been theirs. */
static bool is_too_late(const struct reader *r, enum place place)
{
    enum place of = place == STATUS ? r->path[r->depth - 2] : PAYMENT;
    return of < PAYMENT && r->has_heirs[of - GROUP];
}

/* Of several reasons the first is the code; the others stand among the words. */
static void keep_text(struct reader *r, enum place place)
{
    struct answer *of = current(r);
    struct str said = str_trim(str_of(r->text));
    char *to = of ? of->text[place - ID] : NULL, *words = of ? of->text[INFO - ID] : NULL;
    if (!of || !said.n)
        return;
    if (place == INFO || *to) {
        if (place != INFO && place != CODE)
            return;
        append(words, !*words ? STR("") : place == INFO ? STR(" ") : STR("; "));
        to = words;
    }
    append(to, said);
}

static void member(struct buf *b, const char *name, const char *value)
{
    struct str trimmed = str_trim(str_of(value));
    buf_addf(b, ",\"%s\":", name);
    if (trimmed.n)
        json_write_str(b, trimmed);
    else
        buf_adds(b, "null");
}

static bool is_status(const char *s)
{
    struct str t = str_trim(str_of(s));
    for (size_t i = 0; i < t.n; i++)
        if (t.p[i] < 'A' || t.p[i] > 'Z')
            return false;
    return t.n == 4;
}

/* A payment without a status of its own has that of its batch, else of the file, and the reason with it; but what holds for a part may not hold for it. */
static void inherit(struct reader *r)
{
    struct answer *of = &r->answers[PAYMENT - GROUP];
    const struct answer *from = &r->answers[BATCH - GROUP];
    if (!from->text[STATUS - ID][0])
        from = &r->answers[0];
    r->has_heirs[0] = r->has_heirs[BATCH - GROUP] = true;
    if (strcmp(from->text[STATUS - ID], "PART") == 0)
        return;
    memcpy(of->text[STATUS - ID], from->text[STATUS - ID], TEXT_MAX);
    if (of->text[CODE - ID][0] || of->text[INFO - ID][0])
        return;
    memcpy(of->text[CODE - ID], from->text[CODE - ID], TEXT_MAX);
    memcpy(of->text[INFO - ID], from->text[INFO - ID], TEXT_MAX);
}

static bool write_answer(struct reader *r, enum place place, struct err *e)
{
    static const char *const levels[] = {"group", "batch", "payment"};
    const struct answer *of = &r->answers[place - GROUP];
    const char *level = levels[place - GROUP], *id = of->text[0], *status = of->text[STATUS - ID];
    if (place == PAYMENT && !*status)
        inherit(r);
    if (place == PAYMENT && bank_reference_is_absent(id))
        id = "";
    if (place == BATCH && !str_trim(str_of(id)).n && !str_trim(str_of(status)).n)
        return true; /* nothing but a place for its payments */
    if (!str_trim(str_of(id)).n && (place != PAYMENT || !str_trim(str_of(of->text[INSTRUCTION - ID])).n))
        return err_set(e, "an answer about a %s does not say which", level);
    if (*status && !is_status(status))
        return err_set(e, "the status of %.40s is not one that the standard knows", id);
    if (++r->written > ANSWERS_MAX)
        return err_set(e, "more than %d answers", ANSWERS_MAX);
    buf_addf(r->out, "%s{\"level\":\"%s\"", r->written > 1 ? "," : "", level);
    member(r->out, "id", id);
    member(r->out, "instruction_id", of->text[INSTRUCTION - ID]);
    member(r->out, "status", status);
    member(r->out, "code", of->text[CODE - ID]);
    member(r->out, "info", of->text[INFO - ID]);
    buf_addc(r->out, '}');
    return true;
}

static bool end(void *self, struct err *e)
{
    struct reader *r = self;
    enum place place = r->path[r->depth - 1];
    if (is_too_late(r, place))
        return err_set(e, "the status of a file or batch follows payments that have none of their own");
    if (place >= ID)
        keep_text(r, place);
    r->depth--;
    bool is_written = place < GROUP || place > PAYMENT || write_answer(r, place, e);
    if (place == BATCH) {
        r->answers[BATCH - GROUP] = (struct answer){0};
        r->has_heirs[BATCH - GROUP] = false;
    }
    return is_written;
}

static const struct xml_events events = {start, text, end};

bool pain002_read_members(struct str in, struct buf *out, struct err *e)
{
    struct arena *a = arena_create(0);
    struct reader *r = arena_alloc(a, sizeof *r);
    r->out = out;
    struct xml_stream *s = xml_stream_create(&events, r, &xml_limits_statement);
    bool read = xml_stream_feed(s, in, e) && xml_stream_finish(s, e) && (r->written || err_set(e, "the file holds no answer"));
    xml_stream_destroy(&s);
    arena_destroy(&a);
    buf_adds(out, "]");
    return read;
}

bool pain002_read_json(struct str in, struct buf *out, struct err *e)
{
    size_t before = out->n;
    buf_addc(out, '{');
    bool read = pain002_read_members(in, out, e);
    if (read)
        buf_adds(out, "}\n");
    else
        out->n = before;
    return read;
}

bool pain002_is(struct str in)
{
    struct str head = {in.p ? in.p : "", in.n < HEAD_BYTES ? in.n : HEAD_BYTES};
    return memmem(head.p, head.n, "CstmrPmtStsRpt", 14) || memmem(head.p, head.n, "<pain.002", 9);
}

bool bank_file_read_lines(struct str in, struct buf *out, struct err *e)
{
    return pain002_is(in) ? pain002_read_json(in, out, e) : statement_read_lines(in, out, e);
}
