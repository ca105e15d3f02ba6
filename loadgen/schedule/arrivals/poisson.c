/* poisson.c - independent exponential gaps with mean 1 / rate; the walk over them is in walk.h. */

#include "loadgen/schedule/arrivals/arrival.h"

static enum xcy_status parse(struct xcy_arrival *a, struct xcy_bytes argument,
                             struct xcy_error *err)
{
    return xcy_arrival_refuse_argument(a, argument, err);
}

static long double slots_before(const struct xcy_arrival *a, long double t_ns)
{
    return xcy_arrival_even_slots(a->rate_per_s, t_ns);
}

static double rate_at(const struct xcy_arrival *a, int64_t t_ns)
{
    (void)t_ns;
    return a->rate_per_s;
}

const struct xcy_arrival_kind xcy_arrival_poisson = {
    .name = "poisson",
    .form = "poisson, its mean rate given apart",
    .is_random = true,
    .parse = parse,
    .slots_before = slots_before,
    .rate_at = rate_at,
};
