#include "common/stats/hgrm.h"

#include <inttypes.h>
#include <math.h>

enum { TICKS = 5 }; /* lines for each halving of the distance to 100 % */

/*
 * The levels that are shown: in the n-th halving of what is left above, TICKS of them, evenly. With
 * `left` the share of counts above a level,
 *     left = 2^-n * (2 * TICKS - tick) / (2 * TICKS),   tick = 0 .. TICKS - 1,
 * which a double holds exactly but for the last division; HdrHistogram adds up steps instead, and so
 * gathers rounding.
 */
struct level {
    int halvings;
    int tick;
};

static double left_above(struct level level)
{
    return ldexp((double)(2 * TICKS - level.tick) / (2 * TICKS), -level.halvings);
}

/* Whether so many of all are at or above the level: multiplied out, so that no rounding decides. */
static bool is_reached(struct level level, int64_t seen, int64_t all)
{
    double left = ldexp((double)(all - seen) * (2 * TICKS), level.halvings);
    return left <= (double)all * (2 * TICKS - level.tick);
}

static void advance(struct level *level)
{
    level->tick++;
    if (level->tick == TICKS) {
        level->tick = 0;
        level->halvings++;
    }
}

static double deviation(const struct xcy_hist *h)
{
    double mean = xcy_hist_mean(h);
    double squares = 0;
    struct xcy_hist_bucket bucket;
    for (size_t at = 0; xcy_hist_next(h, &at, &bucket);) {
        double middle = (double)bucket.lowest + (double)(bucket.highest - bucket.lowest) / 2;
        squares += (middle - mean) * (middle - mean) * (double)bucket.count;
    }
    return xcy_hist_count(h) > 0 ? sqrt(squares / (double)xcy_hist_count(h)) : 0;
}

/* HdrHistogram's names for it: the first of its buckets has all sub-buckets, each further one doubles
 * the range. */
static int count_doublings(const struct xcy_hist *h)
{
    int n = 1;
    for (int64_t most = xcy_hist_limit(h) >> (xcy_hist_bits(h) + 1); most > 0; most >>= 1) {
        n++;
    }
    return n;
}

static void add_levels(const struct xcy_hist *h, double unit, struct xcy_buf *out)
{
    struct level level = {0};
    struct xcy_hist_bucket bucket;
    int64_t all = xcy_hist_count(h);
    int64_t seen = 0;
    for (size_t at = 0; xcy_hist_next(h, &at, &bucket);) {
        int64_t value = bucket.highest < xcy_hist_max(h) ? bucket.highest : xcy_hist_max(h);
        seen += bucket.count;
        while (is_reached(level, seen, all)) {
            double left = left_above(level);
            xcy_buf_addf(out, "%12.6f %12f %12" PRId64 " %12.2f\n", (double)value / unit, 1 - left,
                         seen, 1 / left);
            advance(&level);
            if (seen == all) {
                break;
            }
        }
    }
    if (all > 0) {
        xcy_buf_addf(out, "%12.6f %12f %12" PRId64 " %12s\n", (double)xcy_hist_max(h) / unit, 1.0,
                     all, "inf");
    }
}

void xcy_hgrm_format(const struct xcy_hist *h, int64_t unit_ns, struct xcy_buf *out)
{
    double unit = (double)unit_ns;
    xcy_buf_addf(out, "%12s %12s %12s %12s\n\n", "Value", "Percentile", "TotalCount",
                 "1/(1-Percentile)");
    add_levels(h, unit, out);
    xcy_buf_addf(out, "#[Mean    = %12.6f, StdDeviation   = %12.6f]\n", xcy_hist_mean(h) / unit,
                 deviation(h) / unit);
    xcy_buf_addf(out, "#[Max     = %12.6f, Total count    = %12" PRId64 "]\n",
                 (double)xcy_hist_max(h) / unit, xcy_hist_count(h));
    xcy_buf_addf(out, "#[Buckets = %12d, SubBuckets     = %12d]\n", count_doublings(h),
                 1 << (xcy_hist_bits(h) + 1));
}
