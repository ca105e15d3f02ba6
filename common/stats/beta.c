#include "common/stats/beta.h"

#include "common/base/error.h"

#include <float.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdbool.h>

enum { MAX_TERMS = 200000 };

/* Coefficient m >= 1 of the continued fraction, DLMF 8.17.22 and 8.17.23. */
static double coefficient(int m, double x, double a, double b)
{
    int half = m / 2;
    double k = half;
    if (m % 2 == 0) {
        return k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k));
    }
    return -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1));
}

static double away_from_zero(double value)
{
    return fabs(value) < DBL_MIN ? DBL_MIN : value;
}

/* 1 / (1 + d1 / (1 + d2 / (1 + ...))) by Lentz's method as modified by Thompson and Barnett
 * (1986). Near the mean it takes of the order of sqrt(max(a, b)) terms. */
static double fraction(double x, double a, double b)
{
    double c = 1;
    double d = 0;
    double f = 1;
    for (int m = 1; m <= MAX_TERMS; m++) {
        double t = coefficient(m, x, a, b);
        d = 1 / away_from_zero(1 + t * d);
        c = away_from_zero(1 + t / c);
        f *= c * d;
        if (fabs(c * d - 1) < DBL_EPSILON) {
            return 1 / f;
        }
    }
    xcy_bug(__FILE__, __LINE__, "the beta distribution did not converge");
}

/* The side of x on which the fraction converges fast. */
static double lower_tail(double x, double a, double b)
{
    double log_front = a * log(x) + b * log1p(-x) - gsl_sf_lnbeta(a, b) - log(a);
    return exp(log_front) * fraction(x, a, b);
}

/* lower_tail(1 - x, b, a) without losing digits of a small x. */
static double upper_tail(double x, double a, double b)
{
    double log_front = a * log(x) + b * log1p(-x) - gsl_sf_lnbeta(a, b) - log(b);
    return exp(log_front) * fraction(1 - x, b, a);
}

double xcy_beta_below(double x, double a, double b)
{
    xcy_assert(a > 0 && b > 0);
    if (x <= 0 || x >= 1) {
        return x <= 0 ? 0 : 1;
    }
    bool is_low = x < (a + 1) / (a + b + 2);
    return is_low ? lower_tail(x, a, b) : 1 - upper_tail(x, a, b);
}

double xcy_beta_above(double x, double a, double b)
{
    xcy_assert(a > 0 && b > 0);
    if (x <= 0 || x >= 1) {
        return x <= 0 ? 1 : 0;
    }
    bool is_low = x < (a + 1) / (a + b + 2);
    return is_low ? 1 - lower_tail(x, a, b) : upper_tail(x, a, b);
}

/* Bisection: both functions are monotone, and it cannot fail. It ends when no double lies between,
 * which for a small x takes as many steps as its exponent. */
static double bisect(double p, double a, double b, bool is_below)
{
    double low = 0;
    double high = 1;
    for (;;) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high) {
            return high;
        }
        bool is_high =
            is_below ? xcy_beta_below(middle, a, b) > p : xcy_beta_above(middle, a, b) < p;
        if (is_high) {
            high = middle;
        } else {
            low = middle;
        }
    }
}

double xcy_beta_quantile_below(double p, double a, double b)
{
    xcy_assert(p > 0 && p < 1);
    return bisect(p, a, b, true);
}

double xcy_beta_quantile_above(double p, double a, double b)
{
    xcy_assert(p > 0 && p < 1);
    return bisect(p, a, b, false);
}

double xcy_binomial_at_most(int64_t k, int64_t n, double q)
{
    xcy_assert(n >= 0 && q > 0 && q < 1);
    if (k < 0 || k >= n) {
        return k < 0 ? 0 : 1;
    }
    return xcy_beta_above(q, (double)k + 1, (double)(n - k));
}

double xcy_binomial_at_least(int64_t k, int64_t n, double q)
{
    xcy_assert(n >= 0 && q > 0 && q < 1);
    if (k <= 0 || k > n) {
        return k <= 0 ? 1 : 0;
    }
    return xcy_beta_below(q, (double)k, (double)(n - k) + 1);
}
