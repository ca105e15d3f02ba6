#ifndef XCY_STATS_SAMPLE_H
#define XCY_STATS_SAMPLE_H

/*
 * sample.h - a sample of whole numbers (microseconds, bytes), exact however many they are: each
 * different value is kept once with how often it came. Memory follows the number of different values,
 * not that of values: ten million latencies below ten seconds are less than ten million microseconds.
 *
 * Adding is cheap and unsorted; xcy_sample_settle sorts what came since and must be called before
 * anything is asked. Once a sample is large, what lies near zero (some seconds in microseconds) is
 * counted where it lies, a page of neighbours at a time: that takes a fraction of what sorting does.
 * Censored values are XCY_SAMPLE_BELOW and XCY_SAMPLE_ABOVE: below and above all others, infinite when
 * asked for.
 *
 * Memory:   the caller owns the struct; zeroes are an empty sample; xcy_sample_clear.
 * Threads:  one owner; each thread fills its own and they are merged.
 */

#include <stddef.h>
#include <stdint.h>

#define XCY_SAMPLE_BELOW INT64_MIN
#define XCY_SAMPLE_ABOVE INT64_MAX

struct xcy_sample_step {
    int64_t value;
    int64_t up_to; /* how many values are at most this one */
};

struct xcy_sample {
    struct xcy_sample_step *steps; /* ascending: the empirical distribution, as counts */
    size_t n_steps;
    /* Not sorted in yet: */
    int64_t *fresh;
    size_t n_fresh;
    size_t capacity;  /* of fresh */
    uint32_t **pages; /* NULL while the sample is small; counts of neighbours, NULL: none came */
    int64_t n_below;
    int64_t n_above;
};

void xcy_sample_clear(struct xcy_sample *sample);
void xcy_sample_add(struct xcy_sample *sample, int64_t value);
void xcy_sample_settle(struct xcy_sample *sample);

/* Moves all of `from`, which is empty after it, to `to`. */
void xcy_sample_merge(struct xcy_sample *to, struct xcy_sample *from);

/* Adds a copy of all of `from`, which must be settled. */
void xcy_sample_include(struct xcy_sample *to, const struct xcy_sample *from);

/* Of a settled sample. */
int64_t xcy_sample_size(const struct xcy_sample *sample);
/* The index-th smallest, from 0; -INFINITY or INFINITY where it is censored. index < size */
double xcy_sample_at(const struct xcy_sample *sample, int64_t index);
/* The q-quantile as xcy_quantile has it: an order statistic. size > 0, 0 < q < 1 */
double xcy_sample_quantile(const struct xcy_sample *sample, double q);
/* How many values are at most this. */
int64_t xcy_sample_at_most(const struct xcy_sample *sample, int64_t value);
/* NaN of none; of a sample without censored values. */
double xcy_sample_mean(const struct xcy_sample *sample);

#endif
