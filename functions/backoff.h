#ifndef XCY_FUNCTIONS_BACKOFF_H
#define XCY_FUNCTIONS_BACKOFF_H

/*
 * backoff.h - the pauses between polls: they grow by half up to a maximum and end at a deadline.
 *
 * Threads:  one owner.
 */

#include "common/deployment/environment.h"
#include "common/time/clock.h"

struct xcy_backoff {
    int64_t pause_ns; /* the next one */
    int64_t max_ns;
    struct xcy_mono deadline;
};

void xcy_backoff_init(struct xcy_backoff *backoff, const struct xcy_environment *environment,
                      struct xcy_mono deadline);

/* Sleeps the next pause, cut at the deadline, so that the last poll stands right at it. False, at
 * once, when the deadline has passed. */
bool xcy_backoff_wait(struct xcy_backoff *backoff);

/* Whether a failed probe may succeed when tried again: the network, or a store's own trouble. */
bool xcy_is_passing_failure(enum xcy_status status);

#endif
