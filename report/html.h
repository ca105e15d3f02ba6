#ifndef XCY_REPORT_HTML_H
#define XCY_REPORT_HTML_H

/*
 * html.h - text into HTML and SVG. Whatever came from outside (a tag, a path, a reason) goes through
 * markup.h, so that it is shown and never read as markup.
 *
 * Threads:  safe.
 */

#include "common/data/markup.h"

/* The same of printf's. */
void xcy_html_addf(struct xcy_buf *out, const char *fmt, ...) XCY_PRINTF(2, 3);

/* Any bytes as a link to be saved under a name: <a download="NAME" href="data:text/csv,…">. */
void xcy_html_add_csv_link(struct xcy_buf *out, const char *name, struct xcy_bytes csv);

#endif
