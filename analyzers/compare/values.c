#include "analyzers/compare/values.h"

#include "analyzers/compare/undecided.h"
#include "common/base/mem.h"
#include "common/stats/quantile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void xcy_side_values_clear(struct xcy_side_values *values)
{
    xcy_owned_ends_clear(&values->measured);
    xcy_owned_ends_clear(&values->moved);
}

/* As many times as it came, each value. */
static double *expanded(const struct xcy_sample *sample)
{
    int64_t n = xcy_sample_size(sample);
    double *values = xcy_alloc_array((size_t)n, sizeof *values);
    int64_t at = 0;
    for (size_t step = 0; step < sample->n_steps; step++) {
        double value = xcy_sample_at(sample, at);
        while (at < sample->steps[step].up_to) {
            values[at++] = value;
        }
    }
    return values;
}

static struct xcy_owned_ends expanded_ends(const struct xcy_distribution *d, enum xcy_end low,
                                           enum xcy_end high)
{
    const struct xcy_sample *lows = xcy_distribution_end(d, low);
    const struct xcy_sample *highs = xcy_distribution_end(d, high);
    double *values = expanded(lows);
    return (struct xcy_owned_ends){.low = values,
                                   .high = highs == lows ? values : expanded(highs),
                                   .n = (size_t)xcy_distribution_size(d)};
}

struct xcy_side_values xcy_values_of_requests(const struct xcy_distribution *d)
{
    return (struct xcy_side_values){
        .measured = expanded_ends(d, XCY_END_LOW, XCY_END_HIGH),
        .moved = expanded_ends(d, XCY_END_LEAST, XCY_END_MOST),
    };
}

/* What stands for a round, of one of its ends. */
static double value_of(const struct xcy_distribution *d, enum xcy_end end, double quantile)
{
    const struct xcy_sample *sample = xcy_distribution_end(d, end);
    return d->metric->kind == XCY_METRIC_BYTES ? xcy_sample_mean(sample)
                                               : xcy_sample_quantile(sample, quantile);
}

static size_t take_rounds(struct xcy_compared_side side, size_t metric, enum xcy_end end,
                          double quantile, double *values)
{
    size_t n = 0;
    for (size_t i = 0; i < side.n; i++) {
        const struct xcy_distribution *d = &side.runs[i].evidence.distributions[metric];
        if (xcy_distribution_size(d) > 0) {
            values[n++] = value_of(d, end, quantile);
        }
    }
    xcy_sort(values, n);
    return n;
}

/* Two ends that are the same in every round become one array. */
static struct xcy_owned_ends ends_of_rounds(struct xcy_compared_side side, size_t metric,
                                            enum xcy_end low, enum xcy_end high, double quantile)
{
    struct xcy_owned_ends ends = {.low = xcy_alloc_array(side.n, sizeof(double)),
                                  .high = xcy_alloc_array(side.n, sizeof(double))};
    ends.n = take_rounds(side, metric, low, quantile, ends.low);
    take_rounds(side, metric, high, quantile, ends.high);
    if (memcmp(ends.low, ends.high, ends.n * sizeof *ends.low) == 0) {
        free(ends.high);
        ends.high = ends.low;
    }
    return ends;
}

struct xcy_side_values xcy_values_of_rounds(struct xcy_compared_side side, size_t metric,
                                            double quantile)
{
    return (struct xcy_side_values){
        .measured = ends_of_rounds(side, metric, XCY_END_LOW, XCY_END_HIGH, quantile),
        .moved = ends_of_rounds(side, metric, XCY_END_LEAST, XCY_END_MOST, quantile),
    };
}

static struct xcy_share inconsistent_of(const struct xcy_summary *run)
{
    return (struct xcy_share){run->evidence.counts.classes[XCY_CLASS_INCONSISTENT], run->decided};
}

static struct xcy_share undecided_of(const struct xcy_summary *run)
{
    return xcy_undecided_share(&run->evidence.counts);
}

struct xcy_share xcy_share_of_run(enum xcy_contrast_kind kind, const struct xcy_summary *run)
{
    static struct xcy_share (*const shares[XCY_N_KINDS])(const struct xcy_summary *) = {
        [XCY_KIND_INCONSISTENT] = inconsistent_of,
        [XCY_KIND_UNDECIDED] = undecided_of,
    };
    return shares[kind](run);
}

/* NaN: it says nothing. */
static double value_of_run(enum xcy_contrast_kind kind, const struct xcy_summary *run)
{
    if (kind == XCY_KIND_THROUGHPUT) {
        return xcy_counts_throughput_per_s(&run->evidence.counts);
    }
    return xcy_share_value(xcy_share_of_run(kind, run));
}

static struct xcy_owned_ends values_of(struct xcy_compared_side side, enum xcy_contrast_kind kind)
{
    double *values = xcy_alloc_array(side.n, sizeof *values);
    size_t n = 0;
    for (size_t i = 0; i < side.n; i++) {
        double value = value_of_run(kind, &side.runs[i]);
        if (!isnan(value)) {
            values[n++] = value;
        }
    }
    xcy_sort(values, n);
    return (struct xcy_owned_ends){values, values, n};
}

/* No clock moves a share, and both ends of a throughput are the generator's. */
struct xcy_side_values xcy_values_of_runs(struct xcy_compared_side side,
                                          enum xcy_contrast_kind kind)
{
    return (struct xcy_side_values){values_of(side, kind), values_of(side, kind)};
}
