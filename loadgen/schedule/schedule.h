#ifndef XCY_LOADGEN_SCHEDULE_SCHEDULE_H
#define XCY_LOADGEN_SCHEDULE_SCHEDULE_H

/*
 * schedule.h - when each request is wanted: pure arithmetic, no clock and no sleep.
 *
 * A slot is a planned request, numbered from 0. Slots are walked in order with a cursor (cursor.h).
 * Its instant is a matter of the schedule alone, never of when the one before was sent.
 *
 * A schedule is a list of stages, each with its arrivals and its length; --arrivals makes one stage,
 * --warmup one before it, a load plan (load_plan.h) several. With shards this schedule's slot j is
 * slot j * n + i of the whole one.
 *
 *   constant            evenly spaced at rate_per_s
 *   poisson             independent exponential gaps with mean 1 / rate, seeded
 *   ramp:FROM..TO       the rate goes evenly from FROM to TO per second over the stage; one end may
 *                       be 0
 *   steps:A,B,C[,every=TIME]   constant rates in turn, each for TIME (default: even parts)
 *   sine[:amplitude=SHARE][,period=TIME]   rate x (1 + amplitude x sin(2 pi t / period)); default:
 *                       half of the rate, one period in the stage
 *   burst:SIZE          SIZE at once every SIZE / rate seconds
 *   replay:FILE[,speed=FACTOR]   one time stamp a line, in seconds or as 2026-11-21T10:00:00.5Z; the
 *                       first is instant 0; blank lines and those that begin with # do not count
 *   closed:N            N in flight, the next when one ends: no schedule at all
 *
 * A stage ends with its duration, with its requests, or with its arrivals (steps with every, replay),
 * whichever comes first. What goes over a stage goes over its duration or, without one, over as long
 * as the requests take. A closed loop is a schedule of its own; its N is of all shards.
 *
 * Units:    nanoseconds after the start.
 * Accuracy: the nearest nanosecond to the exact instant after its stage's start, whatever the slot's
 *           number (of ramp, steps and sine as long as number / rate there is below 10^9 s); of
 *           poisson, to the exact sum of the gaps drawn.
 * Threads:  read-only after it is built.
 */

#include "common/base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct xcy_schedule;

struct xcy_schedule_options {
    const char *arrivals;  /* "poisson", "ramp:10..200", …; NULL: constant */
    const char *load_plan; /* path of a YAML file with stages, instead of arrivals; NULL: none */
    double rate_per_s;  /* 0.01..10^6; unused by arrivals with rates of their own, and load plans */
    bool is_rate_given; /* by the user: refused where it is unused */
    int64_t requests;   /* of all shards, without warm-up; 0: as many as fit in the duration */
    int64_t duration_ns; /* without warm-up; 0: as long as the requests take */
    int64_t warmup_ns;   /* at the rate that the schedule begins with, before it */
    int64_t seed;
    int64_t shard_index; /* from 0 */
    int64_t shard_count; /* 0 and 1: no shards */
};

/* Of arrivals that have no end of their own, where neither requests nor duration are given. */
#define XCY_SCHEDULE_DEFAULT_REQUESTS 1000

/* The longest a schedule may be; a longer one is refused. */
#define XCY_SCHEDULE_MAX_NS (INT64_C(366) * 86400 * 1000000000)

/* XCY_EUSAGE names the option, or the file and line, that is wrong and what would be right. Owned by
 * the caller; free with xcy_schedule_free. */
enum xcy_status xcy_schedule_build(const struct xcy_schedule_options *options,
                                   struct xcy_schedule **schedule,
                                   struct xcy_error *err) XCY_MUST_USE;
void xcy_schedule_free(struct xcy_schedule *schedule); /* NULL is allowed */

/* Of this shard, warm-up included. Of a closed loop that is bounded by time alone, or has a warm-up: 0,
 * not known; its warm-up slots are not known either. */
int64_t xcy_schedule_slots(const struct xcy_schedule *s);
int64_t xcy_schedule_warmup_slots(const struct xcy_schedule *s); /* slots below are warm-up */
/* The number of this shard's slot in the whole schedule. */
int64_t xcy_schedule_global_slot(const struct xcy_schedule *s, int64_t slot);

/* Of the whole schedule: its end, warm-up included; every slot is due before. Of a closed loop
 * without duration 0; with both, duration and requests, whichever comes first ends it. */
int64_t xcy_schedule_length_ns(const struct xcy_schedule *s);
int64_t xcy_schedule_warmup_length_ns(const struct xcy_schedule *s);
/* What is asked of this shard, a second: without warm-up; over the busiest second (all of it, if it
 * is shorter); at an instant. Of random arrivals as expected. 0 for a closed loop. */
double xcy_schedule_mean_rate(const struct xcy_schedule *s);
double xcy_schedule_peak_rate(const struct xcy_schedule *s);
double xcy_schedule_rate_at(const struct xcy_schedule *s, int64_t at_ns);
/* In the middle of that second, or of what the schedule lasts of it. */
double xcy_schedule_rate_in_second(const struct xcy_schedule *s, int64_t second);
/* The most slots that are expected within any window of this length: with the time that a request
 * takes, how many there may be at a time. */
double xcy_schedule_most_within(const struct xcy_schedule *s, int64_t window_ns);

int64_t
xcy_schedule_closed_in_flight(const struct xcy_schedule *s); /* this shard's; 0: open loop */
/* After how many requests a closed loop ends, warm-up not counted; this shard's; 0: time alone. */
int64_t xcy_schedule_closed_requests(const struct xcy_schedule *s);
bool xcy_schedule_is_random(const struct xcy_schedule *s); /* the seed matters to it */
/* As in run.yml: "constant", "ramp:10..200", "plan.yml"; borrowed. */
const char *xcy_schedule_text(const struct xcy_schedule *s);

#endif
