#ifndef XCY_STORES_STOMP_FRAME_H
#define XCY_STORES_STOMP_FRAME_H

/*
 * stomp_frame.h - frames of STOMP 1.2 as bytes: writing them, and taking them out of what a
 * connection brought, however it was cut. https://stomp.github.io/stomp-specification-1.2.html
 *
 * Bounds:   64 headers and 64 KiB of them, 8 MiB of body; more is XCY_EPARSE.
 * Memory:   a parser is cleared by its owner; a frame is borrowed from it until the next call.
 * Threads:  one owner.
 */

#include "common/base/buf.h"

enum {
    XCY_STOMP_MAX_HEADERS = 64,
    XCY_STOMP_MAX_HEAD_BYTES = 64 * 1024,
    XCY_STOMP_MAX_BODY_BYTES = 8 * 1024 * 1024
};

struct xcy_stomp_header {
    const char *name;
    const char *value;
};

struct xcy_stomp_frame {
    const char *command;
    struct xcy_stomp_header headers[XCY_STOMP_MAX_HEADERS];
    size_t n_headers;
    struct xcy_bytes body;
};

/* The header's value; of repeated ones the first, as the specification says; NULL: there is none. */
const char *xcy_stomp_frame_get(const struct xcy_stomp_frame *frame, const char *name);

/* Adds a header, both texts borrowed; none where the value is NULL or "". */
void xcy_stomp_frame_put(struct xcy_stomp_frame *frame, const char *name, const char *value);

/* Appends the frame. Escapes names and values, but not those of CONNECT and CONNECTED, which older
 * versions must understand. Adds no content-length: give one where the body may hold a zero byte. */
void xcy_stomp_frame_add(struct xcy_buf *out, const struct xcy_stomp_frame *frame);

struct xcy_stomp_parser {
    struct xcy_buf input;
    size_t n_taken;   /* of the input, by the frame that was given last */
    size_t n_scanned; /* of the next frame, in which its end was not found */
};

void xcy_stomp_parser_init(struct xcy_stomp_parser *parser);
void xcy_stomp_parser_clear(struct xcy_stomp_parser *parser);
void xcy_stomp_parser_feed(struct xcy_stomp_parser *parser, struct xcy_bytes bytes);
/* *is_whole: a frame was there; else more bytes are needed. XCY_EPARSE: nothing sensible can follow. */
enum xcy_status xcy_stomp_parser_next(struct xcy_stomp_parser *parser,
                                      struct xcy_stomp_frame *frame, bool *is_whole,
                                      struct xcy_error *err) XCY_MUST_USE;

#endif
