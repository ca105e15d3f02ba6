#include "common/stores/stomp_frame.h"

#include <ctype.h>

enum { MAX_COMMAND_BYTES = 20, MAX_LENGTH_DIGITS = 9 };

const char *xcy_stomp_frame_get(const struct xcy_stomp_frame *frame, const char *name)
{
    for (size_t i = 0; i < frame->n_headers; i++) {
        if (strcmp(frame->headers[i].name, name) == 0) {
            return frame->headers[i].value;
        }
    }
    return NULL;
}

void xcy_stomp_frame_put(struct xcy_stomp_frame *frame, const char *name, const char *value)
{
    if (value && value[0]) {
        xcy_assert(frame->n_headers < XCY_STOMP_MAX_HEADERS);
        frame->headers[frame->n_headers++] = (struct xcy_stomp_header){name, value};
    }
}

/* Headers of these go as they are, so that brokers of version 1.0 read them right. */
static bool is_plain(const char *command)
{
    return strcmp(command, "CONNECT") == 0 || strcmp(command, "CONNECTED") == 0;
}

static const struct {
    char raw;
    char escaped; /* behind a backslash */
} escapes[] = {{'\\', '\\'}, {'\n', 'n'}, {'\r', 'r'}, {':', 'c'}};

enum { N_ESCAPES = sizeof escapes / sizeof *escapes };

static void add_escaped(struct xcy_buf *out, const char *text)
{
    for (; *text; text++) {
        size_t i = 0;
        while (i < N_ESCAPES && escapes[i].raw != *text) {
            i++;
        }
        if (i < N_ESCAPES) {
            xcy_buf_add_char(out, '\\');
            xcy_buf_add_char(out, escapes[i].escaped);
        } else {
            xcy_buf_add_char(out, *text);
        }
    }
}

void xcy_stomp_frame_add(struct xcy_buf *out, const struct xcy_stomp_frame *frame)
{
    void (*add)(struct xcy_buf *, const char *) =
        is_plain(frame->command) ? xcy_buf_add_text : add_escaped;
    xcy_buf_add_text(out, frame->command);
    xcy_buf_add_char(out, '\n');
    for (size_t i = 0; i < frame->n_headers; i++) {
        add(out, frame->headers[i].name);
        xcy_buf_add_char(out, ':');
        add(out, frame->headers[i].value);
        xcy_buf_add_char(out, '\n');
    }
    xcy_buf_add_char(out, '\n');
    xcy_buf_add(out, frame->body);
    xcy_buf_add_char(out, '\0');
}

void xcy_stomp_parser_init(struct xcy_stomp_parser *parser)
{
    *parser = (struct xcy_stomp_parser){0};
    xcy_buf_init(&parser->input, (size_t)2 * (XCY_STOMP_MAX_HEAD_BYTES + XCY_STOMP_MAX_BODY_BYTES));
}

void xcy_stomp_parser_clear(struct xcy_stomp_parser *parser)
{
    xcy_buf_clear(&parser->input);
}

void xcy_stomp_parser_feed(struct xcy_stomp_parser *parser, struct xcy_bytes bytes)
{
    xcy_buf_add(&parser->input, bytes);
}

/* Line ends between frames are beats. */
static size_t count_beats(struct xcy_bytes input)
{
    size_t n = 0;
    while (n < input.len && (input.ptr[n] == '\n' || input.ptr[n] == '\r')) {
        n++;
    }
    return n;
}

/* Length of the head with the empty line that ends it; 0: not all there. */
static size_t head_len(struct xcy_bytes input)
{
    size_t at = 0;
    const char *end;
    while (at < input.len && (end = memchr(input.ptr + at, '\n', input.len - at))) {
        size_t line = (size_t)(end - input.ptr) - at;
        bool is_empty = line == 0 || (line == 1 && input.ptr[at] == '\r');
        at += line + 1;
        if (is_empty) {
            return at;
        }
    }
    return 0;
}

