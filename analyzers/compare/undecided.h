#ifndef XCY_ANALYZERS_COMPARE_UNDECIDED_H
#define XCY_ANALYZERS_COMPARE_UNDECIDED_H

/*
 * undecided.h - requests whose first read was not answered: lost, failed or skipped. Inconsistent reads
 * and windows by visibility are told of the others alone, so that how many are missing stands beside
 * them.
 *
 * Threads:  safe.
 */

#include "analyzers/counts.h"
#include "common/base/buf.h"
#include "common/data/json.h"
#include "common/stats/share.h"

/* Of all requests but the warm-up's. */
struct xcy_share xcy_undecided_share(const struct xcy_counts *counts);

/* "none of 1200 requests", "471 of 1200 requests (39.2%: 0 lost, 471 failed, 0 skipped)". */
void xcy_undecided_add(const struct xcy_counts *counts, struct xcy_buf *out);

/* Of A and of B: "A none of 1200 requests, B 471 of …"; whether there are any. */
void xcy_undecided_add_sides(const struct xcy_counts sides[2], struct xcy_buf *out);
bool xcy_undecided_is_any(const struct xcy_counts sides[2]);

/* As keys of the object: requests, decided, lost, failed, skipped. */
void xcy_undecided_put(const struct xcy_counts *counts, struct xcy_json *o);

#endif
