#ifndef XCY_STATS_HIST_H
#define XCY_STATS_HIST_H

/*
 * hist.h - counts durations in log-linear buckets of bounded relative error.
 *
 * Use when percentiles of many values are wanted in fixed memory. Where all values
 * are at hand, quantile.h is exact.
 *
 * Units:    nanoseconds unless a name says otherwise.
 * Accuracy: a reported value is within 1 part in 2^bits of a recorded one (why: hist.c).
 * Memory:   zeroed pages, of which only those are touched whose buckets count something; to reset, to
 *           merge and to walk costs what lies between the lowest and the highest value.
 * Threads:  one writer; merge after the writer has stopped.
 * Failure:  none; bad arguments are bugs. What does not fit is counted as outside.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct xcy_hist;

/* For values 0..max_ns; 1 <= bits <= 16 (7: error below 0.8 %). Free with xcy_hist_free. */
struct xcy_hist *xcy_hist_new(int64_t max_ns, int bits);
void xcy_hist_free(struct xcy_hist *h);

/* False when the value lies outside 0..max_ns: then only the outside counter grows. */
bool xcy_hist_add(struct xcy_hist *h, int64_t value_ns);
/* The same value, count times; count >= 0, and all counts together stay below 2^63. */
bool xcy_hist_add_count(struct xcy_hist *h, int64_t value_ns, int64_t count);
/* Adds the counts of `from`, made with the same arguments. */
void xcy_hist_merge(struct xcy_hist *into, const struct xcy_hist *from);
/* As new; the memory is kept. */
void xcy_hist_reset(struct xcy_hist *h);

int64_t xcy_hist_limit(const struct xcy_hist *h); /* max_ns, as made */
int xcy_hist_bits(const struct xcy_hist *h);

int64_t xcy_hist_count(const struct xcy_hist *h); /* without those outside */
int64_t xcy_hist_outside(const struct xcy_hist *h);
int64_t xcy_hist_min(const struct xcy_hist *h); /* exact; 0 when empty */
int64_t xcy_hist_max(const struct xcy_hist *h); /* exact; 0 when empty */
double xcy_hist_mean(const struct xcy_hist *h); /* exact sum over count; 0 when empty */

/* The highest value equivalent to the bucket in which at least pct percent of the counts are at
 * or below, never above the exact maximum; 0 <= pct <= 100; 0 when empty. */
int64_t xcy_hist_percentile(const struct xcy_hist *h, double pct);

/* The buckets that count something, upwards: begin with *at = 0; false behind the last. Nothing may be
 * added on the way. */
struct xcy_hist_bucket {
    int64_t lowest; /* values that fall into it */
    int64_t highest;
    int64_t count;
};
bool xcy_hist_next(const struct xcy_hist *h, size_t *at, struct xcy_hist_bucket *bucket);

/* What the buckets do not tell, for a file. */
enum { XCY_HIST_SUM_BYTES = 40 };
struct xcy_hist_facts {
    int64_t outside;
    int64_t min;
    int64_t max;
    char sum[XCY_HIST_SUM_BYTES]; /* decimal; may pass 64 bits */
};
void xcy_hist_get_facts(const struct xcy_hist *h, struct xcy_hist_facts *facts);
/* Of a histogram that was filled bucket by bucket with xcy_hist_add_count. False, and nothing is
 * changed, when its buckets cannot have these facts. */
bool xcy_hist_restore_facts(struct xcy_hist *h, const struct xcy_hist_facts *facts);

#endif
