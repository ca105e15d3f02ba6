#include "analyzers/delay_check.h"

#include "common/stats/proportion.h"

struct xcy_delay_check xcy_delay_check(const struct xcy_delay_curve *curve, int64_t delay_us,
                                       struct xcy_delay_reads reads, size_t n_points)
{
    xcy_assert(n_points > 0);
    double half = (1 - curve->confidence) / 2;
    struct xcy_delay_curve wider = xcy_delay_curve_with(curve, 1 - half);
    struct xcy_delay_check check = {
        .reads = reads,
        .exact =
            xcy_clopper_pearson(reads.share.events, reads.share.n, 1 - half / (double)n_points),
        .derived = xcy_delay_curve_at(&wider, delay_us).band,
    };
    check.agrees = check.exact.low <= check.derived.high && check.exact.high >= check.derived.low;
    return check;
}

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

void xcy_delay_check_describe(size_t n_points, size_t n_disagreeing, double confidence,
                              const char *what, struct xcy_buf *out)
{
    xcy_assert(n_points > 0 && n_disagreeing <= n_points);
    if (n_disagreeing == 0) {
        xcy_buf_addf(out,
                     "sweep and derived curve agree: the exact interval%s of all %zu %s%s meet%s "
                     "the curve's band, together at %g%%",
                     plural(n_points), n_points, what, plural(n_points), n_points == 1 ? "s" : "",
                     100 * confidence);
    } else {
        xcy_buf_addf(
            out,
            "sweep and derived curve disagree: of %zu %s%s %zu lie%s outside of the "
            "curve's band, which chance explains in less than %g%% of cases; the delay, or "
            "the time between the runs, moved more than the read",
            n_points, what, plural(n_points), n_disagreeing, n_disagreeing == 1 ? "s" : "",
            100 * (1 - confidence));
    }
}

void xcy_delay_check_put(const struct xcy_delay_check *check, struct xcy_json *row)
{
    xcy_json_put_int64(row, "events", check->reads.share.events);
    xcy_json_put_int64(row, "n", check->reads.share.n);
    xcy_delay_reads_put(&check->reads, row);
    xcy_json_put_number(row, "exact_low", check->exact.low);
    xcy_json_put_number(row, "exact_high", check->exact.high);
    xcy_json_put_number(row, "derived_low", check->derived.low);
    xcy_json_put_number(row, "derived_high", check->derived.high);
    xcy_json_put_bool(row, "agrees", check->agrees);
}
