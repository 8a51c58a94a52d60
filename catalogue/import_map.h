/*
 * The mapping of one published list: which columns become which fields of an entry, and in which category. Written by us, in config/maps.
 * A map belongs to the arena it was read into and borrows nothing else. Reading fails with the line and the reason; binding fails when a column is missing.
 *
 *   source = trafford-libraries          one word, never changed: it names the list for ever
 *   kind = public_service                public_service, business or community
 *   key = {name} {postcode}              what stays the same when the rest changes
 *   category = libraries                 otherwise
 *   category when {type} has nursing = nursing-homes     first match wins, capitals do not matter
 *   leave out when {status} = closed     such rows are not entries
 *   description = Open: {Opening times}  text with {column} holes; left out when any column in it is missing
 *   description = {about:plain}          without the HTML in it
 *   hours = {schedules[]}                weekly hours of a JSON file's schedules (import_hours.h); beside them opens, in words, minimum_age and maximum_age
 *   description = Seen on {date:date}    more lines of the same field: paragraphs of a description, else the first that is not missing
 *
 * In a JSON file (import_json.h) a column is a path, {organization.name}, and may be missing.
 */
#ifndef CATALOGUE_IMPORT_MAP_H
#define CATALOGUE_IMPORT_MAP_H

#include "daemon/base/err.h"
#include "daemon/base/text.h"

struct arena;

enum map_field {
    MAP_KEY,
    MAP_NAME,
    MAP_SUMMARY,
    MAP_DESCRIPTION,
    MAP_CONTACT, /* a telephone number or an e-mail, whichever it is */
    MAP_PHONE,
    MAP_EMAIL,
    MAP_WEB,
    MAP_SOURCE_WEB, /* the page of this row at the publisher */
    MAP_ADDRESS,
    MAP_POSTCODE,
    MAP_LATITUDE,
    MAP_LONGITUDE,
    MAP_OPENS, /* when it is open, in words */
    MAP_HOURS, /* import_hours.h */
    MAP_MINIMUM_AGE,
    MAP_MAXIMUM_AGE,
    MAP_FIELDS
};

enum map_format { MAP_AS_IS, MAP_DATE /* 2023-05-31 -> 31 May 2023 */, MAP_LIST /* a|b -> a, b */, MAP_PLAIN /* <p>a &amp; b</p> -> a & b */ };

/* Words, then the value of a column (none in the last piece of a line). */
struct map_piece {
    const char *words;
    const char *column; /* NULL: no hole behind the words */
    enum map_format format;
    size_t index; /* of the column, after map_bind */
};

struct map_line {
    enum map_field field;
    struct map_piece *pieces;
    size_t pieces_n;
    size_t line;
};

struct map_rule {
    struct map_piece test;
    const char *has; /* lower case */
    const char *category; /* NULL: the row is left out, when `has` is the whole value */
    size_t line;
};

struct import_map {
    const char *source, *about, *kind, *category;
    struct map_line *lines;
    size_t lines_n;
    struct map_rule *rules;
    size_t rules_n;
};

enum { MAP_MAX_BYTES = 64 * 1024, MAP_MAX_LINES = 200, MAP_MAX_PIECES = 16, MAP_MAX_COLUMNS = 64 };

struct import_map *map_read(struct arena *a, struct str text, struct err *e);

/* Finds the map's columns in a file's heading. */
bool map_bind(struct import_map *m, const struct str *columns, size_t columns_n, struct err *e);

/* The columns that the map names, each once, for a file without a heading; the map is bound to them in this order. */
bool map_columns(struct import_map *m, const char *columns[MAP_MAX_COLUMNS], size_t *ret_n, struct err *e);

/* The text of one line for a row; NULL when a column in it is missing. */
char *map_text(struct arena *a, const struct map_line *line, const struct str *cells, size_t cells_n);

/* The category of a row; NULL when the row is to be left out. */
const char *map_category(const struct import_map *m, const struct str *cells, size_t cells_n);

#endif
