#include "common/stats/mann_whitney.h"

#include "common/base/mem.h"
#include "common/stats/rank_sum_law.h"
#include "common/stats/rank_sums.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

enum { EXACT_BELOW = 50 };

static struct xcy_ranked *pool(struct xcy_values from, struct xcy_values to)
{
    struct xcy_ranked *items = xcy_alloc_array(from.n + to.n, sizeof *items);
    for (size_t i = 0; i < from.n; i++) {
        items[i] = (struct xcy_ranked){from.at[i], 1, 0};
    }
    for (size_t i = 0; i < to.n; i++) {
        items[from.n + i] = (struct xcy_ranked){to.at[i], 1, 1};
    }
    return items;
}

static double exact_p(double u, size_t n, size_t m)
{
    double smaller = fmin(u, (double)n * (double)m - u);
    return fmin(1, 2 * xcy_rank_sum_at_most((size_t)smaller, n, m));
}

/* With N = n + m: z = (|U - nm/2| - 1/2) / sigma,
 *     sigma^2 = nm/12 (N + 1 - sum(t^3 - t) / (N (N - 1))). */
static double normal_p(double u, double n, double m, double ties)
{
    double all = n + m;
    double variance = n * m / 12 * (all + 1 - ties / (all * (all - 1)));
    double distance = fmax(0, fabs(u - n * m / 2) - 0.5);
    return distance == 0 ? 1 : 2 * gsl_cdf_ugaussian_Q(distance / sqrt(variance));
}

struct xcy_mann_whitney xcy_mann_whitney(struct xcy_values from, struct xcy_values to)
{
    if (from.n == 0 || to.n == 0) {
        return (struct xcy_mann_whitney){.u = 0, .p = 1};
    }
    struct xcy_ranked *items = pool(from, to);
    double sums[2] = {0};
    double ties = xcy_rank_sums(items, from.n + to.n, sums);
    free(items);
    double m = (double)to.n;
    struct xcy_mann_whitney r = {
        .u = sums[1] - m * (m + 1) / 2,
        .is_exact = ties == 0 && from.n < EXACT_BELOW && to.n < EXACT_BELOW,
    };
    r.p = r.is_exact ? exact_p(r.u, from.n, to.n) : normal_p(r.u, (double)from.n, m, ties);
    return r;
}
