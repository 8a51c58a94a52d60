#include "daemon/http/http_codec.h"

static int hex_digit(char c)
{
    c = text_lower(c);
    return text_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_line_char(char c)
{
    unsigned char u = (unsigned char)c;
    return u == '\t' || (u >= 0x20 && u != 0x7F);
}

static enum codec_chunk_state after_size(struct codec_chunks *c, char byte)
{
    int digit = hex_digit(byte);
    if (digit >= 0) {
        c->left = c->left << 4 | (unsigned)digit;
        return ++c->digits > HTTP_CHUNK_DIGITS ? CHUNK_BAD : CHUNK_SIZE;
    }
    if (c->digits == 0)
        return CHUNK_BAD;
    c->skipped = 0;
    if (byte == '\r')
        return CHUNK_SIZE_LF;
    return byte == ';' ? CHUNK_EXTENSION : byte == ' ' || byte == '\t' ? CHUNK_BLANK : CHUNK_BAD;
}

/* Blanks between the size and the ';' of an extension are legal, though nobody should send them (RFC 9112, 7.1.1). */
static enum codec_chunk_state after_extension(struct codec_chunks *c, char byte)
{
    if (++c->skipped > HTTP_EXTENSION_MAX || (byte != '\r' && !is_line_char(byte)))
        return CHUNK_BAD;
    if (c->state == CHUNK_BLANK)
        return byte == ';' ? CHUNK_EXTENSION : byte == ' ' || byte == '\t' ? CHUNK_BLANK : CHUNK_BAD;
    return byte == '\r' ? CHUNK_SIZE_LF : CHUNK_EXTENSION;
}

static enum codec_chunk_state after_trailer(struct codec_chunks *c, char byte)
{
    if (++c->skipped > HTTP_TRAILER_MAX)
        return CHUNK_BAD;
    if (c->state == CHUNK_TRAILER_START && byte == '\r')
        return CHUNK_END_LF;
    if (c->state == CHUNK_TRAILER_VALUE)
        return byte == '\r' ? CHUNK_TRAILER_LF : is_line_char(byte) ? CHUNK_TRAILER_VALUE : CHUNK_BAD;
    if (c->state == CHUNK_TRAILER_NAME && byte == ':')
        return CHUNK_TRAILER_VALUE;
    return codec_is_token((struct str){&byte, 1}) ? CHUNK_TRAILER_NAME : CHUNK_BAD;
}

static enum codec_chunk_state start_chunk(struct codec_chunks *c)
{
    c->digits = 0;
    c->left = 0;
    return CHUNK_SIZE;
}

static enum codec_chunk_state after_byte(struct codec_chunks *c, char byte)
{
    switch (c->state) {
    case CHUNK_SIZE:
        return after_size(c, byte);
    case CHUNK_BLANK:
    case CHUNK_EXTENSION:
        return after_extension(c, byte);
    case CHUNK_SIZE_LF:
        c->skipped = 0;
        return byte != '\n' ? CHUNK_BAD : c->left ? CHUNK_DATA : CHUNK_TRAILER_START;
    case CHUNK_DATA_CR:
        return byte == '\r' ? CHUNK_DATA_LF : CHUNK_BAD;
    case CHUNK_DATA_LF:
        return byte == '\n' ? start_chunk(c) : CHUNK_BAD;
    case CHUNK_TRAILER_START:
    case CHUNK_TRAILER_NAME:
    case CHUNK_TRAILER_VALUE:
        return after_trailer(c, byte);
    case CHUNK_TRAILER_LF:
        return byte == '\n' ? CHUNK_TRAILER_START : CHUNK_BAD;
    case CHUNK_END_LF:
        return byte == '\n' ? CHUNK_DONE : CHUNK_BAD;
    default:
        return CHUNK_BAD;
    }
}

bool codec_next_chunk(struct codec_chunks *c, struct str *in, struct str *ret_data)
{
    while (in->n && c->state != CHUNK_DONE && c->state != CHUNK_BAD) {
        if (c->state != CHUNK_DATA) {
            c->state = after_byte(c, *in->p);
            in->p++, in->n--;
            continue;
        }
        size_t n = in->n < c->left ? in->n : (size_t)c->left;
        *ret_data = (struct str){in->p, n};
        in->p += n, in->n -= n;
        c->left -= n;
        if (c->left == 0)
            c->state = CHUNK_DATA_CR;
        return true;
    }
    return false;
}
