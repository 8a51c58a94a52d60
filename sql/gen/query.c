#include "sql/gen/query.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "daemon/base/arena.h"

static const struct field_type types[] = {
    {"text", "DB_TEXT", "const char *", false},  {"int", "DB_INT", "int32_t ", true},
    {"bigint", "DB_BIGINT", "int64_t ", true},   {"money", "DB_MONEY", "int64_t ", true},
    {"bool", "DB_BOOL", "bool ", true},          {"date", "DB_DATE", "int32_t ", false},
    {"time", "DB_TIME", "const char *", false},  {"uuid", "DB_UUID", "const char *", false},
    {"bytes", "DB_BYTES", "struct str ", false}, {"json", "DB_JSON", "const char *", false},
    {"real", "DB_REAL", "double ", true},
};

static const char c_keywords[] =
    " auto bool break case char const continue default do double else enum extern false float for goto if inline int long "
    "register restrict return short signed sizeof static struct switch true typedef union unsigned void volatile while "
    "linux unix ";

/* The header's entries; text is NULL while one was not seen. */
enum key { KEY_QUERY, KEY_ABOUT, KEY_LANE, KEY_WRITES, KEY_PARAMS, KEY_ROW, KEY_ROWS, KEY_PAGE, KEY_COUNT };
static const char *const key_names[KEY_COUNT] = {"query", "about", "lane", "writes", "params", "row", "rows", "page"};

struct entry {
    const char *text;
    unsigned line;
};

struct reader {
    struct arena *arena;
    const char *path;
    struct str rest;
    unsigned line; /* of the first line in rest */
    struct entry entries[KEY_COUNT];
    struct err *e;
};

static bool refuse(const struct reader *r, unsigned line, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static bool refuse(const struct reader *r, unsigned line, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *why = arena_vprintf(r->arena, fmt, ap);
    va_end(ap);
    return err_set(r->e, "%s:%u: %s", r->path, line, why);
}

static bool is_name_char(char c)
{
    return text_is_digit(c) || c == '_' || (c >= 'a' && c <= 'z');
}

static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_name_char(s.p[i]))
            return false;
    return s.n && s.n <= QUERY_NAME_MAX && !text_is_digit(s.p[0]);
}

static bool is_keyword(const struct reader *r, struct str word)
{
    return strstr(c_keywords, arena_printf(r->arena, " %.*s ", (int)word.n, word.p)) != NULL;
}

/* ---- the header ---- */

static enum key key_find(struct str name)
{
    enum key k = 0;
    while (k < KEY_COUNT && !str_is(name, key_names[k]))
        k++;
    return k;
}

static bool entry_start(struct reader *r, struct str line, enum key *ret_key)
{
    struct str key;
    bool has_colon = line.n && memchr(line.p, ':', line.n);
    if (!has_colon || !str_cut(&line, ':', &key))
        return refuse(r, r->line, "this is not a header line: comments go behind an empty line");
    enum key k = key_find(str_trim(key));
    if (k == KEY_COUNT)
        return refuse(r, r->line, "unknown header \"%.*s\": comments go behind an empty line", (int)key.n, key.p);
    if (r->entries[k].text)
        return refuse(r, r->line, "second header \"%s\"", key_names[k]);
    r->entries[k] = (struct entry){str_dup(r->arena, str_trim(line)), r->line};
    *ret_key = k;
    return true;
}

/* Header lines are "-- key: value"; "--   more" (two spaces at least) continues the line before. */
static bool header_read(struct reader *r)
{
    enum key last = KEY_COUNT;
    while (str_starts(r->rest, "--")) {
        struct str line;
        str_cut(&r->rest, '\n', &line);
        line = (struct str){line.p + 2, line.n - 2};
        if (str_starts(line, "  ") && last != KEY_COUNT) {
            struct str more = str_trim(line);
            struct entry *entry = &r->entries[last];
            entry->text = arena_printf(r->arena, "%s %.*s", entry->text, (int)more.n, more.p);
        } else if (!entry_start(r, str_trim(line), &last)) {
            return false;
        }
        r->line++;
    }
    return true;
}

