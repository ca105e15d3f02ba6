#ifndef XCY_LOADGEN_RECORD_DISTRIBUTIONS_H
#define XCY_LOADGEN_RECORD_DISTRIBUTIONS_H

/*
 * distributions.h - the latencies of a run as files:
 *
 *   latency.json            every histogram, bucket by bucket: what shards are merged from
 *   response.hgrm, service.hgrm, lag.hgrm   of outcome ok, as HdrHistogram's tools read them (ms)
 *   <kind>-<outcome>.hgrm   of every other outcome that has values
 *
 * latency.json, one line a histogram:
 *
 *   {"format_version": 1, "unit": "ns", "bits": 8, "max": N,
 *    "skipped": {"measured": {"late": n, "in_flight": n, "stopped": n}, "warmup": {the same}},
 *    "last_sent": ns, "last_acked": ns,         after the first measured slot was sent; 0: none was
 *    "start_lag": HISTOGRAM,
 *    "latency": {"<outcome>": {"<kind>": HISTOGRAM, …}, …}}   what has no values is left out
 *
 *   HISTOGRAM: {"count": n, "outside": n, "min": ns, "max": ns, "sum": "ns",
 *               "buckets": [[lowest value of the bucket, count], …]}     a text: may pass 2^53
 *
 * "bits" and "max" are those of common/stats/hist.h: they say which values share a bucket.
 *
 * Threads:  any.
 */

#include "common/base/error.h"
#include "loadgen/record/tally.h"

enum { XCY_DISTRIBUTIONS_VERSION = 1 };

/* Each file is put in place whole, or not at all. */
enum xcy_status xcy_distributions_write(const struct xcy_tally *total, const char *run_path,
                                        struct xcy_error *err) XCY_MUST_USE;

/* Adds what a run's latency.json holds to the tally: the histograms, why slots were skipped, and the
 * last instants, which count from the tally's first_sent ({0}: they stay unknown). XCY_EPARSE names
 * the file and what is wrong in it. */
enum xcy_status xcy_distributions_read(const char *run_path, struct xcy_tally *tally,
                                       struct xcy_error *err) XCY_MUST_USE;

#endif
