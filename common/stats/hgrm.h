#ifndef XCY_STATS_HGRM_H
#define XCY_STATS_HGRM_H

/*
 * hgrm.h - a histogram as HdrHistogram's percentile distribution, which its plotter and others read,
 * and which wrk2 prints with -L:
 *
 *        Value   Percentile   TotalCount 1/(1-Percentile)
 *
 *     0.921599     0.000000            1         1.00
 *        …
 *    27.296311     1.000000       199943          inf
 *   #[Mean    =     2.231470, StdDeviation   =     1.005112]
 *   #[Max     =    27.296311, Total count    =       199943]
 *   #[Buckets =           40, SubBuckets     =          512]
 *
 * Five lines for each halving of the distance to 100 %. A value is the highest of its bucket, never
 * above the exact maximum; the mean is exact, the deviation that of the buckets' middles.
 *
 * Units:    the caller's: nanoseconds are divided by unit_ns. Six decimals, so that a nanosecond shows
 *           among milliseconds.
 * Threads:  safe.
 */

#include "common/base/buf.h"
#include "common/stats/hist.h"

void xcy_hgrm_format(const struct xcy_hist *h, int64_t unit_ns, struct xcy_buf *out);

#endif
