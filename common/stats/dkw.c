#include "common/stats/dkw.h"

#include "common/base/error.h"

#include <math.h>

double xcy_dkw_epsilon(size_t n, double confidence)
{
    xcy_assert(confidence > 0 && confidence < 1);
    return n == 0 ? 1 : fmin(1, sqrt(log(2 / (1 - confidence)) / (2 * (double)n)));
}

struct xcy_interval xcy_dkw_band(size_t count, size_t n, double confidence)
{
    xcy_assert(count <= n);
    double share = n == 0 ? 0 : (double)count / (double)n;
    double epsilon = xcy_dkw_epsilon(n, confidence);
    return (struct xcy_interval){fmax(0, share - epsilon), fmin(1, share + epsilon)};
}
