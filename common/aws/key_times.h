#ifndef XCY_AWS_KEY_TIMES_H
#define XCY_AWS_KEY_TIMES_H

/*
 * key_times.h - when keys that expire are refreshed. Private to common/aws.
 *
 * Clocks:   what is left is the smaller of what both clocks say: the wall clock may be set, and the
 *           monotonic one stands still while the machine sleeps.
 */

#include "common/time/clock.h"

struct xcy_key_times {
    bool expires;
    struct xcy_mono mono_end;
    struct xcy_wall wall_end;
    int64_t lead_ns; /* before the end */
    uint64_t chance; /* of the jitter */
};

/* From now on, until this instant; ns 0: they never expire. */
void xcy_key_times_set(struct xcy_key_times *times, struct xcy_wall end, uint64_t chance);
/* INT64_MAX: they never expire; <= 0: they have. */
int64_t xcy_key_times_left_ns(const struct xcy_key_times *times);
/* Until the next refresh: <= 0: now. Nothing of the kind for keys that never expire. */
int64_t xcy_key_times_wait_ns(const struct xcy_key_times *times);
/* Until the next try after so many failures (at least 1) one after another. */
int64_t xcy_key_times_retry_ns(const struct xcy_key_times *times, unsigned n_failures);

#endif
