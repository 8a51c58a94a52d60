#include "daemon/story_client.h"

#include <curl/curl.h>
#include <string.h>

enum { SECONDS = 20, PAGE_MAX = 8 << 20 };

struct story_client {
    struct arena *arena;
    const char *base_url;
    CURL *curl;
    struct buf body;
    long status;
    const char *path;
};

static void client_close(void *thing)
{
    struct story_client *c = thing;
    curl_easy_cleanup(c->curl);
    buf_finish(&c->body);
}

static size_t take_bytes(char *p, size_t size, size_t n, void *context)
{
    struct story_client *c = context;
    if (c->body.n + size * n > PAGE_MAX)
        return 0;
    buf_add(&c->body, p, size * n);
    return size * n;
}

struct story_client *story_client_create(struct arena *a, const char *base_url)
{
    struct story_client *c = arena_alloc(a, sizeof *c);
    c->arena = a;
    c->base_url = base_url;
    c->path = "/";
    c->curl = curl_easy_init();
    arena_attach(a, client_close, c);
    return c;
}

/* ---- sending ---- */

static bool perform(struct story_client *c, const char *path, struct err *e)
{
    char reason[CURL_ERROR_SIZE] = "";
    c->body.n = 0;
    curl_easy_setopt(c->curl, CURLOPT_URL, arena_printf(c->arena, "%s%s", c->base_url, path));
    curl_easy_setopt(c->curl, CURLOPT_ERRORBUFFER, reason);
    curl_easy_setopt(c->curl, CURLOPT_COOKIEFILE, "");
    curl_easy_setopt(c->curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(c->curl, CURLOPT_TIMEOUT, (long)SECONDS);
    curl_easy_setopt(c->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, take_bytes);
    curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, c);
    CURLcode code = curl_easy_perform(c->curl);
    curl_easy_setopt(c->curl, CURLOPT_ERRORBUFFER, NULL);
    if (code != CURLE_OK)
        return err_set(e, "%s%s: %s", c->base_url, path, *reason ? reason : curl_easy_strerror(code));
    char *url = NULL;
    curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &c->status);
    curl_easy_getinfo(c->curl, CURLINFO_EFFECTIVE_URL, &url);
    c->path = arena_strdup(c->arena, url && strlen(url) >= strlen(c->base_url) ? url + strlen(c->base_url) : path);
    return true;
}

bool story_get(struct story_client *c, const char *path, struct err *e)
{
    curl_easy_setopt(c->curl, CURLOPT_HTTPGET, 1L);
    return perform(c, path, e);
}

/* ---- reading ---- */

/* The text between `before` and the next `after`, searched in [p, end); NULL when it is not there. */
static const char *between(const char *p, const char *end, const char *before, const char *after, struct str *ret_text)
{
    p = memmem(p, (size_t)(end - p), before, strlen(before));
    if (!p)
        return NULL;
    p += strlen(before);
    const char *stop = memmem(p, (size_t)(end - p), after, strlen(after));
    if (!stop)
        return NULL;
    *ret_text = (struct str){p, (size_t)(stop - p)};
    return stop;
}

static void add_entity(struct buf *b, struct str name)
{
    static const struct {
        const char *name, *text;
    } known[] = {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"#39", "'"}, {"#34", "\""}, {"nbsp", " "}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_is(name, known[i].name)) {
            buf_adds(b, known[i].text);
            return;
        }
    buf_addf(b, "&%.*s;", (int)name.n, name.p);
}

/* Markup as somebody reads it: no tags, entities as characters, single spaces. */
static char *plain(struct arena *a, struct str html)
{
    struct buf b = {0};
    const char *end = html.p + html.n;
    for (const char *p = html.p; p < end; p++) {
        const char *stop = *p == '<' ? memchr(p, '>', (size_t)(end - p)) : *p == '&' ? memchr(p, ';', (size_t)(end - p)) : NULL;
        if (stop && *p == '&')
            add_entity(&b, (struct str){p + 1, (size_t)(stop - p - 1)});
        else if (*p == '<' || *p == ' ' || *p == '\n') {
            if (b.n && b.p[b.n - 1] != ' ')
                buf_addc(&b, ' ');
        } else
            buf_addc(&b, *p);
        p = stop ? stop : p;
    }
    char *text = str_dup(a, str_trim(buf_str(&b)));
    buf_finish(&b);
    return text;
}

static const char *attribute(struct arena *a, struct str tag, const char *name)
{
    struct str value = {0};
    return between(tag.p, tag.p + tag.n, arena_printf(a, " %s=\"", name), "\"", &value) ? plain(a, value) : NULL;
}

const char *story_words(const struct story_client *c)
{
    struct str main_part;
    const char *end = c->body.p + c->body.n;
    return c->body.n && between(c->body.p, end, "<main", "</main>", &main_part) ? plain(c->arena, main_part) : plain(c->arena, buf_str(&c->body));
}

