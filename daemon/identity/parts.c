#include "daemon/base/arena.h"
#include "daemon/identity/driver.h"
#include "daemon/identity/request.h"

/* What the client has not asked for yet, and how the next part is found. Lives in the request's arena; a part has an arena of its own. */
struct parts {
    struct buf waiting;
    struct arena *arena;
    request_plan_fn *plan;
    request_place_fn *place_of;
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
    db_rows_csv_more(&piece, stmt, rows, n);
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

void request_parts(struct request *req, const struct db_unit *u, int step, const char *file_name, request_plan_fn *plan, request_place_fn *place)
{
    struct driver *d = request_driver(req);
    const struct db_stmt *stmt = db_unit_stmt(u, step);
    const void *rows;
    size_t n = db_unit_rows(u, step, &rows);
    struct parts *p = arena_alloc(req->arena, sizeof *p);
    *p = (struct parts){.plan = plan, .place_of = place};
    d->parts = p;
    db_rows_csv(&p->waiting, stmt, rows, n);
    if (n)
        p->place = place((const char *)rows + (n - 1) * stmt->row_size);
    reply_attachment(req, arena_printf(req->arena, "%s.csv", file_name));
    reply_begin(req, 200);
    struct buf unsent = p->waiting;
    if (!http_stream(req->http, 200, "text/csv; charset=utf-8", on_more, req))
        buf_finish(&unsent);
}
