#ifndef XCY_REPORT_PAGE_H
#define XCY_REPORT_PAGE_H

/*
 * page.h - one page that holds all it needs: style (page.css) and script (page.js) stand in it, and its
 * content security policy names the digests of just these two and allows nothing else: no network, and
 * nothing that came in with a name.
 *
 * Threads:  safe.
 */

#include "common/base/buf.h"

void xcy_page_begin(struct xcy_buf *out, const char *title);
void xcy_page_end(struct xcy_buf *out);

#endif
