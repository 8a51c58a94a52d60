#include "payments/invoice/judge.h"

#include <string.h>

#include "daemon/base/arena.h"

/* Contexts are found by the name of the element they end with; the bucket is made of its length and two of its letters. */
enum { BUCKETS = 128, END = -1, PATTERNS_MAX = 16 };

struct index {
    const struct pattern *pattern;
    short head[BUCKETS], any; /* any: contexts that fit elements of every name */
    short next[CONTEXTS_MAX];
};

static unsigned bucket_of(const char *name, size_t n)
{
    return n ? (unsigned)(n * 7 + (unsigned char)name[0] * 3U + (unsigned char)name[n - 1] * 5U + (unsigned char)name[n / 2]) % BUCKETS : 0;
}

/* The local name of the last step of a path. */
static const char *last_name(const char *path, size_t *ret_length)
{
    for (size_t n = step_length(path); path[n]; n = step_length(path))
        path += n + 1;
    const char *name = path, *colon = strchr(path, ':'), *bracket = strchr(path, '[');
    if (colon && (!bracket || colon < bracket))
        name = colon + 1;
    *ret_length = strcspn(name, "[");
    return name;
}

static void index_contexts(const struct pattern *p, struct index *index)
{
    memset(index->head, 0xFF, sizeof index->head);
    index->any = END;
    index->pattern = p;
    for (size_t i = p->n; i-- > 0;) {
        size_t length;
        const char *name = last_name(p->contexts[i].path, &length);
        if (!length)
            continue;
        bool any = *p->contexts[i].path == '*';
        short *head = any ? &index->any : &index->head[bucket_of(name, length)];
        index->next[i] = *head;
        *head = (short)i;
    }
}

/* Patterns are constants, so each is indexed once. No thread of this program judges beside another. */
static const struct index *index_of(const struct pattern *p)
{
    static struct index indexes[PATTERNS_MAX];
    struct index *index = indexes;
    while (index->pattern && index->pattern != p)
        index++;
    if (!index->pattern)
        index_contexts(p, index);
    return index;
}

void judge_report(struct judge *j, const char *id, enum invoice_severity severity, xmlNode *n, const char *advice)
{
    struct invoice_verdict *v = j->verdict;
    v->is_valid = v->is_valid && severity != INVOICE_FATAL;
    if (v->n == INVOICE_FINDINGS_MAX)
        return;
    if (v->n == j->room) {
        j->room = j->room ? j->room * 2 : 16;
        v->findings = j->findings = arena_grow(j->arena, j->findings, v->n, j->room, sizeof *j->findings);
    }
    j->findings[v->n++] = (struct invoice_finding){id, severity, node_path(j->arena, n), xmlGetLineNo(n), advice};
}

static void judge_in(struct judge *j, xmlNode *n, const struct context *c)
{
    for (size_t i = 0; i < c->n; i++) {
        const struct rule *r = &c->rules[i];
        if (!r->holds(j, n, r))
            judge_report(j, r->id, r->severity, n, r->advice);
    }
    if (c->judge)
        c->judge(j, n);
}

static void judge_element(struct judge *j, xmlNode *n, const struct index *index, unsigned bucket)
{
    const struct pattern *p = index->pattern;
    for (short i = index->head[bucket]; i != END; i = index->next[i]) {
        if (node_matches(n, p->contexts[i].path)) {
            judge_in(j, n, &p->contexts[i]);
            return;
        }
    }
    for (short i = index->any; i != END; i = index->next[i])
        judge_in(j, n, &p->contexts[i]);
}

/* The root is judged before its content, as a person would read the document; "/" is a context of its own. */
static void judge_root(struct judge *j, const struct pattern *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (strcmp(p->contexts[i].path, "/") == 0)
            judge_in(j, j->root, &p->contexts[i]);
}

void judge_patterns(struct judge *j, const struct pattern *const *patterns)
{
    const struct index *indexes[PATTERNS_MAX];
    size_t count = 0;
    for (; patterns[count]; count++) {
        indexes[count] = index_of(patterns[count]);
        judge_root(j, patterns[count]);
    }
    for (xmlNode *n = j->root; n; n = node_next(n, j->root)) {
        unsigned bucket = bucket_of((const char *)n->name, strlen((const char *)n->name));
        for (size_t i = 0; i < count; i++)
            judge_element(j, n, indexes[i], bucket);
    }
}
