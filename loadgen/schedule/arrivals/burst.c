/* burst.c - several at once, then a pause, at the same mean rate. */

#include "loadgen/schedule/arrivals/arrival.h"

#include "loadgen/schedule/setting.h"

#include <math.h>

enum { MAX_BURST = 1000000 };

static enum xcy_status parse(struct xcy_arrival *a, struct xcy_bytes argument,
                             struct xcy_error *err)
{
    const struct xcy_setting size = {"SIZE", XCY_SETTING_WHOLE, 1, MAX_BURST, &a->burst_size};
    return argument.ptr ? xcy_setting_store(&size, argument, err) : xcy_arrival_fail_form(a, err);
}

static long double due_ns(const struct xcy_arrival *a, int64_t slot)
{
    return xcy_arrival_even_ns(a->rate_per_s, (long double)(slot - slot % a->burst_size));
}

static long double lasts_ns(const struct xcy_arrival *a, int64_t n)
{
    return xcy_arrival_even_ns(a->rate_per_s, (long double)n);
}

static double most_within(const struct xcy_arrival *a, int64_t n, int64_t length_ns,
                          int64_t window_ns)
{
    (void)length_ns;
    long double period_ns = lasts_ns(a, a->burst_size);
    long double bursts = ceill((long double)window_ns / period_ns);
    return (double)fminl(bursts * (long double)a->burst_size, (long double)n);
}

const struct xcy_arrival_kind xcy_arrival_burst = {
    .name = "burst",
    .form = "burst:SIZE, such as burst:50",
    .parse = parse,
    .due_ns = due_ns,
    .lasts_ns = lasts_ns,
    .slots_before = xcy_arrival_mean_slots,
    .rate_at = xcy_arrival_mean_rate,
    .most_within = most_within,
};
