#ifndef XCY_COLLECTORS_MISSING_H
#define XCY_COLLECTORS_MISSING_H

/*
 * missing.h - names the requests that may have been evaluated but have not reported, each with the
 * last point that is known of it.
 */

#include "collectors/derive.h"

#include "common/data/json.h"

enum { XCY_MISSING_SHOWN = 10 };

/* A line each, at most `max` (0: all), and one that counts the rest. */
void xcy_missing_format(const struct xcy_derived *derived, int64_t max, struct xcy_buf *out);

/* The same as objects {"i","key","outcome","last","after_us","exec"}: the name of the last known point, and
 * how long after `sent` it was; null where that is not known. */
void xcy_missing_put(const struct xcy_derived *derived, int64_t max, struct xcy_json *array);

#endif
