/* fuzz_stomp_frame.c - a stream of frames: it gives the same frames in one piece and byte by byte, and
 * each frame, written again, reads as before. */

#include "common/stores/stomp_frame.h"
#include "tests/fuzz/fuzz.h"

static void compare(const struct xcy_stomp_frame *a, const struct xcy_stomp_frame *b)
{
    xcy_assert(strcmp(a->command, b->command) == 0);
    xcy_assert(a->n_headers == b->n_headers);
    for (size_t i = 0; i < a->n_headers; i++) {
        xcy_assert(strcmp(a->headers[i].name, b->headers[i].name) == 0);
        xcy_assert(strcmp(a->headers[i].value, b->headers[i].value) == 0);
    }
    xcy_assert(xcy_bytes_equal(a->body, b->body));
}

/* A header of CONNECTED may hold what cannot be written back: nothing is escaped there. */
static bool can_be_written(const struct xcy_stomp_frame *frame)
{
    return strcmp(frame->command, "CONNECT") != 0 && strcmp(frame->command, "CONNECTED") != 0;
}

static void write_and_read(const struct xcy_stomp_frame *frame)
{
    struct xcy_stomp_parser parser;
    struct xcy_stomp_frame again;
    struct xcy_error err;
    struct xcy_buf out;
    bool is_whole = false;
    xcy_buf_init(&out, 64 << 20);
    xcy_stomp_frame_add(&out, frame);
    xcy_stomp_parser_init(&parser);
    xcy_stomp_parser_feed(&parser, xcy_buf_bytes(&out));
    enum xcy_status status = xcy_stomp_parser_next(&parser, &again, &is_whole, &err);
    /* Escapes make the headers longer. */
    if (out.len - frame->body.len - 1 <= XCY_STOMP_MAX_HEAD_BYTES) {
        xcy_assert(status == XCY_OK && is_whole);
        compare(frame, &again);
    }
    xcy_stomp_parser_clear(&parser);
    xcy_buf_clear(&out);
}

/* The next frame of a stream that comes byte by byte. */
static enum xcy_status next_slowly(struct xcy_stomp_parser *parser, struct xcy_bytes *rest,
                                   struct xcy_stomp_frame *frame, bool *is_whole)
{
    struct xcy_error err;
    enum xcy_status status = xcy_stomp_parser_next(parser, frame, is_whole, &err);
    while (status == XCY_OK && !*is_whole && rest->len > 0) {
        xcy_stomp_parser_feed(parser, xcy_bytes(rest->ptr, 1));
        *rest = xcy_bytes(rest->ptr + 1, rest->len - 1);
        status = xcy_stomp_parser_next(parser, frame, is_whole, &err);
    }
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xcy_bytes rest = xcy_bytes((const char *)data, size);
    struct xcy_stomp_parser parser;
    struct xcy_stomp_parser slow;
    struct xcy_error err;
    bool is_whole = true;
    xcy_stomp_parser_init(&parser);
    xcy_stomp_parser_init(&slow);
    xcy_stomp_parser_feed(&parser, rest);
    while (is_whole) {
        struct xcy_stomp_frame frame;
        struct xcy_stomp_frame same;
        bool is_same_whole = false;
        enum xcy_status status = xcy_stomp_parser_next(&parser, &frame, &is_whole, &err);
        enum xcy_status same_status = next_slowly(&slow, &rest, &same, &is_same_whole);
        xcy_assert(status == same_status && is_whole == is_same_whole);
        if (is_whole) {
            compare(&frame, &same);
        }
        if (is_whole && can_be_written(&frame)) {
            write_and_read(&frame);
        }
    }
    xcy_stomp_parser_clear(&parser);
    xcy_stomp_parser_clear(&slow);
    return 0;
}