/* The value is one of the n words; the first stands for a missing header. */
static bool choice_read(const struct reader *r, enum key k, const char *const *words, size_t n, size_t *ret_index)
{
    const struct entry *entry = &r->entries[k];
    if (!entry->text) {
        *ret_index = 0;
        return true;
    }
    for (size_t i = 0; i < n; i++)
        if (strcmp(entry->text, words[i]) == 0) {
            *ret_index = i;
            return true;
        }
    return refuse(r, entry->line, "\"%s\" is not a value of %s", entry->text, key_names[k]);
}

/* ---- fields: "name type null hidden, …" ---- */

static struct str word_next(struct str *s)
{
    *s = str_trim(*s);
    size_t n = 0;
    while (n < s->n && s->p[n] != ' ' && s->p[n] != '\t')
        n++;
    struct str word = {s->p, n};
    s->p += n;
    s->n -= n;
    return word;
}

static const struct field_type *type_find(struct str name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_is(name, types[i].name))
            return &types[i];
    return NULL;
}

static bool field_flags(const struct reader *r, enum key k, struct str text, struct field *f)
{
    for (struct str flag = word_next(&text); flag.n; flag = word_next(&text)) {
        if (str_is(flag, "null") && !f->nullable)
            f->nullable = true;
        else if (str_is(flag, "hidden") && !f->hidden && k == KEY_ROW)
            f->hidden = true;
        else
            return refuse(r, r->entries[k].line, "\"%.*s\" cannot follow the type of \"%s\"", (int)flag.n, flag.p, f->name);
    }
    return true;
}

static bool field_read(const struct reader *r, enum key k, struct str text, struct field *ret)
{
    unsigned line = r->entries[k].line;
    struct str name = word_next(&text), type = word_next(&text);
    if (!is_name(name))
        return refuse(r, line, "\"%.*s\" is not a name (a-z, 0-9, _) in %s", (int)name.n, name.p, key_names[k]);
    if (is_keyword(r, name))
        return refuse(r, line, "\"%.*s\" is a word of C: choose another name", (int)name.n, name.p);
    struct field f = {.name = str_dup(r->arena, name), .type = type_find(type)};
    if (!type.n)
        return refuse(r, line, "\"%s\" has no type", f.name);
    if (!f.type)
        return refuse(r, line, "unknown type \"%.*s\" of \"%s\"", (int)type.n, type.p, f.name);
    if (!field_flags(r, k, text, &f))
        return false;
    *ret = f;
    return true;
}

static bool clashes(const struct reader *r, const struct field *a, const struct field *b)
{
    return strcmp(a->name, b->name) == 0 ||
           (a->nullable && a->type->is_flagged && strcmp(arena_printf(r->arena, "%s_null", a->name), b->name) == 0);
}

static bool fields_check(const struct reader *r, enum key k, const struct fields *fields)
{
    for (size_t i = 0; i < fields->n; i++)
        for (size_t j = 0; j < fields->n; j++)
            if (i != j && clashes(r, &fields->list[i], &fields->list[j]))
                return refuse(r, r->entries[k].line, "\"%s\" twice in %s", fields->list[j].name, key_names[k]);
    return true;
}

static bool fields_read(const struct reader *r, enum key k, struct fields *ret)
{
    struct fields fields = {arena_array(r->arena, QUERY_FIELDS_MAX, sizeof(struct field)), 0};
    struct str text = str_of(r->entries[k].text), part;
    if (!text.n) {
        *ret = fields;
        return true;
    }
    while (str_cut(&text, ',', &part)) {
        if (fields.n == QUERY_FIELDS_MAX)
            return refuse(r, r->entries[k].line, "more than %d in %s", QUERY_FIELDS_MAX, key_names[k]);
        if (!field_read(r, k, part, &fields.list[fields.n++]))
            return false;
    }
    if (!fields_check(r, k, &fields))
        return false;
    *ret = fields;
    return true;
}

/* ---- the statement ---- */

struct scan {
    const struct reader *r;
    struct str sql;
    size_t at;
    unsigned line;
    const struct fields *params;
    bool used[QUERY_FIELDS_MAX];
};

static bool scan_is(const struct scan *s, const char *text)
{
    return str_starts((struct str){s->sql.p + s->at, s->sql.n - s->at}, text);
}

