#include "payments/invoice/node.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "daemon/base/arena.h"

enum { SPACE_BITS = 4 };

#define PREFIX(text) text, sizeof text - 1
static const struct {
    const char *prefix;
    size_t prefix_n;
    const char *uri;
} spaces[] = {
    [SPACE_OTHER] = {PREFIX(""), ""},
    [SPACE_CBC] = {PREFIX("cbc:"), "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"},
    [SPACE_CAC] = {PREFIX("cac:"), "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"},
    [SPACE_EXT] = {PREFIX("ext:"), "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2"},
    [SPACE_INVOICE] = {PREFIX(""), "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"},
    [SPACE_CREDIT_NOTE] = {PREFIX(""), "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"},
    [SPACE_RSM] = {PREFIX("rsm:"), "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"},
    [SPACE_RAM] = {PREFIX("ram:"), "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"},
    [SPACE_UDT] = {PREFIX("udt:"), "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"},
    [SPACE_QDT] = {PREFIX("qdt:"), "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"},
};

static enum node_space space_of(const xmlNode *n)
{
    if (!n->ns || !n->ns->href)
        return SPACE_OTHER;
    for (size_t i = 1; i < sizeof spaces / sizeof *spaces; i++)
        if (strcmp((const char *)n->ns->href, spaces[i].uri) == 0)
            return (enum node_space)i;
    return SPACE_OTHER;
}

const char *space_prefix(enum node_space space)
{
    return spaces[space].prefix;
}

/* The mark lives in the application's pointer of the node, so that it costs no memory and no lookup. */
static uintptr_t mark_of(const xmlNode *n)
{
    return (uintptr_t)n->_private;
}

enum node_space node_space(const xmlNode *n)
{
    return (enum node_space)(mark_of(n) & ((1U << SPACE_BITS) - 1));
}

static size_t place_of(const xmlNode *n)
{
    return mark_of(n) >> SPACE_BITS;
}

static xmlNode *next_element(xmlNode *n)
{
    while (n && n->type != XML_ELEMENT_NODE)
        n = n->next;
    return n;
}

static xmlNode *previous_element(const xmlNode *n)
{
    xmlNode *p = n->prev;
    while (p && p->type != XML_ELEMENT_NODE)
        p = p->prev;
    return p;
}

xmlNode *node_next(xmlNode *n, const xmlNode *root)
{
    xmlNode *child = next_element(n->children);
    if (child)
        return child;
    while (n != root) {
        xmlNode *neighbour = next_element(n->next);
        if (neighbour)
            return neighbour;
        n = n->parent;
    }
    return NULL;
}

/* Schemas keep equal elements together, so a place is one more than that of the neighbour. Namespaces repeat: the last one is remembered. */
void nodes_mark(xmlNode *root)
{
    const xmlNs *last = NULL;
    enum node_space space = SPACE_OTHER;
    for (xmlNode *n = root; n; n = node_next(n, root)) {
        if (n->ns != last) {
            last = n->ns;
            space = space_of(n);
        }
        const xmlNode *previous = n == root ? NULL : previous_element(n);
        size_t place = previous && xmlStrEqual(previous->name, n->name) ? place_of(previous) + 1 : 1;
        n->_private = (void *)(place << SPACE_BITS | space);
    }
}

/* ---- texts ---- */

/* One text node is used as it is; anything else (CDATA, comments inside, children) is joined in the arena. */
static const char *joined_text(struct arena *a, const xmlNode *first)
{
    if (!first)
        return "";
    if (!first->next && (first->type == XML_TEXT_NODE || first->type == XML_CDATA_SECTION_NODE))
        return first->content ? (const char *)first->content : "";
    struct buf b = {0};
    const xmlNode *n = first;
    while (n) {
        if ((n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) && n->content)
            buf_adds(&b, (const char *)n->content);
        if (n->type == XML_ELEMENT_NODE && n->children) {
            n = n->children;
            continue;
        }
        while (!n->next && n->parent != first->parent)
            n = n->parent;
        n = n->next;
    }
    char *text = arena_strndup(a, b.p ? b.p : "", b.n);
    buf_finish(&b);
    return text;
}

