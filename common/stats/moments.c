#include "common/stats/moments.h"

#include <math.h>

/* In two passes: the squares are of distances from the mean, which keeps the digits that a small
 * variance of large values would lose. */
struct xcy_moments xcy_moments_of(struct xcy_values values)
{
    struct xcy_moments m = {NAN, NAN};
    double n = (double)values.n;
    double sum = 0;
    for (size_t i = 0; i < values.n; i++) {
        sum += values.at[i];
    }
    if (values.n >= 1) {
        m.mean = sum / n;
    }
    double squares = 0;
    for (size_t i = 0; i < values.n; i++) {
        squares += (values.at[i] - m.mean) * (values.at[i] - m.mean);
    }
    if (values.n >= 2) {
        m.variance = squares / (n - 1);
    }
    return m;
}
