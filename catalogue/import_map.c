#include "catalogue/import_map.h"

#include <string.h>

#include "catalogue/import_clean.h"
#include "daemon/base/arena.h"
#include "daemon/base/civil.h"

static const char *const field_names[MAP_FIELDS] = {"key",      "name",      "summary",  "description", "contact",  "phone",    "email",
                                                    "web",      "source_web", "address", "postcode",    "latitude", "longitude", "opens",
                                                    "hours",    "minimum_age", "maximum_age"};

static bool is_word(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !text_is_digit(s.p[i]) && s.p[i] != '-' && s.p[i] != '_')
            return false;
    return s.n > 0 && s.n <= 64;
}

/* ---- reading ---- */

static bool read_hole(struct arena *a, struct str hole, struct map_piece *piece, size_t line, struct err *e)
{
    struct str column = hole;
    for (size_t i = 0; i < hole.n; i++)
        if (hole.p[i] == ':') {
            struct str format = {hole.p + i + 1, hole.n - i - 1};
            column.n = i;
            if (str_is(format, "date"))
                piece->format = MAP_DATE;
            else if (str_is(format, "list"))
                piece->format = MAP_LIST;
            else if (str_is(format, "plain"))
                piece->format = MAP_PLAIN;
            else
                return err_set(e, "line %zu: \"%.*s\" is not a format; use date, list or plain", line, (int)format.n, format.p);
            break;
        }
    column = str_trim(column);
    if (!column.n)
        return err_set(e, "line %zu: an empty {}: write the name of a column in it", line);
    piece->column = str_dup(a, column);
    return true;
}

/* "Open: {Opening times}." -> ("Open: ", column) (".", none) */
static bool read_pieces(struct arena *a, struct str value, struct map_line *line, struct err *e)
{
    line->pieces = arena_array(a, MAP_MAX_PIECES, sizeof *line->pieces);
    while (value.n) {
        const char *open = memchr(value.p, '{', value.n);
        size_t words = open ? (size_t)(open - value.p) : value.n;
        if (line->pieces_n == MAP_MAX_PIECES)
            return err_set(e, "line %zu: more than %d columns in one line", line->line, MAP_MAX_PIECES - 1);
        struct map_piece *piece = &line->pieces[line->pieces_n++];
        piece->words = str_dup(a, (struct str){value.p, words});
        if (!open)
            return true;
        struct str rest = {open + 1, value.n - words - 1};
        const char *close = memchr(rest.p, '}', rest.n);
        if (!close)
            return err_set(e, "line %zu: { without }", line->line);
        struct str hole = {rest.p, (size_t)(close - rest.p)};
        if (!read_hole(a, hole, piece, line->line, e))
            return false;
        value = (struct str){close + 1, rest.n - hole.n - 1};
    }
    return true;
}

static bool starts_with(struct str *s, const char *words)
{
    if (!str_starts(*s, words))
        return false;
    *s = (struct str){s->p + strlen(words), s->n - strlen(words)};
    *s = str_trim(*s);
    return true;
}

static char *lower(struct arena *a, struct str s)
{
    char *text = str_dup(a, s);
    for (char *p = text; *p; p++)
        *p = text_lower(*p);
    return text;
}

/* name: "category when {type} has nursing", value: "nursing-homes"; or "leave out when {status}", "closed". */
static bool read_rule(struct arena *a, struct import_map *m, struct str name, struct str value, bool is_out, size_t line, struct err *e)
{
    const char *form = is_out ? "leave out when {column} = words" : "category when {column} has words = category";
    struct map_rule *rule = &m->rules[m->rules_n++];
    rule->line = line;
    const char *close = name.n ? memchr(name.p, '}', name.n) : NULL;
    if (!close || name.p[0] != '{')
        return err_set(e, "line %zu: write: %s", line, form);
    struct str hole = {name.p + 1, (size_t)(close - name.p) - 1}, rest = str_trim((struct str){close + 1, name.n - hole.n - 2});
    if (!read_hole(a, hole, &rule->test, line, e))
        return false;
    if (is_out ? rest.n || !value.n : !starts_with(&rest, "has ") || !rest.n || !is_word(value))
        return err_set(e, "line %zu: write: %s", line, form);
    rule->has = lower(a, is_out ? value : rest);
    rule->category = is_out ? NULL : str_dup(a, value);
    return true;
}