static void scan_step(struct scan *s, size_t n)
{
    for (; n && s->at < s->sql.n; n--, s->at++)
        s->line += s->sql.p[s->at] == '\n';
}

/* Goes behind the next `close` (which a doubled quote does not end, because the second one opens again). */
static bool scan_past(struct scan *s, const char *open, const char *close)
{
    unsigned from = s->line;
    scan_step(s, strlen(open));
    while (s->at < s->sql.n && !scan_is(s, close))
        scan_step(s, 1);
    if (s->at == s->sql.n && strcmp(close, "\n") != 0)
        return refuse(s->r, from, "%s is not closed", open);
    scan_step(s, strlen(close));
    return true;
}

static bool scan_param(struct scan *s)
{
    size_t number = 0, n = 1;
    for (; s->at + n < s->sql.n && text_is_digit(s->sql.p[s->at + n]); n++)
        if (number <= QUERY_FIELDS_MAX)
            number = number * 10 + (size_t)(s->sql.p[s->at + n] - '0');
    if (number < 1 || number > s->params->n)
        return refuse(s->r, s->line, "%.*s is beyond the %zu params", (int)n, s->sql.p + s->at, s->params->n);
    s->used[number - 1] = true;
    scan_step(s, n);
    return true;
}

/* $1, or the tag of a quoted text: $$ or $name$. */
static bool scan_dollar(struct scan *s)
{
    size_t n = 1;
    if (s->at + 1 < s->sql.n && text_is_digit(s->sql.p[s->at + 1]))
        return scan_param(s);
    while (s->at + n < s->sql.n && is_name_char(s->sql.p[s->at + n]))
        n++;
    if (s->at + n == s->sql.n || s->sql.p[s->at + n] != '$')
        return refuse(s->r, s->line, "a $ that starts neither a parameter nor a quoted text");
    const char *tag = arena_strndup(s->r->arena, s->sql.p + s->at, n + 1);
    return scan_past(s, tag, tag);
}

static bool scan_one(struct scan *s)
{
    if (scan_is(s, "--"))
        return scan_past(s, "--", "\n");
    if (scan_is(s, "/*"))
        return scan_past(s, "/*", "*/");
    switch (s->sql.p[s->at]) {
    case '\'':
        return scan_past(s, "'", "'");
    case '"':
        return scan_past(s, "\"", "\"");
    case '$':
        return scan_dollar(s);
    case ';':
        return refuse(s->r, s->line, "one statement a file, and only its end may be marked with ;");
    default:
        scan_step(s, 1);
        return true;
    }
}

static bool sql_read(const struct reader *r, struct query *q)
{
    struct str sql = r->rest;
    unsigned line = r->line;
    for (; sql.n && strchr(" \t\n", sql.p[0]); sql.p++, sql.n--)
        line += sql.p[0] == '\n';
    sql = str_trim(sql);
    if (sql.n && sql.p[sql.n - 1] == ';')
        sql = str_trim((struct str){sql.p, sql.n - 1});
    if (!sql.n)
        return refuse(r, line, "no statement behind the header");
    struct scan s = {.r = r, .sql = sql, .line = line, .params = &q->params};
    while (s.at < s.sql.n)
        if (!scan_one(&s))
            return false;
    for (size_t i = 0; i < q->params.n; i++)
        if (!s.used[i])
            return refuse(r, r->entries[KEY_PARAMS].line, "param \"%s\" ($%zu) is never used", q->params.list[i].name, i + 1);
    q->sql = str_dup(r->arena, sql);
    return true;
}

/* ---- the whole ---- */

static bool bytes_check(const struct reader *r)
{
    unsigned line = 1;
    if (r->rest.n > QUERY_BYTES_MAX)
        return refuse(r, 1, "longer than %d bytes", QUERY_BYTES_MAX);
    if (!text_is_utf8(r->rest.p, r->rest.n))
        return refuse(r, 1, "not UTF-8");
    for (size_t i = 0; i < r->rest.n; i++) {
        unsigned char c = (unsigned char)r->rest.p[i];
        if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7F)
            return refuse(r, line, "control character (byte %u)", c);
        line += c == '\n';
    }
    return true;
}

