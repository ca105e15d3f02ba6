#ifndef XCY_FUNCTIONS_TEST_CLOCK_H
#define XCY_FUNCTIONS_TEST_CLOCK_H

/*
 * test_clock.h - a wall clock that is wrong on purpose: offset, drift and one step, for tests
 * of what is said about clocks. The sandbox gives it to a process in XCY_TEST_CLOCK:
 *
 *   <instance>:<since_ns>:<offset_us>:<drift_ppm>:<step_us>:<step_ns>
 *
 * instance: the id that the process shall have; since and step: instants of the monotonic clock,
 * from which it drifts, and at which it steps (0: never). Only functions know of it, and each
 * says so in its log.
 *
 * Like the machine's own, the clock drifts during an invocation too, and steps only between
 * anchors. All zeros: the machine's own clock.
 *
 * Threads:  read-only once made.
 */

#include "common/base/error.h"
#include "common/time/clock.h"

struct xcy_test_clock {
    char instance[37]; /* "": none was given */
    struct xcy_mono since;
    int64_t offset_us;
    double drift; /* a fraction: ppm / 1e6 */
    int64_t step_us;
    struct xcy_mono step_at; /* 0 ns: never */
};

/* XCY_EUSAGE names the variable. */
enum xcy_status xcy_test_clock_parse(const char *text, struct xcy_test_clock *clock,
                                     struct xcy_error *err) XCY_MUST_USE;

/* What the machine's anchor is by this clock. */
struct xcy_anchor xcy_test_clock_bend(const struct xcy_test_clock *clock, struct xcy_anchor anchor);

#endif
