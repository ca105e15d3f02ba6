#include "loadgen/schedule/arrivals/stamps.h"

#include "common/base/bytes.h"
#include "common/base/mem.h"
#include "loadgen/schedule/instant.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROOM_BYTES = 16384, FIRST_CAPACITY = 1024, MAX_STAMPS = 100 * 1000 * 1000, MAX_QUOTED = 60 };

struct stamps {
    const char *path;
    size_t line;
    int64_t *ns;
    size_t n;
    size_t capacity;
};

static struct xcy_bytes trimmed(struct xcy_bytes text)
{
    while (text.len > 0 && strchr(" \t\r\n", text.ptr[text.len - 1]) && text.ptr[text.len - 1]) {
        text.len--;
    }
    while (text.len > 0 && (text.ptr[0] == ' ' || text.ptr[0] == '\t')) {
        text = xcy_bytes(text.ptr + 1, text.len - 1);
    }
    return text;
}

static enum xcy_status add(struct stamps *s, int64_t ns, struct xcy_error *err)
{
    if (s->n > 0 && ns < s->ns[s->n - 1]) {
        return xcy_fail(err, XCY_EUSAGE,
                        "%s:%zu: the time stamp is before the one above it; sort the file", s->path,
                        s->line);
    }
    if (s->n == MAX_STAMPS) {
        return xcy_fail(err, XCY_EUSAGE, "%s:%zu: there are more than %d time stamps", s->path,
                        s->line, MAX_STAMPS);
    }
    if (s->n == s->capacity) {
        s->capacity = s->capacity ? 2 * s->capacity : FIRST_CAPACITY;
        s->ns = xcy_realloc_array(s->ns, s->capacity, sizeof *s->ns);
    }
    s->ns[s->n++] = ns;
    return XCY_OK;
}

static enum xcy_status add_line(struct stamps *s, struct xcy_bytes text, struct xcy_error *err)
{
    struct xcy_wall instant;
    s->line++;
    text = trimmed(text);
    if (text.len == 0 || text.ptr[0] == '#') {
        return XCY_OK;
    }
    if (!xcy_instant_parse(text, &instant)) {
        int n = text.len > MAX_QUOTED ? MAX_QUOTED : (int)text.len;
        return xcy_fail(err, XCY_EUSAGE,
                        "%s:%zu: '%.*s' is no time stamp; write seconds (12.5) or "
                        "2026-11-21T10:00:00.500Z",
                        s->path, s->line, n, text.ptr);
    }
    return add(s, instant.ns, err);
}

/* Adds the whole lines of the text; *used is how much of it they were. */
static enum xcy_status add_lines(struct stamps *s, struct xcy_bytes text, size_t *used,
                                 struct xcy_error *err)
{
    *used = 0;
    enum xcy_status status = XCY_OK;
    while (status == XCY_OK && *used < text.len) {
        const char *line = text.ptr + *used;
        const char *end = memchr(line, '\n', text.len - *used);
        if (!end) {
            break;
        }
        status = add_line(s, xcy_bytes(line, (size_t)(end - line)), err);
        *used += (size_t)(end - line) + 1;
    }
    return status;
}

static enum xcy_status read_lines(struct stamps *s, FILE *file, struct xcy_error *err)
{
    char room[ROOM_BYTES];
    size_t n_kept = 0;
    for (;;) {
        size_t n = fread(room + n_kept, 1, sizeof room - n_kept, file);
        if (n == 0 && ferror(file)) {
            xcy_fail_errno(err, errno, "cannot read %s", s->path);
            return err->status = XCY_EUSAGE;
        }
        size_t used = 0;
        enum xcy_status status = add_lines(s, xcy_bytes(room, n_kept + n), &used, err);
        if (status != XCY_OK || n == 0) {
            bool is_over = status != XCY_OK || n_kept == used;
            return is_over ? status : add_line(s, xcy_bytes(room + used, n_kept - used), err);
        }
        n_kept = n_kept + n - used;
        memmove(room, room + used, n_kept);
        if (n_kept == sizeof room) {
            return xcy_fail(err, XCY_EUSAGE,
                            "%s:%zu: a line of more than %d bytes is no time stamp", s->path,
                            s->line + 1, ROOM_BYTES);
        }
    }
}

enum xcy_status xcy_replay_read(const char *path, int64_t **stamps_ns, size_t *n,
                                struct xcy_error *err)
{
    struct stamps s = {.path = path};
    FILE *file = fopen(path, "re");
    if (!file) {
        xcy_fail_errno(err, errno, "cannot open %s", path);
        return err->status = XCY_EUSAGE;
    }
    enum xcy_status status = read_lines(&s, file, err);
    fclose(file);
    if (status == XCY_OK && s.n == 0) {
        status = xcy_fail(err, XCY_EUSAGE, "%s has no time stamp", path);
    }
    if (status != XCY_OK) {
        free(s.ns);
        return status;
    }
    for (size_t i = s.n; i-- > 0;) {
        s.ns[i] -= s.ns[0];
    }
    *stamps_ns = s.ns;
    *n = s.n;
    return XCY_OK;
}
