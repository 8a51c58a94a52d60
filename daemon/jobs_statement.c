#include "daemon/jobs_statement.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/id.h"
#include "daemon/jobs_unit.h"
#include "sql/jobs.h"

/* A piece is staged when it has this many lines or bytes. A single line, which is never cut, may be a batch of many payments or all of the bank's answers. */
enum { PIECE_LINES = 2000, PIECE_BYTES = 1 << 20, LINE_BYTES = 64 << 20, PIECE_ARENA = 4 * LINE_BYTES };

void jobs_statement_init(struct jobs_statement *j, struct db_session *s, struct arena *a, int council, const char *file)
{
    *j = (struct jobs_statement){.session = s, .arena = a, .council = council, .file = file, .attempt = id_uuid(a), .statement = 1};
}

void jobs_statement_finish(struct jobs_statement *j)
{
    buf_finish(&j->held);
}

/* The only line that begins so, and the only one of its file. */
static bool is_answer(const struct jobs_statement *j)
{
    return j->pieces == 0 && str_starts(buf_str(&j->held), "{\"format\":");
}

static bool stage(struct jobs_statement *j, struct err *e)
{
    struct arena *a = arena_create(PIECE_ARENA);
    struct db_unit *u = jobs_unit(a, j->council);
    struct sql_statement_stage_row row;
    int step = sql_statement_stage_add(u, &(struct sql_statement_stage_params){.file = j->file, .attempt = j->attempt, .piece = j->pieces + 1,
                                                                               .statement = j->statement, .lines = str_dup(a, (struct str){j->held.p, j->whole})});
    bool ok = db_session_run(j->session, u) == DB_DONE && sql_statement_stage_one(u, step, &row);
    if (ok) {
        j->pieces++;
        j->statement = row.next;
        j->held.n -= j->whole;
        memmove(j->held.p, j->held.p + j->whole, j->held.n);
        j->whole = j->lines = 0;
    } else {
        const char *refusal = jobs_unit_refusal(u), *message = db_unit_result(u)->message;
        j->refusal = refusal ? arena_strdup(j->arena, refusal) : NULL;
        err_set(e, "%s", message ? message : "the database did not answer");
    }
    arena_destroy(&a);
    return ok;
}

bool jobs_statement_take(void *self, struct str piece, struct err *e)
{
    struct jobs_statement *j = self;
    for (size_t i = 0; i < piece.n; i++)
        if (piece.p[i] == '\n') {
            j->whole = j->held.n + i + 1;
            j->lines++;
        }
    buf_add(&j->held, piece.p, piece.n);
    if (j->held.n - (is_answer(j) ? 0 : j->whole) > LINE_BYTES) {
        j->refusal = "the file holds more than we can take in one piece";
        return err_set(e, "%s", j->refusal);
    }
    bool is_full = j->lines >= PIECE_LINES || (j->lines && j->whole >= PIECE_BYTES);
    return !is_full || is_answer(j) || stage(j, e);
}

bool jobs_statement_end(struct jobs_statement *j, struct err *e)
{
    return !j->lines || is_answer(j) || stage(j, e);
}

void jobs_statement_import(const struct jobs_statement *j, struct db_unit *u)
{
    if (is_answer(j))
        sql_file_apply_answer_add(u, &(struct sql_file_apply_answer_params){.file = j->file, .request = buf_str(&j->held).p});
    else
        sql_statement_staged_import_add(u, &(struct sql_statement_staged_import_params){.file = j->file, .attempt = j->attempt, .pieces = j->pieces});
}
