#include "analyzers/delay_check.h"

#include "common/stats/proportion.h"

struct xcy_delay_check xcy_delay_check(const struct xcy_delay_curve *curve, int64_t delay_us,
                                       struct xcy_share share, size_t n_points)
{
    xcy_assert(n_points > 0);
    double half = (1 - curve->confidence) / 2;
    struct xcy_delay_curve wider = xcy_delay_curve_with(curve, 1 - half);
    struct xcy_delay_check check = {
        .share = share,
        .exact = xcy_clopper_pearson(share.events, share.n, 1 - half / (double)n_points),
        .derived = xcy_delay_curve_at(&wider, delay_us).band,
    };
    check.agrees = check.exact.low <= check.derived.high && check.exact.high >= check.derived.low;
    return check;
}
