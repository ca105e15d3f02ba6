#include "analyzers/windows/within.h"

#include "common/stats/dkw.h"

#include <math.h>

/* How many windows surely ended within the time, how many may have. */
struct counts {
    int64_t surely;
    int64_t perhaps;
};

static struct counts count(const struct xcy_distribution *d, enum xcy_end low, enum xcy_end high,
                           int64_t at_us)
{
    struct counts c = {
        .surely = xcy_sample_at_most(xcy_distribution_end(d, high), at_us),
        .perhaps = xcy_sample_at_most(xcy_distribution_end(d, low), at_us - 1),
    };
    /* One that began and ended at this instant. */
    c.perhaps = c.perhaps > c.surely ? c.perhaps : c.surely;
    return c;
}

static struct xcy_interval shares(struct counts c, int64_t n)
{
    return (struct xcy_interval){(double)c.surely / (double)n, (double)c.perhaps / (double)n};
}

struct xcy_within xcy_within_at(const struct xcy_distribution *d, int64_t at_us, double confidence)
{
    int64_t n = xcy_distribution_size(d);
    struct counts measured = count(d, XCY_END_LOW, XCY_END_HIGH, at_us);
    struct counts moved = count(d, XCY_END_LEAST, XCY_END_MOST, at_us);
    return (struct xcy_within){
        .polling = shares(measured, n),
        .clocks = shares(moved, n),
        .band = {xcy_dkw_band((size_t)moved.surely, (size_t)n, confidence).low,
                 xcy_dkw_band((size_t)moved.perhaps, (size_t)n, confidence).high},
    };
}

static double last_us(const struct xcy_sample *sample)
{
    for (size_t i = sample->n_steps; i-- > 0;) {
        int64_t value = sample->steps[i].value;
        if (value != XCY_SAMPLE_ABOVE && value != XCY_SAMPLE_BELOW) {
            return (double)value;
        }
    }
    return 0;
}

double xcy_within_last_us(const struct xcy_distribution *d)
{
    double last = 0;
    for (enum xcy_end end = 0; end < XCY_N_ENDS; end++) {
        last = fmax(last, last_us(xcy_distribution_end(d, end)));
    }
    return last;
}
