#include "common/stats/quantile.h"

#include "common/base/error.h"
#include "common/stats/beta.h"

#include <math.h>
#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

void xcy_sort(double *values, size_t n)
{
    if (n > 1) {
        qsort(values, n, sizeof *values, compare);
    }
}

size_t xcy_quantile_index(size_t n, double q)
{
    xcy_assert(n > 0 && q > 0 && q < 1);
    /* Rounding must not lift a product that is a whole number to the next rank. */
    double product = q * (double)n;
    size_t rank = (size_t)ceil(product - product * 1e-14);
    if (rank < 1) {
        rank = 1;
    }
    return rank <= n ? rank - 1 : n - 1;
}

double xcy_quantile(const double *sorted, size_t n, double q)
{
    return sorted[xcy_quantile_index(n, q)];
}

/* From the nearer end, as NumPy does: then the result has its last digits, too. */
static double between(double a, double b, double part)
{
    if (a == b || part == 0) {
        return a;
    }
    if (isinf(a) || isinf(b)) {
        return isinf(a) ? a : b;
    }
    return part < 0.5 ? a + (b - a) * part : b - (b - a) * (1 - part);
}

double xcy_quantile_linear(const double *sorted, size_t n, double q)
{
    xcy_assert(n > 0 && q >= 0 && q <= 1);
    double place = q * (double)(n - 1);
    size_t index = (size_t)floor(place);
    if (index + 1 >= n) {
        return sorted[n - 1];
    }
    return between(sorted[index], sorted[index + 1], place - (double)index);
}

/* With K = the number of values at or below the quantile, binomial(n, q):
 *     P(x(l) above it) = P(K <= l - 1),   P(x(u) below it) = P(K >= u).
 * Both are monotone in the rank, so that the largest l and the smallest u are found by halving. */
static int64_t lower_rank(int64_t n, double q, double tail)
{
    int64_t good = 0;
    int64_t bad = n + 1;
    while (bad - good > 1) {
        int64_t l = good + (bad - good) / 2;
        if (xcy_binomial_at_most(l - 1, n, q) <= tail) {
            good = l;
        } else {
            bad = l;
        }
    }
    return good;
}

static int64_t upper_rank(int64_t n, double q, double tail)
{
    int64_t bad = 0;
    int64_t good = n + 1;
    while (good - bad > 1) {
        int64_t u = bad + (good - bad) / 2;
        if (xcy_binomial_at_least(u, n, q) <= tail) {
            good = u;
        } else {
            bad = u;
        }
    }
    return good;
}

struct xcy_quantile_interval xcy_quantile_ranks(size_t n, double q, double confidence)
{
    xcy_assert(q > 0 && q < 1 && confidence > 0 && confidence < 1);
    double tail = (1 - confidence) / 2;
    int64_t low = lower_rank((int64_t)n, q, tail);
    int64_t high = upper_rank((int64_t)n, q, tail);
    if (low < 1 || high > (int64_t)n) {
        return (struct xcy_quantile_interval){.exists = false};
    }
    return (struct xcy_quantile_interval){
        .exists = true,
        .low_index = (size_t)low - 1,
        .high_index = (size_t)high - 1,
    };
}
