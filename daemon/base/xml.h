/*
 * The one hardened entry point to libxml2. Foreign XML is parsed in the jail only (daemon/jail), never in a web worker.
 * A document belongs to the arena it was parsed into. Every refusal says why in *e; nothing is guessed or repaired.
 *
 * Before libxml2 sees a byte, xml_prescan refuses: any DOCTYPE, encodings other than UTF-8 (or US-ASCII / ISO-8859-1 / -15 /
 * windows-1252 when limits->legacy_charsets), a tag longer than 8 KiB, more than 64 attributes on a tag, depth and tag count above
 * the limits, NUL bytes. The work is linear in the size. Options given to libxml2: NONET only, never NOENT, DTDLOAD, HUGE or RECOVER.
 */
#ifndef DAEMON_BASE_XML_H
#define DAEMON_BASE_XML_H

#include <stdbool.h>
#include <stddef.h>

#include <libxml/tree.h>
#include <libxml/xmlreader.h>

#include "daemon/base/err.h"
#include "daemon/base/text.h"

struct arena;

struct xml_limits {
    size_t bytes;      /* of the whole document */
    size_t tags;       /* start tags in all */
    unsigned depth;    /* nested elements */
    unsigned attributes; /* on one tag */
    bool legacy_charsets;
};

/* An invoice: 20 MiB, 500,000 tags, depth 40, 64 attributes. */
extern const struct xml_limits xml_limits_document;

/* Call once at start, before any thread: sets the refusing entity loader and silences libxml2's own printing. */
void xml_init(void);

bool xml_prescan(struct str bytes, const struct xml_limits *limits, struct err *e);

/* Parses the whole document into a DOM that lives as long as the arena; NULL with a reason that names the line. */
xmlDoc *xml_parse(struct arena *a, struct str bytes, const struct xml_limits *limits, struct err *e);

/* A streaming reader on a file, for statements of any size: checks DOCTYPE, depth, attributes and tag length as it goes
 * (through its own input callback), so memory stays flat. Give back with xml_stream_close. */
struct xml_stream;
struct xml_stream *xml_stream_open(const char *path, const struct xml_limits *limits, struct err *e);
xmlTextReader *xml_stream_reader(struct xml_stream *s);
/* The reason of the last failed read, or false when there was none. */
bool xml_stream_failed(const struct xml_stream *s, struct err *e);
void xml_stream_close(struct xml_stream **s);

#endif
