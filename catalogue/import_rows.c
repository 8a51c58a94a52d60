#include "catalogue/import_rows.h"

#include <stdlib.h>
#include <string.h>

#include "catalogue/import_clean.h"
#include "catalogue/import_hours.h"
#include "catalogue/import_json.h"
#include "catalogue/import_map.h"
#include "daemon/base/arena.h"
#include "daemon/base/csv.h"

enum { SUMMARY_BYTES = 290, NAME_BYTES = 190, DESCRIPTION_BYTES = 8000 };

void import_add_column(struct buf *out, const char *value)
{
    buf_addc(out, '\t');
    if (!value) {
        buf_adds(out, "\\N");
        return;
    }
    for (; *value; value++) {
        if (*value == '\\' || *value == '\t')
            buf_addc(out, '\\');
        if (*value == '\n' || *value == '\r')
            buf_adds(out, *value == '\n' ? "\\n" : "\\r");
        else
            buf_addc(out, *value);
    }
}

static void add_fault(struct buf *out, bool is_fatal, size_t line, const char *column, const char *what, const char *advice)
{
    buf_addf(out, "E\t%d\t%zu", is_fatal, line);
    import_add_column(out, column);
    import_add_column(out, what);
    import_add_column(out, advice);
    buf_addc(out, '\n');
}

/* Degrees as published: optional sign, digits, optional point and digits. The text itself goes to the database. */
static char *read_degrees(struct arena *a, struct str s, double min, double max)
{
    s = str_trim(s);
    bool has_digit = false, has_point = false;
    for (size_t i = 0; i < s.n; i++) {
        has_digit |= text_is_digit(s.p[i]);
        if (!text_is_digit(s.p[i]) && !(s.p[i] == '-' && i == 0) && !(s.p[i] == '.' && !has_point))
            return NULL;
        has_point |= s.p[i] == '.';
    }
    if (!has_digit || s.n > 32)
        return NULL;
    char *text = str_dup(a, s);
    double value = strtod(text, NULL);
    return value >= min && value <= max ? text : NULL;
}

/* ---- entries ---- */

struct entries {
    struct import_map *map;
    struct buf *out;
    bool has_heading;
};

/* One row on its way: values by field, already clean. */
struct entry_row {
    struct arena *arena;
    struct buf *out;
    size_t line;
    const char *values[MAP_FIELDS];
};

struct field_rule {
    char *(*clean)(struct arena *a, struct str s);
    const char *column, *what, *advice;
};

static char *clean_latitude(struct arena *a, struct str s)
{
    return read_degrees(a, s, 49, 61);
}

static char *clean_longitude(struct arena *a, struct str s)
{
    return read_degrees(a, s, -9, 2);
}

/* Years, also parts of one; as a JSON file writes numbers, with any zeros behind the point. */
static char *clean_age(struct arena *a, struct str s)
{
    s = str_trim(s);
    return s.n && s.p[0] != '-' ? read_degrees(a, s, 0, 120) : NULL;
}

static char *clean_contact(struct arena *a, struct str s)
{
    char *email = clean_email(a, s);
    return email ? email : clean_phone(a, s);
}

static char *clean_line(struct arena *a, struct str s)
{
    char *text = clean_text(a, s);
    return text ? clean_cut(a, text, SUMMARY_BYTES) : NULL;
}

static const struct field_rule rules[MAP_FIELDS] = {
    [MAP_KEY] = {clean_text, "key", "no key", "Fill in the columns that tell rows apart."},
    [MAP_NAME] = {clean_name, "name", "no name", "Write the name of the service or group."},
    [MAP_SUMMARY] = {clean_line, "summary", "no text", "Write a sentence."},
    [MAP_DESCRIPTION] = {clean_text, "description", "no text", "Write a sentence."},
    [MAP_CONTACT] = {clean_contact, "contact", "neither a telephone number nor an e-mail address", "Write one, such as 0161 496 0123 or name@example.org."},
    [MAP_PHONE] = {clean_phone, "phone", "not a telephone number of the United Kingdom", "Write it in full, such as 0161 496 0123."},
    [MAP_EMAIL] = {clean_email, "email", "not an e-mail address", "Write one address, such as name@example.org."},
    [MAP_WEB] = {clean_web, "web", "not a web address", "Write one address, such as https://example.org."},
    [MAP_SOURCE_WEB] = {clean_web, "source_web", "not a web address", "Write one address, such as https://example.org."},
    [MAP_ADDRESS] = {clean_address, "address", "no address", "Write the street and the town."},
    [MAP_POSTCODE] = {clean_postcode, "postcode", "not a full UK postcode", "Write a full UK postcode, like AB1 2DE."},
    [MAP_LATITUDE] = {clean_latitude, "latitude", "not a latitude in the United Kingdom", "Write degrees, such as 53.4246."},
    [MAP_LONGITUDE] = {clean_longitude, "longitude", "not a longitude in the United Kingdom", "Write degrees, such as -2.3187."},
    [MAP_OPENS] = {clean_line, "opens", "no text", "Write when it is open."},
    [MAP_HOURS] = {clean_hours, "hours", "no weekly hours", "Write day, opening and closing, such as 2 10:00 12:00 for Tuesdays."},
    [MAP_MINIMUM_AGE] = {clean_age, "minimum_age", "not an age", "Write years, such as 18."},
    [MAP_MAXIMUM_AGE] = {clean_age, "maximum_age", "not an age", "Write years, such as 25."},
};

