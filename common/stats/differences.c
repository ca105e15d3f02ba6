#include "common/stats/differences.h"

#include "common/base/error.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Doubles as whole numbers of the same order: then halving between two of them ends after at most
 * 64 steps, whatever their sizes. */
static uint64_t key_of(double value)
{
    const uint64_t sign = UINT64_C(1) << 63;
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    return bits & sign ? ~bits : bits | sign;
}

static double value_of(uint64_t key)
{
    const uint64_t sign = UINT64_C(1) << 63;
    uint64_t bits = key & sign ? key & ~sign : ~key;
    double value = 0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Whether at least k differences are at most the limit. As from[i] grows, more of `to` are near
 * enough above it: one walk over both, at most. */
static bool has_at_most(struct xcy_values from, struct xcy_values to, double limit, uint64_t k)
{
    uint64_t count = 0;
    size_t j = 0;
    for (size_t i = 0; i < from.n && count < k; i++) {
        while (j < to.n && to.at[j] - from.at[i] <= limit) {
            j++;
        }
        count += j;
    }
    return count >= k;
}

double xcy_difference_select(struct xcy_values from, struct xcy_values to, uint64_t k)
{
    xcy_assert(from.n > 0 && to.n > 0 && k >= 1 && k <= (uint64_t)from.n * to.n);
    uint64_t low = key_of(to.at[0] - from.at[from.n - 1]);
    uint64_t high = key_of(to.at[to.n - 1] - from.at[0]);
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (has_at_most(from, to, value_of(middle), k)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return value_of(high) + 0.0; /* no -0 */
}

double xcy_difference_next(struct xcy_values from, struct xcy_values to, uint64_t k, double value)
{
    if (has_at_most(from, to, value, k + 1)) {
        return value;
    }
    double least = INFINITY;
    size_t j = 0;
    for (size_t i = 0; i < from.n; i++) {
        while (j < to.n && to.at[j] - from.at[i] <= value) {
            j++;
        }
        if (j < to.n) {
            least = fmin(least, to.at[j] - from.at[i]);
        }
    }
    return least;
}