static bool read_setting(struct arena *a, struct import_map *m, struct str name, struct str value, size_t line, struct err *e)
{
    const char **word = str_is(name, "source") ? &m->source : str_is(name, "kind") ? &m->kind : str_is(name, "category") ? &m->category : NULL;
    if (word) {
        if (!is_word(value))
            return err_set(e, "line %zu: %.*s must be one word of small letters, digits and hyphens", line, (int)name.n, name.p);
        *word = str_dup(a, value);
        return true;
    }
    if (str_is(name, "about")) {
        m->about = str_dup(a, value);
        return true;
    }
    if (starts_with(&name, "category when "))
        return read_rule(a, m, name, value, false, line, e);
    if (starts_with(&name, "leave out when "))
        return read_rule(a, m, name, value, true, line, e);
    for (size_t i = 0; i < MAP_FIELDS; i++)
        if (str_is(name, field_names[i])) {
            struct map_line *to = &m->lines[m->lines_n++];
            *to = (struct map_line){.field = (enum map_field)i, .line = line};
            return read_pieces(a, value, to, e);
        }
    return err_set(e, "line %zu: there is no field \"%.*s\"", line, (int)name.n, name.p);
}

static bool has_field(const struct import_map *m, enum map_field field)
{
    for (size_t i = 0; i < m->lines_n; i++)
        if (m->lines[i].field == field)
            return true;
    return false;
}

static bool is_complete(const struct import_map *m, struct err *e)
{
    if (!m->source)
        return err_set(e, "there is no source: name the list in one word");
    if (!m->kind || (strcmp(m->kind, "public_service") != 0 && strcmp(m->kind, "business") != 0 && strcmp(m->kind, "community") != 0))
        return err_set(e, "kind must be public_service, business or community");
    if (!m->category)
        return err_set(e, "there is no category: name the one for rows that no rule fits");
    if (!has_field(m, MAP_KEY))
        return err_set(e, "there is no key: name the columns that tell rows apart");
    if (!has_field(m, MAP_NAME))
        return err_set(e, "there is no name: name the column with the title");
    return true;
}

struct import_map *map_read(struct arena *a, struct str text, struct err *e)
{
    struct import_map *m = arena_alloc(a, sizeof *m);
    m->lines = arena_array(a, MAP_MAX_LINES, sizeof *m->lines);
    m->rules = arena_array(a, MAP_MAX_LINES, sizeof *m->rules);
    if (text.n > MAP_MAX_BYTES || !text_is_utf8(text.p, text.n) || memchr(text.p, 0, text.n)) {
        err_set(e, "it must be UTF-8 text of at most %d KiB", MAP_MAX_BYTES / 1024);
        return NULL;
    }
    struct str line;
    for (size_t number = 1; str_cut(&text, '\n', &line); number++) {
        line = str_trim(line);
        if (!line.n || line.p[0] == '#')
            continue;
        const char *equals = memchr(line.p, '=', line.n);
        if (!equals || number > MAP_MAX_LINES) {
            err_set(e, equals ? "line %zu: too many lines" : "line %zu: write: name = value", number);
            return NULL;
        }
        size_t n = (size_t)(equals - line.p);
        struct str name = str_trim((struct str){line.p, n}), value = str_trim((struct str){equals + 1, line.n - n - 1});
        if (!read_setting(a, m, name, value, number, e))
            return NULL;
    }
    return is_complete(m, e) ? m : NULL;
}

/* ---- using ---- */

static bool bind_piece(struct map_piece *piece, const struct str *columns, size_t n, size_t line, struct err *e)
{
    if (!piece->column)
        return true;
    for (size_t i = 0; i < n; i++)
        if (str_is(columns[i], piece->column)) {
            piece->index = i;
            return true;
        }
    return err_set(e, "the file has no column \"%.100s\", which line %zu of the mapping names", piece->column, line);
}

