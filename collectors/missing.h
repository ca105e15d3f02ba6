#ifndef XCY_COLLECTORS_MISSING_H
#define XCY_COLLECTORS_MISSING_H

/*
 * missing.h - names the requests that may have been evaluated but have not reported, each with the
 * last point that is known of it.
 */

#include "collectors/derive.h"

enum { XCY_MISSING_SHOWN = 10 };

/* A line each, at most `max` (0: all), and one that counts the rest. */
void xcy_missing_format(const struct xcy_derived *derived, int64_t max, struct xcy_buf *out);

#endif
