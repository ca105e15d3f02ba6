#ifndef XCY_AWS_RETRY_H
#define XCY_AWS_RETRY_H

/*
 * retry.h - our own calls again after a failure that may pass: exponential pauses with full
 * jitter. Never used for what is measured.
 *
 * Use:  struct xcy_retry retry = xcy_retry_begin(&plan);
 *       do { status = call(…, &err); } while (xcy_retry_again(&retry, status, &err));
 */

#include "common/base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct xcy_retry_plan {
    int attempts; /* in all */
    /* pause after the first failure is drawn from 0..first_ns, then 0..2 first… */
    int64_t first_ns;
    int64_t max_ns;
};

struct xcy_retry {
    struct xcy_retry_plan plan;
    int failures;
};

struct xcy_retry xcy_retry_begin(const struct xcy_retry_plan *plan);

/* Whether to call again: the failure may pass (network, timeout, an error of the peer that is not of the
 * lasting kind), attempts are left and no stop was asked. Pauses before it says yes. err is looked at
 * unless the status is XCY_OK. */
bool xcy_retry_again(struct xcy_retry *retry, enum xcy_status status, const struct xcy_error *err);

/* The pauses of our own calls: up to 100 ms, 200 ms, 400 ms, ... 5 s. */
struct xcy_retry_plan xcy_retry_plan_of(int attempts);

/* How often a call is made at most, the first time included: AWS_MAX_ATTEMPTS, as for other tools of AWS.
 * Without it, or empty: XCY_RETRY_ATTEMPTS. XCY_EUSAGE: not a whole number from 1 to 100. */
enum { XCY_RETRY_ATTEMPTS = 8, XCY_RETRY_FEW = 3 };
enum xcy_status xcy_retry_attempts(int *attempts, struct xcy_error *err) XCY_MUST_USE;
/* The same, XCY_RETRY_FEW at most: for calls before there is anything to lose, where a wrong address is
 * to be told soon. */
enum xcy_status xcy_retry_attempts_few(int *attempts, struct xcy_error *err) XCY_MUST_USE;

#endif