bool map_bind(struct import_map *m, const struct str *columns, size_t columns_n, struct err *e)
{
    for (size_t i = 0; i < m->lines_n; i++)
        for (size_t k = 0; k < m->lines[i].pieces_n; k++)
            if (!bind_piece(&m->lines[i].pieces[k], columns, columns_n, m->lines[i].line, e))
                return false;
    for (size_t i = 0; i < m->rules_n; i++)
        if (!bind_piece(&m->rules[i].test, columns, columns_n, m->rules[i].line, e))
            return false;
    return true;
}

/* The place of a piece's column among those found so far, or the next one. */
static bool add_column(struct map_piece *piece, const char **columns, size_t *n, struct err *e)
{
    if (!piece->column)
        return true;
    for (piece->index = 0; piece->index < *n; piece->index++)
        if (strcmp(columns[piece->index], piece->column) == 0)
            return true;
    if (*n == MAP_MAX_COLUMNS)
        return err_set(e, "the mapping names more than %d columns", MAP_MAX_COLUMNS);
    columns[(*n)++] = piece->column;
    return true;
}

bool map_columns(struct import_map *m, const char *columns[MAP_MAX_COLUMNS], size_t *ret_n, struct err *e)
{
    size_t n = 0;
    for (size_t i = 0; i < m->lines_n; i++)
        for (size_t k = 0; k < m->lines[i].pieces_n; k++)
            if (!add_column(&m->lines[i].pieces[k], columns, &n, e))
                return false;
    for (size_t i = 0; i < m->rules_n; i++)
        if (!add_column(&m->rules[i].test, columns, &n, e))
            return false;
    *ret_n = n;
    return true;
}

static char *piece_value(struct arena *a, const struct map_piece *piece, const struct str *cells, size_t n)
{
    if (piece->index >= n)
        return NULL;
    int32_t day;
    struct str cell = str_trim(cells[piece->index]);
    if (piece->format == MAP_DATE)
        return civil_read(cell, &day) ? civil_text(a, day) : NULL;
    char *value = piece->format == MAP_PLAIN ? clean_plain(a, cell) : clean_text(a, cell);
    if (!value || piece->format != MAP_LIST)
        return value;
    struct buf out = {0};
    for (const char *p = value; *p; p++)
        buf_adds(&out, *p == '|' ? ", " : (char[]){*p, 0});
    value = str_dup(a, buf_str(&out));
    buf_finish(&out);
    return value;
}

char *map_text(struct arena *a, const struct map_line *line, const struct str *cells, size_t cells_n)
{
    const char *text = "";
    for (size_t i = 0; i < line->pieces_n; i++) {
        const struct map_piece *piece = &line->pieces[i];
        const char *value = piece->column ? piece_value(a, piece, cells, cells_n) : "";
        if (!value)
            return NULL;
        /* "Wildlife." followed by ". Run by" would read "Wildlife.. Run by". */
        const char *words = piece->words;
        if (*words == '.' && *text && strchr(".!?", text[strlen(text) - 1]))
            words++;
        text = arena_printf(a, "%s%s%s", text, words, value);
    }
    return *text ? arena_strdup(a, text) : NULL;
}

static bool contains(struct str s, const char *low)
{
    size_t n = strlen(low);
    for (size_t i = 0; i + n <= s.n; i++) {
        size_t k = 0;
        while (k < n && text_lower(s.p[i + k]) == low[k])
            k++;
        if (k == n)
            return true;
    }
    return false;
}

static bool is_out(const struct map_rule *rule, struct str cell)
{
    cell = str_trim(cell);
    return !rule->category && cell.n == strlen(rule->has) && contains(cell, rule->has);
}

const char *map_category(const struct import_map *m, const struct str *cells, size_t cells_n)
{
    const char *category = NULL;
    for (size_t i = 0; i < m->rules_n; i++) {
        const struct map_rule *rule = &m->rules[i];
        if (rule->test.index >= cells_n)
            continue;
        if (is_out(rule, cells[rule->test.index]))
            return NULL;
        if (!category && rule->category && contains(cells[rule->test.index], rule->has))
            category = rule->category;
    }
    return category ? category : m->category;
}
