#include "common/stats/newcombe.h"

#include "common/stats/proportion.h"

#include <math.h>

/* With p the shares and (l, u) their Wilson intervals:
 *     d - sqrt((p2 - l2)^2 + (u1 - p1)^2) .. d + sqrt((u2 - p2)^2 + (p1 - l1)^2),   d = p2 - p1. */
struct xcy_interval xcy_newcombe(struct xcy_share from, struct xcy_share to, double confidence)
{
    struct xcy_interval one = xcy_wilson(from.events, from.n, confidence);
    struct xcy_interval two = xcy_wilson(to.events, to.n, confidence);
    if (from.n == 0 || to.n == 0) {
        return (struct xcy_interval){-1, 1};
    }
    double p1 = xcy_share_value(from);
    double p2 = xcy_share_value(to);
    return (struct xcy_interval){
        .low = p2 - p1 - hypot(p2 - two.low, one.high - p1),
        .high = p2 - p1 + hypot(two.high - p2, p1 - one.low),
    };
}
