#include "sandbox/hosts/output.h"

void xcy_output_init(struct xcy_output *out)
{
    memset(out, 0, sizeof *out);
}

static void keep_tail(struct xcy_output *out, struct xcy_bytes bytes)
{
    if (bytes.len > XCY_OUTPUT_TAIL_BYTES) {
        bytes.ptr += bytes.len - XCY_OUTPUT_TAIL_BYTES;
        bytes.len = XCY_OUTPUT_TAIL_BYTES;
    }
    size_t kept = XCY_OUTPUT_TAIL_BYTES - bytes.len;
    if (out->tail_len > kept) {
        memmove(out->tail, out->tail + (out->tail_len - kept), kept);
        out->tail_len = kept;
    }
    memcpy(out->tail + out->tail_len, bytes.ptr, bytes.len);
    out->tail_len += bytes.len;
    out->tail[out->tail_len] = '\0';
}

static void give_line(struct xcy_output *out, xcy_output_line_fn *each, void *ctx)
{
    size_t len = out->line_len;
    out->line_len = 0;
    if (len > 0 && out->line[len - 1] == '\r') {
        len--;
    }
    if (each) {
        each(ctx, xcy_bytes(out->line, len));
    }
}

void xcy_output_add(struct xcy_output *out, struct xcy_bytes bytes, xcy_output_line_fn *each,
                    void *ctx)
{
    if (bytes.len == 0) {
        return;
    }
    keep_tail(out, bytes);
    while (bytes.len > 0) {
        const char *end = memchr(bytes.ptr, '\n', bytes.len);
        size_t wanted = end ? (size_t)(end - bytes.ptr) : bytes.len;
        size_t room = XCY_OUTPUT_LINE_BYTES - out->line_len;
        size_t n = wanted < room ? wanted : room;
        memcpy(out->line + out->line_len, bytes.ptr, n);
        out->line_len += n;
        size_t used = n;
        bool is_whole = end && n == wanted;
        if (is_whole) {
            used++;
        }
        if (is_whole || out->line_len == XCY_OUTPUT_LINE_BYTES) {
            give_line(out, each, ctx);
        }
        bytes.ptr += used;
        bytes.len -= used;
    }
}

void xcy_output_end(struct xcy_output *out, xcy_output_line_fn *each, void *ctx)
{
    if (out->line_len > 0) {
        give_line(out, each, ctx);
    }
}

const char *xcy_output_last_lines(const struct xcy_output *out, size_t n_lines)
{
    size_t end = out->tail_len;
    size_t start = end;
    size_t seen = 0;
    while (start > 0) {
        bool is_line_end = out->tail[start - 1] == '\n';
        if (is_line_end && start != end && ++seen == n_lines) {
            break;
        }
        start--;
    }
    return out->tail + start;
}