const char *node_text(struct arena *a, xmlNode *n)
{
    return joined_text(a, n->children);
}

static const xmlAttr *attribute_of(const xmlNode *n, const char *name, size_t length)
{
    for (const xmlAttr *at = n->properties; at; at = at->next)
        if (!at->ns && strncmp((const char *)at->name, name, length) == 0 && at->name[length] == '\0')
            return at;
    return NULL;
}

const char *node_attribute(struct arena *a, xmlNode *n, const char *name, size_t length)
{
    const xmlAttr *at = attribute_of(n, name, length);
    return at ? joined_text(a, at->children) : NULL;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_trimmed(const char *s)
{
    for (const char *p = s; *p; p++)
        if (is_space(*p) && (*p != ' ' || p == s || is_space(p[1]) || !p[1]))
            return false;
    return true;
}

const char *text_trimmed(struct arena *a, const char *s)
{
    if (is_trimmed(s))
        return s;
    char *out = arena_alloc(a, strlen(s) + 1), *at = out;
    for (const char *p = s; *p; p++) {
        if (!is_space(*p))
            *at++ = *p;
        else if (at > out && at[-1] != ' ')
            *at++ = ' ';
    }
    if (at > out && at[-1] == ' ')
        at--;
    *at = '\0';
    return out;
}

/* ---- steps and predicates ---- */

size_t step_length(const char *path)
{
    size_t n = strcspn(path, "/[");
    for (int depth = 0; path[n] && (path[n] != '/' || depth); n++)
        depth += (path[n] == '[') - (path[n] == ']');
    return n;
}

/* The word of a list "a|b" that equals text. */
static bool is_one_of(const char *text, const char *words, size_t length)
{
    size_t n = strlen(text);
    for (const char *end = words + length; words <= end;) {
        const char *bar = memchr(words, '|', (size_t)(end - words));
        size_t word = (size_t)((bar ? bar : end) - words);
        if (word == n && memcmp(words, text, n) == 0)
            return true;
        words += word + 1;
    }
    return false;
}

/* Predicates look at short values only: whatever does not fit the buffer of the text is a difference, not an error. */
static const char *short_text(const xmlNode *n, char *out, size_t size, bool trim, bool upper)
{
    size_t at = 0;
    for (const xmlNode *t = n->children; t; t = t->next) {
        if ((t->type != XML_TEXT_NODE && t->type != XML_CDATA_SECTION_NODE) || !t->content)
            continue;
        for (const char *p = (const char *)t->content; *p; p++) {
            if (trim && is_space(*p) && (at == 0 || out[at - 1] == ' '))
                continue;
            if (at + 1 >= size)
                return out[0] = '\0', out;
            out[at++] = trim && is_space(*p) ? ' ' : upper && *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
        }
    }
    while (trim && at && out[at - 1] == ' ')
        at--;
    out[at] = '\0';
    return out;
}

static bool tax_scheme_is_vat(xmlNode *n)
{
    char text[16];
    bool cii = node_space(n) == SPACE_RAM; /* where the published tests do not trim it */
    xmlNode *id = node_first(n, cii ? "ram:TypeCode" : "cac:TaxScheme/cbc:ID");
    return id && strcmp(short_text(id, text, sizeof text, !cii, true), "VAT") == 0;
}

/* Compares as xs:boolean: " 1 " is true. */
static bool indicator_is(xmlNode *n, bool wanted)
{
    char text[16];
    const char *path = node_space(n) == SPACE_RAM ? "ram:ChargeIndicator/udt:Indicator" : "cbc:ChargeIndicator";
    xmlNode *indicator = node_first(n, path);
    if (!indicator)
        return false;
    short_text(indicator, text, sizeof text, true, false);
    return wanted ? strcmp(text, "true") == 0 || strcmp(text, "1") == 0 : strcmp(text, "false") == 0 || strcmp(text, "0") == 0;
}

static bool category_is(xmlNode *n, const char *code, size_t length)
{
    char text[32];
    xmlNode *id = node_first(n, node_space(n) == SPACE_RAM ? "ram:CategoryCode" : "cbc:ID");
    return id && is_one_of(short_text(id, text, sizeof text, true, false), code, length);
}

struct wanted_text {
    const char *words;
    size_t length;
};

static bool differs_from(void *context, xmlNode *n)
{
    const struct wanted_text *w = context;
    char text[128];
    return !is_one_of(short_text(n, text, sizeof text, false, false), w->words, w->length);
}

static bool attribute_fits(xmlNode *n, const char *name, size_t length)
{
    const char *equals = memchr(name, '=', length);
    const xmlAttr *at = attribute_of(n, name, equals ? (size_t)(equals - name) : length);
    if (!at || !equals)
        return at != NULL;
    char text[128];
    return is_one_of(short_text((const xmlNode *)at, text, sizeof text, false, false), equals + 1, length - (size_t)(equals + 1 - name));
}

static bool predicate_holds(xmlNode *n, const char *p, size_t length)
{
    if (*p == '!')
        return !predicate_holds(n, p + 1, length - 1);
    if (*p == '@')
        return attribute_fits(n, p + 1, length - 1);
    if (length == 3 && memcmp(p, "VAT", 3) == 0)
        return tax_scheme_is_vat(n);
    if (length == 6 && memcmp(p, "charge", 6) == 0)
        return indicator_is(n, true);
    if (length == 9 && memcmp(p, "allowance", 9) == 0)
        return indicator_is(n, false);
    if (length > 4 && memcmp(p, "cat=", 4) == 0)
        return category_is(n, p + 4, length - 4);
    const char *equals = memchr(p, '=', length), *inner = memchr(p, '[', length);
    if (inner && inner < equals)
        equals = NULL; /* it belongs to a predicate of the path */
    char path[64];
    size_t n_path = equals ? (size_t)(equals - p) : length;
    memcpy(path, p, n_path < sizeof path ? n_path : sizeof path - 1);
    path[n_path < sizeof path ? n_path : sizeof path - 1] = '\0';
    if (!equals)
        return node_first(n, path) != NULL;
    struct wanted_text w = {equals + 1, length - n_path - 1};
    return !node_each(n, path, differs_from, &w);
}

/* Characters between a '[' and its ']'. */
static size_t predicate_length(const char *p)
{
    size_t n = 0;
    for (int depth = 1; p[n + 1] && (depth += (p[n + 1] == '[') - (p[n + 1] == ']')) > 0;)
        n++;
    return n;
}

static bool step_fits(xmlNode *n, const char *step, size_t length)
{
    const char *have = (const char *)n->name;
    enum node_space space = node_space(n);
    size_t name = spaces[space].prefix_n;
    if (length == 1 && *step == '.')
        return true;
    /* Elements next to each other share their prefix, so the first letter of the name tells most of them apart. */
    if (length <= name || step[name] != *have || memcmp(step, spaces[space].prefix, name) != 0)
        return false;
    size_t have_n = strlen(have);
    if (length - name < have_n || memcmp(step + name, have, have_n) != 0)
        return false;
    name += have_n;
    if (name < length && step[name] != '[')
        return false;
    while (name < length) {
        size_t inside = predicate_length(step + name);
        if (!predicate_holds(n, step + name + 1, inside))
            return false;
        name += inside + 2;
    }
    return true;
}

/* The last step of a path that ends before `end`: a '/' inside a predicate is none of the path's. */
static const char *last_step(const char *path, const char *end)
{
    const char *step = end;
    if (end[-1] != ']') {
        const char *slash = memrchr(path, '/', (size_t)(end - path));
        return slash ? slash + 1 : path;
    }
    for (int depth = 0; step > path && (step[-1] != '/' || depth); step--)
        depth += (step[-1] == ']') - (step[-1] == '[');
    return step;
}

bool node_matches(xmlNode *n, const char *path)
{
    bool from_root = *path == '/';
    path += from_root;
    for (const char *end = path + strlen(path); end > path; n = n->parent) {
        const char *step = last_step(path, end);
        if (!n || n->type != XML_ELEMENT_NODE || !step_fits(n, step, (size_t)(end - step)))
            return false;
        end = step > path ? step - 1 : path;
    }
    return !from_root || (n && n->type == XML_ELEMENT_NODE && n->parent && n->parent->type == XML_DOCUMENT_NODE);
}

bool node_each(xmlNode *n, const char *path, node_visit *visit, void *context)
{
    size_t length = step_length(path);
    const char *rest = path[length] ? path + length + 1 : NULL;
    if (length == 2 && memcmp(path, "..", 2) == 0)
        return !n->parent || n->parent->type != XML_ELEMENT_NODE || (rest ? node_each(n->parent, rest, visit, context) : visit(context, n->parent));
    if (length == 1 && *path == '.')
        return rest ? node_each(n, rest, visit, context) : visit(context, n);
    for (xmlNode *c = next_element(n->children); c; c = next_element(c->next)) {
        if (!step_fits(c, path, length))
            continue;
        if (!(rest && *rest != '@' ? node_each(c, rest, visit, context) : visit(context, c)))
            return false;
    }
    return true;
}

static bool keep_first(void *context, xmlNode *n)
{
    *(xmlNode **)context = n;
    return false;
}

xmlNode *node_first(xmlNode *n, const char *path)
{
    xmlNode *found = NULL;
    node_each(n, path, keep_first, &found);
    return found;
}

static bool count_one(void *context, xmlNode *n)
{
    (void)n;
    ++*(size_t *)context;
    return true;
}

size_t node_count(xmlNode *n, const char *path)
{
    size_t count = 0;
    node_each(n, path, count_one, &count);
    return count;
}

/* The name behind the '@' of a path, NULL when the path ends with an element. */
static const char *attribute_step(const char *path)
{
    if (*path == '@')
        return path + 1;
    const char *slash = strrchr(path, '/');
    return slash && slash[1] == '@' ? slash + 2 : NULL;
}

static bool lacks_attribute(void *context, xmlNode *n)
{
    const char *name = context;
    return attribute_of(n, name, strlen(name)) == NULL;
}

bool node_has(xmlNode *n, const char *path)
{
    const char *attribute = attribute_step(path);
    if (!attribute)
        return node_first(n, path) != NULL;
    if (*path == '@')
        return attribute_of(n, attribute, strlen(attribute)) != NULL;
    char name[40];
    snprintf(name, sizeof name, "%s", attribute);
    return !node_each(n, path, lacks_attribute, name);
}

const char *node_value(struct arena *a, xmlNode *n, const char *path)
{
    const char *attribute = attribute_step(path);
    xmlNode *found = *path == '@' ? n : node_first(n, path);
    if (!found)
        return NULL;
    return attribute ? node_attribute(a, found, attribute, strlen(attribute)) : node_text(a, found);
}

const char *node_trimmed(struct arena *a, xmlNode *n, const char *path)
{
    const char *text = node_value(a, n, path);
    return text ? text_trimmed(a, text) : "";
}

bool node_number(struct arena *a, xmlNode *n, const char *path, struct decimal *ret)
{
    const char *text = node_value(a, n, path);
    return text && decimal_read(str_of(text), ret);
}

struct adding {
    struct arena *arena;
    struct decimal total;
    bool readable;
};

static bool add_one(void *context, xmlNode *n)
{
    struct adding *sum = context;
    struct decimal d;
    sum->readable = decimal_read(str_of(node_text(sum->arena, n)), &d) && decimal_add(sum->total, d, &sum->total);
    return sum->readable;
}

bool node_sum(struct arena *a, xmlNode *n, const char *path, struct decimal *ret)
{
    struct adding sum = {a, DECIMAL_ZERO, true};
    node_each(n, path, add_one, &sum);
    if (sum.readable)
        *ret = sum.total;
    return sum.readable;
}

const char *node_path(struct arena *a, xmlNode *n)
{
    const char *path = "";
    for (; n && n->type == XML_ELEMENT_NODE; n = n->parent) {
        const xmlNode *following = next_element(n->next);
        bool alone = place_of(n) == 1 && !(following && xmlStrEqual(following->name, n->name));
        const char *prefix = spaces[node_space(n)].prefix;
        path = alone ? arena_printf(a, "/%s%s%s", prefix, (const char *)n->name, path)
                     : arena_printf(a, "/%s%s[%zu]%s", prefix, (const char *)n->name, place_of(n), path);
    }
    return path;
}
