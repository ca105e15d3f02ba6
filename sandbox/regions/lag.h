#ifndef XCY_SANDBOX_REGIONS_LAG_H
#define XCY_SANDBOX_REGIONS_LAG_H

/*
 * lag.h - draws delays from a configured model, seeded, scaled by time_scale.
 *
 * Threads:  safe (a lock around the random stream).
 */

#include "common/deployment/delay.h"

#include <stdbool.h>
#include <stdint.h>

struct xcy_lag;

/* purpose names the random stream, e.g. "dynamo replication". */
enum xcy_status xcy_lag_new(const struct xcy_delay *delay, double time_scale, uint64_t seed,
                            const char *purpose, struct xcy_lag **lag,
                            struct xcy_error *err) XCY_MUST_USE;
void xcy_lag_free(struct xcy_lag *lag);

bool xcy_lag_is_gate(const struct xcy_lag *lag);
int64_t xcy_lag_draw_ns(struct xcy_lag *lag); /* >= 0; 0 for a gate */

#endif
