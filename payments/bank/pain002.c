#include "payments/bank/pain002.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/json.h"
#include "daemon/base/xml.h"
#include "payments/bank/statement.h"

enum { ANSWERS_MAX = 200000, TEXT_MAX = 512, DEPTH_MAX = 64, HEAD_BYTES = 1024 };

/* Where a text belongs, and what ends where: the whole knowledge of the format. */
enum place { ELSEWHERE, DOCUMENT, REPORT, GROUP, BATCH, PAYMENT, ID, INSTRUCTION, STATUS, CODE, INFO };

static const struct {
    const char *name;
    enum place place;
} places[] = {
    {"Document", DOCUMENT}, {"CstmrPmtStsRpt", REPORT}, {"OrgnlGrpInfAndSts", GROUP}, {"OrgnlPmtInfAndSts", BATCH}, {"TxInfAndSts", PAYMENT},
    {"OrgnlMsgId", ID}, {"OrgnlPmtInfId", ID}, {"OrgnlEndToEndId", ID}, {"OrgnlInstrId", INSTRUCTION},
    {"GrpSts", STATUS}, {"PmtInfSts", STATUS}, {"TxSts", STATUS}, {"Cd", CODE}, {"Prtry", CODE}, {"AddtlInf", INFO},
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
    bool in_original; /* the payment as it was sent is repeated there: nothing in it is an answer */
    size_t original_depth;
};

/* The innermost file, batch or payment that is open. */
static struct answer *current(struct reader *r)
{
    for (size_t i = r->depth; i-- > 0;)
        if (r->path[i] >= GROUP && r->path[i] <= PAYMENT)
            return &r->answers[r->path[i] - GROUP];
    return NULL;
}

static enum place place_of(const char *name)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (strcmp(places[i].name, name) == 0)
            return places[i].place;
    return ELSEWHERE;
}

static bool start(void *self, const char *name, const char *space, const struct xml_attributes *a, struct err *e)
{
    struct reader *r = self;
    (void)a;
    enum place place = place_of(name);
    if (r->depth == 0 && (place != DOCUMENT || !space || !strstr(space, "pain.002")))
        return err_set(e, "not a pain.002 file");
    if (r->depth == 1 && place != REPORT)
        return err_set(e, "not an answer to a payment file");
    if (r->depth == DEPTH_MAX)
        return err_set(e, "elements are nested too deeply");
    if (!r->in_original && strcmp(name, "OrgnlTxRef") == 0) {
        r->in_original = true;
        r->original_depth = r->depth;
    }
    r->path[r->depth++] = r->in_original ? ELSEWHERE : place;
    if (!r->in_original && place >= GROUP && place <= PAYMENT)
        r->answers[place - GROUP] = (struct answer){0};
    return true;
}

/* Texts longer than a field keep their beginning; only the words of a reason can be that long. */
static bool text(void *self, struct str piece, struct err *e)
{
    struct reader *r = self;
    struct answer *of = current(r);
    (void)e;
    if (!of || r->path[r->depth - 1] < ID)
        return true;
    char *to = of->text[r->path[r->depth - 1] - ID];
    size_t n = strlen(to), add = piece.n < TEXT_MAX - 1 - n ? piece.n : TEXT_MAX - 1 - n;
    memcpy(to + n, piece.p, add);
    to[n + add] = '\0';
    return true;
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

static bool write_answer(struct reader *r, enum place place, struct err *e)
{
    static const char *const levels[] = {"group", "batch", "payment"};
    const struct answer *of = &r->answers[place - GROUP];
    const char *level = levels[place - GROUP], *id = of->text[0], *status = of->text[STATUS - ID];
    if (!str_trim(str_of(id)).n && (place != PAYMENT || !str_trim(str_of(of->text[INSTRUCTION - ID])).n))
        return err_set(e, "an answer about a %s does not say which", level);
    /* The status of a file or batch may be left to its payments; a payment that is named has one. */
    if (str_trim(str_of(status)).n ? !is_status(status) : place == PAYMENT)
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
    enum place place = r->path[--r->depth];
    if (r->in_original && r->depth == r->original_depth)
        r->in_original = false;
    return place < GROUP || place > PAYMENT || write_answer(r, place, e);
}

static const struct xml_events events = {start, text, end};

/* The version, as the name of the format, from the root's namespace. */
static void write_format(struct buf *out, struct str head)
{
    static const char name[] = "pain.002";
    const char *at = memmem(head.p ? head.p : "", head.n, name, sizeof name - 1);
    size_t n = at ? sizeof name - 1 : 0;
    while (n && at + n < head.p + head.n && (at[n] == '.' || text_is_digit(at[n])))
        n++;
    buf_adds(out, "{\"format\":");
    json_write_str(out, at ? (struct str){at, n} : str_of(name));
    buf_adds(out, ",\"answers\":[");
}

static struct str head_of(struct str in)
{
    return (struct str){in.p, in.n < HEAD_BYTES ? in.n : HEAD_BYTES};
}

bool pain002_read_json(struct str in, struct buf *out, struct err *e)
{
    size_t before = out->n;
    struct arena *a = arena_create(0);
    struct reader *r = arena_alloc(a, sizeof *r);
    r->out = out;
    write_format(out, head_of(in));
    struct xml_stream *s = xml_stream_create(&events, r, &xml_limits_statement);
    bool read = xml_stream_feed(s, in, e) && xml_stream_finish(s, e) && (r->written || err_set(e, "the file holds no answer"));
    xml_stream_destroy(&s);
    arena_destroy(&a);
    if (read)
        buf_adds(out, "]}\n");
    else
        out->n = before;
    return read;
}

bool bank_file_read_lines(struct str in, struct buf *out, struct err *e)
{
    struct str head = head_of(in);
    return memmem(head.p ? head.p : "", head.n, "pain.002", 8) ? pain002_read_json(in, out, e) : statement_read_lines(in, out, e);
}
