#include "catalogue/import_json.h"

#include <string.h>

#include "catalogue/import_hours.h"
#include "daemon/base/arena.h"
#include "daemon/base/json.h"

enum { JSON_BYTES = 64 << 20, CHOSEN = 32 };

/* A service on its way: which element stands for each of its arrays. */
struct service {
    const char *const *columns;
    size_t columns_n;
    struct {
        const json_t *array, *element;
    } chosen[CHOSEN];
    size_t chosen_n;
};

/* ---- the value at the end of a path ---- */

static bool add_scalar(const json_t *v, struct buf *out)
{
    if (json_is_string(v) && !str_trim(str_of(json_string_value(v))).n)
        return false;
    if (!json_is_string(v) && !json_is_number(v) && !json_is_boolean(v))
        return false;
    if (out->n)
        buf_addc(out, '|');
    if (json_is_string(v))
        buf_adds(out, json_string_value(v));
    else if (json_is_integer(v))
        buf_addf(out, "%lld", (long long)json_integer_value(v));
    else if (json_is_real(v))
        buf_addf(out, "%.7f", json_real_value(v));
    else
        buf_adds(out, json_is_true(v) ? "true" : "false");
    return true;
}

static bool add_value(struct service *s, const json_t *v, struct str path, bool is_all, struct buf *out);

static bool add_element(struct service *s, const json_t *array, struct str path, struct buf *out)
{
    for (size_t i = 0; i < s->chosen_n; i++)
        if (s->chosen[i].array == array)
            return add_value(s, s->chosen[i].element, path, false, out);
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *element = json_array_get(array, i);
        if (!add_value(s, element, path, false, out))
            continue;
        if (s->chosen_n < CHOSEN) {
            s->chosen[s->chosen_n].array = array;
            s->chosen[s->chosen_n++].element = element;
        }
        return true;
    }
    return false;
}

static bool add_value(struct service *s, const json_t *v, struct str path, bool is_all, struct buf *out)
{
    if (json_is_array(v) && !is_all)
        return add_element(s, v, path, out);
    if (json_is_array(v)) {
        bool any = false;
        for (size_t i = 0; i < json_array_size(v); i++)
            any |= add_value(s, json_array_get(v, i), path, true, out);
        return any;
    }
    struct str name;
    if (!str_cut(&path, '.', &name))
        return json_is_object(v) ? import_hours_add(v, out) : add_scalar(v, out);
    if (name.n > 2 && memcmp(name.p + name.n - 2, "[]", 2) == 0)
        name.n -= 2;
    char key[64];
    if (!json_is_object(v) || name.n >= sizeof key)
        return false;
    memcpy(key, name.p, name.n);
    key[name.n] = 0;
    return add_value(s, json_object_get(v, key), path, is_all, out);
}

/* ---- services ---- */

static bool take_service(const json_t *v, struct service *s, size_t number, csv_row_fn *row, void *context, struct err *e)
{
    struct buf text = {0};
    struct str cells[CSV_MAX_COLUMNS];
    size_t ends[CSV_MAX_COLUMNS];
    s->chosen_n = 0;
    for (size_t i = 0; i < s->columns_n; i++) {
        struct buf cell = {0};
        add_value(s, v, str_of(s->columns[i]), strstr(s->columns[i], "[]") != NULL, &cell);
        buf_add(&text, cell.p ? cell.p : "", cell.n);
        ends[i] = text.n;
        buf_finish(&cell);
    }
    for (size_t i = 0, from = 0; i < s->columns_n; from = ends[i++])
        cells[i] = (struct str){text.p ? text.p + from : "", ends[i] - from};
    bool ok = row(context, number, cells, s->columns_n, e);
    buf_finish(&text);
    return ok;
}

/* The list in a page of any version; NULL: the object is a service itself. */
static const json_t *list_of(const json_t *root)
{
    static const char *const names[] = {"contents", "content", "services"};
    if (json_is_array(root))
        return root;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (json_is_array(json_object_get(root, names[i])))
            return json_object_get(root, names[i]);
    return NULL;
}

static bool take_document(struct str text, struct service *s, size_t *number, csv_row_fn *row, void *context, struct err *e)
{
    struct arena *a = arena_create(0);
    const json_t *root = json_read(a, text, JSON_BYTES, e), *list = root ? list_of(root) : NULL;
    bool ok = root != NULL;
    if (ok && !list)
        ok = take_service(root, s, ++*number, row, context, e);
    for (size_t i = 0; ok && list && i < json_array_size(list); i++)
        ok = take_service(json_array_get(list, i), s, ++*number, row, context, e);
    arena_destroy(&a);
    return ok;
}

/* "{…}\n{…}": the first line is a whole object, and another one follows. */
static bool is_lines(struct str file)
{
    struct str line, rest = file;
    if (!str_cut(&rest, '\n', &line))
        return false;
    line = str_trim(line);
    return line.n > 1 && line.p[0] == '{' && line.p[line.n - 1] == '}' && str_starts(str_trim(rest), "{");
}

static struct str without_mark(struct str file)
{
    if (str_starts(file, "\xEF\xBB\xBF"))
        file = (struct str){file.p + 3, file.n - 3};
    return str_trim(file);
}

bool import_is_json(struct str file)
{
    file = without_mark(file);
    return str_starts(file, "{") || str_starts(file, "[");
}

bool import_json_read(struct str file, const char *const *columns, size_t columns_n, csv_row_fn *row, void *context, struct err *e)
{
    struct service s = {.columns = columns, .columns_n = columns_n};
    struct str line;
    size_t number = 0;
    bool ok = true;
    file = without_mark(file);
    if (!is_lines(file))
        return take_document(file, &s, &number, row, context, e);
    while (ok && str_cut(&file, '\n', &line))
        ok = !str_trim(line).n || take_document(line, &s, &number, row, context, e);
    return ok;
}
