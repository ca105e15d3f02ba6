/* poisson.c - independent exponential gaps with mean 1 / rate; the walk over them is in walk.h. */

#include "loadgen/schedule/arrivals/arrival.h"

const struct xcy_arrival_kind xcy_arrival_poisson = {
    .name = "poisson",
    .form = "poisson, its mean rate given apart",
    .is_random = true,
    .parse = xcy_arrival_refuse_argument,
    .slots_before = xcy_arrival_mean_slots,
    .rate_at = xcy_arrival_mean_rate,
};
