#ifndef XCY_COLLECTORS_RETRY_H
#define XCY_COLLECTORS_RETRY_H

/*
 * retry.h - our own calls again after a failure that may pass: exponential pauses with full
 * jitter. Never used for what is measured.
 *
 * Use:  struct xcy_retry retry = xcy_retry_begin(&plan);
 *       do { status = call(…); } while (xcy_retry_again(&retry, status));
 */

#include "common/base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct xcy_retry_plan {
    int attempts; /* in all */
    int64_t
        first_ns; /* pause after the first failure is drawn from 0..first_ns, then 0..2 first… */
    int64_t max_ns;
};

struct xcy_retry {
    struct xcy_retry_plan plan;
    int failures;
};

struct xcy_retry xcy_retry_begin(const struct xcy_retry_plan *plan);

/* Whether to call again: the status is of a failure that may pass (network, timeout, an error of
 * the peer), attempts are left and no stop was asked. Pauses before it says yes. */
bool xcy_retry_again(struct xcy_retry *retry, enum xcy_status status);

#endif
