#ifndef XCY_RUN_MANIFEST_H
#define XCY_RUN_MANIFEST_H

/*
 * manifest.h - run.yml: what was asked, what ran, and how the generator itself did.
 * Written when the run begins (state: running) and replaced when it ends.
 *
 * Threads:  plain data.
 */

#include "common/record/combination.h"
#include "common/record/evaluation.h"
#include "common/record/outcome.h"
#include "common/time/clock.h"

enum xcy_run_state { XCY_RUN_RUNNING, XCY_RUN_COMPLETE, XCY_RUN_INTERRUPTED };
enum xcy_verdict {
    XCY_VERDICT_NONE,
    XCY_VERDICT_VALID,
    XCY_VERDICT_GENERATOR_LIMITED,
    XCY_VERDICT_TARGET_LIMITED
};
extern const char *const xcy_run_state_names[];
extern const char *const xcy_verdict_names[];

struct xcy_manifest {
    int64_t format_version;
    char run[XCY_ID_BYTES];
    char *tag;
    enum xcy_run_state state;
    int64_t seed;
    char *engine; /* what made the requests: "lambda" invokes the writer, no other does */
    struct xcy_combination combination;
    char *endpoint;   /* "aws" for AWS itself */
    char *deployment; /* where it was read from */
    char *queue_name;
    char *writer_function;
    char *reader_function;
    double time_scale; /* of the sandbox, 1 elsewhere */
    bool is_async;
    char *arrivals;       /* "constant", "ramp:10..200", "closed:64", a load plan's file */
    int64_t planned;      /* slots, warm-up included; 0 while a closed loop bounded by time runs */
    int64_t warmup_slots; /* the first ones, left out of figures */
    int64_t shard_index;  /* from 0: slot i is slot i * shard_count + shard_index of the whole */
    int64_t shard_count;
    double rate_per_s; /* mean of the schedule; 0: a closed loop */
    double peak_rate_per_s;
    int64_t retries_allowed;
    int64_t threads;
    int64_t started_us;        /* wall: slot 0 is due */
    int64_t ended_us;          /* wall; 0 while running */
    int64_t reader_longest_ms; /* how long a reader may be busy: gather waits at least this */
    int64_t readers_at_a_time; /* invocations of the reader at most; 0: not known */
    char *version;
    char *host;
    char boot_id[XCY_ID_BYTES];
    int64_t
        wall_minus_mono_ns; /* of the generator's anchor, which all its stamps are of; 0: an older
                                   run does not say */

    /* known at the end */
    int64_t sent;
    int64_t outcomes[XCY_N_OUTCOMES];        /* sum = planned - warmup_slots */
    int64_t warmup_outcomes[XCY_N_OUTCOMES]; /* sum = warmup_slots */
    int64_t retries;                         /* attempts beyond the first */
    int64_t late;                            /* sent more than 1 ms after due */
    double start_lag_p99_us;                 /* handed to the engine - due: the generator alone */
    double lag_p50_us;                       /* sent - due */
    double lag_p99_us;
    double lag_max_us;
    double response_p50_us; /* acked - due, of outcome ok */
    double response_p99_us;
    enum xcy_verdict verdict;
    char *verdict_reason;
};
void xcy_manifest_clear(struct xcy_manifest *m);

/* Of a run that has ended: whether every slot has its outcome. */
bool xcy_manifest_adds_up(const struct xcy_manifest *m);
/* False while a closed loop bounded by time runs, and for good when it was killed. */
bool xcy_manifest_knows_planned(const struct xcy_manifest *m);

/* XCY_EUSAGE: the run invoked no function, so that nobody evaluated anything. */
enum xcy_status xcy_manifest_check_invoked(const struct xcy_manifest *m, const char *run_path,
                                           struct xcy_error *err) XCY_MUST_USE;

/* An ended run that does not add up is a bug. */
enum xcy_status xcy_manifest_write(const struct xcy_manifest *m, const char *run_path,
                                   struct xcy_error *err) XCY_MUST_USE;
/* Also of earlier releases: what they did not write is as they did it (constant arrivals, no warm-up,
 * no shards, no retries). XCY_EUSAGE names file, line and key; XCY_EINVALID: a run that ended and does
 * not add up. */
enum xcy_status xcy_manifest_read(const char *run_path, struct xcy_manifest *m,
                                  struct xcy_error *err) XCY_MUST_USE;

#endif
