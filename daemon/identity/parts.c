#include "daemon/base/arena.h"
#include "daemon/identity/driver.h"
#include "daemon/identity/request.h"

/* What the client has not asked for yet, and how the next part is found. Lives in the request's arena; a part has an arena of its own. */
struct parts {
    struct buf waiting;
    struct arena *arena;
    request_plan_fn *plan;
    request_place_fn *place_of;
    request_line_fn *line_of; /* NULL: the rows go out as CSV */
    int64_t place;
};

static void finish(struct request *req, bool is_whole)
{
    struct parts *p = request_driver(req)->parts;
    buf_finish(&p->waiting);
    arena_destroy(&p->arena);
    http_stream_end(req->http, is_whole);
}

static void on_more(struct http_request *http, void *context)
{
    struct request *req = context;
    struct parts *p = request_driver(req)->parts;
    if (http->client_gone) {
        finish(req, false);
    } else if (p->waiting.n) {
        struct buf piece = p->waiting;
        p->waiting = (struct buf){0};
        http_stream_piece(http, buf_str(&piece));
        buf_finish(&piece);
    } else {
        p->arena = arena_create(0);
        request_run_part(req, p->arena, p->plan);
    }
}

static void write_rows(const struct parts *p, struct buf *out, const struct db_stmt *stmt, const void *rows, size_t n)
{
    if (!p->line_of)
        db_rows_csv_more(out, stmt, rows, n);
    for (size_t i = 0; p->line_of && i < n; i++)
        buf_addf(out, "%s\n", p->line_of((const char *)rows + i * stmt->row_size));
}

void parts_done(struct request *req, const struct db_unit *u)
{
    struct parts *p = request_driver(req)->parts;
    const void *rows;
    size_t n = db_unit_rows(u, req->first_step, &rows);
    if (db_unit_result(u)->outcome != DB_DONE || !n) {
        finish(req, db_unit_result(u)->outcome == DB_DONE);
        return;
    }
    const struct db_stmt *stmt = db_unit_stmt(u, req->first_step);
    struct buf piece = {0};
    write_rows(p, &piece, stmt, rows, n);
    p->place = p->place_of((const char *)rows + (n - 1) * stmt->row_size);
    arena_destroy(&p->arena);
    http_stream_piece(req->http, buf_str(&piece));
    buf_finish(&piece);
}

int64_t request_place(const struct request *req)
{
    const struct parts *p = request_driver(req)->parts;
    return p ? p->place : 0;
}

/* The first part is written and waits. */
static void begin(struct request *req, struct parts *p, const void *rows, size_t n, size_t row_size, const char *content_type)
{
    request_driver(req)->parts = p;
    if (n)
        p->place = p->place_of((const char *)rows + (n - 1) * row_size);
    reply_begin(req, 200);
    struct buf unsent = p->waiting;
    if (!http_stream(req->http, 200, content_type, on_more, req))
        buf_finish(&unsent);
}

void request_parts(struct request *req, const struct db_unit *u, int step, const char *file_name, request_plan_fn *plan, request_place_fn *place)
{
    const struct db_stmt *stmt = db_unit_stmt(u, step);
    const void *rows;
    size_t n = db_unit_rows(u, step, &rows);
    struct parts *p = arena_alloc(req->arena, sizeof *p);
    *p = (struct parts){.plan = plan, .place_of = place};
    db_rows_csv(&p->waiting, stmt, rows, n);
    reply_attachment(req, arena_printf(req->arena, "%s.csv", file_name));
    begin(req, p, rows, n, stmt->row_size, "text/csv; charset=utf-8");
}

void request_lines(struct request *req, const struct db_unit *u, int step, const char *content_type, request_plan_fn *plan, request_place_fn *place,
                   request_line_fn *line)
{
    const struct db_stmt *stmt = db_unit_stmt(u, step);
    const void *rows;
    size_t n = db_unit_rows(u, step, &rows);
    struct parts *p = arena_alloc(req->arena, sizeof *p);
    *p = (struct parts){.plan = plan, .place_of = place, .line_of = line};
    write_rows(p, &p->waiting, stmt, rows, n);
    begin(req, p, rows, n, stmt->row_size, content_type);
}
