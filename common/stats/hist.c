#include "common/stats/hist.h"

#include "common/base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* So that no sum of values overflows. */
__extension__ typedef unsigned __int128 wide;

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
    int64_t count;
    int64_t outside;
    int64_t min;
    int64_t max;
    wide sum;
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

static struct xcy_hist_bucket bounds_of(size_t bucket, int bits)
{
    size_t octave = bucket >> bits;
    size_t shift = octave > 0 ? octave - 1 : 0;
    uint64_t step = bucket - (shift << bits);
    return (struct xcy_hist_bucket){.lowest = (int64_t)(step << shift),
                                    .highest = (int64_t)(((step + 1) << shift) - 1)};
}

/* Where the counts begin and end: outside of these every bucket is 0, and most are never touched. */
static size_t first_bucket(const struct xcy_hist *h)
{
    return bucket_of(h->min, h->bits);
}

static size_t end_bucket(const struct xcy_hist *h)
{
    return h->count > 0 ? bucket_of(h->max, h->bits) + 1 : 0;
}

struct xcy_hist *xcy_hist_new(int64_t max_ns, int bits)
{
    xcy_assert(max_ns >= 1 && bits >= 1 && bits <= 16);
    size_t n_buckets = bucket_of(max_ns, bits) + 1;
    struct xcy_hist *h = xcy_alloc(sizeof *h + n_buckets * sizeof h->buckets[0]);
    h->max_ns = max_ns;
    h->bits = bits;
    return h;
}

void xcy_hist_free(struct xcy_hist *h)
{
    free(h);
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
    return xcy_hist_add_count(h, value_ns, 1);
}

bool xcy_hist_add_count(struct xcy_hist *h, int64_t value_ns, int64_t count)
{
    if (value_ns < 0 || value_ns > h->max_ns) {
        h->outside += count;
        return false;
    }
    if (count > 0) {
        widen(h, value_ns, value_ns);
        h->count += count;
        h->buckets[bucket_of(value_ns, h->bits)] += count;
        h->sum += (wide)value_ns * (wide)count;
    }
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
    into->sum += from->sum;
    /* To write a 0 would touch a page for nothing. */
    for (size_t n = first_bucket(from); n < end_bucket(from); n++) {
        if (from->buckets[n] > 0) {
            into->buckets[n] += from->buckets[n];
        }
    }
}

void xcy_hist_reset(struct xcy_hist *h)
{
    for (size_t n = first_bucket(h); n < end_bucket(h); n++) {
        if (h->buckets[n] > 0) {
            h->buckets[n] = 0;
        }
    }
    h->count = 0;
    h->outside = 0;
    h->min = 0;
    h->max = 0;
    h->sum = 0;
}

int64_t xcy_hist_limit(const struct xcy_hist *h)
{
    return h->max_ns;
}

int xcy_hist_bits(const struct xcy_hist *h)
{
    return h->bits;
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
    return (double)h->sum / (double)h->count;
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
    for (size_t n = first_bucket(h); n < end_bucket(h); n++) {
        seen += h->buckets[n];
        if (seen > 0 && seen >= wanted) {
            int64_t value = bounds_of(n, h->bits).highest;
            return value < h->max ? value : h->max;
        }
    }
    return h->max;
}

bool xcy_hist_next(const struct xcy_hist *h, size_t *at, struct xcy_hist_bucket *bucket)
{
    size_t end = end_bucket(h);
    size_t n = *at > 0 ? *at : first_bucket(h);
    while (n < end && h->buckets[n] == 0) {
        n++;
    }
    if (n >= end) {
        return false;
    }
    *bucket = bounds_of(n, h->bits);
    bucket->count = h->buckets[n];
    *at = n + 1;
    return true;
}

static void format_sum(wide sum, char to[XCY_HIST_SUM_BYTES])
{
    char reversed[XCY_HIST_SUM_BYTES];
    size_t n = 0;
    do {
        reversed[n++] = (char)('0' + (int)(sum % 10));
        sum /= 10;
    } while (sum > 0);
    for (size_t i = 0; i < n; i++) {
        to[i] = reversed[n - 1 - i];
    }
    to[n] = '\0';
}

static bool parse_sum(const char text[XCY_HIST_SUM_BYTES], wide *sum)
{
    const wide most = ~(wide)0;
    wide found = 0;
    size_t n = strnlen(text, XCY_HIST_SUM_BYTES);
    for (size_t i = 0; i < n; i++) {
        wide digit = (wide)(text[i] - '0');
        if (digit > 9 || found > (most - digit) / 10) {
            return false;
        }
        found = found * 10 + digit;
    }
    *sum = found;
    return n > 0 && n < XCY_HIST_SUM_BYTES;
}

void xcy_hist_get_facts(const struct xcy_hist *h, struct xcy_hist_facts *facts)
{
    *facts = (struct xcy_hist_facts){.outside = h->outside, .min = h->min, .max = h->max};
    format_sum(h->sum, facts->sum);
}

/* Between the sums of all lowest and of all highest values of the buckets. */
static bool is_possible_sum(const struct xcy_hist *h, wide sum)
{
    wide least = 0;
    wide most = 0;
    struct xcy_hist_bucket bucket;
    for (size_t at = 0; xcy_hist_next(h, &at, &bucket);) {
        least += (wide)bucket.lowest * (wide)bucket.count;
        most += (wide)bucket.highest * (wide)bucket.count;
    }
    return sum >= least && sum <= most;
}

bool xcy_hist_restore_facts(struct xcy_hist *h, const struct xcy_hist_facts *facts)
{
    wide sum = 0;
    if (facts->outside < 0 || facts->min < 0 || facts->max < facts->min || facts->max > h->max_ns ||
        !parse_sum(facts->sum, &sum) || !is_possible_sum(h, sum)) {
        return false;
    }
    bool is_empty = h->count == 0 && facts->max == 0;
    if (!is_empty && (h->count == 0 || bucket_of(facts->min, h->bits) != first_bucket(h) ||
                      bucket_of(facts->max, h->bits) + 1 != end_bucket(h))) {
        return false;
    }
    h->outside = facts->outside;
    h->min = facts->min;
    h->max = facts->max;
    h->sum = sum;
    return true;
}
