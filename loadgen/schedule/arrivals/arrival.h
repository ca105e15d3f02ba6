#ifndef XCY_LOADGEN_SCHEDULE_ARRIVALS_ARRIVAL_H
#define XCY_LOADGEN_SCHEDULE_ARRIVALS_ARRIVAL_H

/*
 * arrival.h - one arrival process with its parameters: where in its stage each slot is due.
 *
 * With the rate r(t) and its integral L(t), slot i is due at the t with L(t) = i: no rounding is
 * ever carried from one slot to the next.
 *
 * Use inside this folder.
 *
 * Units:    nanoseconds after the stage's start.
 * Memory:   owned by the caller; release with xcy_arrival_clear.
 * Threads:  read-only after it is settled.
 */

#include "common/base/bytes.h"
#include "common/base/error.h"

#include <stdint.h>

/* Of every rate that is asked, a second. */
#define XCY_MIN_RATE 0.01
#define XCY_MAX_RATE 1e6

struct xcy_arrival_kind;

struct xcy_arrival {
    const struct xcy_arrival_kind *kind;
    double rate_per_s; /* unused by those with rates of their own */
    int64_t over_ns;   /* ramp: all of it; steps: one; sine: a period. 0: as the stage is long */
    double from_per_s; /* ramp */
    double to_per_s;
    double amplitude;         /* sine; a share of the rate, 0..1 */
    int64_t burst_size;       /* burst */
    int64_t in_flight;        /* closed */
    double *rates_per_s;      /* steps; owned */
    long double *slots_until; /* steps: expected before each step, and after the last; owned */
    int64_t *stamps_ns;       /* replay; owned */
    size_t n;                 /* of the arrays */
};

struct xcy_arrival_kind {
    const char *name;
    const char *form; /* for messages: "ramp:FROM..TO, such as ramp:10..200" */
    bool has_own_rates;
    bool is_random;
    bool is_closed;

    /* argument: what stands behind the colon, without ptr where there is none. */
    enum xcy_status (*parse)(struct xcy_arrival *a, struct xcy_bytes argument,
                             struct xcy_error *err);
    /* Fits it to a stage of so many requests or that long (0: not given) and returns its own end, 0
     * if it has none. NULL: nothing to fit. */
    int64_t (*settle)(struct xcy_arrival *a, int64_t requests, int64_t duration_ns);

    /* The rest is NULL for a closed loop, due_ns and lasts_ns also for random arrivals. */
    long double (*due_ns)(const struct xcy_arrival *a, int64_t slot); /* INFINITY: never */
    long double (*lasts_ns)(const struct xcy_arrival *a, int64_t n);  /* n slots: to the next one */
    long double (*slots_before)(const struct xcy_arrival *a, long double t_ns); /* expected */
    double (*rate_at)(const struct xcy_arrival *a, int64_t t_ns);
    /* The most slots that are expected within any window of a stage of n slots; NULL: at one of the
     * stage's ends. */
    double (*most_within)(const struct xcy_arrival *a, int64_t n, int64_t length_ns,
                          int64_t window_ns);
};

/* "ramp:10..200"; rate_per_s is for those that have none of their own. */
enum xcy_status xcy_arrival_parse(const char *text, double rate_per_s, struct xcy_arrival *arrival,
                                  struct xcy_error *err) XCY_MUST_USE;
void xcy_arrival_clear(struct xcy_arrival *arrival); /* a zeroed one is allowed */

/* The table's rows, each in a file of its own. */
extern const struct xcy_arrival_kind xcy_arrival_constant;
extern const struct xcy_arrival_kind xcy_arrival_poisson;
extern const struct xcy_arrival_kind xcy_arrival_ramp;
extern const struct xcy_arrival_kind xcy_arrival_steps;
extern const struct xcy_arrival_kind xcy_arrival_sine;
extern const struct xcy_arrival_kind xcy_arrival_burst;
extern const struct xcy_arrival_kind xcy_arrival_replay;
extern const struct xcy_arrival_kind xcy_arrival_closed;

/* For kinds that take no argument. */
enum xcy_status xcy_arrival_refuse_argument(struct xcy_arrival *a, struct xcy_bytes argument,
                                            struct xcy_error *err) XCY_MUST_USE;
/* "a ramp is written ramp:FROM..TO, such as …" */
enum xcy_status xcy_arrival_fail_form(const struct xcy_arrival *a, struct xcy_error *err);

/* The instant, and the expected number before it, at an even rate: what several kinds share. */
long double xcy_arrival_even_ns(double rate_per_s, long double slots);
long double xcy_arrival_even_slots(double rate_per_s, long double t_ns);

/* slots_before and rate_at of those that keep to rate_per_s. */
long double xcy_arrival_mean_slots(const struct xcy_arrival *a, long double t_ns);
double xcy_arrival_mean_rate(const struct xcy_arrival *a, int64_t t_ns);

#endif
