#include "tests/support/enumerated.h"

#include <math.h>

static double log_factorial(int64_t n)
{
    int sign;
    return lgamma_r((double)n + 1, &sign);
}

double enumerated_probability(int64_t x, int64_t n, double p)
{
    return exp(log_factorial(n) - log_factorial(x) - log_factorial(n - x) + (double)x * log(p) +
               (double)(n - x) * log1p(-p));
}

void enumerated_intervals(interval_function *interval, int64_t n, double confidence,
                          struct xcy_interval *intervals)
{
    for (int64_t x = 0; x <= n; x++) {
        intervals[x] = interval(x, n, confidence);
    }
}

double enumerated_coverage(const struct xcy_interval *intervals, int64_t n, double p)
{
    double sum = 0;
    for (int64_t x = 0; x <= n; x++) {
        if (intervals[x].low <= p && p <= intervals[x].high) {
            sum += enumerated_probability(x, n, p);
        }
    }
    return sum;
}
