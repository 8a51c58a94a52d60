/*
 * Writing HTML so that injection cannot happen: generated templates are the only callers that emit markup.
 * A struct html borrows the buffer it writes to. Nothing here fails; bad UTF-8 is replaced by U+FFFD.
 */
#ifndef WEB_HTML_HTML_H
#define WEB_HTML_HTML_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/base/text.h"

struct arena;
struct form;

struct html {
    struct buf *out;
    struct arena *arena;
};

/* Markup that is already safe; made only by html_part_markup from what generated templates wrote. */
struct html_safe {
    struct str markup;
};

/* Only string literals: "" literal does not compile with anything else. */
#define html_lit(o, literal) html_lit_bytes((o), "" literal, sizeof(literal) - 1)
void html_lit_bytes(struct html *o, const char *p, size_t n);

void html_text(struct html *o, const char *s);  /* element content and quoted attributes; NULL writes nothing */
void html_lines(struct html *o, const char *s); /* the same with <br> for each LF: {x:lines} */
void html_url_part(struct html *o, const char *s); /* one path segment or query value inside a URL attribute: {x} there */
void html_url(struct html *o, const char *s);   /* a whole URL at the start of href/src: only https, http, mailto, tel or a path of ours; else "#" */
void html_int(struct html *o, int64_t v);
void html_money(struct html *o, int64_t pence); /* £1,234.56 */
void html_money_plain(struct html *o, int64_t pence);
void html_date(struct html *o, int32_t day);    /* 3 May 2026 */
void html_date_long(struct html *o, int32_t day);
void html_date_brief(struct html *o, int32_t day);
void html_date_iso(struct html *o, int32_t day);
void html_real(struct html *o, double v);       /* one decimal */
void html_safe(struct html *o, struct html_safe s);

/* A writer of its own on the same arena, for text or markup that is handed on instead of being part of this page. */
struct html html_part(const struct html *o);
/* As it is, unescaped: only into a part that ends as text, which is escaped where it is written. */
void html_part_add(struct html *part, const char *s);
const char *html_part_text(struct html *part);
/* The only way to make a struct html_safe: what the generated templates wrote into the part. */
struct html_safe html_part_markup(struct html *part);

/* The three-part money bar of a budget as SVG without text (service-design.md 2.8); the key is HTML in the template. Pence, each >= 0. */
void html_money_bar(struct html *o, int64_t spent, int64_t held, int64_t free_amount);
/* One bar in a table row: value of max. */
void html_bar(struct html *o, int64_t value, int64_t max);

#endif
