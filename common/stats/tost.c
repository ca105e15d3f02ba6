#include "common/stats/tost.h"

#include "common/base/error.h"
#include "common/stats/welch.h"

#include <math.h>
#include <stddef.h>

const char *const xcy_tost_verdict_names[] = {"undecided", "equivalent", "different", NULL};

enum xcy_tost_verdict xcy_tost_verdict_of(struct xcy_interval log_ratio, double margin)
{
    xcy_assert(margin > 0 && log_ratio.low <= log_ratio.high);
    double limit = log1p(margin);
    if (log_ratio.low >= -limit && log_ratio.high <= limit) {
        return XCY_TOST_EQUIVALENT;
    }
    bool is_beyond = log_ratio.low > limit || log_ratio.high < -limit;
    return is_beyond ? XCY_TOST_DIFFERENT : XCY_TOST_UNDECIDED;
}

struct xcy_tost xcy_tost_welch(struct xcy_values log_from, struct xcy_values log_to, double margin,
                               double alpha)
{
    xcy_assert(alpha > 0 && alpha < 0.5);
    struct xcy_welch w = xcy_welch(log_from, log_to, 1 - 2 * alpha);
    double limit = log1p(margin);
    return (struct xcy_tost){
        .log_ratio = w.interval,
        .p = w.exists ? fmax(xcy_welch_above(&w, -limit), 1 - xcy_welch_above(&w, limit)) : 1,
        .verdict = xcy_tost_verdict_of(w.interval, margin),
    };
}
