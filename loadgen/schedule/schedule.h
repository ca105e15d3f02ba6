#ifndef XCY_LOADGEN_SCHEDULE_SCHEDULE_H
#define XCY_LOADGEN_SCHEDULE_SCHEDULE_H

/*
 * schedule.h - when each request is wanted: pure arithmetic, no clock and no sleep.
 *
 * A slot is a planned request, numbered from 0. Its instant depends on its number alone, never on
 * the one before, so nothing adds up: slot 10^9 is as exact as slot 1.
 *
 * Units:    nanoseconds after the start.
 * Accuracy: the nearest nanosecond to slot / rate, for the rate as a double holds it.
 * Threads:  plain data.
 */

#include <stdint.h>

/* How requests arrive. Adding a process is one line in the table of schedule.c. */
enum xcy_arrival { XCY_ARRIVAL_CONSTANT, XCY_N_ARRIVALS };

struct xcy_schedule {
    enum xcy_arrival arrival;
    double rate_per_s;
    int64_t n_slots;
};

/* The longest a schedule may be; a longer one is a bug here and refused by the plan. */
#define XCY_SCHEDULE_MAX_NS (INT64_C(366) * 86400 * 1000000000)

int64_t xcy_schedule_due_ns(const struct xcy_schedule *schedule, int64_t slot);

/* How many slots are due before duration_ns has passed. */
int64_t xcy_schedule_slots_within(enum xcy_arrival arrival, double rate_per_s, int64_t duration_ns);

#endif