/* In place: an escape becomes shorter. False: an escape that does not exist. */
static bool unescape(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        size_t i = 0;
        if (*from == '\\') {
            from++;
            while (i < N_ESCAPES && escapes[i].escaped != *from) {
                i++;
            }
            if (i == N_ESCAPES) {
                return false;
            }
            *to++ = escapes[i].raw;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return true;
}

/* Ends the line at *at with a zero, for its line end; the next one is at *at then. */
static char *take_line(char **at)
{
    char *line = *at;
    char *end = strchr(line, '\n'); /* the head ends with one */
    *at = end + 1;
    *end = '\0';
    if (end > line && end[-1] == '\r') {
        end[-1] = '\0';
    }
    return line;
}

static bool read_command(const char *line, struct xcy_stomp_frame *frame)
{
    size_t n = 0;
    while (n < MAX_COMMAND_BYTES && isupper((unsigned char)line[n])) {
        n++;
    }
    frame->command = line;
    return n > 0 && line[n] == '\0';
}

static bool read_header(char *line, bool is_escaped, struct xcy_stomp_frame *frame)
{
    char *colon = strchr(line, ':');
    if (!colon || colon == line || frame->n_headers == XCY_STOMP_MAX_HEADERS) {
        return false;
    }
    *colon = '\0';
    frame->headers[frame->n_headers++] =
        (struct xcy_stomp_header){.name = line, .value = colon + 1};
    return !is_escaped || (unescape(line) && unescape(colon + 1));
}

static enum xcy_status read_head(char *head, size_t len, struct xcy_stomp_frame *frame,
                                 struct xcy_error *err)
{
    frame->n_headers = 0;
    if (memchr(head, '\0', len)) {
        return xcy_fail(err, XCY_EPARSE, "not STOMP: a zero byte within the headers");
    }
    char *at = head;
    if (!read_command(take_line(&at), frame)) {
        return xcy_fail(err, XCY_EPARSE, "not STOMP: '%.20s' is no command", head);
    }
    while (at < head + len) {
        char *line = take_line(&at);
        if (*line && !read_header(line, !is_plain(frame->command), frame)) {
            return xcy_fail(err, XCY_EPARSE, "not STOMP: %s: header %zu is wrong or one too many",
                            frame->command, frame->n_headers);
        }
    }
    return XCY_OK;
}

/* A decimal number within the bound. */
static bool read_length(const char *text, size_t *length)
{
    size_t n = 0;
    *length = 0;
    for (; text[n] >= '0' && text[n] <= '9' && n < MAX_LENGTH_DIGITS; n++) {
        *length = *length * 10 + (size_t)(text[n] - '0');
    }
    return n > 0 && text[n] == '\0' && *length <= XCY_STOMP_MAX_BODY_BYTES;
}

/* The value of content-length in a head that is not read yet (reading it changes it); NULL: none.
 * Copies it to `room`. */
static const char *find_length(struct xcy_bytes head, char room[MAX_LENGTH_DIGITS + 2])
{
    static const char name[] = "content-length:";
    for (size_t at = 0; at < head.len;) {
        const char *line = head.ptr + at;
        size_t len = (size_t)((const char *)memchr(line, '\n', head.len - at) - line);
        at += len + 1;
        if (len >= sizeof name - 1 && memcmp(line, name, sizeof name - 1) == 0) {
            size_t n = len - (sizeof name - 1);
            n -= n > 0 && line[len - 1] == '\r';
            n = n < MAX_LENGTH_DIGITS + 1 ? n : MAX_LENGTH_DIGITS + 1;
            memcpy(room, line + sizeof name - 1, n);
            room[n] = '\0';
            return room;
        }
    }
    return NULL;
}

/* *length: of the body; *is_whole: it and its zero byte are there. */
static enum xcy_status measure_body(struct xcy_stomp_parser *parser, struct xcy_bytes input,
                                    size_t head, size_t *length, bool *is_whole,
                                    struct xcy_error *err)
{
    char room[MAX_LENGTH_DIGITS + 2];
    const char *stated = find_length(xcy_bytes(input.ptr, head), room);
    if (stated) {
        if (!read_length(stated, length)) {
            return xcy_fail(err, XCY_EPARSE, "not STOMP: content-length '%s'", stated);
        }
        *is_whole = input.len - head > *length;
        if (*is_whole && input.ptr[head + *length] != '\0') {
            return xcy_fail(err, XCY_EPARSE, "not STOMP: no zero byte behind a body");
        }
        return XCY_OK;
    }
    size_t from = parser->n_scanned > head ? parser->n_scanned : head;
    const char *end = memchr(input.ptr + from, '\0', input.len - from);
    *is_whole = end != NULL;
    *length = (end ? (size_t)(end - input.ptr) : input.len) - head;
    parser->n_scanned = input.len;
    if (*length > XCY_STOMP_MAX_BODY_BYTES) {
        return xcy_fail(err, XCY_EPARSE, "not STOMP: a body larger than %d bytes",
                        XCY_STOMP_MAX_BODY_BYTES);
    }
    return XCY_OK;
}

static void drop_taken(struct xcy_stomp_parser *parser)
{
    struct xcy_bytes rest =
        xcy_bytes(parser->input.ptr + parser->n_taken, parser->input.len - parser->n_taken);
    size_t n_beats = parser->n_scanned == 0 ? count_beats(rest) : 0;
    xcy_buf_drop(&parser->input, parser->n_taken + n_beats);
    parser->n_taken = 0;
}

enum xcy_status xcy_stomp_parser_next(struct xcy_stomp_parser *parser,
                                      struct xcy_stomp_frame *frame, bool *is_whole,
                                      struct xcy_error *err)
{
    drop_taken(parser);
    struct xcy_bytes input = xcy_buf_bytes(&parser->input);
    size_t head = head_len(input);
    *is_whole = false;
    if (head > XCY_STOMP_MAX_HEAD_BYTES || (head == 0 && input.len > XCY_STOMP_MAX_HEAD_BYTES) ||
        parser->input.overflowed) {
        return xcy_fail(err, XCY_EPARSE, "not STOMP: headers larger than %d bytes",
                        XCY_STOMP_MAX_HEAD_BYTES);
    }
    if (head == 0) {
        return XCY_OK;
    }
    size_t length = 0;
    bool is_there = false;
    enum xcy_status status = measure_body(parser, input, head, &length, &is_there, err);
    if (status != XCY_OK || !is_there) {
        return status;
    }
    status = read_head(parser->input.ptr, head, frame, err);
    if (status == XCY_OK) {
        frame->body = xcy_bytes(parser->input.ptr + head, length);
        parser->n_taken = head + length + 1;
        parser->n_scanned = 0;
        *is_whole = true;
    }
    return status;
}