static void take_value(struct entry_row *row, enum map_field field, const char *text)
{
    const struct field_rule *rule = &rules[field];
    const char *clean = rule->clean(row->arena, str_of(text));
    if (!clean) {
        const char *what = arena_printf(row->arena, "\"%s\" is %s", clean_cut(row->arena, text, 60), rule->what);
        add_fault(row->out, false, row->line, rule->column, what, rule->advice);
    } else if (field == MAP_CONTACT) {
        row->values[strchr(clean, '@') ? MAP_EMAIL : MAP_PHONE] = clean;
    } else if (field == MAP_DESCRIPTION && row->values[field]) {
        row->values[field] = arena_printf(row->arena, "%s\n%s", row->values[field], clean);
    } else {
        row->values[field] = clean;
    }
}

static void fill_row(struct entry_row *row, const struct import_map *m, const struct str *cells, size_t cells_n)
{
    for (size_t i = 0; i < m->lines_n; i++) {
        enum map_field field = m->lines[i].field;
        if (row->values[field] && field != MAP_DESCRIPTION)
            continue;
        const char *text = map_text(row->arena, &m->lines[i], cells, cells_n);
        if (text)
            take_value(row, field, text);
    }
    /* Half a position is none. */
    if (!row->values[MAP_LATITUDE] || !row->values[MAP_LONGITUDE])
        row->values[MAP_LATITUDE] = row->values[MAP_LONGITUDE] = NULL;
    const char *youngest = row->values[MAP_MINIMUM_AGE], *oldest = row->values[MAP_MAXIMUM_AGE];
    if (youngest && oldest && strtod(youngest, NULL) > strtod(oldest, NULL)) {
        add_fault(row->out, false, row->line, "maximum_age", "the greatest age is less than the least", "Write the ages in their own columns.");
        row->values[MAP_MINIMUM_AGE] = row->values[MAP_MAXIMUM_AGE] = NULL;
    }
    if (!row->values[MAP_SUMMARY] && row->values[MAP_DESCRIPTION])
        row->values[MAP_SUMMARY] = clean_line(row->arena, str_of(row->values[MAP_DESCRIPTION]));
}

static void write_row(struct entry_row *row, const char *kind, const char *category)
{
    const char **v = row->values;
    const char *description = v[MAP_DESCRIPTION] ? clean_cut(row->arena, v[MAP_DESCRIPTION], DESCRIPTION_BYTES) : "";
    const char *columns[] = {v[MAP_KEY],
                             kind,
                             category,
                             clean_cut(row->arena, v[MAP_NAME], NAME_BYTES),
                             v[MAP_SUMMARY] ? v[MAP_SUMMARY] : "",
                             /* Said once is enough. */
                             v[MAP_SUMMARY] && strcmp(description, v[MAP_SUMMARY]) == 0 ? "" : description,
                             v[MAP_PHONE],
                             v[MAP_EMAIL],
                             v[MAP_WEB],
                             v[MAP_SOURCE_WEB],
                             v[MAP_ADDRESS],
                             v[MAP_POSTCODE],
                             v[MAP_LATITUDE],
                             v[MAP_LONGITUDE],
                             v[MAP_OPENS],
                             v[MAP_HOURS],
                             v[MAP_MINIMUM_AGE],
                             v[MAP_MAXIMUM_AGE]};
    buf_addf(row->out, "R\t%zu", row->line);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        import_add_column(row->out, columns[i]);
    buf_addc(row->out, '\n');
}

static bool take_heading(struct entries *x, const struct str *cells, size_t cells_n, struct err *e)
{
    struct str columns[CSV_MAX_COLUMNS];
    for (size_t i = 0; i < cells_n; i++)
        columns[i] = str_trim(cells[i]);
    x->has_heading = true;
    return map_bind(x->map, columns, cells_n, e);
}

