#ifndef XCY_TESTS_UNIT_LOADGEN_TRIAL_H
#define XCY_TESTS_UNIT_LOADGEN_TRIAL_H

/*
 * trial.h - a load as a test sees it: plan and schedule in; sums, rows, marks and seconds out.
 */

#include "common/run/requests.h"
#include "common/run/sent.h"
#include "loadgen/drive/load.h"

#define TRIAL_LONG_NS (60 * XCY_NS_PER_S)

enum { TRIAL_MAX_SECONDS = 64 };

/* A line of series.csv. */
struct trial_second {
    int64_t number;
    bool is_warmup;
    double asked_per_s;
    int64_t sent;
    int64_t ok;
    int64_t failed;
    int64_t skipped;
    int64_t late;
    int64_t retries;
    int64_t in_flight;
};

struct trial {
    struct xcy_schedule_options schedule;
    struct xcy_plan plan; /* its schedule is made from the options, unless there is one */
    const struct xcy_engine *engine;
    struct xcy_target target;
    enum xcy_look (*look)(void *ctx, const struct xcy_view *view);
    void *ctx;
    int64_t begun_ago_ns; /* instant 0 was so long ago when the run begins */
    enum xcy_status expected;

    struct xcy_error err;
    int64_t n_slots;
    struct xcy_sent *sent;
    struct xcy_tally total;
    struct xcy_counts all; /* measured and warm-up */
    struct xcy_requests *rows;
    struct trial_second seconds[TRIAL_MAX_SECONDS];
    size_t n_seconds;
};

/* 40 slots at 1000/s, two workers, nothing given up. */
void trial_init(struct trial *t);
void trial_run(struct trial *t, const char *folder);
void trial_clear(struct trial *t);

/* What holds of every run: a slot's rows are its attempts, numbered from 1; one that was skipped has
 * none; what was sent is marked in sent.bin with the instant of its first attempt that was; the
 * seconds follow each other and add up to the total. */
void trial_assert_sums(const struct trial *t);

#endif
