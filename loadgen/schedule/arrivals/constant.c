/* constant.c - evenly spaced. */

#include "loadgen/schedule/arrivals/arrival.h"

static long double due_ns(const struct xcy_arrival *a, int64_t slot)
{
    return xcy_arrival_even_ns(a->rate_per_s, (long double)slot);
}

const struct xcy_arrival_kind xcy_arrival_constant = {
    .name = "constant",
    .form = "constant, its rate given apart",
    .parse = xcy_arrival_refuse_argument,
    .due_ns = due_ns,
    .lasts_ns = due_ns,
    .slots_before = xcy_arrival_mean_slots,
    .rate_at = xcy_arrival_mean_rate,
};
