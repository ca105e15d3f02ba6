#include "collectors/retry.h"

#include "common/base/random.h"
#include "common/base/stop.h"
#include "common/time/clock.h"

struct xcy_retry xcy_retry_begin(const struct xcy_retry_plan *plan)
{
    return (struct xcy_retry){.plan = *plan};
}

static bool may_pass(enum xcy_status status)
{
    return status == XCY_ENET || status == XCY_ETIMEOUT || status == XCY_EREMOTE;
}

bool xcy_retry_again(struct xcy_retry *retry, enum xcy_status status)
{
    if (!may_pass(status) || ++retry->failures >= retry->plan.attempts || xcy_stop_asked()) {
        return false;
    }
    int64_t limit_ns = retry->plan.first_ns;
    for (int n = 1; n < retry->failures && limit_ns < retry->plan.max_ns; n++) {
        limit_ns *= 2;
    }
    limit_ns = limit_ns < retry->plan.max_ns ? limit_ns : retry->plan.max_ns;
    if (limit_ns > 0) {
        int64_t pause_ns = (int64_t)(xcy_random_seed() % (uint64_t)limit_ns);
        xcy_sleep_until(xcy_mono_add(xcy_mono_now(), pause_ns), xcy_stop_fd());
    }
    return !xcy_stop_asked();
}
