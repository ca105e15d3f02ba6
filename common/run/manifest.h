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
    struct xcy_combination combination;
    char *endpoint;   /* "aws" for AWS itself */
    char *deployment; /* where it was read from */
    char *queue_name;
    char *writer_function;
    char *reader_function;
    double time_scale; /* of the sandbox, 1 elsewhere */
    bool is_async;
    int64_t planned; /* slots */
    double rate_per_s;
    int64_t threads;
    int64_t started_us;        /* wall: slot 0 is due */
    int64_t ended_us;          /* wall; 0 while running */
    int64_t reader_longest_ms; /* how long a reader may be busy: gather waits at least this */
    char *version;
    char *host;
    char boot_id[XCY_ID_BYTES];

    /* known at the end */
    int64_t sent;
    int64_t outcomes[XCY_N_OUTCOMES]; /* sum = planned */
    int64_t late;                     /* sent more than 1 ms after due */
    double lag_p50_us;                /* sent - due */
    double lag_p99_us;
    double lag_max_us;
    double response_p50_us; /* acked - due, of outcome ok */
    double response_p99_us;
    enum xcy_verdict verdict;
    char *verdict_reason;
};
void xcy_manifest_clear(struct xcy_manifest *m);

enum xcy_status xcy_manifest_write(const struct xcy_manifest *m, const char *run_path,
                                   struct xcy_error *err) XCY_MUST_USE;
enum xcy_status xcy_manifest_read(const char *run_path, struct xcy_manifest *m,
                                  struct xcy_error *err) XCY_MUST_USE;

#endif
