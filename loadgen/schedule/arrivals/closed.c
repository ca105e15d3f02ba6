/* closed.c - N in flight, the next when one ends: no schedule at all. */

#include "loadgen/schedule/arrivals/arrival.h"

#include "loadgen/schedule/setting.h"

enum { MAX_IN_FLIGHT = 65536 };

static enum xcy_status parse(struct xcy_arrival *a, struct xcy_bytes argument,
                             struct xcy_error *err)
{
    const struct xcy_setting n = {"N", XCY_SETTING_WHOLE, 1, MAX_IN_FLIGHT, &a->in_flight};
    return argument.ptr ? xcy_setting_store(&n, argument, err) : xcy_arrival_fail_form(a, err);
}

const struct xcy_arrival_kind xcy_arrival_closed = {
    .name = "closed",
    .form = "closed:N, such as closed:64",
    .has_own_rates = true,
    .is_closed = true,
    .parse = parse,
};
