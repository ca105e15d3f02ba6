#include "loadgen/schedule/schedule.h"

#include "common/base/error.h"

#include <math.h>

typedef int64_t due_fn(double rate_per_s, int64_t slot);

/* slot x 10^9 is exact in a long double's 64 bits, so that the only rounding is that of the
 * division, far below the nanosecond it is rounded to. */
static int64_t due_constant(double rate_per_s, int64_t slot)
{
    return (int64_t)llroundl((long double)slot * 1e9L / (long double)rate_per_s);
}

static due_fn *const arrivals[XCY_N_ARRIVALS] = {
    [XCY_ARRIVAL_CONSTANT] = due_constant,
};

int64_t xcy_schedule_due_ns(const struct xcy_schedule *schedule, int64_t slot)
{
    xcy_assert(slot >= 0);
    int64_t due_ns = arrivals[schedule->arrival](schedule->rate_per_s, slot);
    xcy_assert(due_ns >= 0 && due_ns <= XCY_SCHEDULE_MAX_NS);
    return due_ns;
}

/* The quotient is a guess that may be off by one where the rate has no exact double; the instants
 * themselves decide. */
int64_t xcy_schedule_slots_within(enum xcy_arrival arrival, double rate_per_s, int64_t duration_ns)
{
    int64_t n = (int64_t)ceill((long double)duration_ns * (long double)rate_per_s / 1e9L);
    while (n > 0 && arrivals[arrival](rate_per_s, n - 1) >= duration_ns) {
        n--;
    }
    while (arrivals[arrival](rate_per_s, n) < duration_ns) {
        n++;
    }
    return n;
}
