#include "sandbox/hosts/delay_line.h"

#include "common/base/mem.h"

#include <stdlib.h>

struct chunk {
    struct chunk *next;
    struct xcy_mono due;
    size_t start; /* what was taken already */
    size_t len;
    char bytes[];
};

struct xcy_delay_line {
    struct chunk *first;
    struct chunk *last;
    size_t n_bytes;
    size_t max_bytes;
    double ns_per_byte;
    struct xcy_mono wire_free; /* when the last byte added will have left */
    struct xcy_mono last_due;
};

struct xcy_delay_line *xcy_delay_line_new(double rate_mbit_per_s, size_t max_bytes)
{
    struct xcy_delay_line *line = xcy_alloc(sizeof *line);
    line->max_bytes = max_bytes;
    line->ns_per_byte = rate_mbit_per_s > 0 ? 8000.0 / rate_mbit_per_s : 0;
    return line;
}

void xcy_delay_line_free(struct xcy_delay_line *line)
{
    if (!line) {
        return;
    }
    while (line->first) {
        struct chunk *next = line->first->next;
        free(line->first);
        line->first = next;
    }
    free(line);
}

size_t xcy_delay_line_room(const struct xcy_delay_line *line)
{
    return line->max_bytes - line->n_bytes;
}

static struct xcy_mono later_of(struct xcy_mono a, struct xcy_mono b)
{
    return xcy_mono_before(a, b) ? b : a;
}

void xcy_delay_line_add(struct xcy_delay_line *line, struct xcy_mono now, int64_t lag_ns,
                        struct xcy_bytes bytes)
{
    xcy_assert(bytes.len > 0 && bytes.len <= xcy_delay_line_room(line));
    struct chunk *chunk = xcy_alloc(sizeof *chunk + bytes.len);
    memcpy(chunk->bytes, bytes.ptr, bytes.len);
    chunk->len = bytes.len;
    int64_t on_wire_ns = (int64_t)(line->ns_per_byte * (double)bytes.len);
    line->wire_free = xcy_mono_add(later_of(line->wire_free, now), on_wire_ns);
    line->last_due = later_of(line->last_due, xcy_mono_add(line->wire_free, lag_ns));
    chunk->due = line->last_due;
    if (line->last) {
        line->last->next = chunk;
    } else {
        line->first = chunk;
    }
    line->last = chunk;
    line->n_bytes += bytes.len;
}

bool xcy_delay_line_is_empty(const struct xcy_delay_line *line)
{
    return line->first == NULL;
}

struct xcy_mono xcy_delay_line_due(const struct xcy_delay_line *line)
{
    xcy_assert(line->first);
    return line->first->due;
}

struct xcy_bytes xcy_delay_line_peek(const struct xcy_delay_line *line, struct xcy_mono now)
{
    const struct chunk *chunk = line->first;
    if (!chunk || xcy_mono_before(now, chunk->due)) {
        return xcy_bytes(NULL, 0);
    }
    return xcy_bytes(chunk->bytes + chunk->start, chunk->len - chunk->start);
}

void xcy_delay_line_take(struct xcy_delay_line *line, size_t n)
{
    struct chunk *chunk = line->first;
    xcy_assert(chunk && n <= chunk->len - chunk->start);
    chunk->start += n;
    line->n_bytes -= n;
    if (chunk->start < chunk->len) {
        return;
    }
    line->first = chunk->next;
    if (!line->first) {
        line->last = NULL;
    }
    free(chunk);
}