const char *story_link(const struct story_client *c, const char *part)
{
    struct str link;
    const char *end = c->body.p + c->body.n;
    for (const char *p = c->body.p; p && p < end && (p = between(p, end, "<a", "</a>", &link)) != NULL;) {
        const char *href = attribute(c->arena, link, "href");
        if (href && (strstr(href, part) || strstr(plain(c->arena, (struct str){link.p - 2, link.n + 2}), part)))
            return href;
    }
    return NULL;
}

/* ---- forms ---- */

static bool find_form(const struct story_client *c, const char *action, const char *button, struct str *ret_form, struct err *e)
{
    const char *end = c->body.p + c->body.n;
    struct str form, label;
    for (const char *p = c->body.p; p && p < end && (p = between(p, end, "<form", "</form>", &form)) != NULL;) {
        const char *at = attribute(c->arena, form, "action"), *method = attribute(c->arena, form, "method");
        if (!at || !method || strcmp(method, "post") != 0 || !strstr(at, action))
            continue;
        if (button && (!between(form.p, form.p + form.n, "<button", "</button>", &label) ||
                       !strstr(plain(c->arena, (struct str){label.p - 7, label.n + 7}), button)))
            continue;
        *ret_form = form;
        return true;
    }
    return err_set(e, "the page %s (%ld) has no form for %s%s%s", c->path, c->status, action, button ? " with the button " : "", button ? button : "");
}

static bool is_given(const struct story_field *fields, const char *name)
{
    for (; fields && fields->name; fields++)
        if (strcmp(fields->name, name) == 0)
            return true;
    return false;
}

typedef void field_fn(void *context, const char *name, const char *value);

/* The form's own hidden fields, then those given. */
static void each_field(const struct story_client *c, struct str form, const struct story_field *fields, field_fn *take, void *context)
{
    struct str input = {0};
    const char *end = form.p + form.n;
    for (const char *p = form.p; p < end && (p = between(p, end, "<input", ">", &input)) != NULL;) {
        const char *name = attribute(c->arena, input, "name"), *type = attribute(c->arena, input, "type"), *value = attribute(c->arena, input, "value");
        if (name && type && strcmp(type, "hidden") == 0 && !is_given(fields, name))
            take(context, name, value ? value : "");
    }
    for (; fields && fields->name; fields++)
        take(context, fields->name, fields->value);
}

struct encoder {
    CURL *curl;
    struct buf text;
};

static void add_encoded(void *context, const char *name, const char *value)
{
    struct encoder *n = context;
    char *safe = curl_easy_escape(n->curl, value, 0);
    buf_addf(&n->text, "%s%s=%s", n->text.n ? "&" : "", name, safe ? safe : "");
    curl_free(safe);
}

bool story_press(struct story_client *c, const char *action, const char *button, const struct story_field *fields, struct err *e)
{
    struct str form;
    if (!find_form(c, action, button, &form, e))
        return false;
    struct encoder n = {.curl = c->curl};
    each_field(c, form, fields, add_encoded, &n);
    curl_easy_setopt(c->curl, CURLOPT_POST, 1L);
    curl_easy_setopt(c->curl, CURLOPT_POSTFIELDSIZE, (long)n.text.n);
    curl_easy_setopt(c->curl, CURLOPT_COPYPOSTFIELDS, n.text.p ? n.text.p : "");
    buf_finish(&n.text);
    return perform(c, attribute(c->arena, form, "action"), e);
}

static void add_part(void *context, const char *name, const char *value)
{
    curl_mimepart *part = curl_mime_addpart(context);
    curl_mime_name(part, name);
    curl_mime_data(part, value, CURL_ZERO_TERMINATED);
}

bool story_send_file(struct story_client *c, const char *action, const char *field, const char *file_name, struct str bytes, struct err *e)
{
    struct str form;
    if (!find_form(c, action, NULL, &form, e))
        return false;
    curl_mime *mime = curl_mime_init(c->curl);
    each_field(c, form, NULL, add_part, mime);
    curl_mimepart *part = curl_mime_addpart(mime);
    curl_mime_name(part, field);
    curl_mime_filename(part, file_name);
    curl_mime_data(part, bytes.p, bytes.n);
    curl_easy_setopt(c->curl, CURLOPT_MIMEPOST, mime);
    bool ok = perform(c, attribute(c->arena, form, "action"), e);
    curl_easy_setopt(c->curl, CURLOPT_HTTPGET, 1L);
    curl_mime_free(mime);
    return ok;
}

long story_status(const struct story_client *c)
{
    return c->status;
}

const char *story_path(const struct story_client *c)
{
    return c->path;
}

struct str story_body(const struct story_client *c)
{
    return buf_str(&c->body);
}
