#ifndef XCY_DATA_MARKUP_H
#define XCY_DATA_MARKUP_H

/*
 * markup.h - text into XML, HTML and SVG: whatever came from outside (a tag, a path, a reason) is shown,
 * and never read as markup.
 *
 * Source:   characters: XML 1.0, section 2.2, without the controls that HTML does not take.
 * Threads:  safe.
 */

#include "common/base/buf.h"

/* As content, or as an attribute's value in quotes. A byte of no UTF-8 and a control character become
 * U+FFFD. */
void xcy_markup_add_text(struct xcy_buf *out, const char *text);

#endif