/* Room and name from …/ROOM/NAME.sql. */
static bool path_read(const struct reader *r, struct query *q)
{
    struct str path = str_of(r->path), part, room = {0}, file = {0};
    while (str_cut(&path, '/', &part)) {
        room = file;
        file = part;
    }
    if (file.n <= 4 || !str_is((struct str){file.p + file.n - 4, 4}, ".sql"))
        return refuse(r, 1, "the file is not called NAME.sql");
    file.n -= 4;
    if (!is_name(room) || !is_name(file))
        return refuse(r, 1, "folder and file must be called ROOM/NAME.sql (a-z, 0-9, _)");
    q->room = str_dup(r->arena, room);
    q->name = str_dup(r->arena, file);
    return true;
}

static bool header_check(const struct reader *r, const struct query *q)
{
    static const enum key needed[] = {KEY_QUERY, KEY_ABOUT, KEY_ROWS};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!r->entries[needed[i]].text || !*r->entries[needed[i]].text)
            return refuse(r, 1, "missing header \"%s\"", key_names[needed[i]]);
    if (strcmp(r->entries[KEY_QUERY].text, q->name) != 0)
        return refuse(r, r->entries[KEY_QUERY].line, "query \"%s\" is in a file named \"%s.sql\"",
                      r->entries[KEY_QUERY].text, q->name);
    if (strstr(r->entries[KEY_ABOUT].text, "*/") || strstr(r->entries[KEY_ABOUT].text, "/*"))
        return refuse(r, r->entries[KEY_ABOUT].line, "about becomes a comment of C: it cannot hold /* or */");
    return true;
}

static bool row_check(const struct reader *r, const struct query *q)
{
    bool has_rows = strcmp(q->rows, "none") != 0;
    if (has_rows && !q->row.n)
        return refuse(r, r->entries[KEY_ROWS].line, "rows: %s needs a row", q->rows);
    if (!has_rows && q->row.n)
        return refuse(r, r->entries[KEY_ROW].line, "a row, but rows: none");
    return true;
}

/* Lists in pages: their number comes as a parameter. */
static bool page_read(const struct reader *r, struct query *q)
{
    const struct entry *entry = &r->entries[KEY_PAGE];
    int64_t rows = 0;
    if (!entry->text)
        return true;
    if (!text_read_i64(str_of(entry->text), 1, QUERY_PAGE_MAX, &rows))
        return refuse(r, entry->line, "page must be a number of rows from 1 to %d", QUERY_PAGE_MAX);
    if (strcmp(q->rows, "many") != 0)
        return refuse(r, entry->line, "a page, but rows: %s", q->rows);
    q->page = (unsigned)rows;
    for (size_t i = 0; i < q->params.n; i++)
        if (strcmp(q->params.list[i].name, "page") == 0)
            return true;
    return refuse(r, entry->line, "a page needs the parameter \"page\"");
}

bool query_read(struct arena *a, const char *path, struct str text, struct query *ret, struct err *e)
{
    static const char *const lanes[] = {"fast", "slow"}, *const yes_no[] = {"no", "yes"};
    static const char *const rows[] = {"one", "maybe", "many", "none"};
    struct reader r = {.arena = a, .path = path, .rest = text, .line = 1, .e = e};
    struct query q = {.path = path, .name = ""};
    size_t lane = 0, writes = 0, rows_index = 0;
    if (!bytes_check(&r) || !path_read(&r, &q) || !header_read(&r) || !header_check(&r, &q) ||
        !choice_read(&r, KEY_LANE, lanes, 2, &lane) || !choice_read(&r, KEY_WRITES, yes_no, 2, &writes) ||
        !choice_read(&r, KEY_ROWS, rows, 4, &rows_index) || !fields_read(&r, KEY_PARAMS, &q.params) ||
        !fields_read(&r, KEY_ROW, &q.row))
        return false;
    q.about = r.entries[KEY_ABOUT].text;
    q.rows = rows[rows_index];
    q.is_slow = lane == 1;
    q.writes = writes == 1;
    if (!row_check(&r, &q) || !page_read(&r, &q) || !sql_read(&r, &q))
        return false;
    *ret = q;
    return true;
}

bool query_check_names(const struct query *list, size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(list[i].name, list[j].name) == 0)
                return err_set(e, "%s:1: query \"%s\" is also in %s", list[i].path, list[i].name, list[j].path);
    return true;
}