static bool take_row(void *context, size_t line, const struct str *cells, size_t cells_n, struct err *e)
{
    struct entries *x = context;
    (void)e;
    const char *category = map_category(x->map, cells, cells_n);
    if (!category)
        return true;
    struct entry_row row = {.arena = arena_create(0), .out = x->out, .line = line};
    fill_row(&row, x->map, cells, cells_n);
    const char *name = row.values[MAP_NAME];
    if (!row.values[MAP_KEY])
        add_fault(x->out, true, line, "key", rules[MAP_KEY].what, rules[MAP_KEY].advice);
    else if (!name || strlen(name) < 2)
        add_fault(x->out, true, line, "name", rules[MAP_NAME].what, rules[MAP_NAME].advice);
    else
        write_row(&row, x->map->kind, category);
    arena_destroy(&row.arena);
    return true;
}

static bool take_entry(void *context, size_t line, const struct str *cells, size_t cells_n, struct err *e)
{
    struct entries *x = context;
    if (!x->has_heading)
        return take_heading(x, cells, cells_n, e);
    if (cells_n == 0 || (cells_n == 1 && !str_trim(cells[0]).n))
        return true; /* an empty line */
    return take_row(x, line, cells, cells_n, e);
}

static bool read_json(struct str file, struct entries *x, struct err *e)
{
    const char *columns[MAP_MAX_COLUMNS];
    size_t n;
    return map_columns(x->map, columns, &n, e) && import_json_read(file, columns, n, take_row, x, e);
}

static bool read_csv(struct str file, struct entries *x, struct err *e)
{
    return csv_read(file, take_entry, x, e) && (x->has_heading || err_set(e, "it is empty: the first line must name the columns"));
}

void import_pack(struct buf *in, struct str map, struct str file)
{
    buf_addf(in, "%zu\n", map.n);
    buf_add(in, map.p, map.n);
    buf_add(in, file.p, file.n);
}

bool import_read_entries(struct str in, struct buf *out, struct err *e)
{
    struct str size;
    int64_t map_n;
    if (!str_cut(&in, '\n', &size) || !text_read_i64(size, 0, MAP_MAX_BYTES, &map_n) || (size_t)map_n > in.n)
        return err_set(e, "the mapping is larger than %d KiB", MAP_MAX_BYTES / 1024);
    struct str map = {in.p, (size_t)map_n}, file = {in.p + map_n, in.n - (size_t)map_n};
    struct arena *a = arena_create(0);
    struct entries x = {.out = out, .map = map_read(a, map, e)};
    bool ok = x.map && (import_is_json(file) ? read_json(file, &x, e) : read_csv(file, &x, e));
    arena_destroy(&a);
    return ok;
}

/* ---- postcodes ---- */

struct postcodes {
    struct buf *out;
    size_t postcode, lon, lat; /* columns; SIZE_MAX until the heading was read */
};

static bool find_columns(struct postcodes *x, const struct str *cells, size_t cells_n, struct err *e)
{
    size_t *const found[] = {&x->postcode, &x->lon, &x->lat};
    static const char *const names[] = {"postcode", "lon", "lat"};
    for (size_t k = 0; k < 3; k++) {
        for (size_t i = 0; i < cells_n; i++)
            if (str_is(str_trim(cells[i]), names[k]))
                *found[k] = i;
        if (*found[k] == SIZE_MAX)
            return err_set(e, "the first line must name the columns postcode, lon and lat; there is no %s", names[k]);
    }
    return true;
}

static bool take_postcode(void *context, size_t line, const struct str *cells, size_t cells_n, struct err *e)
{
    struct postcodes *x = context;
    if (x->postcode == SIZE_MAX)
        return find_columns(x, cells, cells_n, e);
    if (cells_n == 0 || (cells_n == 1 && !str_trim(cells[0]).n))
        return true;
    struct arena *a = arena_create(0);
    bool is_whole = x->postcode < cells_n && x->lon < cells_n && x->lat < cells_n;
    char *postcode = is_whole ? clean_postcode(a, cells[x->postcode]) : NULL;
    char *lon = is_whole ? clean_longitude(a, cells[x->lon]) : NULL, *lat = is_whole ? clean_latitude(a, cells[x->lat]) : NULL;
    enum map_field bad = !postcode ? MAP_POSTCODE : !lon ? MAP_LONGITUDE : MAP_LATITUDE;
    if (!postcode || !lon || !lat) {
        add_fault(x->out, true, line, rules[bad].column, rules[bad].what, rules[bad].advice);
    } else {
        buf_adds(x->out, "P");
        import_add_column(x->out, postcode);
        import_add_column(x->out, lon);
        import_add_column(x->out, lat);
        buf_addc(x->out, '\n');
    }
    arena_destroy(&a);
    return true;
}

bool import_read_postcodes(struct str in, struct buf *out, struct err *e)
{
    struct postcodes x = {.out = out, .postcode = SIZE_MAX, .lon = SIZE_MAX, .lat = SIZE_MAX};
    return csv_read(in, take_postcode, &x, e) && (x.postcode != SIZE_MAX || err_set(e, "it is empty: the first line must name the columns"));
}
