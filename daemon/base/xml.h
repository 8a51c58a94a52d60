/*
 * The one hardened entry point to libxml2. Foreign XML is parsed in the jail only (daemon/jail), never in a web worker.
 * A document belongs to the arena it was parsed into. Every refusal says why in *e; nothing is guessed or repaired.
 *
 * Before libxml2 sees a byte, xml_prescan refuses: any DOCTYPE, encodings other than UTF-8 (or US-ASCII / ISO-8859-1 / -15 /
 * windows-1252, and in xml_parse UTF-16 with its mark, when limits->legacy_charsets), a tag longer than 8 KiB, more than 64 attributes on a tag, depth and tag count above
 * the limits, NUL bytes. The work is linear in the size. Options given to libxml2: NONET only, never NOENT, DTDLOAD, HUGE or RECOVER.
 */
#ifndef DAEMON_BASE_XML_H
#define DAEMON_BASE_XML_H

#include <stdbool.h>
#include <stddef.h>

#include <libxml/tree.h>

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

/* An invoice: 20 MiB, 500,000 tags, depth 40, 64 attributes, legacy character sets. */
extern const struct xml_limits xml_limits_document;

/* Call once at start, before any thread: sets the refusing entity loader and silences libxml2's own printing. */
void xml_init(void);

bool xml_prescan(struct str bytes, const struct xml_limits *limits, struct err *e);

/* Parses the whole document into a DOM that lives as long as the arena; NULL with a reason that names the line. */
xmlDoc *xml_parse(struct arena *a, struct str bytes, const struct xml_limits *limits, struct err *e);

/* Whether the XML declaration at the start of `head` (its first 512 bytes suffice) names an encoding that the scan can follow. */
bool xml_encoding_is_accepted(struct str head, bool legacy_charsets);

/* A statement: 16 GiB, depth 40, 64 attributes, legacy character sets. */
extern const struct xml_limits xml_limits_statement;

/*
 * Parsing in pieces, for statements of any size: bytes are fed as they come, events are called as elements begin and end, and memory stays
 * flat. The rules of the pre-scan hold, applied byte by byte before libxml2; a comment, an instruction or a CDATA section is at most 64 KiB.
 */
struct xml_attributes {
    size_t n;
    const unsigned char **raw; /* as libxml2 hands them over */
};

/* The attribute without namespace called `name`; the empty slice when absent. Valid during the event. */
struct str xml_attribute(const struct xml_attributes *a, const char *name);

/* An event that returns false stops the parsing; it has said why in *e. Text comes in any number of pieces. */
struct xml_events {
    bool (*start)(void *self, const char *name, const char *space, const struct xml_attributes *a, struct err *e);
    bool (*text)(void *self, struct str piece, struct err *e);
    bool (*end)(void *self, struct err *e);
};

struct xml_stream;
struct xml_stream *xml_stream_create(const struct xml_events *events, void *self, const struct xml_limits *limits);
bool xml_stream_feed(struct xml_stream *s, struct str bytes, struct err *e);
/* Says that nothing more comes: false when the document is not complete. */
bool xml_stream_finish(struct xml_stream *s, struct err *e);
void xml_stream_destroy(struct xml_stream **s);

#endif
