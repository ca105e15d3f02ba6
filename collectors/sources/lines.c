#include "collectors/sources/lines.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/data/json.h"
#include "common/data/utf8.h"

#include <stdlib.h>

enum { MAX_FILE_BYTES = 1 << 30 };

struct lines {
    struct xcy_buf text; /* empty of another than the first */
    size_t at;           /* where the next line begins */
    int64_t number;      /* of the last one, from 1 */
};

static enum xcy_status open_lines(const struct xcy_source_place *place, void **state,
                                  struct xcy_error *err)
{
    struct lines *lines = xcy_alloc(sizeof *lines);
    xcy_buf_init(&lines->text, MAX_FILE_BYTES);
    enum xcy_status status = xcy_file_read(place->queue, &lines->text, err);
    if (status == XCY_OK) {
        *state = lines;
    } else {
        xcy_buf_clear(&lines->text);
        free(lines);
    }
    return status;
}

/* What gives back and deletes has nothing to do. */
static enum xcy_status another_lines(const void *state, void **another, struct xcy_error *err)
{
    (void)state;
    (void)err;
    *another = xcy_alloc(sizeof(struct lines));
    return XCY_OK;
}

static void close_lines(void *state)
{
    struct lines *lines = state;
    if (lines) {
        xcy_buf_clear(&lines->text);
        free(lines);
    }
}

/* The next line, without its end; false after the last. */
static bool next_line(struct lines *lines, struct xcy_bytes *line)
{
    if (lines->at >= lines->text.len) {
        return false;
    }
    const char *begin = lines->text.ptr + lines->at;
    size_t left = lines->text.len - lines->at;
    const char *end = memchr(begin, '\n', left);
    size_t len = end ? (size_t)(end - begin) : left;
    lines->at += end ? len + 1 : len;
    lines->number++;
    *line = xcy_bytes(begin, len > 0 && begin[len - 1] == '\r' ? len - 1 : len);
    return true;
}

/* A text that JSON can hold: what is no character becomes a question mark. */
static char *text_of(struct xcy_bytes line)
{
    char *text = xcy_strndup(line.ptr, line.len);
    for (size_t at = 0; at < line.len;) {
        size_t n = line.ptr[at] == '\0' ? 0 : xcy_utf8_read(line, at, NULL);
        if (n == 0) {
            text[at] = '?';
        }
        at += n > 0 ? n : 1;
    }
    return text;
}

static char *body_of(struct xcy_bytes line)
{
    struct xcy_json *json = NULL;
    struct xcy_error ignored;
    const char *inner = NULL;
    if (xcy_json_parse(line, &json, &ignored) == XCY_OK) {
        inner = xcy_json_get_string(json, "body", NULL);
    }
    char *body = inner ? xcy_strdup(inner) : text_of(line);
    xcy_json_free(json);
    return body;
}

static enum xcy_status receive(void *state, int wait_s, struct xcy_message_batch *batch,
                               struct xcy_error *err)
{
    struct lines *lines = state;
    struct xcy_bytes line;
    (void)wait_s;
    (void)err;
    *batch = (struct xcy_message_batch){.n = 0};
    while (batch->n < XCY_SOURCE_BATCH && next_line(lines, &line)) {
        if (line.len > 0) {
            batch->messages[batch->n++] = (struct xcy_message){
                .id = xcy_format("line %lld", (long long)lines->number),
                .handle = xcy_strdup(""),
                .body = body_of(line),
                .receive_count = 1,
                .is_whole = true,
            };
        }
    }
    return XCY_OK;
}

static enum xcy_status drop(void *state, const char *const handles[], size_t n, bool failed[],
                            struct xcy_error *err)
{
    (void)state;
    (void)handles;
    (void)err;
    memset(failed, 0, n * sizeof *failed);
    return XCY_OK;
}

static enum xcy_status hide(void *state, const char *const handles[], size_t n, int hidden_s,
                            bool failed[], struct xcy_error *err)
{
    (void)hidden_s;
    return drop(state, handles, n, failed, err);
}

static enum xcy_status count(void *state, int64_t *n, struct xcy_error *err)
{
    struct lines rest = *(struct lines *)state;
    struct xcy_bytes line;
    (void)err;
    *n = 0;
    while (next_line(&rest, &line)) {
        *n += line.len > 0 ? 1 : 0;
    }
    return XCY_OK;
}

const struct xcy_source xcy_source_lines = {
    .name = "lines",
    .open = open_lines,
    .another = another_lines,
    .close = close_lines,
    .receive = receive,
    .drop = drop,
    .hide = hide,
    .count = count,
};
