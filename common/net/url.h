#ifndef XCY_NET_URL_H
#define XCY_NET_URL_H

/*
 * url.h - percent-encoding as AWS signs it: unreserved characters (A-Z a-z 0-9 - . _ ~)
 * bare, all else as upper-case %XX.
 *
 * Threads:  safe.
 */

#include "common/base/buf.h"

void xcy_url_encode(struct xcy_buf *out, struct xcy_bytes text);
/* plus_is_blank: in form bodies and queries '+' is a blank. False on a broken escape. */
bool xcy_url_decode(struct xcy_buf *out, struct xcy_bytes text, bool plus_is_blank);

/* The decoded value of one name in a query or form ("a=1&b=2"); false if absent. Appends to out. */
bool xcy_query_get(struct xcy_bytes query, const char *name, struct xcy_buf *out);

/* For messages: "..." of a URL that may hold a password. */
const char *xcy_url_shown(const char *url);

#endif
