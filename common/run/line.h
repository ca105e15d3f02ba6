#ifndef XCY_RUN_LINE_H
#define XCY_RUN_LINE_H

/*
 * line.h - one line of a CSV file, put together field by field without printf: a generator writes tens
 * of thousands of them a second beside its load.
 *
 * Fields are separated by commas; a text is quoted where it must be (RFC 4180). The line gathers in
 * the caller's storage and goes to the buffer when that is full, and at its end.
 *
 * Threads:  one owner.
 */

#include "common/base/buf.h"

#include <stdint.h>

enum { XCY_LINE_BYTES = 1024 };

struct xcy_line {
    struct xcy_buf *out; /* borrowed */
    size_t len;
    char text[XCY_LINE_BYTES];
};

void xcy_line_begin(struct xcy_line *line, struct xcy_buf *out);
void xcy_line_end(struct xcy_line *line); /* with its line end, to the buffer */

void xcy_line_add_separator(struct xcy_line *line); /* before each field but the first */
void xcy_line_add_int(struct xcy_line *line, int64_t value);
/* As xcy_double_format has it, the shortest form that reads back. Fast for what has at most six
 * decimals and lies below 2^33: seconds since 1970, milliseconds of a duration. */
void xcy_line_add_double(struct xcy_line *line, double value);
/* A text that needs no quotes, for instance a name of ours. */
void xcy_line_add_word(struct xcy_line *line, const char *word);
/* Up to the zero, or size bytes. */
void xcy_line_add_text(struct xcy_line *line, const char *text, size_t size);

#endif
