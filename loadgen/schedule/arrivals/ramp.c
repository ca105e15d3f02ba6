/* ramp.c - the rate goes evenly from FROM to TO over the stage. */

#include "loadgen/schedule/arrivals/arrival.h"
#include "loadgen/schedule/setting.h"

#include <math.h>

/* One end may be 0. */
static enum xcy_status parse(struct xcy_arrival *a, struct xcy_bytes argument,
                             struct xcy_error *err)
{
    const char *dots = NULL;
    for (size_t i = 0; i + 1 < argument.len && !dots; i++) {
        dots = argument.ptr[i] == '.' && argument.ptr[i + 1] == '.' ? argument.ptr + i : NULL;
    }
    if (!dots) {
        return xcy_arrival_fail_form(a, err);
    }
    size_t n = (size_t)(dots - argument.ptr);
    const struct xcy_setting from = {"FROM", XCY_SETTING_NUMBER, 0, XCY_MAX_RATE, &a->from_per_s};
    const struct xcy_setting to = {"TO", XCY_SETTING_NUMBER, 0, XCY_MAX_RATE, &a->to_per_s};
    enum xcy_status status = xcy_setting_store(&from, xcy_bytes(argument.ptr, n), err);
    if (status == XCY_OK) {
        status = xcy_setting_store(&to, xcy_bytes(dots + 2, argument.len - n - 2), err);
    }
    if (status == XCY_OK && fmax(a->from_per_s, a->to_per_s) < XCY_MIN_RATE) {
        return xcy_fail(err, XCY_EUSAGE, "one end of a ramp must be at least %g", XCY_MIN_RATE);
    }
    return status;
}

/* Without a time of its own it takes as long as the requests do at the mean of both rates. */
static int64_t settle(struct xcy_arrival *a, int64_t requests, int64_t duration_ns)
{
    double mean_per_s = (a->from_per_s + a->to_per_s) / 2;
    a->over_ns = duration_ns;
    if (duration_ns == 0) {
        a->over_ns =
            (int64_t)llroundl(fminl(xcy_arrival_even_ns(mean_per_s, (long double)requests), 9e18L));
    }
    return a->over_ns;
}

/* L(t) = from t + slope t^2 / 2. Of the two ways to write the root of L(t) = i this one has no
 * difference of near numbers where the ramp is flat. */
static long double due_ns(const struct xcy_arrival *a, int64_t slot)
{
    long double from = (long double)a->from_per_s;
    long double over_s = (long double)a->over_ns / 1e9L;
    long double slope = ((long double)a->to_per_s - from) / over_s;
    long double square = from * from + 2 * slope * (long double)slot;
    if (slot == 0) {
        return 0;
    }
    if (square < 0) {
        return INFINITY; /* the rate is down to 0 before so many */
    }
    return 2e9L * (long double)slot / (from + sqrtl(square));
}

static long double slots_before(const struct xcy_arrival *a, long double t_ns)
{
    long double from = (long double)a->from_per_s;
    long double share = t_ns / (long double)a->over_ns;
    long double to = from + ((long double)a->to_per_s - from) * share;
    return xcy_arrival_even_slots(1, t_ns) * (from + to) / 2;
}

static double rate_at(const struct xcy_arrival *a, int64_t t_ns)
{
    double share = (double)t_ns / (double)a->over_ns;
    return a->from_per_s + (a->to_per_s - a->from_per_s) * share;
}

const struct xcy_arrival_kind xcy_arrival_ramp = {
    .name = "ramp",
    .form = "ramp:FROM..TO, such as ramp:10..200",
    .has_own_rates = true,
    .parse = parse,
    .settle = settle,
    .due_ns = due_ns,
    .lasts_ns = due_ns,
    .slots_before = slots_before,
    .rate_at = rate_at,
};
