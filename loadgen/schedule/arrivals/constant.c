/* constant.c - evenly spaced. */

#include "loadgen/schedule/arrivals/arrival.h"

static enum xcy_status parse(struct xcy_arrival *a, struct xcy_bytes argument,
                             struct xcy_error *err)
{
    return xcy_arrival_refuse_argument(a, argument, err);
}

static long double due_ns(const struct xcy_arrival *a, int64_t slot)
{
    return xcy_arrival_even_ns(a->rate_per_s, (long double)slot);
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

const struct xcy_arrival_kind xcy_arrival_constant = {
    .name = "constant",
    .form = "constant, its rate given apart",
    .parse = parse,
    .due_ns = due_ns,
    .lasts_ns = due_ns,
    .slots_before = slots_before,
    .rate_at = rate_at,
};
