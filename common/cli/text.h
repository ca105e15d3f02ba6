#ifndef XCY_CLI_TEXT_H
#define XCY_CLI_TEXT_H

/*
 * text.h - text for terminals: its width in columns, and words wrapped into lines.
 *
 * A column is a code point: right for what our programs print.
 *
 * Threads:  safe.
 */

#include "common/base/buf.h"

/* How many columns the UTF-8 text takes. */
size_t xcy_text_width(struct xcy_bytes text);

/* How many bytes of the text fit into `columns`, never half a character. */
size_t xcy_text_fit(struct xcy_bytes text, size_t columns);

struct xcy_wrap {
    size_t indent;            /* blanks before each line but the first */
    size_t width;             /* of a line, with the indent */
    const char *continuation; /* NULL, or put at the end of a line that goes on */
};

/* Adds the words of text, beginning at `column` of the line that stands in `out`; a blank line in
 * the text parts paragraphs. A word wider than a line is cut. No line end after the last. */
void xcy_text_wrap(struct xcy_bytes text, size_t column, struct xcy_wrap wrap, struct xcy_buf *out);

#endif
