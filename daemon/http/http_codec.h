/*
 * The grammar of HTTP/1.1 (RFC 9112) and nothing else: heads, targets and chunked framing, without any input or output.
 * Slices point into the bytes given or into the arena; nothing is kept between calls except in the small structs below.
 * Every function says with an HTTP status what is wrong; after any of them the connection cannot be trusted and must be closed.
 */
#ifndef DAEMON_HTTP_HTTP_CODEC_H
#define DAEMON_HTTP_HTTP_CODEC_H

#include "daemon/http/http.h"

enum {
    HTTP_TARGET_MAX = 4096,
    HTTP_HEAD_MAX = 16 * 1024,
    HTTP_FIELDS_MAX = 64,
    HTTP_LENGTH_DIGITS = 10,
    HTTP_CHUNK_DIGITS = 8,
    HTTP_EXTENSION_MAX = 256,
    HTTP_TRAILER_MAX = 4096
};

/* Finds the end of a head in bytes that arrive piece by piece. Zero-initialise for each head. */
struct codec_scan {
    size_t at;         /* bytes looked at; the length of the head when it is complete */
    size_t line_start;
    unsigned lines;
    bool is_complete;
};

/* p[0..n) holds everything received of this head so far. Returns 0, or the status that refuses it: a stray CR, LF or control byte is found
 * as soon as it arrives, so that nobody waits for the deadline. */
int codec_scan_head(struct codec_scan *scan, const char *p, size_t n);

struct codec_head {
    enum http_method method;
    int minor;
    struct str target, path, query, host;
    struct http_field fields[HTTP_FIELDS_MAX];
    size_t fields_n;
    bool is_chunked;
    uint64_t length;        /* of the body; 0 when chunked */
    bool closes;            /* the client, or its version, wants the connection closed after the answer */
    bool expects_continue;
};

/* Reads a complete head, whose names are lower-cased in place. Returns 0, or the status that refuses it. */
int codec_read_head(struct arena *a, char *p, size_t n, struct codec_head *ret_head);

/* Decodes the path of an origin-form target. Returns 0 or 400. */
int codec_read_target(struct arena *a, struct str target, struct str *ret_path, struct str *ret_query);

/* Whether a Host value names one of the configured hosts: 0, 400 (not a host at all) or 421 (not ours). */
int codec_check_host(struct str value, const struct str *hosts, size_t hosts_n);

/* RFC 9110, 5.6.2 */
bool codec_is_token(struct str s);

/* ---- chunked bodies ---- */

enum codec_chunk_state {
    CHUNK_SIZE,
    CHUNK_BLANK,
    CHUNK_EXTENSION,
    CHUNK_SIZE_LF,
    CHUNK_DATA,
    CHUNK_DATA_CR,
    CHUNK_DATA_LF,
    CHUNK_TRAILER_START,
    CHUNK_TRAILER_NAME,
    CHUNK_TRAILER_VALUE,
    CHUNK_TRAILER_LF,
    CHUNK_END_LF,
    CHUNK_DONE,
    CHUNK_BAD
};

struct codec_chunks {
    enum codec_chunk_state state;
    uint64_t left;      /* bytes of the current chunk still to come */
    unsigned digits;
    unsigned skipped;   /* bytes of the current extension, or of all trailers */
};

/* Consumes from *in. Returns true with the next piece of data; false when *in is used up, or at CHUNK_DONE or CHUNK_BAD. */
bool codec_next_chunk(struct codec_chunks *c, struct str *in, struct str *ret_data);

#endif
