#ifndef XCY_LOADGEN_PLAN_PLAN_H
#define XCY_LOADGEN_PLAN_PLAN_H

/*
 * plan.h - what a run is to do, once every default is resolved and every contradiction refused.
 *
 * Units:    in the names.
 * Memory:   the plan owns its schedule; release with xcy_plan_clear.
 * Threads:  plain data, read-only after xcy_plan_resolve.
 */

#include "common/deployment/deployment.h"
#include "common/record/evaluation.h"
#include "common/time/clock.h"
#include "loadgen/schedule/schedule.h"

/* What happens to a slot whose turn comes more than late_after after it was due. */
enum xcy_late { XCY_LATE_SEND, XCY_LATE_SKIP };
extern const char *const xcy_late_names[]; /* NULL-terminated */

/* As on the command line; 0 (NULL) means "not given" where no default is named. */
struct xcy_plan_options {
    int64_t requests; /* 1000 without duration_ns, of the arrivals that have no end of their own */
    double rate_per_s;
    bool is_rate_given; /* by the user: refused where arrivals have rates of their own */
    int64_t duration_ns;
    const char *arrivals;
    const char *load_plan;
    int64_t warmup_ns;
    const char *start_at; /* 2026-11-21T10:00:00Z or seconds since 1970 */
    const char *shard;    /* "2/3", from 1 */
    bool is_async;
    int64_t threads; /* 0: as the machine has cpus, at most 2 */
    int64_t seed;    /* 0: a new one */
    int64_t connect_timeout_ms;
    int64_t first_byte_timeout_ms; /* 0: none but the total one */
    int64_t total_timeout_ms;      /* 0: the writer's own limit and 3 s */
    int64_t grace_ns;
    int64_t max_in_flight; /* 0: 4096, or what the descriptors allow */
    int late;              /* enum xcy_late */
    int64_t late_after_ns;
    int64_t retries;
    int64_t retry_delay_ns;
    int64_t lag_bound_ms;
    double skip_bound_percent;
    bool wants_realtime;
};

struct xcy_plan {
    char run[XCY_ID_BYTES]; /* unique, in every payload */
    int64_t seed;
    struct xcy_schedule *schedule;
    struct xcy_wall start_at; /* {0}: at once */
    int64_t shard_index;      /* from 0 */
    int64_t shard_count;      /* 1: no shards */
    bool is_async;
    int64_t threads;
    int64_t max_in_flight; /* of all workers together; of a closed loop its number */
    int64_t connect_timeout_ns;
    int64_t first_byte_timeout_ns; /* 0: none */
    int64_t total_timeout_ns;
    enum xcy_late late;
    int64_t late_after_ns;
    int64_t retries;        /* attempts beyond the first, of failures that a later one may mend */
    int64_t retry_delay_ns; /* before the first one; doubled each time, with jitter */
    bool is_realtime;       /* workers ask for real-time priority */
    int64_t grace_ns;       /* waited for what is in flight after the last slot, or Ctrl-C */
    int64_t lag_bound_ns;   /* a p99 above it: the generator could not keep up */
    double skip_bound;      /* a larger share of slots skipped for lateness: likewise; 0..1 */
};

/* n_descriptors: how many this process may have open. XCY_EUSAGE names the option that is wrong. */
enum xcy_status xcy_plan_resolve(const struct xcy_plan_options *options,
                                 const struct xcy_deployment *deployment, int64_t n_descriptors,
                                 struct xcy_plan *plan, struct xcy_error *err) XCY_MUST_USE;
void xcy_plan_clear(struct xcy_plan *plan); /* a zeroed one is allowed */

/* Refuses (XCY_EUSAGE, with the numbers and what to change) a plan whose readers, if each is busy
 * for as long as it may be, would be more at a time than their concurrency limit. Over a stream or
 * a queue nothing is refused: notifications wait there instead. */
enum xcy_status xcy_plan_check_capacity(const struct xcy_plan *plan,
                                        const struct xcy_deployment *deployment,
                                        const struct xcy_combination *combination,
                                        struct xcy_error *err) XCY_MUST_USE;

/* Of a plan whose notifications may have to wait in a stream or a queue, if each reader is busy for
 * as long as it may be: a line that says so, with the ceiling; owned by the caller. Else NULL. */
char *xcy_plan_waiting_line(const struct xcy_plan *plan, const struct xcy_deployment *deployment,
                            const struct xcy_combination *combination);

#endif
