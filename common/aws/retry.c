#include "common/aws/retry.h"

#include "common/base/random.h"
#include "common/base/stop.h"
#include "common/data/number.h"
#include "common/time/clock.h"

#include <stdlib.h>

enum { MOST_ATTEMPTS = 100, FIRST_PAUSE_MS = 100, LONGEST_PAUSE_S = 5 };

struct xcy_retry xcy_retry_begin(const struct xcy_retry_plan *plan)
{
    return (struct xcy_retry){.plan = *plan};
}

struct xcy_retry_plan xcy_retry_plan_of(int attempts)
{
    return (struct xcy_retry_plan){.attempts = attempts,
                                   .first_ns = FIRST_PAUSE_MS * XCY_NS_PER_MS,
                                   .max_ns = LONGEST_PAUSE_S * XCY_NS_PER_S};
}

static bool may_pass(enum xcy_status status, const struct xcy_error *err)
{
    bool is_remote = status == XCY_EREMOTE && !err->is_lasting;
    return is_remote || status == XCY_ENET || status == XCY_ETIMEOUT;
}

bool xcy_retry_again(struct xcy_retry *retry, enum xcy_status status, const struct xcy_error *err)
{
    if (!may_pass(status, err) || ++retry->failures >= retry->plan.attempts || xcy_stop_asked()) {
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

enum xcy_status xcy_retry_attempts(int *attempts, struct xcy_error *err)
{
    const char *text = getenv("AWS_MAX_ATTEMPTS"); /* NOLINT(concurrency-mt-unsafe) */
    int64_t value = XCY_RETRY_ATTEMPTS;
    bool is_given = text && *text;
    if (is_given &&
        (!xcy_int64_parse(xcy_bytes_of(text), &value) || value < 1 || value > MOST_ATTEMPTS)) {
        return xcy_fail(err, XCY_EUSAGE,
                        "AWS_MAX_ATTEMPTS: '%.40s' is not a whole number from 1 to %d", text,
                        MOST_ATTEMPTS);
    }
    *attempts = (int)value;
    return XCY_OK;
}

enum xcy_status xcy_retry_attempts_few(int *attempts, struct xcy_error *err)
{
    int all = 0;
    enum xcy_status status = xcy_retry_attempts(&all, err);
    if (status == XCY_OK) {
        *attempts = all < XCY_RETRY_FEW ? all : XCY_RETRY_FEW;
    }
    return status;
}
