#ifndef XCY_TESTS_ANALYZERS_SIMULATED_H
#define XCY_TESTS_ANALYZERS_SIMULATED_H

/*
 * simulated.h - runs whose clocks are known: what the processes would have stamped, and when it
 * really happened by the generator's clock.
 *
 * Every stamp of an instance is floored and has its invocation's anchor error; clocks are off by up to
 * 50 ms and drift within (or, asked to, beyond) what is allowed; legs are asymmetric; instances are
 * cold and warm and do one thing at a time; requests are sent again, fail, come twice or late.
 *
 * Units:    microseconds since the run began, unless it is a stamp.
 */

#include "common/run/records.h"
#include "common/stats/stream.h"

enum { SIMULATED_REQUESTS = 48, SIMULATED_INSTANCES = 4, SIMULATED_ID = 32 };

/* theta(t) = offset + drift * (t, or a triangle of this period) + step from step_at on. */
struct simulated_clock {
    char id[SIMULATED_ID];
    double offset_us;
    double drift;
    double period_us; /* 0: always the same rate; else it changes its sign twice in each */
    double step_us;
    double step_at_us;
    double busy_until_us;
};

struct simulated_setting {
    double drift_ppm; /* of the clocks: up to this, some of them exactly this */
    double step_us;   /* of one reader or one writer, somewhere in the middle */
};

struct simulated_run {
    bool is_async;
    struct xcy_record records[SIMULATED_REQUESTS];
    double when_us[SIMULATED_REQUESTS][XCY_N_POINTS];      /* by the generator's clock */
    double theta_us[SIMULATED_REQUESTS][XCY_N_POINTS];     /* of who stamped it, then */
    struct simulated_clock clocks[2][SIMULATED_INSTANCES]; /* writers, readers */
    size_t n_clocks[2];
    const struct simulated_clock *stepped; /* one of them, or NULL */
};

void simulated_make(const struct simulated_setting *setting, struct xcy_stream *stream,
                    struct simulated_run *run);

#endif
