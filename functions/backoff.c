#include "functions/backoff.h"

enum { MIN_PAUSE_NS = 100000 }; /* a poll interval of 0 ms must not become a busy loop */

static int64_t pause_of_ms(int64_t ms)
{
    int64_t ns = ms * XCY_NS_PER_MS;
    return ns > MIN_PAUSE_NS ? ns : MIN_PAUSE_NS;
}

void xcy_backoff_init(struct xcy_backoff *backoff, const struct xcy_environment *environment,
                      struct xcy_mono deadline)
{
    backoff->pause_ns = pause_of_ms(environment->poll_first_ms);
    backoff->max_ns = pause_of_ms(environment->poll_max_ms);
    backoff->deadline = deadline;
}

bool xcy_backoff_wait(struct xcy_backoff *backoff)
{
    struct xcy_mono now = xcy_mono_now();
    if (!xcy_mono_before(now, backoff->deadline)) {
        return false;
    }
    struct xcy_mono next = xcy_mono_add(now, backoff->pause_ns);
    xcy_sleep_until(xcy_mono_before(next, backoff->deadline) ? next : backoff->deadline, -1);
    int64_t grown_ns = backoff->pause_ns + backoff->pause_ns / 2;
    backoff->pause_ns = grown_ns < backoff->max_ns ? grown_ns : backoff->max_ns;
    return true;
}

bool xcy_is_passing_failure(enum xcy_status status)
{
    return status == XCY_ENET || status == XCY_EREMOTE || status == XCY_ETIMEOUT;
}
