#include "payments/invoice/extras.h"

#include <string.h>

#include "daemon/base/arena.h"

static const uint64_t root_hash = UINT64_C(1469598103934665603);

static uint64_t hash_step(uint64_t hash, const char *prefix, const char *name, size_t n)
{
    for (; *prefix; prefix++)
        hash = (hash ^ (unsigned char)*prefix) * UINT64_C(1099511628211);
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ (unsigned char)name[i]) * UINT64_C(1099511628211);
    return (hash ^ '/') * UINT64_C(1099511628211);
}

/* ret_steps grows by the steps of the path. */
static uint64_t hash_path(const struct extras *x, uint64_t hash, const char *path, size_t length, int *ret_steps)
{
    while (length) {
        const char *slash = memchr(path, '/', length);
        size_t n = slash ? (size_t)(slash - path) : length;
        hash = hash_step(hash, memchr(path, ':', n) ? "" : x->prefix, path, n);
        n += slash != NULL;
        path += n;
        length -= n;
        ++*ret_steps;
    }
    return hash;
}

static void add_row(struct extras *x, const struct extra *row)
{
    int number = row->first, base_steps = 0, below_steps = 0;
    uint64_t base = hash_path(x, root_hash, row->base, strlen(row->base), &base_steps);
    base = hash_path(x, base, row->below, strlen(row->below), &below_steps);
    for (const char *name = row->names; *name; number++) {
        size_t n = strcspn(name, " ");
        if (*name != '-') {
            int steps = below_steps;
            uint64_t hash = hash_path(x, base, name, n, &steps);
            size_t i = hash & (EXTRAS_SLOTS - 1);
            while (x->slots[i].hash)
                i = (i + 1) & (EXTRAS_SLOTS - 1);
            x->slots[i] = (struct extras_slot){hash, number, steps};
        }
        name += n + (name[n] == ' ');
    }
}

/* No thread of this program judges beside another. */
static void make_ready(struct extras *x)
{
    for (size_t i = 0; !x->is_ready && i < x->n; i++)
        add_row(x, &x->rows[i]);
    x->is_ready = true;
}

struct run {
    struct judge *j;
    struct extras *extras;
    void *context;
    const xmlNode *fired[EXTRAS_RULES_MAX]; /* for which element last */
};

static void fire(struct run *run, const struct extras_slot *slot, xmlNode *n)
{
    const xmlNode *base = n;
    for (int i = 0; i < slot->steps; i++)
        base = base->parent;
    if (run->fired[slot->number] == base)
        return;
    run->fired[slot->number] = base;
    judge_report(run->j, arena_printf(run->j->arena, "%s%03d", run->extras->id, slot->number), INVOICE_WARNING, n,
                 arena_printf(run->j->arena, "Leave out %s: the European invoice does not use it.", (const char *)n->name));
}

static void look_up(struct run *run, uint64_t hash, xmlNode *n)
{
    const struct extras *x = run->extras;
    for (size_t i = hash & (EXTRAS_SLOTS - 1); x->slots[i].hash; i = (i + 1) & (EXTRAS_SLOTS - 1))
        if (x->slots[i].hash == hash && !(x->is_permitted && x->is_permitted(run->j, x->slots[i].number)))
            fire(run, &x->slots[i], n);
}

static uint64_t hash_element(const struct run *run, uint64_t hash, xmlNode *n)
{
    const char *name = (const char *)n->name, *line = run->extras->line;
    if (line && n->parent == run->j->root && (node_matches(n, "cac:InvoiceLine") || node_matches(n, "cac:CreditNoteLine")))
        return hash_step(hash, "", line, strlen(line));
    return hash_step(hash, space_prefix(node_space(n)), name, strlen(name));
}

static void judge_below(struct run *run, xmlNode *parent, uint64_t hash)
{
    for (xmlNode *n = parent->children; n; n = n->next) {
        if (n->type != XML_ELEMENT_NODE)
            continue;
        uint64_t own = hash_element(run, hash, n);
        look_up(run, own, n);
        if (run->extras->visit)
            run->extras->visit(run->context, n);
        judge_below(run, n, own);
    }
}

void judge_extras(struct judge *j, struct extras *extras, void *context)
{
    struct run run = {.j = j, .extras = extras, .context = context};
    make_ready(extras);
    judge_below(&run, j->root, root_hash);
}
