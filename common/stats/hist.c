#include "common/stats/hist.h"

#include "common/base/mem.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

/*
 * Values below 2^(bits+1) have a bucket each. Above, each octave [2^e, 2^(e+1)) is cut into 2^bits
 * buckets of width w = 2^(e-bits). A value v of that octave is at least 2^e = w * 2^bits, and is
 * reported as the highest value of its bucket, at most w - 1 above it. Hence
 *     reported - v <= w - 1 < w <= v / 2^bits,
 * one part in 2^bits, and never too low.
 */
struct xcy_hist {
    int64_t max_ns;
    int bits;
    size_t n_buckets;
    int64_t count;
    int64_t outside;
    int64_t min;
    int64_t max;
    uint64_t sum_low; /* 128 bits, so that no sum of counts overflows */
    uint64_t sum_high;
    int64_t buckets[];
};

static int log2_floor(uint64_t value)
{
    return 63 - __builtin_clzll(value);
}

static size_t bucket_of(int64_t value, int bits)
{
    uint64_t v = (uint64_t)value;
    int shift = v >> bits ? log2_floor(v) - bits : 0;
    return ((size_t)shift << bits) + (size_t)(v >> shift);
}

static int64_t highest_in(size_t bucket, int bits)
{
    size_t octave = bucket >> bits;
    size_t shift = octave > 0 ? octave - 1 : 0;
    uint64_t step = bucket - (shift << bits);
    return (int64_t)(((step + 1) << shift) - 1);
}

struct xcy_hist *xcy_hist_new(int64_t max_ns, int bits)
{
    xcy_assert(max_ns >= 1 && bits >= 1 && bits <= 16);
    size_t n_buckets = bucket_of(max_ns, bits) + 1;
    struct xcy_hist *h = xcy_alloc(sizeof *h + n_buckets * sizeof h->buckets[0]);
    h->max_ns = max_ns;
    h->bits = bits;
    h->n_buckets = n_buckets;
    return h;
}

void xcy_hist_free(struct xcy_hist *h)
{
    free(h);
}

static void add_to_sum(struct xcy_hist *h, uint64_t low, uint64_t high)
{
    h->sum_low += low;
    h->sum_high += high + (h->sum_low < low ? 1 : 0);
}

static void widen(struct xcy_hist *h, int64_t min, int64_t max)
{
    if (h->count == 0 || min < h->min) {
        h->min = min;
    }
    if (h->count == 0 || max > h->max) {
        h->max = max;
    }
}

bool xcy_hist_add(struct xcy_hist *h, int64_t value_ns)
{
    if (value_ns < 0 || value_ns > h->max_ns) {
        h->outside++;
        return false;
    }
    widen(h, value_ns, value_ns);
    h->count++;
    h->buckets[bucket_of(value_ns, h->bits)]++;
    add_to_sum(h, (uint64_t)value_ns, 0);
    return true;
}

void xcy_hist_merge(struct xcy_hist *into, const struct xcy_hist *from)
{
    xcy_assert(into->max_ns == from->max_ns && into->bits == from->bits);
    into->outside += from->outside;
    if (from->count == 0) {
        return;
    }
    widen(into, from->min, from->max);
    into->count += from->count;
    add_to_sum(into, from->sum_low, from->sum_high);
    for (size_t n = 0; n < into->n_buckets; n++) {
        into->buckets[n] += from->buckets[n];
    }
}

int64_t xcy_hist_count(const struct xcy_hist *h)
{
    return h->count;
}

int64_t xcy_hist_outside(const struct xcy_hist *h)
{
    return h->outside;
}

int64_t xcy_hist_min(const struct xcy_hist *h)
{
    return h->min;
}

int64_t xcy_hist_max(const struct xcy_hist *h)
{
    return h->max;
}

double xcy_hist_mean(const struct xcy_hist *h)
{
    if (h->count == 0) {
        return 0;
    }
    return (ldexp((double)h->sum_high, 64) + (double)h->sum_low) / (double)h->count;
}

int64_t xcy_hist_percentile(const struct xcy_hist *h, double pct)
{
    xcy_assert(pct >= 0 && pct <= 100);
    if (h->count == 0) {
        return 0;
    }
    /* Rounding must not lift a product that is a whole number to the next rank. */
    double rank = pct / 100 * (double)h->count;
    int64_t wanted = (int64_t)ceil(rank - rank * 1e-14);
    int64_t seen = 0;
    for (size_t n = 0; n < h->n_buckets; n++) {
        seen += h->buckets[n];
        if (seen > 0 && seen >= wanted) {
            int64_t value = highest_in(n, h->bits);
            return value < h->max ? value : h->max;
        }
    }
    return h->max;
}
