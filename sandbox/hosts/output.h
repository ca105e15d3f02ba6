#ifndef XCY_SANDBOX_HOSTS_OUTPUT_H
#define XCY_SANDBOX_HOSTS_OUTPUT_H

/*
 * output.h - what a child process prints: cut into lines as it comes, and its end kept
 * for the report when the process dies.
 *
 * Bounds:   a line of more than 4096 bytes is given in pieces; the last 2000 bytes are kept.
 * Threads:  one owner.
 */

#include "common/base/bytes.h"

enum { XCY_OUTPUT_LINE_BYTES = 4096, XCY_OUTPUT_TAIL_BYTES = 2000 };

/* line: without its line end, borrowed during the call. */
typedef void xcy_output_line_fn(void *ctx, struct xcy_bytes line);

struct xcy_output {
    char line[XCY_OUTPUT_LINE_BYTES];
    size_t line_len;
    char tail[XCY_OUTPUT_TAIL_BYTES + 1]; /* terminated */
    size_t tail_len;
};

void xcy_output_init(struct xcy_output *out);

/* each may be NULL: then only the tail is kept. */
void xcy_output_add(struct xcy_output *out, struct xcy_bytes bytes, xcy_output_line_fn *each,
                    void *ctx);

/* Gives the last line when it had no line end. */
void xcy_output_end(struct xcy_output *out, xcy_output_line_fn *each, void *ctx);

/* The last n_lines lines, borrowed; "" if nothing was printed. */
const char *xcy_output_last_lines(const struct xcy_output *out, size_t n_lines);

#endif
